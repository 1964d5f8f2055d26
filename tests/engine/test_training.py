"""Training as an iterator: what each step does, that it learns, and that a run can be had again."""

from __future__ import annotations

import itertools
import math
import tracemalloc
from collections.abc import Iterator
from dataclasses import FrozenInstanceError, replace
from typing import Any

import numpy as np
import pytest

from engine.batches import Shuffled, Windows
from engine.config import ModelConfig, TrainingConfig
from engine.data import Dataset, Example, make_dataset
from engine.errors import ConfigError
from engine.evaluation import evaluate
from engine.models import Carry, Model, build_model
from engine.snapshot import Snapshot
from engine.trainer import Trainer, Update
from tests.engine.small import Case, data, exact_cases, plain_cases

NAMES = ["anna", "bert", "carlos", "dora", "emil", "finn", "gerda", "hugo"]


def small_training(**changes: Any) -> TrainingConfig:
    return replace(TrainingConfig(batch_size=8, epochs=3, learning_rate=0.01), **changes)


def fit(config: ModelConfig, dataset: Dataset, epochs: int) -> Model:
    """Train until the loss on the training data is small, or fail."""
    model = build_model(config, dataset, seed=1)
    trainer = Trainer(model, dataset, small_training(learning_rate=0.02, epochs=epochs))
    losses = [update.loss for update in trainer]
    assert losses[-1] < 0.5 * losses[0]
    return model


# Learning -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru"])
class TestEightExamplesAreLearnedByHeart:
    def test_one_to_one(self, cell: str) -> None:
        alphabet = "abcdefgh"
        dataset = make_dataset([alphabet] * 8, "sequences", unit="character", validation=[alphabet])
        model = fit(ModelConfig(architecture="one-to-one", cell=cell, hidden_size=16), dataset, 150)
        for now, after in itertools.pairwise([*alphabet, "</s>"]):
            chances = model.predict(now)
            assert next(iter(chances)) == after
            assert chances[after] > 0.9

    def test_one_to_many(self, cell: str) -> None:
        rows = [(name, str(k)) for k, name in enumerate(NAMES)]
        dataset = make_dataset(rows, "labelled", unit="character", validation=rows)
        model = fit(ModelConfig(architecture="one-to-many", cell=cell, hidden_size=32), dataset, 150)
        for name, label in rows:
            (written,) = model.generate(1, label=label, temperature=0)
            assert written.text == name

    def test_one_to_many_without_labels(self, cell: str) -> None:
        dataset = make_dataset(NAMES, "sequences", unit="character", validation=NAMES)
        model = fit(ModelConfig(architecture="one-to-many", cell=cell, hidden_size=32), dataset, 150)
        for name in NAMES:
            (written,) = model.generate(1, prefix=name[0], temperature=0)
            assert written.text == name
        assert {text.text for text in model.generate(200, temperature=0.4, seed=0)} == set(NAMES)
        assert evaluate(model, dataset.train).loss == pytest.approx(
            math.log(8) / np.mean([6, *map(len, NAMES)]), abs=0.15
        )

    def test_one_to_many_on_running_text(self, cell: str) -> None:
        text = "the quick brown fox jumps over a lazy dog. " * 6
        dataset = make_dataset(text, "stream", unit="character", validation=text[:60])
        config = ModelConfig(architecture="one-to-many", cell=cell, hidden_size=32)
        model = build_model(config, dataset, seed=1)
        for _ in Trainer(model, dataset, small_training(learning_rate=0.02, epochs=40, batch_size=4, window=16)):
            pass
        (written,) = model.generate(1, prefix="the quick", temperature=0, length=30)
        assert written.text == text[:39]

    def test_many_to_one(self, cell: str) -> None:
        rows = [("".join(word), "xyz"[k % 3]) for k, word in enumerate(itertools.permutations("abcd", 3))][:8]
        dataset = make_dataset(rows, "labelled", unit="character", validation=rows)
        for pooling in ("last", "max", "mean"):
            config = ModelConfig(architecture="many-to-one", cell=cell, hidden_size=24, pooling=pooling)
            model = fit(config, dataset, 150)
            assert [next(iter(model.classify(text))) for text, _ in rows] == [label for _, label in rows]
            assert evaluate(model, dataset.train).accuracy == 1

    def test_many_to_many(self, cell: str) -> None:
        rows = [(list(name), ["ABC"[(k * t + ord(c)) % 3] for t, c in enumerate(name)]) for k, name in enumerate(NAMES)]
        dataset = make_dataset(rows, "tagged", validation=rows)
        config = ModelConfig(architecture="many-to-many", cell=cell, hidden_size=24, bidirectional=True)
        model = fit(config, dataset, 150)
        for tokens, tags in rows:
            assert [one.tag for one in model.tag(tokens)] == tags

    @pytest.mark.parametrize("attention", [False, True])
    def test_encoder_decoder(self, cell: str, attention: bool) -> None:
        rows = [(name, name[::-1] + name[0] * (k % 3)) for k, name in enumerate(NAMES)]
        dataset = make_dataset(rows, "pairs", unit="character", validation=rows)
        config = ModelConfig(architecture="encoder-decoder", cell=cell, hidden_size=32, attention=attention)
        model = fit(config, dataset, 200)
        for source, target in rows:
            assert model.translate(source)[0].text == target
        assert evaluate(model, dataset.train).exact_match == 1


