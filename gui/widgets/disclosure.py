"""Settings that are hidden until the user asks for them."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLayout, QWidget

from gui.widgets.box_layouts import stacked
from gui.widgets.controls import tool_button


class Disclosure(QWidget):
    """A line that shows or hides the widget below it when clicked."""

    toggled = Signal(bool)

    def __init__(self, name: str, label: str, content: QLayout) -> None:
        super().__init__()
        self._button = tool_button(name, label, label, "Show or hide rarely used settings")
        self._button.setCheckable(True)
        self._button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._button.setArrowType(Qt.ArrowType.RightArrow)
        self._content = QWidget()
        content.setContentsMargins(0, 2, 0, 0)
        self._content.setLayout(content)
        self._content.hide()
        stacked(self._button, self._content, of=self, gap=0)
        self._button.toggled.connect(self._show)

    def _show(self, opened: bool) -> None:
        self._button.setArrowType(Qt.ArrowType.DownArrow if opened else Qt.ArrowType.RightArrow)
        self._content.setVisible(opened)
        self.toggled.emit(opened)
