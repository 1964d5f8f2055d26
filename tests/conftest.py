"""What holds for all tests: the same examples in every run, and one thread of BLAS beside the other tests."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

from engine.processes.split_batch import keep_blas_to_one_thread

# Nothing fails because a machine is slow, not even in the first draw, which reads the source of all that is imported.
settings.register_profile(
    "unroll", derandomize=True, deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("unroll")
keep_blas_to_one_thread()


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Iterator[None]:
    """Modules and thirteen thousand tests stay until the end: the garbage collector need not look through them again
    and again, neither while they are made nor later. Nor need it look for cycles after every 700 new objects, which
    took a seventh of the time of the engine's tests."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.enable()
        gc.freeze()
        gc.set_threshold(20_000, 20, 20)


@pytest.hookimpl(tryfirst=True)
def pytest_cmdline_main(config: pytest.Config) -> None:
    """A process that has no tests left takes some of another's: at the end one would work alone for up to 20 s."""
    if config.option.numprocesses and config.option.dist == "no":
        config.option.dist = "worksteal"


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """With `-n auto` one more than there are cores: the window's tests often wait for a training process."""
    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return usable + 1
