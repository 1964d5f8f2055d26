"""Notes of a tune, and the symbols they are written with: C4:1/4 F#4:1/8 R:1/8."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from engine.errors import DataError

NAMES: Final = ("C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B")
LOWEST, HIGHEST = 0, 127  # as MIDI counts semitones; 60 is the C in the middle of a piano
LONGEST: Final = Fraction(16)  # whole notes that a note lasts
_REST: Final = "R"
_SYMBOL: Final = re.compile(r"(R|[A-G]#?-?\d):(\d{1,4}(?:/\d{1,4})?)")


@dataclass(frozen=True)
class Note:
    """pitch: in semitones as MIDI counts them, None for a rest; length: in whole notes."""

    pitch: int | None
    length: Fraction

    def __str__(self) -> str:
        name = _REST if self.pitch is None else f"{NAMES[self.pitch % 12]}{self.pitch // 12 - 1}"
        return f"{name}:{self.length}"


def notes_to_text(notes: Iterable[Note]) -> str:
    """Notes as symbols with spaces between them."""
    return " ".join(map(str, notes))


def read_notes(text: str) -> list[Note]:
    """The notes that symbols stand for; DataError naming the first that is not a note."""
    notes = []
    for number, symbol in enumerate(text.split(), 1):
        if (match := _SYMBOL.fullmatch(symbol)) is None or match[2].endswith("/0"):
            raise DataError(f"Symbol {number:,} is {symbol!r}; expected a note as in C4:1/4, or a rest as in R:1/8.")
        length, pitch = Fraction(match[2]), None
        if match[1] != _REST:
            name, octave = re.fullmatch(r"([A-G]#?)(-?\d)", match[1]).groups()  # type: ignore[union-attr]
            if name not in NAMES:
                raise DataError(f"Symbol {number:,} is {symbol!r}; expected one of {', '.join(NAMES)}.")
            pitch = NAMES.index(name) + 12 * (int(octave) + 1)
        if not 0 < length <= LONGEST or (pitch is not None and not LOWEST <= pitch <= HIGHEST):
            raise DataError(f"Symbol {number:,} is {symbol!r}, which is too long, too short, too high or too low.")
        notes.append(Note(pitch, length))
    return notes


def total(notes: Sequence[Note]) -> Fraction:
    """How long the notes last in all, in whole notes."""
    return sum((note.length for note in notes), Fraction(0))
