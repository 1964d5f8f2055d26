"""Views that the user has arranged have fewer columns where the window is too narrow, and all again elsewhere."""

from __future__ import annotations

from itertools import chain

import pytest
from PySide6.QtCore import QPoint, QSettings, Qt
from PySide6.QtWidgets import QScrollArea
from pytestqt.qtbot import QtBot

from gui.docking.layouts import Layout, Split, Tabs, with_columns
from tests.gui.conftest import Person, opened
from tests.gui.docking.test_floating_window import float_out
from tests.gui.panels.open_views import VIEWS, choose, settle, view_action

ROOMY, NARROW = (1440, 900), (960, 600)


def resize(person: Person, size: tuple[int, int]) -> None:
    person.window.resize(*size)
    person.wait_until(lambda: (person.window.width(), person.window.height()) == size)
    settle(person)


def scrolls_sideways(person: Person) -> bool:
    return person.find(QScrollArea, "middle").horizontalScrollBar().maximum() > 0


def places(person: Person) -> list[list[str]]:
    return [area.names() for area in person.window.docking.areas()]


@pytest.mark.parametrize("moved", [True, False])
def test_a_saved_layout_opens_in_a_narrow_window_with_the_columns_that_fit(
    qtbot: QtBot, settings: QSettings, moved: bool
) -> None:
    with opened(qtbot, settings) as person:
        resize(person, ROOMY)
        view_action(person, "metrics").trigger()
        if moved:
            choose(person, "metrics", "Move", "Right")
        arranged = places(person)
        resize(person, NARROW)
    saved = settings.value("views")
    with opened(qtbot, settings) as person:
        settle(person)
        assert (person.window.width(), person.window.height()) == NARROW
        assert not scrolls_sideways(person)
        assert len({area.mapTo(person.window, QPoint()).x() for area in person.window.docking.areas()}) == 1
        assert {*chain(*places(person))} == {*chain(*arranged)}
        resize(person, ROOMY)
        person.wait_until(lambda: places(person) == arranged)
        resize(person, NARROW)
    assert settings.value("views") == saved


def test_no_arrangement_of_the_user_makes_the_window_scroll_sideways(person: Person) -> None:
    resize(person, ROOMY)
    choose(person, "memory", "Move", "Right")
    docking = person.window.docking
    arranged = docking.layout_now()
    for size in ((960, 600), (1000, 640), (1100, 700)):
        resize(person, size)
        person.wait_until(lambda: not scrolls_sideways(person))
        person.press(Qt.Key.Key_F8)
        settle(person)
        assert not scrolls_sideways(person), size
        person.press(Qt.Key.Key_F8)
        resize(person, ROOMY)
        person.wait_until(lambda: docking.layout_now() == arranged)


def test_what_the_user_hides_in_a_narrow_window_stays_hidden_in_a_wide_one(person: Person) -> None:
    docking = person.window.docking
    view_action(person, "metrics").trigger()
    resize(person, NARROW)
    view_action(person, "memory").trigger()
    resize(person, ROOMY)
    person.wait_until(lambda: places(person) == [["unrolled"], ["loss", "metrics"], ["gradient"], ["hidden_state"]])
    view_action(person, "memory").trigger()
    assert places(person) == [["unrolled"], ["loss", "metrics"], ["gradient"], ["hidden_state"], ["memory"]]
    view_action(person, "metrics").trigger()
    assert docking.save() == "", "nothing was arranged by hand"


def test_what_the_user_moves_in_a_narrow_window_stays_in_a_wide_one(person: Person) -> None:
    resize(person, (1100, 700))
    choose(person, "gradient", "Move", "Into the tabs of Hidden state")
    arranged = places(person)
    resize(person, ROOMY)
    assert places(person) == arranged == [["unrolled"], ["loss"], ["hidden_state", "memory", "gradient"]]


@pytest.mark.parametrize(
    ("start", "name", "expected"),
    [
        ((1100, 700), "compare", [["unrolled", "compare"], ["loss"], ["gradient"], ["hidden_state"], ["memory"]]),
        (NARROW, "inside", [["unrolled"], ["inside"], ["loss"], ["gradient"], ["hidden_state"], ["memory"]]),
        (NARROW, "gates", [["unrolled"], ["loss"], ["gradient"], ["hidden_state", "gates"], ["memory"]]),
    ],
)
def test_a_view_added_in_a_small_window_is_an_addition_to_the_arrangement_of_a_large_one(
    person: Person, start: tuple[int, int], name: str, expected: list[list[str]]
) -> None:
    resize(person, start)
    small = places(person)
    view_action(person, name).trigger()
    resize(person, (1430, 900))
    person.wait_until(lambda: places(person) == expected)
    assert person.window.docking.views[name].isVisible(), "it was in front"
    resize(person, start)
    view_action(person, name).trigger()
    person.wait_until(lambda: places(person) == small)


