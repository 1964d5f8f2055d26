"""Lines from each written symbol up to the frames it attended to."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui.theme import LIGHT, Theme, mix
from gui.widgets.controls import introduced
from gui.widgets.symbols import visible_text

LINES_PX, SYMBOLS_PX = 44, 20
FAINTEST = 0.04  # lines with less of a symbol's attention are not drawn
PALE = 0.15  # how strongly the lines of others are drawn while one symbol is pointed at
WIDEST_PX, LEAST_PX = 46.0, 10.0  # widths of a symbol's place


@dataclass(frozen=True, eq=False)
class FrameAttention:
    """weights (T, S): how much attention the step that writes each of the T symbols pays to each of the S frames read
    so far, out of `frames` in all."""

    symbols: tuple[str, ...] = ()
    weights: np.ndarray[Any, Any] = field(default_factory=lambda: np.zeros((0, 0)))
    frames: int = 0


class Alignment(QWidget):
    """Goes under the picture of the frames, at the same width. The mouse or the arrow keys point at a symbol."""

    pointed = Signal(object)  # weights (S,) of the symbol pointed at, or None

    def __init__(self, name: str, title: str) -> None:
        super().__init__()
        introduced(self, name, title)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setToolTip("Point at a symbol to see the steps that it was written from")
        self.attention = FrameAttention()
        self.current: int | None = None
        self._theme = LIGHT

    def sizeHint(self) -> QSize:
        """A nominal size; the widget takes any width."""
        return QSize(120, LINES_PX + SYMBOLS_PX)

    def show_attention(self, attention: FrameAttention, theme: Theme) -> None:
        """Draw this attention; the symbol pointed at stays the same if it still exists."""
        self.attention, self._theme = attention, theme
        weights = attention.weights
        best = weights.argmax(axis=1).tolist() if weights.size else []
        pairs = (f"{symbol} from step {place + 1}" for symbol, place in zip(attention.symbols, best, strict=False))
        self.setAccessibleDescription(visible_text(", ".join(pairs)))
        if self.current is not None:
            at = self.current if self.current < len(attention.symbols) else None
            self.current = None
            self._point(at)
        self.update()

    def box_of(self, place: int) -> QRectF:
        """The box of a symbol. All symbols are side by side, centred if there are few."""
        count = max(1, len(self.attention.symbols))
        each = min(WIDEST_PX, self.width() / count)
        left = (self.width() - count * each) / 2
        return QRectF(left + place * each, LINES_PX, each, SYMBOLS_PX)

    # ---- pointing

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Point at the symbol under the mouse."""
        x = event.position().x()
        boxes = (self.box_of(place) for place in range(len(self.attention.symbols)))
        self._point(next((place for place, box in enumerate(boxes) if box.left() <= x < box.right()), None))

    def leaveEvent(self, event: QEvent) -> None:
        """Stop pointing: all lines look alike again."""
        self._point(None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Point at the previous or next symbol with Left and Right."""
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        if step is None or not self.attention.symbols:
            super().keyPressEvent(event)
            return
        self._point(min(max((-1 if self.current is None else self.current) + step, 0), len(self.attention.symbols) - 1))

    def _point(self, place: int | None) -> None:
        if place != self.current:
            self.current = place
            weights = self.attention.weights
            self.pointed.emit(None if place is None or place >= len(weights) else weights[place])
            self.update()

    # ---- painting

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the lines, the strongest on top, then the symbols."""
        painter, attention, theme = QPainter(self), self.attention, self._theme
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        weights = np.nan_to_num(attention.weights)
        frame = self.width() / max(1, attention.frames)
        lines = np.argwhere(weights >= FAINTEST)
        order = np.argsort(weights[lines[:, 0], lines[:, 1]], kind="stable") if len(lines) else np.zeros(0, int)
        for symbol, place in lines[order].tolist():
            strength = float(weights[symbol, place])
            strength *= 1.0 if self.current in (None, symbol) else PALE
            painter.setPen(QPen(QColor(mix(theme.surface, theme.attended, 0.1 + 0.9 * strength)), 0.8 + 2 * strength))
            below = QPointF(self.box_of(symbol).center().x(), LINES_PX)
            painter.drawLine(QPointF((place + 0.5) * frame, 1), below)
        every = max(1, math.ceil(LEAST_PX / self.box_of(0).width()))  # very many symbols: write only some
        for place in range(0, len(attention.symbols), every):
            self._paint_symbol(painter, place, visible_text(attention.symbols[place]))

    def _paint_symbol(self, painter: QPainter, place: int, text: str) -> None:
        box, theme = self.box_of(place), self._theme
        if place == self.current:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(theme.accent_soft))
            painter.drawRoundedRect(box, 4, 4)
        font = QFont(self.font())
        font.setBold(place == self.current)
        painter.setFont(font)
        painter.setPen(QColor(theme.text))
        room = QFontMetricsF(font).elidedText(text, Qt.TextElideMode.ElideRight, box.width() + 1)
        painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), room)
