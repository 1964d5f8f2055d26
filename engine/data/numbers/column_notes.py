"""What is worth knowing of how the numbers of each column were read. Of a column that is left out, nothing is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from engine.number_text import counted


class Noted(StrEnum):
    """What a note is about."""

    GAP = "gap"
    LIMIT = "limit"
    PLACEHOLDER = "placeholder"


@dataclass(frozen=True)
class ColumnNote:
    """How many cells of a column were read in this way, the line of the first of them, and where that is, in words; of
    placeholders a sentence about all of them. at_start: how many gaps come before the first number."""

    column: str
    noted: Noted
    count: int
    first: str = ""
    line: int = 0
    at_start: int = 0


def notes_in_words(notes: Sequence[ColumnNote]) -> Iterator[str]:
    """The sentences about placeholders, one about the gaps of all columns, and one about their limits."""
    yield from (note.first for note in notes if note.noted is Noted.PLACEHOLDER)
    if gaps := [note for note in notes if note.noted is Noted.GAP]:
        first = _first(gaps)
        where = f", the first: {first}" if first else ""
        missing = sum(note.count for note in gaps)
        yield f"{counted(missing, 'number')} missing{where}. {_filled(missing, sum(note.at_start for note in gaps))}"
    if limits := [note for note in notes if note.noted is Noted.LIMIT]:
        below = counted(sum(note.count for note in limits), "value is", "values are")
        yield f"{below} only known to be below or above a limit, the first: {_first(limits)}. The limit itself is read."


def _filled(missing: int, at_start: int) -> str:
    """How gaps are filled, some of which come before the first number of their series."""
    if at_start == missing:
        return "Each gap is at the start, and is filled with the first number."
    start = f", or at the start ({at_start:,} of them) with the first number" if at_start else ""
    return f"Each gap is filled with the number before it{start}."


def _first(notes: Sequence[ColumnNote]) -> str:
    return min(notes, key=lambda note: note.line).first
