"""Sweeps from the command line."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

import engine
from engine.sweeps.executors import LocalProcesses
from gui import headless
from gui.app import main
from gui.headless.status import StopRequested

PLAN = """
data = "rows.txt"
seeds = [0, 1]
[model]
cell = ["rnn", "abacus"]
hidden_size = 8
[training]
epochs = 2
"""


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    (tmp_path / "rows.txt").write_text("\n".join(f"{a}{b}{c}na" for a in "abcdefgh" for b in "aeiou" for c in "lmnr"))
    path = tmp_path / "sweep.toml"
    path.write_text(PLAN)
    return path


@pytest.fixture
def without_dask(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engine.sweeps.executors.has_dask", lambda: False)


def call(*words: str | Path) -> int:
    return main([str(word) for word in words])


@pytest.mark.usefixtures("without_dask")
def test_a_sweep_becomes_a_folder_of_runs_and_a_table(
    tmp_path: Path, plan: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    output = tmp_path / "out"
    assert call("--sweep", plan, "--output", output, "--processes", "2") == 0
    with (output / "results.csv").open(newline="") as opened:
        rows = list(csv.DictReader(opened))
    assert [(row["cell"], row["seed"], row["status"]) for row in rows] == [
        ("rnn", "0", "done"),
        ("rnn", "1", "done"),
        ("abacus", "0", "refused"),
        ("abacus", "1", "refused"),
    ]
    best = engine.open_run(output / "run-0001.unroll").best
    assert best is not None
    assert float(rows[0]["best_validation_loss"]) == best.loss
    printed = capsys.readouterr()
    assert "4 runs on rows, 2 of them still to be trained" in printed.out
    assert "over 2 seeds with Cell RNN, Hidden units 8, Epochs 2" in printed.out
    assert "4 of 4 runs have ended" in printed.out
    assert "run 3: Cell abacus, Hidden units 8, Epochs 2, Random seed 0: cell is 'abacus'" in printed.err
    assert "4/4  run" in printed.err
    assert call("--sweep", plan, "--output", output) == 0  # nothing is left to do
    assert "0 of them still to be trained" in capsys.readouterr().out


@pytest.mark.usefixtures("without_dask")
def test_a_sweep_that_is_stopped_keeps_what_has_ended(
    tmp_path: Path, plan: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(executor: LocalProcesses, *given: object) -> None:
        raise StopRequested

    monkeypatch.setattr(LocalProcesses, "submit", stop)
    assert call("--sweep", plan, "--output", tmp_path / "out") == headless.STOPPED
    assert "Stopped: 2 of 4 runs have ended" in capsys.readouterr().out
    assert (tmp_path / "out" / "results.csv").exists()


@pytest.mark.usefixtures("without_dask")
def test_mistakes_are_told_in_one_line(tmp_path: Path, plan: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert call("--sweep", plan) == 2
    assert "--output FOLDER" in capsys.readouterr().err
    assert call("--sweep", plan, "--train", "names", "--output", tmp_path / "out") == 2
    assert "cannot be used together" in capsys.readouterr().err
    assert call("--sweep", plan, "--output", tmp_path / "out", "--scheduler", "tcp://127.0.0.1:1") == 2
    assert "pip install 'unroll[cluster]'" in capsys.readouterr().err
    assert call("--sweep", plan, "--output", tmp_path / "out", "--processes", "0") == 2
    assert "--processes is 0" in capsys.readouterr().err


@pytest.mark.usefixtures("without_dask")
def test_a_setting_that_no_run_uses_is_said_to_have_no_effect(
    tmp_path: Path, plan: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rest = "optimizer = ['sgd', 'momentum']\nmomentum = [0.5, 0.9]\nteacher_forcing = 0.5\nepochs = 1"
    plan.write_text(f"data = 'rows.txt'\n[model]\nattention = [false, true]\nhidden_size = 4\n[training]\n{rest}\n")
    assert call("--sweep", plan, "--output", tmp_path / "out", "--processes", "1") == 0
    told = [line for line in capsys.readouterr().err.splitlines() if " has no effect in any run: " in line]
    assert [line.split()[0] for line in told] == ["attention"], "momentum has one with Momentum"
