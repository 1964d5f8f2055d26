"""Bars over steps, newest on the right: how a quantity changes on its way back through time."""

from __future__ import annotations

import math
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QMouseEvent, QPainter, QPaintEvent, QWheelEvent

from gui.plots.picture import Picture
from gui.plots.ranges import narrowed
from gui.theme import Theme

WIDEST_BAR_PX = 22.0
LABEL_GAP_PX = 9.0
LOG_DECADES = 8  # how far down the logarithmic scale reaches
ZOOM_STEP = 1.3
LOST_SHARE = 0.01  # of the newest bar: what is less is pale, so that it is seen at a glance on either scale
CENTER = int(Qt.AlignmentFlag.AlignCenter)


@dataclass(frozen=True)
class StepValue:
    """One bar: what it is called below, and how long it is; NaN is drawn as a mark."""

    name: str
    value: float
    hint: str = ""


class StepBars(Picture):
    """Painted bars with as many names below as there is room for. Ctrl and the wheel zoom into the steps, a double
    click shows all again; the scale stays that of all bars."""

    zooms = True

    def __init__(self, theme: Theme, name: str, title: str) -> None:
        super().__init__(name, title, (140, 90))
        self.values: tuple[StepValue, ...] = ()
        self.logarithmic = False
        self._theme = theme
        self._window = (0, 0)  # first bar shown, and the one after the last

    def show_values(self, values: tuple[StepValue, ...], theme: Theme, *, logarithmic: bool = False) -> None:
        """Draw these bars. A zoom stays while there are as many."""
        if len(values) != len(self.values):
            self._window = (0, len(values))
        self.values, self._theme, self.logarithmic = values, theme, logarithmic
        self.setAccessibleDescription(", ".join(f"{v.name}: {v.value:.3g}" for v in values[-20:]))
        self.update()

    def _share(self, value: float, largest: float) -> float:
        """Height of a bar, 0 to 1."""
        if not value > 0 or not math.isfinite(value):
            return 0.0
        if not self.logarithmic:
            return value / largest
        return max(0.0, 1.0 + (math.log10(value) - math.log10(largest)) / LOG_DECADES)

    def lost(self, value: float) -> bool:
        """Whether next to nothing is left of the newest bar."""
        newest = self.values[-1].value
        return math.isfinite(newest) and value < LOST_SHARE * newest

    def _area(self) -> QRectF:
        line = QFontMetricsF(self._font).height()
        left = QFontMetricsF(self._font).horizontalAdvance("100 %") + 8
        return QRectF(left, 6, max(1.0, self.width() - left - 6), max(1.0, self.height() - line - 12))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Grid, bars, names."""
        self.painted += 1
        painter = QPainter(self)
        painter.setFont(self._font)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if not self.values:
            return
        area, theme = self._area(), self._theme
        largest = max((v.value for v in self.values if math.isfinite(v.value)), default=0.0) or 1.0
        self._draw_grid(painter, area)
        first, stop = self._window
        slot = area.width() / (stop - first)
        widest = WIDEST_BAR_PX * len(self.values) / (stop - first)
        width = min(widest, max(1.0, slot * 0.72))
        painter.setPen(Qt.PenStyle.NoPen)
        for i, item in enumerate(self.values[first:stop]):
            x = area.left() + (i + 0.5) * slot - width / 2
            height = area.height() * self._share(item.value, largest)
            finite = math.isfinite(item.value)
            kept = theme.train if self.lost(item.value) else theme.accent
            painter.setBrush(QColor(kept if finite else theme.error))
            height = max(1.5, height) if finite else 4.0
            painter.drawRect(QRectF(x, area.bottom() - height, width, height))
        self._draw_names(painter, area, slot)

    def _draw_grid(self, painter: QPainter, area: QRectF) -> None:
        right = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        parts = 4
        for i in range(parts + 1):
            y = area.bottom() - area.height() * i / parts
            painter.setPen(QColor(self._theme.grid))
            painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y))
            painter.setPen(QColor(self._theme.muted))
            decade = (i - parts) * LOG_DECADES // parts
            text = f"{100 * i // parts} %"
            if self.logarithmic:
                text = f"10{_superscript(decade)}" if decade else "1"
            painter.drawText(QRectF(0, y - 8, area.left() - 6, 16), right, text)

    def _draw_names(self, painter: QPainter, area: QRectF, slot: float) -> None:
        metrics = QFontMetricsF(self._font)
        shown = self.values[slice(*self._window)]
        sample = shown[:: max(1, len(shown) // 100)]
        widest = min(64.0, max(metrics.horizontalAdvance(v.name) for v in sample))
        every = max(1, math.ceil((widest + LABEL_GAP_PX) / slot))
        box = max(slot, widest + LABEL_GAP_PX)
        painter.setPen(QColor(self._theme.muted))
        for i in range(len(shown) - 1, -1, -every):  # the newest step always has its name
            middle = area.left() + (i + 0.5) * slot
            left = min(max(0.0, middle - box / 2), self.width() - box)
            name = metrics.elidedText(shown[i].name, Qt.TextElideMode.ElideRight, box - 4)
            painter.drawText(QRectF(left, area.bottom() + 4, box, metrics.height()), CENTER, name)

    # ---- mouse

    def _at(self, x: float) -> int:
        """The bar at a place across, −1 beside all."""
        area, (first, stop) = self._area(), self._window
        at = first + math.floor((x - area.left()) / area.width() * (stop - first))
        return at if first <= at < stop else -1

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Tell the number of the bar under the mouse."""
        at = self._at(event.position().x())
        self.setToolTip(self.values[at].hint if at >= 0 else "")

    def wheelEvent(self, event: QWheelEvent) -> None:
        """With Ctrl, zoom into the steps around the mouse; the plain wheel scrolls what lies around."""
        at = self._at(event.position().x())
        if at < 0 or not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            event.ignore()
            return
        self._zoom_at(at, ZOOM_STEP if event.angleDelta().y() > 0 else 1 / ZOOM_STEP)

    def zoom(self, factor: float) -> None:
        """Into the steps."""
        self._zoom_at(sum(self._window) // 2, factor)

    def _zoom_at(self, at: int, factor: float) -> None:
        self._window = narrowed(self._window, len(self.values), at, factor)
        self.update()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Show all bars again."""
        self.reset_zoom()

    def reset_zoom(self) -> None:
        """Show all bars again."""
        self._window = (0, len(self.values))
        self.update()


def _superscript(number: int) -> str:
    return str(number).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))
