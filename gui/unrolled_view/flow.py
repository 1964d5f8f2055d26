"""The lines that carry a state from cell to cell."""

from __future__ import annotations

import math

import numpy as np
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from gui.theme import Theme, mix
from gui.unrolled_view.diagram import Diagram, LayerRow


def strength(row: LayerRow, step: int) -> float:
    """Root mean square of the state that is carried, 0 to 1; one half if nothing has been computed yet."""
    if row.states is None:
        return 0.5
    if not 0 <= step < len(row.states):
        return 0.35
    state = row.states[step]
    size = float(np.sqrt(np.mean(np.square(state, dtype=np.float64))))
    return min(1.0, size) if math.isfinite(size) else 1.0


def flow_pen(row: LayerRow, step: int, theme: Theme) -> QPen:
    """The pen of an arrow that carries the state of `step`: the larger the state, the stronger the line."""
    share = strength(row, step)
    color = QColor(mix(theme.border, theme.secondary, share))
    return QPen(color, 1.0 + 1.6 * share, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap)


def forward_level(diagram: Diagram, row: LayerRow) -> int:
    """The level of the encoder row whose last state starts a layer of the decoder."""
    same = (s.level for s in diagram.rows if diagram.hands_over(s.part) and s.depth == row.depth and not s.backward)
    return next(same, row.level)


def arrow_head(painter: QPainter, tip: QPointF, direction: float, rise: float = 0.0) -> None:
    """Draw two short lines that meet at `tip`; `direction` is 1 to the right, −1 to the left. rise: how far the line of
    the arrow goes down for each unit to the right."""
    along = QPointF(direction, direction * rise) / math.hypot(1.0, rise)
    across = QPointF(-along.y(), along.x())
    for side in (-3.0, 3.0):
        painter.drawLine(tip, tip - along * 5.0 + across * side)
