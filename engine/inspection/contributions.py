"""The tokens a classification rests on, and the answers if the text had ended earlier."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from engine.inspection.memory import input_pull
from engine.inspection.reading import Text, example_of, read_text
from engine.inspection.so_far import label_log_probabilities
from engine.models import Model
from engine.network.losses import cross_entropy_gradient
from engine.types import FloatArray


@dataclass(frozen=True, eq=False)
class Contributions:
    """The contribution of each of the T tokens to one label.

    gradient_input (T,): derivative of the label's log-probability when the token's input is scaled by 1 + ε, in nats
    (gradient × input, Simonyan et al., 2014; in a network that is linear in its input they would sum to the whole).
    left_out (T,): the label's log-probability with the token minus without it, in nats.
    so_far (T, K): probabilities of the labels if the text ended after each token.
    """

    tokens: tuple[str, ...]
    labels: tuple[str, ...]
    label: str
    gradient_input: FloatArray
    left_out: FloatArray
    so_far: FloatArray


def _without(source: Any, step: int) -> Any:
    """A source without one of its steps."""
    if isinstance(source, np.ndarray):
        return np.delete(source, step, axis=0)
    return source[:step] + source[step + 1 :]


def contributions(model: Model, text: Text, label: str | None = None, *, one_by_one: bool = True) -> Contributions:
    """For a classifier: the contribution of each token to `label`; None means the most probable one.

    one_by_one: False avoids reading 2 T texts, which is slow for long ones; `left_out` and `so_far` are then NaN.
    """
    tokens = example_of(model, text)[0].source
    if label is None:
        label = next(iter(model.classify(tokens)))
    reading = read_text(model, tokens, label)
    labels = reading.symbols
    target = labels.index(label)
    steps = len(tokens)
    if steps == 0:
        nothing = np.zeros(0)
        return Contributions((), labels, label, nothing, nothing, np.zeros((0, len(labels))))
    pull = np.zeros(steps)
    if reading.parts:
        cross_entropy_gradient(reading.done.logits, np.array([target]), 1.0)
        model.backward(reading.done)
        pull = -input_pull(model, reading.parts[0].name, reading.parts[0].tape)
    shown = reading.parts[0].inputs if reading.parts else tokens
    if not one_by_one:
        nothing = np.full(steps, np.nan)
        return Contributions(shown, labels, label, pull, nothing, np.full((steps, len(labels)), np.nan))
    without = [_without(tokens, t) for t in range(steps)] if steps > 1 or model.codec.frames is None else [tokens]
    endings = [tokens[: t + 1] for t in range(steps)]
    every = label_log_probabilities(model, [*without, *endings], label)
    left_out = every[-1, target] - every[:steps, target]
    return Contributions(shown, labels, label, pull, left_out, np.exp(every[steps:]))
