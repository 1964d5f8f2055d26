"""How the learning rate changes over a run: a factor on the configured rate."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

_STEP_FACTOR, _STEP_PARTS = 0.3, 3  # the rate falls to 30 % at one third and at two thirds of the run
_WARM_UP_SHARE, _FIRST_FACTOR, _LAST_FACTOR = 0.3, 1 / 25, 1 / 25e4  # PyTorch's OneCycleLR
_SHORT_WARM_UP = 0.02  # of an adaptive run
PLATEAU_FACTOR, PLATEAU_PATIENCE = 0.5, 3  # halve the rate after this many validations without a better loss
COOLING_SHARE = 0.25  # share of an adaptive run, at its end, in which the rate falls
LOW_FACTOR = 0.1  # once the rate has fallen this far, the run may stop


@dataclass(frozen=True)
class Schedule:
    """factor: share of the run done, 0 … 1 → factor on the rate. ends_low: whether the run is meant to end at a low
    rate, so that early stopping lowers the rate first: apparent stagnation may be just the noise of large steps.
    peak: share of the run at which the rate is highest; patience starts counting there."""

    factor: Callable[[float], float]
    ends_low: bool = False
    peak: float = 0.0


def _constant(progress: float) -> float:
    return 1.0


def _steps(progress: float) -> float:
    return float(_STEP_FACTOR ** min(int(progress * _STEP_PARTS), _STEP_PARTS - 1))


def falling(progress: float) -> float:
    """Loshchilov and Hutter, "SGDR" (2017), one period down to zero."""
    return (1 + math.cos(math.pi * progress)) / 2


def _one_cycle(progress: float) -> float:
    """Smith and Topin, "Super-convergence" (2018), as PyTorch anneals it: up along a cosine, then down along one."""

    def between(start: float, stop: float, share: float) -> float:
        return stop + (start - stop) * (1 + math.cos(math.pi * share)) / 2

    if progress < _WARM_UP_SHARE:
        return between(_FIRST_FACTOR, 1.0, progress / _WARM_UP_SHARE)
    return between(1.0, _LAST_FACTOR, (progress - _WARM_UP_SHARE) / (1 - _WARM_UP_SHARE))


def _adaptive(progress: float) -> float:
    """The full rate until the last part of the run, which patience may bring forward, so that a run lasts as long as it
    improves (Hägele et al., "Scaling laws and compute-optimal training beyond fixed training durations", 2024)."""
    if progress < _SHORT_WARM_UP:
        return (1 + progress / _SHORT_WARM_UP) / 2
    return falling(max(0.0, (progress - 1 + COOLING_SHARE) / COOLING_SHARE))


# "plateau" depends on the losses; the trainer keeps its factor.
SCHEDULES: dict[str, Schedule] = {
    "constant": Schedule(_constant),
    "step": Schedule(_steps),
    "cosine": Schedule(falling, ends_low=True),
    "one-cycle": Schedule(_one_cycle, ends_low=True, peak=_WARM_UP_SHARE),
    "plateau": Schedule(_constant),
    "adaptive": Schedule(_adaptive, ends_low=True, peak=_SHORT_WARM_UP),
}
