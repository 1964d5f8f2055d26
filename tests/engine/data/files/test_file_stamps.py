"""Whether files have changed since they were read is seen from their stamps."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

import engine
from engine.data.files.file_stamps import stamps_of
from engine.data.sound.wav import wav_bytes

ROWS = "text,label\n" + "anna,a\nbert,b\n" * 6


def longer(file: Path) -> None:
    file.write_text(f"{ROWS}carl,a\n", "utf-8")


def written_again(file: Path) -> None:
    before = file.stat().st_mtime_ns
    file.write_text(ROWS, "utf-8")
    os.utime(file, ns=(before + 1, before + 1))


def gone(file: Path) -> None:
    file.unlink()


@pytest.mark.parametrize("name", ["data.csv", "validation.csv"])
@pytest.mark.parametrize("happened", [longer, written_again, gone])
def test_data_remember_the_stamps_of_their_files(tmp_path: Path, name: str, happened: Callable[[Path], None]) -> None:
    data, validation = tmp_path / "data.csv", tmp_path / "validation.csv"
    for file in (data, validation):
        file.write_text(ROWS, "utf-8")
    dataset = engine.load_dataset(data, validation=validation)
    paths = [path for path, _ in dataset.stamps]
    assert paths == [str(data), str(validation)]
    assert stamps_of(paths) == dataset.stamps
    happened(tmp_path / name)
    now = stamps_of(paths)
    assert [path for (path, before), (_, after) in zip(dataset.stamps, now, strict=True) if before != after] == [
        str(tmp_path / name)
    ]


def test_so_do_folders_and_samples_have_none(tmp_path: Path) -> None:
    for label in ("yes", "no"):
        (tmp_path / label).mkdir()
        for n in range(4):
            sound = np.sin(np.arange(2_000) / (20 + n)).astype(np.float32)
            (tmp_path / label / f"{n}.wav").write_bytes(wav_bytes(sound, 8_000))
    dataset = engine.load_dataset(tmp_path)
    assert stamps_of([tmp_path]) == dataset.stamps
    (tmp_path / "no" / "3.wav").unlink()
    assert stamps_of([tmp_path]) != dataset.stamps
    assert engine.load_sample("alphabet").stamps == ()
