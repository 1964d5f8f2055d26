"""Dated numbers as R writes them: with quotes between spaces, and row numbers that the header does not name."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

import engine
from tests.engine.data.files.test_number_tables import put

DAYS = [f"{dt.date(2020, 1, 1) + dt.timedelta(k)}" for k in range(90)]
CELLS = [(day, f"{40 + k * 7 % 31}.{k % 7 + 1}", f"{-4 + k * 5 % 13}.{k % 9}") for k, day in enumerate(DAYS)]
NAMES = ("date", "ozone", "temp")
WRITTEN = {
    "write.table": (" ", '"', True),
    "without row names": (" ", '"', False),
    "without quotes": (" ", "", True),
    "between tabs": ("\t", '"', True),
    "as CSV": (",", '"', True),
}


@pytest.mark.parametrize(("delimiter", "quote", "has_row_names"), WRITTEN.values(), ids=WRITTEN)
def test_its_dates_and_the_names_of_its_columns_are_read(
    tmp_path: Path, delimiter: str, quote: str, has_row_names: bool
) -> None:
    def quoted(text: str) -> str:
        return f"{quote}{text}{quote}"

    rows = [delimiter.join([quoted(day), *numbers]) for day, *numbers in CELLS]
    if has_row_names:
        rows = [delimiter.join([quoted(str(k)), row]) for k, row in enumerate(rows, 1)]
    dataset = engine.load_dataset(put(tmp_path / "air.txt", [delimiter.join(map(quoted, NAMES)), *rows]))
    found = dataset.recognition
    assert (dataset.kind, found.sources, found.time_columns) == ("series", ("ozone", "temp"), ("date",))
    assert dataset.times == tuple(DAYS)
    assert dataset.train[0].source[0].tolist() == [float(cell) for cell in CELLS[0][1:]]


def test_a_title_above_numbers_without_a_header_names_no_columns(tmp_path: Path) -> None:
    rows = [f"{1900 + k} {k * 7 % 31}.5 {k * 5 % 13}.25" for k in range(60)]
    found = engine.load_dataset(put(tmp_path / "sun.txt", ["Sunspot numbers", *rows])).recognition
    assert (found.kind, found.columns) == ("series", ("column 1", "column 2", "column 3"))
