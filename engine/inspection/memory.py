"""The share of each input in the last state, and of what the first state is made from."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.errors import ConfigError
from engine.inspection.reading import Text, read_text
from engine.models import Model
from engine.models.model_description import Part
from engine.network.packing import Packing
from engine.network.parameters import Parameters
from engine.network.recurrent import LayerTape, RecurrentLayer
from engine.network.sequence_network import SymbolTape
from engine.types import FloatArray, IntArray

ROWS = 1 << 16  # rows of the batched backward pass that are processed at once


@dataclass(frozen=True, eq=False)
class Memory:
    """shares (T,): how the last state's dependence on its inputs is divided among them; they sum to 1. begun: the
    share of the whole dependence that goes to what the first state is made from, such as the picture of a captioner;
    the inputs have the rest.

    The dependence on input t is ‖dh_T / dε‖ when input t, or the picture, is scaled by 1 + ε: the derivative of the
    last state in the direction of that input. The last state is h of the top layer. If the network has several parts,
    it is that of the first, `part`. With two directions it is both of them, one after the other: the one read forwards
    ends with the last input, the one read backwards with the first. After divergence the shares are NaN; they are all 0
    where the last state depends on no input, as when its units are saturated.
    """

    inputs: tuple[str, ...]
    shares: FloatArray
    part: str = ""  # "" if the network has only one
    directions: int = 1
    begun: float = 0.0

    @property
    def responds(self) -> bool:
        """Whether the last state depends on anything at all."""
        return self.begun > 0 or bool(self.shares.any())


def _pull(layer: RecurrentLayer, parameters: Parameters, tape: LayerTape) -> FloatArray:
    """(N,) gradient · W x: how far each row's input moves the quantity that the backward pass began with."""
    delta = tape.delta[layer.cell.input_planes]
    weight = parameters[f"{layer.prefix}.weight_ih"]
    x, pull = tape.x, np.zeros(delta.shape[1])
    for plane, gate in zip(delta, layer.cell.input_order, strict=True):
        part = x @ weight[gate] if x.dtype.kind == "f" else weight[gate][x]
        pull += np.einsum("nh,nh->n", plane, part)
    return pull


def _squares(model: Model, part: Part, ids: IntArray, units: IntArray) -> FloatArray:
    """(1 + T,) sum over the given units of the last state of (dh / dε)², for what the first state is made from and then
    for each input: one backward pass for each unit, as a batch."""
    network, initial = model.networks()[part.name], part.tape.recurrent.initial
    size, directions = network.recurrent.hidden_size, network.recurrent.directions
    steps, count = len(ids), len(units)
    packing = Packing(np.full(count, steps))
    model.work.reset()
    start = initial.take(np.zeros(count, np.int64))
    tape = network.forward(model.work, packing, np.repeat(ids, count, axis=0), start, vocabulary=part.tape.vocabulary)
    d_final = tape.recurrent.final.zeros_like()
    rows = np.arange(count)
    for direction in range(directions):
        mine = units // size == direction
        d_final[-1][direction][0][rows[mine], units[mine] % size] = 1
    d_initial = network.backward(model.work, tape, None, d_final)
    begun = np.zeros(count)
    for d_state, made in zip(d_initial.arrays(), () if part.made is None else part.made.arrays(), strict=False):
        begun += (d_state * made).sum(axis=1)
    total = np.vstack([begun, input_pull(model, part.name, tape).reshape(steps, count)])
    return np.asarray((total * total).sum(axis=1))


def input_pull(model: Model, network: str, tape: SymbolTape) -> FloatArray:
    """(N,) after a backward pass: derivative of what it began with when each row's input is scaled by 1 + ε."""
    total = np.zeros(tape.recurrent.packing.rows)
    layer = model.networks()[network].recurrent.layers[0]
    for direction, part in enumerate(tape.recurrent.layers[0]):
        pull = _pull(layer[direction], model.parameters, part)
        total += pull[tape.recurrent.packing.mirrored] if direction else pull
    return total


@np.errstate(over="ignore", invalid="ignore")  # enormous weights have no figures
def memory(model: Model, text: Text, label: str | None = None) -> Memory:
    """Share of each input in the last state."""
    reading = read_text(model, text, label)
    if not reading.parts:
        raise ConfigError("A feed-forward network has no state that could remember.")
    part = reading.parts[0]
    inputs, ids = part.inputs, part.tape.ids.copy()
    if not model.remembers:
        shares = np.zeros(len(inputs))
        shares[-1] = 1
        return Memory(inputs, shares, part.name)
    units = np.arange(part.tape.recurrent.output.shape[1])
    pieces = np.array_split(units, max(1, -(-len(units) * len(ids) // ROWS)))
    begun, *influence = np.sqrt(sum(_squares(model, part, ids, piece) for piece in pieces)).tolist()
    total = sum(influence)
    shares = np.array(influence) / total if total != 0 else np.zeros(len(ids))
    directions = model.networks()[part.name].recurrent.directions
    return Memory(inputs, shares, part.name, directions, begun / (begun + total) if begun else 0.0)


def no_response(found: Memory, model: Model) -> str:
    """That nothing has a share in the last state, and why."""
    states, do = ("two last states", "respond") if found.directions > 1 else ("last state", "responds")
    zero = "" if model.codec.frames is None else ", or the inputs themselves are zero"
    return f"The {states} no longer {do} to any input: all units are saturated or zero{zero}."
