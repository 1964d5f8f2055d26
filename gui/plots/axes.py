"""Axes with round numbers in a quiet colour, without lines except a pale grid."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPicture

from engine.number_text import NARROW, SMALLEST, fixed, power_of_ten, with_minus
from gui.plots.ranges import tick_distance
from gui.theme import Theme

NUMBER_GAP_PX = 6  # between a number and the plot
OVERHANG_PX = 12  # by which a number may reach beyond the end of its axis
LINE_PX = 13.0  # from one number to the one above it, at least
LOGARITHMIC = "logarithmic"  # is written above the numbers of such an axis on the left
ABOVE_PX = 8.0  # the highest number, half of which is above the axis, and a gap
DENSITY = {"left": 1.4, "bottom": 1.0}
SMALLEST_PLAIN = 0.000999  # on a logarithmic axis; smaller numbers are written as powers of ten
LAST = "last: "  # before what belongs to the end of a curve, where that is not to be seen from its place
BELOW = "≤"  # before the number at the end of an axis or a scale, where smaller ones are drawn
MIDDLES = (1, 2, 5)  # numbers within each power of ten, if there is room
CLOSER = (MIDDLES, range(1, 10), [tenth / 10 for tenth in range(10, 100)])  # where there would be fewer than two
MIDDLE_ROOM_PX = {"left": 60.0, "bottom": 186.0}  # the room they need in each power of ten

Specs = tuple[Any, list[Any], list[tuple[QRectF, Any, str]]]


class PlainAxis(pg.AxisItem):
    """An axis without a label of its own, which pyqtgraph would lay out as HTML ten times until the axis is placed."""

    def __init__(self, side: str) -> None:
        super().__init__(side)
        self.enableAutoSIPrefix(False)

    def set_colors(self, theme: Theme) -> None:
        """Set the colours of tick labels and lines."""
        raise NotImplementedError

    def _updateLabel(self) -> None:
        self.picture = None
        self.update()

    def _updateWidth(self) -> None:
        """Do nothing: pyqtgraph would shrink an axis that is placed while hidden to nothing, for good."""
        self.picture = None

    def _updateHeight(self) -> None:
        """Do nothing, as in `_updateWidth`: only `place` decides where axes are."""
        self.picture = None

    def place(self, box: QRectF) -> None:
        """Move the axis to this part of the plot."""
        self.setGeometry(box)


class NumberAxis(PlainAxis):
    """An axis of numbers. reserved: pixels at the right end that are kept free of numbers. whole: whether only whole
    numbers stand for something, as on an axis of steps. shares: whether 0.9 is written as 90 %. last: where the curves
    end, and its number, which is then among the others. cut: the power of ten at which a logarithmic axis ends, where
    smaller numbers are drawn there."""

    def __init__(self, side: str, font: QFont, *, grid: bool = False) -> None:
        super().__init__(side)
        offset = [NUMBER_GAP_PX, NUMBER_GAP_PX - 2]
        self.setStyle(tickLength=0, tickTextOffset=offset[side != "left"], autoExpandTextSpace=False, tickAlpha=255)
        self.setStyle(maxTickLevel=0, tickFont=font, hideOverlappingLabels=OVERHANG_PX)
        self.setTickDensity(DENSITY[side])
        self.setGrid(255 if grid else False)
        self.setZValue(-1000)
        self.reserved = 0.0
        self.whole = self.shares = False
        self.last: tuple[float, str] | None = None
        self.cut: int | None = None
        self._longer = 1.0  # the axis gets as many numbers as if it were this many times as long
        self._lines = grid

    def set_colors(self, theme: Theme) -> None:
        """Use muted numbers and barely visible lines."""
        self.setTextPen(pg.mkPen(theme.muted))
        self.setTickPen(pg.mkPen(theme.grid))

    def reserve(self, pixels: float) -> None:
        """Keep this much free at the end."""
        if pixels != self.reserved:
            self.reserved, self.picture = pixels, None
            self.update()

    def set_last(self, last: tuple[float, str] | None) -> None:
        """Write this number at this place, instead of those that it would touch."""
        if last != self.last:
            self.last, self.picture = last, None
            self.update()

    def set_cut(self, power: int | None) -> None:
        """Write at this power of ten that smaller numbers are drawn there too."""
        if power != self.cut:
            self.cut, self.picture = power, None
            self.update()

    def boundingRect(self) -> QRectF:
        """The bounds, with room for numbers at the very ends."""
        around: QRectF = super().boundingRect()
        if self.orientation == "left":
            return around.adjusted(0, -OVERHANG_PX - (LINE_PX if self.logMode else 0.0), 0, OVERHANG_PX)
        return around

    def generateDrawSpecs(self, painter: QPainter) -> Specs | None:
        """Keep numbers out of the reserved part, and put them closer if only one would be left."""
        specs = self._clear(super().generateDrawSpecs(painter))
        if specs is None or len(specs[2]) > 1 or not self.reserved:
            return self._with_last(specs)
        self._longer = 16.0
        specs = self._clear(super().generateDrawSpecs(painter))
        self._longer = 1.0
        return self._with_last(specs)

    def _clear(self, specs: Specs | None) -> Specs | None:
        if specs is None or not self.reserved:
            return specs
        axis, lines, texts = specs
        end = self.size().width() - self.reserved
        return axis, lines, [text for text in texts if text[0].right() < end]

    def _with_last(self, specs: Specs | None) -> Specs | None:
        """The same with the last number, moved to the left where it would be in the reserved part, and called the last
        one if its place is beyond it."""
        if specs is None or self.last is None or not specs[2]:
            return specs
        (axis, lines, texts), (at, number), (low, high) = specs, self.last, self.range
        if not low <= at <= high or low == high:
            return specs
        beside, flags, _ = texts[0]
        wide, room = QFontMetricsF(self.style["tickFont"]).horizontalAdvance, self.size().width()
        place, furthest = room * (at - low) / (high - low), min(room + OVERHANG_PX, room - self.reserved)
        if furthest < place:
            number = f"{LAST}{number}"
        width = wide(number)
        box = QRectF(place - width / 2, beside.top(), width, beside.height())
        box.moveRight(min(box.right(), furthest))
        around = box.adjusted(-NUMBER_GAP_PX, 0, NUMBER_GAP_PX, 0)
        return axis, lines, [*(text for text in texts if not text[0].intersects(around)), (box, flags, number)]

    def drawPicture(self, painter: QPainter, axis: Any, lines: list[Any], texts: list[tuple[QRectF, Any, str]]) -> None:
        """Draw pale lines and numbers, but not the axis itself. A logarithmic one on the left says so above them: its
        numbers alone do not, where there are few."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        for pen, start, end in lines if self._lines else ():
            painter.setPen(pen)
            painter.drawLine(start, end)
        painter.setFont(self.style["tickFont"])
        painter.setPen(self.textPen())
        for box, flags, text in texts:
            painter.drawText(box, int(flags), text)
        if self.orientation == "left" and self.logMode:
            painter.drawText(QPointF(0, -ABOVE_PX), LOGARITHMIC)

    def tickSpacing(self, low: float, high: float, size: float) -> list[tuple[float, float]]:
        """Choose round distances between ticks, far enough apart that numbers above each other do not touch."""
        found: list[tuple[float, float]] = super().tickSpacing(low, high, size * self._longer)
        apart = LINE_PX * (high - low) / max(size, 1.0) if self.orientation == "left" else 0.0
        least = max(apart, 1.0) if self.whole else apart
        spaced = [(spacing if spacing >= least else tick_distance(least), start) for spacing, start in found]
        if self.orientation == "left":
            return spaced
        return [(self._beside(spacing, low, high, size), start) for spacing, start in spaced]

    def _beside(self, spacing: float, low: float, high: float, size: float) -> float:
        """The first round distance from this one on at which numbers beside each other do not touch."""
        font = QFontMetricsF(self.style["tickFont"])
        while spacing < high - low:
            widest = max(font.horizontalAdvance(text) for text in self._end_numbers(spacing, low, high))
            if (widest + NUMBER_GAP_PX) * (high - low) <= spacing * size:
                break
            spacing = tick_distance(1.01 * spacing)
        return spacing

    def tickStrings(self, values: Sequence[float], scale: float, spacing: float | None) -> list[str]:
        """Tick labels, as short as the distance between ticks allows."""
        times, unit = (100.0, f"{NARROW}%") if self.shares else (1.0, "")
        if self.logMode:
            if self.shares:
                return [f"{self._below(value)}{_share_text(times * 10.0**value)}{unit}" for value in values]
            return [_log_text(value, _digits(value)) for value in (10.0**value for value in values)]
        digits = _digits(times * spacing) if spacing else 0
        return [f"{tick_text(times * value, digits)}{unit}" for value in values]

    def _below(self, power: float) -> str:
        return BELOW if self.cut is not None and abs(power - self.cut) < 1e-6 else ""

    def numbers_of(self, low: float, high: float, size: float) -> list[str]:
        """The numbers at the ends of a range and next to them, the widest ones, if the axis is so many pixels long."""
        found = self.tickSpacing(low, high, size)
        return self._end_numbers(found[0][0], low, high) if found else []

    def _end_numbers(self, spacing: float, low: float, high: float) -> list[str]:
        first, last = math.ceil(low / spacing), math.floor(high / spacing)
        ends = {first, min(first + 1, last), max(last - 1, first), last}
        return self.tickStrings([end * spacing for end in ends], 1.0, spacing)

    def logTickValues(
        self, low: float, high: float, size: float, plain: list[tuple[float, list[float]]]
    ) -> list[tuple[float | None, list[float]]]:
        """1, 10, 100, with 2 and 5 between them if there is room; fewer if there is not. A range with fewer than two of
        these has others as well."""
        decades = max(high - low, 1e-9)
        room = size / decades
        middles = MIDDLES if room >= MIDDLE_ROOM_PX[self.orientation] else MIDDLES[:1]
        every = max(1, math.ceil(MIDDLE_ROOM_PX[self.orientation] / 3 / room))
        powers = [p for p in range(math.floor(low), math.ceil(high) + 1) if (p - (self.cut or 0)) % every == 0]
        shown: list[float] = []
        for between in (middles, *(CLOSER if every == 1 else ())):
            found = [power + math.log10(middle) for power in powers for middle in between]
            shown = [value for value in found if low - 1e-9 <= value <= high + 1e-9]
            if len(shown) > 1:
                break
        return [(None, shown)]

    def texts(self) -> list[tuple[QPointF, str]]:
        """The numbers that are drawn, and where their middles are."""
        painter = QPainter(picture := QPicture())
        specs = self.generateDrawSpecs(painter)
        painter.end()
        del picture
        return [] if specs is None else [(rect.center(), text) for rect, _, text in specs[2]]


