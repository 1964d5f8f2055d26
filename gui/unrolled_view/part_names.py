"""The names of the parts of a network above its unrolled picture, and what one part hands over to the next."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial
from typing import Final

from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter

from gui.theme import Theme
from gui.unrolled_view.column_width import WIDEST_COLUMN
from gui.unrolled_view.fading_edges import FADE_PX
from gui.unrolled_view.layout import DiagramLayout

LINE_PX: Final = 14.0
READS: Final = ("reads all of it before the first answer;", "reads all of it first;", "reads it first;")
BESIDE: Final = 12.0  # between the captions of two parts at the same height


def draw_captions(painter: QPainter, layout: DiagramLayout, theme: Theme, font: QFont) -> None:
    """Draw the name of each part in sight and what it does, unless there is only one part."""
    if not layout.caption_height:
        return
    wide = QFontMetricsF(font).horizontalAdvance
    least = seen_left(layout)  # to where a caption may begin before its part
    for start in layout.diagram.part_starts:
        part = layout.diagram.columns[start].part
        x = layout.column_x(start) - min(layout.slot_width, WIDEST_COLUMN) / 2 + 4
        painter.setFont(font)
        painter.setPen(QColor(theme.secondary))
        if not layout.diagram.hands_over(part) or layout.fold is not None:
            end = seen_right(layout)
            if x >= end:  # the part is out of sight: its caption would stand over another one
                continue
            x = max(x, seen_left(layout))
            least = x if layout.fold is not None else min(least, x)
            written = next((text for text in writing_captions(layout, part) if wide(text) <= end - least), part)
            painter.drawText(QPointF(max(least, min(x, end - wide(written))), layout.caption_height - 6), written)
            continue
        # right above the cells: they have no answers
        last = max(3 * LINE_PX, layout.cells_top - layout.lift(start) - layout.stem - 6)
        room = _answers_after(layout, start) - x
        lines = reading_caption(layout, part, partial(_fits, wide, room))
        end = max(x, _end_of(layout, part) - max(map(wide, lines)))
        x = min(max(x, seen_left(layout)), end)  # goes along with what is in sight, up to the end of its part
        for i, text in enumerate(lines):
            painter.drawText(QPointF(x, last - LINE_PX * (len(lines) - 1 - i)), text)
            painter.setPen(QColor(theme.muted))
        if last - LINE_PX * len(lines) < layout.caption_height:  # beside the next part's caption
            least = max(least, x + wide(lines[0]) + BESIDE)


def seen_left(layout: DiagramLayout) -> float:
    """From where a line over the columns can be read, beside the names of the rows."""
    return layout.left + FADE_PX if layout.fold is None else 0.0


def _fits(wide: Callable[[str], float], room: float, text: str) -> bool:
    return wide(text) <= room


def _answers_after(layout: DiagramLayout, start: int) -> float:
    """Where the answers of the next part begin, beside the caption of one that only reads."""
    following = next((each for each in layout.diagram.part_starts if each > start), None)
    return math.inf if following is None else layout.output(following).left() - BESIDE / 2


def _end_of(layout: DiagramLayout, part: str) -> float:
    last = max(i for i, column in enumerate(layout.diagram.columns) if column.part == part)
    return layout.column_x(last) + layout.slot_width / 2


def seen_right(layout: DiagramLayout) -> float:
    """Up to where a line over the columns can be read: where the picture ends, or fades because it goes on."""
    goes_on = layout.right is not None and layout.right < layout.width
    return (layout.right or 0.0) - FADE_PX if goes_on else layout.width


def writing_captions(layout: DiagramLayout, part: str) -> tuple[str, ...]:
    """The captions of a part that answers, from long to short: one that goes on from its own answers takes the most
    probable one each time, so that a search may find a better text."""
    own = [column for column in layout.diagram.columns if column.part == part]
    answered = all(math.isfinite(column.probability) for column in own)
    if layout.fold is not None or not (answered and layout.diagram.follows_itself(part)):
        return (part,)
    return (f"{part}, greedy: the most probable at each step", f"{part}, greedy", part)


def reading_caption(
    layout: DiagramLayout, part: str, fits: Callable[[str], bool] = lambda text: True
) -> tuple[str, ...]:
    """The caption above a part that only reads. fits: whether there is room for a line; the shortest wordings stand in
    any."""
    diagram = layout.diagram
    ends = (
        ("the last state of each direction is", "its last states are") if diagram.both_ways else ("its last state is",)
    )
    handed = ("its states are",) if diagram.attends else ends

    def shortened(*wordings: str) -> str:
        return next(filter(fits, wordings), wordings[-1])

    return part, shortened(*READS), shortened(*(f"{what} passed on" for what in handed))
