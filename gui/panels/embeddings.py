"""What stands for each symbol inside the network, in the plane of the two principal components."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

import engine
from engine.inspection import embeddings
from gui.exporting import Table
from gui.panels.asking_view import AskingView
from gui.session import Session
from gui.unrolled_view.painter import visible_symbol
from gui.widgets.scatter import EMPTY, Cloud, Scatter

MOST_SYMBOLS = 300  # the most frequent ones
EMBEDDED = "embeddings of the most frequent symbols"
ONE_HOT = "input weights of the most frequent symbols"


@dataclass(frozen=True, eq=False)
class Map:
    """Symbols as points."""

    cloud: Cloud
    explained: tuple[float, float]
    one_hot: bool


class EmbeddingsPanel(AskingView[Map]):
    """Symbols that the network treats alike lie close together."""

    HELP = (
        "Every symbol enters the network as a list of numbers: its embedding, or, where symbols are one-hot, its "
        "column of the input weights. Here these lists are points, seen from the side on which they differ most (the "
        "first two principal components). Before training they lie at random. While the network learns, symbols that "
        "are used alike move together: vowels, digits, words of one kind.\n\nCtrl and the wheel zoom, a drag moves."
    )

    def __init__(self, session: Session) -> None:
        super().__init__(session, "Embeddings", EMBEDDED, "embeddings")
        self.scatter = Scatter(session.theme, "embeddings", "Symbols in two principal components")
        self.content.addWidget(self.scatter, 1)

    def subject(self) -> tuple[object, ...]:
        """Not the probe."""
        return (self.session.run,)

    def question(self) -> Callable[[engine.Snapshot], Map | None]:
        """Where the symbols lie."""
        return map_of

    def nothing(self) -> str:
        """A vocabulary can be that small."""
        return "There are too few symbols for a map."

    def draw(self) -> None:
        """Points with their symbols."""
        found = self.found
        if found is None:
            self.scatter.show_cloud(EMPTY, self.session.theme)
            return
        first, second = (round(100 * share) for share in found.explained)
        what = ONE_HOT if found.one_hot else EMBEDDED
        self.subtitle.setText(f"{what}: {first} % + {second} % of their variance")
        self.scatter.show_cloud(found.cloud, self.session.theme)

    def table(self) -> Table:
        """Symbol and coordinates."""
        cloud = self.found.cloud if self.found is not None else EMPTY
        rows = [(name, *point) for name, point in zip(cloud.names, cloud.points.tolist(), strict=True)]
        return Table(("symbol", "component 1", "component 2"), rows)


def map_of(snapshot: engine.Snapshot) -> Map | None:
    """The most frequent symbols in two dimensions; runs in the background."""
    if not np.isfinite(snapshot.weights).all():
        raise engine.ConfigError("The weights are no longer finite numbers: the training has diverged.")
    symbols, projection = embeddings(snapshot.model(), MOST_SYMBOLS)
    if not symbols:
        return None
    cloud = Cloud(projection.points, tuple(visible_symbol(symbol) for symbol in symbols))
    explained = float(projection.explained[0]), float(projection.explained[1])
    return Map(cloud, explained, snapshot.config.embedding_size == 0)
