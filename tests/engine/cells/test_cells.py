"""Every registered cell: its kernels are its equation, and what it says about itself fits together."""

from __future__ import annotations

import re
from collections.abc import Mapping

import numpy as np
import pytest

from engine.cells import CELLS
from engine.network.packing import Packing
from engine.network.parameters import Parameters
from engine.network.recurrent import LayerTape, RecurrentLayer
from engine.network.workspace import Workspace
from tests.engine.reference import Array, equation

SIZE, INPUTS = 5, 3
LENGTHS = {"equally long": [6, 6, 6], "ragged": [6, 4, 4, 1], "one step": [1], "no step in common": [9, 1]}
TINY = 1e-30  # a complex step has no rounding error, however short


class Layer:
    """A layer with weights away from zero, a batch of rows for it, and what is made of its states: a weighted sum."""

    def __init__(self, cell: str, lengths: list[int], memory: bool = True) -> None:
        rng = np.random.default_rng(7)
        self.cell = CELLS[cell]
        self.layer = RecurrentLayer(cell, "layer", INPUTS, SIZE, np.float64, memory)
        self.parameters = Parameters(self.layer.shapes(), np.float64)
        self.parameters.flat[:] = rng.normal(0, 0.7, self.parameters.flat.shape)
        self.packing = Packing(np.array(lengths))
        rows, batch = self.packing.rows, self.packing.batch
        self.x = rng.normal(size=(rows, INPUTS))
        self.initial = [rng.normal(0, 0.5, (batch, SIZE)) for _ in self.cell.states]
        self.taste = [rng.normal(size=(batch + rows, SIZE)) for _ in self.cell.states]
        ends = batch + self.packing.last_rows
        for taste in self.taste[1:]:  # only the first state is read at every step
            taste[np.setdiff1d(np.arange(batch + rows), ends)] = 0
        self.work = Workspace(self.parameters)

    def forward(self) -> LayerTape:
        return self.layer.forward(self.work, self.packing, self.x, self.initial)

    def weights(self) -> dict[str, Array]:
        return {name.removeprefix("layer."): array for name, array in self.parameters.items()}

    def plain(
        self, weights: Mapping[str, Array], x: Array, initial: list[Array]
    ) -> tuple[dict[str, Array], list[Array]]:
        """Gates and states (N, H) by name, and the states with the initial rows in front, by the equation alone."""
        packing = self.packing
        states = [np.concatenate((start, np.zeros((packing.rows, SIZE), x.dtype))) for start in initial]
        found: dict[str, Array] = {}
        for row in range(packing.rows):
            old = [state[packing.previous[row]] for state in states]
            values = equation(self.cell, weights, x[row], old)
            for name, value in values.items():
                found.setdefault(name, np.zeros((packing.rows, SIZE), x.dtype))[row] = value
            for state, array in zip(self.cell.states, states, strict=True):
                array[packing.batch + row] = values[state.name]
        return found, states

    def loss(self, weights: Mapping[str, Array], x: Array, initial: list[Array]) -> complex:
        _, states = self.plain(weights, x, initial)
        return complex(sum((taste * state).sum() for taste, state in zip(self.taste, states, strict=True)))

    def slope(self, array: Array) -> Array:
        """∂loss/∂array, number by number: the weights, x or one of the initial states."""
        found = np.zeros(array.shape)
        weights = self.weights()
        for place in np.ndindex(array.shape):
            nudge = np.zeros(array.shape, complex)
            nudge[place] = 1j * TINY
            changed = {name: w + nudge if w is array else w.astype(complex) for name, w in weights.items()}
            x = self.x + nudge if array is self.x else self.x.astype(complex)
            initial = [s + nudge if s is array else s.astype(complex) for s in self.initial]
            found[place] = self.loss(changed, x, initial).imag / TINY
        return found


@pytest.mark.parametrize("lengths", LENGTHS.values(), ids=LENGTHS)
@pytest.mark.parametrize("cell", CELLS)
def test_the_kernels_compute_the_equation(cell: str, lengths: list[int]) -> None:
    layer = Layer(cell, lengths)
    tape = layer.forward()
    found, states = layer.plain(layer.weights(), layer.x, layer.initial)
    for ours, theirs in zip(tape.states, states, strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-12, atol=1e-14)
    for plane, gate in zip(tape.z, layer.layer.cell.input_order, strict=True):
        name = layer.cell.gates[gate].name
        np.testing.assert_allclose(plane, found[name], rtol=1e-12, atol=1e-14, err_msg=name)


