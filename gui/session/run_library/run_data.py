"""The data of a saved run: found again, or represented only by its vocabularies."""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property, partial
from pathlib import Path
from types import MappingProxyType
from typing import Any

import engine
from engine.data.files.file_stamps import stamps_of
from engine.data.files.recognition import Recognition
from engine.data.report import Report
from engine.errors import OtherDataError
from engine.processes.shared_memory import share
from engine.runs.data_source import DataSource, in_words, may_be_there, on_another_machine, outside
from gui.session.found_columns import with_found


class Absence(StrEnum):
    """Why a run is without its data, as the window says it everywhere."""

    MISSING = "data missing"
    CHANGED = "data changed"
    UNUSABLE = "data unusable"
    UNKNOWN = "data unknown"
    NOT_READ = "data not read yet"
    NO_VALIDATION = "validation data missing"

    @property
    def remedy(self) -> str:
        """What to do about it, in a few words; "" if nothing can be done."""
        return _REMEDIES[self]

    @property
    def asks_for(self) -> str:
        """What has to be opened for the run to go on; "" if nothing helps."""
        return "" if self is Absence.UNKNOWN else "validation data" if self is Absence.NO_VALIDATION else "data"


_REMEDIES = {
    Absence.MISSING: "open the data to continue training",
    Absence.CHANGED: "start a new run to train on it",
    Absence.UNUSABLE: "open the data to continue training",
    Absence.UNKNOWN: "",
    Absence.NOT_READ: "allow reading it to continue training",
    Absence.NO_VALIDATION: "open the validation data to continue training",
}


@dataclass(frozen=True, eq=False)
class AbsentData(engine.Dataset):
    """Missing data: no rows, only what the run remembers about it."""

    longest_text: int = 0
    tunes: bool = False  # whether its texts were
    why: str = ""  # why the data is missing, in words
    state: Absence = Absence.MISSING  # the same in a word or two
    missing: str = ""  # where the file or folder was that is not there
    found: tuple[Path, ...] = ()  # where the data are now, if they have changed or only the validation data are missing

    @property
    def lacks_validation(self) -> bool:
        """Whether only the validation file or folder is not there."""
        return self.state is Absence.NO_VALIDATION

    @property
    def no_training(self) -> str:
        """Why the run cannot be trained, and what to do about it, in a sentence."""
        remedy = f"; {self.state.remedy}" if self.state.remedy else ""
        return f"This run cannot be trained: {self.state}{remedy}"

    @property
    def use(self) -> str:
        """What can be done without it, in a sentence: a network of series goes on from its own series unless another
        one is opened."""
        if self.kind.is_running and self.kind.reads_numbers:
            return "You can forecast other series: press “Open…” in Try it."
        return "You can use it."

    @cached_property
    def longest(self) -> int:
        """Number of symbols in the longest text that the network was made for."""
        return self.longest_text

    @cached_property
    def holds_tunes(self) -> bool:
        """Whether the network was trained on tunes."""
        return self.tunes


@dataclass(frozen=True)
class Whereabouts:
    """Where the user has found data that are not where a run names them. paths, validation: see `with_data`."""

    paths: tuple[Path, ...]
    validation: str = ""


@dataclass(frozen=True)
class ReadingAnew:
    """How to read the data of a run, as they are now, for a new one.

    paths: () for a sample. changes: the settings that are not the default. lost: the validation file or folder of the
    run, which is not there.
    """

    paths: tuple[Path, ...]
    changes: dict[str, Any]
    lost: str = ""


@dataclass(frozen=True)
class Found:
    """A run with its data. goes_on: whether that is its own, so that it can be trained further; else it can only be
    used."""

    run: engine.Run
    dataset: engine.Dataset
    goes_on: bool
    unasked: tuple[str, ...] = ()  # files that the run names, which are read only if the user agrees


class UnaskedError(engine.StorageError):
    """A run that also reads files which the user has never opened; it may, if the user agrees."""

    def __init__(self, names: Sequence[str]) -> None:
        super().__init__(f"This run also reads {in_words(names)}, which you have not opened here.")
        self.names = tuple(names)


