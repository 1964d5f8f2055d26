"""The networks once more, one sequence and one step at a time, straight from the equations.

Slow and plain on purpose: what the engine computes is held against this. All functions are analytic in the weights,
the states and the inputs, so that a complex step, f(x + iε).imag / ε, gives derivatives to the last digit
(Squire and Trapp, 1998).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.cells import CELLS, Cell
from engine.data.examples import Example
from engine.models import Model, Prediction

Array = NDArray[Any]
Place = tuple[str, int, int, int]  # part, layer, direction, step in the order of the text


@dataclass
class Changes:
    """What a test varies: numbers added to a state h, or to the memory c of a cell with h = o tanh(c), which h then
    follows; factors on the inputs of the first part; and a factor on the picture that a first state is made from."""

    nudges: Mapping[Place, Array] = field(default_factory=dict)
    memory_nudges: Mapping[Place, Array] = field(default_factory=dict)
    scales: Array | None = None
    picture: complex = 1.0


@dataclass
class ReferenceReading:
    """states by place; last: [layer][direction] the states (h or h, c) after the last step read; top: (T, H · D)."""

    states: dict[Place, tuple[Array, ...]]
    last: list[list[tuple[Array, ...]]]
    top: list[Array]


def log_softmax(x: Array) -> Array:
    shifted = x - x.real.max()
    return np.asarray(shifted - np.log(np.exp(shifted).sum()))


def gaussian_nats(scores: Array, target: Array) -> list[Any]:
    """−ln of the normal density of each number; scores (2 D,): means, then ln σ."""
    mean, log_sigma = scores[: len(target)], scores[len(target) :]
    return list(0.5 * np.log(2 * np.pi) + log_sigma + (target - mean) ** 2 * np.exp(-2 * log_sigma) / 2)


def equation(cell: type[Cell], weights: Mapping[str, Array], x: Array, old: Sequence[Array]) -> dict[str, Array]:
    """Gates and states of one step by name, as the cell's own equation has them.

    weights: of one layer, by their name there, gates in PyTorch's order, matrices as (gate, from, to).
    """
    letters = [gate.letter for gate in cell.gates]
    size = old[0].shape[-1]
    recurrent = weights.get("weight_hh", np.zeros((len(letters), size, size)))
    w, u, b = (dict(zip(letters, arrays, strict=True)) for arrays in (weights["weight_ih"], recurrent, weights["bias"]))
    b |= {name.removeprefix("bias_"): array for name, array in weights.items() if name.startswith("bias_")}
    return cell.equation(x, old, w, u, b)


def layer_weights(model: Model, prefix: str) -> dict[str, Array]:
    """The parameters of one layer, by their name there."""
    before = f"{prefix}."
    names = [name for name in model.parameters if name.rpartition(".")[0] == prefix]
    return {name.removeprefix(before): model.parameters[name] for name in names}


def step(model: Model, prefix: str, x: Array, old: tuple[Array, ...]) -> tuple[Array, ...]:
    """The states after one step of a layer."""
    cell = CELLS[model.config.cell]
    found = equation(cell, layer_weights(model, prefix), x, old)
    return tuple(found[state.name] for state in cell.states)


def read(
    model: Model,
    part: str,
    ids: Sequence[Any],
    changes: Changes,
    initial: list[list[tuple[Array, ...]]] | None = None,
) -> ReferenceReading:
    """All layers and directions of one network over one sequence."""
    config, weights = model.config, model.parameters
    network = part or "network"
    both = config.bidirectional and "bidirectional" not in model.unused
    directions = 2 if both and part != "decoder" else 1
    table = weights.get(f"{network}.embedding.weight")
    if table is None:
        table = np.eye(weights[f"{network}.0.weight_ih"].shape[1])
    xs = [(i @ table if isinstance(i, np.ndarray) else table[i]).astype(complex) for i in ids]
    if changes.scales is not None and part != "decoder":
        xs = [x * s for x, s in zip(xs, changes.scales, strict=True)]
    zeros = tuple(np.zeros(config.hidden_size, complex) for _ in CELLS[config.cell].states)
    states: dict[Place, tuple[Array, ...]] = {}
    last: list[list[tuple[Array, ...]]] = []
    for layer in range(config.num_layers):
        last.append([])
        for direction in range(directions):
            name = f"{network}.{layer}" + (".reverse" if direction else "")
            now = zeros if initial is None else initial[layer][direction]
            steps = range(len(ids))
            for t in steps[::-1] if direction else steps:
                now = step(model, name, xs[t], now if model.remembers else zeros)
                place = (part, layer, direction, t)
                now = (now[0] + changes.nudges.get(place, 0), *now[1:])
                if place in changes.memory_nudges:
                    h, c = now
                    now = (h * np.tanh(c + changes.memory_nudges[place]) / np.tanh(c), c + changes.memory_nudges[place])
                states[place] = now
            last[-1].append(now)
        xs = [np.concatenate([states[part, layer, d, t][0] for d in range(directions)]) for t in range(len(ids))]
    return ReferenceReading(states, last, xs)


@dataclass
class Result:
    """Everything about one example: logits and targets of its predictions (ids, or arrays (D,) of numbers), and what
    each part read."""

    logits: list[Array]
    targets: list[Any]
    parts: dict[str, ReferenceReading]
    attention: list[Array]

    def losses(self) -> list[Any]:
        """Nats of each prediction; of numbers those of each number."""
        if isinstance(self.targets[0], np.ndarray):
            return [nats for row, k in zip(self.logits, self.targets, strict=True) for nats in gaussian_nats(row, k)]
        return [-log_softmax(row)[k] for row, k in zip(self.logits, self.targets, strict=True)]


def _output(model: Model, x: Array) -> Array:
    return np.asarray(model.parameters["output.weight"] @ x + model.parameters["output.bias"])


def _attend(model: Model, query: Array, keys: Array, before: list[Array]) -> tuple[Array, Array]:
    """Luong attention, general: tanh(W_c [context; query]) and the weights; before: those of the steps before."""
    scores = query @ model.parameters["attention.score"] @ keys.T
    if before and "attention.location" in model.parameters:
        for seen, filter in zip((before[-1], sum(before)), model.parameters["attention.location"], strict=True):
            reach = len(filter) // 2
            padded = np.pad(seen, reach)
            scores = scores + np.array([padded[s : s + len(filter)] @ filter for s in range(len(keys))])
    weights = np.exp(log_softmax(scores))
    joined = np.concatenate((weights @ keys, query))
    return np.tanh(joined @ model.parameters["attention.combine"]), weights


def _pool(model: Model, reading: ReferenceReading) -> Array:
    if model.config.pooling == "last":
        return np.concatenate([state[0] for state in reading.last[-1]])
    top = np.stack(reading.top)
    if model.config.pooling == "mean":
        return np.asarray(top.mean(axis=0))
    return np.asarray(top[top.real.argmax(axis=0), np.arange(top.shape[1])])


def run(model: Model, example: Example, changes: Changes | None = None) -> Result:
    """One example through any recurrent model."""
    changes = changes or Changes()
    codec, kind = model.codec, model.codec.kind
    source: list[Any] = []
    if codec.frames is None:
        source = codec.source.known(codec.source.encode(example.source)).tolist()
    else:
        source = list(codec.frames.standardise(example.source).astype(float))
    target: list[Any] = [] if codec.target is None else codec.target.known(codec.target.encode(example.target)).tolist()
    end = 1
    if model.predicts is Prediction.NEXT_SYMBOL:
        size = len(codec.source)
        if kind == "stream":
            inputs, targets = source[:-1], source[1:]
        else:
            inputs, targets = [size + (target[0] if target else 0), *source], [*source, end]
        reading = read(model, "", inputs, changes)
        return Result([_output(model, x) for x in reading.top], targets, {"": reading}, [])
    if kind == "tagged":
        reading = read(model, "", source, changes)
        return Result([_output(model, x) for x in reading.top], target, {"": reading}, [])
    if kind == "series":
        reading = read(model, "", source[:-1], changes)
        counted = len(example.target)
        return Result([_output(model, x) for x in reading.top[-counted:]], source[-counted:], {"": reading}, [])
    if kind in ("labelled", "labelled-series", "rated"):
        reading = read(model, "", source or [end], changes)
        if codec.values is not None:
            target = [codec.values.standardise(example.target)[0].astype(float)]
        return Result([_output(model, _pool(model, reading))], target, {"": reading}, [])
    if kind == "pictures":
        layers = [
            [tuple(model.parameters[f"picture.{layer}.{name}.weight"] @ source[0] * changes.picture
                   + model.parameters[f"picture.{layer}.{name}.bias"]
                   for name in (state.name for state in CELLS[model.config.cell].states))]
            for layer in range(model.config.num_layers)
        ]  # fmt: skip
        reading = read(model, "", [len(codec.target or ()), *target], changes, layers)
        return Result([_output(model, x) for x in reading.top], [*target, end], {"": reading}, [])
    encoder = read(model, "encoder", source if codec.frames is not None else [*source, end], changes)
    first, names = encoder.last, [state.name for state in CELLS[model.config.cell].states]
    if model.config.bidirectional:
        first = [
            [
                tuple(
                    np.concatenate(pair) @ model.parameters[f"bridge.{k}.{name}"]
                    for name, pair in zip(names, zip(*layer, strict=True), strict=True)
                )
            ]
            for k, layer in enumerate(encoder.last)
        ]
    decoder = read(model, "decoder", [len(codec.target or ()), *target], changes, first)
    tops, heat = decoder.top, []
    if model.config.attention:
        keys = np.stack(encoder.top)
        tops = []
        for query in decoder.top:
            top, weights = _attend(model, query, keys, heat)
            tops.append(top)
            heat.append(weights)
    parts = {"encoder": encoder, "decoder": decoder}
    return Result([_output(model, x) for x in tops], [*target, end], parts, heat)
