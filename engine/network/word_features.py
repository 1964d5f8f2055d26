"""A word's spelling as numbers: the only information about a word outside the vocabulary.

Both methods turn distinct words into rows (M, S) that are appended to the words' embeddings. Their features (endings,
beginnings, shapes, letters) are derived from the vocabulary alone, so they need not be stored.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from typing import Any, final

import numpy as np
from numpy.typing import DTypeLike

from engine.network.input_layers import Embedding
from engine.network.layers import add_rows
from engine.network.packing import Packing
from engine.network.recurrent_stack import Recurrent, Tape
from engine.network.workspace import Workspace
from engine.types import FloatArray, IntArray

_SUFFIXES, _PREFIXES = (1, 2, 3, 4), (1, 2, 3)
AFFIXES = len(_SUFFIXES) + len(_PREFIXES) + 1  # of a word; the last is its shape
_SEEN_IN_WORDS = 2  # an affix or a shape counts if at least this many words of the vocabulary have it
_LETTER_EMBEDDING, _LETTER_UNITS = 24, 32  # small: words are short, and there are few letters
LONGEST_WORD = 32  # letters read of a word; longer ones are addresses or numbers


class Spelling(ABC):
    """words → rows (M, size)."""

    size: int
    known: tuple[Mapping[str, int], ...] | Mapping[str, int]  # feature → its row of the table

    @property
    def parts(self) -> tuple[Spelling, ...]:
        """The spellings joined in this one: only itself, unless it joins others."""
        return (self,)

    @abstractmethod
    def shapes(self) -> dict[str, tuple[int, ...]]:
        """Names and shapes of the parameters."""

    @abstractmethod
    def forward(self, work: Workspace, words: Sequence[str]) -> tuple[FloatArray, Any]:
        """Rows (M, size) of M words, and what `backward` needs."""

    @abstractmethod
    def backward(self, work: Workspace, tape: Any, d_rows: FloatArray) -> None:
        """Write the gradient of the parameters. d_rows: (M, size)."""


def word_shape(word: str) -> str:
    """The outline of a word: "McDonald's" → "XxXx'x", "1984" → "d", "ATIS" → "X"."""
    kinds = ("d" if c.isdigit() else "X" if c.isupper() else "x" if c.isalpha() else c for c in word)
    return "".join(kind for kind, _ in groupby(kinds))


def affixes(word: str) -> list[str]:
    """Endings, beginnings and shape of a word, always in the same order."""
    lower = word.lower()
    return [f"-{lower[-k:]}" for k in _SUFFIXES] + [f"{lower[:k]}-" for k in _PREFIXES] + [word_shape(word)]


# Networks are outlined again and again while settings change: what their vocabulary holds is counted once.
@lru_cache(maxsize=2)
def _affix_rows(words: tuple[str, ...]) -> tuple[Mapping[str, int], ...]:
    """For each place of an affix: the affix → its row of the table; "" is for those that are rare."""
    places = list(zip(*(affixes(word) for word in words), strict=True)) or [()] * len(affixes(""))
    known: list[Mapping[str, int]] = []
    rows = 0
    for place in places:
        common = sorted(feature for feature, count in Counter(place).items() if count >= _SEEN_IN_WORDS)
        known.append({feature: rows + 1 + k for k, feature in enumerate(common)} | {"": rows})
        rows += 1 + len(common)
    return tuple(known)


@lru_cache(maxsize=2)
def letters_in(words: tuple[str, ...]) -> tuple[str, ...]:
    """The distinct letters of a vocabulary, in code point order."""
    return tuple(sorted(set().union(*words)))


@final
class Affixes(Spelling):
    """The sum of a learned row for each affix and the shape; affixes that are rare in the vocabulary share one row."""

    def __init__(self, prefix: str, words: tuple[str, ...], size: int) -> None:
        self.size = size
        self._features: dict[str, IntArray] = {}
        self.known: tuple[Mapping[str, int], ...] = _affix_rows(words)
        self.table = Embedding(f"{prefix}.affix_embedding", sum(map(len, self.known)), size)

    def _features_of(self, word: str) -> IntArray:
        found = self._features.get(word)
        if found is None:
            pairs = zip(self.known, affixes(word), strict=True)
            found = self._features[word] = np.array([ids.get(feature, ids[""]) for ids, feature in pairs])
        return found

    def shapes(self) -> dict[str, tuple[int, ...]]:
        """The one table."""
        return self.table.shapes()

    def forward(self, work: Workspace, words: Sequence[str]) -> tuple[FloatArray, Any]:
        """M words → (M, size): the sum of the rows of each word's features; and the features (M, AFFIXES)."""
        features = np.stack([self._features_of(word) for word in words])
        rows = self.table.forward(work, features.ravel()).reshape(*features.shape, self.size)
        return np.asarray(rows.sum(axis=1)), features

    def backward(self, work: Workspace, tape: Any, d_rows: FloatArray) -> None:
        """d_rows (M, size): every feature of a word gets the word's gradient."""
        self.table.backward(work, tape.ravel(), np.repeat(d_rows, tape.shape[1], axis=0))


