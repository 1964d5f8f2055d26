"""Each rule against its formula, number by number."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator

import numpy as np
import pytest

from engine.config import TrainingConfig
from engine.training.optimizers import OPTIMIZERS, VectorPart
from engine.types import FloatArray

RATE, MU, DECAY, STEPS = 0.05, 0.7, 0.1, 20
Rule = Callable[[float, list[float]], float]


def sgd(w: float, gradients: list[float]) -> float:
    for g in gradients:
        w -= RATE * g
    return w


def momentum(w: float, gradients: list[float]) -> float:
    m = 0.0
    for g in gradients:
        m = MU * m + g
        w -= RATE * m
    return w


def nesterov(w: float, gradients: list[float]) -> float:
    m = 0.0
    for g in gradients:
        m = MU * m + g
        w -= RATE * (g + MU * m)
    return w


def rmsprop(w: float, gradients: list[float]) -> float:
    v = 0.0
    for g in gradients:
        v = 0.99 * v + 0.01 * g * g
        w -= RATE * g / (math.sqrt(v) + 1e-8)
    return w


def adam(w: float, gradients: list[float], decay: float = 0.0) -> float:
    m = v = 0.0
    for t, g in enumerate(gradients, 1):
        w *= 1 - RATE * decay
        m, v = 0.9 * m + 0.1 * g, 0.999 * v + 0.001 * g * g
        w -= RATE * (m / (1 - 0.9**t)) / (math.sqrt(v / (1 - 0.999**t)) + 1e-8)
    return w


def adamw(w: float, gradients: list[float]) -> float:
    return adam(w, gradients, DECAY)


RULES: dict[str, Rule] = {
    "sgd": sgd,
    "momentum": momentum,
    "nesterov": nesterov,
    "rmsprop": rmsprop,
    "adam": adam,
    "adamw": adamw,
}


def run(name: str, gradients: FloatArray, scale: float = 1.0) -> tuple[FloatArray, FloatArray]:
    """Weights before and after; gradients (steps, size)."""
    config = TrainingConfig(optimizer=name, momentum=MU, weight_decay=DECAY)
    weights: FloatArray = np.random.default_rng(1).normal(size=(gradients.shape[1],))
    before = weights.copy()
    optimizer = OPTIMIZERS[name](config, weights)
    for gradient in gradients:
        kept = gradient.copy()
        optimizer.step(weights, gradient, RATE, scale)
        np.testing.assert_array_equal(gradient, kept, "the gradient can still be looked at")
    assert optimizer.steps == len(gradients)
    return before, weights


def test_every_rule_there_is_is_checked() -> None:
    assert RULES.keys() == OPTIMIZERS.keys()


@pytest.mark.parametrize("name", RULES)
@pytest.mark.parametrize("scale", [1.0, 0.125])
def test_a_rule_is_its_formula(name: str, scale: float) -> None:
    gradients = np.random.default_rng(2).normal(size=(STEPS, 9)) * 10.0 ** np.arange(-4, 5)
    before, after = run(name, gradients, scale)
    wanted = [RULES[name](w, (scale * column).tolist()) for w, column in zip(before, gradients.T, strict=True)]
    np.testing.assert_allclose(after, wanted, rtol=1e-10)


@pytest.mark.parametrize("name", RULES)
def test_a_long_vector_is_moved_everywhere_alike(name: str) -> None:
    gradients = np.tile(np.random.default_rng(3).normal(size=(4, 1)), 100_003)
    config = TrainingConfig(optimizer=name, momentum=MU, weight_decay=DECAY)
    weights = np.ones(100_003)
    optimizer = OPTIMIZERS[name](config, weights)
    for gradient in gradients:
        optimizer.step(weights, gradient, RATE, 1.0)
    np.testing.assert_allclose(weights, RULES[name](1.0, gradients[:, 0].tolist()), rtol=1e-12)


@pytest.mark.parametrize("name", RULES)
def test_stretches_of_the_vector_move_by_a_share_of_the_rate(name: str) -> None:
    gradients = np.random.default_rng(5).normal(size=(4, 100_000))
    config = TrainingConfig(optimizer=name, momentum=MU, weight_decay=DECAY)
    places = [VectorPart(slice(2, 3), 0.5), VectorPart(slice(3, 50_000), 0.25)]
    weights = np.random.default_rng(6).normal(size=100_000)
    wanted = {share: weights.copy() for share in (1.0, 0.5, 0.25)}
    for share, alone in wanted.items():
        optimizer = OPTIMIZERS[name](config, alone)
        for gradient in gradients:
            optimizer.step(alone, gradient, share * RATE, 1.0)
    optimizer = OPTIMIZERS[name](config, weights, places)
    for gradient in gradients:
        optimizer.step(weights, gradient, RATE, 1.0)
    for place, share, _ in (*places, VectorPart(slice(2)), VectorPart(slice(50_000, None))):
        np.testing.assert_array_equal(weights[place], wanted[share][place])


@pytest.mark.parametrize("name", RULES)
def test_the_state_is_the_named_moments_and_the_number_of_steps(name: str) -> None:
    config, gradients = TrainingConfig(optimizer=name), np.random.default_rng(4).normal(size=(6, 50))
    weights = np.ones(50)
    optimizer = OPTIMIZERS[name](config, weights)
    for gradient in gradients[:3]:
        optimizer.step(weights, gradient, RATE, 1.0)
    other_weights, other = weights.copy(), OPTIMIZERS[name](config, weights)
    other.steps = optimizer.steps
    assert list(other.moments) == list(optimizer.names)
    for moment_name, moment in optimizer.moments.items():
        other.moments[moment_name][:] = moment
    for gradient in gradients[3:]:
        optimizer.step(weights, gradient, RATE, 1.0)
        other.step(other_weights, gradient, RATE, 1.0)
    np.testing.assert_array_equal(weights, other_weights)


@pytest.mark.parametrize("name", RULES)
def test_no_gradient_leaves_the_weights_where_they_are(name: str) -> None:
    weights = np.ones(5, np.float32)
    optimizer = OPTIMIZERS[name](TrainingConfig(optimizer=name), weights)
    optimizer.step(weights, np.zeros(5, np.float32), RATE, 1.0)
    np.testing.assert_array_equal(weights, np.ones(5, np.float32))


def sparse_gradients(rows: int, width: int) -> Iterator[FloatArray]:
    """Gradients of a table in which most rows are zero, and one never is anything else. They are large, as SparseAdam
    adds its ε before correcting the bias of the moments."""
    rng = np.random.default_rng(2)
    for _ in range(STEPS):
        gradient = rng.normal(scale=1e5, size=(rows, width))
        gradient[rng.random(rows) < 0.7] = 0.0
        gradient[3] = 0.0
        yield gradient


def test_rows_without_a_gradient_keep_still_as_in_sparse_adam() -> None:
    torch = pytest.importorskip("torch")
    rows, width, before, after = 40_000, 3, 5, 7  # more rows than are moved at once
    rng = np.random.default_rng(1)
    weights: FloatArray = rng.normal(size=before + rows * width + after)
    table = slice(before, before + rows * width)
    reference = torch.nn.Parameter(torch.tensor(weights[table].reshape(rows, width)))
    others = torch.nn.Parameter(torch.tensor(np.delete(weights, table)))
    sparse, dense = torch.optim.SparseAdam([reference], RATE), torch.optim.Adam([others], RATE)
    optimizer = OPTIMIZERS["adam"](TrainingConfig(), weights, [VectorPart(table, width=width)])
    first = weights[table].reshape(rows, width)[3].copy()
    for gradient in sparse_gradients(rows, width):
        flat = np.concatenate([rng.normal(size=before), gradient.ravel(), rng.normal(size=after)])
        reference.grad = torch.tensor(gradient * 0.5).to_sparse(1)
        others.grad = torch.tensor(np.delete(flat, table) * 0.5)
        sparse.step()
        dense.step()
        optimizer.step(weights, flat, RATE, 0.5)
    np.testing.assert_allclose(weights[table].reshape(rows, width), reference.detach().numpy(), rtol=1e-6, atol=1e-7)
    np.testing.assert_allclose(np.delete(weights, table), others.detach().numpy(), rtol=1e-6, atol=1e-7)
    np.testing.assert_array_equal(weights[table].reshape(rows, width)[3], first)
