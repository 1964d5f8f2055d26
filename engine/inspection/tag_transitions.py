"""The tags that a CRF expects after each tag, regardless of the words."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.models import Model
from engine.types import FloatArray


@dataclass(frozen=True, eq=False)
class TagTransitions:
    """scores (K, K) [before, after], −∞ where the second tag can never follow the first. shares (K, K): their softmax
    over each row, the distribution of the next tag if the words had no influence."""

    tags: tuple[str, ...]
    scores: FloatArray
    shares: FloatArray


def tag_transitions(model: Model) -> TagTransitions | None:
    """The transitions of a network that decides all tags jointly; None for any other."""
    scores = model.scorer.between(model.parameters)
    if scores is None or model.codec.target is None:
        return None
    odds = np.exp(scores - scores.max(axis=1, keepdims=True))
    return TagTransitions(model.codec.target.symbols, scores, odds / odds.sum(axis=1, keepdims=True))
