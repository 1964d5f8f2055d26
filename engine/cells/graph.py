"""The equations of a cell as a graph: what a diagram of it draws, derived from the text that describes it.

    term   = factor { "⊙" factor }
    sum    = term { ("+" | "−") term }
    factor = "1" | letter | weight letter | activation "(" sum ")" | "(" sum ")"

A letter is a gate's ("f"), a state's now ("c_t") or before ("c_{t-1}"), the input "x_t", or a bias ("b_f"). A weight in
front of a letter ("W_f x_t") is a product with a matrix.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import reduce

import numpy as np

from engine.cells.cell import Cell
from engine.cells.cell_description import RELU, SIGMOID, TANH, Activation
from engine.types import FloatArray

PLUS, MINUS, TIMES, MATRIX = "+", "−", "×", "matrix"
_ACTIVATIONS: dict[str, Activation] = {one.name: one for one in (SIGMOID, TANH, RELU)}
_TOKENS = re.compile(r"\s*(1|[⊙+−()]|[^\W\d_]+(?:_\{t-1\}|_\w+)?)")


@dataclass(frozen=True)
class Node:
    """An operation on its parts, or a letter of the equations without any.

    name: "+", "−", "×", "matrix" (a matrix times a letter), an activation, or the letter. For a gate or a state the
    letter without its time: `before` tells h_{t-1} from h_t.
    """

    name: str
    parts: tuple[Node, ...] = ()
    before: bool = False

    def leaves(self) -> Iterator[Node]:
        """All letters, from left to right."""
        if not self.parts:
            yield self
        for part in self.parts:
            yield from part.leaves()

    def value(self, letters: Mapping[tuple[str, bool], FloatArray]) -> FloatArray:
        """Evaluate the expression. letters: (name, before) → value; "1" is built in."""
        if not self.parts:
            return np.asarray(1.0) if self.name == "1" else letters[self.name, self.before]
        values = [part.value(letters) for part in self.parts]
        if self.name in _ACTIVATIONS:
            return _ACTIVATIONS[self.name].function(values[0])
        if self.name == TIMES:
            return np.asarray(reduce(np.multiply, values))
        return np.asarray(values[0] - values[1] if self.name == MINUS else reduce(np.add, values))


@dataclass(frozen=True)
class GateNode:
    """The box of a gate: one activated sum of x, h and a bias. through: the letter of the gate that multiplies U h."""

    name: str
    letter: str
    activation: str
    through: str = ""


def past_of(letter: str) -> Node:
    """U h and its bias in a gate whose past goes through another one: a letter of its own, as no single unit's state
    gives it."""
    return Node(f"U_{letter} h")


@dataclass(frozen=True)
class CellGraph:
    """gates: the boxes, by letter. states: what each state is computed from, in the order of the equations; the letter
    of its gate alone where the state is an activated sum itself."""

    gates: Mapping[str, GateNode]
    states: Mapping[str, Node]


def graph_of(cell: type[Cell]) -> CellGraph:
    """The graph of a cell's equations. ValueError, saying what is wrong, if they cannot be parsed."""
    gates = {
        gate.letter: GateNode(
            gate.name,
            gate.letter,
            gate.activation.name,
            cell.gate(gate.past_through).letter if gate.past_through else "",
        )
        for gate in cell.gates
    }
    states: dict[str, Node] = {}
    for equation in cell.equations:
        gate = next((gate for gate in cell.gates if gate.name in equation.defines), None)
        for state in cell.states:
            if state.name in equation.defines:
                states[state.name] = Node(gate.letter) if gate is not None else parse(equation.text)
    return CellGraph(gates, states)


def parse(text: str) -> Node:
    """The right side of an equation."""
    right = text.partition(" = ")[2]
    tokens, at = [], 0
    while at < len(right):
        found = _TOKENS.match(right, at)
        if found is None:
            raise ValueError(f"“{text}” cannot be read from “{right[at:]}” on.")
        tokens.append(found.group(1))
        at = found.end()
    node, rest = _sum(tokens)
    if rest:
        raise ValueError(f"“{text}” continues with “{rest[0]}” where it should end.")
    return node


def _sum(tokens: list[str]) -> tuple[Node, list[str]]:
    node, tokens = _term(tokens)
    while tokens and tokens[0] in (PLUS, MINUS):
        sign, (part, tokens) = tokens[0], _term(tokens[1:])
        joined = (*node.parts, part) if node.name == sign == PLUS else (node, part)
        node = Node(sign, joined)
    return node, tokens


def _term(tokens: list[str]) -> tuple[Node, list[str]]:
    node, tokens = _factor(tokens)
    while tokens and tokens[0] == "⊙":
        part, tokens = _factor(tokens[1:])
        node = Node(TIMES, (node, part))
    return node, tokens


def _factor(tokens: list[str]) -> tuple[Node, list[str]]:
    if not tokens or tokens[0] in (PLUS, MINUS, "⊙", ")"):
        raise ValueError(f"A letter is missing before “{tokens[0] if tokens else 'the end'}”.")
    first, rest = tokens[0], tokens[1:]
    if first == "(" or (first in _ACTIVATIONS and rest[:1] == ["("]):
        node, rest = _sum(rest if first == "(" else rest[1:])
        if rest[:1] != [")"]:
            raise ValueError("A bracket is not closed.")
        return (node if first == "(" else Node(first, (node,))), rest[1:]
    if rest and rest[0] not in (PLUS, MINUS, "⊙", ")"):
        return Node(MATRIX, (_letter(rest[0]),)), rest[1:]
    return _letter(first), rest


def _letter(token: str) -> Node:
    if token.endswith("_{t-1}"):
        return Node(token.removesuffix("_{t-1}"), before=True)
    return Node(token.removesuffix("_t"))
