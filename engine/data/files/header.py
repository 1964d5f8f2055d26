"""Whether the first row of a table is a header. Ordinary words are not, unless the rest of the table suggests it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from engine.data.data_config import AUTO
from engine.data.files.column_names import is_bare_code, role_of
from engine.data.files.columns import Column, most_labels

_LONGEST_NAME: Final = 60
_SENTENCE_END: Final = re.compile(r"[.!…。！]$")
_ABBREVIATION: Final = re.compile(r"[^\W\d]{1,4}\.")
_DIGIT: Final = re.compile(r"\d")
_LAST_NUMBER: Final = re.compile(r"(\d+)\D*$")  # of a column's name
_ENOUGH_ROWS: Final = 20
_WORDS_A_NAME: Final = 3
_HARDLY_ANY: Final = 0.02  # of the values
_RECUR: Final = 4  # rows for each different text
_SHORT: Final = 3
_MARKED: Final = 0.9  # of the lines below a title begin with a quotation mark
_SHORT_SHARE: Final = 0.05


def has_header(rows: Sequence[Sequence[str]], wanted: str) -> bool:
    """Whether the first of these rows, all equally long, names the columns. wanted: the user's choice."""
    if wanted != AUTO:
        return wanted == "yes" and bool(rows)
    first = header_cells(rows[0]) if rows else []
    filled = [value for value in first if value]
    body = [row for row in rows[1:] if header_cells(row) != first]  # in concatenated files, the header recurs
    if not body or not filled or any(len(value) > _LONGEST_NAME for value in filled):
        return False
    if len(first) == 1 and len(body) < len(rows) - 1:
        return False  # an item among others
    below = [Column.of(value, values) for value, values in zip(first, zip(*body, strict=True), strict=True)]
    if any(_stands_below(column) for column in below):
        return False
    punctuated = any(_SENTENCE_END.search(value) for value in filled)
    if len(first) == 1:
        return not punctuated and role_of(first[0]) == "text" and not is_bare_code(first[0])
    if punctuated:  # "Nr." and "Please tell us what you think." name columns, "It was great." does not
        known = any(map(role_of, first))
        return sum(_differs(column, known) for column in below) > sum(map(_reads_as_sentence, below))
    again = len(body) < len(rows) - 1
    return _counts_columns(first, below) or _names_differ(first, below) or _values_differ(below, again)


def is_bare_title(lines: Sequence[str]) -> bool:
    """Whether the first line of a table with one column, in which texts may be quoted, is its title: it occurs once, is
    not quoted and does not end a sentence, and the lines below are nearly all quoted, or much longer."""
    first, below = lines[0].strip() if lines else "", Column.of("", [line.strip() for line in lines[1:]])
    if not first or '"' in first or first in below.values or _SENTENCE_END.search(first):
        return False
    marked = sum(value.startswith('"') for value in below.values) >= _MARKED * len(below.values)
    return marked or 3 * len(first) <= below.length


def header_cells(row: Sequence[str]) -> list[str]:
    """The cells of a header as names, without a # before the first one."""
    cells = [cell.strip() for cell in row]
    return [cells[0].lstrip("# ") if len(cells) > 1 else cells[0], *cells[1:]] if cells else []


def header_names(first: Sequence[str], width: int) -> list[str]:
    """Names of the columns: from the header, made unique, or "column 1", …"""
    names: list[str] = []
    cells = header_cells(first)
    for i in range(width):
        name = cells[i] if i < len(cells) else ""
        if not name or name in names:
            name = f"column {i + 1}"
        while name in names:
            name += "'"
        names.append(name)
    return names


def are_numbered(names: Sequence[str]) -> bool:
    """Whether columns are numbered: t0, t1, t2, …"""
    found = [_LAST_NUMBER.search(name) for name in names]
    numbers = [int(match[1]) for match in found if match]
    return len(numbers) == len(names) > 1 and {b - a for a, b in pairwise(numbers)} == {1}


def _stands_below(column: Column) -> bool:
    return bool(column.name) and column.name in {value.strip() for value in column.values}


def _counts_columns(first: Sequence[str], below: Sequence[Column]) -> bool:
    """0, 1, 2 above texts, the way pandas numbers unnamed columns; or an empty cell above the row numbers."""
    if not first[0] and below[0].is_counter and any(first[1:]):
        return True
    numbers = first[1:] if not first[0] else first
    return len(numbers) > 1 and list(numbers) == [str(i) for i in range(len(numbers))] and any(c.is_text for c in below)


