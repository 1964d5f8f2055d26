"""Curves over a growing axis.

Most of the cost of a plot is painting axes and labels. pyqtgraph caches them while the range stays the same, so owners
change ranges in steps. Curves are thinned to the current pixels before they are handed over.
"""

from __future__ import annotations

import math
import weakref
from dataclasses import dataclass

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QEvent, QObject, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

from engine.number_text import in_figures, percent
from engine.types import DoubleArray
from gui.plots.axes import NUMBER_GAP_PX, NumberAxis
from gui.plots.crosshair import Crosshair
from gui.plots.dots import Dots, dot_brush
from gui.plots.leaving_curves import LeavingCurves
from gui.plots.paint_turns import PaintTurns
from gui.plots.plot import Overlay, Plot, PlotBox, here
from gui.plots.reference_levels import ReferenceLevel, tops_of
from gui.plots.thinning import drawable, thin_to_pixels
from gui.theme import Theme
from gui.widgets.symbols import plain_tip

DOT_PX = 4.0
TAG_GAP_PX, LEADER_PX = 3.0, 8.0  # beside the tag of a level, and from its line to that
TITLE_GAP_PX = 6  # between the last number and the title of the axis
SPARE_PX = 2.0  # beside a number: pyqtgraph leaves one out that may reach a fraction of a pixel beyond the edge
_CENTRED = int(Qt.AlignmentFlag.AlignCenter) | int(Qt.TextFlag.TextDontClip)
LOG_DECADES = 3.0  # shown below the top on a logarithmic axis when nothing says how low to go


@dataclass(frozen=True)
class Line:
    """A curve: x, ascending, and y, both (n,); values that are not finite leave gaps. told: whether the plot says how
    high it is where it leaves at the top."""

    x: DoubleArray
    y: DoubleArray
    color: str
    width: float = 1.0
    dots: bool = False
    told: bool = False


@dataclass(frozen=True)
class PlotRange:
    """The visible part of the plane."""

    left: float = 0.0
    right: float = 1.0
    low: float = 0.0
    high: float = 1.0


@dataclass(frozen=True, eq=False)
class _Drawn:
    """The inputs that a curve was last drawn from."""

    x: DoubleArray
    y: DoubleArray
    how: tuple[object, ...]

    def same(self, other: _Drawn) -> bool:
        """Whether both would look the same."""
        return (
            self.how == other.how
            and np.array_equal(self.x, other.x)
            and np.array_equal(self.y, other.y, equal_nan=True)
        )


