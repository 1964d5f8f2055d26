"""The heights of the rows of the picture and of the gaps between them, in picture units. Those that hold no text can be
lower where room is short."""

from __future__ import annotations

from dataclasses import dataclass

Lower = tuple[float, float]  # the usual height, and the lowest that can be read

STEM: Lower = 15.0, 11.0  # the line between the highest cell and its output
STEM_BELOW = 15.0  # the line between the lowest cell and its input
LANES: Lower = 14.0, 10.0  # extra length where lines of attention arrive between cell and softmax
CELL: tuple[Lower, ...] = (70.0, 50.0), (50.0, 50.0), (44.0, 20.0)  # of one level, two levels, and more
LEVEL_GAP: Lower = 18.0, 13.0
STRIP_HEIGHT, STRIP_GAP = 11.0, 3.0  # of an embedding
STRIP_STEM: Lower = 12.0, 8.0  # the line between an embedding and its symbol
INPUT: Lower = 26.0, 22.0


@dataclass(frozen=True)
class RowHeights:
    """levels: how many rows of cells there are. tight: 0 usual, 1 as low as can be read."""

    levels: int
    tight: float = 0.0

    def _height(self, of: Lower) -> float:
        usual, lowest = of
        return usual - self.tight * (usual - lowest)

    @property
    def cell(self) -> float:
        """Of one cell; the more levels, the lower, so that the whole network fits."""
        return self._height(CELL[min(max(self.levels, 1), len(CELL)) - 1])

    @property
    def level_gap(self) -> float:
        """Between two cells above each other."""
        return self._height(LEVEL_GAP)

    @property
    def stem(self) -> float:
        """The line between the highest cell and its output."""
        return self._height(STEM)

    @property
    def lanes(self) -> float:
        """Where lines of attention arrive on that line."""
        return self._height(LANES)

    @property
    def strip_stem(self) -> float:
        """The line between an embedding and its symbol."""
        return self._height(STRIP_STEM)

    @property
    def input(self) -> float:
        """Of a symbol that is read."""
        return self._height(INPUT)
