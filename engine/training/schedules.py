"""How the learning rate changes over a run: a factor on the rate that the user set."""

from __future__ import annotations

import math
from collections.abc import Callable

_STEP_FACTOR, _STEP_PARTS = 0.3, 3  # the rate falls to 30 % at one third and at two thirds of the run
_WARM_UP_SHARE, _FIRST_FACTOR, _LAST_FACTOR = 0.3, 1 / 25, 1 / 25e4  # PyTorch's OneCycleLR
PLATEAU_FACTOR, PLATEAU_PATIENCE = 0.5, 3  # half the rate after that many validations without a better loss


def _constant(progress: float) -> float:
    return 1.0


def _steps(progress: float) -> float:
    return float(_STEP_FACTOR ** min(int(progress * _STEP_PARTS), _STEP_PARTS - 1))


def _cosine(progress: float) -> float:
    """Loshchilov and Hutter, "SGDR" (2017), one period down to zero."""
    return (1 + math.cos(math.pi * progress)) / 2


def _one_cycle(progress: float) -> float:
    """Smith and Topin, "Super-convergence" (2018), as PyTorch anneals it: up along a cosine, then down along one."""

    def between(start: float, stop: float, share: float) -> float:
        return stop + (start - stop) * (1 + math.cos(math.pi * share)) / 2

    if progress < _WARM_UP_SHARE:
        return between(_FIRST_FACTOR, 1.0, progress / _WARM_UP_SHARE)
    return between(1.0, _LAST_FACTOR, (progress - _WARM_UP_SHARE) / (1 - _WARM_UP_SHARE))


# name → share of the run done, 0 … 1 → factor. "plateau" depends on the losses; the trainer keeps its factor.
SCHEDULES: dict[str, Callable[[float], float]] = {
    "constant": _constant,
    "step": _steps,
    "cosine": _cosine,
    "one-cycle": _one_cycle,
    "plateau": _constant,
}
