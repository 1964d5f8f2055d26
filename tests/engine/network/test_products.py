"""Products with the same matrices step after step, whole and in blocks, against the plain product."""

from __future__ import annotations

import numpy as np
import pytest

from engine.network.products import FixedMatrices, sums_over_rows
from engine.network.workspace import Arena

GATES, SIZE = 3, 512


def _matrices(rng: np.random.Generator, size: int, rows: int) -> tuple[FixedMatrices, np.ndarray]:
    weights = rng.normal(size=(GATES, size, size))
    matrices = FixedMatrices(Arena(np.float64), weights.shape, rows)
    matrices.planes[:] = weights.reshape(matrices.planes.shape)
    return matrices, weights


def _same_as_plain(matrices: FixedMatrices, weights: np.ndarray, x: np.ndarray, rows: int) -> None:
    out = np.full((GATES, rows, weights.shape[-1]), np.nan)
    matrices.multiply(x, out)
    np.testing.assert_allclose(out, x @ weights, rtol=1e-10, atol=1e-10)


@pytest.mark.parametrize("rows", [1, 15, 16, 33, 64])
@pytest.mark.parametrize("in_blocks", [False, True])
def test_any_number_of_rows_gives_the_plain_product(
    in_blocks: bool, rows: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engine.network.products.small_products_pay", lambda: in_blocks)
    rng = np.random.default_rng(0)
    matrices, weights = _matrices(rng, SIZE, 64)
    assert (matrices.planes.shape[2] > 1) is in_blocks
    _same_as_plain(matrices, weights, rng.normal(size=(rows, SIZE)), rows)  # the same rows for all matrices
    own = rng.normal(size=(2 * GATES, 70, SIZE))[::2, :rows]  # rows of its own for each, a part of something larger
    _same_as_plain(matrices, weights, own, rows)


@pytest.mark.parametrize("size", [509, 500, 40])
def test_a_size_without_good_divisors_is_left_whole_or_divided_evenly(
    size: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engine.network.products.small_products_pay", lambda: True)
    rng = np.random.default_rng(0)
    matrices, weights = _matrices(rng, size, 1000)
    assert matrices.planes.shape[2] == {509: 1, 500: 10, 40: 1}[size]
    _same_as_plain(matrices, weights, rng.normal(size=(7, size)), 7)


@pytest.mark.parametrize(("rows", "stretches"), [(256, 2), (300, 2), (511, 3), (127, 0), (2000, 15)])
@pytest.mark.parametrize("in_stretches", [False, True])
def test_a_sum_over_any_number_of_rows_is_the_plain_product(
    rows: int, stretches: int, in_stretches: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engine.network.products.small_products_pay", lambda: in_stretches)
    rng, arena = np.random.default_rng(0), Arena(np.float64)
    x, ys = rng.normal(size=(rows, 64)), rng.normal(size=(GATES, rows, 80))[..., :64]
    taken: list[tuple[int, ...]] = []
    monkeypatch.setattr(arena, "take", lambda *shape: (taken.append(shape), np.full(shape, np.nan))[1])
    sums = np.full((GATES, 64, 64), np.nan)
    sums_over_rows(arena, x, ys, [sums[2], sums[0], sums[1]])
    np.testing.assert_allclose(sums[[2, 0, 1]], x.T @ ys, rtol=1e-10, atol=1e-10)
    assert taken == ([(stretches, 64, 64)] if in_stretches and stretches else [])
