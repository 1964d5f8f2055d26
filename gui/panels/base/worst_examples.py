"""The examples that a network gets most wrong, for the views that list them."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

import engine
from engine.data.codec import Codec, Kind
from engine.data.examples import Examples
from engine.inspection.mistakes import Mistake, mistakes

MOST_EXAMPLES = 1000  # evenly chosen
MOST_SHOWN = 100


@dataclass(frozen=True)
class Wrong:
    """One row: the text as it can be typed, its label if the network starts from one, and how often it occurs."""

    text: str
    truth: str
    loss: float
    right: float
    label: str | None
    times: int = 1

    @property
    def counted_text(self) -> str:
        """The text, with the number of its occurrences if there are several."""
        return self.text if self.times == 1 else f"{self.times} × {self.text}"


def worst_of(snapshot: engine.Snapshot, examples: Examples | None) -> tuple[Wrong, ...] | None:
    """The worst examples of a part of them; runs in the background. ConfigError on running text."""
    if examples is None or not len(examples):
        return None
    if len(examples) > MOST_EXAMPLES:
        examples = examples.take(np.linspace(0, len(examples) - 1, MOST_EXAMPLES).astype(np.int64))
    different: dict[tuple[str, str], Wrong] = {}
    for mistake in mistakes(snapshot.model(), examples, len(examples)):
        row = _row(mistake, examples.codec, snapshot.model_class.label_is_input)
        same = different.get((row.text, row.truth))
        different[row.text, row.truth] = row if same is None else replace(same, times=same.times + 1)
    return tuple(different.values())[:MOST_SHOWN]


def _row(mistake: Mistake, codec: Codec, label_is_input: bool) -> Wrong:
    source, target = mistake.example.source, mistake.example.target
    truth = codec.join(target, "target") if len(target) else ""
    label = target[0] if label_is_input and codec.kind == Kind.LABELLED and target else None
    return Wrong(codec.join(source), truth, mistake.loss, mistake.accuracy, label)
