"""The tab areas of the middle, in a tree of splitters."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

from PySide6.QtCore import QObject, QSize, Qt, Signal
from PySide6.QtWidgets import QWidget

from gui.docking.layouts import Layout, Split, Tabs, front_of
from gui.docking.splitter import (
    HALF,
    ORIENTATIONS,
    SteadySplitter,
    areas_in,
    distribute_all,
    names_in,
    only_area_in,
    parts_in,
    splitters_in,
    tidy,
)
from gui.docking.tab_area import SIDES, Edge, TabArea
from gui.panels.base.view import View


class AreaTree(QObject):
    """Makes areas and splitters, and finds them. The root is a splitter of rows."""

    moved = Signal()  # the user has dragged a handle

    def __init__(
        self,
        host: QWidget,
        homes: Mapping[str, tuple[str, Edge]],
        steady: frozenset[str],
        prepare: Callable[[TabArea], None],
    ) -> None:
        """host: the widget that the root fills. homes: for each view that the default arrangements do not show, the
        neighbour beside which it opens, and on which side. steady: views whose height stays the same when the window
        grows. prepare: is called for each new area."""
        super().__init__(host)
        self._host, self._homes, self._steady, self._prepare = host, homes, steady, prepare
        self.root = self._make_splitter(Qt.Orientation.Vertical)
        self.root.setParent(host)
        self._only: TabArea | None = None  # the one that fills everything
        self.least_width = 0  # of all areas together while one fills everything: what is beside it does not move

    def areas(self) -> list[TabArea]:
        """All areas in which views are shown, in reading order."""
        return [area for area in areas_in(self.root) if area.names()]

    def shown(self) -> tuple[Tabs, ...]:
        """The areas in which views are shown, as values with those views alone."""
        return tuple(Tabs(tuple(area.names()), area.front()) for area in self.areas())

    def area_of(self, name: str) -> TabArea | None:
        """The area in which a view is shown, or None."""
        return next((area for area in self.areas() if name in area.names()), None)

    def place_of(self, name: str) -> TabArea | None:
        """The area in which a view has its place, though it may be hidden or floating; None if it has none."""
        return next((area for area in areas_in(self.root) if name in area.places()), None)

    def place_for(self, name: str) -> TabArea:
        """The area in which a view has its place; one without a place opens beside its neighbour, or where that
        would."""
        area = self.place_of(name)
        if area is not None:
            return area
        if name not in self._homes:
            return self.add_row()
        neighbour, edge = self._homes[name]
        beside = self.place_of(neighbour)
        if beside is None:
            return self.place_for(neighbour)
        return beside if edge is Edge.MIDDLE else self.add_beside(beside, edge, (HALF, HALF))

    def reserve(self, names: Collection[str], area: TabArea) -> None:
        """Give these views their places in this area, and in no other."""
        for name in names:
            for other in areas_in(self.root):
                if other is not area:
                    other.forget(name)
            area.reserve(name)

    def settle(self) -> None:
        """Remove parts without places, hide those without views, and give the others their sizes."""
        tidy(self.root)
        self._show_parts()
        for splitter in splitters_in(self.root):
            splitter.distribute()

    def lay_out(self) -> None:
        """Give everything in a hidden root its size, so that each part is laid out once when it is shown."""
        self._show_parts()
        distribute_all(self.root)

    def show_only(self, chosen: TabArea | None) -> None:
        """Let one area fill everything; None brings the others back."""
        if chosen is None:
            self.least_width = 0
        elif not self.least_width:
            self.least_width = self.root.minimumSizeHint().width()
        self._only = chosen
        self._show_parts()
        for splitter in splitters_in(self.root):
            splitter.distribute()

    def _show_parts(self) -> None:
        for part in parts_in(self.root):
            covered = self._only is not None and part is not self._only and not part.isAncestorOf(self._only)
            part.setVisible(bool(names_in(part)) and not covered)

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

    def add_beside(self, neighbour: TabArea, edge: Edge, sizes: tuple[int, int] | None = None) -> TabArea:
        """Make an area beside another one. sizes: of the new area and its neighbour, which otherwise gives up half."""
        orientation, after = SIDES[edge]
        target, area = self._seen_as(neighbour), self._make_area()
        parent = target.parentWidget()
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
        return area

    def _seen_as(self, area: TabArea) -> QWidget:
        """The largest part of which nothing but this area is seen: what comes beside the area comes beside that."""
        part: QWidget = area
        parent = part.parentWidget()
        while parent is not None and parent is not self.root and only_area_in(parent) is area:
            part, parent = parent, parent.parentWidget()
        return part

    # ---- starting over

    def start_over(self, size: QSize) -> SteadySplitter:
        """Replace the root with an empty, hidden one; returns the old one."""
        old, self.root = self.root, self._make_splitter(Qt.Orientation.Vertical)
        self._only, self.least_width = None, 0
        self.root.setParent(self._host)
        self.root.resize(size)
        return old

    def build(self, layout: Layout, views: Mapping[str, View], docked: Collection[str]) -> None:
        """Give the views their places in the root as the layout says, and show these."""
        whole = layout if isinstance(layout, Split) and layout.kind == "rows" else Split("rows", (layout,))
        self._fill(self.root, whole, views, docked)

    def _fill(self, splitter: SteadySplitter, split: Split, views: Mapping[str, View], docked: Collection[str]) -> None:
        sizes = split.sizes if len(split.sizes) == len(split.parts) else (HALF,) * len(split.parts)
        for number, (part, size) in enumerate(zip(split.parts, sizes, strict=True)):
            if isinstance(part, Split):
                inner = self._make_splitter(ORIENTATIONS[part.kind])
                splitter.put(number, inner, size)
                self._fill(inner, part, views, docked)
                continue
            area = self._make_area()
            splitter.put(number, area, size)
            for name in part.names:
                if name in views and self.place_of(name) is None:
                    area.reserve(name)
                    if name in docked:
                        area.add(name, views[name])
            area.bring_to_front(front_of(part, docked))

    def _make_area(self) -> TabArea:
        area = TabArea()
        self._prepare(area)
        return area

    def _make_splitter(self, orientation: Qt.Orientation) -> SteadySplitter:
        splitter = SteadySplitter(orientation, self._steady)
        splitter.splitterMoved.connect(self.moved)
        return splitter
