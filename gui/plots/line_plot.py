"""Curves over a growing axis.

Painting axes and labels is what a plot costs, so they are kept as a picture that is made anew only when the range, the
size or the colours change; ranges are chosen by the owner, in steps. A curve with more points than pixels is drawn as
the least and the largest value of each pixel column, so nothing is lost to the eye and a million points cost little.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from PySide6.QtCore import QEvent, QObject, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFontMetricsF,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from gui.plots.level_names import boxes_beside
from gui.plots.picture import Picture
from gui.plots.ticks import log_ticks, ticks
from gui.theme import Theme

Numbers = np.ndarray[Any, np.dtype[np.float64]]

TICK_ROOM_PX = (62.0, 30.0)  # between labels: across, up
ZOOM_STEP = 1.25
DOT_PX = 4.0
SMOOTH_PX = 3  # between the corners of a thick curve
LEVEL_SHARE = 0.75  # of the width that a name may take before it is shortened: the curve begins at the left
NAME_GROUND = 0.75  # opacity of the ground below a level's name: other levels and the curves pass there
TITLE_GAP_PX = 6  # between the last number and the title of the axis
ELIDE = Qt.TextElideMode.ElideRight
FAR_PX = 1e5  # points beyond the edge are drawn here, so that coordinates stay small


@dataclass(frozen=True)
class Line:
    """A curve: x ascending and y, both (n,); what is not finite is a gap."""

    x: Numbers
    y: Numbers
    color: str
    width: float = 1.0
    dots: bool = False
    dashed: bool = False


@dataclass(frozen=True)
class Level:
    """A dashed line across, with its name, or a shorter one where there is no room."""

    y: float
    name: str
    short: str = ""


@dataclass(frozen=True)
class Range:
    """What part of the plane is shown."""

    left: float = 0.0
    right: float = 1.0
    low: float = 0.0
    high: float = 1.0


class LinePlot(Picture):
    """Draws Lines. The wheel zooms into x, a drag moves, a double click asks for the owner's range again."""

    zooms = True
    pointed = Signal(object)  # x under the mouse, or None
    zoomed = Signal(bool)  # True: the user has chosen a range; False: wants the owner's again

    def __init__(self, theme: Theme, name: str, title: str) -> None:
        super().__init__(name, title, (160, 110))
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.lines: tuple[Line, ...] = ()
        self.levels: tuple[Level, ...] = ()
        self.range = Range()
        self.logarithmic = False  # x is a power of ten
        self.cursor_x: float | None = None
        self._theme = theme
        self._axes: QPixmap | None = None
        self.names: list[tuple[QRectF, str]] = []  # of the levels, where they stand
        self._drag: tuple[QPointF, Range] | None = None
        self._axis_title: QWidget | None = None
        self._title_x: int | None = None  # where it stood when the axes were drawn

    def show_lines(self, lines: tuple[Line, ...], theme: Theme) -> None:
        """Draw these."""
        if theme is not self._theme:
            self._theme, self._axes = theme, None
        self.lines = lines
        self.update()

    def set_range(self, shown: Range, *, logarithmic: bool = False) -> None:
        """Show this part of the plane."""
        if (shown, logarithmic) != (self.range, self.logarithmic):
            self.range, self.logarithmic, self._axes = shown, logarithmic, None
            self.update()

    def set_levels(self, levels: tuple[Level, ...]) -> None:
        """Draw these lines across."""
        if levels != self.levels:
            self.levels, self._axes = levels, None
            self.setAccessibleDescription(", ".join(f"{level.name} at {level.y:.2f}" for level in levels))
            self.update()

    def reset_zoom(self) -> None:
        """Ask for the owner's range again."""
        self.zoomed.emit(False)

    def set_axis_title(self, title: QWidget) -> None:
        """Let a widget stand at the right end of the numbers below; it may change its width."""
        self._axis_title = title
        title.setParent(self)
        title.installEventFilter(self)
        title.adjustSize()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The title has another width."""
        if watched is self._axis_title and event.type() == QEvent.Type.Resize:
            self._place_title()
            self.update()
        return False

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The title of the axis keeps its corner."""
        super().resizeEvent(event)
        self._place_title()

    def _place_title(self) -> None:
        title = self._axis_title
        if title is not None:
            title.move(self.width() - title.width() - 2, self.height() - title.height())

    def set_cursor(self, x: float | None) -> None:
        """Draw a vertical line at x, or none."""
        if x != self.cursor_x:
            self.cursor_x = x
            self.update()

    # ---- geometry

    def area(self) -> QRectF:
        """Where the curves are."""
        metrics = QFontMetricsF(self._font)
        left = metrics.horizontalAdvance("00.00") + 6
        return QRectF(left, 6, max(1.0, self.width() - left - 8), max(1.0, self.height() - metrics.height() - 12))

    def _pixels(self, x: Numbers, y: Numbers) -> tuple[Numbers, Numbers]:
        area, shown = self.area(), self.range
        across = area.left() + (x - shown.left) * (area.width() / (shown.right - shown.left))
        with np.errstate(over="ignore", invalid="ignore"):
            up = area.bottom() - (y - shown.low) * (area.height() / (shown.high - shown.low))
        return np.clip(across, -FAR_PX, FAR_PX), np.clip(up, -FAR_PX, FAR_PX)

    def x_at(self, pixel: float) -> float:
        """The x that lies at a pixel."""
        area, shown = self.area(), self.range
        return shown.left + (pixel - area.left()) / area.width() * (shown.right - shown.left)

    # ---- drawing

    def paintEvent(self, event: QPaintEvent) -> None:
        """The kept axes, the curves, the cursor."""
        self.painted += 1
        painter = QPainter(self)
        if self.exact:
            painter.fillRect(self.rect(), QColor(self._theme.surface))
            self._draw_axes(painter)
        else:
            painter.drawPixmap(0, 0, self._kept_axes())
        painter.setClipRect(self.area().adjusted(0, -2, 2, 1))
        for line in self.lines:
            self._draw_line(painter, line)
        if self.cursor_x is not None:
            x, _ = self._pixels(np.array([self.cursor_x]), np.zeros(1))
            painter.setPen(QPen(QColor(self._theme.muted), 1.0))
            painter.drawLine(QPointF(float(x[0]), self.area().top()), QPointF(float(x[0]), self.area().bottom()))
        painter.setClipping(False)
        self._draw_names(painter)

    def _draw_line(self, painter: QPainter, line: Line) -> None:
        x, y = self._visible(line)
        if not len(x):
            return
        across, up = self._pixels(x, y)
        # antialiasing of a thin curve with thousands of corners is dear and not seen
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, line.width > 1.0)
        style = Qt.PenStyle.DashLine if line.dashed else Qt.PenStyle.SolidLine
        painter.setPen(QPen(QColor(line.color), line.width, style, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin))
        for piece in _pieces(np.isfinite(y)):
            points = [QPointF(a, b) for a, b in zip(across[piece].tolist(), up[piece].tolist(), strict=True)]
            painter.drawPolyline(points)
            if len(points) == 1:
                painter.drawPoint(points[0])
        if line.dots and len(x) < self.width() / DOT_PX:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(line.color))
            for a, b in zip(across[np.isfinite(y)].tolist(), up[np.isfinite(y)].tolist(), strict=True):
                painter.drawEllipse(QPointF(a, b), DOT_PX / 2, DOT_PX / 2)

    def _visible(self, line: Line) -> tuple[Numbers, Numbers]:
        """The points in sight and one on either side; two for each pixel column where there are more."""
        count = min(len(line.x), len(line.y))
        first = max(0, int(np.searchsorted(line.x[:count], self.range.left)) - 1)
        stop = min(count, int(np.searchsorted(line.x[:count], self.range.right, side="right")) + 1)
        x, y = line.x[first:stop], line.y[first:stop]
        columns = max(1, int(self.area().width()))
        if line.width > 1.0 and len(x) > columns // SMOOTH_PX:
            # a thick, smooth curve has no peaks to lose, and costs by its corners
            chosen = np.unique(np.append(np.arange(0, len(x), math.ceil(len(x) * SMOOTH_PX / columns)), len(x) - 1))
            return x[chosen], y[chosen]
        if len(x) <= 2 * columns:
            return x, y
        edges = np.linspace(self.range.left, self.range.right, columns + 1)[:-1]
        starts = np.unique(np.minimum(np.searchsorted(x, edges), len(x) - 1))
        finite = np.where(np.isinf(y), np.nan, y)
        low, high = np.fmin.reduceat(finite, starts), np.fmax.reduceat(finite, starts)
        return np.repeat(x[starts], 2), np.stack([low, high], axis=1).ravel()

    def _kept_axes(self) -> QPixmap:
        """The picture of axes and levels, made anew when it has been dropped or the size has changed."""
        ratio = self.devicePixelRatioF()
        title_x = None if self._axis_title is None else self._axis_title.x()
        if self._axes is None or self._axes.size() != self.size() * ratio or title_x != self._title_x:
            self._title_x = title_x
            self._axes = QPixmap(self.size() * ratio)
            self._axes.setDevicePixelRatio(ratio)
            self._axes.fill(QColor(self._theme.surface))
            painter = QPainter(self._axes)
            self._draw_axes(painter)
            painter.end()
        return self._axes

    def _draw_axes(self, painter: QPainter) -> None:
        painter.setFont(self._font)
        area = self.area()
        right = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        for value, text in ticks(self.range.low, self.range.high, area.height() / TICK_ROOM_PX[1]):
            _, up = self._pixels(np.zeros(1), np.array([value]))
            painter.setPen(QColor(self._theme.grid))
            painter.drawLine(QPointF(area.left(), float(up[0])), QPointF(area.right(), float(up[0])))
            painter.setPen(QColor(self._theme.muted))
            painter.drawText(QRectF(0, float(up[0]) - 8, area.left() - 6, 16), right, text)
        painter.setPen(QColor(self._theme.muted))
        end, width = self._end_of_numbers(), TICK_ROOM_PX[0]
        for x, text in self.numbers_below():
            left = min(x - width / 2, end - width)
            aligned = Qt.AlignmentFlag.AlignCenter if left < end - width else Qt.AlignmentFlag.AlignRight
            painter.drawText(QRectF(left, area.bottom() + 4, width, 16), int(aligned), text)
        self._draw_levels(painter, area)

    def _end_of_numbers(self) -> float:
        return float(self.width() if self._axis_title is None else self._axis_title.x() - TITLE_GAP_PX)

    def numbers_below(self) -> list[tuple[float, str]]:
        """Where they stand and what they are: clear of the axis' title, and closer where only one would be left."""
        across, metrics = log_ticks if self.logarithmic else ticks, QFontMetricsF(self._font)
        most = self.area().width() / TICK_ROOM_PX[0]
        found: list[tuple[float, str]] = []
        for density in (1.0, 2.0):
            values = across(self.range.left, self.range.right, density * most)
            x, _ = self._pixels(np.array([value for value, _ in values]), np.zeros(len(values)))
            found = [(at, text) for at, (_, text) in zip(x.tolist(), values, strict=True)]
            if self._axis_title is not None:
                end = self._end_of_numbers()
                found = [(at, text) for at, text in found if at + metrics.horizontalAdvance(text) / 2 < end]
            if len(found) > 1:
                break
        return found

    def _draw_levels(self, painter: QPainter, area: QRectF) -> None:
        """The lines; finds where their names stand, as near as there is room."""
        shown = [level for level in self.levels if self.range.low < level.y < self.range.high]
        _, up = self._pixels(np.zeros(len(shown)), np.array([level.y for level in shown]))
        painter.setPen(QPen(QColor(self._theme.baseline), 1.0, Qt.PenStyle.DashLine))
        for y in up.tolist():
            painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y))
        metrics = QFontMetricsF(self._font)
        names = [self._names_of(level, area.width(), metrics) for level in shown]
        widths = [[metrics.horizontalAdvance(name) + 4 for name in forms] for forms in names]
        placed = zip(names, boxes_beside(up.tolist(), widths, area), strict=True)
        self.names = [(place[1], forms[place[0]]) for forms, place in placed if place is not None]

    def _draw_names(self, painter: QPainter) -> None:
        """Of the levels, over the curves, which shine through."""
        ground = QColor(self._theme.surface)
        ground.setAlphaF(NAME_GROUND)
        painter.setFont(self._font)
        painter.setPen(QColor(self._theme.muted))
        for box, name in self.names:
            painter.fillRect(box, ground)
            painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), name)

    def _names_of(self, level: Level, width: float, metrics: QFontMetricsF) -> list[str]:
        """What can be written, the best first: the curve begins at the left and needs some room."""
        long = [level.name] if metrics.horizontalAdvance(level.name) <= width * LEVEL_SHARE else []
        return [*long, metrics.elidedText(level.short or level.name, ELIDE, width - 6)]

    # ---- mouse

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom into x around the mouse, with Ctrl; the plain wheel scrolls what lies around."""
        if not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            event.ignore()
            return
        self._zoom_at(self.x_at(event.position().x()), ZOOM_STEP ** (event.angleDelta().y() / 120))

    def zoom(self, factor: float) -> None:
        """Into x."""
        self._zoom_at((self.range.left + self.range.right) / 2, factor)

    def _zoom_at(self, at: float, factor: float) -> None:
        shown = self.range
        left, right = at + (shown.left - at) / factor, at + (shown.right - at) / factor
        if right - left > 1e-9 * max(1.0, abs(right)):
            self._choose(Range(left, right, shown.low, shown.high))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A drag begins."""
        self._drag = event.position(), self.range

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """And ends."""
        self._drag = None

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Move what is shown, or tell where the mouse is."""
        if self._drag is None or not event.buttons():
            self.pointed.emit(self.x_at(event.position().x()) if self.area().contains(event.position()) else None)
            return
        begin, shown = self._drag
        moved = event.position() - begin
        area = self.area()
        dx = -moved.x() / area.width() * (shown.right - shown.left)
        dy = moved.y() / area.height() * (shown.high - shown.low)
        self._choose(Range(shown.left + dx, shown.right + dx, shown.low + dy, shown.high + dy))

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Back to the owner's range."""
        self.zoomed.emit(False)

    def leaveEvent(self, event: QEvent) -> None:
        """The mouse is elsewhere."""
        self.pointed.emit(None)

    def _choose(self, shown: Range) -> None:
        self.set_range(shown, logarithmic=self.logarithmic)
        self.zoomed.emit(True)


def _pieces(finite: np.ndarray[Any, np.dtype[np.bool_]]) -> list[slice]:
    """Runs without a gap."""
    if finite.all():
        return [slice(0, len(finite))]
    edges = np.flatnonzero(np.diff(np.concatenate([[False], finite, [False]]).astype(np.int8)))
    return [slice(int(a), int(b)) for a, b in edges.reshape(-1, 2)]
