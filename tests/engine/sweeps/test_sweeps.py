"""Sweeps trained in processes of this machine: every run ends once, whatever happens on the way."""

from __future__ import annotations

import csv
import os
import signal
from concurrent.futures import Future
from contextlib import closing
from pathlib import Path

import numpy as np
import psutil
import pytest

import engine
from engine.sweeps.executors import Executor, LocalProcesses
from engine.sweeps.one_run import OutcomeStatus, RunOutcome, train_run
from engine.sweeps.plan import PlannedRun, Sweep
from engine.sweeps.queue import refuse_impossible, run_sweep
from engine.sweeps.ranking import Ranked
from engine.sweeps.results import SweepFolder
from engine.sweeps.results import sweep_in as read_folder

ROWS = [f"{a}{b}{c}na" for a in "abcdefgh" for b in "aeiou" for c in "lmnr"]
TRAINING = {"epochs": (2,), "batch_size": (16,), "learning_rate": (0.01,)}
SWEEP = Sweep("rows", {"cell": ("rnn", "gru"), "hidden_size": (8, 12)}, TRAINING, seeds=(0, 1))


@pytest.fixture(scope="module")
def dataset() -> engine.Dataset:
    return engine.make_dataset(ROWS, "sequences", seed=0)


class InThisProcess(Executor):
    """Trains at once, and keeps what it was asked for. Loses the worker of some runs, so many times."""

    slots = 3

    def __init__(self, dataset: engine.Dataset, **losses: int) -> None:
        self.dataset = dataset
        self.losses = {int(name.removeprefix("run")): times for name, times in losses.items()}
        self.asked: list[tuple[int, float, bool]] = []
        self.renewed = 0

    def submit(self, run: PlannedRun, share: float, begun: bytes) -> Future[RunOutcome]:
        self.asked.append((run.number, share, bool(begun)))
        future: Future[RunOutcome] = Future()
        if self.losses.get(run.number, 0):
            self.losses[run.number] -= 1
            future.set_exception(OSError("the worker is gone"))
        else:
            future.set_result(train_run(self.dataset, None, run, share, begun))
        return future

    def renew(self) -> None:
        self.renewed += 1

    def close(self) -> None:
        pass


def rows_of(folder: Path) -> list[dict[str, str]]:
    with (folder / "results.csv").open(encoding="utf-8", newline="") as opened:
        return list(csv.DictReader(opened))


def sweep_in(folder: Path, sweep: Sweep, executor: Executor, dataset: engine.Dataset) -> SweepFolder:
    kept = SweepFolder(folder, sweep, dataset.fingerprint)
    for _ in run_sweep(sweep, kept, executor):
        pass
    return kept


def test_each_run_is_the_run_that_training_by_itself_gives(tmp_path: Path, dataset: engine.Dataset) -> None:
    sweep_in(tmp_path / "out", SWEEP, InThisProcess(dataset), dataset)
    rows = rows_of(tmp_path / "out")
    assert [(row["cell"], row["hidden_size"], row["seed"]) for row in rows[2:4]] == [
        ("rnn", "12", "0"),
        ("rnn", "12", "1"),
    ]
    assert {row["status"] for row in rows} == {"done"}
    run = engine.open_run(tmp_path / "out" / rows[5]["file"])
    config, training = run.snapshot.config, run.training
    assert (config.cell, config.hidden_size, training.seed) == ("gru", 8, 1)
    trainer = engine.Trainer(engine.build_model(config, dataset, training.seed), dataset, training)
    assert sum(1 for _ in trainer) == int(rows[5]["steps"])
    assert np.array_equal(run.snapshot.weights, trainer.model.parameters.flat)
    assert trainer.best is not None
    assert float(rows[5]["best_validation_loss"]) == trainer.best.loss
    assert int(rows[5]["best_step"]) == trainer.best.step
    assert float(rows[5]["perplexity"]) == pytest.approx(np.exp(trainer.best.loss))


def test_a_sweep_that_was_ended_goes_on_where_it_stood(tmp_path: Path, dataset: engine.Dataset) -> None:
    first = InThisProcess(dataset)
    folder = SweepFolder(tmp_path / "out", SWEEP, dataset.fingerprint)
    progress = run_sweep(SWEEP, folder, first)
    told = [next(progress) for _ in range(4)]
    assert [one.ended for one in told] == [0, 3, 3, 3]  # three at a time
    assert told[0].running == {1, 2, 3}, "they are named before there is any result"
    second = InThisProcess(dataset)
    sweep_in(tmp_path / "out", SWEEP, second, dataset)
    numbers = [number for number, _, _ in second.asked]
    assert numbers == [4, 5, 6, 7, 8]
    whole = tmp_path / "whole"
    sweep_in(whole, SWEEP, InThisProcess(dataset), dataset)
    for row, other in zip(rows_of(tmp_path / "out"), rows_of(whole), strict=True):
        assert {**row, "seconds": ""} == {**other, "seconds": ""}


