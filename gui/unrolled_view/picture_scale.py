"""How large the network is drawn in the room that it has: everything in the picture grows and shrinks together."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from PySide6.QtCore import QSizeF

from gui.unrolled_view.column_width import (
    SCROLLED_COLUMN,
    column_of_whole_words,
    narrowest_column,
    number_column,
)
from gui.unrolled_view.diagram import Diagram
from gui.unrolled_view.layout import BAR_COUNTS, MARGIN_LEFT, DiagramLayout
from gui.unrolled_view.whole_names import column_of_short_names, column_of_whole_names

LEAST_SHRINK = 0.8  # of a picture that is too large for its place
MOST_GROWN = 4.0  # of a picture that has more room than it needs, as on a projector
READABLE_BESIDE = LEAST_SHRINK  # beside something: a picture that would be smaller is scrolled instead
WHOLE_BESIDE = 0.74  # the same if all of it is then in sight: a scroll bar for a few pixels of its end helps nobody
LEAST_GROWN = 1.1  # a picture that can grow only less keeps its natural size, and its columns their room
CLOSE_UNTIL = 1.5  # up to this scale columns move closer together, so that the picture can grow
STEPS = 50  # of the scale, from one natural size to the next: letters are drawn anew at each
WHOLE_WORDS_FROM = 2.0  # larger pictures grow only as far as every word has room
ROOMY_COLUMN = 64.0  # wide enough for every number; beyond that scale, columns get no narrower
SCROLLED_FROM = 1.2  # a text that cannot be shown whole grows if it can grow so much
MOST_CLOSE = 60  # the most columns that could fit when packed closely
FEWEST_COLUMNS = 3  # of a text that is scrolled: it shrinks to show as many


@dataclass(frozen=True)
class PictureScale:
    """What the scale of one diagram depends on; all in picture units.

    packed: width and height at the tightest readable spacing. least: the same with rows of their usual height, the
    width infinite for a long text.
    roomy: width with columns that have room for every number. wordy: width with columns that have room for every word
    too. named: the width of columns in which no name is cut, and of those of a scrolled picture in which no short one
    is. beside_columns: width of what is beside the columns. narrowest: width of the narrowest columns. numbered: of
    those with room for the sizes of gradients. closest and
    fewest: the width of `least` and of FEWEST_COLUMNS in the narrower layout. height: the natural one. count: of
    columns. steps: so many are shown at least of a scrolled picture that grows, as before its place became larger.
    """

    packed: tuple[float, float]
    least: tuple[float, float]
    roomy: float
    wordy: float
    named: tuple[float, float]
    beside_columns: float
    narrowest: float
    numbered: float
    closest: float
    fewest: float
    height: float
    count: int
    steps: float = 0.0

    @classmethod
    def of(cls, diagram: Diagram, steps: float = 0.0) -> PictureScale:
        """Measure a diagram."""
        roomy = DiagramLayout(diagram, ROOMY_COLUMN)
        beside = max(MARGIN_LEFT, roomy.width - len(diagram.columns) * ROOMY_COLUMN)
        narrowest = narrowest_column(diagram)
        least = DiagramLayout(diagram, narrowest, bars=BAR_COUNTS[-1])
        width = least.width if 0 < len(diagram.columns) <= MOST_CLOSE else math.inf
        saved = roomy.width - roomy.narrower.width
        wordy = DiagramLayout(diagram, max(ROOMY_COLUMN, column_of_whole_words(diagram))).width
        fewest = beside + FEWEST_COLUMNS * SCROLLED_COLUMN - saved
        height = DiagramLayout(diagram).height
        packed, closest = (least.width, replace(least, tight=1.0).height), width - saved
        named = column_of_whole_names(diagram), column_of_short_names(diagram)
        widths = packed, (width, least.height), roomy.width, wordy, named, beside, narrowest
        return cls(*widths, number_column(diagram), closest, fewest, height, len(diagram.columns), steps)

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

    def beside(self, usual: float, fitting: float, width: float, steps: float | None) -> float:
        """The scale beside something, where the picture has this width left: what was in sight stays in sight as long
        as its letters and numbers can be read, with whole names on the bars if they have room. usual: the scale without
        it. fitting: of a picture with that width. steps: how many of a picture that is scrolled were in sight; None if
        all of it was."""
        if steps is None:
            least = min(self.packed[0], self.closest) - self.count * self.narrowest
            for column in (max(self.numbered, self.named[0]), self.numbered):  # names are cut rather than scrolled away
                wanted = min(fitting, width / (least + self.count * column))
                if wanted >= WHOLE_BESIDE:
                    return wanted
        else:
            wanted = min(usual, width / (self.beside_columns + steps * self.numbered))
        return max(wanted, min(usual, READABLE_BESIDE))

    def steps_seen(self, room: float, column: float) -> float:
        """How many columns of this width are visible in a room; both in picture units."""
        return max((room - self.beside_columns) / column, 1.0)

    def column_for(self, room: float, steps: float, least: float = 0.0) -> float:
        """The width of columns with which so many are visible in a room, if that can be read. least: as in
        `DiagramLayout.fitting`."""
        return min(SCROLLED_COLUMN, max(self.narrowest, least, (room - self.beside_columns) / steps))

    def grown(self, width: float, room: float) -> float:
        """The scale that a place of this width and height allows, without regard to what is readable."""
        down = min(MOST_GROWN, room / self.height)
        roomy = min(width / self.roomy, max(WHOLE_WORDS_FROM, width / self.wordy))
        across = max(roomy, min(CLOSE_UNTIL, self._closer(width)))
        scrolled = min(CLOSE_UNTIL, width / (self.beside_columns + self._steps_in(width) * self.named[1]))
        if width / self.closest < LEAST_SHRINK and min(down, scrolled) >= SCROLLED_FROM:
            across = scrolled
        return math.floor(min(down, across) * STEPS) / STEPS

    def _closer(self, width: float) -> float:
        """The scale at which columns are so close that names would be cut if they were any closer. Where they are cut
        at natural size already, columns keep the width that they have there."""
        if not self.count:
            return width / self.least[0]
        natural = (width - self.beside_columns) / self.count
        column = max(self.narrowest, min(natural, self.named[0]))
        return width / max(self.least[0], self.beside_columns + self.count * column)

    def _steps_in(self, width: float) -> float:
        """How many steps of a scrolled picture are visible at natural size, or were before its place grew."""
        return max(self.steps_seen(width, SCROLLED_COLUMN), self.steps)

    def scrolled_column(self, width: float, scale: float) -> float:
        """The width of the columns of a scrolled picture, which get closer together where it grows, so that no fewer
        are visible."""
        steps = self._steps_in(width) if scale > 1.0 else max(self.steps, 1.0)
        return self.column_for(width / scale, steps)

    def partly_folded(self, view: QSizeF, room: float, needed: float, share: float) -> float:
        """The scale of a picture on its way to the loop, which needs this width and no more height than the unrolled
        picture at its scale. share: 0 unrolled, 1 the loop."""
        unrolled = self.fitting(view, room)
        if not share:
            return unrolled
        down = max(min(1.0, unrolled), room / self.height)
        folded = min(MOST_GROWN, down, max(LEAST_SHRINK, view.width() / needed))
        return unrolled + share * (folded - unrolled)
