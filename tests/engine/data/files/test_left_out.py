"""Rows that were left out are listed with their line, the reason, and the line itself."""

from pathlib import Path

from engine.data.dataset import make_dataset
from engine.data.files.left_out import left_out_rows
from engine.data.load import load_dataset


def test_each_row_that_was_left_out_is_listed_with_its_line(tmp_path: Path) -> None:
    rows = [f"the room {i} was fine,{'good' if i % 2 else 'poor'}" for i in range(60)]
    rows.insert(30, "a row without a label")
    rows.insert(10, ",good")
    path = tmp_path / "x.csv"
    path.write_text("text,label\n" + "\n".join(rows), encoding="utf-8")
    assert left_out_rows(load_dataset(path)) == [
        (12, "no text", ",good"),
        (33, "1 column where 2 are expected", "a row without a label"),
    ]


def test_all_of_very_many_are_listed(tmp_path: Path) -> None:
    path = tmp_path / "x.txt"
    path.write_text("\n".join(f"name{i}" if i % 2 else "" for i in range(6_000)), encoding="utf-8")
    rows = left_out_rows(load_dataset(path, form="lines"))
    assert (len(rows), rows[-1]) == (3_000, (5_999, "no text", ""))


def test_rows_without_a_file_have_no_lines() -> None:
    dataset = make_dataset([("good day", "x"), ("", "x"), ("bad day", "y")], "labelled")
    assert left_out_rows(dataset) == [(None, "no text", "")]
