"""How a table is written, so that what is added to it opens in the program that it came from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from math import isnan
from typing import Final

from engine.data.files.recognition import Recognition
from engine.data.files.textfile import TextFile
from engine.data.numbers.decimal_marks import decimal_mark
from engine.data.numbers.gap_marks import is_gap
from engine.data.numbers.parse import number_of

_DELIMITERS: Final = ("\t", ",", ";", "|")  # that a table can be written with
_SAMPLE: Final = 1000  # rows that tell the mark before decimals


@dataclass(frozen=True)
class TableStyle:
    """delimiter: what separates the cells, "" for anything but a table. decimal: the mark before decimals. has_mark:
    whether the file begins with a byte order mark. is_utf8: whether that is its encoding."""

    delimiter: str = ""
    decimal: str = "."
    has_mark: bool = False
    is_utf8: bool = True


NO_TABLE: Final = TableStyle()


def style_of(file: TextFile, found: Recognition, rows: Sequence[Sequence[str]]) -> TableStyle:
    """How a file is written. rows: its cells, () if it has no columns."""
    if not file.encoding_name:  # a workbook, of which a text was made here
        return NO_TABLE
    separated = found.form == "table" and found.delimiter in _DELIMITERS and len(found.columns) > 1
    delimiter = found.delimiter if separated else ""
    decimal = _decimal(rows) if delimiter not in ("", ",") else "."
    return TableStyle(delimiter, decimal, file.has_mark, file.encoding == "utf-8")


def _decimal(rows: Sequence[Sequence[str]]) -> str:
    """A comma if the columns of numbers have that, and none has a point."""
    columns = zip(*islice(rows, _SAMPLE), strict=True)
    filled = ([cell for cell in column if not is_gap(cell)] for column in columns)
    marks = {decimal_mark(cells) for cells in filled if not any(isnan(number_of(cell, ",")) for cell in cells)}
    return "," if marks - {""} == {","} else "."
