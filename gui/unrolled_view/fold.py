"""How far the picture of the network is folded, and where its columns go."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

FOLDED_CELL, FOLDED_SLOT = 84.0, 160.0  # widths of the loop's cell, and of the text above and below it
FOLDED_ASIDE = 226.0  # from the loop's cell to the answer; the names of the weights are between them
LOW_LOOP = 4.5  # how far a loop extends beyond its cell where it has to leave room
FOLDED_BYPASS = 36.0  # distance between the loop's cell and a line that passes it


@dataclass(frozen=True)
class LoopSpacing:
    """What the loop takes of the width. note_from: from the edge of a cell to the note beside it. note: width of that.
    apart: between the middles of encoder and decoder. tape: how far the text extends on either side of the symbol that
    is read. brief: whether notes say less, or the same in more lines."""

    note_from: float
    note: float
    apart: float
    tape: float
    brief: bool = False

    @property
    def fed_back_at(self) -> float:
        """From the middle of a cell to the line that goes around it."""
        return FOLDED_CELL / 2 + self.note_from - 10


ROOMY = LoopSpacing(62.0, 156.0, 236.0, 100.0)
CLOSE = LoopSpacing(48.0, 93.0, 190.0, 80.0, brief=True)  # of an encoder and a decoder in a narrow view


@dataclass(frozen=True)
class Fold:
    """All columns of a part moving to one place, where they become one cell with a loop.

    share: 0 unrolled, 1 folded. places: middle of each part's cell when folded. staying: the column of each part that
    stays visible when folded.
    """

    share: float
    places: Mapping[str, float]
    staying: Mapping[str, int]
    spacing: LoopSpacing = ROOMY
