"""The height of the line below the network, whatever it says, so that nothing moves when that changes."""

from __future__ import annotations

from PySide6.QtWidgets import QLabel

MARGIN_PX = 5  # above and below the text
CONTROLS_PX = 26  # beside the text
ROOMY_PX = 680  # width
LINES, NARROW_LINES = 2, 3  # of text, with and without that much room


def line_height(text: QLabel, width: int) -> int:
    """For a line of this width that holds this text."""
    text.ensurePolished()
    lines = LINES if width >= ROOMY_PX else NARROW_LINES
    return max(CONTROLS_PX, lines * text.fontMetrics().lineSpacing()) + 2 * MARGIN_PX
