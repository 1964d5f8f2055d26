"""The height of the line below the network, whatever it says, so that nothing moves when that changes."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QLabel

from gui.widgets.text import has_large_text

MARGIN_PX = 5  # above and below the text
CONTROLS_PX = 26  # beside the text
ROOMY_PX = 680  # width
LINES, NARROW_LINES = 2, 3  # of text, with and without that much room
LARGE_LINES = 6  # in a view with room for the equations of all gates


def line_height(text: QLabel, view: QSize) -> int:
    """For the line that holds this text, in a view of this size."""
    text.ensurePolished()
    lines = LARGE_LINES if has_large_text(view) else LINES if view.width() >= ROOMY_PX else NARROW_LINES
    return max(CONTROLS_PX, lines * text.fontMetrics().lineSpacing()) + 2 * MARGIN_PX
