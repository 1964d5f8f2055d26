"""Quarters, halves and weeks of years: in a column beside the year (2, Q2, 2. Quartal, II or 第2四半期), or in one cell
with it (KW 01/2022, 1Q12, Q1 '12, FY12 Q1, I/2012, 1. Hj. 2012)."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Final

from engine.data.files.column_names import fold, folded_words
from engine.data.numbers.wide_signs import narrow

_QUARTERS: Final = folded_words(
    """quarter qtr q quartal quartale qu trimestre trimestres trim trimester kwartał kwartal kvartal kvartál čtvrtletí
    štvrťrok kvartaali neljännes kvartāls ketvirtis negyedév tromjesečje четверть квартал тримесечие τρίμηνο çeyrek
    kuartal triwulan quý 四半期 季度 季 분기"""
)
_HALVES: Final = folded_words(
    """half halfyear half-year half_year hj halbjahr semester semestre semestres semestr halvår halfjaar półrocze
    pololetí polrok puolivuosi félév полугодие півріччя εξάμηνο 半期 半年 半年度 반기"""
)
_WEEKS: Final = folded_words(
    """week weeks wk kw woche kalenderwoche semaine sem semana settimana vecka uge uke weeknummer weeknr
    tydzień týden týždeň viikko nädal nedēļa savaitė hét tjedan неделя тиждень седмица εβδομάδα hafta minggu tuần
    週 周 주 주차"""
)
# Names of such columns, how many there are in a year, and how the time is written.
_KINDS: Final[tuple[tuple[frozenset[str], int, Callable[[str, int], str]], ...]] = (
    (_QUARTERS, 4, "{}Q{}".format),
    (_HALVES, 2, lambda year, half: f"{year}-{6 * half - 5:02d}"),
    (_WEEKS, 53, "{}W{:02d}".format),
)
# Letters that stand for them beside a year.
_LETTERS: Final = ({"t"}, {"h"}, {"w"})
# Words beside them that do not change what is said: a financial year, of, and the ends of ordinal numbers.
_FILLING: Final = frozenset(
    {"fy", "gj", "cy", "de", "del", "du", "of", "des", "st", "nd", "rd", "th", "er", "eme", "o"}
)
_PIECE: Final = re.compile(r"\d+|[^\W\d_]+")
_MAY_BE_PART: Final = re.compile(r"(?=.*\d\d)(?=.*[^\W\d_])")
_LONG_YEAR: Final = re.compile(r"1[5-9]\d\d|2[01]\d\d")
# Where two figures are a year: FY12, '12; at the end behind the letter of the part, as in 1Q12, or its number: KW 1/22.
_SHORT_YEAR: Final = re.compile(r"(?:\b[FCfc][Yy] ?|\bGJ ?|['’]|^\d[QH]|^[^\W\d_]+\.? ?\d+[-/])(\d\d)(?!\d)")
_PIVOT: Final = 69  # years of two digits from here on are 19xx, as in POSIX
_YEAR: Final = re.compile(r"(\d{4}) ?[年년]?")
_NUMBER: Final = re.compile(r"\d+|\b(?:IV|I{1,3})\b")
_ROMAN: Final = {"I": 1, "II": 2, "III": 3, "IV": 4}
_LONGEST: Final = 20  # characters: 3. Kalenderwoche


def year_and_part(cell: str) -> str:
    """What a cell says that holds a year and its quarter, half or week, as `joined_part` writes it; "" for others."""
    if len(cell) > _LONGEST or not _MAY_BE_PART.match(cell):
        return ""
    pieces = _PIECE.findall(fold(narrow(cell)))
    words = [piece for piece in pieces if not piece[0].isdecimal() and piece not in _FILLING]
    numbers = [piece for piece in pieces if piece[0].isdecimal()]
    year, short = next(filter(_LONG_YEAR.fullmatch, numbers), ""), _SHORT_YEAR.search(cell)
    if not year and short is not None:
        year = short[1]
    if not year or year not in numbers:
        return ""
    numbers.reverse()
    numbers.remove(year)  # the last of them, as in Q12/12
    roman = [word.upper() for word in words if word.upper() in _ROMAN]
    counts = [*map(int, numbers), *(_ROMAN[word] for word in roman)]
    kinds = [word for word in words if word.upper() not in _ROMAN]
    if len(counts) != 1 or len(kinds) > 1 or len(roman) + len(kinds) == 0:
        return ""
    whole = str(with_century(int(year))) if len(year) == 2 else year
    for (names, most, written), letters in zip(_KINDS, _LETTERS, strict=True):
        if not kinds or kinds[0] in names or kinds[0] in letters:  # a Roman number alone is that of a quarter
            return written(whole, counts[0]) if 1 <= counts[0] <= most else ""
    return ""


def with_century(year: int) -> int:
    """The year that two figures stand for."""
    return year + (1900 if year >= _PIVOT else 2000)


def is_bare_year(cell: str) -> bool:
    """Whether a cell holds a year and nothing else: 2012 or 2012年."""
    return _YEAR.fullmatch(cell) is not None


def part_of_year(columns: Mapping[int, tuple[str, Sequence[str]]]) -> int:
    """The place of the column that holds the quarters, halves or weeks of years; -1 for none. columns: place → name and
    cells."""
    for names, most, _ in _KINDS:
        for place, (name, cells) in columns.items():
            if cells and fold(name.strip()) in names and all(1 <= _count(cell) <= most for cell in cells):
                return place
    return -1


def joined_part(year: str, part: str, name: str) -> str:
    """What a year and a part of it say together: 2020Q3, 2020W05, or the month in which a half begins; "" if the column
    that holds the part has the name of something else. name: of that column."""
    found, written, count = _YEAR.fullmatch(year), _written(name), _count(part)
    return written(found[1], count) if found and written and count else ""


@lru_cache
def _written(name: str) -> Callable[[str, int], str] | None:
    return next((written for names, _, written in _KINDS if fold(name.strip()) in names), None)


def _count(cell: str) -> int:
    """The number in a cell, 0 if there is none, or more than one."""
    found = _NUMBER.findall(narrow(cell)) if len(cell) <= _LONGEST else []
    return (_ROMAN.get(found[0]) or int(found[0])) if len(found) == 1 else 0
