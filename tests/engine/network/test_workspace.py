"""Memory that is taken once and used again."""

from __future__ import annotations

import numpy as np
import pytest

from engine.network.workspace import Arena
from engine.types import FloatArray


def step(arena: Arena, *shapes: tuple[int, ...]) -> list[FloatArray]:
    arena.reset()
    return [arena.take(*shape) for shape in shapes]


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_pieces_of_a_step_never_overlap_and_lie_on_cache_lines(dtype: str) -> None:
    arena = Arena(dtype)
    shapes = [(3, 5), (1,), (7, 2, 2), (0, 4), (64,)]
    for _ in range(3):
        pieces = step(arena, *shapes)
    assert [piece.shape for piece in pieces] == shapes
    for k, piece in enumerate(pieces):
        assert piece.dtype == dtype
        assert piece.size == 0 or piece.ctypes.data % 64 == 0
        assert not any(np.shares_memory(piece, other) for other in pieces[:k])


def test_the_next_step_uses_the_same_memory() -> None:
    arena = Arena("float32")
    step(arena, (100,), (50,))
    first, second = (step(arena, (100,), (50,)) for _ in range(2))
    assert all(np.shares_memory(a, b) for a, b in zip(first, second, strict=True))


def test_a_step_larger_than_the_last_one_gets_what_it_asks_for() -> None:
    arena = Arena("float32")
    step(arena, (10,))
    small, large = step(arena, (10,), (10_000,))
    small[:], large[:] = 1, 2
    assert small.sum() == 10
    first, second = step(arena, (10,), (10_000,))
    assert not np.shares_memory(first, second)


def test_memory_far_too_large_is_given_back() -> None:
    arena = Arena("float32")
    step(arena, (1_000_000,))
    step(arena, (1_000_000,))
    for _ in range(3):
        (small,) = step(arena, (10,))
    assert small.base is not None
    assert small.base.size < 10_000


def test_zeros_are_zero_in_memory_that_was_used() -> None:
    arena = Arena("float64")
    for _ in range(3):
        arena.reset()
        arena.take(4, 4).fill(7)
        arena.reset()
        assert not arena.zeros(4, 4).any()
