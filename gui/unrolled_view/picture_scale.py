"""How large the network is drawn in the room that it has: everything in the picture grows and shrinks together."""

from __future__ import annotations

import math
from dataclasses import dataclass

from PySide6.QtCore import QSizeF

from gui.unrolled_view.column_width import SCROLLED_COLUMN, column_of_whole_words, narrowest_column
from gui.unrolled_view.diagram import Diagram
from gui.unrolled_view.layout import BAR_COUNTS, MARGIN_LEFT, DiagramLayout

LEAST_SHRINK = 0.8  # of a picture that is too large for its place
MOST_GROWN = 4.0  # of a picture that has more room than it needs, as on a projector
LEAST_BESIDE = 0.4  # beside something: letters of a smaller picture could not be read, so it is scrolled
LEAST_GROWN = 1.1  # a picture that can grow only less keeps its natural size, and its columns their room
CLOSE_UNTIL = 1.5  # up to this scale columns move closer together, so that the picture can grow
STEPS = 50  # of the scale, from one natural size to the next: letters are drawn anew at each
WHOLE_WORDS_FROM = 2.0  # larger pictures grow only as far as every word has room
ROOMY_COLUMN = 64.0  # wide enough for every number; beyond that scale, columns get no narrower
WHOLE_FROM = 1.2  # where there is room for this scale, a text that cannot be shown whole at it is scrolled
MOST_CLOSE = 60  # the most columns that could fit when packed closely
LEAST_COLUMNS = 4  # of a text that is scrolled, as many are visible in a picture that grows
FEWEST_COLUMNS = 3  # of one that does not: it shrinks to show as many


@dataclass(frozen=True)
class PictureScale:
    """What the scale of one diagram depends on; all in picture units.

    packed: width and height at the tightest readable spacing. least: the same, the width infinite for a long text.
    roomy: width with columns that have room for every number. wordy: width with columns that have room for every word
    too. few: width of LEAST_COLUMNS columns and what is beside them. closest and fewest: like the width of `least` and
    like `few`, in the narrower layout, with FEWEST_COLUMNS. height: the natural one.
    """

    packed: tuple[float, float]
    least: tuple[float, float]
    roomy: float
    wordy: float
    few: float
    closest: float
    fewest: float
    height: float

    @classmethod
    def of(cls, diagram: Diagram) -> PictureScale:
        """Measure a diagram."""
        roomy = DiagramLayout(diagram, ROOMY_COLUMN)
        beside = max(MARGIN_LEFT, roomy.width - len(diagram.columns) * ROOMY_COLUMN)
        least = DiagramLayout(diagram, narrowest_column(diagram), bars=BAR_COUNTS[-1])
        width = least.width if 0 < len(diagram.columns) <= MOST_CLOSE else math.inf
        saved = roomy.width - roomy.narrower.width
        wordy = DiagramLayout(diagram, max(ROOMY_COLUMN, column_of_whole_words(diagram))).width
        few, fewest = (beside + columns * SCROLLED_COLUMN for columns in (LEAST_COLUMNS, FEWEST_COLUMNS))
        height = DiagramLayout(diagram).height
        packed = (least.width, least.height)
        return cls(packed, (width, least.height), roomy.width, wordy, few, width - saved, fewest - saved, height)

    def fitting(self, view: QSizeF, room: float) -> float:
        """Pixels per picture unit in a view. room: how much of its height a picture larger than natural size may fill.

        A little less than 1 if the picture then fits; more than 1 in a large view.
        """
        grown = self.grown(view.width(), room)
        if grown >= LEAST_GROWN:
            return grown
        across, down = view.width() / self.closest, max(LEAST_SHRINK, view.height() / self.least[1])
        scrolled = max(LEAST_SHRINK, view.width() / self.fewest)
        return min(1.0, down, across if across >= LEAST_SHRINK else scrolled)

    def whole(self, view: QSizeF, usual: float, width: float | None) -> float:
        """The zoom at which nothing is scrolled in a view, 1 if nothing is then. usual: the scale at zoom 1. width: of
        the picture, if it is folded."""
        fitting = min(view.width() / (width or self.packed[0]), view.height() / self.packed[1])
        return 1.0 if fitting >= usual else fitting / max(1.0, usual)

    def beside(self, usual: float, fitting: float, width: float, share: float | None) -> float:
        """The scale beside something, where the picture has this width left: what was in sight stays in sight. usual:
        the scale without it. fitting: of a picture with that width. share: of its width that is left to a picture that
        is scrolled; None if all of it was in sight."""
        wanted = min(fitting, width / min(self.packed[0], self.closest)) if share is None else usual * share
        return max(wanted, min(usual, LEAST_BESIDE))

    def grown(self, width: float, room: float) -> float:
        """The scale that a place of this width and height allows, without regard to what is readable."""
        down = min(MOST_GROWN, room / self.height)
        roomy = min(width / self.roomy, max(WHOLE_WORDS_FROM, width / self.wordy))
        across = max(roomy, min(CLOSE_UNTIL, width / self.least[0]))
        scrolled = min(CLOSE_UNTIL, width / self.few)
        if across < WHOLE_FROM <= min(down, scrolled):
            across = scrolled
        return math.floor(min(down, across) * STEPS) / STEPS

    def partly_folded(self, view: QSizeF, room: float, needed: float, share: float) -> float:
        """The scale of a picture on its way to the loop, which needs this width and no more height than the unrolled
        picture at its scale. share: 0 unrolled, 1 the loop."""
        unrolled = self.fitting(view, room)
        if not share:
            return unrolled
        down = max(min(1.0, unrolled), room / self.height)
        folded = min(MOST_GROWN, down, max(LEAST_SHRINK, view.width() / needed))
        return unrolled + share * (folded - unrolled)
