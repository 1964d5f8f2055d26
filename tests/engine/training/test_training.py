"""Training as an iterator: what each step does, and that a run can be had again."""

from __future__ import annotations

import gc
import itertools
import math
import tracemalloc
from dataclasses import FrozenInstanceError, replace
from pathlib import Path

import numpy as np
import pytest

from engine.config import ModelConfig, TrainingConfig
from engine.data.dataset import make_dataset
from engine.data.examples import Example
from engine.errors import ConfigError
from engine.models import Model, build_model
from engine.models.snapshot import Snapshot
from engine.runs.opening import load_run
from engine.runs.run_file import save_run
from engine.training.batches import Shuffled
from engine.training.evaluation import Metrics, evaluate
from engine.training.trainer import Trainer
from engine.training.update import Update
from tests.engine.small import Case, data, exact_cases, plain_cases, small_training, trainer_of

# The same run again ---------------------------------------------------------------------------------------------------


RANDOM = [
    Case("many-to-one", "labelled", "lstm", {"embedding_size": 4, "num_layers": 2, "dropout": 0.4}),
    Case("encoder-decoder", "pairs", "gru", {"attention": True}, teacher_forcing=0.4),
    Case("many-to-many", "tagged", "rnn", {"embedding_size": 4, "spelling": "affixes", "word_dropout": 1.0}),
]


def run_of(case: Case, seed: int, dtype: str = "float32") -> tuple[list[Update], Model]:
    config = ModelConfig(architecture=case.architecture, cell=case.cell, **({"hidden_size": 6} | dict(case.changes)))
    model = build_model(config, case.dataset, seed=seed, dtype=dtype)
    training = small_training(seed=seed, epochs=2, teacher_forcing=case.teacher_forcing, window=12)
    return [replace(update, seconds=0.0) for update in Trainer(model, case.dataset, training)], model


@pytest.mark.parametrize("case", [*plain_cases(), *RANDOM], ids=str)
def test_the_same_seed_gives_the_same_run_bit_for_bit(case: Case) -> None:
    updates, model = run_of(case, 5)
    again, other = run_of(case, 5)
    assert updates == again
    np.testing.assert_array_equal(model.parameters.flat, other.parameters.flat)
    assert run_of(case, 6)[0] != updates


@pytest.mark.parametrize("case", [*exact_cases(), *RANDOM], ids=str)
def test_double_precision_works_everywhere_and_starts_from_the_same_weights(case: Case) -> None:
    single, double = (case.model(dtype) for dtype in ("float32", "float64"))
    np.testing.assert_allclose(single.parameters.flat, double.parameters.flat, rtol=1e-5, atol=1e-6)
    trainer = Trainer(double, case.dataset, small_training(teacher_forcing=case.teacher_forcing, window=12))
    update = next(trainer)
    assert math.isfinite(update.loss)
    assert double.parameters.flat.dtype == double.gradients.flat.dtype == np.float64
    assert all(moment.dtype == np.float64 for moment in trainer.optimizer.moments.values())
    assert trainer.snapshot().model().dtype == np.float64


# Each step ------------------------------------------------------------------------------------------------------------


def test_updates_count_steps_epochs_and_symbols() -> None:
    trainer = trainer_of(Case("one-to-many", "sequences", "rnn"), epochs=2)
    size = len(trainer.dataset.train)
    assert trainer.steps_per_epoch == math.ceil(size / 8)
    assert trainer.steps_total == 2 * trainer.steps_per_epoch
    updates = list(trainer)
    assert [u.step for u in updates] == list(range(1, trainer.steps_total + 1))
    assert [u.epoch for u in updates] == [0] * trainer.steps_per_epoch + [1] * trainer.steps_per_epoch
    symbols = int(trainer.dataset.train.source.lengths.sum()) + size  # every start is read too
    assert sum(u.tokens for u in updates) == 2 * symbols
    assert all(u.seconds > 0 and not u.diverged for u in updates)
    with pytest.raises(StopIteration):
        next(trainer)


