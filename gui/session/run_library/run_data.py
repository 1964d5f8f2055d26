"""The data of a saved run: found again, or represented only by its vocabularies."""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path
from typing import Any

import engine
from engine.data.files.recognition import Recognition
from engine.data.report import Report
from engine.processes.shared_memory import share
from engine.runs.data_source import DataSource, in_words, outside

NO_DATA = "Training needs its data, which was missing or had changed when the run was opened."
MISSING, CHANGED, NOT_READ = "missing", "changed since the training", "not read yet"


@dataclass(frozen=True, eq=False)
class AbsentData(engine.Dataset):
    """Missing data: no rows, only what the run remembers about it."""

    longest_text: int = 0
    why: str = ""  # why the data is missing, in words
    state: str = MISSING  # the same in a word or two

    @cached_property
    def longest(self) -> int:
        """Number of symbols in the longest text that the network was made for."""
        return self.longest_text


@dataclass(frozen=True)
class Found:
    """A run with its data. goes_on: whether that is its own, so that it can be trained further; else it can only be
    used."""

    run: engine.Run
    dataset: engine.Dataset
    goes_on: bool
    unasked: tuple[str, ...] = ()  # files that the run names, which are read only if the user agrees


def absent(run: engine.Run, why: str, state: str = MISSING) -> AbsentData:
    """A stand-in for the data of a run that cannot be found or used."""
    codec, data = run.snapshot.codec, run.data
    layout = data.layout or Recognition("", codec.kind, "")
    none = engine.Examples.of(codec, ())
    return AbsentData(
        data.name,
        codec.kind,
        codec,
        none,
        none,
        Report(),
        data.config,
        dataclasses.replace(layout, reason=f"The data of this run is {state}."),
        data.path or None,
        together=data.together,
        longest_text=run.snapshot.longest,
        why=why,
        state=state,
    )


def open_with_data(
    path: str | os.PathLike[str], at_hand: engine.Dataset | None, known: Collection[str] | None = None
) -> Found:
    """A run with the current data if it was trained on it, else with its data read again, else without data.

    known: files outside the run's own folder that may be read if the run names them; None: all of them. A run may come
    from somebody else, who could otherwise make this machine read any file. StorageError for a file that is not a
    valid run.
    """
    run = engine.open_run(path)
    unasked = _unasked(run, path, known)
    if unasked:
        why = f"Training needs files that you have not opened here: {in_words(unasked)}."
        return Found(run, absent(run, why, NOT_READ), False, unasked)
    if at_hand is not None and len(at_hand.train) and at_hand.fingerprint == run.data.fingerprint:
        return _found(run, at_hand)
    try:
        dataset = share(run.data.load(path))
    except engine.StorageError as error:
        return Found(run, absent(run, str(error), _state(run)), False)
    return _found(run, dataset)


def _state(run: engine.Run) -> str:
    """What is the matter with data that cannot be used, in a word or two: there once was some that could."""
    return CHANGED if run.data.sample in engine.SAMPLES or run.data.found(run.path) else MISSING


def _unasked(run: engine.Run, path: str | os.PathLike[str], known: Collection[str] | None) -> tuple[str, ...]:
    """Files outside the run's own folder that it names and the user has never opened."""
    if known is None:
        return ()
    return tuple(name for name in outside(run.files, path) if name not in known)


def with_data(run: engine.Run, paths: Sequence[str | os.PathLike[str]], known: Collection[str] | None = None) -> Found:
    """A run with its data from the files the user chose. UnrollError if they cannot be read or are different data."""
    config = run.data.config
    besides = [name for name in (config.validation_file, run.snapshot.config.vectors) if name]
    if besides and known is not None and not set(besides) <= {*known}:
        raise engine.StorageError(
            f"This run also reads {' and '.join(besides)}. Open the run again and agree to that, or train a new one."
        )
    return _found(run, share(run.data.read(paths)))


def bring_back(
    saved: engine.Run | Path, at_hand: engine.Dataset | None, load: Callable[[], engine.Dataset] | None, trains: bool
) -> Found:
    """A kept run with its data: `at_hand` if given, else what `load` reads, else read again from the original files.

    trains: whether the run had its data when it was kept. If not, it is not looked for, because the run came from a
    file whose paths the user has not agreed to.
    """
    run = saved if isinstance(saved, engine.Run) else engine.open_run(saved)
    if not trains:
        return Found(run, absent(run, NO_DATA), False)
    try:
        dataset = at_hand or share(run.data.load(run.path) if load is None else load())
        return _found(run, dataset)
    except (engine.UnrollError, OSError) as error:
        return Found(run, absent(run, str(error), _state(run)), False)


def _found(run: engine.Run, dataset: engine.Dataset) -> Found:
    run.trainer(dataset)  # StorageError if the run does not fit this data: now, not when the current run is gone
    return Found(run, dataset, True)


def again_for(data: DataSource, dataset: engine.Dataset) -> Callable[..., engine.Dataset] | None:
    """How to read this data again, with other settings."""
    if data.sample in engine.SAMPLES:
        return partial(engine.load_sample, data.sample)
    paths = dataset.paths
    return partial(engine.load_dataset, paths if len(paths) > 1 else paths[0]) if paths else None


def changed_settings(config: engine.DataConfig) -> dict[str, Any]:
    """The settings that differ from the default."""
    values = ((field.name, getattr(config, field.name), field.default) for field in dataclasses.fields(config))
    return {name: value for name, value, default in values if value != default}
