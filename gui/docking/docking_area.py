"""The middle of the window: views side by side, above each other, behind each other as tabs, or floating.

A tab area holds one view or several. Areas are arranged in splitters, and splitters in each other. A view is moved by
dragging its title (or its tab) onto another area: onto the middle to become a tab there, onto an edge to go beside it;
or from its menu. Double-clicking the title floats the view in a window of its own, and docks it again. A hidden view
costs nothing; only its former place is remembered.

Qt's own docks are not used: their layout cannot handle heights that depend on widths, cannot share one width among
columns, puts a title below its own tab, and is saved as bytes that other versions may not understand.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QApplication, QWidget

from gui.docking.area_tree import AreaTree
from gui.docking.best_arrangement import BestArrangement
from gui.docking.floating_window import FloatingWindow
from gui.docking.layouts import Arrangement, Layout, Tabs, arrangement_from_json, arrangement_to_json, names_of, tabs_in
from gui.docking.recent_fronts import RecentFronts
from gui.docking.splitter import SteadySplitter, described, destroy_now
from gui.docking.tab_area import Edge, TabArea, begin_drag, least_size
from gui.panels.base.view import View
from gui.panels.panels import Views
from gui.widgets.paint_timing import in_turns
from gui.widgets.symbols import plain_tip

HEAD_TIP = "Drag to move this view; double-click to float or dock it"
RESTORE_TIP = "Show the other views again (Esc)"


class DockingArea(QWidget):
    """Shows views in an arrangement that the user can change."""

    changed = Signal()  # views were shown, hidden or moved
    brought = Signal(object)  # the area of a view that was brought to the front
    floated = Signal(object)  # a new FloatingWindow
    painted = Signal(float)  # processor seconds a floating window spent drawing

    def __init__(
        self,
        views: Views,
        arrangement: BestArrangement,
        homes: Mapping[str, tuple[str, Edge]],
        steady: frozenset[str],
    ) -> None:
        """homes: for each view that the default arrangements do not show, the neighbour beside which it opens, and on
        which side. steady: views whose height stays the same when the window grows."""
        super().__init__()
        self.setObjectName("docking-area")
        self.views = views
        self.arrangement = arrangement
        self._floats: dict[str, FloatingWindow] = {}
        self._filled = ""
        self._resizing = False  # the views are laid out at the end
        self._keyboard: QWidget | None = None  # what had the focus before all views were hidden to be rearranged
        self._fronts = RecentFronts()
        self._tree = AreaTree(self, homes, steady, self._prepare_area)
        self._tree.moved.connect(arrangement.changed)

    def adopt(self, name: str, view: View) -> None:
        """Take over a new view: hide it, and let it be dragged by its header."""
        view.setParent(self)
        view.hide()
        for head in (view.title, view.subtitle):
            head.setProperty("view", name)
            head.installEventFilter(self)
            head.setCursor(Qt.CursorShape.OpenHandCursor)
        view.title.setToolTip(plain_tip(HEAD_TIP))
        view.restore_wanted.connect(partial(self.enlarge, name))

    # ---- contents

    def areas(self) -> list[TabArea]:
        """All areas, in reading order."""
        return self._tree.areas()

    def area_of(self, name: str) -> TabArea | None:
        """The area that holds a view; None if the view is hidden or floating."""
        return self._tree.area_of(name)

    def floating(self, name: str) -> FloatingWindow | None:
        """The window that holds a floating view; None if the view is not floating."""
        return self._floats.get(name)

    def windows(self) -> list[FloatingWindow]:
        """All floating windows."""
        return list(self._floats.values())

    def shown(self) -> list[str]:
        """Names of all views that are floating or docked, including those behind others."""
        return [*names_of(self._tree.shown()), *self._floats]

    @property
    def filled(self) -> str:
        """The view that fills the whole middle, or ""."""
        return self._filled

    # ---- showing, hiding, moving

    def show_view(self, name: str) -> None:
        """Bring a view to the front; a hidden one returns to its former place."""
        if name in self._floats:
            self._floats[name].raise_()
            self._floats[name].activateWindow()
            return
        area = self.area_of(name)
        if area is None:
            area = self._tree.place_for(name)
            area.add(name, self.views[name])
            self._tree.settle()
        if self._filled and area is not self.area_of(self._filled):
            self.fill("")
        area.bring_to_front(name)
        self.changed.emit()
        self.brought.emit(area)

    def keep_height(self, name: str, keep: bool) -> None:
        """Let the area of a docked view stay as high as it is, or give it its usual height again."""
        area = self.area_of(name)
        splitter = None if area is None else area.parentWidget()
        if isinstance(splitter, SteadySplitter) and area is not None:
            splitter.keep_height(area, keep)

    def hide_view(self, name: str) -> None:
        """Hide a view."""
        if name in self.shown():
            self._take(name)
            self._tree.settle()
            self.changed.emit()

    def move_view(self, name: str, target: TabArea, edge: Edge) -> None:
        """Move a view into a tab area as a tab, or beside it."""
        if self.area_of(name) is target and (edge is Edge.MIDDLE or len(target.names()) == 1):
            return
        self._move(name, lambda: target if edge is Edge.MIDDLE else self._tree.add_beside(target, edge))

    def move_to_side(self, name: str, edge: Edge) -> None:
        """Move a view along a whole side of the middle."""
        self._move(name, lambda: self._tree.add_at_side(edge))

    def _move(self, name: str, to: Callable[[], TabArea]) -> None:
        """Move a view, and if it was alone in its area also the places of hidden ones there. to: gives the new area."""
        was = self.area_of(name)
        moving = was.places() if was is not None and was.names() == [name] else [name]
        self._take(name)
        area = to()
        self._tree.reserve(moving, area)
        area.add(name, self.views[name])
        self._settle()
        self.changed.emit()

    def swap(self, first: TabArea, second: TabArea) -> None:
        """Exchange the views of two areas."""
        contents = [(area.places(), area.names(), area.front()) for area in (first, second)]
        for area in (first, second):
            for name in area.names():
                area.take(name)
        for area, (places, names, front) in zip((second, first), contents, strict=True):
            self._tree.reserve(places, area)
            for name in names:
                area.add(name, self.views[name])
            area.bring_to_front(front)
        self._settle()
        self.changed.emit()

    def fill(self, name: str) -> None:
        """Let one view fill the whole middle; "" brings the others back."""
        self._set_filled(name)
        chosen = self.area_of(name) if name else None
        if chosen is not None:
            chosen.bring_to_front(name)
        self._tree.show_only(chosen)

    def _set_filled(self, name: str) -> None:
        for each, tip in ((self._filled, ""), (name, RESTORE_TIP)):
            if each:
                self.views[each].show_way_back(tip)
        self._filled = name

    def enlarge(self, name: str) -> None:
        """Let a view fill the middle, or the screen if it is floating; a second call restores its size."""
        if name in self._floats:
            self._floats[name].enlarge()
        else:
            self.fill("" if self._filled == name else name)

    # ---- floating

    def float_view(self, name: str, geometry: str = "") -> None:
        """Move a view into a window of its own."""
        if name in self._floats:
            return
        view = self.views[name]
        was = QRect(view.mapToGlobal(QPoint(0, 0)), view.size())
        self._take(name)
        window = FloatingWindow(view, self)
        window.dock_requested.connect(partial(self.dock, name))
        window.painted.connect(self.painted)
        self._floats[name] = window
        window.place(was)
        if geometry:
            window.restore(geometry)
        self._tree.settle()
        self.floated.emit(window)
        if self.isVisible():
            window.show()
        self.changed.emit()

    def dock(self, name: str) -> None:
        """Return a floating view to its place."""
        if name in self._floats:
            self._take(name)
            self.show_view(name)

    def toggle_float(self, name: str) -> None:
        """Float a docked view, or dock a floating one."""
        (self.dock if name in self._floats else self.float_view)(name)

    def close_floating(self) -> None:
        """Close all floating windows, because the main one is closing."""
        for name in list(self._floats):
            self._floats.pop(name).release()

    def showEvent(self, event: QShowEvent) -> None:
        """Restored floating windows appear right after the main one: a window manager does not keep them in front of a
        window that it does not know yet."""
        super().showEvent(event)
        QTimer.singleShot(0, self, self._show_floating)

    def _show_floating(self) -> None:
        for window in self._floats.values() if self.isVisible() else ():
            window.show()

    # ---- areas

    def _take(self, name: str) -> None:
        """Remove a view from where it is, if anywhere; its place is kept."""
        self._detach(name)
        self.views[name].setParent(self)

    def _detach(self, name: str) -> None:
        """Do the same for a view that is put elsewhere at once, so that it needs no parent in between."""
        if self._filled == name:
            self.fill("")
        area, view = self.area_of(name), self.views[name]
        if name in self._floats:
            self._floats.pop(name).release()
        elif area is not None:
            area.take(name)
        view.hide()

    def _prepare_area(self, area: TabArea) -> None:
        area.dropped.connect(self._dropped)
        area.opened.connect(self.float_view)
        area.stack.currentChanged.connect(self._note_front)

    def _note_front(self) -> None:
        """Remember a tab that has been chosen. Bring back the other views if it is not that of the enlarged one."""
        stack = self.sender()
        changed = stack.parent() if stack is not None else None
        if isinstance(changed, TabArea) and not self._tree.root.isHidden():
            self._fronts.note(changed.front())
        area = self.area_of(self._filled)
        if area is not None and area.front() != self._filled:
            self.fill("")

    def _dropped(self, name: str, edge: object) -> None:
        area = self.sender()
        if isinstance(area, TabArea) and isinstance(edge, Edge) and name in self.views:
            self.move_view(name, area, edge)

    def _settle(self) -> None:
        """Clean up after the user has moved views."""
        self.arrangement.changed()
        self._tree.settle()

    # ---- size: no layout, which would lay the old views out once more before they are rearranged

    def minimumSizeHint(self) -> QSize:
        """Room for every part at its smallest; across, also for those that an enlarged view hides."""
        return self._tree.root.minimumSizeHint().expandedTo(QSize(self._tree.least_width, 0))

    def sizeHint(self) -> QSize:
        """Room for every part at its preferred size."""
        return self._tree.root.sizeHint()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Let the views fill the area; within `resizing_to`, that is done at the end."""
        super().resizeEvent(event)
        if not self._resizing:
            self._tree.root.setGeometry(self.rect())

    def event(self, event: QEvent) -> bool:
        """Pass on that the views may need more or less room than before."""
        if event.type() == QEvent.Type.LayoutRequest:
            self.updateGeometry()
        return super().event(event)

    # ---- layouts

    @contextmanager
    def resizing_to(self, room: QSize) -> Iterator[None]:
        """Wrap a change of size. Afterwards the views switch to the arrangement for the new size and are laid out, each
        in a turn of its own. An enlarged view stays enlarged."""
        self.arrangement.fit(room)
        self._resizing = True
        for name in self.shown():
            self.keep_height(name, keep=False)
        yield
        in_turns(self.window(), self._adapt, self._fit_views)

    def _adapt(self) -> None:
        shown = self._tree.shown()
        wanted = self.arrangement.wanted(self.layout_now(), names_of(shown), self._least_width_of)
        if wanted is not None:
            filled = self._filled
            self._rearrange(wanted, shown)
            self._set_filled(filled if self.area_of(filled) is not None else "")

    def _least_width_of(self, name: str) -> int:
        return least_size(self.views[name]).width()

    def _fit_views(self) -> None:
        self._resizing = False
        self._tree.root.setGeometry(self.rect())
        if self._tree.root.isHidden():
            self._show_arranged()
            if self._filled:
                self.fill(self._filled)

    def apply(self, layout: Layout, shown: tuple[Tabs, ...] | None = None) -> None:
        """Rearrange everything. shown: the areas with the views that are shown, None for all of the layout; others are
        hidden."""
        for name in list(self._floats):
            self._take(name)
        self._rearrange(layout, tuple(tabs_in(layout)) if shown is None else shown)
        self._show_arranged()

    def _rearrange(self, layout: Layout, shown: tuple[Tabs, ...]) -> None:
        """Put the views that are shown into their new places, hidden: so they are laid out only once, when all is
        complete. A view for which the layout has no place opens where it does when it is first shown."""
        self._set_filled("")
        focused = QApplication.focusWidget()
        if focused is not None and any(view.isAncestorOf(focused) for view in self.views.made.values()):
            self._keyboard = focused
        before = names_of(self._tree.shown())
        self._tree.root.hide()
        for name in before:
            self._detach(name)
        old = self._tree.start_over(self.size())
        docked = names_of(shown)
        self._tree.build(layout, self.views, docked)
        for name in docked:
            if self.area_of(name) is None:
                area = self._tree.place_for(name)
                front = area.front()
                area.add(name, self.views[name])
                area.bring_to_front(front)
        for area in self.areas():
            was = next(each for each in shown if area.front() in each.names)
            area.bring_to_front(self._fronts.latest(area.names(), shown, was.front))
        for name in before:
            if self.area_of(name) is None:
                self.views[name].setParent(self)
        destroy_now(old)
        self._tree.lay_out()

    def _show_arranged(self) -> None:
        self._tree.root.resize(self.size())
        self._tree.lay_out()
        self._tree.root.show()
        self._tree.settle()
        if self._keyboard is not None and self._keyboard.isVisible():
            self._keyboard.setFocus()
        self._keyboard = None
        self.changed.emit()

    def layout_now(self) -> Layout:
        """The places of all views that have one, and their sizes."""
        return described(self._tree.root)

    def save(self) -> str:
        """The arrangement as text for the settings, "" if the user has changed nothing."""
        shown = self._tree.shown()
        if not self._floats and self.arrangement.shows_default(names_of(shown)):
            return ""
        floating = {name: window.geometry_text() for name, window in self._floats.items()}
        return arrangement_to_json(Arrangement(self.arrangement.whole(self.layout_now()), shown, floating))

    def restore(self, text: str) -> None:
        """Restore a saved arrangement; the default stays if it cannot be read or shows nothing."""
        found = arrangement_from_json(text, frozenset(self.views))
        if found is None:
            return
        self.apply(found.layout or self.arrangement.usual(), found.shown)
        if found.layout is not None:
            self.arrangement.changed()
        for name, geometry in found.floating.items():
            self.float_view(name, geometry)

    def reset(self) -> None:
        """Return to the default arrangement."""
        self.apply(self.arrangement.usual())

    # ---- mouse

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Dragging a title moves its view; double-clicking floats or docks it."""
        name = str(watched.property("view") or "")
        if name and event.type() == QEvent.Type.MouseButtonDblClick:
            self.toggle_float(name)
            return True
        return bool(name) and begin_drag(self.views[name], name, event)
