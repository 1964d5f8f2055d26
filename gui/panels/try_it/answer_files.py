"""Answers as text, CSV and JSON lines: for the clipboard and for files."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from engine.export.csv_writer import TABLES, write_table
from engine.runs.atomic_write import replacing

FORMATS = {"txt": "Text", "csv": "Table as CSV", "tsv": "Table as TSV", "jsonl": "JSON lines"}
CellValue = str | float | int | bool


@dataclass(frozen=True)
class Answers:
    """Answers to be saved. texts: for people to read. columns, rows: everything, as a table. decimal: the mark before
    decimals in a table. name: of the file that is proposed, with the ending of the usual format."""

    texts: tuple[str, ...]
    columns: tuple[str, ...]
    rows: tuple[tuple[CellValue, ...], ...]
    decimal: str = "."
    name: str = "answers.txt"


def _write_txt(answers: Answers, path: Path) -> None:
    """Write one text after another, with an empty line between them if any has several lines."""
    between = "\n\n" if any("\n" in text for text in answers.texts) else "\n"
    with replacing(path) as temporary:
        temporary.write_text(between.join(answers.texts) + "\n", encoding="utf-8", errors="backslashreplace")


def save_answers(answers: Answers, path: Path) -> None:
    """Save in the format that the name's ending stands for, otherwise as text. StorageError if it cannot be written."""
    if path.suffix.lower() in TABLES:
        write_table(path, (answers.columns, *answers.rows), answers.decimal)
    else:
        _write_txt(answers, path)
