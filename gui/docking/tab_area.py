"""A place for views in the middle of the window: one in front, the others as tabs behind it."""

from __future__ import annotations

import math
from enum import Enum
from os.path import commonprefix

from PySide6.QtCore import QEvent, QMimeData, QObject, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QDrag,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QFont,
    QFontMetrics,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QApplication, QLabel, QStackedWidget, QTabBar, QWidget

from gui.panels.base.panel import Panel
from gui.widgets.box_layouts import stacked
from gui.widgets.controls import restyle

MIME = "application/x-unroll-view"
EDGE_SHARE = 0.25  # of a tab area's width or height belongs to each edge
SHORT_NAME = 5  # letters of a name that is never cut
LEAST_LETTERS = 4  # of a longer one have room in any tab; where they do not fit, the tabs scroll
QT_LETTERS, ROUNDING_PX = 2, 2  # so many of them Qt keeps by itself; what it needs for one more
ROOMY_TAB_PX = 24  # padding around the name of a tab, if there is room
STEADY_PX = 188  # the least height, enough for nearly every view, so that nothing moves when one gets more to show
NEAR_PX = 64  # a view behind a picture counts where the picture would get little more height for it
HELD_PX = 216  # a view that needs up to this much keeps it for the others, so that nothing moves from tab to tab
TINT = 60  # of 255: opacity of the tint where a view would be dropped


class Edge(Enum):
    """The part of a tab area on which a view is dropped."""

    MIDDLE = "as a tab"
    LEFT = "to the left"
    RIGHT = "to the right"
    TOP = "above"
    BOTTOM = "below"


# The direction in which a new neighbour on that side is placed, and whether it comes after.
SIDES = {
    Edge.LEFT: (Qt.Orientation.Horizontal, 0),
    Edge.RIGHT: (Qt.Orientation.Horizontal, 1),
    Edge.TOP: (Qt.Orientation.Vertical, 0),
    Edge.BOTTOM: (Qt.Orientation.Vertical, 1),
}


