"""How far the painting of a long picture has got."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

LAPS = 3  # of the painter over the columns: arrows, symbols, cells
COLUMNS_A_REPORT = 50


def reported(columns: Sequence[int], report: Callable[[float], None] | None, lap: int) -> Iterator[int]:
    """Yield the columns and report progress; this is the `lap`-th of LAPS passes over them."""
    for done, column in enumerate(columns):
        if report is not None and done % COLUMNS_A_REPORT == 0:
            report((lap + done / len(columns)) / LAPS)
        yield column
