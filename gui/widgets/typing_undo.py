"""Ctrl+Z belongs to a text field while something typed there can be taken back, and to the window otherwise."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QApplication, QDoubleSpinBox, QLineEdit, QPlainTextEdit, QSpinBox, QWidget

Key = QKeySequence.StandardKey
TEXT_FIELDS = (QLineEdit, QSpinBox, QDoubleSpinBox, QPlainTextEdit)


class TypingUndo(QObject):
    """Watches the field that has the focus, because Qt's text fields take both keys whether they can use them or
    not."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        app.focusChanged.connect(self._follow)

    def _follow(self, old: QWidget | None, new: QWidget | None) -> None:
        if isinstance(old, TEXT_FIELDS):
            old.removeEventFilter(self)
        if isinstance(new, TEXT_FIELDS):
            new.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keep the keys from a field that cannot use them, so that they reach the window."""
        if event.type() != QEvent.Type.ShortcutOverride or not isinstance(event, QKeyEvent):
            return False
        undo, redo = event.matches(Key.Undo), event.matches(Key.Redo)
        if (undo and not can_undo(watched)) or (redo and not can_redo(watched)):
            event.ignore()
            return True
        return False


def can_undo(field: QObject) -> bool:
    """Whether something typed in the field can be undone."""
    match field:
        case QSpinBox():
            return _is_typed_over(field, field.value())
        case QDoubleSpinBox():  # whose own value may be a share, shown in percent
            return _is_typed_over(field, QDoubleSpinBox.value(field))
        case QLineEdit():
            return field.isUndoAvailable()
        case QPlainTextEdit():
            return field.document().isUndoAvailable()
    return False


def _is_typed_over(field: QSpinBox | QDoubleSpinBox, value: float) -> bool:
    words = field.specialValueText() if value == field.minimum() else ""
    return field.cleanText() != (words or field.textFromValue(value))  # type: ignore[arg-type]  # whole in a QSpinBox


def can_redo(field: QObject) -> bool:
    """Whether something undone in the field can be redone."""
    match field:
        case QSpinBox() | QDoubleSpinBox():
            return field.lineEdit().isRedoAvailable()
        case QLineEdit():
            return field.isRedoAvailable()
        case QPlainTextEdit():
            return field.document().isRedoAvailable()
    return False
