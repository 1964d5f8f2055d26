"""Examples: what a model learns from, one by one or all together in two flat arrays."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Self, overload

from numpy.typing import ArrayLike

from engine.data.bulk.ragged import Ragged
from engine.data.codec import Codec


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
        """Examples from symbols; a symbol that does not occur in the vocabulary at all becomes UNKNOWN."""
        pairs = [(e.source, e.target) if isinstance(e, Example) else e for e in examples]
        source = Ragged.of(codec.source.encode(s) for s, _ in pairs)
        target = Ragged.of([] if codec.target is None else codec.target.encode(t) for _, t in pairs)
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
