"""The edges of a picture that goes on out of sight: it fades there, instead of being cut through a cell or a word."""

from __future__ import annotations

from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QLinearGradient, QPainter
from PySide6.QtWidgets import QAbstractScrollArea

from gui.theme import Theme

FADE_PX = 24


def fade_edges(
    painter: QPainter, area: QAbstractScrollArea, theme: Theme, *, left: bool = True, right: bool = True
) -> None:
    """Fade into the background at each side to which one can scroll. left, right: whether also at that side, where
    something may stand over the picture."""
    bar, view = area.horizontalScrollBar(), area.viewport()
    solid, clear = QColor(theme.surface), QColor(theme.surface)
    clear.setAlpha(0)
    left_edge = QRectF(0, 0, FADE_PX, view.height())
    right_edge = left_edge.translated(view.width() - FADE_PX, 0)
    painter.resetTransform()
    for edge, goes_on, way in (
        (left_edge, left and bar.value() > bar.minimum(), (solid, clear)),
        (right_edge, right and bar.value() < bar.maximum(), (clear, solid)),
    ):
        if goes_on:
            gradient = QLinearGradient(edge.topLeft(), edge.topRight())
            gradient.setColorAt(0.0, way[0])
            gradient.setColorAt(1.0, way[1])
            painter.fillRect(edge, gradient)