class LinePlot(Plot):
    """Draws Lines. Shows the range that the owner sets, until the user zooms; a reset shows the owner's range again."""

    WIDEST_NUMBER = "00.00"  # on the left, for which room is reserved
    pointed = Signal(object)  # x under the mouse, or None

    def __init__(self, theme: Theme, name: str, title: str, box: PlotBox | None = None) -> None:
        self.lines: tuple[Line, ...] = ()
        self.levels: tuple[ReferenceLevel, ...] = ()
        self.named = False  # whether the levels have their labels at the edge instead of their tags
        self.log_x = self.log_y = False  # x is then given as powers of ten, y is not
        self._wanted = PlotRange()
        self.cursor_x: float | None = None
        self.mouse_y: float | None = None
        self._axis_title: QWidget | None = None
        self._explained = ""
        self._taken = True  # whether the curves are those of the lines
        super().__init__(theme, name, title, box or PlotBox(wheel=(True, False)))
        self.left, self.bottom = NumberAxis("left", self.small_font, grid=True), self.axis_below()
        for axis in (self.left, self.bottom):
            self.add_axis(axis)
        self._curves: list[pg.PlotCurveItem] = []  # of each line, made once
        self._dots: list[Dots] = []
        self._as_drawn: list[_Drawn | None] = []
        self.mark: float | None = None
        self._level_lines = _Levels(self)
        self._tags = _LevelTags(self)
        self._leaving = LeavingCurves(self)
        self._crosshair = Crosshair(self)
        self.box.sigRangeChanged.connect(self._draw_curves)
        self.view.scene().sigPrepareForPaint.connect(self.take_lines)
        self.box.sigResized.connect(self._draw_curves)
        self.fit()

    def axis_below(self) -> NumberAxis:
        """The axis below the curves."""
        return NumberAxis("bottom", self.small_font)

    # ---- what is shown

    def show_lines(self, lines: tuple[Line, ...], theme: Theme) -> None:
        """Draw these lines."""
        self.take_theme(theme)
        self.lines, self._taken = lines, False
        PaintTurns.of(self).ask(self)

    def take_lines(self) -> None:
        """Hand over the curves for painting, if there are new ones."""
        if not self._taken:
            self._draw_curves()

    def set_range(self, shown: PlotRange, axis: str = "steps", shares: bool = False) -> None:
        """Show this part of the plane, unless the user has zoomed. axis: what x is, one of AXES: steps are whole
        numbers, and "log" is given as powers of ten. shares: whether y is written in per cent."""
        if (axis == "log") != self.log_x:
            self.log_x = axis == "log"
            self.bottom.setLogMode(self.log_x, None)
        if (axis == "steps") != self.bottom.whole:
            self.bottom.whole, self.bottom.picture = axis == "steps", None
        moved = shown != self._wanted or self.log_y  # whose lower end follows the curves
        if shares != self.left.shares:
            self.left.shares, self.left.picture, moved = shares, None, True
        self._wanted = shown
        if self.following and moved:
            self.fit()
        if moved and self.area() != self.box.geometry():
            self.arrange()

    def set_log(self, log: bool) -> None:
        """Make the vertical axis logarithmic, or linear."""
        if log != self.log_y:
            self.log_y = log
            self.left.setLogMode(None, log)
            self.arrange()
            self._draw_curves()
            self.follow()

    def fit(self) -> None:
        """Show the owner's range."""
        shown = self._wanted
        low, high = self._decades(shown.low, shown.high) if self.log_y else (shown.low, shown.high)
        self.box.setRange(xRange=(shown.left, shown.right), yRange=(low, high), padding=0)

    def _decades(self, low: float, high: float) -> tuple[float, float]:
        """The limits as powers of ten; a limit that is not positive is replaced by the smallest number drawn."""
        top = math.log10(high) if high > 0 else 0.0
        if low <= 0:
            least = [float(y.min()) for line in self.lines if len(y := line.y[line.y > 0])]
            low = min(least, default=10.0 ** (top - LOG_DECADES))
        bottom = math.floor(4 * math.log10(low) - 0.1) / 4 if low > 0 else top - LOG_DECADES
        return (bottom, top) if bottom < top else (top - 1.0, top)

    @property
    def range(self) -> PlotRange:
        """What is shown now."""
        (left, right), (low, high) = self.box.viewRange()
        return PlotRange(left, right, 10.0**low, 10.0**high) if self.log_y else PlotRange(left, right, low, high)

    def set_levels(self, levels: tuple[ReferenceLevel, ...], named: bool = False) -> None:
        """Draw these levels. named: there is room for their labels."""
        if (levels, named) != (self.levels, self.named):
            self.levels, self.named = levels, named
            self.setAccessibleDescription(", ".join(level.name for level in levels))
            self.arrange()
            self._level_lines.update()
            self._tags.update()

    def set_mark(self, x: float | None) -> None:
        """Draw a dotted line at x, or none."""
        if x != self.mark:
            self.mark = x
            self._level_lines.update()

    def view_all(self) -> None:
        """Show every point of every curve, including what the owner's range leaves out."""
        x = [line.x[[0, -1]] for line in self.lines if len(line.x)]
        y = [line.y[np.isfinite(line.y)] for line in self.lines]
        values = np.concatenate([*y, [level.y for level in self.levels]])
        values = values[values > 0] if self.log_y else values
        if not x or not len(values):
            self.follow()
            return
        low, high = self._up(float(values.min())), self._up(float(values.max()))
        margin = 0.03 * (high - low) or 0.5
        ends = np.concatenate(x)
        self.box.setRange(
            xRange=(float(ends.min()), float(ends.max())), yRange=(low - margin, high + margin), padding=0
        )
        self.following = False

    def set_cursor(self, x: float | None) -> None:
        """Draw a crosshair at x and at the height of the mouse, or none."""
        if x != self.cursor_x or x is not None:
            self.cursor_x = x
            y = self.mouse_y
            here = 0.0 if y is None else 10.0**y if self.log_y else y
            value = percent(here, 1) if self.left.shares else in_figures(here)
            self._crosshair.show_at(x, y, "" if y is None else value)

    # ---- geometry

    def set_axis_title(self, title: QWidget) -> None:
        """Put a widget at the right end of the numbers below; its width may change."""
        self._axis_title = title
        title.setParent(self)
        title.installEventFilter(self)
        title.adjustSize()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Place the title again when its width changes."""
        if watched is self._axis_title and event.type() == QEvent.Type.Resize:
            self._place_title()
        return False

    def _place_title(self) -> None:
        title = self._axis_title
        if title is not None:
            title.move(self.width() - title.width() - 2, self.height() - title.height())
            self.bottom.reserve(self.bottom.geometry().right() - title.x() + TITLE_GAP_PX)

    def area(self) -> QRectF:
        """The rectangle of the curves, beside room for the numbers of the owner's range."""
        beside = self.area_beside(0, max(8.0, self.tags_width()))
        numbers = () if self.log_y else self.left.numbers_of(self._wanted.low, self._wanted.high, beside.height())
        room = max(self.text_width(self.WIDEST_NUMBER), *(self.text_width(text) + SPARE_PX for text in ("", *numbers)))
        return beside.adjusted(room + NUMBER_GAP_PX, self.line_height() if self.log_y else 0.0, 0, 0)

    def tags_width(self) -> float:
        """The width that the tags of the levels need on the right."""
        widths = (self.text_width(level.called(self.named)) for level in self.levels)
        return max((LEADER_PX + width + 2 * TAG_GAP_PX for width in widths), default=0.0)

    def arrange(self) -> None:
        """Place the numbers on the left and below, and the title of the axis in its corner."""
        super().arrange()
        self.place_axes(self.left, self.bottom)
        self._place_title()

    def _up(self, y: float) -> float:
        """A height as it is drawn."""
        if not self.log_y:
            return y
        return math.log10(y) if y > 0 else -math.inf

    # ---- drawing

    @property
    def curves(self) -> list[pg.PlotCurveItem]:
        """The items of the lines, in their order."""
        self.take_lines()
        return self._curves

    def _draw_curves(self) -> None:
        self._taken = True
        while len(self._curves) < len(self.lines):
            self._curves.append(pg.PlotCurveItem(connect="finite"))
            self._dots.append(Dots(self))
            self._as_drawn.append(None)
            self.box.addItem(self._curves[-1], ignoreBounds=True)
            self.box.addItem(self._dots[-1], ignoreBounds=True)
        for at, line in enumerate(self.lines):
            self._draw_curve(at, line)
        for at in range(len(self.lines), len(self._curves)):
            self._curves[at].setVisible(False)
            self._dots[at].setVisible(False)
            self._as_drawn[at] = None
        shown, told = self.range, [line for line in self.lines if line.told]
        self._leaving.follow([(line.x, line.y, line.color) for line in told], shown.left, shown.right, shown.high)

    @property
    def leaving(self) -> list[str]:
        """What is said of the curves that leave at the top."""
        return [one.text for one in self._leaving.shown]

    def _draw_curve(self, at: int, line: Line) -> None:
        (left, right), (low, high) = self.box.viewRange()
        thick, room = line.width > 1.0, (self.width(), self.box.width())
        x, y = thin_to_pixels(line.x, line.y, left, right, max(1, int(room[1])), smooth=thick)
        if self.log_y:
            y = np.log10(y, out=np.full(len(y), np.nan), where=y > 0)
        before, now = self._as_drawn[at], _Drawn(x, y, (line.color, line.width, line.dots, low, high, room))
        if before is not None and now.same(before):
            return
        self._as_drawn[at] = now
        curve, dots = self._curves[at], self._dots[at]
        pen = pg.mkPen(line.color, width=line.width)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        # antialiasing of a thin curve with thousands of corners is expensive and not seen
        curve.setData(*drawable(x, y, low, high), pen=pen, antialias=thick)
        finite = np.isfinite(y)
        curve.setVisible(True)
        dotted = (line.dots or int(finite.sum()) == 1) and len(x) < self.width() / DOT_PX
        dots.setVisible(dotted)
        if dotted:
            dots.setData(
                x=x[finite], y=y[finite], size=max(DOT_PX, line.width), brush=dot_brush(QColor(line.color).rgba())
            )

    def level_lines(self) -> list[tuple[str, float]]:
        """The tags of the levels, and how far below the top of the box each line is, from top to bottom. Some may be
        outside the box."""
        return [(level.called(self.named), y) for level, y in self._levels_from_top()]

    def _levels_from_top(self) -> list[tuple[ReferenceLevel, float]]:
        found = [(level, self.box.pixels_of(0.0, self._up(level.y)).y()) for level in self.levels]
        return sorted(found, key=lambda each: each[1])

    def level_tags(self) -> list[tuple[QRectF, str]]:
        """The tags and their boxes in the widget, as near as possible to their lines, from top to bottom. Those of
        lines outside the box are at its edge."""
        area, height, lines = self.area(), self.line_height(), self.level_lines()
        left, tops = area.right() + LEADER_PX + TAG_GAP_PX, tops_of([y for _, y in lines], area, height)
        return [
            (QRectF(left, top, self.text_width(tag), height), tag) for (tag, _), top in zip(lines, tops, strict=True)
        ]

    # ---- mouse

    def explain(self, text: str) -> None:
        """Set the tooltip of the plot; each level has its own beside it."""
        self._explained = text
        self.setToolTip(plain_tip(text))

    def level_tip(self, position: QPointF) -> str:
        """The level whose tag is at this position, in words; "" if there is none."""
        if position.x() <= self.area().right():
            return ""
        tags = zip(self.level_tags(), self._levels_from_top(), strict=True)
        return next((level.tip for (box, _), (level, _) in tags if box.top() <= position.y() < box.bottom()), "")

    def point_at(self, position: QPointF | None) -> None:
        """Emit the x under the mouse, or explain the level whose tag it points at."""
        self.setToolTip(plain_tip((self.level_tip(position) if position is not None else "") or self._explained))
        inside = position is not None and self.area().contains(position)
        at = self.box.mapSceneToView(position) if inside else None
        self.mouse_y = None if at is None else at.y()
        self.pointed.emit(None if at is None else at.x())


