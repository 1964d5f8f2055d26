"""An axis of names: one for each row, column or bar, as many as fit; where some are left out, the others have ticks."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import pyqtgraph as pg
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPen

from engine.data.ordinal import ordinal
from gui.plots.axes import PlainAxis
from gui.theme import Theme
from gui.widgets.elided_names import MOST_COMPARED, cut_name

MARGIN_PX = 8.0  # between names and the edges
GAP_PX = 8.0  # between names side by side
LETTER_GAP_PX = 3.0  # between a letter and a label behind it, at least
LEAST_ROW_PX = 11.0  # rows of this height have names in a smaller font
UPRIGHT_FROM = 0.25  # names are turned upright if more than this share of them does not fit
TICK_PX = 3.0  # between a name and its row or column, where not all have names
OVERHANG_PX = 50.0  # by which a name may reach beyond the end of its axis
SAMPLE = 300  # at most this many names are measured
CENTER = int(Qt.AlignmentFlag.AlignCenter)
RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)


class NameAxis(PlainAxis):
    """Name i is beside the space from i to i + 1. Long names above the plot ("top") are turned upright. Letters that
    stand close together while others are left out would read as a text: then each has a tick, and the title says "every
    2nd". A marked row or column, such as that under the mouse, has its name in any case.

    longest: in pixels; longer names are cut. gap: between names side by side. from_end: whether the last name is always
    among those shown. line: whether to draw a line between the names and the plot. strong: whether the names matter
    most.
    """

    def __init__(
        self, side: str, font: QFont, longest: float, *, gap: float = GAP_PX, from_end: bool = False,
        line: bool = False, strong: bool = False,
    ) -> None:  # fmt: skip
        super().__init__(side)
        self.setStyle(tickFont=font, autoExpandTextSpace=False, tickLength=0)
        self.names: tuple[str, ...] = ()
        self.title = ""
        self._anchor = 0
        self.marked: int | None = None
        self._longest, self._gap, self._from_end = longest, gap, from_end
        self._line, self._strong = line, strong
        self._line_pen = self._marked_pen = pg.mkPen(None)
        self._metrics = QFontMetricsF(font)

    def set_colors(self, theme: Theme) -> None:
        """Use a muted colour, or a stronger one if the names matter most."""
        self.setTextPen(pg.mkPen(theme.secondary if self._strong else theme.muted))
        self.setTickPen(pg.mkPen(theme.muted))
        self._line_pen, self._marked_pen = pg.mkPen(theme.border), pg.mkPen(theme.text)

    def set_names(self, names: Sequence[str], title: str = "", anchor: int = 0) -> bool:
        """Show these names; returns whether they have changed. anchor: the row from which those that have room for
        their names are counted, up and down."""
        if (tuple(names), title, anchor) == (self.names, self.title, self._anchor):
            return False
        self.names, self.title, self._anchor, self.picture = tuple(names), title, anchor, None
        self.update()
        return True

    def mark(self, place: int | None) -> None:
        """Let this row or column have its name even where there is no room for all: others near it give way."""
        if place != self.marked:
            self.marked, self.picture = place, None
            self.update()

    def _with_marked(self, named: Sequence[int]) -> list[int]:
        """The rows or columns that have names, and the marked one, without those whose names would touch that."""
        first, stop = self._shown()
        if self.marked is None or self.marked in named or not first <= self.marked < stop:
            return list(named)
        low, high = sorted(self.range)
        apart = self._metrics.height() * (high - low) / self._length()
        return [self.marked, *(i for i in named if abs(i - self.marked) >= apart)]

    def room(self, length: float, most: float = math.inf) -> float:
        """How thick the axis must be if it is this long, in pixels. most: for long names; longer ones are cut."""
        line, title = self._metrics.height(), self._metrics.height() if self.title else 0.0
        if self.orientation == "left" or self.upright(length):
            return min(self._longest, most, max(self._widths(self.names), default=0.0)) + MARGIN_PX + title
        return line + 6.0 + title + (2.0 if self.orientation == "top" else 0.0)

    def upright(self, length: float) -> bool:
        """Whether the names are turned upright; single letters never are."""
        if self.orientation != "top":
            return False
        first, stop = self._shown()
        widths = sorted(self._widths(self.names[first:stop]))
        slot = length / max(1, stop - first)
        crowded = sum(width + 4 > slot for width in widths) > UPRIGHT_FROM * len(widths)
        return crowded and widths[len(widths) // 2] > self._metrics.height()

    def _widths(self, names: Sequence[str]) -> list[float]:
        return [self._metrics.horizontalAdvance(name) for name in names[:: max(1, len(names) // SAMPLE)]]

    def _cut(self, name: str, metrics: QFontMetricsF, room: float) -> str:
        """As much of a name as has room; a few names are cut so that they can be told apart. A wide letter among narrow
        ones stays: it reaches over the gap, and a sign of omission would say nothing."""
        if len(name) == 1:
            return name
        if len(self.names) > MOST_COMPARED:
            return metrics.elidedText(name, Qt.TextElideMode.ElideRight, room)
        return cut_name(name, self.names, metrics.horizontalAdvance, room)

    def _shown(self) -> tuple[int, int]:
        low, high = sorted(self.range)
        return max(0, math.floor(low + 1e-6)), min(len(self.names), math.ceil(high - 1e-6))

    def boundingRect(self) -> QRectF:
        """The bounds, with room for names that reach beyond the ends."""
        box: QRectF = self.mapRectFromParent(self.geometry())
        aside = (0, self._metrics.height()) if self.orientation == "left" else (OVERHANG_PX, 0)
        return box.adjusted(-aside[0], -aside[1], aside[0], aside[1])

    def generateDrawSpecs(self, painter: QPainter) -> tuple[None, list[Any], list[Any]]:
        """Nothing: everything is done while drawing."""
        return None, [], []

    def drawPicture(self, painter: QPainter, axis: None, lines: list[Any], texts: list[Any]) -> None:
        """Draw the names and their title."""
        box, line = self.mapRectFromParent(self.geometry()), self._metrics.height()
        if self._line:
            painter.setPen(self._line_pen)
            painter.drawLine(QPointF(0, 0), QPointF(box.width(), 0))
        painter.setFont(self.style["tickFont"])
        painter.setPen(self.textPen())
        low, high = sorted(self.range)
        scale = (box.height() if self.orientation == "left" else box.width()) / (high - low)
        named = self.named()
        if self.orientation == "left":
            shown = self._draw_rows(painter, box, low, scale)
        elif self.upright(box.width()):
            shown = self._draw_upright(painter, box, low, scale)
        else:
            shown = self._draw_columns(painter, box, low, scale)
        painter.setPen(self.tickPen())
        if self._leaves_out(named):
            painter.drawLines([self._tick(box, (i + 0.5 - low) * scale) for i in shown])
        painter.setPen(self.textPen())
        if self.title:
            painter.save()
            length = box.height() if self.orientation == "left" else box.width()
            if self.orientation == "left":
                painter.translate(0, box.center().y())
                painter.rotate(-90)
                painter.translate(-length / 2, 0)
            painter.setFont(self.style["tickFont"])
            painter.drawText(QRectF(0, 0, length, line), CENTER, self.shown_title(length))
            painter.restore()

    def _tick(self, box: QRectF, middle: float) -> QLineF:
        """The tick beside the row or column whose middle this is; it touches the plot."""
        match self.orientation:
            case "left":
                return QLineF(box.width() - TICK_PX - 1, middle, box.width() - 1, middle)
            case "top":
                return QLineF(middle, box.height() - TICK_PX - 1, middle, box.height() - 1)
        return QLineF(middle, 0, middle, TICK_PX)

    def named(self) -> Sequence[int]:
        """The rows or columns that have names."""
        if self.orientation == "left":
            return self.rows()
        return self._upright_columns() if self.upright(self._length()) else [i for i, _, _ in self._columns()]

    def _leaves_out(self, named: Sequence[int]) -> bool:
        first, stop = self._shown()
        return 0 < len(named) < stop - first

    def shown_title(self, length: float) -> str:
        """The title, and which names are shown if not all are and that has room. length: of the axis in pixels."""
        named = self.named()
        if len(named) > 1 and self._leaves_out(named):
            long = f"{self.title} · every {ordinal(abs(named[1] - named[0]))}"
            if self._metrics.horizontalAdvance(long) <= length:
                return long
        return self.title

    def _length(self) -> float:
        """In pixels, along the names."""
        box: QRectF = self.mapRectFromParent(self.geometry())
        return box.height() if self.orientation == "left" else box.width()

    def _draw_rows(self, painter: QPainter, box: QRectF, low: float, height: float) -> list[int]:
        """Draw the names of rows, in a smaller font if the rows are low; returns which have one."""
        font, line = QFont(self.style["tickFont"]), self._metrics.height()
        room = box.width() - MARGIN_PX - (line if self.title else 0.0)
        if LEAST_ROW_PX <= height < line:
            font.setPixelSize(int(height) - 2)
            line = height
        painter.setFont(font)
        metrics = QFontMetricsF(font)
        shown = self._with_marked(self.rows())
        for i in shown:
            name = self._cut(self.names[i], metrics, room + 2)
            middle = (i + 0.5 - low) * height
            painter.setPen(self._pen_of(i))
            painter.drawText(QRectF(box.width() - 6 - room - 2, middle - line / 2, room + 2, line), RIGHT, name)
        return shown

    def _pen_of(self, place: int) -> QPen:
        pen: QPen = self._marked_pen if place == self.marked else self.textPen()
        return pen

    def _draw_columns(self, painter: QPainter, box: QRectF, low: float, width: float) -> list[int]:
        """Draw names side by side; that of a marked column without one takes the place of those it would touch."""
        columns, at = self._columns(), self.marked
        first, stop = self._shown()
        if at is not None and first <= at < stop and at not in [i for i, _, _ in columns]:
            name = self._cut(self.names[at], self._metrics, self._longest)
            place = QRectF(columns[0][1]) if columns else QRectF(0, 0, 0, self._metrics.height())
            place.setWidth(self._metrics.horizontalAdvance(name))
            place.moveCenter(QPointF((at + 0.5 - low) * width, place.center().y()))
            place.moveRight(min(place.right(), box.width()))
            apart = place.adjusted(-self._gap, 0, self._gap, 0)
            columns = [*(each for each in columns if not each[1].intersects(apart)), (at, place, name)]
        for i, place, name in columns:
            painter.setPen(self._pen_of(i))
            painter.drawText(place, CENTER, name)
        return [i for i, _, _ in columns]

    def _draw_upright(self, painter: QPainter, box: QRectF, low: float, width: float) -> list[int]:
        room = min(self._longest, box.height() - MARGIN_PX - (self._metrics.height() if self.title else 0.0) + 1)
        shown = self._with_marked(self._upright_columns())
        for i in shown:
            painter.save()
            painter.setPen(self._pen_of(i))
            painter.translate((i + 0.5 - low) * width + self._metrics.ascent() / 2 - 1, box.height() - 5)
            painter.rotate(-90)
            painter.drawText(QPointF(0, 0), self._cut(self.names[i], self._metrics, room))
            painter.restore()
        return shown

    def _upright_columns(self) -> range:
        low, high = sorted(self.range)
        return range(*self._shown(), max(1, math.ceil(self._metrics.height() * (high - low) / self._length())))

    def rows(self) -> range:
        """The rows that have names."""
        low, high = sorted(self.range)
        height = self._length() / (high - low)
        every = 1 if height >= LEAST_ROW_PX else math.ceil(self._metrics.height() / height)
        first, stop = self._shown()
        return range(first + (self._anchor - first) % every, stop, every)

    def _places(self, first: int, stop: int, every: int) -> range:
        return range(stop - 1, first - 1, -every) if self._from_end else range(first, stop, every)

    def _fit(self, places: range, width: float) -> bool:
        """Whether names at these places have a gap between them, but for a label before the others, which may take the
        place of its neighbours. width: of one column."""
        others = places if self._from_end else places[1:]
        needed = [min(self._longest, self._metrics.horizontalAdvance(self.names[i])) for i in others]
        apart = (max(self._apart(one), self._apart(other)) for one, other in pairwise(needed))
        pairs = zip(pairwise(needed), apart, strict=True)
        return all((one + other) / 2 + gap <= abs(places.step) * width for (one, other), gap in pairs)

    def _left_by_neighbours(self, place: int, places: range, room: float) -> float:
        """How wide a name may be that reaches beyond its column, into what the names on both sides leave of theirs.
        room: that of each name."""
        beside = [place - abs(places.step), place + abs(places.step)]
        if not all(other in places for other in beside):  # nothing is cut by the edge
            return 0.0
        return 2 * room - max(self._metrics.horizontalAdvance(self.names[other]) for other in beside)

    def _apart(self, width: float) -> float:
        """The gap beside a name of this width: single letters can be told apart with half of it."""
        return self._gap / 2 if width < self._metrics.height() else self._gap

    def columns(self) -> list[tuple[QRectF, str]]:
        """The names that are not turned upright, and where they are."""
        return [(place, name) for _, place, name in self._columns()]

    def _columns(self) -> list[tuple[int, QRectF, str]]:
        """Columns, where their names are, and these. Names at the ends are moved inwards if they are wider than their
        columns, and then a name that they would touch is left out; beside letters they are cut, and hide none."""
        first, stop = self._shown()
        if first >= stop:
            return []
        box, line, above = self.mapRectFromParent(self.geometry()), self._metrics.height(), self.orientation == "top"
        low, high = sorted(self.range)
        width = box.width() / (high - low)
        widths = sorted(self._widths(self.names[first:stop]))
        # above the plot, it is better to cut a few long names than to leave out most short ones
        needed = widths[len(widths) // 2] + 2.0 if above else min(self._longest, widths[-1]) + self._gap
        every, letters = max(1, math.ceil(needed / width)), False
        if not above and stop - first <= SAMPLE:
            every = next((each for each in range(1, every) if self._fit(self._places(first, stop, each), width)), every)
            if not self._from_end and all(one + self._apart(one) <= width for one in widths[:-1]):
                every, letters = 1, True  # a label before or after letters is cut, so that no letter gives way to it
        room = every * width if above else max(width, needed)
        apart = 2.0 if above else self._gap / 2
        places = self._places(first, stop, every)
        ends = [] if above or self._from_end or places[-1] == stop - 1 else [stop - 1]  # the last one always has a name
        found: list[tuple[int, QRectF, str]] = []
        for i in (*places, *ends):
            most = room - apart
            if above:
                most = max(most, self._left_by_neighbours(i, places, most))
            if letters and found and i == stop - 1:
                most = box.width() - found[-1][1].right() - LETTER_GAP_PX
            elif letters and i == first < stop - 1:
                most = 1.5 * width + MARGIN_PX - self._gap - self._metrics.horizontalAdvance(self.names[i + 1]) / 2
            name = self._cut(self.names[i], self._metrics, most)
            text = self._metrics.horizontalAdvance(name)
            centre = middle = (i + 0.5 - low) * width
            if room > width:
                reach = room / 2 if above else (text + self._gap) / 2
                end = box.width() + 4 - reach if above else box.width() - text / 2  # nothing is cut by the edge
                middle = min(max(middle, reach - MARGIN_PX), end)
            place = QRectF(middle - text / 2, box.height() - line - 4 if above else 3.0, text, line)
            near = LETTER_GAP_PX if letters else self._gap / 2
            if not above and found and middle < centre and place.left() - found[-1][1].right() < near:
                found.pop()  # the last name stays, and the edge moved it towards this one
            if above or not found or not place.adjusted(1 - apart, 0, apart - 1, 0).intersects(found[-1][1]):
                found.append((i, place, name))
            elif i == stop - 1 and len(found) > 1 and not self._from_end:
                found[-1] = i, place, name
        return found
