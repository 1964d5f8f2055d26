"""Bars of which a few are in sight, and all others can be scrolled to."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt

from gui.theme import Theme
from gui.widgets.bars import Bar, Bars
from gui.widgets.column_scroll import SCROLLBAR_PX, ColumnScroll


class ScrolledBars(ColumnScroll):
    """As high as its bars, or as `most` of them."""

    def __init__(self, bars: Bars, most: int) -> None:
        super().__init__()
        self.bars, self._most = bars, most
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWidget(bars)
        bars.setAutoFillBackground(False)
        self.setSizePolicy(bars.sizePolicy())

    def show_bars(self, bars: Sequence[Bar], theme: Theme, *, full: float = 1.0) -> None:
        """Draw these rows; `full` is the share that fills the whole length."""
        self.bars.show_bars(bars, theme, full=full)
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        """As high as the rows in sight."""
        return self._in_sight(self.bars.sizeHint())

    def minimumSizeHint(self) -> QSize:
        """The same with the rows as close together as they may be."""
        return self._in_sight(self.bars.minimumSizeHint())

    def _in_sight(self, whole: QSize) -> QSize:
        rows = max(1, len(self.bars.bars))
        return QSize(whole.width() + SCROLLBAR_PX, whole.height() * min(rows, self._most) // rows)
