"""Points in a plane with their names: where states and symbols lie."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFontMetricsF, QMouseEvent, QPainter, QPaintEvent, QPen, QWheelEvent

from gui.plots.colormaps import order_table
from gui.plots.picture import Picture
from gui.plots.ranges import stepped_range
from gui.theme import Theme, mix

Points = np.ndarray[Any, np.dtype[np.float64]]

CROWD, CROWD_ALPHA = 80, 110  # from so many points on they let the names through
DOT_PX, CHOSEN_PX = 3.2, 5.0
MOST_POINTS = 2000  # drawn: more cannot be told apart
NEAR_PX = 12.0  # how close the mouse must come
ZOOM_STEP = 1.25
LARGEST_ZOOM = 400.0
CELL_PX = (6.0, 7.0)  # of the grid that keeps names from lying on each other
MARGIN_PX = 16.0


@dataclass(frozen=True, eq=False)
class Cloud:
    """points (n, 2) with a name each, in order. order (n,): 0 to 1, the colour; path: joined by a line.

    start: a point that the line comes from, such as the state before the first step.
    """

    points: Points
    names: tuple[str, ...] = ()
    order: Points | None = None
    path: bool = False
    start: tuple[float, float] | None = None
    hints: tuple[str, ...] = field(default=(), repr=False)


EMPTY = Cloud(np.zeros((0, 2)))


class Scatter(Picture):
    """Both axes have one scale. Ctrl and the wheel zoom, a drag moves, a double click shows all, a click chooses."""

    zooms = True
    chosen = Signal(int)

    def __init__(self, theme: Theme, name: str, title: str) -> None:
        super().__init__(name, title, (160, 110))
        self.cloud = EMPTY
        self.current = -1  # the point that is marked
        self.logical = (0.0, 0.0, 1.0)  # middle and pixels a unit, when the user has zoomed
        self.zoomed = False
        self._theme = theme
        self._drag: QPointF | None = None
        self._dragged = False

    def show_cloud(self, cloud: Cloud, theme: Theme, current: int = -1) -> None:
        """Draw these points, one of them marked."""
        self.cloud, self._theme, self.current = cloud, theme, current
        shown = ", ".join(cloud.names[:30])
        self.setAccessibleDescription(f"{len(cloud.points)} points: {shown}" if len(cloud.points) else "nothing yet")
        self.update()

    def reset_zoom(self) -> None:
        """Show all points."""
        self.zoomed = False
        self.update()

    # ---- geometry

    def _fitted(self) -> tuple[float, float, float]:
        """Middle of the points, and how many pixels a unit takes; moves only in steps."""
        points = self.cloud.points[:MOST_POINTS]
        extra = [self.cloud.start] if self.cloud.start is not None else []
        xs = [*points[:, 0].tolist(), *(p[0] for p in extra)]
        ys = [*points[:, 1].tolist(), *(p[1] for p in extra)]
        left, right = stepped_range(xs)
        low, high = stepped_range(ys)
        across = max(1.0, self.width() - 2 * MARGIN_PX - 24)
        up = max(1.0, self.height() - 2 * MARGIN_PX)
        scale = min(across / max(right - left, 1e-300), up / max(high - low, 1e-300))
        return (left + right) / 2, (low + high) / 2, scale if math.isfinite(scale) and scale > 0 else 1.0

    def _view(self) -> tuple[float, float, float]:
        return self.logical if self.zoomed else self._fitted()

    def pixels(self) -> Points:
        """(n, 2) places of the points in the widget; NaN where a point has none."""
        middle_x, middle_y, scale = self._view()
        points = np.asarray(self.cloud.points[:MOST_POINTS], np.float64)
        with np.errstate(over="ignore", invalid="ignore"):
            x = self.width() / 2 + (points[:, 0] - middle_x) * scale
            y = self.height() / 2 - (points[:, 1] - middle_y) * scale
        places = np.stack([x, y], axis=1)
        places[~np.isfinite(places).all(axis=1) | (np.abs(places) > 1e6).any(axis=1)] = np.nan
        return places

    # ---- drawing

    def paintEvent(self, event: QPaintEvent) -> None:
        """Axes through zero, the line, the points, and names where there is room."""
        self.painted += 1
        if not len(self.cloud.points):
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(self._font)
        self._draw_axes(painter)
        places = self.pixels()
        colors = self._colors(len(places))
        if self.cloud.path:
            self._draw_path(painter, places, colors)
        painter.setPen(Qt.PenStyle.NoPen)
        crowded = len(places) > CROWD
        for (x, y), color in zip(places.tolist(), colors, strict=True):
            if math.isfinite(x):
                color.setAlpha(CROWD_ALPHA if crowded else 255)
                painter.setBrush(color)
                painter.drawEllipse(QPointF(x, y), DOT_PX, DOT_PX)
        self._draw_current(painter, places)
        self._draw_names(painter, places)

    def _colors(self, count: int) -> list[QColor]:
        order = self.cloud.order
        if order is None:
            return [QColor(self._theme.accent) for _ in range(count)]
        table = order_table(self._theme)
        at = (np.clip(np.nan_to_num(order[:count]), 0.0, 1.0) * 255).round().astype(int)
        return [QColor(*color) for color in table[at].tolist()]

    def _draw_axes(self, painter: QPainter) -> None:
        middle_x, middle_y, scale = self._view()
        painter.setPen(QPen(QColor(self._theme.grid), 1.0))
        x, y = self.width() / 2 - middle_x * scale, self.height() / 2 + middle_y * scale
        if 0 <= x <= self.width():
            painter.drawLine(QPointF(x, 0), QPointF(x, self.height()))
        if 0 <= y <= self.height():
            painter.drawLine(QPointF(0, y), QPointF(self.width(), y))

    def _draw_path(self, painter: QPainter, places: Points, colors: list[QColor]) -> None:
        corners = places.tolist()
        if self.cloud.start is not None:
            middle_x, middle_y, scale = self._view()
            begin = [
                self.width() / 2 + (self.cloud.start[0] - middle_x) * scale,
                self.height() / 2 - (self.cloud.start[1] - middle_y) * scale,
            ]
            corners, colors = [begin, *corners], [QColor(self._theme.muted), *colors]
        for (a, b), (c, d), color in zip(corners, corners[1:], colors[1:], strict=False):
            if all(map(math.isfinite, (a, b, c, d))):
                painter.setPen(QPen(color, 1.6))
                painter.drawLine(QPointF(a, b), QPointF(c, d))
        if self.cloud.start is not None and all(map(math.isfinite, corners[0])):
            painter.setPen(QPen(QColor(self._theme.muted), 1.4))
            painter.setBrush(QColor(self._theme.surface))
            painter.drawEllipse(QPointF(*corners[0]), DOT_PX, DOT_PX)

    def _draw_current(self, painter: QPainter, places: Points) -> None:
        if 0 <= self.current < len(places) and math.isfinite(places[self.current, 0]):
            painter.setPen(QPen(QColor(self._theme.orange), 2.0))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawEllipse(QPointF(*places[self.current].tolist()), CHOSEN_PX, CHOSEN_PX)

    def _draw_names(self, painter: QPainter, places: Points) -> None:
        metrics = QFontMetricsF(self._font)
        taken: set[tuple[int, int]] = set()
        painter.setPen(QColor(mix(self._theme.text, self._theme.surface, 0.1)))
        inside = QRectF(self.rect())
        for number in self._by_importance(len(places)):
            x, y = places[number].tolist()
            name = self.cloud.names[number] if number < len(self.cloud.names) else ""
            if not name or not math.isfinite(x):
                continue
            name = metrics.elidedText(name, Qt.TextElideMode.ElideRight, 110)
            box = QRectF(x + 5, y - metrics.height() + 3, metrics.horizontalAdvance(name), metrics.height() - 3)
            if box.right() > inside.right() - 1:
                box.moveRight(x - 5)
            cells = {
                (i, j)
                for i in range(int(box.left() // CELL_PX[0]), int(box.right() // CELL_PX[0]) + 1)
                for j in range(int(box.top() // CELL_PX[1]), int(box.bottom() // CELL_PX[1]) + 1)
            }
            if not inside.intersects(box) or cells & taken:
                continue
            taken |= cells
            painter.drawText(QPointF(box.left(), box.bottom() - metrics.descent() + 2), name)

    def _by_importance(self, count: int) -> list[int]:
        """Marked point first, then the ends of a path, then in order: what comes first gets its name."""
        first = [self.current] if 0 <= self.current < count else []
        first += [count - 1, 0] if self.cloud.path and count else []
        return list(dict.fromkeys([*first, *range(count)]))

    # ---- mouse

    def near(self, position: QPointF) -> int:
        """The point at the mouse, −1 if none is."""
        places = self.pixels()
        if not len(places):
            return -1
        distance = np.hypot(places[:, 0] - position.x(), places[:, 1] - position.y())
        if np.isnan(distance).all():
            return -1
        best = int(np.nanargmin(distance))
        return best if distance[best] <= NEAR_PX else -1

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom around the mouse, with Ctrl; the plain wheel scrolls what lies around."""
        if not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            event.ignore()
            return
        self._zoom_at(event.position(), ZOOM_STEP ** (event.angleDelta().y() / 120))

    def zoom(self, factor: float) -> None:
        """Around the middle."""
        self._zoom_at(QPointF(self.width() / 2, self.height() / 2), factor)

    def _zoom_at(self, position: QPointF, factor: float) -> None:
        middle_x, middle_y, scale = self._view()
        fitted = self._fitted()[2]
        wanted = min(max(scale * factor, fitted / 4), fitted * LARGEST_ZOOM)
        dx, dy = position.x() - self.width() / 2, self.height() / 2 - position.y()
        self.logical = (middle_x + dx / scale - dx / wanted, middle_y + dy / scale - dy / wanted, wanted)
        self.zoomed = True
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A drag or a click begins."""
        if event.button() != Qt.MouseButton.LeftButton:
            event.ignore()
            return
        self._drag, self._dragged = event.position(), False

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Move the picture, or tell what is under the mouse."""
        if self._drag is None or not event.buttons():
            at = self.near(event.position())
            hints = self.cloud.hints or self.cloud.names
            self.setToolTip(hints[at] if 0 <= at < len(hints) else "")
            return
        moved = event.position() - self._drag
        if not self._dragged and moved.manhattanLength() < 4:
            return
        middle_x, middle_y, scale = self._view()
        self.logical = (middle_x - moved.x() / scale, middle_y + moved.y() / scale, scale)
        self.zoomed = self._dragged = True
        self._drag = event.position()
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click that did not move chooses the point below."""
        if self._drag is not None and not self._dragged:
            at = self.near(event.position())
            if at >= 0:
                self.chosen.emit(at)
        self._drag = None

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Show all points again."""
        self.reset_zoom()

    def leaveEvent(self, event: QEvent) -> None:
        """Nothing is under the mouse."""
        self.setToolTip("")
