"""The folded network: one cell for each layer, with its state fed back to itself, and the weights it uses again."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPainterPath, QPen

from gui.theme import mix
from gui.unrolled_view.diagram import ZEROS, CellPlace, Diagram, LayerRow
from gui.unrolled_view.flow import arrow_head, flow_pen
from gui.unrolled_view.fold import CLOSE, FOLDED_ASIDE, FOLDED_CELL, LOW_LOOP, ROOMY, Fold, LoopSpacing
from gui.unrolled_view.layout import SOFTMAX_WIDTH, DiagramLayout
from gui.unrolled_view.painter import CENTER, DiagramPainter
from gui.unrolled_view.picture_scale import LEAST_SHRINK
from gui.unrolled_view.row_heights import STEM_BELOW
from gui.unrolled_view.row_names import names_of_entrance
from gui.unrolled_view.side_answer import ANSWER_WIDTH, PINNED_GAP
from gui.widgets.symbols import subscript, visible_symbol

TAPE_GAP = 13.0
EDGE = 2.0  # left and right of a single part: the picture has to fit into the narrowest middle column
LOOP_WIDE, LOOP_HIGH = 26.0, 9.0  # how far the loop extends beyond its cell, sideways and upwards
LOOP_REACH = LOOP_WIDE * 4 / 3  # of its curve
BEND, BESIDE = 14.0, 4.0  # of the line that goes around a cell: its upper corner; how far beside the answers it begins
BELOW_NAMES = 19.0  # from the middle of a cell to the line to the decoder: the states are named above it
WITHIN = 3.0  # at least from that line to the edge of the cell
LINE = 15.0
TIED = "output embedding b", "same matrix as the input"  # where the output has none of its own
BRIEFLY_TIED = "embedding b", "same matrix", "as the input"


def spacing_for(diagram: Diagram, view: float) -> LoopSpacing:
    """The spacing with which the loop fits into a view of this width in pixels, if one does."""
    roomy = len(diagram.part_starts) < 2 or folded_places(diagram)[1] * LEAST_SHRINK <= view
    return ROOMY if roomy else CLOSE


def folded_places(diagram: Diagram, spacing: LoopSpacing = ROOMY) -> tuple[dict[str, float], float]:
    """Middle of the cell of each part, and the width of the folded picture, in picture units."""
    parts = [diagram.columns[start].part for start in diagram.part_starts]
    side = FOLDED_CELL / 2 + spacing.note_from + spacing.note
    left = side if len(parts) > 1 else spacing.tape + EDGE
    places = {part: left + i * spacing.apart for i, part in enumerate(parts)}
    if diagram.answers_once:
        side = FOLDED_CELL / 2 + FOLDED_ASIDE + SOFTMAX_WIDTH + ANSWER_WIDTH + 22 + EDGE
    return places, left + max(0, len(parts) - 1) * spacing.apart + side


def staying_columns(diagram: Diagram, selected: int | None) -> dict[str, int]:
    """For each part, the column that stays visible when the picture is folded: the selected one, else the last."""
    staying = {column.part: i for i, column in enumerate(diagram.columns)}
    if selected is not None and selected < len(diagram.columns):
        staying[diagram.columns[selected].part] = selected
    return staying


def folded_layout(
    layout: DiagramLayout, selected: CellPlace | None, share: float, spacing: LoopSpacing, shift: float = 0.0,
    right: float = math.inf,
) -> DiagramLayout:  # fmt: skip
    """The layout with all columns of a part moved together. share: 0 unrolled, 1 folded. shift: how far to the right
    the folded picture lies. right: the edge of what is in sight; a single answer that lies beyond is drawn there, if
    that does not cover the loop."""
    places, width = folded_places(layout.diagram, spacing)
    staying = staying_columns(layout.diagram, None if selected is None else selected[1])
    fold = Fold(share, {part: x + shift for part, x in places.items()}, staying, spacing)
    folded = replace(layout, fold=fold)
    pinned = replace(folded, right=right if right < width + shift - 1 else None)
    clear = pinned.pinned and pinned.answer_left - PINNED_GAP >= pinned.cells_right + LOOP_REACH
    return pinned if clear else folded


class LoopPainter:
    """Draws what only the folded picture has, over the cells that a DiagramPainter has drawn."""

    def __init__(self, base: DiagramPainter) -> None:
        self.base, self.layout, self.theme, self.diagram = base, base.layout, base.theme, base.diagram
        self.spacing = ROOMY if base.layout.fold is None else base.layout.fold.spacing

    def _worded(self, whole: tuple[str, ...], brief: tuple[str, ...]) -> tuple[str, ...]:
        return brief if self.spacing.brief else whole

    def paint(self, painter: QPainter, staying: Mapping[str, int]) -> None:
        """Draw loops, notes, the rest of the text, and the lines from part to part."""
        parts = list(staying)
        for part, column in staying.items():
            for row in self.diagram.rows:
                if row.part == part and self.diagram.remembers:
                    self._loop(painter, row, column)
            answers_right = self._tapes(painter, part, column)
            self._notes(painter, part, column, left=self.diagram.hands_over(part))
            if self.diagram.feeds_back(part):
                self._fed_back(painter, column, answers_right)
        if len(parts) > 1:
            self._hand_over(painter, staying[parts[0]], staying[parts[1]])

    def _loop(self, painter: QPainter, row: LayerRow, column: int) -> None:
        """Draw the loop from where the state leaves the cell, above the cell, to where it is read again.

        With two directions, the lower loop goes below its cell, so that the lines between them are clear. It stays
        close to the cell where lines of the other direction or the mark of dropout need room as well.
        """
        box, theme = self.layout.cell(column, row.level), self.theme
        way = -1.0 if row.backward else 1.0
        leaves, enters = (box.left(), box.right()) if row.backward else (box.right(), box.left())
        y, top = box.center().y(), box.top() - (LOW_LOOP if self.diagram.dropout > 0 else LOOP_HIGH)
        other = self.diagram.row_at(column, row.level + 1)
        if row.backward:
            top = box.top() - LOW_LOOP
        elif other is not None and self.diagram.rows[other].backward:
            top = box.bottom() + LOW_LOOP
        out, back = leaves + way * LOOP_REACH, enters - way * LOOP_REACH
        path = QPainterPath(QPointF(leaves, y))
        path.cubicTo(QPointF(out, y), QPointF(out, top), QPointF(leaves - way * 4, top))
        path.lineTo(QPointF(enters + way * 4, top))
        path.cubicTo(QPointF(back, top), QPointF(back, y), QPointF(enters, y))
        painter.setPen(flow_pen(row, column - row.first, theme))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPath(path)
        arrow_head(painter, QPointF(enters, y), way)
        painter.setFont(self.base.fonts[11])
        painter.setPen(QColor(theme.secondary))
        step = self.diagram.columns[column].step
        now, before = f"h{subscript(step)}", f"h{subscript(step + (1 if row.backward else -1))}"
        if step == (row.steps if row.backward else 1):
            handed = self.diagram.takes_over(row.part) and row.first
            before = "h₀" if handed else self.diagram.begins_with(row.part)
        for text, edge, side in ((now, leaves, way), (before, enters, -way)):
            middle = edge + side * (LOOP_WIDE / 2 + 1)
            painter.drawText(QRectF(middle - 24, y + (2 if top < y else -16), 48, 14), CENTER, text)

    def _tapes(self, painter: QPainter, part: str, column: int) -> float:
        """Draw the symbols before and after the current one, below and above, fading to both sides; returns where what
        stands above ends, at the right."""
        columns = self.diagram.columns
        first = next(i for i, c in enumerate(columns) if c.part == part)
        last = max(i for i, c in enumerate(columns) if c.part == part)
        below, above = self.layout.input(column), self.layout.answer(column)
        self._tape(painter, below.center(), [c.below for c in columns[first : last + 1]], column - first)
        if columns[column].above and not self.diagram.answers_once and not self.diagram.predicts_several:
            right = self.spacing.fed_back_at - BEND - BESIDE if self.diagram.feeds_back(part) else self.spacing.tape
            answers = [c.above for c in columns[first : last + 1]]
            return above.center().x() + self._tape(painter, above.center(), answers, column - first, right)
        return self.layout.bar(column, 0).right()

    def _tape(
        self, painter: QPainter, middle: QPointF, symbols: Sequence[str], at: int, right: float | None = None
    ) -> float:
        """Draw symbols on both sides of the current one, to the right only so far; returns how far they extend
        there."""
        size = self.base.symbols.usual
        metrics = QFontMetricsF(self.base.fonts[size])
        opacity, most = painter.opacity(), self.spacing.tape

        def wide(symbol: str) -> float:
            return min(metrics.horizontalAdvance(visible_symbol(symbol)), self.layout.slot_width)

        for way, reach in ((-1, most), (1, most if right is None else right)):
            edge, i = wide(symbols[at]) / 2, at + way
            while 0 <= i < len(symbols) and symbols[i]:
                width = wide(symbols[i])
                far = edge + TAPE_GAP + width
                if far > reach:
                    break
                painter.setOpacity(opacity * (0.75 - 0.6 * far / most))
                x = middle.x() + way * (edge + TAPE_GAP + width / 2)
                box = QRectF(x - width / 2 - 2, middle.y() - 11, width + 4, 22)
                self.base.write(painter, box, symbols[i], size, self.theme.text)
                edge, i = far, i + way
        painter.setOpacity(opacity)
        return edge

    def _notes(self, painter: QPainter, part: str, column: int, *, left: bool) -> None:
        """Write beside the cells which weights each uses, and that they are the same at every step."""
        steps = sum(c.part == part for c in self.diagram.columns)
        trained = any(row.states is not None for row in self.diagram.rows)
        again = f"at all {steps} steps" if trained and steps > 1 else "at every step"
        again = again if self.spacing.brief else f"the same {again}"
        for row in self.diagram.rows:
            if row.part != part:
                continue
            lines = [(weights_of(row, self.diagram.remembers), self.theme.accent), (again, self.theme.muted)]
            if not self.diagram.remembers:
                lines.append(("each starts from zeros", self.theme.muted))
            if (made_from := self.diagram.begins_with(part)) != ZEROS:
                lines.append((f"starts from the {made_from}", self.theme.muted))
            self.note(painter, column, self.layout.cell(column, row.level).center().y(), lines, left)
        if self.diagram.columns[column].above or self.diagram.feeds_back(part):
            own = self._worded(("output W b", "read out at every step"), ("output W b", "at every step"))
            weights, *how = self._worded(TIED, BRIEFLY_TIED) if self.diagram.tied else own
            lines = [(weights, self.theme.accent), *((line, self.theme.muted) for line in how)]
            if not self.diagram.answers_once:
                self.note(painter, column, self.layout.output(column).center().y(), lines, left)
        for name in names_of_entrance(self.layout, column):
            self.note(painter, column, (name.top + name.bottom) / 2, [(name.text, self.theme.muted)], left)
        reads = [(line, self.theme.muted) for line in self._what_is_read(part, column)]
        middle = min(self.layout.input(column).center().y(), self.layout.height - len(reads) * LINE / 2)
        self.note(painter, column, middle, reads, left)

    def _what_is_read(self, part: str, column: int) -> tuple[str, ...]:
        if self.diagram.follows_itself(part):
            return self._worded(("each answer is read next",), ("each answer", "is read next"))
        if self.diagram.feeds_back(part):
            whole = "the right symbol is read;", "when it writes, its answer"
            return self._worded(whole, ("the right symbol", "or its answer"))
        what = "one symbol" if self.diagram.symbol_at(column) else "its values"
        return self._worded((f"{what} at each step",), (what, "at each step"))

    def note(self, painter: QPainter, column: int, y: float, lines: Sequence[tuple[str, str]], left: bool) -> None:
        """Write lines of text in their colours, centred at the height `y`."""
        x, far, wide = self.layout.column_x(column), FOLDED_CELL / 2 + self.spacing.note_from, self.spacing.note
        begin = x - far - wide if left else x + far
        side = Qt.AlignmentFlag.AlignRight if left else Qt.AlignmentFlag.AlignLeft
        painter.setFont(self.base.fonts[11])
        for i, (text, color) in enumerate(lines):
            painter.setPen(QColor(color))
            box = QRectF(begin, y + (i - len(lines) / 2) * LINE, wide, LINE)
            painter.drawText(box, int(side | Qt.AlignmentFlag.AlignVCenter), text)

    def _fed_back(self, painter: QPainter, column: int, answers_right: float) -> None:
        """Draw a generator's output going around the cell to be read at the next step, from beside the answers."""
        x = self.layout.column_x(column)
        right = x + self.spacing.fed_back_at
        begin = QPointF(answers_right + BESIDE, self.layout.answer(column).center().y())
        end = QPointF(x + 4, self.layout.cells_bottom + STEM_BELOW / 2 + 1 + self.layout.entrance_height)
        path = QPainterPath(begin)
        path.cubicTo(QPointF(right, begin.y()), QPointF(right, begin.y()), QPointF(right, begin.y() + 34))
        path.lineTo(QPointF(right, end.y() - BEND))
        path.cubicTo(QPointF(right, end.y()), QPointF(right, end.y()), QPointF(right - 20, end.y()))
        path.lineTo(end)
        painter.setPen(QPen(QColor(mix(self.theme.border, self.theme.muted, 0.5)), 1.1, Qt.PenStyle.DashLine))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPath(path)
        arrow_head(painter, end, -1.0)

    def _hand_over(self, painter: QPainter, encoder: int, decoder: int) -> None:
        """Draw the lines from the encoder's last states to the decoder, and attention looking back at all states."""
        for row in self.diagram.rows:
            level_there = self.diagram.row_at(decoder, row.depth)
            if not self.diagram.hands_over(row.part) or level_there is None:
                continue
            begin = self.layout.cell(encoder, row.level)
            end = self.layout.cell(decoder, self.diagram.rows[level_there].level)
            painter.setPen(flow_pen(row, 0 if row.backward else row.steps - 1, self.theme))
            left = QPointF(begin.right(), begin.center().y() + _beside_names(begin, named_above=not row.backward))
            right = QPointF(end.left(), end.center().y() + _beside_names(end, named_above=False))
            path, below = QPainterPath(left), right - QPointF(LOOP_REACH, 0)  # past the name of the state before
            bend = (below.x() - left.x()) / 2
            path.cubicTo(left + QPointF(bend, 0), below - QPointF(bend, 0), below)
            path.lineTo(right)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawPath(path)
            arrow_head(painter, right, 1.0)
        x = (self.layout.column_x(encoder) + self.layout.column_x(decoder)) / 2
        painter.setFont(self.base.fonts[11])
        painter.setPen(QColor(self.theme.muted))
        low = self.layout.cell(encoder, 0).bottom() + (LOW_LOOP - 1 if self.spacing.brief else -4)  # clear of the loops
        painter.drawText(
            QRectF(x - 60, low, 120, LINE),
            CENTER,
            "the last states" if self.diagram.both_ways else "the last state",
        )
        if self.diagram.attends:
            self._looks_back(painter, encoder, decoder)

    def _looks_back(self, painter: QPainter, encoder: int, decoder: int) -> None:
        """Draw attention: an arc from the encoder's highest cell to the stem above the decoder's."""
        top, foot = self.layout.cells_top, self.layout.softmax(decoder).bottom()
        begin = QPointF(self.layout.column_x(encoder), top)
        end = QPointF(self.layout.column_x(decoder), (foot + top) / 2)
        path = QPainterPath(begin)
        path.cubicTo(begin - QPointF(-30, 62), QPointF((begin.x() + end.x()) / 2, end.y()), end)
        color = QColor(self.base.attention.color(0))
        painter.setPen(QPen(color, 1.6))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPath(path)
        arrow_head(painter, end, 1.0)
        painter.setFont(self.base.fonts[11])
        box = QRectF((begin.x() + end.x()) / 2 - 90, path.boundingRect().top() - LINE, 180, LINE)
        painter.drawText(box, CENTER, "attention to all states")


