"""Tables: CSV and TSV with texts and labels, pairs, or one column."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from engine.data.bulk.csv_rows import Layout, plain_batches, quoted_batches
from engine.data.bulk.dataset_builder import Batch
from engine.data.codec import Kind
from engine.data.config import AUTO, DELIMITER_CHOICES, DataConfig
from engine.data.files.columns import Column, choose_roles, is_known_name, most_labels
from engine.data.files.reader import Reader, Recognition
from engine.data.files.textfile import Excerpt, TextFile
from engine.data.report import Skipped
from engine.errors import DataError

_DELIMITERS: Final = ("\t", ",", ";", "|")
# Share of the rows that must have the same number of columns.
_REGULAR: Final = 0.9
_REGULAR_MARK: Final = 0.97  # commas and semicolons also stand in prose
_REGULAR_HEADED: Final = 0.8  # but not below the names of columns
# Share of the fields that begin with a quote which must end with one, for quotes to be more than punctuation.
_CLOSED: Final = 0.9
# Share of the lines of a tab-separated file with enclosed fields, where no doubled quote proves the custom.
_ENCLOSED: Final = 0.2
_SAMPLE_ROWS: Final = 8_000
_WIDEST: Final = 1_000


@dataclass(frozen=True)
class _Dialect:
    delimiter: str
    quoted: bool
    rows: list[list[str]]
    width: int
    regular: float


class TableReader(Reader):
    """Rows of columns. Which column is what can be chosen; rows with another number of columns are left out."""

    kinds: tuple[Kind, ...] = (Kind.LABELLED, Kind.PAIRS, Kind.SEQUENCES, Kind.TAGGED)

    def recognise(self, excerpt: Excerpt, config: DataConfig) -> Recognition | None:
        lines = [line for line in excerpt.lines if line.strip()]
        forced = config.form == "table"
        dialect = _dialect(_thin(lines, excerpt), config.delimiter, forced)
        if dialect is None:
            return None
        if dialect.width > _WIDEST:
            raise DataError(f"The table has {dialect.width:,} columns; at most {_WIDEST:,} can be read.")
        rows = [row for row in dialect.rows if len(row) == dialect.width]
        has_header = _has_header(rows, config.header)
        names = _names(rows[0] if has_header else [], dialect.width)
        values = list(zip(*rows[has_header:], strict=True)) or [()] * dialect.width
        columns = [Column.of(name, value) for name, value in zip(names, values, strict=True)]
        roles = choose_roles(columns, config)
        if roles is None or (not forced and _is_only_punctuation(dialect, columns, roles.kind, has_header)):
            return None
        delimiter = DELIMITER_CHOICES.get(dialect.delimiter, repr(dialect.delimiter))
        reason = f"{dialect.width} {delimiter}-separated columns; {roles.reason}" if dialect.width > 1 else roles.reason
        return Recognition(
            "table", roles.kind, reason, tuple(names), tuple(column.preview for column in columns),
            roles.source.name, roles.target.name if roles.target else "",
            dialect.delimiter, dialect.quoted, has_header,
        )  # fmt: skip

    def expected(self) -> str:
        return "rows with the same number of columns, separated by tabs, commas, semicolons or bars"

    def read(self, files: Sequence[TextFile], recognition: Recognition, config: DataConfig) -> Iterator[Batch]:
        batches = quoted_batches if recognition.quoted else plain_batches
        target = recognition.place(recognition.target_column) if recognition.target_column else -1
        source = recognition.place(recognition.source_column)
        skip = recognition.has_header
        for batch in batches(files[0], Layout(recognition.delimiter, len(recognition.columns), source, target)):
            if skip and len(batch.source):
                batch, skip = batch.after_first(), False
            if recognition.kind == Kind.TAGGED:
                assert batch.lines is not None
                yield tagged_batch(batch.source, batch.target, batch.lines, batch.skipped)
            else:
                yield batch


def tagged_batch(
    sources: Sequence[str], targets: Sequence[str], lines: NDArray[np.int64], skipped: Sequence[Skipped]
) -> Batch:
    """Rows of words in one text and tags in another; rows with unequal numbers are left out."""
    words: list[str] = []
    tags: list[str] = []
    lengths: list[int] = []
    left_out = list(skipped)
    kept: list[int] = []
    for i, (source, target) in enumerate(zip(sources, targets, strict=True)):
        row_words, row_tags = source.split(), target.split()
        if len(row_words) != len(row_tags) or not row_words:
            left_out.append(Skipped(int(lines[i]), f"{len(row_words)} words but {len(row_tags)} tags"))
            continue
        words += row_words
        tags += row_tags
        lengths.append(len(row_words))
        kept.append(i)
    return Batch(words, tags, np.array(lengths, np.int64), lines[kept], left_out)


def _thin(lines: list[str], excerpt: Excerpt) -> list[str]:
    """Not more lines than needed: the head stays whole (fields may go over lines), the rest is thinned."""
    head = [line for line in excerpt.head[: _SAMPLE_ROWS // 2] if line.strip()]
    rest = lines[len(head) :]
    return head + rest[:: max(1, len(rest) // (_SAMPLE_ROWS // 2))]


def _dialect(lines: list[str], wanted: str, forced: bool) -> _Dialect | None:
    """The delimiter and quoting under which most rows have the same number of columns."""
    found: list[_Dialect] = []
    for delimiter in _DELIMITERS if wanted == AUTO else (wanted,):
        plain = _measure(delimiter, False, [line.split(delimiter) for line in lines])
        best = plain
        if any('"' in line for line in lines) and _quotes_matter(lines, delimiter):
            try:
                rows = list(csv.reader((line + "\n" for line in lines), delimiter=delimiter))
            except csv.Error:
                rows = []
            quoted = _measure(delimiter, True, [row for row in rows if row])
            chosen = forced and delimiter == wanted  # a comma that was asked for may stand between the marks alone
            enclosed = quoted.width == 1 and (chosen or _are_enclosed(lines))
            if (quoted.width > 1 or enclosed) and quoted.regular >= plain.regular - (1 - _CLOSED):
                best = quoted
        needed = _REGULAR if delimiter == "\t" or best.quoted else _REGULAR_MARK
        if best.width > 1 and all(map(is_known_name, best.rows[0])):
            needed = _REGULAR_HEADED
        one_column = best.quoted and best.width == 1
        if forced or ((best.width > 1 or one_column) and best.regular >= needed):
            found.append(best)
    return max(found, key=lambda d: (d.width > 1, d.regular * (1.1 if d.delimiter == "\t" else 1.0)), default=None)


def _are_enclosed(lines: Sequence[str]) -> bool:
    """Whether nearly each line as a whole stands in quotation marks: one column, whatever stands between the marks."""
    enclosed = sum(line.startswith('"') and line.rstrip().endswith('"') and '","' not in line for line in lines)
    return enclosed >= _CLOSED * len(lines)


def _measure(delimiter: str, quoted: bool, rows: list[list[str]]) -> _Dialect:
    widths = Counter(map(len, rows))
    width, count = widths.most_common(1)[0] if widths else (0, 0)
    return _Dialect(delimiter, quoted, rows, width, count / max(1, len(rows)))


def _quotes_matter(lines: Iterable[str], delimiter: str) -> bool:
    """Whether quotation marks enclose fields, and are not just part of what somebody says."""
    opened = closed = doubled = rows = 0
    for line in lines:
        rows += 1
        if '"' not in line:
            continue
        opens = line.startswith('"') + line.count(delimiter + '"')
        closes = line.rstrip().endswith('"') + line.count('"' + delimiter)
        opened += opens
        closed += min(opens, closes)
        doubled += line.count('""')
    if delimiter == "\t":
        return opened > 2 and closed >= _CLOSED * opened and (doubled > 0 or opened >= _ENCLOSED * rows)
    return opened > 0


def _has_header(rows: Sequence[Sequence[str]], wanted: str) -> bool:
    """Whether the first row names the columns: it says what columns are called, or differs from all values below."""
    if wanted != AUTO:
        return wanted == "yes" and bool(rows)
    if len(rows) < 2:
        return False
    first = [value.strip() for value in rows[0]]
    if not all(first[:1]) or len(set(first)) < len(first) or any(len(value) > 40 for value in first):
        return False
    below = [Column.of("", values) for values in zip(*rows[1:], strict=True)]
    absent = [value not in {v.strip() for v in column.values} for value, column in zip(first, below, strict=True)]
    if not all(absent):
        return False
    known = sum(map(is_known_name, first))
    if known >= max(1, len(first) // 2):
        return True
    for value, column in zip(first, below, strict=True):
        if column.numbers > 0.9 and column.rows > 1 and not value.replace(".", "").isdigit():
            return True
        if column.is_label and column.distinct * 4 <= most_labels(column.rows) and len(rows) > 20 and known:
            return True
    return False


def _names(header: Sequence[str], width: int) -> list[str]:
    """Names of the columns: from the header, each once, or "column 1", …"""
    names: list[str] = []
    for i in range(width):
        name = header[i].strip() if i < len(header) else ""
        names.append(name if name and name not in names else f"column {i + 1}")
    return names


def _is_only_punctuation(dialect: _Dialect, columns: Sequence[Column], kind: Kind, has_header: bool) -> bool:
    """Lines that happen to hold one comma each, such as "Smith, John", are items and not pairs."""
    if dialect.delimiter == "\t" or has_header or dialect.quoted or kind == Kind.LABELLED:
        return False
    spaced = sum(value.startswith(" ") for column in columns[1:] for value in column.values)
    total = sum(len(column.values) for column in columns[1:])
    return kind in (Kind.PAIRS, Kind.SEQUENCES) and spaced > 0.5 * total