def absent(run: engine.Run, why: str, state: Absence = Absence.MISSING, found: Sequence[Path] = ()) -> AbsentData:
    """A stand-in for the data of a run that cannot be found or used. found: see `AbsentData`."""
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
        dataclasses.replace(layout, how=f"{state.capitalize()}."),
        data.path or None,
        together=data.together,
        is_folder=data.folder,
        longest_text=run.snapshot.longest,
        tunes=data.tunes,
        why=why,
        state=state,
        missing=data.config.validation_file if state is Absence.NO_VALIDATION else data.path,
        found=tuple(found),
    )


def open_with_data(
    path: str | os.PathLike[str],
    at_hand: engine.Dataset | None,
    known: Collection[str] | None = None,
    moved: Mapping[str, Whereabouts] = MappingProxyType({}),
) -> Found:
    """A run with the current data if it was trained on it, else with its data read again, else without data.

    moved: where the user has found data, by their fingerprints. known: files outside the run's own folder that may be
    read if the run names them; None: all of them. A run may come from somebody else, who could otherwise make this
    machine read any file. StorageError for a file that is not a valid run.
    """
    return _with_its_data(engine.open_run(path), path, at_hand, known, moved)


def _with_its_data(
    run: engine.Run,
    path: str | os.PathLike[str] | None,
    at_hand: engine.Dataset | None,
    known: Collection[str] | None,
    moved: Mapping[str, Whereabouts] = MappingProxyType({}),
) -> Found:
    """The same of a run that has been read from `path`."""
    own = at_hand is not None and len(at_hand.train) > 0 and at_hand.fingerprint == run.data.fingerprint
    # Whether the user agrees makes no difference to files that are gone, nor to the others if those are the data.
    unasked = tuple(filter(may_be_there, _unasked(run, path, known)))
    if unasked and (own or _may_be_found(run)):
        why = f"Training needs files that you have not opened here: {in_words(unasked)}."
        return Found(run, absent(run, why, Absence.NOT_READ), False, unasked)
    if at_hand is not None and own:
        return _found(run, at_hand)
    try:
        dataset = share(run.data.load(path))
    except engine.StorageError as error:
        again = _found_again(run, moved.get(run.data.fingerprint), known or ())
        return again or Found(run, _refused(run, error), False)
    return _found(run, dataset)


def changed_files(dataset: engine.Dataset) -> tuple[str, ...]:
    """The files and folders of data in memory that hold other data by now; () if they are gone, and there is nothing
    else to train on."""
    now = stamps_of(path for path, _ in dataset.stamps)
    changed = tuple(path for path, stamps in dataset.stamps if (path, stamps) not in now)
    if not changed or not all(map(os.path.exists, changed)):
        return ()
    try:
        DataSource.of(dataset).load()
    except (engine.UnrollError, OSError):
        return changed
    return ()  # they were only written again


def _refused(run: engine.Run, error: Exception) -> AbsentData:
    """A stand-in for data that could not be had, and what is the matter with them: there once were some that could."""
    places = run.data.found(run.path)
    if not run.data.fingerprint:
        return absent(run, str(error), Absence.UNKNOWN)
    if run.data.sample not in engine.SAMPLES and not places:
        return absent(run, str(error))
    if run.data.lacks_validation(run.path):
        return absent(run, str(error), Absence.NO_VALIDATION)
    if isinstance(error, OtherDataError):
        return absent(run, str(error), Absence.CHANGED, places)
    return absent(run, str(error), Absence.UNUSABLE)


def _found_again(run: engine.Run, place: Whereabouts | None, known: Collection[str]) -> Found | None:
    """A run with its data from where the user has found them before; None if they are not there any more."""
    if place is not None:
        with suppress(engine.UnrollError, OSError):
            return with_data(run, place.paths, known, place.validation)
    return None


def _may_be_found(run: engine.Run) -> bool:
    """Whether the data of a run, without those held out, are in their place or beside the run, as far as that is known
    without asking other machines."""
    data = run.data
    return data.sample in engine.SAMPLES or bool(data.found(run.path)) or any(map(on_another_machine, data.paths))


def _unasked(run: engine.Run, path: str | os.PathLike[str] | None, known: Collection[str] | None) -> tuple[str, ...]:
    """Files outside the run's own folder that it names and the user has never opened."""
    if known is None:
        return ()
    return _unknown(run.files, path, known)


def _unknown(names: Sequence[str], path: str | os.PathLike[str] | None, known: Collection[str]) -> tuple[str, ...]:
    """Those of the files that are neither known nor in the folder of the run, if that is a file at `path`."""
    elsewhere = names if path is None else outside(names, path)
    return tuple(name for name in elsewhere if os.path.abspath(name) not in known)


