"""The sheet of a workbook that was taken by itself is the sheet of the run, also when another one has more rows."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import openpyxl
import pytest

import engine
from gui.app import main

REVIEWS = [(f"a {word} film {n}", label) for n in range(10) for word, label in (("fine", "good"), ("weak", "bad"))]
SMALL = ("--hidden-size", "4", "--epochs", "1")
SALES = [(n + 1, 10 + n % 7) for n in range(60)]


def call(*words: str | Path) -> int:
    return main([str(word) for word in words])


def write(path: Path, sheets: dict[str, Sequence[tuple[object, ...]]]) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


@pytest.mark.parametrize(
    ("rows", "verb", "answers"),
    [
        ([("text", "label"), *REVIEWS], "--classify", len(REVIEWS)),
        ([("day", "sales"), *SALES], "--forecast", 12),
    ],
    ids=["texts", "series"],
)
def test_the_sheet_that_was_taken_by_itself_is_kept_with_the_run(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], rows: list[tuple[object, ...]], verb: str, answers: int
) -> None:
    few = [*rows[:1], *rows[3:9]]
    book, run = write(tmp_path / "x.xlsx", {"Ours": rows, "Theirs": few}), tmp_path / "run.unroll"
    assert call("--train", book, "--output", run, *SMALL) == 0
    write(book, {"Ours": rows, "Theirs": [*rows, *rows[1:]]})  # by itself, it would be read now
    capsys.readouterr()
    assert call(run, verb, book) == 0
    told = capsys.readouterr()
    assert len(told.out.splitlines()) == answers
    assert "The sheet “Ours” of x.xlsx was read.\n" in told.err
    assert call(run, "--evaluate", book) == 0
    assert "The sheet “Ours” of x.xlsx was read.\n" in capsys.readouterr().err
    kept = engine.open_run(run)
    assert kept.data.load().fingerprint == kept.data.fingerprint, "the data have not changed"


def test_a_workbook_with_one_sheet_does_not_ask_others_for_its_name(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [("text", "label"), *REVIEWS]
    book, run = write(tmp_path / "x.xlsx", {"Sheet1": rows}), tmp_path / "run.unroll"
    assert call("--train", book, "--output", run, *SMALL) == 0
    other = write(tmp_path / "y.xlsx", {"Films": rows})
    capsys.readouterr()
    assert call(run, "--classify", other) == 0
    assert "sheet" not in capsys.readouterr().err
