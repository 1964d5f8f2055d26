"""Numbers as people write them."""

from __future__ import annotations

import math
import re
from typing import Final

_THOUSANDS: Final = re.compile(r"[-+]?\d{1,3}(,\d{3})+(\.\d*)?([eE][-+]?\d+)?")
_COMMA: Final = re.compile(r"[-+]?\d*,\d+([eE][-+]?\d+)?")
_SIGNS: Final = re.compile(r"^([-+]?)\s*[$€£¥₹]\s?|\s?[%€$£¥₹]$")  # of a price or a percentage
GAPS: Final = frozenset(
    {"", "na", "n/a", "n.a.", "#n/a", "null", "none", "missing", "no data", "-", "--", "---", "–", "?", ".", "…", "*"}
)


def number_of(text: str) -> float:
    """The number that a cell holds, NaN if it holds none. 1,234.5 has a thousands separator, 3,5 a decimal comma; "$5"
    and "5 %" are 5."""
    cell = _SIGNS.sub(r"\1", text.strip().replace("−", "-"), count=1)
    if _THOUSANDS.fullmatch(cell):
        cell = cell.replace(",", "")
    elif _COMMA.fullmatch(cell):
        cell = cell.replace(",", ".")
    try:
        # Python also reads 1_000, which nobody means in a table.
        return math.nan if "_" in cell else float(cell)
    except ValueError:
        return math.nan


def is_gap(text: str) -> bool:
    """Whether a cell says that its number is missing."""
    return text.strip().lower() in GAPS
