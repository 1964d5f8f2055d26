"""The vectors that represent each symbol inside the network, in the plane of their two principal components."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

import engine
from engine.inspection.projection import embeddings
from gui.panels.base.plane_view import Plane, PlaneView
from gui.plots.scatter import Cloud
from gui.session.session import Session
from gui.widgets.symbols import visible_symbol

MOST_SYMBOLS = 300  # the most frequent ones
SUBTITLE = "the most frequent symbols in two dimensions"
EMBEDDED = "embeddings"
ONE_HOT = "input weights"


@dataclass(frozen=True, eq=False)
class Map(Plane):
    """Symbols as points."""

    one_hot: bool


class EmbeddingsPanel(PlaneView[Map]):
    """Symbols that the network treats alike lie close together."""

    HELP = (
        "Every symbol enters the network as a list of numbers: its embedding or, if symbols are one-hot, its column "
        "of the input weights. Here these lists are points, seen from the direction in which they differ most (the "
        "first two principal components). Before training they lie at random. As the network learns, symbols that are "
        "used in similar ways move together: vowels, digits, words of the same kind.\n\n"
        "Ctrl and the wheel zoom; dragging moves the map."
    )

    def __init__(self, session: Session, title: str) -> None:
        super().__init__(session, title, SUBTITLE, "embeddings", "Symbols in two principal components")

    def about(self) -> tuple[object, ...]:
        """Nothing: this view does not depend on the probe."""
        return ()

    def work(self) -> Callable[[engine.Snapshot], Map | None]:
        """Find the positions of the symbols."""
        return map_of

    def nothing(self) -> str:
        """Say that the vocabulary is too small for a map."""
        return "There are too few symbols to draw a map."

    def points_are(self, found: Map) -> str:
        """Embeddings, or columns of the input weights."""
        return ONE_HOT if found.one_hot else EMBEDDED


def map_of(snapshot: engine.Snapshot) -> Map | None:
    """The most frequent symbols in two dimensions; runs in the background."""
    if not np.isfinite(snapshot.weights).all():
        raise engine.ConfigError("Training has diverged: the weights are no longer finite.")
    symbols, projection = embeddings(snapshot.model(), MOST_SYMBOLS)
    if not symbols:
        return None
    cloud = Cloud(projection.points, tuple(visible_symbol(symbol) for symbol in symbols))
    explained = float(projection.explained[0]), float(projection.explained[1])
    return Map(cloud, explained, snapshot.config.embedding_size == 0)
