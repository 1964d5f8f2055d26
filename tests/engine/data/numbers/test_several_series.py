"""Several series in one table: each is put in the order of time, and a file is read as that of the training data."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

import engine
from engine.data.examples_file import load_examples
from engine.errors import DataError

DAYS = 40
NAMES = ("M1", "M2", "M3")
Row = tuple[str, str, float]


def temperatures(names: Sequence[str] = NAMES) -> list[Row]:
    """A row for each day and machine, day after day."""
    begin = dt.date(2024, 1, 1)
    return [
        (name, f"{begin + dt.timedelta(day)}", round(100 + 10 * int(name[1:]) + 5 * float(np.sin(day / 3)), 2))
        for day in range(DAYS)
        for name in names
    ]


def newest_first(rows: Sequence[Row]) -> list[Row]:
    """Machine after machine, the newest day of each first."""
    return sorted(rows, key=lambda row: row[:2], reverse=True)


def shuffled(rows: Sequence[Row]) -> list[Row]:
    return [rows[i] for i in np.random.default_rng(0).permutation(len(rows))]


def put(path: Path, rows: Sequence[Row], header: str = "machine,date,temp") -> Path:
    path.write_text("\n".join([header, *(f"{name},{day},{value}" for name, day, value in rows)]), "utf-8")
    return path


def series_of(rows: Sequence[Row], name: str) -> list[float]:
    return [value for _, value in sorted((day, value) for one, day, value in rows if one == name)]


@pytest.fixture
def model(tmp_path: Path) -> engine.Model:
    dataset = engine.load_dataset(put(tmp_path / "training.csv", temperatures()))
    return engine.build_model(engine.ModelConfig(architecture="many-to-many", hidden_size=4), dataset)


def test_each_series_that_runs_backwards_is_reversed(tmp_path: Path) -> None:
    dataset = engine.load_dataset(put(tmp_path / "x.csv", newest_first(temperatures())))
    found = [
        [*train.source[:, 0], *held_out.target[:, 0]]
        for train, held_out in zip(dataset.train, dataset.validation, strict=True)
    ]
    assert found == [pytest.approx(series_of(temperatures(), name)) for name in reversed(NAMES)]
    assert "The rows of all 3 series run backwards in time; they were reversed." in dataset.report.remarks


def test_one_of_several_series_that_runs_backwards_is_named(tmp_path: Path) -> None:
    rows = [row for name in NAMES for row in temperatures([name])[:: -1 if name == "M2" else 1]]
    dataset = engine.load_dataset(put(tmp_path / "x.csv", rows))
    assert list(dataset.train[1].source[:, 0]) == pytest.approx(series_of(rows, "M2")[: len(dataset.train[1].source)])
    assert [remark for remark in dataset.report.remarks if "backwards" in remark] == [
        "The rows of 1 of 3 series, the first of them “M2”, run backwards in time; they were reversed."
    ]


def test_times_of_several_series_that_are_not_in_order_are_told(tmp_path: Path) -> None:
    dataset = engine.load_dataset(put(tmp_path / "x.csv", shuffled(temperatures())))
    (remark,) = (remark for remark in dataset.report.remarks if "order" in remark)
    assert remark.startswith("In “M3”, the times are not in order: ")
    assert remark.endswith("The rows are read as they are. The same is true of 2 other series.")


def test_a_gap_in_time_is_told_of_the_series_that_has_it(tmp_path: Path) -> None:
    rows = [row for row in temperatures() if not (row[0] == "M2" and "2024-01-10" <= row[1] <= "2024-01-14")]
    (remark,) = engine.load_dataset(put(tmp_path / "x.csv", rows)).report.remarks
    assert remark == (
        "In “M2”, 1 gap in time, the first between 2024-01-09 and 2024-01-15; the rows are read as if there were none."
    )


@pytest.mark.parametrize("newest", [False, True])
def test_long_series_one_after_the_other_are_told_apart_though_the_first_rows_are_all_of_the_first(
    tmp_path: Path, newest: bool
) -> None:
    begin, hours = dt.datetime(2024, 1, 1), 12_000
    rows = [
        (name, f"{begin + dt.timedelta(hours=k)}", round(100 + 10 * int(name[1:]) + float(np.sin(k / 4)), 2))
        for name in NAMES
        for k in range(hours)
    ]
    dataset = engine.load_dataset(put(tmp_path / "x.csv", rows[:: -1 if newest else 1]))
    assert len(dataset.train) == 3
    assert "“machine” tells the series apart" in dataset.recognition.reason
    assert ("The rows of all 3 series run backwards in time; they were reversed." in dataset.report.remarks) == newest


def test_a_state_that_changes_late_in_a_long_series_does_not_cut_it(tmp_path: Path) -> None:
    begin, hours = dt.datetime(2024, 1, 1), 12_000
    rows = [("on" if k < 9000 else "off", f"{begin + dt.timedelta(hours=k)}", float(k % 24)) for k in range(hours)]
    dataset = engine.load_dataset(put(tmp_path / "x.csv", rows, "pump,date,temp"))
    assert len(dataset.train) == 1


def test_series_with_labels_that_run_backwards_are_reversed(tmp_path: Path) -> None:
    lines = ["series,day,x,gait"]
    for k in range(8):
        lines += [f"walk {k},2024-01-{20 - step},{step / (k + 2):.3f},{'ab'[k % 2]}" for step in range(12)]
    path = tmp_path / "walks.csv"
    path.write_text("\n".join(lines))
    dataset = engine.load_dataset(path)
    assert dataset.kind == "labelled-series"
    assert dataset.recognition.time_columns == ("day",)
    assert all(np.all(np.diff(example.source[:, 0]) < 0) for example in dataset.train)
    assert "The rows of all 8 series run backwards in time; they were reversed." in dataset.report.remarks


@pytest.mark.parametrize("turn", [list, newest_first, shuffled])
def test_a_test_file_has_as_many_series_as_the_file_of_the_training_data(
    tmp_path: Path, model: engine.Model, turn: object
) -> None:
    assert callable(turn)
    found = load_examples(put(tmp_path / "x.csv", turn(temperatures())), model.codec)
    assert len(found.examples) == 3
    assert [len(one.target) for one in found.examples] == [DAYS - 1] * 3
    assert "same as the one before" not in found.remark
    assert ("not in order" in found.remark) == (turn is shuffled)


def test_a_validation_file_has_as_many_series_as_the_file_of_the_training_data(tmp_path: Path) -> None:
    own = put(tmp_path / "own.csv", temperatures())
    dataset = engine.load_dataset(put(tmp_path / "x.csv", temperatures()), validation=own)
    assert (len(dataset.train), len(dataset.validation)) == (3, 3)


def test_several_series_that_are_asked_for_are_told_apart(tmp_path: Path) -> None:
    dataset = engine.load_dataset(put(tmp_path / "x.csv", temperatures()), kind="series")
    assert len(dataset.train) == 3


@pytest.mark.parametrize("names", [("M2",), ("M9", "M2"), tuple(f"M{k}" for k in range(30))])
def test_a_file_with_other_machines_than_in_training_is_read_series_by_series(
    tmp_path: Path, model: engine.Model, names: tuple[str, ...]
) -> None:
    assert model.codec.frames is not None
    rows = newest_first(temperatures(names))
    path = tmp_path / "x.csv"
    path.write_text("\n".join(["temp,machine,date", *(f"{value},{name},{day}" for name, day, value in rows)]))
    found = model.codec.frames.read_series(path)
    assert sorted(one.name for one in found.series) == sorted(names)
    for one in found.series:
        assert list(one.values[:, 0]) == pytest.approx(series_of(rows, one.name))
        assert one.times[:2] == ("2024-01-01", "2024-01-02")
    assert len(load_examples(path, model.codec).examples) == len(names)


def test_a_column_of_names_that_is_called_otherwise_tells_the_series_apart(tmp_path: Path, model: engine.Model) -> None:
    assert model.codec.frames is not None
    found = model.codec.frames.read_series(put(tmp_path / "x.csv", temperatures(), "device,date,temp"))
    assert [one.name for one in found.series] == list(NAMES)


def test_a_file_with_several_series_is_refused_where_one_is_expected(tmp_path: Path, model: engine.Model) -> None:
    path = put(tmp_path / "x.csv", temperatures())
    with pytest.raises(DataError, match="The file holds 3 series: M1, M2, M3; expected one"):
        model.forecast(path)


def test_each_row_of_many_with_a_step_in_each_column_is_a_series_with_its_name(tmp_path: Path) -> None:
    lines = ["country," + ",".join(str(1990 + k) for k in range(20))]
    lines += [f"C{row}," + ",".join(f"{row + np.sin(k + row):.2f}" for k in range(20)) for row in range(12)]
    path = tmp_path / "x.csv"
    path.write_text("\n".join(lines))
    dataset = engine.load_dataset(path)
    assert dataset.codec.frames is not None
    found = dataset.codec.frames.read_series(path)
    assert [one.name for one in found.series] == [f"C{row}" for row in range(12)]
    assert found.series[3].values[2, 0] == pytest.approx(3 + np.sin(5), abs=0.01)
