"""Where a table of numbers begins and ends in its file: below titles, above totals, notes and other tables."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Final

from engine.data.files.number_cells import are_words, says_something, steps_between
from engine.data.numbers.times import is_time

FEWEST_ROWS: Final = 10
MOST_AT_END: Final = 10  # rows below a table: totals and notes
_FEWEST_TIMES: Final = 5
_TITLES: Final = 50  # lines above the table
_HEADS: Final = 4  # rows without numbers at its top: its header, and a row of units


def table_in(rows: Sequence[Sequence[str]], complete: bool) -> tuple[int, int]:
    """Where the first table begins and ends among rows of cells: below titles, above totals, notes and other tables.

    complete: whether these are all rows of the file.
    """
    if not rows:
        return 0, 0
    width = Counter(map(len, rows)).most_common(1)[0][0]
    if width == 1:
        return 0, len(rows)
    first = next(place for place, row in enumerate(rows) if len(row) == width)
    begin = first if first <= _TITLES else 0
    heads = begin
    while heads < min(begin + _HEADS, len(rows)) and len(rows[heads]) == width and are_words(rows[heads]):
        heads += 1
    if heads - begin > 1:  # the fullest is the header, titles stand above it and units below
        begin = max(range(begin, heads), key=lambda place: (sum(map(bool, rows[place])), -place))
    end = next((place for place in range(heads + FEWEST_ROWS, len(rows)) if _begins_another(rows, place, width)), 0)
    if end:
        return begin, end
    end = len(rows)
    timed = _says_when(rows[heads:])
    while complete and end > max(heads + 1, len(rows) - MOST_AT_END) and not is_step(rows[end - 1], width, timed):
        end -= 1
    return begin, end


def _begins_another(rows: Sequence[Sequence[str]], place: int, width: int) -> bool:
    """Whether a row is the header of a second table, wider or narrower than the first one."""
    row = rows[place]
    if len(row) in (1, width) or not are_words(row) or place + 1 == len(rows):
        return False
    return len(rows[place + 1]) == len(row) and not are_words(rows[place + 1])


def _says_when(rows: Sequence[Sequence[str]]) -> bool:
    """Whether the first cells of nearly all rows are times, or numbers that only rise or only fall."""
    cells = [row[0] for row in rows if row and row[0]]
    known = [cell for cell in cells if says_something(cell)]
    if len(known) < max(_FEWEST_TIMES, len(cells) - MOST_AT_END):
        return False
    steps = steps_between(known)
    return all(map(is_time, known)) or bool((steps >= 0).all() or (steps <= 0).all())


def is_step(row: Sequence[str], width: int, timed: bool) -> bool:
    """Whether a row is a step of the series rather than a total or a note below it. timed: whether its first cell has
    to say when."""
    return len(row) >= width and not (timed and row[0] and not says_something(row[0]))
