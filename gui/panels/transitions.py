"""Which tags may follow which, if a CRF chooses all tags of a text jointly."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

import engine
from engine.inspection.tag_transitions import TagTransitions, tag_transitions
from engine.number_text import percent, with_minus
from gui.panels.base.asking_view import AskingView
from gui.plots.matrix import EMPTY, Grid, Matrix
from gui.plots.picture_export import Table
from gui.session.session import Session

NO_TAGS = "Transitions lead from tag to tag, and this network does not tag its input."
NO_TRANSITIONS = "Each tag is decided independently. For transitions, choose Tags: jointly (CRF)."
BROKEN = "Training has diverged: the transitions are no longer finite."


class TransitionsPanel(AskingView[TagTransitions]):
    """Each row is a tag, each column the tag after it; the darker a cell, the more expected is that tag."""

    HELP = (
        "A CRF scores not only each tag at each word, but also each pair of neighbouring tags. A row shows "
        "how the next tag would be spread after this one if the words said nothing: the softmax of the row's scores. "
        "Empty cells are never chosen, such as the inside of one entity after the beginning of another. An untrained "
        "network treats all others as equally likely; training teaches it which tags go together."
    )

    def __init__(self, session: Session, title: str) -> None:
        super().__init__(session, title, "from row to column")
        self.matrix = Matrix(session.theme, "transitions", "Transitions: the next tag by the tag before it")
        self.matrix.tip_of = self._tip
        self.content.addWidget(self.matrix, 1)

    def about(self) -> tuple[object, ...]:
        """Nothing: this view does not depend on the probe."""
        return ()

    def nothing(self) -> str:
        """Say why there is no picture."""
        return NO_TAGS if "read_out" in self.session.run.network.unused else NO_TRANSITIONS

    def work(self) -> Callable[[engine.Snapshot], TagTransitions | None]:
        """Read the transitions from the network."""
        return transitions_of

    def draw(self) -> None:
        """Draw one cell for each pair of tags."""
        found = self.found
        if found is None:
            self.matrix.show_grid(EMPTY, self.session.theme)
            return
        # square roots, so that one tag among many can be seen
        grid = Grid(np.sqrt(found.shares), found.tags, found.tags, "tag", "next tag", self._text)
        self.matrix.show_grid(grid, self.session.theme)

    def _text(self, row: int, column: int) -> str:
        if self.found is None or np.isinf(self.found.scores[row, column]):
            return ""
        return f"{self.found.shares[row, column]:.2f}"

    def _tip(self, row: int, column: int) -> str:
        if self.found is None:
            return ""
        first, second, score = self.found.tags[row], self.found.tags[column], self.found.scores[row, column]
        if np.isinf(score):
            return f"{second} never follows {first}"
        share = percent(self.found.shares[row, column], 1)
        return f"{second} after {first}: probability {share} " + with_minus(f"(score {score:+.2f})")

    def table(self) -> Table:
        """One row for each tag, with the scores."""
        if self.found is None:
            return Table(("tag",))
        rows = ((tag, *scores.tolist()) for tag, scores in zip(self.found.tags, self.found.scores, strict=True))
        return Table(("tag", *self.found.tags), rows)


def transitions_of(snapshot: engine.Snapshot) -> TagTransitions | None:
    """The transitions; runs in the background."""
    found = tag_transitions(snapshot.model())
    if found is not None and not np.isfinite(found.shares).all():
        raise engine.ConfigError(BROKEN)
    return found
