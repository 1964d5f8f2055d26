"""The line plots of a window take turns: a frame paints at most one of them, so that they never block the event
loop."""

from __future__ import annotations

from typing import TYPE_CHECKING

import shiboken6
from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtWidgets import QWidget

if TYPE_CHECKING:
    from gui.plots.line_plot import LinePlot

APART_MS = 8  # about half a frame


class PaintTurns(QObject):
    """Repaints waiting plots one after another."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._waiting: list[LinePlot] = []
        self._timer = QTimer(self, singleShot=True, interval=APART_MS)
        self._timer.timeout.connect(self._next)

    @staticmethod
    def of(widget: QWidget) -> PaintTurns:
        """The turns of the window that contains a widget."""
        window = widget.window()
        found = window.findChild(PaintTurns, options=Qt.FindChildOption.FindDirectChildrenOnly)
        return found if isinstance(found, PaintTurns) else PaintTurns(window)

    def ask(self, plot: LinePlot) -> None:
        """Give the plot its turn at once if no other plot has just had one."""
        if plot not in self._waiting:
            self._waiting.append(plot)
        if not self._timer.isActive():
            self._next()

    def _next(self) -> None:
        while self._waiting:
            plot = self._waiting.pop(0)
            if shiboken6.isValid(plot) and plot.isVisible():  # a hidden one is drawn when it is shown
                plot.take_lines()
                self._timer.start()
                return
