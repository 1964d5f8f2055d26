"""Products of a few rows with the same matrices, step after step.

A BLAS library first copies the matrix into its own layout. That costs little with thousands of rows, but one step of a
sequence has only the rows of the batch, and the next step copies the matrix again. OpenBLAS has AVX-512 kernels that
read small matrices in place. So the matrices are stored in blocks of columns and the rows are taken in groups, so that
each product is small enough for these kernels: on one core with 64 rows, 110 instead of 92 GFLOP/s at H = 128 to 512;
with 32 rows, 102 instead of 58 at H = 1024.
"""

from __future__ import annotations

import numpy as np

from engine.network.blas import IN_PLACE_LIMIT, small_products_pay
from engine.network.workspace import Arena
from engine.types import FloatArray

_WIDTH = 64  # columns of a block, at most: four registers of AVX-512
_NARROW = 32  # fewest columns of a block
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
