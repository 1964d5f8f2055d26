"""Imports weights that were trained elsewhere as a run: an nn.RNN, nn.LSTM or nn.GRU between an embedding and a linear
layer.

They are the `state_dict` of any module that has these three, in a safetensors file; a JSON file of the same name beside
it, or vocabulary.json, says what the symbols are and how the network is used. See docs/import.md.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from engine.cells import CELLS
from engine.config import ModelConfig, TrainingConfig
from engine.data.codec import Codec, Kind
from engine.data.data_config import DataConfig
from engine.data.vocabulary import END, START, UNKNOWN
from engine.errors import StorageError
from engine.models import MODELS, model_class, representative
from engine.models.model_description import Prediction
from engine.network.recurrent_stack import Recurrent
from engine.runs.json_fields import Fields
from engine.runs.pytorch_folder import (
    VOCABULARY,
    Tensors,
    imported,
    naming_the_file,
    read_header,
    read_json,
    unknown_data,
)
from engine.runs.run import Run
from engine.runs.run_file import LONGEST
from engine.runs.safetensors_container import WEIGHTS_SUFFIX
from engine.runs.torch_tensors import recurrent_tensors
from engine.training.training_progress import TrainingProgress
from engine.types import Array

_USUAL_LENGTH = 100  # assumed length of the longest text if the description does not give one
_FAR_BELOW = 30.0  # nats by which a missing answer scores below the mean of the others

# What a network predicts → its kind of data; it reads running text if no symbol begins a text.
_KINDS = {
    Prediction.NEXT_SYMBOL: Kind.SEQUENCES,
    Prediction.LABEL: Kind.LABELLED,
    Prediction.TAG: Kind.TAGGED,
}


def description_of(path: Path) -> Path | None:
    """The JSON file that describes a file of weights, or the weights in a folder; None if there is none."""
    weights = _weights_in(path)
    places = [] if weights is None else [weights.with_suffix(".json"), weights.parent / VOCABULARY]
    return next((place for place in places if place.is_file()), None)


def _weights_in(path: Path) -> Path | None:
    if not path.is_dir():
        return path if path.is_file() else None
    found = [each for each in path.iterdir() if each.suffix.lower() == WEIGHTS_SUFFIX]
    return found[0] if len(found) == 1 else None


def read_others(path: Path) -> Run:
    """A run from such weights, or from a folder with them. StorageError if a shape or a name does not fit."""
    weights, description = _weights_in(path), description_of(path)
    assert weights is not None, "found by `description_of`"
    assert description is not None
    values, tensors = read_json(description), read_header(weights)
    return naming_the_file(description, lambda: _run(Fields(values, description.name), tensors))


@dataclass(frozen=True)
class _Symbols:
    """The symbols of the source with our ids. rows: the foreign id of each; None if it does not exist there."""

    names: tuple[str, ...]
    rows: tuple[int | None, ...]
    start: int | None  # the foreign id of the symbol that begins a text

    @classmethod
    def of(cls, fields: Fields) -> _Symbols:
        """ValueError unless they are distinct texts."""
        theirs = _texts(fields, "source")
        places = {name: k for k, name in enumerate(theirs)}
        unknown, end, start = (
            _place(fields, name, usual, places)
            for name, usual in (("unknown", UNKNOWN), ("end", END), ("start", START))
        )
        special = (unknown, end)
        others = [k for k in range(len(theirs)) if k not in special]
        names = (UNKNOWN, END, *(theirs[k] for k in others))
        if len({*names}) < len(names):
            raise ValueError(f"source has a symbol {UNKNOWN} or {END} beside the one that is used for it")
        return cls(names, (*special, *others), start)


@dataclass(frozen=True)
class _Parts:
    """The names of the foreign tensors, and the sizes given by their shapes. embedding: "" for one-hot symbols."""

    recurrent: str  # the prefix of weight_ih_l0
    embedding: str
    linear: str
    hidden: int
    layers: int
    directions: int
    width: int  # size of the first layer's input

    @classmethod
    def of(cls, fields: Fields, tensors: Tensors) -> _Parts:
        """StorageError if there is no such network in the file."""
        shapes, first = tensors.shapes, "weight_ih_l0"
        given = fields.inner("names") if "names" in fields.names else Fields({})
        found = [name.removesuffix(first) for name in shapes if name.endswith(first)]
        if "recurrent" in given.names:
            found = [f"{given.text('recurrent')}."]
        if len(found) != 1 or found[0] + first not in shapes:
            raise StorageError(
                f"{tensors.path}: expected one recurrent layer, a tensor whose name ends with {first}; found "
                f"{', '.join(map(repr, found)) or 'none'}."
            )
        (recurrent,) = found
        past, now = shapes.get(f"{recurrent}weight_hh_l0", ()), shapes[recurrent + first]
        if len(past) != 2 or len(now) != 2:
            raise StorageError(
                f"{tensors.path}: {recurrent}weight_hh_l0 has the shape {past} and {recurrent}{first} {now}; expected "
                f"two matrices."
            )
        layers = 1
        while f"{recurrent}weight_ih_l{layers}" in shapes:
            layers += 1
        directions = 2 if f"{recurrent}{first}_reverse" in shapes else 1
        matrices = [name.removesuffix(".weight") for name, shape in shapes.items() if len(shape) == 2]
        matrices = [name for name in matrices if f"{name}.weight" in shapes]
        biased = [name for name in matrices if f"{name}.bias" in shapes]
        free = [name for name in matrices if name not in biased]
        linear, embedding = biased[:1], free[:1]
        if not linear and len(free) > 1:  # distinguished by their required names
            embedding = [name for name in free if "emb" in name.lower()][:1]
            linear = [name for name in free if name not in embedding][:1]
        elif not linear:
            linear, embedding = free, []
        names = {
            part: given.text(part) if part in given.names else (name or [""])[0]
            for part, name in (("linear", linear), ("embedding", embedding))
        }
        if f"{names['linear']}.weight" not in shapes:
            raise StorageError(f"{tensors.path}: expected a linear layer after the recurrent one; there is none.")
        return cls(recurrent, names["embedding"], names["linear"], past[1], layers, directions, now[1])


def _run(fields: Fields, tensors: Tensors) -> Run:
    architecture = fields.text("architecture")
    possible = {
        name: _KINDS[representative(name).predicts] for name in MODELS if representative(name).predicts in _KINDS
    }
    if architecture not in possible:
        raise ValueError(f"architecture is {architecture!r}; expected one of {', '.join(map(repr, possible))}")
    symbols, parts = _Symbols.of(fields), _Parts.of(fields, tensors)
    kind = possible[architecture]
    if kind == Kind.SEQUENCES and symbols.start is None:
        kind = Kind.STREAM
    config = ModelConfig(
        architecture=architecture,
        cell=_cell(fields.text("layer"), fields.text("nonlinearity") if "nonlinearity" in fields.names else "tanh"),
        hidden_size=parts.hidden,
        num_layers=parts.layers,
        embedding_size=parts.width if parts.embedding else 0,
        bidirectional=parts.directions == 2,
        pooling=fields.text("pooling") if "pooling" in fields.names else "last",
    )
    codec = _codec(fields, kind, symbols)
    longest = fields.count("longest", LONGEST) if "longest" in fields.names else _USUAL_LENGTH
    model = model_class(architecture, kind).outline(config, codec, longest)
    for setting in ("bidirectional", "pooling"):
        if setting in model.unused and getattr(config, setting) != ModelConfig.default(setting):
            raise ValueError(f"{setting} is {getattr(config, setting)!r} in a network that is {model.title}")
    inputs, outputs = list(symbols.rows), list[int | None](range(len(model.choices)))
    count = len(_texts(fields, "source"))
    if model.predicts is Prediction.NEXT_SYMBOL:
        inputs, outputs = [*inputs, symbols.start], inputs
        answers = count, "source"
    else:
        answers = len(model.choices), "target"
    network = next(iter(model.networks().values()))
    _check(tensors, parts, network.recurrent, count, answers, fields.text("layer"))
    arrays = _arrays(tensors, parts, inputs, outputs, tensors.shapes[f"{parts.recurrent}weight_hh_l0"][0])
    step = tensors.step or (fields.count("step") if "step" in fields.names else 1)
    data = unknown_data(tensors.path.stem, DataConfig(unit=codec.unit, lowercase=codec.lowercase))
    return imported(model, arrays, TrainingConfig(), data, TrainingProgress(step=step))


def _texts(fields: Fields, name: str) -> list[str]:
    values = fields.raw(name)
    if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
        raise ValueError(f"{name} is not a list of texts")
    if len({*values}) < len(values) or not values:
        raise ValueError(f"{name} has {'the same text twice' if values else 'nothing in it'}")
    return values


def _place(fields: Fields, name: str, usual: str, places: dict[str, int]) -> int | None:
    """The foreign id of a special symbol; None if there is none."""
    if name not in fields.names or fields.raw(name) is None:
        return places.get(usual)
    symbol = fields.text(name)
    if symbol not in places:
        raise ValueError(f"{name} is {symbol!r}, which is not among the symbols of source")
    return places[symbol]


def _cell(layer: str, nonlinearity: str) -> str:
    """The cell that a class of torch.nn computes."""
    wanted = {} if nonlinearity == "tanh" else {"nonlinearity": nonlinearity}
    known = [(name, cell.torch) for name, cell in CELLS.items() if cell.torch is not None]
    for name, torch in known:
        if torch.name == layer and dict(torch.arguments) == wanted:
            return name
    layers = ", ".join(dict.fromkeys(repr(torch.name) for _, torch in known))
    raise ValueError(f"layer is {layer!r} with the nonlinearity {nonlinearity!r}; expected one of {layers}")


def _codec(fields: Fields, kind: Kind, symbols: _Symbols) -> Codec:
    unit = fields.text("unit") if "unit" in fields.names else "word"
    source = {"symbols": symbols.names, "counts": [0] * len(symbols.names), "has_specials": True}
    target = None
    if kind.has_classes:
        labels = _texts(fields, "target")
        target = {"symbols": labels, "counts": [0] * len(labels), "has_specials": False}
    lowercase = "lowercase" in fields.names and fields.flag("lowercase")
    values = {"kind": kind, "unit": unit, "target_unit": "word", "lowercase": lowercase, "composed": True}
    return Codec.from_json(values | {"source": source, "target": target})


def _check(
    tensors: Tensors, parts: _Parts, recurrent: Recurrent, symbols: int, answers: tuple[int, str], layer: str
) -> None:
    """StorageError unless the shapes of all tensors agree with each other and with the description."""
    count, meaning = answers
    needed: dict[str, tuple[tuple[int, ...], str]] = {}
    for tensor in recurrent_tensors(recurrent, parts.recurrent):
        shape = tensor.shape
        if tensor.name.startswith(f"{parts.recurrent}weight_ih_l0"):
            shape = shape[0], parts.width if parts.embedding else symbols
        needed[tensor.name] = shape, f"an nn.{layer} of {parts.hidden} units, and what it reads"
    if parts.embedding:
        needed[f"{parts.embedding}.weight"] = (symbols, parts.width), "a row for each symbol of source"
    needed[f"{parts.linear}.weight"] = (
        (count, recurrent.output_size),
        f"a row for each of {meaning}, and a column for each unit",
    )
    needed[f"{parts.linear}.bias"] = (count,), f"a number for each of {meaning}"
    there = dict(tensors.shapes)
    for name, (shape, why) in needed.items():
        found = there.pop(name, None)
        if found is None and "bias" not in name.rpartition(".")[2]:
            raise StorageError(f"{tensors.path}: the tensor {name} is missing; expected the shape {shape}: {why}.")
        if found is not None and found != shape:
            raise StorageError(f"{tensors.path}: {name} has the shape {found}; expected {shape}: {why}.")
    if there:
        raise StorageError(
            f"{tensors.path}: there is no place for {min(there)}; expected an embedding, one nn.RNN, nn.LSTM or nn.GRU "
            f"without projections, and one linear layer."
        )


def _arrays(
    tensors: Tensors, parts: _Parts, inputs: Sequence[int | None], outputs: Sequence[int | None], rows: int
) -> Callable[[str], Array]:
    """A function from the name of one of our network's tensors to its numbers, read from theirs. inputs, outputs: the
    foreign id of each of our symbols. rows: size of a recurrent layer's bias, for layers that have none."""

    def read(name: str) -> Array:
        part, _, rest = name.partition(".")
        if part == "output":
            return _answered(their(f"{parts.linear}.{rest}", (len(outputs),)), outputs)
        layer = rest.partition(".")[2]
        if rest.startswith("embedding"):
            return _rows(their(f"{parts.embedding}.weight", ()), inputs)
        found = their(parts.recurrent + layer, (rows,))
        one_hot = layer.startswith("weight_ih_l0") and not parts.embedding
        return _rows(found.T, inputs).T if one_hot else found

    def their(name: str, otherwise: tuple[int, ...]) -> Array:
        return tensors.array(name) if name in tensors.shapes else np.zeros(otherwise, np.float32)

    return read


def _rows(table: Array, numbers: Sequence[int | None]) -> Array:
    """(n, D) → (m, D): the rows with these indices; zeros for missing ones."""
    found = np.zeros((len(numbers), *table.shape[1:]), np.float32)
    for k, number in enumerate(numbers):
        if number is not None:
            found[k] = table[number]
    return found


def _answered(table: Array, numbers: Sequence[int | None]) -> Array:
    """(K, H) or (K,) of a linear layer → the same for our choices.

    An answer that their network does not have scores `_FAR_BELOW` less than the mean of those it has, whatever the
    state: its probability is below e^−_FAR_BELOW.
    """
    found = _rows(table, numbers)
    absent = [k for k, number in enumerate(numbers) if number is None]
    found[absent] = table.mean(axis=0, dtype=np.float64) - (_FAR_BELOW if table.ndim == 1 else 0)
    return found
