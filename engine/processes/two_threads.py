"""Work on long vectors in two threads, for the short while in which the second process has nothing to do.

A NumPy call on a long vector lets go of Python's lock, so two threads that work on long enough pieces hardly wait for
each other. The results are the same bit for bit, because each number of the vector is computed on its own.
"""

from __future__ import annotations

from collections.abc import Callable
from contextvars import copy_context

VectorWork = Callable[[slice], None]
VectorRunner = Callable[[VectorWork, int], None]  # does the work on a vector of this length, in one piece or in two

_LONG = 1 << 17  # numbers; shorter vectors are done before another thread has begun


def in_one_piece(work: VectorWork, size: int) -> None:
    """Do it here."""
    work(slice(0, size))


class TwoThreads:
    """Does the second half of the work in a thread of its own, which ends with this object."""

    def __init__(self) -> None:
        from concurrent.futures import ThreadPoolExecutor  # takes 3 ms to load, and one process needs none

        self._other = ThreadPoolExecutor(1, "unroll-half-vector")

    def __call__(self, work: VectorWork, size: int) -> None:
        """Do it, and return when both halves are done."""
        if size < _LONG:
            work(slice(0, size))
            return
        context = copy_context()  # of NumPy: which errors it ignores
        other = self._other.submit(context.run, work, slice(size // 2, size))
        try:
            work(slice(0, size // 2))
        finally:
            other.result()
