"""Parts of a whole as a ring with a few words in the middle."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import accumulate

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPainterPath, QPaintEvent, QPen, QWheelEvent

from engine.number_text import percent
from gui.plots.picture import Picture
from gui.theme import Theme
from gui.widgets.bars import Bar
from gui.widgets.symbols import plain_tip

HOLE = 0.5  # radius of the hole, as a share of the ring's
MIDDLE_MARGIN_PX = 6.0  # the words are left out unless the hole is this much wider
FULL_CIRCLE = 360.0
ZOOM_STEP = 1.3


class Donut(Picture):
    """A ring that starts at the top and goes clockwise, in the order of the parts. Ctrl and the wheel ask the owner for
    fewer or more parts around the one under the mouse; a double click asks for all."""

    zooms = True
    zoomed = Signal(int, float)  # index of a part, −1 for the middle of all; how many times as large
    reset = Signal()

    def __init__(self, theme: Theme, name: str, title: str) -> None:
        super().__init__(name, title, (90, 90))
        self.parts: tuple[Bar, ...] = ()
        self._theme, self.middle = theme, ""

    def show_parts(self, parts: Sequence[Bar], middle: str, theme: Theme) -> None:
        """Draw these shares."""
        self.parts, self.middle, self._theme = tuple(parts), middle, theme
        self.setAccessibleDescription(
            ", ".join(f"{p.name} {percent(p.share)}" for p in parts if math.isfinite(p.share))
        )
        self.update()

    def sizeHint(self) -> QSize:
        """A square."""
        return QSize(160, 160)

    def _ring(self) -> QRectF:
        size = min(self.width(), self.height()) - 8.0
        return QRectF((self.width() - size) / 2, (self.height() - size) / 2, size, size)

    def _shares(self) -> list[float]:
        return [p.share if math.isfinite(p.share) and p.share > 0 else 0.0 for p in self.parts]

    def part_at(self, position: QPointF) -> int:
        """The part whose slice is at a point; −1 beside the ring."""
        ring, shares = self._ring(), self._shares()
        away = position - ring.center()
        if not ring.width() * HOLE / 2 <= math.hypot(away.x(), away.y()) <= ring.width() / 2:
            return -1
        turned = math.atan2(away.x(), -away.y()) / math.tau % 1.0 * sum(shares)  # clockwise from the top
        return next((i for i, end in enumerate(accumulate(shares)) if turned < end), -1)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the ring."""
        self.painted += 1
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ring = self._ring()
        inset = ring.width() * (1 - HOLE) / 2
        hole = ring.adjusted(inset, inset, -inset, -inset)
        shares = self._shares()
        total, begin = sum(shares), 90.0
        painter.setPen(QPen(QColor(self._theme.surface), 1.0))
        for part, share in zip(self.parts, shares, strict=True):
            if share <= 0:
                continue
            sweep = -FULL_CIRCLE * share / total
            painter.setBrush(QColor(part.color or self._theme.accent))
            painter.drawPath(_slice(ring, hole, begin, sweep))
            begin += sweep
        painter.setFont(self._font)
        words = painter.fontMetrics().size(0, self.middle)
        if words.width() > hole.width() - MIDDLE_MARGIN_PX:
            return
        painter.setPen(QColor(self._theme.secondary))
        painter.drawText(hole, int(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap), self.middle)

    # ---- mouse

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Show the part under the mouse in a tooltip."""
        at = self.part_at(event.position())
        self.setToolTip(plain_tip(f"{self.parts[at].name}: {percent(self.parts[at].share, 1)}" if at >= 0 else ""))

    def wheelEvent(self, event: QWheelEvent) -> None:
        """With Ctrl, zoom; without it, the wheel scrolls the surrounding area."""
        if not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            event.ignore()
            return
        factor = ZOOM_STEP if event.angleDelta().y() > 0 else 1 / ZOOM_STEP
        self.zoomed.emit(self.part_at(event.position()), factor)

    def zoom(self, factor: float) -> None:
        """Zoom around the middle of the parts."""
        self.zoomed.emit(-1, factor)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Show all parts again."""
        self.reset_zoom()

    def reset_zoom(self) -> None:
        """Show all parts again."""
        self.reset.emit()


def _slice(ring: QRectF, hole: QRectF, begin: float, sweep: float) -> QPainterPath:
    """A piece of the ring from `begin`, in degrees; counter-clockwise if `sweep` is positive."""
    path = QPainterPath()
    path.arcMoveTo(ring, begin)
    path.arcTo(ring, begin, sweep)
    path.arcTo(hole, begin + sweep, -sweep)
    path.closeSubpath()
    return path
