"""Controls with all their names: for tests, for a screen reader, for the mouse, for the style sheet."""

from __future__ import annotations

from typing import TypeVar

from PySide6.QtCore import Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QAbstractButton, QProgressBar, QToolButton, QWidget

from gui.widgets.symbols import plain_tip

W = TypeVar("W", bound=QWidget)
B = TypeVar("B", bound=QAbstractButton)


def introduced(widget: W, name: str, title: str, help: str = "", role: str = "") -> W:
    """The widget, with its object name, its name for a screen reader, its tooltip and its role."""
    widget.setObjectName(name)
    widget.setAccessibleName(title)
    if help:
        widget.setToolTip(plain_tip(help))
    if role:
        widget.setProperty("role", role)
    return widget


def pressable(button: B, name: str, title: str, help: str = "", role: str = "") -> B:
    """The same for a button. A click does not move the focus, so keys keep working."""
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return introduced(button, name, title, help, role)


def tool_button(name: str, label: str, title: str, help: str = "", role: str = "flat") -> QToolButton:
    """A small button."""
    button = QToolButton()
    button.setText(label)
    return pressable(button, name, title, help, role)


def progress_bar(name: str, title: str, width: int = 0) -> QProgressBar:
    """A bar without words, of a fixed width or as long as there is room."""
    bar = introduced(QProgressBar(), name, title)
    bar.setTextVisible(False)
    if width:
        bar.setFixedWidth(width)
    return bar


def wheel_is_meant_for(field: QWidget, event: QWheelEvent) -> bool:
    """Whether the wheel changes a field: only if it has the focus. Otherwise the page scrolls."""
    if not field.hasFocus():
        event.ignore()
    return field.hasFocus()
