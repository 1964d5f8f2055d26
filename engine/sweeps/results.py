"""The folder of a sweep: its plan, a run file for each run, and `results.csv` with a row for each run."""

from __future__ import annotations

import csv
import json
import math
import re
import stat
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from engine.errors import ConfigError, StorageError
from engine.export.csv_writer import write_table
from engine.runs.atomic_write import replacing, write_text
from engine.runs.safetensors_container import RUN_SUFFIX
from engine.sweeps.one_run import OutcomeStatus, RunOutcome
from engine.sweeps.plan import PlannedRun, Sweep, sweep_of

RESULTS, PLAN = "results.csv", "sweep.json"
_LARGEST_BYTES = {RESULTS: 200_000_000, PLAN: 20_000_000}  # with the most runs there can be, 100,000
_RUN_FILE = re.compile(rf"run-\d+{re.escape(RUN_SUFFIX)}")
_ENDED = (OutcomeStatus.DONE, OutcomeStatus.DIVERGED, OutcomeStatus.STOPPED_EARLY, OutcomeStatus.REFUSED)


def sweep_in(path: Path) -> Sweep:
    """The sweep in a folder. StorageError if there is none that can be read."""
    try:
        _require_plain_files(path)
        values = json.loads((path / PLAN).read_bytes())
        values.pop("fingerprint")
        return sweep_of(values, path)
    except OSError as error:
        raise StorageError(f"{path} holds no sweep ({error.strerror or error}).") from None
    except (ValueError, TypeError, LookupError, AttributeError, RecursionError, ConfigError) as error:
        raise StorageError(f"{path / PLAN}: is damaged ({error}).") from None


class SweepFolder:
    """The results so far, in memory and on disk. Every change is on disk before it is reported."""

    def __init__(self, path: Path, sweep: Sweep, fingerprint: str) -> None:
        """fingerprint: of the data. StorageError if the folder cannot be used, or holds another sweep."""
        self.path, self.runs = path, sweep.runs()
        self.outcomes: dict[int, RunOutcome] = {}
        plan = json.dumps({**sweep.to_json(), "fingerprint": fingerprint}, indent=1, ensure_ascii=False) + "\n"
        try:
            path.mkdir(parents=True, exist_ok=True)
            _require_plain_files(path)
            known = (path / PLAN).read_bytes() if (path / PLAN).exists() else None
            others = known is None and any(path.iterdir())
        except (OSError, ValueError) as error:  # ValueError: no path has a NUL
            why = (error.strerror if isinstance(error, OSError) else "") or error
            raise StorageError(f"{path}: cannot hold the results of a sweep ({why}).") from None
        if others:
            raise StorageError(f"{path} is not empty, and holds no sweep; name a new folder.")
        if known is None:
            write_text(path / PLAN, plan)
        elif known != plan.encode():
            raise StorageError(f"{path} holds a sweep of other settings or other data; name a new folder.")
        else:
            self._read()
        self._write()

    def has_ended(self, run: PlannedRun) -> bool:
        """Whether nothing is left to do for a run."""
        outcome = self.outcomes.get(run.number)
        return outcome is not None and outcome.status in _ENDED

    def begun(self, run: PlannedRun) -> bytes:
        """The run file of a run that has started, or nothing: a run whose file is unreadable starts over."""
        outcome = self.outcomes.get(run.number)
        if outcome is None or outcome.status is not OutcomeStatus.WAITING:
            return b""
        try:
            return (self.path / run.file_name).read_bytes()
        except OSError:
            return b""

    def take(self, *outcomes: RunOutcome) -> None:
        """Keep the outcomes of runs. StorageError if they cannot be written; they are remembered nevertheless."""
        for outcome in outcomes:
            self.outcomes[outcome.number] = replace(outcome, content=b"")
        for outcome in outcomes:
            if outcome.content:
                with replacing(self.path / self.runs[outcome.number - 1].file_name) as temporary:
                    temporary.write_bytes(outcome.content)
        if outcomes:
            self._write()

    def _write(self) -> None:
        write_table(self.path / RESULTS, self._rows())

    def _rows(self) -> Iterable[list[object]]:
        settings = list(dict.fromkeys(name for run in self.runs[:1] for name in run.settings))
        metrics = list(dict.fromkeys(name for outcome in self.outcomes.values() for name in outcome.metrics))
        yield [
            "run",
            *settings,
            "status",
            "best_validation_loss",
            "best_step",
            *metrics,
            "share",
            "steps",
            "seconds",
            "error",
            "file",
        ]
        for run in self.runs:
            one = self.outcomes.get(run.number)
            given = [run.settings[name] for name in settings]
            if one is None:
                yield [run.number, *given, "", "", "", *("" for _ in metrics), "", "", "", "", ""]
                continue
            values = [one.metrics.get(name, "") for name in metrics]
            best = ["" if value is None else value for value in (one.best, one.best_step)]
            file = run.file_name if (self.path / run.file_name).exists() else ""
            end = [round(one.share, 6), one.steps, round(one.seconds, 3), one.error, file]
            yield [run.number, *given, one.status, *best, *values, *end]

    def _read(self) -> None:
        """Read the results of an earlier call of the same sweep. A run with an unreadable row is trained again."""
        try:
            with (self.path / RESULTS).open(encoding="utf-8", newline="") as opened:
                rows = list(csv.DictReader(opened))
        except (OSError, csv.Error, UnicodeDecodeError):
            return
        given = self.runs[0].settings if self.runs else {}
        for row in rows:
            outcome = _outcome(row, given)
            if outcome is not None and 1 <= outcome.number <= len(self.runs):
                self.outcomes[outcome.number] = outcome


def _require_plain_files(path: Path) -> None:
    """StorageError if a file of the sweep is a link (which could redirect reads and writes anywhere), is not a regular
    file, or is larger than any sweep makes it. The folder may come from a stranger."""
    for entry in path.iterdir():
        most = _LARGEST_BYTES.get(entry.name)
        if most is None and not _RUN_FILE.fullmatch(entry.name):
            continue
        found = entry.lstat()
        if not stat.S_ISREG(found.st_mode):
            raise StorageError(f"{entry}: is a link or a folder; expected a file of the sweep.")
        if most is not None and found.st_size > most:
            raise StorageError(f"{entry}: has {found.st_size:,} bytes; expected at most {most:,}.")


def _outcome(row: Mapping[str, Any], given: Mapping[str, Any]) -> RunOutcome | None:
    ours = "run", "status", "best_validation_loss", "best_step", "share", "steps", "seconds", "error", "file"
    others = {*ours, *given}
    if None in row.values():  # the end of the row is missing
        return None
    try:
        outcome = RunOutcome(
            int(row["run"]),
            OutcomeStatus(row["status"]),
            float(row["best_validation_loss"]) if row["best_validation_loss"] else None,
            {name: float(value) for name, value in row.items() if name not in others and value},
            float(row["share"]),
            int(row["steps"]),
            float(row["seconds"]),
            row["error"],
            best_step=int(row["best_step"]) if row.get("best_step") else None,  # older tables lack it
        )
    except (KeyError, ValueError, TypeError):
        return None
    numbers = outcome.best or 0.0, outcome.share, outcome.seconds
    return outcome if all(map(math.isfinite, numbers)) else None
