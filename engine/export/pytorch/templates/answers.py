"""Probabilities as a table."""

from __future__ import annotations

from collections.abc import Sequence

from torch import Tensor


def best_first(probabilities: Tensor, names: Sequence[str]) -> dict[str, float]:
    """probabilities (K,) → the probability of each of the K names, the most probable first."""
    pairs = zip(names, probabilities.tolist(), strict=True)
    return dict(sorted(pairs, key=lambda pair: -pair[1]))
