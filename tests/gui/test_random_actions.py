"""Whatever a person does, in whatever order: no exception, no freeze, nothing left behind.

python -m pytest -m slow tests/gui/test_random_actions.py
"""

from __future__ import annotations

import random
import signal
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType, TracebackType

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt, QTimer
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSlider,
    QApplication,
    QComboBox,
    QDialog,
    QLineEdit,
    QMenu,
    QSpinBox,
    QWidget,
)

from gui.imports import import_later
from tests.gui.conftest import Person

pytestmark = pytest.mark.training_process

ACTIONS = 2000
FREEZE_S = 0.2  # of processor time in one turn of the event loop, on a core that nobody else slows down
TEXTS = (
    "",
    "sophia",
    "a delightful place",
    "\u202eabc",
    "<b>x</b>",
    "日本語",
    "👩‍👩‍👧",
    "x" * 300,
    "\x00\t",
    "0",
    "-1",
    "1e9",
)
KEYS = (
    Qt.Key.Key_Space, Qt.Key.Key_S, Qt.Key.Key_R, Qt.Key.Key_L, Qt.Key.Key_Escape, Qt.Key.Key_Tab, Qt.Key.Key_Left,
    Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Delete,
)  # fmt: skip
SIZES = ((1440, 900), (1100, 700), (960, 540), (1800, 1200))


def yardstick_s() -> float:
    """Processor seconds that a fixed piece of work takes just now: a core that shares its units with a busy one takes
    up to two and a half times as long for the same, and counts all of it."""
    started = time.thread_time()
    sum(range(50_000))
    return time.thread_time() - started


class Watch:
    """Writes down where a turn is, again and again, once it takes long. By a signal, and not from another thread, which
    would keep what this one paints with alive for too long."""

    def __init__(self) -> None:
        self._stacks: list[str] = []
        self._began = 0.0
        signal.signal(signal.SIGALRM, self._look)

    def begin(self) -> float:
        """A turn begins; the processor time at which it does."""
        self._stacks = []
        self._began = time.monotonic()
        signal.setitimer(signal.ITIMER_REAL, FREEZE_S / 4, FREEZE_S / 8)
        return time.thread_time()

    def seen(self) -> str:
        """Where this turn was."""
        return "\n".join(self._stacks)

    def close(self) -> None:
        """Stop looking."""
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, signal.SIG_DFL)

    def _look(self, number: int, frame: FrameType | None) -> None:
        stack = "".join(traceback.format_stack(frame)[-12:])
        self._stacks.append(f"after {(time.monotonic() - self._began) * 1e3:.0f} ms:\n{stack}")


