"""Counted words beside a classifier: naive Bayes with the training text left out, and two learned factors."""

from __future__ import annotations

from typing import Any, cast

import numpy as np
import pytest

from engine.config import ModelConfig, TrainingConfig
from engine.data.dataset import Dataset, make_dataset
from engine.data.examples import Examples
from engine.data.vocabulary import FIRST_ID
from engine.inspection.one_step import one_step
from engine.models import ManyToOne, build_model, compare_with_feed_forward, count_counted, count_parameters
from engine.models.snapshot import Snapshot
from engine.network import word_counts
from engine.network.parameters import COUNTED
from engine.training.trainer import Trainer

TEXTS = [
    ("not good", "bad"),
    ("good good film", "fine"),
    ("a good film", "fine"),
    ("a film not good at all", "bad"),
    ("all bad", "bad"),
    ("at last", "fine"),
]


def reviews(rows: list[tuple[str, str]] = TEXTS) -> Dataset:
    return make_dataset(rows, "labelled", unit="word", validation=rows[:2])


def network(dataset: Dataset, dtype: str = "float64", **changes: Any) -> ManyToOne:
    settings = {"hidden_size": 4, "embedding_size": 3, "word_counts": True} | changes
    return cast(ManyToOne, build_model(ModelConfig("many-to-one", "gru", **settings), dataset, seed=1, dtype=dtype))


def evidence_for(rows: list[tuple[str, str]], text: str, label: str) -> float:
    """log P(word | label) of the words of a text, summed, by counting in the plainest way. The words of all texts share
    the probability."""
    names = {word for row, _ in TEXTS for word in row.split()}
    every = sum(len(set(row.split())) for row, of in TEXTS if of == label) + len(names) + FIRST_ID
    having = [row.split() for row, of in rows if of == label]
    return sum(float(np.log((sum(word in row for row in having) + 1) / every)) for word in text.split())


@pytest.mark.parametrize("training", [False, True], ids=["as it answers", "as it trains"])
def test_the_scores_of_words_are_those_of_naive_bayes_without_the_text_it_learns_from(training: bool) -> None:
    dataset = reviews()
    model = network(dataset)
    assert model.word_counts is not None
    ids, lengths = dataset.train.source.packed, np.asarray(dataset.train.source.lengths)
    own = np.asarray(dataset.train.target.values) if training else None
    words, _ = model.word_counts.forward(model.work, ids, lengths, own)
    for row, (text, label) in zip(words, TEXTS, strict=True):
        others = [one for one in TEXTS if one != (text, label)] if training else TEXTS
        first, second = (evidence_for(others, text, name) for name in model.labels)
        assert row[0] - row[1] == pytest.approx(first - second, abs=1e-9)


def test_pairs_tell_what_words_alone_do_not() -> None:
    rows = [("a b x", "one"), ("b a x", "two")] * 6
    dataset = reviews(rows)
    model = network(dataset)
    assert model.word_counts is not None
    ids, lengths = dataset.train.source.packed, np.asarray(dataset.train.source.lengths)
    words, pairs = model.word_counts.forward(model.work, ids, lengths, None)
    assert np.abs(words[:, 0] - words[:, 1]).max() < 1e-12
    assert (pairs.argmax(axis=1) == np.asarray(dataset.train.target.values)).all()


@pytest.mark.parametrize("training", [False, True], ids=["as it answers", "as it trains"])
def test_the_gradient_of_all_that_is_learned_is_exact(training: bool) -> None:
    dataset = reviews()
    model = network(dataset, dropout=0.3)

    def draws() -> np.random.Generator | None:
        return np.random.default_rng(3) if training else None

    def loss() -> float:
        model.work.reset()
        done = model.forward(dataset.train, draws(), None)
        return model.loss_of(done) / done.count

    value = model.loss_and_gradient(dataset.train, draws())
    assert value == pytest.approx(loss(), rel=1e-12)
    gradients = {name: array.copy() for name, array in model.gradients.items()}
    for name, weights in model.parameters.items():
        if name.startswith(COUNTED):
            assert not gradients[name].any()
            continue
        assert np.abs(gradients[name]).max() > 0, name
        direction = np.random.default_rng(5).normal(size=weights.shape)
        before = weights.copy()
        weights[:] = before + 1e-6 * direction
        above = loss()
        weights[:] = before - 1e-6 * direction
        below = loss()
        weights[:] = before
        assert (above - below) / 2e-6 == pytest.approx(float((gradients[name] * direction).sum()), rel=1e-5, abs=1e-9)


def test_texts_beside_each_other_and_padding_do_not_count() -> None:
    dataset = reviews()
    model = network(dataset)
    together = by_text(model, dataset.train)
    for k, example in enumerate(dataset.train):
        alone = by_text(model, Examples.of(dataset.codec, [example]))
        np.testing.assert_allclose(together[k], alone[0], atol=1e-12)
    assert np.isfinite(list(model.classify("").values())).all()


def by_text(model: ManyToOne, examples: Examples) -> np.ndarray[Any, Any]:
    """Logits (B, K) in the order of the examples."""
    model.work.reset()
    done = model.forward(examples, None, None)
    return done.packing.unsort(done.logits.T).copy()


def test_training_changes_the_factors_and_leaves_the_counts() -> None:
    dataset = reviews(TEXTS * 5)
    model = network(dataset, "float32")
    before = {name: array.copy() for name, array in model.parameters.items()}
    for _ in Trainer(model, dataset, TrainingConfig("adamw", weight_decay=1.0, batch_size=4, epochs=3)):
        pass
    for name, array in model.parameters.items():
        assert (array == before[name]).all() == name.startswith(COUNTED), name


def test_the_loss_on_training_examples_leaves_each_text_out_of_its_own_counts_as_a_training_step_does() -> None:
    dataset = reviews(TEXTS * 5)
    model = network(dataset, dropout=0.0)
    trainer = Trainer(model, dataset, TrainingConfig(batch_size=4, epochs=2))
    for _ in trainer:
        pass
    model.work.reset()
    done = model.forward(dataset.train, np.random.default_rng(0), None)
    assert trainer.train_loss == pytest.approx(model.loss_of(done) / done.count, rel=1e-9)


def test_counts_are_not_among_the_weights() -> None:
    dataset = reviews()
    counting, plain = network(dataset), network(dataset, word_counts=False)
    factors = 2
    learned = plain.parameters.flat.size + factors
    assert count_parameters(counting.config, dataset.codec, dataset.longest) == learned
    assert compare_with_feed_forward(counting.config, dataset).weights == learned
    counts = count_counted(counting.config, dataset.codec, dataset.longest)
    assert learned + counts == counting.parameters.flat.size
    assert count_counted(plain.config, dataset.codec, dataset.longest) == 0
    assert Snapshot.of(counting).size_in_words == f"{learned:,} weights and a table of {counts:,} counts from the data"
    assert Snapshot.of(plain).size_in_words == f"{learned - factors:,} weights"


def test_a_step_is_not_said_to_leave_counts_where_they_are() -> None:
    dataset = reviews()
    model = network(dataset)
    names = [change.name for change in one_step(model, dataset.train[0], True, 0.1, 1.0).changes]
    assert names == [name for name in model.parameters if not name.startswith(COUNTED)]


def test_rare_words_are_not_counted_where_there_are_many_labels(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(word_counts, "LARGEST_COUNTS", 8)
    dataset = reviews()
    model = network(dataset)
    assert model.parameters[f"{COUNTED}texts"].size <= 2 * 8
    assert np.isfinite(by_text(model, dataset.train)).all()
