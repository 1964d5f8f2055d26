"""A batch in two halves, one of them in a process of its own: see `engine.processes.half_batch`.

Each half has its own gradients and scratch memory; the gradients are summed in a fixed order, so that the same number
of workers gives the same run bit for bit. During a step BLAS keeps to one thread: its threads wait for each other by
spinning, and a step takes several times as long when anything else wants the other core. Where the environment says
how many threads BLAS is to take, that is left alone.

Two threads instead of two processes reach 1.35 times one core at H = 128 where processes reach 1.8: Python's lock is
taken and let go of at every call of NumPy.
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
from engine.network.recurrent import States
from engine.processes.half_batch import Half
from engine.types import IntArray

if TYPE_CHECKING:
    from threadpoolctl import LibController

WorkerCount = Literal[1, 2, "auto"]

_CALIBRATION_ROUNDS = 3  # times each way of computing is measured; the fastest round counts
_THREAD_SETTINGS = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "BLIS_NUM_THREADS")


@dataclass(frozen=True)
class _Way:
    """How to compute: in one piece or in halves, BLAS with that many threads (None: as it is)."""

    halves: bool
    blas_threads: int | None


def keep_blas_to_one_thread() -> None:
    """For a program that draws while it trains: BLAS leaves the other cores alone from now on.

    A user's own setting in the environment wins.
    """
    if not any(name in os.environ for name in _THREAD_SETTINGS):
        from threadpoolctl import ThreadpoolController

        for library in ThreadpoolController().select(user_api="blas").lib_controllers:
            library.set_num_threads(1)


class Workers:
    """Loss and gradient of a model's batches by one process or two.

    count: 1; 2; or "auto", which measures at the first batch whether one core, BLAS with all cores, or two halves is
    quickest. What is measured may differ from run to run, and with it the last digits: for the same run bit for bit,
    give a number. Where the environment sets the threads of BLAS, "auto" is 1.
    """

    def __init__(self, model: Model, count: WorkerCount = 1) -> None:
        if count not in (1, 2, "auto"):
            raise ConfigError(f"workers is {count!r}; expected 1, 2 or 'auto'.")
        self.model = model
        self._own_setting = any(name in os.environ for name in _THREAD_SETTINGS)
        self._way: _Way | None = _Way(count == 2, None if self._own_setting else 1)
        if count == "auto" and not self._own_setting and (os.cpu_count() or 1) > 1:
            self._way = None

    @property
    def count(self) -> int:
        """Processes that compute; 1 as long as "auto" has not measured."""
        return 2 if self._way is not None and self._way.halves else 1

    @cached_property
    def _half(self) -> Half:
        """The other process, started when it is first needed."""
        return Half(self.model, {} if self._own_setting else dict.fromkeys(_THREAD_SETTINGS, "1"))

    @cached_property
    def _blas(self) -> list[LibController]:
        from threadpoolctl import ThreadpoolController  # looks through all loaded libraries; only where it is needed

        return list(ThreadpoolController().select(user_api="blas").lib_controllers)

    def loss_and_gradient(
        self, batch: Batch, rng: np.random.Generator | None, carry: Carry | None, teacher_forcing: float
    ) -> tuple[float, int]:
        """As `Model.mean_loss_and_count`: the gradient is left in the model's."""
        examples = self.model.examples(batch)
        if self._way is None:
            self._way = self._quickest(examples, rng, carry, teacher_forcing)
        return self._compute(self._way, examples, rng, carry, teacher_forcing)

    @contextmanager
    def _limit(self, threads: int | None) -> Iterator[None]:
        """BLAS takes that many threads; None: as many as it takes anyway."""
        before = [] if threads is None else [(library, library.get_num_threads()) for library in self._blas]
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
            half.begin(model.parameters.flat, examples.take(parts[1]), draws[1], carries[1], teacher_forcing)
            loss, own = model.mean_loss_and_count(examples.take(parts[0]), draws[0], carries[0], teacher_forcing)
            other = half.finish()
        except BaseException:  # an interruption too: an answer that nobody took would be taken for the next one
            self._let_go_of_half()
            raise
        if carry is not None:
            carry.states = _joined([carries[0], other.carry], parts)
        total = own + other.predicted
        gradient = model.gradients.flat
        np.multiply(gradient, own / total, out=gradient)
        np.multiply(half.gradient, other.predicted / total, out=half.gradient)
        np.add(gradient, half.gradient, out=gradient)
        return (loss * own + other.loss * other.predicted) / total, total

    def _quickest(
        self, examples: Examples, rng: np.random.Generator | None, carry: Carry | None, teacher_forcing: float
    ) -> _Way:
        """Try the ways in turn on this batch, changing nothing."""
        ways = (_Way(False, 1), _Way(False, None), _Way(True, 1))
        best = dict.fromkeys(ways, float("inf"))
        for _ in range(1 + _CALIBRATION_ROUNDS):  # the first round takes the memory
            for way in ways:
                draws = None if rng is None else np.random.default_rng(0)
                started = time.perf_counter()
                self._compute(way, examples, draws, None if carry is None else Carry(carry.states), teacher_forcing)
                best[way] = min(best[way], time.perf_counter() - started)
        quickest = min(ways, key=best.__getitem__)
        if not quickest.halves and len(examples) > 1:
            self._let_go_of_half()
        return quickest

    def _let_go_of_half(self) -> None:
        """End the other process; another is started if there is need of one again."""
        self._half.close()
        del self._half


def _halves(examples: Examples) -> tuple[IntArray, IntArray]:
    """Numbers of the examples of either half: every second by length, so that both halves have as much to do."""
    sizes = np.asarray(examples.source.lengths) + np.asarray(examples.target.lengths)
    order = np.argsort(-sizes, kind="stable")
    return order[0::2], order[1::2]


def _part_of(carry: Carry, part: IntArray) -> Carry:
    """The states of some tracks of a running text, whose windows are equally long and so stay in order."""
    if carry.states is None:
        return Carry()
    return Carry([[[state[part] for state in side] for side in layer] for layer in carry.states])


def _joined(carries: list[Carry | None], parts: tuple[IntArray, IntArray]) -> list[list[States]] | None:
    """The states of all tracks, back in their places; None where a network carries none."""
    halves = [carry.states for carry in carries if carry is not None and carry.states is not None]
    if len(halves) < 2:
        return None
    places = np.argsort(np.concatenate(parts))
    return [
        [[np.concatenate(pair)[places] for pair in zip(*sides, strict=True)] for sides in zip(*layers, strict=True)]
        for layers in zip(*halves, strict=True)
    ]
