"""The current data: loading other data, and reading it again with other settings."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import accumulate
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal

import engine
from engine.data.data_config import FORM_CHOICES, KIND_CHOICES
from engine.data.samples import Sample
from engine.number_text import grouped
from engine.training import defaults
from engine.training.training_progress import TrainingProgress
from gui.session.background import Deadline, RequestOutcome
from gui.session.loading import Load, Loader
from gui.session.notice import Level, Notices
from gui.session.shared_settings import SharedSettings

MOST_RECENT_BYTES = 200_000_000  # of data that stays in memory, so that going back to it takes no time
_MOST_OFFERS = 2  # buttons beside a message


@dataclass(frozen=True)
class Source:
    """The origin of data, and how it is read."""

    name: str
    load: Load
    sample: Sample | None = None
    changes: dict[str, Any] = field(default_factory=dict)  # settings that the user chose

    def read(self) -> engine.Dataset:
        """Read the data now."""
        return self.load(**self.changes)


@dataclass(frozen=True)
class Arrival:
    """Data that has just been read. before: as it was read with other options; None if this is other data. why: the
    user's action, as in "change of data". left: the validation file that the data before had, if these are the same
    files, opened again without it.
    """

    dataset: engine.Dataset
    before: engine.Dataset | None
    settings: SharedSettings | None  # of a network and its training, meant for this data
    why: str = ""
    left: str = ""

    @property
    def again(self) -> bool:
        """Whether it is the same data of the same kind as before."""
        return self.before is not None and self.before.kind == self.dataset.kind


@dataclass(frozen=True)
class Refusal:
    """Another reading of the current data that did not work: all that was chosen for it, and why."""

    changes: dict[str, Any]
    reason: str


def dataset_bytes(dataset: engine.Dataset) -> int:
    """How much memory the examples take."""
    rows = [rows for part in (dataset.train, dataset.validation) for rows in (part.source, part.target)]
    return sum(each.offsets.nbytes + each.packed.nbytes for each in rows)


def measured_on(dataset: engine.Dataset | None) -> str:
    """Which validation examples are measured during training, in words; "" if all are."""
    limit = TrainingProgress.validation_limit
    if dataset is None or len(dataset.validation) <= limit:
        return ""
    return f"{grouped(limit)} of {grouped(len(dataset.validation))} validation examples"


class Data(QObject):
    """One data set, and at most one more being read; the current one stays until that succeeds."""

    changed = Signal()  # there is other data
    opened = Signal()  # and it is not the same, read in another way
    loading_changed = Signal()  # reading has begun or ended
    loading_moved = Signal()  # reading has made progress
    _news = Signal()  # reading has made progress or ended; emitted in a thread

    def __init__(self, notices: Notices, arrived: Callable[[Arrival], None], wake: Callable[[], None]) -> None:
        """arrived: receives data that has been read. wake: called when a thread has a result."""
        super().__init__()
        self.dataset: engine.Dataset | None = None
        self._notices, self._arrived = notices, arrived
        self._loader = Loader(self._news.emit)
        self._news.connect(wake)
        self._source: Source | None = None  # of the current data; None if it cannot be read again
        self._reading: Source | None = None
        self._recent: list[engine.Dataset] = []  # earlier data, newest first
        self.refusal: Refusal | None = None  # of the last change of how the data is read

    @property
    def source(self) -> Source | None:
        """How to read the current data again; None if impossible."""
        return self._source

    @property
    def sample(self) -> Sample | None:
        """The sample that is the current data, if it is one."""
        return None if self._source is None else self._source.sample

    @property
    def paths(self) -> tuple[str, ...]:
        """The file or folder of the current data, or the files that were opened together; empty for a sample."""
        return () if self.sample is not None or self.dataset is None else self.dataset.paths

    def are_at(self, path: Path) -> bool:
        """Whether the data, those they are validated on, or those of a test are read from what is at a path."""
        from engine.runs.kept_files import is_kept  # only for saving

        return self.dataset is not None and is_kept(path, self.dataset.files, self.dataset.recognition)

    @property
    def symbol_name(self) -> str:
        """What a symbol of the text is called: "word", "character", …; "symbol" as long as there is no data."""
        return "symbol" if self.dataset is None else self.dataset.codec.symbol_name

    @property
    def reading(self) -> Source | None:
        """What is being read, None when nothing is."""
        return self._reading

    @property
    def loading(self) -> str:
        """Name of what is being read, "" when nothing is."""
        return "" if self._reading is None else self._reading.name

    @property
    def share(self) -> float:
        """The share that has been read, from 0 to 1; 0 if unknown."""
        return self._loader.share if self.loading else 0.0

    @property
    def doing(self) -> str:
        """What reading is doing, in words; "" if unknown."""
        return self._loader.doing if self.loading else ""

    @property
    def busy(self) -> bool:
        """Whether data is still on its way."""
        return self._loader.busy

    # ---- reading

    def open(
        self, path: str | Path | Sequence[str | Path], settings: SharedSettings | None = None, **changes: Any
    ) -> None:
        """Read a file, a folder, or files that belong together. settings: of a network and its training, meant for
        them."""
        paths = [path] if isinstance(path, str | Path) else list(path)
        more = f" + {len(paths) - 1} more" if len(paths) > 1 else ""
        load = partial(engine.load_dataset, paths if more else paths[0])
        self._read(Source(Path(paths[0]).name + more, load, None, changes), settings)

    def load_sample(self, name: str, settings: SharedSettings | None = None, **changes: Any) -> None:
        """Load one of `engine.SAMPLES`. settings: of a network and its training, meant for the sample."""
        sample = engine.SAMPLES[name]
        self._read(Source(sample.title, partial(engine.load_sample, name), sample, changes), settings)

    def load_first(self) -> None:
        """Load the data for the start of the program."""
        self.load_sample(defaults.FIRST_SAMPLE)

    def change(self, settings: SharedSettings | None = None, **changes: Any) -> None:
        """Read the same data with other options (kind, unit, columns, validation, …)."""
        source = self._source
        if source is None or self.dataset is None:
            return
        before = source.changes
        if self._reading is not None and self._reading.load is source.load:
            before = self._reading.changes  # of two changes in a row, both count
        self._read(replace(source, name=self.dataset.name, changes=before | changes), settings)

    def test_on(self, path: str) -> None:
        """Name another test file, "" for none. It is not read before it is asked for, nor are the rows read again."""
        if self.dataset is not None:
            self.dataset = self.dataset.tested_on(path)
            if self._source is not None:
                self._source = replace(self._source, changes=self._source.changes | {"test_file": path})
            self.changed.emit()

    def forget_refusal(self) -> None:
        """Nothing is wanted but what is there."""
        self.refusal = None

    def cancel(self) -> None:
        """Stop reading; the current data stays."""
        name, self._reading = self.loading, None
        if not name:
            return
        self._loader.cancel()
        self.loading_changed.emit()
        if self.dataset is None:
            self.load_first()
        self._notices.tell(f"Reading {name} was cancelled; the data has not changed.", Level.DONE)

    def show(self, dataset: engine.Dataset, source: Source | None) -> None:
        """Use data that was read elsewhere. source: how to read it again; None if impossible."""
        others = [each for each in (self.dataset, *self._recent) if each is not None and each is not dataset]
        sizes = accumulate(map(dataset_bytes, others))
        self._recent = [each for each, size in zip(others, sizes, strict=True) if size <= MOST_RECENT_BYTES]
        self.dataset, self._source, self.refusal = dataset, source, None

    def recall(self, fingerprint: str) -> engine.Dataset | None:
        """Data that is still in memory, such as the data before this; None if there is none with this fingerprint."""
        there = [each for each in (self.dataset, *self._recent) if each is not None and len(each.train)]
        return next((each for each in there if each.fingerprint == fingerprint), None)

    def read(self, source: Source, then: Callable[[engine.Dataset], None]) -> None:
        """Read data again for a caller that shows it together with a run of its own."""
        self._reading = source
        of_file = source.sample is None  # samples report no progress
        self._loader.start(source.load, source.changes, of_file, then)
        self.loading_changed.emit()

    def _read(self, source: Source, settings: SharedSettings | None = None) -> None:
        self.read(source, partial(self._take, source, settings))

    def _take(self, source: Source, settings: SharedSettings | None, dataset: engine.Dataset) -> None:
        same = self._source is not None and source.load is self._source.load
        before = self.dataset if same else None
        why = "change of how the data is read" if same else f"change of data to “{source.name}”"
        opened_again = not same and settings is None and self.paths == dataset.paths != ()
        left = self.dataset.config.validation_file if self.dataset is not None and opened_again else ""
        self.show(dataset, source)
        self._arrived(Arrival(dataset, before, settings, why, left))

    # ---- news from the thread

    def wait(self, seconds: float) -> None:
        """Wait at most this long for the data being read, and take it."""
        self._loader.wait(seconds)
        self.pull()

    def pull(self) -> None:
        """Take the results of the thread."""
        if self.loading:
            self.loading_moved.emit()
        for answer in self._loader.take_answers():
            self._take_answer(answer)

    def _take_answer(self, answer: RequestOutcome) -> None:
        source, self._reading = self._reading, None
        self.refusal = self._refusal_of(source, answer.error)
        self.loading_changed.emit()
        if answer.error is None:
            answer.done(answer.value)
            return
        if self.dataset is None and isinstance(answer.error, engine.UnrollError | OSError | MemoryError):
            self.load_first()  # after a bad file at the start, so that there is always data to play with
        others: dict[str, dict[str, str]] = {}
        if isinstance(answer.error, engine.DataError):
            others = {KIND_CHOICES[kind]: {"kind": kind} for kind in answer.error.other_kinds}
            others |= {FORM_CHOICES[form]: {"form": form} for form in answer.error.other_forms}
        if source is None or not others:
            self._notices.tell_error(answer.error)
            return
        again = {title: replace(source, changes=source.changes | changes) for title, changes in others.items()}
        offers = [(f"Read as {title}", partial(self._read, source)) for title, source in again.items()]
        self._notices.tell(str(answer.error), Level.ERROR, *offers[:_MOST_OFFERS])

    def _refusal_of(self, source: Source | None, error: BaseException | None) -> Refusal | None:
        """What is kept of an answer if it refuses other options for the current data; None for any other."""
        again = source is not None and self._source is not None and source.load is self._source.load
        if source is None or not again or not isinstance(error, engine.UnrollError):
            return None
        return Refusal(source.changes, error.message if isinstance(error, engine.DataError) else str(error))

    def close(self, deadline: Deadline) -> bool:
        """End the thread; returns whether it ended before the deadline."""
        return self._loader.close(deadline)
