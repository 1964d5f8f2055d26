"""The height of the line below the network, whatever it says, so that nothing moves when that changes."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QLabel

MARGIN_PX = 5  # above and below the text
CONTROLS_PX = 26  # beside the text
ROOMY_PX = 680  # width
LINES, NARROW_LINES = 2, 3  # of text, with and without that much room
LARGE_PX, LARGE_LINES = 650, 6  # height of a view with room for the equations of all gates, and their number


def has_large_text(view: QSize) -> bool:
    """Whether a view of this size has room for larger letters."""
    return view.height() >= LARGE_PX


def line_height(text: QLabel, view: QSize) -> int:
    """For the line that holds this text, in a view of this size."""
    text.ensurePolished()
    lines = LARGE_LINES if has_large_text(view) else LINES if view.width() >= ROOMY_PX else NARROW_LINES
    return max(CONTROLS_PX, lines * text.fontMetrics().lineSpacing()) + 2 * MARGIN_PX
