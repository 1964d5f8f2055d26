"""The places that hidden views return to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from PySide6.QtCore import Qt

from gui.docking.splitter import HALF, SteadySplitter, names_in
from gui.docking.tab_area import Edge, TabArea


@dataclass(frozen=True)
class PreviousPlace:
    """The place that a hidden view returns to: beside its former neighbours, with the sizes that both had."""

    beside: frozenset[str]
    edge: Edge
    size: int = HALF
    beside_size: int = HALF
    tab: int | None = None  # the place of its tab among those of its neighbours


def previous_place_of(area: TabArea, name: str) -> PreviousPlace | None:
    """The place of a view that is about to leave its area; None if it has no neighbours."""
    others = frozenset(area.names()) - {name}
    if others:
        return PreviousPlace(others, Edge.MIDDLE, tab=area.names().index(name))
    parent = area.parentWidget()
    if not isinstance(parent, SteadySplitter) or parent.count() < 2:
        return None
    at, wanted = parent.indexOf(area), parent.wanted()
    beside = at + 1 if at + 1 < parent.count() else at - 1
    across = parent.orientation() is Qt.Orientation.Horizontal
    before, after = (Edge.LEFT, Edge.RIGHT) if across else (Edge.TOP, Edge.BOTTOM)
    return PreviousPlace(names_in(parent.parts()[beside]), before if beside > at else after, wanted[at], wanted[beside])


class PreviousPlaces:
    """The places of all hidden or floating views; a view that never had a place returns to its home."""

    def __init__(self, homes: Mapping[str, tuple[str, Edge]]) -> None:
        """homes: for each view, the neighbour it first opens beside, and on which side."""
        self._homes = {name: PreviousPlace(frozenset({beside}), edge) for name, (beside, edge) in homes.items()}
        self._places = dict(self._homes)

    def remember(self, name: str, area: TabArea) -> None:
        """Remember the place of a view that is about to leave its area."""
        place = previous_place_of(area, name)
        if place is not None:
            self._places[name] = place

    def forget(self) -> None:
        """Forget all places, so that every view returns to its home."""
        self._places = dict(self._homes)

    def tab_in(self, name: str, area: TabArea) -> int | None:
        """The place that the tab of a view had in this area; None if it was not a tab there."""
        place = self._places.get(name)
        return place.tab if place is not None and place.beside & set(area.names()) else None

    def of(self, name: str) -> list[PreviousPlace]:
        """The former place of a view and its home, if any."""
        return [places[name] for places in (self._places, self._homes) if name in places]
