"""Tables: no cell runs as a formula, numbers stay numbers, and a file is its old self or its new self."""

from __future__ import annotations

import csv
import errno
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest

import engine
from engine.export.csv_writer import csv_text, write_table

ATTACKS = ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1+1", "＠SUM(A1)"]


@pytest.mark.parametrize("attack", ATTACKS)
def test_a_formula_is_written_as_text_in_rows_and_in_names_of_columns(tmp_path: Path, attack: str) -> None:
    path = tmp_path / "a.csv"
    write_table(path, [("name", attack), (attack, 1)])
    with path.open(encoding="utf-8", newline="") as opened:
        assert list(csv.reader(opened)) == [["name", f"'{attack}"], [f"'{attack}", "1"]]
    assert next(csv.reader([csv_text([(attack,)], delimiter="\t")], delimiter="\t"))[0].startswith("'")


@pytest.mark.parametrize(("name", "between"), [("a.csv", ","), ("a.TSV", "\t"), ("a.tab", "\t"), ("a", ",")])
def test_the_ending_decides_what_separates_the_cells(tmp_path: Path, name: str, between: str) -> None:
    write_table(tmp_path / name, [("one, two", "b"), ("c", "d\te")])
    with (tmp_path / name).open(encoding="utf-8", newline="") as opened:
        assert list(csv.reader(opened, delimiter=between)) == [["one, two", "b"], ["c", "d\te"]]


def test_the_ending_of_json_lines_promises_an_object_in_each_line(tmp_path: Path) -> None:
    rows = [("text", "how far", "count"), ("=1+1 ä", float("nan"), np.int64(3)), ("b", 0.5, np.float32(0.25))]
    write_table(tmp_path / "a.JSONL", rows)
    assert (tmp_path / "a.JSONL").read_bytes().decode().splitlines() == [
        '{"text": "=1+1 ä", "how far": null, "count": 3}',
        '{"text": "b", "how far": 0.5, "count": 0.25}',
    ]


def test_numbers_and_harmless_texts_are_written_as_they_are() -> None:
    row = (-2, 3.5, "-2", "+1e-3", "x", "", "a=b", True)
    assert csv_text([row], line_end="\n") == "-2,3.5,-2,+1e-3,x,,a=b,True\n"


def test_a_number_with_a_decimal_comma_is_written_as_it_is() -> None:
    assert csv_text([("-2,5", "+0,5", "-2,+3")], delimiter=";", line_end="\n") == "-2,5;+0,5;'-2,+3\n"


@pytest.mark.parametrize("text", ["-inf", "-nan", "-"])
def test_what_only_begins_like_a_number_is_a_text(text: str) -> None:
    assert csv_text([(text,)], line_end="\n") == f"'{text}\n"


def test_a_table_that_fails_half_way_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("old", encoding="utf-8")

    def rows() -> Iterator[Sequence[object]]:
        yield ("a",)
        raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(engine.StorageError, match="No space left"):
        write_table(path, rows())
    assert path.read_text(encoding="utf-8") == "old"
    assert [entry.name for entry in tmp_path.iterdir()] == ["a.csv"]


def test_halves_of_surrogate_pairs_do_not_stop_a_table(tmp_path: Path) -> None:
    write_table(tmp_path / "a.csv", [("\ud800",)])
    assert (tmp_path / "a.csv").read_text(encoding="utf-8") == "\\ud800\n"
