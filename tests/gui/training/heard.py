"""A worker and what it has told, without a window; and things that break while they are sent or received."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable
from typing import Any, TypeVar

import engine
from gui.training.messages import Build, Capture, Captured, Command, Event, Train
from gui.training.worker import Worker

E = TypeVar("E")

PATIENCE_S = 60.0
NAMES = engine.load_sample("names")
SMALL = engine.ModelConfig(hidden_size=4)
ENDLESS = engine.TrainingConfig(epochs=100_000)


def build(run: int = 1, dataset: engine.Dataset = NAMES) -> Build:
    return Build(run, SMALL, dataset, ENDLESS)


class Heard:
    """A worker, all its events so far, and the newest weights of each run."""

    def __init__(self, own_process: bool = True) -> None:
        self._news = threading.Event()
        self.calls = 0  # of the worker, to say that there are news
        self.events: list[Event] = []
        self.snapshots: dict[int, engine.Snapshot] = {}
        self.worker = Worker(self._take_call, own_process)
        self._tickets = 0

    def _take_call(self) -> None:
        self.calls += 1
        self._news.set()

    def send(self, *commands: Command) -> None:
        for command in commands:
            self.worker.send(command)

    def of(self, kind: type[E]) -> list[E]:
        return [event for event in self.events if isinstance(event, kind)]

    def until(self, holds: Callable[[], object]) -> None:
        """Listen until something is so."""
        self._take()
        while not holds():
            assert self._news.wait(PATIENCE_S), self.events[-5:]
            self._news.clear()
            self._take()

    def spin(self, holds: Callable[[], object]) -> None:
        """Wait until something is so that comes without news."""
        patience = time.monotonic() + PATIENCE_S
        while not holds():
            self._take()
            assert time.monotonic() < patience
            os.sched_yield()

    def process(self) -> int:
        """The number of the training process, once there is one."""
        self.spin(lambda: self.worker.process_id)
        identity = self.worker.process_id
        assert identity is not None
        return identity

    def capture(self) -> Captured:
        """What comes of asking for a copy."""
        self._tickets += 1
        ticket = self._tickets
        self.send(Capture(ticket))
        self.until(lambda: any(answer.ticket == ticket for answer in self.of(Captured)))
        (answer,) = [answer for answer in self.of(Captured) if answer.ticket == ticket]
        return answer

    def train(self, run: int, steps: int) -> None:
        """Train so many steps, in a new network."""
        self.send(build(run), Train(steps))
        self.until(lambda: run in self.snapshots and self.snapshots[run].step == steps)

    def _take(self) -> None:
        self.events += self.worker.take_events()
        self.snapshots |= self.worker.take_snapshots()


class Boomerang:
    """Travels so many times; the trip after that raises an error on arrival."""

    def __init__(self, trips: int, error: Exception) -> None:
        self._left = trips, error

    def __reduce__(self) -> Any:
        return _arrive, self._left


def _arrive(trips: int, error: Exception) -> Boomerang:
    if trips == 0:
        raise error
    return Boomerang(trips - 1, error)


class Number(int):
    """A number that can be sent once only."""

    def __reduce__(self) -> Any:
        return _Stuck, (int(self),)


class _Stuck(int):
    def __reduce__(self) -> Any:
        raise MemoryError
