"""Where things stand in the picture of the unrolled network, in picture units (pixels at zoom 1)."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF

from gui.unrolled_view.diagram import Diagram

WIDEST_COLUMN, NARROWEST_COLUMN = 104.0, 50.0
SCROLLED_COLUMN = 74.0  # where even the narrowest columns do not fit
CELL_GAP = 10.0  # at least, for the arrow between two cells
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


@dataclass(frozen=True)
class Layout:
    """Positions of everything in one diagram."""

    diagram: Diagram
    column_width: float = WIDEST_COLUMN

    @classmethod
    def fitting(cls, diagram: Diagram, room: float) -> Layout:
        """Columns as wide as is pleasant, or closer when that makes the whole picture fit into `room`."""
        natural = cls(diagram)
        spare = room - natural.width
        if spare >= 0 or not diagram.columns:
            return natural
        closer = WIDEST_COLUMN + spare / len(diagram.columns)
        return cls(diagram, closer if closer >= NARROWEST_COLUMN else SCROLLED_COLUMN)

    @property
    def cell_width(self) -> float:
        """Width of one cell."""
        return min(CELL_WIDTH, self.column_width - CELL_GAP)

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
        return self.column_x(len(self.diagram.columns) - 1) + self.column_width / 2 + MARGIN_RIGHT

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
        return MARGIN_LEFT + (column + 0.5) * self.column_width + self.gap_before(column)

    def columns_between(self, left: float, right: float) -> range:
        """Columns that show in this stretch of the picture, with one to spare on both sides."""
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
        left = self.column_x(column) - self.column_width / 2
        return QRectF(left, self.caption_height, self.column_width, OUTPUT_HEIGHT)

    def input(self, column: int) -> QRectF:
        """Where the input of a column is written."""
        left = self.column_x(column) - self.column_width / 2
        return QRectF(left, self.cells_bottom + STEM, self.column_width, INPUT_HEIGHT)

    def hit(self, point: QPointF) -> tuple[int, int] | None:
        """Strip and column of the cell at a point of the picture."""
        for column in self.columns_between(point.x(), point.x()):
            for level in range(self.diagram.levels):
                strip = self.diagram.strip_at(column, level)
                if strip is not None and self.cell(column, level).contains(point):
                    return strip, column
        return None
