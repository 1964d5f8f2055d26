"""Whether what looks like a delimiter is a mark inside the cells: within quotes or times, after words, or before or
behind a true one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from engine.data.numbers.times import is_time

_CLOCK_AND_MORE: Final = re.compile(r" \d{1,2}[:.]\d{2}.*\s\S")
# More than one word follows: one alone may be the unit of a number, as in “123 MB”.
_MILLISECONDS_AND_MORE: Final = re.compile(r"\d{3}Z?(?![\w.])\W*\w+\b.*\s\S*[^\W\d_]")
_SECONDS: Final = re.compile(r"(.*\D)?\d{1,2}:\d{2}:\d{2}")
_NEARLY_ALL: Final = 0.9  # of the rows or cells


def tears_quotes(rows: Sequence[Sequence[str]]) -> bool:
    """Whether nearly every row has a cell that begins with a quotation mark and is closed only in a later cell."""
    torn = sum(
        any(
            cell.startswith('"') and '"' not in cell[1:] and any('"' in later for later in row[place + 1 :])
            for place, cell in enumerate(row)
        )
        for row in rows
    )
    return torn >= _NEARLY_ALL * max(1, len(rows))


def tears_times(rows: Sequence[Sequence[str]], most: float = _NEARLY_ALL) -> bool:
    """Whether nearly every row, or this share of them, begins with a date that goes on with a time of day and a text in
    the next cell, as in an exported chat: “01.05.22, 11:58 - Anna: …”, “[05/01/22, 11:58:00 AM] Anna: …”."""
    torn = sum(
        len(row) > 1
        and _CLOCK_AND_MORE.match(row[1]) is not None
        and not is_time(row[1])
        and is_time(row[0].lstrip("\u200e["))
        for row in rows
    )
    return torn >= most * max(1, len(rows))


def tears_seconds(rows: Sequence[Sequence[str]]) -> bool:
    """Whether nearly every row has a time in its first cell whose milliseconds are in the next one, before a text, as
    in a log: “2022-05-01 11:58:00,123 INFO …”, “INFO 2022-05-01 11:58:00,123 …”."""
    torn = sum(
        len(row) > 1 and _MILLISECONDS_AND_MORE.match(row[1]) is not None and _SECONDS.fullmatch(row[0]) is not None
        for row in rows
    )
    return torn >= _NEARLY_ALL * max(1, len(rows))


def tears_brackets(rows: Sequence[Sequence[str]]) -> bool:
    """Whether nearly every row has a cell with a bracket that is closed only in the next one: “(X11; Linux)”."""

    def opens(cell: str) -> bool:
        return cell.rfind("(") > cell.rfind(")")

    def closes(cell: str) -> bool:
        return ")" in cell and "(" not in cell[: cell.index(")")]

    torn = sum(any(opens(cell) and closes(after) for cell, after in pairwise(row)) for row in rows)
    return torn >= _NEARLY_ALL * max(1, len(rows))


def only_pads(rows: Sequence[Sequence[str]]) -> bool:
    """Whether it stands only beside another delimiter, to line up what follows, in nearly every row: the tabs of
    “+,S10,\\t\\ttactag”."""
    beside = sum(any(cell.endswith((",", ";", "|")) for cell in row[:-1]) for row in rows)
    return beside >= _NEARLY_ALL * max(1, len(rows))


def are_spaced(rows: Sequence[Sequence[str]]) -> bool:
    """Whether nearly every cell but the first of a row begins with a space, as words do after a comma in a sentence."""
    cells = [cell for row in rows for cell in row[1:]]
    return bool(cells) and sum(cell.startswith(" ") for cell in cells) >= _NEARLY_ALL * len(cells)
