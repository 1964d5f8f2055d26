"""Which column of a table says when, whatever it is called and in whatever language."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

import engine
from engine.data.numbers.time_names import speaks_of_time
from tests.engine.data.files.test_number_tables import put, values_of

WHOLE = [4_100_000 + 1_313 * k + 900 * (k % 7) for k in range(70)]
DECIMAL = [round(5 + 2 * float(np.sin(k / 5)), 2) for k in range(200)]


def minutes(count: int, written: str = "%d.%m.%Y %H:%M") -> list[str]:
    return [f"{dt.datetime(2023, 1, 1) + dt.timedelta(minutes=15 * k):{written}}" for k in range(count + 1)]


@pytest.mark.parametrize("name", ["Rok", "År", "Ano", "Anno", "Vuosi", "Год", "年", "Saison", "X", ""])
def test_a_first_column_of_years_says_when_whatever_its_name(tmp_path: Path, name: str) -> None:
    rows = [f"{1950 + k};{value}" for k, value in enumerate(WHOLE)]
    dataset = engine.load_dataset(put(tmp_path / "people.csv", [f"{name};Wert", *rows]))
    assert dataset.kind == "series"
    assert dataset.times[:2] == ("1950", "1951")
    assert dataset.recognition.sources == ("Wert",)
    assert values_of(dataset) == pytest.approx(WHOLE)


def test_years_that_recur_for_each_country_say_when(tmp_path: Path) -> None:
    rows = [f"{land};{year};{(year - 1949) * 10 + k}" for k, land in enumerate("ABC") for year in range(1950, 1990)]
    dataset = engine.load_dataset(put(tmp_path / "people.csv", ["Kraj;Rok;Wartość", *rows]))
    assert (dataset.recognition.time_columns, dataset.recognition.apart) == (("Rok",), ("Kraj",))


@pytest.mark.parametrize("name", ["time_ms", "Time (s)", "t [ms]", "Zeit [s]", "elapsed_time", "temps (s)", "経過時間"])
def test_a_rising_column_whose_name_speaks_of_time_says_when(tmp_path: Path, name: str) -> None:
    rows = [f"{100 * k},{value},{value + 1}" for k, value in enumerate(DECIMAL)]
    dataset = engine.load_dataset(put(tmp_path / "imu.csv", [f"{name},x,y", *rows]))
    assert dataset.recognition.time_columns == (name,)
    assert dataset.recognition.sources == ("x", "y")


def test_a_column_that_goes_up_and_down_is_measured_whatever_its_name(tmp_path: Path) -> None:
    rows = [f"2020-01-01,{value},{100 + value}" for value in DECIMAL]
    dataset = engine.load_dataset(put(tmp_path / "laps.csv", ["race,lap_time,speed", *rows]))
    assert {"lap_time", "speed"} <= {*dataset.recognition.sources}
    assert not any(map(speaks_of_time, ("lifetime_value", "minimum")))


@pytest.mark.parametrize("name", ["min", "hr", "temps"])
def test_gaps_in_a_column_with_a_short_name_cost_no_rows(tmp_path: Path, name: str) -> None:
    rows = [f"{value},{'' if k % 9 == 4 else 60 + k % 5}" for k, value in enumerate(DECIMAL)]
    dataset = engine.load_dataset(put(tmp_path / "run.csv", [f"speed,{name}", *rows]))
    assert len(values_of(dataset)) == len(DECIMAL)


SPANS = {
    "days": ("von;bis;Wert", [f"2022-01-{k + 1:02d};2022-01-{k + 2:02d};{k % 7},5" for k in range(30)]),
    "a smart meter": (
        "von;bis;Verbrauch kWh",
        [f"{a};{b};{v}" for a, b, v in zip(minutes(199), minutes(200)[1:], DECIMAL, strict=False)],
    ),
    "the last minute": (
        "start,end,load",
        [f"2023-01-{k // 24 + 1:02d} {k % 24:02d}:00,2023-01-{k // 24 + 1:02d} {k % 24:02d}:59,{DECIMAL[k]}"
         for k in range(200)],
    ),
    "clocks that are put back, and an end that is not known": (
        "von;bis;Verbrauch kWh",
        [f"{a};{'' if k == 199 else '01.01.2023 00:00' if k == 77 else b};{v}" for k, (a, b, v) in
         enumerate(zip(minutes(199), minutes(200)[1:], DECIMAL, strict=False))],
    ),
    "times of day": (
        "Datum;Anfang;Ende;Last",
        [f"{a[:10]};{a[11:]};{b[11:]};{v}" for a, b, v in zip(minutes(199), minutes(200)[1:], DECIMAL, strict=False)],
    ),
    "two time zones": (
        "utc,cet,load",
        [f"2023-01-{k // 24 + 1:02d}T{k % 24:02d}:00Z,2023-01-{k // 24 + 1:02d}T{k % 24:02d}:00+0100,{DECIMAL[k]}"
         for k in range(200)],
    ),
}  # fmt: skip


@pytest.mark.parametrize("how", SPANS)
def test_the_first_of_two_times_says_when(tmp_path: Path, how: str) -> None:
    header, rows = SPANS[how]
    dataset = engine.load_dataset(put(tmp_path / "power.csv", [header, *rows]))
    first, *others, value = header.replace(";", ",").split(",")
    assert dataset.kind == "series"
    assert dataset.recognition.time_columns[0] == first
    assert dataset.recognition.sources == (value,)
    assert f"“{others[-1]}”, a second time, is left out" in dataset.recognition.how
    assert len(dataset.times) == len(rows)


def test_two_dates_that_have_nothing_to_do_with_each_other_are_no_series(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    day = dt.date(2020, 1, 1)
    rows = [f"{day + dt.timedelta(int(a))},{day + dt.timedelta(int(b))},{k}.5" for k, (a, b) in
            enumerate(rng.integers(0, 4000, (60, 2)))]  # fmt: skip
    dataset = engine.load_dataset(put(tmp_path / "people.csv", ["born,joined,points", *rows]))
    assert dataset.kind != "series"


@pytest.mark.parametrize("name", ["Dauer", "Gesamtdauer", "Duration", "lap_time", "Elapsed time", "Durée", "Laufzeit"])
def test_how_long_a_run_took_does_not_say_when_it_was(tmp_path: Path, name: str) -> None:
    rows = [f"{day[:10]};00:{47 + k % 9}:{k % 60:02d};{DECIMAL[k]}" for k, day in enumerate(minutes(150)[:150])]
    path = put(tmp_path / "runs.csv", [f"Datum;{name};Strecke", *rows])
    found = engine.load_dataset(path).recognition
    assert (found.time_columns, found.sources) == (("Datum",), ("Strecke",))
    assert f"“{name}” says how long, not when, and is left out" in found.how
    by_hand = engine.load_dataset(path, target_column=name).recognition
    assert by_hand.time_columns == (name,)


def test_a_clock_beside_a_date_says_when_although_a_duration_stands_before_it(tmp_path: Path) -> None:
    rows = [f"{when[:10]};00:47:{k % 60:02d};{when[11:]};{DECIMAL[k]}" for k, when in enumerate(minutes(150)[:150])]
    found = engine.load_dataset(put(tmp_path / "runs.csv", ["Datum;Dauer;Beginn;Strecke", *rows])).recognition
    assert found.time_columns == ("Datum", "Beginn")


def test_a_time_that_elapses_says_when_where_nothing_else_does(tmp_path: Path) -> None:
    rows = [f"{k // 60:02d}:{k % 60:02d}:00;{DECIMAL[k]}" for k in range(150)]
    found = engine.load_dataset(put(tmp_path / "log.csv", ["elapsed;Druck", *rows])).recognition
    assert found.time_columns == ("elapsed",)


@pytest.mark.parametrize("names", ["Uhrzeit von;Uhrzeit bis", "Von;Bis", "start;end"])
@pytest.mark.parametrize("step", [15, 60])
def test_times_of_day_alone_may_say_when_a_step_begins_and_ends(tmp_path: Path, names: str, step: int) -> None:
    day = [f"{minute // 60 % 24:02d}:{minute % 60:02d}" for minute in range(0, 1441, step)]
    spans = [f"{begin};{end}" for begin, end in pairwise(day)] * 2
    rows = [f"{span};{number}" for span, number in zip(spans, range(100, 1000), strict=False)]
    dataset = engine.load_dataset(put(tmp_path / "visits.csv", [f"{names};Besucher", *rows]))
    assert (dataset.kind, dataset.recognition.sources) == ("series", ("Besucher",))
    assert dataset.recognition.time_columns == (names.split(";")[0],)
    assert "a second time, is left out" in dataset.recognition.how


@pytest.mark.parametrize("at", [0, 9, len(DECIMAL) - 1])
@pytest.mark.parametrize("unreal", ["29.02.2023", "31.04.2023", "32.01.2023"])
def test_a_day_that_is_in_no_calendar_is_told(tmp_path: Path, unreal: str, at: int) -> None:
    days = [f"{dt.date(2023, 1, 1) + dt.timedelta(days=k):%d.%m.%Y}" for k in range(len(DECIMAL))]
    days[at] = unreal
    rows = [f"{day};{value}" for day, value in zip(days, DECIMAL, strict=True)]
    dataset = engine.load_dataset(put(tmp_path / "sales.csv", ["Tag;Umsatz", *rows]))
    assert (dataset.kind, values_of(dataset)) == ("series", pytest.approx(DECIMAL))
    (remark,) = dataset.report.remarks
    assert remark.startswith(f"There is no day or time {unreal}; the times are not checked")


@pytest.mark.parametrize("written", ["slot %d", "%d kg"])
def test_what_cannot_be_read_as_a_time_at_all_is_no_missing_day(tmp_path: Path, written: str) -> None:
    rows = [f"{written % k};{value}" for k, value in enumerate(DECIMAL)]
    path = put(tmp_path / "sales.csv", ["slot;Umsatz", *rows])
    dataset = engine.load_dataset(path, kind="series", target_column="slot")
    assert not any("no day or time" in remark for remark in dataset.report.remarks)
