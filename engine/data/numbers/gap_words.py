"""Words among numbers that say that one is missing, whatever the word: OVLD, M or off where a sensor was silent."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from engine.data.numbers.column_notes import ColumnNote, Noted
from engine.errors import quoted

_MOST: Final = 2  # different words in a column
_OFTEN: Final = 2  # times each occurs: one that occurs once may be a mistake
_RARE: Final = 0.2  # of the cells of a column are words
_MANY: Final = 20  # different numbers, where none has decimals: fewer may be classes, and the word another one


def say_missing(counts: Mapping[str, int], cells: int) -> bool:
    """Whether the words among so many cells of measured numbers, each with how often it occurs, say that a number is
    missing: one or two that recur, though in few cells."""
    few = 0 < len(counts) <= _MOST and sum(counts.values()) <= _RARE * cells
    return few and min(counts.values()) >= _OFTEN and all(map(_begins_as_word, counts))


def are_measured(numbers: Iterable[str]) -> bool:
    """Whether the numbers of a column are too fine, or too many different ones, to be classes."""
    different = {*numbers}
    fine = sum(cell.rstrip("0")[-1:] not in (".", ",") and ("." in cell or "," in cell) for cell in different)
    return fine > 1 or len(different) > _MANY


def _begins_as_word(cell: str) -> bool:
    return not (cell[:1].isdigit() or cell[:1] in "+-.,")


@dataclass
class GapWords:
    """The words among the numbers of a table while it is read. alone: whether it has a single column, in which one word
    may stand; dated: whether it says when, so that each column may hold words that `say_missing`."""

    alone: bool
    dated: bool
    _found: dict[str, dict[str, list[int]]] = field(default_factory=dict)  # column → word → lines

    def refuses(self, column: str, cell: str, line: int) -> tuple[str, int] | None:
        """Note a cell that holds no number. If no more words can be gaps, the word to refuse and its line: the first
        that has occurred only once, which may be this one."""
        words = self._found.setdefault(column, {})
        is_new = cell not in words
        words.setdefault(cell, []).append(line)
        if self.alone:
            is_word = not any(map(str.isdigit, cell)) and any(map(str.isalpha, cell))
            return None if is_word and len(words) == len(words[cell]) == 1 else (cell, line)
        if self.dated and (len(words) <= _MOST or not is_new):
            return None
        return next((word, lines[0]) for word, lines in words.items() if len(lines) == 1)

    def refused(self, rows: int) -> tuple[str, str, int] | None:
        """Column, word and line of the first word that is no gap after all. rows: of the table."""
        if self.alone:
            return None
        wrong = [
            (lines[0], column, word)
            for column, words in self._found.items()
            if not say_missing({word: len(lines) for word, lines in words.items()}, rows)
            for word, lines in words.items()
        ]
        line, column, word = min(wrong, default=(0, "", ""))
        return (column, word, line) if wrong else None

    def notes(self, names: Sequence[str], unit: str) -> Iterator[ColumnNote]:
        """A note on each word. names: of the columns; unit: what a line is called."""
        for column in names:
            for word, lines in self._found.get(column, {}).items():
                many = f"“{column}” holds {quoted(word)} in {len(lines):,} rows, the first in {unit} {lines[0]:,}"
                one = f"{unit.capitalize()} {lines[0]:,} holds {quoted(word)} among the numbers"
                sentence = f"{one if self.alone else many}; it is read as a gap."
                yield ColumnNote(column, Noted.PLACEHOLDER, len(lines), sentence)
