"""Upright bars with names below: how often each length or symbol occurs."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QMouseEvent, QPainter, QPaintEvent

from gui.plots.picture import Picture
from gui.theme import LIGHT, Theme

HEIGHT_PX = 76
NAME_GAP_PX = 3.0
WIDEST_BAR_PX = 26.0


@dataclass(frozen=True)
class Count:
    """One bar: the name below it, its height, and what is told of it under the mouse."""

    name: str
    number: int
    hint: str = ""


class ColumnChart(Picture):
    """Painted bars over the whole width, the largest as high as there is room."""

    def __init__(self, name: str, title: str) -> None:
        super().__init__(name, title, (140, HEIGHT_PX))
        self.setFixedHeight(HEIGHT_PX)
        self.counts: tuple[Count, ...] = ()
        self._theme = LIGHT

    def show_counts(self, counts: Sequence[Count], theme: Theme) -> None:
        """Draw these bars."""
        self.counts, self._theme = tuple(counts), theme
        self.setAccessibleDescription(", ".join(f"{count.name} {count.number}" for count in self.counts[:40]))
        self.update()

    def sizeHint(self) -> QSize:
        """As wide as there is room."""
        return QSize(300, HEIGHT_PX)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Bars, and as many names as fit."""
        self.painted += 1
        if not self.counts:
            return
        painter = QPainter(self)
        painter.setFont(self._font)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        metrics = QFontMetricsF(self._font)
        bottom = self.height() - metrics.height() - 3
        slot = self.width() / len(self.counts)
        width = min(WIDEST_BAR_PX, max(1.0, slot - (2 if slot > 6 else 0.5)))
        largest = max(count.number for count in self.counts) or 1
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(self._theme.accent))
        for i, count in enumerate(self.counts):
            if count.number:
                height = max(1.5, (bottom - 2) * count.number / largest)
                painter.drawRect(QRectF((i + 0.5) * slot - width / 2, bottom - height, width, height))
        painter.setPen(QColor(self._theme.border))
        painter.drawLine(0, round(bottom), self.width(), round(bottom))
        painter.setPen(QColor(self._theme.muted))
        widest = max(metrics.horizontalAdvance(count.name) for count in self.counts)
        every = max(1, math.ceil((widest + NAME_GAP_PX) / slot))
        for i in range(0, len(self.counts), every):
            box = max(slot, widest + NAME_GAP_PX)
            left = min(max(0.0, (i + 0.5) * slot - box / 2), self.width() - box)
            painter.drawText(
                QRectF(left, bottom + 3, box, metrics.height()), int(Qt.AlignmentFlag.AlignCenter), self.counts[i].name
            )

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Tell the number of the bar under the mouse."""
        at = int(event.position().x() / max(1, self.width()) * len(self.counts))
        self.setToolTip(self.counts[at].hint if 0 <= at < len(self.counts) else "")
