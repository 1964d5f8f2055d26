"""Menus that say where views stand: which are shown, and what can be done with the place of one."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QPoint, QRect
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu

from gui.docking.tab_area import Edge, Slot
from gui.docking.workspace import Workspace

WAYS = {Edge.TOP: "Up", Edge.BOTTOM: "Down", Edge.LEFT: "Left", Edge.RIGHT: "Right"}


def fill_views_menu(workspace: Workspace, menu: QMenu) -> None:
    """One line for each view, ticked when it is shown; and the way back to the default."""
    menu.clear()
    shown = set(workspace.shown())
    for name, view in workspace.views.items():
        action = QAction(view.title.text(), menu)
        action.setObjectName(f"view-{name}")
        action.setCheckable(True)
        action.setChecked(name in shown)
        action.triggered.connect(lambda on, name=name: (workspace.show_view if on else workspace.hide_view)(name))
        menu.addAction(action)
    menu.addSeparator()
    menu.addAction("Default layout").triggered.connect(workspace.reset)


def offer_places(workspace: Workspace, name: str, menu: QMenu) -> None:
    """Add what can be done with the place of one view."""
    window = workspace.floating(name)
    large = window.isMaximized() if window is not None else workspace.filled == name
    menu.addAction("Restore size" if large else "Enlarge").triggered.connect(lambda: workspace.enlarge(name))
    menu.addAction("Dock" if window is not None else "Float").triggered.connect(lambda: workspace.toggle_float(name))
    slot = workspace.slot_of(name)
    if slot is not None and not large:
        _offer_ways(workspace, name, slot, menu.addMenu("Move"))
    menu.addAction("Hide").triggered.connect(lambda: workspace.hide_view(name))


def _offer_ways(workspace: Workspace, name: str, slot: Slot, menu: QMenu) -> None:
    for edge, title in WAYS.items():
        action = menu.addAction(title)
        action.setEnabled(can_move(workspace, slot, edge))
        action.triggered.connect(partial(move, workspace, name, edge))
    others = [other for other in workspace.slots() if other is not slot]
    if others:
        menu.addSeparator()
    for other in others:
        title = workspace.views[other.front()].title.text()
        menu.addAction(f"Tab with {title}").triggered.connect(
            lambda _=False, other=other: workspace.move_view(name, other, Edge.MIDDLE)
        )


def can_move(workspace: Workspace, slot: Slot, edge: Edge) -> bool:
    """Whether a move in this direction changes anything: there is a neighbour, or a whole side to take."""
    if len(slot.names()) > 1 or neighbour(workspace, slot, edge) is not None:
        return True
    here, across = _box(workspace, slot), edge in (Edge.TOP, Edge.BOTTOM)
    everything = [_box(workspace, each) for each in workspace.slots()]
    least, most = (
        (min(box.left() for box in everything), max(box.right() for box in everything))
        if across
        else (min(box.top() for box in everything), max(box.bottom() for box in everything))
    )
    return (here.left() > least or here.right() < most) if across else (here.top() > least or here.bottom() < most)


def move(workspace: Workspace, name: str, edge: Edge, _: bool = False) -> None:
    """Out of its tabs, past its neighbour, or along the whole side."""
    slot = workspace.slot_of(name)
    if slot is None or not can_move(workspace, slot, edge):
        return
    beside = neighbour(workspace, slot, edge)
    if len(slot.names()) > 1:
        workspace.move_view(name, slot, edge)
    elif beside is not None:
        workspace.swap(slot, beside)
    else:
        workspace.move_to_rim(name, edge)


def neighbour(workspace: Workspace, slot: Slot, edge: Edge) -> Slot | None:
    """The slot that is met first in a direction; of several the one with the longest common edge."""
    here = _box(workspace, slot)
    found: list[tuple[int, int, Slot]] = []
    for other in workspace.slots():
        box = _box(workspace, other)
        if edge in (Edge.LEFT, Edge.RIGHT):
            common = min(here.bottom(), box.bottom()) - max(here.top(), box.top())
            away = here.left() - box.right() if edge is Edge.LEFT else box.left() - here.right()
        else:
            common = min(here.right(), box.right()) - max(here.left(), box.left())
            away = here.top() - box.bottom() if edge is Edge.TOP else box.top() - here.bottom()
        if other is not slot and common > 0 and away >= 0:
            found.append((away, -common, other))
    return min(found, key=lambda each: each[:2])[2] if found else None


def _box(workspace: Workspace, slot: Slot) -> QRect:
    return QRect(slot.mapTo(workspace, QPoint(0, 0)), slot.size())
