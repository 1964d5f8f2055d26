"""The library behind NumPy's matrix products."""

from __future__ import annotations

import os
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from threadpoolctl import LibController

# OpenBLAS's kernels that multiply small matrices where they lie, instead of copying both into an order of their own
# first. Its other kernels, and other libraries, always copy.
_IN_PLACE = ("SkylakeX", "Cooperlake", "SapphireRapids")
IN_PLACE_LIMIT = 1_000_000  # multiplications of a product that still counts as small

THREAD_SETTINGS = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "BLIS_NUM_THREADS")


def threads_are_set() -> bool:
    """Whether the environment sets the number of BLAS threads, which then wins."""
    return any(name in os.environ for name in THREAD_SETTINGS)


def import_with_one_thread() -> None:
    """Import NumPy so that BLAS starts no threads: they would spin for a tenth of a second, waiting for work.

    For a process beside others that need the cores. Those find the environment as it was. A number set there wins.
    """
    if not threads_are_set():
        os.environ |= dict.fromkeys(THREAD_SETTINGS, "1")
        import_module("numpy")
        for name in THREAD_SETTINGS:
            del os.environ[name]


@cache
def libraries() -> tuple[LibController, ...]:
    """The loaded BLAS libraries, whose threads can be controlled. Slow the first time: it searches all loaded
    libraries."""
    from threadpoolctl import ThreadpoolController

    return tuple(ThreadpoolController().select(user_api="blas").lib_controllers)


@cache
def _in_place() -> bool:
    return bool(libraries()) and all(getattr(one, "architecture", "") in _IN_PLACE for one in libraries())


def small_products_pay() -> bool:
    """Whether many small products are faster than one large one; never while a large one takes several threads."""
    return _in_place() and all(one.get_num_threads() == 1 for one in libraries())
