"""Questions to the newest weights, answered in the background. All views and answers use them."""

from __future__ import annotations

import threading
import time
import weakref
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Generic, TypeVar

import numpy as np
from PySide6.QtCore import QObject, QTimer, Signal

import engine
from gui.session.background import Background, Deadline, RequestOutcome
from gui.session.current_run import CurrentRun
from gui.session.frame_clock import FrameClock
from gui.session.notice import NO_MEMORY, Notices
from gui.session.spare_cores import SPARE

T = TypeVar("T")

SHARE = 0.04 if SPARE else 0.015  # of one core that the refreshes of one owner may take while training
VIEW_SHARE = 0.02 if SPARE else 0.008  # the same for the views of the middle: many may be open at once
LONGEST_REST_S = 3.0  # nothing on the screen gets older than this; with a smaller share, proportionally older
LONGEST_YIELD_S = 0.3  # how long a refresh gives way to an answer that the user is waiting for


def ignore(message: str) -> None:
    """Ignore a refusal that is not worth reporting."""


@dataclass(frozen=True, eq=False)
class Question(Generic[T]):
    """A question about the newest weights. The answer, or a refusal in words, arrives in the GUI thread.

    `work` runs in another thread: a function bound to engine objects and plain values that cannot touch a widget.
    An owner's newer question replaces its older one, and what belongs to an old run is never answered.
    """

    owner: object  # an `object()` that belongs to the asker: owners are told apart by identity
    work: Callable[[engine.Snapshot], T]
    done: Callable[[T], None]
    refused: Callable[[str], None] = ignore
    # What the answer depends on besides the weights. If this differs from the owner's last question, the user has
    # changed something and wants the answer at once; otherwise it is a refresh, which leaves training its share.
    about: object = field(default_factory=object)
    beside: Sequence[engine.Snapshot] = ()  # weights of other runs that it looks at; newer ones also make it a refresh
    urgent: bool = False  # the user is waiting for the answer, so it goes before all refreshes
    share: float = SHARE  # of one core that this owner's refreshes may take while training


@dataclass(frozen=True, eq=False)
class _Sent:
    """A record of a question that was sent, without its weights or data, which may be large."""

    about: object
    run: int
    snapshot: weakref.ref[engine.Snapshot]
    beside: tuple[weakref.ref[engine.Snapshot], ...]
    urgent: bool

    def looked_at(self, snapshot: engine.Snapshot | None, question: Question[Any]) -> bool:
        """Whether a question would look at the same weights."""
        seen = (self.snapshot(), *(each() for each in self.beside))
        wanted = (snapshot, *question.beside)
        return len(seen) == len(wanted) and all(one is other for one, other in zip(seen, wanted, strict=True))


@dataclass(frozen=True, eq=False)
class _Reply:
    """The result of a question."""

    value: Any
    error: Exception | None
    seconds: float


class _Asker:
    """One owner: its last question, and the newest one waiting for its turn."""

    def __init__(self, owner: object) -> None:
        self.owner = owner  # kept, so that its identity stays its own
        self.last: _Sent | None = None
        self.on_its_way = False
        self.waiting: Question[Any] | None = None
        self.refresh = False  # whether the waiting question is only a refresh
        self.run = -1  # in which the waiting question was asked
        self.rest_until = 0.0

    def take_up(self, question: Question[Any], run: int, snapshot: engine.Snapshot | None) -> None:
        """Put a question on hold, unless the last one had the same weights and subject."""
        self.forget_old(run)
        last = self.last if self.last is not None and self.last.run == run else None
        newest = self.waiting or last
        refresh = newest is not None and newest.about == question.about
        if refresh and self.waiting is None and last is not None and last.looked_at(snapshot, question):
            return
        self.refresh = refresh and (self.waiting is None or self.refresh)
        self.waiting, self.run = question, run

    def forget_old(self, run: int) -> None:
        """Drop questions to an earlier run."""
        if self.run != run:
            self.waiting = None

    def must_wait(self, run: int) -> bool:
        """Whether an answer on its way has to come first. The user does not wait for a mere refresh."""
        if not self.on_its_way or self.last is None or self.last.run != run:
            return False
        urgent = self.waiting is not None and self.waiting.urgent and not self.refresh
        return self.last.urgent or not urgent


