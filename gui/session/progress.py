"""The progress of training so far: growing curves and one line of numbers. Values only, no threads, no widgets."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Self

import numpy as np

from engine.training.history import ROWS, History, halved, merged
from engine.types import DoubleArray
from gui.session.series import Series
from gui.session.smoothing import Smoothed
from gui.training.messages import Stepped

REMEMBERED = 200  # steps of a saved run from which the smoothed numbers start


class Curve:
    """Loss over one run. Everything is a read-only float64 array; `steps`, `seconds` and `train_loss` share a length,
    and so do `validation_steps`, `validation_seconds`, `validation_loss` and each of `validation_metrics`.
    Losses are mean nats per predicted symbol; seconds count training time only, not pauses. Beyond 131,072 steps a row
    stands for several neighbours, as in the saved run (see `History`).
    """

    def __init__(self) -> None:
        self._columns = {name: Series() for name in ("step", "seconds", "loss", "gradient_norm", "clipped")}
        self._stride = 1  # steps a row stands for
        self._waiting: list[tuple[float, ...]] = []  # steps of a row that is not complete yet
        self._validation = {name: Series() for name in ("step", "seconds", "loss")}
        self._metrics: dict[str, Series] = {}
        self._average = Smoothed()

    @classmethod
    def of(cls, history: History) -> Self:
        """The curve of a saved run, which continues from there."""
        curve, steps, validations = cls(), history.steps, history.validations
        curve._columns = {name: Series(steps[name]) for name in curve._columns}
        curve._stride = history.stride
        measured = {name: Series(values) for name, values in validations.items()}
        curve._validation = {name: measured.pop(name) for name in curve._validation}
        curve._metrics = measured
        return curve

    def append(self, step: int, seconds: float, loss: float, gradient_norm: float, clipped: bool) -> None:
        """Add one training step."""
        self._waiting.append((step, seconds, loss, gradient_norm, clipped))
        if len(self._waiting) >= self._stride:
            for column, value in zip(self._columns.values(), merged(self._waiting), strict=True):
                column.append(value)
            self._waiting.clear()

    def halved(self) -> Self:
        """The same curve with rows that stand for twice as many steps."""
        curve = type(self)()
        curve._stride, curve._waiting = 2 * self._stride, self._waiting
        curve._columns = {name: Series(halved(name, series.view())) for name, series in self._columns.items()}
        curve._validation, curve._metrics = self._validation, self._metrics
        return curve

    def append_validation(self, step: int, seconds: float, loss: float, metrics: dict[str, float]) -> None:
        """Add one evaluation on the validation examples."""
        for column, value in zip(self._validation.values(), (step, seconds, loss), strict=True):
            column.append(value)
        for name, value in metrics.items():
            self._metrics.setdefault(name, Series()).append(value)

    def __len__(self) -> int:
        return len(self.steps)

    @property
    def steps(self) -> DoubleArray:
        """Number of each training step, from 1."""
        return self._columns["step"].view()

    @property
    def seconds(self) -> DoubleArray:
        """Training time at the end of each step."""
        return self._columns["seconds"].view()

    @property
    def train_loss(self) -> DoubleArray:
        """Loss of each step's batch, before the step was made."""
        return self._columns["loss"].view()

    @property
    def average_loss(self) -> DoubleArray:
        """The training loss, averaged over the latest steps before each."""
        return self._average.follow(self.train_loss)

    @property
    def gradient_norm(self) -> DoubleArray:
        """Length of the whole gradient at each step, before clipping."""
        return self._columns["gradient_norm"].view()

    @property
    def clipped(self) -> DoubleArray:
        """1 where the gradient was shortened, else 0."""
        return self._columns["clipped"].view()

    @property
    def validation_steps(self) -> DoubleArray:
        """Steps after which the validation examples were evaluated."""
        return self._validation["step"].view()

    @property
    def validation_seconds(self) -> DoubleArray:
        """Training time at each evaluation."""
        return self._validation["seconds"].view()

    @property
    def validation_loss(self) -> DoubleArray:
        """Loss on the validation examples."""
        return self._validation["loss"].view()

    @property
    def validation_metrics(self) -> dict[str, DoubleArray]:
        """Name → values, for the metrics of the architecture (accuracy, perplexity, …)."""
        return {name: series.view() for name, series in self._metrics.items()}


