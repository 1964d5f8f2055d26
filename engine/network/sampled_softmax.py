"""A softmax over a sample of the symbols, for training with many words.

Training a network that writes words spends most of its time on the scores of words that were never in question. Here a
step scores C of the K symbols: the targets of its batch, and S symbols drawn without replacement, which stand for the
others. Symbol k is drawn with probability π(k), so it counts 1 / π(k) times in the sum of exponentials:

    Ẑ = e^(score of the target) + Σ over drawn k ≠ target of e^(score of k) / π(k)        E Ẑ = Z

and the loss −score + ln Ẑ is an estimate of the exact one, on average slightly below it. The frequent symbols, which
hold most of Z, are always among the C. Bengio and Senécal, "Adaptive importance sampling to accelerate training of a
neural probabilistic language model" (2008); Jean et al., "On using very large target vocabulary for neural machine
translation" (2015).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.data.vocabulary import FIRST_ID
from engine.types import FloatArray, IntArray

_FLATTENING = 0.75  # exponent on the counts: rare symbols are drawn more often than they occur, as in word2vec


@dataclass(frozen=True)
class DrawnSymbols:
    """The symbols that one step scores.

    rows: (C,) ids, ascending. places: (N,) where the target of each prediction stands among them. added: (C,) −ln π(k),
    and −∞ for targets that were not drawn: these count only in the predictions whose target they are.
    """

    rows: IntArray
    places: IntArray
    added: NDArray[np.float64]

    def correct(self, scores: FloatArray) -> None:
        """Make scores (C, N) those of a softmax whose sum of exponentials is Ẑ."""
        columns = np.arange(scores.shape[1])
        own = scores[self.places, columns]
        np.add(scores, self.added.astype(scores.dtype)[:, None], out=scores)
        scores[self.places, columns] = own


class SymbolSample:
    """Draws symbols, each with a probability that follows from its count."""

    def __init__(self, counts: NDArray[np.int64], size: int) -> None:
        """counts: (K,) occurrences of each symbol in training. size: S < K − 2, how many are drawn besides the two
        special symbols."""
        self.inclusion = inclusion(counts, size)
        self._always = np.flatnonzero(self.inclusion == 1)
        self._others = np.flatnonzero(self.inclusion < 1)

    def draw(self, targets: IntArray, rng: np.random.Generator) -> DrawnSymbols:
        """The symbols for a step with these targets (N,)."""
        drawn = np.concatenate((self._always, self._comb(rng)))
        added = np.full(len(self.inclusion), -np.inf)
        added[drawn] = -np.log(self.inclusion[drawn])
        among = added > -np.inf
        among[targets] = True
        rows, place = np.flatnonzero(among), np.cumsum(among) - 1
        return DrawnSymbols(rows, place[targets], added[rows])

    def _comb(self, rng: np.random.Generator) -> IntArray:
        """Systematic sampling: the symbols' probabilities are laid end to end, in random order, and the teeth of a comb
        pick those they hit. The teeth are 1 apart and no symbol is as long as that, so none is picked twice."""
        order = rng.permutation(self._others)
        ends = np.cumsum(self.inclusion[order])
        teeth = rng.random() + np.arange(round(ends[-1]))
        return order[np.minimum(np.searchsorted(ends, teeth, side="right"), len(order) - 1)]


def inclusion(counts: NDArray[np.int64], size: int) -> NDArray[np.float64]:
    """(K,) π(k): proportional to count^0.75, but at most 1, with sum S; and 1 for the two special symbols, whose counts
    are not known."""
    weights = np.maximum(counts, 1).astype(np.float64) ** _FLATTENING
    certain = np.arange(len(counts)) < FIRST_ID
    while True:
        factor = (size + FIRST_ID - certain.sum()) / weights[~certain].sum()
        more = ~certain & (weights * factor >= 1)
        if not more.any():
            return np.where(certain, 1.0, weights * factor)
        certain |= more
