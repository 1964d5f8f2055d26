"""Maps our parameters to the tensors of a network in PyTorch, for export and import alike.

Recurrent matrices are (gate, from, to) here and (gate · to, from) there, with the gates in the same order. In PyTorch
every layer has two biases, which are added together. Only the second bias of a GRU's candidate is a parameter here; the
others are written as zeros, and what they have learned in PyTorch is added to the first bias.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import cast

import numpy as np

from engine.models import EncoderDecoder, ManyToOne, Model
from engine.models.model_description import ExportForm
from engine.network.letter_patterns import PATTERN_WIDTHS, LetterPatterns
from engine.network.parameters import Parameters
from engine.network.recurrent import RecurrentLayer
from engine.network.recurrent_stack import Recurrent
from engine.network.sequence_network import SymbolNetwork
from engine.network.word_features import Letters, Spelling
from engine.types import Array

Reshape = Callable[[Array], Array]


def _as_it_is(parameter: Array) -> Array:
    return parameter


def _transposed(parameter: Array) -> Array:
    return parameter.T


@dataclass(frozen=True)
class TensorPlace:
    """Where some numbers of a tensor belong: a view of one of our parameters.

    held: whether an exported tensor holds the parameter's values; if not, it holds zeros, and an import adds what it
    finds there to the parameter. parameter: "" for numbers without a counterpart here. size: how many numbers, if they
    are not the whole parameter.
    """

    parameter: str
    view: Reshape = _as_it_is
    held: bool = True
    size: int = 0

    def count(self, shapes: dict[str, tuple[int, ...]]) -> int:
        """How many numbers it covers."""
        return self.size or math.prod(shapes[self.parameter])


@dataclass(frozen=True)
class TorchTensor:
    """A tensor of the network in PyTorch: its name and shape, and the places of its numbers, one after another."""

    name: str
    shape: tuple[int, ...]
    places: tuple[TensorPlace, ...]

    def of(self, parameters: Parameters) -> Array:
        """The tensor that holds these parameters, in `shape`, as float32."""
        pieces = []
        for place in self.places:
            held = place.parameter and place.held
            pieces.append(place.view(parameters[place.parameter]).ravel() if held else np.zeros(place.size))
        return np.ascontiguousarray(np.concatenate(pieces).reshape(self.shape), np.float32)

    def add_to(self, parameters: Parameters, tensor: Array) -> None:
        """Add the numbers of a tensor, in `shape`, to the parameters they belong to, which begin as zeros."""
        numbers, start = tensor.reshape(-1), 0
        for place in self.places:
            stop = start + place.count(parameters.shapes)
            if place.parameter:
                here = place.view(parameters[place.parameter])
                here += numbers[start:stop].reshape(here.shape)
            start = stop


def tensors_of(model: Model) -> tuple[TorchTensor, ...]:
    """The `state_dict` of the network in PyTorch. Asks only for shapes: the model may be an `outline`."""
    return tuple(_tensors(model))


def recurrent_tensors(recurrent: Recurrent, name: str) -> Iterator[TorchTensor]:
    """The tensors of an nn.RNN, nn.LSTM or nn.GRU. name: the prefix of `weight_ih_l0` and the like."""
    for k, parts in enumerate(recurrent.layers):
        for part, suffix in zip(parts, ("", "_reverse"), strict=False):
            for tensor in _layer(part):
                yield TorchTensor(f"{name}{tensor.name}_l{k}{suffix}", tensor.shape, tensor.places)


def _tensors(model: Model) -> Iterator[TorchTensor]:
    shapes = model.shapes()

    def plain(name: str, parameter: str) -> TorchTensor:
        return TorchTensor(name, shapes[parameter], (TensorPlace(parameter),))

    def turned(name: str, parameter: str) -> TorchTensor:
        return TorchTensor(name, shapes[parameter][::-1], (TensorPlace(parameter, _transposed),))

    for name in ("output.weight", "output.bias", *model.scorer.shapes()):
        yield plain(name, name)
    for part, network in model.networks().items():
        yield from _reader(network, part or "reader", plain)
    if model.export_form is ExportForm.CLASSIFIER:
        counts = cast(ManyToOne, model).word_counts
        for parameter in () if counts is None else counts.shapes():
            yield plain(f"counts.{parameter.rpartition('.')[2]}", parameter)
    elif model.export_form is ExportForm.FEED_FORWARD:
        yield plain("table", "hidden.weight")
        yield plain("bias", "hidden.bias")
    elif model.export_form is ExportForm.TRANSLATOR:
        yield from _between_parts(cast(EncoderDecoder, model), turned)


def _between_parts(model: EncoderDecoder, turned: Callable[[str, str], TorchTensor]) -> Iterator[TorchTensor]:
    """Attention, and `bridges.<state>.<layer>`; ours are named by layer and state."""
    if model.attention is not None:
        yield turned("score.weight", model.attention.score)
        yield turned("combine.weight", model.attention.combine)
    states: dict[str, int] = {}
    for name in model.shapes():
        if name.startswith("bridge."):
            _, layer, state = name.split(".")
            yield turned(f"bridges.{states.setdefault(state, len(states))}.{layer}.weight", name)


def _reader(network: SymbolNetwork, name: str, plain: Callable[[str, str], TorchTensor]) -> Iterator[TorchTensor]:
    """Embedding, spelling and recurrent layers."""
    yield from recurrent_tensors(network.recurrent, f"{name}.recurrent.")
    if network.embedding is not None:
        yield plain(f"{name}.embedding.weight", network.embedding.name)
    if network.neighbours is not None:
        yield plain(f"{name}.neighbours.weight", network.neighbours.table.name)
    if network.spelling is not None:
        parts = network.spelling.parts
        for k, spelling in enumerate(parts):
            yield from _spelling(spelling, f"{name}.spelling" + (f".parts.{k}" if len(parts) > 1 else ""), plain)


def _spelling(spelling: Spelling, name: str, plain: Callable[[str, str], TorchTensor]) -> Iterator[TorchTensor]:
    if isinstance(spelling, Letters):
        yield plain(f"{name}.embedding.weight", spelling.embedding.name)
        yield from recurrent_tensors(spelling.recurrent, f"{name}.recurrent.")
    elif isinstance(spelling, LetterPatterns):
        yield plain(f"{name}.embedding.weight", spelling.embedding.name)
        size = spelling.embedding.shape[1]
        for k, (width, patterns) in enumerate(zip(PATTERN_WIDTHS, spelling.patterns, strict=True)):
            shape = (
                patterns.output_size,
                size,
                width,
            )  # Conv1d's; ours is (patterns, width · size)
            yield TorchTensor(f"{name}.patterns.{k}.weight", shape, (TensorPlace(patterns.weight, _kernel(width)),))
            yield plain(f"{name}.patterns.{k}.bias", patterns.bias)
    else:
        (table,) = spelling.shapes()
        yield plain(f"{name}.embedding.weight", table)


def _kernel(width: int) -> Reshape:
    """(F, w · E) → (F, E, w)."""
    return lambda weight: weight.reshape(len(weight), width, -1).transpose(0, 2, 1)


def _layer(part: RecurrentLayer) -> Iterator[TorchTensor]:
    """The four tensors of a layer in one direction."""
    gates, size = part.cell.gates, part.hidden_size
    rows = len(gates) * size
    bias, own_bias = f"{part.prefix}.bias", f"{part.prefix}.bias_{part.cell.recurrent_bias()}"
    yield TorchTensor("weight_ih", (rows, part.input_size), (TensorPlace(f"{part.prefix}.weight_ih", _by_gate),))
    if part.memory:
        yield TorchTensor("weight_hh", (rows, size), (TensorPlace(f"{part.prefix}.weight_hh", _by_gate),))
    else:  # there is no past to multiply by it
        yield TorchTensor("weight_hh", (rows, size), (TensorPlace("", size=rows * size),))
    yield TorchTensor("bias_ih", (rows,), (TensorPlace(bias),))
    second = (
        TensorPlace(own_bias) if gate.past_through else TensorPlace(bias, _row(k), held=False, size=size)
        for k, gate in enumerate(gates)
    )
    yield TorchTensor("bias_hh", (rows,), tuple(second))


def _row(k: int) -> Reshape:
    """The bias of one gate."""
    return lambda biases: biases[k]


def _by_gate(weight: Array) -> Array:
    """(G, D, H) → (G, H, D)."""
    return weight.transpose(0, 2, 1)
