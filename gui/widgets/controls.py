"""Controls with all their names: for tests, screen readers, tooltips and the style sheet."""

from __future__ import annotations

from typing import TypeVar

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QWheelEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QDoubleSpinBox,
    QMenu,
    QProgressBar,
    QSpinBox,
    QToolButton,
    QWidget,
)

from gui.widgets.symbols import plain_tip

W = TypeVar("W", bound=QWidget)
B = TypeVar("B", bound=QAbstractButton)

TEXT_GAP_PX = 5  # between the edge of a number field and its text


def introduced(widget: W, name: str, title: str, help: str = "", role: str = "") -> W:
    """Give a widget its object name, screen reader name, tooltip and role; returns the widget."""
    widget.setObjectName(name)
    widget.setAccessibleName(title)
    if help:
        widget.setToolTip(plain_tip(help))
    if role:
        widget.setProperty("role", role)
    return widget


def pressable(button: B, name: str, title: str, help: str = "", role: str = "") -> B:
    """Do the same for a button. Clicking it does not move the focus, so keys keep working."""
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return introduced(button, name, title, help, role)


def hold_texts(button: QAbstractButton, *texts: str) -> None:
    """Make a button wide enough for each of these texts, so that nothing moves when its text changes."""
    button.ensurePolished()
    shown, widths = button.text(), []
    for text in texts:
        button.setText(text)
        widths.append(button.sizeHint().width())
    button.setText(shown)
    button.setMinimumWidth(max(widths))


def tool_button(name: str, label: str, title: str, help: str = "", role: str = "flat") -> QToolButton:
    """A small button."""
    button = QToolButton()
    button.setText(label)
    return pressable(button, name, title, help, role)


def passing_menu(parent: QWidget, name: str) -> QMenu:
    """An empty menu that is destroyed when it is closed."""
    menu = QMenu(parent)
    menu.setObjectName(name)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    return menu


class PatientProgressBar(QProgressBar):
    """A progress bar that is painted with the rest of the window; Qt's own makes it repaint for each new value."""

    def setValue(self, value: int) -> None:
        """Show this value at the next painting."""
        self.setUpdatesEnabled(False)
        super().setValue(value)
        self.setUpdatesEnabled(True)


def progress_bar(name: str, title: str, width: int = 0) -> QProgressBar:
    """A progress bar without text, of a fixed width or as wide as there is room."""
    bar = introduced(PatientProgressBar(), name, title)
    bar.setTextVisible(False)
    if width:
        bar.setFixedWidth(width)
    return bar


def restyle(widget: QWidget, **flags: bool) -> bool:
    """Set properties on which rules of the style sheet depend, and apply the rules anew; whether any has changed."""
    changed = {name: flag for name, flag in flags.items() if bool(widget.property(name)) != flag}
    for name, flag in changed.items():
        widget.setProperty(name, flag)
    if changed:
        widget.style().unpolish(widget)
        widget.style().polish(widget)
    return bool(changed)


def leave_room_before_text(box: QSpinBox | QDoubleSpinBox) -> None:
    """Keep the text of a number field off its edge; the padding of a style sheet does not reach it."""
    box.lineEdit().setTextMargins(TEXT_GAP_PX, 0, 0, 0)


def wheel_is_meant_for(field: QWidget, event: QWheelEvent) -> bool:
    """Whether the wheel changes a field, which it does only if the field has the focus; otherwise the page scrolls."""
    if not field.hasFocus():
        event.ignore()
    return field.hasFocus()


def keep_rows_under_mouse(rows: QAbstractItemView) -> None:
    """Let a list that has its model follow the keys, but not a click: Qt scrolls to a row that is partly out of sight
    when no second click can follow, so a double click would meet another row."""

    def follow() -> None:
        if QGuiApplication.mouseButtons() == Qt.MouseButton.NoButton:
            rows.scrollTo(rows.currentIndex())

    rows.setAutoScroll(False)
    rows.selectionModel().currentChanged.connect(follow)
