"""Which view is in front where areas are merged for lack of room, and where they come apart again."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from gui.docking.layouts import Tabs


class RecentFronts:
    """The views that were in front of their areas, in the order in which they came there."""

    def __init__(self) -> None:
        self._names: list[str] = []  # the latest is the last

    def note(self, name: str) -> None:
        """A view was brought to the front."""
        if name in self._names:
            self._names.remove(name)
        self._names.append(name)

    def latest(self, names: Collection[str], before: Sequence[Tabs], usual: str) -> str:
        """The view to put in front of an area with these names: the latest of those that cover others now. If there are
        none, `usual`; if that is not among the names, the latest of all of them. before: the areas as they are."""
        chosen = [area.front for area in before if len(area.names) > 1 and area.front in names]
        among = chosen or ([] if usual in names else names)
        known = [name for name in self._names if name in among]
        return known[-1] if known else usual
