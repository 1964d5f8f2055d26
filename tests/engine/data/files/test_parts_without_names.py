"""Years, months, days and hours in the first columns of a table that does not name them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

import engine
from tests.engine.data.files.test_number_tables import put, values_of

VALUES = [round(90 + k / 3 + 4 * float(np.sin(k)), 1) for k in range(120)]
GERMAN = [
    "Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober", "November",
    "Dezember",
]  # fmt: skip
THREE = ["DJF", "JFM", "FMA", "MAM", "AMJ", "MJJ", "JJA", "JAS", "ASO", "SON", "OND", "NDJ"]
MONTHS: dict[str, Callable[[int, int], str]] = {
    "figures": lambda year, month: f"{year} {month:02d}",
    "one figure": lambda year, month: f"{year};{month}",
    "names": lambda year, month: f"{year};{GERMAN[month - 1]}",
    "the month first": lambda year, month: f"{month};{year}",
    "three months": lambda year, month: f"{THREE[month - 1]} {year}",
}


def table(written: str, header: str = "") -> list[str]:
    first = [MONTHS[written](1950 + k // 12, k % 12 + 1) for k in range(120)]
    between = ";" if ";" in first[0] else " "
    rows = [f"{when}{between}{value}{between}{value + 1:.1f}" for when, value in zip(first, VALUES, strict=True)]
    return [*([header.replace(" ", between)] if header else []), *rows]


@pytest.mark.parametrize(
    ("written", "header"),
    [*((one, header) for one in [*MONTHS][:4] for header in ("", "A B one two")), ("three months", "SEAS YR one two")],
)
def test_years_and_months_are_known_by_their_order(tmp_path: Path, written: str, header: str) -> None:
    dataset = engine.load_dataset(put(tmp_path / "prices.csv", table(written, header)))
    found = dataset.recognition
    assert (found.kind, len(found.time_columns), found.apart, len(found.sources)) == ("series", 2, (), 2)
    assert dataset.times[:13:12] == ("1950-01", "1951-01")
    assert values_of(dataset) == pytest.approx(VALUES)


def test_a_single_year_is_enough(tmp_path: Path) -> None:
    dataset = engine.load_dataset(put(tmp_path / "prices.csv", table("one figure")[:12]))
    assert dataset.times[::11] == ("1950-01", "1950-12")


def test_titles_without_the_names_of_the_times_may_stand_above(tmp_path: Path) -> None:
    above = ["GENESIS-Tabelle: 61111-0002", "Verbraucherpreisindex: Deutschland, Monate;;;", ";;Index;Veränderung",
             ";;2020=100;in (%)"]  # fmt: skip
    dataset = engine.load_dataset(put(tmp_path / "61111.csv", [*above, *table("names")]))
    assert dataset.times[:2] == ("1950-01", "1950-02")
    assert dataset.recognition.sources == ("Index", "Veränderung")


@pytest.mark.parametrize(("unit", "written"), [("days", "%Y %m %d"), ("hours", "%Y %m %d %H")])
def test_so_are_days_and_hours(tmp_path: Path, unit: str, written: str) -> None:
    begin = dt.datetime(2019, 12, 29)
    times = [begin + dt.timedelta(**{unit: k}) for k in range(120)]
    rows = [f"{time:{written}} {value}" for time, value in zip(times, VALUES, strict=True)]
    dataset = engine.load_dataset(put(tmp_path / "spots.txt", rows))
    assert len(dataset.recognition.time_columns) == len(written.split())
    assert dataset.times[0] == ("2019-12-29" if unit == "days" else "2019-12-29 00:00")
    assert values_of(dataset) == pytest.approx(VALUES)


def test_the_year_with_decimals_beside_them_is_a_second_time(tmp_path: Path) -> None:
    rows = [f"{1950 + k // 12} {k % 12 + 1:2} {1950 + (k + 0.5) / 12:.3f} {value}" for k, value in enumerate(VALUES)]
    dataset = engine.load_dataset(put(tmp_path / "sunspots.txt", rows))
    assert dataset.recognition.sources == ("column 4",)
    assert "“column 3”, a second time" in dataset.recognition.reason


@pytest.mark.parametrize("rows", [
    [f"{1950 + k // 12};{k * 7 % 12 + 1};{value}" for k, value in enumerate(VALUES)],
    [f"{2012 + k * 5 % 9};{k % 12 + 1};{value}" for k, value in enumerate(VALUES)],
], ids=["months at random", "years at random"])  # fmt: skip
def test_other_numbers_are_no_months(tmp_path: Path, rows: list[str]) -> None:
    assert engine.load_dataset(put(tmp_path / "other.csv", rows)).recognition.time_columns in ((), ("column 1",))
