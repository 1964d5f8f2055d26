"""Where the data of a run came from, and how to find it again."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from engine.data.data_config import AUTO, DataConfig
from engine.data.dataset import Dataset
from engine.data.load_sample import load_sample
from engine.data.samples import SAMPLES
from engine.errors import StorageError, UnrollError
from engine.runs.json_fields import Fields

_UNKNOWN = "The training data of this network is unknown, so it can be used but not trained further."


@dataclass(frozen=True)
class DataSource:
    """Name, origin and fingerprint of a data set; the data itself is not saved with a run.

    sample: key in SAMPLES, or "". path: of the file or folder; "" if the data came from Python or from several
    files. fingerprint: "" if the data is unknown.
    """

    name: str
    sample: str
    path: str
    fingerprint: str
    config: DataConfig

    @classmethod
    def of(cls, dataset: Dataset) -> Self:
        """The source of a data set."""
        sample = dataset.name if dataset.path is None and dataset.name in SAMPLES else ""
        several = dataset.recognition.form == "parallel"
        path = "" if dataset.path is None or several else os.path.abspath(dataset.path)
        return cls(dataset.name, sample, path, dataset.fingerprint, dataset.config)

    def to_json(self) -> dict[str, Any]:
        """As a JSON object."""
        return {
            "name": self.name,
            "sample": self.sample,
            "path": self.path,
            "fingerprint": self.fingerprint,
            "config": self.config.to_json(),
        }

    @classmethod
    def from_json(cls, values: object) -> Self:
        """The source that a run's JSON describes; ValueError or ConfigError if it describes none."""
        fields = Fields(values, "data")
        config = DataConfig.from_json(fields.raw("config"))
        return cls(fields.text("name"), fields.text("sample"), fields.text("path"), fields.text("fingerprint"), config)

    def load(self, run_path: str | os.PathLike[str] | None = None) -> Dataset:
        """Load the data: the sample, the file where it was, or a file of the same name beside the run.

        StorageError if it is not there, cannot be read, or has changed.
        """
        try:
            dataset = self._load(run_path)
        except StorageError:
            raise
        except UnrollError as error:
            raise StorageError(f"The data of this run, {self.name!r}, cannot be read again. {error}") from error
        self.check(dataset)
        return dataset

    def _load(self, run_path: str | os.PathLike[str] | None) -> Dataset:
        if not self.fingerprint:
            raise StorageError(_UNKNOWN)
        if self.sample in SAMPLES:
            unit = None if self.config.unit == AUTO else self.config.unit
            return load_sample(self.sample, config=self.config, unit=unit)
        if on_another_machine(self.config.validation_file):
            raise StorageError(
                f"The validation file of this run, {self.config.validation_file}, is on another machine and is not "
                f"read automatically; open the data to continue training."
            )
        from engine.data.load import load_dataset  # reads files of all forms; a sample needs none of that

        for path in self._places(run_path):
            if _is_there(path):
                return load_dataset(path, config=self.config)
        where = f" ({self.path} is not there)" if self.path else ""
        raise StorageError(f"Continuing this run needs the data {self.name!r}{where}; open it to continue training.")

    @property
    def files(self) -> tuple[str, ...]:
        """The files that are read when the data is loaded again: the data itself, a validation file, a test file."""
        own = "" if self.sample in SAMPLES else self.path
        return tuple(path for path in (own, self.config.validation_file, self.config.test_file) if path)

    def _places(self, run_path: str | os.PathLike[str] | None) -> list[Path]:
        """Where the file may be. Excludes network shares, so that a run from a stranger cannot make this machine
        contact another one."""
        if not self.path or "\x00" in self.path:
            return []
        places = [] if on_another_machine(self.path) else [Path(self.path)]
        beside = None if run_path is None else self.beside(run_path)
        return places if beside is None else [*places, beside]

    def beside(self, run_path: str | os.PathLike[str]) -> Path | None:
        """The place of the data in the run's own folder; None for data without a file."""
        name = file_name(self.path)
        return None if name in ("", ".", "..") or self.sample in SAMPLES else Path(run_path).absolute().parent / name

    def check(self, dataset: Dataset) -> None:
        """StorageError unless this is the data that the run was trained on, split the same way."""
        if not self.fingerprint:
            raise StorageError(_UNKNOWN)
        if dataset.fingerprint != self.fingerprint:
            raise StorageError(
                f"The data {dataset.name!r} is not that of this run: examples, symbols or the split have changed "
                f"(fingerprint {dataset.fingerprint}, expected {self.fingerprint}). To train on it, start a new run."
            )


def outside(names: Iterable[str], run_path: str | os.PathLike[str]) -> tuple[str, ...]:
    """The files named by a run that lie outside its own folder.

    A run may come from a stranger, who must not be able to make this machine read arbitrary files.
    """
    folder = Path(run_path).absolute().parent
    return tuple(name for name in names if folder not in Path(os.path.abspath(name)).parents)


def file_name(path: str) -> str:
    """The last part of a path from any operating system."""
    return path.replace("\\", "/").rsplit("/", 1)[-1]


def on_another_machine(path: str) -> bool:
    """Whether a path names a network share. Windows takes either slash in either place."""
    return path.replace("\\", "/").startswith("//")


def _is_there(path: Path) -> bool:
    """Whether the path can be read as data. A path in a run from a stranger may be too long for any file system."""
    try:
        return path.is_file() or path.is_dir()
    except OSError:
        return False
