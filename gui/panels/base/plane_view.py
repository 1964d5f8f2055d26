"""Points in the plane of their two principal components: states and symbols."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

from engine.number_text import percent
from gui.panels.base.asking_view import AskingView
from gui.plots.picture_export import Table
from gui.plots.scatter import EMPTY, Cloud, Scatter
from gui.session.session import Session
from gui.widgets.text import explain


@dataclass(frozen=True, eq=False)
class Plane:
    """Points, and the share of their variance along each of the two axes."""

    cloud: Cloud
    explained: tuple[float, float]


SPREAD = (
    "Each point stands for many numbers, but a plane can show only two directions. These are the two in which the "
    "points differ most; {share} of what sets the points apart (of their variance) lies in them, the rest is hidden."
)
SHOWN = (
    "shows {share} of the differences between {points}",
    "{share} of what sets {points} apart",
    "{share} of differences",
    "{share}",
)
P = TypeVar("P", bound=Plane)


class PlaneView(AskingView[P]):
    """A scatter plot of what was found. Subclasses say what the points are, and override what AskingView needs."""

    def __init__(self, session: Session, title: str, subtitle: str, owner: str, picture: str) -> None:
        super().__init__(session, title, subtitle)
        self._at_rest = subtitle
        self.scatter = Scatter(session.theme, owner, picture)
        self.content.addWidget(self.scatter, 1)

    def points_are(self, found: P) -> str:
        """What the points are, in the plural."""
        raise NotImplementedError

    def marked(self, found: P) -> int:
        """The index of the marked point; −1 for none."""
        return -1

    def draw(self) -> None:
        """Draw the points with their names."""
        found = self.found
        if found is None:
            self.subtitle.setText(self._at_rest)
            explain(self.subtitle, "")
            self.scatter.show_cloud(EMPTY, self.session.theme)
            return
        share = percent(sum(found.explained))  # of both axes together: there may be a box beside it
        self.subtitle.setText(*(text.format(share=share, points=self.points_are(found)) for text in SHOWN))
        explain(self.subtitle, SPREAD.format(share=share))
        self.scatter.show_cloud(found.cloud, self.session.theme, self.marked(found))

    def table(self) -> Table:
        """Name and coordinates of each point."""
        cloud = self.found.cloud if self.found is not None else EMPTY
        points = enumerate(zip(cloud.names, cloud.points, strict=True), 1)
        rows = ((number, name, *point.tolist()) for number, (name, point) in points)
        return Table(("number", "symbol", "component 1", "component 2"), rows)
