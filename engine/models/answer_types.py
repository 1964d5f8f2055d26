"""The types that the verbs of networks return."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engine.types import FloatArray


@dataclass(frozen=True)
class Generated:
    """A text the network wrote. `log_probability`: in nats, over every symbol it chose itself, including the end."""

    text: str
    log_probability: float
    tokens: tuple[str, ...]
    token_log_probabilities: tuple[float, ...]


@dataclass(frozen=True)
class Tagged:
    """A token with its most probable tag."""

    token: str
    tag: str
    probability: float


@dataclass(frozen=True)
class Translation:
    """An answer of the decoder; attention (target steps, source steps) where the network has it."""

    text: str
    log_probability: float
    tokens: tuple[str, ...]
    attention: FloatArray | None


@dataclass(frozen=True)
class OwnAnswer:
    """An answer, written as its target is. tokens: of a text that is written symbol by symbol; None of any other."""

    text: str
    tokens: tuple[str, ...] | None = None


@dataclass(frozen=True, eq=False)
class Forecast:
    """How a series continues, in its own units.

    mean, deviation (steps, D): of the possible futures; the deviation is NaN if no uncertainty was learned.
    lower, upper (steps, D): between them lie 90 % of the futures. draws (n, steps, D): drawn futures.
    """

    mean: FloatArray
    deviation: FloatArray
    lower: FloatArray
    upper: FloatArray
    draws: FloatArray


@dataclass(frozen=True)
class Rating:
    """The number predicted for a text, and its standard deviation: NaN if no uncertainty was learned."""

    value: float
    deviation: float


def distribution(logits: FloatArray, symbols: Sequence[str]) -> dict[str, float]:
    """(K,) logits → symbol → probability, most probable first."""
    shifted = np.exp(np.asarray(logits, np.float64) - float(logits.max()))
    probabilities = shifted / shifted.sum()
    order = np.argsort(-probabilities, kind="stable")
    return {symbols[k]: float(probabilities[k]) for k in order}
