"""The real window with the real engine, settings in a temporary file, and no thread left behind."""

from __future__ import annotations

import faulthandler
import gc
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

if sys.platform.startswith("linux"):
    # A screen large enough for the window; the platform's own is 800 × 800.
    screen = Path(__file__).with_name("screen.json")
    if os.environ.get("QT_QPA_PLATFORM", "offscreen") == "offscreen":
        os.environ["QT_QPA_PLATFORM"] = f"offscreen:configfile={screen}"

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QMimeData, QPoint, QPointF, QSettings, Qt, QUrl
from PySide6.QtGui import QCursor, QDragEnterEvent, QDropEvent, QGuiApplication
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QWidget
from pytestqt.exceptions import TimeoutError
from pytestqt.qtbot import QtBot

from gui.main_window import MainWindow
from gui.session.background import threads_at_work
from gui.session.session import Session
from gui.theme import Theme
from gui.widgets.fields import Choice
from tests.gui.kept_window import KeptWindow

W = TypeVar("W", bound=QWidget)

COPY_OR_MOVE = Qt.DropAction.CopyAction | Qt.DropAction.MoveAction  # what file managers offer
PATIENCE_MS = 20_000  # tests wait for what must happen, never for time to pass


def pytest_configure(config: pytest.Config) -> None:
    """What the offscreen platform says to every small window is no fault of the program."""
    config.addinivalue_line("qt_log_ignore", "This plugin does not support propagateSizeHints")


def dispose(window: MainWindow) -> None:
    """Destroy a closed window now, in this thread, so that no later test meets its remains, nor its style sheet."""
    window.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    gc.collect()
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    app.setStyleSheet("")


