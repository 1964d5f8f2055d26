"""How a table of numbers is laid out: where it begins and ends in its file, and what its columns hold."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Final

from engine.data.codec import Kind
from engine.data.data_config import AUTO, DataConfig
from engine.data.files.column_names import LABEL_NAMES, mentions, words_in_name
from engine.data.files.decimal_commas import are_decimal_commas
from engine.data.files.header import header_cells, header_names
from engine.data.files.merged_cells import fill_down, merged_columns
from engine.data.files.number_cells import are_words, cells_of, is_number, is_row, says_something
from engine.data.files.series_apart import (
    MOST_MARKS,
    are_codes,
    are_in_order,
    are_marks,
    belongs_to,
    is_named_like_things,
    numbers_apart,
    recur,
    repeats,
    telling_apart,
)
from engine.data.files.several_columns import columns_meant
from engine.data.files.table_bounds import FEWEST_ROWS, table_in
from engine.data.files.textfile import Excerpt
from engine.data.files.time_columns import (
    are_moments,
    counts_rows,
    durations_beside,
    like_years,
    second_times,
    steps_of_each,
    times_of,
    years_of_each,
)
from engine.data.files.totals import are_few, says_when, without_words
from engine.data.files.two_headers import joined_names
from engine.data.numbers.gap_marks import is_gap
from engine.data.numbers.gap_words import are_measured, say_missing
from engine.data.numbers.month_names import month_of
from engine.data.numbers.parse import limit_of
from engine.data.numbers.times import is_time

DELIMITERS: Final = ("\t", ";", ",", "|", " ")
MOSTLY: Final = 0.98  # of the cells of a column of numbers are numbers, or say that one is missing
SOME: Final = 0.5  # the same, if the user says that these are numbers
_REGULAR: Final = 0.97  # of the rows have the same number of columns
_NOTES: Final = 0.3  # at most this share of the cells is filled in a column of notes beside dated numbers
_SAMPLE_ROWS: Final = 4000
_WIDEST: Final = 1000
_APART: Final = frozenset({str(Kind.SERIES), "series_id", "series id"})  # the column that names each of several series
_NAMELESS: Final = re.compile(r"column \d+|unnamed.*|#|n|i|id|index|idx|rows?|no\.?|nr\.?|number|step|t")


@dataclass(frozen=True)
class NumberLayout:
    """How a table is written, and what its columns hold: the places of the numbers; of the parts of the time; of what
    tells the series apart; of the label of each, or -1; of what says when once more, such as the end of each step;
    and of what says how long something took. above: lines of the file above the header, or above the first row."""

    delimiter: str
    above: int
    has_header: bool
    names: tuple[str, ...]
    body: list[list[str]]
    numbers: tuple[int, ...]
    times: tuple[int, ...]
    apart: tuple[int, ...] = ()
    label: int = -1
    again: tuple[int, ...] = ()
    durations: tuple[int, ...] = ()

    def left_out(self) -> dict[str, float]:
        """The columns that hold none of these, and which share of their cells are numbers: 1 for those that only number
        the rows."""
        used = {*self.numbers, *self.times, *self.apart, *self.again, *self.durations, self.label}
        free = (place for place in range(len(self.names)) if place not in used)
        cells = {self.names[k]: [row[k] for row in self.body if not is_gap(row[k])] for k in free}
        return {name: sum(map(is_number, filled)) / max(1, len(filled)) for name, filled in cells.items()}


def layout_of(excerpt: Excerpt, config: DataConfig, share: float) -> NumberLayout | None:
    """The layout under the delimiter by which most columns hold numbers; None if there is none.

    share: of the cells of a column that have to be numbers.
    """
    lines = list(islice(((place, line) for place, line in enumerate(excerpt.head) if is_row(line)), _SAMPLE_ROWS))
    best: NumberLayout | None = None
    delimiters = DELIMITERS if config.delimiter == AUTO else (config.delimiter,)
    alone = config.delimiter in (AUTO, ";") and are_decimal_commas([line for _, line in lines])
    if alone:
        delimiters = (";",)  # which spreadsheets write where a comma stands before decimals
    for delimiter in delimiters:
        if delimiter == " " and best is not None and best.delimiter == "\t":
            continue  # the spaces are inside the cells: "Time (UTC)", "5 kWh"
        placed = [(place, row) for place, line in lines if any(row := cells_of(line, delimiter))]
        rows = [row for _, row in placed]  # without those of nothing but delimiters
        often = max(Counter(map(len, rows)).values(), default=0)
        if often < SOME * len(rows) and share == MOSTLY:  # no table under this delimiter
            continue
        whole = excerpt.complete and len(lines) < _SAMPLE_ROWS
        begin, end = table_in(rows, whole, config.header)
        if begin >= end:
            continue
        rows = rows[begin:end]
        width, often = Counter(map(len, rows)).most_common(1)[0]
        if width > _WIDEST or (often < _REGULAR * len(rows) and share == MOSTLY):
            continue
        if width == 1 and delimiter != "," and not alone:  # a single column has no delimiter
            continue
        above = placed[begin][0]
        over = placed[begin - 1][1] if begin and config.header != "no" else []
        if _lacks_first_name(over, rows):
            above, rows = placed[begin - 1][0], [["", *over], *rows]
        elif config.header != "no":
            rows = _with_whole_names(over, rows)
        wide = [row for row in rows if len(row) == width]
        found = _with_merged(wide, delimiter, above, config, share) or _columns(wide, delimiter, above, config, share)
        if found is not None and (best is None or len(found.names) > len(best.names)):
            best = found
    if best is None or best.apart or (excerpt.complete and len(lines) < _SAMPLE_ROWS):
        return best
    chosen = columns_meant(config.source_column, best.names) if config.source_column else ()
    apart = _apart_in_all(best, excerpt.lines, chosen)
    return replace(best, apart=apart, numbers=tuple(place for place in best.numbers if place not in apart))


def _lacks_first_name(over: Sequence[str], rows: Sequence[Sequence[str]]) -> bool:
    """Whether the row above these names all columns but the first, which numbers the rows, as R writes tables."""
    beside = len(over) > 1 and len(over) == len(rows[0]) - 1 and are_words(over)
    return beside and counts_rows([row[0] for row in rows if row])


def _with_whole_names(over: list[str], rows: list[list[str]]) -> list[list[str]]:
    """The rows with a header that holds the whole names of columns where two rows name them. over: the row above."""
    for upper, lower in ((over, rows[0]), (rows[0], rows[1] if rows[1:] else [])):
        if are_words(upper) and are_words(lower) and (names := joined_names(upper, lower)):
            return [names, *rows[1:]]
    return rows


def _with_merged(
    rows: list[list[str]], delimiter: str, above: int, config: DataConfig, share: float
) -> NumberLayout | None:
    """The same where one cell stands for those below it in a column that says when or tells series apart; None if there
    is no such column."""
    begin = next((place for place, row in enumerate(rows) if not are_words(row)), len(rows))
    merged = merged_columns(rows[begin:], range(len(rows[0])))
    if not merged:
        return None
    whole = rows[:begin]
    for row in rows[begin:]:
        whole.append(fill_down(row, whole[-1] if len(whole) > begin else (), merged))
    found = _columns(whole, delimiter, above, config, share)
    return found if found is not None and {*merged} & {*found.times, *found.apart} else None


def _columns(
    rows: list[list[str]], delimiter: str, above: int, config: DataConfig, share: float
) -> NumberLayout | None:
    """The roles of the columns; None if they hold no numbers, or something besides numbers and a time."""
    width = len(rows[0])
    first = header_cells(rows[0])
    named = any(cell and not says_something(cell) for cell in first) and not _is_dated_like(rows)
    has_header = named if config.header == AUTO else config.header == "yes"
    body = rows[1:] if has_header else rows
    names = header_names(rows[0] if has_header else [], width)
    while width > 1 and len(body) > 1 and are_words(body[0]):  # units
        body = body[1:]
    body = [row for row in body if row != rows[0]] if has_header else body
    if not body:
        return None
    series = next((place for place, name in enumerate(names) if name.strip().lower() in _APART), -1)
    label = -1 if series < 0 else next((p for p, name in enumerate(names) if _is_label(name, p, series, body)), -1)
    apart: tuple[int, ...] = (series,) if series >= 0 else ()
    chosen = columns_meant(config.source_column, names) if config.source_column else ()
    body = _without_totals(names, body, series, label)
    times = times_of(names, body, {series, label}) or steps_of_each(names, body, series, label)
    by_hand = names.index(config.target_column) if label < 0 and config.target_column in names else -1
    times = times if by_hand < 0 or by_hand in times[:1] else (by_hand,)
    words = [] if apart else [place for place in range(width) if place not in times and _are_words(body, place)]
    are_of_all = bool(times)  # rather than of each series
    if not are_of_all:
        times, apart = _times_of_each(names, body, words, chosen) or (times, apart)
    dated = _say_when(body, times)
    if are_of_all and not apart and (by_hand >= 0 or dated):
        apart = _apart(names, body, times, words, chosen)

    def enough(cells: Sequence[str]) -> float:
        """How many of the cells must be numbers: where a column of many can hold nothing else, one may be a word."""
        lenient = (width == 1 or dated) and len(cells) >= FEWEST_ROWS
        return min(share * len(cells), len(cells) - 1) if lenient else share * len(cells)

    numbers, has_notes = list[int](), False
    durations = durations_beside(names, body, times)
    again = tuple(place for place in second_times(body, times) if place not in durations)
    for place in range(width):
        cells = [row[place] for row in body if not is_gap(row[place])]
        if place in (label, *apart, *times, *again, *durations):
            continue
        known, limits = sum(map(is_number, cells)), sum(map(bool, map(limit_of, cells)))
        if dated and known + limits < len(cells):
            others = Counter(cell for cell in cells if not is_number(cell) and not limit_of(cell))
            measured = are_measured(cell for cell in cells if cell not in others)
            known += sum(others.values()) if measured and say_missing(others, len(cells)) else 0
        codes = dated and names[place] not in chosen and are_codes(cells, MOST_MARKS)
        if cells and known + min(known, limits) >= enough(cells) and not codes:
            counted = _names_rows(names[place]) and counts_rows(cells)
            if not (times and (counted or (names[place] not in chosen and _are_ids(names[place], cells)))):
                numbers.append(place)
        elif len(cells) > _NOTES * len(body):
            marks = codes or ((dated or apart) and are_marks(cells, MOST_MARKS if share == MOSTLY else len(cells)))
            beside = marks or (apart and belongs_to(body, place, apart))
            if share == MOSTLY and (not beside or (not apart and repeats(body, times))):
                return None
            has_notes = has_notes or share < MOSTLY
        else:
            has_notes = has_notes or bool(cells)
    if not numbers or (has_notes and not times):
        return None
    return NumberLayout(
        delimiter, above, has_header, tuple(names), body, tuple(numbers), times, apart, label, again, durations
    )


def _without_totals(names: Sequence[str], body: list[list[str]], series: int, label: int) -> list[list[str]]:
    """The rows that say when, if these columns do and nearly all rows say it."""
    clean = without_words(body)
    times = times_of(names, clean, {series, label}) or steps_of_each(names, clean, series, label)
    times = times or tuple(years_of_each(names, clean))
    steps = [row for row in body if says_when([row[place] for place in times])]
    return steps if are_few(len(body) - len(steps), len(body)) else body


def _is_dated_like(rows: Sequence[Sequence[str]]) -> bool:
    """Whether the first row says when as the second one does, perhaps by the name of a month: the words beside it, as
    in a log, are no names."""
    pairs = zip(*rows[:2], strict=True) if rows[1:] else ()
    return any((is_time(one) and is_time(two)) or (_names_month(one) and _names_month(two)) for one, two in pairs)


def _names_month(cell: str) -> bool:
    return not cell.isdecimal() and month_of(cell) > 0


def _times_of_each(
    names: Sequence[str], body: Sequence[Sequence[str]], words: Sequence[int], chosen: Sequence[str]
) -> tuple[tuple[int, ...], tuple[int, ...]] | None:
    """A column such as the years, which rise or fall in each series though not from row to row, and the columns that
    tell the series apart; None if there are none."""
    for place in dict.fromkeys((*years_of_each(names, body), *like_years(body))):
        apart = _apart(names, body, (place,), words, chosen) if all(is_number(row[place]) for row in body) else ()
        if apart and are_in_order(names, body, (place,), apart):
            return (place,), apart
    return None


def _apart(
    names: Sequence[str],
    body: Sequence[Sequence[str]],
    times: Sequence[int],
    words: Sequence[int],
    chosen: Sequence[str],
) -> tuple[int, ...]:
    """The columns that tell the series apart: words, or else whole numbers that are not `chosen` as what is measured;
    () if there is one series."""
    alone = telling_apart(names, body, times, words)
    if alone or not recur(body, times):
        return alone
    others = [place for place, name in enumerate(names) if place not in (*times, *words) and name not in chosen]
    things = [k for k in others if is_named_like_things(names[k]) and all(row[k].isdecimal() for row in body)]
    by_number = numbers_apart(names, body, times, others, bool(chosen))
    return by_number or telling_apart(names, body, times, [*words, *things])


def _are_words(body: Sequence[Sequence[str]], place: int) -> bool:
    """Whether the cells of a column may tell series apart: a few words that recur."""
    cells = [row[place] for row in body if not is_gap(row[place])]
    return len(cells) > _NOTES * len(body) and are_marks(cells, len(cells))


def _say_when(body: Sequence[Sequence[str]], times: Sequence[int]) -> bool:
    """Whether these columns hold dates, or their parts, rather than numbers that rise."""
    return len(times) > 1 or any(are_moments([row[place] for row in body]) for place in times)


def _apart_in_all(found: NumberLayout, lines: Sequence[str], chosen: Sequence[str]) -> tuple[int, ...]:
    """The column that tells the series apart where one comes after the other, so that the first rows are all of the
    first one; () for none. lines: from all over the file. chosen: columns that are measured."""
    width = len(found.names)
    things = [k for k in found.numbers if is_named_like_things(found.names[k]) and found.names[k] not in chosen]
    things = things if len(things) < len(found.numbers) else []
    free = [*(place for place in range(width) if place not in (*found.numbers, *found.times)), *things]
    if not free or not _say_when(found.body, found.times):
        return ()
    rows = [cells_of(line, found.delimiter) for line in dict.fromkeys(lines) if is_row(line)]
    rows = [row for row in rows if len(row) == width and not are_words(row)]
    rows = [row for row in rows if says_when([row[place] for place in found.times])]
    marks = [place for place in free if place in things or _are_words(rows, place)]
    alone = next(((place,) for place in marks if are_in_order(found.names, rows, found.times, (place,))), ())
    return alone if alone and not are_in_order(found.names, rows, found.times, ()) else ()


def _is_label(name: str, place: int, apart: int, body: Sequence[Sequence[str]]) -> bool:
    """Whether a column has one text for each series, or is named like a label."""
    if place == apart:
        return False
    first: dict[str, str] = {}
    same = sum(first.setdefault(row[apart], row[place]) == row[place] for row in body) >= MOSTLY * len(body)
    words = not all(map(is_number, first.values()))
    return same and len(set(first.values())) > 1 and (words or mentions(name, LABEL_NAMES))


def _are_ids(name: str, cells: Sequence[str]) -> bool:
    """Whether whole numbers are called id, and no two are the same: they name the rows, and measure nothing."""
    called = "id" in words_in_name(name) and len(cells) >= FEWEST_ROWS
    return called and all(map(str.isdecimal, cells)) and len(set(cells)) == len(cells)


def _names_rows(name: str) -> bool:
    """Whether a column has no name, or is called index or number."""
    return _NAMELESS.fullmatch(name.strip().lower()) is not None
