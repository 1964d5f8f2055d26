"""One window for consecutive tests that leave it as they found it: putting one back takes a fraction of the time in
which another is made."""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable
from contextlib import AbstractContextManager, ExitStack, suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QRect, QSettings, QSize, Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSlider,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QScrollArea,
    QWidget,
)
from pytestqt.exceptions import TimeoutError

from gui.main_window import MainWindow
from gui.theme import LIGHT

if TYPE_CHECKING:
    from tests.gui.conftest import Person

SHRUNK_MS = 200
STATED = QLabel | QLineEdit | QAbstractButton | QComboBox | QAbstractSlider


def stated(widget: QWidget) -> Hashable:
    """What a widget says or is set to."""
    match widget:
        case QLabel() | QLineEdit():
            return widget.text()
        case QAbstractButton():
            return widget.text(), widget.isChecked()
        case QComboBox():
            return widget.currentIndex(), widget.count()
        case QAbstractSlider():
            return widget.value(), widget.maximum()
    return None


def outward(widget: QWidget, window: QWidget) -> tuple[str, ...]:
    """All of a visible widget that a user could notice."""
    at = QRect(widget.mapTo(window, QPoint(0, 0)), widget.size()).getRect()
    parts = type(widget).__name__, widget.objectName(), at, widget.isEnabled(), widget.toolTip(), stated(widget)
    return tuple(map(str, parts))


def _others(window: QWidget) -> list[QWidget]:
    """Other windows that can be seen, such as a form that a test has left open. It would keep the keys."""
    return [widget for widget in QApplication.topLevelWidgets() if widget.isVisible() and widget is not window]


