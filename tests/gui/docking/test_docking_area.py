"""The middle of the window: views are shown, hidden, moved, enlarged, and found again at the next start."""

from __future__ import annotations

import json
import re

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, QRect, QSettings, Qt
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QLabel, QScrollArea, QSplitter, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from gui.docking.layouts import Split, Tabs
from gui.docking.tab_area import MIME, Edge, TabArea
from gui.main_window import MainWindow
from gui.panels.base.view import View
from gui.session.session import Session
from gui.widgets.column_scroll import ColumnScroll
from gui.widgets.help_window import HelpWindow
from tests.gui.conftest import Person, dispose
from tests.gui.panels.open_views import choose, open_view, settle, submenu, view_action
from tests.gui.plots.mouse import turn

pytestmark = pytest.mark.one_window("inside", "gates", "compare")

ORDER = ["loss", "hidden_state", "gradient", "memory"]
DEFAULT = ["unrolled", "loss", "gradient", "hidden_state", "memory"]


def drop(area: TabArea, name: str, x: float, y: float) -> None:
    """Let go of a dragged view at a share of the area's width and height."""
    data = QMimeData()
    data.setData(MIME, name.encode())
    at = QPointF(area.width() * x, area.height() * y)
    buttons, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    area.dropEvent(QDropEvent(at, Qt.DropAction.MoveAction, data, buttons, keys))


def area_of(person: Person, name: str) -> TabArea:
    area = person.window.docking.area_of(name)
    assert area is not None
    return area


def left_of(person: Person, name: str) -> int:
    view = person.window.docking.views[name]
    return view.mapTo(person.window, QPoint(0, 0)).x()


def top_of(person: Person, name: str) -> int:
    view = person.window.docking.views[name]
    return view.mapTo(person.window, QPoint(0, 0)).y()


def box_of(person: Person, name: str) -> QRect:
    view = person.window.docking.views[name]
    return QRect(view.mapTo(person.window, QPoint(0, 0)), view.size())


def test_the_default_is_calm_and_its_columns_are_aligned(person: Person) -> None:
    assert person.window.docking.shown() == DEFAULT
    assert left_of(person, "loss") == left_of(person, "gradient") == left_of(person, "unrolled")
    assert left_of(person, "hidden_state") == left_of(person, "memory")
    assert abs(top_of(person, "gradient") - top_of(person, "memory")) <= 1
    views = person.window.docking.views
    assert views["loss"].width() == views["gradient"].width()
    assert all(not area.tabs.isVisible() for area in person.window.docking.areas())


def test_the_menu_ticks_what_is_shown_and_shows_and_hides(person: Person) -> None:
    assert view_action(person, "loss").isChecked()
    assert not view_action(person, "gates").isChecked()
    view_action(person, "gates").trigger()
    gates = person.window.docking.views["gates"]
    assert gates.isVisible()
    assert area_of(person, "gates") is area_of(person, "hidden_state")
    assert not person.window.docking.views["hidden_state"].isVisible()
    view_action(person, "gates").trigger()
    assert not gates.isVisible()
    assert person.window.docking.views["hidden_state"].isVisible()
    assert person.window.docking.shown() == DEFAULT


def test_the_line_inside_opens_the_view_of_the_whole_cell_below_the_network(person: Person) -> None:
    person.click("inside-open")
    inside = person.window.docking.views["inside"]
    assert inside.isVisible()
    assert top_of(person, "unrolled") < top_of(person, "inside") < top_of(person, "loss")
    assert inside.width() == person.window.docking.views["unrolled"].width()
    person.click("inside-open")
    assert not inside.isVisible()


@pytest.mark.parametrize("size", [(1440, 1100), (1440, 900), (1100, 850)])
def test_the_link_that_opens_and_closes_a_view_stays_under_the_mouse(person: Person, size: tuple[int, int]) -> None:
    person.window.resize(*size)
    settle(person)
    link, inside = person.find(QWidget, "inside-open"), person.window.docking.views["inside"]
    before = link.mapTo(person.window, QPoint())
    for shown in (True, False, True):
        person.click("inside-open")
        person.wait_until(lambda shown=shown: inside.isVisible() == shown)
        settle(person)
        assert link.mapTo(person.window, QPoint()) == before


