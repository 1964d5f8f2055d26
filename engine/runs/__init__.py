"""Runs as files: saving, opening and continuing them."""

from __future__ import annotations

import os
from collections.abc import Sequence

from engine.data.dataset import Dataset
from engine.models.snapshot import Snapshot
from engine.runs.data_source import DataSource, outside
from engine.runs.opening import import_pytorch, is_run, is_saved_run, open_run
from engine.runs.run import Run
from engine.runs.run_file import write_run
from engine.runs.run_set import NamedRun, is_run_set, open_run_set, write_run_set
from engine.training.trainer import Trainer

__all__ = [
    "DataSource",
    "NamedRun",
    "Run",
    "import_pytorch",
    "is_run",
    "is_run_set",
    "is_saved_run",
    "load_run",
    "open_run",
    "open_run_set",
    "outside",
    "save_run",
    "write_run",
    "write_run_set",
]


def save_run(path: str | os.PathLike[str], trainer: Trainer, timeline: Sequence[Snapshot] = ()) -> None:
    """Save everything needed to continue a training run bit for bit. timeline: snapshots to keep with it.

    The file is replaced in one step: if anything fails, the old one stays. StorageError if it cannot be written.
    """
    write_run(path, Run.of(trainer, timeline))


def load_run(path: str | os.PathLike[str], dataset: Dataset | None = None, epochs: int | None = None) -> Trainer:
    """A trainer that continues a saved run.

    dataset: the data of the run; None reads it from its original place. epochs: the total number, if it is to change.
    StorageError for a damaged file, and for data that is missing or has changed; `open_run` opens a run without its
    data.
    """
    return open_run(path).trainer(dataset, epochs)
