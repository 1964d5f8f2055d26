"""The three columns of the window: settings on the left, views in the middle, use on the right."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QSplitter, QWidget

from gui.default_layout import GAP_PX
from gui.widgets.box_layouts import stacked
from gui.widgets.column_scroll import ColumnScroll

WIDEST_RIGHT_PX = 520


def columns_of(left: QWidget, middle: QWidget, right: QWidget) -> QSplitter:
    """Side by side; the middle gets the room that is left."""
    columns = QSplitter(Qt.Orientation.Horizontal)
    columns.setObjectName("splitter-columns")
    columns.setProperty("role", "columns")
    columns.setChildrenCollapsible(False)
    columns.setHandleWidth(1)
    for column in (left, middle, right):
        columns.addWidget(column)
    columns.setStretchFactor(0, 0)
    columns.setStretchFactor(1, 1)
    columns.setStretchFactor(2, 0)
    return columns


def middle_column(docking: QWidget) -> QWidget:
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
    """Panels below each other."""
    column = QFrame()
    column.setProperty("role", "column")
    layout = stacked(of=column, gap=16, margins=(14, 12, 14, 12))
    for panel in panels:
        layout.addWidget(panel, 1)
    column.setMaximumWidth(WIDEST_RIGHT_PX)
    return column


def hairline() -> QFrame:
    """A line across, below the top bar."""
    line = QFrame()
    line.setProperty("role", "line")
    line.setFixedHeight(1)
    return line
