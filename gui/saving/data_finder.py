"""The data of an opened run that has none: read from the files that the user chooses."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal

import engine
from engine.errors import OtherDataError
from engine.runs.data_source import file_name
from gui.saving.known_files import KnownFiles
from gui.session.background import Background
from gui.session.notice import Level
from gui.session.run_library import run_data
from gui.session.session import Session
from gui.session.shared_settings import SharedSettings


class DataFinder(QObject):
    """Gives the current run its data, and asks for whatever else is needed for that."""

    found = Signal()

    def __init__(self, session: Session, known: KnownFiles, background: Background) -> None:
        super().__init__()
        self._session, self._known, self._background = session, known, background

    def recognise(self, paths: Sequence[Path], otherwise: Callable[[], None]) -> None:
        """Take what the user has opened as whatever the current run lacks; if it is nothing of that, call
        `otherwise`."""
        lacks = self._session.data.dataset
        if isinstance(lacks, run_data.AbsentData) and lacks.lacks_validation and len(paths) == 1:
            self.find(lacks.found, partial(self.find, paths, otherwise), paths[0])
        else:
            self.find(paths, partial(self._keep_held_out, paths, otherwise))

    def _keep_held_out(self, paths: Sequence[Path], otherwise: Callable[[], None]) -> None:
        """Keep what has the name of the validation data that the current run lacks until its data are opened, which
        show whether it is; if it has another name, call `otherwise`."""
        run, lacks = self._session.run.opened, self._session.data.dataset
        if run is None or not isinstance(lacks, run_data.AbsentData):
            otherwise()
            return

        def done(is_missing: bool) -> None:
            if not is_missing:
                otherwise()
                return
            self._session.runs.moved[run.data.fingerprint] = run_data.Whereabouts((), str(paths[0]))
            text = f"{paths[0].name} has the name of the validation data of this run and is kept for it. {lacks.why}"
            data = "Open data…", self._session.run.data_wanted.emit
            self._session.tell(text, Level.WARNING, data, ("Open as new data", otherwise))

        def work() -> bool:
            named = [path.name for path in paths] == [file_name(run.data.config.validation_file)]
            return named and run.data.lacks_validation(run.path)

        self._background.submit("open", work, done, self._session.notices.tell_error)

    def find(
        self, paths: Sequence[Path], otherwise: Callable[[], None] | None = None, validation: Path | None = None
    ) -> None:
        """Take a file, or files that belong together, as the data of the current run.

        If it was trained on other data, call `otherwise`, or tell the user if there is none. paths: () for those where
        the data was. validation: a validation file or folder that the user chose.
        """
        run = self._session.run.opened
        if run is None:
            return
        place = self._session.runs.moved.get(run.data.fingerprint)
        alone = partial(self._find, run, paths, otherwise, validation)
        if validation is None and place is not None and place.validation:
            self._find(run, paths, alone, held_out=place.validation)
        else:
            alone()

    def _find(
        self,
        run: engine.Run,
        paths: Sequence[Path],
        otherwise: Callable[[], None] | None,
        validation: Path | None = None,
        held_out: str = "",
    ) -> None:
        """The same. held_out: the validation file or folder, if it was opened before."""
        run_id, used = self._session.runs.current, held_out if validation is None else str(validation)

        def done(found: run_data.Found) -> None:
            if self._session.run.opened is not run:
                return
            self._session.runs.moved[run.data.fingerprint] = run_data.Whereabouts(tuple(paths), used)
            self._session.switch.take(found, "", run_id)
            chosen, what = (paths[0], "data") if validation is None else (validation, "validation data")
            holds = f"{chosen.name} holds the {what} of this run"
            if isinstance(found.dataset, run_data.AbsentData):
                self._session.run.ask_for_data(f"{holds}. {found.dataset.why}")
            else:
                self._session.tell(f"{holds}, so training can continue.", Level.DONE)
            self.found.emit()

        def failed(error: BaseException) -> None:
            if isinstance(error, run_data.UnaskedError):
                self.ask_to_read(str(error), error.names, partial(self.find, paths, validation=validation))
            elif otherwise is not None and isinstance(error, engine.UnrollError):
                otherwise()
            elif not isinstance(error, engine.UnrollError):
                self._session.notices.tell_error(error)
            else:  # the data are still wanted, perhaps from another file
                anew = partial(self.begin_new_run, paths, None if validation is None else str(validation))
                readable = isinstance(error, OtherDataError)
                self._session.run.ask_for_data(str(error), Level.ERROR, anew if readable else None)

        work = partial(run_data.with_data, run, paths, self._known.paths(), used)
        self._background.submit("open", work, done, failed)

    def begin_new_run(self, paths: Sequence[Path] = (), validation: str | None = None) -> None:
        """Begin a run like the current one, with its settings and its validation data, on data that is not its own.

        paths: () for where the data was. validation: another validation file or folder; "": none; None: the one that
        was opened for the run, or else its own.
        """
        run = self._session.run.opened
        if run is None:
            return
        place = self._session.runs.moved.get(run.data.fingerprint)
        if validation is None and place is not None:
            validation = place.validation or None

        def done(reading: run_data.ReadingAnew) -> None:
            data, settings = self._session.data, SharedSettings(run.snapshot.config, run.training)
            if self._session.run.opened is not run:
                return
            if reading.lost:
                without = ("New run without it", partial(self.begin_new_run, paths, ""))
                text = f"The validation data of this run, {file_name(reading.lost)!r}, is not there ({reading.lost})."
                self._session.tell(text, Level.WARNING, without)
            elif reading.paths:
                data.open(reading.paths, settings, **reading.changes)
            else:
                data.load_sample(run.data.sample, settings, **reading.changes)

        def failed(error: BaseException) -> None:
            if isinstance(error, run_data.UnaskedError):
                self.ask_to_read(str(error), error.names, partial(self.begin_new_run, paths, validation))
            else:
                self._session.notices.tell_error(error)

        work = partial(run_data.reading_anew, run, paths, self._known.paths(), validation)
        self._background.submit("open", work, done, failed)

    def ask_to_read(self, text: str, names: Sequence[str], read_them: Callable[[], None]) -> None:
        """Tell the user which files a run names, and offer to read them."""

        def agreed() -> None:
            self._known.add(names)
            read_them()

        files = f"“{Path(names[0]).name}”" if len(names) == 1 else "these files"
        self._session.tell(text, Level.WARNING, (f"Read {files}", agreed))
