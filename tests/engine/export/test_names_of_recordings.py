"""Sounds, pictures and series have the name of their file, or that of the series, beside the network's answers."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

import engine
from engine.data.sound.wav import wav_bytes
from engine.export.tables import report_rows
from engine.training.defaults import given_in, name_in
from tests.engine.data.numbers.test_several_series import DAYS, NAMES, put, temperatures

SOUNDS = {"sound_rate": 8_000, "sound_bands": 8, "sound_window": 32.0, "sound_hop": 16.0}
LABELS = ("high", "low")


def answers(dataset: engine.Dataset, architecture: str, folder: Path) -> list[dict[str, str]]:
    model = engine.build_model(engine.ModelConfig(architecture=architecture, hidden_size=3), dataset)
    engine.export_predictions(model, dataset, folder / "answers.csv")
    with (folder / "answers.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def write_sounds(folder: Path, label: str, numbers: Sequence[int], first: str = "") -> None:
    (folder / label).mkdir(parents=True, exist_ok=True)
    for i in numbers:
        hz = 300 + 600 * LABELS.index(label) + 7 * i
        samples = (0.5 * np.sin(2 * np.pi * hz * np.arange(800) / 8_000)).astype(np.float32)
        (folder / label / f"{first}{i}.wav").write_bytes(wav_bytes(samples, 8_000))


def test_sounds_have_the_names_of_their_files_in_their_folders(tmp_path: Path) -> None:
    for label in LABELS:
        write_sounds(tmp_path / "sounds", label, range(8))
    (tmp_path / "sounds" / "high" / "3.wav").write_bytes(b"broken")
    dataset = engine.load_dataset(tmp_path / "sounds", validation=0.4, **SOUNDS)
    rows = answers(dataset, "many-to-one", tmp_path)
    assert {row["example"].split("/")[0] for row in rows} == set(LABELS)
    assert all(row["example"].startswith(f"{row['label']}/") for row in rows)
    names = [*dataset.train.names, *dataset.validation.names]
    assert sorted(names) == sorted(
        f"{label}/{i}.wav" for label in LABELS for i in range(8) if (label, i) != ("high", 3)
    )
    for part in (dataset.train, dataset.validation):
        for place, name in enumerate(part.names):
            read = engine.build_model(engine.ModelConfig(architecture="many-to-one", hidden_size=3), dataset)
            assert name_in(part, place) == name
            assert getattr(given_in(part, place), "name", "") == name
            heard = read.codec.source_of(tmp_path / "sounds" / name)
            np.testing.assert_allclose(heard, part[place].source, atol=1e-4)


def test_the_sounds_of_a_folder_that_validates_have_their_names(tmp_path: Path) -> None:
    for label in LABELS:
        write_sounds(tmp_path / "sounds", label, range(4))
        write_sounds(tmp_path / "later", label, range(4, 6), "new ")
    dataset = engine.load_dataset(tmp_path / "sounds", validation=tmp_path / "later", **SOUNDS)
    rows = answers(dataset, "many-to-one", tmp_path)
    assert [row["example"] for row in rows] == [f"{label}/new {i}.wav" for label in LABELS for i in (4, 5)]


@pytest.mark.parametrize("labelled", [True, False])
def test_the_series_of_a_folder_have_the_names_of_their_files(tmp_path: Path, labelled: bool) -> None:
    folder = tmp_path / "series"
    for i in range(8):
        path = folder / (LABELS[i % 2] if labelled else "") / f"{i}.csv"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x\n" + "\n".join(f"{np.sin(k / (1 + i)):.3f}" for k in range(40)))
    dataset = engine.load_dataset(folder, validation=0.25)
    rows = answers(dataset, "many-to-one" if labelled else "many-to-many", tmp_path)
    if labelled:
        assert all(row["example"].startswith(f"{row['label']}/") for row in rows)
    else:
        assert [row["series"] for row in rows] == [f"{i}.csv" for i in range(8) for _ in range(10)]
        assert [row["step"] for row in rows[:10]] == [str(step) for step in range(1, 11)]


def test_each_of_several_series_in_a_table_has_its_name(tmp_path: Path) -> None:
    dataset = engine.load_dataset(put(tmp_path / "x.csv", temperatures()), validation=0.25)
    rows = answers(dataset, "many-to-many", tmp_path)
    assert [row["series"] for row in rows] == [name for name in NAMES for _ in range(DAYS // 4)]
    assert [float(row["temp"]) for row in rows[:10]] == [value for name, _, value in temperatures() if name == "M1"][
        -10:
    ]


def test_the_parts_of_a_long_series_are_told_apart(tmp_path: Path) -> None:
    lines = [
        "series,x",
        *(f"{name},{np.sin(k / 7):.3f}" for name, many in (("a", 1300), ("b", 20)) for k in range(many)),
    ]
    path = tmp_path / "x.csv"
    path.write_text("\n".join(lines))
    dataset = engine.load_dataset(path, validation=0.5)
    assert dataset.validation.names == ("a, part 1", "a, part 2", "b")
    model = engine.build_model(engine.ModelConfig(architecture="many-to-many", hidden_size=3), dataset)
    assert {row[0] for row in report_rows(model, dataset)} == set(dataset.validation.names)


def test_examples_that_are_chosen_keep_their_names(tmp_path: Path) -> None:
    for label in LABELS:
        write_sounds(tmp_path, label, range(3))
    part = engine.load_dataset(tmp_path, validation=0.2, **SOUNDS).train
    assert part.take(np.array([2, 0])).names == (part.names[2], part.names[0])
    assert part[1:].names == part.names[1:]
