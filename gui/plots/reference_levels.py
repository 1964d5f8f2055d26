"""Horizontal lines across a plot: what they mean, and what stands beside them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF

from engine.number_text import grouped


@dataclass(frozen=True)
class ReferenceLevel:
    """A dashed line across the plot. At the edge, clear of the curves, it is named by its `label`, or where the plot is
    narrow by its `tag`, a letter or a short word.

    beaten_at: the step from which a curve was beyond it; 0 if none has been.
    """

    y: float
    name: str
    tag: str
    beaten_at: int = 0
    label: str = ""


@dataclass(frozen=True)
class LevelTag:
    """What stands beside one line, and the levels that this line is drawn for."""

    text: str
    levels: tuple[ReferenceLevel, ...]

    @property
    def tip(self) -> str:
        """ "a: blind guess 3.30, beaten at step 108": a line for each level."""
        return "\n".join(
            f"{'' if self.text == level.label else f'{level.tag}: '}{level.name}"
            f"{f', beaten at step {grouped(level.beaten_at)}' if level.beaten_at else ''}"
            for level in self.levels
        )


def tags_of(levels: Sequence[ReferenceLevel], named: bool) -> list[LevelTag]:
    """The tags of levels; equal levels have one line, with all their letters beside it. named: they have their labels
    instead, one for each."""
    if named:
        return [LevelTag(level.label or level.tag, (level,)) for level in levels]
    found: dict[str, list[ReferenceLevel]] = {}
    for level in levels:
        found.setdefault(f"{level.y:.4g}", []).append(level)
    return [LevelTag(" ".join(level.tag for level in equal), tuple(equal)) for equal in found.values()]


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
