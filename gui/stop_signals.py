"""Ctrl+C in the terminal, a request to end, a closed terminal: they reach the window between two of its events.

Python's own way, an exception wherever the program happens to be, would interrupt a method that Qt has called, which
ends in a crash.
"""

from __future__ import annotations

import signal
import socket
from collections.abc import Callable
from types import FrameType
from typing import Final

from PySide6.QtCore import QObject, QSocketNotifier

STOPPING: Final = tuple(one for one in signal.Signals if one.name in ("SIGINT", "SIGTERM", "SIGHUP"))


class StopSignals(QObject):
    """Watches from construction on. The first signal is passed on; the next one ends the program at once."""

    def __init__(self, stop: Callable[[signal.Signals], None], parent: QObject) -> None:
        """stop: called in the GUI thread. A signal that the program was started to ignore (`nohup`) stays ignored."""
        super().__init__(parent)
        self._stop = stop
        self._reading, self._writing = socket.socketpair()
        for end in (self._reading, self._writing):
            end.setblocking(False)
        self._notifier = QSocketNotifier(self._reading.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._take)
        self._watched = [number for number in STOPPING if signal.getsignal(number) is not signal.SIG_IGN]
        signal.set_wakeup_fd(self._writing.fileno(), warn_on_full_buffer=False)
        for number in self._watched:
            signal.signal(number, _leave_it_to_the_socket)

    def _take(self) -> None:
        received = [signal.Signals(number) for number in self._reading.recv(64) if number in self._watched]
        if not received:
            return
        for number in self._watched:
            signal.signal(number, signal.SIG_DFL)
        self._watched = []
        self._stop(received[0])


def _leave_it_to_the_socket(number: int, frame: FrameType | None) -> None:
    """Python has already written the number of the signal into the socket."""