def test_the_padded_feed_forward_network_learns_eight_examples_by_heart() -> None:
    rows = [(name, "xy"[k % 2]) for k, name in enumerate(NAMES)]
    dataset = make_dataset(rows, "labelled", unit="character", validation=rows)
    model = fit(ModelConfig(architecture="one-to-one", hidden_size=16), dataset, 60)
    assert [next(iter(model.classify(text))) for text, _ in rows] == [label for _, label in rows]


@pytest.mark.parametrize("teacher_forcing", [0.0, 0.5])
def test_a_decoder_learns_from_its_own_inputs_too(teacher_forcing: float) -> None:
    rows = [(name, name[::-1]) for name in NAMES]
    dataset = make_dataset(rows, "pairs", unit="character", validation=rows)
    model = build_model(ModelConfig(architecture="encoder-decoder", cell="gru", hidden_size=32), dataset, seed=1)
    for _ in Trainer(model, dataset, small_training(epochs=250, teacher_forcing=teacher_forcing)):
        pass
    assert evaluate(model, dataset.train).exact_match == 1


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


def trainer_of(case: Case | None = None, **changes: Any) -> Trainer:
    case = case or Case("many-to-one", "labelled", "gru")
    return Trainer(case.model("float32"), case.dataset, small_training(**changes))


def test_updates_count_steps_epochs_and_symbols() -> None:
    trainer = trainer_of(Case("one-to-many", "sequences", "rnn"), epochs=2)
    size = len(trainer.dataset.train)
    assert trainer.steps_per_epoch == math.ceil(size / 8)
    assert trainer.steps_total == 2 * trainer.steps_per_epoch
    updates = list(trainer)
    assert [u.step for u in updates] == list(range(1, trainer.steps_total + 1))
    assert [u.epoch for u in updates] == [0] * trainer.steps_per_epoch + [1] * trainer.steps_per_epoch
    symbols = int(trainer.dataset.train.source.lengths.sum()) + size  # every end is predicted too
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
    trainer = trainer_of(Case("one-to-many", "sequences", "rnn"), optimizer="sgd", learning_rate=10.0, clip_norm=0.0)
    trainer.model.parameters.flat[:] *= 1e18
    with np.errstate(all="ignore"):
        updates = list(trainer)
    assert updates[-1].diverged or all(math.isfinite(u.loss) for u in updates)


def test_a_network_for_other_data_is_refused() -> None:
    with pytest.raises(ConfigError, match="labelled"):
        Trainer(Case("many-to-one", "labelled", "rnn").model(), data("pairs"))


# Deciding by validation -----------------------------------------------------------------------------------------------


def unlearnable() -> Trainer:
    """What the training rows say, the validation rows contradict: the first validation is the best."""
    rows = [(word, "xy"[k % 2]) for k, word in enumerate("".join(w) for w in itertools.product("abc", repeat=3))]
    other = [(word, "xy"[label == "x"]) for word, label in rows]
    dataset = make_dataset(rows, "labelled", unit="character", validation=other)
    model = build_model(ModelConfig(architecture="one-to-one", hidden_size=24), dataset)
    return Trainer(model, dataset, small_training(epochs=100, patience=4))


