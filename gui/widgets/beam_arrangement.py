"""Where the branches of a beam tree go: a column for each step, in several lines if need be."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, replace

from PySide6.QtCore import QRectF, QSize

ROW_PX = 19.0
GAP_PX = 26.0  # between columns, for the branches
EDGE_PX = 2.0  # around the tree
LINE_GAP_PX = 10.0  # between the lines of a long tree


@dataclass(frozen=True)
class Branch:
    """A symbol at a step, after `parent` (an index in the list, −1 for none).

    score: log-probability of the whole sequence up to here, in nats. best: whether the shown answer passes through it.
    forced: whether the user has chosen it.
    """

    parent: int
    step: int
    text: str
    score: float
    kept: bool
    best: bool = False
    forced: bool = False
    hint: str = ""


@dataclass(frozen=True)
class PlacedBranches:
    """boxes: of the branches, empty for those that are left out. size: of the whole. needed: the height of all."""

    boxes: list[QRectF]
    size: QSize
    needed: int


class BeamArrangement:
    """Branches stand best first from top to bottom, in the order in which the search examined them. In too low a place,
    each step has fewer of those that were dropped; if even the others are too many, it scrolls.

    While the same question is answered in the same place, as by a network in training, columns only become wider, lines
    only higher, and dropped branches only fewer: a word that one is about to click stays where it is.
    """

    def __init__(self) -> None:
        self._place: tuple[Hashable, QSize] = (None, QSize())  # what is answered, and the room there
        self._forget()

    def _forget(self) -> None:
        self._widths: dict[int, float] = {}  # of the columns, by step
        self._counts: set[tuple[int, int]] = set()  # of branches of a step that were kept, and dropped
        self._dropped: int | None = None  # how many of those that were dropped a step has; None for all

    def place(self, branches: Sequence[Branch], widths: Sequence[float], room: QSize, of: Hashable) -> PlacedBranches:
        """Place the branches. widths: what each needs. of: what they answer."""
        if self._place != (of, room):
            self._place = of, room
            self._forget()
        columns: dict[int, list[int]] = {}
        for i, branch in enumerate(branches):
            columns.setdefault(branch.step, []).append(i)
        for step, places in columns.items():
            self._widths[step] = max(self._widths.get(step, 0.0), *(widths[i] for i in places))
        kept = {step: [i for i in places if branches[i].kept] for step, places in columns.items()}
        dropped = {step: [i for i in places if not branches[i].kept] for step, places in columns.items()}
        self._counts |= {(len(kept[step]), len(dropped[step])) for step in columns}

        def laid_out(most: int) -> PlacedBranches:
            shown = {step: sorted(kept[step] + dropped[step][:most]) for step in sorted(columns)}
            rows = max((held + min(others, most) for held, others in self._counts), default=0)
            return self._laid_out(shown, rows, room.width(), len(branches))

        every = max(map(len, dropped.values()), default=0)
        most = every if self._dropped is None else self._dropped
        shown = laid_out(most)
        if shown.size.height() > room.height():
            fitting = bisect_right(range(most), room.height(), key=lambda fewer: laid_out(fewer).size.height())
            if fitting:
                self._dropped = fitting - 1
                shown = laid_out(self._dropped)
        return replace(shown, needed=laid_out(every).needed)

    def _laid_out(self, columns: Mapping[int, Sequence[int]], rows: int, room: int, count: int) -> PlacedBranches:
        """columns: indices of branches by step, in the order of the steps. rows: of each line. room: the width that the
        columns share; those that do not fit go on below, like the lines of a text. count: of all branches."""
        boxes = [QRectF()] * count
        x, top, right = EDGE_PX, EDGE_PX, 0.0
        for step, places in columns.items():
            width = self._widths[step]
            if x > EDGE_PX and x + width + EDGE_PX > room:
                x, top = GAP_PX / 2, top + rows * ROW_PX + LINE_GAP_PX
            for row, i in enumerate(places):
                boxes[i] = QRectF(x, top + row * ROW_PX, width, ROW_PX - 2)
            x += width + GAP_PX
            right = max(right, x - GAP_PX)
        height = round(top + rows * ROW_PX + EDGE_PX)
        return PlacedBranches(boxes, QSize(int(max(1.0, right + EDGE_PX)), height), height)
