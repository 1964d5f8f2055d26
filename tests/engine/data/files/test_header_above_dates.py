"""Ordinary words above dates and codes name the columns."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from engine import load_dataset

DAYS = [date(1987, 3, 1) + timedelta(days=97 * k) for k in range(60)]
FORMS = ["%d %B %Y", "%b %d, %Y", "%A %d.%m.%Y", "%d %b %Y"]
ROWS = [f"{day:{FORMS[k * k % 7 % 4]}}\t{day:%Y-%m-%d}" for k, day in enumerate(DAYS)]


def test_two_words_above_dates_are_a_header(tmp_path: Path) -> None:
    path = tmp_path / "dates.tsv"
    path.write_text("\n".join(["human\tiso", *ROWS]))
    dataset = load_dataset(path)
    assert dataset.recognition.columns == ("human", "iso")
    assert dataset.report.rows == len(ROWS)


@pytest.mark.parametrize("late", ["unknown\tnone", "a day in may\tmay"])
def test_they_are_a_row_like_others_without_digits(late: str, tmp_path: Path) -> None:
    path = tmp_path / "dates.tsv"
    path.write_text("\n".join(["human\tiso", *ROWS, late]))
    assert load_dataset(path).report.rows == len(ROWS) + 2
