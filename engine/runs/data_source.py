"""Where the data of a run came from, and how to find it again."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final, Self

from engine.data.codec import Kind
from engine.data.data_config import AUTO, FORM_CHOICES, DataConfig
from engine.data.dataset import Dataset
from engine.data.files.recognition import Recognition
from engine.data.load_sample import load_sample
from engine.data.samples import SAMPLES
from engine.errors import DataError, OtherDataError, StorageError, UnrollError
from engine.runs.json_fields import Fields

_UNKNOWN = "The training data of this network is unknown, so it can be used but not trained further."
HELD_OUT: Final = ("validation_file", "test_file")  # settings that name a file or folder
_MOST_NAMES = 3  # of files, in a sentence


@dataclass(frozen=True)
class DataSource:
    """Name, origin and fingerprint of a data set; the data itself is not saved with a run.

    sample: key in SAMPLES, or "". path: of the file or folder; "" if the data came from Python or from several
    files, which are `together`, in their order. fingerprint: "" if the data is unknown. layout: which columns of a
    table were read, and which of several sheets, without what is in them; None for other data. folder: whether `path`
    is a folder. tunes: whether the texts are tunes. Runs that were saved before these four were kept have none of them;
    their folder is recognised by its name.
    """

    name: str
    sample: str
    path: str
    fingerprint: str
    config: DataConfig
    layout: Recognition | None = None
    together: tuple[str, ...] = ()
    folder: bool = False
    tunes: bool = False

    @classmethod
    def of(cls, dataset: Dataset) -> Self:
        """The source of a data set."""
        sample = dataset.name if dataset.path is None and dataset.name in SAMPLES else ""
        path = "" if dataset.path is None else os.path.abspath(dataset.path)
        together = tuple(map(os.path.abspath, dataset.together))
        layout = _layout(dataset.recognition)
        named = {name: getattr(dataset.config, name) for name in HELD_OUT}
        places: dict[str, Any] = {name: os.path.abspath(path) for name, path in named.items() if path}
        config = replace(dataset.config, **places)
        return cls(dataset.name, sample, path, dataset.fingerprint, config, layout, together, dataset.is_folder,
                   dataset.holds_tunes)  # fmt: skip

    def to_json(self) -> dict[str, Any]:
        """As a JSON object."""
        return {
            "name": self.name,
            "sample": self.sample,
            "path": self.path,
            "together": [*self.together],
            "folder": self.folder,
            "tunes": self.tunes,
            "fingerprint": self.fingerprint,
            "config": self.config.to_json(),
            "table": None if self.layout is None else _layout_json(self.layout),
        }

    @classmethod
    def from_json(cls, values: object) -> Self:
        """The source that a run's JSON describes; ValueError or ConfigError if it describes none."""
        fields = Fields(values, "data")
        config = DataConfig.from_json(fields.raw("config"))
        names = fields.text("name"), fields.text("sample"), fields.text("path"), fields.text("fingerprint")
        layout = fields.raw("table") if "table" in fields.names else None
        together = fields.raw("together") if "together" in fields.names else []
        if not isinstance(together, list) or not all(isinstance(path, str) for path in together):
            raise ValueError("together is not a list of strings")
        table = None if layout is None else _layout_of(Fields(layout, "table"))
        folder = fields.flag("folder") if "folder" in fields.names else _is_named_like_a_folder(names[2])
        tunes = fields.flag("tunes") if "tunes" in fields.names else False
        return cls(*names, config, table, tuple(together), folder, tunes)

    def load(self, run_path: str | os.PathLike[str] | None = None) -> Dataset:
        """Load the data: the sample, the files where they were, or files of the same names beside the run.

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
        paths = self.found(run_path)
        if not paths:
            raise StorageError(f"{self.needed}; open {'them' if self.together else 'it'} to continue training.")
        if self.lacks_validation(run_path):
            raise StorageError(f"{self.validation_needed}; open it to continue training.")
        return self.read(paths, self.settings_at(run_path))

    def read(
        self,
        paths: Sequence[str | os.PathLike[str]],
        config: DataConfig | None = None,
        fits: Callable[[Dataset], bool] | None = None,
    ) -> Dataset:
        """The data in these files, in the columns that the run was trained on, even where such a file is recognised
        otherwise today; for files that hold other data, see `check`. config: the settings, if not those of the run.
        fits: whether data are those of the run, if the fingerprint cannot tell."""
        from engine.data.load import load_dataset  # reads files of all forms; a sample needs none of that

        settings, files = config or self.config, self.whole(paths)
        given = files if len(files) > 1 else files[0]
        fits = fits or self._is_own
        try:
            dataset = load_dataset(given, config=settings)
        except UnrollError:
            before = self._read_as_before(given, settings, fits)
            if before is None:
                raise
            return before
        before = None if fits(dataset) else self._read_as_before(given, settings, fits)
        return dataset if before is None else before

    def whole(self, paths: Sequence[str | os.PathLike[str]]) -> Sequence[str | os.PathLike[str]]:
        """The files to read where these were chosen: if the data were in several files and one of them was chosen, the
        others are found beside it. StorageError if they are not there."""
        if len(self.together) < 2 or len(paths) != 1:
            return paths
        from engine.data.files.readers import READERS

        names, chosen = [file_name(path) for path in self.together], Path(paths[0])
        try:
            files = READERS[self.layout.form].members([chosen], self.layout) if self.layout is not None else [chosen]
        except DataError:  # the other side is not there
            files = []
        if chosen.name in names and len(files) < 2:
            files = [chosen.with_name(name) for name in dict.fromkeys(names)]
            files = files if len(files) == len(names) and all(map(_is_there, files)) else []
        if not files:
            every = "both files" if len(names) == 2 else f"all {len(names):,} files"
            raise StorageError(f"“{chosen.name}” is one of several; choose {every} ({in_words(names)}) together.")
        return files

    def _is_own(self, dataset: Dataset) -> bool:
        return dataset.fingerprint == self.fingerprint

    def _read_as_before(
        self,
        given: str | os.PathLike[str] | Sequence[str | os.PathLike[str]],
        settings: DataConfig,
        fits: Callable[[Dataset], bool],
    ) -> Dataset | None:
        """The data of the run, read in its form and columns; None if the files hold other data."""
        from engine.data.load import load_dataset

        if self.layout is None:
            return None
        found = self.layout
        before = replace(settings, form=found.form, kind=found.kind, source_column=found.source_column,
                         target_column=found.target_column, sheet=found.sheet or settings.sheet)  # fmt: skip
        for header in dict.fromkeys((settings.header, "yes" if found.has_header else "no")):
            with suppress(UnrollError):
                dataset = load_dataset(given, config=replace(before, header=header))
                if fits(dataset):
                    return dataset
        return None

    @property
    def needed(self) -> str:
        """What continuing the run needs, and where that is not, as the beginning of a sentence."""
        if self.together:
            return f"Continuing this run needs the files {self.names} (not in {os.path.dirname(self.together[0])})"
        where = f" ({self.path} is not there)" if self.path else ""
        return f"Continuing this run needs the data {self.name!r}{where}"

    @property
    def validation_needed(self) -> str:
        """The same of the validation file or folder."""
        path = self.config.validation_file
        where = "is on another machine and is not read automatically" if on_another_machine(path) else "is not there"
        return f"Continuing this run needs its validation data, {file_name(path)!r} ({path} {where})"

    def settings_at(self, *near: str | os.PathLike[str] | None) -> DataConfig:
        """The settings with the validation file and the test file at their places of today, if they have any: where
        they were, or else beside one of the files `near`, such as the run, as in `found`."""
        now: dict[str, Any] = {
            name: place for name in HELD_OUT if (place := _found_one(getattr(self.config, name), near))
        }
        return replace(self.config, **now)

    def lacks_validation(self, *near: str | os.PathLike[str] | None) -> bool:
        """Whether the validation file or folder is in none of these places. One on another machine is looked for only
        beside the files `near`."""
        path = "" if self.sample in SAMPLES else self.config.validation_file
        return bool(path) and not _found_one(path, near)

    @property
    def names(self) -> str:
        """The names of the files, in words; that of the data if they are unknown."""
        return in_words([*map(file_name, self.paths)]) or self.name

    @property
    def paths(self) -> tuple[str, ...]:
        """The file or folder, or the files that belong together; empty for a sample and for data from Python."""
        own = (self.path,) if self.path else self.together
        return () if self.sample in SAMPLES else own

    @property
    def files(self) -> tuple[str, ...]:
        """The files that are read when the data is loaded again: the data itself, a validation file, a test file."""
        return tuple(path for path in (*self.paths, self.config.validation_file, self.config.test_file) if path)

    def found(self, run_path: str | os.PathLike[str] | None = None) -> tuple[Path, ...]:
        """The files where they were, or else beside the run; () unless all of them are there. Network shares are left
        out, so that a run from a stranger cannot make this machine contact another one."""
        if any("\x00" in path for path in self.paths):
            return ()
        before = () if any(map(on_another_machine, self.paths)) else tuple(map(Path, self.paths))
        own = () if run_path is None else beside(self.paths, run_path)
        return next((place for place in (before, own) if place and all(map(_is_there, place))), ())

    def check(self, dataset: Dataset) -> None:
        """OtherDataError unless this is the data that the run was trained on, split the same way."""
        if not self.fingerprint:
            raise StorageError(_UNKNOWN)
        if not self._is_own(dataset):
            raise OtherDataError(
                f"The data {dataset.name!r} is not that of this run: its examples, symbols or split have "
                "changed. To train on it, start a new run."
            )


def _layout(found: Recognition) -> Recognition | None:
    """How columns were read, without the first values of each; None if the data has none."""
    if not found.columns:
        return None
    return Recognition(found.form, found.kind, "", found.columns, (), found.source_column, found.target_column,
                       found.delimiter, has_header=found.has_header, encoding=found.encoding,
                       sheet=found.one_of_sheets)  # fmt: skip


def _layout_json(layout: Recognition) -> dict[str, Any]:
    return {
        "form": layout.form,
        "kind": layout.kind,
        "columns": list(layout.columns),
        "source": layout.source_column,
        "target": layout.target_column,
        "delimiter": layout.delimiter,
        "has_header": layout.has_header,
        "encoding": layout.encoding,
        "sheet": layout.sheet,
    }


def _layout_of(fields: Fields) -> Recognition:
    """The reverse of `_layout_json`; ValueError for columns that do not exist."""
    columns = fields.raw("columns")
    if not isinstance(columns, list) or not all(isinstance(name, str) for name in columns):
        raise ValueError("columns is not a list of strings")
    form, kind = fields.text("form"), Kind(fields.text("kind"))
    source, target, delimiter = fields.text("source"), fields.text("target"), fields.text("delimiter")
    has_header = fields.flag("has_header")
    # Older runs do not name these two.
    sheet, encoding = (fields.text(name) if name in fields.names else "" for name in ("sheet", "encoding"))
    layout = Recognition(form, kind, "", tuple(columns), (), source, target, delimiter, has_header=has_header,
                         encoding=encoding, sheet=sheet)  # fmt: skip
    if form not in FORM_CHOICES or not layout.read <= {*columns}:
        raise ValueError("table names a form or columns that do not exist")
    return layout


def outside(names: Iterable[str], run_path: str | os.PathLike[str]) -> tuple[str, ...]:
    """The files named by a run that lie outside its own folder.

    A run may come from a stranger, who must not be able to make this machine read arbitrary files.
    """
    folder = Path(run_path).absolute().parent
    return tuple(name for name in names if folder not in Path(os.path.abspath(name)).parents)


def beside(paths: Sequence[str], other: str | os.PathLike[str]) -> tuple[Path, ...]:
    """The places of these files in the folder of another one, such as the run; () if there are none, if two have the
    same name, or if a name is not that of a file."""
    names = [*map(file_name, paths)]
    if len({*names}) < len(names) or {*names} & {"", ".", ".."}:
        return ()
    return tuple(Path(other).absolute().parent / name for name in names)


def _found_one(path: str, near: Iterable[str | os.PathLike[str] | None]) -> str:
    """Where a file or folder is: at its path, or else beside one of the files `near`; "" if in none of these places."""
    if not path or "\x00" in path:
        return ""
    before = () if on_another_machine(path) else (Path(path),)
    own = (place for other in near if other is not None for place in beside([path], other))
    return next((str(place) for place in (*before, *own) if _is_there(place)), "")


def in_words(names: Sequence[str]) -> str:
    """Names of files in a sentence, where there may be hundreds: a.de and a.en; 0.wav and 59 more."""
    return " and ".join(names if len(names) <= _MOST_NAMES else [names[0], f"{len(names) - 1:,} more"])


def file_name(path: str) -> str:
    """The last part of a path from any operating system."""
    return path.replace("\\", "/").rsplit("/", 1)[-1]


def _is_named_like_a_folder(path: str) -> bool:
    """Whether the last part of a path has no ending, as that of nearly every file of data has."""
    name = file_name(path)
    return bool(name) and not os.path.splitext(name)[1]


def on_another_machine(path: str) -> bool:
    """Whether a path names a network share. Windows takes either slash in either place."""
    return path.replace("\\", "/").startswith("//")


def may_be_there(path: str) -> bool:
    """Whether a file or folder is there, or on another machine, which is not asked for it."""
    return on_another_machine(path) or ("\x00" not in path and _is_there(Path(path)))


def _is_there(path: Path) -> bool:
    """Whether the path can be read as data. A path in a run from a stranger may be too long for any file system."""
    try:
        return path.is_file() or path.is_dir()
    except OSError:
        return False
