"""Everything a network computed on a text: every state, gate and probability."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from engine.cells import Cell
from engine.inspection.reading import Reading, Text, read_text
from engine.models import Model
from engine.models.model_description import Part
from engine.types import FloatArray, IntArray


@dataclass(frozen=True, eq=False)
class LayerTrace:
    """One layer, one direction, over the T steps of its part, in the order of the text.

    by_state: each state of the cell by name, (T, H). start: the same before the first step read (of a backward reading,
    the last one of the text), (H,). gates: name → (T, H) activated, all but one that is the state itself. remembers:
    whether a step begins with the states of the step before; otherwise each begins with `start`, which is zero.
    """

    name: str
    part: str
    layer: int
    direction: str  # "forward" or "backward"
    inputs: tuple[str, ...]
    cell: type[Cell]
    by_state: Mapping[str, FloatArray]
    start: Mapping[str, FloatArray]
    gates: Mapping[str, FloatArray]
    remembers: bool

    @property
    def states(self) -> FloatArray:
        """h (T, H), which the layer above reads."""
        return self.by_state[self.cell.states[0].name]

    @property
    def initial(self) -> FloatArray:
        """h (H,) before the first step read."""
        return self.start[self.cell.states[0].name]

    @property
    def memory(self) -> FloatArray | None:
        """(T, H) the state that carries the cell's memory, c of an LSTM; None where it is h."""
        carrier = self.cell.carrier()
        return self.by_state[self.cell.states[carrier].name] if carrier else None