class _Levels(Overlay):
    """Dashed lines across, and a dotted one at the mark."""

    def draw(self, painter: QPainter, area: QRectF) -> None:
        """Draw the lines over the curves, which show through."""
        plot = self.plot
        assert isinstance(plot, LinePlot)
        painter.setPen(QPen(QColor(plot.theme.baseline), 1.0, Qt.PenStyle.DashLine))
        for _, y in plot.level_lines():
            if area.top() < y < area.bottom():
                painter.drawLine(QPointF(0, y), QPointF(area.right(), y))
        if plot.mark is not None:
            x = plot.box.pixels_of(plot.mark, 0.0).x()
            painter.setPen(QPen(QColor(plot.theme.validation), 1.0, Qt.PenStyle.DotLine))
            painter.drawLine(QPointF(x, 0), QPointF(x, area.bottom()))


class _LevelTags(pg.GraphicsObject):
    """The tags of the levels, right of the box."""

    def __init__(self, plot: LinePlot) -> None:
        super().__init__(plot.root)
        self._plot = weakref.ref(plot)
        plot.box.sigTransformChanged.connect(self._redraw)
        plot.box.sigResized.connect(self._redraw)

    def _redraw(self) -> None:
        self.prepareGeometryChange()
        self.update()

    def boundingRect(self) -> QRectF:
        """The area from the box to the right edge of the widget."""
        plot = here(self._plot)
        right = plot.area().right()
        return QRectF(right, 0, max(plot.width() - right, 0), plot.height())

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """Draw the tags of the levels, each joined to its line, or with an arrow to a line outside the box."""
        plot = here(self._plot)
        painter.setFont(plot.small_font)
        area = plot.area()
        for (box, tag), (_, y) in zip(plot.level_tags(), plot.level_lines(), strict=True):
            beside = QRectF(area.right(), box.top(), box.left() - area.right(), box.height())
            painter.setPen(QColor(plot.theme.baseline))
            if 0 < y < area.height():
                painter.drawLine(area.topRight() + QPointF(0, y), QPointF(box.left() - 1, box.center().y()))
            painter.setPen(QColor(plot.theme.muted))
            if not 0 < y < area.height():
                painter.drawText(beside, _CENTRED, "↑" if y <= 0 else "↓")
            painter.drawText(box, _CENTRED, tag)