def with_data(
    run: engine.Run, paths: Sequence[str | os.PathLike[str]], known: Collection[str], validation: str = ""
) -> Found:
    """A run with its data from the files the user chose; without them if only the validation data are missing.
    UnrollError if the files cannot be read or are different data, UnaskedError if others are needed as well.

    paths: () for those where the data was. known: as in `open_with_data`. validation: the validation file or folder, if
    the user chose that too; one that is not where it was is first looked for beside the data.
    """
    from engine.runs.training_rows import check_training_rows  # only of data that were moved

    data = run.data
    places = (tuple(map(Path, data.whole(paths))) if paths else ()) or data.found(run.path)
    if not places:
        raise engine.StorageError(f"{data.needed}; open {'them' if data.together else 'it'} to continue training.")
    settings, usual = data.settings_at(run.path, *places), data.settings_at(run.path).validation_file
    if not validation and settings.validation_file != usual and _is_own(run, places, settings):
        validation = settings.validation_file  # it lies beside the data
    settings = dataclasses.replace(settings, validation_file=validation or usual)
    held_out = settings.validation_file
    # One on another machine is not looked for, but read if the user agrees.
    lacking = not validation and data.lacks_validation(run.path) and not on_another_machine(held_out)
    besides = ["" if lacking or validation else held_out, run.snapshot.config.vectors]
    unasked = _unknown([name for name in besides if name], run.path, known)
    if lacking or held_out in unasked:  # a wrong file is told before anything else is asked for
        check_training_rows(run, places, settings)
    elif unasked:
        data.check(data.read(places, settings))
    if unasked:
        raise UnaskedError(unasked)
    if lacking:
        why = f"{data.validation_needed}; open it to continue training."
        return Found(run, absent(run, why, Absence.NO_VALIDATION, places), False)
    return _found(run, share(data.read(places, settings)))


def _is_own(run: engine.Run, places: Sequence[Path], settings: engine.DataConfig) -> bool:
    """Whether these files, read with these settings, are the data of a run."""
    with suppress(engine.UnrollError):
        run.data.check(run.data.read(places, settings))
        return True
    return False


def reading_anew(
    run: engine.Run,
    paths: Sequence[str | os.PathLike[str]],
    known: Collection[str],
    validation: str | None = None,
) -> ReadingAnew:
    """How to read data for a new run like this one: with its validation file and its settings. StorageError if the
    files are not there, UnaskedError if others are needed as well.

    paths, known: as in `with_data`. validation: another validation file or folder; "": none.
    """
    data = run.data
    places = tuple(map(Path, data.whole(paths))) if paths else data.found(run.path)
    if not places and data.sample not in engine.SAMPLES:
        raise engine.StorageError(f"The data {data.name!r} is no longer there.")
    settings = data.settings_at(run.path, *places)
    lost = ""
    if validation is not None:
        settings = dataclasses.replace(settings, validation_file=validation)
    elif data.lacks_validation(run.path, *places) and not on_another_machine(settings.validation_file):
        lost = settings.validation_file
    besides = ["" if validation or lost else settings.validation_file, settings.test_file, run.snapshot.config.vectors]
    unasked = _unknown([name for name in besides if name and may_be_there(name)], run.path, known)
    if unasked:
        raise UnaskedError(unasked)
    sheet = with_found(dataclasses.replace(data, config=settings), ["sheet"])
    return ReadingAnew(() if data.sample in engine.SAMPLES else places, changed_settings(sheet.config), lost)


def bring_back(
    saved: engine.Run | Path,
    at_hand: engine.Dataset | None,
    load: Callable[[], engine.Dataset] | None,
    known: Collection[str] | None,
    moved: Whereabouts | None = None,
) -> Found:
    """A kept run with its data: `at_hand` if given, else what `load` reads, else read again from the original files.

    known: None if the run had its data when it was kept. If not, it came from a file, and its data are looked for where
    the user has found them since, `moved`, or else as if that file were opened; see `open_with_data`.
    """
    run = saved if isinstance(saved, engine.Run) else engine.open_run(saved)
    if known is not None:
        return _found_again(run, moved, known) or _with_its_data(run, run.path, None, known)
    try:
        dataset = at_hand or share(run.data.load(run.path) if load is None else load())
        return _found(run, dataset)
    except (engine.UnrollError, OSError) as error:
        return Found(run, _refused(run, error), False)


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