@dataclass
class _LetterTape:
    ids: IntArray  # (N,) letters of all words, packed
    packing: Packing
    recurrent: Tape


@final
class Letters(Spelling):
    """The last states of a small recurrent network that reads the word's letters in both directions.

    Ling et al., "Finding function in form" (2015); Lample et al., "Neural architectures for named entity recognition"
    (2016).
    """

    def __init__(self, prefix: str, words: tuple[str, ...], cell: str, dtype: DTypeLike) -> None:
        self.known: dict[str, int] = {letter: k + 1 for k, letter in enumerate(letters_in(words))}  # 0: unknown
        self.embedding = Embedding(f"{prefix}.letter_embedding", len(self.known) + 1, _LETTER_EMBEDDING)
        self.recurrent = Recurrent(
            cell, f"{prefix}.letters", _LETTER_EMBEDDING, _LETTER_UNITS, 1, dtype, bidirectional=True
        )
        self.size = self.recurrent.output_size

    def shapes(self) -> dict[str, tuple[int, ...]]:
        """Letters' embedding and the network's matrices."""
        return self.embedding.shapes() | self.recurrent.shapes()

    def forward(self, work: Workspace, words: Sequence[str]) -> tuple[FloatArray, Any]:
        """M words, read letter by letter → (M, size): the last states of both directions; and the tape."""
        spelled = [[self.known.get(letter, 0) for letter in word[:LONGEST_WORD]] or [0] for word in words]
        packing = Packing(np.array([len(ids) for ids in spelled]))
        starts = np.cumsum([0, *(len(ids) for ids in spelled[:-1])])[packing.order]
        ids = packing.pick(np.array([i for ids in spelled for i in ids]), starts)
        rows = self.embedding.forward(work, ids)
        tape = self.recurrent.forward(work, packing, rows)
        ends = np.concatenate([part[0] for part in tape.final[0]], axis=1)
        return packing.unsort(ends), _LetterTape(ids, packing, tape)

    def backward(self, work: Workspace, tape: Any, d_rows: FloatArray) -> None:
        """d_rows (M, size): propagate the gradient from the last states back through every word."""
        assert isinstance(tape, _LetterTape)
        d_ends = d_rows[tape.packing.order]
        d_final = tape.recurrent.final.zeros_like()
        for direction, half in enumerate((d_ends[:, :_LETTER_UNITS], d_ends[:, _LETTER_UNITS:])):
            d_final[0][direction][0] = half
        d_letters, _ = self.recurrent.backward(work, tape.recurrent, None, d_final)
        assert d_letters is not None
        self.embedding.backward(work, tape.ids, d_letters)


def sum_by_group(groups: IntArray, count: int, rows: FloatArray) -> FloatArray:
    """(N,) group numbers 0 … count − 1 and rows (N, D) → sums (count, D)."""
    out = np.empty((count, rows.shape[1]), rows.dtype)
    add_rows(groups, rows, out)
    return out
