"""Columns of numbers that never change, as many tables have: sensors that report nothing, flags that are never set."""

from __future__ import annotations

from pathlib import Path

import pytest

import engine

HOURS = [f"2024-01-{1 + k // 24:02}T{k % 24:02}:00" for k in range(240)]


def put(path: Path, faults: list[int]) -> Path:
    """A table of a load, a fault flag and a temperature."""
    rows = [f"{hour},{k % 24}.5,{faults[k]},{k % 7}.25" for k, hour in enumerate(HOURS)]
    path.write_text("\n".join(["time,load,fault,temperature", *rows]) + "\n")
    return path


@pytest.mark.parametrize("later", [0, 1])
def test_a_column_that_never_changes_is_left_out_with_a_remark(later: int, tmp_path: Path) -> None:
    """Also one that first changes in the rows held out."""
    dataset = engine.load_dataset(put(tmp_path / "load.csv", [0] * 235 + [later] * 5))
    assert dataset.codec.frames is not None
    assert dataset.codec.frames.names == ("load", "temperature")
    assert dataset.codec.frames.recipe["columns"] == ["load", "temperature"]
    assert dataset.recognition.sources == ("load", "temperature")
    said = "The column “fault” holds 0, the same number in every training row, so it is left out."
    assert said in dataset.report.findings
    assert dataset.train[0].source.shape[1] == 2
    assert dataset.recognition.reason == "2 columns of numbers, a row for each step; “time” says when"


@pytest.mark.parametrize("gap", ["", "<0"])
def test_nothing_is_said_of_how_the_cells_of_a_column_that_is_left_out_were_read(gap: str, tmp_path: Path) -> None:
    path = put(tmp_path / "load.csv", [0] * 240)
    lines = path.read_text().splitlines()
    for at, shown in ((5, gap), (9, "0")):
        time, load, _, temperature = lines[at].split(",")
        lines[at] = ",".join([time, load, shown, "" if at == 9 else temperature])
    path.write_text("\n".join(lines))
    *others, left_out = engine.load_dataset(path).report.remarks
    assert "“fault” holds 0" in left_out
    assert others == [
        "1 number missing, the first: “temperature” in line 10. Each gap is filled with the number before it."
    ]


def test_nothing_is_said_of_the_gaps_of_a_row_that_is_left_out(tmp_path: Path) -> None:
    north, south = [f"{k % 7}.5" for k in range(60)], ["3"] * 60
    north[4] = south[2] = south[8] = ""
    table = {"place": HOURS[:60], "north": north, "south": south}
    (path := tmp_path / "wide.csv").write_text("".join(",".join([name, *row]) + "\n" for name, row in table.items()))
    assert engine.load_dataset(path).report.remarks[:-1] == (
        "1 number missing, the first: “north” in line 2. Each gap is filled with the number before it.",
    )


def test_a_row_that_never_changes_is_not_counted_either(tmp_path: Path) -> None:
    table = {"place": HOURS[:60], "north": [f"{k % 7}.5" for k in range(60)], "south": ["3"] * 60}
    (path := tmp_path / "wide.csv").write_text("".join(",".join([name, *row]) + "\n" for name, row in table.items()))
    dataset = engine.load_dataset(path)
    assert dataset.recognition.sources == ("north",)
    assert dataset.recognition.reason == "1 row of numbers, a column for each of 60 steps"


def test_validation_and_test_files_are_read_without_it_as_well(tmp_path: Path) -> None:
    other = put(tmp_path / "other.csv", [k % 2 for k in range(240)])
    dataset = engine.load_dataset(put(tmp_path / "load.csv", [0] * 240), validation=other, test=other)
    assert dataset.validation[0].source.shape[1] == 2
    assert dataset.test is not None
    assert dataset.test[0].source.shape[1] == 2


def test_one_that_was_named_is_refused(tmp_path: Path) -> None:
    path = put(tmp_path / "load.csv", [0] * 240)
    with pytest.raises(engine.DataError, match=r"“fault” holds the same number, 0, .*Leave the column out"):
        engine.load_dataset(path, columns=[["load", "fault"]])


def test_series_with_labels_are_read_without_it_as_well(tmp_path: Path) -> None:
    rows = [f"{name},{'ab'[name % 2]},{step * name % 5}.5,7" for name in range(20) for step in range(12)]
    path = tmp_path / "labelled.csv"
    path.write_text("\n".join(["series,label,x,y", *rows]) + "\n")
    dataset = engine.load_dataset(path)
    assert dataset.kind == "labelled-series"
    assert dataset.codec.frames is not None
    assert dataset.codec.frames.names == ("x",)
