"""The three columns of the window: settings on the left, views in the middle, use on the right."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QSplitter, QWidget

from gui.default_layout import GAP_PX
from gui.docking.docking_area import DockingArea
from gui.widgets.box_layouts import stacked
from gui.widgets.column_scroll import ColumnScroll

NARROWEST_RIGHT_PX, WIDEST_RIGHT_PX = 300, 520  # whatever it holds
SIDES_PX = 592  # both at their narrowest


class WindowColumns(QSplitter):
    """The columns side by side; the middle one gets the room that is left."""

    def __init__(self, left: QWidget, docking: DockingArea, right: QWidget) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self.setObjectName("splitter-columns")
        self.setProperty("role", "columns")
        self.setChildrenCollapsible(False)
        self.setHandleWidth(1)
        self._docking = docking
        for column in (left, _middle_column(docking), right):
            self.addWidget(column)
        for at, stretch in enumerate((0, 1, 0)):
            self.setStretchFactor(at, stretch)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the views into the room between the columns, unless the user has arranged them."""
        with self._docking.resizing_to(event.size() - QSize(SIDES_PX, 0)):
            super().resizeEvent(event)


def _middle_column(docking: QWidget) -> QWidget:
    """The views on their backdrop; in the smallest windows they scroll."""
    frame = QWidget()
    frame.setProperty("role", "backdrop")
    stacked(docking, of=frame, margins=(GAP_PX + 2, GAP_PX + 2, GAP_PX + 2, GAP_PX + 2))
    scroll = ColumnScroll()
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