class Person:
    """What a person does with the window: find things by name, click, type, press keys, wait until something shows."""

    def __init__(self, qtbot: QtBot, window: MainWindow) -> None:
        self.qtbot, self.window, self.session = qtbot, window, window.session
        # The pointer is where the test before has left it: over a list, say, which then does not follow what is new.
        QCursor.setPos(QGuiApplication.primaryScreen().geometry().bottomRight())

    def activate(self) -> None:
        """Make the window the one that gets the keys, as a window manager does."""
        self.window.activateWindow()
        self.wait_until(self.window.isActiveWindow)

    def find(self, kind: type[W], name: str) -> W:
        """The widget of that name; there must be one."""
        found = self.window.findChild(kind, name)
        assert found is not None, f"no {kind.__name__} is called {name}"
        return found

    def click(self, name: str) -> None:
        """Press the left button on a widget, once it has been laid out."""
        self.wait_until(self.window.updatesEnabled)
        widget = self.find(QWidget, name)
        QCoreApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest)
        assert widget.isVisible(), f"{name} is not visible"
        self.qtbot.mouseClick(widget, Qt.MouseButton.LeftButton)

    def unfold(self, name: str) -> None:
        """Open what is hidden behind a button, unless it is open."""
        if not self.find(QAbstractButton, name).isChecked():
            self.click(name)

    def type(self, name: str, text: str) -> None:
        """Replace what stands in a field, and press Enter."""
        field = self.find(QWidget, name)
        field.setFocus()
        self.qtbot.keyClick(field, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
        self.qtbot.keyClicks(field, text)
        self.qtbot.keyClick(field, Qt.Key.Key_Return)

    def press(self, key: Qt.Key) -> None:
        """Press a key in the window, wherever the focus is not in a text field."""
        self.qtbot.keyClick(self.window, key)

    def wait_until(self, holds: Callable[[], bool]) -> None:
        """Wait until something is so."""
        self.qtbot.waitUntil(holds, timeout=PATIENCE_MS)

    def wait_ready(self) -> None:
        """Wait until the data are loaded and the network is built."""
        self.wait_until(lambda: not self.session.data.loading and self.session.run.snapshot is not None)

    def resize(self, width: int, height: int) -> None:
        """Give the window a size, and wait until its views have been arranged."""
        self.window.resize(width, height)
        self.wait_until(lambda: (self.window.width(), self.window.height()) == (width, height))
        self.wait_until(self.window.updatesEnabled)

    def change_theme(self, theme: Theme) -> None:
        """Change the colours, and wait until everything has them."""
        self.session.set_theme(theme)
        self.wait_until(self.window.updatesEnabled)

    def wait_steps(self, steps: int) -> None:
        """Wait until so many training steps have been shown."""
        self.wait_until(lambda: self.session.run.progress.step >= steps)

    def drag(self, path: Path, over: QWidget | None = None) -> QMimeData:
        """Drag a file into the window, at its corner or over one of its widgets; what is dragged."""
        mime = QMimeData()
        mime.setUrls([QUrl.fromLocalFile(str(path))])
        mime.setText(str(path))  # as file managers do
        at = QPoint(5, 5) if over is None else over.mapTo(self.window, over.rect().center())
        event = QDragEnterEvent(at, COPY_OR_MOVE, mime, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
        QApplication.sendEvent(self.window.windowHandle(), event)
        return mime

    def drop(self, path: Path, over: QWidget | None = None) -> Qt.DropAction:
        """Drag a file into the window, and drop it there; what may be done with the file."""
        mime = self.drag(path, over)
        event = QDropEvent(QPointF(5, 5), COPY_OR_MOVE, mime, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
        QApplication.sendEvent(self.window.windowHandle(), event)
        return event.dropAction()

    def choose(self, name: str, value: object) -> None:
        """Pick a value in a box, as with the mouse."""
        box = self.find(Choice, name)
        at = box.findData(value)
        assert at >= 0, f"{name} does not offer {value}"
        box.setCurrentIndex(at)
        box.activated.emit(at)

    def choose_sample(self, name: str) -> None:
        """Pick a sample in the box, as with the mouse."""
        box = self.find(QComboBox, "sample")
        at = box.findData(name)
        assert at >= 0, f"there is no sample {name}"
        self.choose_data(box, at)

    def choose_data(self, box: QComboBox, at: int) -> None:
        """Pick an entry of a box, and wait until the data have been read. What is there already stays."""
        before, there = self.session.data.dataset, box.currentIndex() == at
        box.setCurrentIndex(at)
        box.activated.emit(at)
        self.wait_until(lambda: there or self.session.data.dataset is not before)
        self.wait_ready()


@pytest.fixture(scope="module", autouse=True)
def collected_in_this_thread() -> Iterator[None]:
    """Python collects in whatever thread happens to allocate, which may be the one that talks to the other processes
    of the tests. A widget in a cycle must not be destroyed there, so collecting is left to those who destroy windows.

    Modules and everything else that stays need not be looked through each time: that took a third of the time of these
    tests.
    """
    gc.collect()
    gc.freeze()
    gc.disable()
    yield
    gc.collect()
    gc.enable()


@pytest.fixture
def settings(tmp_path: Path) -> QSettings:
    """Settings of their own for each test."""
    return QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat)


@pytest.fixture
def own_process(request: pytest.FixtureRequest) -> bool:
    """Whether the training has a process of its own, as a user has it. Elsewhere the same loop runs in a thread of the
    tests: starting a process for each of a thousand windows takes minutes."""
    return request.node.get_closest_marker("training_process") is not None


@contextmanager
def opened(qtbot: QtBot, settings: QSettings, own_process: bool = False, sample: str = "") -> Iterator[Person]:
    """A window, closed and destroyed at the end. sample: what is loaded in it, as at the start of the program; "" for
    nothing."""
    window = MainWindow(Session(own_process=own_process), settings)
    if sample:
        window.session.data.load_sample(sample)
        window.session.data.wait(PATIENCE_MS / 1000)  # it is laid out and painted once, with its data
    window.show()
    person = Person(qtbot, window)
    person.activate()
    if sample:
        person.wait_ready()
    yield person
    strays = [w for w in QApplication.topLevelWidgets() if w.isVisible() and w is not window and w.parent() is None]
    assert not strays, f"windows of their own: {[widget.objectName() or type(widget) for widget in strays]}"
    window.close()
    try:
        person.wait_until(lambda: threads_at_work() == [])  # one may be in the middle of a step
    except TimeoutError:
        faulthandler.dump_traceback()  # what they are at
        pytest.fail(f"still at work: {threads_at_work()}")
    dispose(window)


@pytest.fixture(scope="module")
def kept_window(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[KeptWindow]:
    """The window that marked tests of a module share; it is opened when the first one asks for it."""

    def new_settings() -> QSettings:
        return QSettings(str(tmp_path_factory.mktemp("kept") / "settings.ini"), QSettings.Format.IniFormat)

    def again(settings: QSettings, sample: str) -> AbstractContextManager[Person]:
        request.getfixturevalue("qapp")
        return opened(QtBot(request), settings, sample=sample)

    kept = KeptWindow(again, new_settings)
    yield kept
    kept.close()


@pytest.fixture(autouse=True)
def quick_clicks(qapp: QApplication) -> Iterator[None]:
    """A test may click sooner after what it waited for than a person can."""
    interval = qapp.doubleClickInterval()
    qapp.setDoubleClickInterval(0)
    yield
    qapp.setDoubleClickInterval(interval)


@pytest.fixture(autouse=True)
def no_window_of_others(request: pytest.FixtureRequest, kept_window: KeptWindow) -> None:
    """A test that does not share the kept window has the screen for itself."""
    if "person" not in request.fixturenames:
        kept_window.close()


@pytest.fixture
def empty_person(qtbot: QtBot, settings: QSettings, own_process: bool, kept_window: KeptWindow) -> Iterator[Person]:
    """A window in which nothing has been loaded yet."""
    kept_window.close()
    with opened(qtbot, settings, own_process) as person:
        yield person


@dataclass(frozen=True)
class Start:
    """How the window of a test begins."""

    module: object
    sample: str  # that of the test's mark or parameter, or names
    views: tuple[str, ...]  # further ones that have been seen in it before
    shared: bool  # whether another test may have had it before

    @classmethod
    def of(cls, item: pytest.Function) -> Start:
        """The start of the window of one test."""
        one, own, process, mark = (
            item.get_closest_marker(name) for name in ("one_window", "own_window", "training_process", "sample")
        )
        callspec = getattr(item, "callspec", None)
        parameters = {} if callspec is None else callspec.params
        sample = parameters.get("sample", "names" if mark is None else mark.args[0])
        alone = not sample or own is not None or process is not None or "settings" in item.fixturenames
        shared = one is not None and not alone and "person" in item.fixturenames
        return cls(item.module, sample, () if one is None else one.args, shared)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """In each module, tests that share a window come after all others, those of a sample together."""
    modules = {module: at for at, module in enumerate(dict.fromkeys(item.path for item in items))}

    def place(item: pytest.Item) -> tuple[int, bool, str]:
        if isinstance(item, pytest.Function) and "person" in item.fixturenames and (start := Start.of(item)).shared:
            return modules[item.path], True, start.sample
        return modules[item.path], False, ""

    items.sort(key=place)


@pytest.fixture
def person(
    request: pytest.FixtureRequest, qtbot: QtBot, own_process: bool, kept_window: KeptWindow
) -> Iterator[Person]:
    """The window as it stands after the start: a sample loaded, the network ready."""
    start, tests = Start.of(request.node), request.session.items
    following = tests[tests.index(request.node) + 1 :][:1]
    if start.shared and (kept_window.has(start.sample) or [Start.of(test) for test in following] == [start]):
        yield Person(qtbot, kept_window.window(start.sample, start.views))
        kept_window.release()
    else:
        kept_window.close()
        with opened(qtbot, request.getfixturevalue("settings"), own_process, start.sample) as person:
            yield person


@pytest.fixture(scope="module")
def shared_person(
    qapp: QApplication, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Person]:
    """One window for all tests of a module that leave it as they found it: names, and a network that has learned a
    little and stands still."""
    file = tmp_path_factory.mktemp("shared") / "settings.ini"
    with opened(QtBot(request), QSettings(str(file), QSettings.Format.IniFormat), sample="names") as person:
        person.session.run.train()
        person.wait_steps(20)
        person.session.run.pause()
        person.wait_until(lambda: not person.session.busy and not person.session.questions.busy)
        yield person
