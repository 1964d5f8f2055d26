"""Words in columns of numbers that say that a number is missing."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

import engine
from engine.errors import DataError
from tests.engine.data.files.test_number_tables import put, values_of

HOURS = [f"{dt.datetime(2024, 2, 1) + dt.timedelta(hours=k):%Y-%m-%d %H:%M}" for k in range(200)]
GONE = (5, 6, 90, 140)


def log(word: str, gone: tuple[int, ...] = GONE, when: list[str] = HOURS) -> list[str]:
    cells = [word if k in gone else f"{k % 23}.{k % 7}" for k in range(200)]
    return [
        "time,temp,wind",
        *(f"{time},{cell},{k % 31}.5" for k, (time, cell) in enumerate(zip(when, cells, strict=True))),
    ]


@pytest.mark.parametrize(
    "word",
    ["unavailable", "unknown", "***", "****", "error", "Fehler", "keine Daten", "(null)", "undefined", "NODATA", "OL",
     "/", "-/-", "No Data"],
)  # fmt: skip
def test_what_sources_write_for_a_missing_number_is_a_gap(tmp_path: Path, word: str) -> None:
    dataset = engine.load_dataset(put(tmp_path / "log.csv", log(word)))
    assert dataset.recognition.sources == ("temp", "wind")
    assert values_of(dataset)[4:7] == [4.4] * 3
    assert dataset.report.findings == (
        "4 numbers missing, the first: “temp” in line 7. Each gap is filled with the number before it.",
    )


@pytest.mark.parametrize("word", ["M", "OVLD", "M.00", "Sensor aus", "E1"])
def test_any_other_word_that_recurs_is_a_gap_and_named(tmp_path: Path, word: str) -> None:
    dataset = engine.load_dataset(put(tmp_path / "log.csv", log(word)))
    assert values_of(dataset)[4:7] == [4.4] * 3
    assert f"“temp” holds '{word}' in 4 rows, the first in line 7; it is read as a gap." in dataset.report.findings


def test_a_column_may_hold_two_such_words(tmp_path: Path) -> None:
    rows = log("M")
    rows[50] = f"{HOURS[49]},T,1.5"
    rows[30] = f"{HOURS[29]},T,1.5"
    remarks = engine.load_dataset(put(tmp_path / "log.csv", rows)).report.findings
    assert [remark.split(",")[0] for remark in remarks[:2]] == [
        "“temp” holds 'M' in 4 rows",
        "“temp” holds 'T' in 2 rows",
    ]


@pytest.mark.parametrize(
    ("word", "gone", "line"),
    [("oops", (50,), 52), ("7a", GONE, 7), ("inf", GONE, 7)],
    ids=["once", "a number mistyped", "infinite"],
)
def test_other_words_are_refused_with_their_line(tmp_path: Path, word: str, gone: tuple[int, ...], line: int) -> None:
    with pytest.raises(DataError, match=f"line {line}: “temp” holds '{word}'; expected a finite number"):
        engine.load_dataset(put(tmp_path / "log.csv", log(word, gone)), kind="series")


def test_without_dates_words_are_refused(tmp_path: Path) -> None:
    rows = log("OVLD", GONE, [str(k * k) for k in range(200)])
    with pytest.raises(DataError, match="line 7: “temp” holds 'OVLD'"):
        engine.load_dataset(put(tmp_path / "log.csv", ["x,temp,wind", *rows[1:]]))


def test_classes_of_numbers_and_a_word_stay_classes(tmp_path: Path) -> None:
    rows = [f"{time},{k % 23}.{k % 7},{'other' if k % 11 == 3 else k % 4}" for k, time in enumerate(HOURS)]
    found = engine.load_dataset(put(tmp_path / "log.csv", ["time,temp,class", *rows])).recognition
    assert found.sources == ("temp",)
    assert "“class” holds words beside numbers" in found.reason


def test_too_many_words_are_no_gaps(tmp_path: Path) -> None:
    dataset = engine.load_dataset(put(tmp_path / "log.csv", log("quiet", tuple(range(0, 200, 4)))))
    assert dataset.kind != "series"


def test_of_a_column_of_texts_the_first_is_refused(tmp_path: Path) -> None:
    rows = [f"{time},{k % 23}.{k % 7},{('Ulm', 'Bonn', 'Jena')[k % 3]}" for k, time in enumerate(HOURS)]
    path = put(tmp_path / "log.csv", ["time,temp,city", *rows])
    with pytest.raises(DataError, match="line 2: “city” holds 'Ulm'; expected a finite number"):
        engine.load_dataset(path, kind="series", source_column="city")
