"""Where the one answer of a network is, beside its last cell: the softmax, and the distribution after or below it."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRectF

WIDTH, HEIGHT = 56.0, 17.0  # of the softmax
ANSWER_WIDTH = 106.0  # of the distribution
STACKED_WIDTH = 92.0  # of one below the softmax
GAP, STACKED_GAP = 12.0, 6.0  # between the two
PINNED_GAP = 16.0  # at the left of one that stands over the picture, at the edge of the visible area
MARGIN, STACKED_MARGIN = 32.0, 8.0  # at the right


def height_of_answer(block: float, *, stacked: bool) -> float:
    """Height of everything, with a block of this height; see `SideAnswer`."""
    return block + (HEIGHT + STACKED_GAP if stacked else 0.0)


@dataclass(frozen=True)
class SideAnswer:
    """left: the edge where it begins. middle: height of its middle. block: height of the distribution and what is above
    it. stacked: whether the distribution stands below the softmax, for which narrow views have room."""

    left: float
    middle: float
    block: float
    stacked: bool

    @property
    def softmax(self) -> QRectF:
        """The box of the softmax."""
        if self.stacked:
            top = self.middle - height_of_answer(self.block, stacked=True) / 2
            return QRectF(self.left + (STACKED_WIDTH - WIDTH) / 2, top, WIDTH, HEIGHT)
        return QRectF(self.left, self.middle - HEIGHT / 2, WIDTH, HEIGHT)

    @property
    def output(self) -> QRectF:
        """The box of loss, target, answer and distribution."""
        softmax = self.softmax
        if self.stacked:
            return QRectF(self.left, softmax.bottom() + STACKED_GAP, STACKED_WIDTH, self.block)
        return QRectF(softmax.right() + GAP, softmax.center().y() - self.block / 2, ANSWER_WIDTH, self.block)

    @property
    def covered(self) -> float:
        """Width that it takes where it stands over the picture."""
        return self.right - self.left + PINNED_GAP

    @property
    def right(self) -> float:
        """Right edge, with the margin."""
        return self.output.right() + (STACKED_MARGIN if self.stacked else MARGIN)
