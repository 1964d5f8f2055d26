"""Escape in a field puts back what stood there before it was typed over, and leaves the field."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget


class EscapeDiscards(QObject):
    """Claims Escape from the window for a field in which something is typed: the window would only take the focus from
    it, which applies what is typed. Otherwise the key is left to whatever the field stands in."""

    def __init__(self, field: QWidget, line: QLineEdit, put_back: Callable[[], None]) -> None:
        """line: where the text is typed, which is the field itself or a part of it."""
        super().__init__(field)
        self._field, self._line, self._put_back = field, line, put_back
        field.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Watch for the key."""
        if not isinstance(event, QKeyEvent) or event.key() != Qt.Key.Key_Escape or not self._line.isModified():
            return False
        if event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        if event.type() == QEvent.Type.KeyPress:
            self._put_back()
            self._line.setModified(False)
            self._field.clearFocus()
            return True
        return False
