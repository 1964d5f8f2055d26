"""Where things stand in the picture of the unrolled network, in picture units (pixels at zoom 1)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF

from gui.unrolled_view.diagram import Diagram

WIDEST_COLUMN, NARROWEST_COLUMN = 104.0, 50.0
SCROLLED_COLUMN = 74.0  # where even the narrowest columns do not fit
CELL_GAP = 10.0  # at least, for the arrow between two cells
CROSSED_GAP = 20.0  # where the lines around cells of two directions stand between them as well
MARGIN_LEFT = 44.0
MARGIN_RIGHT = 20.0
PART_GAP = 34.0  # between encoder and decoder
OUTPUT_HEIGHT = 52.0  # symbol, bar and number above the cells
STEM = 15.0  # the line between a cell and what stands below or above
CELL_WIDTH = 66.0
TALL_CELL, LOW_CELL = 70.0, 44.0
MANY_LEVELS = 3  # from here on cells are low, so that the whole network fits
LEVEL_GAP = 18.0
INPUT_HEIGHT = 26.0
CAPTION_HEIGHT = 18.0  # "encoder", "decoder"
FOLDED_CELL, FOLDED_SLOT = 84.0, 160.0  # widths of the one cell of the loop, and of what stands above and below it
BYPASS, FOLDED_BYPASS = 11.0, 36.0  # how far a line that passes a cell stays away from it


@dataclass(frozen=True)
class Gathering:
    """All columns of a part on their way to one place, where they are one cell with a loop.

    share: 0 unrolled, 1 folded. places: middle of each part's cell when folded. staying: the column of each part that
    is seen when folded.
    """

    share: float
    places: Mapping[str, float]
    staying: Mapping[str, int]


@dataclass(frozen=True)
class DiagramLayout:
    """Positions of everything in one diagram."""

    diagram: Diagram
    column_width: float = WIDEST_COLUMN
    gathering: Gathering | None = None

    @classmethod
    def fitting(cls, diagram: Diagram, room: float) -> DiagramLayout:
        """Columns as wide as is pleasant, or closer when that makes the whole picture fit into `room`."""
        natural = cls(diagram)
        spare = room - natural.width
        if spare >= 0 or not diagram.columns:
            return natural
        closer = WIDEST_COLUMN + spare / len(diagram.columns)
        narrowest = NARROWEST_COLUMN + (CROSSED_GAP - CELL_GAP if diagram.both_ways else 0.0)
        return cls(diagram, closer if closer >= narrowest else SCROLLED_COLUMN)

    def _moved(self, apart: float, together: float) -> float:
        """Between the value of the unrolled picture and that of the folded one."""
        return apart if self.gathering is None else apart + (together - apart) * self.gathering.share

    @property
    def cell_width(self) -> float:
        """Width of one cell."""
        gap = CROSSED_GAP if self.diagram.both_ways else CELL_GAP
        return self._moved(min(CELL_WIDTH, self.column_width - gap), FOLDED_CELL)

    @property
    def slot_width(self) -> float:
        """Width of what is written above and below a cell."""
        return self._moved(self.column_width, FOLDED_SLOT)

    @property
    def bypass(self) -> float:
        """How far from a cell the lines go that pass it; around the loop when there is one."""
        return self._moved(BYPASS, FOLDED_BYPASS)

    @property
    def cell_height(self) -> float:
        """Height of one cell."""
        return TALL_CELL if self.diagram.levels < MANY_LEVELS else LOW_CELL

    @property
    def caption_height(self) -> float:
        """Room for the names of the parts, where there are parts."""
        return CAPTION_HEIGHT if any(c.part for c in self.diagram.columns[:1]) else 0.0

    @property
    def cells_height(self) -> float:
        """Height of all rows of cells."""
        levels = max(1, self.diagram.levels)
        return levels * self.cell_height + (levels - 1) * LEVEL_GAP

    @property
    def width(self) -> float:
        """Width of the whole picture."""
        if not self.diagram.columns:
            return MARGIN_LEFT + MARGIN_RIGHT
        # the other direction begins at the right, with a zero of its own
        margin = MARGIN_LEFT if self.diagram.both_ways else MARGIN_RIGHT
        return self.column_x(len(self.diagram.columns) - 1) + self.column_width / 2 + margin

    @property
    def height(self) -> float:
        """Height of the whole picture."""
        return self.caption_height + OUTPUT_HEIGHT + STEM + self.cells_height + STEM + INPUT_HEIGHT

    @property
    def part_starts(self) -> list[int]:
        """Columns in which a part begins."""
        columns = self.diagram.columns
        return [i for i in range(len(columns)) if i == 0 or columns[i].part != columns[i - 1].part]

    def gap_before(self, column: int) -> float:
        """Extra room in front of this column."""
        first = self.diagram.columns[0].part
        return PART_GAP if self.diagram.columns[column].part != first else 0.0

    def column_x(self, column: int) -> float:
        """Middle of a column."""
        apart = MARGIN_LEFT + (column + 0.5) * self.column_width + self.gap_before(column)
        if self.gathering is None:
            return apart
        return self._moved(apart, self.gathering.places[self.diagram.columns[column].part])

    def columns_between(self, left: float, right: float) -> range:
        """Columns that show in this stretch of the unrolled picture, with one to spare on both sides."""
        count = len(self.diagram.columns)
        first = int((left - MARGIN_LEFT - PART_GAP) // self.column_width) - 1
        last = int((right - MARGIN_LEFT) // self.column_width) + 2
        return range(max(0, min(first, count)), max(0, min(last, count)))

    @property
    def cells_top(self) -> float:
        """Upper edge of the highest row of cells."""
        return self.caption_height + OUTPUT_HEIGHT + STEM

    @property
    def cells_bottom(self) -> float:
        """Lower edge of the lowest row of cells."""
        return self.cells_top + self.cells_height

    def cell(self, column: int, level: int) -> QRectF:
        """The box of one cell; level 0 is the lowest."""
        top = self.cells_bottom - (level + 1) * self.cell_height - level * LEVEL_GAP
        return QRectF(self.column_x(column) - self.cell_width / 2, top, self.cell_width, self.cell_height)

    def output(self, column: int) -> QRectF:
        """Where the output of a column is written."""
        left = self.column_x(column) - self.slot_width / 2
        return QRectF(left, self.caption_height, self.slot_width, OUTPUT_HEIGHT)

    def input(self, column: int) -> QRectF:
        """Where the input of a column is written."""
        left = self.column_x(column) - self.slot_width / 2
        return QRectF(left, self.cells_bottom + STEM, self.slot_width, INPUT_HEIGHT)

    def columns_at(self, x: float) -> list[int]:
        """Columns that may stand here; of a folded picture those that are seen."""
        return list(self.columns_between(x, x) if self.gathering is None else self.gathering.staying.values())

    def hit(self, point: QPointF) -> tuple[int, int] | None:
        """LayerRow and column of the cell at a point of the picture."""
        for column in self.columns_at(point.x()):
            for level in range(self.diagram.levels):
                row = self.diagram.row_at(column, level)
                if row is not None and self.cell(column, level).contains(point):
                    return row, column
        return None
