"""Months as German tables write them: 01.2020, which looks like a number."""

from __future__ import annotations

from pathlib import Path

import pytest

import engine
from engine.data.numbers.times import are_dates

MONTHS = [f"{month:02d}.{year}" for year in (2019, 2020, 2021) for month in range(1, 13)]


def rows(months: list[str], before: str = "") -> list[str]:
    return [f"{before}{month};{900 + 7 * (k % 12)},{k:02d}" for k, month in enumerate(months)]


@pytest.mark.parametrize("digits", [4, 2])
def test_months_with_a_dot_are_times(tmp_path: Path, digits: int) -> None:
    months = [f"{month[:2]}.{month[-digits:]}" for month in MONTHS]
    path = tmp_path / "months.csv"
    path.write_text("\n".join(["Monat;Umsatz", *rows(months)]), "utf-8")
    dataset = engine.load_dataset(path)
    assert dataset.recognition.time_columns == ("Monat",)
    assert dataset.recognition.sources == ("Umsatz",)
    assert not dataset.report.remarks  # the turn of a year is in order


@pytest.mark.parametrize("digits", [4, 2])
def test_months_with_a_dot_are_times_in_each_series(tmp_path: Path, digits: int) -> None:
    months = [f"{month[:2]}.{month[-digits:]}" for month in MONTHS]
    path = tmp_path / "shops.csv"
    body = [row for shop in ("Bonn", "Köln", "Trier") for row in rows(months, f"{shop};")]
    path.write_text("\n".join(["Filiale;Monat;Umsatz", *body]), "utf-8")
    dataset = engine.load_dataset(path)
    assert len(dataset.train) == 3
    assert dataset.recognition.time_columns == ("Monat",)
    assert not dataset.report.remarks


@pytest.mark.parametrize(
    "cells",
    [
        ["10.2020", "11.2000", "12.1850"],  # none begins with 0, as no number does
        ["01.2020", "13.2020"],
        ["01.2020", "02.9020"],
        ["01.20", "02.20", "03.20"],  # may be numbers: no year turns
        ["11.20", "01.21", "03.19"],
    ],
)
def test_numbers_stay_numbers(cells: list[str]) -> None:
    assert not are_dates(cells)
