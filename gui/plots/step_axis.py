"""An axis of the steps of a series, which may have dates."""

from __future__ import annotations

import math
from collections.abc import Sequence

from PySide6.QtGui import QFont, QFontMetricsF

from engine.data.numbers.next_times import times_after
from gui.plots.axes import NumberAxis

BETWEEN_PX = 14.0  # between two dates
MOST_AFTER = 1000  # steps after the last known one that get a date


class StepAxis(NumberAxis):
    """Steps are counted from 1. If their times are known, dates replace their numbers, also after the last one; +3 is
    three steps after it where the dates are not evenly spaced."""

    def __init__(self, font: QFont) -> None:
        super().__init__("bottom", font)
        self._metrics = QFontMetricsF(font)
        self._times: tuple[str, ...] = ()
        self._after: tuple[str, ...] = ()  # the times that follow, () if unknown
        self._widest = 0.0

    def set_times(self, times: Sequence[str]) -> None:
        """Set the time of each step, from the first step of the series on; () for numbers."""
        if tuple(times) != self._times:
            self._times, self.picture = tuple(times), None
            self._after = times_after(self._times, MOST_AFTER)
            sample = (*self._times[:: max(1, len(self._times) // 100)], *self._after[-1:])
            self._widest = max((self._metrics.horizontalAdvance(time) for time in sample), default=0.0)
            self.update()

    def time_of(self, step: int) -> str:
        """The label of a step; "" before the first one."""
        if step < 1 or not self._times:
            return ""
        after = step - len(self._times)
        if after <= 0:
            return self._times[step - 1]
        return self._after[after - 1] if after <= len(self._after) else f"+{after}"

    def tickValues(self, low: float, high: float, size: float) -> list[tuple[float, list[float]]]:
        """Whole steps, as close together as the dates allow. They stay with the series while it is moved, unless fewer
        than two of them would be whole: then the first and the last step with room for a date have one."""
        if not self._times:
            usual: list[tuple[float, list[float]]] = super().tickValues(low, high, size)
            return usual
        step = (high - low) / max(size, 1.0)  # steps in a pixel
        apart = max(1, math.ceil((self._widest + BETWEEN_PX) * step))
        first, last = math.ceil(low + self._widest / 2 * step), math.floor(high - self._widest / 2 * step)
        places = range(math.ceil(first / apart) * apart, last + 1, apart)
        if len(places) < 2 and last - first >= apart:
            places = range(first, last + 1, last - first)
        elif not places and last >= first:
            places = range((first + last) // 2, last + 1, apart)
        return [(float(apart), [float(place) for place in places])]

    def tickStrings(self, values: Sequence[float], scale: float, spacing: float | None) -> list[str]:
        """Tick labels: dates if known, otherwise numbers."""
        if not self._times:
            return super().tickStrings(values, scale, spacing)
        return [self.time_of(round(value)) for value in values]
