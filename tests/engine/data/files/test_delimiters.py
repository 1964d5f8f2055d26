"""The delimiter of a file is told from the marks inside its cells."""

from __future__ import annotations

from pathlib import Path

import pytest

import engine
from engine.data.dataset import Dataset
from tests.engine.data.files.test_number_tables import VALUES, days, put, values_of

HOURS = [f"2004/03/{1 + k // 24:02d} {k % 24:02d}:00" for k in range(len(VALUES))]


def names_of(dataset: Dataset) -> tuple[str, ...]:
    assert dataset.kind == "series", dataset.recognition
    assert dataset.codec.frames is not None
    return dataset.codec.frames.names


class TestTabsBesideSpaces:
    """All of these lines can be split at spaces as well, into more columns."""

    @pytest.mark.parametrize("above", [[], ["# logger 7", "# site Bonn"]])
    @pytest.mark.parametrize("names", [("Time (UTC)", "T [°C]", "p [hPa]"), ("time", "T", "p")])
    def test_the_header_is_kept(self, tmp_path: Path, names: tuple[str, ...], above: list[str]) -> None:
        rows = [
            f"{hour}\t{value:.2f}\t1002.{k % 10}" for k, (hour, value) in enumerate(zip(HOURS, VALUES, strict=True))
        ]
        dataset = engine.load_dataset(put(tmp_path / "x.tsv", [*above, "\t".join(names), *rows]))
        assert names_of(dataset) == names[1:]
        assert dataset.times == tuple(HOURS)

    def test_units_stay_with_their_numbers(self, tmp_path: Path) -> None:
        rows = [
            f"{day}\t{value:.2f} kWh".replace(".", ",") for day, value in zip(days("%d/%m/%Y"), VALUES, strict=True)
        ]
        dataset = engine.load_dataset(put(tmp_path / "x.tsv", ["Datum\tStrom", *rows]))
        assert names_of(dataset) == ("Strom",)
        assert values_of(dataset) == VALUES.tolist()


def test_the_first_line_of_a_log_is_no_header(tmp_path: Path) -> None:
    rows = [f"{hour}:00,123 INFO [w{k % 3}] took {k * 7 % 50} ms" for k, hour in enumerate(HOURS)]
    dataset = engine.load_dataset(put(tmp_path / "server.log", rows))
    assert values_of(dataset) == [k * 7 % 50 for k in range(len(HOURS))]
    assert all(name.startswith("column") for name in dataset.recognition.columns)
