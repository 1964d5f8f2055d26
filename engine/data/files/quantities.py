"""Whether whole numbers, one on each line, count something, and are not codes such as postal codes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

import numpy as np

_WHOLE: Final = re.compile(r"[-+−]?(?:0|[1-9]\d{0,14})")  # codes may begin with zeros, numbers do not
_FEWEST: Final = 20
_OF_CODES: Final = 3  # digits: codes are seldom shorter
_SMOOTH: Final = 0.7  # steps, in standard deviations; those between independent numbers are 1.13 on average


def are_quantities(cells: Sequence[str]) -> bool:
    """Whether these are a series of numbers: none is written like a code, they do not number the lines, and they differ
    in length, are short, or follow each other closely without being sorted."""
    if len(cells) < _FEWEST or not all(map(_WHOLE.fullmatch, cells)):
        return False
    values = np.array([float(cell.replace("−", "-")) for cell in cells])
    steps = np.diff(values)
    if (steps == steps[0]).all():
        return False
    lengths = [len(cell.lstrip("-+−")) for cell in cells]
    if min(lengths) < _OF_CODES or min(lengths) == _OF_CODES < max(lengths):
        return True
    is_sorted = (steps >= 0).all() or (steps <= 0).all()
    return not is_sorted and bool(np.abs(steps).mean() < _SMOOTH * values.std())
