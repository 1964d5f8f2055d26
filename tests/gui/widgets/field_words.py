"""What is said beside fields."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from gui.widgets.typed_numbers import FieldWord


def said_beside(window: QWidget) -> list[str]:
    """The words that are shown beside the fields of a window."""
    return [word.text() for word in window.findChildren(FieldWord) if word.isVisible()]
