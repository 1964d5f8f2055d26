"""A table of numbers between −1 and 1 (or 0 and 1) as coloured tiles, with names along both sides."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFontMetricsF, QImage, QMouseEvent, QPainter, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QWidget

from gui.plots.picture import Picture
from gui.plots.ranges import narrowed
from gui.theme import Theme, diverging_table, rgb

MOST_EXACT = 40_000  # tiles that are drawn one by one into a file
TICK_GAP_PX = 8.0  # between names below
TILE_GAP_FROM_PX = 5.0  # smaller tiles touch each other
LONGEST_NAME_PX = 74.0
ZOOM_STEP = 1.3
CENTER = int(Qt.AlignmentFlag.AlignCenter)


@dataclass(frozen=True)
class Heat:
    """Values (rows, columns), made into colours when they are computed, which may be in a background thread."""

    values: NDArray[np.float32]
    columns: tuple[str, ...] = ()
    rows: tuple[str, ...] = ()
    index: NDArray[np.uint8] = field(init=False, repr=False)  # into the 256 colours
    broken: NDArray[np.bool_] = field(init=False, repr=False)  # neither NaN nor infinity has a colour

    def __post_init__(self) -> None:
        with np.errstate(over="ignore"):  # what is beyond float32 has the colour of the end of the scale
            values = np.asarray(self.values, np.float32)
        scaled = np.clip(np.nan_to_num(values, posinf=1.0, neginf=-1.0), -1.0, 1.0) * 127.5 + 127.5
        object.__setattr__(self, "values", values)
        object.__setattr__(self, "index", scaled.round().astype(np.uint8))
        object.__setattr__(self, "broken", ~np.isfinite(values))


EMPTY = Heat(np.zeros((0, 0), np.float32))


class HeatMap(Picture):
    """Tiles with names. The wheel zooms into the columns, a double click shows all again."""

    zooms = True
    pointed = Signal(object)  # (row, column) under the mouse, or None

    def __init__(self, theme: Theme, name: str, title: str, parent: QWidget | None = None) -> None:
        super().__init__(name, title, (120, 110), parent)
        self.heat = EMPTY
        self.gaps = True  # between tiles that are large enough
        self.told: Callable[[int, int], str] | None = None  # tooltip of a tile
        self._theme = theme
        self._image: QImage | None = None
        self._window = (0, 0)  # first column shown, and the one after the last
        self._colors = np.zeros((0, 0, 3), np.uint8)

    def show_heat(self, heat: Heat, theme: Theme) -> None:
        """Draw these values. A zoom stays while the number of columns does."""
        same_columns = heat.index.shape[1:] == self.heat.index.shape[1:]
        self.heat, self._theme = heat, theme
        rows, columns = heat.index.shape
        if not same_columns:
            self._window = (0, columns)
        self._image = None
        if rows and columns:
            colors = diverging_table(theme)[heat.index]
            colors[heat.broken] = rgb(theme.error)
            self._colors = np.ascontiguousarray(colors)
            self._image = QImage(self._colors.data, columns, rows, 3 * columns, QImage.Format.Format_RGB888).copy()
        self.update()

    # ---- geometry

    def _area(self) -> QRectF:
        metrics = QFontMetricsF(self._font)
        names = [metrics.horizontalAdvance(name) for name in _sample(self.heat.rows)]
        left = min(LONGEST_NAME_PX, max(names, default=0.0)) + 8
        return QRectF(left, 4, max(1.0, self.width() - left - 4), max(1.0, self.height() - 10 - metrics.height()))

    def _tile(self, area: QRectF) -> tuple[float, float]:
        first, stop = self._window
        return area.width() / max(1, stop - first), area.height() / max(1, self.heat.index.shape[0])

    def _at(self, position: QPointF) -> tuple[int, int] | None:
        area = self._area()
        if self._image is None or not area.contains(position):
            return None
        width, height = self._tile(area)
        row, column = int((position.y() - area.top()) / height), int((position.x() - area.left()) / width)
        return min(row, self.heat.index.shape[0] - 1), min(self._window[0] + column, self._window[1] - 1)

    # ---- drawing

    def paintEvent(self, event: QPaintEvent) -> None:
        """One image, lines between large tiles, and the names that have room."""
        self.painted += 1
        painter = QPainter(self)
        painter.setFont(self._font)
        if self._image is None:
            return
        area = self._area()
        first, stop = self._window
        source = QRectF(first, 0, stop - first, self.heat.index.shape[0])
        width, height = self._tile(area)
        if self.exact and self.heat.index.size <= MOST_EXACT:
            self._draw_tiles(painter, area, width, height)
        else:
            # tiles smaller than a pixel are averaged, larger ones keep their edges
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, width < 1.0 or height < 1.0)
            painter.drawImage(area, self._image, source)
        self._draw_gaps(painter, area, width, height)
        painter.setPen(QColor(self._theme.muted))
        self._draw_columns(painter, area, width)
        self._draw_rows(painter, area, height)

    def _draw_tiles(self, painter: QPainter, area: QRectF, width: float, height: float) -> None:
        """One rectangle for each tile: edges that stay sharp at any size."""
        first, stop = self._window
        for row, colors in enumerate(self._colors[:, first:stop].tolist()):
            for column, color in enumerate(colors):
                box = QRectF(area.left() + column * width, area.top() + row * height, width, height)
                painter.fillRect(box, QColor(*color))

    def _draw_gaps(self, painter: QPainter, area: QRectF, width: float, height: float) -> None:
        if not self.gaps:
            return
        painter.setPen(QColor(self._theme.surface))
        if width >= TILE_GAP_FROM_PX:
            for i in range(1, self._window[1] - self._window[0]):
                x = area.left() + i * width
                painter.drawLine(QPointF(x, area.top()), QPointF(x, area.bottom()))
        if height >= TILE_GAP_FROM_PX:
            for i in range(1, self.heat.index.shape[0]):
                y = area.top() + i * height
                painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y))

    def _draw_columns(self, painter: QPainter, area: QRectF, width: float) -> None:
        first, stop = self._window
        shown = range(first, min(stop, len(self.heat.columns)))
        if not len(shown):
            return
        metrics = QFontMetricsF(self._font)
        widest = max(metrics.horizontalAdvance(self.heat.columns[i]) for i in list(shown)[:: max(1, len(shown) // 200)])
        room = max(min(widest, LONGEST_NAME_PX) + TICK_GAP_PX, 1.0)
        every = max(1, math.ceil(room / width))
        box = max(width, min(every * width, room))
        for i in shown[::every]:
            middle = area.left() + (i - first + 0.5) * width
            name = metrics.elidedText(self.heat.columns[i], Qt.TextElideMode.ElideRight, box - 2)
            left = min(max(middle - box / 2, area.left() - 8), self.width() - box)
            painter.drawText(QRectF(left, area.bottom() + 3, box, metrics.height()), CENTER, name)

    def _draw_rows(self, painter: QPainter, area: QRectF, height: float) -> None:
        names = self.heat.rows
        if not names:
            return
        metrics = QFontMetricsF(self._font)
        every = max(1, math.ceil(metrics.height() / height))
        right = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        for i in range(0, len(names), every):
            y = area.top() + (i + 0.5) * height
            name = metrics.elidedText(names[i], Qt.TextElideMode.ElideRight, area.left() - 6)
            top = max(0.0, y - metrics.height() / 2)
            painter.drawText(QRectF(0, top, area.left() - 6, metrics.height()), right, name)

    # ---- mouse

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Tell which tile is meant."""
        at = self._at(event.position())
        self.setToolTip(self.told(*at) if at is not None and self.told is not None else "")
        self.pointed.emit(at)

    def leaveEvent(self, event: QEvent) -> None:
        """None any more."""
        self.pointed.emit(None)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """With Ctrl, zoom into the columns around the mouse; the plain wheel scrolls what lies around."""
        at = self._at(event.position())
        if at is None or not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            event.ignore()
            return
        self._zoom_at(at[1], ZOOM_STEP if event.angleDelta().y() > 0 else 1 / ZOOM_STEP)

    def zoom(self, factor: float) -> None:
        """Into the columns."""
        self._zoom_at(sum(self._window) // 2, factor)

    def _zoom_at(self, column: int, factor: float) -> None:
        self._window = narrowed(self._window, self.heat.index.shape[1], column, factor)
        self.update()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Show all columns again."""
        self.reset_zoom()

    def reset_zoom(self) -> None:
        """Show all columns again."""
        self._window = (0, self.heat.index.shape[1])
        self.update()


def _sample(names: Sequence[str], most: int = 200) -> Sequence[str]:
    """Enough of the names to know how much room they need."""
    return names[:: max(1, len(names) // most)]
