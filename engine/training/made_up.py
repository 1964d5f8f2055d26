"""Examples with made-up stems, where there are few word forms to learn from.

What source and target share, the stem, is replaced by random letters: "walk + V;PST → walked" is also read as
"gwik + V;PST → gwiked". A network that has met thousands of such words cannot know the stems by heart: it has to look
at the source and copy. Anastasopoulos and Neubig, "Pushing the limits of low-resource morphological inflection" (2019).
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


class _Stem(NamedTuple):
    """Where the letters are that are replaced, on both sides."""

    source: IntArray
    target: IntArray


def has_stems(codec: Codec) -> bool:
    """Whether words are spelled out on both sides."""
    return codec.unit in ("character", "mixed") and codec.target_unit == "character" and codec.kind.writes_text


class MadeUpStems:
    """Replaces stems in a share of the training examples, chosen anew at every step."""

    def __init__(self, examples: Examples, share: float, seed: int) -> None:
        self._share, self._seed = share, seed
        source, target = examples.codec.source, examples.codec.target
        assert target is not None
        letters = [
            (place, other, source.counts[place])
            for place, symbol in enumerate(source.symbols)
            if len(symbol) == 1 and symbol.isalpha() and (other := target.index(symbol)) is not None
        ]
        self._source_ids = np.array([letter[0] for letter in letters], np.int32)
        self._target_ids = np.array([letter[1] for letter in letters], np.int32)
        counts = np.array([letter[2] for letter in letters], np.float64)
        self._often = counts / max(1.0, counts.sum())
        self._stems = [_stems(example.source, example.target) if letters else [] for example in examples]

    def replace(self, batch: Examples, places: IntArray, step: int) -> Examples:
        """The batch with some of its stems replaced. places (B,): which of all training examples they are."""
        rng = np.random.default_rng([self._seed, 3, step])
        chosen = rng.random(len(places)) < self._share
        sources, targets = ([np.array(row) for row in rows] for rows in (batch.source, batch.target))
        for row in np.flatnonzero(chosen).tolist():
            for stem in self._stems[places[row]]:
                drawn = rng.choice(len(self._often), len(stem.source), p=self._often)
                sources[row][stem.source] = self._source_ids[drawn]
                targets[row][stem.target] = self._target_ids[drawn]
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
