"""What the tests of the try-it panel share."""

from __future__ import annotations

from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog, QLineEdit, QPlainTextEdit

from gui.panels.try_it.try_it_panel import TryItPanel
from gui.panels.try_it.try_view import TryView
from gui.session.notice import Notice
from gui.theme import DARK
from gui.widgets.bars import ROW_PX, Bars
from tests.gui.conftest import Person

V = TypeVar("V", bound=TryView)


def panel(person: Person) -> TryItPanel:
    """The panel."""
    found = person.window.panels["try_it"]
    assert isinstance(found, TryItPanel)
    return found


def shown(person: Person, kind: type[V]) -> V:
    """The view of the shape at hand."""
    view = panel(person).view
    assert isinstance(view, kind)
    return view


def train_and_stop(person: Person, steps: int) -> None:
    """Train for some steps, then pause and let everything settle."""
    person.click("train")
    person.wait_steps(steps)
    if person.session.run.status == "running":
        person.click("train")
    stand_still(person)


def stand_still(person: Person) -> None:
    """Wait until the training that was paused has stopped: it may take further steps after the click."""
    person.wait_until(lambda: person.session.run.status != "running" and not person.session.busy)


def takes_new_colours_at_once(person: Person, view: TryView) -> bool:
    """Whether a change of theme leaves nothing of an answer that stands still in the old colours."""
    person.wait_until(lambda: view.answers() is not None and not person.session.busy)
    person.wait_until(lambda: not person.session.questions.busy)
    before = view.grab().toImage()
    person.change_theme(DARK)  # nothing is painted in the turn of the change
    at_once = view.grab().toImage()
    person.wait_until(lambda: not person.session.questions.busy)
    return at_once != before and view.grab().toImage() == at_once


def write(person: Person, text: str) -> None:
    """Replace the text that is looked at, as with the keyboard."""
    field = panel(person).findChild(QPlainTextEdit, "try-text")
    assert field is not None
    field.setFocus()
    field.selectAll()
    person.qtbot.keyClicks(field, text)


def paste(person: Person, text: str) -> None:
    """Replace the text that is looked at, as from the clipboard."""
    field = panel(person).findChild(QPlainTextEdit, "try-text")
    assert field is not None
    field.setPlainText(text)


def paste_into(person: Person, name: str, text: str) -> None:
    """Replace what stands in a field, as from the clipboard: any script can come from there."""
    field = person.find(QLineEdit, name)
    QGuiApplication.clipboard().setText(text)
    field.selectAll()
    field.paste()


def click_row(person: Person, bars: Bars, row: int) -> None:
    """Click a bar."""
    person.qtbot.mouseClick(bars, Qt.MouseButton.LeftButton, pos=QPoint(20, row * ROW_PX + 8))


def choose_path(person: Person, dialog_name: str, path: Path) -> None:
    """Answer an open file dialog."""
    person.wait_until(lambda: person.window.findChild(QFileDialog, dialog_name) is not None)
    dialog = person.find(QFileDialog, dialog_name)
    dialog.fileSelected.emit(str(path))
    dialog.close()


def notices(person: Person) -> list[str]:
    """Collects what the user is told from now on."""
    texts: list[str] = []

    def listen(notice: Notice) -> None:
        texts.append(notice.text)

    person.session.notices.posted.connect(listen)
    return texts


def ask_file(person: Person, name: str, source: Path, goal: Path) -> None:
    """Choose a file to be answered, and where the answers go."""
    person.click(name)
    choose_path(person, f"{name}-open", source)
    choose_path(person, f"{name}-save", goal)
