"""Punctuation marks with a space inside them, as in French ("Ça va ?", "« oui »"), learned from the texts."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

_CLOSING: Final = "!?;:%»"
_OPENING: Final = "«"
_FEWEST: Final = 3  # a single one may be a slip


def spaced_marks(texts: Iterable[str]) -> str:
    """The marks that the texts mostly separate by a space: before the mark, or after it if it is an opening one."""
    spaced, joined = dict.fromkeys(_CLOSING + _OPENING, 0), dict.fromkeys(_CLOSING + _OPENING, 0)
    for text in texts:
        for mark in spaced:
            at = text.find(mark)
            while at >= 0:
                neighbour = text[at + 1 : at + 2] if mark in _OPENING else text[max(0, at - 1) : at]
                (spaced if neighbour.isspace() else joined)[mark] += 1
                at = text.find(mark, at + 1)
    return "".join(mark for mark in spaced if spaced[mark] >= _FEWEST and spaced[mark] > joined[mark])