def test_a_view_added_in_a_small_window_is_an_addition_to_what_the_user_has_arranged(person: Person) -> None:
    resize(person, ROOMY)
    choose(person, "memory", "Move", "Right")
    arranged = places(person)
    resize(person, NARROW)
    view_action(person, "compare").trigger()
    window = float_out(person, "gradient")
    resize(person, ROOMY)
    person.wait_until(lambda: len(places(person)) == len(arranged) - 1)
    window.close()
    assert places(person) == [["unrolled", "compare"] if "unrolled" in each else each for each in arranged]


def test_no_added_view_makes_a_window_that_gets_smaller_scroll_sideways(person: Person) -> None:
    docking = person.window.docking
    for name in VIEWS:
        resize(person, ROOMY)
        docking.show_view(name)
        for size in ((1100, 700), (1090, 800), NARROW):
            resize(person, size)
            person.wait_until(lambda: not scrolls_sideways(person))
        resize(person, ROOMY)
        docking.reset()
        person.wait_until(lambda: len(places(person)) == 5)


def test_a_session_in_a_small_window_leaves_the_next_one_its_columns(qtbot: QtBot, settings: QSettings) -> None:
    with opened(qtbot, settings) as person:
        resize(person, NARROW)
        for name in ("compare", "inside"):
            view_action(person, name).trigger()
    with opened(qtbot, settings) as person:
        resize(person, ROOMY)
        expected = [["unrolled", "compare"], ["inside"], ["loss"], ["gradient"], ["hidden_state"], ["memory"]]
        person.wait_until(lambda: places(person) == expected)


@pytest.mark.parametrize("tab", ["loss", "gradient", "memory"])
def test_the_tab_in_front_stays_in_sight_where_columns_come_and_go(person: Person, tab: str) -> None:
    docking = person.window.docking
    resize(person, NARROW)
    area = docking.area_of(tab)
    assert area is not None
    area.bring_to_front(tab)
    for size in ((1100, 700), ROOMY):
        resize(person, size)
        person.wait_until(docking.views[tab].isVisible)
    resize(person, NARROW)
    person.wait_until(docking.views["loss"].isVisible)


def test_an_opened_view_stays_in_front_where_its_area_is_merged_and_comes_apart(person: Person) -> None:
    docking = person.window.docking
    resize(person, ROOMY)
    view_action(person, "mistakes").trigger()
    for size in ((1100, 700), ROOMY, NARROW, ROOMY):
        resize(person, size)
        person.wait_until(docking.views["mistakes"].isVisible)


def test_floating_views_and_an_enlarged_one_stay_so_where_columns_come_and_go(person: Person) -> None:
    docking = person.window.docking
    docking.float_view("memory")
    window = docking.floating("memory")
    docking.enlarge("loss")
    for size in (NARROW, ROOMY):
        resize(person, size)
        assert docking.floating("memory") is window
        assert docking.filled == "loss"
    docking.dock("memory")


def test_views_that_are_empty_without_steps_leave_their_room_to_the_loss(person: Person) -> None:
    docking = person.window.docking
    before = places(person)
    loss = person.window.panels["loss"]
    width = loss.width()
    person.session.set_model(architecture="one-to-one")
    person.wait_ready()
    settle(person)
    person.wait_until(lambda: loss.width() > 1.9 * width)
    assert places(person) == [["unrolled"], [name for name in docking.shown() if name != "unrolled"]]
    resize(person, (1100, 700))
    assert len(places(person)) == 2
    resize(person, ROOMY)
    person.session.undo.undo()
    person.wait_until(lambda: places(person) == before)
    assert docking.save() == "", "nothing was arranged by hand"
    choose(person, "memory", "Move", "Left")
    arranged = places(person)
    person.session.set_model(architecture="one-to-one")
    person.wait_ready()
    settle(person)
    assert places(person) == arranged, "what the user has arranged stays"


A, B, C, D = (Tabs((name,), name) for name in "abcd")


@pytest.mark.parametrize(
    ("layout", "columns", "expected"),
    [
        (A, 1, A),
        (Split("columns", (A, B), (1, 2)), 2, Split("columns", (A, B), (1, 2))),
        (Split("columns", (A, B), (1, 2)), 1, Tabs(("a", "b"), "a")),
        (Split("columns", (A, B, C), (1, 2, 3)), 2, Split("columns", (A, Tabs(("b", "c"), "b")), (1, 5))),
        (
            Split("rows", (A, Split("columns", (B, Split("rows", (C, D))))), (4, 5)),
            1,
            Split("rows", (A, Tabs(("b", "c", "d"), "b")), (4, 5)),
        ),
        (
            Split("columns", (Split("rows", (A, Split("columns", (B, C)))), D), (1, 1)),
            2,
            Split("columns", (Split("rows", (A, Tabs(("b", "c"), "b"))), D), (1, 1)),
        ),
    ],
    ids=["one", "fits", "two", "three", "rows", "nested"],
)
def test_columns_without_room_become_tabs_of_the_last_one(layout: Layout, columns: int, expected: Layout) -> None:
    assert with_columns(layout, columns, "abcd") == expected
