"""A sweep without a window: `python main.py --sweep SWEEP.toml --output FOLDER`. Qt is not imported."""

from __future__ import annotations

import argparse
import os
from contextlib import closing
from pathlib import Path

import engine
from engine.number_text import loss_text
from engine.sweeps.executors import LOCAL, executor_for
from engine.sweeps.one_run import OutcomeStatus, RunOutcome, without_effect
from engine.sweeps.plan import read_sweep, settings_in_words
from engine.sweeps.queue import SweepProgress, refuse_impossible, run_sweep
from engine.sweeps.ranking import ranked
from engine.sweeps.results import RESULTS, SweepFolder
from gui.headless.output import Output
from gui.headless.progress_line import clock_time
from gui.headless.status import STOPPED, StopRequested

_SHOWN = 10  # combinations in the table at the end


class SweepCommand:
    """One call of the program."""

    def __init__(self, options: argparse.Namespace, out: Output, errors: Output) -> None:
        if options.output is None:
            raise engine.ConfigError("Use --output FOLDER to say where the runs of the sweep go.")
        if options.file is not None:
            raise engine.ConfigError(f"{options.file} would not be read: name the data in {options.sweep}.")
        if options.processes is not None and options.scheduler not in (None, LOCAL):
            raise engine.ConfigError("--processes has no effect on a running scheduler, which has its own workers.")
        self.out, self.errors = out, errors
        self.sweep = read_sweep(options.sweep)
        self.processes = options.processes or os.cpu_count() or 1
        self.scheduler = options.scheduler or ""
        self.folder_path = Path(options.output)

    def work(self) -> int:
        """Train the rest of the sweep; returns the exit status."""
        dataset, sample = self.sweep.load()
        folder = SweepFolder(self.folder_path, self.sweep, dataset.fingerprint)
        for outcome in refuse_impossible(folder, dataset, sample):
            self.errors.write(f"{self._named(outcome, folder)}: {outcome.error}\n")
        for name, why in without_effect(dataset, sample, folder.runs).items():
            self.errors.write(f"{name} has no effect in any run: {why}\n")
        left = sum(not folder.has_ended(run) for run in folder.runs)
        self.out.write(f"{len(folder.runs):,} runs on {dataset.name}, {left:,} of them still to be trained.\n")
        status = 0
        if left:
            try:
                with closing(executor_for(dataset, sample, self.scheduler, self.processes)) as executor:
                    for progress in run_sweep(self.sweep, folder, executor):
                        self._tell(progress, folder)
            except StopRequested:
                status = STOPPED
        self._sum_up(folder, status)
        return status

    def _tell(self, progress: SweepProgress, folder: SweepFolder) -> None:
        if progress.finished is None:
            return
        outcome = progress.finished
        parts = [f"{progress.ended}/{progress.runs}", f"{self._named(outcome, folder)}: {_said(outcome)}"]
        if progress.left is not None and progress.ended < progress.runs:
            parts.append(f"{clock_time(progress.left)} left")
        self.errors.write("  ".join(parts) + "\n")

    def _named(self, outcome: RunOutcome, folder: SweepFolder) -> str:
        return f"run {outcome.number}: {settings_in_words(folder.runs[outcome.number - 1].settings)}"

    def _sum_up(self, folder: SweepFolder, status: int) -> None:
        """The best combinations, each with mean and spread over its seeds."""
        for one in ranked(folder.runs, folder.outcomes)[:_SHOWN]:
            self.out.write(f"{one.summary()}\n")
        ended = sum(folder.has_ended(run) for run in folder.runs)
        failed = sum(outcome.status is OutcomeStatus.FAILED for outcome in folder.outcomes.values())
        what = "Stopped" if status == STOPPED else "Finished"
        again = "" if ended == len(folder.runs) else " The same command continues with the rest."
        failures = f", {failed:,} failed" if failed else ""
        where = self.folder_path / RESULTS
        self.out.write(
            f"{what}: {ended:,} of {len(folder.runs):,} runs have ended{failures}. Results in {where}.{again}\n"
        )


def _said(outcome: RunOutcome) -> str:
    if outcome.error:
        return f"{outcome.status} ({outcome.error})"
    best = "" if outcome.best is None else f", best loss {loss_text(outcome.best, 4)}"
    at = "" if outcome.best_step in (None, outcome.steps) else f" at step {outcome.best_step:,}"
    return f"{outcome.status} at step {outcome.steps:,}{best}{at}"
