"""Seconds since 1970, or their thousandths, say when."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

import engine
from tests.engine.data.files.test_number_tables import put, values_of

BEGIN = 1_704_067_200  # 2024-01-01
VALUES = [round(20 + k % 17 + k / 10, 2) for k in range(100)]


@pytest.mark.parametrize("unit", ["", "000", "000000", ".25"])
@pytest.mark.parametrize("header", ["", "Zeitstempel,a,b", "X,a,b"])
def test_a_first_column_of_seconds_says_when_whatever_its_name(tmp_path: Path, header: str, unit: str) -> None:
    rows = [f"{BEGIN + 900 * k}{unit},{value},{k % 7}.5" for k, value in enumerate(VALUES)]
    dataset = engine.load_dataset(put(tmp_path / "trades.csv", [*([header] if header else []), *rows]))
    assert len(dataset.recognition.sources) == 2
    assert dataset.times[0] == f"{BEGIN}{unit}"
    assert values_of(dataset) == pytest.approx(VALUES)


def test_rows_with_the_newest_first_are_reversed(tmp_path: Path) -> None:
    rows = [f"{BEGIN + 900 * k},{value},{k % 7}.5" for k, value in enumerate(VALUES)]
    dataset = engine.load_dataset(put(tmp_path / "trades.csv", ["unix,a,b", *rows[::-1]]))
    assert dataset.times[0] == str(BEGIN)


@pytest.mark.parametrize("hours", [0, 1, -8])
@pytest.mark.parametrize("turn", [1, -1])
def test_beside_a_date_seconds_are_a_second_time(tmp_path: Path, hours: int, turn: int) -> None:
    local = [dt.datetime(2024, 1, 1) + dt.timedelta(seconds=900 * k, hours=hours) for k in range(100)]
    rows = [f"{BEGIN + 900 * k};{time:%Y/%m/%d %H:%M:%S};{VALUES[k]}" for k, time in enumerate(local)]
    dataset = engine.load_dataset(put(tmp_path / "room.csv", ["Timestamp;Timezone : Berlin;temp", *rows[::turn]]))
    found = dataset.recognition
    assert (found.time_columns, found.sources) == (("Timezone : Berlin",), ("temp",))
    assert "“Timestamp”, a second time, is left out" in found.reason


def test_large_numbers_beside_years_are_measured(tmp_path: Path) -> None:
    rows = [f"{1961 + k},{1_306_000_000 + 3_000_000 * k}" for k in range(60)]
    dataset = engine.load_dataset(put(tmp_path / "people.csv", ["year,people", *rows]))
    assert (dataset.recognition.time_columns, dataset.recognition.sources) == (("year",), ("people",))


def test_each_of_several_sensors_has_its_seconds(tmp_path: Path) -> None:
    rows = [f"{BEGIN + 900 * (k // 2)},{'ab'[k % 2]},{k % 13}.5" for k in range(200)]
    found = engine.load_dataset(put(tmp_path / "sensors.csv", ["timestamp,sensor,value", *rows])).recognition
    assert (found.time_columns, found.apart, found.sources) == (("timestamp",), ("sensor",), ("value",))
