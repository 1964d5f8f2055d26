"""Colours to draw a picture with."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap
from PySide6.QtWidgets import QButtonGroup, QPushButton, QToolButton, QWidget

from gui.widgets.box_layouts import side_by_side
from gui.widgets.controls import introduced, pressable

COLORS: Final = {
    "black": (0.0, 0.0, 0.0),
    "white": (1.0, 1.0, 1.0),
    "red": (1.0, 0.0, 0.0),
    "green": (0.0, 0.7, 0.0),
    "blue": (0.0, 0.0, 1.0),
    "yellow": (1.0, 1.0, 0.0),
}
SWATCH_PX = 14
BUTTON_PX = 28


class Brushes(QWidget):
    """One colour is chosen; Clear fills the picture with it."""

    cleared = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._group = QButtonGroup(self)
        row = side_by_side(of=self, gap=3)
        for place, (name, color) in enumerate(COLORS.items()):
            button = QToolButton()
            introduced(button, f"brush-{name}", f"Draw in {name}", f"Draw in {name}, with the mouse in the picture")
            button.setCheckable(True)
            button.setChecked(place == 0)
            swatch = QPixmap(SWATCH_PX, SWATCH_PX)
            swatch.fill(Qt.GlobalColor.gray)  # the edge, so that white can be seen
            painter = QPainter(swatch)
            painter.fillRect(swatch.rect().adjusted(1, 1, -1, -1), QColor.fromRgbF(*color))
            painter.end()
            button.setIcon(QIcon(swatch))
            button.setIconSize(QSize(SWATCH_PX, SWATCH_PX))
            button.setProperty("role", "brush")
            button.setFixedWidth(BUTTON_PX)
            self._group.addButton(button, place)
            row.addWidget(button)
        row.addStretch(1)
        clear = pressable(QPushButton("Fill"), "brush-fill", "Fill the picture", "Fill the picture with this colour")
        clear.clicked.connect(self.cleared)
        row.addWidget(clear)

    def color(self, channels: int) -> tuple[float, ...]:
        """The colour of the chosen brush, from 0 to 1; its brightness if there is one channel."""
        chosen = list(COLORS.values())[self._group.checkedId()]
        return chosen if channels == 3 else (sum(chosen) / len(chosen),) * channels