def test_every_epoch_sees_every_example_once_in_a_new_order() -> None:
    examples = data("sequences").train
    batches = Shuffled(examples, 7, seed=3)
    epochs = []
    for epoch in range(2):
        steps = range(epoch * batches.steps_per_epoch, (epoch + 1) * batches.steps_per_epoch)
        epochs.append([example for step in steps for example in batches.batch(step)])
    whole = sorted(example.source for example in examples)
    assert sorted(e.source for e in epochs[0]) == sorted(e.source for e in epochs[1]) == whole
    assert epochs[0] != epochs[1]
    assert list(batches.batch(2)) == epochs[0][14:21], "a step found again is the same"


def test_validation_comes_at_the_end_of_each_epoch_and_is_that_of_evaluate() -> None:
    trainer = trainer_of(epochs=3)
    updates = []
    for update in trainer:
        updates.append(update)
        if update.validation:
            wanted = evaluate(trainer.model, trainer.dataset.validation)
            assert update.validation.loss == pytest.approx(wanted.loss)
            assert update.validation.values == pytest.approx(wanted.values)
    assert [u.step for u in updates if u.validation] == [trainer.steps_per_epoch * k for k in (1, 2, 3)]


def test_a_long_epoch_is_validated_in_between() -> None:
    dataset = make_dataset([f"{k:04d}" for k in range(700)], "sequences", unit="character")
    model = build_model(ModelConfig(cell="rnn", hidden_size=2), dataset)
    trainer = Trainer(model, dataset, TrainingConfig(batch_size=1, epochs=1), validation_limit=5)
    steps = [update.step for update in trainer if update.validation]
    assert len(steps) == 3
    assert steps[-1] == trainer.steps_per_epoch
    assert max(np.diff([0, *steps])) <= 250


def test_the_gradient_is_shortened_to_the_limit_and_not_beyond() -> None:
    for clip, expected in ((0.01, True), (1000.0, False), (0.0, False)):
        trainer = trainer_of(optimizer="sgd", learning_rate=1.0, clip_norm=clip)
        before = trainer.model.parameters.flat.copy()
        update = next(trainer)
        moved = float(np.linalg.norm(trainer.model.parameters.flat - before))
        assert update.clipped is expected
        assert update.gradient_norm == pytest.approx(np.linalg.norm(trainer.model.gradients.flat), rel=1e-5)
        assert moved == pytest.approx(clip if expected else update.gradient_norm, rel=1e-3)


def test_rate_and_clipping_change_while_training_runs() -> None:
    trainer = trainer_of(optimizer="sgd", clip_norm=0.0)
    next(trainer)
    trainer.change(learning_rate=0.5, clip_norm=0.01)
    before = trainer.model.parameters.flat.copy()
    update = next(trainer)
    assert update.learning_rate == 0.5
    assert update.clipped
    assert np.linalg.norm(trainer.model.parameters.flat - before) == pytest.approx(0.5 * 0.01, rel=1e-3)
    with pytest.raises(ConfigError, match="learning_rate"):
        trainer.change(learning_rate=-1.0)
    assert trainer.training.learning_rate == 0.5


@pytest.mark.parametrize("architecture", ["many-to-one", "one-to-many"])
def test_a_training_that_diverges_says_so_stops_and_leaves_the_weights(architecture: str) -> None:
    trainer = trainer_of(Case(architecture, "labelled", "gru"))
    next(trainer)
    trainer.model.parameters["output.bias"][0] = np.nan
    before = trainer.model.parameters.flat.copy()
    update = next(trainer)
    assert update.diverged
    assert not update.clipped
    assert not math.isfinite(update.loss)
    np.testing.assert_array_equal(trainer.model.parameters.flat, before)
    assert list(trainer) == []


