"""The data of an opened run that has none: read from the files that the user chooses."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal

import engine
from gui.saving.known_files import KnownFiles
from gui.session.background import Background
from gui.session.notice import Level
from gui.session.run_library import run_data
from gui.session.session import Session


class DataFinder(QObject):
    """Gives the current run its data, and asks for whatever else is needed for that."""

    found = Signal()
    validation_wanted = Signal()  # the user wants to open the validation data

    def __init__(self, session: Session, known: KnownFiles, background: Background) -> None:
        super().__init__()
        self._session, self._known, self._background = session, known, background

    def recognise(self, paths: Sequence[Path], otherwise: Callable[[], None]) -> None:
        """Take what the user has opened as whatever the current run lacks; if it is nothing of that, call
        `otherwise`."""
        lacks, as_data = self._session.data.dataset, partial(self.find, paths, otherwise)
        if isinstance(lacks, run_data.AbsentData) and lacks.lacks_validation and len(paths) == 1:
            self.find(lacks.found, as_data, paths[0])
        else:
            as_data()

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
        run_id = self._session.runs.current

        def done(found: run_data.Found) -> None:
            if self._session.run.opened is not run:
                return
            self._session.runs.moved[run.data.fingerprint] = run_data.Whereabouts(tuple(paths), str(validation or ""))
            self._session.take_run(found, "", run_id)
            chosen, what = (paths[0], "data") if validation is None else (validation, "validation data")
            holds = f"{chosen.name} holds the {what} of this run"
            if isinstance(found.dataset, run_data.AbsentData):
                ask = "Open validation data…", self.validation_wanted.emit
                self._session.tell(f"{holds}. {found.dataset.why}", Level.WARNING, ask)
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
                ask = ("Open data…", self._session.run.data_wanted.emit)
                ask = ask if validation is None else ("Open validation data…", self.validation_wanted.emit)
                self._session.tell(str(error), Level.ERROR, ask)

        work = partial(run_data.with_data, run, paths, self._known.paths(), str(validation or ""))
        self._background.submit("open", work, done, failed)

    def ask_to_read(self, text: str, names: Sequence[str], read_them: Callable[[], None]) -> None:
        """Tell the user which files a run names, and offer to read them."""

        def agreed() -> None:
            self._known.add(names)
            read_them()

        files = f"“{Path(names[0]).name}”" if len(names) == 1 else "these files"
        self._session.tell(text, Level.WARNING, (f"Read {files}", agreed))
