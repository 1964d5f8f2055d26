"""Lists of names in a sentence."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import islice
from pathlib import PurePath


def some_of(names: Iterable[str], most: int) -> str:
    """The first `most` names: "yes, no, …"."""
    first = list(islice(names, most + 1))
    return ", ".join(first[:most]) + (", …" if len(first) > most else "")


def joined(names: Iterable[str]) -> str:
    """At least one name, as in a sentence: "red", "red and green", "red, green and blue"."""
    *firsts, last = names
    return f"{', '.join(firsts)} and {last}" if firsts else last


def ends_of_paths(paths: Sequence[str]) -> list[str]:
    """Of each path its last part, or as many of them as tell it from the others; "" stays ""."""
    parts = {path: PurePath(path).parts for path in paths if path}

    def end(path: str) -> str:
        others = [other for each, other in parts.items() if each != path]
        counts = range(1, len(parts[path]))
        told = (n for n in counts if all(parts[path][-n:] != other[-n:] for other in others))
        return str(PurePath(*parts[path][-next(told, len(parts[path])) :]))

    return [end(path) if path else path for path in paths]