def test_a_view_that_kept_its_height_gives_way_to_a_handle_and_to_another_size(person: Person) -> None:
    person.window.resize(1440, 900)
    settle(person)
    unrolled = area_of(person, "unrolled")
    high = unrolled.height()
    person.click("inside-open")
    settle(person)
    assert unrolled.height() == high
    splitter = unrolled.parentWidget()
    assert isinstance(splitter, QSplitter)
    handle = splitter.handle(1)
    middle = handle.rect().center()
    person.qtbot.mousePress(handle, Qt.MouseButton.LeftButton, pos=middle)
    person.qtbot.mouseMove(handle, middle - QPoint(0, 20))
    person.qtbot.mouseRelease(handle, Qt.MouseButton.LeftButton, pos=middle - QPoint(0, 20))
    person.wait_until(lambda: unrolled.height() < high)
    person.window.docking.reset()
    settle(person)
    person.click("inside-open")
    settle(person)
    assert area_of(person, "unrolled").height() == high
    person.window.resize(1440, 880)
    person.wait_until(lambda: area_of(person, "unrolled").height() < high)


@pytest.mark.parametrize("size", [(1440, 900), (1100, 700)])
def test_a_view_that_opens_below_what_is_seen_is_scrolled_into_view(person: Person, size: tuple[int, int]) -> None:
    person.window.resize(*size)
    settle(person)
    middle = person.find(QScrollArea, "middle").viewport()
    for name in ("batch", "weights", "inside", "attention"):
        view_action(person, name).trigger()
        view = person.window.docking.views[name]
        person.wait_until(view.isVisible)
        settle(person)
        assert middle.rect().contains(QRect(view.mapTo(middle, QPoint()), view.size())), name


def test_the_last_view_of_a_slot_gives_its_room_to_the_others(person: Person) -> None:
    memory = person.window.docking.views["memory"]
    before = person.window.docking.views["hidden_state"].height()
    memory.make_menu().actions()[-1].trigger()
    assert not memory.isVisible()
    person.wait_until(lambda: person.window.docking.views["hidden_state"].height() > before)


def test_everything_can_be_hidden_and_brought_back(person: Person) -> None:
    docking = person.window.docking
    for name in docking.shown():
        docking.hide_view(name)
    assert docking.shown() == []
    open_view(person, "memory", View)
    open_view(person, "weights", View)
    assert sorted(docking.shown()) == ["memory", "weights"]
    docking.reset()
    assert docking.shown() == DEFAULT
    assert docking.views["loss"].isVisible()


def test_dropping_on_the_middle_makes_a_tab_and_a_click_on_the_tab_brings_to_the_front(person: Person) -> None:
    drop(area_of(person, "loss"), "memory", 0.5, 0.5)
    area = area_of(person, "loss")
    assert area.names() == ["loss", "memory"]
    assert area.front() == "memory"
    views = person.window.docking.views
    assert views["memory"].isVisible()
    assert not views["loss"].isVisible()
    assert area.tabs.isVisible()
    assert not views["memory"].title.isVisible()  # its tab says it
    person.qtbot.mouseClick(area.tabs, Qt.MouseButton.LeftButton, pos=area.tabs.tabRect(0).center())
    assert views["loss"].isVisible()
    assert not views["memory"].isVisible()


@pytest.mark.parametrize(("needed", "holds"), [(212, True), (300, False)])
def test_a_view_that_needs_a_little_more_keeps_its_height_for_the_tabs_beside_it(
    person: Person, needed: int, holds: bool
) -> None:
    drop(area_of(person, "loss"), "memory", 0.5, 0.5)
    area, views = area_of(person, "loss"), person.window.docking.views
    views["loss"].setMinimumHeight(needed - area.tabs.sizeHint().height())
    heights = []
    for at in (0, 1, 0, 1):
        person.qtbot.mouseClick(area.tabs, Qt.MouseButton.LeftButton, pos=area.tabs.tabRect(at).center())
        settle(person)
        heights.append(area.minimumSizeHint().height())
    assert heights[0] == needed
    assert heights == [needed] * 4 if holds else heights[1] < needed
    person.window.resize(person.window.width() - 40, person.window.height())
    settle(person)
    assert area.minimumSizeHint().height() < needed, "another width needs other heights"


