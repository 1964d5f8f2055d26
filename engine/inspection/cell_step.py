"""One step of one cell with its real numbers: forwards, then backwards in the reverse order."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.cells import Cell
from engine.errors import ConfigError
from engine.inspection.reading import Text, read_text
from engine.inspection.trace import gates_by_name
from engine.models import Model
from engine.network.recurrent import LayerTape, RecurrentLayer
from engine.types import FloatArray, IntArray


@dataclass(frozen=True, eq=False)
class Term:
    """A part of the sum inside a gate: from one input, one unit of the state before, or the bias."""

    name: str
    value: float
    weight: float


@dataclass(frozen=True, eq=False)
class CellStep:
    """Vectors of one step by name, each (H,) unless said otherwise.

    x: the input: (D,) numbers, or None for a symbol's one-hot vector. forward: the states before ("h before",
    "c before"), each gate's sum ("… sum"; "… sum, input" and "… sum, past" where another gate stands between them) and
    value, the new states in the order of the equations. backward: gradients of the mean loss
    of the text, in the order in which they are computed: those arriving at the states, those at each gate's sum, and
    those leaving for the previous states, where they join the gradients from that step's own output and from the layers
    above.
    """

    symbol: str
    x: FloatArray | None
    cell: type[Cell]
    forward: dict[str, FloatArray]
    backward: dict[str, FloatArray]


def _one_layer(
    model: Model, text: Text, label: str | None, part: str, layer: int, direction: int, backward: bool
) -> tuple[RecurrentLayer, LayerTape, tuple[str, ...]]:
    reading = read_text(model, text, label)
    chosen = next((p for p in reading.parts if p.name == part), None)
    if chosen is None:
        raise ConfigError("This network has no such part.")
    if backward:
        model.loss_gradient(reading.done, 1 / reading.done.count)
        model.backward(reading.done)
    network = model.networks()[part]
    return network.recurrent.layers[layer][direction], chosen.tape.recurrent.layers[layer][direction], chosen.inputs


def _sums(layer: RecurrentLayer, model: Model, x: FloatArray | IntArray, h: FloatArray) -> dict[str, FloatArray]:
    """gate → (H,) the sum inside it; in two parts where another gate multiplies the recurrent one."""
    parameters, cell = model.parameters, layer.cell
    inputs = parameters[f"{layer.prefix}.weight_ih"]
    bias = parameters[f"{layer.prefix}.bias"]
    sums: dict[str, FloatArray] = {}
    for index, gate in enumerate(cell.gates):
        here = (x @ inputs[index] if x.dtype.kind == "f" else inputs[index][int(x)]) + bias[index]
        past = h @ parameters[f"{layer.prefix}.weight_hh"][index] if layer.memory else np.zeros_like(here)
        if gate.past_through:
            sums[f"{gate.name} sum, input"] = here
            sums[f"{gate.name} sum, past"] = past + layer.recurrent_bias(parameters)
        else:
            sums[f"{gate.name} sum"] = here + past
    return sums


def cell_step(
    model: Model, text: Text, step: int, *, label: str | None = None, part: str = "", layer: int = 0, direction: int = 0
) -> CellStep:
    """Compute step `step` (in the order of the text) of one layer. ConfigError if there is no such part."""
    one, tape, inputs = _one_layer(model, text, label, part, layer, direction, backward=True)
    steps = len(inputs)
    if not 0 <= step < steps:
        raise ConfigError(f"Step {step + 1} of {steps} does not exist.")
    row = steps - 1 - step if direction else step
    batch = tape.packing.batch
    before = row if tape.packing.steps == 1 or row == 0 else batch + row - 1
    now = batch + row
    cell = one.cell
    x = tape.x[row]
    h_before = tape.states[0][before]
    names = [state.name for state in cell.states]
    forward = {f"{name} before": states[before].copy() for name, states in zip(names, tape.states, strict=True)}
    forward |= _sums(one, model, x, h_before)
    gates = gates_by_name(cell, tape.z[:, row])
    forward |= gates
    defined = [name for equation in cell.equations for name in equation.defines if name in names]
    forward |= {name: tape.states[names.index(name)][now].copy() for name in defined}
    backward = {f"∂ {name}": gradient[now].copy() for name, gradient in zip(names, tape.d_states, strict=True)}
    planes = tape.delta[cell.input_planes]
    backward |= {
        f"∂ {cell.gates[gate].name} sum": planes[plane][row].copy() for plane, gate in enumerate(cell.input_order)
    }
    arriving = [d_state[now] for d_state in tape.d_states]
    leaving = [np.zeros_like(gradient) for gradient in arriving]
    if one.memory:
        leaving = cell.straight(gates, arriving)
        matrices = model.parameters[f"{one.prefix}.weight_hh"]
        for plane, gate in zip(tape.delta[cell.recurrent_planes], cell.recurrent_order, strict=True):
            leaving[0] += plane[row] @ matrices[gate].T
    backward |= {f"∂ {name} before": gradient for name, gradient in zip(names, leaving, strict=True)}
    numbers = np.array(x) if x.dtype.kind == "f" else None
    return CellStep(inputs[step], numbers, type(cell), forward, backward)


def terms(
    model: Model,
    text: Text,
    step: int,
    unit: int,
    gate: int,
    *,
    label: str | None = None,
    part: str = "",
    layer: int = 0,
    direction: int = 0,
    largest: int = 5,
) -> list[Term]:
    """The sum inside one gate of one unit, written out: the input, the bias, the `largest` contributions from the
    previous state, and the rest of them together; one term for a state of zeros. Its values add up to the gate's
    sum."""
    one, tape, inputs = _one_layer(model, text, label, part, layer, direction, backward=False)
    row = len(inputs) - 1 - step if direction else step
    before = row if tape.packing.steps == 1 or row == 0 else tape.packing.batch + row - 1
    weight = model.parameters[f"{one.prefix}.weight_ih"][gate]
    x = tape.x[row]
    entering = float(x @ weight[:, unit]) if x.dtype.kind == "f" else float(weight[int(x), unit])
    found = [Term(f"input {inputs[step]}", entering, entering)]
    found.append(Term("bias", float(model.parameters[f"{one.prefix}.bias"][gate, unit]), 1.0))
    if one.cell.gates[gate].past_through:
        found.append(Term("bias of the past", float(one.recurrent_bias(model.parameters)[unit]), 1.0))
    if not one.memory:
        return found
    weights = model.parameters[f"{one.prefix}.weight_hh"][gate][:, unit]
    values = tape.states[0][before] * weights
    if not tape.states[0][before].any():
        return [*found, Term("the state before is 0", 0.0, float("nan"))]
    order = np.argsort(-np.abs(values), kind="stable")
    found += [Term(f"unit {k}", float(values[k]), float(weights[k])) for k in order[:largest].tolist()]
    rest = order[largest:]
    if len(rest):
        found.append(Term(f"{len(rest)} other units", float(values[rest].sum()), float("nan")))
    return found
