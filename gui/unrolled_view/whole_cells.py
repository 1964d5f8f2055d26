"""Columns of a scrolled picture at such a distance that the edge of the place cuts no cell."""

from __future__ import annotations

from dataclasses import replace

from gui.unrolled_view.column_width import SCROLLED_COLUMN
from gui.unrolled_view.layout import ANSWER_ASIDE, ROUNDING, DiagramLayout


def with_whole_cells(layout: DiagramLayout, room: float, fade: float) -> DiagramLayout:
    """The layout with columns a little wider, so that the first ones end where the picture begins to fade, or at its
    edge if one more is whole there; or at the one answer that stands over it. room: the width in sight. fade: how much
    of it fades."""
    once = layout.diagram.answers_once
    edge = room - (layout.beside.right - layout.beside.left + ANSWER_ASIDE if once else 0.0)
    solid, last = edge if once else edge - fade, _last_before(layout, edge)
    if last < 0:
        return layout
    end = (solid if _last_before(layout, solid) == last else edge) - ROUNDING
    begin = layout.column_x(last) - (last + 0.5) * layout.column_width
    wider = (end - begin + (layout.column_width - layout.cell_width) / 2) / (last + 1)
    return replace(layout, column_width=min(SCROLLED_COLUMN, wider)) if wider > layout.column_width else layout


def _last_before(layout: DiagramLayout, edge: float) -> int:
    """The last column whose cells are whole before an edge, −1 if there is none."""
    last = min(len(layout.diagram.columns) - 1, int(edge // layout.column_width))
    while last >= 0 and layout.column_x(last) + layout.cell_width / 2 > edge:
        last -= 1
    return last
