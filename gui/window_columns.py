"""The three columns of the window: settings on the left, views in the middle, use on the right."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QByteArray, QCoreApplication, QEvent, QSettings, QSize, Qt, QTimer
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import QFrame, QMenu, QSplitter, QWidget
from shiboken6 import isValid

from gui.default_layout import BESIDE_PX, GAP_PX
from gui.docking.docking_area import DockingArea
from gui.widgets.box_layouts import stacked
from gui.widgets.column_scroll import SCROLLBAR_PX, ColumnScroll

NARROWEST_RIGHT_PX, WIDEST_RIGHT_PX = 300, 520  # whatever it holds
LEFT_PX, RIGHT_PX = 296, 306  # widths at the first start
# Of each side: its name in the settings and in the menu, the key that hides it, and its width at its narrowest.
SIDES = (("left", "Settings column", "F8", 292), ("right", "Try it column", "F9", NARROWEST_RIGHT_PX))


class WindowColumns(QSplitter):
    """The columns side by side; the middle one gets the room that is left. Those at the sides can be hidden."""

    def __init__(self, left: QWidget, docking: DockingArea, right: QWidget) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self.setObjectName("splitter-columns")
        self.setProperty("role", "columns")
        self.setChildrenCollapsible(False)
        self.setHandleWidth(1)
        self._docking = docking
        self._middle = _middle_column(docking)
        docking.brought.connect(self._scroll_to)
        self._scrolling = QTimer(self, singleShot=True, interval=1)
        self._scrolling.timeout.connect(self._scroll)
        self._brought: QWidget | None = None
        self._scrolls_left = 0
        for column in (left, self._middle, right):
            self.addWidget(column)
        for at, stretch in enumerate((0, 1, 0)):
            self.setStretchFactor(at, stretch)
        self._sides = (left, right)
        self._switches = tuple(self._switch(*side[:3]) for side in SIDES)

    def _switch(self, name: str, title: str, key: str) -> QAction:
        action = QAction(title, self)
        action.setObjectName(f"column-{name}")
        action.setCheckable(True)
        action.setChecked(True)
        action.setShortcut(key)
        action.toggled.connect(self._show_sides)
        self.addAction(action)
        return action

    def _show_sides(self) -> None:
        """Show and hide the sides as the switches say, and give the views the room that this leaves."""
        with self._docking.resizing_to(self._room(self.size())):
            for side, switch in zip(self._sides, self._switches, strict=True):
                side.setVisible(switch.isChecked())
            self.refresh()

    def show_one_at_a_time(self, one: bool) -> None:
        """Show only one view of a kind at a time, with the others as tabs behind it, unless the user has arranged
        them."""
        if one != self._docking.arrangement.one_at_a_time:
            self._docking.arrangement.one_at_a_time = one
            with self._docking.resizing_to(self._room(self.size())):
                pass

    def _scroll_to(self, area: QWidget) -> None:
        """Scroll the middle to an area, when the column has grown for it, and once more, as views that get another
        width need another height."""
        self._brought, self._scrolls_left = area, 2
        self._scrolling.start()

    def _scroll(self) -> None:
        QCoreApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest)
        if self._brought is not None and isValid(self._brought):
            self._middle.ensureWidgetVisible(self._brought, 0, BESIDE_PX)
        self._scrolls_left -= 1
        if self._scrolls_left:
            self._scrolling.start()

    def _room(self, size: QSize) -> QSize:
        """What there is for the views beside the sides that are shown, at their narrowest."""
        return size - QSize(sum(side[3] for side, on in zip(SIDES, self._switches, strict=True) if on.isChecked()), 0)

    def fill_menu(self, menu: QMenu) -> None:
        """Add a line for each side, ticked if it is shown."""
        menu.addActions(self._switches)

    def show_all(self) -> None:
        """Show both sides."""
        for switch in self._switches:
            switch.setChecked(True)

    def save(self, settings: QSettings) -> None:
        """Remember the widths, and which sides are shown."""
        settings.setValue("splitter/columns", self.saveState())
        for side, switch in zip(SIDES, self._switches, strict=True):
            settings.setValue(f"columns/{side[0]}", switch.isChecked())

    def restore(self, settings: QSettings) -> None:
        """Return to what was saved, or to the usual widths. Only a visible window knows how narrow columns can be."""
        self.setSizes([LEFT_PX, self.width() - LEFT_PX - RIGHT_PX, RIGHT_PX])
        state = settings.value("splitter/columns")
        if isinstance(state, QByteArray):
            self.restoreState(state)
        for side, switch in zip(SIDES, self._switches, strict=True):
            switch.setChecked(bool(settings.value(f"columns/{side[0]}", True, type=bool)))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the views into the room between the columns, unless the user has arranged them."""
        with self._docking.resizing_to(self._room(event.size())):
            super().resizeEvent(event)


def _middle_column(docking: QWidget) -> ColumnScroll:
    """The views on their backdrop; in the smallest windows they scroll. The scroll bar has a place in the right margin,
    also when there is nothing to scroll: the heights that views need depend on their widths, so one that took room from
    them could come and go for ever."""
    frame = QWidget()
    frame.setProperty("role", "backdrop")
    stacked(docking, of=frame, margins=(BESIDE_PX, GAP_PX - 2, BESIDE_PX - SCROLLBAR_PX, GAP_PX - 2))
    scroll = ColumnScroll()
    scroll.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
    scroll.setObjectName("middle")
    scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
    scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    scroll.setWidget(frame)
    return scroll


def right_column(panels: Sequence[QWidget]) -> QWidget:
    """A column of panels, one below the other."""
    column = QFrame()
    column.setProperty("role", "column")
    layout = stacked(of=column, gap=16, margins=(14, 12, 14, 12))
    for panel in panels:
        layout.addWidget(panel, 1)
    column.setMinimumWidth(NARROWEST_RIGHT_PX)
    column.setMaximumWidth(WIDEST_RIGHT_PX)
    return column


def hairline() -> QFrame:
    """A horizontal line, for below the top bar."""
    line = QFrame()
    line.setProperty("role", "line")
    line.setFixedHeight(1)
    return line
