"""Examples: what a model learns from, one by one or all together in two flat arrays."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Self, overload

import numpy as np
from numpy.typing import ArrayLike

from engine.data.bulk.ragged import Ragged
from engine.data.codec import Codec
from engine.data.vocabulary import SPECIALS, UNKNOWN_ID, Vocabulary

if TYPE_CHECKING:
    from engine.data.numbers.number_scaling import NumberScaling

SideValue = Any  # symbols as a tuple of str, or numbers in their own units as an array of float64


@dataclass(frozen=True, eq=False)
class Example:
    """One example as a person reads it: symbols, or arrays of numbers in their own units.

    What `target` holds depends on the kind of data: nothing (sequences, stream), the label, the tags (one for each
    symbol of the source), the symbols of the target text, the number (1,), or, for a series, the last values (M, D),
    which are to be predicted and are part of its source (T, D) too.
    """

    source: SideValue
    target: SideValue = ()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Example) and self._key == other._key

    def __hash__(self) -> int:
        return hash(self._key)

    @property
    def _key(self) -> tuple[object, ...]:
        sides = (self.source, self.target)
        return tuple((side.shape, side.tobytes()) if isinstance(side, np.ndarray) else side for side in sides)


@dataclass(frozen=True, eq=False)
class Examples(Sequence[Example]):
    """Immutable examples; ids or standardised frames in `source` and `target`, symbols or numbers in their own units by
    indexing. START and END are not stored.

    Ids from `len(vocabulary)` on are symbols that the model does not know; `codec.source.known` maps them to UNKNOWN.
    names (n,): what each is called, such as the file of a sound; () where they have no names.
    """

    codec: Codec
    source: Ragged
    target: Ragged
    names: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if len(self.source) != len(self.target):
            raise ValueError("as many targets as sources")
        if self.names and len(self.names) != len(self.source):
            raise ValueError("as many names as sources")

    @classmethod
    def of(
        cls, codec: Codec, examples: Iterable[Example | tuple[SideValue, SideValue]], names: Sequence[str] = ()
    ) -> Self:
        """Examples from symbols. The vocabularies of the result also list, as `extra`, symbols that `codec` lacks, so
        that a network which reads spelling sees the letters of every word."""
        pairs = [(e.source, e.target) if isinstance(e, Example) else e for e in examples]
        words, answers = codec.source, codec.target
        if codec.frames is not None:
            source = _standardised(codec.frames, [s for s, _ in pairs])
        else:
            source, words = _encoded(words, [s for s, _ in pairs])
        target = Ragged.of([] for _ in pairs)
        if codec.values is not None:
            target = _standardised(codec.values, [t for _, t in pairs])
        elif answers is not None:
            target, answers = _encoded(answers, [t for _, t in pairs])
        if words is not codec.source or answers is not codec.target:
            codec = replace(codec, source=words, target=answers)
        return cls(codec, source, target, tuple(names))

    def __len__(self) -> int:
        return len(self.source)

    @overload
    def __getitem__(self, i: int) -> Example: ...

    @overload
    def __getitem__(self, i: slice) -> Examples: ...

    def __getitem__(self, i: int | slice) -> Example | Examples:
        if isinstance(i, slice):
            return self.take(range(*i.indices(len(self))))
        return Example(self.codec.decode(self.source[i]), self.codec.decode(self.target[i], "target"))

    def take(self, indices: ArrayLike | range) -> Examples:
        """The examples with these indices (m,), none negative, in this order."""
        names = tuple(self.names[i] for i in np.asarray(indices).tolist()) if self.names else ()
        return Examples(self.codec, self.source.take(indices), self.target.take(indices), names)


def _standardised(numbers: NumberScaling, rows: Sequence[Any]) -> Ragged:
    """Rows of numbers in their own units as frames that a network reads."""
    if not rows:
        return Ragged(np.zeros((0, numbers.size), np.float32), np.zeros(1, np.int64))
    return Ragged.of_frames([numbers.standardise(row) for row in rows])


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
