"""Tables as CSV or TSV that are safe to open in a spreadsheet. Every table that Unroll writes goes through here."""

from __future__ import annotations

import csv
import io
import math
import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from engine.runs.atomic_write import replacing

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")  # the wide forms count too
TABBED = (".tsv", ".tab")  # the endings of tables whose cells are separated by tabs


def delimiter_of(path: str | os.PathLike[str]) -> str:
    """What separates the cells of a table of this name: a tab where the ending promises it, otherwise a comma."""
    return "\t" if Path(path).suffix.lower() in TABBED else ","


def write_csv(path: str | os.PathLike[str], rows: Iterable[Sequence[object]]) -> None:
    """Write rows of text and numbers as UTF-8, the column names first, separated as the name's ending promises.
    StorageError as `replacing`."""
    with (
        replacing(path) as temporary,
        # damaged texts may contain half a surrogate pair, which UTF-8 cannot encode
        temporary.open("w", encoding="utf-8", errors="backslashreplace", newline="") as opened,
    ):
        csv.writer(opened, delimiter=delimiter_of(path)).writerows(without_formulas(rows))


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
