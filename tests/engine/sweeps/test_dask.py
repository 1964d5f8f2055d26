"""Sweeps on a Dask cluster: one of this machine, and one whose scheduler and workers were started by themselves."""

from __future__ import annotations

import csv
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import engine
from engine.sweeps.executors import DaskCluster, LocalProcesses
from engine.sweeps.one_run import OutcomeStatus, RunOutcome
from engine.sweeps.plan import Sweep
from engine.sweeps.queue import run_sweep
from engine.sweeps.results import SweepFolder

distributed: Any = pytest.importorskip("distributed")

pytestmark = pytest.mark.filterwarnings("default")  # what the library warns of is not ours to mend

ROWS = [f"{a}{b}{c}na" for a in "abcdefgh" for b in "aeiou" for c in "lmnr"]
TRAINING = {"epochs": (20,), "batch_size": (16,), "learning_rate": (0.01,)}
SWEEP = Sweep("rows", {"cell": ("rnn", "gru"), "hidden_size": (8, 12, 16, 24, 32)}, TRAINING, seeds=(0, 1))


@pytest.fixture(scope="module")
def dataset() -> engine.Dataset:
    return engine.make_dataset(ROWS, "sequences", seed=0)


@contextmanager
def program(module: str, *words: str) -> Iterator[subprocess.Popen[str]]:
    """A program of `distributed`, ended with the block."""
    command = [sys.executable, "-m", f"distributed.cli.{module}", *words]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def line_of(process: subprocess.Popen[str], pattern: str) -> re.Match[str]:
    """Wait for a line on the error stream of a process."""
    assert process.stderr is not None
    for line in process.stderr:
        if found := re.search(pattern, line):
            return found
    raise AssertionError(f"{process.args} ended without a line like {pattern}")


def rows_of(folder: Path) -> list[dict[str, str]]:
    with (folder / "results.csv").open(encoding="utf-8", newline="") as opened:
        return list(csv.DictReader(opened))


def test_both_ways_of_training_a_sweep_give_the_same_weights(tmp_path: Path, dataset: engine.Dataset) -> None:
    sweep = Sweep("rows", {"cell": ("rnn", "gru"), "hidden_size": (8,)}, {**TRAINING, "epochs": (2,)})
    ways = {"local": LocalProcesses(dataset, None, 2), "dask": DaskCluster(dataset, None, "", 2)}
    for name, executor in ways.items():
        with closing(executor):
            folder = SweepFolder(tmp_path / name, sweep, dataset.fingerprint)
            for _ in run_sweep(sweep, folder, executor):
                pass
    for run in sweep.runs():
        one, other = (engine.open_run(tmp_path / name / run.file_name).snapshot.weights for name in ways)
        assert np.array_equal(one, other)


def test_a_scheduler_that_does_not_answer_is_told_before_dask_goes_on_trying(
    dataset: engine.Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engine.sweeps.executors.import_module", lambda name: pytest.fail(f"{name} is not needed"))
    with pytest.raises(engine.ConfigError, match=r"No Dask scheduler answers at tcp://127.0.0.1:1 .*refused"):
        DaskCluster(dataset, None, "tcp://127.0.0.1:1", 1)


def test_an_address_that_is_none_is_told(dataset: engine.Dataset) -> None:
    with pytest.raises(engine.ConfigError, match="No Dask scheduler answers at here"):
        DaskCluster(dataset, None, "here", 1)


def test_workers_with_other_versions_are_refused(dataset: engine.Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    with distributed.LocalCluster(n_workers=1, threads_per_worker=1, dashboard_address=None) as cluster:
        address = cluster.scheduler_address
        monkeypatch.setattr("importlib.metadata.version", lambda name: "9.9")  # in this process alone
        with pytest.raises(engine.ConfigError, match=r"has numpy .*, this machine 9\.9"):
            DaskCluster(dataset, None, address, 1)


@pytest.mark.slow
def test_a_worker_of_a_cluster_that_is_killed_costs_time_and_no_run(tmp_path: Path, dataset: engine.Dataset) -> None:
    """The rehearsal of two machines: a scheduler and two workers of their own on the loopback, one killed mid-run."""
    with program("dask_scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard") as scheduler:
        address = line_of(scheduler, r"Scheduler at: +(tcp://\S+)").group(1)
        words = (address, "--nthreads", "1", "--no-nanny", "--no-dashboard")
        with program("dask_worker", *words) as first, program("dask_worker", *words) as second:
            for worker in (first, second):
                line_of(worker, "Registered to")
            folder = SweepFolder(tmp_path / "out", SWEEP, dataset.fingerprint)
            outcomes: list[RunOutcome] = []
            with closing(DaskCluster(dataset, None, address, 1)) as executor:
                assert executor.slots == 2
                for progress in run_sweep(SWEEP, folder, executor):
                    if progress.finished is not None:
                        outcomes.append(progress.finished)
                        if len(outcomes) == 3:
                            os.kill(second.pid, getattr(signal, "SIGKILL", signal.SIGTERM))
            assert second.wait() != 0
    assert sorted(outcome.number for outcome in outcomes) == list(range(1, 21))
    assert {outcome.status for outcome in outcomes} == {OutcomeStatus.DONE}
    assert {row["status"] for row in rows_of(tmp_path / "out")} == {"done"}
