"""Runs as a JSON document and named arrays, and back.

Arrays: `weights.<parameter>` in the parameter's shape, as other tools expect them; `best`, `optimizer.<moment>` and
`timeline` (moments, weights) as flat vectors; `carry.<layer>.<direction>.<state>`; `history.steps.<column>` and
`history.validations.<column>`. Everything else is in the document.
"""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from engine.cells import CELLS
from engine.config import ModelConfig, TrainingConfig
from engine.data.codec import Codec
from engine.errors import StorageError, UnrollError
from engine.models import model_class
from engine.models.snapshot import Snapshot
from engine.network.parameters import Parameters, Shapes, total_size
from engine.network.states import StackStates
from engine.runs.data_source import DataSource
from engine.runs.json_fields import Fields, as_json
from engine.runs.looked_at import LookedAt
from engine.runs.measured import Measured
from engine.runs.run import Run
from engine.runs.safetensors_container import read_container, write_container
from engine.training.history import History
from engine.training.optimizers import OPTIMIZERS
from engine.training.setting_change import SettingChange, SettingChanges
from engine.training.trainer import Best, Trainer
from engine.training.training_progress import TrainingProgress
from engine.types import FloatArray, NamedArrays

# No real data has longer texts, and a file that claims to would make `generate` use up all memory.
LONGEST = 10_000_000
LONGEST_STREAM = 2**40

# Of TrainingProgress, added after the first files were written.
_NEW_FIELDS = ("steps_planned", "cooling_from", "cooling_factor", "seconds_spent", "steps_per_epoch", "untimed_steps")


def write_run(path: str | os.PathLike[str], run: Run) -> None:
    """Write a run, replacing the file in one step.

    StorageError if it cannot be written, or if some of its values are not finite.
    """
    arrays = _arrays(run)
    for name, array in arrays.items():
        if not name.startswith("history.") and not np.isfinite(array).all():
            raise StorageError(f"{path}: not written, because {name} holds values that are not finite numbers.")
    write_container(path, _document(run), arrays)


def save_run(path: str | os.PathLike[str], trainer: Trainer, timeline: Sequence[Snapshot] = ()) -> None:
    """Save everything needed to continue a training run bit for bit. timeline: snapshots to keep with it.

    The file is replaced in one step: if anything fails, the old one stays. StorageError if it cannot be written.
    """
    write_run(path, Run.of(trainer, timeline))


def read_run(path: str | os.PathLike[str]) -> Run:
    """Read a run, without its data. StorageError for anything but an undamaged run file."""
    document, arrays = read_container(path)
    try:
        return _RunReader(Fields(document), arrays).run(os.path.abspath(path))
    except (UnrollError, ValueError, TypeError, KeyError, OverflowError, MemoryError) as error:
        raise StorageError(f"{path}: this run cannot be used ({error}).") from None


def _document(run: Run) -> dict[str, Any]:
    snapshot, best = run.snapshot, run.best
    return dataclasses.asdict(run.progress) | {
        "run": snapshot.run,
        "model": snapshot.config.to_json(),
        "training": run.training.to_json(),
        "codec": snapshot.codec.to_json(),
        "longest": snapshot.longest,
        "epoch": snapshot.epoch,
        "best": None if best is None else {"step": best.step, "loss": as_json(best.loss), "value": as_json(best.value)},
        "carries": run.carry is not None,
        "timeline": [{"step": moment.step, "epoch": moment.epoch} for moment in run.timeline],
        "data": run.data.to_json(),
        "tested": None if run.tested is None else run.tested.to_json(),
        "validated": None if run.validated is None else run.validated.to_json(),
        "looked_at": None if run.looked_at is None else run.looked_at.to_json(),
        "changes": [change.to_json() for change in run.changes],
    }


