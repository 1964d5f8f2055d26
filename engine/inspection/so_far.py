"""What a network would answer if what it reads ended earlier."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from engine.data.examples import Examples
from engine.models import Model, Translation
from engine.network.losses import log_softmax
from engine.types import FloatArray, IntArray

MOST_ENDS = 48
MOST_STEPS = 60_000  # read by all of them together


def ends_of(steps: int) -> IntArray:
    """(P,) after how many of some steps to ask: all of them where they are few, else evenly spaced; the last is always
    the end."""
    count = max(1, min(steps, MOST_ENDS, 2 * MOST_STEPS // max(1, steps)))
    return np.linspace(steps / count, steps, count).round().astype(np.int64)


def label_log_probabilities(model: Model, sources: Sequence[Any], label: str) -> FloatArray:
    """(M, K) log-probabilities of the labels of M sources, read as one batch. label: any that the network knows."""
    codec = model.codec
    if codec.frames is None:
        codec = model.one([token for text in sources for token in text], (label,)).codec
    model.work.reset()
    done = model.forward(Examples.of(codec, [(source, (label,)) for source in sources]), None, None)
    return done.packing.unsort(log_softmax(done.logits.astype(np.float64)).T)


def labels_so_far(model: Model, source: Any) -> tuple[IntArray, FloatArray]:
    """For a classifier: numbers of steps read (P,), and the probabilities of its labels after them (P, K)."""
    ends = ends_of(len(source))
    return ends, np.exp(label_log_probabilities(model, [source[:end] for end in ends.tolist()], model.choices[0]))


def answers_so_far(
    source: Any, answer: Callable[[Any], Sequence[Translation]]
) -> tuple[IntArray, tuple[Translation, ...]]:
    """For a network that writes text: numbers of steps read (P,), and the best answer after each. answer: source →
    answers, best first."""
    ends = ends_of(len(source))
    return ends, tuple(answer(source[:end])[0] for end in ends.tolist())


def symbol_probabilities(model: Model, source: Any, answer: Sequence[str]) -> FloatArray:
    """For a network that writes text: (T + 1,) the probability of each of an answer's T symbols given those before it,
    and then of its end."""
    model.work.reset()
    done = model.forward(model.one(source, tuple(answer)), None, None)
    return np.exp(log_softmax(done.logits.astype(np.float64))[done.targets, np.arange(len(done.targets))])
