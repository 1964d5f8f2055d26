"""One plain training step on one example: forwards, the loss, backwards, and the change of the weights."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from engine.data.examples import Example, SideValue
from engine.inspection.gradient_flow import state_norms
from engine.inspection.reading import example_of, read_text
from engine.inspection.trace import Trace, trace
from engine.models import Model, restore_model
from engine.network.parameters import Parameters, clip_factor
from engine.types import FloatArray


@dataclass(frozen=True, eq=False)
class BlockChange:
    """Euclidean norms of one block of learned weights, of their gradient, and of how far the step moves them.

    rate_share: of the learning rate, for a block that moves more slowly than the others.
    """

    name: str
    weights: float
    gradient: float
    change: float
    rate_share: float = 1.0


@dataclass(frozen=True, eq=False)
class OneStep:
    """The effect of w ← w − rate · clip · g with one example. The model itself stays unchanged.

    known: whether the example's target is the truth; otherwise it is the network's own answer. losses (M,): nats of
    each prediction; loss, their mean, and loss_after, the same with the moved weights. gradients: one (T,) for each of
    `trace.layers`, ‖∂loss/∂h_t‖ in the order of the text. clip: the factor on the gradient, 1 if its norm is within the
    limit. sum_gradient: of a network without cells, ‖∂loss/∂sum‖ of what all places add up to.
    """

    example: Example
    known: bool
    trace: Trace
    losses: FloatArray
    loss: float
    loss_after: float
    gradients: tuple[FloatArray, ...]
    changes: tuple[BlockChange, ...]
    gradient_norm: float
    rate: float
    clip: float
    sum_gradient: float | None = None


def one_step(model: Model, example: Example, known: bool, rate: float, clip_norm: float) -> OneStep:
    """Compute one step of plain gradient descent. clip_norm: the largest norm of the gradient, 0 for no limit."""
    traced = trace(model, example)
    reading = read_text(model, example)
    done = reading.done
    count = done.count
    losses = model.nats(done)
    loss = float(np.mean(losses))
    model.loss_gradient(done, 1 / count)
    model.backward(done)
    gradients = tuple(state_norms(reading).values())
    gradient = model.gradients
    norm = math.sqrt(float(np.dot(gradient.flat, gradient.flat)))
    of_sum = model.sum_gradient()
    at_sum = None if of_sum is None else float(np.linalg.norm(of_sum))
    clip = clip_factor(norm, clip_norm)
    # In double precision: of a text that is learned well, a step changes the loss by less than single precision knows.
    exact = model.parameters.flat.astype(np.float64)
    moved = Parameters(model.parameters.shapes, flat=exact - rate * clip * gradient.flat)
    shares = model.rate_shares()
    for name, share in shares.items():
        moved[name][:] = model.parameters[name] - share * rate * clip * gradient[name].astype(np.float64)
    changes = tuple(
        BlockChange(
            name,
            float(np.linalg.norm(weights)),
            float(np.linalg.norm(gradient[name])),
            float(np.linalg.norm(moved[name] - weights)),
            shares.get(name, 1.0),
        )
        for name, weights in model.parameters.learned().items()
    )
    losses_of = losses, loss, loss + _loss_with(model, moved.flat, example) - _loss_with(model, exact, example)
    return OneStep(example, known, traced, *losses_of, gradients, changes, norm, rate, clip, at_sum)


def _loss_with(model: Model, weights: FloatArray, example: Example) -> float:
    """The loss of an example with other weights (P,), in their precision."""
    other = restore_model(model.config, model.codec, model.longest, weights)
    total, predicted = other.loss(other.one(example.source, example.target))
    return total / predicted


def example_for(model: Model, tokens: tuple[str, ...], truth: SideValue, label: str | None) -> tuple[Example, bool]:
    """A text with its target from the data; without one, as `Model.example_of`. What cannot count is no part of the
    target, unless nothing else is: then all of it counts, as in training."""
    if len(truth) and label is None:
        return model.legible(Example(tokens, truth)), True
    found, known = example_of(model, tokens, label)
    found = model.legible(found)
    one = model.one(found.source, found.target)
    kept = len(model.countable(one).target.values)
    return (replace(found, target=found.target[-kept:]) if 0 < kept < len(one.target.values) else found), known
