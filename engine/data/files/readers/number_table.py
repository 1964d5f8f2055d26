"""Tables of numbers over time: a row for each step, columns of numbers, and perhaps a column of times. A single row of
numbers is read as a series of one column, with a step in each cell."""

from __future__ import annotations

import re
from array import array
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from math import isfinite, isnan, nan
from typing import Final

import numpy as np
from numpy.typing import NDArray

from engine.data.bulk.row_batch import RowBatch
from engine.data.codec import SEPARATOR, Kind
from engine.data.data_config import AUTO, KIND_CHOICES, DataConfig
from engine.data.files.header import are_numbered
from engine.data.files.no_series import what_hinders
from engine.data.files.number_cells import are_words, cells_of, is_number, is_row
from engine.data.files.number_layout import DELIMITERS, MOSTLY, SOME, NumberLayout, layout_of
from engine.data.files.reader import Reader
from engine.data.files.recognition import Recognition
from engine.data.files.series_apart import MOST_MARKS
from engine.data.files.several_columns import columns_meant
from engine.data.files.step_rows import IN_ONE_ROW, StepRows
from engine.data.files.table_bounds import FEWEST_ROWS
from engine.data.files.textfile import Excerpt, TextFile
from engine.data.files.time_columns import are_moments
from engine.data.numbers.column_notes import ColumnNote, Noted
from engine.data.numbers.gap_marks import is_gap
from engine.data.numbers.gap_words import GapWords
from engine.data.numbers.gaps import MOST_MISSING, filled, with_starts
from engine.data.numbers.number_rows import VALUE, NumberRows
from engine.data.numbers.parse import limit_of, number_of
from engine.data.numbers.placeholders import clear_placeholders
from engine.data.numbers.recipes import table_recipe
from engine.data.numbers.series_times import TimedSeries, in_order_of_time
from engine.data.numbers.times import joined_time
from engine.errors import ConfigError, DataError, quoted
from engine.name_list import joined
from engine.number_text import counted

FORM: Final = "numbers"
_PREVIEW: Final = 8
_FEWEST_STEPS: Final = 10  # of a series in a single row
_CLASSES: Final = KIND_CHOICES[Kind.LABELLED_SERIES]
_LEFT_OUT: Final[tuple[tuple[str, str, Callable[[float], bool]], ...]] = (  # by the share of numbers in a column
    ("only numbers the rows", "only number the rows", lambda share: share == 1),
    ("holds no numbers", "hold no numbers", lambda share: share == 0),
    ("holds words beside numbers and is left out", "hold words beside numbers and are left out",
     lambda share: 0 < share < 1),
)  # fmt: skip
_DECIMAL: Final = re.compile(r"[-+]?[\d.,'’\u00a0\u202f\u2009]*[.,]\d+([eE][-+]?\d+)?|[-+]\d+.*")
_READING: Final = re.compile(r"[-+]?(0|[1-9]\d{0,8})|[1-9]\d{9,12}")  # the longest are times


