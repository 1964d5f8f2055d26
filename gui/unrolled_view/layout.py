"""Where things are in the picture of the unrolled network, in picture units (pixels at zoom 1)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

from PySide6.QtCore import QPointF, QRectF

from gui.unrolled_view.column_width import (
    CELL_GAP,
    CROSSED_GAP,
    LETTER_COLUMN,
    SCROLLED_COLUMN,
    WIDEST_COLUMN,
    narrowest_column,
)
from gui.unrolled_view.diagram import Diagram
from gui.unrolled_view.fold import FOLDED_ASIDE, FOLDED_BYPASS, FOLDED_CELL, FOLDED_SLOT, Fold
from gui.unrolled_view.row_heights import STEM_BELOW, STRIP_GAP, STRIP_HEIGHT, RowHeights
from gui.unrolled_view.side_answer import ANSWER_WIDTH, SideAnswer, height_of_answer

ROUNDING = 0.05
ROUNDS = 3  # of making columns narrower: after them a picture fits to a small part of a pixel
MARGIN_LEFT = 74.0  # for the names beside the columns: "spelling 200", "target"
MARGIN_RIGHT = 20.0
MARGIN_CROSSED = 30.0  # where the other direction begins at the right, with a zero of its own
PART_GAP = 42.0  # between encoder and decoder
LOSS_HEIGHT, TARGET_HEIGHT, ANSWER_HEIGHT = 13.0, 13.0, 19.0
BAR_PITCH = 10.5  # from one bar of the distribution to the next
FEW_NUMBERS = 3  # up to this many numbers predicted at each step all get a line
BESIDE_BAR = 4.0  # what bars leave free of the width of a column
BAR_COUNTS = (5, 4, 3, 2, 1)  # bars above each step; the most that fit the height are used
MOST_BARS = 10  # where there is room below cells that are as high as they get
SOFTMAX_WIDTH, SOFTMAX_HEIGHT = 50.0, 15.0
COPIED_GAP = 2.0  # between the softmax and the box above it that says how much is copied
COPIED_FROM = 48.0  # width of that box from which there is room for a word beside its number
SOFTMAX_GAP, SOFTMAX_FROM = 3.0, 42.0  # between two boxes; width of one from which the word softmax is readable
CELL_WIDTH = 66.0
MOST_TALL = 3.5  # times their usual height, where there is room
TITLED_CELL = 50.0  # least height of a cell with room for its name
CAPTION_HEIGHT = 18.0  # "encoder", "decoder"
CAPTION_LINES_HEIGHT = 48.0  # of the caption above the cells of a part that only reads
POOL_HEIGHT = 30.0
TOP = 30.0  # above the cells of a network that answers once: the loop rises into it
ANSWER_ASIDE = 18.0  # from the last cell to the one answer beside it
BYPASS = 11.0  # distance between a cell and a line that passes it


@dataclass(frozen=True)
class DiagramLayout:
    """Positions of everything in one diagram; each is computed once, however often the painter asks.

    tall: how many times their usual height the cells have. tight: see `RowHeights`. left: where names of rows at the
    left edge of the visible area end. right: right edge of that area; an answer beyond it is drawn at the edge.
    stacked: whether one answer stands below its softmax, where there is no room for it beside that. scrolls: whether
    even the narrowest columns were too wide to fit.
    """

    diagram: Diagram
    column_width: float = WIDEST_COLUMN
    fold: Fold | None = None
    bars: int = BAR_COUNTS[0]
    tall: float = 1.0
    tight: float = 0.0
    left: float = 0.0
    right: float | None = None
    stacked: bool = False
    scrolls: bool = False

    @classmethod
    def fitting(
        cls, diagram: Diagram, room: float, height: float = float("inf"), scrolled: float = SCROLLED_COLUMN,
        least: float = 0.0,
    ) -> DiagramLayout:  # fmt: skip
        """A layout with columns of a comfortable width, or narrower if all then fits into `room`, and `most_bars`.
        scrolled: the width of columns that do not fit. least: the width of any columns."""
        natural = cls(diagram, bars=cls.most_bars(diagram, height))
        if room >= natural.width or not diagram.columns:
            return natural
        narrowest = max(narrowest_column(diagram), least)
        for layout in (natural, natural.narrower):
            closer = layout._column_for(room)
            if closer > narrowest - ROUNDING:
                return replace(layout, column_width=closer)
        return replace(natural.narrower, column_width=scrolled, scrolls=True)

    @classmethod
    def most_bars(cls, diagram: Diagram, height: float) -> int:
        """The most bars above each column that fit into this height."""
        least = cls(diagram, bars=BAR_COUNTS[-1]).height
        return next(n for n in BAR_COUNTS if cls(diagram, bars=n).height <= max(height, least))

    @property
    def narrower(self) -> DiagramLayout:
        """The same with one answer below its softmax; counted words have that place already."""
        return replace(self, stacked=self.diagram.answers_once and not self.diagram.word_counts)

    def _column_for(self, room: float) -> float:
        """The width of columns with which the whole picture fits into `room`; not exact if that is unreadable."""
        count = len(self.diagram.columns)
        closer = WIDEST_COLUMN + (room - self.width) / count
        for _ in range(ROUNDS if closer >= LETTER_COLUMN else 0):  # cells get narrower too, but only from some width on
            closer -= max(0.0, replace(self, column_width=closer).width - room) / count
        return closer

    def filling(self, height: float) -> DiagramLayout:
        """The same with cells that are as high as this height allows, but not lower than usual, and with more bars
        where even they leave some of it."""
        usual = replace(self, tall=1.0, tight=0.0)
        cells = max(1, self.diagram.levels) * usual.cell_height
        filled = replace(usual, tall=min(MOST_TALL, max(1.0, 1.0 + (height - usual.height) / cells)))
        more = int(max(0.0, height - filled.height) // BAR_PITCH)
        return filled if self.diagram.answers_once else replace(filled, bars=min(MOST_BARS, self.bars + more))

    def tightened(self, height: float) -> DiagramLayout:
        """The same with rows and gaps that are lower, as far as this height needs and they can be read."""
        usual, tightest = replace(self, tight=0.0), replace(self, tight=1.0)
        over, saved = usual.height - height, usual.height - tightest.height
        return replace(self, tight=min(1.0, over / saved)) if over > 0 and saved > 0 else usual

    @cached_property
    def rows(self) -> RowHeights:
        """The heights of rows and gaps, but for cells that are taller."""
        return RowHeights(self.diagram.levels, self.tight)

    def _moved(self, apart: float, together: float) -> float:
        """Interpolate between the value of the unrolled picture and that of the folded one."""
        return apart if self.fold is None else apart + (together - apart) * self.fold.share

    @cached_property
    def cell_width(self) -> float:
        """Width of one cell."""
        gap = CROSSED_GAP if self.diagram.both_ways else CELL_GAP
        return self._moved(min(CELL_WIDTH, self.column_width - gap), FOLDED_CELL)

    @cached_property
    def slot_width(self) -> float:
        """Width of the text above and below a cell."""
        return self._moved(self.column_width, FOLDED_SLOT)

    @cached_property
    def bypass(self) -> float:
        """Distance between a cell and lines that pass it; larger if there is a loop to go around."""
        return self._moved(BYPASS, FOLDED_BYPASS)

    @cached_property
    def aside(self) -> float:
        """Distance between a cell and a line around it that stays in its column."""
        return min(self.bypass, (self.slot_width - self.cell_width) / 2)

    @cached_property
    def cell_height(self) -> float:
        """Height of one cell."""
        return self.tall * self.rows.cell

    @cached_property
    def caption_height(self) -> float:
        """Height reserved for the names of the parts, if there are several."""
        return CAPTION_HEIGHT if any(c.part for c in self.diagram.columns[:1]) else 0.0

    @cached_property
    def cells_height(self) -> float:
        """Height of all rows of cells."""
        levels = max(1, self.diagram.levels)
        return levels * self.cell_height + (levels - 1) * self.rows.level_gap

    @cached_property
    def cells_right(self) -> float:
        """Right edge of the last cell."""
        columns = self.diagram.columns
        return self.column_x(len(columns) - 1) + self.cell_width / 2 if columns else MARGIN_LEFT

    @cached_property
    def width(self) -> float:
        """Width of the whole picture."""
        if not self.diagram.columns:
            return MARGIN_LEFT + MARGIN_RIGHT
        if self.diagram.answers_once:
            return self.beside.right
        margin = MARGIN_CROSSED if self.diagram.both_ways else MARGIN_RIGHT
        return self.column_x(len(self.diagram.columns) - 1) + self.column_width / 2 + margin

    @cached_property
    def height(self) -> float:
        """Height of the whole picture."""
        if not self.diagram.answers_once:
            return self._inputs_bottom
        return max(self._inputs_bottom, self.beside.output.bottom() + 4)

    @property
    def _inputs_bottom(self) -> float:
        return self.cells_bottom + STEM_BELOW + self.entrance_height + self.rows.input

    def gap_before(self, column: int) -> float:
        """Extra room in front of this column."""
        first = self.diagram.columns[0].part
        return PART_GAP if self.diagram.columns[column].part != first else 0.0

    def column_x(self, column: int) -> float:
        """Middle of a column."""
        apart = MARGIN_LEFT + (column + 0.5) * self.column_width + self.gap_before(column)
        if self.fold is None:
            return apart
        return self._moved(apart, self.fold.places[self.diagram.columns[column].part])

    def columns_between(self, left: float, right: float) -> range:
        """Columns visible in this stretch of the unrolled picture, with one to spare on both sides."""
        count = len(self.diagram.columns)
        first = int((left - MARGIN_LEFT - PART_GAP) // self.column_width) - 1
        last = int((right - MARGIN_LEFT) // self.column_width) + 2
        return range(max(0, min(first, count)), max(0, min(last, count)))

    # ---- cells

    @cached_property
    def stem(self) -> float:
        """Length of the line from a cell to its softmax."""
        return self.rows.stem + (self.rows.lanes if self.diagram.attends else 0.0)

    @cached_property
    def cells_top(self) -> float:
        """Upper edge of the highest row of cells."""
        if not self.diagram.answers_once:
            return self.caption_height + self.outputs_height + self.stem
        above = TOP if not self.diagram.pools else 6 + POOL_HEIGHT + self._below_pool
        answer = height_of_answer(self.block_height, stacked=self.stacked)
        return self.caption_height + max(above, (answer - self.cells_height) / 2 + 4)

    @cached_property
    def cells_bottom(self) -> float:
        """Lower edge of the lowest row of cells."""
        return self.cells_top + self.cells_height

    def lift(self, column: int) -> float:
        """How much higher a column is drawn: a part that only reads has no answers, so it is centred instead of lying
        below an empty band."""
        return self._lifts[self.diagram.columns[column].part]

    @cached_property
    def _lifts(self) -> dict[str, float]:
        parts = {column.part for column in self.diagram.columns}
        free = max(0.0, self.cells_top - self.stem - CAPTION_LINES_HEIGHT)
        return {part: self._moved(free / 2, 0.0) if self.diagram.hands_over(part) else 0.0 for part in parts}

    def bottom(self, column: int) -> float:
        """Lower edge of the lowest cell of a column."""
        return self.cells_bottom - self.lift(column)

    def cell(self, column: int, level: int) -> QRectF:
        """The box of one cell; level 0 is the lowest."""
        top = self.bottom(column) - (level + 1) * self.cell_height - level * self.rows.level_gap
        return QRectF(self.column_x(column) - self.cell_width / 2, top, self.cell_width, self.cell_height)

    @cached_property
    def hidden_layer(self) -> QRectF:
        """The hidden layer of a network without cells: one box over all of its places."""
        left, right = self.cell(0, 0).left(), self.cells_right
        return QRectF(left, self.cells_top, right - left, self.cell_height - 22)

    @cached_property
    def pool(self) -> QRectF:
        """The box of the pooling, where all states become one."""
        left, right = self.cell(0, 0).left(), self.cells_right
        bottom = self.cells_top - self._below_pool
        return QRectF(left, bottom - POOL_HEIGHT, right - left, POOL_HEIGHT)

    @property
    def _below_pool(self) -> float:
        return self.rows.stem + self.rows.level_gap / 2 * self.diagram.both_ways

    def pool_seen(self, left: float, right: float) -> QRectF:
        """The part of that box between two edges, as far as a pinned answer does not cover it."""
        right = min(right, self.answer_left - ANSWER_ASIDE) if self.pinned else right
        return self.pool & QRectF(left, self.pool.top(), max(right - left, 1.0), self.pool.height())

    # ---- outputs

    @cached_property
    def outputs_height(self) -> float:
        """Height of loss, target, answer, distribution and softmax above a column."""
        boxes = SOFTMAX_HEIGHT + (SOFTMAX_HEIGHT + COPIED_GAP) * self.diagram.copies
        return LOSS_HEIGHT + self.target_height + self.answer_height + self.lines * BAR_PITCH + 5 + boxes

    @cached_property
    def lines(self) -> int:
        """Number of bars, or of predicted numbers, above a column: as many as fit; a few numbers are all shown."""
        outcomes, numbers = self.diagram.outcomes, self.diagram.numbers
        if numbers is not None:
            return min(max(self.bars, FEW_NUMBERS), int(numbers.means.shape[1]))
        return self.bars if outcomes is None else min(self.bars, len(outcomes.symbols))

    @property
    def numbers_left_out(self) -> int:
        """How many of several predicted numbers have no line: the last line says so instead of showing one."""
        numbers = self.diagram.numbers
        without = 0 if numbers is None else int(numbers.means.shape[1]) - self.lines
        return without + 1 if without else 0

    @cached_property
    def target_height(self) -> float:
        """Height of the line with the right answer; 0 for several numbers, which have marks for it instead."""
        return 0.0 if self.diagram.predicts_several else TARGET_HEIGHT

    @cached_property
    def answer_height(self) -> float:
        """Height of the line with the answer; 0 for several numbers, which have lines of their own."""
        return 0.0 if self.diagram.predicts_several else ANSWER_HEIGHT

    @cached_property
    def block_height(self) -> float:
        """Height of loss, target, answer and distribution beside the cells of a network that answers once."""
        return LOSS_HEIGHT + self.target_height + self.answer_height + self.lines * BAR_PITCH + 2

    @cached_property
    def beside(self) -> SideAnswer:
        """The one answer where it belongs."""
        aside = ANSWER_ASIDE + (MARGIN_CROSSED - MARGIN_RIGHT) * self.diagram.both_ways
        left = self.cells_right + self._moved(aside, FOLDED_ASIDE) + 4
        middle = self.cells_top + self.cells_height / 2
        return SideAnswer(left, middle, self.block_height, self.stacked)

    @property
    def _pinned_by(self) -> float:
        return self.right - self.width if self.pinned and self.right is not None else 0.0

    @property
    def answer_left(self) -> float:
        """Left edge of the one answer."""
        return self.beside.left + self._pinned_by

    @cached_property
    def pinned(self) -> bool:
        """Whether a single answer is drawn at the edge of the visible area, because it lies beyond."""
        return self.diagram.answers_once and self.right is not None and self.right < self.width - 1

    def softmax(self, column: int) -> QRectF:
        """The box of the softmax that turns a state into probabilities."""
        if self.diagram.answers_once:
            return self.beside.softmax.translated(self._pinned_by, 0)
        box = self.output(column)
        width = min(SOFTMAX_WIDTH, self.slot_width - SOFTMAX_GAP)
        return QRectF(box.center().x() - width / 2, box.bottom() - SOFTMAX_HEIGHT, width, SOFTMAX_HEIGHT)

    def copied(self, column: int) -> QRectF:
        """The box above the softmax that says how much is copied."""
        return self.softmax(column).translated(0, -SOFTMAX_HEIGHT - COPIED_GAP)

    def output(self, column: int) -> QRectF:
        """The box of a column's whole output."""
        if self.diagram.answers_once:
            return self.beside.output.translated(self._pinned_by, 0)
        left = self.column_x(column) - self.slot_width / 2
        return QRectF(left, self.caption_height, self.slot_width, self.outputs_height)

    def loss(self, column: int) -> QRectF:
        """The box of a step's loss."""
        return self._line(column, 0.0, LOSS_HEIGHT)

    def target(self, column: int) -> QRectF:
        """The box of the right answer."""
        return self._line(column, LOSS_HEIGHT, self.target_height)

    def answer(self, column: int) -> QRectF:
        """The box of the most probable answer."""
        return self._line(column, LOSS_HEIGHT + self.target_height, self.answer_height)

    def _line(self, column: int, down: float, height: float) -> QRectF:
        box = self.output(column)
        return QRectF(box.left(), box.top() + down, box.width(), height)

    def bar(self, column: int, rank: int) -> QRectF:
        """The box of one bar of the distribution."""
        box = self.answer(column)
        wide = min(box.width() - BESIDE_BAR, ANSWER_WIDTH)
        return QRectF(box.center().x() - wide / 2, box.bottom() + 1 + rank * BAR_PITCH, wide, BAR_PITCH)

    # ---- inputs

    @cached_property
    def entrance_height(self) -> float:
        """Height of the vectors between a symbol and its cell."""
        strips = max((len(e.sizes) for e in self.diagram.entrances.values()), default=0)
        return strips * (STRIP_HEIGHT + STRIP_GAP) + (self.rows.strip_stem if strips else 0.0)

    def strip(self, column: int, number: int) -> QRectF:
        """The box of one stretch of a symbol's vector."""
        top = self.bottom(column) + STEM_BELOW + number * (STRIP_HEIGHT + STRIP_GAP)
        return QRectF(self.column_x(column) - self.cell_width / 2, top, self.cell_width, STRIP_HEIGHT)

    def input(self, column: int) -> QRectF:
        """The box of a column's input."""
        left = self.column_x(column) - self.slot_width / 2
        return QRectF(left, self.bottom(column) + STEM_BELOW + self.entrance_height, self.slot_width, self.rows.input)

    # ---- finding what is at a point

    def columns_at(self, x: float) -> list[int]:
        """Columns that may be here; in a folded picture, the visible ones."""
        if self.fold is not None:
            return list(self.fold.staying.values())
        return list(self.columns_between(x, x)) if x >= self.left else []

    def hit(self, point: QPointF) -> tuple[int, int] | None:
        """Row and column of the cell at a point of the picture."""
        if self.pinned and self.right is not None and point.x() > self.answer_left - ANSWER_ASIDE:
            return None
        for column in self.columns_at(point.x()):
            for level in range(self.diagram.levels):
                row = self.diagram.row_at(column, level)
                if row is not None and self.cell(column, level).contains(point):
                    return row, column
        return None

    def output_at(self, point: QPointF) -> int | None:
        """The column whose output is at a point of the picture."""
        columns = [self.diagram.answer] if self.diagram.answers_once else self.columns_at(point.x())
        for column in columns:
            shown = 0 <= column < len(self.diagram.columns) and self.diagram.columns[column].above
            if shown and (self.output(column) | self.softmax(column)).contains(point):
                return column
        return None

    def column_at(self, point: QPointF) -> int | None:
        """The column that a point of the picture belongs to, at any height."""
        for column in self.columns_at(point.x()):
            if abs(self.column_x(column) - point.x()) <= self.slot_width / 2:
                return column
        return None
