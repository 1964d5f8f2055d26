"""The horizontal axis of curves over a training run: steps, their logarithm, epochs or seconds."""

from __future__ import annotations

import math

import numpy as np

from engine.number_text import grouped, in_figures
from engine.types import DoubleArray
from gui.plots.ranges import stepped_up
from gui.session.progress import Curve, Progress
from gui.session.series import Series

AXES = {"steps": "steps", "log": "log steps", "epochs": "epochs", "seconds": "seconds"}
LEAST = {"steps": 20.0, "epochs": 1.0, "seconds": 1.0}  # the axis is at least this long
LOG_LEAST, LOG_GROWTH = 2.0, 0.25  # in powers of ten: its least length, and how much it grows at a time


def steps_per_epoch(progress: Progress) -> float:
    """How many steps an epoch takes; 1 before that is known."""
    return progress.steps_total / progress.epochs if progress.epochs and progress.steps_total else 1.0


class Places:
    """Where each training step and each evaluation is on the axis; only new ones are computed."""

    def __init__(self) -> None:
        self._of: tuple[object, ...] = ()
        self._steps = Series()

    def follow(self, kind: str, curve: Curve, progress: Progress) -> tuple[DoubleArray, DoubleArray]:
        """(steps,) and (evaluations,): the x values of the steps, and of the evaluations."""
        if kind == "seconds":
            return curve.seconds, curve.validation_seconds
        steps, evaluated = curve.steps, curve.validation_steps
        if kind == "steps":
            return steps, evaluated
        each = steps_per_epoch(progress)
        if (kind, curve, each) != self._of:
            self._of, self._steps = (kind, curve, each), Series()
        self._steps.extend(_place(kind, steps[len(self._steps.view()) :], each))
        return self._steps.view(), _place(kind, evaluated, each)


def _place(kind: str, steps: DoubleArray, each: float) -> DoubleArray:
    return np.log10(np.maximum(steps, 1.0)) if kind == "log" else steps / each


def text_of_place(kind: str, x: float) -> str:
    """The number of a place on the axis, in the axis's own unit."""
    return grouped(round(10.0**x if kind == "log" else x)) if kind in ("steps", "log") else in_figures(x)


def right_end(kind: str, last: float) -> float:
    """The end of an axis that must include `last`. It grows in steps, so that it rarely moves."""
    if kind == "log":
        return max(LOG_LEAST, math.ceil((last + 0.02) / LOG_GROWTH) * LOG_GROWTH)
    return stepped_up(max(last, LEAST[kind]))
