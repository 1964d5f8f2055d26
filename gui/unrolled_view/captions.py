"""The names of the parts of a network above its unrolled picture, and what one part hands over to the next."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor, QFont, QPainter

from gui.theme import Theme
from gui.unrolled_view.column_width import WIDEST_COLUMN
from gui.unrolled_view.layout import DiagramLayout

LINE_PX: Final = 14.0


def draw_captions(painter: QPainter, layout: DiagramLayout, theme: Theme, font: QFont) -> None:
    """Draw the name of each part, unless there is only one."""
    if not layout.caption_height:
        return
    for start in layout.diagram.part_starts:
        part = layout.diagram.columns[start].part
        x = layout.column_x(start) - min(layout.slot_width, WIDEST_COLUMN) / 2 + 4
        painter.setFont(font)
        painter.setPen(QColor(theme.secondary))
        if not layout.diagram.hands_over(part) or layout.gathering is not None:
            painter.drawText(QPointF(x, layout.caption_height - 6), part)
            continue
        # right above the cells: they have no answers
        last = max(3 * LINE_PX, layout.cells_top - layout.lift(start) - layout.stem - 6)
        lines = reading_caption(layout, part, last)
        for i, text in enumerate(lines):
            painter.drawText(QPointF(x, last - LINE_PX * (len(lines) - 1 - i)), text)
            painter.setPen(QColor(theme.muted))


def reading_caption(layout: DiagramLayout, part: str, last: float) -> tuple[str, ...]:
    """The caption above a part that only reads, with its last line at the height `last`; a line less if the first one
    would be out of view."""
    handed = "its states are" if layout.diagram.attends else "its last state is"
    lines = (part, "reads all of it before the first answer;", f"{handed} passed on")
    hidden = last - LINE_PX * len(lines) < layout.hidden_above
    return (f"{lines[0]} {lines[1]}", lines[2]) if hidden else lines
