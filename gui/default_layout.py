"""How the views in the middle are arranged until the user rearranges them, in windows of all sizes."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QSize

from gui.docking.best_arrangement import BestArrangement
from gui.docking.layouts import Split, Tabs
from gui.docking.splitter import NATURAL
from gui.docking.tab_area import Edge
from gui.panels import Area, PanelPlace

ROOMY_PX = 690  # at this height of the middle plots stand in two rows; below it, the second row becomes tabs
GAP_PX = 10
LEAST_GRID_PX = 228  # so that two fit beside the columns in a window of 1100, with some room for wider fonts
BESIDE_PX = GAP_PX + 2  # left and right of all columns of the middle; on the right it has the scroll bar
AROUND_PX = 2 * BESIDE_PX
# At this width of the middle two plots stand side by side; below it, all are tabs of one place.
TWO_PX = 2 * LEAST_GRID_PX + GAP_PX + AROUND_PX

Homes = dict[str, tuple[str, Edge]]


def default_arrangement(places: Mapping[str, PanelPlace]) -> tuple[BestArrangement, Homes, frozenset[str]]:
    """What the docking area is made with: the arrangement, homes, steady views.

    Wide views are above, the others below in two equally wide columns; in less room there are fewer places, with tabs.
    """
    homes: Homes = {}
    for name, place in places.items():
        if place.before or place.below:
            homes[name] = (place.before, Edge.MIDDLE) if place.before else (place.below, Edge.BOTTOM)
    wide = [name for name, place in places.items() if place.area is Area.WIDE and name not in homes]
    behind = {place.behind: name for name, place in places.items() if place.behind}
    hidden = {*homes, *behind.values()}
    grid = [name for name, place in places.items() if place.area is Area.GRID and name not in hidden]
    stacks = [(name, behind[name]) if name in behind else (name,) for name in grid]
    columns = tuple(tuple(stacks[i::2]) for i in (0, 1))
    rows = Split("columns", tuple(Split("rows", tuple(Tabs(n, n[0]) for n in column)) for column in columns))
    tabs = Split("columns", tuple(Tabs(sum(column, ()), column[0][0]) for column in columns))
    whole = Tabs(sum(stacks, ()), grid[0])
    layouts = tuple(
        (room, Split("rows", (*(Tabs((name,)) for name in wide), below), (*(NATURAL for _ in wide), 490)))
        for room, below in ((QSize(TWO_PX, ROOMY_PX), rows), (QSize(TWO_PX, 0), tabs), (QSize(0, 0), whole))
    )
    neighbours = {name: neighbour for name, (neighbour, _) in homes.items()}
    return BestArrangement(layouts, AROUND_PX, neighbours), homes, frozenset(wide)
