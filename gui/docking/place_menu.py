"""Menus that show, hide and move views, and moves that the window makes on its own."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QPoint, QRect
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu

from gui.docking.docking_area import DockingArea
from gui.docking.tab_area import Edge, TabArea

DIRECTIONS = {Edge.TOP: "Up", Edge.BOTTOM: "Down", Edge.LEFT: "Left", Edge.RIGHT: "Right"}


def fill_views_menu(docking: DockingArea, menu: QMenu) -> None:
    """Fill the menu with a line for each view, ticked if it is shown."""
    menu.clear()
    shown = set(docking.shown())
    for name in docking.views:
        action = QAction(docking.views.title(name), menu)
        action.setObjectName(f"view-{name}")
        action.setCheckable(True)
        action.setChecked(name in shown)
        action.triggered.connect(lambda on, name=name: (docking.show_view if on else docking.hide_view)(name))
        menu.addAction(action)


def show_large(docking: DockingArea, name: str) -> None:
    """Bring a view to the front; a hidden one fills the middle, because its place may be small."""
    hidden = name not in docking.shown()
    docking.show_view(name)
    if hidden:
        docking.fill(name)


def offer_places(docking: DockingArea, name: str, menu: QMenu) -> None:
    """Add the actions for one view: enlarge, float, move, hide."""
    window = docking.floating(name)
    large = window.large if window is not None else docking.filled == name
    menu.addAction("Restore size" if large else "Enlarge").triggered.connect(lambda: docking.enlarge(name))
    menu.addAction("Dock" if window is not None else "Float").triggered.connect(lambda: docking.toggle_float(name))
    area = docking.area_of(name)
    if area is not None and not large:
        _offer_moves(docking, name, area, menu.addMenu("Move"))
    menu.addAction("Hide").triggered.connect(lambda: docking.hide_view(name))


def _offer_moves(docking: DockingArea, name: str, area: TabArea, menu: QMenu) -> None:
    for edge, title in DIRECTIONS.items():
        action = menu.addAction(title)
        action.setEnabled(can_move(docking, area, edge))
        action.triggered.connect(partial(move, docking, name, edge))
    others = [other for other in docking.areas() if other is not area]
    if others:
        menu.addSeparator()
    for other in others:
        title = docking.views.title(other.front())
        menu.addAction(f"Into the tabs of {title}").triggered.connect(
            lambda _=False, other=other: docking.move_view(name, other, Edge.MIDDLE)
        )


def can_move(docking: DockingArea, area: TabArea, edge: Edge) -> bool:
    """Whether moving an area this way would change anything: past a neighbour, out of its tabs, or along a whole
    side."""
    if len(area.names()) > 1 or neighbouring_area(docking, area, edge) is not None:
        return True
    here, across = _box(docking, area), edge in (Edge.TOP, Edge.BOTTOM)
    everything = [_box(docking, each) for each in docking.areas()]
    least, most = (
        (min(box.left() for box in everything), max(box.right() for box in everything))
        if across
        else (min(box.top() for box in everything), max(box.bottom() for box in everything))
    )
    return (here.left() > least or here.right() < most) if across else (here.top() > least or here.bottom() < most)


def move(docking: DockingArea, name: str, edge: Edge, _: bool = False) -> None:
    """Move a view out of its tabs, past its neighbour, or along the whole side."""
    area = docking.area_of(name)
    if area is None or not can_move(docking, area, edge):
        return
    beside = neighbouring_area(docking, area, edge)
    if len(area.names()) > 1:
        docking.move_view(name, area, edge)
    elif beside is not None:
        docking.swap(area, beside)
    else:
        docking.move_to_side(name, edge)


def neighbouring_area(docking: DockingArea, area: TabArea, edge: Edge) -> TabArea | None:
    """The nearest area in a direction; if several are equally near, the one that shares the longest edge."""
    here = _box(docking, area)
    found: list[tuple[int, int, TabArea]] = []
    for other in docking.areas():
        box = _box(docking, other)
        if edge in (Edge.LEFT, Edge.RIGHT):
            common = min(here.bottom(), box.bottom()) - max(here.top(), box.top())
            away = here.left() - box.right() if edge is Edge.LEFT else box.left() - here.right()
        else:
            common = min(here.right(), box.right()) - max(here.left(), box.left())
            away = here.top() - box.bottom() if edge is Edge.TOP else box.top() - here.bottom()
        if other is not area and common > 0 and away >= 0:
            found.append((away, -common, other))
    return min(found, key=lambda each: each[:2])[2] if found else None


def _box(docking: DockingArea, area: TabArea) -> QRect:
    return QRect(area.mapTo(docking, QPoint(0, 0)), area.size())


def toggle_view(docking: DockingArea, name: str, opener: str) -> None:
    """Show a view, or hide it if it is already in front. opener: the view in which that was clicked, which keeps its
    height, so that the mouse stays over what was clicked unless there is too little room below."""
    area = docking.area_of(name)
    if area is not None and area.front() == name and docking.filled in ("", name):
        docking.hide_view(name)
        docking.keep_height(opener, keep=False)
    else:
        docking.keep_height(opener, keep=docking.filled == "")
        docking.show_view(name)