@dataclass(frozen=True)
class Progress:
    """The progress of a run. Rates are smoothed over about a second of training; 0 means not known yet."""

    step: int = 0
    steps_total: int = 0
    epoch: int = 0  # counted from 1; 0 before the first step
    epochs: int = 0
    tokens_per_second: float = 0.0
    seconds_left: float | None = None


class Rate:
    """Steps and symbols per second of training, smoothed so that the digits can be read."""

    MEMORY_S = 1.5  # what happened this long ago weighs 1/e

    def __init__(self) -> None:
        self._seconds = self._tokens = self._steps = 0.0

    def add(self, steps: Iterable[tuple[float, float]]) -> None:
        """Take in (seconds, tokens) of some steps."""
        for seconds, tokens in steps:
            keep = max(1.0 - seconds / self.MEMORY_S, 0.2)
            self._seconds = self._seconds * keep + seconds
            self._tokens = self._tokens * keep + tokens
            self._steps = self._steps * keep + 1

    @property
    def tokens_per_second(self) -> float:
        """Symbols a second; 0 before the first step."""
        return self._tokens / self._seconds if self._seconds else 0.0

    def seconds_for(self, steps: int) -> float | None:
        """How long this many steps will take; None if unknown."""
        return steps * self._seconds / self._steps if self._steps else None


def symbols_read(history: History, step: int) -> float:
    """How many symbols a run has read in so many steps, of which the history may have a row for several."""
    return float(history.steps["tokens"].mean() * step) if len(history.steps["tokens"]) else 0.0


class Record:
    """The record of one run: its curve and its progress."""

    def __init__(self, epochs: int) -> None:
        self.curve = Curve()
        self.progress = Progress(epochs=epochs)
        self._rate = Rate()
        self._symbols = 0.0

    @property
    def speed(self) -> float:
        """Symbols read per second of training, from the first step on; 0 before it."""
        seconds = float(self.curve.seconds[-1]) if len(self.curve) else 0.0
        return self._symbols / seconds if seconds else 0.0

    @classmethod
    def of(cls, history: History, step: int, epoch: int, epochs: int) -> Self:
        """The record of a saved run. epoch: of the last step, counted from 1."""
        record = cls(epochs)
        record.curve = Curve.of(history)
        steps = {name: column[-REMEMBERED - 1 :] for name, column in history.steps.items()}
        begin = 1 if len(steps["step"]) > REMEMBERED else 0  # the step before them says how long the first one took
        took = np.diff(steps["seconds"], prepend=0.0) / np.diff(steps["step"], prepend=0.0)
        columns = (took, steps["tokens"])
        record._rate.add(zip(*(column[begin:].tolist() for column in columns), strict=True))
        record._symbols = symbols_read(history, step)
        record.progress = replace(record.progress, step=step, epoch=epoch)
        return record

    def set_length(self, steps_total: int, steps_per_epoch: int) -> None:
        """Set the number of steps of the run."""
        step = self.progress.step
        self.progress = replace(
            self.progress,
            steps_total=steps_total,
            epochs=-(-steps_total // steps_per_epoch),
            epoch=-(-step // steps_per_epoch),
            seconds_left=self._rate.seconds_for(max(0, steps_total - step)),
        )

    def take(self, steps: Iterable[Stepped]) -> None:
        """Add steps in their order. One that diverged was never applied, so it is left out."""
        step, epoch = self.progress.step, self.progress.epoch
        rates = []
        for event in steps:
            update = event.update
            if update.diverged:
                continue
            self.curve.append(update.step, event.seconds, update.loss, update.gradient_norm, update.clipped)
            if update.validation is not None:
                values = dict(update.validation.values)
                self.curve.append_validation(update.step, event.seconds, update.validation.loss, values)
            rates.append((event.took, update.tokens))
            self._symbols += update.tokens
            step, epoch = update.step, update.epoch + 1
            if len(self.curve) >= ROWS:
                self.curve = self.curve.halved()
        self._rate.add(rates)
        self.progress = replace(
            self.progress,
            step=step,
            epoch=epoch,
            tokens_per_second=self._rate.tokens_per_second,
            seconds_left=self._rate.seconds_for(self.progress.steps_total - step),
        )
