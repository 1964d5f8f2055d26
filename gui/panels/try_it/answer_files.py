"""Answers as text, CSV and JSON lines: for the clipboard and for files."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from engine.export.csv_writer import TABBED, write_csv
from engine.runs.atomic_write import replacing

FORMATS = {"txt": "Text", "csv": "Table as CSV", "tsv": "Table as TSV", "jsonl": "JSON lines"}
CellValue = str | float | int | bool


@dataclass(frozen=True)
class Answers:
    """Answers to be saved. texts: for people to read. columns, rows: everything, as a table."""

    texts: tuple[str, ...]
    columns: tuple[str, ...]
    rows: tuple[tuple[CellValue, ...], ...]


def _write_txt(answers: Answers, path: Path) -> None:
    """Write one text after another, with an empty line between them if any has several lines."""
    between = "\n\n" if any("\n" in text for text in answers.texts) else "\n"
    _write_text(path, between.join(answers.texts) + "\n")


def _write_csv(answers: Answers, path: Path) -> None:
    """Write a line of column names, then the rows."""
    write_csv(path, (answers.columns, *answers.rows))


def _write_jsonl(answers: Answers, path: Path) -> None:
    """Write one object per line."""
    rows = (dict(zip(answers.columns, row, strict=True)) for row in answers.rows)
    _write_text(path, "".join(f"{json.dumps(row, ensure_ascii=False)}\n" for row in rows))


def _write_text(path: Path, text: str) -> None:
    with replacing(path) as temporary:
        temporary.write_text(text, encoding="utf-8", errors="backslashreplace")


WRITERS: dict[str, Callable[[Answers, Path], None]] = {
    ".txt": _write_txt,
    ".jsonl": _write_jsonl,
    **dict.fromkeys((".csv", *TABBED), _write_csv),
}


def save_answers(answers: Answers, path: Path) -> None:
    """Save in the format that the name's ending stands for, otherwise as text. StorageError if it cannot be written."""
    WRITERS.get(path.suffix.lower(), _write_txt)(answers, path)