def test_a_rate_far_too_high_ends_in_a_diverged_update_and_no_error() -> None:
    settings = {"optimizer": "adamw", "weight_decay": 1.0, "learning_rate": 10.0, "clip_norm": 0.0, "epochs": 100}
    trainer = trainer_of(Case("one-to-many", "sequences", "rnn"), **settings)
    with np.errstate(all="ignore"):
        updates = list(trainer)
    assert [update.diverged for update in updates] == [False] * (len(updates) - 1) + [True]
    assert all(math.isfinite(update.loss) for update in updates[:-1])
    assert trainer.step == updates[-1].step < trainer.steps_total


def test_a_network_for_other_data_is_refused() -> None:
    with pytest.raises(ConfigError, match="texts with a label each"):
        Trainer(Case("many-to-one", "labelled", "rnn").model(), data("pairs"))


def test_the_symbols_of_a_step_are_those_that_are_read() -> None:
    labelled = trainer_of(Case("many-to-one", "labelled", "rnn"), epochs=1)
    assert sum(update.tokens for update in labelled) == labelled.dataset.train.source.lengths.sum()
    pairs = trainer_of(Case("encoder-decoder", "pairs", "rnn"), epochs=1)
    train = pairs.dataset.train
    assert sum(update.tokens for update in pairs) == sum(len(e.source) + len(e.target) + 2 for e in train)


# Deciding by validation -----------------------------------------------------------------------------------------------


def test_another_figure_than_the_loss_can_say_which_weights_are_the_best(monkeypatch: pytest.MonkeyPatch) -> None:
    found = iter([(0.9, 0.4), (0.5, 0.6), (0.7, 0.8), (0.6, 0.8), (0.4, 0.7)])  # loss and accuracy, epoch after epoch
    last = Metrics(0.0, 5, {"accuracy": 1.0})

    def fixed_metrics(*_: object, thorough: bool = True) -> Metrics:
        if thorough:
            return last
        loss, right = next(found)
        return Metrics(loss, 5, {"accuracy": right})

    monkeypatch.setattr("engine.training.trainer.evaluate", fixed_metrics)
    trainer = trainer_of(epochs=5, patience=5, best_by="accuracy")
    weights = {update.step: trainer.model.parameters.flat.copy() for update in trainer}
    assert trainer.best is not None
    assert (trainer.best.step, trainer.best.value) == (4 * trainer.steps_per_epoch, 0.8), "of equals the lower loss"
    np.testing.assert_array_equal(trainer.model.parameters.flat, weights[trainer.best.step])
    assert trainer.weights_step == trainer.best.step < trainer.step


def test_a_figure_that_is_not_measured_cannot_decide() -> None:
    with pytest.raises(
        ConfigError, match="'entity_f1', which is not measured for this network and data; expected 'loss', 'acc"
    ):
        trainer_of(best_by="entity_f1")


@pytest.mark.parametrize("patience", [0, 50])
def test_the_end_measures_the_weights_that_are_kept_on_all_validation_examples(patience: int) -> None:
    case = Case("many-to-one", "labelled", "gru")
    dataset = replace(case.dataset, validation=case.dataset.train.take(range(len(case.dataset.train))))
    trainer = Trainer(case.model("float32"), dataset, small_training(patience=patience), validation_limit=4)
    updates = list(trainer)
    last = updates[-1].validation
    assert last is not None
    assert (last.examples, last.of) == (4, len(dataset.validation))
    assert trainer.final is not None
    assert trainer.final.examples == len(dataset.validation)
    assert trainer.final.loss == pytest.approx(evaluate(trainer.model, dataset.validation).loss)


# Snapshots ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("case", plain_cases(), ids=str)
def test_a_snapshot_stays_as_it_is_while_training_goes_on(case: Case) -> None:
    trainer = Trainer(case.model("float32"), case.dataset, small_training(window=12))
    next(trainer)
    snapshot = trainer.snapshot()
    weights = snapshot.weights.copy()
    batch = trainer.batches.batch(0)
    wanted = trainer.model.loss(batch)
    next(trainer)
    np.testing.assert_array_equal(snapshot.weights, weights)
    assert snapshot.model().loss(batch) == wanted
    assert (snapshot.run, snapshot.step, snapshot.epoch) == (trainer.run, 1, 0)


