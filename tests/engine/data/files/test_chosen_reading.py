"""What nothing in a file tells is called a guess, and can be chosen: the mark before decimals, and the column that says
when. Both are kept with the run, for the files that it is given later."""

from __future__ import annotations

import datetime as dt
import math
from pathlib import Path

import numpy as np
import pytest

import engine
from engine.data.data_config import DataConfig
from engine.data.examples_file import load_examples
from engine.errors import ConfigError
from tests.engine.data.files.test_number_tables import put, values_of

VOLTS = [f"{3.3 + 0.1 * math.sin(k / 4):.3f}" for k in range(60)]
DECIMALS = [float(cell) for cell in VOLTS]
THOUSANDS = [1000 * value for value in DECIMALS]
POINT, COMMA = DECIMALS, THOUSANDS  # how the values read if that mark stands before decimals


def volts(path: Path, delimiter: str, dates: str = "%d.%m.%Y", cells: list[str] = VOLTS) -> Path:
    days = [f"{dt.date(2022, 1, 1) + dt.timedelta(k):{dates}}" for k in range(len(cells))]
    rows = [f"{day}{delimiter}{cell}" for day, cell in zip(days, cells, strict=True)]
    return put(path, [f"Datum{delimiter}Spannung [V]", *rows])


def remarks(dataset: engine.Dataset) -> list[str]:
    return [one for one in dataset.report.findings if "two ways" in one]


@pytest.mark.parametrize(
    ("delimiter", "dates", "values", "said"),
    [
        (";", "%d.%m.%Y", THOUSANDS, "the point is taken to stand between thousands, because semicolons separate the"),
        (",", "%d.%m.%Y", DECIMALS, "the point is taken to stand before decimals, because that is usual in English"),
        ("\t", "%d.%m.%Y", DECIMALS, "the point is taken to stand before decimals"),
        (";", "%Y-%m-%d", DECIMALS, "the point is taken to stand before decimals"),
    ],
)
def test_a_mark_that_may_be_both_is_said_to_be_guessed_and_can_be_chosen(
    tmp_path: Path, delimiter: str, dates: str, values: list[float], said: str
) -> None:
    path = volts(tmp_path / "volts.csv", delimiter, dates)
    dataset = engine.load_dataset(path)
    (remark,) = remarks(dataset)
    assert remark.startswith("“Spannung [V]” can be read in two ways. In 3.300, ")
    assert said in remark
    assert "This is a guess: if it is wrong, choose another decimal mark." in remark
    assert values_of(dataset) == pytest.approx(values)
    for mark, read in ((".", POINT), (",", COMMA)):
        chosen = engine.load_dataset(path, decimal=mark)
        assert values_of(chosen) == pytest.approx(read)
        assert remarks(chosen) == []


@pytest.mark.parametrize(
    "cells", [[*VOLTS[:-1], "3.5"], [*VOLTS[:-1], "567"], [*VOLTS[:-1], "1.234.567"], ["12", *("7",) * 20, "3"]]
)
def test_what_the_column_tells_is_no_guess(tmp_path: Path, cells: list[str]) -> None:
    assert remarks(engine.load_dataset(volts(tmp_path / "volts.csv", ";", cells=cells))) == []


def test_points_between_columns_separated_by_commas_are_no_guess(tmp_path: Path) -> None:
    assert remarks(engine.load_dataset(volts(tmp_path / "volts.csv", ",", "%Y-%m-%d"))) == []


def test_the_guess_is_told_of_years_by_months_and_of_a_series_in_each_row_too(tmp_path: Path) -> None:
    months = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".replace(" ", ";")
    years = [f"{2000 + k};{';'.join(VOLTS[12 * k : 12 * k + 12])}" for k in range(5)]
    by_months = put(tmp_path / "months.csv", [f"Year;{months}", *years])
    across = put(
        tmp_path / "across.csv",
        [f"Land;{';'.join(map(str, range(1990, 2010)))}", *(f"{name};{';'.join(VOLTS[:20])}" for name in "ABC")],
    )
    for path in (by_months, across):
        dataset = engine.load_dataset(path)
        assert len(remarks(dataset)) == 1
        for mark, factor in ((".", 1), (",", 1000)):
            read = engine.load_dataset(path, decimal=mark).train[0].source[:, 0]
            assert read == pytest.approx(factor * np.array(DECIMALS[: len(read)]))


