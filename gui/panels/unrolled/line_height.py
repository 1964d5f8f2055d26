"""The height of the line below the network, whatever it says, so that nothing moves when that changes."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QLabel

MARGIN_PX = 5  # above and below the text
CONTROLS_PX = 26  # beside the text
ROOMY_PX = 680  # width
LINES, NARROW_LINES = 2, 3  # of text, with and without that much room
LARGE_PX, LARGE_LINES = 650, 6  # height of a view with room for the equations of all gates, and their number


def line_height(texts: Sequence[QLabel], view: QSize) -> int:
    """For the line that holds one of these texts, in a view of this size; in a large view, they are larger."""
    large = view.height() >= LARGE_PX
    for text in texts:
        if bool(text.property("large")) != large:
            text.setProperty("large", large)
            text.style().unpolish(text)
            text.style().polish(text)
    texts[0].ensurePolished()
    lines = LARGE_LINES if large else LINES if view.width() >= ROOMY_PX else NARROW_LINES
    return max(CONTROLS_PX, lines * texts[0].fontMetrics().lineSpacing()) + 2 * MARGIN_PX