def _names_differ(first: Sequence[str], below: Sequence[Column]) -> bool:
    """Whether the cells name columns with different roles: a text and a label, two sides, an id and a text."""
    roles = {role for role in map(role_of, first) if role}
    if len(roles) < 2:
        return False
    codes = [column for column in below if is_bare_code(column.name)]
    values = [value.strip() for column in codes for value in column.values]
    short = sum(len(value) <= _SHORT for value in values)
    return len(roles) > len(codes) or short < _SHORT_SHARE * len(values)  # "it" and "es" are words in a dictionary


def _values_differ(below: Sequence[Column], again: bool) -> bool:
    """Whether a cell differs in kind from the values below it, or is a new word above a few labels while all other
    cells are words that stand out from their columns. again: whether the row recurs, as a header does in concatenated
    files, and a pair of words in a drill."""
    known = any(role_of(column.name) for column in below)
    if any(_differs(column, known) for column in below):
        return True
    for column in filter(_is_new_label, below):
        others = _others(column, below)
        if not others or any(len(other.name.split()) > _WORDS_A_NAME for other in others):
            continue
        if all(map(_is_shorter, others)):
            return True
        if not again and (all(map(_stands_out, others)) or _is_capital_above_small(column)):
            return True
    return False


def may_be_header(rows: Sequence[Sequence[str]]) -> bool:
    """Whether the first of these rows, which was not taken for a header, may be one all the same: its label occurs
    nowhere else, unlike all others, and its other cells are as short as names."""
    first, body = header_cells(rows[0]) if rows else [], rows[1:]
    if len(first) < 2 or not body:
        return False
    below = [Column.of(name, values) for name, values in zip(first, zip(*body, strict=True), strict=True)]
    if any(_stands_below(column) for column in below):
        return False
    return any(
        all(len(other.name.split()) <= _WORDS_A_NAME and not _DIGIT.search(other.name) for other in others)
        for column in filter(_is_new_label, below)
        if (others := _others(column, below))
    )


def _is_new_label(column: Column) -> bool:
    """Whether the first cell is new above a few labels that all recur."""
    return bool(column.name) and column.rows >= _ENOUGH_ROWS and column.is_label and column.singles == 0


def _others(column: Column, columns: Sequence[Column]) -> list[Column]:
    return [other for other in columns if other is not column and other.name and other.rows]


def _differs(column: Column, known: bool) -> bool:
    """Whether the first cell is a word above numbers or dates or, if it is known that cells name columns (`known`), a
    new word above a few labels."""
    name = column.name
    if not name:
        return False
    if column.numbers > 0.9 and column.rows > 1 and (not _DIGIT.search(name) or role_of(name)):
        return True
    if column.rows < _ENOUGH_ROWS:
        return False
    if not _DIGIT.search(name) and _all_have_digits(column):
        return True
    return known and column.is_label and column.distinct * 4 <= most_labels(column.rows)


def _reads_as_sentence(column: Column) -> bool:
    """Whether the first cell ends like a sentence, above other texts."""
    ends = _SENTENCE_END.search(column.name) is not None and not _ABBREVIATION.fullmatch(column.name)
    return ends and column.is_text and not _all_have_digits(column)


def _all_have_digits(column: Column) -> bool:
    """Whether every value has a digit, as dates, times and codes do."""
    return all(map(_DIGIT.search, column.values))


def _is_shorter(column: Column) -> bool:
    """Whether the first cell is much shorter than the texts below it."""
    return 3 * len(column.name) <= column.length


def _stands_out(column: Column) -> bool:
    """Whether the first cell is a name above longer texts, or a new one above texts that all recur, or the only one
    with a capital letter."""
    as_short = sum(0 < len(value.strip()) <= len(column.name) for value in column.values)
    shorter = _is_shorter(column) or as_short <= _HARDLY_ANY * column.rows
    recur = column.singles == 0 and _RECUR * column.distinct <= column.rows
    return shorter or recur or _is_capital_above_small(column)


def _is_capital_above_small(column: Column) -> bool:
    """Whether the first cell begins with a capital letter, unlike nearly all values below it."""
    capitals = sum(value.strip()[:1].isupper() for value in column.values)
    return column.name[:1].isupper() and capitals <= _HARDLY_ANY * column.rows
