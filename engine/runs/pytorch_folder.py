"""Imports a folder that was exported for PyTorch as a run, with the weights trained there.

config.json describes the network, vocabulary.json holds its symbols, and weights.safetensors its weights, with the
number of training steps as `step` in the metadata. A checkpoint of train.py holds the last weights instead.
"""

from __future__ import annotations

import json
import math
import os
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from engine.config import ModelConfig, TrainingConfig
from engine.data.codec import Codec, Kind
from engine.data.data_config import DataConfig
from engine.errors import StorageError, UnrollError
from engine.models import Model, model_class
from engine.models.snapshot import Snapshot
from engine.network.parameters import Parameters
from engine.runs.data_source import DataSource
from engine.runs.json_fields import Fields
from engine.runs.run import Run
from engine.runs.run_file import LONGEST, LONGEST_STREAM, check_codec
from engine.runs.tensor_file import reading
from engine.runs.torch_tensors import tensors_of
from engine.training.history import History
from engine.training.optimizers import OPTIMIZERS
from engine.training.training_progress import TrainingProgress
from engine.types import Array

FOLDER_VERSION = 1  # version of the "unroll" section of config.json
CONFIG, VOCABULARY, WEIGHTS = "config.json", "vocabulary.json", "weights.safetensors"
CHECKPOINT = "weights."  # prefix of the weights in a checkpoint, which also holds other things
_LARGEST_JSON_BYTES = 200_000_000
_LARGEST_WEIGHT = 1e12
_DTYPES = ("F16", "F32", "F64")


@dataclass(frozen=True)
class Tensors:
    """The header of a weights file: shapes by name, and the number of training steps."""

    path: Path
    shapes: Mapping[str, tuple[int, ...]]
    step: int | None

    def array(self, name: str) -> Array:
        """The numbers of a tensor, in its shape, as float32. StorageError if some are not finite, or so large that
        results computed with them would not be."""
        # Values too large for float32 become infinite and are refused.
        with reading(self.path, _DAMAGED) as opened, np.errstate(over="ignore"):
            array = np.asarray(opened.get_tensor(name), np.float32)
        if not np.isfinite(array).all():
            raise StorageError(f"{self.path}: {name} holds values that are not finite numbers.")
        if array.size and (largest := float(np.abs(array).max())) > _LARGEST_WEIGHT:
            raise StorageError(f"{self.path}: {name} holds {largest:g}; expected weights up to {_LARGEST_WEIGHT:g}.")
        return array


_DAMAGED = "not a safetensors file, or a damaged one, perhaps cut off"


def is_exported(folder: Path) -> bool:
    """Whether a folder looks like one that was exported for PyTorch."""
    return (folder / CONFIG).is_file() and (folder / WEIGHTS).is_file()


