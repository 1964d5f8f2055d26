"""Whole numbers side by side, as a sensor writes them to a serial port, without names."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

import engine
from tests.engine.data.files.test_number_tables import put


def readings(columns: int, least: int = 0, most: int = 1023) -> list[list[str]]:
    chosen = random.Random(4)
    return [[str(chosen.randint(least, most)) for _ in range(columns)] for _ in range(200)]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize(("columns", "least"), [(2, 0), (3, 0), (6, -16_000)])
def test_they_are_numbers_over_time(tmp_path: Path, columns: int, least: int, delimiter: str) -> None:
    rows = [delimiter.join(row) for row in readings(columns, least)]
    dataset = engine.load_dataset(put(tmp_path / "log.csv", rows))
    assert (dataset.kind, len(dataset.recognition.sources), dataset.times) == ("series", columns, ())


@pytest.mark.parametrize("title", ["", "=~=~=~= PuTTY log 2024.01.01 10:00:00 =~=~=~="])
@pytest.mark.parametrize("jitter", [0, 7])
def test_milliseconds_before_them_say_when(tmp_path: Path, title: str, jitter: int) -> None:
    rows = [f"{100 * k + k * 3 % (jitter + 1)},{','.join(row)},{k % 2}" for k, row in enumerate(readings(2))]
    dataset = engine.load_dataset(put(tmp_path / "putty.log", [*([title] if title else []), *rows]))
    assert dataset.recognition.time_columns == ("column 1",)
    assert dataset.times[0] == "0"
    assert len(dataset.recognition.sources) == 3


def test_a_first_column_that_rises_now_more_and_now_less_is_measured(tmp_path: Path) -> None:
    rows = [f"{k * k},{','.join(row)}" for k, row in enumerate(readings(2))]
    assert engine.load_dataset(put(tmp_path / "log.csv", rows)).recognition.time_columns == ()


def test_figures_to_be_reversed_stay_pairs(tmp_path: Path) -> None:
    chosen = random.Random(4)
    numbers = [str(chosen.randint(1000, 99_999)) for _ in range(200)]
    dataset = engine.load_dataset(put(tmp_path / "reversed.csv", [f"{one};{one[::-1]}" for one in numbers]))
    assert dataset.kind == "pairs"


def test_a_class_behind_whole_numbers_makes_no_series(tmp_path: Path) -> None:
    rows = [f"{','.join(row)},{k % 3}" for k, row in enumerate(readings(4))]
    assert engine.load_dataset(put(tmp_path / "features.csv", rows)).kind != "series"
