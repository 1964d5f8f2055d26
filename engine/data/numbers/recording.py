"""Numbers that somebody gives a network to read."""

from __future__ import annotations

from dataclasses import dataclass

from engine.types import FloatArray


@dataclass(frozen=True, eq=False)
class Recording:
    """A sound, a picture or a piece of a series, under the name that a person knows it by. Equal only to itself.

    values: (T, D) in their own units, or (height, width, channels).
    """

    name: str
    values: FloatArray


Given = str | Recording  # what a person gives a network to read: a text, or numbers
