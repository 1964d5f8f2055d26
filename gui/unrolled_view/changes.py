"""A table that shows how far one step moves each block of weights."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QWidget

from engine.number_text import in_figures, percent
from gui.theme import LIGHT, Theme
from gui.widgets.weight_names import weight_title

if TYPE_CHECKING:
    from engine.inspection.one_step import BlockChange, OneStep

LINE, MARGIN, BAR, LEAST_BAR = 17.0, 12.0, 90.0, 16.0
COLUMN_GAP, BAR_GAP, LEAST_NAME = 10.0, 8.0, 60.0
SMALLEST_MOVE = 1e-7  # steps are small: their size is what this table shows
LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
OF_ITS_SIZE, WERE_ZERO = "of its size", "was 0"
HEADS = ("weights", "gradient", "moves by", "")
SHOWN_ONLY, BRIEFLY = "A preview: the network itself is not changed.", "Only a preview."
NARROW = 260.0  # a table in less width shows only how far each block moves as a share of its size


def rows_of(step: OneStep) -> list[tuple[str, str, str, float]]:
    """For each block of weights: name, gradient, how far it moves, and the share of its size; NaN if all were 0."""
    return [(weight_title(c.name), in_figures(c.gradient, 2), in_figures(c.change, 2), _share(c)) for c in step.changes]


def _share(change: BlockChange) -> float:
    return change.change / change.weights if change.weights > 0 else math.nan


def _written(share: float) -> str:
    return WERE_ZERO if math.isnan(share) else percent(share, smallest=SMALLEST_MOVE)


def _order(row: tuple[str, str, str, float]) -> float:
    """The largest share first, and after all of them what has none."""
    return math.inf if math.isnan(row[3]) else -row[3]


class ChangesTable(QWidget):
    """The table on a frame of its own, at the top of its place; as many blocks as fit, those that move most first."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("play-changes")
        self._rows: list[tuple[str, str, str, float]] = []
        self._shown, self._bar, self._size = 0, 0.0, QSize()
        self._widths: list[float] = []  # of the columns before the bars
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
        """Choose as many rows, columns and as long bars as fit into this room; returns the size of the table. If even
        the shortest bars do not fit, there are none, and names are cut."""
        fits = max(1, int((room.height() - 2 * MARGIN + 6) / LINE) - 2)
        self._shown = len(self._rows) if len(self._rows) <= fits else max(1, fits - 1)
        metrics, rows = QFontMetricsF(self._font), self._rows[: self._shown]
        columns = range(1 if room.width() < NARROW else 3)
        self._widths = [max(metrics.horizontalAdvance(str(row[i])) for row in (HEADS, *rows)) for i in columns]
        beside, share = sum(self._widths) + len(columns) * COLUMN_GAP + 2 * MARGIN, self._share_width()
        bar = min(BAR, room.width() - beside - share - BAR_GAP)
        self._bar = bar + BAR_GAP if bar >= LEAST_BAR else 0.0
        width = beside + max(self._bar + share, metrics.horizontalAdvance(OF_ITS_SIZE))
        self._widths[0] -= max(0.0, min(width - room.width(), self._widths[0] - LEAST_NAME))
        width = max(width, metrics.horizontalAdvance(self._note()) + 2 * MARGIN + 4)
        self._size = QSize(min(math.ceil(width), room.width()), math.ceil(self._lines() * LINE + 2 * MARGIN - 6))
        return self._size

    def _note(self) -> str:
        return SHOWN_ONLY if len(self._widths) > 1 else BRIEFLY

    def _lines(self) -> int:
        return self._shown + 2 + (self._shown < len(self._rows))

    def _share_width(self) -> float:
        metrics = QFontMetricsF(self._font)
        return max((metrics.horizontalAdvance(_written(row[3])) for row in self._rows[: self._shown]), default=0.0)

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
        metrics = QFontMetricsF(self._font)
        rows, share = self._rows[: self._shown], self._share_width()
        largest = max((row[3] for row in rows if not math.isnan(row[3])), default=0.0) or 1.0
        for i, row in enumerate([(*HEADS, 0.0), *rows]):
            y, x = MARGIN - 3 + i * LINE, MARGIN
            painter.setPen(QColor(theme.text if i else theme.muted))
            for k, width in enumerate(self._widths):
                text = metrics.elidedText(str(row[k]), Qt.TextElideMode.ElideRight, width)
                painter.drawText(QRectF(x, y, width, LINE), RIGHT if k else LEFT, text)
                x += width + COLUMN_GAP
            if not i:
                painter.drawText(
                    QRectF(x, y, self._bar + share, LINE), LEFT | int(Qt.TextFlag.TextDontClip), OF_ITS_SIZE
                )
                continue
            part = float(row[3])
            if self._bar and not math.isnan(part):
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(QColor(theme.series[3]))
                length = max(1.5, (self._bar - BAR_GAP) * part / largest)
                painter.drawRoundedRect(QRectF(x, y + LINE / 2 - 3, length, 6), 2, 2)
            painter.setPen(QColor(theme.secondary))
            painter.drawText(QRectF(x + self._bar, y, share + 8, LINE), LEFT, _written(part))
        left_out = len(self._rows) - len(rows)
        more = f"and {left_out} more"
        notes = [more] * (left_out > 0) + [self._note()]
        painter.setPen(QColor(theme.muted))
        for i, note in enumerate(notes, start=len(rows) + 1):
            y = MARGIN - 3 + i * LINE
            painter.drawText(QRectF(MARGIN, y, self._size.width() - 2 * MARGIN, LINE), LEFT, note)
