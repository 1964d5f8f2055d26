"""The scale beside upright bars, whose unit is the newest bar: in per cent, in multiples, or in powers of ten."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace

from engine.inspection.gradient_flow import in_times
from engine.number_text import percent, power_of_ten
from gui.plots.axes import BELOW

PARTS = 4  # of the scale; half as many if it is low
DECADES = (1, 2, 4, 8)  # how far down a logarithmic scale may reach: as far as the bars need
LEAST_DECADES = 0.1  # height of the lowest bar on it
SPARE_DECADES = 0.5  # that must be left over before it reaches less far again: it stands still in training
MOST_IN_PERCENT = 2  # decades of a logarithmic scale that is in per cent
MOST_WRITTEN_OUT = 1e5


@dataclass(frozen=True)
class BarScale:
    """top: its upper end, as a multiple of the newest bar. times: whether it counts in such multiples, not in per cent.
    decades: how far down it reaches if it is logarithmic, else 0. cut: whether bars would end below that."""

    top: float = 1.0
    times: bool = False
    decades: int = 0
    cut: bool = False

    @classmethod
    def of(cls, shares: Iterable[float], *, logarithmic: bool, before: int = 0) -> BarScale:
        """The scale of bars of which these shares of the newest are to be drawn. before: decades of the scale that the
        bars had before; 0 for others, whose scale may be any."""
        finite = [share for share in shares if math.isfinite(share)]
        largest = max(finite, default=1.0)
        scale = cls(_highest(largest, logarithmic), in_times(largest))
        if not logarithmic:
            return scale
        least = min(finite, default=1.0)
        needed = math.log10(scale.top / least) if least > 0 else math.inf
        decades = _reach(needed + LEAST_DECADES)
        if decades < before:
            decades = min(before, _reach(needed + SPARE_DECADES))
        return replace(scale, decades=decades, cut=needed > DECADES[-1])

    def place(self, share: float) -> float:
        """How high a bar of this share ends, from 0 to 1."""
        if share <= 0:
            return 0.0
        height = 1.0 + math.log10(share / self.top) / self.decades if self.decades else share / self.top
        return min(max(height, 0.0), 1.0)

    def numbers(self) -> list[tuple[float, str]]:
        """Where its lines are, and their labels."""
        if not self.decades:
            shares = [(i / PARTS, self.top * i / PARTS) for i in range(PARTS + 1)]
            return [(at, _times(share) if self.times else percent(share)) for at, share in shares]
        parts = min(max(self.decades, 2), PARTS)
        powers = (math.log10(self.top) - self.decades * (1 - i / parts) for i in range(parts + 1))
        found = [float(f"{10.0**power:.0e}") for power in powers]
        below = BELOW if self.cut else ""
        return [(self.place(share), below * (not i) + self._number(share)) for i, share in enumerate(found)]

    def _number(self, share: float) -> str:
        if self.decades <= MOST_IN_PERCENT and not self.times:
            return percent(share)
        power = round(math.log10(share))
        return power_of_ten(power) if power else "1"


def _reach(needed: float) -> int:
    return next((decades for decades in DECADES if decades >= needed), DECADES[-1])


def _highest(largest: float, logarithmic: bool) -> float:
    """The upper end of the scale as a multiple of the newest bar: 1, or a round number above the largest bar."""
    if not math.isfinite(largest) or largest <= 1.0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(largest))
    steps = (10.0,) if logarithmic else (1.0, 2.0, 4.0, 10.0)
    return power * next(step for step in steps if step * power >= largest * 0.999)


def _times(share: float) -> str:
    """ "×200", "×2.5", "×4·10⁷": a multiple of the newest bar."""
    if share < MOST_WRITTEN_OUT:
        return f"×{share:,.1f}".removesuffix(".0")
    power = math.floor(math.log10(share))
    return f"×{share / 10.0**power:g}·{power_of_ten(power)}"
