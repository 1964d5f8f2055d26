"""Symbols and their ids."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from engine.data.bulk.symbol_ids import eights_of, head_masks
from engine.data.bulk.text_array import Texts
from engine.errors import DataError

UNKNOWN = "<unk>"
START = "<s>"
END = "</s>"
SPECIALS = (UNKNOWN, END)
UNKNOWN_ID, END_ID = 0, 1  # positions of the special symbols in a text vocabulary
FIRST_ID = len(SPECIALS)  # of the most frequent known symbol


def _no_counts() -> NDArray[np.int64]:
    return np.zeros(0, np.int64)


@dataclass(frozen=True, eq=False)
class Vocabulary:
    """The symbols of one side of a data set; the id of a symbol is its position.

    A text vocabulary (`has_specials`) begins with UNKNOWN and END; known symbols follow by descending training
    count, ties in code point order. A label or tag vocabulary has no specials and knows every label.

    `len(v)` counts what a model knows. Symbols of the data that the model does not know (too rare, or seen only in
    validation) are listed in `extra`, with ids from `len(v)` on, so that examples keep their true text.

    `counts` (len(v),) int64: occurrences in the training split.
    """

    symbols: tuple[str, ...]
    counts: NDArray[np.int64] = field(default_factory=_no_counts)
    extra: tuple[str, ...] = ()
    has_specials: bool = True

    def __post_init__(self) -> None:
        if self.has_specials and self.symbols[: len(SPECIALS)] != SPECIALS:
            raise ValueError(f"a text vocabulary begins with {SPECIALS}")
        counts = np.array(self.counts if len(self.counts) else np.zeros(len(self.symbols)), np.int64)
        if counts.shape != (len(self.symbols),):
            raise ValueError("one count for each known symbol")
        counts.flags.writeable = False
        object.__setattr__(self, "counts", counts)

    @classmethod
    def from_counts(
        cls, symbols: Sequence[str], counts: ArrayLike, *, min_count: int = 1, has_specials: bool = True
    ) -> Self:
        """The vocabulary of n `symbols` with their training counts (n,), in the order described above.

        A text symbol counted fewer than `min_count` times goes to `extra`; labels are all known.
        """
        numbers = np.asarray(counts, np.int64)
        known, rare = rank(symbols, numbers, min_count, has_specials)
        names = tuple([symbols[i] for i in known.tolist()])
        if not has_specials:
            return cls(names, numbers[known], (), False)
        unknown = numbers.sum() - numbers[known].sum()
        return cls(
            (*SPECIALS, *names),
            np.concatenate(([unknown, 0], numbers[known])),
            tuple([symbols[i] for i in rare.tolist()]),
        )

    def __reduce__(self) -> tuple[Any, ...]:
        """For pickling: leave out the tables that are built when first needed."""
        return _vocabulary, (_packed(self.symbols), self.counts, _packed(self.extra), self.has_specials)

    def __len__(self) -> int:
        return len(self.symbols)

    @property
    def distinct(self) -> int:
        """How many symbols of the data a model knows: all but the special ones."""
        return len(self.symbols) - (FIRST_ID if self.has_specials else 0)

    def __eq__(self, other: object) -> bool:
        """Equal to a model: the same known symbols in the same order."""
        if not isinstance(other, Vocabulary):
            return NotImplemented
        return self.symbols == other.symbols and self.has_specials == other.has_specials

    def __hash__(self) -> int:
        return hash((self.symbols, self.has_specials))

    @cached_property
    def _index(self) -> dict[str, int]:
        index = {symbol: i for i, symbol in enumerate((*self.symbols, *self.extra))}
        if self.has_specials:
            index[END] = UNKNOWN_ID  # text that spells out the end mark does not end there
        return index

    @cached_property
    def _all(self) -> tuple[str, ...]:
        return (*self.symbols, *self.extra)

    @cached_property
    def known_symbols(self) -> frozenset[str]:
        """The symbols that the model knows, without the special ones of a text vocabulary."""
        return frozenset(self.symbols[FIRST_ID if self.has_specials else 0 :])

    @cached_property
    def longest(self) -> int:
        """Characters of the longest symbol among them."""
        return max(map(len, self.known_symbols), default=1)

    def index(self, symbol: str) -> int | None:
        """The id of a symbol that the model knows, else None."""
        if self.has_specials and symbol == END:
            return END_ID
        found = self._index.get(symbol)
        return found if found is not None and found < len(self) else None

    def encode(self, tokens: Iterable[str]) -> NDArray[np.int32]:
        """tokens (T,) → ids (T,); extra symbols keep their own id, anything else is UNKNOWN_ID (a label: DataError)."""
        if self.has_specials:
            get = self._index.get
            return np.array([get(token, UNKNOWN_ID) for token in tokens], np.int32)
        try:
            return np.array([self._index[token] for token in tokens], np.int32)
        except KeyError as error:
            known = ", ".join(map(repr, self.symbols[:10]))
            raise DataError(f"There is no label {error.args[0]!r}; known are {known}.") from None

    def decode(self, ids: Iterable[int] | NDArray[Any]) -> tuple[str, ...]:
        """ids (T,) → symbols (T,)."""
        names = self._all
        numbers = ids.tolist() if isinstance(ids, np.ndarray) else ids
        return tuple([names[i] for i in numbers])

    def known(self, ids: ArrayLike) -> NDArray[np.int32]:
        """ids of any shape → a copy as a model sees them: UNKNOWN for symbols that it does not know."""
        numbers = np.array(ids, np.int32)
        numbers[numbers >= len(self)] = UNKNOWN_ID
        return numbers

    def to_json(self) -> dict[str, Any]:
        return {"symbols": list(self.symbols), "counts": self.counts.tolist(), "has_specials": self.has_specials}

    @classmethod
    def from_json(cls, values: Any) -> Self:
        """The known symbols of a saved vocabulary; DataError if the JSON does not describe one."""
        try:
            symbols = tuple(values["symbols"])
            if not all(isinstance(symbol, str) for symbol in symbols) or len(set(symbols)) != len(symbols):
                raise ValueError("symbols are distinct texts")
            counts = np.array(values["counts"], np.int64)
            return cls(symbols, counts, (), bool(values["has_specials"]))
        except (KeyError, TypeError, ValueError, OverflowError) as error:
            raise DataError(f"This is not a saved vocabulary ({error}).") from None


def _packed(symbols: tuple[str, ...]) -> str | tuple[str, ...]:
    """Pack the strings into one if possible: pickling a great many would keep every other thread waiting."""
    joined = "\0".join(symbols)
    return joined if len(symbols) > 1 and joined.count("\0") == len(symbols) - 1 else symbols


def _vocabulary(
    symbols: str | tuple[str, ...], counts: NDArray[np.int64], extra: str | tuple[str, ...], has_specials: bool
) -> Vocabulary:
    known, unknown = (tuple(part.split("\0")) if isinstance(part, str) else part for part in (symbols, extra))
    return Vocabulary(known, counts, unknown, has_specials)


def rank(
    symbols: Sequence[str], counts: NDArray[np.int64], min_count: int, has_specials: bool
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Indices of the known symbols, (V,), and of those that are too rare, both in vocabulary order. counts (n,): how
    often each symbol occurs.

    A text symbol that looks like a special one is neither.
    """
    order = _by_count_and_name(symbols, counts)
    if not has_specials:
        return order, order[:0]
    special = np.array([symbol in SPECIALS for symbol in symbols], bool)
    order = order[~special[order]]
    enough = counts[order] >= max(1, min_count)
    return order[enough], order[~enough]


def _by_count_and_name(symbols: Sequence[str], counts: NDArray[np.int64]) -> NDArray[np.int64]:
    """Indices by descending count, ties in code point order.

    Sorted by the first eight bytes of UTF-8, whose order is that of the code points; those that agree in them are
    then sorted by name. Sorting a great many strings in one go would keep every other thread waiting.
    """
    texts = Texts.of(symbols)
    heads = (eights_of(texts.data)[texts.starts] & head_masks(texts.sizes)).byteswap()
    order = np.lexsort((heads, -counts))
    same = (np.diff(counts[order]) == 0) & (heads[order[1:]] == heads[order[:-1]])
    edges = np.diff(np.concatenate(([False], same, [False])).astype(np.int8))
    for first, last in zip(np.flatnonzero(edges > 0).tolist(), np.flatnonzero(edges < 0).tolist(), strict=True):
        run = order[first : last + 1].tolist()
        order[first : last + 1] = sorted(run, key=symbols.__getitem__)
    return order