def test_a_folder_of_another_sweep_or_of_other_things_is_left_alone(tmp_path: Path, dataset: engine.Dataset) -> None:
    SweepFolder(tmp_path / "out", SWEEP, dataset.fingerprint)
    with pytest.raises(engine.StorageError, match="other settings or other data"):
        SweepFolder(tmp_path / "out", SWEEP, "another fingerprint")
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / "dear.txt").write_text("dear")
    with pytest.raises(engine.StorageError, match="is not empty"):
        SweepFolder(tmp_path / "letters", SWEEP, dataset.fingerprint)
    (tmp_path / "file").write_text("")
    with pytest.raises(engine.StorageError, match="cannot hold the results"):
        SweepFolder(tmp_path / "file", SWEEP, dataset.fingerprint)
    (tmp_path / "out" / "sweep.json").write_bytes(b"\xff\x00")
    with pytest.raises(engine.StorageError, match="other settings or other data"):
        SweepFolder(tmp_path / "out", SWEEP, dataset.fingerprint)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="the administrator may do everything")
@pytest.mark.parametrize("mode", [0o500, 0o300], ids=["read only", "cannot be listed"])
def test_a_folder_without_permission_is_refused_in_words(tmp_path: Path, dataset: engine.Dataset, mode: int) -> None:
    folder = tmp_path / "out"
    folder.mkdir(mode=mode)
    try:
        with pytest.raises(engine.StorageError, match=r"cannot (hold the results|be written).*Permission denied"):
            SweepFolder(folder, SWEEP, dataset.fingerprint)
    finally:
        folder.chmod(0o700)


@pytest.mark.parametrize("lost", ["cut in the last row", "no text", "empty"])
def test_what_is_lost_of_the_results_is_trained_again_and_the_rest_is_not(
    tmp_path: Path, dataset: engine.Dataset, lost: str
) -> None:
    sweep = Sweep("rows", {"cell": ("rnn", "gru"), "hidden_size": (8,)}, TRAINING)
    sweep_in(tmp_path / "out", sweep, InThisProcess(dataset), dataset)
    results, whole = tmp_path / "out" / "results.csv", rows_of(tmp_path / "out")
    written = results.read_bytes()
    cut = written[: written.rindex(b",,") - 2]  # within the seconds of the last run
    results.write_bytes({"cut in the last row": cut, "no text": b"\xff\x00" * 99, "empty": b""}[lost])
    again = InThisProcess(dataset)
    sweep_in(tmp_path / "out", sweep, again, dataset)
    assert [number for number, _, _ in again.asked] == ([2] if lost == "cut in the last row" else [1, 2])
    assert [{**row, "seconds": ""} for row in rows_of(tmp_path / "out")] == [{**row, "seconds": ""} for row in whole]


def test_a_begun_run_whose_file_is_gone_or_damaged_ends_once_all_the_same(
    tmp_path: Path, dataset: engine.Dataset
) -> None:
    sweep = Sweep("rows", {"cell": ("rnn", "gru"), "hidden_size": (8, 12)}, TRAINING, halving=2)
    folder = SweepFolder(tmp_path / "out", sweep, dataset.fingerprint)
    progress = run_sweep(sweep, folder, InThisProcess(dataset))
    for _ in range(5):  # the beginning, and four results
        next(progress)
    files = sorted((tmp_path / "out").glob("*.unroll"))
    assert len(files) == 4
    for file in files[:2]:
        file.unlink()
    for file in files[2:]:
        file.write_bytes(b"no run")
    sweep_in(tmp_path / "out", sweep, InThisProcess(dataset), dataset)
    statuses = [row["status"] for row in rows_of(tmp_path / "out")]
    assert "waiting" not in statuses
    sweep_in(tmp_path / "out", sweep, InThisProcess(dataset), dataset)  # what failed begins anew
    assert {row["status"] for row in rows_of(tmp_path / "out")} <= {"done", "stopped early"}


