"""Examples: what a model learns from, one by one or all together in two flat arrays."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Self, overload

import numpy as np
from numpy.typing import ArrayLike

from engine.data.bulk.ragged import Ragged
from engine.data.codec import Codec
from engine.data.vocabulary import SPECIALS, UNKNOWN_ID, Vocabulary


@dataclass(frozen=True)
class Example:
    """One example as symbols. What `target` holds depends on the kind of data: nothing (sequences, stream), the
    label, the tags (one for each symbol of the source), or the symbols of the target text."""

    source: tuple[str, ...]
    target: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Examples(Sequence[Example]):
    """Immutable examples; ids in `source` and `target`, symbols by indexing. START and END are not stored.

    Ids from `len(vocabulary)` on are symbols that the model does not know; `codec.source.known` maps them to UNKNOWN.
    """

    codec: Codec
    source: Ragged
    target: Ragged

    def __post_init__(self) -> None:
        if len(self.source) != len(self.target):
            raise ValueError("as many targets as sources")

    @classmethod
    def of(cls, codec: Codec, examples: Iterable[Example | tuple[Sequence[str], Sequence[str]]]) -> Self:
        """Examples from symbols. The vocabularies of the result also list, as `extra`, symbols that `codec` lacks, so
        that a network which reads spelling sees the letters of every word."""
        pairs = [(e.source, e.target) if isinstance(e, Example) else e for e in examples]
        source, words = _encoded(codec.source, [s for s, _ in pairs])
        target, answers = Ragged.of([] for _ in pairs), codec.target
        if answers is not None:
            target, answers = _encoded(answers, [t for _, t in pairs])
        if words is not codec.source or answers is not codec.target:
            codec = replace(codec, source=words, target=answers)
        return cls(codec, source, target)

    def __len__(self) -> int:
        return len(self.source)

    @overload
    def __getitem__(self, i: int) -> Example: ...

    @overload
    def __getitem__(self, i: slice) -> Examples: ...

    def __getitem__(self, i: int | slice) -> Example | Examples:
        if isinstance(i, slice):
            return self.take(range(*i.indices(len(self))))
        target = () if self.codec.target is None else self.codec.target.decode(self.target[i])
        return Example(self.codec.source.decode(self.source[i]), target)

    def take(self, indices: ArrayLike | range) -> Examples:
        """The examples with these numbers, in this order."""
        return Examples(self.codec, self.source.take(indices), self.target.take(indices))


def _encoded(vocabulary: Vocabulary, rows: Sequence[Sequence[str]]) -> tuple[Ragged, Vocabulary]:
    """The ids of rows of symbols, and the vocabulary that lists all of them."""
    encoded = [vocabulary.encode(row) for row in rows]
    if not vocabulary.has_specials:
        return Ragged.of(encoded), vocabulary
    first, strange = len(vocabulary) + len(vocabulary.extra), dict[str, int]()
    for row, ids in zip(rows, encoded, strict=True):
        for t in np.flatnonzero(ids == UNKNOWN_ID).tolist():
            if row[t] not in SPECIALS:
                ids[t] = strange.setdefault(row[t], first + len(strange))
    if strange:
        vocabulary = replace(vocabulary, extra=(*vocabulary.extra, *strange))
    return Ragged.of(encoded), vocabulary