def test_nothing_of_a_snapshot_can_be_changed() -> None:
    snapshot = Snapshot.of(Case("many-to-one", "labelled", "rnn").model())
    with pytest.raises(ValueError, match="read-only"):
        snapshot.weights[0] = 1
    with pytest.raises(ValueError, match="read-only"):
        snapshot.model().parameters["output.bias"][0] = 1
    with pytest.raises(FrozenInstanceError):
        snapshot.step = 3  # type: ignore[misc]


def test_memory_of_a_long_training_does_not_grow() -> None:

    trainer = trainer_of(Case("encoder-decoder", "pairs", "gru", {"attention": True}), epochs=60)
    tracemalloc.start()
    used = []
    for steps in (110, 150):  # by then scratch memory has become nearly as large as the largest batch needs
        for _ in itertools.islice(trainer, steps):
            pass
        gc.collect()  # when it would have come by itself depends on what ran before
        used.append(tracemalloc.get_traced_memory()[0])
    tracemalloc.stop()
    assert used[1] - used[0] < 100_000, "bytes"


def test_an_example_may_be_given_as_plain_python() -> None:
    model = Case("many-to-one", "labelled", "rnn").model()
    examples = list(model.examples([Example(("a", "b"), ("x",))]))
    assert examples == [Example(("a", "b"), ("x",))]


WORDS = ["".join(letters) for letters in itertools.product("abcde", "fghij", "klmno")]


@pytest.mark.parametrize("optimizer", ["adam", "adamw"])
@pytest.mark.parametrize("changes", [{}, {"tied": True, "sampled_words": 20}], ids=str)
def test_sparse_rows_move_only_where_a_step_has_read(
    changes: dict[str, object], optimizer: str, tmp_path: Path
) -> None:
    texts = [" ".join(WORDS[(7 * i + j) % len(WORDS)] for j in range(3)) for i in range(60)]
    dataset = make_dataset(texts, "sequences", unit="word")
    config = ModelConfig(architecture="one-to-many", hidden_size=6, embedding_size=6, **changes)  # type: ignore[arg-type]
    training = small_training(optimizer=optimizer, weight_decay=0.5 * (optimizer == "adamw"), batch_size=4,
                              sparse_rows=True)  # fmt: skip
    trainer = Trainer(build_model(config, dataset, seed=1), dataset, training)
    for _ in range(5):
        next(trainer)
    (table,) = trainer.model.tables()
    before = trainer.model.parameters[table].copy()
    read = {word for row in trainer.batches.batch(5) for word in dataset.codec.source.encode(row.source).tolist()}
    next(trainer)
    moved = set(np.flatnonzero((trainer.model.parameters[table] != before).any(axis=1)).tolist())
    assert read <= moved
    assert len(moved) < len(before)
    if not changes:
        assert len(moved - read) == 1  # the start of a text
    # what has moved in other steps goes on where it was: a run continues bit for bit
    for _ in range(20):
        next(trainer)
    save_run(tmp_path / "run", trainer)
    again = load_run(tmp_path / "run", dataset)
    for _ in range(5):
        assert next(again).loss == next(trainer).loss
    assert np.array_equal(again.model.parameters.flat, trainer.model.parameters.flat)


def test_sparse_rows_are_a_setting_of_adam() -> None:
    assert "sparse_rows" in TrainingConfig(optimizer="sgd", sparse_rows=True).idle()
    weights = []
    for sparse in (False, True):
        trainer = trainer_of(
            Case("one-to-many", "sequences", "gru", {"embedding_size": 4}), optimizer="momentum", sparse_rows=sparse
        )
        for _ in trainer:
            pass
        weights.append(trainer.model.parameters.flat.copy())
    assert np.array_equal(*weights)
