"""Counted words: naive Bayes over the words of a text and its pairs of neighbouring words, a path of its own from the
text to the labels (Wang and Manning, "Baselines and bigrams", 2012).

How many training texts of each label contain a word is counted once, before training. Only the two factors on the
evidence of words and of pairs are learned, together with the network. A training step leaves the text that it learns
from out of the counts: otherwise naive Bayes would know the answer by heart, and the network would learn nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import final

import numpy as np
from numpy.typing import NDArray

from engine.data.vocabulary import FIRST_ID, Vocabulary
from engine.network.parameters import COUNTED, Parameters
from engine.network.word_features import sum_by_group
from engine.network.workspace import Workspace
from engine.types import FloatArray, IntArray

# Most counts of words, and most of pairs: with many labels fewer words are counted, and pairs share more places.
LARGEST_COUNTS = 1 << 18
_FIRST_SCALE = 0.2  # naive Bayes is too sure of itself, because words are not independent
_GOLDEN = 0.6180339887498949  # multiples of the golden ratio lie furthest apart (Knuth, volume 3, 6.4)


@final
class WordCounts:
    """Texts (B,) → scores (2, B, K) of their labels, from words and from pairs; logits (K, B) are their weighted sum.

    words: ids below this one are counted, the most frequent ones. pairs: places for pairs, a power of two; no more than
    there are words in the training texts. Pairs are hashed into them, so which pairs there were need not be stored.
    """

    def __init__(self, vocabulary: Vocabulary, labels: int) -> None:
        most = max(1, LARGEST_COUNTS // labels)
        self.words = min(len(vocabulary), most)
        self.pairs = 1 << min(most.bit_length() - 1, int(vocabulary.counts.sum()).bit_length())
        self.stride = int(_GOLDEN * self.pairs) | 1
        self.labels = labels
        self.scale, self.texts, self.totals = "counts.scale", f"{COUNTED}texts", f"{COUNTED}totals"

    def shapes(self) -> dict[str, tuple[int, ...]]:
        """What is learned: the factors on words and pairs. What is counted: training texts of each label that contain
        a word or a pair, and the sums of these."""
        return {self.scale: (2,), self.texts: (self.words + self.pairs, self.labels), self.totals: (2, self.labels)}

    def _features(self, ids: IntArray, lengths: IntArray) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Rows of the table (N,) for the words and pairs of texts, and the text that each is in (N,)."""
        wide, owners = ids.astype(np.int64), np.repeat(np.arange(len(lengths)), lengths)
        counted = (wide >= FIRST_ID) & (wide < self.words)
        both = counted[:-1] & counted[1:] & (owners[:-1] == owners[1:])
        places = self.words + (wide[:-1] * self.stride + wide[1:]) % self.pairs
        return np.concatenate((wide[counted], places[both])), np.concatenate((owners[counted], owners[1:][both]))

    def count(self, blocks: Iterable[tuple[IntArray, IntArray, IntArray]]) -> dict[str, FloatArray]:
        """First values of all parameters, shaped as in `shapes`. blocks: of training texts; the ids of all their words
        (total,), their lengths (B,) and labels (B,). A text counts once for each of its words."""
        rows = self.words + self.pairs
        texts = np.zeros(rows * self.labels)
        for ids, lengths, labels in blocks:
            features, owners = self._features(ids, lengths)
            distinct = np.unique(owners * rows + features)
            names = labels[distinct // rows].astype(np.int64)
            texts += np.bincount(distinct % rows * self.labels + names, minlength=len(texts))
        table = texts.reshape(rows, self.labels)
        totals = np.stack([part.sum(axis=0) for part in (table[: self.words], table[self.words :])])
        return {self.scale: np.full(2, _FIRST_SCALE), self.texts: table, self.totals: totals}

    def forward(self, work: Workspace, ids: IntArray, lengths: IntArray, left_out: IntArray | None) -> FloatArray:
        """ids (total,) of B texts and their lengths (B,) → scores (2, B, K): sums of log P(word | label), less the mean
        over the labels.

        left_out: (B,) the label under which each text was counted itself; None if it was not.
        """
        features, owners = self._features(ids, lengths)
        batch, dtype = len(lengths), work.parameters.flat.dtype
        if not len(features):
            return np.zeros((2, batch, self.labels), dtype)
        counts = work.parameters[self.texts][features]
        if left_out is not None:
            counts[np.arange(len(features)), left_out[owners]] -= 1
        kinds = (features >= self.words).astype(np.int64)
        evidence = self._evidence(work.parameters, counts, kinds)
        return sum_by_group(owners + batch * kinds, 2 * batch, evidence).reshape(2, batch, self.labels)

    def _evidence(self, parameters: Parameters, counts: FloatArray, kinds: NDArray[np.int64]) -> FloatArray:
        """counts (N, K) of words (kind 0) and pairs (kind 1) → log P(word | label), less the mean over the labels."""
        sizes = np.array([[self.words], [self.pairs]], counts.dtype)
        evidence = np.log(np.maximum(counts, 0) + 1) - np.log(parameters[self.totals] + sizes)[kinds]
        return np.asarray(evidence - evidence.mean(axis=1, keepdims=True))

    def tables(self, parameters: Parameters) -> tuple[FloatArray, FloatArray]:
        """What each word, (words, K), and each pair, (pairs, K), adds to the logits of a text that was not counted."""
        kinds = np.repeat((0, 1), (self.words, self.pairs))
        rows = parameters[self.scale][kinds, None] * self._evidence(parameters, parameters[self.texts], kinds)
        return rows[: self.words], rows[self.words :]

    def logits(self, parameters: Parameters, scores: FloatArray) -> FloatArray:
        """scores (2, B, K) → logits (K, B)."""
        return np.tensordot(parameters[self.scale], scores, 1).T

    def backward(self, work: Workspace, scores: FloatArray, d_logits: FloatArray) -> None:
        """Write the gradient of the factors; what is counted has none. d_logits: (K, B)."""
        work.gradients[self.scale][:] = np.tensordot(scores, d_logits.T, 2)  # logits = Σ scale · scores
