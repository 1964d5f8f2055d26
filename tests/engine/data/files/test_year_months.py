"""Tables with a row for each year and a column for each month are one series, in reading order."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import engine
from engine.errors import ConfigError, DataError

YEARS = 11
VALUES = [round(100 + 9 * k + 30 * float(np.sin(k * np.pi / 6))) for k in range(12 * YEARS)]
ROWS = [[str(1990 + k), *map(str, VALUES[12 * k : 12 * k + 12])] for k in range(YEARS)]
ENGLISH = ["Year", "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
GERMAN = [
    "Jahr",
    "Januar",
    "Februar",
    "März",
    "April",
    "Mai",
    "Juni",
    "Juli",
    "August",
    "September",
    "Oktober",
    "November",
    "Dezember",
]
FRENCH = ["an", "janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc."]


def put(path: Path, rows: list[list[str]], delimiter: str = ",") -> Path:
    path.write_text("\n".join(delimiter.join(row) for row in rows) + "\n", "utf-8")
    return path


def series_of(dataset: engine.Dataset) -> list[float]:
    whole = [*dataset.train[0].source[:, 0], *np.concatenate([e.target[:, 0] for e in dataset.validation])]
    return [float(value) for value in whole]


HEADERS = {"English": ENGLISH, "German": GERMAN, "French": FRENCH, "numbers": ["", *map(str, range(1, 13))]}


@pytest.mark.parametrize("language", HEADERS)
@pytest.mark.parametrize("delimiter", [",", "\t"])
def test_columns_named_after_the_months_are_read_row_by_row(tmp_path: Path, language: str, delimiter: str) -> None:
    dataset = engine.load_dataset(put(tmp_path / "sales.csv", [HEADERS[language], *ROWS], delimiter))
    assert (dataset.kind, dataset.recognition.form) == ("series", "year-months")
    assert "the columns are named after the months" in dataset.recognition.reason
    assert series_of(dataset) == VALUES
    assert dataset.times[:2] == ("1990-01", "1990-02")
    assert dataset.times[-1] == "2000-12"
    assert not dataset.report.findings


@pytest.mark.parametrize("delimiter", [",", " "])
def test_without_names_twelve_numbers_after_consecutive_years_are_months(tmp_path: Path, delimiter: str) -> None:
    dataset = engine.load_dataset(put(tmp_path / "sales.txt", ROWS, delimiter))
    assert series_of(dataset) == VALUES
    assert "twelve numbers follow each of the years" in dataset.recognition.reason


def test_the_table_can_be_read_as_twelve_columns_or_one_of_them(tmp_path: Path) -> None:
    path = put(tmp_path / "sales.csv", [ENGLISH, *ROWS])
    assert "numbers" in engine.load_dataset(path).recognition.alternatives
    side_by_side = engine.load_dataset(path, form="numbers")
    assert side_by_side.codec.frames is not None
    assert side_by_side.codec.frames.names == tuple(ENGLISH[1:])
    march = engine.load_dataset(path, columns=["Mar"])
    assert march.codec.frames is not None
    assert march.codec.frames.names == ("Mar",)
    with pytest.raises(ConfigError, match="There is no column 'March'"):
        engine.load_dataset(path, columns=["March"])


OTHERS = {
    "countries": [["Year", *(f"country {k}" for k in "abcdefghijkl")], *ROWS],
    "years that leap": [[str(1990 + 7 * k), *row[1:]] for k, row in enumerate(ROWS)],
    "thirteen numbers": [[*row, f"{k}.5"] for k, row in enumerate(ROWS)],
    "no years": [[str(k), *row[1:]] for k, row in enumerate(ROWS)],
}


@pytest.mark.parametrize("name", OTHERS)
def test_twelve_other_columns_are_no_months(tmp_path: Path, name: str) -> None:
    assert engine.load_dataset(put(tmp_path / "x.csv", OTHERS[name])).recognition.form != "year-months"


def test_incomplete_years_gaps_sums_and_the_newest_year_first(tmp_path: Path) -> None:
    rows = [[*ENGLISH, "Annual"], *([*row, "9999"] for row in ROWS[::-1])]
    rows[1][9:] = []  # the last year ends in August
    rows[-1][1:4] = [""] * 3  # the first begins in April
    rows[3][6] = "n/a"
    dataset = engine.load_dataset(put(tmp_path / "sales.csv", rows))
    assert dataset.recognition.reason.endswith("“Annual” is left out")
    expected = VALUES[3:-4]
    expected[8 * 12 + 5 - 3] = expected[8 * 12 + 4 - 3]
    assert series_of(dataset) == expected
    assert (dataset.times[0], dataset.times[-1]) == ("1990-04", "2000-08")
    missing, order = dataset.report.findings
    assert "1 number missing, the first: month 6 of 1998 in line 4." in missing
    assert order == "The years were put in order."


TITLES = {
    "alone": [["Unemployed"]],
    "padded": [["Unemployed", *[""] * 12]],
    "with the year": [["Unemployed 1990", *[""] * 12], ["of", "5.3.2001", *[""] * 11], [""] * 13],
    "above a blank line": [["Unemployed"], [""]],
}


@pytest.mark.parametrize("title", TITLES)
@pytest.mark.parametrize("header", [[ENGLISH], []], ids=["named", "unnamed"])
@pytest.mark.parametrize("settings", [{}, {"form": "year-months"}], ids=["recognised", "chosen"])
def test_titles_above_the_months_are_none(
    tmp_path: Path, title: str, header: list[list[str]], settings: dict[str, str]
) -> None:
    path = put(tmp_path / "sales.csv", [*TITLES[title], *header, *ROWS], ";")
    dataset = engine.load_dataset(path, **settings)
    assert dataset.recognition.form == "year-months"
    assert series_of(dataset) == VALUES
    assert dataset.report.findings == ()


def test_totals_and_means_of_the_months_are_left_out_and_named(tmp_path: Path) -> None:
    total = ["Sum of 1990 and 1991", *map(str, range(12))]
    dataset = engine.load_dataset(put(tmp_path / "sales.csv", [ENGLISH, *ROWS[:2], total, *ROWS[2:], ["Mean", "5"]]))
    assert series_of(dataset) == VALUES
    assert dataset.report.findings == (
        "Line 4 is left out: it begins with 'Sum of 1990 and 1991' instead of a year.",
        "Line 14 is left out: it begins with 'Mean' instead of a year.",
    )


BAD = {
    "a word": (4, ["1993", "many", *ROWS[3][2:]], r"line 5: Month 1 of 1993 holds 'many'; expected a finite number"),
    "no year": (6, ["199x", *ROWS[3][1:]], r"line 7: The row begins with '199x'; expected a year"),
    "twice": (6, ROWS[3], r"line 7: The year 1993 occurs twice"),
}


@pytest.mark.parametrize("case", BAD)
def test_what_does_not_fit_is_refused_with_its_line(tmp_path: Path, case: str) -> None:
    at, row, message = BAD[case]
    rows = [ENGLISH, *ROWS]
    rows[at : at + 1] = [row]
    with pytest.raises(DataError, match=message):
        engine.load_dataset(put(tmp_path / "sales.csv", rows))


def test_such_a_table_validates_and_is_forecast_from_and_lies_in_a_folder(tmp_path: Path) -> None:
    path = put(tmp_path / "sales.csv", [ENGLISH, *ROWS])
    dataset = engine.load_dataset(path, validation=path)
    assert dataset.validation[0].source[:, 0].tolist() == VALUES
    model = engine.build_model(engine.ModelConfig(architecture="many-to-many", hidden_size=2), dataset)
    values = np.array(VALUES, float)
    assert np.array_equal(model.forecast(path, steps=2).mean, model.forecast(values, steps=2).mean)
    for town in ("a", "b", "c"):
        put(tmp_path / f"{town}.csv", [ENGLISH, *ROWS])
    folder = engine.load_dataset(tmp_path)
    assert (folder.kind, len(folder.train)) == ("series", 4)
