"""Turns the scores of a read-out into a loss, probabilities and answers.

Scores (K, N) come in the row order of a packing, as everywhere in a network. A scorer may have weights of its own.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import ClassVar, final

import numpy as np

from engine.network.losses import cross_entropy, cross_entropy_gradient, log_softmax, softmax
from engine.network.packing import Packing
from engine.network.parameters import Parameters
from engine.network.workspace import Workspace
from engine.types import FloatArray, IntArray


class Scorer(ABC):
    """Interprets scores (K, N) of a network's N predictions, the rows of a packing."""

    title: ClassVar[str]  # its name in a picture
    meaning: ClassVar[str]  # what its loss measures, in sentences
    apart: ClassVar[bool] = True  # whether each prediction has a loss of its own, −ln of its target's probability
    no_onnx: ClassVar[str] = ""  # why it cannot be written as ONNX, as the end of a sentence; "" if it can

    def shapes(self) -> dict[str, tuple[int, ...]]:
        """Names and shapes of its parameters."""
        return {}

    @abstractmethod
    def loss(self, parameters: Parameters, scores: FloatArray, targets: IntArray, packing: Packing) -> float:
        """scores (K, N), targets (N,), or (N, D) for numbers → sum of nats over all predictions. May overwrite the
        scores."""

    @abstractmethod
    def gradient(self, work: Workspace, scores: FloatArray, targets: IntArray, packing: Packing, scale: float) -> float:
        """scores (K, N), targets as for `loss` → the same loss; `scores` are overwritten with its gradient times
        `scale`, and the gradient of the scorer's own parameters is written."""

    @abstractmethod
    def nats(self, parameters: Parameters, scores: FloatArray, targets: IntArray, packing: Packing) -> FloatArray:
        """(N,) the contribution of each prediction to the loss, in float64."""

    @abstractmethod
    def probabilities(self, parameters: Parameters, scores: FloatArray, packing: Packing) -> FloatArray:
        """(K, N) the probability of each choice at each row."""

    @abstractmethod
    def best(self, parameters: Parameters, scores: FloatArray, packing: Packing) -> IntArray:
        """(N,) the answers."""

    def between(self, parameters: Parameters) -> FloatArray | None:
        """(K, K) what two neighbours [before, after] add to the score, −∞ for impossible neighbours; None if
        predictions are independent."""
        return None

    def right(self, parameters: Parameters, scores: FloatArray, targets: IntArray, packing: Packing) -> FloatArray:
        """(N,) how right each answer is, from 0 to 1."""
        return np.asarray(self.best(parameters, scores, packing) == targets, np.float64)


@final
class Softmax(Scorer):
    """Independent predictions: the softmax of the scores and its cross-entropy."""

    title = "softmax"
    meaning = (
        "Loss measures how surprised the network is: the mean of −ln p, where p is the probability it gave to the "
        "right answer. Its unit is the nat: 0 is certainty, 0.69 is a coin toss, and a blind guess costs ln of the "
        "number of possible answers."
    )

    def loss(self, parameters: Parameters, scores: FloatArray, targets: IntArray, packing: Packing) -> float:
        """scores (K, N), targets (N,) → cross-entropy."""
        return cross_entropy(scores, targets)

    def gradient(self, work: Workspace, scores: FloatArray, targets: IntArray, packing: Packing, scale: float) -> float:
        """As in `Scorer`: the gradient is softmax − one-hot, (K, N)."""
        return cross_entropy_gradient(scores, targets, scale)

    def nats(self, parameters: Parameters, scores: FloatArray, targets: IntArray, packing: Packing) -> FloatArray:
        """(N,): −ln of each target's probability."""
        logs = log_softmax(scores.astype(np.float64))
        return np.asarray(-logs[targets, np.arange(len(targets))])

    def probabilities(self, parameters: Parameters, scores: FloatArray, packing: Packing) -> FloatArray:
        """scores (K, N) → their softmax (K, N)."""
        return softmax(scores)

    def best(self, parameters: Parameters, scores: FloatArray, packing: Packing) -> IntArray:
        """(N,): the choice with the largest score in each row."""
        return np.asarray(scores.argmax(axis=0))