def _beside_names(cell: QRectF, *, named_above: bool) -> float:
    """From the middle of a cell down to the line to the decoder: below the names of the states or, where the cell is
    too low for that, on their other side. named_above: whether they are named above the middle."""
    most = cell.height() / 2 - WITHIN
    return min(BELOW_NAMES, most) if named_above or most >= BELOW_NAMES else -most


def weights_of(row: LayerRow, remembers: bool) -> str:
    """The letters of a layer's parameters, as the view of the weights names them: "W₁ U₁ b₁"."""
    mark = f"{subscript(row.depth + 1)}{'←' if row.backward else ''}"
    return "  ".join(f"{letter}{mark}" for letter in ("W", "U", "b") if remembers or letter != "U")


def paint_whole(
    base: DiagramPainter, selected: tuple[int, int] | None, painter: QPainter, report: Callable[[float], None]
) -> None:
    """Draw the whole picture, folded or not."""
    base.paint(painter, range(len(base.diagram.columns)), selected, report=report)
    paint_loop(base, painter)


def paint_loop(base: DiagramPainter, painter: QPainter) -> None:
    """Draw the loop, which appears in the second half of the folding."""
    layout, fold = base.layout, base.layout.fold
    if fold is None or fold.share <= 0.5:
        return
    painter.save()
    painter.setOpacity(2.0 * fold.share - 1.0)
    if layout.pinned:  # the answer stands over what goes on behind it
        edge = layout.answer_left - PINNED_GAP
        painter.setClipRect(QRectF(edge - layout.width, -layout.height, layout.width, 3 * layout.height))
    LoopPainter(base).paint(painter, fold.staying)
    painter.restore()
