"""Finds the run of the list that a file holds, so that a file that is opened again is not listed again."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import engine
from gui.session.progress import Curve
from gui.session.run_library.listed_run import ListedRun

if TYPE_CHECKING:
    from gui.session.run_library.run_list import RunList

ROUNDING = 1e-6  # of seconds beside the file of a kept run


def same_run(saved: engine.Run, runs: RunList) -> str:
    """The id of the listed run that is this one, no step earlier or later; "" if there is none. No two runs need
    exactly the same time for their steps."""
    curve, step = Curve.of(saved.history), saved.progress.step
    if not len(curve):
        return ""
    seconds = float(curve.seconds[-1])

    def is_same(run: ListedRun) -> bool:
        at_step = run.step == step and run.settings.model == saved.snapshot.config and len(run.curve) > 0
        return at_step and math.isclose(float(run.curve.seconds[-1]), seconds, rel_tol=ROUNDING)

    listed = (runs.find(identity.id) for identity in runs.present())
    return next((run.id for run in listed if run is not None and is_same(run)), "")