@pytest.mark.parametrize(
    ("x", "y", "edge"), [(0.05, 0.5, "left"), (0.95, 0.5, "right"), (0.5, 0.05, "above"), (0.5, 0.95, "below")]
)
def test_dropping_on_an_edge_puts_the_view_there(person: Person, x: float, y: float, edge: str) -> None:
    drop(area_of(person, "unrolled"), "memory", x, y)
    assert sorted(person.window.docking.shown()) == sorted(DEFAULT)
    views = person.window.docking.views
    assert views["memory"].isVisible()
    person.wait_until(lambda: views["memory"].height() > 50 and views["memory"].width() > 100)
    across = left_of(person, "memory") - left_of(person, "unrolled")
    down = top_of(person, "memory") - top_of(person, "unrolled")
    assert {"left": across < 0, "right": across > 0, "above": down < 0, "below": down > 0}[edge]


def test_dropping_a_view_on_its_own_place_or_something_else_changes_nothing(person: Person) -> None:
    before = person.window.docking.layout_now()
    drop(area_of(person, "loss"), "loss", 0.05, 0.5)
    drop(area_of(person, "loss"), "no such view", 0.5, 0.5)
    assert person.window.docking.layout_now() == before


def test_no_empty_slot_or_splitter_is_left_behind(person: Person) -> None:
    docking = person.window.docking
    names = list(docking.views)
    for number, name in enumerate(names * 3):
        areas = docking.areas()
        edge = list(Edge)[number % len(Edge)]
        if docking.area_of(name) is None:
            docking.show_view(name)
        docking.move_view(name, areas[number * 7 % len(areas)], edge)
    assert sorted(docking.shown()) == sorted(names)
    assert all(area.names() for area in docking.areas())

    def is_lean(layout: Split | Tabs, whole: bool) -> bool:
        if isinstance(layout, Tabs):
            return bool(layout.names)
        return (whole or len(layout.parts) > 1) and all(is_lean(part, False) for part in layout.parts)

    assert is_lean(docking.layout_now(), True)


def test_the_menu_enlarges_and_restores(person: Person) -> None:
    views = person.window.docking.views
    settle(person)
    before = views["loss"].height()
    choose(person, "loss", "Enlarge")
    person.wait_until(lambda: views["loss"].height() > 2 * before)
    assert not views["memory"].isVisible()
    assert not views["unrolled"].isVisible()
    choose(person, "loss", "Restore size")
    person.wait_until(views["memory"].isVisible)
    assert person.window.docking.shown() == DEFAULT
    person.wait_until(lambda: views["loss"].height() == before)


@pytest.mark.parametrize("name", [*DEFAULT, "compare"])
def test_an_enlarged_view_has_a_button_in_sight_that_restores_its_size(person: Person, name: str) -> None:
    docking = person.window.docking
    docking.show_view(name)
    button = person.find(QToolButton, f"{name}-restore")
    assert not button.isVisible()
    for size in ((1440, 900), (1000, 640)):
        person.window.resize(*size)
        choose(person, name, "Enlarge")
        person.wait_until(lambda: button.isVisible() and button.visibleRegion().boundingRect() == button.rect())
        assert button.toolTip().endswith("(Esc)")
        assert docking.shown().count(name) == 1
        person.click(f"{name}-restore")
        assert docking.filled == ""
        assert not button.isVisible()
    choose(person, name, "Enlarge")
    docking.reset()
    assert not button.isVisible()


@pytest.mark.parametrize("width", [1440, 960])
def test_what_the_help_calls_the_buttons_of_a_view_is_written_on_them(person: Person, width: int) -> None:
    person.window.resize(width, 640)
    choose(person, "loss", "Enlarge")
    view = person.window.docking.views["loss"]
    person.press(Qt.Key.Key_F1)
    said = [label.text() for label in person.find(HelpWindow, "help-window").findChildren(QLabel)]
    line = next(text for text in said if "enlarge" in text)
    named = re.findall("“(.+?)”", line)
    assert named
    assert {*named} <= {button.text() for button in view.findChildren(QToolButton) if button.isVisible()}
    person.find(HelpWindow, "help-window").close()


@pytest.mark.parametrize("name", DEFAULT)
def test_a_hidden_view_comes_back_to_where_it_was(person: Person, name: str) -> None:
    docking = person.window.docking
    boxes = {each: box_of(person, each) for each in DEFAULT}
    view_action(person, name).trigger()
    assert name not in docking.shown()
    view_action(person, name).trigger()
    assert docking.shown() == DEFAULT
    person.wait_until(lambda: all(box_of(person, each) == boxes[each] for each in DEFAULT))


def test_columns_keep_one_width_whatever_stands_in_their_heads(person: Person) -> None:
    views = person.window.docking.views
    person.choose_sample("dates")
    person.window.resize(1320, 860)
    settle(person)
    person.choose_sample("part-of-speech")
    settle(person)
    person.wait_until(lambda: abs(views["loss"].width() - views["hidden_state"].width()) <= 1)