def test_early_stopping_waits_its_patience_and_restores_the_best_weights() -> None:
    trainer = unlearnable()
    updates = list(trainer)
    losses = [u.validation.loss for u in updates if u.validation]
    best = int(np.argmin(losses))
    assert len(losses) == best + 1 + 4 < 100
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


# Running text ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru"])
@pytest.mark.parametrize("layers", [1, 2])
def test_windows_with_a_carried_state_are_the_whole_text_read_at_once(cell: str, layers: int) -> None:
    model = Case("one-to-many", "stream", cell, {"num_layers": layers}).model()
    examples = data("stream").train
    whole, count = model.loss(examples)
    for window in (1, 5, 64, 10_000):
        windows, carry, total, symbols = Windows(examples, 1, window), Carry(), 0.0, 0
        for step in range(windows.steps_per_epoch):
            nats, n = model.loss(windows.batch(step), carry)
            total, symbols = total + nats, symbols + n
        assert symbols == count
        assert total == pytest.approx(whole, rel=1e-10)


def test_parallel_windows_are_parts_of_the_text_in_order() -> None:
    text = "".join(data("stream").train[0].source)
    windows = Windows(data("stream").train, 4, 9)
    tracks: list[str] = [""] * 4
    for step in range(windows.steps_per_epoch):
        for k, example in enumerate(windows.batch(step)):
            part = "".join(example.source)
            assert not tracks[k] or tracks[k][-1] == part[0], "the last target is the next first input"
            tracks[k] += part[1:] if tracks[k] else part
    for k, track in enumerate(tracks):
        assert track == text[k * windows.length : (k + 1) * windows.length + 1]
    assert len(text) - 4 <= 4 * windows.length + 1 <= len(text)


def test_the_state_is_carried_from_step_to_step_and_dropped_at_the_texts_start() -> None:
    trainer = trainer_of(
        Case("one-to-many", "stream", "lstm"), window=16, batch_size=2, epochs=2, optimizer="sgd", learning_rate=1e-6
    )
    model, kept = trainer.model, Carry()
    for step in range(trainer.steps_per_epoch + 2):
        if step % trainer.steps_per_epoch == 0:
            kept = Carry()
        nats, count = model.loss(trainer.batches.batch(step), kept)
        update = next(trainer)
        assert update.loss == pytest.approx(nats / count, rel=1e-5)
        assert trainer.carry.states is not None
        for ours, wanted in zip(numbers(trainer.carry), numbers(kept), strict=True):
            np.testing.assert_allclose(ours, wanted, rtol=1e-3, atol=1e-5)


def numbers(carry: Carry) -> Iterator[np.ndarray[Any, Any]]:
    for layer in carry.states or []:
        for part in layer:
            yield from part


def test_a_carried_state_does_not_change_when_the_model_is_used_again() -> None:
    model, carry = Case("one-to-many", "stream", "gru").model(), Carry()
    batches = Windows(data("stream").train, 3, 9)
    model.loss_and_gradient(batches.batch(0), carry=carry)
    before = [state.copy() for state in numbers(carry)]
    model.loss(batches.batch(2))
    model.generate(3)
    for state, wanted in zip(numbers(carry), before, strict=True):
        np.testing.assert_array_equal(state, wanted)


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
    for _ in itertools.islice(trainer, 40):
        pass
    tracemalloc.start()
    for _ in itertools.islice(trainer, 20):
        pass
    before = tracemalloc.get_traced_memory()[0]
    for _ in itertools.islice(trainer, 150):
        pass
    grown = tracemalloc.get_traced_memory()[0] - before
    tracemalloc.stop()
    assert grown < 100_000, "bytes"


def test_an_example_may_be_given_as_plain_python() -> None:
    model = Case("many-to-one", "labelled", "rnn").model()
    examples = list(model.examples([Example(("a", "b"), ("x",))]))
    assert examples == [Example(("a", "b"), ("x",))]
