"""Where a decoder looks while it writes: target words against source words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

import engine
from engine.data.numbers.recording import NetworkInput
from engine.inspection.text_search import as_typed, look
from engine.number_text import probability_text
from gui.panels.base.asking_view import AskingView
from gui.plots.matrix import EMPTY, Grid, Matrix
from gui.plots.picture_export import Table
from gui.session.session import Session
from gui.widgets.symbols import visible_symbol

NOTHING = "Type a text above to see where the decoder looks."
NO_ATTENTION = (
    "This network has no attention. With data of pairs, such as English to French, choose encoder–decoder and turn "
    "attention on."
)
BROKEN = "Training has diverged: the attention weights are no longer finite."


@dataclass(frozen=True, eq=False)
class ProbeAttention:
    """weights (target steps, source steps): each row sums to 1. written: the word that each row's step writes."""

    weights: np.ndarray[Any, Any]
    source: tuple[str, ...]
    written: tuple[str, ...]


class AttentionPanel(AskingView[ProbeAttention]):
    """Each row is a written word, each column a word that was read; the darker a cell, the more attention."""

    HELP = (
        "A plain encoder–decoder has to squeeze the whole input into one state. With attention, the decoder may look "
        "back: at each step it gives every input word a weight, the weights of a row sum to 1, and it reads the states "
        "in that proportion. The weights are the softmax of a score for each input word, qᵀ W k: q is the decoder’s "
        "state, k the encoder’s at that word, and W is learned (Luong et al., 2015). With recordings and with copying, "
        "the score also depends on where it looked before. A good translator draws a line from the upper left to the "
        "lower right, with bends where the two languages order their words differently. An untrained network looks "
        "everywhere equally."
    )

    def __init__(self, session: Session, title: str) -> None:
        super().__init__(session, title, "rows look at columns")
        self.matrix = Matrix(session.theme, "attention", "Attention: written words by read words")
        self.matrix.tip_of = self._tip
        self.content.addWidget(self.matrix, 1)

    def nothing(self) -> str:
        """Say why there is no picture."""
        return NOTHING if self.session.run.model_config.attention else NO_ATTENTION

    def work(self) -> Callable[[engine.Snapshot], ProbeAttention | None]:
        """Compute the attention over the probe."""
        return partial(looks_of, probe=self.session.probe.given, label=self.session.probe.label)

    def draw(self) -> None:
        """Draw one cell for each pair of words."""
        found = self.found
        if found is None:
            self.matrix.show_grid(EMPTY, self.session.theme)
            return
        grid = Grid(found.weights, found.written, found.source, "writes", "reads", self._text)
        self.matrix.show_grid(grid, self.session.theme)

    def _text(self, row: int, column: int) -> str:
        return f"{self.found.weights[row, column]:.2f}" if self.found is not None else ""

    def _tip(self, row: int, column: int) -> str:
        found = self.found
        if found is None:
            return ""
        weight = probability_text(found.weights[row, column])
        return f"while writing “{found.written[row]}” {weight} of the attention is on “{found.source[column]}”"

    def table(self) -> Table:
        """One row for each word that is written."""
        if self.found is None:
            return Table(("written",))
        found = self.found
        rows = ((word, *weights.tolist()) for word, weights in zip(found.written, found.weights, strict=True))
        return Table(("written", *found.source), rows)


def looks_of(snapshot: engine.Snapshot, probe: NetworkInput, label: str | None) -> ProbeAttention | None:
    """The attention over one text; runs in the background."""
    if not snapshot.config.attention or "attention" in snapshot.model_class.unused:
        return None
    found = look(snapshot, probe, label)
    if found is None or found.trace.attention is None:
        return None
    weights = found.trace.attention
    if not np.isfinite(weights).all():
        raise engine.ConfigError(BROKEN)
    steps = weights.shape[1]
    source = as_typed(found.trace.inputs[:steps], found.tokens, found.model)[0]
    written = found.trace.outputs[steps:]
    return ProbeAttention(weights, tuple(map(visible_symbol, source)), tuple(map(visible_symbol, written)))
