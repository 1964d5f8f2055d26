"""A title above a table of texts is no header, and no row that is learned."""

from __future__ import annotations

from pathlib import Path

import pytest

import engine
from tests.engine.data.files.test_number_tables import put

SHOPS = {"food": "Corner shop", "travel": "Railway ticket", "car": "Filling station"}
ROWS = [
    f"{1 + k % 28:02d}.01.2023;{SHOPS[kind]} {k};{kind};-{k},50" for k in range(60) for kind in [list(SHOPS)[k % 3]]
]
NAMES = "Booked;Purpose;Account;Amount"
TITLES = {
    "padded": ["Statement;;;"],
    "above a row of nothing": ["Statement;;;", ";;;"],
    "two cells": ["Statement;;;", "IBAN;DE12 3456;;", ";;;"],
    "with a date": ["Statement of 31.3.2023;;;", "from;01.01.2023;;"],
    "alone": ["Statement", ""],
    "of other widths": ['"Account:";"DE12";', '"Balance:";"1.234,56 EUR";', ""],
}


@pytest.mark.parametrize("title", TITLES)
@pytest.mark.parametrize("header", ["auto", "yes"])
def test_a_title_is_neither_header_nor_row(tmp_path: Path, title: str, header: str) -> None:
    path = put(tmp_path / "statement.csv", [*TITLES[title], NAMES, *ROWS])
    dataset = engine.load_dataset(path, header=header)
    assert dataset.recognition.columns == tuple(NAMES.split(";"))
    assert (dataset.recognition.source_column, dataset.recognition.target_column) == ("Purpose", "Account")
    assert dataset.report.rows == len(ROWS)
    assert dataset.report.skipped == 0
    assert set(dataset.report.label_counts) == set(SHOPS)


def test_names_without_numbers_below_are_names_under_a_title(tmp_path: Path) -> None:
    rows = [
        f"{SHOPS[kind]} {k};{kind};{'cash' if k % 2 else 'card'}" for k in range(60) for kind in [list(SHOPS)[k % 3]]
    ]
    dataset = engine.load_dataset(put(tmp_path / "x.csv", ["Statement;;", "Purpose;Account;Means", *rows]))
    assert dataset.recognition.columns == ("Purpose", "Account", "Means")
    assert dataset.report.rows == len(rows)


def test_a_first_row_with_empty_cells_is_no_title_where_others_have_them_too(tmp_path: Path) -> None:
    rows = [f"text {k};{('', 'good', 'bad')[k % 3]};{'' if k % 4 else 'seen'}" for k in range(60)]
    found = engine.load_dataset(put(tmp_path / "x.csv", ["text;label;note", *rows[3:]])).recognition
    assert (found.above, found.columns) == (0, ("text", "label", "note"))
    found = engine.load_dataset(put(tmp_path / "y.csv", rows[3:]), columns=[0, 1]).recognition
    assert (found.above, found.has_header) == (0, False)


def test_where_there_is_no_header_every_row_is_read(tmp_path: Path) -> None:
    dataset = engine.load_dataset(put(tmp_path / "x.csv", ["Statement;;;", *ROWS]), header="no", columns=[1, 2])
    assert dataset.recognition.above == 0
    assert (dataset.report.rows, dataset.report.skipped) == (len(ROWS), 1)
