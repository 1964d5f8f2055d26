"""Points that stay sharp in a file."""

from __future__ import annotations

import weakref
from typing import TYPE_CHECKING

import pyqtgraph as pg
from PySide6.QtGui import QPainter

if TYPE_CHECKING:
    from gui.plots.plot import Plot


class Dots(pg.ScatterPlotItem):
    """Round points without a rim. On the screen they are copied from small images, in a file they are drawn."""

    def __init__(self, plot: Plot) -> None:
        super().__init__(pen=None, pxMode=True, antialias=True)
        self._plot = weakref.ref(plot)

    def paint(self, painter: QPainter, *how: object) -> None:
        """Without images while the plot is saved."""
        plot = self._plot()
        self.opts["useCache"] = plot is not None and not plot.exact
        super().paint(painter, *how)

    def mouseClickEvent(self, event: pg.GraphicsScene.mouseEvents.MouseClickEvent) -> None:
        """Left to the box."""
        event.ignore()
