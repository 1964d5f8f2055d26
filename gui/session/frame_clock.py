"""Decides when the window takes the results of its threads: when they ask it to, at most 30 times a second, and less
often if drawing is slow."""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer

from gui.session.spare_cores import SPARE

FRAME_MS = 33  # 30 frames a second at most
SLOWEST_FRAME_MS = 250
TURN_MS = 8  # while training, between the parts of a frame, so that they never hold up the event loop all at once
RESTING_TURN_MS = 1  # otherwise: events come in between, but nothing else needs the time
TURNS_A_FRAME = 2  # at least, while training; more if frames are far apart
PAINT_SHARE = 0.2 if SPARE else 0.05  # of one core, for drawing while training
EASING = 0.3  # how much of a change in the paint cost affects the very next frame


class FrameClock(QObject):
    """Calls `pull` once for everything that has woken it since the last frame, and limits drawing to its share of a
    core. Things left to draw take turns."""

    def __init__(self, pull: Callable[[], None], take_turn: Callable[[], bool], training: Callable[[], bool]) -> None:
        """take_turn: draws one waiting thing; returns whether more are waiting. training: whether training needs the
        machine."""
        super().__init__()
        self._pull, self._take_turn, self._training = pull, take_turn, training
        self._frame_ms = float(FRAME_MS)
        self._drawing_s = 0.0  # since the last frame
        self._frame_began = 0.0  # by the monotonic clock
        self._stopped = False
        self._turns_left = 0
        self._frames, self._turns = QTimer(self, singleShot=True), QTimer(self, singleShot=True)
        self._frames.timeout.connect(self._begin_frame)
        self._turns.timeout.connect(self._next_turn)

    @property
    def slowness(self) -> int:
        """The current length of a frame, relative to the shortest one."""
        return int(self._frame_ms / FRAME_MS)

    def wake(self) -> None:
        """Called when a thread has a result: take it in the next frame."""
        if not self._frames.isActive() and not self._stopped:
            apart = self._frame_ms if self._training() else FRAME_MS / 2
            passed = (time.monotonic() - self._frame_began) * 1000
            self._frames.start(max(self._turn_ms, round(apart - passed)))

    @property
    def _turn_ms(self) -> int:
        return TURN_MS if self._training() else RESTING_TURN_MS

    def stop(self) -> None:
        """Stop pulling for good."""
        self._stopped = True
        self._frames.stop()
        self._turns.stop()

    def add_paint_cost(self, seconds: float) -> None:
        """Add processor time that was spent drawing."""
        self._drawing_s += seconds

    def _begin_frame(self) -> None:
        self._frame_began = time.monotonic()
        started = time.thread_time()  # processor time, because waiting for other threads does not count
        try:
            self._pull()
        finally:
            self._adapt(time.thread_time() - started)
            if not self._stopped:
                self._turns_left = max(TURNS_A_FRAME, self.slowness)
                self._turns.start(self._turn_ms)

    def _next_turn(self) -> None:
        self._turns_left -= 1
        started = time.thread_time()
        more = self._take_turn()
        self.add_paint_cost(time.thread_time() - started)
        if more and (self._turns_left > 0 or not self._training()):
            self._turns.start(self._turn_ms)
        elif more:
            self.wake()

    def _adapt(self, pulling_s: float) -> None:
        wanted = (pulling_s + self._drawing_s) * 1000 / PAINT_SHARE
        self._drawing_s = 0.0
        self._frame_ms += EASING * (min(max(wanted, FRAME_MS), SLOWEST_FRAME_MS) - self._frame_ms)
