"""Splitters whose parts keep the sizes they were given.

Qt's own splitter gives room to a part that temporarily needs more and never takes it back, so columns that start equal
end up different. Here every part remembers the size it got from the layout or the mouse, and gets it back when there is
room.
"""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QCoreApplication, QEvent, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSplitter, QWidget

from gui.docking.layouts import FALLBACK_SIZE, Layout, Split, Tabs
from gui.docking.tab_area import TabArea

ORIENTATIONS = {"rows": Qt.Orientation.Vertical, "columns": Qt.Orientation.Horizontal}
GAP_PX = 10
HALF = FALLBACK_SIZE // 2
NATURAL = 1  # as a wanted size: the part's preferred height, up to MOST_NATURAL of the room
MOST_NATURAL = 0.55
USUAL_ROOM_PX = 800  # of all parts in a window of the usual size; in a larger one, natural heights grow with it
KEPT = "kept-height"  # a part's property: pixels that it keeps though another has come beside it; 0 for none
WANTED = "wanted-size"  # a part's property: pixels, or a share relative to its neighbours


class SteadySplitter(QSplitter):
    """Holds tab areas, and splitters in the other direction."""

    def __init__(self, orientation: Qt.Orientation, steady: frozenset[str] = frozenset()) -> None:
        """steady: views whose areas keep their height when the window grows."""
        super().__init__(orientation)
        self.setChildrenCollapsible(False)
        self.setHandleWidth(GAP_PX)
        self._steady = steady
        self.splitterMoved.connect(self._keep)

    def parts(self) -> list[QWidget]:
        """Tab areas and splitters, in order."""
        found = (self.widget(i) for i in range(self.count()))
        return [part for part in found if part is not None]

    def put(self, at: int, part: QWidget, size: int) -> None:
        """Insert a part with its wanted size."""
        part.setProperty(WANTED, max(1, size))
        self.insertWidget(at, part)

    def wanted(self) -> list[int]:
        """The size each part was given."""
        return [int(part.property(WANTED) or FALLBACK_SIZE) for part in self.parts()]

    def keep_height(self, part: QWidget, keep: bool) -> None:
        """Let a steady part stay as high as it is whatever comes beside it, until a handle is dragged or `keep` is
        False: this splitter needs more room for that."""
        parent = self.parentWidget()
        if isinstance(parent, SteadySplitter) and only_area_in(self) is not None:
            parent.keep_height(self, keep)
            return
        part.setProperty(KEPT, part.height() if keep else 0)
        self.updateGeometry()

    def minimumSizeHint(self) -> QSize:
        """Room for every part at its smallest, or at the height that it keeps."""
        hint = super().minimumSizeHint()
        if self.orientation() is Qt.Orientation.Horizontal:
            return hint
        kept = [(part, _kept(part)) for part in self.parts() if not part.isHidden()]
        return hint + QSize(0, sum(max(height - self._least(part, False), 0) for part, height in kept if height))

    def distribute(self) -> None:
        """Give each part its wanted size as far as there is room, and at least its minimum."""
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
                natural = part.sizeHint().height() * max(1.0, room / USUAL_ROOM_PX)
                liked = min(natural, MOST_NATURAL * room) if wanted[part] == NATURAL else 0
                given[part] = max(_kept(part) or max(wanted[part], liked), least[part])
        growing = [part for part in shown if part not in given]
        while growing:  # parts whose minimum exceeds their share leave less for the rest
            left = room - sum(given.values())
            shares = {part: left * wanted[part] / sum(wanted[each] for each in growing) for part in growing}
            tight = {part: least[part] for part in growing if shares[part] < least[part]}
            given |= tight or shares
            growing = [part for part in growing if part not in given]
        sizes = [round(given.get(part, 0)) for part in parts]
        if sizes != self.sizes() or not self.isVisible():  # a hidden part also needs its size across
            self.setSizes(sizes)

    def _least(self, part: QWidget, across: bool) -> int:
        hint, set_to = part.minimumSizeHint(), part.minimumSize()
        return max(hint.width(), set_to.width()) if across else max(hint.height(), set_to.height())

    def _stays(self, part: QWidget) -> bool:
        area = only_area_in(part) if self.orientation() is Qt.Orientation.Vertical else None
        return area is not None and bool(self._steady & set(area.names()))

    def _keep(self) -> None:
        """Keep the sizes after the user has dragged a handle."""
        sizes = list(zip(self.parts(), self.wanted(), self.sizes(), strict=True))
        dragged = [(wanted, size) for part, wanted, size in sizes if not part.isHidden() and wanted != NATURAL]
        scale = sum(size for _, size in dragged) / max(sum(wanted for wanted, _ in dragged), 1)
        for part, wanted, size in sizes:
            part.setProperty(KEPT, 0)
            if not part.isHidden():
                part.setProperty(WANTED, max(1, size))
            elif wanted != NATURAL:  # it keeps its share for when it comes back
                part.setProperty(WANTED, max(1, round(wanted * scale)))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Divide the new size among the parts."""
        super().resizeEvent(event)
        self.distribute()

    def event(self, event: QEvent) -> bool:
        """Distribute again when a part may need more or less room than before."""
        handled = super().event(event)
        if event.type() == QEvent.Type.LayoutRequest:
            self.distribute()
        return handled


def _kept(part: QWidget) -> int:
    return int(part.property(KEPT) or 0)


def areas_in(splitter: SteadySplitter) -> Iterator[TabArea]:
    """All areas, in reading order."""
    for part in splitter.parts():
        if isinstance(part, SteadySplitter):
            yield from areas_in(part)
        elif isinstance(part, TabArea):
            yield part


def splitters_in(splitter: SteadySplitter) -> Iterator[SteadySplitter]:
    """Itself and all splitters inside it, in reading order."""
    yield splitter
    for part in splitter.parts():
        if isinstance(part, SteadySplitter):
            yield from splitters_in(part)


def distribute_all(root: SteadySplitter) -> None:
    """Give everything in a hidden splitter its size, so that each part is laid out once when it is shown.

    Twice, since the height that a part needs depends on its width.
    """
    for _ in range(2):
        for splitter in splitters_in(root):
            splitter.distribute()


def parts_in(splitter: SteadySplitter) -> Iterator[SteadySplitter | TabArea]:
    """All parts inside it, those without views of their own included."""
    for part in splitter.parts():
        if isinstance(part, SteadySplitter):
            yield from parts_in(part)
        if isinstance(part, SteadySplitter | TabArea):
            yield part


def names_in(part: QWidget) -> frozenset[str]:
    """Names of the views that are shown in a tab area or a splitter."""
    if isinstance(part, TabArea):
        return frozenset(part.names())
    areas = areas_in(part) if isinstance(part, SteadySplitter) else ()
    return frozenset(name for area in areas for name in area.names())


def only_area_in(part: QWidget) -> TabArea | None:
    """The only area in a part that shows any views: there, the part looks like that area. None if there are others."""
    areas = [area for area in areas_in(part) if area.names()] if isinstance(part, SteadySplitter) else [part]
    return areas[0] if len(areas) == 1 and isinstance(areas[0], TabArea) else None


def tidy(root: SteadySplitter) -> None:
    """Remove areas in which no view has a place, and splitters with at most one part; the root stays."""
    for area in list(areas_in(root)):
        if not area.places():
            _discard(area)
    for splitter in reversed(list(splitters_in(root))):
        parent = splitter.parentWidget()
        if splitter is root or not isinstance(parent, SteadySplitter):
            continue
        if splitter.count() == 1:
            at = parent.indexOf(splitter)
            parent.put(at, splitter.parts()[0], parent.wanted()[at])
        if splitter.count() == 0:
            _discard(splitter)
    for part in parts_in(root):
        if not names_in(part):
            part.setProperty(KEPT, 0)


def _discard(widget: QWidget) -> None:
    widget.hide()
    widget.setParent(None)
    widget.deleteLater()


def destroy_now(widget: QWidget) -> None:
    """Destroy a widget at once: if it were destroyed later, its surroundings would be painted once more."""
    widget.deleteLater()
    QCoreApplication.sendPostedEvents(widget, QEvent.Type.DeferredDelete)


def described(splitter: SteadySplitter) -> Split:
    """The arrangement in a splitter, as a value, with the places of views that are not shown."""
    parts: list[Layout] = []
    for part in splitter.parts():
        if isinstance(part, SteadySplitter):
            parts.append(described(part))
        elif isinstance(part, TabArea):
            parts.append(Tabs(tuple(part.places()), part.front()))
    kind = next(kind for kind, orientation in ORIENTATIONS.items() if orientation is splitter.orientation())
    return Split(kind, tuple(parts), tuple(splitter.wanted()))
