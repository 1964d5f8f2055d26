"""Picture and numbers of the network as they are saved and copied: while an example is played, those of the moment."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPoint, QPointF, QRect, QSize
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter

from engine.number_text import percent
from gui.panels.base.view import HEADING_PX, MARGIN_PX, Heading
from gui.plots.picture_export import Drawing, Table
from gui.session.jobs import TellProgress
from gui.theme import BODY_PX, Theme
from gui.unrolled_view.canvas import UnrolledCanvas
from gui.unrolled_view.changes_drawing import HEADS, ChangesDrawing, by_share, share_of
from gui.unrolled_view.diagram import Diagram, LayerRow
from gui.unrolled_view.play_captions import caption_of
from gui.unrolled_view.playing import Phase, Playing
from gui.unrolled_view.row_names import name_of_targets, sized
from gui.widgets.symbols import visible_text
from gui.widgets.text import wrapped
from gui.widgets.weight_names import weight_title

GAP_PX = 12  # between the network, the changed weights beside it and the caption below
CAPTION_PX = 480  # the least width of a caption
MOST_LINES = 50  # of a caption


@dataclass(frozen=True)
class CaptionLines:
    """The caption of a moment of Play in lines of some width."""

    lines: tuple[str, ...]
    font: QFont
    color: str

    @property
    def _line_px(self) -> float:
        return QFontMetricsF(self.font).height()

    @property
    def height(self) -> int:
        """Of all lines."""
        return math.ceil(len(self.lines) * self._line_px)

    def paint(self, painter: QPainter) -> None:
        """Write the lines, from (0, 0)."""
        painter.setFont(self.font)
        painter.setPen(QColor(self.color))
        first = QFontMetricsF(self.font).ascent()
        for number, line in enumerate(self.lines):
            painter.drawText(QPointF(0, first + number * self._line_px), line)


def network_drawing(canvas: UnrolledCanvas, heading: Heading, theme: Theme) -> Drawing:
    """The whole network; while an example is played, with the caption below and at the end the changed weights beside
    it."""
    whole, network, playing = canvas.whole_painter(), canvas.whole_size(), canvas.playing
    changes, size = None, network
    if playing is not None and playing.moment.phase is Phase.WEIGHTS:
        changes = ChangesDrawing(canvas.font())
        changes.tell(playing.step, theme)
        table = changes.whole()
        size = QSize(size.width() + GAP_PX + table.width(), max(size.height(), table.height()))
    caption, font = None, sized(canvas.font(), BODY_PX)
    if playing is not None:
        size = size.expandedTo(QSize(CAPTION_PX, 0))
        lines = wrapped(visible_text(caption_of(playing)), font, size.width(), MOST_LINES)
        caption = CaptionLines(tuple(lines), font, theme.text)
        size += QSize(0, GAP_PX + caption.height)
    size += QSize(2 * MARGIN_PX, 2 * MARGIN_PX + HEADING_PX)

    def paint(painter: QPainter, report: TellProgress) -> None:
        painter.fillRect(QRect(QPoint(0, 0), size), QColor(theme.surface))
        heading.paint(painter)
        painter.translate(MARGIN_PX, MARGIN_PX + HEADING_PX)
        painter.save()
        whole(painter, lambda share: report(percent(share)))
        painter.restore()
        if changes is not None:
            painter.save()
            painter.translate(network.width() + GAP_PX, 0)
            changes.paint(painter)
            painter.restore()
        if caption is not None:
            painter.translate(0, size.height() - 2 * MARGIN_PX - HEADING_PX - caption.height)
            caption.paint(painter)

    return Drawing(size, paint, anywhere=True)


def network_table(diagram: Diagram, playing: Playing | None) -> Table:
    """What goes in and comes out at each step; while an example is played, what is known of it by then, with the
    gradients of the cells that are reached."""
    shown = diagram if playing is None else playing.so_far()
    gradients = {} if playing is None else _gradients(playing)
    rows = []
    for at, item in enumerate(shown.columns):
        if item.padding:
            continue
        loss = item.loss if item.truth else math.nan
        if playing is not None and item.above and playing.loses:
            loss = playing.loss(at)
        copied = _copied(diagram, at, known=bool(item.above)) if diagram.copies else ()
        outcome = item.above, item.probability if item.above else "", *copied, item.truth_shown
        sizes_here = (sizes.get(at, "") for sizes in gradients.values())
        rows.append((item.part, item.step, item.below, *outcome, "" if math.isnan(loss) else loss, *sizes_here))
    answered = "output", "probability", *("copied",) * diagram.copies, name_of_targets(diagram)
    return Table(("part", "step", "input", *answered, "loss", *gradients), rows)


def _copied(diagram: Diagram, column: int, *, known: bool) -> tuple[float | str]:
    """How much of the probabilities above a column is copied; "" where there is no answer."""
    return (diagram.outcomes.copied_share(column) if known and diagram.outcomes is not None else "",)


def changes_table(playing: Playing) -> Table:
    """How far the step moves each block of weights, in the order in which it is shown. Sizes are Euclidean norms."""
    rows = [
        (weight_title(one.name), one.name, one.weights, one.gradient, one.change, "" if math.isnan(share) else share)
        for one, share in ((change, share_of(change)) for change in sorted(playing.step.changes, key=by_share))
    ]
    return Table((HEADS[0], "parameter", "size", *HEADS[1:]), rows)


def _gradients(playing: Playing) -> dict[str, dict[int, float]]:
    """‖∂loss/∂h‖ in each column that it has reached: for each layer and direction, of a network without cells for the
    sum of all places; {} before the backward pass."""
    diagram, found = playing.diagram, dict[str, dict[int, float]]()
    at_sum = playing.step.sum_gradient
    if at_sum is not None and playing.handed_back():
        return {"gradient": {at: at_sum for at, item in enumerate(diagram.columns) if not item.cut}}
    reached = playing.reached()
    for index, row in enumerate(diagram.rows if reached else ()):
        sizes = found.setdefault(_name_of(row, diagram.rows), {})
        sizes.update({place[1]: playing.gradient(place) for place in reached if place[0] == index})
    return found


def _name_of(row: LayerRow, rows: Sequence[LayerRow]) -> str:
    """The column of the gradients of a layer in one direction: "gradient", as far as needed with which one it is."""
    layer = f" of layer {row.depth + 1}" * any(other.depth for other in rows)
    return f"gradient{layer}" + f", {'backwards' if row.backward else 'forwards'}" * any(
        other.backward for other in rows
    )