def read_folder(path: Path) -> Run:
    """The run of an exported folder, or of a file of weights in one. StorageError for anything that does not fit."""
    folder, weights = (path, path / WEIGHTS) if path.is_dir() else (path.parent, path)
    document = read_json(folder / CONFIG)
    tensors = read_header(weights)

    def made() -> Run:
        fields = Fields(document)
        about = fields.inner("unroll")
        if about.count("version") > FOLDER_VERSION:
            raise ValueError(f"written by a newer Unroll (version {about.count('version')} of the folder)")
        config = ModelConfig.from_json(about.raw("model"))
        codec = _codec(fields.inner("text"), about, Fields(read_json(folder / VOCABULARY), VOCABULARY))
        check_codec(codec, config)
        longest = about.count("longest", LONGEST_STREAM if codec.kind.is_running else LONGEST)
        model = model_class(config.architecture, codec.kind).outline(config, codec, longest)
        training = TrainingConfig.from_json(fields.raw("training"))
        data = about.raw("data")
        source = unknown_data(folder.name, DataConfig()) if data is None else DataSource.from_json(data)
        step, length = tensors.step or 0, about.count("steps_per_epoch")
        finished = 0 < length * training.epochs <= step
        if finished:  # it has been trained for longer than planned here
            most = TrainingConfig.options()["epochs"].maximum or math.inf
            training = replace(training, epochs=int(min(-(-step // length), most)))
        progress = TrainingProgress(step=step, finished=finished, steps_per_epoch=length, untimed_steps=step)
        return imported(model, _weights(model, tensors), training, source, progress)

    return naming_the_file(folder / CONFIG, made)


def imported(
    model: Model, arrays: Callable[[str], Array], training: TrainingConfig, data: DataSource, progress: TrainingProgress
) -> Run:
    """A run made from weights from elsewhere. model: an outline. arrays: name of a `TorchTensor` in `tensors_of` → its
    numbers, in its shape.

    It has no history, and its optimizer begins with zero moments.
    """
    parameters = Parameters(model.shapes(), np.float32)
    for tensor in tensors_of(model):
        tensor.add_to(parameters, arrays(tensor.name))
    parameters.flat.flags.writeable = False
    snapshot = Snapshot(uuid.uuid4().hex, progress.step, 0, model.config, model.codec, model.longest, parameters.flat)
    moments = {name: np.zeros_like(parameters.flat) for name in OPTIMIZERS[training.optimizer].names}
    return Run(snapshot, training, progress, data, History(), moments, None, None)


def unknown_data(name: str, config: DataConfig) -> DataSource:
    """The data source of a network whose data is unknown."""
    return DataSource(name, "", "", "", config)


def naming_the_file(path: Path, made: Callable[[], Run]) -> Run:
    """The result of `made`; anything that does not fit becomes a StorageError naming the file."""
    try:
        return made()
    except StorageError:
        raise
    except (UnrollError, ValueError, TypeError, KeyError, OverflowError, MemoryError) as error:
        raise StorageError(f"{path}: this network cannot be used ({error}).") from None


def read_json(path: Path) -> Any:
    """The content of a JSON file. StorageError for anything else."""
    try:
        if path.stat().st_size > _LARGEST_JSON_BYTES:
            raise StorageError(f"{path}: too large; expected at most {_LARGEST_JSON_BYTES:,} bytes of JSON.")
        return json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise StorageError(f"{path}: cannot be read ({error.strerror or error}).") from None
    except (ValueError, RecursionError, MemoryError) as error:
        raise StorageError(f"{path}: not a JSON file, or a damaged one ({error}).") from None


def read_header(path: str | os.PathLike[str]) -> Tensors:
    """The tensors in a file. StorageError for a damaged file, and for unsupported number types."""
    with reading(path, _DAMAGED) as opened:
        slices = {name: opened.get_slice(name) for name in opened.keys()}  # noqa: SIM118 - not a dictionary
        step = (opened.metadata() or {}).get("step", "")
        shapes = {name: tuple(found.get_shape()) for name, found in slices.items()}
        kinds = {name: str(found.get_dtype()) for name, found in slices.items()}
    for name, kind in kinds.items():
        if kind not in _DTYPES:
            wanted = ", ".join(_DTYPES)
            raise StorageError(f"{path}: {name} holds numbers of the type {kind}; expected one of {wanted}.")
    known = step.isascii() and step.isdigit() and len(step) < 16
    return Tensors(Path(path), shapes, int(step) if known else None)


def _weights(model: Model, tensors: Tensors) -> Callable[[str], Array]:
    """A function from the name of a tensor to its numbers. StorageError unless all tensors have the right shapes."""
    prefix = CHECKPOINT if any(name.startswith(CHECKPOINT) for name in tensors.shapes) else ""
    there = {name: shape for name, shape in tensors.shapes.items() if name.startswith(prefix)}
    for tensor in tensors_of(model):
        found = there.pop(prefix + tensor.name, None)
        if found is None:
            raise StorageError(
                f"{tensors.path}: the tensor {tensor.name} is missing; {CONFIG} describes a network that has one of "
                f"shape {tensor.shape}."
            )
        if found != tensor.shape:
            raise StorageError(
                f"{tensors.path}: {tensor.name} has the shape {found}; expected {tensor.shape} according to "
                f"{CONFIG} and {VOCABULARY}."
            )
    if there:
        raise StorageError(f"{tensors.path}: the network that {CONFIG} describes has no tensor {min(there)}.")
    return lambda name: tensors.array(prefix + name)


def _codec(text: Fields, about: Fields, vocabulary: Fields) -> Codec:
    kind = about.text("kind")
    symbols: dict[str, Any] = {}
    for side in ("source", "target"):
        names = vocabulary.raw(side)
        specials = side == "source" or kind == Kind.PAIRS
        counts = vocabulary.raw(f"{side}_counts")
        symbols[side] = None if names is None else {"symbols": names, "counts": counts, "has_specials": specials}
    return Codec.from_json(
        {
            "kind": kind,
            "unit": text.text("reads"),
            "target_unit": about.text("target_unit"),
            "lowercase": text.flag("lowercase"),
            "composed": text.flag("composed"),
            "spaced": text.text("spaced") if "spaced" in text.names else "",  # folders written earlier have none
            **symbols,
        }
    )
