"""What stands at the beginning of a row of cells: zeros, or what the first state is made from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter

from gui.unrolled_view.diagram import LayerRow

if TYPE_CHECKING:
    from gui.unrolled_view.painter import DiagramPainter

PICTURE, GAP = 42.0, 3.0  # the largest height and width of a picture, and what is free beside it


def draw_first_state(base: DiagramPainter, painter: QPainter, row: LayerRow, at: QPointF) -> None:
    """Draw it beside the point where the line to the first cell begins."""
    picture = base.diagram.beginning
    words = base.diagram.begins_with(row.part)
    if picture is not None and not row.backward:
        size = picture.deviceIndependentSize()
        size.scale(PICTURE, min(PICTURE, base.layout.cell_height), Qt.AspectRatioMode.KeepAspectRatio)
        box = QRectF(at.x() - GAP - size.width(), at.y() - size.height() / 2, size.width(), size.height())
        painter.drawImage(box, picture)
        painter.setPen(base.pen(base.theme.border))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(box)
        return
    wide = QFontMetricsF(base.fonts[11]).horizontalAdvance(words) + 5
    beside = QRectF(at.x() + 1 if row.backward else at.x() - wide - 1, at.y() - 8, wide, 16)
    painter.fillRect(beside, QColor(base.theme.surface))  # lines of attention may pass here
    base.write(painter, beside, words, 11, base.theme.muted)
