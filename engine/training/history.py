"""The curves of a training run so far: columns of numbers that grow, in bounded memory."""

from __future__ import annotations

import math
from array import array
from collections.abc import Mapping

import numpy as np

from engine.training.update import Update
from engine.types import FloatArray

# Most rows kept: a curve cannot show more, and a run of several days must not write hundreds of megabytes.
ROWS = 1 << 17
_LAST_STEP = 2.0**53  # beyond it, floats cannot represent every step


class History:
    """One row for each step, and one for each validation.

    `steps`: step (from 1), seconds (training time of the run so far, validation aside), loss, gradient_norm, clipped
    (1 or 0), learning_rate, tokens. `validations`: step, seconds, loss, and the architecture's metrics by name; NaN
    where a metric was not measured. Beyond 131,072 steps a row stands for two neighbours, then for four, and so on:
    step and seconds of the last, the mean of everything else.
    """

    def __init__(self) -> None:
        names = ("step", "seconds", "loss", "gradient_norm", "clipped", "learning_rate", "tokens")
        self._steps = {name: array("d") for name in names}
        self._validations = {name: array("d") for name in ("step", "seconds", "loss")}
        self._stride = 1  # steps a row stands for
        self._waiting: list[tuple[float, ...]] = []  # steps of the incomplete last row
        self._seconds = 0.0

    @property
    def seconds(self) -> float:
        """Training time of the run so far."""
        return self._seconds

    @property
    def stride(self) -> int:
        """The number of steps that a row stands for."""
        return self._stride

    @property
    def steps(self) -> dict[str, FloatArray]:
        """Column → values (rows,) of the steps; copies."""
        columns = {name: np.array(column) for name, column in self._steps.items()}
        if self._waiting:
            last = dict(zip(columns, merged(self._waiting), strict=True))
            columns = {name: np.append(column, last[name]) for name, column in columns.items()}
        return columns

    @property
    def validations(self) -> dict[str, FloatArray]:
        """Column → values (rows,) of the validations; copies."""
        return {name: np.array(column) for name, column in self._validations.items()}

    def record(self, update: Update) -> None:
        """Add one step."""
        self._seconds += update.seconds
        self._waiting.append(
            (
                update.step,
                self._seconds,
                update.loss,
                update.gradient_norm,
                float(update.clipped),
                update.learning_rate,
                update.tokens,
            )
        )
        if len(self._waiting) >= self._stride:
            for column, value in zip(self._steps.values(), merged(self._waiting), strict=True):
                column.append(value)
            self._waiting.clear()
            if len(self._steps["step"]) >= ROWS:
                self._halve()
        if update.validation is not None:
            metrics = update.validation
            own = {"step": float(update.step), "seconds": self._seconds, "loss": metrics.loss}
            self._append_validation({**metrics.values, **own})

    def _halve(self) -> None:
        """Make each row stand for twice as many steps."""
        self._stride *= 2
        for name, column in self._steps.items():
            self._steps[name] = array("d", halved(name, np.array(column)).tolist())

    def _append_validation(self, row: Mapping[str, float]) -> None:
        rows = len(self._validations["step"])
        for name in row:
            self._validations.setdefault(name, array("d", [math.nan] * rows))
        for name, column in self._validations.items():
            column.append(row.get(name, math.nan))

    def copy(self) -> History:
        """An independent copy."""
        return History.of(self.steps, self.validations)

    @classmethod
    def of(cls, steps: Mapping[str, FloatArray], validations: Mapping[str, FloatArray]) -> History:
        """A history that continues from columns (rows,) by name, as `steps` and `validations` return them.

        ValueError if a column is missing, if the columns of a table differ in length, or if a step or a time is not a
        number.
        """
        history = cls()
        for own, given in ((history._steps, steps), (history._validations, validations)):
            if missing := own.keys() - given.keys():
                raise ValueError(f"the column {min(missing)} is missing")
            if len({column.shape for column in given.values()}) > 1 or given["step"].ndim != 1:
                raise ValueError("the columns differ in length")
            if not (np.abs(given["step"]) < _LAST_STEP).all() or not np.isfinite(given["seconds"]).all():
                raise ValueError("a step or a time is not a number")
        history._steps = {name: array("d", steps[name].tolist()) for name in history._steps}
        history._validations = {name: array("d", column.tolist()) for name, column in validations.items()}
        if len(history._steps["step"]):
            history._seconds = history._steps["seconds"][-1]
            history._stride = _stride(history._steps["step"])
        while len(history._steps["step"]) >= ROWS:
            history._halve()
        return history


def halved(name: str, values: FloatArray) -> FloatArray:
    """(rows,) of a column → (rows // 2,): of two neighbours the last step and seconds, the mean of everything else."""
    pairs = values[: len(values) // 2 * 2].reshape(-1, 2)
    return pairs[:, 1] if name in ("step", "seconds") else pairs.mean(axis=1)


def merged(rows: list[tuple[float, ...]]) -> tuple[float, ...]:
    """The last step and seconds, the mean of all other columns."""
    last = rows[-1]
    if len(rows) == 1:
        return last
    return (*last[:2], *(sum(column) / len(rows) for column in list(zip(*rows, strict=True))[2:]))


def _stride(steps: array[float]) -> int:
    """The number of steps per row, from a column of step numbers."""
    stride = 1
    while len(steps) > 1 and stride < steps[1] - steps[0]:
        stride *= 2
    return stride
