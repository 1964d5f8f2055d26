"""Horizontal lines across a plot: what they mean, and what stands beside them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF

from engine.number_text import grouped


@dataclass(frozen=True)
class ReferenceLevel:
    """A dashed line across the plot. At the edge, clear of the curves, it is named by its `label`, or where the plot is
    narrow by its `tag`, a short word.

    beaten_at: the step from which a curve was beyond it; 0 if none has been. topmost: nothing can be beyond it, so
    reaching it is as much.
    """

    y: float
    name: str
    tag: str
    beaten_at: int = 0
    label: str = ""
    topmost: bool = False

    def called(self, named: bool) -> str:
        """What stands beside the line. named: whether there is room for the label."""
        return (self.label if named else "") or self.tag

    @property
    def tip(self) -> str:
        """ "blind guess 3.30, beaten at step 108" """
        return f"{self.name}{f', {verb_of((self,))} at step {grouped(self.beaten_at)}' if self.beaten_at else ''}"


def verb_of(levels: Iterable[ReferenceLevel]) -> str:
    """What a curve has done with all of these that are behind it."""
    return "reached" if any(level.topmost for level in levels) else "beaten"


def tops_of(lines: Sequence[float], area: QRectF, height: float) -> list[float]:
    """Where tags of this height begin so that each is as near as possible to its line, and none covers another.

    lines: how far below the top of the area they are, ascending; the tags of those outside are at its edge.
    """
    tops: list[float] = []
    for y in lines:
        top = area.top() + min(max(y, 0.0), area.height()) - height / 2
        tops.append(max(top, tops[-1] + height) if tops else top)
    lowest = area.bottom()
    for at in reversed(range(len(tops))):  # tags that were pushed out at the bottom move up again
        tops[at] = lowest = min(tops[at], lowest - height)
    return tops
