"""The menus File and Export, their file dialogs, and the recent files."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QSettings
from PySide6.QtGui import QAction, QGuiApplication, QKeySequence
from PySide6.QtWidgets import QFileDialog, QMainWindow, QMenu

import engine
from engine.runs.data_source import file_name
from engine.runs.safetensors_container import RUN_SUFFIX, WEIGHTS_SUFFIX
from gui.saving import settings_text
from gui.saving.exports import EXPORTS, Export
from gui.saving.known_files import KnownFiles
from gui.saving.run_files import RunFiles
from gui.session.jobs import Job, Jobs, TellProgress
from gui.session.notice import Level
from gui.session.run_library.run_data import AbsentData
from gui.session.run_library.run_store import card_of, moment
from gui.session.session import Session
from gui.session.shared_settings import SharedSettings
from gui.widgets.file_dialogs import ask_to_open, ask_to_save, file_dialog
from gui.widgets.symbols import plain_tip, visible_text

MOST_RECENT = 8
SET_SUFFIX = f"{RUN_SUFFIX}s"
ALL_FILES = "All files (*)"  # first, since what can be read is told by what is in a file, not by its name
OPENED = (
    "Data and runs (*.txt *.csv *.tsv *.tab *.json *.jsonl *.xlsx *.conll *.conllu *.dict *.abc *.gz "
    f"*{RUN_SUFFIX} *{SET_SUFFIX} *{WEIGHTS_SUFFIX})"
)
WEIGHTS = f"Weights from PyTorch (*{WEIGHTS_SUFFIX})"
RUNS = f"Unroll runs (*{RUN_SUFFIX})"
SETS = f"Several Unroll runs (*{SET_SUFFIX})"
Key = QKeySequence.StandardKey


class FileMenu(QObject):
    """Belongs to one window. Its actions work by keyboard from anywhere in it, and in the menus that it fills."""

    def __init__(
        self, window: QMainWindow, session: Session, run_files: RunFiles, settings: QSettings, known: KnownFiles
    ) -> None:
        super().__init__(window)
        self._window, self._session, self._run_files, self._settings = window, session, run_files, settings
        session.folders.use(opened=str(settings.value("folder", "")), saved=str(settings.value("save-folder", "")))
        session.folders.changed.connect(self._store_folders)
        self._known = known
        action = self._action
        self.open_action = action("file-open", "Open…", self.open, QKeySequence(Key.Open))
        self.open_folder_action = action("file-open-folder", "Open folder…", self.open_folder,
                                         QKeySequence("Ctrl+Shift+O"),
                                         tip="Texts, sounds or series, in a file each; two parallel files")  # fmt: skip
        self.save_action = action("file-save", "Save run", self.save, QKeySequence(Key.Save))
        self.save_as_action = action("file-save-as", "Save run as…", self.save_as, QKeySequence("Ctrl+Shift+S"))
        self.save_set_action = action("file-save-comparison", "Save comparison…", self.save_comparison,
                                      tip="The compared runs with their weights, in one file")  # fmt: skip
        self.report_action = action("export-comparison", "Comparison as web page…", self.export_comparison,
                                    tip="Differences, figures and curves of the compared runs")  # fmt: skip
        self.copy_action = action("file-copy-settings", "Copy settings", self.copy, QKeySequence("Ctrl+Shift+C"))
        self.paste_action = action("file-paste-settings", "Paste settings", self.paste, QKeySequence("Ctrl+Shift+V"))
        self.quit_action = action("file-quit", "Quit", window.close, QKeySequence(Key.Quit))
        self._exports = [
            action(f"export-{name}", form.label, partial(self.export, name), tip=form.help)
            for name, form in EXPORTS.items()
        ]
        self.jobs = Jobs(session.notices)  # accesses files, which may be on a slow drive
        run_files.opened.connect(self._remember)
        run_files.name_wanted.connect(self.save_as)

    def _action(
        self, name: str, text: str, act: Callable[[], object], keys: QKeySequence | None = None, tip: str = ""
    ) -> QAction:
        action = QAction(text, self._window)
        action.setObjectName(name)
        action.setToolTip(plain_tip(tip or text))
        if keys is not None:
            action.setShortcut(keys)
        action.triggered.connect(lambda: act())
        self._window.addAction(action)
        return action

    # ---- menus

    def fill_file(self, menu: QMenu) -> None:
        """Fill the menu File: open, save, settings, quit."""
        menu.addActions([self.open_action, self.open_folder_action])
        self.recent_menu = menu.addMenu("Open recent")
        self.recent_menu.setObjectName("recent-menu")
        self.recent_menu.setToolTipsVisible(True)
        self.recent_menu.aboutToShow.connect(self.fill_recent)
        menu.addSeparator()
        menu.addActions([self.save_action, self.save_as_action, self.save_set_action])
        self.fill_export(menu.addMenu("Export"))
        menu.addSeparator()
        menu.addActions([self.copy_action, self.paste_action])
        menu.addSeparator()
        menu.addAction(self.quit_action)
        menu.aboutToShow.connect(self._enable)

    def fill_export(self, menu: QMenu) -> None:
        """Fill the menu Export: one line for each format."""
        menu.setToolTipsVisible(True)
        menu.addActions([*self._exports, self.report_action])
        menu.aboutToShow.connect(self._enable)

    def fill_recent(self) -> None:
        """Fill the menu of recent files, and of runs of windows that were closed."""
        menu = self.recent_menu
        menu.clear()
        for paths in self.recent():
            more = f" + {len(paths) - 2} more" if len(paths) > 2 else ""
            name = visible_text(" + ".join(path.name for path in paths[:2])) + more
            action = menu.addAction(name.replace("&", "&&"), partial(self.open_paths, list(map(str, paths))))
            action.setToolTip(plain_tip("\n".join(map(str, paths))))
        kept = self._run_files.kept()[:MOST_RECENT]
        if kept:
            menu.addSection("Kept runs")
        for path in kept:
            card = card_of(path)
            name = f"Run of {moment(path)}" if card is None else visible_text(card.name).replace("&", "&&")
            menu.addAction(name, partial(self._run_files.open, path)).setToolTip(plain_tip(str(path)))
        if menu.isEmpty():
            menu.addAction("No recent files").setEnabled(False)

    def _enable(self) -> None:
        ready = self._session.run.snapshot is not None
        for action in (self.save_action, self.save_as_action, self.copy_action, *self._exports):
            action.setEnabled(ready)
        for action in (self.save_set_action, self.report_action):
            action.setEnabled(bool(self._session.compared.ids))

    # ---- opening

    def open(self) -> None:
        """Let the user choose a file, without blocking the window."""
        self._ask_to_open("Open data or a run", "open-dialog", self.open_paths)

    def open_folder(self) -> None:
        """Let the user choose a folder of files that belong together."""
        ask_to_open(self._window, "open-folder-dialog", "Open a folder of data", self._session.folders.opened,
                    lambda path: self.open_path(str(path)), folder=True)  # fmt: skip

    def _store_folders(self) -> None:
        folders = self._session.folders
        self._settings.setValue("folder", folders.opened)
        self._settings.setValue("save-folder", folders.saved)

    def find_data(self) -> None:
        """Ask the user for what the run lacks: its data, or only the validation data."""
        run, name, dataset = self._session.run.opened, "find-data-dialog", self._session.data.dataset
        if run is None:
            return
        if isinstance(dataset, AbsentData) and dataset.lacks_validation:
            self._find_validation(run)
        elif run.data.folder:
            ask_to_open(self._window, name, f"Open the data folder “{run.data.name}”", self._session.folders.opened,
                        lambda path: self._find_in([str(path)]), folder=True)  # fmt: skip
        else:
            wanted = run.data.names if run.data.together else f"the data file “{run.data.name}”"
            self._ask_to_open(f"Open {wanted}", name, self._find_in)

    def _find_validation(self, run: engine.Run) -> None:
        form, name = "folder" if run.data.folder else "file", file_name(run.data.config.validation_file)
        ask_to_open(self._window, "find-validation-dialog", f"Open the validation {form} “{name}”",
                    self._session.folders.opened, self._find_validation_in, folder=run.data.folder)  # fmt: skip

    def _find_validation_in(self, validation: Path) -> None:
        lacks = self._session.data.dataset
        self._session.folders.use(opened=str(validation.parent))
        found = lacks.found if isinstance(lacks, AbsentData) else ()
        self._run_files.data_finder.find(found, validation=validation)

    def _find_in(self, paths: Sequence[str]) -> None:
        self._session.folders.use(opened=str(Path(paths[0]).parent))
        self._run_files.data_finder.find([Path(path) for path in paths])

    def _ask_to_open(self, title: str, name: str, chosen: Callable[[Sequence[str]], None]) -> None:
        filters = [ALL_FILES, OPENED, RUNS, SETS, WEIGHTS]
        dialog = file_dialog(self._window, name, title, self._session.folders.opened, filters)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        dialog.fileSelected.connect(lambda path: chosen([path]))
        dialog.filesSelected.connect(lambda paths: chosen(paths) if len(paths) > 1 else None)  # one has been reported
        dialog.open()

    def open_path(self, path: str) -> None:
        """Open a run or data. Data that the current run lacks is recognised as such."""
        self.open_paths([path])

    def open_paths(self, paths: Sequence[str]) -> None:
        """Open a run, or data in one or several files that belong together."""
        first, single = Path(paths[0]), len(paths) == 1
        self._session.folders.use(opened=str(first.parent))

        def look(report: TellProgress) -> tuple[bool, bool, bool]:
            from engine.runs.run_set import is_run_set

            there = all(Path(path).exists() for path in paths)
            return there, single and engine.is_run(first), single and is_run_set(first)

        def done(found: tuple[bool, bool, bool]) -> str:
            there, is_run, is_set = found
            if not there:
                self._forget(paths)
            if is_run:
                self._run_files.open(first)
            elif is_set:
                self._run_files.open_set(first)
            else:
                self._open_data(paths)
            return ""

        self.jobs.start(Job(f"Opening {first.name}", look, done))

    def _open_data(self, paths: Sequence[str]) -> None:
        open_data = partial(self._session.data.open, list(paths) if len(paths) > 1 else Path(paths[0]))
        if self._session.run.opened is not None:
            self._run_files.data_finder.recognise([Path(path) for path in paths], open_data)
        else:
            open_data()

    def remember_data(self) -> None:
        """Add the file of the loaded data, or the files that were opened together, to the recent files."""
        data = self._session.data
        if data.dataset is not None and data.paths and len(data.dataset.train):
            self._remember(*data.paths)
            self._known.add([*data.paths, data.dataset.config.validation_file, data.dataset.config.test_file])

    def recent(self) -> list[tuple[Path, ...]]:
        """Recently opened files, newest first; files that belong together are one entry. Whether they still exist is
        not checked: a drive may not answer."""
        stored = self._settings.value("recent", [])
        entries = [stored] if isinstance(stored, str) else stored if isinstance(stored, list) else []
        return [_paths_of(str(entry)) for entry in entries]

    def _forget(self, paths: Sequence[str]) -> None:
        """Remove files that no longer exist from the recent ones."""
        gone = tuple(map(Path, paths))
        self._store_recent([entry for entry in self.recent() if entry != gone])

    def _remember(self, *paths: str) -> None:
        new = tuple(Path(path).absolute() for path in paths)
        self._store_recent([new, *(old for old in self.recent() if old != new)][:MOST_RECENT])

    def _store_recent(self, entries: Sequence[Sequence[Path]]) -> None:
        names = [[str(path) for path in paths] for paths in entries]
        self._settings.setValue("recent", [one[0] if len(one) == 1 else json.dumps(one) for one in names])

    # ---- saving

    def save(self) -> None:
        """Save to the run's own file; the first time, ask the user for one."""
        if self._run_files.path is not None:
            self._run_files.save(self._run_files.path)
        else:
            self.save_as()

    def save_as(self) -> None:
        """Ask the user for a file, and save to it."""
        if self._session.run.snapshot is not None:
            self._ask_to_save("Save run", "save-dialog", RUN_SUFFIX[1:], RUNS, self._run_files.save)

    def save_comparison(self) -> None:
        """Ask the user for a file for all compared runs."""
        from engine.runs.run_set import write_run_set

        save = partial(self._run_files.save_compared, write_run_set)
        self._ask_to_save("Save comparison", "save-dialog", SET_SUFFIX[1:], SETS, save)

    def export_comparison(self) -> None:
        """Ask the user for a file for the page about all compared runs."""
        from engine.export.comparison_report import export_comparison_report  # not at the start

        save = partial(self._run_files.save_compared, lambda target, runs: export_comparison_report(runs, target))
        self._ask_to_save("Comparison as web page", "export-dialog", "html", "Web page (*.html)", save)

    def export(self, name: str) -> None:
        """Ask the user for a file for one of EXPORTS."""
        form, snapshot = EXPORTS[name], self._session.run.snapshot
        if snapshot is None:
            return
        if obstacle := form.obstacle(snapshot.model()):
            self._session.tell(f"{form.label.removesuffix('…')} cannot be saved: {obstacle}.", Level.WARNING)
        else:
            title = form.label.removesuffix("…")
            filters = f"{title} (*.{form.suffix})" if form.suffix else "Folders (*)"
            self._ask_to_save(title, "export-dialog", form.suffix, filters, partial(self._export, form), form.added)

    def _export(self, form: Export, path: Path) -> None:
        self._run_files.export(form, path)

    def _ask_to_save(
        self, title: str, name: str, suffix: str, filters: str, chosen: Callable[[Path], None], added: str = ""
    ) -> None:
        ending, folders = f".{suffix}" if suffix else "-pytorch", self._session.folders
        proposed = folders.goal(f"{self._proposed()}{added}{ending}")
        ask_to_save(self._window, name, title, proposed, folders.noting(chosen), ending=suffix, filters=[filters])

    def _proposed(self) -> str:
        if self._run_files.path is not None:
            return self._run_files.path.stem
        dataset = self._session.data.dataset
        return Path(dataset.name).stem if dataset is not None else "run"

    # ---- settings as text

    def copy(self) -> None:
        """Copy the settings to the clipboard."""
        session = self._session
        if session.data.dataset is None:
            return
        data = settings_text.reading_of(session.data.dataset.config)
        sample = session.data.sample.name if session.data.sample is not None else ""
        settings = SharedSettings(session.run.model_config, session.run.training_config, data, sample)
        QGuiApplication.clipboard().setText(settings_text.settings_to_json(settings))
        session.tell("Settings copied.", Level.DONE)

    def paste(self) -> None:
        """Apply the settings on the clipboard."""
        try:
            self._session.apply(settings_text.settings_from_json(QGuiApplication.clipboard().text()))
            if self._session.run.opened is None:
                self._session.tell("Settings pasted.", Level.DONE)
        except engine.UnrollError as error:
            self._session.notices.tell_error(error)


def _paths_of(entry: str) -> tuple[Path, ...]:
    """The files of an entry in the settings: a path, which is absolute, or several in a JSON array."""
    return tuple(map(Path, json.loads(entry) if entry.startswith("[") else [entry]))
