"""A cell that stands for those below it, as merged cells are saved, says when or names the series of all of them."""

from __future__ import annotations

from pathlib import Path

import engine
from tests.engine.data.files.test_number_tables import VALUES, months, put, values_of

READ_SO = "Empty cells of “{}” are read as the one above them, as in merged cells."


def test_a_region_above_its_years_names_their_series(tmp_path: Path) -> None:
    rows = [
        f"{'' if k % 20 else ('North', 'South', 'West')[k // 20]};{2000 + k % 20};{v}" for k, v in enumerate(VALUES)
    ]
    dataset = engine.load_dataset(put(tmp_path / "x.csv", ["region;year;sales", *rows, ";;99999"]))
    assert dataset.train.names == ("North", "South", "West")
    assert [len(example.source) for example in dataset.train] == [18, 18, 18]
    left_out = "Line 62 is left out: it holds “99999” below the last step, without a time."
    assert dataset.report.findings == (READ_SO.format("region"), left_out)


def test_a_year_above_its_months_says_when(tmp_path: Path) -> None:
    rows = [f"{'' if k % 12 else 1990 + k // 12};{k % 12 + 1};{v}" for k, v in enumerate(VALUES)]
    dataset = engine.load_dataset(put(tmp_path / "x.csv", ["year;month;sales", *rows]))
    assert dataset.times == tuple(months())
    assert values_of(dataset) == VALUES.tolist()
    assert dataset.report.findings == (READ_SO.format("year"),)


def test_a_date_above_its_shops_says_when(tmp_path: Path) -> None:
    rows = [
        f"{'' if n else month};{shop};{v + n}"
        for month, v in zip(months(), VALUES, strict=True)
        for n, shop in enumerate(("Bonn", "Ulm"))
    ]
    dataset = engine.load_dataset(put(tmp_path / "x.csv", ["month;shop;sales", *rows]))
    assert dataset.train.names == ("Bonn", "Ulm")
    assert dataset.report.findings == (READ_SO.format("month"),)


def test_a_note_here_and_there_names_no_series(tmp_path: Path) -> None:
    rows = [f"{m};{v};{'' if k % 9 else 'holiday'}" for k, (m, v) in enumerate(zip(months(), VALUES, strict=True))]
    dataset = engine.load_dataset(put(tmp_path / "x.csv", ["month;sales;note", *rows]))
    assert values_of(dataset) == VALUES.tolist()
    assert dataset.report.findings == ()
