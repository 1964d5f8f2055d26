"""How long a run is: epochs, patience, plateaus, divergence and time budgets."""

from __future__ import annotations

import itertools
import math
from dataclasses import replace

import numpy as np
import pytest

from engine.config import ModelConfig, TrainingConfig
from engine.data.dataset import make_dataset
from engine.models import build_model
from engine.training.evaluation import evaluate
from engine.training.trainer import Trainer
from tests.engine.small import Case, small_training, trainer_of


def test_more_epochs_go_on_as_if_they_had_been_there_from_the_start() -> None:
    longer, raised = trainer_of(epochs=4), trainer_of(epochs=2)
    whole, first = list(longer), list(raised)
    raised.change(epochs=4)
    assert raised.steps_total == longer.steps_total
    np.testing.assert_array_equal([u.loss for u in (*first, *raised)], [u.loss for u in whole])
    np.testing.assert_array_equal(raised.model.parameters.flat, longer.model.parameters.flat)


def test_the_schedule_follows_the_new_number_of_epochs() -> None:
    trainer = trainer_of(epochs=2, schedule="cosine", learning_rate=0.01)
    list(trainer)
    assert trainer.learning_rate() == pytest.approx(0, abs=1e-9)
    trainer.change(epochs=5)
    share = trainer.step / (trainer.steps_total - 1)
    assert trainer.learning_rate() == pytest.approx(0.01 * (1 + math.cos(math.pi * share)) / 2)


def test_fewer_epochs_than_were_made_end_the_training_at_the_next_step() -> None:
    trainer = trainer_of(epochs=3)
    for _ in range(trainer.steps_per_epoch + 1):
        next(trainer)
    trainer.change(epochs=1)
    assert list(trainer) == []
    assert trainer.finished


def test_a_training_that_stopped_early_gets_new_patience_with_more_epochs() -> None:
    trainer = trainer_of(epochs=60, learning_rate=3.0, clip_norm=0.0, optimizer="sgd", patience=1)
    while not trainer.finished:
        next(trainer, None)
    stopped = trainer.step
    trainer.change(epochs=61)
    for _ in range(trainer.steps_per_epoch):
        next(trainer)
    assert trainer.step == stopped + trainer.steps_per_epoch


def unlearnable() -> Trainer:
    """What the training rows say, the validation rows contradict: the first validation is the best."""
    rows = [(word, "xy"[k % 2]) for k, word in enumerate("".join(w) for w in itertools.product("abc", repeat=3))]
    other = [(word, "xy"[label == "x"]) for word, label in rows[:6]]
    dataset = make_dataset(rows, "labelled", unit="character", validation=other)
    model = build_model(ModelConfig(architecture="one-to-one", hidden_size=24), dataset)
    return Trainer(model, dataset, small_training(epochs=100, patience=4))


def test_early_stopping_waits_its_patience_and_restores_the_best_weights() -> None:
    trainer = unlearnable()
    updates = list(trainer)
    found = {u.step: u.validation.loss for u in updates if u.validation}
    losses, steps = list(found.values()), list(found)
    best = int(np.argmin(losses))
    assert steps[-1] - steps[best] == 4 * trainer.steps_per_epoch
    assert trainer.ended_early
    assert trainer.finished
    assert evaluate(trainer.model, trainer.dataset.validation).loss == pytest.approx(losses[best], rel=1e-6)
    assert losses[best] < losses[-1]


def test_the_rate_is_halved_on_a_plateau() -> None:
    trainer = unlearnable()
    trainer.training = replace(trainer.training, schedule="plateau", patience=0, epochs=10)
    rates = [u.learning_rate for u in itertools.islice(trainer, 9 * trainer.steps_per_epoch)]
    assert rates[0] == 0.01
    assert sorted(set(rates), reverse=True)[:3] == [0.01, 0.005, 0.0025]
    assert rates == sorted(rates, reverse=True)


