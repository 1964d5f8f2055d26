"""The help window: keys, and where to find explanations."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from gui.widgets.text import text_label

WIDTH_PX = 520
KEYS = (  # what to press, and what it does
    ("Space", "Train or pause; if an example is playing or a race is running, pause or resume that instead"),
    ("S", "One training step"),
    ("R", "Reset: start over with the same seed"),
    ("L", "Show the network as a loop, or unrolled"),
    ("P", "Play the example through the network, step by step"),
    ("← →", "In the network: from step to step; while an example plays, from moment to moment"),
    ("Ctrl+O, Ctrl+Shift+O", "Open data or a saved run; a folder of data"),
    ("Ctrl+S", "Save the run; with Shift under another name"),
    ("Ctrl+Shift+C, V", "Copy the settings as text, and paste them"),
    ("Ctrl+wheel", "Zoom a plot; a double click shows all of it again"),
    ("Ctrl+Z, Ctrl+Shift+Z", "Undo and redo: settings, Reset, other data"),
    ("F8, F9", "Show or hide the settings column, and the Try it column"),
    ("F11", "Full screen"),
    ("Esc", "Leave a field, a played example, an enlarged view or full screen"),
    ("F1", "This help"),
)
STEPS = (
    "Choose a sample, or open or drop a file of your own.",
    "Choose an architecture and a cell. Those that do not suit your data are greyed out; hover over one to see why.",
    "◆ marks a setting that is suggested for your data; hover over it to see why. ↺ marks one that you have "
    "changed. Click the mark to put the setting back.",
    "Press Train, and watch. Click a cell of the network to look inside.",
    "Use the network on the right, even while it is training.",
    "Every view has a “?” that explains what it shows, and a menu “⋯” that saves, copies, enlarges and floats it; "
    "in an enlarged view, the button beside them brings the other views back.",
)


class HelpWindow(QWidget):
    """A small window of its own, which can stay open beside the main one."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Dialog)
        self.setObjectName("help-window")
        self.setProperty("role", "column")
        self.setWindowTitle("Help — Unroll")
        self.setFixedWidth(WIDTH_PX)
        self._column = layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 16, 20, 18)
        layout.setSpacing(7)
        layout.addWidget(text_label("How to begin", "title"))
        for number, step in enumerate(STEPS, 1):
            label = text_label(f"{number}.  {step}", wrap=True)
            layout.addWidget(label)
        layout.addSpacing(8)
        layout.addWidget(text_label("Keys", "title"))
        grid = QGridLayout()
        grid.setHorizontalSpacing(18)
        grid.setVerticalSpacing(5)
        grid.setColumnStretch(1, 1)
        for row, (key, does) in enumerate(KEYS):
            grid.addWidget(text_label(key, "strong"), row, 0)
            grid.addWidget(text_label(does, wrap=True), row, 1)
        layout.addLayout(grid)

    def showEvent(self, event: QShowEvent) -> None:
        """Fit the height to the text, because a window does not ask for the height of wrapped lines by itself."""
        super().showEvent(event)
        self.setFixedHeight(self._column.totalHeightForWidth(WIDTH_PX))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape closes it."""
        if event.key() == Qt.Key.Key_Escape:
            self.close()
        else:
            super().keyPressEvent(event)
