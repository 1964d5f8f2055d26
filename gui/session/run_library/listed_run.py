"""A run in the list of runs, as a value: its identity, settings and progress, and the place of its copy."""

from __future__ import annotations

import math
import re
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final, Self

import numpy as np

import engine
from engine.data.codec import Kind
from engine.models.metrics import METRICS, main_metric
from engine.runs.data_source import DataSource
from engine.runs.json_fields import Fields
from engine.types import DoubleArray
from gui.session.progress import Curve, Progress, symbols_read
from gui.session.run_endings import NO_END, End
from gui.training.messages import Kept

if TYPE_CHECKING:
    from engine.runs.differences import RunOrigin

MOST_POINTS = 1000  # of a training curve that is kept for drawing
_ID: Final = re.compile(r"[0-9A-Za-z-]{1,100}")  # it becomes part of the name of a file


@dataclass(frozen=True)
class Identity:
    """The lasting identity of a run. Color: a place among the theme's colours for runs.

    shown: whether its curve is drawn beside others; None: while the current run has the same data.
    """

    id: str
    name: str
    color: int
    pinned: bool = False
    shown: bool | None = None

    @classmethod
    def from_json(cls, fields: Fields) -> Self:
        """From a JSON object; ValueError for anything else."""
        run_id, shown = fields.text("id"), fields.raw("shown")
        if not _ID.fullmatch(run_id):
            raise ValueError("id is not made of letters, digits and hyphens")
        return cls(
            run_id,
            fields.text("name"),
            fields.count("color"),
            fields.flag("pinned"),
            None if shown is None else fields.flag("shown"),
        )


@dataclass(frozen=True)
class RunSettings:
    """The settings of a run, in which two runs usually differ."""

    model: engine.ModelConfig
    training: engine.TrainingConfig
    data: DataSource
    kind: Kind | None = None  # of the data; None in lists of earlier versions

    @property
    def made(self) -> RunOrigin:
        """The settings in the form that the engine compares."""
        return self.model, self.training, self.data, self.kind

    def to_json(self) -> dict[str, Any]:
        """Convert to a JSON object."""
        return {
            "model": self.model.to_json(),
            "training": self.training.to_json(),
            "data": self.data.to_json(),
            "kind": self.kind,
        }

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Self:
        """From a JSON object; ValueError or ConfigError for anything else."""
        return cls(
            engine.ModelConfig.from_json(values["model"]),
            engine.TrainingConfig.from_json(values["training"]),
            DataSource.from_json(values["data"]),
            None if values.get("kind") is None else Kind(values["kind"]),
        )


