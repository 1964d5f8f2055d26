"""Which arrangement fits into the window as it is."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence

from PySide6.QtCore import QSize

from gui.docking.layouts import Layout, Tabs, columns_of, front_of, names_of, tabs_in, with_columns
from gui.docking.splitter import GAP_PX


class BestArrangement:
    """The default arrangement for the room that there is or, once the user has moved or resized views, theirs: with
    fewer columns where there is no room for all of them, and with all of them again where there is. It says where views
    belong; to show, hide or float some of them is not to arrange them."""

    def __init__(self, defaults: Sequence[tuple[QSize, Layout]], around_px: int, neighbours: Mapping[str, str]) -> None:
        """defaults: the roomiest first, each with the room that it needs; the last one must manage with any room.
        around_px: the width of what stands beside the views in that room. neighbours: for each other view, the one
        that it opens with."""
        self._defaults, self._around_px, self._neighbours = tuple(defaults), around_px, neighbours
        self.one_at_a_time = False  # whether the last default arrangement is used whatever the room
        self.fit(defaults[0][0])
        self._shown: Layout | None = None  # what was last arranged as a whole
        self._whole: Layout | None = None  # the user's arrangement, where one with fewer columns is shown
        self.of_user = False

    def fit(self, room: QSize) -> None:
        """Choose for this room from now on."""
        self._width = room.width() - self._around_px
        roomy = [
            layout
            for least, layout in self._defaults[:-1]
            if least.width() <= room.width() and least.height() <= room.height() and not self.one_at_a_time
        ]
        self._fitting = [*roomy, self._defaults[-1][1]]

    def shows_default(self, docked: Collection[str]) -> bool:
        """Whether just these views are shown by default, and stand where they do by default."""
        return not self.of_user and {*docked} == {*names_of(tabs_in(self._fitting[0]))}

    def usual(self) -> Layout:
        """The default arrangement, which the views have from now on."""
        return self._use(self._fitting[0])

    def _use(self, default: Layout) -> Layout:
        self.of_user, self._whole, self._shown = False, None, default
        return default

    def changed(self) -> None:
        """The user has moved or resized views."""
        self.of_user, self._whole = True, None

    def whole(self, now: Layout) -> Layout | None:
        """What the user has arranged, though there may be no room for it; None for the default. now: what is there."""
        return (self._whole or now) if self.of_user else None

    def wanted(self, now: Layout, docked: Collection[str], least: Callable[[str], int]) -> Layout | None:
        """What is to be there in place of `now`; None if that fits. docked: the views that are shown in it. least: the
        width that a view needs at least."""
        if not self.of_user:
            default = self._default_for(docked, least)
            return None if self._shown is default else self._use(default)
        whole = self._whole or now

        def fits(layout: Layout) -> bool:
            return _least_width(layout, docked, lambda area: least(front_of(area, docked))) <= self._width

        fewer = (with_columns(whole, columns, docked) for columns in range(columns_of(whole, docked), 1, -1))
        fitting = next(filter(fits, fewer), with_columns(whole, 1, docked))
        if fitting == (self._shown if self._whole else now):
            return None
        self._whole, self._shown = None if fitting == whole else whole, fitting
        return fitting

    def _default_for(self, docked: Collection[str], least: Callable[[str], int]) -> Layout:
        """The roomiest default arrangement that has room also for the views that the user has added."""

        def with_added(area: Tabs) -> int:
            beside = [name for name in added if self._neighbours.get(name) in area.names]
            return max(map(least, [front_of(area, docked), *beside]))

        for layout in self._fitting[:-1]:
            added = {*docked} - {*names_of(tabs_in(layout))}
            if not added or _least_width(layout, docked, with_added) <= self._width:
                return layout
        return self._fitting[-1]


def _least_width(layout: Layout, docked: Collection[str], least: Callable[[Tabs], int]) -> int:
    """least: the width that an area needs at least."""
    if isinstance(layout, Tabs):
        return least(layout)
    widths = [_least_width(part, docked, least) for part in layout.parts if columns_of(part, docked)]
    return sum(widths) + GAP_PX * (len(widths) - 1) if layout.kind == "columns" else max(widths, default=0)
