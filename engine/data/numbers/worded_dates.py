"""Dates with words or signs of any language in them, rewritten as an English program would write them: 2 января 2022 г.
becomes 2 Jan 2022, and 2022年1月2日 becomes 2022-01-02."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from engine.data.numbers.month_names import means_two_months, month_of
from engine.data.numbers.wide_signs import narrow

SHORT: Final = ("", "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_LONGEST: Final = 60  # characters of a date with the name of a weekday and a time of day
_CLOCK: Final = r"\d{1,2}:\d\d.*"
_ALSO_WORDS: Final = frozenset(
    {"set", "out", "gen", "sub", "pro", "led", "mac", "mag", "elo", "tem", "ion", "bal", "kas"}
)
_PIECE: Final = re.compile(r"\d+|[^\d\s.,/()'’-]+")
_BEGIN: Final = re.compile(r"[^\W\d_]+[.,]")
_WITH_CLOCK: Final = re.compile(rf"(.*?)[\s,]+({_CLOCK})")
# Words beside a date that do not change it: year, day, of, and the ends of ordinal numbers.
_FILLING: Final = frozenset(
    {"de", "del", "di", "of", "the", "den", "der", "г", "год", "года", "р", "року", "m", "d", "gada", "a", "st", "nd",
     "rd", "th", "er", "e", "º", "ª", "η", "r", "god", "оны"}
)  # fmt: skip
_ERAS: Final = {"明治": 1867, "大正": 1911, "昭和": 1925, "平成": 1988, "令和": 2018}  # the year before each began
_EASTERN: Final = re.compile(
    rf"(?:(?P<era>{'|'.join(_ERAS)}) ?(?P<count>元|\d{{1,2}})|(?P<year>\d{{4}})) ?[年년]"
    r"(?: ?第?(?P<quarter>[1-4]) ?(?:四半期|季度|분기)| ?(?P<month>\d{1,2}) ?[月월](?: ?(?P<day>\d{1,2}) ?[日일号])?)?"
    r"(?: ?[（(]?[月火水木金土日一二三四五六월화수목금토일][)）])?"
    rf"(?: ?(?P<hour>\d{{1,2}}) ?[時时点點시](?: ?(?P<minute>\d{{1,2}}) ?[分분])?(?: ?(?P<second>\d{{1,2}}) ?[秒초])?"
    rf"| (?P<clock>{_CLOCK}))?"
)
_YEAR_FIRST: Final = re.compile(rf"(\d{{4}})\. ?(\d{{1,2}})\. ?(\d{{1,2}})\.( {_CLOCK})?")  # 2022. 1. 2., as in Korea
_DAY_FIRST: Final = re.compile(rf"(\d{{1,2}})\. ?(\d{{1,2}})\. ?(\d{{4}})\.?( {_CLOCK})?")  # 2. 1. 2022, as in Prague
_IN_BRACKETS: Final = re.compile(r" ?[（(][月火水木金土日一二三四五六월화수목금토일][)）]")  # 2022/1/2(日)
_AFTER_YEAR: Final = re.compile(r"(?<=\d) ?(?:г|р|года?|року)\.?$")  # 02.01.2022 г.


def in_english(cell: str, *, croatian: bool = False) -> str:
    """A date as an English program writes it; any other text as it is. croatian: as in `month_of`."""
    if len(cell) > _LONGEST:
        return cell
    if not cell.isascii():
        cell = _IN_BRACKETS.sub("", narrow(cell))
        if found := _EASTERN.fullmatch(cell):
            return _from_eastern(found)
        cell = _AFTER_YEAR.sub("", cell)
    if found := _YEAR_FIRST.fullmatch(cell) or _DAY_FIRST.fullmatch(cell):
        return f"{found[1]}.{found[2]}.{found[3]}{found[4] or ''}"
    return _from_words(cell, croatian)


def readings(cells: Sequence[str]) -> list[list[str]]:
    """The same for a column, in each of the ways that its names of months can be understood."""
    common = [in_english(cell) for cell in cells]
    if not any(means_two_months(word) for cell in cells for word in _PIECE.findall(cell)):
        return [common]
    return [common, [in_english(cell, croatian=True) for cell in cells]]


def _from_eastern(found: re.Match[str]) -> str:
    """A year alone begins in January."""
    part = found.groupdict()
    year = part["year"] or str(_ERAS[part["era"]] + (1 if part["count"] == "元" else int(part["count"])))
    if part["quarter"]:
        return f"{year}Q{part['quarter']}"
    date = f"{year}-{int(part['month'] or 1):02d}" + (f"-{int(part['day']):02d}" if part["day"] else "")
    if part["clock"]:
        return f"{date} {part['clock']}"
    if part["hour"]:
        return f"{date} {int(part['hour']):02d}:{int(part['minute'] or 0):02d}:{int(part['second'] or 0):02d}"
    return date


def _from_words(cell: str, croatian: bool) -> str:
    """The same for a date with the name of its month between a day and a year, or beside a year, in any order."""
    timed = _WITH_CLOCK.fullmatch(cell)
    pieces = _PIECE.findall(timed[1] if timed else cell)
    numbers = [piece for piece in pieces if piece[0].isdecimal()]
    if not 1 <= len(numbers) <= 2:  # as in most texts
        return cell
    words = [piece for piece in pieces if not piece[0].isdecimal()]
    months = [word for word in words if month_of(word, croatian=croatian)]
    others_said = {word.lower() for word in words if word not in months}
    if len(numbers) == 2 and _BEGIN.match(cell):  # the day of the week
        others_said.discard(pieces[0].lower())
    if len(months) != 1 or not others_said <= _FILLING:
        return cell
    first, *others = numbers
    name = SHORT[month_of(months[0], croatian=croatian)]
    if not others:
        if len(first) not in (2, 4) or (len(first) == 2 and _may_be_a_count(cell, months[0])):
            return cell
        date = f"{name} {first}"
    else:
        day, year = (others[0], first) if len(first) == 4 else (first, others[0])
        if len(day) > 2 or len(year) not in (2, 4) or (len(year) == 2 and pieces[0] != day):
            return cell
        date = f"{day} {name} {year}"
    return f"{date} {timed[2]}" if timed else date


def _may_be_a_count(cell: str, month: str) -> bool:
    """Whether a word may be something other than a month: "Set 10" numbers anything, "Set-10" and "Set. 10" do not."""
    return month.lower() in _ALSO_WORDS and cell[len(month) :].startswith(" ")
