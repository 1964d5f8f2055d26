"""One flat vector and its named views."""

from __future__ import annotations

import numpy as np
import pytest

from engine.config import ModelConfig
from engine.models import build_model, count_parameters, feed_forward_size, restore_model
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
    assert feed_forward_size(dataset.codec, dataset.longest, 13) == len(build_model(config, dataset).parameters.flat)


def test_a_restored_network_computes_the_same_around_the_same_memory() -> None:
    case = Case("encoder-decoder", "pairs", "lstm", {"attention": True})
    model = case.model()
    other = restore_model(model.config, model.codec, model.longest, model.parameters.flat)
    assert other.loss(case.dataset.train[:4]) == model.loss(case.dataset.train[:4])
    assert np.shares_memory(other.parameters.flat, model.parameters.flat)
