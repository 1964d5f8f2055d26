"""Turns the scores of a read-out into numbers: their mean, their uncertainty, and the loss.

Scores (K, N) come in the row order of a packing; targets are (N, D), standardised.
"""

from __future__ import annotations

import math
from abc import abstractmethod
from typing import final

import numpy as np

from engine.network.packing import Packing
from engine.network.parameters import Parameters
from engine.network.scorers import Scorer
from engine.network.workspace import Workspace
from engine.types import FloatArray, IntArray

HALF_LOG_TAU = 0.5 * math.log(2 * math.pi)
BAND = 1.6448536269514722  # 90 % of a Gaussian lies within this many deviations of the mean
LEAST_LOG_SIGMA = math.log(
    1e-3
)  # lower bound for σ, in standardised units: without it, exact data would drive the loss to −∞


class NumberScorer(Scorer):
    """Answers D numbers for each of N predictions."""

    def __init__(self, numbers: int) -> None:
        """numbers: D."""
        self.numbers = numbers

    @property
    @abstractmethod
    def scores_needed(self) -> int:
        """K, how many scores the read-out gives for each prediction."""

    @abstractmethod
    def spread(self, scores: FloatArray) -> tuple[FloatArray, FloatArray]:
        """scores (K, N) → means (N, D) and standard deviations (N, D) of the answers, NaN where none is learned."""

    def probabilities(self, parameters: Parameters, scores: FloatArray, packing: Packing) -> FloatArray:
        """(0, N): numbers are not chosen from a list."""
        return np.zeros((0, scores.shape[1]), scores.dtype)

    def best(self, parameters: Parameters, scores: FloatArray, packing: Packing) -> FloatArray:
        """(N, D) the means."""
        return self.spread(scores)[0]

    def right(self, parameters: Parameters, scores: FloatArray, targets: IntArray, packing: Packing) -> FloatArray:
        """(N,) the share of the D numbers inside the 90 % band around the mean; NaN without learned uncertainty."""
        means, sigmas = self.spread(scores)
        inside = np.abs(targets - means) <= BAND * sigmas
        return np.asarray(np.where(np.isnan(sigmas), np.nan, inside).mean(axis=1))


@final
class GaussianScorer(NumberScorer):
    """Scores (2 D, N): means, then ln σ. The loss is −ln of the density of the target, in nats per number."""

    title = "Gaussian"
    meaning = (
        "Loss measures how surprised the network is: the mean of −ln p, where p is the height, at the true number, of "
        "the bell curve that the network predicted. Numbers are counted in standard deviations of the training data. A "
        "curve with the mean and the spread of these data costs 1.42. A narrow curve in the right place is higher than "
        "1, so its loss is negative: that is good, and 0 has no special meaning."
    )

    @property
    def scores_needed(self) -> int:
        """2 D."""
        return 2 * self.numbers

    def _parts(self, scores: FloatArray, targets: FloatArray) -> tuple[FloatArray, FloatArray]:
        """z (D, N), the error of each mean in deviations, and ln σ (D, N)."""
        logs = np.maximum(scores[self.numbers :], scores.dtype.type(LEAST_LOG_SIGMA))
        return (targets.T - scores[: self.numbers]) * np.exp(-logs), logs

    def loss(self, parameters: Parameters, scores: FloatArray, targets: IntArray, packing: Packing) -> float:
        """scores (2 D, N), targets (N, D) → the sum of ½ z² + ln σ + ½ ln 2π, where z = (x − μ) / σ."""
        z, logs = self._parts(scores, targets)
        return float((0.5 * z * z + logs).sum(dtype=np.float64)) + HALF_LOG_TAU * targets.size

    def gradient(self, work: Workspace, scores: FloatArray, targets: IntArray, packing: Packing, scale: float) -> float:
        """As in `Scorer`: ∂/∂μ = −z / σ, ∂/∂ ln σ = 1 − z², (D, N) each; a σ at its lower bound can only grow."""
        z, logs = self._parts(scores, targets)
        loss = float((0.5 * z * z + logs).sum(dtype=np.float64)) + HALF_LOG_TAU * targets.size
        at_floor = scores[self.numbers :] < LEAST_LOG_SIGMA
        d_logs = 1 - z * z
        np.copyto(d_logs, np.minimum(d_logs, 0), where=at_floor)
        factor = scores.dtype.type(scale)
        np.multiply(-z * np.exp(-logs), factor, out=scores[: self.numbers])
        np.multiply(d_logs, factor, out=scores[self.numbers :])
        return loss

    def nats(self, parameters: Parameters, scores: FloatArray, targets: IntArray, packing: Packing) -> FloatArray:
        """(N,) mean over the D numbers."""
        z, logs = self._parts(scores.astype(np.float64), np.asarray(targets, np.float64))
        return np.asarray((0.5 * z * z + logs + HALF_LOG_TAU).mean(axis=0))

    def spread(self, scores: FloatArray) -> tuple[FloatArray, FloatArray]:
        """scores (2 D, N) → means (N, D), and e^(ln σ), (N, D)."""
        logs = np.maximum(scores[self.numbers :], scores.dtype.type(LEAST_LOG_SIGMA))
        return scores[: self.numbers].T, np.exp(logs).T


@final
class SquaredError(NumberScorer):
    """Scores (D, N): the numbers themselves. The loss is (x − μ)², in squared deviations of the training data."""

    title = "value"
    meaning = (
        "Loss measures how far off the network is: the mean of the squared errors, with numbers counted in standard "
        "deviations of the training data. 0 is perfect, and always predicting the mean of these data costs 1."
    )

    @property
    def scores_needed(self) -> int:
        """D."""
        return self.numbers

    def loss(self, parameters: Parameters, scores: FloatArray, targets: IntArray, packing: Packing) -> float:
        """scores (D, N), targets (N, D) → the sum of (x − μ)²."""
        off = scores - targets.T
        return float((off * off).sum(dtype=np.float64))

    def gradient(self, work: Workspace, scores: FloatArray, targets: IntArray, packing: Packing, scale: float) -> float:
        """As in `Scorer`: 2 (μ − x), (D, N)."""
        np.subtract(scores, targets.T, out=scores)
        loss = float((scores * scores).sum(dtype=np.float64))
        np.multiply(scores, scores.dtype.type(2 * scale), out=scores)
        return loss

    def nats(self, parameters: Parameters, scores: FloatArray, targets: IntArray, packing: Packing) -> FloatArray:
        """(N,) mean over the D numbers."""
        off = scores.astype(np.float64) - np.asarray(targets, np.float64).T
        return np.asarray((off * off).mean(axis=0))

    def spread(self, scores: FloatArray) -> tuple[FloatArray, FloatArray]:
        """scores (D, N) → the numbers (N, D), and NaN (N, D): no uncertainty is learned."""
        return scores.T, np.full(scores.T.shape, np.nan)


def number_scorer(loss: str, numbers: int) -> NumberScorer:
    """The scorer that the setting `number_loss` names."""
    return _SCORERS[loss](numbers)


_SCORERS: dict[str, type[NumberScorer]] = {"gaussian": GaussianScorer, "squared": SquaredError}
