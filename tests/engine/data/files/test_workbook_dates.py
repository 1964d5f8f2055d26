"""Dates of a workbook stand in the data as people write them: with the time of day only where it says something."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import openpyxl
import pytest

from engine import load_dataset

BEGIN = datetime(2020, 1, 1)


def write(path: Path, times: list[datetime]) -> Path:
    book = openpyxl.Workbook()
    book.active.append(("when", "tide"))
    for k, time in enumerate(times):
        book.active.append((time, 2.5 + float(np.sin(k / 3))))
    book.save(path)
    return path


@pytest.mark.parametrize(
    ("times", "first", "second"),
    [
        ([BEGIN + timedelta(days=k) for k in range(60)], "2020-01-01", "2020-01-02"),
        ([BEGIN + timedelta(hours=k) for k in range(60)], "2020-01-01 00:00:00", "2020-01-01 01:00:00"),
        (
            # the first that says a time of day comes late
            [*(BEGIN + timedelta(days=k) for k in range(5000)), *(BEGIN + timedelta(days=5000, hours=6),)],
            "2020-01-01 00:00:00",
            "2020-01-02 00:00:00",
        ),
    ],
    ids=["days", "hours", "late"],
)
def test_midnight_is_left_out_where_a_column_has_no_other_time(
    tmp_path: Path, times: list[datetime], first: str, second: str
) -> None:
    dataset = load_dataset(write(tmp_path / "tides.xlsx", times))
    assert dataset.kind == "series"
    assert dataset.times[:2] == (first, second)
    assert len(dataset.times) == len(times)
    assert dataset.recognition.previews[0][:2] == (first, second)