def test_numbers_beside_texts_are_read_as_chosen_and_so_are_files_given_later(tmp_path: Path) -> None:
    rows = [f"Paket aus Stahl Nummer {k};{cell}" for k, cell in enumerate(VOLTS)]
    path = put(tmp_path / "weights.csv", ["Text;Gewicht", *rows])
    plain, chosen = (engine.load_dataset(path, kind="rated", decimal=mark) for mark in ("auto", ","))
    assert len(remarks(plain)) == 1
    assert remarks(chosen) == []
    for dataset, values in ((plain, DECIMALS), (chosen, THOUSANDS)):
        later = load_examples(path, dataset.codec, dataset.config, dataset.recognition).examples
        assert [float(later[k].target[0]) for k in range(60)] == pytest.approx(values)


def test_the_chosen_mark_is_kept_with_the_run_for_the_files_that_it_is_given(tmp_path: Path) -> None:
    path, other = volts(tmp_path / "volts.csv", ";"), volts(tmp_path / "other.csv", ",", cells=VOLTS[::-1])
    told = volts(tmp_path / "told.csv", ";", cells=["3,325", "3,3", *(cell.replace(".", ",") for cell in VOLTS)])
    dataset = engine.load_dataset(path, decimal=".", validation=other)
    assert np.concatenate([one.source[:, 0] for one in dataset.validation]).max() < 4
    model = engine.build_model(engine.ModelConfig(architecture="many-to-many", hidden_size=4), dataset, seed=0)
    trainer = engine.Trainer(model, dataset, engine.TrainingConfig(epochs=1))
    for _ in trainer:
        break
    engine.save_run(tmp_path / "run.unroll", trainer)
    run = engine.open_run(tmp_path / "run.unroll")
    assert run.data.config.decimal == "."
    assert run.data.load().fingerprint == dataset.fingerprint
    frames = engine.load_run(tmp_path / "run.unroll").model.codec.frames
    assert frames is not None
    for given in (path, other, told):
        assert frames.read(given).max() < 4, given.name


def test_settings_of_older_runs_know_no_mark() -> None:
    older = {name: value for name, value in DataConfig().to_json().items() if name != "decimal"}
    assert DataConfig.from_json(older).decimal == "auto"


def test_the_column_that_says_when_can_be_chosen(tmp_path: Path) -> None:
    rows = [f"{100 - k + k % 2},{9 * k % 50}.5,{3 * k % 50}.25" for k in range(60)]
    path = put(tmp_path / "probe.csv", ["depth,x,y", *rows])
    assert engine.load_dataset(path).recognition.sources == ("depth", "x", "y")
    dataset = engine.load_dataset(path, target_column="depth")
    found = dataset.recognition
    assert (found.sources, found.time_columns, found.target_column) == (("x", "y"), ("depth",), "depth")
    assert dataset.times[:2] == ("100", "100")
    with pytest.raises(ConfigError, match="There is no column 'z'"):
        engine.load_dataset(path, target_column="z")


def test_a_date_that_is_chosen_keeps_the_time_of_day_beside_it(tmp_path: Path) -> None:
    rows = [f"2022-01-{1 + k // 24:02d},{k % 24:02d}:00,{k % 9}.5" for k in range(96)]
    dataset = engine.load_dataset(put(tmp_path / "power.csv", ["day,clock,load", *rows]), target_column="day")
    assert dataset.recognition.time_columns == ("day", "clock")


def test_rows_that_run_backwards_in_the_chosen_time_are_turned_in_later_files_too(tmp_path: Path) -> None:
    rows = [f"{k % 7}.5,{500 - 3 * k}" for k in range(60)]
    path = put(tmp_path / "countdown.csv", ["load,left", *rows])
    dataset = engine.load_dataset(path, kind="series", target_column="left")
    assert dataset.times[0] == str(500 - 3 * 59)
    assert dataset.codec.frames is not None
    whole = dataset.codec.frames.read(path)
    assert whole[:, 0].tolist() == [k % 7 + 0.5 for k in reversed(range(60))]
