"""Tables with a step in each column and a series in each row."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import engine
from engine.errors import ConfigError, DataError
from tests.engine.data.files.test_number_tables import VALUES, days, months, put, values_of

YEARS = [str(1960 + k) for k in range(60)]


def row(*names: str, values: np.ndarray = VALUES, far: float = 0.0) -> str:
    return ",".join([*names, *(f"{v + far:.2f}" for v in values)])


LAID_OUT = {
    "years": (YEARS, ["country"], YEARS),
    "years with letters": ([f"X{year}" for year in YEARS], ["country"], YEARS),
    "years as the World Bank writes them": (
        [f"{year} [YR{year}]" for year in YEARS], ["Series Name", "Series Code", "country"], YEARS,
    ),
    "days": (days("%Y-%m-%d"), [""], days("%Y-%m-%d")),
    "months": (months(), ["what", "unit"], months()),
    "the newest first": (YEARS[::-1], ["country"], YEARS),
}  # fmt: skip


@pytest.mark.parametrize("how", LAID_OUT)
@pytest.mark.parametrize("around", [False, True], ids=["alone", "with titles and notes"])
def test_a_few_rows_are_read_side_by_side(tmp_path: Path, how: str, around: bool) -> None:
    header, beside, times = LAID_OUT[how]
    values = VALUES[::-1] if "newest" in how else VALUES
    same = ["same"] * (len(beside) - 1)
    rows = [row(*same, "north", values=values), row(*same, "south", values=values, far=5)]
    lines = [",".join([*beside, *header]), *rows]
    lines = ["Sales", "", *lines, "", "Source: own"] if around else lines
    dataset = engine.load_dataset(put(tmp_path / "sales.csv", lines))
    assert (dataset.kind, dataset.recognition.form) == ("series", "steps-across")
    assert dataset.recognition.reason == "2 rows of numbers, a column for each of 60 steps"
    assert dataset.codec.frames is not None
    assert dataset.codec.frames.names == ("north", "south")
    assert values_of(dataset) == VALUES.tolist()
    assert dataset.train[0].source[:3, 1].tolist() == pytest.approx((VALUES[:3] + 5).tolist())
    assert dataset.times == tuple(times)


def test_rows_can_be_chosen_and_the_file_forecast_from(tmp_path: Path) -> None:
    path = put(tmp_path / "sales.csv", [",".join(["", *YEARS]), row("north"), row("south", far=5)])
    dataset = engine.load_dataset(path, columns=["south"])
    assert values_of(dataset) == pytest.approx((VALUES + 5).tolist())
    model = engine.build_model(engine.ModelConfig(architecture="many-to-many", hidden_size=4), dataset)
    found, wanted = model.forecast(path, steps=2), model.forecast(VALUES + 5, steps=2)
    np.testing.assert_allclose(found.mean, wanted.mean)
    with pytest.raises(ConfigError, match="There is no row 'west'; the rows are 'north', 'south'"):
        engine.load_dataset(path, source_column="west")


def test_many_rows_are_series_of_their_own_and_mostly_empty_ones_are_left_out(tmp_path: Path) -> None:
    lines = [",".join(["country", *YEARS]), *(row(f"land {k}", far=k) for k in range(12)), "Nowhere" + "," * 60]
    dataset = engine.load_dataset(put(tmp_path / "lands.csv", lines))
    assert dataset.recognition.reason == "a series in each row, a column for each of 60 steps"
    assert len(dataset.train) == 12
    assert dataset.report.skipped == 1
    assert dataset.report.skipped_first[0].line == 14


def test_a_note_in_the_first_cell_below_a_few_rows_is_none_of_them(tmp_path: Path) -> None:
    note = ",".join(["Source: own counts", *[""] * 60])
    lines = [",".join(["country", *YEARS]), row("north"), row("south", far=5), note]
    dataset = engine.load_dataset(put(tmp_path / "lands.csv", lines))
    assert dataset.recognition.reason == "2 rows of numbers, a column for each of 60 steps"
    assert values_of(dataset) == VALUES.tolist()
    assert [(one.line, one.reason) for one in dataset.report.skipped_first] == [(4, "“Source: own counts”: no numbers")]


def test_totals_after_the_last_step_are_left_out(tmp_path: Path) -> None:
    lines = [",".join(["country", *YEARS, "Total", "Mean"]), *(f"{row(f'land {k}', far=k)},600,{k}" for k in range(3))]
    dataset = engine.load_dataset(put(tmp_path / "lands.csv", lines))
    how = "a column for each of 60 steps; “Total”, “Mean” are left out"
    assert dataset.recognition.reason == f"3 rows of numbers, {how}"
    assert values_of(dataset) == VALUES.tolist()
    assert dataset.times == tuple(YEARS)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (row("south").replace("12.99", "many", 1), "line 3: The row holds 'many' at step 6; expected a finite number"),
        ("south,1.5,2.5", "line 3: The row has 3 columns; expected 61"),
    ],
)
def test_a_bad_row_is_refused_with_its_line(tmp_path: Path, line: str, message: str) -> None:
    lines = [",".join(["", *YEARS]), row("north"), line, row("west")]
    with pytest.raises(DataError, match=message):
        engine.load_dataset(put(tmp_path / "bad.csv", lines), form="steps-across")


@pytest.mark.parametrize(
    "lines",
    [
        [",".join(["label", *YEARS]), *(row("ab"[k % 2], far=k) for k in range(12))],
        [",".join(["country", *YEARS[:5]]), "north,1.5,2.5,3.5,4.5,5.5", "south,1.5,2.5,3.5,4.5,5.5"],
        [
            ",".join(["year", *(f"month {k}" for k in range(12))]),
            *(row(str(k), values=VALUES[k:][:12]) for k in range(20)),
        ],
    ],
    ids=["labels that recur", "few steps", "years in the rows"],
)
def test_other_tables_are_not_taken_for_such(tmp_path: Path, lines: list[str]) -> None:
    assert engine.load_dataset(put(tmp_path / "other.csv", lines)).recognition.form != "steps-across"
