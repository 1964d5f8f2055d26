"""The middle of the window: views in slots, side by side, above each other, or behind each other as tabs.

A slot holds one view or several. Slots stand in splitters, and these in each other. A view is moved by dragging its
title (or its tab) onto another slot: onto its middle to become a tab there, onto an edge to stand beside it. What is
hidden keeps its place in the registry only, and costs nothing.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QSplitter, QVBoxLayout, QWidget

from gui.panels.view import View
from gui.slot import Edge, Slot, begin_drag

GAP_PX = 10
ORIENTATIONS = {"rows": Qt.Orientation.Vertical, "columns": Qt.Orientation.Horizontal}
SIDES = {
    Edge.LEFT: (Qt.Orientation.Horizontal, 0),
    Edge.RIGHT: (Qt.Orientation.Horizontal, 1),
    Edge.TOP: (Qt.Orientation.Vertical, 0),
    Edge.BOTTOM: (Qt.Orientation.Vertical, 1),
}


@dataclass(frozen=True)
class Tabs:
    """A slot in words: names of its views, and which is in front."""

    names: tuple[str, ...]
    front: str = ""


@dataclass(frozen=True)
class Split:
    """Parts beside each other ("columns") or above each other ("rows"), with their sizes relative to each other."""

    kind: str
    parts: tuple[Split | Tabs, ...]
    sizes: tuple[int, ...] = ()


Layout = Split | Tabs


class Workspace(QWidget):
    """Shows views as a Layout says, and lets a person change it."""

    changed = Signal()  # views were shown, hidden or moved

    def __init__(
        self, views: Mapping[str, View], default: Layout, homes: Mapping[str, tuple[str, Edge]], steady: frozenset[str]
    ) -> None:
        """homes: for each view that the default does not show, the one at which it opens, and on which side. steady:
        views whose height stays when the window grows."""
        super().__init__()
        self.setObjectName("workspace")
        self.views = dict(views)
        self._default, self._homes, self._steady = default, dict(homes), steady
        self._root: QSplitter = self._splitter(Qt.Orientation.Vertical)
        self._filled = ""
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.addWidget(self._root)
        for name, view in self.views.items():
            view.setParent(self)
            view.hide()
            view.hide_requested.connect(lambda name=name: self.hide_view(name))
            view.fill_requested.connect(lambda name=name: self.fill("" if self._filled == name else name))
            view.title.installEventFilter(self)
            view.title.setCursor(Qt.CursorShape.OpenHandCursor)
            view.title.setToolTip("Drag to another place; a double click enlarges")
        self.apply(default)

    # ---- what is there

    def slots(self) -> list[Slot]:
        """All slots, in reading order."""
        return list(_slots(self._root))

    def slot_of(self, name: str) -> Slot | None:
        """The slot that holds a view, None when it is hidden."""
        return next((slot for slot in self.slots() if name in slot.names()), None)

    def shown(self) -> list[str]:
        """Names of all views that are in a slot, behind others or not."""
        return [name for slot in self.slots() for name in slot.names()]

    # ---- showing, hiding, moving

    def show_view(self, name: str) -> None:
        """Bring a view to the front of its slot, or to where it belongs when it was hidden."""
        slot = self.slot_of(name)
        if slot is None:
            neighbour, edge = self._homes.get(name, ("", Edge.MIDDLE))
            home = self.slot_of(neighbour)
            slot = self._new_slot() if home is None else home
            if home is not None and edge is not Edge.MIDDLE:
                slot = self._new_slot_at(home, edge)
            self._put(name, slot)
            self._tidy()
        self._unfill_for(slot)
        slot.bring_to_front(name)
        self.changed.emit()

    def hide_view(self, name: str) -> None:
        """Take a view away."""
        slot = self.slot_of(name)
        if slot is None:
            return
        if self._filled == name:
            self.fill("")
        slot.take(name)
        self._park(name)
        self._tidy()
        self.changed.emit()

    def move_view(self, name: str, target: Slot, edge: Edge) -> None:
        """Put a view into a slot as a tab, or beside it."""
        source = self.slot_of(name)
        if source is target and (edge is Edge.MIDDLE or len(target.names()) == 1):
            return
        if source is not None:
            source.take(name)
        self._put(name, target if edge is Edge.MIDDLE else self._new_slot_at(target, edge))
        self._tidy()
        self.changed.emit()

    def fill(self, name: str) -> None:
        """Let one view have the whole middle; "" brings the others back."""
        self._filled = name
        chosen = self.slot_of(name) if name else None
        if chosen is not None:
            chosen.bring_to_front(name)
        for slot in self.slots():
            slot.setVisible(chosen is None or slot is chosen)
        for splitter in _splitters(self._root):
            holds = chosen is None or splitter is self._root or splitter.isAncestorOf(chosen)
            splitter.setVisible(holds)

    def _unfill_for(self, slot: Slot) -> None:
        if self._filled and slot is not self.slot_of(self._filled):
            self.fill("")

    def _put(self, name: str, slot: Slot) -> None:
        slot.add(name, self.views[name])

    def _park(self, name: str) -> None:
        self.views[name].hide()
        self.views[name].setParent(self)

    def _make_slot(self) -> Slot:
        slot = Slot()
        slot.dropped.connect(self._dropped)
        return slot

    def _new_slot(self) -> Slot:
        """At the lower end."""
        slot = self._make_slot()
        self._root.addWidget(slot)
        return slot

    def _new_slot_at(self, target: Slot, edge: Edge) -> Slot:
        """Beside a slot, which gives half of its room."""
        orientation, after = SIDES[edge]
        parent = cast(QSplitter, target.parentWidget())
        at, sizes, slot = parent.indexOf(target), parent.sizes(), self._make_slot()
        if parent.orientation() == orientation:
            half = max(1, sizes[at] // 2)
            parent.insertWidget(at + after, slot)
            parent.setSizes([*sizes[:at], half, half, *sizes[at + 1 :]])
            return slot
        inner = self._splitter(orientation)
        parent.insertWidget(at, inner)
        for part in (target, slot) if after else (slot, target):
            inner.addWidget(part)
        parent.setSizes(sizes)
        inner.setSizes([1000, 1000])
        return slot

    def _dropped(self, name: str, edge: object) -> None:
        slot = self.sender()
        if isinstance(slot, Slot) and isinstance(edge, Edge) and name in self.views:
            self.move_view(name, slot, edge)

    def _splitter(self, orientation: Qt.Orientation) -> QSplitter:
        splitter = QSplitter(orientation)
        splitter.setChildrenCollapsible(False)
        splitter.setHandleWidth(GAP_PX)
        return splitter

    def _tidy(self) -> None:
        """Empty slots go, and splitters that hold nothing, or only one part; then who grows with the window."""
        for slot in self.slots():
            if not slot.names():
                _discard(slot)
        for splitter in reversed(list(_splitters(self._root))):
            parent = splitter.parentWidget()
            if splitter is self._root or not isinstance(parent, QSplitter):
                continue
            if splitter.count() == 0:
                _discard(splitter)
            elif splitter.count() == 1:
                sizes = parent.sizes()
                parent.insertWidget(parent.indexOf(splitter), _parts(splitter)[0])
                _discard(splitter)
                parent.setSizes(sizes)
        for splitter in _splitters(self._root):
            for number, part in enumerate(_parts(splitter)):
                stays = isinstance(part, Slot) and bool(self._steady & set(part.names()))
                splitter.setStretchFactor(number, 0 if stays else 1)

    # ---- layouts

    def apply(self, layout: Layout) -> None:
        """Arrange everything anew; views that the layout does not name are hidden."""
        self._filled = ""
        for slot in self.slots():
            for name in slot.names():
                slot.take(name)
                self._park(name)
        old = self._root
        self._root = self._splitter(Qt.Orientation.Vertical)
        self._box.replaceWidget(old, self._root)
        old.hide()
        old.deleteLater()
        whole = layout if isinstance(layout, Split) and layout.kind == "rows" else Split("rows", (layout,))
        self._fill_splitter(self._root, whole)
        self._root.show()  # a layout shows only what is added to it, not what is replaced
        self._tidy()
        self.changed.emit()

    def _fill_splitter(self, splitter: QSplitter, split: Split) -> None:
        for part in split.parts:
            if isinstance(part, Split):
                inner = self._splitter(ORIENTATIONS[part.kind])
                splitter.addWidget(inner)
                self._fill_splitter(inner, part)
                continue
            slot = self._make_slot()
            splitter.addWidget(slot)
            for name in part.names:
                if name in self.views and self.slot_of(name) is None:
                    self._put(name, slot)
            slot.bring_to_front(part.front or part.names[0])
        splitter.setSizes(list(split.sizes) if len(split.sizes) == len(split.parts) else [1000] * len(split.parts))

    def layout_now(self) -> Layout:
        """What is shown, and how large."""
        return _described(self._root)

    def save(self) -> str:
        """The layout as text, for the settings."""
        return json.dumps(_to_json(self.layout_now()))

    def restore(self, text: str) -> None:
        """Take a saved layout; one that cannot be read, or shows nothing, leaves the default."""
        try:
            layout = _from_json(json.loads(text), frozenset(self.views))
        except (ValueError, TypeError, KeyError, RecursionError):
            return
        if layout is not None:
            self.apply(layout)

    def reset(self) -> None:
        """As at the very first start."""
        self.apply(self._default)

    # ---- menu and mouse

    def fill_menu(self, menu: QMenu) -> None:
        """One line for each view, ticked when it is shown; and the way back to the default."""
        menu.clear()
        shown = set(self.shown())
        for name, view in self.views.items():
            action = QAction(view.title.text(), menu)
            action.setObjectName(f"view-{name}")
            action.setCheckable(True)
            action.setChecked(name in shown)
            action.triggered.connect(lambda on, name=name: self.show_view(name) if on else self.hide_view(name))
            menu.addAction(action)
        menu.addSeparator()
        menu.addAction("Default layout").triggered.connect(self.reset)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A drag at a title moves its view, a double click enlarges it."""
        name = next((name for name, view in self.views.items() if view.title is watched), "")
        if name and event.type() == QEvent.Type.MouseButtonDblClick:
            self.fill("" if self._filled == name else name)
            return True
        return bool(name) and begin_drag(self.views[name], name, event)


