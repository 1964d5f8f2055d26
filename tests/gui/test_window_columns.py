"""The columns at the sides: hidden by a key or in the menu of views, and remembered like the rest of the layout."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication, QLineEdit, QSplitter, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from gui.panels.base.view import View
from gui.window_columns import LEFT_PX
from tests.gui.conftest import Person, opened
from tests.gui.panels.open_views import open_view, settle
from tests.gui.panels.test_unrolled import panel_of

pytestmark = pytest.mark.one_window

KEYS = {"left": Qt.Key.Key_F8, "right": Qt.Key.Key_F9}


def entry(person: Person, title: str) -> QAction:
    """A line of the menu of views."""
    menu = person.find(QToolButton, "views").menu()
    assert menu is not None
    menu.aboutToShow.emit()
    return next(action for action in menu.actions() if action.text() == title)


def columns(person: Person) -> list[QWidget]:
    splitter = person.find(QSplitter, "splitter-columns")
    parts = [splitter.widget(at) for at in range(3)]
    return [part for part in parts if part is not None]


def shown_widths(person: Person) -> list[int]:
    return [part.width() if part.isVisible() else 0 for part in columns(person)]


def test_keys_hide_the_columns_the_views_take_their_room_and_the_same_keys_bring_them_back(person: Person) -> None:
    docking = person.window.docking

    def arrangement() -> list[list[str]]:
        return [area.names() for area in docking.areas()]

    for width, height in ((1440, 900), (1100, 700), (900, 500)):
        person.resize(width, height)
        settle(person)
        before, arranged = shown_widths(person), arrangement()
        assert all(before)
        for key in KEYS.values():
            person.press(key)
        person.wait_until(lambda width=width: shown_widths(person) == [0, width, 0])
        person.wait_until(lambda width=width: docking.width() > width - 40)
        assert len(docking.areas()) >= min(len(arranged), 3)
        for key in KEYS.values():
            person.press(key)
        person.wait_until(lambda before=before: shown_widths(person) == before)
        person.wait_until(lambda arranged=arranged: arrangement() == arranged)
        assert docking.save() == "", "the user has not arranged the views"


@pytest.mark.parametrize("name", ["loss", "compare", "unrolled"])
def test_the_sides_stay_where_they_are_while_one_view_fills_the_middle(person: Person, name: str) -> None:
    person.window.resize(1084, 640)
    open_view(person, name, View)
    settle(person)
    before = shown_widths(person)
    assert before[0] < LEFT_PX, "the middle has taken from the sides what its views need"
    for _ in ("enlarged", "restored"):
        person.window.docking.enlarge(name)
        settle(person)
        assert shown_widths(person) == before


def test_the_menu_hides_a_column_and_the_default_layout_shows_both(person: Person) -> None:
    left, _, right = columns(person)
    for title, column in (("Settings column", left), ("Try it column", right)):
        assert entry(person, title).isChecked()
        assert entry(person, title).shortcut().toString() in ("F8", "F9")
        entry(person, title).trigger()
        assert not column.isVisible()
        assert not entry(person, title).isChecked()
    entry(person, "Full screen\tF11").trigger()
    person.wait_until(person.window.isFullScreen)
    entry(person, "Full screen\tF11").trigger()
    person.wait_until(lambda: not person.window.isFullScreen())
    entry(person, "Default layout").trigger()
    assert left.isVisible()
    assert right.isVisible()


def test_more_views_stand_side_by_side_where_a_column_is_hidden_in_a_small_window(person: Person) -> None:
    person.window.resize(960, 600)
    settle(person)
    assert len(person.window.docking.areas()) == 2
    person.press(KEYS["right"])
    person.wait_until(lambda: len(person.window.docking.areas()) == 3)


@pytest.mark.parametrize("in_field", [False, True])
@pytest.mark.parametrize("sides", [("right",), ("left", "right")])
def test_a_play_goes_on_and_the_keyboard_stays_where_columns_come_and_go(
    person: Person, sides: tuple[str, ...], in_field: bool
) -> None:
    person.window.resize(958, 580)
    person.activate()
    settle(person)
    docking, panel = person.window.docking, panel_of(person)
    assert len(docking.areas()) == 2
    person.press(Qt.Key.Key_P)
    person.wait_until(lambda: panel.play_line.running)
    keyboard = person.find(QLineEdit, "probe") if in_field else panel.canvas
    keyboard.setFocus()
    for areas in (3, 2):
        for side in sides:
            person.press(KEYS[side])
        person.wait_until(lambda: len(docking.areas()) == areas and panel.isVisible())  # noqa: B023
        settle(person)
        assert panel.play_line.running
        assert QApplication.focusWidget() is keyboard
    playing = panel.play_line.playing
    person.wait_until(lambda: panel.play_line.playing is not playing)


def test_hidden_columns_stay_hidden_at_the_next_start_and_come_back_as_wide_as_they_were(
    qtbot: QtBot, settings: QSettings
) -> None:
    with opened(qtbot, settings) as person:
        person.find(QSplitter, "splitter-columns").setSizes([330, 700, 410])
        before = shown_widths(person)
        person.press(KEYS["right"])
    with opened(qtbot, settings) as person:
        left, _, right = columns(person)
        assert left.isVisible()
        assert not right.isVisible()
        person.press(KEYS["right"])
        person.wait_until(lambda: shown_widths(person) == before)