def test_impossible_runs_are_refused_before_any_is_trained_and_the_others_go_on(
    tmp_path: Path, dataset: engine.Dataset
) -> None:
    sweep = Sweep("rows", {"cell": ("rnn", "abacus"), "hidden_size": (8, -1)}, TRAINING)
    folder = SweepFolder(tmp_path / "out", sweep, dataset.fingerprint)
    refused = refuse_impossible(folder, dataset, None)
    assert [outcome.number for outcome in refused] == [2, 3, 4]
    assert [row["status"] for row in rows_of(tmp_path / "out")] == ["", "refused", "refused", "refused"]
    executor = InThisProcess(dataset)
    for _ in run_sweep(sweep, folder, executor):
        pass
    assert [number for number, _, _ in executor.asked] == [1]
    row = rows_of(tmp_path / "out")[2]
    assert row["error"].startswith("cell is 'abacus'; expected one of 'rnn'")
    assert row["file"] == ""


def test_a_diverged_run_says_so(tmp_path: Path, dataset: engine.Dataset) -> None:
    training = {**TRAINING, "optimizer": ("sgd",), "learning_rate": (10.0,), "clip_norm": (0.0,)}
    sweep = Sweep("rows", {"cell": ("irnn",), "hidden_size": (24,)}, training)
    sweep_in(tmp_path / "out", sweep, InThisProcess(dataset), dataset)
    assert [row["status"] for row in rows_of(tmp_path / "out")] == ["diverged"]


def test_halving_trains_the_better_ones_on_from_where_they_stood(tmp_path: Path, dataset: engine.Dataset) -> None:
    training = {**TRAINING, "epochs": (9,), "learning_rate": (1e-5, 1e-4, 1e-3, 3e-3, 1e-2, 3e-2)}
    sweep = Sweep("rows", {"hidden_size": (8,), "cell": ("gru",)}, training, halving=2)
    executor = InThisProcess(dataset)
    sweep_in(tmp_path / "out", sweep, executor, dataset)
    rounds = {share: [n for n, s, _ in executor.asked if s == share] for share in sweep.shares}
    assert [len(numbers) for numbers in rounds.values()] == [6, 3, 2]
    assert 1 not in rounds[0.5]  # the smallest rate
    assert all(begun == (share > 0.25) for _, share, begun in executor.asked)
    statuses = [row["status"] for row in rows_of(tmp_path / "out")]
    assert statuses.count("done") == 2
    assert statuses.count("stopped early") == 4
    # trained in three parts, and yet the run that one training gives
    plain = Sweep("rows", sweep.model, training)
    sweep_in(tmp_path / "plain", plain, InThisProcess(dataset), dataset)
    done = rounds[1.0][0]
    parts, whole = (engine.open_run(tmp_path / name / f"run-{done:04}.unroll") for name in ("out", "plain"))
    assert np.array_equal(parts.snapshot.weights, whole.snapshot.weights)
    # a sweep that has ended is not thinned out further
    again = InThisProcess(dataset)
    sweep_in(tmp_path / "out", sweep, again, dataset)
    assert again.asked == []


def test_a_run_that_loses_its_worker_is_trained_again_and_given_up_in_the_end(
    tmp_path: Path, dataset: engine.Dataset
) -> None:
    executor = InThisProcess(dataset, run2=1, run5=99)
    sweep_in(tmp_path / "out", SWEEP, executor, dataset)
    statuses = [row["status"] for row in rows_of(tmp_path / "out")]
    assert statuses == ["done"] * 4 + ["failed"] + ["done"] * 3
    assert "died" in rows_of(tmp_path / "out")[4]["error"]
    assert executor.renewed == 1 + 3
    again = InThisProcess(dataset)  # a failed run is tried again by the next call
    sweep_in(tmp_path / "out", SWEEP, again, dataset)
    assert [number for number, _, _ in again.asked] == [5]


