"""Shares that sum to 1 over the steps of an input, each drawn as a coloured layer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from engine.types import FloatArray, IntArray
from gui.theme import LIGHT, Theme
from gui.widgets.controls import introduced

HEIGHT_PX = 72


@dataclass(frozen=True, eq=False)
class Shares:
    """ends (P,): numbers of steps read, the last being all of them; values (P, K): the shares then; names and colors
    (K,)."""

    ends: IntArray = field(default_factory=lambda: np.zeros(0, np.int64))
    values: FloatArray = field(default_factory=lambda: np.zeros((0, 0)))
    names: Sequence[str] = ()
    colors: Sequence[str] = ()


class SharesOverTime(QWidget):
    """As wide as the picture of the steps above it, so that both have one scale, and as high as there is room."""

    pointed = Signal(object)  # how many steps lie left of the mouse, or None

    def __init__(self, name: str, title: str) -> None:
        super().__init__()
        introduced(self, name, title)
        self.setMouseTracking(True)
        self.setMinimumHeight(HEIGHT_PX)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.shares = Shares()
        self.end: int | None = None
        self._theme = LIGHT

    def sizeHint(self) -> QSize:
        """A nominal size; the widget takes any width."""
        return QSize(120, HEIGHT_PX)

    def show_shares(self, shares: Shares, theme: Theme) -> None:
        """Draw these shares, the first at the bottom."""
        self.shares, self._theme = shares, theme
        if len(shares.ends):
            best = [shares.names[k] for k in shares.values.argmax(axis=1)]
            turns = [at for at in range(len(best)) if at == 0 or best[at] != best[at - 1]]
            self.setAccessibleDescription(", ".join(f"{best[at]} from step {shares.ends[at]}" for at in turns))
        self.update()

    def show_end(self, end: int | None) -> None:
        """Draw a line after this many steps; None draws no line."""
        if end != self.end:
            self.end = end
            self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Point at the step under the mouse."""
        if len(self.shares.ends):
            share = min(max(event.position().x() / max(1, self.width()), 0.0), 1.0)
            self.pointed.emit(max(1, round(share * int(self.shares.ends[-1]))))

    def leaveEvent(self, event: QEvent) -> None:
        """Stop pointing at a step."""
        self.pointed.emit(None)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the layers stacked; before the first answer they stay level."""
        shares, height = self.shares, float(self.height())
        if not len(shares.ends):
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        scale = self.width() / float(shares.ends[-1])
        x = np.concatenate([[0.0], shares.ends * scale])
        tops = np.nan_to_num(np.cumsum(shares.values, axis=1))
        tops = height * (1 - np.concatenate([tops[:1], tops]).clip(0.0, 1.0))
        below = np.full(len(x), height)
        for layer, color in enumerate(shares.colors):
            points = [*zip(x, tops[:, layer], strict=True), *zip(x[::-1], below[::-1], strict=True)]
            painter.setBrush(QColor(color))
            painter.drawPolygon(QPolygonF([QPointF(float(a), float(b)) for a, b in points]))
            below = tops[:, layer]
        if self.end is not None:
            painter.setPen(QPen(QColor(self._theme.text), 1.5))
            painter.drawLine(QPointF(self.end * scale, 0), QPointF(self.end * scale, height))
