"""Two rows may name the columns of numbers together, as spreadsheets save merged cells."""

from __future__ import annotations

from pathlib import Path

import pytest

import engine
from tests.engine.data.files.test_number_tables import put, values_of

STEPS = [[100 + 3 * k, 900 + k % 7, 400 + 2 * k, 70 + k % 5] for k in range(60)]
ROWS = [f"{k % 12 + 1:02d}/{2018 + k // 12};{';'.join(map(str, step))}" for k, step in enumerate(STEPS)]
NAMES = ("Nord Umsatz", "Nord Kosten", "Süd Umsatz", "Süd Kosten")


@pytest.mark.parametrize(
    "header",
    [
        [";Nord;;Süd;", "Monat;Umsatz;Kosten;Umsatz;Kosten"],
        ["Monat;Nord;;Süd;", ";Umsatz;Kosten;Umsatz;Kosten"],
        ["Monat;Nord;Nord;Süd;Süd", ";Umsatz;Kosten;Umsatz;Kosten"],
        ["Bericht;;;;", ";Nord;;Süd;", "Monat;Umsatz;Kosten;Umsatz;Kosten"],
    ],
)
def test_columns_are_called_by_both_rows(tmp_path: Path, header: list[str]) -> None:
    dataset = engine.load_dataset(put(tmp_path / "sales.csv", [*header, *ROWS]))
    assert dataset.recognition.sources == NAMES
    assert dataset.recognition.time_columns == ("Monat",)
    assert not [remark for remark in dataset.report.remarks if "units" in remark]
    assert values_of(dataset) == [step[0] for step in STEPS]


@pytest.mark.parametrize("names", ["Zeit;Temp;Druck;Wind;Hof", "Zeit;Temp 1;Temp 2;Druck 1;Druck 2"])
def test_units_below_names_stay_units(tmp_path: Path, names: str) -> None:
    dataset = engine.load_dataset(put(tmp_path / "sales.csv", [names, ";C;C;hPa;hPa", *ROWS]))
    assert dataset.recognition.sources == tuple(names.split(";")[1:])
    assert "Line 2 is left out: it holds units." in dataset.report.remarks
