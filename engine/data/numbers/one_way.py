"""Whether numbers keep rising, or keep falling."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

_PARTS: Final = re.compile(r"(\d{1,3})[-/](\d{1,3})")
_WORDED: Final = re.compile(r"([^\W\d_]+)[ _]?(\d{1,6})")
_FEWEST: Final = 10


def rise_in_parts(times: Sequence[str]) -> bool:
    """Whether times such as 1-01, 1-02, …, 3-12 rise: years that are only counted, and their months. They are no
    dates."""
    found = [_PARTS.fullmatch(time) for time in times]
    parts = [(int(each[1]), int(each[2])) for each in found if each is not None]
    return len(parts) == len(times) >= _FEWEST and all(one < two for one, two in pairwise(parts))


def count_in_words(times: Sequence[str], is_unit: Callable[[str], bool]) -> bool:
    """Whether times are Week 1, Week 2, … or Day 0, Day 1, …: a unit of time and a number that rises by 1."""
    found = [_WORDED.fullmatch(time) for time in times]
    numbers = [int(each[2]) for each in found if each is not None]
    if not len(numbers) == len(times) >= _FEWEST or numbers[0] not in (0, 1):
        return False
    units = {each[1] for each in found if each is not None}
    return len(units) == 1 and all(map(is_unit, units)) and all(two == one + 1 for one, two in pairwise(numbers))


def go_one_way(steps: NDArray[np.float64]) -> bool:
    """Whether the differences between numbers are all above 0, or all below it; true where there are none."""
    return bool((steps > 0).all() or (steps < 0).all())