class TabArea(QWidget):
    """Holds views by name. The tabs show only when there are two or more. A view that is hidden or floating keeps its
    place, so that it comes back to it whatever else has left or come back in between."""

    dropped = Signal(str, object)  # name of the view, Edge
    opened = Signal(str)  # the tab of this view was double-clicked

    def __init__(self) -> None:
        super().__init__()
        self.setAcceptDrops(True)
        self._names: list[str] = []
        self._places: list[str] = []  # also of views that are hidden or floating; in the order of the tabs
        self._titles: list[QLabel] = []
        self._least: tuple[int, QSize] | None = None  # width → size: splitters ask hundreds of times between changes
        self._hint: QSize | None = None  # for the same reason, until something changes
        self._held = STEADY_PX  # the most that a view in front has needed at this width, up to HELD_PX
        self.tabs = _ViewTabs()
        self.tabs.setDrawBase(False)
        self.tabs.setExpanding(False)
        self.tabs.setUsesScrollButtons(True)
        self.tabs.setElideMode(Qt.TextElideMode.ElideRight)
        self.tabs.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.tabs.setAccessibleName("Views in this area")
        self.tabs.hide()
        self.tabs.installEventFilter(self)
        self.stack = QStackedWidget()
        self._mark = _Mark(self)
        stacked(self.tabs, (self.stack, 1), of=self, gap=0)
        self.tabs.currentChanged.connect(self.stack.setCurrentIndex)
        self.stack.currentChanged.connect(self._change)
        self.tabs.tabBarDoubleClicked.connect(self._open)

    def names(self) -> list[str]:
        """Names of the views, in the order of the tabs."""
        return list(self._names)

    def places(self) -> list[str]:
        """Names of all views that have a place here, whether they are shown or not, in the order of the tabs."""
        return list(self._places)

    def front(self) -> str:
        """Name of the visible view, "" if the area is empty."""
        at = self.stack.currentIndex()
        return self._names[at] if 0 <= at < len(self._names) else ""

    def minimumSizeHint(self) -> QSize:
        """The minimum size of the front view at the current width. Of views that were in front before, heights up to
        HELD_PX still count, and behind one that has a use for any height all of them do."""
        if self._least is None or self._least[0] != self.width():
            self._least = self.width(), self._needed()
        return self._least[1]

    def sizeHint(self) -> QSize:
        """The preferred size of the front view, or more where a view behind it prefers that, so that cards stay where
        they are from tab to tab: pages have a use for any height, but a picture is not stretched to that of a page
        that is out of sight."""
        if self._hint is None:
            self._hint = self._preferred()
        return self._hint

    def _preferred(self) -> QSize:
        whole, front = super().sizeHint(), self.stack.currentWidget()
        if not isinstance(front, Panel):
            return whole
        most = math.inf if front.FILLS_HEIGHT else front.sizeHint().height() + NEAR_PX
        near = max(height for height in (view.sizeHint().height() for view in self._views()) if height <= most)
        return QSize(whole.width(), whole.height() - self.stack.sizeHint().height() + near)

    def _views(self) -> list[QWidget]:
        found = (self.stack.widget(at) for at in range(self.stack.count()))
        return [view for view in found if view is not None]

    def _needed(self) -> QSize:
        front = self.stack.currentWidget()
        if front is None:
            return QSize(0, 0)
        tabs = self.tabs.sizeHint().height() if len(self._names) > 1 else 0
        height = self._needed_by(front) + tabs
        if height <= HELD_PX:
            self._held = max(self._held, height)
        if isinstance(front, Panel) and front.FILLS_HEIGHT:
            height = max(map(self._needed_by, self._views())) + tabs
        return QSize(least_size(front).width(), max(height, self._held))

    def _needed_by(self, view: QWidget) -> int:
        """The least height of a view at the current width."""
        least, layout = least_size(view).height(), view.layout()
        if layout is not None and layout.hasHeightForWidth():  # a splitter does not consider that text may wrap
            return max(least, layout.totalMinimumHeightForWidth(self.width()))
        return least

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Adapt to a new width, which may need a different height and closer tabs."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._space_tabs()
            self._held = STEADY_PX
            self._change()

    def _space_tabs(self) -> None:
        """Move tabs closer together if their names would not fit otherwise."""
        names = sum(self.tabs.fontMetrics().horizontalAdvance(title.text()) for title in self._titles)
        tight = names + ROOMY_TAB_PX * len(self._titles) > self.width()
        if restyle(self.tabs, tight=tight):
            QApplication.sendEvent(self.tabs, QEvent(QEvent.Type.StyleChange))  # otherwise its tabs keep their widths

    def event(self, event: QEvent) -> bool:
        """Forget the cached minimum size when the front view may need more or less room than before."""
        if event.type() == QEvent.Type.LayoutRequest:
            self._least = self._hint = None
        return super().event(event)

    def _change(self) -> None:
        self._least = self._hint = None
        self.updateGeometry()

    def reserve(self, name: str) -> None:
        """Keep a place for a view, behind the others unless it has one."""
        if name not in self._places:
            self._places.append(name)

    def forget(self, name: str) -> None:
        """Keep no place for a view that is not here."""
        if name in self._places and name not in self._names:
            self._places.remove(name)

    def add(self, name: str, view: Panel) -> None:
        """Add a view in its place, and bring it to the front."""
        self.reserve(name)
        self._names = [each for each in self._places if each in self._names or each == name]
        at = self._names.index(name)
        self._titles.insert(at, view.title)
        self.stack.insertWidget(at, view)
        self.tabs.insertTab(at, view.title.text())
        self.tabs.setTabToolTip(at, view.title.text())
        self.bring_to_front(name)

    def take(self, name: str) -> None:
        """Remove a view, and keep its place. It stays a hidden child until it gets another parent, because each new
        parent restyles it."""
        at = self._names.index(name)
        view = self.stack.widget(at)
        self._names.pop(at)
        self._titles.pop(at).show()
        self.tabs.blockSignals(True)
        self.tabs.removeTab(at)
        self.tabs.blockSignals(False)
        if view is not None:
            self.stack.removeWidget(view)
        self._show_front()

    def bring_to_front(self, name: str) -> None:
        """Show this view."""
        if name in self._names:
            self.tabs.setCurrentIndex(self._names.index(name))
        self._show_front()

    def _show_front(self) -> None:
        tabbed = len(self._names) > 1
        self.tabs.setVisible(tabbed)
        for title in self._titles:
            title.setVisible(not tabbed)  # the tab shows the same name
        at = self.tabs.currentIndex()
        view = self.stack.widget(at)
        if view is not None:
            self.stack.setCurrentIndex(at)
            view.show()
        self._space_tabs()
        self._change()

    def _open(self, at: int) -> None:
        if 0 <= at < len(self._names):
            self.opened.emit(self._names[at])

    # ---- dragging

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Let a tab be dragged away."""
        if watched is not self.tabs:
            return False
        at = self.tabs.currentIndex()
        return 0 <= at < len(self._names) and begin_drag(self.tabs, self._names[at], event)

    def edge_at(self, position: QPoint) -> Edge:
        """The meaning of a drop at this point."""
        across = position.x() / max(1, self.width())
        down = position.y() / max(1, self.height())
        near = {Edge.LEFT: across, Edge.RIGHT: 1 - across, Edge.TOP: down, Edge.BOTTOM: 1 - down}
        nearest = min(near, key=lambda edge: near[edge])
        return nearest if near[nearest] < EDGE_SHARE else Edge.MIDDLE

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Accept only views; dropped files go to the window."""
        if event.mimeData().hasFormat(MIME):
            event.acceptProposedAction()

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        """Mark where the view would go."""
        self._mark.show_at(self.edge_at(event.position().toPoint()))
        event.acceptProposedAction()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        """Remove the mark when the drag has moved elsewhere."""
        self._mark.hide()

    def dropEvent(self, event: QDropEvent) -> None:
        """Signal which view was dropped, and where."""
        self._mark.hide()
        event.acceptProposedAction()
        name = bytes(event.mimeData().data(MIME).data()).decode()
        self.dropped.emit(name, self.edge_at(event.position().toPoint()))


