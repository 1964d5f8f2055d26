"""Whether what looks like a delimiter is a mark inside the cells: within quotes or brackets, or after words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

_NEARLY_ALL: Final = 0.9  # of the rows or cells


def tears(rows: Sequence[Sequence[str]], opening: str, closing: str) -> bool:
    """Whether nearly every row has a cell that begins with an opening mark and is closed only in a later cell."""
    torn = sum(
        any(
            cell.startswith(opening) and closing not in cell[1:] and any(closing in later for later in row[place + 1 :])
            for place, cell in enumerate(row)
        )
        for row in rows
    )
    return torn >= _NEARLY_ALL * max(1, len(rows))


def are_spaced(rows: Sequence[Sequence[str]]) -> bool:
    """Whether nearly every cell but the first of a row begins with a space, as words do after a comma in a sentence."""
    cells = [cell for row in rows for cell in row[1:]]
    return bool(cells) and sum(cell.startswith(" ") for cell in cells) >= _NEARLY_ALL * len(cells)
