"""The tab areas of the middle, in a tree of splitters."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import QObject, QSize, Qt, Signal
from PySide6.QtWidgets import QWidget

from gui.docking.layouts import Layout, Split
from gui.docking.splitter import HALF, ORIENTATIONS, SteadySplitter, areas_in, part_with, splitters_in, tidy
from gui.docking.tab_area import SIDES, Edge, TabArea
from gui.panels.base.view import View


class AreaTree(QObject):
    """Makes areas and splitters, and finds them. The root is a splitter of rows."""

    moved = Signal()  # the user has dragged a handle

    def __init__(self, host: QWidget, steady: frozenset[str], prepare: Callable[[TabArea], None]) -> None:
        """host: the widget that the root fills. steady: views whose height stays the same when the window grows.
        prepare: is called for each new area."""
        super().__init__(host)
        self._host, self._steady, self._prepare = host, steady, prepare
        self.root = self._make_splitter(Qt.Orientation.Vertical)
        self.root.setParent(host)
        self.least_width = 0  # of all areas together while one fills everything: what is beside it does not move

    def areas(self) -> list[TabArea]:
        """All areas, in reading order."""
        return list(areas_in(self.root))

    def area_of(self, name: str) -> TabArea | None:
        """The area that holds a view, or None."""
        return next((area for area in self.areas() if name in area.names()), None)

    def part_with(self, names: frozenset[str]) -> SteadySplitter | TabArea | None:
        """The part that holds exactly these views; otherwise the first area that holds one of them."""
        return part_with(self.root, names)

    def settle(self) -> None:
        """Remove empty parts and give everything its size."""
        tidy(self.root)
        for splitter in splitters_in(self.root):
            splitter.distribute()

    def show_only(self, chosen: TabArea | None) -> None:
        """Let one area fill everything; None brings the others back."""
        if chosen is None:
            self.least_width = 0
        elif not self.least_width:
            self.least_width = self.root.minimumSizeHint().width()
        for area in self.areas():
            area.setVisible(chosen is None or area is chosen)
        for splitter in splitters_in(self.root):
            splitter.setVisible(chosen is None or splitter is self.root or splitter.isAncestorOf(chosen))
        for splitter in splitters_in(self.root):
            splitter.distribute()

    # ---- new areas

    def add_row(self) -> TabArea:
        """Make an area below everything."""
        area = self._make_area()
        self.root.put(self.root.count(), area, HALF)
        return area

    def add_at_side(self, edge: Edge) -> TabArea:
        """Make an area along a whole side."""
        tidy(self.root)
        area = self._make_area()
        orientation, after = SIDES[edge]
        if orientation is Qt.Orientation.Vertical:
            self.root.put(self.root.count() if after else 0, area, HALF)
            return area
        row, old = self._make_splitter(orientation), self.root
        self.start_over(old.size())
        row.put(0, old, 2 * HALF)
        row.put(after, area, HALF)
        self.root.put(0, row, 2 * HALF)
        old.show()
        self.root.show()
        return area

    def add_beside(self, target: TabArea | SteadySplitter, edge: Edge, sizes: tuple[int, int] | None = None) -> TabArea:
        """Make an area beside an area or splitter. sizes: of the new area and its neighbour, which otherwise gives up
        half."""
        orientation, after = SIDES[edge]
        parent, area = target.parentWidget(), self._make_area()
        assert isinstance(parent, SteadySplitter)
        at = parent.indexOf(target)
        wanted = parent.wanted()[at]
        if parent.orientation() == orientation:
            if sizes is None:
                parent.put(at, target, wanted // 2)
            parent.put(at + after, area, wanted // 2 if sizes is None else sizes[0])
            return area
        inner = self._make_splitter(orientation)
        parent.put(at, inner, wanted)
        new, old = sizes or (HALF, HALF)
        for number, (part, size) in enumerate(((target, old), (area, new)) if after else ((area, new), (target, old))):
            inner.put(number, part, size)
        target.show()
        return area

    # ---- starting over

    def start_over(self, size: QSize) -> SteadySplitter:
        """Replace the root with an empty, hidden one; returns the old one."""
        old, self.root = self.root, self._make_splitter(Qt.Orientation.Vertical)
        self.least_width = 0
        self.root.setParent(self._host)
        self.root.resize(size)
        return old

    def build(self, layout: Layout, views: Mapping[str, View]) -> None:
        """Put these views into the root as the layout says."""
        whole = layout if isinstance(layout, Split) and layout.kind == "rows" else Split("rows", (layout,))
        self._fill(self.root, whole, views)

    def _fill(self, splitter: SteadySplitter, split: Split, views: Mapping[str, View]) -> None:
        sizes = split.sizes if len(split.sizes) == len(split.parts) else (HALF,) * len(split.parts)
        for number, (part, size) in enumerate(zip(split.parts, sizes, strict=True)):
            if isinstance(part, Split):
                inner = self._make_splitter(ORIENTATIONS[part.kind])
                splitter.put(number, inner, size)
                inner.show()  # a hidden splitter would show it later, and give it no size until then
                self._fill(inner, part, views)
                continue
            area = self._make_area()
            splitter.put(number, area, size)
            area.show()
            for name in part.names:
                if name in views and self.area_of(name) is None:
                    area.add(name, views[name])
            area.bring_to_front(part.front or part.names[0])

    def _make_area(self) -> TabArea:
        area = TabArea()
        self._prepare(area)
        return area

    def _make_splitter(self, orientation: Qt.Orientation) -> SteadySplitter:
        splitter = SteadySplitter(orientation, self._steady)
        splitter.splitterMoved.connect(self.moved)
        return splitter