class _ViewTabs(QTabBar):
    """Tabs of which the one in front always has its whole name; the names of others may be cut and end in …"""

    def tabSizeHint(self, index: int) -> QSize:
        """The size of a tab: where there is little padding, that in front needs room for its bold letters."""
        size = super().tabSizeHint(index)
        if index == self.currentIndex() and self.property("tight"):
            bold, name = self.font(), self.tabText(index)
            bold.setWeight(QFont.Weight.DemiBold)
            extra = QFontMetrics(bold).horizontalAdvance(name) - self.fontMetrics().horizontalAdvance(name)
            size.setWidth(size.width() + max(extra, 0))
        return size

    def minimumTabSizeHint(self, index: int) -> QSize:
        """The least size of a tab: a name of a few letters is no shorter with … in place of the last, of a longer one
        some letters have room, and of names that begin alike the first letter that is not."""
        name = self.tabText(index)
        if index == self.currentIndex() or len(name) <= SHORT_NAME:
            return self.tabSizeHint(index)
        size, wide = super().minimumTabSizeHint(index), self.fontMetrics().horizontalAdvance
        others = [self.tabText(at) for at in range(self.count()) if at != index]
        alike = max((len(commonprefix((name, other))) for other in others), default=0)
        shown = name[: max(LEAST_LETTERS, alike + 1)]
        size.setWidth(size.width() + wide(f"{shown}…") - wide(f"{name[:QT_LETTERS]}…") + ROUNDING_PX)
        return size

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave the wheel to the page, which scrolls; Qt's own tabs would change the view."""
        event.ignore()


class _Mark(QWidget):
    """Tints the part of a tab area that a dragged view would take."""

    def __init__(self, area: TabArea) -> None:
        super().__init__(area)
        self._area = area
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def show_at(self, edge: Edge) -> None:
        """Cover that half of the area, or all of it."""
        whole = self._area.rect()
        width, height = whole.width(), whole.height()
        self.setGeometry(
            {
                Edge.MIDDLE: whole,
                Edge.LEFT: QRect(0, 0, width // 2, height),
                Edge.RIGHT: QRect(width - width // 2, 0, width // 2, height),
                Edge.TOP: QRect(0, 0, width, height // 2),
                Edge.BOTTOM: QRect(0, height - height // 2, width, height // 2),
            }[edge]
        )
        self.raise_()
        self.show()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw a tint and a frame in the accent colour."""
        color = self.palette().highlight().color()
        painter = QPainter(self)
        painter.setPen(color)
        painter.setBrush(QColor(color.red(), color.green(), color.blue(), TINT))
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))


def least_size(view: QWidget) -> QSize:
    """The size that a view needs at least."""
    return view.minimumSizeHint().expandedTo(view.minimumSize())


def begin_drag(source: QWidget, name: str, event: QEvent) -> bool:
    """Start dragging a view once the mouse has moved far enough with the button down; return whether it started."""
    if not isinstance(event, QMouseEvent):
        return False
    if event.type() == QEvent.Type.MouseButtonPress and event.button() == Qt.MouseButton.LeftButton:
        source.setProperty("pressed", event.globalPosition().toPoint())
        return False
    if event.type() != QEvent.Type.MouseMove or not event.buttons() & Qt.MouseButton.LeftButton:
        return False
    pressed = source.property("pressed")
    moved = event.globalPosition().toPoint() - pressed if isinstance(pressed, QPoint) else QPoint()
    if moved.manhattanLength() < QApplication.startDragDistance():
        return False
    drag, data = QDrag(source), QMimeData()
    data.setData(MIME, name.encode())
    drag.setMimeData(data)
    source.setProperty("pressed", None)
    drag.exec(Qt.DropAction.MoveAction)
    return True
