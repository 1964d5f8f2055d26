"""Where a table of numbers begins and ends in its file: below titles, above totals, notes and other tables."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Final

from engine.data.files.number_cells import are_words, says_something, steps_between
from engine.data.numbers.gap_marks import is_gap
from engine.data.numbers.times import is_time

FEWEST_ROWS: Final = 10
MOST_AT_END: Final = 10  # rows below a table: totals and notes
_FEWEST_TIMES: Final = 5
_TITLES: Final = 50  # lines above the table
_TITLE_ROWS: Final = 20  # with as many cells as the table
_SPARSE: Final = 0.5  # at most this share of the cells of a title is filled
_HEADS: Final = 4  # rows without numbers at its top: its header, and a row of units


def table_in(rows: Sequence[Sequence[str]], complete: bool, header: str) -> tuple[int, int]:
    """Where the first table begins and ends among rows of cells: below titles, above totals, notes and other tables.

    complete: whether these are all rows of the file. header: whether the user says that there is one.
    """
    if not rows or header == "no":
        return 0, len(rows)
    width = Counter(map(len, rows)).most_common(1)[0][0]
    if width == 1:
        return 0, len(rows)
    first = next(place for place, row in enumerate(rows) if len(row) == width)
    begin = header_below(rows, first) if first <= _TITLES else 0
    if header == "yes":
        return begin, len(rows)
    heads = begin
    while heads < min(begin + _HEADS, len(rows)) and len(rows[heads]) == width and are_words(rows[heads]):
        heads += 1
    end = next((place for place in range(heads + FEWEST_ROWS, len(rows)) if _begins_another(rows, place, width)), 0)
    if end:
        return begin, end
    end = len(rows)
    timed = _says_when(rows[heads:])
    while complete and end > max(heads + 1, len(rows) - MOST_AT_END) and not is_step(rows[end - 1], width, timed):
        end -= 1
    return begin, end


def header_below(rows: Sequence[Sequence[str]], first: int) -> int:
    """The place of the header at `first` or below it, with titles above and units below: the fullest row of words above
    the numbers, or the row below titles that only begins with a word, as years may be names; `first` if there is none.

    In a row of a title a cell or two are filled, as spreadsheets write it; a date may be among them.
    """
    width, best = len(rows[first]), first
    fullest = _filled(rows[first]) if are_words(rows[first]) else 0
    for place in range(first, min(first + _TITLE_ROWS, len(rows))):
        row, filled = rows[place], _filled(rows[place])
        if len(row) > width or (filled > _SPARSE * width and not are_words(row) and not _begins_with_word(row)):
            break  # numbers
        below_titles = all(_filled(title) <= _SPARSE * width for title in rows[first:place])
        if len(row) < width or not (below_titles or _stands_above_steps(rows, place)):
            continue
        if are_words(row):
            is_another = place > first and not are_words(rows[place - 1]) and row != rows[best]
            if filled > fullest or (filled == fullest and is_another):
                best, fullest = place, filled
        elif place > first and below_titles and filled == width and _stands_above_steps(rows, place):
            return place
    return best


def _stands_above_steps(rows: Sequence[Sequence[str]], place: int) -> bool:
    """Whether the first numbers below a row begin with a number or time, unlike that row."""
    below = (row for row in rows[place + 1 : place + 1 + _TITLE_ROWS] if not are_words(row))
    first = next((row for row in below if len(row) == len(rows[place]) and any(row)), None)
    return first is not None and not _begins_with_word(first) and _begins_with_word(rows[place])


def _begins_with_word(row: Sequence[str]) -> bool:
    return bool(row[0]) and not says_something(row[0])


def _filled(row: Sequence[str]) -> int:
    """How many cells are neither empty nor gaps."""
    return sum(not is_gap(cell) for cell in row)


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
