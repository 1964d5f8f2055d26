"""How much of a step's probabilities is copied from the source, in a box above its softmax."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPainterPath

from gui.theme import mix
from gui.unrolled_view.layout import COPIED_FROM
from gui.unrolled_view.outputs import LETTERED, share_text

if TYPE_CHECKING:
    from gui.unrolled_view.painter import DiagramPainter

COPY = "copy"
INSIDE = 2.0  # free at both ends of the box


def draw_copied_share(base: DiagramPainter, painter: QPainter, column: int) -> None:
    """Draw the box, filled up to the share, in the colour of the attention that chooses what is copied."""
    theme, box, outcomes = base.theme, base.layout.copied(column), base.diagram.outcomes
    known = base.answered(column) and outcomes is not None
    share = outcomes.copied_share(column) if known and outcomes is not None else math.nan
    shape = QPainterPath()
    shape.addRoundedRect(box, box.height() / 2, box.height() / 2)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.fillPath(shape, QColor(theme.surface))
    if math.isfinite(share):
        filled = QRectF(box.left(), box.top(), box.width() * share, box.height())
        color = base.attention.color(column - base.attention.first)
        painter.save()
        painter.setClipPath(shape, Qt.ClipOperation.IntersectClip)
        painter.fillRect(filled, QColor(mix(theme.surface, color, LETTERED)))
        painter.restore()
    now = base.now_answering(column)
    painter.setPen(base.pen(now or theme.border, 2.0 if now else 1.0))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPath(shape)
    wide, room = QFontMetricsF(base.fonts[10]).horizontalAdvance, box.width() - 2 * INSIDE
    text = next((words for words in _wordings(share, box.width()) if wide(words) <= room), "")
    if text:
        base.write(painter, box, text, 10, theme.text if known else theme.muted, box.width())


def _wordings(share: float, width: float) -> tuple[str, ...]:
    """What can be written into a box of this width; the name of the row stands beside narrow ones."""
    named = width >= COPIED_FROM
    if not math.isfinite(share):
        return (COPY,) if named else ()
    number = share_text(share, brief=True)
    return (f"{COPY} {number}", number) if named else (number,)
