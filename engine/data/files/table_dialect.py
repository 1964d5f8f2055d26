"""How a table of texts is written: its delimiter, its quotes, and the rows that it has then, below its titles."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from engine.data.data_config import AUTO
from engine.data.files.column_names import role_of
from engine.data.files.columns import Column
from engine.data.files.header import header_cells
from engine.data.files.inner_marks import are_spaced, only_pads, tears_quotes, tears_seconds
from engine.data.files.table_titles import titles_above
from engine.data.files.typical_value import typical_value

DELIMITERS: Final = ("\t", ",", ";", "|")
# Share of the rows that must have the same number of columns.
REGULAR: Final = 0.9
REGULAR_MARK: Final = 0.97  # commas and semicolons also occur in prose
_REGULAR_TAB: Final = 0.6  # tabs hardly ever do: irregular rows are left out and reported
_REGULAR_HEADED: Final = 0.5  # below a header; extra separators belong to the text
_NARROW: Final = 0.1  # at most this share has too few columns, if the others are to be repaired
_MENDABLE: Final = 0.95
# Quotes enclose fields, rather than being punctuation, if this share of the fields that open with one also close.
_CLOSED: Final = 0.9
# A tab-separated file without a doubled quote counts as quoted if this share of its lines has quoted fields.
_ENCLOSED: Final = 0.2
WIDEST: Final = 1_000
_WORDS_A_CLAUSE: Final = 2


@dataclass(frozen=True)
class Dialect:
    """Rows under a delimiter."""

    delimiter: str
    quoted: bool
    rows: list[list[str]]
    width: int
    regular: float  # share of the rows with this width
    headed: bool = False  # the first row names a text and a label, or two sides
    mended: bool = False  # the text of wider rows contains separators
    titles: int = 0  # rows above these


def dialect_of(lines: list[str], wanted: str, forced: bool, header: str = AUTO) -> Dialect | None:
    """The delimiter and quoting under which most rows have the same number of columns. header: the user's choice."""
    found: list[Dialect] = []
    spaced = (" ",) if _are_quoted_between_spaces(lines) else ()
    for delimiter in (*DELIMITERS, *spaced) if wanted == AUTO else (wanted,):
        plain = _measure(delimiter, False, [line.split(delimiter) for line in lines], header)
        best = plain
        if any('"' in line for line in lines) and _quotes_matter(lines, delimiter):
            try:
                rows = list(csv.reader((line + "\n" for line in lines), delimiter=delimiter))
            except csv.Error:
                rows = []
            quoted = _measure(delimiter, True, [row for row in rows if row], header)
            chosen = forced and delimiter == wanted  # if a comma was asked for, all commas may be inside the quotes
            enclosed = quoted.width == 1 and (chosen or _are_enclosed(lines))
            if (quoted.width > 1 or enclosed) and quoted.regular >= plain.regular - (1 - _CLOSED):
                best = quoted
        best = _headed(best)
        needed = REGULAR if best.quoted else _REGULAR_TAB if delimiter == "\t" else REGULAR_MARK
        one_column = best.quoted and best.width == 1
        regular = best.regular
        if best.width > 1 and regular < needed:
            best = _mended(best)
            regular = 1.0 if best.mended else regular
        shaped = (best.width > 1 or one_column) and regular >= (_REGULAR_HEADED if best.headed else needed)
        if forced or shaped or (wanted == delimiter and best.width > 1):
            found.append(best)
    return _best(found)


def _best(found: Sequence[Dialect]) -> Dialect | None:
    """The most regular dialect that splits neither what quotes enclose nor seconds. Of two that are as regular,
    semicolons or bars beat commas with spaces after them, which belong to the texts."""
    enclosing = any(each.quoted and each.width > 1 for each in found)
    narrowest = min((each.width for each in found if each.width > 1 and not are_spaced(each.rows)), default=WIDEST)

    def merit(each: Dialect) -> tuple[bool, bool, bool, float, bool]:
        torn = (enclosing and not each.quoted and tears_quotes(each.rows)) or tears_seconds(each.rows)
        regular = each.regular * (1.1 if each.delimiter == "\t" else 1.0)
        pads = each.delimiter == "\t" and only_pads(each.rows)
        return each.width > 1, not torn, not pads, regular, each.width > narrowest or not are_spaced(each.rows)

    return max(found, key=merit, default=None)


