"""Numbers as coloured tiles between two lists of names, drawn as one image."""

from __future__ import annotations

import weakref
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, QSizeF, Signal
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

from gui.plots.name_axis import NameAxis
from gui.plots.plot import Plot, PlotBox, here
from gui.theme import Theme
from gui.widgets.averaging import averaged
from gui.widgets.symbols import plain_tip

Colors = np.ndarray[Any, np.dtype[np.uint8]]

MOST_EXACT = 40_000  # tiles that are drawn one by one into a file
TILE_GAP_FROM_PX = 5.0  # smaller tiles touch each other
FEWEST = 4  # rows or columns that are always visible
LONGEST_NAME_PX = 74.0
UPRIGHT_SHARE = 0.3  # of the height, the most for names that are turned upright


class TileMap(Plot):
    """Tiles with names along two sides. tip_of: returns the tooltip of a tile. side: where the columns are named,
    "bottom" or "top". A zoom stays while the number of rows or columns does."""

    pointed = Signal(object)  # (row, column) under the mouse, or None

    def __init__(
        self, theme: Theme, name: str, title: str, *, side: str = "bottom", longest: float = LONGEST_NAME_PX,
        strong: bool = False, wheel: tuple[bool, bool] = (True, False), least: tuple[int, int] = (120, 110),
    ) -> None:  # fmt: skip
        super().__init__(theme, name, title, PlotBox(wheel=wheel, down=True), least)
        self.tip_of: Callable[[int, int], str] | None = None
        self.gaps = True  # between tiles that are large enough
        self.tiles = Tiles(self)
        self.rows = NameAxis("left", self.small_font, longest, strong=strong)
        self.columns = NameAxis(side, self.small_font, longest, strong=strong)
        for axis in (self.rows, self.columns):
            self.add_axis(axis)
        self.box.addItem(self.tiles, ignoreBounds=True)

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        return self.tiles.colors.shape[0], self.tiles.colors.shape[1]

    def show_tiles(
        self, colors: Colors, rows: Sequence[str], columns: Sequence[str], titles: tuple[str, str] = ("", ""),
        anchor: int = 0,
    ) -> None:  # fmt: skip
        """Draw these colours (R, C, 3), with a name for each row and column. titles: what rows and columns are. anchor:
        the row that has its name even where there is no room for all."""
        before = self.shape
        self.tiles.show_colors(colors)
        others = [self.rows.set_names(rows, titles[0], anchor), self.columns.set_names(columns, titles[1])]
        if self.shape != before:
            height, width = self.shape
            self.box.setLimits(xMin=0, xMax=max(1, width), yMin=0, yMax=max(1, height))
            self.box.setLimits(minXRange=min(FEWEST, max(1, width)), minYRange=min(FEWEST, max(1, height)))
            across = (0, max(1, width)) if width != before[1] else None
            up = (0, max(1, height)) if height != before[0] else None
            self.box.setRange(xRange=across, yRange=up, padding=0)
        if any(others):
            self.arrange()

    # ---- geometry

    def area(self) -> QRectF:
        """The rectangle of the tiles."""
        left = self.rows.room(self.height())
        beside = self.columns.room(max(1.0, self.width() - left - 4), UPRIGHT_SHARE * self.height())
        above = beside if self.columns.orientation == "top" else 4.0
        return QRectF(left, above, max(1.0, self.width() - left - 4), max(1.0, self.height() - beside - 4))

    def arrange(self) -> None:
        """Place the names on the left, and below or above."""
        super().arrange()
        self.place_axes(self.rows, self.columns)
        if self.columns.orientation == "top":
            area = self.area()
            self.columns.place(QRectF(area.left(), 0, area.width(), area.top()))

    def tile_at(self, position: QPointF) -> tuple[int, int] | None:
        """The tile at a point of the widget."""
        rows, columns = self.shape
        if not rows or not columns or not self.area().contains(position):
            return None
        at = self.box.mapSceneToView(position)
        return min(max(0, int(at.y())), rows - 1), min(max(0, int(at.x())), columns - 1)

    def tile(self, row: int, column: int) -> QRectF:
        """The box of a tile in the widget."""
        box = QRectF(self.box.pixels_of(column, row), self.box.pixels_of(column + 1, row + 1))
        return box.translated(self.area().topLeft())

    def tile_size(self) -> tuple[float, float]:
        """Width and height in pixels."""
        (left, right), (top, bottom) = self.box.viewRange()
        return self.box.width() / (right - left), self.box.height() / (bottom - top)

    def visible(self) -> tuple[range, range]:
        """The rows and columns that are at least partly visible."""
        (left, right), (top, bottom) = self.box.viewRange()
        rows, columns = self.shape
        return range(max(0, int(top)), min(rows, int(bottom - 1e-6) + 1)), range(
            max(0, int(left)), min(columns, int(right - 1e-6) + 1)
        )

    # ---- mouse

    def point_at(self, position: QPointF | None) -> None:
        """Name the row and column of the tile under the mouse, emit it, and explain it in a tooltip."""
        at = self.tile_at(position) if position is not None else None
        self.mark(at)
        self.setToolTip(plain_tip(self.tip_of(*at) if at is not None and self.tip_of is not None else ""))
        self.pointed.emit(at)

    def mark(self, at: tuple[int, int] | None) -> None:
        """Let the row and column of a tile have their names, even where others have no room."""
        row, column = (None, None) if at is None else at
        self.rows.mark(row)
        self.columns.mark(column)

    def fit(self) -> None:
        """Show all tiles."""
        rows, columns = self.shape
        self.box.setRange(xRange=(0, max(1, columns)), yRange=(0, max(1, rows)), padding=0)


