"""Every view that floats or is hidden comes back to where it was, whatever else has floated, in whatever order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from itertools import combinations, permutations

import pytest
from PySide6.QtCore import QPoint, QRect, QSettings, Qt
from PySide6.QtWidgets import QSplitter
from pytestqt.qtbot import QtBot

from gui.docking.docking_area import DockingArea
from gui.docking.layouts import Layout, Tabs
from gui.docking.tab_area import Edge
from gui.main_window import MainWindow
from gui.session.session import Session
from tests.gui.conftest import Person, dispose, opened
from tests.gui.docking.test_best_arrangement import NARROW, ROOMY, resize
from tests.gui.docking.test_docking_area import area_of, box_of
from tests.gui.docking.test_floating_window import float_out
from tests.gui.panels.open_views import choose, settle, view_action

pytestmark = pytest.mark.one_window

VIEWS = ["unrolled", "loss", "runs", "gradient", "hidden_state", "memory"]


@pytest.fixture(autouse=True)
def one_view_to_a_place() -> None:
    """The arrangement is that of the program, in which Runs is a tab behind Loss."""


def places(layout: Layout) -> object:
    """Where the views are and how large, whichever of them is in front."""
    if isinstance(layout, Tabs):
        return layout.names
    return layout.kind, layout.sizes, [places(part) for part in layout.parts]


def usual(docking: DockingArea) -> None:
    docking.reset()


def changed(docking: DockingArea) -> None:
    """Another arrangement: rows in columns in rows, two views in the row of the network, three tabs."""
    docking.reset()
    docking.show_view("gates")
    for name, beside, edge in (
        ("memory", "unrolled", Edge.RIGHT),
        ("gradient", "memory", Edge.BOTTOM),
        ("runs", "hidden_state", Edge.MIDDLE),
    ):
        area = docking.area_of(beside)
        assert area is not None
        docking.move_view(name, area, edge)
    docking.move_to_side("loss", Edge.LEFT)


ARRANGED = pytest.mark.parametrize("arrange", [usual, changed])
SINGLE = [(name,) for name in VIEWS]
PAIRS = list(combinations(VIEWS, 2))
TRIPLES = [("loss", "runs", "gradient"), ("unrolled", "loss", "memory"), ("gradient", "hidden_state", "memory")]


@pytest.fixture
def docking(qtbot: QtBot, settings: QSettings) -> Iterator[DockingArea]:
    """The views of a hidden window: floating ones are not shown either, since thousands of them would take minutes."""
    with opened(qtbot, settings) as person:
        person.window.resize(*ROOMY)
        person.window.hide()
        yield person.window.docking


def orders(names: tuple[str, ...]) -> list[tuple[str, ...]]:
    """In which each view floats where it stands first, and is docked at the next. Until the end one always floats: all
    other orders are some of these, of fewer views, one after the other."""
    every = sorted(set(permutations(names * 2)))
    return [order for order in every if all(Counter(Counter(order[:end]).values())[1] for end in range(1, len(order)))]


def every_order(chosen: list[tuple[str, ...]]) -> list[tuple[str, ...]]:
    return [order for names in chosen for order in orders(names)]


def each_order_once() -> list[tuple[str, ...]]:
    """Of three views; of which three, in turn."""
    return [order for at, names in enumerate(TRIPLES) for order in orders(names)[at :: len(TRIPLES)]]


@ARRANGED
@pytest.mark.parametrize(
    "taken",
    [
        pytest.param(every_order([*SINGLE, *PAIRS]), id="two"),
        pytest.param(each_order_once(), id="three"),
        pytest.param(every_order(TRIPLES), id="all-three", marks=pytest.mark.slow),
    ],
)
def test_views_come_back_in_whatever_order_they_float_and_are_docked(
    docking: DockingArea, arrange: Callable[[DockingArea], None], taken: list[tuple[str, ...]]
) -> None:
    arrange(docking)
    before = places(docking.layout_now())
    for order in taken:
        for name in order:
            docking.toggle_float(name)
        assert places(docking.layout_now()) == before, order


@ARRANGED
def test_views_that_floated_at_the_end_come_back_at_the_next_start(
    docking: DockingArea, arrange: Callable[[DockingArea], None]
) -> None:
    arrange(docking)
    before = places(docking.layout_now())
    for count in (1, 2, len(VIEWS)):
        for names in combinations(VIEWS, count):
            for name in names:
                docking.float_view(name)
            saved = docking.save()
            docking.reset()
            docking.restore(saved)
            for name in names:
                docking.dock(name)
            assert places(docking.layout_now()) == before, names


def boxes(person: Person) -> dict[str, QRect]:
    return {name: box_of(person, name) for name in VIEWS if person.window.docking.views[name].isVisible()}


@pytest.mark.parametrize("first", ["memory", "loss", "hidden_state"])
@pytest.mark.parametrize("same_order", [True, False])
def test_the_network_has_its_whole_row_again_after_another_view_was_docked(
    person: Person, first: str, same_order: bool
) -> None:
    resize(person, ROOMY)
    before = boxes(person)
    windows = [float_out(person, first), float_out(person, "unrolled")]
    settle(person)
    for window in windows if same_order else reversed(windows):
        window.close()
        settle(person)
    person.wait_until(lambda: boxes(person) == before)


def test_views_that_float_or_are_hidden_come_back_after_a_restart(qtbot: QtBot, settings: QSettings) -> None:
    with opened(qtbot, settings) as person:
        resize(person, ROOMY)
        before = boxes(person)
        view_action(person, "hidden_state").trigger()
        for name in ("memory", "unrolled"):
            float_out(person, name)
    window = MainWindow(Session(own_process=False), settings)
    window.show()
    person = Person(qtbot, window)  # not active: the floating windows come into front
    settle(person)
    choose(person, "unrolled", "Dock")
    view_action(person, "hidden_state").trigger()
    choose(person, "memory", "Dock")
    person.wait_until(lambda: boxes(person) == before)
    assert window.docking.save() == "", "all is as it was"
    window.close()
    dispose(window)


def test_a_floating_view_comes_back_though_the_window_has_been_narrow(person: Person) -> None:
    resize(person, ROOMY)
    before = boxes(person)
    windows = [float_out(person, name) for name in ("memory", "runs")]
    for size in (NARROW, (1100, 700), ROOMY):
        resize(person, size)
    for window in windows:
        window.close()
    area_of(person, "loss").bring_to_front("loss")
    person.wait_until(lambda: boxes(person) == before)


def test_a_hidden_view_keeps_its_share_where_a_handle_is_dragged(person: Person) -> None:
    resize(person, (1440, 1400))
    view_action(person, "inside").trigger()
    inside, unrolled = person.window.docking.views["inside"], area_of(person, "unrolled")
    splitter, below = unrolled.parentWidget(), area_of(person, "loss").parentWidget()
    assert isinstance(splitter, QSplitter)
    assert below is not None
    grid = below.parentWidget()
    assert grid is not None
    settle(person)
    share = inside.height() / grid.height()
    view_action(person, "inside").trigger()
    settle(person)
    high = unrolled.height()
    handle = next(splitter.handle(at) for at in range(1, splitter.count()) if splitter.handle(at).isVisible())
    middle = handle.rect().center()
    person.qtbot.mousePress(handle, Qt.MouseButton.LeftButton, pos=middle)
    person.qtbot.mouseMove(handle, middle + QPoint(0, 60))
    person.qtbot.mouseRelease(handle, Qt.MouseButton.LeftButton, pos=middle + QPoint(0, 60))
    person.wait_until(lambda: unrolled.height() > high)
    view_action(person, "inside").trigger()
    person.wait_until(lambda: inside.height() / grid.height() == pytest.approx(share, rel=0.05))


def test_views_that_were_tabs_come_back_to_where_the_other_one_has_been_moved(person: Person) -> None:
    docking = person.window.docking
    window = float_out(person, "runs")
    choose(person, "loss", "Move", "Right")
    window.close()
    assert area_of(person, "loss").names() == ["loss", "runs"]
    view_action(person, "runs").trigger()
    choose(person, "loss", "Move", "Into the tabs of Memory")
    view_action(person, "runs").trigger()
    assert area_of(person, "memory").names() == ["memory", "loss", "runs"]
    assert all(area.isVisible() for area in docking.areas())


def test_a_view_that_is_moved_elsewhere_does_not_come_back_to_its_former_place(person: Person) -> None:
    docking = person.window.docking
    float_out(person, "memory")
    docking.move_view("memory", area_of(person, "loss"), Edge.MIDDLE)
    view_action(person, "memory").trigger()
    view_action(person, "memory").trigger()
    assert area_of(person, "loss").names() == ["loss", "runs", "memory"]
    assert len(docking.areas()) == 4


def test_what_opens_beside_a_floating_view_opens_where_that_comes_back_to(person: Person) -> None:
    window = float_out(person, "unrolled")
    for name in ("compare", "inside"):
        view_action(person, name).trigger()
    window.close()
    assert [area.names() for area in person.window.docking.areas()][:2] == [["unrolled", "compare"], ["inside"]]
