"""The heights of the picture at which a cell is, or something happens at a moment of a played example."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import TYPE_CHECKING

from gui.unrolled_view.diagram import CellPlace
from gui.unrolled_view.fading_edges import FADE_ABOVE_PX
from gui.unrolled_view.layout import DiagramLayout
from gui.unrolled_view.playing import Phase, Playing

if TYPE_CHECKING:
    from gui.unrolled_view.canvas import UnrolledCanvas

Heights = tuple[float, float]  # the upper and the lower edge, in picture units


def bring_into_sight(canvas: UnrolledCanvas, *wanted: Heights) -> None:
    """Scroll up or down to each of these, one after the other, if it is out of sight or fades at an edge, and no
    further than needed."""
    bar, page = canvas.verticalScrollBar(), canvas.viewport().height()
    for top, bottom in wanted:
        above, below = top * canvas.scale, bar.maximum() + page - bottom * canvas.scale
        first, last = (math.floor(room - min(FADE_ABOVE_PX, room / 2)) for room in (above, below))
        low, high = sorted((bar.maximum() - last, first))
        place = min(max(bar.value(), low, 0), max(high, 0), bar.maximum())
        if bar.value() != place:
            canvas.zoom.before.forget()
            bar.setValue(place)


def heights_of_cells(layout: DiagramLayout, cells: Iterable[CellPlace]) -> Heights:
    """From the highest of these cells to the lowest."""
    boxes = [layout.cell(column, layout.diagram.rows[row].level) for row, column in cells]
    return min(box.top() for box in boxes), max(box.bottom() for box in boxes)


def heights_of_moment(layout: DiagramLayout, playing: Playing) -> list[Heights]:
    """Those of all that happens at this moment, and then of what matters most of it; [] where nothing in the picture
    does."""
    diagram, moment = layout.diagram, playing.moment
    answers = moment.answers
    if moment.phase is Phase.LOSS:
        answers = tuple(column for column, item in enumerate(diagram.columns) if item.above)
    found: list[Heights] = []
    if moment.cells:
        read = (layout.input(column) for row, column in moment.cells if diagram.rows[row].level == 0)
        found += [heights_of_cells(layout, moment.cells), *((box.top(), box.bottom()) for box in read)]
    if playing.cell is not None:
        found.append(heights_of_cells(layout, [playing.cell]))
    if moment.gathers:
        box = layout.pool if diagram.pools else layout.hidden_layer
        found.append((box.top(), box.bottom()))
    if answers:
        found.append(_heights_of_answer(layout, answers[0], loses=playing.loses))
    if not found:
        return []
    return [(min(top for top, _ in found), max(bottom for _, bottom in found)), found[-1]]


def _heights_of_answer(layout: DiagramLayout, column: int, *, loses: bool) -> Heights:
    """Those of the answer above a column, or of the only one and the line that leads to it from the highest cells.
    loses: whether its loss is known, too."""
    output, diagram = layout.output(column) | layout.softmax(column), layout.diagram
    if not diagram.answers_once:
        return (output if loses else layout.answer(column)).top(), output.bottom()
    above = layout.pool.top() if diagram.pools else layout.cells_top - layout.rows.level_gap
    return min(above, output.top()), output.bottom()
