"""Softmax cross-entropy against its closed form, at any size of logits."""

from __future__ import annotations

import math

import numpy as np
import pytest

from engine.network.losses import cross_entropy, cross_entropy_gradient, log_softmax, softmax

RNG = np.random.default_rng(0)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_equal_logits_cost_the_logarithm_of_their_number(dtype: str) -> None:
    logits = np.full((7, 3), 5, dtype)
    assert cross_entropy(logits, np.array([0, 3, 6])) == pytest.approx(3 * math.log(7), rel=1e-6)


def test_two_classes_are_the_logistic_loss() -> None:
    margin = RNG.normal(size=20) * 5
    loss = cross_entropy(np.stack([margin, np.zeros(20)]), np.zeros(20, int))
    assert loss == pytest.approx(np.log1p(np.exp(-margin)).sum(), rel=1e-12)


def test_the_gradient_is_softmax_minus_one_hot_times_the_scale() -> None:
    logits, targets = RNG.normal(size=(5, 8)), RNG.integers(0, 5, 8)
    wanted = softmax(logits)
    wanted[targets, np.arange(8)] -= 1
    overwritten = logits.copy()
    loss = cross_entropy_gradient(overwritten, targets, 0.25)
    np.testing.assert_allclose(overwritten, 0.25 * wanted, rtol=1e-12, atol=1e-15)
    assert loss == pytest.approx(cross_entropy(logits.copy(), targets), rel=1e-14)
    np.testing.assert_allclose(overwritten.sum(axis=0), 0, atol=1e-14)


def test_the_gradient_is_the_derivative() -> None:
    logits, targets = RNG.normal(size=(4, 3)), np.array([1, 0, 3])
    gradient = logits.copy()
    cross_entropy_gradient(gradient, targets, 1.0)
    for place in np.ndindex(4, 3):
        above, below = logits.copy(), logits.copy()
        above[place] += 1e-6
        below[place] -= 1e-6
        slope = (cross_entropy(above, targets) - cross_entropy(below, targets)) / 2e-6
        assert gradient[place] == pytest.approx(slope, abs=1e-8)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("size", [1e4, 1e30])
def test_extreme_logits_neither_overflow_nor_lose_the_loss(dtype: str, size: float) -> None:
    logits = np.array([[size, -size, size], [-size, size, size]], dtype)
    targets = np.array([0, 0, 1])
    loss = cross_entropy(logits.copy(), targets)
    assert loss == pytest.approx(2 * size + math.log(2), rel=1e-6)
    gradient = logits.copy()
    assert cross_entropy_gradient(gradient, targets, 1.0) == pytest.approx(loss)
    np.testing.assert_allclose(gradient, [[0, -1, 0.5], [0, 1, -0.5]], atol=1e-7)


def test_softmax_and_its_logarithm_agree_and_do_not_touch_their_input() -> None:
    logits = RNG.normal(size=(6, 4)) * 100
    before = logits.copy()
    chances = softmax(logits)
    np.testing.assert_allclose(chances.sum(axis=0), 1)
    np.testing.assert_allclose(np.exp(log_softmax(logits)), chances, rtol=1e-9, atol=1e-300)
    np.testing.assert_array_equal(logits, before)
    assert np.isfinite(log_softmax(logits)).all()


def test_what_is_not_a_number_stays_so() -> None:
    assert math.isnan(cross_entropy(np.array([[np.nan], [1.0]]), np.array([1])))
