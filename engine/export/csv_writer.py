"""Tables as CSV or TSV that are safe to open in a spreadsheet, or as JSON lines. Every table that Unroll writes goes
through here."""

from __future__ import annotations

import csv
import io
import json
import math
import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np

from engine.runs.atomic_write import replacing

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")  # the wide forms count too
TABBED = (".tsv", ".tab")  # the endings of tables whose cells are separated by tabs
JSON_LINES = ".jsonl"  # the ending of tables with an object in each line
TABLES = (".csv", *TABBED, JSON_LINES)


def delimiter_of(path: str | os.PathLike[str]) -> str:
    """What separates the cells of a table of this name: a tab where the ending promises it, otherwise a comma."""
    return "\t" if Path(path).suffix.lower() in TABBED else ","


def write_table(path: str | os.PathLike[str], rows: Iterable[Sequence[object]], decimal: str = ".") -> None:
    """Write rows of text and numbers as UTF-8, the column names first, separated as the name's ending promises, or as
    JSON lines. decimal: the mark before decimals; if it is a comma, semicolons separate the columns of a CSV, as
    spreadsheets expect where commas are usual. StorageError as `replacing`."""
    with (
        replacing(path) as temporary,
        # damaged texts may contain half a surrogate pair, which UTF-8 cannot encode
        temporary.open("w", encoding="utf-8", errors="backslashreplace", newline="") as opened,
    ):
        if Path(path).suffix.lower() == JSON_LINES:
            lines = iter(rows)
            names = next(lines)
            opened.writelines(json_line(names, row) for row in lines)
        else:
            usual = delimiter_of(path)
            delimiter = ";" if usual == decimal else usual
            marked = ([_with_mark(cell, decimal) for cell in row] for row in without_formulas(rows))
            csv.writer(opened, delimiter=delimiter).writerows(marked)


def _with_mark(cell: object, decimal: str) -> object:
    return str(cell).replace(".", decimal) if isinstance(cell, float) and decimal != "." else cell


def json_line(names: Sequence[object], row: Sequence[object]) -> str:
    """A row as an object in one line; there are no numbers in JSON that are not finite."""
    cells = (None if isinstance(cell, float) and not math.isfinite(cell) else cell for cell in row)
    return f"{json.dumps(dict(zip(names, cells, strict=True)), ensure_ascii=False, default=_plain)}\n"


def _plain(cell: object) -> object:
    return cell.item() if isinstance(cell, np.generic) else str(cell)


def csv_text(rows: Iterable[Sequence[object]], *, delimiter: str = ",", line_end: str = "\r\n") -> str:
    """The rows as a string. With tabs as the delimiter, it can be pasted into spreadsheets."""
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter, lineterminator=line_end).writerows(without_formulas(rows))
    return text.getvalue()


def without_formulas(rows: Iterable[Sequence[object]]) -> Iterator[list[object]]:
    """The rows, with an apostrophe before every text that a spreadsheet would take for a formula, as OWASP advises."""
    for row in rows:
        yield [f"'{cell}" if isinstance(cell, str) and _is_formula(cell) else cell for cell in row]


def _is_formula(text: str) -> bool:
    return text.startswith(FORMULA_STARTS) and not _is_number(text)


def _is_number(text: str) -> bool:
    try:  # a comma may stand before the decimals
        return math.isfinite(float(text.replace(",", ".")))
    except ValueError:
        return False
