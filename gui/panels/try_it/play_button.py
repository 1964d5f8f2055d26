"""A button that shows an answer growing, moment by moment."""

from __future__ import annotations

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QPushButton

from gui.widgets.controls import introduced

PLAY, STOP = "▶", "■"
WIDTH_PX = 34


class PlayButton(QPushButton):
    """`at` is the moment that is shown, from 0; None when the whole answer is shown."""

    wanted = Signal()  # pressed; the owner, who knows how many moments there are, calls `begin`
    moved = Signal()

    def __init__(self, name: str, title: str, help: str, moment_ms: int) -> None:
        super().__init__(PLAY)
        introduced(self, name, title, help)
        self.setFixedWidth(WIDTH_PX)
        self.at: int | None = None
        self._count = 0
        self._clock = QTimer(self)
        self._clock.setInterval(moment_ms)
        self._clock.timeout.connect(self._tick)
        self.clicked.connect(self._press)

    @property
    def playing(self) -> bool:
        """Whether it is playing."""
        return self._clock.isActive()

    def begin(self, count: int) -> None:
        """Play this many moments."""
        self._count = count
        self._clock.start()
        self.setText(STOP)
        self._show(0)

    def stop(self) -> None:
        """Stop playing and show the whole answer."""
        self._clock.stop()
        self.setText(PLAY)
        self._show(None)

    def point(self, at: int | None) -> None:
        """Show a moment that the user points at; ignored while playing."""
        if not self.playing:
            self._show(at)

    def _press(self) -> None:
        if self.playing:
            self.stop()
        else:
            self.wanted.emit()

    def _tick(self) -> None:
        following = 0 if self.at is None else self.at + 1
        if following < self._count:
            self._show(following)
        else:
            self.stop()

    def _show(self, at: int | None) -> None:
        if at != self.at:
            self.at = at
            self.moved.emit()

    def hideEvent(self, event: QHideEvent) -> None:
        """Stop when hidden."""
        super().hideEvent(event)
        if self.playing:
            self.stop()
