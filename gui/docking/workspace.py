"""The middle of the window: views in slots, side by side, above each other, behind each other as tabs, or floating.

A slot holds one view or several. Slots stand in Panes, and these in each other. A view is moved by dragging its head
(or its tab) onto another slot: onto its middle to become a tab there, onto an edge to stand beside it; or by its menu.
A double click on the head lets it float in a window of its own, and docks it again. What is hidden keeps its place in
the registry only, and costs nothing.

Qt's own docks are not used: their layout does not know heights that follow from widths, cannot share one width among
columns, puts a title below its own tab, and is saved as bytes that no other version need understand.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from gui.docking.floating import Floating
from gui.docking.layouts import Arrangement, Layout, Split, from_text, to_text
from gui.docking.splitter import (
    HALF,
    ORIENTATIONS,
    Berth,
    Panes,
    berth_of,
    described,
    panes_in,
    part_with,
    slots_in,
    tidy,
)
from gui.docking.tab_area import Edge, Slot, begin_drag
from gui.panels.base.view import View

SIDES = {
    Edge.LEFT: (Qt.Orientation.Horizontal, 0),
    Edge.RIGHT: (Qt.Orientation.Horizontal, 1),
    Edge.TOP: (Qt.Orientation.Vertical, 0),
    Edge.BOTTOM: (Qt.Orientation.Vertical, 1),
}
HEAD_TIP = "Drag to another place; a double click lets it float, or docks it again"


class Workspace(QWidget):
    """Shows views as a Layout says, and lets a person change it."""

    changed = Signal()  # views were shown, hidden or moved
    floated = Signal(object)  # a new window: Floating
    painted = Signal(float)  # seconds that a floating window took for drawing

    def __init__(
        self,
        views: Mapping[str, View],
        layouts: Sequence[tuple[QSize, Layout]],
        homes: Mapping[str, tuple[str, Edge]],
        steady: frozenset[str],
    ) -> None:
        """layouts: arrangements for a person who has chosen none, the roomiest first, with the room that each needs;
        the last one must do with any. homes: for each view that these do not show, the one at which it opens, and on
        which side. steady: views whose height stays when the window grows."""
        super().__init__()
        self.setObjectName("workspace")
        self.views = dict(views)
        self._layouts, self._own = tuple(layouts), layouts[0][1]
        self._berths = {name: Berth(frozenset({beside}), edge) for name, (beside, edge) in homes.items()}
        self._homes = dict(self._berths)
        self._steady = steady
        self._floats: dict[str, Floating] = {}
        self._filled = ""
        self._chosen = False  # whether a person has arranged the views
        self._root = self._panes(Qt.Orientation.Vertical)
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.addWidget(self._root)
        for name, view in self.views.items():
            view.setParent(self)
            view.hide()
            for head in (view.title, view.subtitle):
                head.setProperty("view", name)
                head.installEventFilter(self)
                head.setCursor(Qt.CursorShape.OpenHandCursor)
            view.title.setToolTip(HEAD_TIP)
        self.reset()

    # ---- what is there

    def slots(self) -> list[Slot]:
        """All slots, in reading order."""
        return list(slots_in(self._root))

    def slot_of(self, name: str) -> Slot | None:
        """The slot that holds a view, None when it is hidden or floats."""
        return next((slot for slot in self.slots() if name in slot.names()), None)

    def floating(self, name: str) -> Floating | None:
        """The window that holds a view, None when it does not float."""
        return self._floats.get(name)

    def windows(self) -> list[Floating]:
        """Those in which views float."""
        return list(self._floats.values())

    def shown(self) -> list[str]:
        """Names of all views that are in a slot, behind others or not, and of those that float."""
        return [name for slot in self.slots() for name in slot.names()] + list(self._floats)

    @property
    def filled(self) -> str:
        """The view that has the whole middle, or ""."""
        return self._filled

    # ---- showing, hiding, moving

    def show_view(self, name: str) -> None:
        """Bring a view to the front, or to where it belongs when it was hidden."""
        if name in self._floats:
            self._floats[name].raise_()
            self._floats[name].activateWindow()
            return
        slot = self.slot_of(name)
        if slot is None:
            slot = self._slot_at_berth(name)
            slot.add(name, self.views[name])
            self._settle()
        if self._filled and slot is not self.slot_of(self._filled):
            self.fill("")
        slot.bring_to_front(name)
        self.changed.emit()

    def hide_view(self, name: str) -> None:
        """Take a view away."""
        if name in self.shown():
            self._take(name)
            self._settle()
            self.changed.emit()

    def move_view(self, name: str, target: Slot, edge: Edge) -> None:
        """Put a view into a slot as a tab, or beside it."""
        if self.slot_of(name) is target and (edge is Edge.MIDDLE or len(target.names()) == 1):
            return
        self._take(name)
        slot = target if edge is Edge.MIDDLE else self._new_slot_at(target, edge)
        slot.add(name, self.views[name])
        self._settle()
        self.changed.emit()

    def move_to_rim(self, name: str, edge: Edge) -> None:
        """Put a view along a whole side of the middle."""
        self._take(name)
        tidy(self._root)
        slot = self._make_slot()
        orientation, after = SIDES[edge]
        if orientation is Qt.Orientation.Vertical:
            self._root.put(self._root.count() if after else 0, slot, HALF)
        else:
            row, old = self._panes(orientation), self._root
            self._change_root()
            row.put(0, old, 2 * HALF)
            row.put(after, slot, HALF)
            self._root.put(0, row, 2 * HALF)
            old.show()
        slot.add(name, self.views[name])
        self._settle()
        self.changed.emit()

    def swap(self, first: Slot, second: Slot) -> None:
        """Let the views of two slots change places."""
        names, front = (first.names(), second.names()), (first.front(), second.front())
        for slot in (first, second):
            for name in slot.names():
                slot.take(name)
        for slot, taken, seen in ((first, names[1], front[1]), (second, names[0], front[0])):
            for name in taken:
                slot.add(name, self.views[name])
            slot.bring_to_front(seen)
        self._settle()
        self.changed.emit()

    def fill(self, name: str) -> None:
        """Let one view have the whole middle; "" brings the others back."""
        self._filled = name
        chosen = self.slot_of(name) if name else None
        if chosen is not None:
            chosen.bring_to_front(name)
        for slot in self.slots():
            slot.setVisible(chosen is None or slot is chosen)
        for panes in panes_in(self._root):
            panes.setVisible(chosen is None or panes is self._root or panes.isAncestorOf(chosen))
        for panes in panes_in(self._root):
            panes.share_out()

    def enlarge(self, name: str) -> None:
        """Give a view the middle, or the screen when it floats; or take it back."""
        if name in self._floats:
            self._floats[name].enlarge()
        else:
            self.fill("" if self._filled == name else name)

    # ---- floating

    def float_view(self, name: str, geometry: str = "") -> None:
        """Give a view a window of its own."""
        if name in self._floats:
            return
        view = self.views[name]
        was = QRect(view.mapToGlobal(QPoint(0, 0)), view.size())
        self._take(name)
        window = Floating(view, self)
        window.dock_requested.connect(partial(self.dock, name))
        window.painted.connect(self.painted)
        self._floats[name] = window
        window.place(was)
        if geometry:
            window.restore(geometry)
        self._settle()
        self.floated.emit(window)
        if self.isVisible():
            window.show()
        self.changed.emit()

    def dock(self, name: str) -> None:
        """Put a floating view back to where it was."""
        if name in self._floats:
            self._take(name)
            self.show_view(name)

    def toggle_float(self, name: str) -> None:
        """Float or dock."""
        (self.dock if name in self._floats else self.float_view)(name)

    def put_away(self) -> None:
        """Take away all floating windows: the large one closes."""
        for name in list(self._floats):
            self._floats.pop(name).release()

    def showEvent(self, event: QShowEvent) -> None:
        """Windows that were restored appear with the large one."""
        super().showEvent(event)
        for window in self._floats.values():
            window.show()

    # ---- slots

    def _take(self, name: str) -> None:
        """Take a view from where it is, if it is anywhere; remember the place."""
        if self._filled == name:
            self.fill("")
        slot, view = self.slot_of(name), self.views[name]
        if name in self._floats:
            self._floats.pop(name).release()
        elif slot is not None:
            berth = berth_of(slot, name)
            if berth is not None:
                self._berths[name] = berth
            slot.take(name)
        view.hide()
        view.setParent(self)

    def _slot_at_berth(self, name: str, asked: frozenset[str] = frozenset()) -> Slot:
        """Where a hidden view belongs: beside its neighbours, or where those belong when they are hidden too."""
        berths = [each for each in (self._berths.get(name), self._homes.get(name)) if each is not None]
        for berth in berths:
            found = part_with(self._root, berth.beside)
            if isinstance(found, Slot) and berth.edge is Edge.MIDDLE:
                return found
            if found is not None and berth.edge is not Edge.MIDDLE:
                return self._new_slot_at(found, berth.edge, (berth.size, berth.beside_size))
        for other in sorted(frozenset().union(*(berth.beside for berth in berths)) - asked - {name}):
            if other in self._berths:
                return self._slot_at_berth(other, asked | {name})
        slot = self._make_slot()
        self._root.put(self._root.count(), slot, HALF)
        return slot

    def _make_slot(self) -> Slot:
        slot = Slot()
        slot.dropped.connect(self._dropped)
        slot.opened.connect(self.float_view)
        return slot

    def _new_slot_at(self, target: Slot | Panes, edge: Edge, sizes: tuple[int, int] | None = None) -> Slot:
        """Beside a slot or Panes. sizes: of the new slot and of its neighbour; else this one gives half of its own."""
        orientation, after = SIDES[edge]
        parent, slot = target.parentWidget(), self._make_slot()
        assert isinstance(parent, Panes)
        at = parent.indexOf(target)
        wanted = parent.wanted()[at]
        if parent.orientation() == orientation:
            if sizes is None:
                parent.put(at, target, wanted // 2)
            parent.put(at + after, slot, wanted // 2 if sizes is None else sizes[0])
            return slot
        inner = self._panes(orientation)
        parent.put(at, inner, wanted)
        new, old = sizes or (HALF, HALF)
        for number, (part, size) in enumerate(((target, old), (slot, new)) if after else ((slot, new), (target, old))):
            inner.put(number, part, size)
        target.show()
        return slot

    def _dropped(self, name: str, edge: object) -> None:
        slot = self.sender()
        if isinstance(slot, Slot) and isinstance(edge, Edge) and name in self.views:
            self.move_view(name, slot, edge)

    def _panes(self, orientation: Qt.Orientation) -> Panes:
        panes = Panes(orientation, self._steady)
        panes.splitterMoved.connect(self._on_moved)
        return panes

    def _on_moved(self) -> None:
        self._chosen = True

    def _settle(self) -> None:
        """After a change: nothing empty stays, and everything has its size."""
        self._chosen = True
        tidy(self._root)
        for panes in panes_in(self._root):
            panes.share_out()

    # ---- layouts

    def set_room(self, room: QSize) -> None:
        """How large the middle is; an arrangement that nobody has chosen fits itself to it."""
        before = self._own
        self._own = next(
            layout
            for least, layout in self._layouts
            if (least.width() <= room.width() and least.height() <= room.height()) or layout is self._layouts[-1][1]
        )
        if self._own is not before and not self._chosen:
            self.reset()

    def apply(self, layout: Layout | None) -> None:
        """Arrange everything anew; views that the layout does not name are hidden."""
        self._filled = ""
        for name in self.shown():
            self._take(name)
        self._berths = dict(self._homes)
        old = self._change_root()
        old.hide()
        old.deleteLater()
        if layout is not None:
            whole = layout if isinstance(layout, Split) and layout.kind == "rows" else Split("rows", (layout,))
            self._fill_panes(self._root, whole)
        self._settle()
        self.changed.emit()

    def _change_root(self) -> Panes:
        """Put an empty root into the window; returns the one that was there."""
        old, self._root = self._root, self._panes(Qt.Orientation.Vertical)
        self._box.replaceWidget(old, self._root)
        self._root.show()  # a layout shows only what is added to it, not what is replaced
        return old

    def _fill_panes(self, panes: Panes, split: Split) -> None:
        sizes = split.sizes if len(split.sizes) == len(split.parts) else (HALF,) * len(split.parts)
        for number, (part, size) in enumerate(zip(split.parts, sizes, strict=True)):
            if isinstance(part, Split):
                inner = self._panes(ORIENTATIONS[part.kind])
                panes.put(number, inner, size)
                self._fill_panes(inner, part)
                continue
            slot = self._make_slot()
            panes.put(number, slot, size)
            for name in part.names:
                if name in self.views and self.slot_of(name) is None:
                    slot.add(name, self.views[name])
            slot.bring_to_front(part.front or part.names[0])

    def layout_now(self) -> Layout:
        """What is docked, and how large."""
        return described(self._root)

    def save(self) -> str:
        """The arrangement as text, for the settings; "" where none was chosen."""
        if not self._chosen:
            return ""
        floating = {name: window.geometry_text() for name, window in self._floats.items()}
        return to_text(Arrangement(self.layout_now() if self.slots() else None, floating))

    def restore(self, text: str) -> None:
        """Take a saved arrangement; one that cannot be read, or shows nothing, leaves the default."""
        found = from_text(text, frozenset(self.views))
        if found is None:
            return
        self.apply(found.docked)
        for name, geometry in found.floating.items():
            self.float_view(name, geometry)

    def reset(self) -> None:
        """As at the very first start."""
        self.apply(self._own)
        self._chosen = False

    # ---- mouse

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A drag at a head moves its view, a double click lets it float or docks it."""
        name = str(watched.property("view") or "")
        if name and event.type() == QEvent.Type.MouseButtonDblClick:
            self.toggle_float(name)
            return True
        return bool(name) and begin_drag(self.views[name], name, event)
