"""Two threads do the whole of the work, once, as one would."""

from __future__ import annotations

import threading
import warnings

import numpy as np
import pytest

from engine.processes.two_threads import TwoThreads, in_one_piece

LONG, SHORT = 300_001, 1000


@pytest.mark.parametrize("size", [0, 1, SHORT, LONG])
def test_every_place_is_worked_on_once(size: int) -> None:
    counts = np.zeros(size, np.int64)

    def work(part: slice) -> None:
        counts[part] += 1

    TwoThreads()(work, size)
    in_one_piece(work, size)
    assert (counts == 2).all()


def test_long_vectors_have_two_threads_and_short_ones_one() -> None:
    threads, seen = TwoThreads(), []
    for size in (SHORT, LONG):
        seen.clear()
        threads(lambda part: seen.append(threading.get_ident()), size)
        assert len(set(seen)) == (2 if size == LONG else 1)


@pytest.mark.parametrize("start", [0, LONG // 2])
def test_an_error_in_either_half_is_raised_once_both_have_ended(start: int) -> None:
    ended = []

    def work(part: slice) -> None:
        ended.append(part.start)
        if part.start == start:
            raise MemoryError

    with pytest.raises(MemoryError):
        TwoThreads()(work, LONG)
    assert sorted(ended) == [0, LONG // 2]


def test_both_threads_ignore_the_numeric_errors_that_the_caller_ignores() -> None:
    values = np.full(LONG, 3e38, np.float32)
    with warnings.catch_warnings(), np.errstate(over="ignore"):
        warnings.simplefilter("error")
        TwoThreads()(lambda part: np.multiply(values[part], 10, out=values[part]), LONG)
    assert np.isinf(values).all()


def test_the_thread_ends_with_its_owner() -> None:
    before = set(threading.enumerate())
    threads = TwoThreads()
    threads(lambda part: None, LONG)
    (other,) = set(threading.enumerate()) - before
    del threads
    other.join(10)
    assert not other.is_alive()
