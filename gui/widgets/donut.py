"""Parts of a whole as a ring with a few words in the middle."""

from __future__ import annotations

import math
from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPaintEvent, QPen

from gui.theme import Theme
from gui.widgets.bars import Bar
from gui.widgets.picture import Picture

HOLE = 0.5  # radius of the hole, of the ring's
MIDDLE_MARGIN_PX = 6.0  # the words are left out where the hole is not this much wider
FULL_CIRCLE = 360.0


class Donut(Picture):
    """Starts at the top and goes clockwise, in the order of the parts."""

    def __init__(self, theme: Theme, name: str, title: str) -> None:
        super().__init__(name, title, (90, 90))
        self.parts: tuple[Bar, ...] = ()
        self._theme, self._middle = theme, ""

    def show_parts(self, parts: Sequence[Bar], middle: str, theme: Theme) -> None:
        """Draw these shares."""
        self.parts, self._middle, self._theme = tuple(parts), middle, theme
        self.setAccessibleDescription(", ".join(f"{p.name} {p.share:.0%}" for p in parts if math.isfinite(p.share)))
        self.update()

    def sizeHint(self) -> QSize:
        """Square."""
        return QSize(160, 160)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the ring."""
        self.painted += 1
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        size = min(self.width(), self.height()) - 8.0
        ring = QRectF((self.width() - size) / 2, (self.height() - size) / 2, size, size)
        hole = ring.adjusted(*(sign * size * (1 - HOLE) / 2 for sign in (1, 1, -1, -1)))
        shares = [p.share if math.isfinite(p.share) and p.share > 0 else 0.0 for p in self.parts]
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
        words = painter.fontMetrics().size(0, self._middle)
        if words.width() > hole.width() - MIDDLE_MARGIN_PX:
            return
        painter.setPen(QColor(self._theme.secondary))
        painter.drawText(hole, int(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap), self._middle)


def _slice(ring: QRectF, hole: QRectF, begin: float, sweep: float) -> QPainterPath:
    """A piece of the ring from `begin`, in degrees, against the clock where `sweep` is positive."""
    path = QPainterPath()
    path.arcMoveTo(ring, begin)
    path.arcTo(ring, begin, sweep)
    path.arcTo(hole, begin + sweep, -sweep)
    path.closeSubpath()
    return path
