"""Sounds, pictures and series from the command line: one at a time, a folder of them, or a table that names them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

import engine
from engine.data.sound.wav import wav_bytes
from gui import headless
from gui.app import main

SOUNDS = {"sound_rate": 8_000, "sound_bands": 8, "sound_window": 32.0, "sound_hop": 16.0}
NAMES = [f"{label}/{i}.wav" for label in ("high", "low") for i in range(4)]


def call(*words: str | Path) -> int:
    return main([str(word) for word in words])


def tone(hz: float) -> bytes:
    return wav_bytes((0.5 * np.sin(2 * np.pi * hz * np.arange(800) / 8_000)).astype(np.float32), 8_000)


def saved(data: engine.Dataset, architecture: str, path: Path) -> Path:
    """A network that has been trained for a step."""
    model = engine.build_model(engine.ModelConfig(architecture=architecture, hidden_size=8), data)
    trainer = engine.Trainer(model, data, engine.TrainingConfig(epochs=1))
    next(trainer)
    engine.save_run(path, trainer)
    return path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for i, name in enumerate(NAMES):
        (tmp_path / "sounds" / name).parent.mkdir(exist_ok=True, parents=True)
        (tmp_path / "sounds" / name).write_bytes(tone(300 + 60 * i))
    return tmp_path / "sounds"


def answers(
    run: Path, verb: str, given: Path, capsys: pytest.CaptureFixture[str]
) -> tuple[list[dict[str, object]], str]:
    assert call(run, verb, given, "--format", "jsonl") == 0
    printed = capsys.readouterr()
    return [json.loads(line) for line in printed.out.splitlines()], printed.err


def names_of(lines: Sequence[dict[str, object]]) -> list[object]:
    return [line["file"] for line in lines]


def test_each_sound_of_a_folder_is_classified(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run = saved(engine.load_dataset(folder, **SOUNDS), "many-to-one", tmp_path / "run")
    (folder / "notes.txt").write_text("recorded in May\n")
    found, _ = answers(run, "--classify", folder, capsys)
    assert names_of(found) == NAMES
    model = engine.open_run(run).snapshot.model()
    for line in found:
        expected = model.classify(folder / str(line["file"]))
        assert line["probabilities"] == expected
        assert line["label"] == next(iter(expected))
    assert call(run, "--classify", folder / "low") == 0
    plain = [line.split("\t") for line in capsys.readouterr().out.splitlines()]
    assert [(label, name) for label, _, name in plain] == [
        (line["label"], str(line["file"]).removeprefix("low/")) for line in found[4:]
    ]
    one, _ = answers(run, "--classify", folder / NAMES[0], capsys)
    assert one == [{**found[0], "file": "0.wav"}]


def test_a_sound_that_cannot_be_read_is_named_and_the_others_are_answered(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run = saved(engine.load_dataset(folder, **SOUNDS), "many-to-one", tmp_path / "run")
    (folder / NAMES[2]).write_bytes(b"RIFF")
    found, said = answers(run, "--classify", folder, capsys)
    assert found[2] == {"file": NAMES[2], "label": None, "probabilities": {}}
    assert sum(line["label"] is None for line in found) == 1
    assert f"{folder / NAMES[2]}: " in said
    for name in NAMES:
        (folder / name).write_bytes(b"RIFF")
    assert call(run, "--classify", folder) == headless.WRONG
    assert f"{folder}: None of the 8 could be read." in capsys.readouterr().err
    empty = tmp_path / "empty"
    empty.mkdir()
    assert call(run, "--classify", empty) == headless.WRONG
    assert f"{empty}: The folder holds nothing to answer; expected sound files" in capsys.readouterr().err


def test_the_sounds_of_a_table_are_written_down_in_its_order(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table = folder / "list.csv"
    rows = [f"{name},say {i}" for i, name in enumerate(reversed(NAMES))]
    table.write_text("\n".join(["file,transcript", *rows]) + "\n")
    run = saved(engine.load_dataset(table, **SOUNDS), "encoder-decoder", tmp_path / "run")
    for given in (table, folder):
        found, _ = answers(run, "--transcribe", given, capsys)
        assert names_of(found) == NAMES[::-1]
    assert call(run, "--transcribe", table) == 0
    assert [line.split("\t")[1] for line in capsys.readouterr().out.splitlines()] == NAMES[::-1]


def test_each_series_of_a_table_is_classified(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    table = tmp_path / "steps.csv"
    rng = np.random.default_rng(0)
    rows = [f"{s},{t},{np.sin((0.3 + s % 2) * t) + rng.normal():.3f},{('slow', 'fast')[s % 2]}"
            for s in range(12) for t in range(9)]  # fmt: skip
    table.write_text("\n".join(["series,step,x,label", *rows]) + "\n")
    data = engine.load_dataset(table)
    assert data.kind == "labelled-series"
    run = saved(data, "many-to-one", tmp_path / "run")
    found, _ = answers(run, "--classify", table, capsys)
    assert names_of(found) == [f"steps.csv, series {s}" for s in range(12)]
    table.write_text("\n".join(["series,step,x", *(row.rpartition(",")[0] for row in rows)]) + "\n")
    unlabelled, _ = answers(run, "--classify", table, capsys)
    assert unlabelled == found
    table.write_text("\n".join(["step,x", *(row.split(",", 1)[1].rpartition(",")[0] for row in rows[:9])]) + "\n")
    (one,), _ = answers(run, "--classify", table, capsys)
    assert one == {**found[0], "file": "steps.csv"}


def test_each_file_of_a_folder_of_series_is_classified(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rng = np.random.default_rng(0)
    for i in range(8):
        path = tmp_path / "series" / ("slow", "fast")[i % 2] / f"{i}.csv"
        path.parent.mkdir(exist_ok=True, parents=True)
        path.write_text("x,y\n" + "".join(f"{a:.3f},{b:.3f}\n" for a, b in rng.normal(size=(12, 2))))
    run = saved(engine.load_dataset(tmp_path / "series"), "many-to-one", tmp_path / "run")
    found, _ = answers(run, "--classify", tmp_path / "series", capsys)
    assert names_of(found) == [f"fast/{i}.csv" for i in (1, 3, 5, 7)] + [f"slow/{i}.csv" for i in (0, 2, 4, 6)]


def test_each_picture_of_a_folder_is_captioned(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    image = pytest.importorskip("PIL.Image")
    lines = ["file,caption"]
    for i in range(8):
        image.new("RGB", (9, 9), (255 - 5 * i, 0, 0)).save(tmp_path / f"{i}.png")
        lines.append(f"{i}.png,a wall of {i}")
    (tmp_path / "captions.csv").write_text("\n".join(lines) + "\n")
    run = saved(engine.load_dataset(tmp_path, picture_side=3), "one-to-many", tmp_path / "run")
    (tmp_path / "captions.csv").unlink()
    found, _ = answers(run, "--caption", tmp_path, capsys)
    assert names_of(found) == [f"{i}.png" for i in range(8)]
