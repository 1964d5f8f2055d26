"""How often the window takes what its threads have left: at most 30 times a second, less where drawing is slow."""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer

from gui.session.cores import SPARE

FRAME_MS = 33  # 30 frames a second at most
SLOWEST_FRAME_MS = 250
PAINT_SHARE = 0.2 if SPARE else 0.05  # of one core, for drawing while training
EASING = 0.3  # how much of a change of the paint cost shows in the very next frame


class FrameClock(QObject):
    """Calls `pull` as long as threads are busy, and lets drawing take its share of a core, no more."""

    def __init__(self, pull: Callable[[], None], busy: Callable[[], bool], training: Callable[[], bool]) -> None:
        """busy: whether more may come. training: whether the machine has something better to do than drawing."""
        super().__init__()
        self._pull, self._busy, self._training = pull, busy, training
        self._frame_ms = float(FRAME_MS)
        self._drawing_s = 0.0  # since the last frame
        self._stopped = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._beat)

    @property
    def slowness(self) -> int:
        """How many times longer than the shortest a frame is now."""
        return int(self._frame_ms / FRAME_MS)

    def wake(self) -> None:
        """Something will come from a thread: look for it soon."""
        if not self._timer.isActive() and not self._stopped:
            self._timer.start(FRAME_MS // 2)

    def stop(self) -> None:
        """Never pull again."""
        self._stopped = True
        self._timer.stop()

    def add_paint_cost(self, seconds: float) -> None:
        """Count processor time that went into drawing."""
        self._drawing_s += seconds

    def _beat(self) -> None:
        started = time.thread_time()  # processor time: waiting for other threads is no work
        try:
            self._pull()
        finally:
            self._adapt(time.thread_time() - started)
            if not self._stopped and self._busy():
                self._timer.start(round(self._frame_ms) if self._training() else FRAME_MS // 2)

    def _adapt(self, pulling_s: float) -> None:
        wanted = (pulling_s + self._drawing_s) * 1000 / PAINT_SHARE
        self._drawing_s = 0.0
        self._frame_ms += EASING * (min(max(wanted, FRAME_MS), SLOWEST_FRAME_MS) - self._frame_ms)
