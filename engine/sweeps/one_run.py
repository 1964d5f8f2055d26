"""Trains one run of a sweep, on whatever machine. It exchanges only values, no files, so a worker may be on another
machine."""

from __future__ import annotations

import math
import os
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from engine.data.dataset import Dataset
from engine.data.samples import Sample
from engine.errors import ConfigError, UnrollError
from engine.models import count_parameters
from engine.runs.opening import open_run
from engine.runs.run_file import save_run
from engine.sweeps.plan import PlannedRun
from engine.training.evaluation import evaluate
from engine.training.new_run import new_settings, new_trainer
from engine.training.reasons import idle_settings
from engine.training.trainer import Trainer


class OutcomeStatus(StrEnum):
    """The result of a run, as the table of results says it."""

    DONE = "done"
    DIVERGED = "diverged"
    STOPPED_EARLY = "stopped early"  # others were better: see `Sweep.halving`
    REFUSED = "refused"  # its settings contradict each other or the data
    FAILED = "failed"
    WAITING = "waiting"  # waiting for its next round


@dataclass(frozen=True)
class RunOutcome:
    """The outcome of a run. best, best_step: the lowest validation loss, and the step at which it was measured;
    metrics: of the best weights.

    share: the share of its steps that it was to be trained for. seconds: its own training time. content: its run file,
    empty if there is none.
    """

    number: int
    status: OutcomeStatus
    best: float | None = None
    metrics: Mapping[str, float] = field(default_factory=dict)
    share: float = 0.0
    steps: int = 0
    seconds: float = 0.0
    error: str = ""
    content: bytes = b""
    best_step: int | None = None


def train_run(dataset: Dataset, sample: Sample | None, run: PlannedRun, share: float, begun: bytes) -> RunOutcome:
    """Train a run up to a share of its steps. begun: its run file, if it has already started.

    Errors of a run become part of its outcome, so that the others go on.
    """
    try:
        trainer = _continued(dataset, begun) if begun else _new(dataset, sample, run)
        return _trained(trainer, run.number, share)
    except ConfigError as error:
        return RunOutcome(run.number, OutcomeStatus.REFUSED, error=str(error))
    except (UnrollError, MemoryError, OSError, ArithmeticError) as error:
        return RunOutcome(run.number, OutcomeStatus.FAILED, error=str(error) or type(error).__name__)


def refusal(dataset: Dataset, sample: Sample | None, run: PlannedRun) -> str:
    """Why a run cannot be trained, as far as its settings show without building the network; "" if it can."""
    try:
        config, _ = new_settings(dataset, sample, run.model, run.training)
        count_parameters(config, dataset.codec, dataset.longest)
    except ConfigError as error:
        return str(error)
    return ""


def without_effect(dataset: Dataset, sample: Sample | None, runs: Iterable[PlannedRun]) -> dict[str, str]:
    """Settings that a sweep gives and none of these runs uses, and why. Runs that are refused do not count."""
    found: dict[str, str] | None = None
    for run in runs:
        try:
            model, training = new_settings(dataset, sample, run.model, run.training)
        except ConfigError:
            continue
        idle = idle_settings(model, training, dataset)
        found = {name: why for name, why in idle.items() if name in (run.settings if found is None else found)}
        if not found:
            break
    return found or {}


def _new(dataset: Dataset, sample: Sample | None, run: PlannedRun) -> Trainer:
    return new_trainer(dataset, *new_settings(dataset, sample, run.model, run.training))


def _continued(dataset: Dataset, begun: bytes) -> Trainer:
    with tempfile.TemporaryDirectory(prefix="unroll-") as folder:
        path = Path(folder, "run")
        path.write_bytes(begun)
        return open_run(path).trainer(dataset)


def _trained(trainer: Trainer, number: int, share: float) -> RunOutcome:
    last = max(1, round(trainer.steps_total * share))
    diverged = False
    while trainer.step < last and not diverged:
        update = next(trainer, None)
        if update is None:
            break
        diverged = update.diverged
    if share == 1 and not diverged:
        next(trainer, None)  # it finds out that it is finished, and keeps the best weights
    finished = trainer.finished or share == 1
    status = OutcomeStatus.DIVERGED if diverged else OutcomeStatus.DONE if finished else OutcomeStatus.WAITING
    measured = trainer.history.validations
    losses = list(zip(measured["loss"].tolist(), map(int, measured["step"].tolist()), strict=True))
    metrics: Mapping[str, float] = {}
    if len(trainer.dataset.validation):
        kept = trainer.model.parameters.flat.copy()
        if finished:
            trainer.restore_best()
        step = trainer.step if trainer.best is None or not finished else trainer.best.step
        # the same examples as for each validation
        found = evaluate(trainer.model, trainer.dataset.validation, trainer.progress.validation_limit)
        trainer.model.parameters.flat[:] = kept
        metrics = found.values
        losses.append((found.loss, step))
    best, best_step = min((each for each in losses if math.isfinite(each[0])), default=(None, None))
    content, seconds = _file_of(trainer), trainer.history.seconds
    return RunOutcome(
        number, status, best, dict(metrics), share, trainer.step, seconds, content=content, best_step=best_step
    )


def _file_of(trainer: Trainer) -> bytes:
    with tempfile.TemporaryDirectory(prefix="unroll-") as folder:
        path = os.path.join(folder, "run")
        save_run(path, trainer)
        return Path(path).read_bytes()
