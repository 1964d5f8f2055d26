"""Which arrangement fits into the window as it is."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QSize

from gui.docking.layouts import Layout, Tabs, columns_of, with_columns
from gui.docking.splitter import GAP_PX


class BestArrangement:
    """The default arrangement for the room that there is or, once the user has arranged the views, theirs: with fewer
    columns where there is no room for all of them, and with all of them again where there is."""

    def __init__(self, defaults: Sequence[tuple[QSize, Layout]], around_px: int) -> None:
        """defaults: the roomiest first, each with the room that it needs; the last one must manage with any room.
        around_px: the width of what stands beside the views in that room."""
        self._defaults, self._around_px = tuple(defaults), around_px
        self.one_at_a_time = False  # whether the last default arrangement is used whatever the room
        self.fit(defaults[0][0])
        self._shown: Layout | None = None  # what was last arranged as a whole
        self._whole: Layout | None = None  # the user's arrangement, where one with fewer columns is shown
        self.of_user = False

    def fit(self, room: QSize) -> None:
        """Choose for this room from now on."""
        self._width = room.width() - self._around_px
        fitting = (
            layout
            for least, layout in self._defaults
            if least.width() <= room.width() and least.height() <= room.height() and not self.one_at_a_time
        )
        self._usual = next(fitting, self._defaults[-1][1])

    def usual(self) -> Layout:
        """The default arrangement, which the views have from now on."""
        self.of_user, self._whole, self._shown = False, None, self._usual
        return self._usual

    def changed(self) -> None:
        """The user has changed what is shown."""
        self.of_user, self._whole = True, None

    def whole(self, now: Layout) -> Layout:
        """What the user has arranged, though there may be no room for it. now: what is shown."""
        return self._whole or now

    def wanted(self, now: Layout, least: Callable[[str], int]) -> Layout | None:
        """What is to be shown in place of `now`; None if that fits. least: the width that a view needs at least."""
        if not self.of_user:
            return None if self._shown is self._usual else self.usual()
        whole = self.whole(now)
        fewer = (with_columns(whole, columns) for columns in range(columns_of(whole), 1, -1))
        fitting = next((each for each in fewer if _least_width(each, least) <= self._width), with_columns(whole, 1))
        if fitting == (self._shown if self._whole else now):
            return None
        self._whole, self._shown = None if fitting == whole else whole, fitting
        return fitting


def _least_width(layout: Layout, least: Callable[[str], int]) -> int:
    if isinstance(layout, Tabs):
        return least(layout.front or layout.names[0])
    widths = [_least_width(part, least) for part in layout.parts]
    return sum(widths) + GAP_PX * (len(widths) - 1) if layout.kind == "columns" else max(widths, default=0)
