"""Draws how far one step moves each block of weights, as a table: on the screen and in saved pictures."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen

from engine.number_text import NARROW, SMALLEST, in_figures, percent
from gui.theme import LIGHT, Theme, mix
from gui.unrolled_view.outputs import LETTERED
from gui.unrolled_view.painter import GRADIENT
from gui.unrolled_view.row_names import sized
from gui.widgets.weight_names import weight_title

if TYPE_CHECKING:
    from engine.inspection.one_step import BlockChange, OneStep

LINE, MARGIN, COLUMN_GAP, LEAST_NAME = 17.0, 8.0, 6.0, 66.0
LETTERS_PX = 11
GROWN, LARGE_PX = 1.25, 480  # letters in a place as high as this, if there is room for all columns
MOST_LINE = 1.6 * LINE  # the pitch of lines in such a place
NO_LIMIT_PX = 100_000  # more than the largest table needs
BAR_MARGIN = 3.0  # between the end of the longest bar and the number on it
LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
WERE_ZERO = "was 0"
HEADS = ("weights", "gradient", "moves by", "of its size")
ORDERED = {4: "Largest share first", 3: "Largest move first"}  # by the last of so many columns
SHOWN_ONLY, BRIEFLY = "A preview: the network itself is not changed.", "Only a preview."


def share_of(change: BlockChange) -> float:
    """How far a block moves as a share of its size; NaN if that was 0."""
    return change.change / change.weights if change.weights > 0 else math.nan


def _spoken(share: float) -> str:
    return WERE_ZERO if math.isnan(share) else percent(share)


def _written(share: float) -> str:
    """A share in per cent, a tiny one in two figures: its bar is compared with those of others."""
    return f"{in_figures(100 * share, 2)}{NARROW}%" if 0 < share < SMALLEST else _spoken(share)


def _texts(change: BlockChange) -> tuple[str, ...]:
    """The columns of a row as they are written: name, gradient, how far the block moves, and the share of its size."""
    moves = in_figures(change.gradient, 2), in_figures(change.change, 2)
    return weight_title(change.name), *moves, _written(share_of(change))


def by_share(change: BlockChange) -> float:
    """The largest share first, and after all of them what has none."""
    share = share_of(change)
    return math.inf if math.isnan(share) else -share


class ChangesDrawing:
    """The table on a frame of its own; as many blocks as fit, sorted by the last column.
    Lengths are those at its natural size, except where they are said to be pixels."""

    def __init__(self, font: QFont) -> None:
        self._rows: list[BlockChange] = []
        self._shown, self.size = 0, QSizeF()
        self.scale = 1.0  # pixels for a unit of length
        self._fills = False  # whether its lines are farther apart where the place is high
        self._pitch = LINE
        self._widths: list[float] = []  # of the columns
        self._theme, self._font = LIGHT, sized(font, LETTERS_PX)

    def tell(self, step: OneStep, theme: Theme) -> None:
        """Take the numbers of a step."""
        self._rows, self._theme = sorted(step.changes, key=by_share), theme

    @property
    def in_words(self) -> str:
        """All blocks with the shares by which they move."""
        return "; ".join(f"{weight_title(change.name)} {_spoken(share_of(change))}" for change in self._rows)

    @property
    def named_width(self) -> int:
        """The width with whole names, gradients and moves."""
        return math.ceil(self._width(self._measured(self._sorted(len(HEADS) - 1), len(HEADS) - 1)))

    def _sorted(self, columns: int) -> list[BlockChange]:
        """The rows in the order of the last of so many columns."""
        return sorted(self._rows, key=by_share if columns == len(HEADS) else lambda change: -change.change)

    def _measured(self, rows: Sequence[BlockChange], columns: int) -> list[float]:
        """Widths of so many columns."""
        wide = QFontMetricsF(self._font).horizontalAdvance
        lines = [HEADS[:columns], *(_texts(row)[:columns] for row in rows)]
        widths = [max(map(wide, column)) for column in zip(*lines, strict=True)]
        widths[-1] += 2 * BAR_MARGIN * (columns == len(HEADS))
        return widths

    @staticmethod
    def _width(widths: list[float]) -> float:
        return sum(widths) + (len(widths) - 1) * COLUMN_GAP + 2 * MARGIN

    def fit(self, room: QSize, *, fills: bool = False) -> QSize:
        """Choose as many rows and columns as fit into a room in pixels with whole names; returns the size in pixels.
        Without room for all columns it has no shares: the gradients and what they move belong together. Only in the
        narrowest room names are cut. fills: whether to use the height of a high place that has nothing else below."""
        self._fills = fills and room.height() >= LARGE_PX
        all_columns = self._width(self._measured(self._rows, len(HEADS)))
        grows = room.height() >= LARGE_PX and all_columns * GROWN <= room.width()
        self.scale = GROWN if grows else 1.0
        return self.choose(room)

    def choose(self, room: QSize) -> QSize:
        """The same at the present scale."""
        wide, high = room.width() / self.scale, room.height() / self.scale
        for columns in (len(HEADS), len(HEADS) - 1):
            self._rows = self._sorted(columns)
            self._shown = self._count(high)
            self._widths = self._measured(self._rows[: self._shown], columns)
            if self._width(self._widths) <= wide:
                break
        width = self._width(self._widths)
        cut = max(0.0, min(width - wide, self._widths[0] - LEAST_NAME))
        self._widths[0] -= cut
        lines, around = 1 + self._shown + len(self._notes()), 2 * MARGIN - 6
        self._pitch = max(LINE, min(MOST_LINE, (high - around) / lines)) if self._fills else LINE
        self.size = QSizeF(min(math.ceil(width - cut), wide), math.ceil(lines * self._pitch + around))
        pixels = self.size * self.scale
        return QSize(min(math.ceil(pixels.width()), room.width()), math.ceil(pixels.height()))

    def _count(self, high: float) -> int:
        """How many rows fit into this height with the heads and the notes below them."""
        count = min(len(self._rows), max(1, int((high - 2 * MARGIN + 6) / LINE) - 3))
        lines = 3 + count + len(self._slower(count))
        return count if lines * LINE + 2 * MARGIN - 6 <= high else max(1, count - 1)

    def _slower(self, count: int) -> list[str]:
        """What is said of a block among the first rows that moves by less than the learning rate says; nothing in the
        lowest place, which has room for one row."""
        rows = self._rows[:count] if count > 1 else []
        return [
            f"{weight_title(r.name)}: 1/{in_figures(1 / r.rate_share)} of the rate" for r in rows if r.rate_share < 1
        ]

    @property
    def heads(self) -> tuple[str, ...]:
        """The heads of the columns that have room."""
        return HEADS[: len(self._widths)]

    def _notes(self) -> list[str]:
        """The lines below the rows."""
        left_out = len(self._rows) - self._shown
        room = sum(self._widths) + (len(self._widths) - 1) * COLUMN_GAP
        whole = QFontMetricsF(self._font).horizontalAdvance(SHOWN_ONLY) <= room
        order = ORDERED[len(self._widths)] + f"; {left_out} more" * (left_out > 0)
        return [*self._slower(self._shown), order, SHOWN_ONLY if whole else BRIEFLY]

    def whole(self) -> QSize:
        """Choose all rows and columns at natural size; returns the size."""
        self.scale = 1.0
        return self.choose(QSize(NO_LIMIT_PX, NO_LIMIT_PX))

    def paint(self, painter: QPainter) -> None:
        """Draw the frame, the heads, a row for each block, and the notes below them, from (0, 0); in any thread."""
        theme = self._theme
        painter.save()
        painter.scale(self.scale, self.scale)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(theme.border), 1.0))
        painter.setBrush(QColor(theme.surface))
        painter.drawRoundedRect(QRectF(QPointF(0, 0), self.size).adjusted(0.5, 0.5, -0.5, -0.5), 8, 8)
        painter.setFont(self._font)
        rows = self._rows[: self._shown]
        shares = [share_of(row) for row in rows]
        largest = max((share for share in shares if not math.isnan(share)), default=0.0) or 1.0
        self._line(painter, 0, self.heads, theme.muted)
        for i, (row, share) in enumerate(zip(rows, shares, strict=True), start=1):
            if len(self._widths) == len(HEADS) and not math.isnan(share):
                self._bar(painter, i, share / largest)
            self._line(painter, i, _texts(row), theme.text)
        painter.setPen(QColor(theme.muted))
        for i, note in enumerate(self._notes(), start=len(rows) + 1):
            y = MARGIN - 3 + i * self._pitch
            painter.drawText(QRectF(MARGIN, y, self.size.width() - 2 * MARGIN, self._pitch), LEFT, note)
        painter.restore()

    def _line(self, painter: QPainter, number: int, texts: Sequence[str], color: str) -> None:
        """Write a line of the table, the numbers at the right of their columns."""
        painter.setPen(QColor(color))
        metrics, x = QFontMetricsF(self._font), MARGIN
        for k, width in enumerate(self._widths):
            inside = BAR_MARGIN if k == len(HEADS) - 1 else 0.0
            text = metrics.elidedText(texts[k], Qt.TextElideMode.ElideMiddle, width)
            box = QRectF(x, MARGIN - 3 + number * self._pitch, width - inside, self._pitch)
            painter.drawText(box, RIGHT if k else LEFT, text)
            x += width + COLUMN_GAP

    def _bar(self, painter: QPainter, number: int, share: float) -> None:
        """Draw the bar behind the number of the last column."""
        width, theme = self._widths[-1], self._theme
        left = MARGIN + sum(self._widths[:-1]) + (len(self._widths) - 1) * COLUMN_GAP
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(mix(theme.surface, theme.series[GRADIENT], LETTERED)))
        box = QRectF(left, MARGIN - 2 + number * self._pitch, max(1.5, width * share), self._pitch - 2)
        painter.drawRoundedRect(box, 2, 2)