def test_a_low_window_shows_the_second_row_as_tabs_until_a_person_arranges_the_views(person: Person) -> None:
    docking = person.window.docking
    person.window.resize(1100, 700)
    person.wait_until(lambda: len(docking.areas()) == 3)
    assert [area.names() for area in docking.areas()] == [
        ["unrolled"],
        ["loss", "gradient"],
        ["hidden_state", "memory"],
    ]
    scroll = person.find(QScrollArea, "middle")
    person.wait_until(lambda: scroll.verticalScrollBar().maximum() == 0)  # all is in sight
    person.window.resize(1000, 640)
    person.wait_until(lambda: [area.names() for area in docking.areas()] == [["unrolled"], ORDER])
    person.window.resize(1440, 900)
    person.wait_until(lambda: len(docking.areas()) == 5)
    assert docking.save() == ""
    docking.hide_view("memory")
    choose(person, "gradient", "Move", "Right")
    person.window.resize(1100, 700)
    person.wait_until(lambda: person.window.height() == 700)
    settle(person)
    assert [area.names() for area in docking.areas()] == [["unrolled"], ["loss"], ["hidden_state"], ["gradient"]]


MOVES = [
    ("loss", "Right", ["unrolled", "hidden_state", "gradient", "loss", "memory"]),
    ("loss", "Down", ["unrolled", "gradient", "loss", "hidden_state", "memory"]),
    ("memory", "Left", ["unrolled", "loss", "memory", "hidden_state", "gradient"]),
    ("memory", "Down", ["unrolled", "loss", "gradient", "hidden_state", "memory"]),
    ("memory", "Right", ["unrolled", "loss", "gradient", "hidden_state", "memory"]),
    ("unrolled", "Left", ["unrolled", "loss", "gradient", "hidden_state", "memory"]),
]


@pytest.mark.parametrize(("name", "way", "order"), MOVES, ids=[f"{name}-{way}" for name, way, _ in MOVES])
def test_the_menu_moves_a_view_past_its_neighbour_or_along_a_side(
    person: Person, name: str, way: str, order: list[str]
) -> None:
    at, below = left_of(person, name), top_of(person, name)
    choose(person, name, "Move", way)
    assert person.window.docking.shown() == order
    person.wait_until(lambda: person.window.docking.views[name].isVisible())
    across, down = left_of(person, name) - at, top_of(person, name) - below
    moved = {"Right": across > 0, "Left": across < 0, "Down": down > 0, "Up": down < 0}
    assert moved[way] == ((name, way) != ("unrolled", "Left")), "only this one is there already"


def test_the_menu_makes_a_tab_and_takes_it_out_again(person: Person) -> None:
    choose(person, "memory", "Move", "Into the tabs of Loss")
    assert area_of(person, "loss").names() == ["loss", "memory"]
    choose(person, "memory", "Move", "Down")
    assert area_of(person, "loss").names() == ["loss"]
    assert top_of(person, "loss") < top_of(person, "memory") < top_of(person, "gradient")


def test_a_way_that_leads_nowhere_cannot_be_chosen(person: Person) -> None:
    menu = person.window.docking.views["unrolled"].make_menu()
    ways = {action.text(): action.isEnabled() for action in submenu(menu, "Move").actions()}
    assert not ways["Up"]
    assert ways["Down"]


def test_an_enlarged_view_stays_so_where_the_window_gets_another_default_arrangement(person: Person) -> None:
    docking, before = person.window.docking, box_of(person, "unrolled")
    docking.enlarge("unrolled")
    for size in ((1100, 700), (1440, 900)):
        person.window.resize(*size)
        assert docking.filled == "unrolled"
        assert not docking.views["loss"].isVisible()
    person.press(Qt.Key.Key_Escape)
    person.wait_until(lambda: docking.views["loss"].isVisible() and box_of(person, "unrolled") == before)


def test_opening_another_view_ends_the_enlargement(person: Person) -> None:
    person.window.docking.fill("loss")
    view_action(person, "inside").trigger()
    assert person.window.docking.views["inside"].isVisible()
    assert person.window.docking.views["loss"].isVisible()


def test_choosing_another_tab_ends_the_enlargement(person: Person) -> None:
    docking = person.window.docking
    docking.show_view("compare")
    docking.fill("compare")
    area_of(person, "compare").tabs.setCurrentIndex(0)
    assert docking.filled == ""
    assert docking.views["loss"].isVisible()


