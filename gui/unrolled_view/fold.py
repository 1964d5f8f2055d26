"""How far the picture of the network is folded, and where its columns go."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

FOLDED_CELL, FOLDED_SLOT = 84.0, 160.0  # widths of the loop's cell, and of the text above and below it
FOLDED_ASIDE = 226.0  # from the loop's cell to the answer; the names of the weights are between them
LOW_LOOP = 4.5  # how far a loop extends beyond its cell where it has to leave room
FOLDED_BYPASS = 36.0  # distance between the loop's cell and a line that passes it


@dataclass(frozen=True)
class Fold:
    """All columns of a part moving to one place, where they become one cell with a loop.

    share: 0 unrolled, 1 folded. places: middle of each part's cell when folded. staying: the column of each part that
    stays visible when folded.
    """

    share: float
    places: Mapping[str, float]
    staying: Mapping[str, int]
