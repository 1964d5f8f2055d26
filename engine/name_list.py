"""Lists of names in a sentence."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice


def some_of(names: Iterable[str], most: int) -> str:
    """The first `most` names: "yes, no, …"."""
    first = list(islice(names, most + 1))
    return ", ".join(first[:most]) + (", …" if len(first) > most else "")
