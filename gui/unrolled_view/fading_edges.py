"""The edges of a picture that goes on out of sight: it fades there, instead of being cut through a cell or a word."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect
from PySide6.QtGui import QColor, QLinearGradient, QPainter
from PySide6.QtWidgets import QAbstractScrollArea

from gui.theme import Theme

FADE_PX = 24
FADE_ABOVE_PX = 12  # and below, where there is less room


def fade_edges(
    painter: QPainter, area: QAbstractScrollArea, theme: Theme, *, left: bool = True, right: bool = True
) -> None:
    """Fade into the background at each edge to which one can scroll. left, right: whether also at that side, where
    something may stand over the picture. Above and below, no more fades than is out of sight: a line of text may be
    close to the edge."""
    across, upright, view = area.horizontalScrollBar(), area.verticalScrollBar(), area.viewport().rect()
    above, below = (min(FADE_ABOVE_PX, hidden) for hidden in (upright.value(), upright.maximum() - upright.value()))
    wide = [FADE_PX * (left and across.value() > 0), FADE_PX * (right and across.value() < across.maximum())]
    solid, clear = QColor(theme.surface), QColor(theme.surface)
    clear.setAlpha(0)
    painter.resetTransform()
    for edge, inwards in (
        (QRect(0, 0, wide[0], view.height()), QPoint(wide[0], 0)),
        (QRect(view.width(), 0, -wide[1], view.height()), QPoint(-wide[1], 0)),
        (QRect(0, 0, view.width(), above), QPoint(0, above)),
        (QRect(0, view.height(), view.width(), -below), QPoint(0, -below)),
    ):
        if not inwards.isNull():
            gradient = QLinearGradient(edge.topLeft(), edge.topLeft() + inwards)
            gradient.setColorAt(0.0, solid)
            gradient.setColorAt(1.0, clear)
            painter.fillRect(edge.normalized(), gradient)
