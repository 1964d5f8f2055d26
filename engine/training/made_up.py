"""Examples with made-up stems, where there are few word forms to learn from.

What source and target share, the stem, is replaced by random letters: "walk + V;PST → walked" is also read as
"gwik + V;PST → gwiked". A network that has met thousands of such words cannot know the stems by heart: it has to look
at the source and copy. Anastasopoulos and Neubig, "Pushing the limits of low-resource morphological inflection" (2019).

Two things go beyond the article. A letter follows another as often as in the training words, so that the vowels of a
stem go with each other and with its ending. And stems become longer, because a hundred words leave most lengths out: a
network that has met no word of twenty letters stops copying before its end.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from engine.data.bulk.ragged import Ragged
from engine.data.codec import SEPARATOR, Codec
from engine.data.examples import Examples
from engine.types import IntArray

_SHORTEST = 3  # letters in a row that count as a stem, or a part of one
_MOST_MORE = 8  # letters by which a stem becomes longer, at most
_RARELY = 0.02  # added to the counts of what follows a letter, shared out by frequency, so that any letter may follow


class _Stem(NamedTuple):
    """Where the letters are that are replaced, on both sides."""

    source: IntArray
    target: IntArray


def has_stems(codec: Codec) -> bool:
    """Whether words are spelled out on both sides."""
    spelled = codec.unit in ("character", "mixed") and codec.target_unit == "character"
    return spelled and codec.kind.writes_text and not codec.kind.reads_numbers


class _LetterChain:
    """Letters of words on both sides, and how often one follows another in the training sources."""

    def __init__(self, examples: Examples) -> None:
        source, target = examples.codec.source, examples.codec.target
        assert target is not None
        found = [
            (place, other)
            for place, symbol in enumerate(source.symbols)
            if len(symbol) == 1 and symbol.isalpha() and (other := target.index(symbol)) is not None
        ]
        self.count = len(found)
        self.source_ids = np.array([place for place, _ in found], np.int32)
        self.target_ids = np.array([other for _, other in found], np.int32)
        number = np.full(len(source), -1)  # of each symbol among the letters
        number[self.source_ids] = np.arange(self.count)
        after = np.zeros((self.count + 1, self.count))  # the last row: at the beginning of a word
        for ids in examples.source:
            letters = number[source.known(ids)]
            before = np.append(self.count, np.where(letters < 0, self.count, letters))[:-1]
            np.add.at(after, (before[letters >= 0], letters[letters >= 0]), 1)
        after += _RARELY * after.sum(axis=0) / max(1.0, after.sum())
        self._upto = np.cumsum(after, axis=1) / np.maximum(after.sum(axis=1, keepdims=True), 1e-9)

    def draw(self, rng: np.random.Generator, count: int) -> IntArray:
        """(count,) which letters the first ones of a made-up word are."""
        word, last = np.zeros(count, np.int64), self.count
        for at, share in enumerate(rng.random(count)):
            word[at] = last = min(int(self._upto[last].searchsorted(share, "right")), self.count - 1)
        return word


class MadeUpStems:
    """Replaces stems in a share of the training examples, chosen anew at every step."""

    def __init__(self, examples: Examples, share: float, seed: int) -> None:
        self._share, self._seed = share, seed
        self._letters = _LetterChain(examples)
        self._stems = [_stems(each.source, each.target) if self._letters.count else [] for each in examples]

    def replace(self, batch: Examples, places: IntArray, step: int) -> Examples:
        """The batch with some of its stems replaced. places (B,): which of all training examples they are."""
        rng = np.random.default_rng([self._seed, 3, step])
        chosen = rng.random(len(places)) < self._share
        sources, targets = ([np.array(row) for row in rows] for rows in (batch.source, batch.target))
        for row in np.flatnonzero(chosen).tolist():
            stems = self._stems[places[row]]
            for stem in stems:
                drawn = self._letters.draw(rng, len(stem.source))
                sources[row][stem.source] = self._letters.source_ids[drawn]
                targets[row][stem.target] = self._letters.target_ids[drawn]
            if stems:
                longest = max(stems, key=lambda stem: len(stem.source))
                drawn = self._letters.draw(rng, int(rng.integers(_MOST_MORE + 1)))
                sources[row] = np.insert(sources[row], longest.source[0], self._letters.source_ids[drawn])
                targets[row] = np.insert(targets[row], longest.target[0], self._letters.target_ids[drawn])
        return Examples(batch.codec, Ragged.of(sources), Ragged.of(targets))


def _stems(source: Sequence[str], target: Sequence[str]) -> list[_Stem]:
    """What both have in common. Each part keeps its last letter, which often decides what the ending looks like.

    It also keeps all marks, such as the vowels of Arabic.
    """
    from difflib import SequenceMatcher  # only word forms are made up

    word = source[: source.index(SEPARATOR)] if SEPARATOR in source else source
    alike = SequenceMatcher(None, word, target, autojunk=False).get_matching_blocks()
    stems = []
    for place in alike:
        part = word[place.a : place.a + place.size]
        letters = np.flatnonzero([symbol.isalpha() for symbol in part])
        marks = sum(unicodedata.category(symbol[0]).startswith("M") for symbol in part)
        if len(letters) >= _SHORTEST and len(letters) + marks == len(part):
            stems.append(_Stem(place.a + letters[:-1], place.b + letters[:-1]))
    return stems