def _arrays(run: Run) -> NamedArrays:
    snapshot = run.snapshot
    named = Parameters(_shapes(snapshot.config, snapshot.codec, snapshot.longest), flat=snapshot.weights)
    arrays: NamedArrays = {f"weights.{name}": array for name, array in named.items()}
    arrays |= {f"optimizer.{name}": moment for name, moment in run.moments.items()}
    if run.best is not None:
        arrays["best"] = run.best.weights
    if run.timeline:
        arrays["timeline"] = np.stack([moment.weights for moment in run.timeline])
    for layer, parts in enumerate(run.carry.layers if run.carry is not None else []):
        for direction, states in enumerate(parts):
            arrays |= {f"carry.{layer}.{direction}.{k}": state for k, state in enumerate(states)}
    arrays |= {f"history.steps.{name}": column for name, column in run.history.steps.items()}
    return arrays | {f"history.validations.{name}": column for name, column in run.history.validations.items()}


def _shapes(config: ModelConfig, codec: Codec, longest: int) -> Shapes:
    return model_class(config.architecture, codec.kind).layout(config, codec, longest)


class _RunReader:
    """Turns a document and arrays into a run. ValueError or UnrollError for anything wrong with them."""

    def __init__(self, fields: Fields, arrays: NamedArrays) -> None:
        self.fields, self.arrays = fields, dict(arrays)

    def run(self, path: str) -> Run:
        """The run. Every array must be used."""
        fields = self.fields
        config = ModelConfig.from_json(fields.raw("model"))
        training = TrainingConfig.from_json(fields.raw("training"))
        data = DataSource.from_json(fields.raw("data"))
        codec = Codec.from_json(fields.raw("codec")).in_sheet(data.config.sheet)  # older runs name it in the data
        check_codec(codec, config)
        longest = fields.count("longest", LONGEST_STREAM if codec.kind.is_running else LONGEST)
        shapes = _shapes(config, codec, longest)
        weights = self._weights(shapes)
        name, step, epoch = fields.text("run"), fields.count("step"), fields.count("epoch")
        run = Run(
            Snapshot(name, step, epoch, config, codec, longest, weights),
            training,
            self._progress(),
            data,
            self._history(),
            {m: self._vector(f"optimizer.{m}", weights) for m in OPTIMIZERS[training.optimizer].names},
            self._carry(config, weights),
            self._best(weights),
            self._timeline(Snapshot(name, step, epoch, config, codec, longest, weights)),
            path,
            self._measured("tested"),
            self._measured("validated"),
            self._looked_at(),
            self._changes(),
        )
        if self.arrays:
            raise ValueError(f"nothing in a run is called {min(self.arrays)}")
        return run

    def _take(self, name: str, dtype: np.dtype[Any] | None = None) -> FloatArray:
        if name not in self.arrays:
            raise ValueError(f"the array {name} is missing")
        array = self.arrays.pop(name)
        if dtype is not None and array.dtype != dtype:
            raise ValueError(f"{name} holds {array.dtype}, expected {dtype}")
        return array

    def _take_finite(self, name: str, dtype: np.dtype[Any] | None = None) -> FloatArray:
        array = self._take(name, dtype)
        if not np.isfinite(array).all():
            raise ValueError(f"{name} holds values that are not finite numbers")
        return array

    def _weights(self, shapes: Shapes) -> FloatArray:
        """(P,): the flat vector of all weights. Sizes are compared with the file before any memory is allocated."""
        held = sum(array.size for name, array in self.arrays.items() if name.startswith("weights."))
        if held != total_size(shapes):
            raise ValueError(f"there are {held:,} weights, expected {total_size(shapes):,}")
        pieces = []
        dtype: np.dtype[Any] | None = None
        for name, shape in shapes.items():
            array = self._take_finite(f"weights.{name}", dtype)
            if array.shape != shape:
                raise ValueError(f"{name} has shape {array.shape}, expected {shape}")
            pieces.append(array.reshape(-1))
            dtype = array.dtype
        return _fixed(np.concatenate(pieces))

    def _vector(self, name: str, like: FloatArray) -> FloatArray:
        array = self._take_finite(name, like.dtype)
        if array.shape != like.shape:
            raise ValueError(f"{name} has shape {array.shape}, expected {like.shape}")
        return array

    def _progress(self) -> TrainingProgress:
        fields = dataclasses.fields(TrainingProgress)
        return TrainingProgress(**{field.name: self._number(field.name, field.default) for field in fields})

    def _number(self, name: str, like: object) -> Any:
        """A field of the document, of the same type as its default, which stands in for a field that an old file does
        not have."""
        if name not in self.fields.names and name in _NEW_FIELDS:
            return like
        if isinstance(like, bool):
            return self.fields.flag(name)
        return self.fields.count(name) if isinstance(like, int) else self.fields.number(name)

    def _best(self, like: FloatArray) -> Best | None:
        if self.fields.raw("best") is None:
            return None
        fields = self.fields.inner("best")
        loss = fields.number("loss", finite=False)
        # In files written before there was a choice, the loss decides.
        value = fields.number("value", finite=False) if "value" in fields.names else loss
        return Best(fields.count("step"), loss, self._vector("best", like), value)

    def _measured(self, name: str) -> Measured | None:
        """A measurement in the document; None if there is none, as in files from before they were kept."""
        values = self.fields.raw(name) if name in self.fields.names else None
        return None if values is None else Measured.from_json(values)

    def _looked_at(self) -> LookedAt | None:
        """The text that the window showed; None if none was kept, as in files from before they were."""
        values = self.fields.raw("looked_at") if "looked_at" in self.fields.names else None
        return None if values is None else LookedAt.from_json(values)

    def _changes(self) -> SettingChanges:
        """The changes of settings in the document; () in files from before they were kept."""
        values = self.fields.raw("changes") if "changes" in self.fields.names else []
        if not isinstance(values, list):
            raise ValueError("changes is not a list")
        return tuple(map(SettingChange.from_json, values))

    def _carry(self, config: ModelConfig, like: FloatArray) -> StackStates | None:
        if not self.fields.flag("carries"):
            return None
        states = range(len(CELLS[config.cell].states))
        carry = [
            [[self._take_finite(f"carry.{layer}.0.{k}", like.dtype) for k in states]]
            for layer in range(config.num_layers)
        ]
        shapes = {state.shape for parts in carry for state in parts[0]}
        batch = next(iter(shapes))[:1]
        if shapes != {(*batch, config.hidden_size)}:
            raise ValueError("the carried states have shapes that do not fit")
        return StackStates(carry)

    def _timeline(self, like: Snapshot) -> tuple[Snapshot, ...]:
        moments = self.fields.raw("timeline")
        if not isinstance(moments, list):
            raise ValueError("timeline is not a list")
        if not moments:
            return ()
        table = self._take_finite("timeline", like.weights.dtype)
        if table.shape != (len(moments), len(like.weights)):
            raise ValueError(f"timeline has shape {table.shape}, expected {(len(moments), len(like.weights))}")
        return tuple(
            Snapshot(
                like.run,
                Fields(moment, "timeline").count("step"),
                Fields(moment, "timeline").count("epoch"),
                like.config,
                like.codec,
                like.longest,
                weights,
            )
            for moment, weights in zip(moments, table, strict=True)
        )

    def _history(self) -> History:
        return History.of(self._columns("history.steps."), self._columns("history.validations."))

    def _columns(self, prefix: str) -> Mapping[str, FloatArray]:
        names = [name for name in self.arrays if name.startswith(prefix)]
        return {name.removeprefix(prefix): self._take(name, np.dtype(np.float64)) for name in names}


def _fixed(array: FloatArray) -> FloatArray:
    array.flags.writeable = False
    return array


def check_codec(codec: Codec, config: ModelConfig) -> None:
    """ValueError or ConfigError for a codec that no data set could have."""
    model_class(config.architecture, codec.kind)
    if (codec.target is not None) != codec.kind.has_target or not codec.source.has_specials:
        raise ValueError(f"the vocabularies are not those of {codec.kind} data")
    is_text, kind = codec.kind.writes_text, codec.kind
    if (codec.frames is not None, codec.values is not None) != (kind.reads_numbers, kind.answers_numbers):
        raise ValueError(f"the numbers are not those of {kind} data")
    if codec.target is not None and (codec.target.has_specials != is_text or not codec.target.symbols):
        raise ValueError(f"the target vocabulary is not that of {codec.kind} data")
