"""A linear-chain conditional random field: the tags of a text are scored together.

    score(y) = start[y₁] + Σ scores[y_t, t] + Σ transitions[y_{t−1}, y_t] + end[y_T]
    p(y) = exp(score(y) − ln Z), Z = Σ over all K^T sequences y' of exp(score(y'))

Lafferty, McCallum and Pereira, "Conditional random fields" (2001); on a recurrent network: Lample et al., "Neural
architectures for named entity recognition" (2016). Sums over sequences are computed step by step (forward–backward),
for all texts of a ragged batch at once, in float64 whatever the dtype of the network.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

import numpy as np

from engine.network.packing import Packing
from engine.network.parameters import Parameters
from engine.network.scorers import Scorer
from engine.network.workspace import Workspace
from engine.types import FloatArray, IntArray

_FORBIDDEN = -1e6  # added to a sequence's score for each forbidden tag; finite, so that a best sequence always exists
_SMALLEST = 1e-300  # lower bound for a sum of exponentials
_PAIRS_AT_ONCE = 1 << 21  # most numbers (sequences, from, to) compared at once in the search for the best sequence


@dataclass(frozen=True, eq=False)
class Allowed:
    """Which tags may stand where: pairs (K, K) of neighbours [before, after], first (K,) and last (K,)."""

    pairs: FloatArray
    first: FloatArray
    last: FloatArray


@dataclass(frozen=True, eq=False)
class _Messages:
    """Sums over all beginnings and all endings.

    scores (N, K). forward (N, K): ln of the sum over all tags before each row, its own score included. backward (N, K):
    ln of the sum over all tags after it. log_total (B,): ln Z, by sorted place.
    """

    scores: FloatArray
    forward: FloatArray
    backward: FloatArray
    log_total: FloatArray


def _log_of_products(logs: FloatArray, matrix: FloatArray) -> FloatArray:
    """ln(exp(logs) @ matrix): (n, K), (K, L) → (n, L), without overflow."""
    largest = logs.max(axis=1, keepdims=True)
    return np.asarray(np.log(np.maximum(np.exp(logs - largest) @ matrix, _SMALLEST)) + largest)


@final
class ConditionalRandomField(Scorer):
    """Parameters: `crf.transitions` (K, K) [before, after], `crf.start` (K,), `crf.end` (K,)."""

    title = "CRF"
    meaning = (
        "Loss measures how surprised the network is by all tags of a text together: −ln of the probability that it "
        "gave to the whole right sequence, shared out among the tags. Its unit is the nat: 0 is certainty, and a blind "
        "guess costs ln of the number of different tags."
    )
    apart = False
    no_onnx = "its tags are decided together by a CRF, for which ONNX has no operator"

    def __init__(self, tags: int, allowed: Allowed) -> None:
        """allowed: constrains only the answers, not training or probabilities."""
        self.tags = tags
        self.transitions, self.start, self.end = "crf.transitions", "crf.start", "crf.end"
        forbidden = [np.where(places, 0.0, _FORBIDDEN) for places in (allowed.pairs, allowed.first, allowed.last)]
        self._pairs, self._first, self._last = forbidden

    def shapes(self) -> dict[str, tuple[int, ...]]:
        """Names and shapes of its parameters."""
        return {self.transitions: (self.tags, self.tags), self.start: (self.tags,), self.end: (self.tags,)}

    def _weights(self, parameters: Parameters) -> tuple[FloatArray, FloatArray, FloatArray]:
        transitions, start, end = (parameters[name] for name in (self.transitions, self.start, self.end))
        return transitions.astype(np.float64), start.astype(np.float64), end.astype(np.float64)

    def between(self, parameters: Parameters) -> FloatArray:
        """(K, K) the transitions, −∞ for those that are not allowed."""
        return np.where(self._pairs < 0, -np.inf, self._weights(parameters)[0])

    def _messages(self, parameters: Parameters, scores: FloatArray, packing: Packing) -> _Messages:
        transitions, start, end = self._weights(parameters)
        highest = transitions.max()
        there = np.exp(transitions - highest)  # (K, K) [before, after]
        back = np.ascontiguousarray(there.T)
        rows = np.ascontiguousarray(scores.T, np.float64)
        forward, backward = np.empty_like(rows), np.empty_like(rows)
        places = [slice(*bounds) for bounds in zip(packing.offsets, packing.offsets[1:], strict=False)]
        forward[places[0]] = rows[places[0]] + start
        for before, now, n in zip(places, places[1:], packing.sizes[1:], strict=False):
            forward[now] = _log_of_products(forward[before][:n], there) + (rows[now] + highest)
        backward[packing.last_rows] = end
        for now, after, n in reversed(list(zip(places, places[1:], packing.sizes[1:], strict=False))):
            backward[now][:n] = _log_of_products(rows[after] + backward[after], back) + highest
        last = forward[packing.last_rows] + end
        largest = last.max(axis=1, keepdims=True)
        total = np.log(np.exp(last - largest).sum(axis=1)) + largest[:, 0]
        return _Messages(rows, forward, backward, total)

    def nats(self, parameters: Parameters, scores: FloatArray, targets: IntArray, packing: Packing) -> FloatArray:
        """(N,) −ln p(tag | the tag before it, text), which sum to −ln p(all tags | text)."""
        return self._nats(parameters, self._messages(parameters, scores, packing), targets, packing)

    def _nats(self, parameters: Parameters, found: _Messages, targets: IntArray, packing: Packing) -> FloatArray:
        transitions, start, _ = self._weights(parameters)
        at, first = np.arange(packing.rows), packing.batch
        right = found.scores[at, targets] + found.backward[at, targets]
        parts = np.empty(packing.rows)
        parts[:first] = start[targets[:first]] + right[:first] - found.log_total
        before = self._rows_before(packing)
        parts[first:] = transitions[targets[before], targets[first:]] + right[first:]
        parts[first:] -= found.backward[before, targets[before]]
        return np.asarray(-parts)

    @staticmethod
    def _rows_before(packing: Packing) -> IntArray:
        """(N − B,) for each row after the first step, the row of the same sequence one step earlier."""
        return np.asarray(packing.previous[packing.batch :] - packing.batch)

    def loss(self, parameters: Parameters, scores: FloatArray, targets: IntArray, packing: Packing) -> float:
        """scores (K, N), targets (N,) → the sum over the texts of −ln p(all tags | text)."""
        return float(self.nats(parameters, scores, targets, packing).sum())

    def gradient(self, work: Workspace, scores: FloatArray, targets: IntArray, packing: Packing, scale: float) -> float:
        """scores (K, N), targets (N,) → the same loss; the gradient is how often each tag, and each pair of neighbours,
        is expected, minus how often it occurs."""
        parameters = work.parameters
        found = self._messages(parameters, scores, packing)
        nats = self._nats(parameters, found, targets, packing)
        transitions, _, _ = self._weights(parameters)
        totals, at, first = found.log_total[packing.sequence_of_row], np.arange(packing.rows), packing.batch
        expected = np.exp(found.forward + found.backward - totals[:, None])  # (N, K) p(tag at row | text)
        expected[at, targets] -= 1
        work.gradients[self.start][:] = scale * expected[:first].sum(axis=0)
        work.gradients[self.end][:] = scale * expected[packing.last_rows].sum(axis=0)
        before = self._rows_before(packing)
        # p(i before, j here | text) = exp(forward_i + transitions_ij + score_j + backward_j − ln Z), summed over rows
        highest = found.forward[before].max(axis=1, keepdims=True)
        begun = np.exp(found.forward[before] - highest)
        ended = np.exp(found.scores[first:] + found.backward[first:] - totals[first:, None] + highest)
        pairs = np.exp(transitions) * (begun.T @ ended)
        np.add.at(pairs, (targets[before], targets[first:]), -1.0)
        work.gradients[self.transitions][:] = scale * pairs
        np.multiply(expected.T, scale, out=scores, casting="same_kind")
        return float(nats.sum())

    def probabilities(self, parameters: Parameters, scores: FloatArray, packing: Packing) -> FloatArray:
        """(K, N) p(tag at the row | text), summed over all tags of the other rows."""
        found = self._messages(parameters, scores, packing)
        totals = found.log_total[packing.sequence_of_row]
        return np.asarray(np.exp(found.forward + found.backward - totals[:, None]).T)

    def best(self, parameters: Parameters, scores: FloatArray, packing: Packing) -> IntArray:
        """(N,) the most probable sequence of each text among those that are allowed (Viterbi, 1967)."""
        transitions, start, end = self._weights(parameters)
        steps = transitions + self._pairs
        rows = np.ascontiguousarray(scores.T, np.float64)
        origin = np.zeros(rows.shape, np.int32)  # the previous tag in the best sequence ending with each tag
        best = rows + 0
        best[: packing.batch] += start + self._first
        at_once = max(1, _PAIRS_AT_ONCE // steps.size)
        for t in range(1, packing.steps):
            earlier, now = packing.offsets[t - 1], packing.offsets[t]
            for begin in range(0, packing.sizes[t], at_once):
                end_of_part = min(begin + at_once, packing.sizes[t])
                pairs = best[earlier + begin : earlier + end_of_part, :, None] + steps
                here = slice(now + begin, now + end_of_part)
                origin[here] = pairs.argmax(axis=1)
                best[here] += np.take_along_axis(pairs, origin[here][:, None].astype(np.int64), axis=1)[:, 0]
        answers = np.zeros(packing.rows, np.int64)
        last = packing.last_rows
        answers[last] = (best[last] + end + self._last).argmax(axis=1)
        for t in range(packing.steps - 1, 0, -1):
            now, earlier, n = packing.offsets[t], packing.offsets[t - 1], packing.sizes[t]
            answers[earlier : earlier + n] = origin[np.arange(now, now + n), answers[now : now + n]]
        return answers
