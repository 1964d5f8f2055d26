"""The graph of a cell's equations computes what the cell computes; a cell needs no more than its equations for it."""

from __future__ import annotations

import numpy as np
import pytest

from engine.cells import CELLS, Cell
from engine.cells.graph import MATRIX, PLUS, TIMES, Node, graph_of, parse
from tests.engine.cells.throw_away_cell import Locker

ALL: list[type[Cell]] = [*CELLS.values(), Locker]


@pytest.mark.parametrize("cell", ALL, ids=lambda cell: cell.title)
def test_the_graph_of_each_state_gives_the_state_that_the_equation_gives(cell: type[Cell]) -> None:
    rng = np.random.default_rng(4)
    size = 5
    w = {gate.letter: rng.normal(size=(3, size)) for gate in cell.gates}
    u = {gate.letter: rng.normal(size=(size, size)) for gate in cell.gates}
    names = [*(gate.letter for gate in cell.gates), cell.recurrent_bias() or "unused"]
    b = {name: rng.normal(size=size) for name in names}
    old = [rng.normal(size=size) for _ in cell.states]
    found = cell.equation(rng.normal(size=3), old, w, u, b)
    graph = graph_of(cell)
    assert set(graph.states) == {state.name for state in cell.states}
    assert set(graph.gates) == {gate.letter for gate in cell.gates}
    letters = {(gate.letter, False): found[gate.name] for gate in cell.gates}
    letters |= {(state.name, False): found[state.name] for state in cell.states}
    letters |= {(state.name, True): value for state, value in zip(cell.states, old, strict=True)}
    for name, node in graph.states.items():
        np.testing.assert_allclose(node.value(letters), found[name], atol=1e-12)
        assert np.abs(found[name]).max() > 0


def test_an_equation_is_read_as_it_is_written() -> None:
    f, c, i, g = Node("f"), Node("c", before=True), Node("i"), Node("g")
    assert parse("c_t = f ⊙ c_{t-1} + i ⊙ g") == Node(PLUS, (Node(TIMES, (f, c)), Node(TIMES, (i, g))))
    one = Node("−", (Node("1"), Node("z")))
    assert parse("h_t = (1 − z) ⊙ n") == Node(TIMES, (one, Node("n")))
    assert parse("h_t = o ⊙ tanh(c_t)") == Node(TIMES, (Node("o"), Node("tanh", (Node("c"),))))
    matrix = Node(MATRIX, (Node("x"),))
    assert parse("r = σ(W_r x_t + b_r)") == Node("σ", (Node(PLUS, (matrix, Node("b_r"))),))


@pytest.mark.parametrize("text", ["h_t = (f ⊙ g", "h_t = f ⊙", "h_t = f ) g", "h_t = f ? g", "h_t = "])
def test_what_is_no_equation_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        parse(text)
