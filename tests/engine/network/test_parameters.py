"""One flat vector and its named views."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from engine import make_dataset
from engine.config import ModelConfig
from engine.models import build_model, compare_with_feed_forward, count_parameters, restore_model
from engine.models.comparison import EXAMPLES
from engine.network.parameters import Parameters, total_size
from tests.engine.small import Case, data, exact_cases

SHAPES = {"a": (2, 3), "b": (), "c": (4,), "empty": (0, 5)}


def test_views_share_the_vector_in_order() -> None:
    parameters = Parameters(SHAPES, "float64")
    parameters.flat[:] = np.arange(11)
    assert list(parameters) == list(SHAPES)
    assert len(parameters) == 4
    np.testing.assert_array_equal(parameters["a"], [[0, 1, 2], [3, 4, 5]])
    assert parameters["b"] == 6
    parameters["c"][-1] = 99
    assert parameters.flat[-1] == 99
    assert {name: view.shape for name, view in parameters.items()} == SHAPES
    assert total_size(SHAPES) == 11


def test_a_vector_that_is_given_is_not_copied_and_must_fit() -> None:
    flat = np.zeros(11, np.float32)
    parameters = Parameters(SHAPES, flat=flat)
    flat[0] = 5
    assert parameters["a"][0, 0] == 5
    assert parameters.zeros_like().flat.dtype == np.float32
    assert not parameters.zeros_like().flat.any()
    with pytest.raises(ValueError, match=r"\(12,\)"):
        Parameters(SHAPES, flat=np.zeros(12))


@pytest.mark.parametrize("case", exact_cases(), ids=str)
def test_the_weights_are_counted_without_building_the_network(case: Case) -> None:
    model, dataset = case.model(), case.dataset
    assert count_parameters(model.config, dataset.codec, dataset.longest) == len(model.parameters.flat)
    assert sum(weights.size for weights in model.parameters.values()) == len(model.parameters.flat)


@pytest.mark.parametrize(("cell", "gates"), [("rnn", 1), ("lstm", 4), ("gru", 3), ("irnn", 1), ("mgu", 2)])
def test_a_recurrent_network_has_the_weights_that_its_equations_need(cell: str, gates: int) -> None:
    dataset = data("labelled")
    symbols, labels, size = len(dataset.codec.source), 3, 10
    config = ModelConfig(architecture="many-to-one", cell=cell, hidden_size=size)
    inside = gates * (symbols * size + size * size + size) + (size if cell in ("gru", "mgu") else 0)
    assert count_parameters(config, dataset.codec, dataset.longest) == inside + size * labels + labels


def test_the_feed_forward_size_is_that_of_the_network_that_can_be_built() -> None:
    dataset = data("labelled")
    config = ModelConfig(architecture="one-to-one", hidden_size=13)
    sizes = compare_with_feed_forward(config, dataset)
    assert sizes.feed_forward(sizes.length, sizes.vocabulary) == len(build_model(config, dataset).parameters.flat)


def test_a_feed_forward_network_is_compared_with_as_many_answers_as_the_network_gives() -> None:
    labelled = data("labelled")
    length, symbols, size = labelled.longest, len(labelled.codec.source), 8
    writer = compare_with_feed_forward(ModelConfig(architecture="one-to-many", hidden_size=size), labelled)
    each = size * symbols + symbols  # a next symbol at every position
    assert writer.feed_forward(length, symbols) == length * symbols * size + size + length * each
    tagged = data("tagged")
    length, symbols, tags = tagged.longest, len(tagged.codec.source), len(tagged.labels)
    tagger = compare_with_feed_forward(ModelConfig(architecture="many-to-many", hidden_size=size), tagged)
    assert tagger.feed_forward(length, symbols) == length * symbols * size + size + length * (size * tags + tags)


def test_a_feed_forward_network_reads_every_number_of_every_step() -> None:
    bands = make_dataset(
        [(np.random.default_rng(k).normal(size=(6, 8)), "abc"[k % 3]) for k in range(40)], "labelled-series"
    )
    sizes = compare_with_feed_forward(ModelConfig(architecture="many-to-one", hidden_size=5), bands)
    assert sizes.feed_forward(sizes.length, sizes.vocabulary) == (6 * 8) * 5 + 5 + 5 * 3 + 3
    fewer = make_dataset([(row.source[:, :3], "abc"[k % 3]) for k, row in enumerate(bands.train)], "labelled-series")
    config = ModelConfig(architecture="many-to-one", hidden_size=5)
    assert sizes.recurrent(3) == count_parameters(config, fewer.codec, fewer.longest)


def test_a_feed_forward_network_rates_a_whole_text_with_one_number() -> None:
    rated = make_dataset([("ab" * (k % 5 + 1), float(k % 5)) for k in range(40)], "rated")
    sizes = compare_with_feed_forward(
        ModelConfig(architecture="many-to-one", hidden_size=5, number_loss="squared"), rated
    )
    length, symbols = rated.longest, len(rated.codec.source)
    assert sizes.feed_forward(length, symbols) == length * symbols * 5 + 5 + 5 * 1 + 1


def test_the_published_examples_are_what_their_numbers_multiply_to() -> None:
    assert all(words * vocabulary * units == weights for words, vocabulary, units, weights in EXAMPLES)


@pytest.mark.parametrize("case", exact_cases(), ids=str)
def test_the_crossing_is_where_the_padded_network_becomes_the_larger_one(case: Case) -> None:
    model, dataset = case.model(), case.dataset
    if not model.remembers:
        return
    sizes = compare_with_feed_forward(model.config, dataset)
    assert sizes.weights == len(model.parameters.flat)
    assert sizes.feed_forward(sizes.crossing, sizes.vocabulary) > sizes.weights
    if sizes.crossing > 1:
        assert sizes.feed_forward(sizes.crossing - 1, sizes.vocabulary) <= sizes.weights


@pytest.mark.parametrize("embedding", [0, 16])
def test_the_weights_at_another_vocabulary_are_those_of_a_network_on_such_data(embedding: int) -> None:
    letters = "abcdefghijklmnopqrst"
    few, many = (make_dataset([(a + b, "xy"[i % 2]) for i, (a, b) in enumerate(product(used, used))], "labelled")
                 for used in (letters[:8], letters))  # fmt: skip
    config = ModelConfig(architecture="many-to-one", hidden_size=8, embedding_size=embedding)
    expected = count_parameters(config, many.codec, many.longest)
    assert compare_with_feed_forward(config, few).recurrent(len(many.codec.source)) == expected


def test_a_restored_network_computes_the_same_around_the_same_memory() -> None:
    case = Case("encoder-decoder", "pairs", "lstm", {"attention": True})
    model = case.model()
    other = restore_model(model.config, model.codec, model.longest, model.parameters.flat)
    assert other.loss(case.dataset.train[:4]) == model.loss(case.dataset.train[:4])
    assert np.shares_memory(other.parameters.flat, model.parameters.flat)
