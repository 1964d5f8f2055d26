"""Softmax cross-entropy: the loss for predicting one of several symbols."""

from __future__ import annotations

import numpy as np

from engine.types import FloatArray, IntArray


def log_softmax(logits: FloatArray) -> FloatArray:
    """(K, N) → (K, N) log-probabilities over axis 0, without overflow."""
    shifted = logits - logits.max(axis=0)
    return np.asarray(shifted - np.log(np.exp(shifted).sum(axis=0)))


def softmax(logits: FloatArray) -> FloatArray:
    """(K, N) → (K, N) probabilities over axis 0, without overflow."""
    probabilities = logits.copy()
    softmax_in_place(probabilities, axis=0)
    return probabilities


def softmax_in_place(logits: FloatArray, axis: int) -> None:
    """Overwrite logits of any shape with their probabilities over one axis, without overflow."""
    logits -= logits.max(axis=axis, keepdims=True)
    np.exp(logits, out=logits)
    logits /= logits.sum(axis=axis, keepdims=True)


def cross_entropy(logits: FloatArray, targets: IntArray) -> float:
    """logits (K, N), targets (N,) → sum of nats over the N predictions. Overwrites the logits."""
    return _exponentials(logits, targets)[0]


def cross_entropy_gradient(logits: FloatArray, targets: IntArray, scale: float) -> float:
    """logits (K, N), targets (N,) → sum of nats, as `cross_entropy`; `logits` are overwritten with the gradient times
    `scale`: (softmax − one-hot) · scale."""
    loss, total, places = _exponentials(logits, targets)
    np.divide(logits.dtype.type(scale), total, out=total)
    np.multiply(logits, total, out=logits)
    logits.reshape(-1)[places] -= logits.dtype.type(scale)
    return loss


def _exponentials(logits: FloatArray, targets: IntArray) -> tuple[float, FloatArray, IntArray]:
    """Overwrite contiguous logits (K, N) with e^(logit − largest of its column).

    Returns the loss, the columns' sums (N,), and where each target stands in the flattened logits.
    """
    count = logits.shape[1]
    places = np.multiply(targets, count, dtype=np.intp)
    places += np.arange(count)
    np.subtract(logits, np.maximum.reduce(logits, axis=0), out=logits)
    picked = logits.reshape(-1)[places]
    np.exp(logits, out=logits)
    total = np.add.reduce(logits, axis=0)
    loss = float(np.log(total).sum(dtype=np.float64) - picked.sum(dtype=np.float64))
    return loss, total, places