class KeptWindow:
    """A window with a sample and an untrained network. Tests with this sample get it again as long as it can be put
    back to how it was at its start: the network and the data by undoing, training by starting over, the text, the
    chosen cell and unit, the size, the colours, the arrangement and choices of the views, and the settings. What plays
    is ended; what floats is docked. After all else, such as a file that was opened or saved, or if anything in it still
    differs, they get a new one."""

    def __init__(
        self, opened: Callable[[QSettings, str], AbstractContextManager[Person]], new_settings: Callable[[], QSettings]
    ) -> None:
        """opened: opens a window with a sample. new_settings: makes settings in a file of their own."""
        self._opened, self._new_settings = opened, new_settings
        self._open = ExitStack()
        self._person: Person | None = None
        self._lasting = False  # whether something has happened that is not put back
        self._arranged: QSize | None = None  # the size of all views at the start
        self._probed = False  # whether another text or cell has been looked at

    def has(self, sample: str) -> bool:
        """Whether there is a window that began with this sample."""
        return self._person is not None and self._sample == sample

    def window(self, sample: str, views: Collection[str]) -> MainWindow:
        """The window as it is after the start. views: further ones that have been seen in it before."""
        if self._person is None or not self.has(sample) or not self._is_put_back(self._person, views):
            self.close()
            self._person = self._start(sample, views)
        return self._person.window

    def release(self) -> None:
        """A test has ended: close the window now if it cannot be put back."""
        if self._person is None:
            return
        self._person.session.run.pause()
        if self._lasting or not self._person.window.isVisible():
            self.close()

    def close(self) -> None:
        """Close and destroy the window, if there is one."""
        try:
            self._open.close()
        finally:
            self._person = None

    def _start(self, sample: str, views: Collection[str]) -> Person:
        self._sample, self._settings = sample, self._new_settings()
        person = self._open.enter_context(self._opened(self._settings, sample))
        window, session, probe = person.window, person.session, person.session.probe
        for name in views:
            window.docking.show_view(name)
        if views:
            window.docking.reset()
        self._settle(person)
        self._size, self._arranged = window.size(), window.docking.size()
        self._probe, self._unit = (probe.given, probe.label), probe.unit
        self._choices = {name: view.choices() for name, view in window.docking.views.made.items()}
        self._stored = {key: self._settings.value(key) for key in self._settings.allKeys()}
        self._look, self._picture = self._look_of(person), window.grab().toImage()
        self._lasting = self._probed = False
        for news in (probe.changed, probe.selection_changed):
            news.connect(self._note_probe)
        for news in (
            *(session.run.tuned, session.run.data_wanted, session.run.new_run_wanted),
            *(session.race.changed, session.sweeps.changed, session.compared.chosen, session.folders.changed),
        ):
            news.connect(self._note)
        return person

    def _note(self) -> None:
        self._lasting = True

    def _note_probe(self) -> None:
        self._probed = True

    def _settle(self, person: Person) -> None:
        person.wait_until(person.window.updatesEnabled)  # all is arranged
        person.wait_until(lambda: not person.session.busy and not person.session.questions.busy)
        QApplication.processEvents()
        docking, arranged = person.window.docking, self._arranged
        with suppress(TimeoutError):  # what holds the views shrinks a few turns later, if it does
            person.qtbot.waitUntil(lambda: arranged in (None, docking.size()), timeout=SHRUNK_MS)

    def _start_over(self, person: Person) -> None:
        """Replace the network by an untrained one, and delete all others. The first new one is told apart from the
        trained one; the second has its name and colour again."""
        run, runs = person.session.run, person.session.runs
        for _ in range(2):
            run.begin(run.model_config, run.training_config)
            person.wait_until(lambda: not runs.busy)  # the one before has been kept
            for other in runs.others():
                runs.delete(other.id)
                runs.drop(other.id)

    def _is_put_back(self, person: Person, views: Collection[str]) -> bool:
        """Put the window back. One that does not come back in time fails a test, and is not offered to the next."""
        try:
            return self._put_back(person, views)
        except TimeoutError:
            self.close()
            raise

    def _put_back(self, person: Person, views: Collection[str]) -> bool:
        """Returns whether the window is as it was."""
        window, session = person.window, person.session
        docking, run = window.docking, session.run
        known = docking.views.made.keys() == self._choices.keys() >= set(views)
        if self._lasting or not known or not window.isVisible() or session.data.loading:
            return False
        for view in docking.views.made.values():
            view.stop_playing()
        center = window.centralWidget()
        assert center is not None
        center.setUpdatesEnabled(False)  # painted once, when all is put back
        while session.undo.undo_text:
            person.wait_ready()
            number = run.number
            session.undo.undo()
            if run.number == number and not session.data.loading:
                return False
        person.wait_ready()
        person.wait_until(lambda: not session.runs.busy)
        if run.progress.step or session.runs.others():
            self._start_over(person)
        window.notice_bar.clear()
        window.setWindowState(Qt.WindowState.WindowNoState)
        window.resize(self._size)
        if docking.filled:
            docking.fill("")
        if docking.save():
            docking.reset()
        if _others(window):
            return False
        if session.theme != LIGHT:
            person.change_theme(LIGHT)
        for key in self._settings.allKeys():
            if key not in self._stored:
                self._settings.remove(key)
        for key, value in self._stored.items():
            self._settings.setValue(key, value)
        for name, view in docking.views.made.items():
            if view.choices() != self._choices[name]:
                view.restore(self._choices[name])
            view.reset_zoom()
        person.wait_ready()
        if self._probed:
            self._probed = False
            session.probe.select(None)
            session.probe.unit = self._unit
            session.probe.begin(*self._probe)
        for area in window.findChildren(QScrollArea):
            area.verticalScrollBar().setValue(0)
        center.setFocus()
        person.activate()
        self._settle(person)
        if docking.size() == self._arranged and self._same(person):
            return True
        docking.reset()  # what has given way to something higher does not always come back by itself
        self._settle(person)
        return self._same(person)

    def _same(self, person: Person) -> bool:
        """Paint what has been put back; whether all is as it was."""
        window = person.window
        center = window.centralWidget()
        assert center is not None
        center.setUpdatesEnabled(True)
        self._settle(person)
        same = not self._lasting and self._look_of(person) == self._look
        return same and window.grab().toImage() == self._picture

    def _look_of(self, person: Person) -> Hashable:
        window, session = person.window, person.session
        run, probe, runs = session.run, session.probe, session.runs
        others = _others(window)
        inside = [outward(widget, window) for widget in window.findChildren(QWidget) if widget.isVisible()]
        return (
            *(run.model_config, run.training_config, str(run.chosen), run.status, id(session.data.dataset)),
            *(replace(runs.identity(runs.current), id=""), len(runs.others()), window.run_files.path),
            *(len(run.curve.steps), len(run.curve.validation_steps)),
            *(probe.given, probe.label, probe.selection, probe.unit, len(others), window.docking.save()),
            *(str(view.choices()) for view in window.docking.views.made.values()),
            tuple(sorted(inside)),
        )
