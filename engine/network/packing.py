"""Ragged batches without padding.

The sequences of a batch are sorted by length, longest first. At step t the first `batch_sizes[t]` of them are still
running; their rows are adjacent, step after step. A batch of B sequences with N symbols in total is N rows, and nothing
is ever computed from padding. (The layout is that of PyTorch's PackedSequence.)
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property, lru_cache

import numpy as np

from engine.types import FloatArray, IntArray

_KEPT = 8  # packings: those of running text are the same at every step


class Packing:
    """The rows (t, b) of a ragged batch.

    lengths: (B,) number of steps of each sequence, each at least 1, in any order.
    `order` (B,): sorted place → place in the caller's batch. All other attributes refer to sorted places b. None of
    them is ever written to, because a packing may be shared.
    """

    @staticmethod
    def of(lengths: IntArray) -> Packing:
        """The packing of these lengths, made anew only if it is none of the last few."""
        return _packing_of(lengths.astype(np.int64, copy=False).tobytes())

    def __init__(self, lengths: IntArray) -> None:
        self.order = np.argsort(-lengths, kind="stable")
        self.lengths = lengths[self.order].astype(np.int64)
        self.batch = len(lengths)
        self.steps = int(self.lengths[0])
        self.rows = int(self.lengths.sum())
        if int(self.lengths[-1]) == self.steps:
            self.batch_sizes = np.full(self.steps, self.batch)
        else:
            self.batch_sizes = np.searchsorted(-self.lengths, -np.arange(self.steps), side="left")
        self.sizes: list[int] = self.batch_sizes.tolist()
        offsets = np.zeros(self.steps + 1, np.int64)
        np.cumsum(self.batch_sizes, out=offsets[1:])
        self.offset_array = offsets
        self.offsets: list[int] = offsets.tolist()

    @cached_property
    def step_of_row(self) -> IntArray:
        """(N,) the step t of each row."""
        return np.repeat(np.arange(self.steps), self.batch_sizes)

    @cached_property
    def sequence_of_row(self) -> IntArray:
        """(N,) the sorted place b of each row."""
        return np.arange(self.rows) - self.offset_array[self.step_of_row]

    @cached_property
    def last_rows(self) -> IntArray:
        """(B,) the row of the last step of each sequence."""
        return self.offset_array[self.lengths - 1] + np.arange(self.batch)

    @cached_property
    def mirrored(self) -> IntArray:
        """(N,) for each row (t, b), the row (length_b − 1 − t, b): reads each sequence backwards. It is its own
        inverse."""
        back = self.lengths[self.sequence_of_row] - 1 - self.step_of_row
        return self.offset_array[back] + self.sequence_of_row

    @cached_property
    def previous(self) -> IntArray:
        """(N,) for each row (t, b), the index of (t − 1, b) in an array of B initial rows followed by the N rows."""
        before = np.concatenate(([0], self.batch + self.offset_array[:-2]))
        return before[self.step_of_row] + self.sequence_of_row

    @property
    def dense(self) -> bool:
        """Whether all sequences are equally long."""
        return self.sizes[-1] == self.batch

    def cut(self, array: FloatArray) -> list[FloatArray]:
        """(…, N, H) → for each step a view (…, n, H) of its rows."""
        if self.dense:
            apart = array.reshape(*array.shape[:-2], self.steps, self.batch, array.shape[-1])
            return list(apart if array.ndim == 2 else apart.swapaxes(0, 1))
        spans = map(slice, self.offsets, self.offsets[1:])
        return [array[span] for span in spans] if array.ndim == 2 else [array[:, span] for span in spans]

    def cut_together(self, arrays: Sequence[FloatArray]) -> list[tuple[FloatArray, ...]]:
        """Arrays (N, H) → for each step the views (n, H) of its rows in all of them."""
        return list(zip(*map(self.cut, arrays), strict=True))

    def cut_states(self, arrays: Sequence[FloatArray]) -> list[tuple[FloatArray, ...]]:
        """Arrays (B + N, H), initial rows first → views: (B, H) of the initial rows, then (n, H) of each step."""
        return [tuple(a[: self.batch] for a in arrays), *self.cut_together([a[self.batch :] for a in arrays])]

    def rows_of(self, sequence: int) -> IntArray:
        """(T,): the rows of one sequence, given by its sorted place, first step first."""
        return self.offset_array[: self.lengths[sequence]] + sequence

    def pick(self, values: IntArray, starts: IntArray) -> IntArray:
        """values (total, …) of sequences that are concatenated in any order → (N, …) for each row (t, b), the value at
        step t of sequence b. starts: (B,) where each sequence begins, by sorted place."""
        picked: IntArray = values[starts[self.sequence_of_row] + self.step_of_row]
        return picked

    def unsort(self, values: FloatArray) -> FloatArray:
        """(B, …) by sorted place → (B, …) in the caller's order."""
        result = np.empty_like(values)
        result[self.order] = values
        return result


@lru_cache(_KEPT)
def _packing_of(lengths: bytes) -> Packing:
    return Packing(np.frombuffer(lengths, np.int64))
