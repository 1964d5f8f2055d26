"""A table of shares as coloured cells between two lists of names: attention, confusion."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetricsF,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QWheelEvent,
)

from gui.plots.colormaps import amount_table, indices
from gui.plots.picture import Picture
from gui.plots.ranges import narrowed
from gui.theme import Theme

LONGEST_NAME_PX = 92.0
LEAST_ROW_PX = 11.0  # rows of this height have names in a smaller font
GAP_FROM_PX = 6.0  # smaller cells touch each other
TEXT_ROOM_PX = (4.0, 12.0)  # a cell must be this much larger than nothing for its number to be written
MOST_TEXTS = 1600
ROTATE_FROM = 0.25  # names stand upright when more than this share of them has no room
MOST_EXACT = 40_000
ZOOM_STEP = 1.3
DARK_FROM = 0.55  # shares from here on need a light number
CENTER = int(Qt.AlignmentFlag.AlignCenter)
RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)


@dataclass(frozen=True, eq=False)
class Grid:
    """shares (R, C) between 0 and 1, with a name for each row and column; texts: what is written into a cell."""

    shares: np.ndarray[Any, Any]
    rows: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    row_title: str = ""
    column_title: str = ""
    texts: Callable[[int, int], str] | None = None


EMPTY = Grid(np.zeros((0, 0)))


class Matrix(Picture):
    """Cells as large as there is room for. A click chooses one and arrow keys walk; Ctrl and the wheel zoom, and a
    double click shows all again."""

    zooms = True
    chosen = Signal(int, int)

    def __init__(self, theme: Theme, name: str, title: str) -> None:
        super().__init__(name, title, (150, 120))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.grid = EMPTY
        self.current: tuple[int, int] | None = None
        self.told: Callable[[int, int], str] | None = None
        self._theme = theme
        self._image: QImage | None = None
        self._colors = np.zeros((0, 0, 3), np.uint8)
        self._rows = self._columns = (0, 0)  # the first that is shown, and the one after the last

    def show_grid(self, grid: Grid, theme: Theme) -> None:
        """Draw these shares. A zoom stays while there are as many."""
        same = grid.shares.shape == self.grid.shares.shape
        self.grid, self._theme, self._image = grid, theme, None
        rows, columns = grid.shares.shape
        if not same:
            self._rows, self._columns = (0, rows), (0, columns)
        if self.current is not None and not (self.current[0] < rows and self.current[1] < columns):
            self.current = None
        if rows and columns:
            self._colors = np.ascontiguousarray(amount_table(theme)[indices(grid.shares)])
            image = QImage(self._colors.data, columns, rows, 3 * columns, QImage.Format.Format_RGB888)
            self._image = image.copy()
        self.setAccessibleDescription(f"{rows} rows, {columns} columns")
        self.update()

    # ---- geometry

    def _names_box(self) -> tuple[float, float, bool]:
        """Width of the row names, height of the column names, and whether these stand upright."""
        metrics = QFontMetricsF(self._font)
        line = metrics.height()
        wide = max((metrics.horizontalAdvance(name) for name in self.grid.rows[slice(*self._rows)][:300]), default=0.0)
        left = min(LONGEST_NAME_PX, wide) + 8 + (line if self.grid.row_title else 0)
        columns = self.grid.columns[slice(*self._columns)]
        widths = [metrics.horizontalAdvance(name) for name in columns[:300]]
        widest = max(widths, default=0.0)
        cell = (self.width() - left - 6) / max(1, len(columns))
        too_wide = sum(width + 4 > cell for width in widths)
        typical = sorted(widths)[len(widths) // 2] if widths else 0.0
        upright = too_wide > ROTATE_FROM * len(widths) and typical > line
        top = (min(LONGEST_NAME_PX, widest) if upright else line) + 8 + (line if self.grid.column_title else 0)
        return left, top, upright

    def area(self) -> QRectF:
        """Where the cells are."""
        left, top, _ = self._names_box()
        return QRectF(left, top, max(1.0, self.width() - left - 6), max(1.0, self.height() - top - 4))

    def at(self, position: QPointF) -> tuple[int, int] | None:
        """The cell at a point."""
        area = self.area()
        if self._image is None or not area.contains(position):
            return None
        (top, bottom), (left, right) = self._rows, self._columns
        row = top + int((position.y() - area.top()) / area.height() * (bottom - top))
        column = left + int((position.x() - area.left()) / area.width() * (right - left))
        return min(row, bottom - 1), min(column, right - 1)

    def cell(self, row: int, column: int) -> QRectF:
        """The box of a cell."""
        return self._cell_in(self.area(), row, column)

    def _tile(self, area: QRectF) -> tuple[float, float]:
        columns, rows = self._columns[1] - self._columns[0], self._rows[1] - self._rows[0]
        return area.width() / max(1, columns), area.height() / max(1, rows)

    def _cell_in(self, area: QRectF, row: int, column: int) -> QRectF:
        width, height = self._tile(area)
        x, y = area.left() + (column - self._columns[0]) * width, area.top() + (row - self._rows[0]) * height
        return QRectF(x, y, width, height)

    # ---- drawing

    def paintEvent(self, event: QPaintEvent) -> None:
        """Cells, lines between them, numbers in them, names beside them, and a frame around the chosen one."""
        self.painted += 1
        if self._image is None:
            return
        painter = QPainter(self)
        painter.setFont(self._font)
        area, (top, bottom), (first, last) = self.area(), self._rows, self._columns
        rows, columns = bottom - top, last - first
        width, height = self._tile(area)
        if self.exact and rows * columns <= MOST_EXACT:
            self._draw_tiles(painter, area)
        else:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, width < 1.0 or height < 1.0)
            painter.drawImage(area, self._image, QRectF(first, top, columns, rows))
        painter.setPen(QColor(self._theme.surface))
        if width >= GAP_FROM_PX:
            for i in range(1, columns):
                x = area.left() + i * width
                painter.drawLine(QPointF(x, area.top()), QPointF(x, area.bottom()))
        if height >= GAP_FROM_PX:
            for i in range(1, rows):
                y = area.top() + i * height
                painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y))
        self._draw_texts(painter, area, width, height)
        self._draw_names(painter, area, width, height)
        if self.current is not None and self._shows(*self.current):
            painter.setPen(QPen(QColor(self._theme.orange), 2.0))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(self._cell_in(area, *self.current))

    def _draw_tiles(self, painter: QPainter, area: QRectF) -> None:
        for row, line in enumerate(self._colors[slice(*self._rows), slice(*self._columns)].tolist(), self._rows[0]):
            for column, color in enumerate(line, self._columns[0]):
                painter.fillRect(self._cell_in(area, row, column), QColor(*color))

    def _draw_texts(self, painter: QPainter, area: QRectF, width: float, height: float) -> None:
        rows, columns = range(*self._rows), range(*self._columns)
        texts = self.grid.texts
        if texts is None or len(rows) * len(columns) > MOST_TEXTS or height < TEXT_ROOM_PX[1]:
            return
        metrics = QFontMetricsF(self._font)
        light, dark = QColor("#ffffff"), QColor("#10151d")
        strong, weak = (light, dark) if self._theme.name == "light" else (dark, QColor(self._theme.text))
        for row in rows:
            for column in columns:
                text = texts(row, column)
                if not text or metrics.horizontalAdvance(text) + TEXT_ROOM_PX[0] / 2 > width:
                    continue
                share = float(self.grid.shares[row, column])
                edge = DARK_FROM if self._theme.name == "light" else 0.8
                painter.setPen(strong if share >= edge else weak)
                painter.drawText(self._cell_in(area, row, column), CENTER, text)

    def _draw_names(self, painter: QPainter, area: QRectF, width: float, height: float) -> None:
        painter.setPen(QColor(self._theme.secondary))
        self._draw_row_names(painter, area, height)
        painter.setFont(self._font)
        self._draw_column_names(painter, area, width)
        self._draw_titles(painter, area, QFontMetricsF(self._font).height())

    def _draw_row_names(self, painter: QPainter, area: QRectF, height: float) -> None:
        """Rather small than not at all."""
        font, line = QFont(self._font), QFontMetricsF(self._font).height()
        room = self._names_box()[0] - 8 - (line if self.grid.row_title else 0)
        if LEAST_ROW_PX <= height < line:
            font.setPixelSize(int(height) - 2)
            line = height
        painter.setFont(font)
        metrics = QFontMetricsF(font)
        for i in range(*self._rows, max(1, math.ceil(line / height))):
            name = metrics.elidedText(self.grid.rows[i], Qt.TextElideMode.ElideRight, room)
            middle = area.top() + (i - self._rows[0] + 0.5) * height
            painter.drawText(QRectF(area.left() - 6 - room, middle - line / 2, room, line), RIGHT, name)

    def _draw_column_names(self, painter: QPainter, area: QRectF, width: float) -> None:
        metrics = QFontMetricsF(self._font)
        line = metrics.height()
        _, top, upright = self._names_box()
        typical = sorted(metrics.horizontalAdvance(name) for name in self.grid.columns[slice(*self._columns)][:300])
        least = line if upright or not typical else typical[len(typical) // 2] + 2
        every = max(1, math.ceil(least / width))
        room = top - 8 - (line if self.grid.column_title else 0)
        for i in range(*self._columns, every):
            middle = area.left() + (i - self._columns[0] + 0.5) * width
            if not upright:
                box = QRectF(middle - every * width / 2, area.top() - line - 4, every * width, line)
                name = metrics.elidedText(self.grid.columns[i], Qt.TextElideMode.ElideRight, box.width())
                painter.drawText(box, CENTER, name)
                continue
            name = metrics.elidedText(self.grid.columns[i], Qt.TextElideMode.ElideRight, room)
            painter.save()
            painter.translate(middle + metrics.ascent() / 2 - 1, area.top() - 5)
            painter.rotate(-90)
            painter.drawText(QPointF(0, 0), name)
            painter.restore()

    def _draw_titles(self, painter: QPainter, area: QRectF, line: float) -> None:
        painter.setPen(QColor(self._theme.muted))
        painter.drawText(QRectF(area.left(), 0, area.width(), line), CENTER, self.grid.column_title)
        if self.grid.row_title:
            painter.save()
            painter.translate(0, area.center().y())
            painter.rotate(-90)
            painter.drawText(QRectF(-area.height() / 2, 0, area.height(), line), CENTER, self.grid.row_title)
            painter.restore()

    # ---- zoom

    def wheelEvent(self, event: QWheelEvent) -> None:
        """With Ctrl, zoom in around the mouse; the plain wheel scrolls what lies around."""
        at = self.at(event.position())
        if at is None or not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            event.ignore()
            return
        self._zoom_at(at, ZOOM_STEP if event.angleDelta().y() > 0 else 1 / ZOOM_STEP)

    def zoom(self, factor: float) -> None:
        """Around the chosen cell, else the middle."""
        middle = sum(self._rows) // 2, sum(self._columns) // 2
        self._zoom_at(self.current if self.current is not None and self._shows(*self.current) else middle, factor)

    def _zoom_at(self, at: tuple[int, int], factor: float) -> None:
        rows, columns = self.grid.shares.shape
        self._rows = narrowed(self._rows, rows, at[0], factor)
        self._columns = narrowed(self._columns, columns, at[1], factor)
        self.update()

    def _shows(self, row: int, column: int) -> bool:
        return row in range(*self._rows) and column in range(*self._columns)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Show all again."""
        self.reset_zoom()

    def reset_zoom(self) -> None:
        """Show all again."""
        rows, columns = self.grid.shares.shape
        self._rows, self._columns = (0, rows), (0, columns)
        self.update()

    # ---- mouse and keys

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Tell what a cell means."""
        at = self.at(event.position())
        self.setToolTip(self.told(*at) if at is not None and self.told is not None else "")

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose a cell."""
        at = self.at(event.position())
        if event.button() == Qt.MouseButton.LeftButton and at is not None:
            self.choose(*at)
        else:
            event.ignore()

    def choose(self, row: int, column: int) -> None:
        """Mark a cell, bring it into sight, and say so."""
        self.current = row, column
        self._rows, self._columns = _moved(self._rows, row), _moved(self._columns, column)
        self.update()
        self.chosen.emit(row, column)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrow keys walk over the cells."""
        moves = {
            Qt.Key.Key_Left: (0, -1),
            Qt.Key.Key_Right: (0, 1),
            Qt.Key.Key_Up: (-1, 0),
            Qt.Key.Key_Down: (1, 0),
        }
        move, (rows, columns) = moves.get(Qt.Key(event.key())), self.grid.shares.shape
        if move is None or not rows or not columns:
            super().keyPressEvent(event)
            return
        row, column = self.current or (0, 0)
        self.choose(min(max(row + move[0], 0), rows - 1), min(max(column + move[1], 0), columns - 1))

    def leaveEvent(self, event: QEvent) -> None:
        """Nothing is under the mouse."""
        self.setToolTip("")


def _moved(window: tuple[int, int], at: int) -> tuple[int, int]:
    """As much as before, moved so far that `at` is within."""
    by = min(0, at - window[0]) + max(0, at - window[1] + 1)
    return window[0] + by, window[1] + by
