"""Nothing that is written takes the place of data, however these are named."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from engine.data.codec import Kind
from engine.data.files.recognition import Recognition
from engine.runs.kept_files import is_kept


def put(path: Path, text: str = "one\n") -> Path:
    path.parent.mkdir(exist_ok=True)
    path.write_text(text)
    return path


def test_a_file_is_data_under_any_of_its_names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data, other = put(tmp_path / "data.csv"), put(tmp_path / "other.csv")
    monkeypatch.chdir(tmp_path)
    assert is_kept("data.csv", [str(data)], None)
    assert is_kept(data, ["data.csv"], None)
    assert not is_kept(other, [str(data)], None)
    assert not is_kept("answers.csv", [str(data), "answers.csv"], None), "nothing is there to be replaced"
    if os.name == "posix":
        (tmp_path / "link.csv").symlink_to(data)
        assert is_kept("link.csv", [str(data)], None)


def test_of_a_folder_the_files_that_are_read_are_data(tmp_path: Path) -> None:
    labels, sounds = tmp_path / "labels", tmp_path / "sounds"
    a, _ = put(labels / "a.txt"), put(labels / "b.txt")
    curves, sound = put(labels / "curves.csv"), put(sounds / "a.wav")
    assert is_kept(a, [str(labels)], None)
    assert is_kept(labels, [str(labels)], None)
    assert not is_kept(curves, [str(labels)], None)
    assert is_kept(sound, [str(sounds)], None)


def test_the_other_side_of_parallel_files_is_data(tmp_path: Path) -> None:
    english, german = put(tmp_path / "test.en"), put(tmp_path / "test.de")
    like = Recognition("parallel", Kind.PAIRS, "", ("train.en", "train.de"), (), "train.en", "train.de")
    assert is_kept(german, [str(english)], like)


def test_no_other_machine_is_asked_about_its_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []
    stat = os.stat
    monkeypatch.setattr("os.stat", lambda path, *rest, **more: (asked.append(str(path)), stat(path, *rest, **more))[1])
    assert not is_kept(put(tmp_path / "a.csv"), ["//host/share/a.csv"], None)
    assert not any("host" in path for path in asked)
