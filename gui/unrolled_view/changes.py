"""A table that shows how far one step moves each block of weights."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QWidget

from engine.number_text import in_figures, percent
from gui.theme import LIGHT, Theme, mix
from gui.unrolled_view.outputs import LETTERED
from gui.unrolled_view.painter import GRADIENT
from gui.widgets.weight_names import weight_title

if TYPE_CHECKING:
    from engine.inspection.one_step import BlockChange, OneStep

LINE, MARGIN, COLUMN_GAP, LEAST_NAME = 17.0, 8.0, 8.0, 66.0
BAR_MARGIN = 3.0  # between the end of the longest bar and the number on it
SMALLEST_MOVE = 1e-7  # steps are small: their size is what this table shows
LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
WERE_ZERO = "was 0"
HEADS = ("weights", "gradient", "moves by", "of its size")
SHOWN_ONLY, BRIEFLY = "A preview: the network itself is not changed.", "Only a preview."


def rows_of(step: OneStep) -> list[tuple[str, str, str, float]]:
    """For each block of weights: name, gradient, how far it moves, and the share of its size; NaN if all were 0."""
    return [(weight_title(c.name), in_figures(c.gradient, 2), in_figures(c.change, 2), _share(c)) for c in step.changes]


def _share(change: BlockChange) -> float:
    return change.change / change.weights if change.weights > 0 else math.nan


def _written(share: float) -> str:
    return WERE_ZERO if math.isnan(share) else percent(share, smallest=SMALLEST_MOVE)


def _texts(row: tuple[str, str, str, float]) -> tuple[str, ...]:
    """The columns of a row as they are written."""
    return (*row[:3], _written(row[3]))


def _order(row: tuple[str, str, str, float]) -> float:
    """The largest share first, and after all of them what has none."""
    return math.inf if math.isnan(row[3]) else -row[3]


class ChangesTable(QWidget):
    """The table on a frame of its own, at the top of its place; as many blocks as fit, those that move most first."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("play-changes")
        self._rows: list[tuple[str, str, str, float]] = []
        self._shown, self._size = 0, QSize()
        self._widths: list[float] = []  # of the columns
        self._theme = LIGHT
        self._font = QFont(self.font())
        self._font.setPixelSize(11)
        self.hide()

    def tell(self, step: OneStep, theme: Theme) -> None:
        """Take the numbers of a step."""
        self._rows, self._theme = sorted(rows_of(step), key=_order), theme
        self.setAccessibleName(SHOWN_ONLY)
        self.setAccessibleDescription("; ".join(f"{row[0]} {_written(row[3])}" for row in self._rows))
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Choose what fits into this size."""
        super().resizeEvent(event)
        self.fit(self.size())

    def fit(self, room: QSize) -> QSize:
        """Choose as many rows and columns as fit into this room, and cut names in a narrow one; returns the size of the
        table. Without room for all columns it has no shares: the gradients and what they move belong together."""
        fits = max(1, int((room.height() - 2 * MARGIN + 6) / LINE) - 2)
        self._shown = len(self._rows) if len(self._rows) <= fits else max(1, fits - 1)
        lines = [HEADS, *map(_texts, self._rows[: self._shown])]
        wide = QFontMetricsF(self._font).horizontalAdvance
        widths = [max(wide(line[i]) for line in lines) for i in range(len(HEADS))]
        widths[-1] += 2 * BAR_MARGIN
        for count in (len(HEADS), len(HEADS) - 1):
            self._widths = widths[:count]
            width = sum(self._widths) + (count - 1) * COLUMN_GAP + 2 * MARGIN
            cut = max(0.0, min(width - room.width(), widths[0] - LEAST_NAME))
            if width - cut <= room.width():
                break
        self._widths[0] -= cut
        self._size = QSize(
            min(math.ceil(width - cut), room.width()),
            math.ceil((len(self._notes()) + len(lines)) * LINE + 2 * MARGIN - 6),
        )
        return self._size

    @property
    def heads(self) -> tuple[str, ...]:
        """The heads of the columns that have room."""
        return HEADS[: len(self._widths)]

    def _notes(self) -> list[str]:
        """The lines below the rows."""
        left_out = len(self._rows) - self._shown
        room = sum(self._widths) + (len(self._widths) - 1) * COLUMN_GAP
        whole = QFontMetricsF(self._font).horizontalAdvance(SHOWN_ONLY) <= room
        return [f"and {left_out} more"] * (left_out > 0) + [SHOWN_ONLY if whole else BRIEFLY]

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the frame, the heads, a row for each block, and the notes below them."""
        painter, theme = QPainter(self), self._theme
        painter.fillRect(self.rect(), QColor(theme.surface))
        painter.translate((self.width() - self._size.width()) // 2, 0)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(theme.border), 1.0))
        painter.setBrush(QColor(theme.surface))
        painter.drawRoundedRect(QRectF(QRect(QPoint(0, 0), self._size)).adjusted(0.5, 0.5, -0.5, -0.5), 8, 8)
        painter.setFont(self._font)
        rows = self._rows[: self._shown]
        largest = max((row[3] for row in rows if not math.isnan(row[3])), default=0.0) or 1.0
        self._line(painter, 0, self.heads, theme.muted)
        for i, row in enumerate(rows, start=1):
            if self.heads == HEADS and not math.isnan(row[3]):
                self._bar(painter, i, row[3] / largest)
            self._line(painter, i, _texts(row), theme.text)
        painter.setPen(QColor(theme.muted))
        for i, note in enumerate(self._notes(), start=len(rows) + 1):
            y = MARGIN - 3 + i * LINE
            painter.drawText(QRectF(MARGIN, y, self._size.width() - 2 * MARGIN, LINE), LEFT, note)

    def _line(self, painter: QPainter, number: int, texts: Sequence[str], color: str) -> None:
        """Write a line of the table, the numbers at the right of their columns."""
        painter.setPen(QColor(color))
        metrics, x = QFontMetricsF(self._font), MARGIN
        for k, width in enumerate(self._widths):
            inside = BAR_MARGIN if k == len(HEADS) - 1 else 0.0
            text = metrics.elidedText(texts[k], Qt.TextElideMode.ElideMiddle, width)
            painter.drawText(QRectF(x, MARGIN - 3 + number * LINE, width - inside, LINE), RIGHT if k else LEFT, text)
            x += width + COLUMN_GAP

    def _bar(self, painter: QPainter, number: int, share: float) -> None:
        """Draw the bar behind the number of the last column."""
        width, theme = self._widths[-1], self._theme
        left = MARGIN + sum(self._widths[:-1]) + (len(self._widths) - 1) * COLUMN_GAP
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(mix(theme.surface, theme.series[GRADIENT], LETTERED)))
        box = QRectF(left, MARGIN - 2 + number * LINE, max(1.5, width * share), LINE - 2)
        painter.drawRoundedRect(box, 2, 2)
