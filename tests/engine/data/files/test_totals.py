"""Rows of totals and subtotals, which say no time or name no series, are no steps and are named."""

from __future__ import annotations

from pathlib import Path

import pytest

import engine
from tests.engine.data.files.test_number_tables import VALUES, months, put, values_of

STEPS = list(zip(months(), VALUES, strict=True))


def yearly(total: str, *, by_parts: bool = False) -> list[str]:
    """Months and values; below every December a row of the year's total, {} for the year."""
    rows = ["year;month;sales" if by_parts else "month;sales"]
    for month, value in STEPS:
        year, number = month.split("-")
        rows.append(f"{year};{int(number)};{value}" if by_parts else f"{month};{value}")
        if number == "12":
            rows.append(total.format(year))
    return rows


@pytest.mark.parametrize(
    ("total", "by_parts", "column"),
    [
        (";1234.5", False, "“month” says"),
        ("Summe {};1234.5", False, "“month” says"),
        ("-;1234.5", False, "“month” says"),
        ("Total {};;1234.5", True, "“year” and “month” say"),
        ("{};;1234.5", True, "“year” and “month” say"),
        (";;1234.5", True, "“year” and “month” say"),
        ("{};Total;1234.5", True, "“year” and “month” say"),
    ],
)
def test_totals_between_the_steps_are_left_out_and_counted(
    tmp_path: Path, total: str, by_parts: bool, column: str
) -> None:
    dataset = engine.load_dataset(put(tmp_path / "sales.csv", yearly(total, by_parts=by_parts)))
    assert dataset.kind == "series"
    assert values_of(dataset) == VALUES.tolist()
    assert dataset.times == tuple(months())
    first = " ".join(filter(None, total.format(1990).split(";")))
    between, below = dataset.report.findings
    assert between == (
        f"4 rows between the steps are left out, because {column} no time there; the first: line 14, “{first}”."
    )
    assert below.startswith("Line 66 is left out: it holds “")
    assert "below the last step" in below


def test_a_single_row_without_a_time_is_named(tmp_path: Path) -> None:
    lines = ["month;sales", *(f"{month};{value}" for month, value in STEPS)]
    lines.insert(31, ";999")
    dataset = engine.load_dataset(put(tmp_path / "sales.csv", lines))
    assert values_of(dataset) == VALUES.tolist()
    assert dataset.report.findings == ("Line 32, “999”, is left out: “month” says no time there.",)


SHOPS = [f"{month};{shop};{value + k};{50 + k}" for month, value in STEPS for k, shop in enumerate(("Bonn", "Ulm"))]


@pytest.mark.parametrize(
    ("total", "remark"),
    [
        (";;99999;9999", "Line 122 is left out: it holds “99999 9999” below the last step, without a time."),
        ("Total;;99999;9999", "Line 122 is left out: it holds “Total 99999 9999” below the last step."),
        ("1994-12;;99999;9999", "Line 122 is left out: it holds “1994-12 99999 9999” below the last step."),
    ],
)
def test_the_total_of_several_series_is_no_series(tmp_path: Path, total: str, remark: str) -> None:
    path = put(tmp_path / "sales.csv", ["month;shop;sales;staff", *SHOPS, total])
    dataset = engine.load_dataset(path)
    assert dataset.train.names == ("Bonn", "Ulm")
    assert dataset.report.findings == (remark,)
    assert [len(example.source) for example in dataset.train] == [54, 54]


def test_totals_of_each_month_over_several_series_are_no_series(tmp_path: Path) -> None:
    rows = list(SHOPS)
    for month, value in STEPS[::-1]:
        rows.insert(2 * months().index(month) + 2, f"{month};;{2 * value};101")
    dataset = engine.load_dataset(put(tmp_path / "sales.csv", ["month;shop;sales;staff", *rows]))
    assert dataset.train.names == ("Bonn", "Ulm")
    first = "the first: line 4, “1990-01 20.0 101”"
    assert dataset.report.findings[0] == (
        f"59 rows between the steps are left out, because “shop” names no series there; {first}."
    )


def test_a_heading_between_the_steps_is_left_out_too(tmp_path: Path) -> None:
    rows = [f"{month};{value}" for month, value in STEPS]
    rows.insert(24, "The years of the new shop;")
    dataset = engine.load_dataset(put(tmp_path / "sales.csv", ["month;sales", *rows]))
    assert values_of(dataset) == VALUES.tolist()
    assert dataset.report.findings == (
        "Line 26, “The years of the new shop”, is left out: “month” says no time there.",
    )