@dataclass(frozen=True, eq=False)
class Trace:
    """A text as the network reads it.

    inputs (T,): the label under each cell, starting with the encoder's. outputs (T,): the most probable symbol above
    each step, "" if nothing is read out; output_probability (T,) its probability, 0 there. probabilities (M, V): all
    predictions in order, for the `symbols` (V,); output_steps (M,): the step each stands above. targets (M,): the truth
    if `known`, else the network's own answer. attention (decoder steps, encoder steps) or None.

    frames: part → (T, D), the numbers under its steps, in their own units; no entry if it reads symbols.
    standardised: the same in standard deviations from the mean of their column in training; no entry if all columns are
    scaled alike, such as the bands of a sound.
    means, deviations, truths (M, D): the predicted numbers in their own units, their standard deviations (NaN if not
    learned), and the true numbers if `known`; None if symbols are predicted. For numbers, `probabilities` has no
    columns. columns (D,): names of the predicted numbers. usual (D,): their standard deviations in training. nats
    (M,): the contribution of each prediction to the loss, NaN where it never counts.

    vectors: part → (T, D), the numbers that its first layer reads; no entry if symbols enter one-hot. read
    (M, S): the numbers that each prediction is computed from. winners (S,): the step that each of these comes from if
    they are maxima over time, else None. scorer: turns scores into probabilities. apart: whether each prediction has
    its own loss. places: the number of symbols a network without steps has room for; 0 for all others. copied (M, V):
    the part of each of the `probabilities` that is copied from the source, None if the network cannot copy; a row adds
    up to how much is copied at its step. drawn: how many symbols a training step scores at random, 0 if it scores all.
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
    vectors: Mapping[str, FloatArray]
    read: FloatArray
    scorer: str
    apart: bool
    winners: IntArray | None = None
    places: int = 0
    frames: Mapping[str, FloatArray] = field(default_factory=dict)
    means: FloatArray | None = None
    deviations: FloatArray | None = None
    truths: FloatArray | None = None
    nats: FloatArray = field(default_factory=lambda: np.zeros(0))
    columns: tuple[str, ...] = ()
    standardised: Mapping[str, FloatArray] = field(default_factory=dict)
    usual: tuple[float, ...] = ()
    copied: FloatArray | None = None
    drawn: int = 0

    def losses(self, wanted: Sequence[str]) -> FloatArray:
        """(M,) symbols → (M,) nats: −ln of the probability that each prediction gives to its right symbol. NaN if that
        is "" or a symbol outside the choices, and for joint predictions. For numbers only the losses of `targets` are
        known.
        """
        if not self.apart:
            return np.full(len(wanted), np.nan)
        same = [one == other for one, other in zip(wanted, self.targets, strict=True)]
        if self.means is not None:
            return np.where(same, self.nats, np.nan)
        place = {symbol: k for k, symbol in enumerate(self.symbols)}
        columns = np.array([place.get(symbol, -1) for symbol in wanted], np.int64)
        probabilities = self.probabilities[np.arange(len(columns)), columns].astype(np.float64)
        with np.errstate(divide="ignore", invalid="ignore"):  # single precision rounds probabilities that are nearly 1
            return np.where(columns < 0, np.nan, np.where(same, self.nats, -np.log(probabilities)))

    @property
    def states(self) -> tuple[FloatArray, ...]:
        """h (T, H) of every layer and direction."""
        return tuple(layer.states for layer in self.layers)

    @property
    def gates(self) -> tuple[Mapping[str, FloatArray], ...]:
        """Gates by name, each (T, H), of every layer and direction."""
        return tuple(layer.gates for layer in self.layers)


def gates_by_name(cell: Cell, z: FloatArray) -> dict[str, FloatArray]:
    """Planes z (G, …) of activated gates by name, all but one that is the state itself."""
    planes = {cell.gates[gate]: z[plane] for plane, gate in enumerate(cell.input_order)}
    return {gate.name: planes[gate].copy() for gate in cell.inner_gates()}


def _layers(model: Model, part: Part) -> list[LayerTrace]:
    traces = []
    network = model.networks()[part.name]
    steps = len(part.inputs)
    for k, (layer, tapes) in enumerate(zip(network.recurrent.layers, part.tape.recurrent.layers, strict=True)):
        for direction, (one, tape) in enumerate(zip(layer, tapes, strict=True)):
            batch = tape.packing.batch  # 1, or the steps themselves where there is no memory
            order = slice(None, None, -1 if direction else 1)
            stored = {state.name: values for state, values in zip(one.cell.states, tape.states, strict=True)}
            states = {name: values[batch:].copy()[order] for name, values in stored.items()}
            start = {name: values[0].copy() for name, values in stored.items()}
            gates = {name: values[order] for name, values in gates_by_name(one.cell, tape.z[:, :steps]).items()}
            way = ("forward", "backward")[direction]
            words = [
                part.name,
                f"layer {k + 1}" if len(network.recurrent.layers) > 1 else "",
                way if len(layer) > 1 else "",
            ]
            name = " ".join(word for word in words if word)
            cell = type(one.cell)
            traces.append(LayerTrace(name, part.name, k, way, part.inputs, cell, states, start, gates, one.memory))
    return traces


def _output_steps(reading: Reading) -> list[int]:
    """The step that each prediction belongs to."""
    total = sum(len(part.inputs) for part in reading.parts)
    count = reading.done.logits.shape[1]
    return list(range(total - count, total))


@np.errstate(over="ignore", invalid="ignore")  # enormous weights have no figures
def trace(model: Model, text: Text, label: str | None = None) -> Trace:
    """Run the model over one text (or an Example, whose target is then the truth) and keep what it computed."""
    reading = read_text(model, text, label)
    probabilities = np.ascontiguousarray(model.probabilities(reading.done).T)
    answers, nats = model.best(reading.done), model.nats(reading.done)
    nats[: reading.uncounted] = np.nan
    if not reading.parts:
        return _without_steps(reading, probabilities, nats, model)
    inputs = tuple(symbol for part in reading.parts for symbol in part.inputs)
    outputs, chances = [""] * len(inputs), np.zeros(len(inputs))
    steps = _output_steps(reading)
    spread = model.numbers_of(reading.done)
    if spread is not None:
        for step, written in zip(steps, model.codec.written(spread[0]), strict=True):
            outputs[step] = written
    else:
        for row, step in enumerate(steps):
            best = int(answers[row])
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
        {part.name: numbers for part in reading.parts if (numbers := _vectors(part)) is not None},
        reading.done.read_out.states.copy(),
        model.scorer.title,
        model.scorer.apart,
        reading.done.winning_steps,
        0,
        {part.name: frames for part in reading.parts if (frames := _frames(part, model)) is not None},
        None if spread is None else spread[0],
        None if spread is None else spread[1],
        None if model.codec.values is None or not reading.known else model.codec.values.restore(reading.done.targets),
        nats,
        () if model.codec.values is None else model.codec.values.names,
        {part.name: rows for part in reading.parts if (rows := _standardised(part, model)) is not None},
        () if model.codec.values is None else model.codec.values.deviation,
        None if reading.done.copied is None else np.ascontiguousarray(reading.done.copied.T),
        model.drawn_symbols,
    )


def _standardised(part: Part, model: Model) -> FloatArray | None:
    ids, numbers = part.tape.ids, model.codec.frames
    apart = ids.dtype.kind == "f" and numbers is not None and len(numbers.mean) == ids.shape[1]
    return ids.copy() if apart else None


def _frames(part: Part, model: Model) -> FloatArray | None:
    """(T, D) the numbers under the steps of a part, in their own units; None where it reads symbols."""
    ids, numbers = part.tape.ids, model.codec.frames
    return numbers.restore(ids) if ids.dtype.kind == "f" and numbers is not None else None


def _vectors(part: Part) -> FloatArray | None:
    """(T, D) the input of the first layer, in the order of the text; None for one-hot symbols."""
    x = part.tape.recurrent.layers[0][0].x
    return x.copy() if x.dtype.kind == "f" else None


def _without_steps(reading: Reading, probabilities: FloatArray, nats: FloatArray, model: Model) -> Trace:
    """The trace of a network that reads the whole text at once."""
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
        {},
        reading.done.read_out.states.copy(),
        model.scorer.title,
        model.scorer.apart,
        places=model.longest,
        nats=nats,
    )