@pytest.mark.parametrize("lengths", LENGTHS.values(), ids=LENGTHS)
@pytest.mark.parametrize("cell", CELLS)
def test_the_backward_kernels_are_the_derivative_of_the_equation(cell: str, lengths: list[int]) -> None:
    layer = Layer(cell, lengths)
    tape = layer.forward()
    d_states = [taste.copy() for taste in layer.taste]
    d_x = layer.layer.backward(layer.work, tape, d_states, want_input=True)
    assert d_x is not None
    np.testing.assert_allclose(d_x, layer.slope(layer.x), rtol=1e-9, atol=1e-12)
    for d_state, start in zip(d_states, layer.initial, strict=True):
        np.testing.assert_allclose(d_state[: layer.packing.batch], layer.slope(start), rtol=1e-9, atol=1e-12)
        assert np.abs(d_state).max() > 0
    for name, gradient in layer.work.gradients.items():
        wanted = layer.slope(layer.parameters[name])
        np.testing.assert_allclose(gradient, wanted, rtol=1e-9, atol=1e-12, err_msg=name)
        assert np.abs(gradient).max() > 0, name


@pytest.mark.parametrize("cell", CELLS)
def test_without_memory_each_step_is_the_equation_of_zeros(cell: str) -> None:
    layer = Layer(cell, [1, 1, 1], memory=False)
    for start in layer.initial:
        start[:] = 0
    _, states = layer.plain(layer.weights(), layer.x, layer.initial)
    for ours, theirs in zip(layer.forward().states, states, strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize("cell", CELLS)
def test_single_precision_computes_the_same_to_its_last_digits(cell: str) -> None:
    layer = Layer(cell, LENGTHS["ragged"])
    exact = layer.forward()
    one = RecurrentLayer(cell, "layer", INPUTS, SIZE, np.float32)
    parameters = Parameters(one.shapes(), np.float32)
    parameters.flat[:] = layer.parameters.flat
    start = [state.astype(np.float32) for state in layer.initial]
    tape = one.forward(Workspace(parameters), layer.packing, layer.x.astype(np.float32), start)
    for ours, theirs in zip(tape.states, exact.states, strict=True):
        assert ours.dtype == np.float32
        np.testing.assert_allclose(ours, theirs, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("cell", CELLS)
def test_the_equations_define_every_gate_and_state_once_and_in_its_own_letters(cell: str) -> None:
    kind = CELLS[cell]
    names = [gate.name for gate in kind.gates] + [state.name for state in kind.states]
    assert sorted(name for equation in kind.equations for name in equation.defines) == sorted(names)
    assert len({gate.letter for gate in kind.gates}) == len(kind.gates)
    for line in kind.equations:
        left = line.text.split(" = ")[0]
        letters = [kind.gate(name).letter for name in line.defines if name in {gate.name for gate in kind.gates}]
        states = [f"{state.name}_t" for state in kind.states if state.name in line.defines]
        assert left in letters + states
    for gate in kind.gates:
        line = next(equation for equation in kind.equations if gate.name in equation.defines)
        assert f"= {gate.activation.name}(" in line.text
        assert bool(re.search(r"⊙ \(U_. h", line.text)) == bool(gate.past_through)
        assert not gate.past_through or f"{kind.gate(gate.past_through).letter} ⊙ (U" in line.text
    assert sum(state.carries for state in kind.states) == 1
    assert kind.title
    assert kind.summary.endswith(".")


@pytest.mark.parametrize("cell", CELLS)
def test_an_activation_undone_gives_the_sum_inside(cell: str) -> None:
    for gate in CELLS[cell].gates:
        for inside in (-1.5, -0.2, 0.3, 2.0):
            value = float(gate.activation.function(np.array(inside)))
            undone = gate.activation.inverse(value)
            assert undone == pytest.approx(inside) if undone is not None else value == 0
