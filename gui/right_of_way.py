"""What a person waits for goes first: training and the panels' refreshes stop for it, briefly, between two pieces."""

from __future__ import annotations

import sys
import threading
import time

from PySide6.QtCore import QObject, QTimer

TRAINING_SHARE = 0.15  # of the time, that training stands still at most while somebody types on and on
SWITCH_S = (
    0.001  # a thread that waits for Python's lock gets it this soon; at 5 ms answers of many small steps are slow
)
CALM_MS = 400  # after the last question
MOST_S = 0.3  # that it stands still at once, when it has not done so for a while


class RightOfWay:
    """Lets one thread stand still while an answer is being made, as long as that takes no more than its share."""

    def __init__(self, free: threading.Event, share: float) -> None:
        """free: set while nobody waits for an answer. share: of the time that may be lost in the long run."""
        self._free, self._share = free, share
        self._credit_s, self._at = MOST_S, time.perf_counter()

    def give(self) -> None:
        """Called between two pieces of work. It costs nothing while nobody waits."""
        if self._free.is_set():
            return
        began = time.perf_counter()
        self._credit_s = min(MOST_S, self._credit_s + self._share * (began - self._at))
        if self._credit_s > 0:
            self._free.wait(self._credit_s)
        self._at = time.perf_counter()
        self._credit_s -= self._at - began


class QuickTurns(QObject):
    """Has threads take turns more often from a question on until its answer is long painted.

    Always, that would cost the training up to a tenth of its speed.
    """

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._usual_s = sys.getswitchinterval()
        self._calm = QTimer(self)
        self._calm.setSingleShot(True)
        self._calm.timeout.connect(self.end)

    def begin(self) -> None:
        """Somebody waits."""
        sys.setswitchinterval(SWITCH_S)
        self._calm.start(CALM_MS)

    def end(self) -> None:
        """Nobody has asked for a while."""
        sys.setswitchinterval(self._usual_s)
