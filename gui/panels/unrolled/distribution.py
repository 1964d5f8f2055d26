"""The whole distribution of a softmax, beside the step that was clicked."""

from __future__ import annotations

import math
from dataclasses import replace

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QFrame, QWidget

from engine.number_text import percent
from gui.theme import Theme
from gui.unrolled_view.diagram import Diagram
from gui.widgets.bars import Bar, Bars
from gui.widgets.box_layouts import stacked
from gui.widgets.scrolled_bars import ScrolledBars
from gui.widgets.symbols import visible_symbol
from gui.widgets.text import text_label

WIDTH_PX, MOST_ROWS_SHOWN = 260, 16
MOST_ROWS = 2000


class DistributionPopover(QFrame):
    """All symbols with their probabilities, most probable first."""

    def __init__(self, parent: QWidget, theme: Theme) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setObjectName("distribution")
        self.setProperty("role", "popover")
        self.title = text_label("", "title")
        self.note = text_label("", "muted", wrap=True)
        self.bars = Bars(theme, "distribution-bars", "Probabilities")
        self._scroll = ScrolledBars(self.bars, MOST_ROWS_SHOWN)
        stacked(self.title, self.note, self._scroll, of=self, gap=6, margins=(14, 11, 14, 13))
        self.setFixedWidth(WIDTH_PX)

    def open_for(self, diagram: Diagram, column: int, at: QPoint, theme: Theme) -> None:
        """Show the distribution above a column of the picture, near a point of the screen."""
        item, outcomes = diagram.columns[column], diagram.outcomes
        if outcomes is None:
            return
        best = outcomes.top(column, MOST_ROWS)
        count = len(outcomes.symbols)
        self.title.setText(f"{diagram.scorer[:1].upper()}{diagram.scorer[1:]}, step {item.step}")
        first = f"the first {MOST_ROWS:,} of " if count > MOST_ROWS else ""
        self.note.setText(f"Probabilities of {first}all {count:,} answers; they add up to 1.")
        colors = {item.above: theme.wrong if item.target else theme.accent, item.target: theme.accent}
        bars = [Bar(visible_symbol(name), share, colors.get(name, theme.train)) for name, share in best]
        copied = outcomes.copied_share(column)
        if math.isfinite(copied):
            mixed = f"Copied from where attention looks (pale): {percent(copied)}. The rest is {diagram.scorer}."
            self.note.setText(f"{self.note.text()} {mixed}")
            parts = [outcomes.copied_part(column, name) for name, _ in best]
            bars = [replace(bar, pale=part, pale_is="copied") for bar, part in zip(bars, parts, strict=True)]
            self.title.setText(f"{diagram.scorer[:1].upper()}{diagram.scorer[1:]} and copying, step {item.step}")
        self._scroll.show_bars(bars, theme, full=max(best[0][1], 1e-9) if best else 1.0)
        self._scroll.verticalScrollBar().setValue(0)
        self.setAccessibleName(f"{self.title.text()}: {self.note.text()}")
        self.adjustSize()
        screen = self.screen().availableGeometry()
        x = min(max(at.x() + 12, screen.left()), screen.right() - self.width())
        self.move(x, min(max(at.y() - 20, screen.top()), screen.bottom() - self.height()))
        self.show()
