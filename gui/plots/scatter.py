"""Points in a plane with their names, for states and symbols."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from itertools import compress

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt, Signal
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen, QResizeEvent

from engine.types import DoubleArray
from gui.plots.colormaps import order_table
from gui.plots.dots import Dots, dot_brush
from gui.plots.name_positions import name_positions
from gui.plots.plot import Overlay, Plot, PlotBox
from gui.plots.ranges import stepped_range
from gui.theme import Theme, mix
from gui.widgets.symbols import plain_tip

CROWD, CROWD_ALPHA = 80, 110  # from this many points on, they are translucent, so that names show
DOT_PX, CHOSEN_PX = 3.2, 5.0  # radii
MOST_POINTS = 2000  # more could not be told apart
NEAR_PX = 12.0  # how close the mouse must come
LARGEST_ZOOM, SMALLEST_ZOOM = 400.0, 0.25
FARTHEST = 1e150  # larger coordinates would overflow on their way to pixels
LONGEST_NAME_PX = 110.0
MOST_AVOIDED = 400  # points whose dots no name may cover
MARGIN_PX = (28.0, 16.0)  # wider across, because names are beside the points


@dataclass(frozen=True, eq=False)
class Cloud:
    """points (n, 2), in order, with a name each. order (n,): 0 to 1, decides the colour. path: whether a line joins
    them.

    start: a point from which the line comes, such as the state before the first step.
    """

    points: DoubleArray
    names: tuple[str, ...] = ()
    order: DoubleArray | None = None
    path: bool = False
    start: tuple[float, float] | None = None
    hints: tuple[str, ...] = field(default=(), repr=False)


EMPTY = Cloud(np.zeros((0, 2)))


class Scatter(Plot):
    """Draws a Cloud. Both axes have the same scale. A click selects a point."""

    chosen = Signal(int)

    def __init__(self, theme: Theme, name: str, title: str) -> None:
        super().__init__(theme, name, title, PlotBox(aspect=True))
        self.cloud = EMPTY
        self.current = -1  # the point that is marked
        self.dots = Dots(self)
        self.box.addItem(self.dots, ignoreBounds=True)
        self._path, self._names = _Path(self), _PointNames(self)
        self._path.setZValue(-1)
        self.box.clicked.connect(self._click)

    def show_cloud(self, cloud: Cloud, theme: Theme, current: int = -1) -> None:
        """Draw these points, one of them marked."""
        self.take_theme(theme)
        self.cloud, self.current = cloud, current
        points = self.points()
        brushes = [dot_brush(color.rgba()) for color in self.colors()]
        seen = [all(map(math.isfinite, point)) for point in points.tolist()]
        self.dots.setData(pos=points[seen], brush=list(compress(brushes, seen)), size=2 * DOT_PX)
        if self.following:
            self.fit()
        shown = ", ".join(cloud.names[:30])
        self.setAccessibleDescription(f"{len(cloud.points)} points: {shown}" if len(cloud.points) else "nothing yet")
        self._path.update()
        self._names.update()

    # ---- geometry

    def points(self) -> DoubleArray:
        """(n, 2): the points that are drawn; NaN for one without a place."""
        points = np.array(self.cloud.points[:MOST_POINTS], np.float64)
        points[~(np.abs(points) < FARTHEST).all(axis=1)] = np.nan
        return points

    def fit(self) -> None:
        """Show all points; the range moves only in steps."""
        points = self.points()
        if self.cloud.start is not None:
            points = np.vstack([points, self.cloud.start])
        left, right = stepped_range(points[:, 0].tolist())
        low, high = stepped_range(points[:, 1].tolist())
        width, height = max(1.0, self.box.width()), max(1.0, self.box.height())
        scale = max(
            (right - left) / max(1.0, width - 2 * MARGIN_PX[0]), (high - low) / max(1.0, height - 2 * MARGIN_PX[1])
        )
        across, up = width * scale / 2, height * scale / 2
        x, y = (left + right) / 2, (low + high) / 2
        self.box.setLimits(minXRange=2 * across / LARGEST_ZOOM, maxXRange=2 * across / SMALLEST_ZOOM)
        self.box.setRange(xRange=(x - across, x + across), yRange=(y - up, y + up), padding=0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep all points visible."""
        super().resizeEvent(event)
        if self.following:
            self.fit()

    def pixels(self) -> DoubleArray:
        """(n, 2): the points in pixels of the widget; NaN for one without a place."""
        return self._pixels(self.points())

    def _pixels(self, points: DoubleArray) -> DoubleArray:
        (left, right), (low, high) = self.box.viewRange()
        size, ends = (self.box.width(), self.box.height()), np.array([[left, low], [right, high]])
        places: DoubleArray = (points - ends[0]) / (ends[1] - ends[0]) * size
        places[:, 1] = size[1] - places[:, 1]
        places[(np.abs(places) > 1e6).any(axis=1)] = np.nan
        return places

    def colors(self) -> list[QColor]:
        """The colour of each point; if there are many, they are translucent so that names show."""
        count, order = min(len(self.cloud.points), MOST_POINTS), self.cloud.order
        found = [QColor(self.theme.accent) for _ in range(count)]
        if order is not None:
            at = (np.clip(np.nan_to_num(order[:count]), 0.0, 1.0) * 255).round().astype(int)
            found = [QColor(*color) for color in order_table(self.theme)[at].tolist()]
        for color in found if count > CROWD else ():
            color.setAlpha(CROWD_ALPHA)
        return found

    # ---- mouse

    def near(self, position: QPointF) -> int:
        """The point at a position of the mouse; −1 if there is none."""
        places = self.pixels()
        distance = np.hypot(places[:, 0] - position.x(), places[:, 1] - position.y())
        if not np.isfinite(distance).any():
            return -1
        best = int(np.nanargmin(distance))
        return best if distance[best] <= NEAR_PX else -1

    def point_at(self, position: QPointF | None) -> None:
        """Show the name of the point under the mouse in a tooltip."""
        at = self.near(position) if position is not None else -1
        hints = self.cloud.hints or self.cloud.names
        self.setToolTip(plain_tip(hints[at] if 0 <= at < len(hints) else ""))

    def _click(self, place: QPointF) -> None:
        at = self.near(place)
        if at >= 0:
            self.chosen.emit(at)


