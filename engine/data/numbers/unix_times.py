"""Times as programs count them: the seconds since 1970, or their thousandths, millionths or billionths."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from engine.data.numbers.one_way import go_one_way

_COUNT: Final = re.compile(r"([1-3]\d{9})(\d{3}){0,3}(?:\.\d*)?")  # from 2001 to 2096
_FIGURES: Final = 10  # of whole seconds


def since_1970(cells: Sequence[str]) -> NDArray[np.float64] | None:
    """(T,) the seconds of a column that only rises or only falls and may count them; None for any other. So may large
    numbers of anything: whether they do is for another column, the name of this one or its place to say."""
    if len(cells) < 2 or not all(map(_COUNT.fullmatch, cells)) or len({len(cell.split(".")[0]) for cell in cells}) > 1:
        return None
    numbers = np.array([float(cell) for cell in cells])
    return numbers / 10.0 ** (len(cells[0].split(".")[0]) - _FIGURES) if go_one_way(np.diff(numbers)) else None
