"""Runs as files: saving, opening and continuing them."""

from __future__ import annotations

import os
from collections.abc import Sequence

from engine.data.dataset import Dataset
from engine.models.snapshot import Snapshot
from engine.runs.data_source import DataSource
from engine.runs.run import Run
from engine.runs.run_file import open_run, write_run
from engine.runs.safetensors_container import is_run
from engine.training.trainer import Trainer

__all__ = [
    "DataSource",
    "Run",
    "is_run",
    "load_run",
    "open_run",
    "save_run",
    "write_run",
]


def save_run(path: str | os.PathLike[str], trainer: Trainer, timeline: Sequence[Snapshot] = ()) -> None:
    """Write all that it takes to go on with a training bit for bit; `timeline` keeps moments of it.

    The file is its old self or the new one, whole, whatever happens meanwhile. StorageError if it cannot be written.
    """
    write_run(path, Run.of(trainer, timeline))


def load_run(path: str | os.PathLike[str], dataset: Dataset | None = None, epochs: int | None = None) -> Trainer:
    """A training that goes on where it was saved.

    dataset: the data of the run; None reads them again from where they were. epochs: how many in all, if another
    number than before. StorageError for a file that cannot be trusted, and for data that are missing or not the same;
    `open_run` opens a run without its data.
    """
    return open_run(path).trainer(dataset, epochs)