def test_an_adaptive_run_lowers_its_rate_when_patience_runs_out_and_then_ends() -> None:
    trainer = unlearnable()
    trainer.training = replace(trainer.training, schedule="adaptive")
    updates = list(trainer)
    began = trainer.progress.cooling_from
    assert began >= 4 * trainer.steps_per_epoch
    assert began < len(updates) < trainer.steps_per_epoch * 100
    rates = [update.learning_rate for update in updates]
    assert max(rates[:began]) == rates[began] == pytest.approx(0.01, rel=0.02)
    assert rates[began:] == sorted(rates[began:], reverse=True)
    assert rates[-1] == pytest.approx(0, abs=1e-9)
    assert len(updates) - began == max(2, round(began / 3))
    assert trainer.ended_early
    losses = [u.validation.loss for u in updates if u.validation]
    assert evaluate(trainer.model, trainer.dataset.validation).loss == pytest.approx(min(losses), rel=1e-6)


def test_a_run_that_goes_on_improving_is_as_long_as_its_epochs() -> None:
    trainer = trainer_of(Case("one-to-many", "sequences", "gru"), schedule="adaptive", epochs=12, patience=5)
    updates = list(trainer)
    assert len(updates) == trainer.steps_total == 12 * trainer.steps_per_epoch
    assert not trainer.ended_early
    assert updates[-1].learning_rate == pytest.approx(0, abs=1e-9)


@pytest.mark.parametrize("schedule", ["cosine", "one-cycle"])
def test_patience_never_ends_a_run_at_a_high_rate_that_is_meant_to_end_at_a_low_one(schedule: str) -> None:
    trainer = unlearnable()
    trainer.training = replace(trainer.training, schedule=schedule, patience=2)
    updates = list(trainer)
    assert len(updates) < trainer.steps_per_epoch * 100
    assert updates[-1].learning_rate < 0.1 * max(update.learning_rate for update in updates)


class Clock:
    """Tells a time that goes on by so much whenever it is asked."""

    def __init__(self, seconds: float) -> None:
        self.now, self.seconds = 0.0, seconds

    def __call__(self) -> float:
        self.now += self.seconds
        return self.now


def test_a_time_budget_is_a_number_of_steps_to_which_the_schedule_fits_itself() -> None:
    case, clock = Case("many-to-one", "labelled", "gru"), Clock(0.1)  # asked three times a step: 0.2 s
    training = small_training(minutes=0.5, epochs=1, schedule="cosine")
    trainer = Trainer(case.model("float32"), case.dataset, training, clock=clock)
    updates = list(trainer)
    assert len(updates) == trainer.steps_total == 30 / 0.2
    assert trainer.epoch == len(updates) // trainer.steps_per_epoch > 1
    same = Trainer(case.model("float32"), case.dataset, small_training(epochs=1, schedule="cosine"))
    same.plan(len(updates))
    assert [u.loss for u in same] == [u.loss for u in updates], "given its steps, time decides nothing"


def test_a_machine_that_becomes_slower_gets_fewer_steps() -> None:
    case, clock = Case("many-to-one", "labelled", "gru"), Clock(0.1)
    trainer = Trainer(case.model("float32"), case.dataset, small_training(minutes=1, epochs=1), clock=clock)
    for update in trainer:
        if update.step == 100:
            clock.seconds = 0.3
    assert trainer.progress.seconds_spent == pytest.approx(60, rel=0.15)
    assert 100 < trainer.step < 300


def test_many_validation_examples_are_looked_at_after_every_few_epochs_and_at_the_end() -> None:
    rows = [f"{k:04d}" for k in range(2000)]
    dataset = make_dataset(rows[:100], "sequences", unit="character", validation=rows[100:])
    model = build_model(ModelConfig(cell="rnn", hidden_size=2), dataset)
    trainer = Trainer(model, dataset, TrainingConfig(batch_size=10, epochs=150), validation_limit=0)
    looked = [update.step for update in trainer if update.validation]
    assert looked[-1] == trainer.steps_total
    symbols = len(looked) * model.symbols_read(dataset.validation) * model.validation_cost
    assert symbols <= 0.13 * 150 * model.symbols_read(dataset.train), "the last one comes on top"
    assert len(looked) > 1
