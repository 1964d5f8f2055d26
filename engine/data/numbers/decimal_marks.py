"""What stands before the decimals in columns of numbers: a point or a comma. A guess is called one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from engine.data.numbers.known_mark import KnownMark
from engine.data.numbers.parse import bare_number
from engine.name_list import some_of

_MARKED: Final = re.compile(r"[-+]?(\d*)([.,])(\d*)")
_CURRENCY: Final = re.compile(r"[$€£¥₹₽₩₺₴₫฿]|\b(?:EUR|USD|GBP|CHF|INR)\b")
_NAMED: Final = 3  # columns in a remark
_SIGNS: Final = {".": "point", ",": "comma"}


@dataclass(frozen=True)
class WrittenIn:
    """What else tells how numbers are written: what separates the columns, "" if there is one; whether dates have dots,
    as in 31.12.2020; what is known; and whether years stand where dates would: a year has no dots that could tell."""

    delimiter: str = ""
    has_dotted_dates: bool = False
    known: KnownMark = field(default_factory=KnownMark)
    has_years: bool = False


@dataclass(frozen=True)
class DecimalMarks:
    """marks: for `number_of`, of each column. common: that of all columns that have one, "" if they differ. remark: on
    columns of which it is a guess, "" if there are none."""

    marks: tuple[str, ...]
    common: str = ""
    remark: str = ""


def decimal_marks(names: Sequence[str], columns: Sequence[Sequence[str]], written: WrittenIn) -> DecimalMarks:
    """The marks in columns of these names and cells. Where the cells do not tell, other columns do; then what is known;
    then what else the file shows, which is a guess."""
    known, delimiter = written.known, written.delimiter
    if known.is_chosen:
        return DecimalMarks((known.mark,) * len(columns), known.mark)
    found = [_Traits.of(cells) for cells in columns]
    told = {one.mark(delimiter) for one in found if not one.both_ways} - {""}
    usual = told.pop() if len(told) == 1 else known.mark
    unsure = [] if usual else [one for one in found if one.both_ways]
    marks = [one.mark(delimiter, usual) or usual for one in found]
    guessed = {mark for mark, one in zip(marks, found, strict=True) if one.both_ways} - {""}
    is_european = delimiter == ";" and (written.has_dotted_dates or written.has_years)
    if unsure and not guessed and is_european and len(told) == 0:
        guessed = {","}  # as spreadsheets write in Europe
    if unsure and len(guessed) == 1:
        (guess,) = guessed
        marks = [mark or guess for mark in marks]
    resolved = {mark or "." for mark, one in zip(marks, found, strict=True) if mark or one.both_ways}
    common = resolved.pop() if len(resolved) == 1 else ""
    about = list[tuple[str, str, _Traits]]()
    for name, mark, one in zip(names, marks, found, strict=True):
        # A program that separates columns by commas or spaces writes points, unless a person has pasted them.
        is_plain = delimiter in (",", " ") and not written.has_dotted_dates and one.unclear == {"."} and mark != ","
        if unsure and one.both_ways and not is_plain:
            about.append((name, mark or ".", one))
    return DecimalMarks(tuple(marks), common, _remark(about, written) if about else "")


def decimal_mark(cells: Iterable[str], delimiter: str = "", usual: str = "") -> str:
    """ "." or ",": what stands before the decimals of a column; "" if its cells do not tell, or contradict each other.
    delimiter: what separates the columns; usual: the mark elsewhere, for cells that could be read either way."""
    return _Traits.of(cells).mark(delimiter, usual)


@dataclass
class _Traits:
    """What the cells of a column show: the marks that stand before decimals for sure, and those of which it is unclear,
    with the first such cell; the largest whole number; whether there are prices, and whether all that is unclear ends
    in three zeros.

    1.234 is unclear. 1.2, 0.123 and 1234.567 have decimals; 1.234.567 and 1.234,5 have thousands, and so has 1.234
    beside 567, because a table that writes three decimals writes them everywhere.
    """

    told: set[str] = field(default_factory=set)
    unclear: set[str] = field(default_factory=set)
    example: str = ""
    whole: float = 0.0
    priced: bool = False
    even: bool = True

    @classmethod
    def of(cls, cells: Iterable[str]) -> _Traits:
        found = cls()
        for cell in cells:
            found._add(cell)
        return found

    def _add(self, cell: str) -> None:
        bare = bare_number(cell).strip("()")
        marks = re.findall("[.,]", bare)
        if len(marks) > 1:
            different = len(set(marks)) > 1
            self.told.add(marks[-1] if different else _other(marks[0]))
        elif match := _MARKED.fullmatch(bare):
            before, mark, after = match.groups()
            if len(after) == 3 and 0 < len(before) < 4 and before[0] != "0":
                self.unclear.add(mark)
                self.example = self.example or cell
            else:
                self.told.add(mark)
            self.priced = self.priced or _CURRENCY.search(cell) is not None
            self.even = self.even and after == "000"
        elif bare.lstrip("+-").isdecimal():
            self.whole = max(self.whole, float(bare.lstrip("+-")))

    @property
    def both_ways(self) -> bool:
        """Whether the column has a mark, and nothing in it tells which one it is."""
        return not self.told and len(self.unclear) == 1 and not self._beside_hundreds

    @property
    def _beside_hundreds(self) -> bool:
        return 100 <= self.whole < 1000

    def mark(self, delimiter: str = "", usual: str = "") -> str:
        """See `decimal_mark`."""
        if self.told or len(self.unclear) != 1:
            return next(iter(self.told)) if len(self.told) == 1 else "" if self.told else usual
        if usual:
            return usual
        # Semicolons separate the columns where commas stand before decimals; prices have two decimals, and seldom does
        # every number end in three zeros. One of these alone may be chance.
        european, rounded = delimiter == ";", self.priced and self.even
        if self._beside_hundreds or rounded or (european and self.unclear == {"."} and (self.priced or self.even)):
            return _other(*self.unclear)
        return "," if european and self.unclear == {","} else ""


def _remark(about: Sequence[tuple[str, str, _Traits]], written: WrittenIn) -> str:
    """The sentence about columns with the marks that were guessed."""
    named = some_of([f"“{name}”" if name else "the numbers" for name, _, _ in about], _NAMED)
    _, mark, one = about[0]
    (sign,) = one.unclear
    where = "before decimals" if sign == mark else "between thousands"
    if one.even and mark != sign:
        why = "all of them end in three zeros"
    elif one.priced and mark != sign:
        why = "prices seldom have three decimals"
    elif mark == ",":
        dates = " and dates have dots" if written.has_dotted_dates else ""
        why = f"semicolons separate the columns{dates}, as is usual where a comma stands before decimals"
    else:
        why = "that is usual in English"
    reading = f"In {one.example}, the {_SIGNS[sign]} is taken to stand {where}, because {why}."
    guess = "This is a guess: if it is wrong, choose another decimal mark."
    return f"{named[0].upper()}{named[1:]} can be read in two ways. {reading} {guess}"


def _other(mark: str) -> str:
    return "," if mark == "." else "."
