"""Columns of flags that mix digits and letters, beside dated numbers: left out and said, as columns of words are."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

import engine
from engine.errors import DataError
from tests.engine.data.files.test_number_tables import put

START = dt.datetime(2024, 1, 1)


def hours(flags: list[str], count: int = 300) -> list[str]:
    rows = (
        f"{START + dt.timedelta(hours=k)},{10 + k * 7 % 13}.{k % 9 + 1},{40 + k * 5 % 11},{flags[k % len(flags)]}"
        for k in range(count)
    )
    return ["time,temp,hum,status", *rows]


@pytest.mark.parametrize(
    "flags",
    [["0", "a", "b", "c"], ["0", "E1"], ["1", "2", "A"], ["N", "270", "S", "W"], ["0"] * 50 + ["E1"]],
    ids=["StateHoliday", "status", "mode", "wind", "a rare flag"],
)
@pytest.mark.parametrize("kind", ["auto", "series"])
def test_flags_of_digits_and_letters_are_left_out_and_said(tmp_path: Path, flags: list[str], kind: str) -> None:
    dataset = engine.load_dataset(put(tmp_path / "log.csv", hours(flags)), kind=kind)
    found = dataset.recognition
    assert (dataset.kind, found.sources, found.time_columns) == ("series", ("temp", "hum"), ("time",))
    assert "“status” holds words beside numbers and is left out" in found.reason


def test_one_mistyped_number_is_still_refused_with_its_line(tmp_path: Path) -> None:
    rows = hours(["0", "1", "2", "3"])
    rows[80] = rows[80][:-1] + "1a"
    with pytest.raises(DataError, match=r"line 81: “status” holds '1a'"):
        engine.load_dataset(put(tmp_path / "log.csv", rows))


def test_flags_beside_several_shops_leave_the_shops_told_apart(tmp_path: Path) -> None:
    rows = [
        f"{shop},{dt.date(2023, 1, 1) + dt.timedelta(k)},{100 * shop + k * 7 % 31},{'0abc'[k * k % 4]}"
        for k in range(120)
        for shop in (1, 2, 3)
    ]
    found = engine.load_dataset(put(tmp_path / "r.csv", ["Store,Date,Sales,StateHoliday", *rows])).recognition
    assert (found.kind, found.sources, found.apart) == ("series", ("Sales",), ("Store",))


def test_the_departments_of_each_shop_are_series(tmp_path: Path) -> None:
    rows = [
        f"{shop},{dept},{dt.date(2010, 2, 5) + dt.timedelta(7 * k)},{1000 * dept + k * 7 % 31}.{k % 9},{k % 10 == 0}"
        for shop in (1, 2)
        for dept in (1, 2, 3)
        for k in range(100)
    ]
    dataset = engine.load_dataset(put(tmp_path / "w.csv", ["Store,Dept,Date,Weekly_Sales,IsHoliday", *rows]))
    found = dataset.recognition
    assert (dataset.kind, found.sources, found.apart) == ("series", ("Weekly_Sales",), ("Store", "Dept"))
    assert len(dataset.train) == 6


def test_the_reason_for_pairs_says_many_texts_only_where_they_are_many(tmp_path: Path) -> None:
    rows = [f"{a}\t{b}" for a in ("yes", "no") for b in ("oui", "non")] * 30
    found = engine.load_dataset(put(tmp_path / "drill.tsv", rows), kind="auto", columns=None).recognition
    assert "many different" not in found.reason
