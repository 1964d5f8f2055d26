"""Rows and fields of a table, found in the bytes of many lines at once.

Rows are separated by line ends and fields by the delimiter. Where fields may be quoted, the csv module reads
everything that is not plainly quoted: quotation marks inside a field, or text next to a closing one.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from engine.data.bulk.row_batch import RowBatch
from engine.data.bulk.text_array import NEWLINE, PADDING, Texts, buffer_of
from engine.data.codec import join_columns
from engine.data.files.textfile import TextFile
from engine.data.report import Skipped
from engine.errors import DataError

_QUOTE: Final = ord('"')
# An unclosed quotation mark followed by this much text is a mistake, which the csv module reports.
_LONGEST_OPEN: Final = 1 << 18
# Cells may be of any length; the csv module stops at 131,072 characters unless told otherwise.
csv.field_size_limit(2**31 - 1)


_NAMES: Final = {"\t": "tab", ",": "comma", ";": "semicolon", "|": "bar"}


@dataclass(frozen=True)
class TableLayout:
    """The layout of a row: its number of fields, and which of them are wanted; `target` is -1 if there is none.

    above: lines before the first row. labels: the known labels. If there are any, a row with extra delimiters is
    repaired by reading those as part of the text, provided that the field now in the label's place is a known label.
    more: other fields that are read as part of the text.
    """

    delimiter: str
    width: int
    source: int
    target: int
    above: int = 0
    labels: frozenset[str] = frozenset()
    more: tuple[int, ...] = ()

    def is_mendable(self, width: int) -> bool:
        """Whether a row with this many fields may have extra delimiters in its text."""
        return bool(self.labels) and width > self.width > 1 and self.target >= 0

    def mended(self, line: int) -> Skipped:
        """A remark that a row was repaired."""
        return Skipped(
            line, f"the extra {_NAMES.get(self.delimiter, repr(self.delimiter))} was read as part of the text"
        )


def plain_batches(file: TextFile, layout: TableLayout) -> Iterator[RowBatch]:
    """Rows that are single lines, with fields separated only by the delimiter."""
    line = 1 + layout.above
    for block in below(file.blocks(), layout.above):
        data = buffer_of(block)
        breaks = _breaks(data, layout)
        yield _batch(_FieldEnds(data, breaks, _at_ends(data, breaks), None), layout, line)
        line += block.count("\n")


def quoted_batches(file: TextFile, layout: TableLayout) -> Iterator[RowBatch]:
    """Rows whose fields may be quoted, and may then contain delimiters and line ends."""
    line, carried = 1 + layout.above, ""
    blocks = _closing(file, layout)
    for block in blocks:
        text = carried + block
        data = buffer_of(text)
        quotes = np.flatnonzero(data == _QUOTE)
        breaks = _breaks(data, layout)
        breaks = breaks[np.searchsorted(quotes, breaks) % 2 == 0]
        ends = _at_ends(data, breaks)
        end = int(breaks[ends][-1]) + 1 if ends.any() else 0
        if _are_plain(data, quotes, layout) and (end or len(text) < _LONGEST_OPEN):
            carried = data[end:-PADDING].tobytes().decode("utf-8", "surrogatepass")
            last = int(np.flatnonzero(ends)[-1]) + 1 if end else 0
            yield _batch(_FieldEnds(data, breaks[:last], ends[:last], quotes), layout, line)
            line += text.count("\n") - carried.count("\n")
        else:
            carried = ""
            batch, line = _parsed(text, blocks, layout, line, file)
            yield batch
    if carried:
        yield _parsed(carried, blocks, layout, line, file)[0]


@dataclass(frozen=True, eq=False)
class _FieldEnds:
    """The bytes (N + PADDING,), where fields end (n,), which of those ends also end a row (n,), and where quotation
    marks are (m,); `quotes` is None if they have no special meaning."""

    data: NDArray[np.uint8]
    breaks: NDArray[np.int64]
    at_end: NDArray[np.bool_]
    quotes: NDArray[np.int64] | None


def _breaks(data: NDArray[np.uint8], layout: TableLayout) -> NDArray[np.int64]:
    """Where fields end: at delimiters, at line ends, and at the end of a last line without a line end."""
    text = data[:-PADDING]
    breaks = np.flatnonzero((text == NEWLINE) | (text == ord(layout.delimiter)))
    return breaks if len(text) and text[-1] == NEWLINE else np.append(breaks, len(text))


def _at_ends(data: NDArray[np.uint8], breaks: NDArray[np.int64]) -> NDArray[np.bool_]:
    ends: NDArray[np.bool_] = (data[breaks] == NEWLINE) | (breaks == len(data) - PADDING)
    return ends


def _are_plain(data: NDArray[np.uint8], quotes: NDArray[np.int64], layout: TableLayout) -> bool:
    """Whether every quotation mark opens a field, closes it, or is one of a pair inside it."""
    delimiter = ord(layout.delimiter)
    opening, closing = quotes[::2], quotes[1::2]
    before, after = data[opening - 1], data[closing + 1]
    opens = (before == NEWLINE) | (before == delimiter) | (before == _QUOTE) | (opening == 0)
    closes = (after == NEWLINE) | (after == delimiter) | (after == _QUOTE) | (closing == len(data) - PADDING - 1)
    return bool(opens.all() and closes.all())


def _batch(found: _FieldEnds, layout: TableLayout, line: int) -> RowBatch:
    """The wanted fields of all rows with the right number of fields. The first row begins on line `line`."""
    data, breaks = found.data, found.breaks
    last = np.flatnonzero(found.at_end)  # the break at the end of each row
    first = np.zeros(len(last), np.int64)
    first[1:] = last[:-1] + 1
    widths = last - first + 1
    begins = np.zeros(len(last), np.int64)
    begins[1:] = breaks[last[:-1]] + 1
    numbers = np.arange(line, line + len(last))
    if found.quotes is not None and len(found.quotes):  # some fields may contain line ends
        newlines = np.flatnonzero(data[:-PADDING] == NEWLINE)
        numbers = line + np.searchsorted(newlines, begins)
    fits = widths == layout.width
    extra = np.zeros(len(last), np.int64)  # extra delimiters in the text
    mended: list[Skipped] = []

    def column(place: int, rows: NDArray[np.int64]) -> Texts:
        lead = first[rows] + place
        ends = breaks[lead + (extra[rows] if place >= layout.source else 0)]
        shift = extra[rows] if place > layout.source else 0
        starts = breaks[lead + shift - 1] + 1 if place else begins[rows]
        several = (extra[rows] > 0) & (place == layout.source)
        return _unquoted(_FieldPlaces(data, starts, ends, several, layout.delimiter), found.quotes)

    if layout.labels and not fits.all():
        wide = np.flatnonzero(widths > layout.width)
        extra[wide] = widths[wide] - layout.width
        labels = column(layout.target, wide).strip().strings() if len(wide) else []
        known = [row for row, label in zip(wide.tolist(), labels, strict=False) if label in layout.labels]
        fits[known] = True
        mended = [layout.mended(int(numbers[row])) for row in known]
    good = np.flatnonzero(fits)
    skipped: list[Skipped] = []
    if len(good) < len(last):
        bad = np.flatnonzero(~fits)
        rows = Texts(data, begins[bad], breaks[last[bad]]).strip()
        full = bad[rows.sizes > 0]
        skipped = [_of_width(int(widths[i]), layout, int(numbers[i])) for i in full.tolist()]
    targets = column(layout.target, good) if layout.target >= 0 else ()
    sources: Sequence[str] = column(layout.source, good)
    if layout.more:
        sources = list(map(join_columns, zip(sources, *(column(place, good) for place in layout.more), strict=True)))
    return RowBatch(sources, targets, None, numbers[good], skipped, mended)


def _of_width(width: int, layout: TableLayout, line: int) -> Skipped:
    return Skipped(line, f"{width:,} column{'s' * (width != 1)} where {layout.width:,} are expected")


@dataclass(frozen=True, eq=False)
class _FieldPlaces:
    """Where the n fields of a column are in the bytes (N + PADDING,): starts (n,), ends (n,). several (n,): which texts
    contain extra delimiters and so span several fields."""

    data: NDArray[np.uint8]
    starts: NDArray[np.int64]
    ends: NDArray[np.int64]
    several: NDArray[np.bool_]
    delimiter: str


def _unquoted(fields: _FieldPlaces, quotes: NDArray[np.int64] | None) -> Texts:
    """Fields without the quotation marks around them, and with each doubled mark inside replaced by one."""
    data, starts, ends = fields.data, fields.starts, fields.ends
    if quotes is None or len(quotes) == 0:
        return Texts(data, starts, ends)
    enclosed = (data[starts] == _QUOTE) & (starts < ends) & ~fields.several
    marks = np.searchsorted(quotes, ends) - np.searchsorted(quotes, starts)
    texts = Texts(data, starts + enclosed, ends - enclosed)
    doubled, mixed = np.flatnonzero(enclosed & (marks > 2)), np.flatnonzero(fields.several & (marks > 0))
    if len(doubled) == len(mixed) == 0:
        return texts
    strings = texts.strings()
    for i in doubled.tolist():
        strings[i] = strings[i].replace('""', '"')
    for i in mixed.tolist():
        strings[i] = fields.delimiter.join(next(csv.reader([strings[i]], delimiter=fields.delimiter)))
    return Texts.of(strings)


def _parsed(text: str, blocks: Iterator[str], layout: TableLayout, line: int, file: TextFile) -> tuple[RowBatch, int]:
    """Rows read by the csv module, which reads on into as many blocks as the last row needs; and the number of the next
    line."""
    lines = lines_with_ends(text)
    fed = len(lines)

    def feed() -> Iterator[str]:
        nonlocal fed
        yield from lines
        for block in blocks:
            more = lines_with_ends(block)
            fed += len(more)
            yield from more

    reader = csv.reader(feed(), delimiter=layout.delimiter)
    rows: list[list[str]] = []
    numbers: list[int] = []
    begin = 0
    try:
        while reader.line_num < fed:
            begin = reader.line_num
            row = next(reader, None)
            if row is None:
                break
            rows.append(row)
            numbers.append(line + begin)
    except csv.Error as error:
        raise DataError(f"The row cannot be read ({error}); perhaps a quotation mark is never closed.",
                        path=file.path, line=line + begin) from None  # fmt: skip
    mended: list[Skipped] = []
    for i, row in enumerate(rows):
        if layout.is_mendable(len(row)):
            joined = with_joined(row, layout.source, len(row) - layout.width, layout.delimiter)
            if joined[layout.target].strip() in layout.labels:
                rows[i] = joined
                mended.append(layout.mended(numbers[i]))
    good = [i for i, row in enumerate(rows) if len(row) == layout.width]
    wrong = [i for i, row in enumerate(rows) if len(row) != layout.width and any(map(str.strip, row))]
    targets = [rows[i][layout.target] for i in good] if layout.target >= 0 else ()
    skipped = [_of_width(len(rows[i]), layout, numbers[i]) for i in wrong]
    places = np.array([numbers[i] for i in good], np.int64)
    if layout.more:
        sources = [join_columns([rows[i][place] for place in (layout.source, *layout.more)]) for i in good]
    else:
        sources = [rows[i][layout.source] for i in good]
    batch = RowBatch(sources, targets, None, places, skipped, mended)
    return batch, line + reader.line_num


def with_joined(row: list[str], place: int, extra: int, delimiter: str) -> list[str]:
    """A row without its extra cells: they and the delimiters before them become part of the one at `place`."""
    end = place + 1 + extra
    return [*row[:place], delimiter.join(row[place:end]), *row[end:]]


def lines_with_ends(text: str) -> list[str]:
    """The lines with their ends. str.splitlines would also split at characters that do not end a line in a file."""
    lines = [line + "\n" for line in text.split("\n")]
    last = lines.pop()[:-1]
    return [*lines, last] if last else lines


def below(blocks: Iterator[str], lines: int) -> Iterator[str]:
    """The blocks of a file without its first `lines` lines."""
    for block in blocks:
        while lines and block:
            end = block.find("\n") + 1
            block, lines = block[end:] if end else "", lines - 1
        if block:
            yield block


def _closing(file: TextFile, layout: TableLayout) -> Iterator[str]:
    """The blocks below the leading lines; DataError at the end if a quotation mark is never closed."""
    quotes = 0
    for block in below(file.blocks(), layout.above):
        quotes += block.count('"')
        yield block
    if quotes % 2:
        line = _unclosed(file, layout)
        if line is not None:
            raise DataError("A quotation mark is opened and never closed; expected them in pairs, and any inside "
                            "a quoted field doubled.", path=file.path, line=line)  # fmt: skip


def _unclosed(file: TextFile, layout: TableLayout) -> int | None:
    """The line, from 1, of the first row in which a quotation mark is not closed, or is closed inside a field."""
    line = 1
    lines = (line for block in below(file.blocks(), layout.above) for line in lines_with_ends(block))
    strict = csv.reader(lines, delimiter=layout.delimiter, strict=True)
    try:
        for _ in strict:
            line = strict.line_num + 1
    except csv.Error:
        return line + layout.above
    return None
