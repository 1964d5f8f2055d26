"""Going back after a divergence: to weights that were good, not to any that were merely finite."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest

import engine
from engine.training.last_good import LastGood
from engine.training.trainer import Trainer

NAMES = engine.load_sample("names")
# With a rate of 10 every step multiplies all weights by −9, so the loss is lost long before it is no longer finite.
LOST = {"optimizer": "adamw", "weight_decay": 1.0, "clip_norm": 0.0, "epochs": 100, "batch_size": 512}


def trainer_of(learning_rate: float) -> Trainer:
    model = engine.build_model(engine.ModelConfig(hidden_size=8), NAMES, seed=0)
    return Trainer(model, NAMES, engine.TrainingConfig(learning_rate=learning_rate, **LOST))  # type: ignore[arg-type]


def loss_of(trainer: Trainer) -> float:
    with np.errstate(all="ignore"):
        return engine.evaluate(trainer.model, NAMES.train).loss


def diverged(trainer: Trainer) -> Trainer:
    """Train on until loss or gradient is no longer finite."""
    with np.errstate(all="ignore"):
        assert list(trainer)[-1].diverged
    return trainer


def test_it_finds_weights_about_as_good_as_they_have_been() -> None:
    trainer = trainer_of(0.003)
    first = loss_of(trainer)
    for _ in range(60):
        next(trainer)
    before = loss_of(trainer)
    assert before < 0.9 * first
    trainer.change(learning_rate=10.0)
    assert not loss_of(diverged(trainer)) < 100
    trainer.change(learning_rate=0.003)
    trainer.go_back()
    assert loss_of(trainer) < 1.1 * before
    assert math.isfinite(next(trainer).loss)


def test_validated_weights_that_were_lost_already_are_no_place_to_go_back_to() -> None:
    trainer = trainer_of(10.0)
    first = loss_of(trainer)
    assert trainer.steps_per_epoch < 20
    diverged(trainer)
    assert trainer.best is not None
    assert trainer.best.loss > 1000
    trainer.go_back()
    assert loss_of(trainer) == pytest.approx(first)


def test_a_run_that_was_saved_when_it_was_lost_goes_back_to_its_best_weights(tmp_path: Path) -> None:
    trainer = trainer_of(0.003)
    for _ in range(3 * trainer.steps_per_epoch):
        next(trainer)
    before = loss_of(trainer)
    trainer.change(learning_rate=10.0)
    with np.errstate(all="ignore"):
        for _ in range(8):
            assert not next(trainer).diverged
    assert loss_of(trainer) > 1000
    engine.save_run(tmp_path / "run", trainer)
    again = engine.load_run(tmp_path / "run", NAMES)
    again.go_back()
    assert loss_of(again) < 1.1 * before


@pytest.mark.parametrize(("losses", "step"), [
    ([2.0] * 100, 80),
    ([2.0] * 50 + [1.0] * 10 + [3e35] * 40, 40),
    ([2.0] * 50 + [3.0] * 50, 40),
    ([2.0] * 50 + [2.2] * 50, 80),
    ([2.0] * 45 + [9.0] + [2.0] * 54, 85),
])  # fmt: skip
def test_weights_are_good_while_the_smoothed_loss_is_near_its_lowest(losses: list[float], step: int) -> None:
    good = LastGood(np.zeros(1, np.float32))
    for k, loss in enumerate(losses):
        good.take(loss, k, np.full(1, k, np.float32))
    assert good.weights[0] == good.step
    assert abs(good.step - step) <= 19
    assert losses[good.step] <= 1.2 * min(losses)