@dataclass(frozen=True, eq=False)
class ListedRun:
    """A run as it was at its last step.

    curve: thinned, for drawing. steps_per_epoch: 0 if unknown. trains: whether it had its data; if not, it can only be
    used. capture: everything needed to continue bit for bit; None for the current run, and for runs that are in the run
    store under their id. size: of the capture, in bytes. speed: symbols read per second of computing; 0 if unknown.
    """

    identity: Identity
    settings: RunSettings
    step: int
    curve: Curve
    steps_per_epoch: int = 0
    trains: bool = True
    end: End = NO_END
    capture: engine.Run | None = None
    size: int = 0
    changed_s: float = field(default_factory=time.time)  # when it was kept, in seconds since 1970
    speed: float = 0.0

    @property
    def id(self) -> str:
        """The id of the run in events and in the run store."""
        return self.identity.id

    @property
    def name(self) -> str:
        """The name that the user sees."""
        return self.identity.name

    @property
    def best_loss(self) -> float:
        """The lowest validation loss; NaN before the first evaluation."""
        losses = self.curve.validation_loss
        finite = losses[np.isfinite(losses)]
        return float(finite.min()) if len(finite) else math.nan

    @property
    def decided_by(self) -> str:
        """The metric that decides which evaluation is the best: the loss if another that was chosen is not measured."""
        chosen = self.settings.training.best_by
        return chosen if chosen in self.curve.validation_metrics else "loss"

    @property
    def _best_at(self) -> int | None:
        """Which evaluation was best; None before the first. A lower loss breaks ties."""
        losses, name = self.curve.validation_loss, self.decided_by
        if not np.isfinite(losses).any():
            return None
        values = self.curve.validation_metrics.get(name, losses)
        signed = -values if METRICS[name].rises else values
        return int(np.lexsort((losses, np.where(np.isfinite(losses), signed, np.inf)))[0])

    @property
    def best_step(self) -> int | None:
        """The step of the best evaluation; None before the first one."""
        best = self._best_at
        return None if best is None else int(self.curve.validation_steps[best])

    @property
    def loss_at_best(self) -> float:
        """The validation loss of the best evaluation; NaN before the first one."""
        best = self._best_at
        return math.nan if best is None else float(self.curve.validation_loss[best])

    @property
    def headline(self) -> tuple[str, float] | None:
        """Name and value of its main metric, which is the one that decides if there is one, at the best evaluation."""
        metrics, best = self.curve.validation_metrics, self._best_at
        name = main_metric(metrics, self.settings.training.best_by)
        return None if name is None or best is None else (name, float(metrics[name][best]))

    @property
    def progress(self) -> Progress:
        """The progress, as far as drawing needs it."""
        epochs = self.settings.training.epochs
        return Progress(step=self.step, steps_total=self.steps_per_epoch * epochs, epochs=epochs)

    def has_data_of(self, other: ListedRun) -> bool:
        """Whether both were trained to do the same with the same data, so that their losses can be compared."""
        one, two = self.settings, other.settings
        same_task = one.model.architecture == two.model.architecture
        return same_task and one.data.fingerprint == two.data.fingerprint

    def goes_on_from(self, other: ListedRun) -> bool:
        """Whether this is the other run, perhaps trained further: its curve then covers the other's. No two runs are
        validated at the same times."""
        (steps, seconds), (others, times) = (
            (run.curve.validation_steps, run.curve.validation_seconds) for run in (self, other)
        )
        known = len(others)
        return np.array_equal(steps[:known], others) and np.array_equal(seconds[:known], times)

    def has_texts_of(self, other: ListedRun) -> bool:
        """Whether both learned from the same file or sample, however each read it, so that a text suits both."""
        one, two = self.settings.data, other.settings.data
        same_place = bool(one.sample or one.path) and (one.sample, one.path) == (two.sample, two.path)
        return same_place or (one.fingerprint != "" and one.fingerprint == two.fingerprint)

    @classmethod
    def of(cls, identity: Identity, saved: engine.Run, steps_per_epoch: int, trains: bool, end: End) -> Self:
        """A run that was captured."""
        settings = RunSettings(saved.snapshot.config, saved.training, saved.data, saved.snapshot.codec.kind)
        curve = thinned_curve(Curve.of(saved.history))
        step, size = saved.progress.step, run_bytes(saved)
        return cls(identity, settings, step, curve, steps_per_epoch, trains, end, saved, size, speed=speed_of(saved))

    # ---- beside its file

    def to_json(self) -> dict[str, Any]:
        """Everything except the capture, which has a file of its own."""
        curve = self.curve
        return {
            "identity": asdict(self.identity),
            "settings": self.settings.to_json(),
            "step": self.step,
            "steps_per_epoch": self.steps_per_epoch,
            "trains": self.trains,
            "diverged": self.end.diverged,
            "kept": None if self.end.kept is None else asdict(self.end.kept),
            "size": self.size,
            "changed_s": self.changed_s,
            "speed": self.speed,
            "train": _columns(curve.steps, curve.seconds, curve.train_loss),
            "validation": _columns(curve.validation_steps, curve.validation_seconds, curve.validation_loss),
            "metrics": {name: _numbers(values) for name, values in curve.validation_metrics.items()},
        }

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Self:
        """From a JSON object; ValueError, TypeError, LookupError, OverflowError or ConfigError for anything else."""
        fields, curve = Fields(values), Curve()
        for step, seconds, loss in zip(*map(_floats, values["train"]), strict=True):
            curve.append(int(step), seconds, loss, math.nan, False)
        metrics = {str(name): _floats(column) for name, column in values["metrics"].items()}
        for at, (step, seconds, loss) in enumerate(zip(*map(_floats, values["validation"]), strict=True)):
            curve.append_validation(int(step), seconds, loss, {name: column[at] for name, column in metrics.items()})
        return cls(
            Identity.from_json(fields.inner("identity")),
            RunSettings.from_json(values["settings"]),
            fields.count("step"),
            curve,
            fields.count("steps_per_epoch"),
            fields.flag("trains"),
            End(fields.flag("diverged"), None if fields.raw("kept") is None else _kept(fields.inner("kept"))),
            None,
            fields.count("size"),
            fields.number("changed_s"),
            fields.number("speed") if "speed" in values else 0.0,  # not in cards of earlier versions
        )


def _kept(fields: Fields) -> Kept:
    return Kept(fields.count("step"), fields.number("loss"), fields.flag("early"))


def thinned_curve(curve: Curve) -> Curve:
    """The curve with at most MOST_POINTS training steps, each the mean of those it stands for."""
    count = len(curve)
    if count <= MOST_POINTS:
        return curve
    edges = np.linspace(0, count, MOST_POINTS + 1).astype(np.int64)
    sizes = np.diff(edges)
    means = [np.add.reduceat(column, edges[:-1]) / sizes for column in (curve.train_loss, curve.gradient_norm)]
    thin, last = Curve(), edges[1:] - 1
    rows = zip(curve.steps[last], curve.seconds[last], *means, curve.clipped[last], strict=True)
    for step, seconds, loss, norm, clipped in rows:
        thin.append(int(step), float(seconds), float(loss), float(norm), bool(clipped))
    metrics = curve.validation_metrics
    columns = zip(curve.validation_steps, curve.validation_seconds, curve.validation_loss, strict=True)
    for at, (step, seconds, loss) in enumerate(columns):
        values = {name: float(column[at]) for name, column in metrics.items() if at < len(column)}
        thin.append_validation(int(step), float(seconds), float(loss), values)
    return thin


def run_bytes(saved: engine.Run) -> int:
    """How much memory a capture takes, about as much as its file."""
    arrays = [saved.snapshot.weights, *saved.moments.values(), *saved.history.steps.values()]
    arrays += [saved.history.validations["loss"]] * len(saved.history.validations)
    arrays += [moment.weights for moment in saved.timeline]
    return sum(array.nbytes for array in arrays) + (0 if saved.best is None else saved.best.weights.nbytes)


def speed_of(saved: engine.Run) -> float:
    """Symbols read per second of the run's own computing."""
    seconds = saved.history.seconds
    return symbols_read(saved.history, saved.progress.step) / seconds if seconds > 0 else 0.0


def renamed(run: ListedRun, **changes: Any) -> ListedRun:
    """The run with another name, pin or colour."""
    return replace(run, identity=replace(run.identity, **changes))


def _columns(*columns: DoubleArray) -> list[list[float | None]]:
    return [_numbers(column) for column in columns]


def _numbers(values: DoubleArray) -> list[float | None]:
    """JSON has no number that is not finite."""
    return [float(f"{value:.7g}") if math.isfinite(value) else None for value in values.tolist()]


def _floats(values: Sequence[float | None]) -> list[float]:
    return [math.nan if value is None else float(value) for value in values]