def test_a_full_disk_fails_the_run_it_meets_and_not_the_others(
    tmp_path: Path, dataset: engine.Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = SweepFolder(tmp_path / "out", SWEEP, dataset.fingerprint)
    (tmp_path / "out" / "run-0003.unroll").mkdir()  # nothing can be written there
    outcomes = [one.finished for one in run_sweep(SWEEP, folder, InThisProcess(dataset))]
    assert [one.status for one in outcomes if one is not None and one.number == 3] == [OutcomeStatus.FAILED]
    assert len([one for one in outcomes if one is not None and one.status is OutcomeStatus.DONE]) == 7


def test_a_killed_process_costs_time_and_no_run(tmp_path: Path, dataset: engine.Dataset) -> None:
    executor = LocalProcesses(dataset, None, 2)
    try:
        folder = SweepFolder(tmp_path / "out", SWEEP, dataset.fingerprint)
        outcomes: list[RunOutcome] = []
        killed = False
        for progress in run_sweep(SWEEP, folder, executor):
            if progress.finished is not None:
                outcomes.append(progress.finished)
            if not killed and progress.finished is not None:
                killed = True
                for child in psutil.Process().children(recursive=True):
                    if "spawn_main" in " ".join(child.cmdline()):
                        os.kill(child.pid, getattr(signal, "SIGKILL", signal.SIGTERM))
    finally:
        executor.close()
    assert killed
    assert sorted(one.number for one in outcomes) == list(range(1, 9))
    assert {row["status"] for row in rows_of(tmp_path / "out")} == {"done"}


def test_processes_that_cannot_start_are_told_once_with_the_reason(
    tmp_path: Path, dataset: engine.Dataset, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "numpy.py").write_text("raise ImportError('a library is missing')")
    monkeypatch.syspath_prepend(tmp_path)
    with closing(LocalProcesses(dataset, None, 2)) as executor:
        folder = SweepFolder(tmp_path / "out", SWEEP, dataset.fingerprint)
        with pytest.raises(engine.ConfigError, match="cannot start: ImportError: a library is missing"):
            list(run_sweep(SWEEP, folder, executor))
    assert folder.outcomes == {}, "no run is to blame"
    capfd.readouterr()  # what the processes said themselves


@pytest.mark.parametrize("name", ["sweep.json", "results.csv", "run-0001.unroll"])
def test_links_in_a_folder_of_somebody_else_are_neither_read_nor_written_through(
    tmp_path: Path, dataset: engine.Dataset, name: str
) -> None:
    SweepFolder(tmp_path / "out", SWEEP, dataset.fingerprint)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.write_text("mine")
    (tmp_path / "out" / name).unlink(missing_ok=True)
    (tmp_path / "out" / name).symlink_to(elsewhere)
    for use in (lambda: read_folder(tmp_path / "out"), lambda: SweepFolder(tmp_path / "out", SWEEP, "")):
        with pytest.raises(engine.StorageError, match=f"{name}: is a link"):
            use()
    assert elsewhere.read_text() == "mine"


def test_a_table_of_results_that_no_sweep_has_written_is_refused_or_trained_again(
    tmp_path: Path, dataset: engine.Dataset
) -> None:
    folder = tmp_path / "out"
    SweepFolder(folder, SWEEP, dataset.fingerprint)
    head = "run,cell,hidden_size,seed,status,best_validation_loss,share,steps,seconds,error,file\n"
    for row in (
        "1,rnn,8,0,done,1.0,1,x,1,,",
        "1,rnn,8,0,done,nan,1,1,1,,",
        "9" * 5000 + ",,,,done,,1,1,1,,",
        "-1,,,,done,1,1,1,1,,",
        "\x00",
        "1",
    ):
        (folder / "results.csv").write_text(head + row)
        assert SweepFolder(folder, SWEEP, dataset.fingerprint).outcomes == {}
    with (folder / "results.csv").open("wb") as opened:
        opened.truncate(300_000_000)  # takes no room on the disk
    with pytest.raises(engine.StorageError, match=r"results.csv: has 300,000,000 bytes; expected at most"):
        SweepFolder(folder, SWEEP, dataset.fingerprint)


def test_progress_does_not_hold_the_files_of_runs(tmp_path: Path, dataset: engine.Dataset) -> None:
    sweep = Sweep("rows", {"hidden_size": (4,)}, {**TRAINING, "epochs": (1,)})
    folder = SweepFolder(tmp_path, sweep, dataset.fingerprint)
    finished = [one.finished for one in run_sweep(sweep, folder, InThisProcess(dataset)) if one.finished is not None]
    assert [outcome.content for outcome in finished] == [b""]
    assert (tmp_path / "run-0001.unroll").stat().st_size > 0


def test_a_small_loss_is_never_written_as_nothing_in_the_ranking() -> None:
    assert Ranked({}, 3.04e-5, 0.0, 1, 7).summary().startswith("best loss 3.0e−5 with ")
    assert Ranked({}, 0.5, 4.04e-5, 2, 7).summary().startswith("best loss 0.5000 ± 4.0e−5 over 2 seeds")
