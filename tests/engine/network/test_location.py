"""Attention that knows where it looked before."""

from __future__ import annotations

import numpy as np

import engine
from engine.network.layers import Attention
from engine.network.location import Location
from engine.network.parameters import Parameters
from tests.engine.small import Case


def attention(location: bool) -> tuple[Attention, Parameters]:
    """Over three keys of one number each, with a query of one number."""
    one = Attention("attention", 1, 1, Location("attention") if location else None)
    parameters = Parameters(one.shapes(), "float64").zeros_like()
    parameters["attention.score"][:] = 1
    return one, parameters


def test_by_content_alone_what_is_equal_is_looked_at_equally() -> None:
    one, parameters = attention(location=False)
    _, weights = one.weigh(parameters, np.ones((1, 2, 1)), np.array([[[9.0], [0.0], [9.0]]]), np.array([3]))
    np.testing.assert_allclose(weights[0], [[0.5, 0, 0.5]] * 2, atol=1e-3)


def test_a_filter_moves_the_look_on_and_coverage_keeps_it_from_coming_back() -> None:
    one, parameters = attention(location=True)
    keys, middle = np.array([[[9.0], [0.0], [9.0]]]), parameters["attention.location"].shape[1] // 2
    parameters["attention.location"][0, middle - 2] = 20  # what is two steps after the last look
    seen = np.zeros((1, 2, 3))
    seen[0, :, 0] = 1
    _, weights = one.weigh(parameters, np.ones((1, 1, 1)), keys, np.array([3]), seen)
    np.testing.assert_allclose(weights[0, 0], [0, 0, 1], atol=1e-3)
    np.testing.assert_allclose(seen[0], [weights[0, 0], [1, 0, 1]], atol=1e-3)
    parameters["attention.location"][:] = 0
    parameters["attention.location"][1, middle] = -30  # what was looked at
    _, weights = one.weigh(parameters, np.ones((1, 1, 1)), keys, np.array([3]), seen)
    np.testing.assert_allclose(weights[0, 0], [0, 1, 0], atol=1e-3)


def test_answers_symbol_by_symbol_are_those_of_the_whole_text_at_once() -> None:
    model = Case("encoder-decoder", "speech", "gru", {"attention": True, "bidirectional": True}).model()
    frames = Case("encoder-decoder", "speech", "gru").dataset.train[3].source
    for best in model.transcribe(frames, beam_size=3):
        trace = engine.trace(model, engine.Example(frames, best.tokens))
        assert trace.attention is not None
        assert best.attention is not None
        np.testing.assert_allclose(best.attention[: len(best.tokens)], trace.attention[: len(best.tokens)], atol=1e-9)


def test_a_network_that_copies_knows_where_it_looked() -> None:
    names = Case("encoder-decoder", "pairs", "gru", {"attention": True, "copying": True}).model().parameters
    assert "attention.location" in names
    assert "attention.location" not in Case("encoder-decoder", "pairs", "gru", {"attention": True}).model().parameters
