"""How tags mark entities of several words: IOB1, IOB2, BIOES. A data set uses one scheme throughout.

In IOB2 every entity begins with B-; in IOB1 only one that follows another of its type; in BIOES (BILOU) the last word
and a single-word entity have separate letters.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Final

from engine.data.bulk.row_batch import RowBatch

_LETTERS: Final = frozenset("BIOESLU")
_AT_END: Final = frozenset("ESLU")
_ALONE: Final = frozenset("SU")


def split_tag(tag: str) -> tuple[str, str]:
    """Letter and type: ("B", "PER"); a bare B, I, … marks an entity of the one unnamed type; ("", tag) for others."""
    if tag[1:2] == "-":
        return tag[0], tag[2:]
    return (tag, "") if tag in _LETTERS else ("", tag)


def looks_like_entities(tags: Iterable[str]) -> bool:
    """Whether tags mark entities: each has one of the letters, and not all are O."""
    letters = {split_tag(tag)[0] for tag in set(tags)}
    return letters <= _LETTERS and bool(letters - {"O"}) and bool(letters & {"B", "I", "S", "U"})


def scheme_of(tags: Iterable[str]) -> str:
    """ "IOB1", "IOB2", "BIOES", "BILOU", or "" for tags that do not mark entities; "" in `tags`
    separates sentences."""
    letters: Counter[str] = Counter()
    inside_first = 0
    before = ("O", "")
    for tag in tags:
        letter, kind = split_tag(tag) if tag else ("O", "")
        if tag:
            letters[letter] += 1
        if letter == "I" and (before[0] == "O" or before[1] != kind):
            inside_first += 1
        before = letter, kind
    if not set(letters) <= _LETTERS or not set(letters) - {"O"}:
        return ""
    if set(letters) & {"L", "U"}:
        return "BILOU"
    if set(letters) & {"E", "S"}:
        return "BIOES"
    return "IOB1" if inside_first > letters["B"] else "IOB2"


def rewrite(tags: Sequence[str], scheme: str) -> list[str]:
    """The tags of one sentence, in any scheme, as IOB2, BIOES or BILOU. Entities are read as conlleval reads them."""
    split = [split_tag(tag) for tag in tags]
    begins = [_begins(split[i - 1] if i else ("O", ""), now) for i, now in enumerate(split)]
    if scheme == "IOB2":
        return [_tag("B" if first else "I", kind) if letter != "O" else tag
                for tag, (letter, kind), first in zip(tags, split, begins, strict=True)]  # fmt: skip
    alone, last = ("U", "L") if scheme == "BILOU" else ("S", "E")
    result = []
    for i, (tag, (letter, kind)) in enumerate(zip(tags, split, strict=True)):
        ends = i + 1 == len(tags) or split[i + 1][0] == "O" or begins[i + 1]
        mark = alone if begins[i] and ends else "B" if begins[i] else last if ends else "I"
        result.append(_tag(mark, kind) if letter != "O" else tag)
    return result


def _begins(before: tuple[str, str], now: tuple[str, str]) -> bool:
    letter, kind = now
    if letter == "O":
        return False
    return letter in {"B"} | _ALONE or before[0] in {"O"} | _AT_END or before[1] != kind


def _tag(letter: str, kind: str) -> str:
    return f"{letter}-{kind}" if kind else letter


class SchemeKeeper:
    """Rewrites the tags of several files in turn, so that all use the scheme of the first; IOB1 becomes IOB2.

    tags: all that a network has learned, to use its scheme instead.
    """

    def __init__(self, tags: Sequence[str] = ()) -> None:
        self._wanted = scheme_of(tags).replace("IOB1", "IOB2")
        self._of_file: str | None = None  # not known yet
        self.changed: set[str] = set()  # what was rewritten, such as "IOB1 were read as IOB2"

    def next_file(self) -> None:
        """The next rows come from another file, which may use another scheme."""
        self._of_file = None

    def keep(self, batch: RowBatch) -> RowBatch:
        """Tagged rows with their tags in the wanted scheme."""
        assert batch.lengths is not None
        if self._of_file is not None and self._of_file in ("", self._wanted):
            return batch
        bounds = [0, *batch.lengths.cumsum().tolist()]
        if self._of_file is None:
            separated: list[str] = []
            for first, last in pairwise(bounds):
                separated += [*batch.target[first:last], ""]
            if set(separated) <= {"O", ""}:  # no entity yet
                return batch
            self._of_file = scheme_of(separated)
            if not self._wanted:
                self._wanted = "IOB2" if self._of_file == "IOB1" else self._of_file
        if not self._of_file or self._of_file == self._wanted:
            return batch
        self.changed.add(f"{self._of_file} were read as {self._wanted}")
        tags: list[str] = []
        for first, last in pairwise(bounds):
            tags += rewrite(batch.target[first:last], self._wanted)
        return replace(batch, target=tags)
