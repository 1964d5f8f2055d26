"""An axis of the steps of a series, which may have dates."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtGui import QFont, QFontMetricsF

from engine.data.numbers.next_times import times_after
from gui.plots.axes import NumberAxis
from gui.plots.ranges import tick_distance

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

    def tickSpacing(self, low: float, high: float, size: float) -> list[tuple[float, float]]:
        """Whole steps, far enough apart for the dates."""
        if not self._times:
            return super().tickSpacing(low, high, size)
        least = max(1.0, (self._widest + BETWEEN_PX) * (high - low) / max(size, 1.0))
        return [(tick_distance(least), 0.0)]

    def tickStrings(self, values: Sequence[float], scale: float, spacing: float | None) -> list[str]:
        """Tick labels: dates if known, otherwise numbers."""
        if not self._times:
            return super().tickStrings(values, scale, spacing)
        return [self.time_of(round(value)) for value in values]
