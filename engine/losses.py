"""Softmax cross-entropy, the one loss of all five shapes."""

from __future__ import annotations

import numpy as np

from engine.types import FloatArray, IntArray


def log_softmax(logits: FloatArray) -> FloatArray:
    """(K, N) → (K, N) log-probabilities over axis 0, without overflow."""
    shifted = logits - logits.max(axis=0)
    return np.asarray(shifted - np.log(np.exp(shifted).sum(axis=0)))


def softmax(logits: FloatArray) -> FloatArray:
    """(K, N) → (K, N) probabilities over axis 0, without overflow."""
    shifted = np.exp(logits - logits.max(axis=0))
    return np.asarray(shifted / shifted.sum(axis=0))


def cross_entropy(logits: FloatArray, targets: IntArray) -> float:
    """logits (K, N), targets (N,) → sum of nats over the N predictions. Overwrites the logits."""
    columns = np.arange(len(targets))
    np.subtract(logits, np.maximum.reduce(logits, axis=0), out=logits)
    picked = logits[targets, columns]
    np.exp(logits, out=logits)
    return float(np.log(np.add.reduce(logits, axis=0)).sum(dtype=np.float64) - picked.sum(dtype=np.float64))


def cross_entropy_gradient(logits: FloatArray, targets: IntArray, scale: float) -> float:
    """The same loss; `logits` are overwritten with its gradient times `scale`: (softmax − one-hot) · scale."""
    columns = np.arange(len(targets))
    np.subtract(logits, np.maximum.reduce(logits, axis=0), out=logits)
    picked = logits[targets, columns]
    np.exp(logits, out=logits)
    total = np.add.reduce(logits, axis=0)
    loss = float(np.log(total).sum(dtype=np.float64) - picked.sum(dtype=np.float64))
    np.multiply(logits, logits.dtype.type(scale) / total, out=logits)
    logits[targets, columns] -= logits.dtype.type(scale)
    return loss
