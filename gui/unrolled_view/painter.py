"""Draws the unrolled network: one painter for the screen and for saved pictures."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPainterPath, QPen

from engine.number_text import rounded_to_fit
from gui.theme import Theme, mix
from gui.unrolled_view.attention_painter import AttentionPainter
from gui.unrolled_view.bidirectional import above_both, draw_bidirectional
from gui.unrolled_view.cell_names import CellNames, name_of_state
from gui.unrolled_view.copied_share import draw_copied_share
from gui.unrolled_view.diagram import CellPlace
from gui.unrolled_view.first_state import draw_first_state
from gui.unrolled_view.flow import arrow_head, flow_pen, forward_level
from gui.unrolled_view.gradient_lines import back_from_cells
from gui.unrolled_view.gradient_texts import GradientTexts
from gui.unrolled_view.inputs import InputPainter
from gui.unrolled_view.layout import TITLED_CELL, DiagramLayout
from gui.unrolled_view.outputs import WORD_GAP, OutputPainter, widened_box
from gui.unrolled_view.paint_progress import reported
from gui.unrolled_view.part_names import draw_captions
from gui.unrolled_view.passed_state import draw_passed_state
from gui.unrolled_view.playing import Phase, Playing
from gui.unrolled_view.row_heights import STEM_BELOW
from gui.unrolled_view.row_names import draw_all_names, draw_names, first_answer, names_above
from gui.unrolled_view.spanning import SpanningPainter
from gui.unrolled_view.symbol_sizes import SymbolSizes
from gui.unrolled_view.tiles import StatePictures, draw_tiles
from gui.widgets.elided_names import MOST_COMPARED, cut_name
from gui.widgets.symbols import visible_symbol

GRADIENT = 3  # index of the theme's series colour for gradients
AROUND_TILES = 7 / 44  # of the height of a cell without names, at most 7
CENTER = int(Qt.AlignmentFlag.AlignCenter)
CENTER_UNCLIPPED = CENTER | int(Qt.TextFlag.TextDontClip)
MOST_PENS = 1 << 12  # pens that are cached: a picture uses the same ones hundreds of times a frame


class DiagramPainter:
    """Draws the visible part of a diagram; while an example is played, only as far as it has got."""

    def __init__(
        self,
        layout: DiagramLayout,
        pictures: StatePictures,
        theme: Theme,
        font: QFont,
        playing: Playing | None = None,
    ) -> None:
        self.layout, self.pictures, self.theme = layout, pictures, theme
        self.diagram = layout.diagram
        self.symbols = SymbolSizes(layout, font)
        self.fonts = self.symbols.fonts
        self.cell_names = CellNames(self.diagram, layout.cell_width, self.symbols.width)
        self.whole_words = False  # whether words that are too long for their column extend over its neighbours
        self._take(playing)
        wide, room = QFontMetricsF(self.fonts[10]).horizontalAdvance, layout.cell_width - 4  # clear of the frame
        self._gradients = None if playing is None else GradientTexts(playing, lambda text: wide(text) <= room)
        self.outputs, self.inputs = OutputPainter(self), InputPainter(self)
        self.spanning = SpanningPainter(self)
        self.attention = AttentionPainter(self)

    # ---- how far an example has got

    def _take(self, playing: Playing | None) -> None:
        self.playing = playing
        self._computed = None if playing is None else playing.computed()
        self._answered = None if playing is None else playing.answered()
        self._reached: set[CellPlace] = set() if playing is None else playing.reached()
        self._returned: set[int] = set() if playing is None else playing.returned()
        self.loses = playing is None or playing.loses
        self.gathered = playing is None or playing.gathered()
        self.handed_back = playing is not None and playing.handed_back()

    def answered(self, column: int) -> bool:
        """Whether the output above a column is known."""
        return self._answered is None or column in self._answered

    def returned(self, column: int) -> bool:
        """Whether the error above a column has gone back through the softmax."""
        return column in self._returned

    def input_known(self, column: int) -> bool:
        """Whether the symbol that a column reads is known."""
        return self.playing is None or self.playing.input_known(column)

    def loss(self, column: int) -> float:
        """The loss of a step; while an example is played, the step's part in its loss."""
        if self.playing is None:
            return self.diagram.columns[column].loss
        return self.playing.loss(column)

    def computed(self, place: CellPlace) -> bool:
        """Whether the state of a cell is known."""
        return self._computed is None or place in self._computed

    def reached(self, place: CellPlace) -> bool:
        """Whether the gradient has reached a cell."""
        return place in self._reached

    @property
    def gradient_color(self) -> str:
        """The colour of everything that flows back."""
        return self.theme.series[GRADIENT]

    def _now(self) -> str:
        """The colour for what happens at this moment."""
        back = self.playing is not None and self.playing.moment.phase is Phase.BACKWARDS
        return self.gradient_color if back else self.theme.accent

    def now_answering(self, column: int) -> str:
        """The colour of the frame around a softmax that is computing now, else ""."""
        return self._now() if self.playing is not None and column in self.playing.moment.answers else ""

    @property
    def now_gathering(self) -> str:
        """The colour of the frame around the box where everything becomes one now, else ""."""
        return self._now() if self.playing is not None and self.playing.moment.gathers else ""

    # ---- pens

    def pen(self, color: str, width: float = 1.0, style: Qt.PenStyle = Qt.PenStyle.SolidLine) -> QPen:
        """A pen with round ends."""
        return _pen(color, width, style)

    def back_pen(self, place: CellPlace) -> QPen:
        """The pen of a line along which a cell's gradient has flowed; the larger the gradient, the wider the line."""
        share = self.playing.share(place) if self.playing is not None else 0.0
        return self.pen(self.gradient_color, 1.2 + 3.0 * share)

    @property
    def error_pen(self) -> QPen:
        """The pen of a line along which an error has come back from an answer, or from all states that became one."""
        return self.pen(self.gradient_color, 2.4)

    def flow_pen(self, row: int, column: int) -> QPen:
        """The pen of a line that leaves a cell."""
        place = (row, column)
        if place in self._reached:
            return self.back_pen(place)
        strip = self.diagram.rows[row]
        if not self.computed(place):
            return self.pen(self.theme.border, 1.2)
        return flow_pen(strip, column - strip.first, self.theme)

    def answer_pen(self, column: int) -> QPen:
        """The pen of the line to a softmax."""
        if self.returned(column):
            return self.error_pen
        return self.pen(self.theme.muted if self.answered(column) else self.theme.border, 1.4)

    # ---- painting

    def paint(
        self,
        painter: QPainter,
        columns: Iterable[int],
        selected: CellPlace | None,
        hovered: CellPlace | None = None,
        report: Callable[[float], None] | None = None,
        pointed: int | None = None,
    ) -> None:
        """Draw these columns; `selected` and `hovered` are (row, column), `pointed` is the column under the mouse.

        While the picture folds, the symbols of all columns but those that stay fade out in the first half, and the loop
        appears in the second. report: called repeatedly with the share of the work that is done.
        """
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        fold = self.layout.fold
        share = 0.0 if fold is None else fold.share
        staying = [] if fold is None else list(fold.staying.values())
        moving = [c for c in columns if c not in staying] if share < 1.0 else []
        draw_captions(painter, self.layout, self.theme, self.fonts[11])
        chosen = selected[1] if selected is not None and selected[1] in moving and share == 0.0 else -1
        painter.setOpacity(max(0.0, 1.0 - 2.0 * share))
        if share < 1.0:
            self._over_the_cells(painter, [*moving, *staying], selected, pointed)
        for column in reported([*moving, *staying], report, 0):
            if share < 1.0:
                self._arrows(painter, column)
        self.outputs.covering = self.outputs.over_neighbours(chosen) if chosen >= 0 else QRectF()
        for column in reported([c for c in moving if c != chosen], report, 1):
            self._symbols(painter, column)
        answer = first_answer(self.diagram)
        if moving and answer is not None:
            self.outputs.notes(painter, answer)
        painter.setOpacity(1.0)
        for column in reported([*moving, *staying], report, 2):
            self._cells(painter, column, selected, hovered)
        for column in staying:
            self._stems(painter, column)
            self._symbols(painter, column)
        if chosen >= 0:  # over its neighbours
            self.whole_words = True
            self._symbols(painter, chosen)
        self.whole_words = False
        if self.diagram.columns and share < 0.5:
            painter.setOpacity(1.0 - 2.0 * share)
            draw_all_names(painter, self.layout, self.theme, self.fonts[10], losses=self.loses)
            painter.setOpacity(1.0)
        if self.diagram.answers_once and self.diagram.columns:
            before = self.outputs.lead_in(painter, self.diagram.answer)
            self.whole_words = chosen == self.diagram.answer
            self.outputs.paint(painter, self.diagram.answer)
            painter.setFont(self.fonts[10])
            draw_names(painter, names_above(self.layout, self.diagram.answer), self.theme)
            self.inputs.drop_before_answer(painter, before)

    def _symbols(self, painter: QPainter, column: int) -> None:
        """Draw what goes into a column, and what comes out if there is an answer for each step."""
        if not self.diagram.answers_once:
            self.outputs.paint(painter, column)
            if self.diagram.copies and self.diagram.columns[column].above:
                draw_copied_share(self, painter, column)
        self.inputs.paint(painter, column)
        self.inputs.drops(painter, column)

    def _over_the_cells(
        self, painter: QPainter, columns: Sequence[int], selected: CellPlace | None, pointed: int | None
    ) -> None:
        """Draw everything that does not belong to a single column."""
        if self.diagram.padded and columns:
            self.spanning.hidden_layer(painter)
        if self.diagram.pools:
            self.spanning.pool_box(painter)
            for column in columns:
                self.spanning.pool(painter, column)
        chosen = pointed if pointed is not None else selected[1] if selected is not None else None
        self.attention.paint(painter, chosen)

    def _cells(self, painter: QPainter, column: int, selected: CellPlace | None, hovered: CellPlace | None) -> None:
        for index, row in enumerate(self.diagram.rows):
            if row.first <= column < row.first + row.steps:
                self._cell(painter, index, column, (index, column) == selected, (index, column) == hovered)

    def _arrows(self, painter: QPainter, column: int) -> None:
        """Draw the stems below and above, the state carried on, and the output fed back."""
        self._stems(painter, column)
        for index, row in enumerate(self.diagram.rows):
            if self.diagram.remembers and row.first <= column < row.first + row.steps:
                self._carried(painter, index, column)
                draw_passed_state(self, painter, index, column)
        answered = self._answered is None or column in self._answered
        if answered and column + 1 < len(self.diagram.columns) and self.diagram.columns[column + 1].fed_back:
            self._fed_back(painter, column)

    def _stems(self, painter: QPainter, column: int) -> None:
        """Draw the line from the input through the rows of cells to the output."""
        layout, theme = self.layout, self.theme
        if self.diagram.padded:
            self.spanning.place(painter, column)
            return
        x = layout.column_x(column)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        grey = self.pen(theme.muted, 1.4)
        foot, half_gap = layout.bottom(column), layout.rows.level_gap / 2
        first = self.diagram.levels_of_layer(column, 0)
        joint = foot + (half_gap if len(first) > 1 else 0.0)  # where the line to the other direction begins
        painter.setPen(back_from_cells(self, column, 0) or grey)
        painter.drawLine(QPointF(x, foot), QPointF(x, joint))
        painter.setPen(back_from_cells(self, column, *first) or grey)
        painter.drawLine(QPointF(x, joint), QPointF(x, foot + STEM_BELOW))
        if self.diagram.columns[column].above and not self.diagram.answers_once:
            level = self._levels_at(column) - 1
            both = self.diagram.turns_back(column, level)
            end = above_both(layout, column, level) if both else layout.cell(column, level).top()
            painter.setPen(self.answer_pen(column))
            painter.drawLine(QPointF(x, layout.softmax(column).bottom()), QPointF(x, end))
        for level in range(1, self._levels_at(column)):
            if self.diagram.turns_back(column, level):
                draw_bidirectional(self, painter, column, level)
                continue
            foot, apart = layout.cell(column, level).bottom(), self.diagram.turns_back(column, level - 1)
            painter.setPen(back_from_cells(self, column, level) or grey)
            painter.drawLine(QPointF(x, foot), QPointF(x, foot + (half_gap if apart else 2 * half_gap)))

    def _levels_at(self, column: int) -> int:
        return 1 + max((s.level for s in self.diagram.rows if s.first <= column < s.first + s.steps), default=0)

    def _carried(self, painter: QPainter, index: int, column: int) -> None:
        """The line that carries the state into a cell, also from encoder to decoder; its strength shows how large the
        state is.

        In the backward pass the gradient leaves the cell along it.
        """
        layout, row = self.layout, self.diagram.rows[index]
        box = layout.cell(column, row.level)
        y = came_from = box.center().y()
        step = column - row.first
        starts = step == (row.steps - 1 if row.backward else 0)
        handed = starts and self.diagram.takes_over(row.part) and row.first > 0 and not row.backward
        source = (index, column + 1 if row.backward else column - 1)
        if row.backward:
            begin = box.right() + 18 if starts else layout.cell(column + 1, row.level).left()
            end = box.right()
        else:
            level = forward_level(self.diagram, row) if handed else row.level
            begin = box.left() - 18 if starts and not handed else layout.cell(column - 1, level).right()
            if handed:
                came_from = layout.cell(column - 1, level).center().y()
                source = (self.diagram.row_at(column - 1, level) or 0, column - 1)
            end = box.left()
        back = (index, column) in self._reached
        if back:
            painter.setPen(self.back_pen((index, column)))
        else:
            painter.setPen(flow_pen(row, -1, self.theme) if starts and not handed else self.flow_pen(*source))
        painter.drawLine(QPointF(begin, came_from), QPointF(end, y))
        way = -1.0 if row.backward else 1.0
        rise = (y - came_from) / (end - begin)
        tip = QPointF(begin + 6 * way, came_from + 6 * way * rise) if back else QPointF(end, y)
        arrow_head(painter, tip, -way if back else way, rise)
        if starts and not handed:
            draw_first_state(self, painter, row, QPointF(begin, y))

    def _fed_back(self, painter: QPainter, column: int) -> None:
        layout = self.layout
        answer, below = layout.answer(column), layout.input(column + 1)
        begin = QPointF(answer.center().x() + self.outputs.half_width(column) + 3, answer.center().y())
        end = QPointF(below.center().x() - self.inputs.half_width(column + 1) - 4, below.center().y())
        middle = (layout.column_x(column) + layout.column_x(column + 1)) / 2
        path = QPainterPath(begin)
        path.cubicTo(QPointF(middle - 2, begin.y()), QPointF(middle, begin.y() + 4), QPointF(middle, begin.y() + 22))
        path.lineTo(QPointF(middle, layout.cells_bottom - 10))
        path.cubicTo(QPointF(middle, end.y() - 4), QPointF(middle, end.y()), end)
        painter.setPen(self.pen(mix(self.theme.border, self.theme.muted, 0.5), 1.1, Qt.PenStyle.DashLine))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPath(path)

    def write(self, painter: QPainter, box: QRectF, text: str, size: int, color: str, room: float = 0.0) -> None:
        """Write text in the middle of a box, shortened to the width of a column or to `room`, or whole."""
        room, whole = room or self.layout.slot_width - 3, visible_symbol(text)
        wide = QFontMetricsF(self.fonts[size]).horizontalAdvance(whole)
        if self.whole_words and wide > room:
            box = self.widened(painter, box, wide)
        painter.setFont(self.fonts[size])
        painter.setPen(QColor(color))
        painter.drawText(box, CENTER_UNCLIPPED, whole if self.whole_words else self.fitted(text, size, room))

    def widened(self, painter: QPainter, box: QRectF, wide: float) -> QRectF:
        """Clear the ground of a box of this width around the middle of another, in sight."""
        larger = widened_box(self.layout, box, wide)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(self.theme.surface))
        painter.drawRect(larger.adjusted(-WORD_GAP, 0, WORD_GAP, 0))
        return larger

    def fitted(self, text: str, size: int, room: float) -> str:
        """As much of a text as has room; numbers of a series lose figures and are not cut, and answers can be told
        apart if they are few."""
        metrics, shown = QFontMetricsF(self.fonts[size]), visible_symbol(text)
        if self.diagram.numbers is not None and not self.diagram.answers_once:
            shown = rounded_to_fit(shown, metrics.horizontalAdvance, room)
        outcomes = self.diagram.outcomes
        if outcomes is not None and len(outcomes.symbols) <= MOST_COMPARED and text in outcomes.symbols:
            return cut_name(shown, outcomes.symbols, metrics.horizontalAdvance, room)
        return metrics.elidedText(shown, Qt.TextElideMode.ElideRight, room)

    def _cell(self, painter: QPainter, index: int, column: int, selected: bool, hovered: bool) -> None:
        row, theme, place = self.diagram.rows[index], self.theme, (index, column)
        box = self.layout.cell(column, row.level)
        now = self.playing is not None and place in self.playing.moment.cells
        edge = self._now() if now else theme.text if selected else theme.accent if hovered else theme.border
        if place in self._reached and not now:
            edge = self.gradient_color
        painter.setPen(self.pen(edge, 2.6 if now else 2.0 if selected else 1.2))
        painter.setBrush(QColor(theme.surface))
        painter.drawRoundedRect(box, 8, 8)
        titled = box.height() >= TITLED_CELL
        inset, low = 8.0 if box.width() > 40 else 4.0, min(7.0, box.height() * AROUND_TILES)
        tiles_box = box.adjusted(inset, 18, -inset, -19) if titled else box.adjusted(7, low, -7, -low)
        if titled:
            small, title = self.cell_names.size, self.cell_names.title(row)
            head = QRectF(box.left(), box.top() + 2, box.width(), 16)
            self.write(painter, head, title, small, theme.secondary, box.width())
            foot = QRectF(box.left(), box.bottom() - 19, box.width(), 16)
            if place in self._reached and self._gradients is not None:
                self.write(painter, foot, self._gradients.at(place), 10, self.gradient_color, box.width())
            else:
                name = name_of_state(self.diagram.columns[column].step)
                self.write(painter, foot, name, small, theme.secondary, box.width())
        self._tiles(painter, place, tiles_box)

    def _tiles(self, painter: QPainter, place: CellPlace, box: QRectF) -> None:
        image = self.pictures.images[place[0]]
        if image is None or not self.computed(place):
            painter.setPen(self.pen(self.theme.border, 1.0, Qt.PenStyle.DotLine))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(box, 3, 3)
            return
        step = place[1] - self.diagram.rows[place[0]].first
        draw_tiles(painter, box, image, step, self.pictures.grid, self.theme)


@lru_cache(MOST_PENS)
def _pen(color: str, width: float, style: Qt.PenStyle) -> QPen:
    return QPen(QColor(color), width, style, Qt.PenCapStyle.RoundCap)
