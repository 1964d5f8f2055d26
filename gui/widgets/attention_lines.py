"""Lines from each written word to the words it attended to; they follow the cursor."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui.theme import Theme, mix
from gui.widgets.canvas_scroll import CanvasScroll
from gui.widgets.symbols import visible_text
from gui.widgets.text import tabular

ROW_PX = 19.0
FAINTEST = 0.04  # lines with less of a word's attention are not drawn
NUMBER_FONT_PX = 10
WORD_SHARE = 0.3  # of the width, for either column of words
SOURCE, TARGET = 0, 1


@dataclass(frozen=True, eq=False)
class AttentionWeights:
    """weights (T, S): how much attention the step that writes each of the T target words pays to each source word."""

    source: tuple[str, ...] = ()
    target: tuple[str, ...] = ()
    weights: np.ndarray[Any, Any] = field(default_factory=lambda: np.zeros((0, 0)))


class _LinesCanvas(QWidget):
    """Source words on the left, written words on the right, lines between."""

    pointed = Signal(object)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.looks, self.theme = AttentionWeights(), theme
        self._widest: tuple[object, float] = (None, 0.0)  # source words with their font, the width of the widest
        self.current: tuple[int, int] | None = None  # SOURCE or TARGET, row
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)

    def _edges(self) -> tuple[float, float]:
        """The x positions where the source words end and the target words begin."""
        width, source = float(self.width()), self.looks.source
        room = width * WORD_SHARE
        if self._widest[0] != (source, self.font()):
            advance = QFontMetricsF(self.font()).horizontalAdvance
            self._widest = (
                (source, self.font()),
                max((advance(visible_text(word)) for word in source[:200]), default=0.0),
            )
        return min(room, self._widest[1] + 8) + 28, width - room - 28

    def row_box(self, side: int, row: int) -> QRectF:
        """The box of a word."""
        left, right = self._edges()
        top = 2 + row * ROW_PX
        return QRectF(0, top, left, ROW_PX) if side == SOURCE else QRectF(right, top, self.width() - right, ROW_PX)

    def strength(self, target: int, source: int) -> float:
        """How strongly a line is drawn, 0 to 1: its weight, reduced when another word is pointed at."""
        weight = float(self.looks.weights[target, source])
        if self.current is None:
            return weight
        side, row = self.current
        return weight if row == (source if side == SOURCE else target) else 0.15 * weight

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the lines, the strongest on top, then the words."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        weights = np.nan_to_num(self.looks.weights)
        lines = np.argwhere(weights >= FAINTEST)
        order = np.argsort(weights[lines[:, 0], lines[:, 1]], kind="stable")
        left, right = self._edges()
        for t, s in lines[order].tolist():
            strength = self.strength(t, s)
            color = QColor(mix(self.theme.surface, self.theme.accent, min(1.0, 0.1 + 0.9 * strength)))
            painter.setPen(QPen(color, 0.8 + 2.2 * strength))
            painter.drawLine(QPointF(left + 3, 2 + (s + 0.5) * ROW_PX), QPointF(right - 3, 2 + (t + 0.5) * ROW_PX))
        for side, words in ((SOURCE, self.looks.source), (TARGET, self.looks.target)):
            for row, word in enumerate(words):
                if self.row_box(side, row).intersects(QRectF(event.rect())):
                    self._draw_word(painter, side, row, word)

    def _draw_word(self, painter: QPainter, side: int, row: int, word: str) -> None:
        theme, box = self.theme, self.row_box(side, row)
        share = self._share(side, row)
        if self.current == (side, row):
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(theme.accent_soft))
            painter.drawRoundedRect(box, 4, 4)
        font = QFont(self.font())
        font.setBold(self.current == (side, row) or (share is not None and share >= 0.2))
        painter.setFont(font)
        painter.setPen(QColor(theme.text))
        aligned = Qt.AlignmentFlag.AlignRight if side == SOURCE else Qt.AlignmentFlag.AlignLeft
        room = box.adjusted(28, 0, -4, 0) if side == SOURCE else box.adjusted(4, 0, -28, 0)
        text = QFontMetricsF(font).elidedText(visible_text(word), Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, int(aligned | Qt.AlignmentFlag.AlignVCenter), text)
        if share is not None and share >= FAINTEST:
            small = tabular(font)
            small.setBold(False)
            small.setPixelSize(NUMBER_FONT_PX)
            painter.setFont(small)
            painter.setPen(QColor(theme.muted))
            edge = box.adjusted(2, 0, -2, 0)
            aligned = Qt.AlignmentFlag.AlignLeft if side == SOURCE else Qt.AlignmentFlag.AlignRight
            painter.drawText(edge, int(aligned | Qt.AlignmentFlag.AlignVCenter), f"{share:.2f}")

    def _share(self, side: int, row: int) -> float | None:
        """The weight between this word and the one pointed at; None if there is no such weight."""
        if self.current is None or self.current[0] == side:
            return None
        other = self.current[1]
        return float(self.looks.weights[(other, row) if side == SOURCE else (row, other)])

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Point at the word of the nearer column in the row under the mouse."""
        side = SOURCE if event.position().x() < self.width() / 2 else TARGET
        row = int((event.position().y() - 2) // ROW_PX)
        words = self.looks.source if side == SOURCE else self.looks.target
        self.point((side, row) if 0 <= row < len(words) else None)

    def leaveEvent(self, event: QEvent) -> None:
        """Stop pointing: all lines look alike again."""
        self.point(None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move through the words with Up and Down; change sides with Left and Right."""
        side, row = self.current or (TARGET, -1)
        if event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            side, row = SOURCE if event.key() == Qt.Key.Key_Left else TARGET, max(row, 0)
        elif event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            row += 1 if event.key() == Qt.Key.Key_Down else -1
        else:
            super().keyPressEvent(event)
            return
        words = self.looks.source if side == SOURCE else self.looks.target
        self.point((side, min(max(row, 0), len(words) - 1)) if words else None)

    def point(self, at: tuple[int, int] | None) -> None:
        """Highlight the lines of one word."""
        if at != self.current:
            self.current = at
            self.pointed.emit(at)
            self.update()


class AttentionLines(CanvasScroll):
    """A scroll area with the attention lines; long texts scroll vertically."""

    def __init__(self, theme: Theme, name: str, title: str) -> None:
        self.canvas = _LinesCanvas(theme)
        super().__init__(self.canvas, name, title)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    @property
    def looks(self) -> AttentionWeights:
        """The attention shown."""
        return self.canvas.looks

    def show_looks(self, looks: AttentionWeights, theme: Theme) -> None:
        """Show this attention; the word pointed at stays the same if it still exists."""
        canvas = self.canvas
        canvas.looks, canvas.theme = looks, theme
        if canvas.current is not None:
            side, row = canvas.current
            if row >= len(looks.source if side == SOURCE else looks.target):
                canvas.point(None)
        canvas.setMinimumHeight(round(4 + ROW_PX * max(len(looks.source), len(looks.target))))
        best = [looks.source[s] for s in looks.weights.argmax(axis=1)] if looks.weights.size else []
        pairs = (f"{word} from {source}" for word, source in zip(looks.target[:100], best, strict=False))
        self.setAccessibleDescription(visible_text(", ".join(pairs)))
        canvas.update()
