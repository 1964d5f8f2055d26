"""Cells of tables of numbers: what separates them, and whether they are numbers, times, gaps or words."""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

import numpy as np

from engine.data.numbers.gap_marks import is_gap, is_only_gap
from engine.data.numbers.parse import limit_of, number_of
from engine.data.numbers.times import is_time

_REMARKS: Final = ("#", "%", "//")
_SEPARATOR: Final = re.compile(r"\"?sep=.\"?", re.IGNORECASE)  # the first line of an Excel file
# How Excel writes a zero in its accounting format, where no currency stands before it.
_ZERO: Final = " -   "
_ZERO_CELL: Final = re.compile(rf"(^|[\t;,|]\"?){_ZERO}(?=\"?(?:[\t;,|]|$))")


def is_row(line: str) -> bool:
    """Whether a line is neither blank nor a remark."""
    return bool(line.strip()) and not line.startswith(_REMARKS) and not _SEPARATOR.fullmatch(line.strip())


def cells_of(line: str, delimiter: str) -> list[str]:
    """The cells of a row, without the spaces around them."""
    if delimiter == " ":  # which quotes may enclose, as R writes tables
        return next(csv.reader([line.strip()], delimiter=" ", skipinitialspace=True)) if '"' in line else line.split()
    if _ZERO in line:
        line = _ZERO_CELL.sub(r"\g<1>0", line)
    if '"' in line:
        return [cell.strip() for cell in next(csv.reader([line], delimiter=delimiter or ","))]
    return [cell.strip() for cell in line.split(delimiter)] if delimiter else [line.strip()]


def is_number(cell: str) -> bool:
    """Infinite ones count too: reading them will report the problem."""
    return cell.lower().lstrip("+-") in ("inf", "infinity") or not np.isnan(number_of(cell))


@lru_cache(maxsize=4096)  # the same rows are looked at again and again, under each delimiter
def says_something(cell: str) -> bool:
    """Whether a cell is a number, a time or a gap, rather than a name."""
    return is_only_gap(cell) or is_time(cell) or not np.isnan(number_of(limit_of(cell) or cell))


def are_words(cells: Sequence[str]) -> bool:
    """Whether the cells of a row are a header or units: words, and no number or time among them."""
    return not all(map(is_only_gap, cells)) and not any(says_something(cell) for cell in cells if not is_gap(cell))


def steps_between(cells: Sequence[str]) -> np.ndarray:
    """(n,) → (n - 1,): how much each number is larger than the one before it; NaN beside a cell that holds none."""
    values = np.array([number_of(cell) for cell in cells])
    with np.errstate(invalid="ignore", over="ignore"):  # infinite ones do not count
        return np.diff(values)
