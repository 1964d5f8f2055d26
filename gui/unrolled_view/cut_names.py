"""Names that are cut where the picture has no room for them, so that they can still be told apart."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

MOST_COMPARED = 300  # names; more than these, as the words of a vocabulary, are cut at their end


def cut_name(name: str, names: tuple[str, ...], width: Callable[[str], float], room: float) -> str:
    """As much of a name as has room: its beginning and its end, so that few of the other names look the same. "…" if
    there is no room for a letter."""
    whole = width(name)
    if whole <= room:
        return name
    for length in range(min(len(name) - 1, int(len(name) * room / whole) + 2), 0, -1):
        shown = _letters_of(name, names, length)
        if width(shown) <= room:
            return shown
    return "…"


@lru_cache(4096)
def _letters_of(name: str, names: tuple[str, ...], length: int) -> str:
    """So many letters of a name: of all ways to take them from its beginning and its end, the one that the fewest other
    names share; of these, the one with the longest beginning."""

    def alike(begin: int) -> int:
        head, tail = name[:begin], name[len(name) - length + begin :]
        return sum(other.startswith(head) and other.endswith(tail) and len(other) >= length for other in names)

    begin = min(range(length, 0, -1), key=alike)
    return f"{name[:begin]}…{name[len(name) - length + begin :]}"
