"""What a network computed on a text: every state, gate and probability."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from engine.inspection.reading import Reading, Text, read
from engine.models import Model
from engine.models.description import Part
from engine.network.cells import Cell
from engine.network.losses import softmax
from engine.network.recurrent import LayerTape
from engine.types import FloatArray


@dataclass(frozen=True, eq=False)
class LayerTrace:
    """One layer, one direction, over the T steps of its part, in the order of the text.

    states: h (T, H); memory: c (T, H) of an LSTM, else None. gates: name → (T, H) activated. The step before the first
    (before the last, for a backward reading) is `initial` (H,).
    """

    name: str
    part: str
    layer: int
    direction: str  # "forward" or "backward"
    inputs: tuple[str, ...]
    states: FloatArray
    memory: FloatArray | None
    initial: FloatArray
    gates: Mapping[str, FloatArray]


@dataclass(frozen=True, eq=False)
class Trace:
    """A text as the network reads it.

    inputs (T,): what stands under each cell, the encoder's first. outputs (T,): the most probable symbol above each
    step, "" where nothing is read out; output_probability (T,) its probability, 0 there. probabilities (M, V): all
    predictions in order, for the `symbols` (V,); output_steps (M,): the step each stands above. targets (M,): the truth
    if `known`, else the network's own answer. attention (decoder steps, encoder steps) or None.
    """

    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    output_probability: FloatArray
    output_steps: tuple[int, ...]
    probabilities: FloatArray
    symbols: tuple[str, ...]
    targets: tuple[str, ...]
    known: bool
    layers: tuple[LayerTrace, ...]
    attention: FloatArray | None

    @property
    def states(self) -> tuple[FloatArray, ...]:
        """h (T, H) of every layer and direction."""
        return tuple(layer.states for layer in self.layers)

    @property
    def gates(self) -> tuple[Mapping[str, FloatArray], ...]:
        """Gates by name, each (T, H), of every layer and direction."""
        return tuple(layer.gates for layer in self.layers)


def _gates(cell: Cell, tape: LayerTape, steps: int) -> dict[str, FloatArray]:
    if len(cell.gates) == 1:
        return {}
    return {cell.gates[gate]: tape.z[plane][:steps].copy() for plane, gate in enumerate(cell.input_order)}


def _layers(model: Model, part: Part) -> list[LayerTrace]:
    traces = []
    network = model.networks()[part.name]
    steps = len(part.inputs)
    for k, (layer, tapes) in enumerate(zip(network.recurrent.layers, part.tape.recurrent.layers, strict=True)):
        for direction, (one, tape) in enumerate(zip(layer, tapes, strict=True)):
            batch = tape.packing.batch  # 1, or the steps themselves where there is no memory
            h = tape.states[0]
            c = tape.states[1][batch:].copy() if len(tape.states) > 1 else None
            gates = _gates(one.cell, tape, steps)
            states = h[batch:].copy()
            if direction == 1:
                states, c = states[::-1], None if c is None else c[::-1]
                gates = {name: values[::-1] for name, values in gates.items()}
            words = [
                part.name,
                f"layer {k + 1}" if len(network.recurrent.layers) > 1 else "",
                ("forward", "backward")[direction] if len(layer) > 1 else "",
            ]
            name = " ".join(word for word in words if word)
            traces.append(
                LayerTrace(
                    name, part.name, k, ("forward", "backward")[direction], part.inputs, states, c, h[0].copy(), gates
                )
            )
    return traces


def _output_steps(reading: Reading) -> list[int]:
    """The step above which each prediction stands."""
    total = sum(len(part.inputs) for part in reading.parts)
    count = reading.done.logits.shape[1]
    return list(range(total - count, total))


def trace(model: Model, text: Text, label: str | None = None) -> Trace:
    """Run the model over one text (or an Example, whose target is then the truth) and keep what it computed."""
    reading = read(model, text, label)
    probabilities = softmax(reading.done.logits).T.copy()
    if not reading.parts:
        return _without_steps(reading, probabilities)
    inputs = tuple(symbol for part in reading.parts for symbol in part.inputs)
    outputs, chances = [""] * len(inputs), np.zeros(len(inputs))
    steps = _output_steps(reading)
    for row, step in enumerate(steps):
        best = int(probabilities[row].argmax())
        outputs[step], chances[step] = reading.symbols[best], probabilities[row, best]
    weights = reading.done.attention_weights
    return Trace(
        inputs,
        tuple(outputs),
        chances,
        tuple(steps),
        probabilities,
        reading.symbols,
        reading.targets,
        reading.known,
        tuple(layer for part in reading.parts for layer in _layers(model, part)),
        None if weights is None else weights[0].copy(),
    )


def _without_steps(reading: Reading, probabilities: FloatArray) -> Trace:
    """Of a network that reads the whole text at once."""
    best = int(probabilities[0].argmax())
    return Trace(
        (),
        (reading.symbols[best],),
        probabilities[:, best],
        (0,),
        probabilities,
        reading.symbols,
        reading.targets,
        reading.known,
        (),
        None,
    )
