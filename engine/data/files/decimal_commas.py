"""Whether a single comma in each line stands before decimals, and does not separate two columns of whole numbers."""

from __future__ import annotations

import re
from collections.abc import Sequence
from math import isnan
from typing import Final

import numpy as np

from engine.data.numbers.gap_marks import is_gap
from engine.data.numbers.parse import number_of

_DECIMAL: Final = re.compile(r"\D{0,3}(\d[\d.]*),(\d+)(\D.*)?")  # −1.234,5 °C
_WHOLE: Final = re.compile(r"[-+−]?(0|[1-9]\d*)")
_FEWEST: Final = 10
_SMOOTH: Final = 0.7  # steps, in standard deviations; those between independent numbers are 1.13 on average
_DIGITS: Final = 5  # different last digits, of numbers with one decimal


def are_decimal_commas(lines: Sequence[str]) -> bool:
    """Whether lines are one column of numbers with decimal commas, perhaps below its name.

    Below a name, `12,34` is a number unless the digits after the comma read as whole numbers do: of different lengths,
    some ending with 0 and none beginning with it. Without a name, one has to begin with 0, as in 12,05; or the numbers,
    all with one decimal, follow each other closely.
    """
    cells = [line.strip() for line in lines]
    named = bool(cells) and "," not in cells[0] and not is_gap(cells[0]) and isnan(number_of(cells[0]))
    cells = [cell for cell in cells[named:] if not is_gap(cell)]
    found = [match for cell in cells if (match := _DECIMAL.fullmatch(cell)) is not None]
    others = [cell for cell in cells if _DECIMAL.fullmatch(cell) is None]
    if len(found) < max(_FEWEST, len(others)) or not all(map(_WHOLE.fullmatch, others)):
        return False
    if any(len(match[1]) > 1 and match[1][0] == "0" for match in found):
        return False  # 08,15 is a code or a time of day
    values = np.array([number_of(match[0], ",") for match in found])
    if np.isnan(values).any():
        return False
    after = [match[2] for match in found]
    leading = any(len(digits) > 1 and digits[0] == "0" for digits in after)
    lengths = set(map(len, after))
    if named:
        trailing = any(len(digits) > 1 and digits[-1] == "0" for digits in after)
        return leading or len(lengths) == 1 or not trailing
    steps = np.diff(values)
    is_sorted = bool((steps >= 0).all() or (steps <= 0).all())  # 2020,01 is a month
    if is_sorted or not leading:
        close = not is_sorted and np.abs(steps).mean() < _SMOOTH * values.std()
        return bool(close) and lengths == {1} and len(set(after)) >= _DIGITS
    return True
