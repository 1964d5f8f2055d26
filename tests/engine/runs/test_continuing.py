"""Training, saving, opening and training on is the same as never having stopped: every bit of it."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import engine
from engine.data.dataset import Dataset
from tests.engine.small import Case, data, few_cases

STEPS = 43
MANY_STEPS = 101  # for what is measured or changed only after many
LOOKED_AT = {"step", "epoch", "loss", "gradient_norm", "clipped", "learning_rate", "tokens", "validation"}

VARIANTS: dict[str, tuple[Case, dict[str, Any]]] = {
    "dropout": (Case("many-to-one", "labelled", "gru", {"num_layers": 2, "dropout": 0.4, "embedding_size": 4}), {}),
    "own inputs": (Case("one-to-many", "sequences", "lstm"), {"teacher_forcing": 0.5}),
    "own inputs of the decoder": (Case("encoder-decoder", "pairs", "gru"), {"teacher_forcing": 0.5}),
    "both directions": (Case("many-to-many", "tagged", "lstm", {"bidirectional": True, "num_layers": 2}), {}),
    "attention": (Case("encoder-decoder", "pairs", "lstm", {"bidirectional": True, "attention": True}), {}),
    "words unknown to the model": (
        Case("many-to-many", "tagged", "gru", {"embedding_size": 4, "spelling": "affixes", "word_dropout": 1.0}),
        {},
    ),
    "letters of words": (
        Case("many-to-one", "labelled", "lstm", {"embedding_size": 4, "spelling": "characters"}, large=True),
        {},
    ),
    "neighbours": (
        Case("many-to-many", "tagged", "gru", {"embedding_size": 4, "neighbours": True, "word_dropout": 1.0}),
        {},
    ),
    "patterns of letters": (
        Case("many-to-many", "tagged", "gru", {"embedding_size": 4, "spelling": "both"}, large=True),
        {},
    ),
    "counted words": (
        Case("many-to-one", "labelled", "gru", {"embedding_size": 4, "word_counts": True}, large=True),
        {},
    ),
    "layers and dropout on running text": (
        Case("one-to-many", "stream", "lstm", {"num_layers": 2, "dropout": 0.3}),
        {"window": 5},
    ),
    "reduce on plateau": (
        Case("many-to-one", "labelled", "rnn"),
        {"schedule": "plateau", "learning_rate": 0.3, "optimizer": "sgd", "steps": MANY_STEPS},
    ),
    "one cycle": (Case("one-to-many", "labelled", "gru"), {"schedule": "one-cycle"}),
}


def training_for(dataset: Dataset, **changes: Any) -> engine.TrainingConfig:
    """Settings of a long run with several batches an epoch."""
    return engine.TrainingConfig(**({"batch_size": 7, "epochs": 1000, "window": 6, "seed": 3} | changes))


def follow(trainer: engine.Trainer, steps: int) -> list[dict[str, Any]]:
    """The updates of so many steps, without the time they took."""
    updates = []
    for _ in range(steps):
        update = next(trainer, None)
        if update is None:
            break
        updates.append({name: getattr(update, name) for name in LOOKED_AT})
    return updates


def use(model: engine.Model, dataset: Dataset) -> object:
    """What the model answers."""
    example = dataset.validation[0]
    match model.verb:
        case "generate":
            label = dataset.labels[-1] if dataset.labels else None
            return model.generate(count=3, label=label, seed=11, temperature=0.9, length=20)
        case "predict":
            return model.predict(example.source[:1])
        case "classify":
            return model.classify(example.source)
        case "tag":
            return model.tag(example.source)
        case "rate":
            return model.rate(example.source)
        case "forecast":
            return model.forecast(example.source, steps=3, draws=2, seed=5).draws.tolist()
        case "transcribe":
            return [dataclasses.replace(t, attention=None) for t in model.transcribe(example.source)]
        case "caption":
            return model.caption(example.source)
    return [dataclasses.replace(t, attention=None) for t in model.translate(example.source)]


def check(tmp_path: Path, case: Case, steps: int = STEPS, **changes: Any) -> engine.Trainer:
    """Twice so many steps against as many, in the middle of an epoch; saving, opening, and as many again."""
    dataset, training = case.dataset, training_for(case.dataset, **changes)
    straight = engine.Trainer(case.model("float32"), dataset, training)
    broken = engine.Trainer(case.model("float32"), dataset, training)
    assert steps % straight.batches.steps_per_epoch
    expected = follow(straight, 2 * steps)
    first = follow(broken, steps)
    engine.save_run(tmp_path / "run", broken)
    resumed = engine.load_run(tmp_path / "run", dataset)
    assert first + follow(resumed, steps) == expected
    assert len(expected) == 2 * steps
    assert np.array_equal(resumed.model.parameters.flat, straight.model.parameters.flat)
    for name, moment in straight.optimizer.moments.items():
        assert np.array_equal(resumed.optimizer.moments[name], moment), name
    assert use(resumed.model, dataset) == use(straight.model, dataset)
    assert resumed.best is not None
    assert straight.best is not None
    assert np.array_equal(resumed.best.weights, straight.best.weights)
    for name, column in straight.history.validations.items():
        if name != "seconds":
            assert np.array_equal(resumed.history.validations[name], column), name
    return straight


@pytest.mark.parametrize("case", few_cases(), ids=str)
def test_every_network_trains_on_bit_for_bit(tmp_path: Path, case: Case) -> None:
    check(tmp_path, case, MANY_STEPS if case.kind == "series" else STEPS)


@pytest.mark.parametrize(("case", "changes"), VARIANTS.values(), ids=VARIANTS)
def test_everything_random_or_remembered_goes_on_as_if_uninterrupted(
    tmp_path: Path, case: Case, changes: dict[str, Any]
) -> None:
    check(tmp_path, case, **changes)


def test_the_plateau_schedule_has_really_reduced_the_rate_by_then(tmp_path: Path) -> None:
    case, changes = VARIANTS["reduce on plateau"]
    assert check(tmp_path, case, **changes).progress.plateau_factor < 1


@pytest.mark.parametrize("optimizer", engine.TrainingConfig.options()["optimizer"].choices or ())
def test_every_optimizer_keeps_its_moments(tmp_path: Path, optimizer: str) -> None:
    check(tmp_path, Case("one-to-many", "sequences", "gru"), optimizer=optimizer, weight_decay=0.1)


@pytest.mark.parametrize("schedule", ["constant", "adaptive", "cosine"])
def test_early_stopping_counts_on(tmp_path: Path, schedule: str) -> None:
    dataset = data("labelled")
    training = training_for(dataset, patience=3, learning_rate=0.05, schedule=schedule)

    def trainer() -> engine.Trainer:
        return engine.Trainer(Case("many-to-one", "labelled", "gru").model("float32"), dataset, training)

    straight, broken = trainer(), trainer()
    expected = follow(straight, 5000)
    assert straight.finished
    assert straight.ended_early
    assert (straight.progress.cooling_from > 0) is (schedule != "constant")
    first = follow(broken, len(expected) - 3)
    engine.save_run(tmp_path / "run", broken)
    resumed = engine.load_run(tmp_path / "run", dataset)
    assert first + follow(resumed, 5000) == expected
    assert resumed.finished
    assert np.array_equal(resumed.model.parameters.flat, straight.model.parameters.flat)


def test_a_rate_changed_on_the_way_is_kept(tmp_path: Path) -> None:
    trainer = engine.Trainer(Case("one-to-one", "sequences", "rnn").model("float32"), data("sequences"))
    trainer.change(learning_rate=0.0125, clip_norm=0.5)
    engine.save_run(tmp_path / "run", trainer)
    resumed = engine.load_run(tmp_path / "run", data("sequences"))
    assert (resumed.training.learning_rate, resumed.training.clip_norm) == (0.0125, 0.5)


def test_a_lengthened_run_keeps_its_setting_and_goes_on_as_if_it_had_never_stopped(tmp_path: Path) -> None:
    case = Case("one-to-many", "sequences", "gru")
    training = engine.TrainingConfig(epochs=2, schedule="cosine")
    straight = engine.Trainer(case.model("float32"), case.dataset, training)
    stopped = engine.Trainer(case.model("float32"), case.dataset, training)
    for trainer in (straight, stopped):
        assert len(list(trainer)) == trainer.steps_total
        trainer.lengthen(5)
        follow(trainer, 3)
    engine.save_run(tmp_path / "run", stopped)
    run = engine.open_run(tmp_path / "run")
    assert (run.training.epochs, run.epochs) == (2, 5)
    resumed = run.trainer(case.dataset)
    assert resumed.steps_total == 5 * resumed.steps_per_epoch
    assert follow(resumed, 1000) == follow(straight, 1000)
    np.testing.assert_array_equal(resumed.model.parameters.flat, straight.model.parameters.flat)
    again = engine.load_run(tmp_path / "run", case.dataset, epochs=6)
    assert (again.training.epochs, again.steps_total) == (6, 6 * again.steps_per_epoch)


def test_a_finished_run_goes_on_when_it_gets_more_epochs(tmp_path: Path) -> None:
    dataset = data("sequences")
    case = Case("one-to-many", "sequences", "gru")
    short = engine.Trainer(case.model("float32"), dataset, engine.TrainingConfig(epochs=2))
    long = engine.Trainer(case.model("float32"), dataset, engine.TrainingConfig(epochs=5))
    for trainer in (short, long):
        list(trainer)
    engine.save_run(tmp_path / "run", short)
    assert list(engine.load_run(tmp_path / "run", dataset)) == []
    resumed = engine.load_run(tmp_path / "run", dataset, epochs=5)
    list(resumed)
    assert np.array_equal(resumed.model.parameters.flat, long.model.parameters.flat)


def test_a_run_in_double_precision_stays_in_double_precision(tmp_path: Path) -> None:
    trainer = engine.Trainer(Case("many-to-one", "labelled", "lstm").model("float64"), data("labelled"))
    next(trainer)
    engine.save_run(tmp_path / "run", trainer)
    resumed = engine.load_run(tmp_path / "run", data("labelled"))
    assert resumed.model.dtype == np.float64
    assert np.array_equal(resumed.model.parameters.flat, trainer.model.parameters.flat)


def test_a_saved_training_is_not_changed_by_going_on(tmp_path: Path) -> None:
    dataset = data("stream")
    trainer = engine.Trainer(Case("one-to-many", "stream", "lstm").model("float32"), dataset)
    next(trainer)
    run = engine.Run.of(trainer)
    before = run.snapshot.weights.copy()
    follow(trainer, 5)
    engine.write_run(tmp_path / "run", run)
    opened = engine.open_run(tmp_path / "run")
    assert opened.snapshot.step == 1
    assert np.array_equal(opened.snapshot.weights, before)
    assert len(opened.history.steps["loss"]) == 1


def test_a_run_computed_in_two_halves_goes_on_in_two_halves(tmp_path: Path) -> None:
    case = Case("one-to-many", "sequences", "lstm")
    dataset, training = case.dataset, training_for(case.dataset)
    straight = engine.Trainer(case.model("float32"), dataset, training, workers=2)
    broken = engine.Trainer(case.model("float32"), dataset, training, workers=2)
    expected, first = follow(straight, 40), follow(broken, 20)
    engine.save_run(tmp_path / "run", broken)
    assert first + follow(engine.load_run(tmp_path / "run", dataset), 20) == expected
