"""Points that stay sharp in a file."""

from __future__ import annotations

import weakref
from functools import lru_cache
from typing import TYPE_CHECKING

import pyqtgraph as pg
from PySide6.QtGui import QBrush, QColor, QPainter

if TYPE_CHECKING:
    from gui.plots.plot import Plot


MOST_BRUSHES = 1 << 12


@lru_cache(MOST_BRUSHES)
def dot_brush(rgba: int) -> QBrush:
    """The brush of a colour: always the same object, because pyqtgraph caches images by brush."""
    return QBrush(QColor.fromRgba(rgba))


class Dots(pg.ScatterPlotItem):
    """Round points without a rim. On the screen they are copied from small images; in a file they are drawn."""

    def __init__(self, plot: Plot) -> None:
        super().__init__(pen=None, pxMode=True, antialias=True)
        self._plot = weakref.ref(plot)

    def paint(self, painter: QPainter, *how: object) -> None:
        """Paint without cached images while the plot is being saved."""
        plot = self._plot()
        self.opts["useCache"] = plot is not None and not plot.exact
        super().paint(painter, *how)

    def mouseClickEvent(self, event: pg.GraphicsScene.mouseEvents.MouseClickEvent) -> None:
        """Leave the click to the box."""
        event.ignore()