class Questions(QObject):
    """Answers questions, each owner's one at a time, and at a small share of the machine while it trains.

    While an answer is on its way, the owner's newest question waits: an owner that asks at each new snapshot would
    otherwise never see an answer that takes longer than the time between snapshots.
    """

    # Both are emitted in a thread when an answer is ready.
    _answered = Signal()  # one that the user is waiting for
    _refreshed = Signal()

    def __init__(self, run: CurrentRun, clock: FrameClock, notices: Notices, training: Callable[[], bool]) -> None:
        """training: returns whether answers have to leave most of the machine to training."""
        super().__init__()
        self._run, self._notices, self._training = run, notices, training
        self._askers: dict[int, _Asker] = {}  # by the identity of the owner
        # Answers that the user is waiting for have a thread of their own; refreshes let them go first.
        self._urgent = Background("unroll-urgent", notify=self._answered.emit)
        self._calm = threading.Event()  # set while the user waits for nothing, and the last answer has been drawn
        self._calm.set()
        before = partial(self._calm.wait, LONGEST_YIELD_S)
        self._refreshes = Background("unroll-answers", notify=self._refreshed.emit, before=before)
        self._resting = QTimer(self, singleShot=True)
        self._resting.timeout.connect(self.send_waiting)
        self._answered.connect(self._take_urgent)  # emitted in the thread, so the event loop delivers it
        for news in (self._answered, self._refreshed):
            news.connect(clock.wake)

    @property
    def busy(self) -> bool:
        """Whether answers are on their way or have not been taken yet."""
        return self._urgent.busy or self._refreshes.busy

    def ask(self, question: Question[T]) -> None:
        """Have a question answered; if there are no weights yet, as soon as there are."""
        asker = self._askers.setdefault(id(question.owner), _Asker(question.owner))
        asker.take_up(question, self._run.number, self._run.snapshot)
        self._send_if_due(asker)

    def send_waiting(self) -> None:
        """Send waiting questions once there are weights again, or an owner has rested long enough."""
        for asker in self._askers.values():
            self._send_if_due(asker)

    def drop_refresh(self, owner: object) -> None:
        """Drop an owner's refresh that waits for its turn; what the user has asked is still answered."""
        asker = self._askers.get(id(owner))
        if asker is not None and asker.refresh:
            asker.waiting = None

    def take_refresh(self) -> bool:
        """Take the next answer of a refresh; returns whether more are waiting."""
        self._take(self._refreshes.take_answers(1))
        return self._refreshes.has_answers

    def calm_down(self) -> None:
        """Let refreshes continue if the answer that the user was waiting for has been drawn, or needs no drawing."""
        if not self._urgent.busy:
            self._calm.set()

    def wait(self, seconds: float) -> None:
        """Wait at most this long for the answers that are on their way, and take them."""
        deadline = Deadline(seconds)
        while self._urgent.busy and deadline.left_s:
            self._urgent.wait(deadline.left_s)
            self._take_urgent()
        self.calm_down()
        while self._refreshes.busy and deadline.left_s:
            self._refreshes.wait(deadline.left_s)
            self.take_refresh()

    def close(self, deadline: Deadline) -> bool:
        """End the threads after their current work; returns whether they have ended in time."""
        self._resting.stop()
        self._calm.set()  # refreshes no longer give way
        return all([self._urgent.close(deadline), self._refreshes.close(deadline)])

    # ---- sending

    def _send_if_due(self, asker: _Asker) -> None:
        asker.forget_old(self._run.number)
        question, snapshot = asker.waiting, self._run.snapshot
        if question is None or snapshot is None or asker.must_wait(self._run.number):
            return
        rest = asker.rest_until - time.monotonic()
        if asker.refresh and rest > 0 and self._training():
            self._rest(rest)
            return
        asker.waiting = None
        run, urgent = self._run.number, question.urgent and not asker.refresh
        beside = tuple(map(weakref.ref, question.beside))
        asker.last, asker.on_its_way = _Sent(question.about, run, weakref.ref(snapshot), beside, urgent), True
        chosen, other = (self._urgent, self._refreshes) if urgent else (self._refreshes, self._urgent)
        if urgent:
            self._calm.clear()
        other.forget(asker)
        chosen.submit(asker, partial(_find, question.work, snapshot), partial(self._arrived, asker, question, run))

    def _rest(self, seconds: float) -> None:
        wait_ms = round(seconds * 1000) + 1
        if not self._resting.isActive() or self._resting.remainingTime() > wait_ms:
            self._resting.start(wait_ms)

    # ---- answers

    def _take_urgent(self) -> None:
        self._take(self._urgent.take_answers())

    def _take(self, answers: Sequence[RequestOutcome]) -> None:
        for answer in answers:
            try:
                answer.done(answer.value)
            except Exception as error:  # a bug in one view; the others continue
                self._notices.tell_error(error)

    def _arrived(self, asker: _Asker, question: Question[Any], run: int, found: _Reply) -> None:
        asker.on_its_way = False
        share = question.share
        asker.rest_until = time.monotonic() + min(found.seconds / share, LONGEST_REST_S * SHARE / share)
        try:
            if run == self._run.number:
                self._hand_over(question, found)
        finally:
            self._send_if_due(asker)

    def _hand_over(self, question: Question[Any], found: _Reply) -> None:
        if found.error is None:
            question.done(found.value)
        elif isinstance(found.error, MemoryError):
            question.refused(NO_MEMORY)
        elif isinstance(found.error, engine.UnrollError):
            question.refused(str(found.error))
        else:
            self._notices.tell_error(found.error)


def _find(work: Callable[[engine.Snapshot], Any], snapshot: engine.Snapshot) -> _Reply:
    """Runs in a thread. Errors travel to the GUI thread, where the owner's next question is let through."""
    started = time.perf_counter()
    value, failed = None, None
    try:
        with np.errstate(all="ignore"):  # a diverging network is looked at, too
            value = work(snapshot)
    except Exception as error:
        failed = error
    return _Reply(value, failed, time.perf_counter() - started)