def _digits(size: float) -> int:
    """How many digits after the point a number of this size needs for its first figure."""
    return max(0, -math.floor(math.log10(size) + 1e-9))


def _share_text(value: float) -> str:
    """A number of per cent on a logarithmic axis; a small one as a power of ten, as in the sentences about it."""
    if value >= 99 * SMALLEST:
        return fixed(value, _digits(value))
    power = math.floor(math.log10(value) + 1e-9)
    mantissa = round(value / 10.0**power)
    return f"{mantissa}·{power_of_ten(power)}" if mantissa > 1 else power_of_ten(power)


def _log_text(value: float, digits: int) -> str:
    """A number on a logarithmic axis; below 0.001 as a power of ten, since it would not fit with all its zeros."""
    return _power_text(value) if value < SMALLEST_PLAIN else tick_text(value, digits)


def _power_text(value: float) -> str:
    mantissa, _, power = f"{value:.2e}".partition("e")
    return with_minus(f"{mantissa.rstrip('0').rstrip('.')}e{power}")


def tick_text(value: float, digits: int) -> str:
    """A short number: 2,000, but 20 k for 20,000; with only as many digits as the distance between numbers needs."""
    size = abs(value)
    if 1e6 <= size < 1e9:
        return with_minus(f"{value / 1e6:.3g} M")
    if size >= 1e9 or (0 < size < 1e-4):
        return with_minus(f"{value:.3g}")
    if size >= 10_000:
        return with_minus(f"{value / 1000:g} k")
    return fixed(value, digits)
