"""A table of shares as coloured cells between two lists of names: attention, confusion."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFontMetricsF, QKeyEvent, QPainter, QPen

from gui.plots.colormaps import amount_table, indices
from gui.plots.plot import Overlay
from gui.plots.tile_map import TileMap
from gui.theme import Theme

LONGEST_NAME_PX = 92.0
TEXT_ROOM_PX = (2.0, 12.0)  # a cell must be this much wider than its number, and this high
MOST_TEXTS = 1600
DARK_FROM = {"light": 0.55, "dark": 0.8}  # shares from here on need a number in the opposite colour
MOVES = {Qt.Key.Key_Left: (0, -1), Qt.Key.Key_Right: (0, 1), Qt.Key.Key_Up: (-1, 0), Qt.Key.Key_Down: (1, 0)}
CENTER = int(Qt.AlignmentFlag.AlignCenter)


@dataclass(frozen=True, eq=False)
class Grid:
    """shares (R, C) between 0 and 1, with a name for each row and column. texts: the text of a cell."""

    shares: np.ndarray[Any, Any]
    rows: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    row_title: str = ""
    column_title: str = ""
    texts: Callable[[int, int], str] | None = None


EMPTY = Grid(np.zeros((0, 0)))


class Matrix(TileMap):
    """Cells that fill the view. A click selects one, and the arrow keys move the selection."""

    chosen = Signal(int, int)

    def __init__(self, theme: Theme, name: str, title: str) -> None:
        super().__init__(
            theme, name, title, side="top", longest=LONGEST_NAME_PX, strong=True, wheel=(True, True), least=(150, 120)
        )
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.grid = EMPTY
        self.current: tuple[int, int] | None = None
        self._numbers = _CellTexts(self)
        self.box.clicked.connect(self._click)

    def show_grid(self, grid: Grid, theme: Theme) -> None:
        """Draw these shares."""
        self.take_theme(theme)
        self.grid = grid
        rows, columns = grid.shares.shape
        if self.current is not None and not (self.current[0] < rows and self.current[1] < columns):
            self.current = None
        self.mark(self.current)
        colors = amount_table(theme)[indices(grid.shares)]
        self.show_tiles(colors, grid.rows, grid.columns, (grid.row_title, grid.column_title))
        self.setAccessibleDescription(f"{rows} rows, {columns} columns")
        self._numbers.update()

    def choose(self, row: int, column: int) -> None:
        """Select a cell, bring it into view, and emit the selection."""
        self.current = row, column
        self.mark(self.current)
        (left, right), (top, bottom) = self.box.viewRange()
        across = min(0.0, column - left) + max(0.0, column + 1 - right)
        down = min(0.0, row - top) + max(0.0, row + 1 - bottom)
        if across or down:
            self.box.translateBy(x=across, y=down)
        self._numbers.update()
        self.chosen.emit(row, column)

    def mark(self, at: tuple[int, int] | None) -> None:
        """Let the row and column of a cell have their names, or of the selected one."""
        super().mark(at or self.current)

    def zoom(self, factor: float) -> None:
        """Zoom around the selected cell, else around the middle."""
        at = self.current
        rows, columns = self.visible()
        seen = at is not None and at[0] in rows and at[1] in columns
        self.box.zoom(factor, QPointF(at[1] + 0.5, at[0] + 0.5) if at is not None and seen else None)

    def _click(self, place: QPointF) -> None:
        at = self.tile_at(place + self.area().topLeft())
        if at is not None:
            self.choose(*at)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move the selection with the arrow keys."""
        move, (rows, columns) = MOVES.get(Qt.Key(event.key())), self.shape
        if move is None or not rows or not columns:
            super().keyPressEvent(event)
            return
        row, column = self.current or (0, 0)
        self.choose(min(max(row + move[0], 0), rows - 1), min(max(column + move[1], 0), columns - 1))


class _CellTexts(Overlay):
    """The numbers in the cells, and a frame around the selected cell."""

    def draw(self, painter: QPainter, area: QRectF) -> None:
        """Draw numbers into cells that have room for them, and the frame."""
        plot = self.plot
        assert isinstance(plot, Matrix)
        rows, columns = plot.visible()
        width, height = plot.tile_size()
        texts, theme = plot.grid.texts, plot.theme
        if texts is not None and len(rows) * len(columns) <= MOST_TEXTS and height >= TEXT_ROOM_PX[1]:
            metrics = QFontMetricsF(plot.small_font)
            light, dark = QColor("#ffffff"), QColor("#10151d")
            strong, weak = (light, dark) if theme.name == "light" else (dark, QColor(theme.text))
            for row in rows:
                for column in columns:
                    text = texts(row, column)
                    if text and metrics.horizontalAdvance(text) + TEXT_ROOM_PX[0] <= width:
                        share = float(plot.grid.shares[row, column])
                        painter.setPen(strong if share >= DARK_FROM[theme.name] else weak)
                        painter.drawText(_cell(plot, row, column), CENTER, text)
        if plot.current is not None and rows and columns:
            painter.setPen(QPen(QColor(theme.selected), 2.0))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(_cell(plot, *plot.current).adjusted(1, 1, -1, -1))


def _cell(plot: Matrix, row: int, column: int) -> QRectF:
    return QRectF(plot.box.pixels_of(column, row), plot.box.pixels_of(column + 1, row + 1))
