"""What the verbs of networks return."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engine.types import FloatArray


@dataclass(frozen=True)
class Generated:
    """A text the network wrote; `log_probability` in nats, of all that it chose itself, the end included."""

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


@dataclass(frozen=True, eq=False)
class Forecast:
    """How a series goes on, in its own units.

    mean, deviation (steps, D): of the futures that are possible; the deviation is NaN where no spread was learned.
    lower, upper (steps, D): between them lie 90 % of the futures. draws (n, steps, D): drawn futures.
    """

    mean: FloatArray
    deviation: FloatArray
    lower: FloatArray
    upper: FloatArray
    draws: FloatArray


@dataclass(frozen=True)
class Rating:
    """The number that goes with a text, and how far it may be off: NaN where no spread was learned."""

    value: float
    deviation: float


def distribution(logits: FloatArray, symbols: Sequence[str]) -> dict[str, float]:
    """(K,) logits → symbol → probability, most probable first."""
    shifted = np.exp(np.asarray(logits, np.float64) - float(logits.max()))
    probabilities = shifted / shifted.sum()
    order = np.argsort(-probabilities, kind="stable")
    return {symbols[k]: float(probabilities[k]) for k in order}