def _discard(widget: QWidget) -> None:
    widget.hide()
    widget.setParent(None)
    widget.deleteLater()


def _parts(splitter: QSplitter) -> list[QWidget]:
    found = (splitter.widget(i) for i in range(splitter.count()))
    return [part for part in found if part is not None]


def _slots(splitter: QSplitter) -> Iterator[Slot]:
    for part in _parts(splitter):
        if isinstance(part, QSplitter):
            yield from _slots(part)
        elif isinstance(part, Slot):
            yield part


def _splitters(splitter: QSplitter) -> Iterator[QSplitter]:
    yield splitter
    for part in _parts(splitter):
        if isinstance(part, QSplitter):
            yield from _splitters(part)


def _described(splitter: QSplitter) -> Split:
    parts: list[Layout] = []
    for part in _parts(splitter):
        if isinstance(part, QSplitter):
            parts.append(_described(part))
        elif isinstance(part, Slot):
            parts.append(Tabs(tuple(part.names()), part.front()))
    kind = next(kind for kind, orientation in ORIENTATIONS.items() if orientation == splitter.orientation())
    return Split(kind, tuple(parts), tuple(splitter.sizes()))


def _to_json(layout: Layout) -> Any:
    if isinstance(layout, Tabs):
        return {"tabs": list(layout.names), "front": layout.front}
    return {layout.kind: [_to_json(part) for part in layout.parts], "sizes": list(layout.sizes)}


def _from_json(data: Any, known: frozenset[str]) -> Layout | None:
    """What a saved layout says about views that there are; None where nothing is left."""
    if not isinstance(data, dict):
        raise ValueError("A layout is an object.")
    if "tabs" in data:
        names = tuple(str(name) for name in data["tabs"] if name in known)
        front = str(data.get("front", ""))
        return Tabs(names, front if front in names else names[0]) if names else None
    kind = "rows" if "rows" in data else "columns"
    sizes: Sequence[int] = [int(size) for size in data.get("sizes", ())]
    found = [(_from_json(part, known), i) for i, part in enumerate(data[kind])]
    parts = [(part, sizes[i] if i < len(sizes) else 1000) for part, i in found if part is not None]
    if not parts:
        return None
    return Split(kind, tuple(part for part, _ in parts), tuple(size for _, size in parts))
