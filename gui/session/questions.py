"""One panel's questions to the newest snapshot: one at a time, and at a small share of the machine while it trains."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
from PySide6.QtCore import QTimer

import engine
from gui.session.cores import SPARE
from gui.session.session import Session

T = TypeVar("T")

SHARE = 0.04 if SPARE else 0.015  # of one core that one panel's own questions may take while training runs
LONGEST_REST_S = 3.0  # but nothing on the screen is older than this; with a smaller share accordingly older


def _ignore(message: str) -> None:
    """For questions whose refusal is not worth a word."""


@dataclass(frozen=True)
class _Answer:
    value: Any
    error: Exception | None
    seconds: float


@dataclass(frozen=True)
class _Question:
    work: Callable[[engine.Snapshot], Any]
    done: Callable[[Any], None]
    refused: Callable[[str], None]
    urgent: bool


class Asker:
    """Asks the session for one owner. While an answer is on its way the newest further question waits its turn.

    The session drops an answer that a newer question has overtaken; a panel that asked at each new snapshot would
    never see anything if its answers took longer than snapshots do.
    """

    def __init__(self, session: Session, owner: object, *, urgent: bool = False, share: float = SHARE) -> None:
        """urgent: a person waits for what is asked here, it goes before all else. share: of a core, while training."""
        self._session, self._owner, self._urgent = session, owner, urgent
        self._share, self._longest_rest_s = share, LONGEST_REST_S * SHARE / share
        self._asked: _Question | None = None
        self._waiting: _Question | None = None
        self._run = -1
        self._rest_until = 0.0
        self._timer = QTimer(session)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._send_waiting)

    def ask(
        self, work: Callable[[engine.Snapshot], T], done: Callable[[T], None], refused: Callable[[str], None] = _ignore
    ) -> None:
        """For what the user did: have `work` look at the newest snapshot as soon as can be.

        `done` gets its value, or `refused` the message of an UnrollError; both in the GUI thread.
        """
        question = _Question(work, done, refused, self._urgent)
        if self._on_its_way() and not self._goes_before(question):
            self._waiting = question
        else:
            self._send(question)

    def follow(
        self, work: Callable[[engine.Snapshot], T], done: Callable[[T], None], refused: Callable[[str], None] = _ignore
    ) -> None:
        """For newer weights: the same, but not before training has had its share of the machine."""
        rest = self._rest_until - time.monotonic()
        waited_for = self._waiting is not None and self._waiting.urgent
        question = _Question(work, done, refused, waited_for)
        if rest <= 0 or self._session.status != "running" or self._run != self._session.run:
            if self._on_its_way():
                self._waiting = question
            else:
                self._send(question)
            return
        self._waiting = question
        if not self._on_its_way() and not self._timer.isActive():
            self._timer.start(round(rest * 1000) + 1)

    def _on_its_way(self) -> bool:
        return self._asked is not None and self._run == self._session.run

    def _goes_before(self, question: _Question) -> bool:
        """A person does not wait for an answer that nobody has asked for; the session drops that one."""
        return question.urgent and self._asked is not None and not self._asked.urgent

    def _send_waiting(self) -> None:
        if self._waiting is not None and not self._on_its_way():
            self._send(self._waiting)

    def _send(self, question: _Question) -> None:
        self._asked, self._run, self._waiting = question, self._session.run, None
        self._timer.stop()

        def guarded(snapshot: engine.Snapshot) -> _Answer:
            started = time.perf_counter()
            value, failed = None, None
            try:
                with np.errstate(all="ignore"):  # a network that diverges is looked at too
                    value = question.work(snapshot)
            except Exception as error:  # travels to the GUI thread, where the next question must be let through
                failed = error
            return _Answer(value, failed, time.perf_counter() - started)

        self._session.ask(self._owner, guarded, self._arrived, urgent=question.urgent)

    def _arrived(self, answer: _Answer) -> None:
        question, self._asked = self._asked, None
        rest = min(answer.seconds / self._share, self._longest_rest_s)
        self._rest_until = time.monotonic() + rest
        if self._waiting is not None:
            resting = self._session.status == "running" and not self._waiting.urgent
            self._timer.start(round(rest * 1000) if resting else 0)
        if question is None:
            return
        if answer.error is None:
            question.done(answer.value)
        elif isinstance(answer.error, engine.UnrollError):
            question.refused(str(answer.error))
        else:
            raise answer.error
