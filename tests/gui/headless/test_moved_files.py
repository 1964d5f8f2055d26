"""Continuing a run from the command line when its validation file or its test file has moved."""

from __future__ import annotations

from pathlib import Path

import pytest

import engine
from gui import headless
from tests.gui.headless.test_train_command import SMALL, call, names

__all__ = ["names"]  # a fixture


@pytest.mark.parametrize(("name", "option"), [("validation_file", "validation"), ("test_file", "test")])
def test_a_held_out_file_that_has_moved_can_be_named_alone(
    tmp_path: Path, names: Path, name: str, option: str, capsys: pytest.CaptureFixture[str]
) -> None:
    held_out, run = tmp_path / "held out.csv", tmp_path / "run"
    held_out.write_bytes(names.read_bytes())
    assert call("--train", names, f"--{option}-file", held_out, "--output", run, "--steps", "1", *SMALL) == 0
    moved = held_out.rename(tmp_path / "moved.csv")
    assert call("--train", run, "--steps", "1") == headless.WRONG
    error = capsys.readouterr().err
    assert "held out.csv" in error
    assert f"--{option}-file" in error
    assert call("--train", run, "--steps", "1", f"--{option}-file", moved) == 0
    saved = engine.open_run(run)
    assert saved.progress.step == 2
    assert getattr(saved.data.config, name) == str(moved)


def test_another_validation_file_or_the_first_one_needs_a_new_run(
    tmp_path: Path, names: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first, other, run = tmp_path / "first.csv", tmp_path / "other.csv", tmp_path / "run"
    first.write_bytes(names.read_bytes())
    other.write_text("name,gender\nanna,f\n")
    assert call("--train", names, "--validation-file", first, "--output", run, "--steps", "1", *SMALL) == 0
    assert call("--train", run, "--validation-file", other) == headless.WRONG
    assert "is not that of this run" in capsys.readouterr().err
    assert call("--train", names, "--output", run, "--steps", "1", "--overwrite", *SMALL) == 0
    assert call("--train", run, "--validation-file", first) == headless.WRONG
    assert "keeps its --validation-file;" in capsys.readouterr().err


def test_held_out_files_that_were_moved_together_with_the_run_are_found_beside_it(
    tmp_path: Path, names: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (home := tmp_path / "home").mkdir()
    names.rename(home / "names.csv")
    for name in ("val.csv", "test.csv"):
        (home / name).write_bytes((home / "names.csv").read_bytes())
    monkeypatch.chdir(home)
    given = ["--train", "names.csv", "--validation-file", "val.csv", "--test-file", "test.csv"]
    assert call(*given, "--output", "run", "--steps", "1", *SMALL) == 0
    monkeypatch.chdir(tmp_path)
    assert call("--train", "home/run", "--steps", "1") == 0, "wherever the program is started"
    away = home.rename(tmp_path / "away")
    assert call("--train", away / "run", "--steps", "1") == 0
    config = engine.open_run(away / "run").data.config
    assert (config.validation_file, config.test_file) == (str(away / "val.csv"), str(away / "test.csv"))
