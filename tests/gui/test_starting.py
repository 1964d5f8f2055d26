"""How long the start takes, beside the smallest window of the same libraries."""

from __future__ import annotations

from statistics import median

import pytest

from tests.benchmarks.starting import OURS, SMALLEST, start

ROUNDS = 5
MOST = 3.5  # times the processor seconds of the smallest window; two are aimed at


@pytest.mark.slow
def test_a_start_takes_at_most_so_many_times_the_smallest_window() -> None:
    """Processor seconds of the two, interleaved: the clock would also measure what else the machine does."""
    rounds = [(start(SMALLEST)[1], start(OURS)[1]) for _ in range(ROUNDS + 1)][1:]
    smallest, ours = (median(column) for column in zip(*rounds, strict=True))
    assert ours <= MOST * smallest
