"""Batches computed in two halves, one of them by a second process: see `engine.processes.half_batch`.

Each half has its own gradients and scratch memory. The gradients are summed in a fixed order, so the same number of
workers gives the same run bit for bit. During a step BLAS uses one thread: its threads wait for each other by spinning,
and a step takes several times as long when anything else needs the other core. If the environment sets the number of
BLAS threads, it is left alone.

At H = 128 two processes reach 1.8 times the speed of one core, and two threads only 1.35 times: every NumPy call takes
and releases Python's lock.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Literal

import numpy as np

from engine.data.examples import Examples
from engine.errors import ConfigError
from engine.models import Batch, Carry, Model
from engine.network.blas import THREAD_SETTINGS, libraries, threads_are_set
from engine.network.parameters import cached_blocks
from engine.network.states import StackStates
from engine.processes.shared_memory import has_room
from engine.types import IntArray

if TYPE_CHECKING:
    from engine.processes.half_batch import Half


WorkerCount = Literal[1, 2, "auto"]

_CALIBRATION_ROUNDS = 3  # how often each way is measured; the fastest round counts


@dataclass(frozen=True)
class _Way:
    """How to compute a batch: whole or in halves, and with how many BLAS threads (None: unchanged)."""

    halves: bool
    blas_threads: int | None


def keep_blas_to_one_thread() -> None:
    """Make BLAS use one thread from now on, for a program that draws while it trains.

    A number set in the environment wins.
    """
    if not threads_are_set():
        for library in libraries():
            library.set_num_threads(1)


class Workers:
    """Computes loss and gradient of a model's batches in one process or two.

    count: 1; 2; or "auto", which measures on the first batch whether one core, BLAS with all cores, or two halves is
    fastest. The outcome may differ between runs, and with it the last digits of results: to repeat a run bit for bit,
    give a number. If the environment sets the number of BLAS threads, "auto" is 1.
    """

    def __init__(self, model: Model, count: WorkerCount = 1) -> None:
        if count not in (1, 2, "auto"):
            raise ConfigError(f"workers is {count!r}; expected 1, 2 or 'auto'.")
        self.model = model
        self._own_setting = threads_are_set()
        self._way: _Way | None = _Way(count == 2, None if self._own_setting else 1)
        if count == "auto" and not self._own_setting and (os.cpu_count() or 1) > 1:
            self._way = None

    @property
    def count(self) -> int:
        """Number of processes that compute; 1 until "auto" has measured."""
        return 2 if self._way is not None and self._way.halves else 1

    @cached_property
    def _half(self) -> Half:
        """The second process, started when first needed."""
        from engine.processes.half_batch import Half  # one process is enough for most networks

        return Half(self.model, {} if self._own_setting else dict.fromkeys(THREAD_SETTINGS, "1"))

    def loss_and_gradient(
        self, batch: Batch, rng: np.random.Generator | None, carry: Carry | None, teacher_forcing: float
    ) -> tuple[float, int]:
        """As `Model.mean_loss_and_count`; the gradient ends up in the model's own."""
        examples = self.model.examples(batch)
        if self._way is None:
            self._way = self._quickest(examples, rng, carry, teacher_forcing)
        return self._compute(self._way, examples, rng, carry, teacher_forcing)

    @contextmanager
    def _limit(self, threads: int | None) -> Iterator[None]:
        """BLAS uses this many threads within the block; None: as many as before."""
        now = [] if threads is None else [(library, library.get_num_threads()) for library in libraries()]
        before = [(library, count) for library, count in now if count != threads]
        for library, _ in before:
            library.set_num_threads(threads)
        try:
            yield
        finally:
            for library, count in before:
                library.set_num_threads(count)

    def _compute(
        self,
        way: _Way,
        examples: Examples,
        rng: np.random.Generator | None,
        carry: Carry | None,
        teacher_forcing: float,
    ) -> tuple[float, int]:
        with self._limit(way.blas_threads):
            if not way.halves or len(examples) < 2:
                return self.model.mean_loss_and_count(examples, rng, carry, teacher_forcing)
            return self._in_halves(examples, rng, carry, teacher_forcing)

    def _in_halves(
        self, examples: Examples, rng: np.random.Generator | None, carry: Carry | None, teacher_forcing: float
    ) -> tuple[float, int]:
        parts = _halves(examples)
        carries = [None if carry is None else _part_of(carry, part) for part in parts]
        draws = [None, None] if rng is None else rng.spawn(2)
        model, half = self.model, self._half
        try:
            half.begin(examples.take(parts[1]), draws[1], carries[1], teacher_forcing)
            loss, own = model.mean_loss_and_count(examples.take(parts[0]), draws[0], carries[0], teacher_forcing)
            other = half.finish()
        except BaseException:  # even an interruption: a result left in the pipe would be taken for the next one
            self._end_half()
            raise
        if carry is not None:
            carry.states = _joined([carries[0], other.carry], parts)
        total = own + other.predicted
        for part in cached_blocks(len(half.gradient)):
            gradient, added = model.gradients.flat[part], half.gradient[part]
            np.multiply(gradient, own / total, out=gradient)
            np.multiply(added, other.predicted / total, out=added)
            np.add(gradient, added, out=gradient)
        return (loss * own + other.loss * other.predicted) / total, total

    def _quickest(
        self, examples: Examples, rng: np.random.Generator | None, carry: Carry | None, teacher_forcing: float
    ) -> _Way:
        """Time each way on this batch; nothing is changed."""
        ways = [_Way(False, 1), _Way(False, None)]
        halved = _Way(True, 1)
        if len(examples) > 1 and has_room(2 * self.model.parameters.flat.nbytes):  # weights and gradient
            ways.append(halved)
        best = dict.fromkeys(ways, float("inf"))
        for _ in range(1 + _CALIBRATION_ROUNDS):  # the first round allocates memory
            for way in ways:
                draws = None if rng is None else np.random.default_rng(0)
                started = time.perf_counter()
                self._compute(way, examples, draws, None if carry is None else Carry(carry.states), teacher_forcing)
                best[way] = min(best[way], time.perf_counter() - started)
        quickest = min(ways, key=best.__getitem__)
        if halved in ways and quickest != halved:
            self._end_half()
        return quickest

    def _end_half(self) -> None:
        """End the second process; a new one is started if it is needed again."""
        self._half.close()
        del self._half


def _halves(examples: Examples) -> tuple[IntArray, IntArray]:
    """Indices of the examples in each half: alternating by length, so that both halves take equally long."""
    sizes = np.asarray(examples.source.lengths) + np.asarray(examples.target.lengths)
    order = np.argsort(-sizes, kind="stable")
    return order[0::2], order[1::2]


def _part_of(carry: Carry, part: IntArray) -> Carry:
    """The states of some tracks of a running text, whose windows all have the same length and so keep their order."""
    if carry.states is None:
        return Carry()
    return Carry(carry.states.take(part))


def _joined(carries: list[Carry | None], parts: tuple[IntArray, IntArray]) -> StackStates | None:
    """The states of all tracks in their original order; None for a network that carries none."""
    halves = [carry.states for carry in carries if carry is not None and carry.states is not None]
    if len(halves) < 2:
        return None
    return StackStates.joined(halves, np.argsort(np.concatenate(parts)))