class _Path(Overlay):
    """Lines through zero; the path through the points, each piece in the colour of the point it leads to, with a ring
    where it starts."""

    def draw(self, painter: QPainter, area: QRectF) -> None:
        """Draw what is under the points."""
        plot = self.plot
        assert isinstance(plot, Scatter)
        cloud = plot.cloud
        if len(cloud.points):
            zero = plot.box.pixels_of(0.0, 0.0)
            painter.setPen(QColor(plot.theme.grid))
            painter.drawLine(QPointF(zero.x(), 0), QPointF(zero.x(), area.bottom()))
            painter.drawLine(QPointF(0, zero.y()), QPointF(area.right(), zero.y()))
        if not cloud.path:
            return
        points, colors = plot.points(), plot.colors()
        if cloud.start is not None:
            points, colors = np.vstack([[cloud.start], points]), [QColor(plot.theme.muted), *colors]
        corners = plot._pixels(points).tolist()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for (a, b), (c, d), color in zip(corners, corners[1:], colors[1:], strict=False):
            if all(map(math.isfinite, (a, b, c, d))):
                color.setAlpha(255)
                painter.setPen(QPen(color, 1.6))
                painter.drawLine(QPointF(a, b), QPointF(c, d))
        if cloud.start is not None and math.isfinite(corners[0][0]):
            painter.setPen(QPen(QColor(plot.theme.muted), 1.4))
            painter.setBrush(QColor(plot.theme.surface))
            painter.drawEllipse(QPointF(*corners[0]), DOT_PX, DOT_PX)


class _PointNames(Overlay):
    """A ring around the marked point, and as many names as fit."""

    def draw(self, painter: QPainter, area: QRectF) -> None:
        """Draw what is over the points."""
        plot = self.plot
        assert isinstance(plot, Scatter)
        places = plot.pixels()
        if 0 <= plot.current < len(places) and math.isfinite(places[plot.current, 0]):
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(QColor(plot.theme.selected), 2.0))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawEllipse(QPointF(*places[plot.current].tolist()), CHOSEN_PX, CHOSEN_PX)
        metrics, cloud, points = QFontMetricsF(plot.small_font), plot.cloud, places.tolist()
        first = _first(cloud, plot.current, len(points))
        names = {
            number: metrics.elidedText(cloud.names[number], Qt.TextElideMode.ElideRight, LONGEST_NAME_PX)
            for number in dict.fromkeys([*first, *range(len(points))])
            if number < len(cloud.names) and cloud.names[number]
        }
        height = metrics.height() - 3
        sizes = {number: QSizeF(metrics.horizontalAdvance(name), height) for number, name in names.items()}
        corners = points if cloud.start is None else [*plot._pixels(np.array([cloud.start])).tolist(), *points]
        found = name_positions(
            area, points, sizes, always=first, dots=corners if len(points) <= MOST_AVOIDED else (),
            path=corners if cloud.path else (), ringed=plot.current,
        )  # fmt: skip
        painter.setPen(QColor(mix(plot.theme.text, plot.theme.surface, 0.1)))
        for number, box in found.items():
            painter.drawText(QPointF(box.left(), box.bottom() - metrics.descent() + 2), names[number])


def _first(cloud: Cloud, current: int, count: int) -> list[int]:
    """The points that get their names before the others: the marked one, and the ends of a path."""
    ends = [count - 1, 0] if cloud.path and count else []
    return [current, *ends] if 0 <= current < count else ends
