"""Several runs in one file: a zip archive, not compressed, of run files and a list of their names.

    runs.json       {"format": "unroll-runs", "runs": [{"name": "LSTM 64", "file": "run-1.unroll"}, …]}
    run-1.unroll    as `run_file` writes it

Each run is opened by the reader of single runs. Members are neither compressed nor encrypted, so nothing larger than
the archive is ever unpacked, and they are found only by the names in the list.
"""

from __future__ import annotations

import dataclasses
import json
import os
import shutil
import tempfile
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from engine.errors import StorageError
from engine.runs.atomic_write import replacing
from engine.runs.json_fields import Fields
from engine.runs.run import Run
from engine.runs.run_file import read_run, write_run
from engine.runs.safetensors_container import RUN_SUFFIX

FORMAT, LIST = "unroll-runs", "runs.json"
MOST_RUNS, LONGEST_NAME = 50, 200
_LARGEST_LIST_BYTES = 1_000_000
_CHUNK_BYTES = 1 << 20


@dataclass(frozen=True, eq=False)
class NamedRun:
    """A run and its name."""

    name: str
    run: Run


def write_run_set(path: str | os.PathLike[str], runs: Sequence[NamedRun]) -> None:
    """Write runs into one file, replacing it in one step. StorageError as for `write_run`."""
    files = [f"run-{number}{RUN_SUFFIX}" for number in range(1, len(runs) + 1)]
    listed = [{"name": named.name, "file": file} for named, file in zip(runs, files, strict=True)]
    with replacing(path) as temporary, zipfile.ZipFile(temporary, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr(LIST, json.dumps({"format": FORMAT, "runs": listed}, ensure_ascii=False, indent=1))
        with tempfile.TemporaryDirectory(prefix="unroll-") as folder:
            for named, file in zip(runs, files, strict=True):
                write_run(Path(folder, file), named.run)
                archive.write(Path(folder, file), file)
                Path(folder, file).unlink()


def is_run_set(path: str | os.PathLike[str]) -> bool:
    """Whether a file claims to hold several runs."""
    if not os.path.isfile(path):
        return False
    try:
        with zipfile.ZipFile(path) as archive:
            return LIST in archive.namelist()
    except (OSError, ValueError, zipfile.BadZipFile, NotImplementedError):
        return False


def open_run_set(path: str | os.PathLike[str]) -> list[NamedRun]:
    """Read all runs of a file, without their data. StorageError for anything but an undamaged file of this form."""
    if not os.path.isfile(path):  # opening a pipe would wait
        raise StorageError(f"{path}: there is no such file.")
    try:
        with zipfile.ZipFile(path) as archive:
            return [NamedRun(name, _open(archive, file)) for name, file in _listed(archive)]
    except StorageError as error:
        raise StorageError(f"{path}: {error}") from None
    except OSError as error:
        raise StorageError(f"{path}: cannot be read ({error.strerror or error}).") from None
    except (zipfile.BadZipFile, EOFError):
        raise StorageError(f"{path}: not a file of several runs, or a damaged one, perhaps cut off.") from None
    except (ValueError, TypeError, KeyError, RuntimeError, RecursionError) as error:
        raise StorageError(f"{path}: damaged, or without runs ({error}).") from None


def _listed(archive: zipfile.ZipFile) -> list[tuple[str, str]]:
    """Name and file of each run."""
    if _info(archive, LIST).file_size > _LARGEST_LIST_BYTES:
        raise ValueError("its list of runs is too long")
    fields = Fields(json.loads(_bytes(archive, LIST).decode("utf-8")))
    if fields.text("format") != FORMAT:
        raise ValueError(f"its format is {fields.text('format')!r}, expected {FORMAT!r}")
    entries = fields.raw("runs")
    if not isinstance(entries, list) or not 1 <= len(entries) <= MOST_RUNS:
        raise ValueError(f"it lists no runs, or more than {MOST_RUNS}")
    each = [Fields(entry, "runs") for entry in entries]
    files = [one.text("file") for one in each]
    if len(set(files)) < len(files):  # or a small file could take as much memory as many
        raise ValueError("it lists the same run twice")
    return [(" ".join(one.text("name").split())[:LONGEST_NAME], one.text("file")) for one in each]


def _open(archive: zipfile.ZipFile, file: str) -> Run:
    """A run by the name of its member, which is never used as a path."""
    with tempfile.TemporaryDirectory(prefix="unroll-") as folder:
        copy = Path(folder, "run")
        with _member(archive, file) as packed, copy.open("wb") as unpacked:
            shutil.copyfileobj(packed, unpacked, _CHUNK_BYTES)
        try:
            return dataclasses.replace(read_run(copy), path=None)
        except StorageError as error:
            raise StorageError(str(error).replace(str(copy), file)) from None


def _bytes(archive: zipfile.ZipFile, file: str) -> bytes:
    with _member(archive, file) as packed:
        return packed.read()


def _info(archive: zipfile.ZipFile, file: str) -> zipfile.ZipInfo:
    try:
        return archive.getinfo(file)
    except KeyError:
        raise ValueError(f"it has no file {file}") from None


def _member(archive: zipfile.ZipFile, file: str) -> zipfile.ZipExtFile:
    found = _info(archive, file)
    if found.compress_type != zipfile.ZIP_STORED or found.flag_bits & 1:
        raise ValueError(f"{file} is compressed or encrypted")
    opened = archive.open(found)
    assert isinstance(opened, zipfile.ZipExtFile)
    return opened
