"""Splitters whose parts keep the sizes that were asked for.

Qt's own gives room to a part that needs more for a while and never takes it back: columns that began alike end apart.
Here every part remembers what it was given, by the layout or by the mouse, and gets it again whenever there is room.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSplitter, QWidget

from gui.docking.layouts import FALLBACK_SIZE, Layout, Split, Tabs
from gui.docking.tab_area import Edge, Slot

ORIENTATIONS = {"rows": Qt.Orientation.Vertical, "columns": Qt.Orientation.Horizontal}
GAP_PX = 10
HALF = FALLBACK_SIZE // 2
WANTED = "wanted-size"  # a part's property: pixels, or what counts as such beside its neighbours


class Panes(QSplitter):
    """Slots, and Panes in the other direction."""

    def __init__(self, orientation: Qt.Orientation, steady: frozenset[str] = frozenset()) -> None:
        """steady: views whose slots keep their height when the window grows."""
        super().__init__(orientation)
        self.setChildrenCollapsible(False)
        self.setHandleWidth(GAP_PX)
        self._steady = steady
        self.splitterMoved.connect(self._keep)

    def parts(self) -> list[QWidget]:
        """Slots and Panes, in order."""
        found = (self.widget(i) for i in range(self.count()))
        return [part for part in found if part is not None]

    def put(self, at: int, part: QWidget, size: int) -> None:
        """Insert a part that wants a size."""
        part.setProperty(WANTED, max(1, size))
        self.insertWidget(at, part)

    def wanted(self) -> list[int]:
        """The size each part was given."""
        return [int(part.property(WANTED) or FALLBACK_SIZE) for part in self.parts()]

    def share_out(self) -> None:
        """Give each part what it was given, as far as there is room and none is smaller than it can be."""
        parts = self.parts()
        shown = [part for part in parts if not part.isHidden()]
        across = self.orientation() is Qt.Orientation.Horizontal
        room = (self.width() if across else self.height()) - self.handleWidth() * max(len(shown) - 1, 0)
        if not shown or room <= 0:
            return
        least = {part: self._least(part, across) for part in shown}
        wanted = dict(zip(parts, self.wanted(), strict=True))
        given: dict[QWidget, float] = {}
        for part in shown:
            if self._stays(part) and len(shown) > 1:
                given[part] = max(wanted[part], least[part])
        growing = [part for part in shown if part not in given]
        while growing:  # those that cannot be as small as their share leave less to the rest
            left = room - sum(given.values())
            shares = {part: left * wanted[part] / sum(wanted[each] for each in growing) for part in growing}
            tight = {part: least[part] for part in growing if shares[part] < least[part]}
            given |= tight or shares
            growing = [part for part in growing if part not in given]
        sizes = [round(given.get(part, 0)) for part in parts]
        if sizes != self.sizes():
            self.setSizes(sizes)

    def _least(self, part: QWidget, across: bool) -> int:
        hint, set_to = part.minimumSizeHint(), part.minimumSize()
        return max(hint.width(), set_to.width()) if across else max(hint.height(), set_to.height())

    def _stays(self, part: QWidget) -> bool:
        down = self.orientation() is Qt.Orientation.Vertical
        return down and isinstance(part, Slot) and bool(self._steady & set(part.names()))

    def _keep(self) -> None:
        """The mouse has decided."""
        for part, size in zip(self.parts(), self.sizes(), strict=True):
            if not part.isHidden():
                part.setProperty(WANTED, max(1, size))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another size of the whole."""
        super().resizeEvent(event)
        self.share_out()

    def event(self, event: QEvent) -> bool:
        """A part may need more or less than before."""
        handled = super().event(event)
        if event.type() == QEvent.Type.LayoutRequest:
            self.share_out()
        return handled


def slots_in(panes: Panes) -> Iterator[Slot]:
    """All slots, in reading order."""
    for part in panes.parts():
        if isinstance(part, Panes):
            yield from slots_in(part)
        elif isinstance(part, Slot):
            yield part


def panes_in(panes: Panes) -> Iterator[Panes]:
    """Itself and all Panes below, in reading order."""
    yield panes
    for part in panes.parts():
        if isinstance(part, Panes):
            yield from panes_in(part)


def names_in(part: QWidget) -> frozenset[str]:
    """The views that stand in a slot or in Panes."""
    if isinstance(part, Slot):
        return frozenset(part.names())
    return (
        frozenset(name for slot in slots_in(part) for name in slot.names()) if isinstance(part, Panes) else frozenset()
    )


def part_with(root: Panes, names: frozenset[str]) -> Panes | Slot | None:
    """What holds just these views; else the first slot that holds one of them."""
    for panes in panes_in(root):
        for part in panes.parts():
            if isinstance(part, Panes | Slot) and names_in(part) == names:
                return part
    return next((slot for slot in slots_in(root) if names & set(slot.names())), None)


def tidy(root: Panes) -> None:
    """Empty slots go, and Panes that hold nothing, or only one part; the root stays."""
    for slot in list(slots_in(root)):
        if not slot.names():
            _discard(slot)
    for panes in reversed(list(panes_in(root))):
        parent = panes.parentWidget()
        if panes is root or not isinstance(parent, Panes):
            continue
        if panes.count() == 1:
            at = parent.indexOf(panes)
            part, size = panes.parts()[0], parent.wanted()[at]
            parent.put(at, part, size)
            part.setVisible(not panes.isHidden())
        if panes.count() == 0:
            _discard(panes)


def _discard(widget: QWidget) -> None:
    widget.hide()
    widget.setParent(None)
    widget.deleteLater()


@dataclass(frozen=True)
class Berth:
    """Where a view comes back to: beside the views it had as neighbours, with the sizes that both had."""

    beside: frozenset[str]
    edge: Edge
    size: int = HALF
    beside_size: int = HALF


def berth_of(slot: Slot, name: str) -> Berth | None:
    """Where a view stands that is about to leave its slot; None when nothing is beside it."""
    others = frozenset(slot.names()) - {name}
    if others:
        return Berth(others, Edge.MIDDLE)
    parent = slot.parentWidget()
    if not isinstance(parent, Panes) or parent.count() < 2:
        return None
    at, wanted = parent.indexOf(slot), parent.wanted()
    beside = at + 1 if at + 1 < parent.count() else at - 1
    across = parent.orientation() is Qt.Orientation.Horizontal
    before, after = (Edge.LEFT, Edge.RIGHT) if across else (Edge.TOP, Edge.BOTTOM)
    return Berth(names_in(parent.parts()[beside]), before if beside > at else after, wanted[at], wanted[beside])


def described(panes: Panes) -> Split:
    """The arrangement in words."""
    parts: list[Layout] = []
    for part in panes.parts():
        if isinstance(part, Panes):
            parts.append(described(part))
        elif isinstance(part, Slot):
            parts.append(Tabs(tuple(part.names()), part.front()))
    kind = next(kind for kind, orientation in ORIENTATIONS.items() if orientation is panes.orientation())
    return Split(kind, tuple(parts), tuple(panes.wanted()))
