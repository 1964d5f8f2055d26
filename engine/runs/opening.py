"""Opens anything that holds a trained network: a saved run, a folder exported for PyTorch, or weights from
elsewhere."""

from __future__ import annotations

import os
from pathlib import Path

from engine.data.dataset import Dataset
from engine.errors import StorageError
from engine.runs import safetensors_container
from engine.runs.others_weights import description_of, read_others
from engine.runs.pytorch_folder import CONFIG, is_exported, read_folder
from engine.runs.run import Run
from engine.runs.run_file import read_run
from engine.training.trainer import Trainer


def open_run(path: str | os.PathLike[str]) -> Run:
    """The run in a file or folder, without its data. StorageError if it holds no valid run.

    Only a run saved by Unroll has a `path`, a history, and an optimizer state from which it continues bit for bit.
    """
    return import_pytorch(path) if _from_elsewhere(Path(path)) else read_run(path)


def load_run(path: str | os.PathLike[str], dataset: Dataset | None = None, epochs: int | None = None) -> Trainer:
    """A trainer that continues a saved run.

    dataset: the data of the run; None reads it from its original place. epochs: the total number, if it is to change.
    StorageError for a damaged file, and for data that is missing or has changed; `open_run` opens a run without its
    data.
    """
    return open_run(path).trainer(dataset, epochs)


def is_run(path: str | os.PathLike[str]) -> bool:
    """Whether a path should be opened as a run rather than as data."""
    where = Path(path)
    try:
        if os.path.isdir(where):
            return is_exported(where) or description_of(where) is not None
    except OSError:
        return False
    return safetensors_container.is_run_file(where)


def is_saved_run(path: str | os.PathLike[str]) -> bool:
    """Whether the file is one of Unroll's own run files, to which a continued run may be saved again."""
    return not _from_elsewhere(Path(path)) and safetensors_container.is_run_file(path)


def import_pytorch(path: str | os.PathLike[str]) -> Run:
    """Import a folder that was exported for PyTorch, with the weights trained there, or a file of weights in such a
    folder or with a description beside it (docs/import.md). StorageError if something does not fit."""
    where = Path(path)
    is_folder = os.path.isdir(where)
    if not is_folder and not os.path.isfile(where):
        raise StorageError(f"{path}: there is no such file.")
    if is_exported(where) if is_folder else (where.parent / CONFIG).is_file():
        return read_folder(where)
    if description_of(where) is not None:
        return read_others(where)
    raise StorageError(
        f"{path}: no description of a network {'in this folder' if is_folder else 'beside these weights'}; expected "
        f"the {CONFIG} that Unroll exports, or a JSON file with the vocabulary as docs/import.md explains."
    )


def _from_elsewhere(path: Path) -> bool:
    return os.path.isdir(path) or (
        path.suffix.lower() == safetensors_container.WEIGHTS_SUFFIX and not safetensors_container.is_labelled(path)
    )
