"""Several series in one table: which columns say when, and which tell the series apart."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import product
from pathlib import Path

import numpy as np
import pytest

import engine

STEPS = 60
DAYS = [str(date(2024, 1, 1) + timedelta(k)) for k in range(STEPS)]
YEARS = [str(1960 + k) for k in range(STEPS)]
CODES = {"Germany": "DEU", "Austria": "AUT", "Chile": "CHL"}


def written(path: Path, header: str, rows: Sequence[Sequence[object]], delimiter: str = ",") -> Path:
    path.write_text("\n".join([header, *(delimiter.join(map(str, row)) for row in rows)]), "utf-8")
    return path


def value(name: str, step: int) -> float:
    return round(10 * len(name) + 3 * float(np.sin(step / 5 + len(name))), 2)


def names_of(path: Path) -> list[str]:
    found = engine.load_dataset(path).codec.frames
    assert found is not None
    return [one.name for one in found.read_series(path).series]


def test_columns_that_name_the_same_things_tell_series_apart_once(tmp_path: Path) -> None:
    rows = [(name, code, day, value(name, k)) for name, code in CODES.items() for k, day in enumerate(DAYS)]
    path = written(tmp_path / "x.csv", "Entity,Code,Day,Cases", rows)
    found = engine.load_dataset(path)
    assert (found.kind, found.recognition.sources) == ("series", ("Cases",))
    assert "“Day” says when; “Entity” tells the series apart; “Code” holds no numbers" in found.recognition.reason
    assert names_of(path) == list(CODES)


def test_a_column_that_says_the_same_of_all_rows_does_not_hide_the_series(tmp_path: Path) -> None:
    rows = [(day, name, "ok", value(name, k)) for name in CODES for k, day in enumerate(DAYS)]
    path = written(tmp_path / "x.csv", "date;sensor;status;value", rows, ";")
    assert engine.load_dataset(path).kind == "series"
    assert names_of(path) == list(CODES)


def test_two_columns_together_tell_series_apart_where_neither_does_alone(tmp_path: Path) -> None:
    groups = list(product(("tea", "coffee"), ("north", "south")))
    rows = [(day, *one, value("".join(one), k)) for k, day in enumerate(DAYS) for one in groups]
    path = written(tmp_path / "x.csv", "date,product,region,units", rows)
    found = engine.load_dataset(path)
    assert "“product” and “region” together tell the series apart" in found.recognition.reason
    assert names_of(path) == [", ".join(one) for one in groups]
    other = written(tmp_path / "y.csv", "units,region,product,date", [row[::-1] for row in rows[:80]])
    assert found.codec.frames is not None
    assert [len(one.values) for one in found.codec.frames.read_series(other).series] == [20] * 4


@pytest.mark.parametrize("by_year", [False, True])
@pytest.mark.parametrize("header", ["Country,Year,GDP", "Land,Jahr,BIP"])
def test_years_that_rise_for_each_name_say_when(tmp_path: Path, header: str, by_year: bool) -> None:
    rows = [(name, year, value(name, k)) for name in CODES for k, year in enumerate(YEARS)]
    path = written(tmp_path / "x.csv", header, sorted(rows, key=lambda row: row[1]) if by_year else rows)
    found = engine.load_dataset(path)
    name, year, gdp = header.split(",")
    assert (found.kind, found.recognition.sources) == ("series", (gdp,))
    assert f"“{year}” says when; “{name}” tells the series apart" in found.recognition.reason
    assert engine.load_dataset(path, form="numbers").recognition.sources == (gdp,)


def test_as_many_countries_as_there_are_can_be_told_apart(tmp_path: Path) -> None:
    names = [f"{a}{b}land" for a, b in product("ABCDEFGHIJKL", "aeiou")]
    rows = [
        (name, name[:2].upper() if k % 7 else "", year, value(name, step))
        for k, name in enumerate(names)
        for step, year in enumerate(YEARS[k % 20 :])
    ]
    path = written(tmp_path / "x.csv", "Entity,Code,Year,Share", rows)
    assert engine.load_dataset(path).kind == "series"
    assert names_of(path) == names


def test_measurements_of_a_year_that_recurs_for_a_name_are_no_series(tmp_path: Path) -> None:
    rows = [(name, 2007 + k % 3, value(name, k)) for name in CODES for k in range(STEPS)]
    with pytest.raises(engine.DataError, match="measure different things"):
        engine.load_dataset(written(tmp_path / "x.csv", "species,year,length", rows))


@pytest.mark.parametrize("by_day", [False, True])
@pytest.mark.parametrize("name", ["Store", "sensor_id", "batch"])
def test_things_that_are_numbered_are_told_apart(tmp_path: Path, name: str, by_day: bool) -> None:
    rows = [(thing, day, value("x" * thing, k)) for thing in (1, 2, 5) for k, day in enumerate(DAYS)]
    path = written(tmp_path / "x.csv", f"{name},Date,Sales", sorted(rows, key=lambda row: row[1]) if by_day else rows)
    found = engine.load_dataset(path)
    assert found.recognition.sources == ("Sales",)
    assert f"“{name}” tells the series apart" in found.recognition.reason
    assert names_of(path) == ["1", "2", "5"]


def test_numbered_things_of_several_groups_are_told_apart_by_both(tmp_path: Path) -> None:
    groups = list(product(("north", "south"), (1, 2)))
    rows = [(area, store, day, value(area, k) + store) for k, day in enumerate(DAYS) for area, store in groups]
    path = written(tmp_path / "x.csv", "area,store,date,sales", rows)
    assert names_of(path) == ["north, 1", "north, 2", "south, 1", "south, 2"]


def test_long_series_of_numbered_things_one_after_the_other_are_told_apart(tmp_path: Path) -> None:
    begin = date(1800, 1, 1)
    rows = [(thing, begin + timedelta(k), value("x" * thing, k)) for thing in (1, 2) for k in range(30_000)]
    assert names_of(written(tmp_path / "x.csv", "store,date,sales", rows)) == ["1", "2"]


def test_a_whole_number_beside_a_few_times_that_recur_is_measured(tmp_path: Path) -> None:
    rows = [(day, k % 2, value("x", k)) for k, day in enumerate(sorted([*DAYS, DAYS[10], DAYS[41]]))]
    for name in ("rain", "station"):
        found = engine.load_dataset(written(tmp_path / "x.csv", f"date,{name},flow", rows))
        assert found.recognition.sources == (name, "flow")


def test_what_is_not_chosen_to_be_measured_tells_series_apart_and_what_is_does_not(tmp_path: Path) -> None:
    things = {1: DAYS[:40], 2: DAYS[20:], 7: DAYS[10:30]}
    rows = [(day, thing, value("x" * thing, k)) for thing, days in things.items() for k, day in enumerate(days)]
    path = written(tmp_path / "x.csv", "date,batch,sales", rows)
    assert engine.load_dataset(path).recognition.sources == ("batch", "sales")
    assert len(engine.load_dataset(path, source_column="sales").train) == 3
    both = engine.load_dataset(written(tmp_path / "y.csv", "date,store,sales", rows), source_column="store + sales")
    assert len(both.train) == 1
    assert both.codec.frames is not None
    assert len(both.codec.frames.read_series(tmp_path / "y.csv").series) == 1, "as the network was trained"


def test_measurements_that_are_numbered_for_each_name_are_no_series(tmp_path: Path) -> None:
    rows = [(k, value(name, k), value(name, k + 3), name) for name in CODES for k in range(STEPS)]
    with pytest.raises(engine.DataError, match="measure different things"):
        engine.load_dataset(written(tmp_path / "x.csv", "index,length,width,species", rows))
    assert len(engine.load_dataset(written(tmp_path / "x.csv", "t,length,width,specimen", rows)).train) == 3
