"""Tables: CSV and TSV with texts and labels, pairs, or one column."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from engine.data.bulk.csv_rows import TableLayout, plain_batches, quoted_batches
from engine.data.bulk.row_batch import RowBatch
from engine.data.codec import Kind
from engine.data.data_config import AUTO, DELIMITER_CHOICES, HEADER_CHOICES, DataConfig
from engine.data.files.column_names import role_of
from engine.data.files.columns import Column
from engine.data.files.header import has_header, header_cells, header_names, is_bare_title, may_be_header
from engine.data.files.inner_marks import tears_brackets, tears_seconds, tears_times
from engine.data.files.reader import Reader
from engine.data.files.recognition import Recognition
from engine.data.files.roles import choose_roles
from engine.data.files.several_labels import several_in_texts
from engine.data.files.table_dialect import DELIMITERS, REGULAR, REGULAR_MARK, WIDEST, Dialect, dialect_of, joined_rows
from engine.data.files.table_titles import are_names
from engine.data.files.textfile import Excerpt, TextFile
from engine.data.music.abc import is_music
from engine.data.report import Skipped
from engine.errors import DataError
from engine.number_text import counted

_SAMPLE_ROWS: Final = 8_000
_MOST_LABELS: Final = 5_000
# Excel writes this above a table to name the separator.
_SEPARATOR: Final = re.compile(r'"?sep\s*=\s*(.)"?[,;\t|\s]*', re.IGNORECASE)
_TITLES: Final = 6  # rows that may come before the header
_REMARK: Final = ("#", "%%", "//")
_TUNES_LOOKED_AT: Final = 500
_WORDS_A_NAME: Final = 2.2
_LONGEST_NAME: Final = 25


class TableReader(Reader):
    """Rows of columns. The user can choose which column is which; rows of another width are left out."""

    kinds: tuple[Kind, ...] = (Kind.LABELLED, Kind.PAIRS, Kind.SEQUENCES, Kind.TAGGED)

    def recognise(self, excerpt: Excerpt, config: DataConfig) -> Recognition | None:
        forced = config.form == "table"
        above, delimiter = _above(excerpt.head, config)
        head = [line for line in excerpt.head[above : above + _SAMPLE_ROWS // 2] if line.strip()]
        rest = [line for line in excerpt.lines[len(excerpt.head) :] if line.strip()]
        lines = head + rest[:: max(1, len(rest) // (_SAMPLE_ROWS // 2))]
        dialect = dialect_of(lines, delimiter, forced, config.header)
        if dialect is None:
            return None
        if dialect.titles:
            above = [place for place, line in enumerate(excerpt.head) if place >= above and line.strip()][
                dialect.titles
            ]
        if dialect.width > WIDEST:
            raise DataError(f"The table has {dialect.width:,} columns; at most {WIDEST:,} can be read.")
        rows = joined_rows(dialect)
        beside = config.header != "no" and _stand_beside_row_names(dialect)
        has_names = beside or has_header(rows, "yes" if excerpt.titled and config.header == AUTO else config.header)
        has_names = has_names or (dialect.titles > 0 and config.header == AUTO and are_names(rows))
        if config.header == AUTO and dialect.quoted and dialect.width == 1 and not dialect.titles:
            has_names = has_names or is_bare_title(lines)
        first = ["", *dialect.rows[0]] if beside else rows[0] if has_names else []
        names = header_names(first, dialect.width)
        body = [row for row in rows[1:] if row != rows[0]] if has_names and not beside else rows
        values = list(zip(*body, strict=True)) or [()] * dialect.width
        columns = [Column.of(name, value) for name, value in zip(names, values, strict=True)]
        complete = excerpt.complete and len(excerpt.head) <= above + _SAMPLE_ROWS // 2
        roles = choose_roles(columns, config, complete)
        if roles is None or (not forced and _is_only_punctuation(dialect, columns, roles.kind, has_names)):
            return None
        separator = DELIMITER_CHOICES.get(dialect.delimiter, repr(dialect.delimiter))
        reason = roles.reason
        if dialect.width > 1:
            columns_of = (
                f"columns of the sheet “{excerpt.sheet}”" if excerpt.sheet else f"{separator}-separated columns"
            )
            reason = f"{dialect.width} {columns_of}; {roles.reason}"
        labels: tuple[str, ...] = ()
        problem, remark = "", roles.remark
        if config.header == AUTO and not has_names and may_be_header(rows):
            cells = ", ".join(f"“{cell}”" for cell in header_cells(rows[0]))
            doubt = (
                f"The first row, {cells}, was taken for data, but may name the columns: its label occurs nowhere else."
            )
            remark = " ".join(
                filter(None, (f"{doubt} If it does, choose “{HEADER_CHOICES['yes']}” for Header.", remark))
            )
        if roles.kind == Kind.LABELLED and roles.target is not None and config.kind == AUTO:
            problem = several_in_texts(roles.target.name, roles.target.values)
        if roles.kind == Kind.LABELLED and roles.target is not None and dialect.width > 1:
            place = names.index(roles.target.name)
            sure = {row[place].strip() for row in dialect.rows if len(row) == dialect.width}
            counts = Counter(value.strip() for value in roles.target.values if value.strip())
            labels = tuple(label for label, count in counts.items() if count > 1 or label in sure)
        return Recognition(
            "table", roles.kind, reason, tuple(names), tuple(column.preview for column in columns),
            roles.source.name, roles.target.name if roles.target else "",
            dialect.delimiter, dialect.quoted, has_names, above=above + beside, remark=remark, problem=problem,
            values=labels if len(labels) <= _MOST_LABELS else (), has_row_names=beside,
        )  # fmt: skip

    def expected(self) -> str:
        return "rows with the same number of columns, separated by tabs, commas, semicolons or bars"

    def read(self, files: Sequence[TextFile], recognition: Recognition, config: DataConfig) -> Iterator[RowBatch]:
        batches = quoted_batches if recognition.quoted else plain_batches
        target = recognition.place(recognition.target_column) if recognition.target_column else -1
        source, *others = map(recognition.place, recognition.sources)
        layout = TableLayout(
            recognition.delimiter,
            len(recognition.columns),
            source,
            target,
            recognition.above,
            frozenset(recognition.values),
            tuple(others),
        )
        names: tuple[str, ...] | None = None
        for batch in batches(files[0], layout):
            if recognition.has_header and not recognition.has_row_names and len(batch.source):
                first = names is None
                if first:
                    names = (batch.source[0], *batch.target[:1])
                batch = batch.without(first, names if target >= 0 else None)
            if recognition.kind == Kind.TAGGED:
                assert batch.lines is not None
                yield tagged_batch(batch.source, batch.target, batch.lines, batch.skipped)
            else:
                yield batch


def tagged_batch(
    sources: Sequence[str], targets: Sequence[str], lines: NDArray[np.int64], skipped: Sequence[Skipped]
) -> RowBatch:
    """n rows with the words in one text and the tags in another → a batch; rows where their numbers differ are left
    out. lines (n,): where each row begins, counted from 1."""
    words: list[str] = []
    tags: list[str] = []
    lengths: list[int] = []
    left_out = list(skipped)
    kept: list[int] = []
    for i, (source, target) in enumerate(zip(sources, targets, strict=True)):
        row_words, row_tags = source.split(), target.split()
        if len(row_words) != len(row_tags) or not row_words:
            left_out.append(
                Skipped(int(lines[i]), f"{counted(len(row_words), 'word')} but {counted(len(row_tags), 'tag')}")
            )
            continue
        words += row_words
        tags += row_tags
        lengths.append(len(row_words))
        kept.append(i)
    return RowBatch(words, tags, np.array(lengths, np.int64), lines[kept], left_out)


def _above(head: Sequence[str], config: DataConfig) -> tuple[int, str]:
    """How many lines come before the table, and the delimiter if one of them names it."""
    above, delimiter = 0, config.delimiter
    declared = _SEPARATOR.fullmatch(head[0]) if head else None
    if declared is not None:
        above, delimiter = 1, declared[1] if delimiter == AUTO else delimiter
    for i, line in enumerate(head[above : above + _TITLES]):  # titles and empty rows, as spreadsheets have them
        for one in DELIMITERS if delimiter == AUTO else (delimiter,):
            if one != "\t" and "\t" in line:
                continue  # "N;PL;NOM" in a column of features
            cells = header_cells(line.split(one))
            titles = [before.split(one) for before in head[above : above + i]]
            lacking = any(len(title) < len(cells) or not all(map(str.strip, title)) for title in titles)
            if i and lacking and len({role for role in map(role_of, cells) if role}) > 1:
                return above + i, delimiter
    remarks = above
    while remarks < len(head) and (head[remarks].startswith(_REMARK) or not head[remarks].strip()):
        remarks += 1
    rest = [line for line in head[remarks:_SAMPLE_ROWS] if line.strip()]
    if remarks > above and rest and not rest[0].startswith(_REMARK):
        found = dialect_of(rest, delimiter, config.form == "table")
        last = head[remarks - 1]
        if found is not None and found.width > 1:
            names = header_cells(last.split(found.delimiter)) if last.startswith("#") else []
            if len(names) == found.width and any(map(role_of, names)):
                return remarks - 1, delimiter  # the header is commented out
            widths = {len(line.split(found.delimiter)) for line in head[above:remarks] if line.strip()}
            if found.width not in widths or has_header([row for row in found.rows if len(row) == found.width], AUTO):
                return remarks, delimiter
    return above, delimiter


def _stand_beside_row_names(dialect: Dialect) -> bool:
    """Whether the first row is a header one cell short, because the first column holds the names of the rows, as R
    writes tables."""
    rows = [row for row in dialect.rows if len(row) == dialect.width]
    cells = header_cells(dialect.rows[0]) if dialect.rows else []
    if len(cells) != dialect.width - 1 or not cells or len(rows) < REGULAR_MARK * (len(dialect.rows) - 1):
        return False
    row_names = Column.of("", [row[0] for row in rows])
    below = [{row[i].strip() for row in rows} for i in range(1, dialect.width)]
    if row_names.distinct < len(rows) or any(cell in values for cell, values in zip(cells, below, strict=True)):
        return False
    short = row_names.words <= _WORDS_A_NAME and row_names.length <= _LONGEST_NAME
    return row_names.is_counter or (short and any(map(role_of, cells)))


def _is_only_punctuation(dialect: Dialect, columns: Sequence[Column], kind: Kind, has_header: bool) -> bool:
    """Whether these are plain items that happen to contain a comma, such as "Smith, John"."""
    if dialect.delimiter == "\t" or has_header or dialect.quoted:
        return False
    if tears_times(dialect.rows) or tears_seconds(dialect.rows) or tears_brackets(dialect.rows):
        return True
    if dialect.delimiter == "|":  # a tune on each line
        rows = dialect.rows[:_TUNES_LOOKED_AT]
        if sum(is_music("|".join(row)) for row in rows) >= REGULAR * len(rows):
            return True
    spaced = sum(value.startswith(" ") for column in columns[1:] for value in column.values)
    total = sum(len(column.values) for column in columns[1:])
    ends = sum(value.endswith(" ") for column in columns[:-1] for value in column.values)
    if spaced > REGULAR * total and ends > REGULAR * total and (dialect.width > 2 or kind != Kind.LABELLED):
        return True  # " , " in sentences that are already tokenised
    if kind == Kind.LABELLED:
        return dialect.delimiter == "," and spaced > REGULAR * total and all(map(_are_proper_names, columns))
    return kind in (Kind.PAIRS, Kind.SEQUENCES) and spaced > 0.5 * total


def _are_proper_names(column: Column) -> bool:
    """Whether these are names of people or places: a short word or two, capitalised."""
    capital = sum(value.strip()[:1].isupper() for value in column.values)
    short = column.words <= _WORDS_A_NAME and column.length <= _LONGEST_NAME
    return short and capital >= REGULAR * len(column.values)
