"""Views in windows of their own: they leave, work as before, and come back."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QSettings, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

import engine
from gui.docking.floating_window import FloatingWindow
from gui.docking.tab_area import Edge
from gui.main_window import MainWindow
from gui.panels.base.view import View
from gui.panels.hidden_state import HiddenStatePanel
from gui.session.session import Session
from gui.theme import DARK
from gui.widgets.help_window import HelpWindow
from tests.gui.conftest import Person, dispose
from tests.gui.docking.test_docking_area import DEFAULT, box_of, drop
from tests.gui.panels.open_views import choose, open_view, settle, train_a_little, view_action
from tests.gui.panels.test_unrolled import panel_of
from tests.gui.saving.saving import save, trained
from tests.gui.test_window_columns import columns

pytestmark = pytest.mark.one_window


def window_of(person: Person, name: str) -> FloatingWindow:
    window = person.window.docking.floating(name)
    assert window is not None
    return window


def float_out(person: Person, name: str) -> FloatingWindow:
    choose(person, name, "Float")
    window = window_of(person, name)
    window.activateWindow()
    person.wait_until(window.isActiveWindow)
    return window


class ShowOrder(QObject):
    """Notes whether the large window is on the screen when a floating one appears."""

    def __init__(self, floating: FloatingWindow, large: MainWindow) -> None:
        super().__init__(floating)
        self.large, self.large_one_is_there = large, False
        floating.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        if event.type() == QEvent.Type.Show:
            handle = self.large.windowHandle()
            self.large_one_is_there = handle is not None and handle.isVisible()
        return False


@pytest.mark.parametrize("name", DEFAULT)
def test_a_view_floats_by_its_menu_and_docks_to_where_it_was(person: Person, name: str) -> None:
    boxes = {each: box_of(person, each) for each in DEFAULT}
    window = float_out(person, name)
    view = person.window.docking.views[name]
    assert view.isVisible()
    assert view.window() is window
    assert view.title.isVisible()
    assert view.title.text() in window.windowTitle()
    assert person.window.docking.area_of(name) is None
    assert view_action(person, name).isChecked()
    choose(person, name, "Dock")
    assert view.window() is person.window
    assert person.window.docking.shown() == DEFAULT
    person.wait_until(lambda: all(box_of(person, each) == boxes[each] for each in DEFAULT))


def test_a_double_click_on_the_head_floats_and_docks(person: Person) -> None:
    view = person.window.docking.views["memory"]
    person.qtbot.mouseDClick(view.title, Qt.MouseButton.LeftButton)
    assert view.window() is window_of(person, "memory")
    person.qtbot.mouseDClick(view.title, Qt.MouseButton.LeftButton)
    assert view.window() is person.window
    assert person.window.docking.shown() == DEFAULT


def test_a_double_click_on_a_tab_floats_and_the_view_comes_back_as_a_tab(person: Person) -> None:
    open_view(person, "gates", View)
    area = person.window.docking.area_of("gates")
    assert area is not None
    tab = area.tabs.tabRect(area.names().index("gates")).center()
    person.qtbot.mouseDClick(area.tabs, Qt.MouseButton.LeftButton, pos=tab)
    window = window_of(person, "gates")
    assert area.names() == ["hidden_state"]
    window.close()
    assert area.names() == ["hidden_state", "gates"]
    assert area.front() == "gates"


def test_a_view_comes_back_to_the_place_that_its_tab_had(person: Person) -> None:
    open_view(person, "gates", View)
    area = person.window.docking.area_of("gates")
    assert area is not None
    person.qtbot.mouseDClick(area.tabs, Qt.MouseButton.LeftButton, pos=area.tabs.tabRect(0).center())
    assert area.names() == ["gates"]
    window_of(person, "hidden_state").close()
    assert area.names() == ["hidden_state", "gates"]
    assert [area.tabs.tabText(at) for at in range(2)] == ["Hidden state", "Gates"]
    assert area.front() == "hidden_state"
    assert person.window.docking.views["hidden_state"].isVisible()


def test_f11_makes_a_floating_view_full_screen_and_escape_first_leaves_that(person: Person) -> None:
    window = float_out(person, "loss")
    person.qtbot.keyClick(window, Qt.Key.Key_F11)
    person.wait_until(window.isFullScreen)
    person.qtbot.keyClick(window, Qt.Key.Key_F11)
    person.wait_until(lambda: not window.isFullScreen())
    person.qtbot.keyClick(window, Qt.Key.Key_F11)
    person.qtbot.keyClick(window, Qt.Key.Key_Escape)
    person.wait_until(lambda: not window.isFullScreen())
    assert person.window.docking.floating("loss") is window


@pytest.mark.parametrize(("key", "column"), [(Qt.Key.Key_F8, "left"), (Qt.Key.Key_F9, "right")])
def test_the_columns_of_the_window_are_hidden_by_their_keys_from_a_floating_view_too(
    person: Person, key: Qt.Key, column: str
) -> None:
    window = float_out(person, "loss")
    parts = columns(person)
    side = parts[0] if column == "left" else parts[-1]
    person.qtbot.keyClick(window, key)
    person.wait_until(lambda: not side.isVisible())
    person.qtbot.keyClick(window, key)
    person.wait_until(side.isVisible)


def test_the_network_scrolls_and_plays_as_before_once_its_full_screen_window_is_gone(person: Person) -> None:
    window, panel = float_out(person, "unrolled"), panel_of(person)
    canvas = panel.canvas
    person.wait_until(lambda: panel.looked is not None)
    settle(person)
    cell = canvas.placed().cell(1, 0).center() * canvas.scale + canvas.origin()
    person.qtbot.mouseClick(canvas.viewport(), Qt.MouseButton.LeftButton, pos=cell.toPoint())
    assert canvas.selected == (0, 1)
    person.qtbot.keyClick(canvas, Qt.Key.Key_F11)
    person.wait_until(window.isFullScreen)
    person.qtbot.keyClick(canvas, Qt.Key.Key_Escape)
    person.wait_until(lambda: not window.isFullScreen())
    gone: list[bool] = []
    window.destroyed.connect(lambda: gone.append(True))
    choose(person, "unrolled", "Dock")
    person.wait_until(lambda: bool(gone))
    person.activate()
    person.press(Qt.Key.Key_P)
    person.wait_until(lambda: panel.play_line.playing is not None)
    assert canvas.playing is not None


def test_the_frame_of_the_focus_is_around_the_picture_in_every_size_of_its_window(person: Person) -> None:
    window, panel = float_out(person, "unrolled"), panel_of(person)
    person.wait_until(lambda: panel.looked is not None)
    panel.canvas.setFocus()
    settle(person)
    accent = QColor(person.session.theme.accent)

    def framed() -> list[int]:
        """The heights at which the left side of the frame is on the screen."""
        seen, panel_at = window.screen().grabWindow(window.winId()).toImage(), panel.mapTo(window, QPoint(0, 0))
        left, ratio = panel_at.x() + panel.canvas.x() - 4, window.devicePixelRatio()
        columns = [[seen.pixelColor(round((left + side) * ratio), y) for y in range(seen.height())] for side in (0, 1)]
        return [round(y / ratio) - panel_at.y() for y, pair in enumerate(zip(*columns, strict=True)) if accent in pair]

    def fits() -> bool:
        heights, box = framed(), panel.canvas.geometry()
        return bool(heights) and abs(heights[0] - box.top()) < 9 and abs(heights[-1] - box.bottom()) < 9

    person.wait_until(fits)
    for large in (True, False):
        person.qtbot.keyClick(panel.canvas, Qt.Key.Key_F11 if large else Qt.Key.Key_Escape)
        person.wait_until(lambda large=large: window.isFullScreen() is large)
        settle(person)
        assert fits()


@pytest.mark.parametrize("back", ["button", "Escape"])
@pytest.mark.parametrize("how", ["menu", "F11"])
def test_a_floating_view_that_fills_the_screen_goes_back_to_its_window_by_a_button_and_by_escape(
    person: Person, how: str, back: str
) -> None:
    window = float_out(person, "loss")
    button = person.window.docking.views["loss"].restore_button
    assert not button.isVisible()
    if how == "menu":
        choose(person, "loss", "Enlarge")
    else:
        person.qtbot.keyClick(window, Qt.Key.Key_F11)
    person.wait_until(button.isVisible)
    assert "(Esc)" in button.toolTip()
    if back == "button":
        person.qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    else:
        person.qtbot.keyClick(window, Qt.Key.Key_Escape)
    person.wait_until(lambda: not (window.isMaximized() or window.isFullScreen() or button.isVisible()))
    assert person.window.docking.floating("loss") is window
    person.qtbot.keyClick(window, Qt.Key.Key_Escape)
    assert person.window.docking.floating("loss") is None


def test_closing_the_window_or_escape_docks(person: Person) -> None:
    window_of_loss = float_out(person, "loss")
    window_of_loss.close()
    assert person.window.docking.shown() == DEFAULT
    window = float_out(person, "loss")
    person.qtbot.keyClick(window, Qt.Key.Key_Escape)
    assert person.window.docking.shown() == DEFAULT
    assert person.window.docking.floating("loss") is None


def test_escape_in_a_text_field_leaves_the_field_first(person: Person) -> None:
    window = float_out(person, "unrolled")
    field = window.findChild(QLineEdit, "probe")
    assert field is not None
    field.setFocus()
    person.wait_until(field.hasFocus)
    person.qtbot.keyClick(field, Qt.Key.Key_Escape)
    assert person.window.docking.floating("unrolled") is window
    assert not field.hasFocus()
    person.qtbot.keyClick(window, Qt.Key.Key_Escape)
    assert person.window.docking.floating("unrolled") is None


def test_the_keys_of_the_training_work_in_a_floating_window(person: Person) -> None:
    window = float_out(person, "loss")
    person.qtbot.keyClick(window, Qt.Key.Key_S)
    person.wait_steps(1)
    person.wait_until(lambda: not person.session.busy)
    assert person.session.run.progress.step == 1
    person.qtbot.keyClick(window, Qt.Key.Key_Space)
    person.wait_until(lambda: person.session.run.status == "running")
    person.qtbot.keyClick(window, Qt.Key.Key_Space)
    person.wait_until(lambda: person.session.run.status == "paused")


def test_the_keys_of_the_file_menu_and_of_help_work_in_a_floating_window(person: Person, tmp_path: Path) -> None:
    trained(person, 2)
    save(person, tmp_path / "run.unroll")
    window = float_out(person, "loss")
    person.qtbot.keyClick(window, Qt.Key.Key_S)
    person.wait_steps(3)
    person.qtbot.keyClick(window, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    person.wait_until(lambda: person.session.run.progress.step == 3 and not person.window.run_files.busy)
    person.wait_until(lambda: engine.open_run(tmp_path / "run.unroll").progress.step == 3)
    person.qtbot.keyClick(window, Qt.Key.Key_F1)
    shown = person.find(HelpWindow, "help-window")
    person.wait_until(shown.isVisible)
    shown.close()


def test_a_floating_view_lives_and_a_minimised_one_costs_nothing(person: Person) -> None:
    window = float_out(person, "hidden_state")
    panel = person.window.docking.views["hidden_state"]
    assert isinstance(panel, HiddenStatePanel)
    settle(person)
    before = panel.found
    person.session.probe.set("mia")
    person.wait_until(lambda: panel.found is not before)
    window.showMinimized()
    person.wait_until(window.isMinimized)
    settle(person)
    refreshed: list[int] = []
    refresh = panel.refresh
    panel.refresh = lambda: (refreshed.append(1), refresh())  # type: ignore[method-assign, assignment, func-returns-value]
    person.session.probe.set("zoe")
    train_a_little(person, 3)
    assert refreshed == []
    window.showNormal()
    person.wait_until(lambda: len(refreshed) >= 1)


def test_a_floating_view_can_be_dragged_into_a_slot(person: Person) -> None:
    float_out(person, "memory")
    area = person.window.docking.area_of("loss")
    assert area is not None
    drop(area, "memory", 0.5, 0.5)
    assert area.names() == ["loss", "memory"]
    assert person.window.docking.views["memory"].window() is person.window
    person.window.docking.move_view("memory", area, Edge.RIGHT)
    assert person.window.docking.floating("memory") is None


def test_a_floating_view_is_hidden_and_shown_by_the_menu(person: Person) -> None:
    float_out(person, "memory")
    view_action(person, "memory").trigger()
    assert not person.window.docking.views["memory"].isVisible()
    view_action(person, "memory").trigger()
    assert person.window.docking.shown() == DEFAULT


def test_everything_can_float_and_be_docked_again(person: Person) -> None:
    docking = person.window.docking
    for name in docking.views:
        open_view(person, name, View)
    for name in docking.views:
        docking.float_view(name)
    assert docking.areas() == []
    settle(person)
    for name in docking.views:
        docking.dock(name)
    assert sorted(docking.shown()) == sorted(docking.views)
    assert all(docking.floating(name) is None for name in docking.views)
    docking.reset()
    assert docking.shown() == DEFAULT


def test_a_floating_window_has_the_colours_of_the_theme(person: Person) -> None:
    window = float_out(person, "loss")
    person.session.set_theme(DARK)
    settle(person)
    assert window.grab().toImage().pixelColor(6, 60).lightness() < 80
    assert window.palette().link().color().name() == DARK.accent
    assert window.palette().placeholderText().color().name() == DARK.muted


def test_floating_windows_come_back_at_the_next_start_and_go_with_the_large_one(
    qtbot: QtBot, settings: QSettings
) -> None:
    first = MainWindow(Session(), settings)
    first.show()
    first.docking.float_view("memory")
    floating = first.docking.floating("memory")
    assert floating is not None
    floating.setGeometry(QRect(120, 130, 500, 400))
    first.close()
    assert first.docking.floating("memory") is None
    dispose(first)
    second = MainWindow(Session(), settings)
    again = second.docking.floating("memory")
    assert again is not None
    assert not again.isVisible()  # not before the large one
    order = ShowOrder(again, second)
    second.show()
    qtbot.waitUntil(again.isVisible)
    assert order.large_one_is_there, "a window manager keeps nothing in front of a window that it does not know"
    assert again.size().width() == 500
    assert again.pos().x() == pytest.approx(120, abs=40)
    assert second.docking.area_of("memory") is None
    second.docking.dock("memory")
    assert set(second.docking.shown()) == set(DEFAULT)
    second.close()
    dispose(second)


def test_a_floating_window_opens_wholly_on_the_screen(person: Person) -> None:
    person.window.move(QPoint(900, 500))
    window = float_out(person, "memory")
    assert window.screen().availableGeometry().contains(window.geometry())


def test_a_floating_view_stays_above_the_main_window_and_has_the_frame_of_a_window(person: Person) -> None:
    window = float_out(person, "memory")
    assert window.windowHandle().transientParent() is person.window.windowHandle()
    assert window.windowHandle().type() is Qt.WindowType.Dialog  # X11 puts no plain window above another
    assert not window.isModal()
    for hint in ("WindowTitleHint", "WindowMaximizeButtonHint", "WindowMinimizeButtonHint", "WindowCloseButtonHint"):
        assert window.windowFlags() & Qt.WindowType[hint]
