"""Products of a few rows with the same matrices, step after step.

A BLAS library first copies the matrix into its own layout. That costs little with thousands of rows, but one step of a
sequence has only the rows of the batch, and the next step copies the matrix again. OpenBLAS has AVX-512 kernels that
read small matrices in place. So the matrices are stored in blocks of columns and the rows are taken in groups, so that
each product is small enough for these kernels: on one core with 64 rows, 110 instead of 92 GFLOP/s at H = 128 to 512;
with 32 rows, 102 instead of 58 at H = 1024.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from engine.network.blas import IN_PLACE_LIMIT, small_products_pay
from engine.network.workspace import Arena
from engine.types import FloatArray

_WIDTH = 64  # columns of a block, at most: four registers of AVX-512
_NARROW = 32  # fewest columns of a block
_FEWEST_ROWS = 128  # of a stretch of rows: with fewer, the small kernels are no faster for a sum over all rows
_PAD = 16  # extra numbers per row of matrices stored whole: power-of-two strides collide in the cache


class FixedMatrices:
    """G matrices (K, M), each to be multiplied repeatedly from the left by up to `rows` rows.

    planes (G, K, blocks, M / blocks): to write the matrices into; the last two axes together are the columns of a
    matrix.
    """

    def __init__(self, arena: Arena, shape: tuple[int, int, int], rows: int) -> None:
        count, inner, columns = shape
        small = rows * inner * columns <= IN_PLACE_LIMIT or not small_products_pay()
        blocks = 1 if small else _blocks(columns)
        width = columns // blocks
        self._rows = max(1, IN_PLACE_LIMIT // (inner * width))
        self._rows = 1 << (self._rows.bit_length() - 1)  # so that most batches are a multiple of it
        stored = arena.take(count, blocks, inner, width + (_PAD if blocks == 1 else 0))[..., :width]
        self.planes = stored.swapaxes(1, 2)
        self._whole = stored[:, 0] if blocks == 1 else None
        self._blocks = stored[:, :, None]

    def multiply(self, x: FloatArray, out: FloatArray) -> None:
        """x (n, K), or (G, n, K) with rows of its own for each matrix → out (G, n, M)."""
        if self._whole is not None:
            np.matmul(x, self._whole, out)
            return
        n = out.shape[1]
        rest = n % self._rows
        if rest < n:
            self._groups(x[..., : n - rest, :], out[:, : n - rest], self._rows)
        if rest:
            self._groups(x[..., n - rest :, :], out[:, n - rest :], rest)

    def _groups(self, x: FloatArray, out: FloatArray, rows: int) -> None:
        """Do the product for a whole number of groups of `rows` rows."""
        count, n, _ = out.shape
        _, blocks, _, inner, width = self._blocks.shape
        groups = x.reshape(-1, 1, n // rows, rows, inner)
        parts = out.reshape(count, n // rows, rows, blocks, width).transpose(0, 3, 1, 2, 4)
        np.matmul(groups, self._blocks, parts)


def _blocks(columns: int) -> int:
    """The number of equal blocks for the columns of a matrix; 1 if no number suits."""
    counts = range(-(-columns // _WIDTH), columns // _NARROW + 1)
    return next((count for count in counts if columns % count == 0), 1)


def sums_over_rows(arena: Arena, x: FloatArray, ys: FloatArray, outs: Sequence[FloatArray]) -> None:
    """x (N, K), ys (G, N, M): overwrite each of the G arrays (K, M) with xᵀ y, the sum over all rows.

    Where the matrices are narrow, the rows are taken in stretches that are short enough for the kernels that read small
    matrices in place: at K = M = 64 this is 1.2 to 1.3 times as fast, at 32 1.6 times.
    """
    rows = _stretch(len(x), outs[0].size)
    whole = len(x) - len(x) % rows if rows else 0
    if not whole:
        for y, out in zip(ys, outs, strict=True):
            np.matmul(x.T, y, out=out)
        return
    parts = x[:whole].reshape(-1, rows, x.shape[1]).swapaxes(1, 2)
    sums = arena.take(len(parts), *outs[0].shape)
    for y, out in zip(ys, outs, strict=True):
        np.matmul(parts, y[:whole].reshape(-1, rows, y.shape[1]), out=sums)
        np.add.reduce(sums, axis=0, out=out)
        if whole < len(x):
            np.add(out, x[whole:].T @ y[whole:], out=out)


def _stretch(rows: int, size: int) -> int:
    """How many rows at a time a sum of `rows` products into `size` numbers takes; 0 for all at once."""
    if rows * size <= IN_PLACE_LIMIT or _FEWEST_ROWS * size > IN_PLACE_LIMIT or not small_products_pay():
        return 0
    return 1 << ((IN_PLACE_LIMIT // size).bit_length() - 1)
