"""What the verbs of networks return."""

from __future__ import annotations

from dataclasses import dataclass

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
