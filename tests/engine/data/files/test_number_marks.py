"""How the numbers of a column are written is told by the whole column; what stands for a missing number is a gap."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

import engine
from engine.data.numbers.decimal_marks import decimal_mark
from engine.data.numbers.parse import number_of
from tests.engine.data.files.test_number_tables import VALUES, days, put, values_of

LARGE = np.round(1e6 + 9e5 * np.sin(np.arange(60) / 3)) + 0.25
WHOLE = np.round(5000 + 4500 * np.sin(np.arange(60) / 3))  # also below 1,000
SMALL = np.round(1.2 + np.sin(np.arange(60) / 3), 3)  # also below 1
LOSSES = VALUES - 10


def swapped(text: str) -> str:
    return text.translate(str.maketrans(".,", ",."))


WRITTEN: dict[str, tuple[np.ndarray, Callable[[float], str]]] = {
    "commas between thousands": (LARGE, lambda v: f'"{v:,.2f}"'),
    "dots between thousands": (LARGE, lambda v: swapped(f"{v:,.2f}")),
    "dots between thousands of whole numbers": (WHOLE, lambda v: swapped(f"{v:,.0f}")),
    "commas between thousands of whole numbers": (WHOLE, lambda v: f'"{v:,.0f}"'),
    "spaces between thousands": (LARGE, lambda v: swapped(f"{v:,.2f}").replace(".", "\u00a0")),
    "narrow spaces between thousands": (LARGE, lambda v: swapped(f"{v:,.2f}").replace(".", "\u202f")),
    "apostrophes between thousands": (LARGE, lambda v: f"{v:,.2f}".replace(",", "’")),
    "three decimals after a comma": (SMALL, lambda v: swapped(f"{v:.3f}")),
    "three decimals after a dot": (SMALL, lambda v: f"{v:.3f}"),
    "all commas have three decimals": (SMALL + 1, lambda v: swapped(f"{v:.3f}")),
    "losses in brackets": (LOSSES, lambda v: f"({-v:.2f})" if v < 0 else f"{v:.2f}"),
    "a unit": (VALUES, lambda v: f"{v:.2f} °C"),
    "footnotes": (VALUES, lambda v: f"{v:.2f}*" if v > 12 else f"{v:.2f}"),
    "marks of a statistical office": (VALUES, lambda v: f"{v:.2f} {'p' if v > 12 else 'be'}"),
    "volumes of an exchange": (np.round(LARGE / 1e4) * 1e4, lambda v: f"{v / 1e6:.2f}M"),
    "preliminary": (VALUES, lambda v: f"{v:.2f} (p)" if v > 12 else f"{v:.2f}"),
}


@pytest.mark.parametrize("how", WRITTEN)
def test_a_column_is_read_as_it_is_written(tmp_path: Path, how: str) -> None:
    values, written = WRITTEN[how]
    rows = [f"{day};{written(float(v))}" for day, v in zip(days("%Y-%m-%d"), values, strict=True)]
    dataset = engine.load_dataset(put(tmp_path / "sales.csv", ["day;sales", *rows]))
    assert dataset.kind == "series"
    np.testing.assert_allclose(values_of(dataset), values, rtol=1e-6)  # float32


def test_a_column_that_does_not_tell_follows_the_others_or_the_dates(tmp_path: Path) -> None:
    for dates, other in (("%Y-%m-%d", "1,5"), ("%d.%m.%Y", "7")):
        rows = [f"{day};{swapped(f'{2000 + k:,}')};{other}{k}" for k, day in enumerate(days(dates))]
        dataset = engine.load_dataset(put(tmp_path / "sales.csv", ["Tag;Umsatz;Anteil", *rows]))
        assert values_of(dataset) == [2000 + k for k in range(60)]


@pytest.mark.parametrize(("delimiter", "times"), [(";", 1000), ("\t", 1), (",", 1)])
def test_semicolons_beside_years_make_a_point_stand_between_thousands(
    tmp_path: Path, delimiter: str, times: int
) -> None:
    rows = [f"{1950 + k}{delimiter}{19.201 + k:.3f}{delimiter}{98.146 - k:.3f}" for k in range(60)]
    dataset = engine.load_dataset(put(tmp_path / "sales.csv", [delimiter.join(["Jahr", "Umsatz", "Kosten"]), *rows]))
    assert dataset.recognition.time_columns == ("Jahr",)
    assert values_of(dataset)[0] == pytest.approx(19.201 * times)
    guesses = [remark for remark in dataset.report.findings if "This is a guess" in remark]
    assert bool(guesses) == (delimiter != ",")


def test_marks_that_contradict_each_other_tell_nothing() -> None:
    assert decimal_mark(["1.5", "2,5"]) == ""
    assert decimal_mark(["1.234", "2.345"]) == ""
    assert decimal_mark(["1.234", "0.345"]) == "."
    assert decimal_mark(["1.234", "345"]) == ","
    assert number_of("1.234") == 1.234
    assert number_of("1,234") == 1234
    assert number_of("0,234") == 0.234


@pytest.mark.parametrize("stand_in", ["-999", "-99.99", "9999.9", "-9999.0", "99999"])
def test_what_stands_for_a_missing_number_is_a_gap(tmp_path: Path, stand_in: str) -> None:
    cells = [stand_in if k in (5, 6, 20) else str(v) for k, v in enumerate(VALUES)]
    rows = [f"{day},{cell}" for day, cell in zip(days("%Y-%m-%d"), cells, strict=True)]
    dataset = engine.load_dataset(put(tmp_path / "sales.csv", ["day,sales", *rows]))
    expected = [VALUES[4] if k in (5, 6) else VALUES[19] if k == 20 else v for k, v in enumerate(VALUES)]
    assert values_of(dataset) == expected
    (remark,) = dataset.report.findings
    assert remark.startswith(f"“sales” holds {float(stand_in):g} in 3 rows, far from".replace("-", "−"))


def test_nines_among_numbers_as_large_are_numbers(tmp_path: Path) -> None:
    values = [999.0 if k == 7 else round(500 + 400 * float(np.sin(k / 3)), 1) for k in range(60)]
    rows = [f"{day},{v}" for day, v in zip(days("%Y-%m-%d"), values, strict=True)]
    assert values_of(engine.load_dataset(put(tmp_path / "sales.csv", ["day,sales", *rows]))) == values


@pytest.mark.parametrize(
    "gap",
    [
        "-",
        "NA",
        ".",
        ":",
        "..",
        "—",
        "#DIV/0!",
        "<NA>",
        "k. A.",
        "keine Angabe",
        "n.v.",
        "s/d",
        "n/d",
        "NC",
        "fehlt",
        "Ausfall",
        "ERR",
    ],
)
def test_a_cell_may_say_in_many_ways_that_its_number_is_missing(tmp_path: Path, gap: str) -> None:
    rows = [
        f"{day},{gap if k % 9 == 4 else v}" for k, (day, v) in enumerate(zip(days("%Y-%m-%d"), VALUES, strict=True))
    ]
    dataset = engine.load_dataset(put(tmp_path / "sales.csv", ["day,sales", *rows]))
    assert values_of(dataset) == [VALUES[k - 1] if k % 9 == 4 else v for k, v in enumerate(VALUES)]
    assert "7 numbers missing, the first: “sales” in line 6." in dataset.report.findings[0]


def test_years_by_months_are_read_in_the_same_way(tmp_path: Path) -> None:
    values = np.round(LARGE / 1000, 2)
    rows = [[f"{v:,.2f}" for v in values[12 * k : 12 * k + 12]] for k in range(5)]
    rows[1][3] = rows[4][11] = "-9999.00"
    lines = [f"{1990 + k};" + ";".join(map(swapped, row)) for k, row in enumerate(rows)]
    dataset = engine.load_dataset(put(tmp_path / "years.csv", lines))
    expected = values.copy()
    expected[15] = expected[14]
    np.testing.assert_allclose(values_of(dataset), expected[:-1], rtol=1e-6)
    far, gap = dataset.report.findings
    assert far.startswith("“value” holds −9999 in 2 rows, far from its other numbers")
    assert gap.startswith("1 number missing, the first: month 4 of 1991 in line 2.")


def test_a_word_for_a_missing_number_may_name_a_column_or_a_series(tmp_path: Path) -> None:
    errors = engine.load_dataset(put(tmp_path / "errors.txt", ["err", *map(str, VALUES)]))
    assert errors.recognition.sources == ("err",)
    rows = [
        f"{state},{day},{v}" for state in ("CA", "NC", "TX") for day, v in zip(days("%Y-%m-%d"), VALUES, strict=True)
    ]
    states = engine.load_dataset(put(tmp_path / "states.csv", ["state,day,sales", *rows]))
    assert len(states.train) == 3
    assert not states.report.remarks


def thousands(row: int) -> str:
    return ";".join(f"{1 + (7 * k + row) % 8}.{137 * (k + row) % 900 + 100}" for k in range(12))


def test_years_across_and_semicolons_tell_that_points_stand_between_thousands(tmp_path: Path) -> None:
    rows = [f"{name};{thousands(k)}" for k, name in enumerate(("Miete", "Strom", "Essen"))]
    header = f"Posten;{';'.join(str(2012 + k) for k in range(12))}"
    dataset = engine.load_dataset(put(tmp_path / "budget.csv", [header, *rows]))
    assert dataset.times[0] == "2012"
    assert dataset.train[0].source.min() > 1000
    assert "the point is taken to stand between thousands, because semicolons" in dataset.report.findings[0]


def test_so_do_the_years_before_twelve_months(tmp_path: Path) -> None:
    header = "Jahr;Jan;Feb;Mrz;Apr;Mai;Jun;Jul;Aug;Sep;Okt;Nov;Dez"
    rows = [f"{1990 + k};{thousands(k)}" for k in range(12)]
    dataset = engine.load_dataset(put(tmp_path / "guests.csv", [header, *rows]))
    assert dataset.times[0] == "1990-01"
    assert dataset.train[0].source.min() > 1000
