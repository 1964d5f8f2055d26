"""A folder with a file for each series, labelled by folders, by names, or not at all."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import engine


def write(path: Path, seed: int, header: str = "x,y", steps: int = 12) -> None:
    path.parent.mkdir(exist_ok=True)
    rows = np.random.default_rng(seed).normal(size=(steps, header.count(",") + 1)).round(3)
    path.write_text("\n".join([header, *(",".join(map(str, row)) for row in rows.tolist())]) + "\n")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for k in range(12):
        write(tmp_path / ("walk", "run")[k % 2] / f"{k}.csv", k, steps=12 + k)
    return tmp_path


def test_the_folder_of_a_file_is_the_label_of_its_series(folder: Path) -> None:
    dataset = engine.load_dataset(folder)
    assert (dataset.kind, dataset.recognition.form) == ("labelled-series", "series-files")
    assert set(dataset.labels) == {"run", "walk"}
    assert dataset.recognition.reason == "12 files, one series in each, by label: run, walk"
    assert dataset.codec.frames is not None
    assert dataset.codec.frames.names == ("x", "y")
    assert sorted(len(one.source) for part in (dataset.train, dataset.validation) for one in part) == [*range(12, 24)]
    model = engine.build_model(engine.ModelConfig(architecture="many-to-one", hidden_size=4), dataset)
    assert set(model.classify(folder / "walk" / "0.csv")) == {"run", "walk"}


def test_the_beginnings_of_names_are_labels(tmp_path: Path) -> None:
    for k in range(8):
        write(tmp_path / f"{('walk', 'run')[k % 2]}_{k}.csv", k)
    assert set(engine.load_dataset(tmp_path).labels) == {"run", "walk"}


def test_without_labels_the_files_are_series_to_forecast(tmp_path: Path) -> None:
    for k in range(3):
        write(tmp_path / f"store_{k}.csv", k, steps=20)
    dataset = engine.load_dataset(tmp_path)
    assert (dataset.kind, len(dataset.train)) == ("series", 3)
    assert dataset.recognition.reason == "3 files, one series in each"
    assert len(dataset.train[0].source) == 18


@pytest.mark.parametrize("kind", ["labelled-series", "series"])
def test_a_folder_can_validate_and_be_the_test(
    folder: Path, tmp_path_factory: pytest.TempPathFactory, kind: str
) -> None:
    place = folder if kind == "labelled-series" else folder / "walk"
    other = tmp_path_factory.mktemp("other")
    for k in range(6):
        name = f"{('walk', 'run')[k % 2]}/{k}.csv" if kind == "labelled-series" else f"{k}.csv"
        write(other / name, 50 + k)
    dataset = engine.load_dataset(place, validation=other, test=other)
    assert dataset.kind == kind
    assert len(dataset.validation) == 6
    assert dataset.test is not None
    assert len(dataset.test) == 6


def test_a_file_with_other_columns_or_none_is_left_out_and_named(folder: Path) -> None:
    write(folder / "walk" / "90.csv", 1, header="a,b")
    (folder / "walk" / "91.csv").write_text("x,y\n1.5,2\nmany,3\n")
    report = engine.load_dataset(folder).report
    assert report.rows == 12
    first, second = (one.reason for one in report.skipped_first)
    assert "walk/90.csv: Expected the columns x, y; found a, b" in first
    assert "walk/91.csv" in second


def test_a_network_that_reads_one_series_says_so_of_a_folder(folder: Path) -> None:
    dataset = engine.load_dataset(folder / "walk", kind="series")
    model = engine.build_model(engine.ModelConfig("many-to-many", hidden_size=4), dataset)
    with pytest.raises(engine.DataError, match=r"walk: This is a folder; expected a file with one series\.$"):
        model.forecast(folder / "walk", steps=2)


def test_folders_of_texts_stay_texts(tmp_path: Path) -> None:
    for label in ("pos", "neg"):
        (tmp_path / f"{label}.txt").write_text("".join(f"a {label} film number {k}\n" for k in range(20)))
    assert engine.load_dataset(tmp_path).recognition.form != "series-files"