class Tiles(pg.ImageItem):
    """The image, with gaps between tiles that are large enough; in a file each tile is a rectangle with sharp edges."""

    def __init__(self, plot: TileMap) -> None:
        super().__init__(axisOrder="row-major")
        self._plot = weakref.ref(plot)
        self.colors: Colors = np.zeros((0, 0, 3), np.uint8)
        self._averaged, self._averaged_for = QImage(), QSizeF()  # for this many pixels

    def show_colors(self, colors: Colors) -> None:
        """Draw these colours (R, C, 3)."""
        self.colors, self._averaged_for = np.ascontiguousarray(colors), QSizeF()
        self.setVisible(colors.size > 0)
        if colors.size:
            self.setImage(colors, autoLevels=False, levels=None)

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """Draw the tiles: those smaller than a pixel are averaged, larger ones keep their edges."""
        plot = here(self._plot)
        rows, columns = plot.visible()
        width, height = plot.tile_size()
        if plot.exact and len(rows) * len(columns) <= MOST_EXACT:
            for row in rows:
                for column, color in zip(columns, self.colors[row, columns.start : columns.stop].tolist(), strict=True):
                    painter.fillRect(QRectF(column, row, 1, 1), QColor(*color))
        elif width < 1.0 or height < 1.0:
            self._paint_averaged(painter)
        else:
            super().paint(painter, option, widget)
        if not plot.gaps:
            return
        painter.setPen(pg.mkPen(plot.theme.surface))
        if width >= TILE_GAP_FROM_PX:
            for column in columns[1:]:
                painter.drawLine(QPointF(column, rows.start), QPointF(column, rows.stop))
        if height >= TILE_GAP_FROM_PX:
            for row in rows[1:]:
                painter.drawLine(QPointF(columns.start, row), QPointF(columns.stop, row))

    def _paint_averaged(self, painter: QPainter) -> None:
        """Draw the tiles where there are more of them than pixels."""
        rows, columns = self.colors.shape[:2]
        whole = QRectF(0, 0, columns, rows)
        room = painter.combinedTransform().mapRect(whole).size()
        if self._averaged_for != room:
            image = QImage(self.colors.data, columns, rows, 3 * columns, QImage.Format.Format_RGB888)
            self._averaged, self._averaged_for = averaged(image, room.width(), room.height()), room
        painter.drawImage(whole, self._averaged)