def _are_quoted_between_spaces(lines: Sequence[str]) -> bool:
    """Whether quoted fields are separated by spaces, as R writes them."""
    quoted = sum(line.startswith('"') and ('" "' in line or '" ' in line) for line in lines)
    return quoted >= REGULAR_MARK * len(lines)


def _headed(dialect: Dialect) -> Dialect:
    """The dialect with the width of the header, if the first row is one; the rows below may be wider."""
    first = header_cells(dialect.rows[0]) if dialect.rows else []
    if not 2 <= len(first) <= WIDEST:
        return dialect
    roles = {role for role in map(role_of, first) if role}
    if len(roles) < 2:
        return dialect
    if len(first) == dialect.width:
        return replace(dialect, headed=True)
    narrow = sum(len(row) < len(first) for row in dialect.rows)
    fitting = sum(len(row) == len(first) for row in dialect.rows)
    if narrow > _NARROW * len(dialect.rows) or fitting < _NARROW * len(dialect.rows):
        return dialect
    return replace(dialect, width=len(first), regular=fitting / len(dialect.rows), headed=True, mended=True)


def _mended(dialect: Dialect) -> Dialect:
    """The dialect with the width at which the last or first column holds labels in nearly all rows, including wider
    ones, whose extra separators belong to the text. The same dialect if there is no such width."""
    if dialect.width > WIDEST:
        return dialect
    total = len(dialect.rows)
    spaced = dialect.delimiter != "\t" and are_spaced(dialect.rows)
    widths = Counter(map(len, dialect.rows))
    for width in sorted(width for width, count in widths.items() if width > 1 and count >= _NARROW * total):
        if sum(count for narrower, count in widths.items() if narrower < width) > _NARROW * total:
            break
        for place in (-1, 0):
            column = Column.of("", [row[place] for row in dialect.rows if len(row) >= width])
            if spaced and (column.words >= _WORDS_A_CLAUSE or _ends_sentences(column)):
                continue  # clauses of prose
            again = column.rows - column.singles
            if column.is_label and column.numbers < REGULAR and again >= _MENDABLE * total:
                return replace(dialect, width=width, regular=widths[width] / total, mended=True)
    return dialect


def _ends_sentences(column: Column) -> bool:
    """Whether most values end as sentences do."""
    return sum(value.rstrip().endswith((".", "!", "?")) for value in column.values) > 0.5 * len(column.values)


def joined_rows(dialect: Dialect) -> list[list[str]]:
    """The rows of the right width. In a repaired dialect, the extra fields of wider rows are joined into the longest
    column, which holds the text."""
    rows = [row for row in dialect.rows if len(row) == dialect.width]
    if not dialect.mended or not rows:
        return rows
    longest = [typical_value(len(row[i]) for row in rows[1:] or rows) for i in range(dialect.width)]
    text = longest.index(max(longest))
    result = []
    for row in dialect.rows:
        end = text + 1 + len(row) - dialect.width
        if end > text:
            result.append([*row[:text], dialect.delimiter.join(row[text:end]), *row[end:]])
    return result


def _are_enclosed(lines: Sequence[str]) -> bool:
    """Whether nearly every line is quoted as a whole: a single column, whatever the quotes contain."""
    enclosed = sum(line.startswith('"') and line.rstrip().endswith('"') and '","' not in line for line in lines)
    return enclosed >= _CLOSED * len(lines)


def _measure(delimiter: str, quoted: bool, rows: list[list[str]], header: str) -> Dialect:
    widths = Counter(map(len, rows))
    width, count = widths.most_common(1)[0] if widths else (0, 0)
    if titles := titles_above(rows, width, header):
        count -= sum(len(row) == width for row in rows[:titles])
        rows = rows[titles:]
    return Dialect(delimiter, quoted, rows, width, count / max(1, len(rows)), titles=titles)


def _quotes_matter(lines: Iterable[str], delimiter: str) -> bool:
    """Whether quotation marks enclose fields, rather than being part of quoted speech."""
    opened = closed = all_closed = doubled = rows = 0
    for line in lines:
        rows += delimiter in line  # a line without one may be inside a field
        if '"' not in line:
            continue
        opens = line.startswith('"') + line.count(delimiter + '"')
        closes = line.rstrip().endswith('"') + line.count('"' + delimiter)
        opened += opens
        closed += min(opens, closes)
        all_closed += closes
        doubled += line.count('""')
    if delimiter == "\t":
        closed = all_closed if doubled else closed  # a field may span several lines
        return opened > 1 and closed >= _CLOSED * opened and (doubled > 0 or opened >= _ENCLOSED * rows)
    return opened > 0
