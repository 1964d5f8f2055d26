"""Numbers as input for a network."""

from __future__ import annotations

from dataclasses import dataclass

from engine.types import FloatArray


@dataclass(frozen=True, eq=False)
class Recording:
    """A sound, a picture or a piece of a series, with its name. Equal only to itself.

    values: (T, D) in their own units, or (height, width, channels).
    """

    name: str
    values: FloatArray


NetworkInput = str | Recording  # the input of a network: a text or numbers