def test_hiding_the_enlarged_view_brings_the_others_back(person: Person) -> None:
    person.window.docking.fill("loss")
    person.window.docking.hide_view("loss")
    assert person.window.docking.views["memory"].isVisible()


def test_the_layout_comes_back_at_the_next_start(qtbot: QtBot, settings: QSettings) -> None:
    first = MainWindow(Session(), settings)
    first.show()
    first.docking.show_view("metrics")
    first.docking.hide_view("memory")
    area = first.docking.area_of("unrolled")
    assert area is not None
    first.docking.move_view("gradient", area, Edge.RIGHT)
    saved = first.docking.layout_now()
    first.close()
    dispose(first)
    second = MainWindow(Session(), settings)
    second.show()
    now = second.docking.layout_now()
    assert _names(now) == _names(saved)
    metrics = second.docking.area_of("metrics")
    assert metrics is not None
    assert metrics.front() == "metrics"
    assert second.docking.area_of("memory") is None
    second.close()
    dispose(second)


def _names(layout: Split | Tabs) -> object:
    return layout if isinstance(layout, Tabs) else (layout.kind, [_names(part) for part in layout.parts])


@pytest.mark.parametrize(
    "text",
    [
        "",
        "no JSON",
        "[]",
        "3",
        "{}",
        '{"rows": 5}',
        '{"rows": [{"tabs": 7}]}',
        '{"tabs": ["nothing", "known"]}',
        '{"rows": [], "sizes": []}',
        "[" * 5000 + "]" * 5000,
    ],
    ids=["empty", "words", "list", "number", "object", "no-list", "no-names", "unknown", "nothing", "deep"],
)
def test_a_damaged_layout_leaves_the_default(person: Person, text: str) -> None:
    person.window.docking.restore(text)
    assert person.window.docking.shown() == DEFAULT


def test_what_a_saved_layout_says_of_unknown_views_is_left_out(person: Person) -> None:
    layout = {"columns": [{"tabs": ["loss", "gone"], "front": "gone"}, {"tabs": ["old"]}], "sizes": [1, 2]}
    person.window.docking.restore(json.dumps(layout))
    assert person.window.docking.shown() == ["loss"]
    assert person.window.docking.views["loss"].isVisible()


def test_files_are_not_dropped_into_slots(person: Person) -> None:
    area = area_of(person, "loss")
    assert area.edge_at(area.rect().center()) is Edge.MIDDLE
    assert area.edge_at(QPoint(1, area.height() // 2)) is Edge.LEFT
    assert area.edge_at(QPoint(area.width() // 2, area.height() - 1)) is Edge.BOTTOM


def test_no_view_is_lower_than_what_stands_in_it_however_small_the_window(person: Person) -> None:
    views = [person.window.docking.views[name] for name in DEFAULT]
    person.window.resize(1000, 640)
    person.wait_until(lambda: not views[-1].isVisible())  # it is a tab now
    person.wait_until(
        lambda: all(
            view.height() >= view.outer.totalMinimumHeightForWidth(view.width()) for view in views if view.isVisible()
        )
    )


def test_no_column_is_narrower_than_what_stands_in_it(person: Person) -> None:
    window = person.window
    columns = person.find(QSplitter, "splitter-columns")
    right = columns.widget(2)
    assert right is not None
    for sample in ("part-of-speech", "french", "names"):
        person.resize(1000, 700)
        person.choose_sample(sample)
        for width in (1000, 1080, 1100, 1440):
            person.resize(width, 700)
            settle(person)
            person.wait_until(lambda: right.width() >= right.minimumSizeHint().width())
            for area in window.findChildren(ColumnScroll):
                content = area.widget()
                assert content is not None
                person.wait_until(lambda area=area, content=content: content.width() <= area.viewport().width())
                assert content.width() >= content.minimumSizeHint().width()
            assert right.mapTo(window, right.rect().topRight()).x() < window.width()


def test_the_wheel_over_tabs_is_left_to_the_page_and_changes_no_view(person: Person) -> None:
    open_view(person, "gates", View)
    area = area_of(person, "gates")
    for name in ("gates", "hidden_state"):
        area.bring_to_front(name)
        for notches in (1, -1):
            assert not turn(area.tabs, QPointF(area.tabs.tabRect(0).center()), notches, Qt.KeyboardModifier.NoModifier)
            assert area.front() == name