class Monkey:
    """Does one thing after the other to whatever is visible, and times each turn of the event loop."""

    def __init__(self, person: Person, seed: int) -> None:
        self.person, self.rng = person, random.Random(seed)
        self.done: list[str] = []
        self.freezes: list[str] = []
        self._started = 0.0  # processor time at which the action began
        self.watch = Watch()
        self._fastest_s = min(yardstick_s() for _ in range(20))
        self._closer = QTimer(person.window)  # a menu of a button holds the event loop until it is closed
        self._closer.timeout.connect(self._close_what_opened)
        self._closer.start(10)
        self._actions: tuple[Callable[[], str], ...] = (
            self.click, self.click, self.click, self.choose, self.type, self.press, self.press, self.slide, self.wheel,
            self.drag, self.resize, self.rest,
        )  # fmt: skip

    def act(self) -> None:
        """Do something, let the window take it in, and close what has opened above it."""
        self._fastest_s = min(self._fastest_s, yardstick_s())
        self._started = self.watch.begin()
        what = self.rng.choice(self._actions)()
        self._turn(what, self._started)
        self._close_what_opened()
        self._turn(f"after {what}", self.watch.begin())

    @staticmethod
    def _close_what_opened() -> None:
        for window in QApplication.topLevelWidgets():
            if window.isVisible() and isinstance(window, QDialog | QMenu):
                window.close()

    def _turn(self, what: str, started: float) -> None:
        QApplication.processEvents()
        self.done.append(what)
        spent = time.thread_time() - started
        if spent > FREEZE_S:
            slower = min(yardstick_s() for _ in range(3)) / self._fastest_s
            if spent / slower > FREEZE_S:
                took = f"{spent * 1e3:.0f} ms, on a core {slower:.1f} times slower than alone"
                self.freezes.append(f"{what}: {took}, after {self.done[-6:-1]}\n{self.watch.seen()}")

    def _visible(self, kind: type[QWidget]) -> list[QWidget]:
        return [w for w in self.person.window.findChildren(kind) if w.isVisible() and w.isEnabled()]

    def _one(self, kind: type[QWidget]) -> QWidget:
        return self.rng.choice(self._visible(kind) or [self.person.window])

    @staticmethod
    def _name(widget: QWidget) -> str:
        return widget.objectName() or widget.accessibleName() or type(widget).__name__

    def click(self) -> str:
        widget = self._one(QAbstractButton)
        self.person.qtbot.mouseClick(widget, Qt.MouseButton.LeftButton)
        return f"click {self._name(widget)}"

    def choose(self) -> str:
        box = self._one(QComboBox)
        if isinstance(box, QComboBox) and box.count():
            index = self.rng.randrange(box.count())
            box.setCurrentIndex(index)
            box.activated.emit(index)
        return f"choose in {self._name(box)}"

    def type(self) -> str:
        field = self._one(self.rng.choice((QLineEdit, QSpinBox)))
        text = self.rng.choice(TEXTS)
        field.setFocus()
        self.person.qtbot.keyClick(field, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
        if isinstance(field, QLineEdit):
            field.insert(text)
        self.person.qtbot.keyClick(field, Qt.Key.Key_Return)
        return f"type {text[:12]!r} into {self._name(field)}"

    def press(self) -> str:
        key = self.rng.choice(KEYS)
        self.person.qtbot.keyClick(QApplication.focusWidget() or self.person.window, key)
        return f"press {key.name}"

    def slide(self) -> str:
        slider = self._one(QAbstractSlider)
        if isinstance(slider, QAbstractSlider):
            slider.setValue(self.rng.randint(slider.minimum(), slider.maximum()))
        return f"slide {self._name(slider)}"

    def wheel(self) -> str:
        widget = self._one(QWidget)
        place = QPointF(self.rng.uniform(0, widget.width()), self.rng.uniform(0, widget.height()))
        held = self.rng.choice((Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ControlModifier))
        turned = QPoint(0, self.rng.choice((-120, 120)))
        event = QWheelEvent(
            place, widget.mapToGlobal(place), QPoint(), turned, Qt.MouseButton.NoButton, held,
            Qt.ScrollPhase.NoScrollPhase, False,
        )  # fmt: skip
        QApplication.sendEvent(widget, event)
        return f"wheel over {self._name(widget)}"

    def drag(self) -> str:
        widget = self._one(QWidget)
        width, height = max(1, widget.width()), max(1, widget.height())
        start, end = (QPoint(self.rng.randrange(width), self.rng.randrange(height)) for _ in range(2))
        self.person.qtbot.mousePress(widget, Qt.MouseButton.LeftButton, pos=start)
        self.person.qtbot.mouseMove(widget, end)
        self.person.qtbot.mouseRelease(widget, Qt.MouseButton.LeftButton, pos=end)
        return f"drag over {self._name(widget)}"

    def resize(self) -> str:
        size = self.rng.choice(SIZES)
        self.person.window.resize(*size)
        return f"resize to {size}"

    def rest(self) -> str:
        turns = self.rng.randrange(20)
        for number in range(turns):
            self._turn(f"rest, turn {number}", self.watch.begin())
        self._started = self.watch.begin()  # each turn has been timed
        return f"rest for {turns} turns"


@pytest.fixture
def errors() -> Iterator[list[str]]:
    """What reached the crash hook."""
    found: list[str] = []
    before = sys.excepthook

    def hook(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        found.append("".join(traceback.format_exception(kind, error, trace)))

    sys.excepthook = hook
    yield found
    sys.excepthook = before


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(5))
def test_no_order_of_actions_raises_freezes_or_leaves_anything(
    person: Person, errors: list[str], seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)  # what is typed into a file dialog ends up here
    import_later().join()  # as the program does a second after its start
    monkey = Monkey(person, seed)
    try:
        for _ in range(ACTIONS):
            monkey.act()
            assert not errors, f"{errors[0]}\nafter {monkey.done[-8:]}"
    finally:
        monkey.watch.close()
    assert not monkey.freezes, "\n".join(monkey.freezes)
