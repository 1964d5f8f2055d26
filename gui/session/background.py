"""A background thread that works for several owners; the newest request of each owner wins."""

from __future__ import annotations

import sys
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from engine.interruption import while_wanted
from engine.processes.split_batch import keep_blas_to_one_thread

CLOSE_S = 1.5  # how long closing waits in all; work that does not end by then is left behind


def threads_at_work() -> list[str]:
    """Names of the program's threads that are alive. Those of Python's own pools do not count."""
    return [thread.name for thread in threading.enumerate() if thread.name.startswith("unroll-")]


class Deadline:
    """A deadline shared by several things that are closed one after the other."""

    def __init__(self, seconds: float = CLOSE_S) -> None:
        self._at = time.monotonic() + seconds

    @property
    def left_s(self) -> float:
        """Seconds until the deadline, 0 once it has passed."""
        return min(max(0.0, self._at - time.monotonic()), threading.TIMEOUT_MAX)


@dataclass(frozen=True)
class RequestOutcome:
    """The result of a request: either a value or an error."""

    owner: object
    ticket: int
    done: Callable[[Any], None]
    value: Any = None
    error: BaseException | None = None
    failed: Callable[[BaseException], None] | None = None

    def deliver(self) -> None:
        """Hand over the value or the error; an error without a handler is raised."""
        if self.error is None:
            self.done(self.value)
        elif self.failed is not None:
            self.failed(self.error)
        else:
            raise self.error


@dataclass(frozen=True)
class _Request:
    ticket: int
    work: Callable[[], Any]
    done: Callable[[Any], None]
    failed: Callable[[BaseException], None] | None


class Background:
    """Runs functions, one after the other, in a thread that is started when first needed.

    A request replaces the earlier one of its owner: one that has not started is dropped; one that has started stops
    between two steps of the network. `take_answers` returns the answers, except those overtaken by a newer request.
    """

    def __init__(
        self,
        name: str,
        notify: Callable[[], None] | None = None,
        before: Callable[[], object] | None = None,
        failed: Callable[[BaseException], None] | None = None,
    ) -> None:
        """notify: called in the thread when an answer is ready. before: called in the thread before a request is taken.
        failed: receives the errors of requests without a handler of their own."""
        self._name, self._notify, self._before, self._failed = name, notify, before, failed
        self._requests: dict[object, _Request] = {}
        self._newest: dict[object, int] = {}  # owner → ticket; owners that still wait for an answer
        self._answers: deque[RequestOutcome] = deque()
        self._changed = threading.Condition()
        self._closed = False
        self._tickets = 0
        self._thread: threading.Thread | None = None

    @property
    def busy(self) -> bool:
        """Whether an answer is on its way or has not been taken yet."""
        return bool(self._newest)

    @property
    def has_answers(self) -> bool:
        """Whether an answer is ready to be taken."""
        return bool(self._answers)

    def submit(
        self,
        owner: object,
        work: Callable[[], Any],
        done: Callable[[Any], None] = lambda _: None,
        failed: Callable[[BaseException], None] | None = None,
    ) -> None:
        """Have `work` run in the thread, and its value kept for `done`, or its error for `failed`."""
        with self._changed:
            if self._closed:
                return
            self._tickets += 1
            self._newest[owner] = self._tickets
            self._requests[owner] = _Request(self._tickets, work, done, failed or self._failed)
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name=self._name, daemon=True)
                self._thread.start()
            self._changed.notify()

    def forget(self, owner: object) -> None:
        """Drop an owner's request; it will not be answered."""
        with self._changed:
            self._requests.pop(owner, None)
            self._newest.pop(owner, None)

    def take_answers(self, most: int = sys.maxsize) -> list[RequestOutcome]:
        """The answers since the last call that are still wanted, oldest first; at most `most`, the others wait."""
        wanted: list[RequestOutcome] = []
        while self._answers and len(wanted) < most:
            answer = self._answers.popleft()
            with self._changed:
                if self._newest.get(answer.owner) != answer.ticket:
                    continue
                del self._newest[answer.owner]
            wanted.append(answer)
        return wanted

    def wait(self, seconds: float) -> None:
        """Block until an answer is waiting."""
        with self._changed:
            self._changed.wait_for(lambda: bool(self._answers), seconds)

    def close(self, deadline: Deadline | None = None, *, finish: bool = False) -> bool:
        """End the thread after the current step, or after all requests; returns whether it has ended in time.

        With `finish`, its answers can still be taken afterwards; otherwise there are none.
        """
        with self._changed:
            self._closed = True
            if not finish:
                self._requests.clear()
                self._newest.clear()
            self._changed.notify()
        if self._thread is None:
            return True
        self._thread.join((deadline or Deadline()).left_s)
        return not self._thread.is_alive()

    def _work(self) -> None:
        keep_blas_to_one_thread()  # the other cores are for training and drawing
        while True:
            with self._changed:
                while not self._requests and not self._closed:
                    self._changed.wait()
            if self._before is not None:
                self._before()
            with self._changed:
                if not self._requests:
                    if self._closed:
                        return
                    continue
                owner = next(iter(self._requests))
                request = self._requests.pop(owner)
            with while_wanted(partial(self._is_newest, owner, request.ticket)):
                answer = _answer(owner, request)
            with self._changed:
                self._answers.append(answer)
                self._changed.notify_all()
            del owner, request, answer  # they may hold large objects, and the next request may be far away
            if self._notify is not None and not self._closed:
                self._notify()

    def _is_newest(self, owner: object, ticket: int) -> bool:
        return self._newest.get(owner) == ticket


def _answer(owner: object, request: _Request) -> RequestOutcome:
    try:
        return RequestOutcome(owner, request.ticket, request.done, value=request.work(), failed=request.failed)
    except BaseException as error:  # handed to the GUI thread, which tells the user
        return RequestOutcome(owner, request.ticket, request.done, error=error, failed=request.failed)
