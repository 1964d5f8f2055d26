"""A year and its quarter, half, week or month in two columns say together when."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import engine
from engine.data.numbers.times import is_time, moments
from tests.engine.data.files.test_number_tables import put, values_of

VALUES = [round(1200 + 9.5 * k + 40 * float(np.sin(k)), 1) for k in range(120)]
QUARTERS = ("Q1", "Q2", "Q3", "Q4")
ROMAN = ("I", "II", "III", "IV")


@pytest.mark.parametrize(
    ("names", "parts", "third"),
    [
        (("Jahr", "Quartal"), ("1", "2", "3", "4"), "1990Q3"),
        (("Year", "Quarter"), QUARTERS, "1990Q3"),
        (("Jahr", "Quartal"), [f"{k}. Quartal" for k in range(1, 5)], "1990Q3"),
        (("Année", "Trimestre"), ("T1", "T2", "T3", "T4"), "1990Q3"),
        (("Rok", "Kwartał"), ROMAN, "1990Q3"),
        (("年", "四半期"), [f"第{k}四半期" for k in range(1, 5)], "1990Q3"),
        (("Jahr", "Halbjahr"), ("1. Halbjahr", "2. Halbjahr"), "1991-01"),
        (("Año", "Semestre"), ("S1", "S2"), "1991-01"),
        (("Jahr", "KW"), [str(k) for k in range(1, 53)], "1990W03"),
        (("Year", "Week"), [f"W{k:02d}" for k in range(1, 54)], "1990W03"),
    ],
)
def test_a_year_and_its_part_say_when(tmp_path: Path, names: tuple[str, str], parts: list[str], third: str) -> None:
    many = len(parts)
    rows = [f"{1990 + k // many};{parts[k % many]};{value}" for k, value in enumerate(VALUES)]
    dataset = engine.load_dataset(put(tmp_path / "sales.csv", [f"{names[0]};{names[1]};Wert", *rows]))
    assert (dataset.recognition.time_columns, dataset.recognition.apart) == (names, ())
    assert dataset.times[2] == third
    assert values_of(dataset) == pytest.approx(VALUES)


def test_years_and_months_may_have_the_signs_for_them(tmp_path: Path) -> None:
    rows = [f"{2012 + k // 12}年,{k % 12 + 1}月,{value}" for k, value in enumerate(VALUES)]
    dataset = engine.load_dataset(put(tmp_path / "heat.csv", ["年,月,気温", *rows]))
    assert dataset.recognition.time_columns == ("年", "月")
    assert dataset.times[:2] == ("2012-01", "2012-02")
    assert values_of(dataset) == pytest.approx(VALUES)


def test_the_quarters_of_each_shop_say_when(tmp_path: Path) -> None:
    rows = [f"{shop};{1990 + k // 4};{k % 4 + 1};{VALUES[k]}" for shop in ("Nord", "Süd") for k in range(60)]
    dataset = engine.load_dataset(put(tmp_path / "shops.csv", ["Filiale;Jahr;Quartal;Wert", *rows]))
    assert dataset.recognition.time_columns == ("Jahr", "Quartal")
    assert dataset.recognition.apart == ("Filiale",)


@pytest.mark.parametrize(("name", "many", "sign"), [("KW", 52, ""), ("Quartal", 4, "Q")])
def test_many_cities_have_a_series_each(tmp_path: Path, name: str, many: int, sign: str) -> None:
    cities = [f"Stadt {chr(65 + k)}" for k in range(26)]
    rows = [f"{city};{1990 + k // many};{sign}{k % many + 1};{VALUES[k]}" for city in cities for k in range(104)]
    found = engine.load_dataset(put(tmp_path / "cities.csv", [f"Stadt;Jahr;{name};Wert", *rows])).recognition
    assert (found.time_columns, found.apart) == (("Jahr", name), ("Stadt",))


TOGETHER = {
    "KW {0:02d}/{1}": 52,
    "KW{0:02d} {1}": 52,
    "{1}-KW{0:02d}": 52,
    "{1}/KW {0}": 52,
    "{0}. KW {1}": 52,
    "KW {0}/{2:02d}": 52,
    "{0:02d}/{1}": 52,
    "Week {0}, {1}": 52,
    "{0}Q{2:02d}": 4,
    "Q{0} '{2:02d}": 4,
    "FY{2:02d} Q{0}": 4,
    "Q{0} FY{1}": 4,
    "{0}. Quartal {1}": 4,
    "T{0} {1}": 4,
    "{0}. Hj. {1}": 2,
    "H{0} {1}": 2,
    "{0}H{2:02d}": 2,
}


@pytest.mark.parametrize("written", TOGETHER)
def test_a_year_and_its_part_may_stand_in_one_cell(tmp_path: Path, written: str) -> None:
    many = TOGETHER[written]
    years = range(1990, 1990 + 120 // many + 1)
    times = [written.format(k % many + 1, years[k // many], years[k // many] % 100) for k in range(120)]
    rows = [f"{time};{value}" for time, value in zip(times, VALUES, strict=True)]
    dataset = engine.load_dataset(put(tmp_path / "sales.csv", ["Zeitraum;Wert", *rows]))
    assert (dataset.kind, dataset.times[:1], dataset.report.remarks) == ("series", (times[0],), ())
    assert values_of(dataset) == pytest.approx(VALUES)
    steps = np.diff(moments(times))
    assert (steps > 0).all()
    assert steps.max() < 1.5 * np.median(steps)


def test_a_roman_number_beside_a_year_is_a_quarter(tmp_path: Path) -> None:
    rows = [f"{ROMAN[k % 4]}/{1990 + k // 4};{value}" for k, value in enumerate(VALUES)]
    dataset = engine.load_dataset(put(tmp_path / "sales.csv", ["Quartal;Wert", *rows]))
    assert dataset.times[:2] == ("I/1990", "II/1990")
    assert moments(["IV/2012"])[0] == moments(["2012-10-01"])[0]


@pytest.mark.parametrize(
    "text", ["week 2012", "Gruppe 2 2012", "Q9 '12", "KW 54/2020", "Woche 12", "A/2012", "MP3 2012", "q1 12"]
)
def test_other_words_beside_a_year_are_no_times(text: str) -> None:
    assert not is_time(text)