class NumberTableReader(Reader):
    """Series of numbers as CSV, TSV, or columns between spaces."""

    kinds = (Kind.SERIES, Kind.LABELLED_SERIES)

    def recognise(self, excerpt: Excerpt, config: DataConfig) -> Recognition | None:
        wanted = config.kind in self.kinds or config.form == FORM
        row = _single_row(excerpt, config, wanted)
        if row is not None:
            return row
        found = layout_of(excerpt, config, SOME if wanted else MOSTLY)
        if found is None or (not wanted and not _is_clear(found)):
            return None
        columns = {name: place for place, name in enumerate(found.names)}
        sources = [found.names[place] for place in found.numbers]
        if config.source_column:
            sources = list(columns_meant(config.source_column, found.names))
        asked = [*sources, *filter(None, (config.target_column,))]
        if missing := [name for name in asked if name not in columns]:
            known = ", ".join(map(repr, found.names))
            raise ConfigError(f"There is no column {missing[0]!r}; the columns are {known}.")
        kind = Kind.SERIES if found.label < 0 else Kind.LABELLED_SERIES
        if config.kind not in (AUTO, kind):
            return None
        label = found.names[found.label] if found.label >= 0 else ""
        apart = [found.names[place] for place in found.apart if found.names[place] not in sources]
        times = tuple(found.names[k] for k in found.times)
        how = "a row for each step"
        if times:
            how += f"; {joined(f'“{time}”' for time in times)} {'say' if len(times) > 1 else 'says'} when"
        for again in (found.names[place] for place in found.again):
            how += f"; “{again}”, a second time, is left out"
        for lasted in (found.names[place] for place in found.durations):
            how += f"; “{lasted}” says how long, not when, and is left out"
        how += _about_series(apart)
        how += f", “{label}” is their label" if label else ""
        left_out = {name: share for name, share in found.left_out().items() if name not in sources}
        for one, several, holds in _LEFT_OUT:
            notes = [f"“{name}”" for name, share in left_out.items() if holds(share)]
            how += f"; {', '.join(notes)} {several if len(notes) > 1 else one}" if notes else ""
        if config.kind == AUTO and (place := _column_of_classes(found)):
            how += f"; if the {place} column is the label of the series in its row, choose “{_CLASSES}” as the content"
        previews = tuple(tuple(row[place] for row in found.body[:_PREVIEW]) for place in range(len(found.names)))
        return Recognition(
            FORM, kind, how, found.names, previews, SEPARATOR.join(sources), label or (times or ("",))[0],
            found.delimiter, has_header=found.has_header, above=found.above, sentence_column=SEPARATOR.join(apart),
            time_columns=times, series_in="column",
        )  # fmt: skip

    def expected(self) -> str:
        return "rows of numbers, with the same number of columns in each"

    def obstacle(self, excerpt: Excerpt, config: DataConfig) -> str:
        return what_hinders(excerpt, config)

    def read(self, files: Sequence[TextFile], recognition: Recognition, config: DataConfig) -> Iterator[RowBatch]:
        """The rows as they are written, one text for each step."""
        for line, row in StepRows(files[0], recognition):
            texts = [row[recognition.place(name)] for name in recognition.sources if len(row) > recognition.place(name)]
            yield RowBatch([" ".join(texts)], lines=np.array([line]))

    def numbers(self, file: TextFile, recognition: Recognition) -> NumberRows:
        """The series that the file holds, each with its label where there are labels."""
        places = [recognition.place(name) for name in recognition.sources]
        names, width = recognition.sources, len(recognition.columns)
        labelled = recognition.kind == Kind.LABELLED_SERIES
        when = [recognition.place(name) for name in recognition.time_columns]
        label = recognition.place(recognition.target_column) if labelled else -1
        apart = [recognition.place(name) for name in recognition.apart]
        found: dict[tuple[str, ...], _Growing] = {}
        noted = {(what, name): _Tally() for what in (Noted.GAP, Noted.LIMIT) for name in names}
        words = GapWords(alone=width == 1, dated=_is_dated(recognition))
        rows, unit = StepRows(file, recognition), file.source.row_unit
        marks = rows.decimal_marks(places)
        for line, row in rows:
            if len(row) != width:
                columns = counted(len(row), "column")
                raise DataError(
                    f"The row has {columns}; expected {width}.{_another(row)}", path=file.path, line=line, unit=unit
                )
            one = found.setdefault(tuple(row[place] for place in apart), _Growing())
            for name, place, mark in zip(names, places, marks.marks, strict=True):
                limit = limit_of(row[place])
                value = number_of(limit or row[place], mark)
                if limit:
                    noted[Noted.LIMIT, name].note(line, f"“{row[place]}” in {unit} {line:,}")
                if not isfinite(value):
                    if not is_gap(row[place]):
                        another, wrong = _another(row), words.refuses(name, row[place], line)
                        if another or not isnan(value):
                            wrong = row[place], line
                        if wrong is not None:
                            what = f"“{name}” holds {quoted(wrong[0])}; expected a finite number.{another}"
                            raise DataError(what, path=file.path, line=wrong[1], unit=unit)
                    noted[Noted.GAP, name].note(line, f"“{name}” in {unit} {line:,}")
                    value = nan
                one.values.append(value)
            if labelled and one.labels and one.labels[-1] != row[label]:
                two = f"{one.labels[-1]!r} and {row[label]!r}"
                name = _name_of([row[place] for place in apart])
                raise DataError(f"The series {name!r} has two labels, {two}.", path=file.path, line=line, unit=unit)
            if labelled:
                one.labels[:] = [row[label]]
            if when:
                one.times.append(joined_time([row[place] for place in when], recognition.time_columns))
        if not found:
            raise DataError("There are no rows of numbers.", path=file.path)
        if mistake := words.refused(sum(len(one.values) for one in found.values()) // len(names)):
            what = f"“{mistake[0]}” holds {quoted(mistake[1])}; expected a finite number."
            raise DataError(what, path=file.path, line=mistake[2], unit=unit)
        missing, total = (
            sum(noted[Noted.GAP, name].count for name in names),
            sum(len(o.values) for o in found.values()),
        )
        if missing > MOST_MISSING * total:
            what = f"{missing:,} of {total:,} numbers are missing; there is no series to learn from."
            raise DataError(what, path=file.path)
        remarks = [*([marks.remark] if marks.remark else []), *rows.remarks()]
        notes = [
            ColumnNote(name, what, one.count, one.first, one.line) for (what, name), one in noted.items() if one.count
        ]
        steps = total // len(names)
        for name in names:
            if (known := steps - noted[Noted.GAP, name].count) < (1 - MOST_MISSING) * steps:
                remarks.append(f"“{name}” has only {counted(known, 'number')} in {counted(steps, 'row')}.")
        notes += words.notes(names, unit)
        tables = [np.array(one.values).reshape(-1, len(places)) for one in found.values()]
        whole = np.concatenate(tables)
        notes += clear_placeholders(whole, names)
        tables = np.split(whole, np.cumsum([len(table) for table in tables])[:-1])
        in_order, about = in_order_of_time(
            [
                TimedSeries(table, tuple(one.times), _name_of(name))
                for table, (name, one) in zip(tables, found.items(), strict=True)
            ]
        )
        in_order_tables = [one.table for one in in_order]
        empty = _without_numbers(in_order_tables, names)
        if len(empty) == len(in_order):
            raise DataError(f"“{empty[0]}” holds no number.", path=file.path)
        in_words = [
            f"The series “{in_order[k].name}” is left out: its “{name}” holds no number." for k, name in empty.items()
        ]
        rows_of_all = NumberRows(
            [filled(table) for table in in_order_tables], [label for one in found.values() for label in one.labels],
            names, table_recipe(names, recognition.sentence_column, marks.common),
            remarks=(*remarks, *in_words, *about),
            times=tuple(one.times for one in in_order), row_names=tuple(map(_name_of, found)) if apart else (),
            notes=tuple(with_starts(notes, names, in_order_tables)),
        )  # fmt: skip
        return rows_of_all.only([k for k in range(len(in_order)) if k not in empty]) if empty else rows_of_all


def _without_numbers(tables: Sequence[NDArray[np.float64]], names: Sequence[str]) -> dict[int, str]:
    """The places of the series (T, D) in which a column holds no number, and its name."""
    bare = ((place, np.isnan(table).all(axis=0)) for place, table in enumerate(tables))
    return {place: names[int(columns.argmax())] for place, columns in bare if columns.any()}


def _about_series(columns: Sequence[str]) -> str:
    """What tells the series apart, if anything does."""
    if not columns:
        return ""
    do = "together tell" if len(columns) > 1 else "tells"
    return f"; {joined(f'“{name}”' for name in columns)} {do} the series apart"


def _name_of(cells: Sequence[str]) -> str:
    """The name of a series, by what the columns that tell it apart hold."""
    return ", ".join(cells)


@dataclass(frozen=True)
class _Growing:
    """One series while it is read: its numbers, row after row, with the time of each, and its label if it has one."""

    values: array[float] = field(default_factory=lambda: array("d"))
    times: list[str] = field(default_factory=list)
    labels: list[str] = field(default_factory=list)


@dataclass
class _Tally:
    """How many cells of a column are to be noted, and which is the first."""

    count: int = 0
    line: int = 0
    first: str = ""

    def note(self, line: int, where: str) -> None:
        """One more."""
        self.count += 1
        if self.count == 1:
            self.line, self.first = line, where


def _is_dated(recognition: Recognition) -> bool:
    """Whether the rows say when by dates, perhaps in parts."""
    shown = [recognition.previews[recognition.place(name)] for name in recognition.time_columns]
    return len(shown) > 1 or any(are_moments(filled) for cells in shown if (filled := [*filter(None, cells)]))


def _another(row: Sequence[str]) -> str:
    """What is added to a complaint about a row that names columns."""
    if len(row) < 2 or not are_words(row):
        return ""
    return " If another table begins here, save each as a file of its own."


def _single_row(excerpt: Excerpt, config: DataConfig, wanted: bool) -> Recognition | None:
    """A series whose steps are side by side in the only row, perhaps below their numbers: t0, t1, …

    Whole numbers between spaces may be the symbols of a text: they are a series only if that is wanted.
    """
    lines = [line for line in excerpt.head if is_row(line)]
    if len(lines) not in (1, 2) or config.kind not in (AUTO, Kind.SERIES):
        return None
    for delimiter in DELIMITERS if config.delimiter == AUTO else (config.delimiter,):
        *head, cells = [cells_of(line, delimiter) for line in lines]
        if len(cells) < _FEWEST_STEPS or not (all(map(are_numbered, head)) and all(map(_says_number, cells))):
            continue
        if delimiter == " " and not wanted and not _have_decimals(cells):
            continue
        return Recognition(
            FORM, Kind.SERIES, f"one row of {len(cells):,} numbers, one for each step", (VALUE,),
            (tuple(cells[:_PREVIEW]),), VALUE, "", delimiter, has_header=bool(head), values=IN_ONE_ROW,
            above=excerpt.head.index(lines[0]),
        )  # fmt: skip
    return None


def _says_number(cell: str) -> bool:
    return is_gap(cell) or is_number(cell)


def _is_clear(found: NumberLayout) -> bool:
    """Whether this is clearly a table of numbers over time, perhaps one that is too short: even in so few rows,
    columns of nothing but numbers and dates cannot be texts with answers."""
    alone = len(found.names) == 1
    if len(found.body) < FEWEST_ROWS:
        if alone:
            return found.has_header
        whole = len(found.numbers) == len(found.names)
        dated = len(found.numbers) + len(found.times) + len(found.again) + len(found.durations) == len(
            found.names
        ) and any(are_moments([row[place] for row in found.body]) for place in found.times)
        return found.delimiter != " " and (whole or dated)
    columns = [[row[place] for row in found.body if not is_gap(row[place])] for place in found.numbers]
    moments = any(are_moments([row[place] for row in found.body]) for place in found.times)
    return (
        _have_decimals([cell for cells in columns for cell in cells])
        or ((moments or len(found.times) > 1) and any(map(_have_decimals, columns)))
        or bool(found.apart)
        or _are_readings(found)
        or (found.has_header and (bool(found.times) or alone))
        or (found.delimiter == " " and moments)
        or (alone and _has_named_gap([row[0] for row in found.body]))
    )


def _column_of_classes(found: NumberLayout) -> str:
    """Where each row may be a series beside the number of its class: "first" or "last" if that column, and no other,
    holds few whole numbers, which recur, and the columns have no names; otherwise ""."""
    width = len(found.names)
    if found.has_header or found.times or found.apart or width <= _FEWEST_STEPS:
        return ""
    whole = [place for place in range(width) if all(_is_whole(row[place]) for row in found.body)]
    if whole not in ([0], [width - 1]):
        return ""
    classes = {row[whole[0]] for row in found.body}
    few = 2 <= len(classes) <= min(MOST_MARKS, len(found.body) // 2)
    return ("last" if whole[0] else "first") * few


def _is_whole(cell: str) -> bool:
    return number_of(cell).is_integer()


def _are_readings(found: NumberLayout) -> bool:
    """Whether whole numbers side by side, without names, are what sensors wrote: of many sizes in each column, or in
    one beside a column that rises. Figures with a zero before them, and very long ones, are codes; between spaces,
    whole numbers may be symbols."""
    places = range(len(found.names))
    if found.has_header or len(places) < 2 or found.delimiter == " " or not {*places} <= {*found.numbers, *found.times}:
        return False
    columns = [[row[place] for row in found.body if not is_gap(row[place])] for place in places]
    if not all(_READING.fullmatch(cell) for cells in columns for cell in cells):
        return False
    many = [len({*cells}) > MOST_MARKS for cells in columns]
    return all(many) or (bool(found.times) and any(many[place] for place in found.numbers))


def _has_named_gap(cells: Sequence[str]) -> bool:
    """Whether words say among whole numbers that some are missing, which texts would not; or one other word does."""
    words = [cell for cell in cells if _is_word(cell)]
    return bool(words) and sum(not is_gap(word) for word in words) <= 1


def _is_word(cell: str) -> bool:
    """Whether a cell is neither a number nor anything that looks like one, such as 12a or inf."""
    return any(map(str.isalpha, cell)) and not any(map(str.isdigit, cell)) and not is_number(cell)


def _have_decimals(cells: Sequence[str]) -> bool:
    """Whether most numbers have decimals or a sign."""
    return sum(_DECIMAL.fullmatch(cell) is not None for cell in cells) > SOME * len(cells)
