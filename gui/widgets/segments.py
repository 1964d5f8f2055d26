"""A choice among a few values, all of them visible."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QFrame, QPushButton, QSizePolicy

from gui.widgets.box_layouts import side_by_side
from gui.widgets.controls import introduced, restyle
from gui.widgets.symbols import plain_tip


class Segments(QFrame):
    """Buttons side by side, one of them pressed. Each is named "<name>-<value>"."""

    changed = Signal(str)  # the user chose this value

    def __init__(self, name: str, choices: Mapping[str, str], help: str = "") -> None:
        super().__init__()
        self.setObjectName(name)
        self.setProperty("role", "segments")
        self.setToolTip(plain_tip(help))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._group = QButtonGroup(self)
        self._buttons: dict[str, QPushButton] = {}
        self._layout = side_by_side(of=self, gap=1, margins=(1, 1, 1, 1))
        self.set_choices(choices)

    def set_choices(self, choices: Mapping[str, str]) -> None:
        """Replace the buttons: value → label."""
        if list(choices) == list(self._buttons):
            return
        for button in self._buttons.values():
            self._group.removeButton(button)
            self._layout.removeWidget(button)
            button.deleteLater()
        self._buttons = {value: self._make(value, label) for value, label in choices.items()}

    def _make(self, value: str, label: str) -> QPushButton:
        button = QPushButton(label.replace("&", "&&"))
        introduced(button, f"{self.objectName()}-{value}", label)
        button.setToolTip(self.toolTip())
        button.setProperty("role", "segment")
        button.setCheckable(True)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        button.clicked.connect(lambda: self.changed.emit(value))
        self._group.addButton(button)
        self._layout.addWidget(button, 1)
        return button

    def tighten(self) -> None:
        """Let the labels come close together where there is little room: each button is as wide as its own needs."""
        for button in self._buttons.values():
            restyle(button, tight=True)
            self._layout.setStretchFactor(button, 0)

    def value(self) -> str:
        """The value of the pressed button, "" if there is none."""
        return next((value for value, button in self._buttons.items() if button.isChecked()), "")

    def set_value(self, value: str) -> None:
        """Show a value without emitting `changed`."""
        if value in self._buttons:
            self._buttons[value].setChecked(True)
