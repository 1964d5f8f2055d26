"""Answers as text, CSV and JSON lines: for the clipboard and for files."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from engine.runs.atomic_write import replacing

FORMATS = {"txt": "Text", "csv": "Table as CSV", "jsonl": "JSON lines"}
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
Cell = str | float | int | bool


@dataclass(frozen=True)
class Kept:
    """Answers that can be kept: `texts` are what a reader wants, the table has everything, named by `columns`."""

    texts: tuple[str, ...]
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


def plain_cells(row: Sequence[Cell]) -> list[Cell]:
    """A text that a spreadsheet would take for a formula gets an apostrophe in front, as OWASP advises."""
    return [f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA_STARTS) else cell for cell in row]


def write_txt(kept: Kept, path: Path) -> None:
    """One text after the other; those of several lines with an empty line between."""
    between = "\n\n" if any("\n" in text for text in kept.texts) else "\n"
    path.write_text(between.join(kept.texts) + "\n", encoding="utf-8", errors="backslashreplace")


def write_csv(kept: Kept, path: Path) -> None:
    """A line of names, then the rows."""
    with path.open("w", encoding="utf-8", errors="backslashreplace", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(kept.columns)
        writer.writerows(plain_cells(row) for row in kept.rows)


def write_jsonl(kept: Kept, path: Path) -> None:
    """One object in each line."""
    lines = [json.dumps(dict(zip(kept.columns, row, strict=True)), ensure_ascii=False) for row in kept.rows]
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8", errors="backslashreplace")


WRITERS: dict[str, Callable[[Kept, Path], None]] = {"txt": write_txt, "csv": write_csv, "jsonl": write_jsonl}


def write(kept: Kept, path: Path) -> None:
    """In the format that the name ends with, text where it says nothing else. StorageError if it cannot be written."""
    with replacing(path) as temporary:
        WRITERS.get(path.suffix.lower().lstrip("."), write_txt)(kept, temporary)
