"""Settings that are hidden until the user asks for them."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLayout, QWidget

from gui.widgets.box_layouts import stacked
from gui.widgets.controls import tool_button
from gui.widgets.symbols import plain_tip

TIP = "Show or hide rarely used settings"


class Disclosure(QWidget):
    """A line that shows or hides the widget below it when clicked."""

    first_opened = Signal()  # before anything is shown: content that is not made before can be made now
    toggled = Signal(bool)

    def __init__(self, name: str, label: str) -> None:
        super().__init__()
        self._label = label
        self.button = tool_button(name, label, label, TIP)
        self.button.setCheckable(True)
        self.button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.button.setArrowType(Qt.ArrowType.RightArrow)
        self._content = QWidget()
        self._content.hide()
        self._was_opened = False
        stacked(self.button, self._content, of=self, gap=0)
        self.button.toggled.connect(self._show)

    def set_content(self, content: QLayout) -> None:
        """Set what the line shows and hides."""
        content.setContentsMargins(0, 2, 0, 0)
        self._content.setLayout(content)

    def tell(self, note: str, tip: str) -> None:
        """Say beside the label what there is to see. tip: the same at greater length."""
        self.button.setText(f"{self._label} · {note}" if note else self._label)
        self.button.setToolTip(plain_tip(f"{TIP}\n{tip}" if tip else TIP))
        self.button.setAccessibleDescription(tip)

    def _show(self, opened: bool) -> None:
        if not self._was_opened:
            self._was_opened = True
            self.first_opened.emit()
        self.button.setArrowType(Qt.ArrowType.DownArrow if opened else Qt.ArrowType.RightArrow)
        self._content.setVisible(opened)
        self.toggled.emit(opened)
