"""The beginning of a text: a field with an undo for every change, and words to choose from as on a phone."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QResizeEvent
from PySide6.QtWidgets import QLineEdit, QPushButton, QSizePolicy, QWidget

from gui.panels.try_it.writing import SUGGESTIONS, Suggestion
from gui.widgets.box_layouts import side_by_side
from gui.widgets.controls import introduced
from gui.widgets.symbols import plain_tip
from gui.widgets.text import text_label

MOST_UNDONE = 1000
BUTTON_FRAME_PX = 11  # beside the word of a suggestion: padding and border


class Beginning(QLineEdit):
    """Remembers its text before each change, whether typed or clicked."""

    def __init__(self) -> None:
        super().__init__()
        introduced(self, "try-prefix", "Beginning", "The first symbols of every text; the network continues from here")
        self.setPlaceholderText("anything")
        self.setClearButtonEnabled(True)
        self._before: list[str] = []
        self._shown = ""
        self._undoing = False
        self.textChanged.connect(self._remember)

    def _remember(self, text: str) -> None:
        if not self._undoing:
            self._before = [*self._before[-MOST_UNDONE + 1 :], self._shown]
        self._shown = text

    @property
    def can_undo(self) -> bool:
        """Whether there is something to go back to."""
        return bool(self._before)

    def take_back(self) -> None:
        """Undo the last change."""
        if self._before:
            text = self._before.pop()
            self._undoing = True
            self.setText(text)
            self._undoing = False

    def start_over(self) -> None:
        """Empty the field and forget its changes."""
        self.clear()
        self._before = []

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ctrl+Z also undoes clicked words."""
        if event.matches(QKeySequence.StandardKey.Undo):
            self.take_back()
        else:
            super().keyPressEvent(event)


class SuggestionRow(QWidget):
    """Up to three words that may come next; a click emits the text with that word."""

    taken = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.suggestions: tuple[Suggestion, ...] = ()
        row = side_by_side(text_label("Next", "secondary"), of=self, gap=5)
        self.buttons = [self._button(i) for i in range(SUGGESTIONS)]
        for button in self.buttons:
            row.addWidget(button, 1)

    def _button(self, i: int) -> QPushButton:
        button = QPushButton()
        button.setObjectName(f"try-suggestion-{i}")
        button.setProperty("role", "suggestion")
        button.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        button.clicked.connect(lambda: self._take(i))
        return button

    def _take(self, i: int) -> None:
        if i < len(self.suggestions):
            self.taken.emit(self.suggestions[i].text)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show as much of each word as now fits."""
        super().resizeEvent(event)
        self._label()

    def _label(self) -> None:
        """Show as much of each word as its button has room for."""
        for suggestion, button in zip(self.suggestions, self.buttons, strict=False):
            room = button.width() - BUTTON_FRAME_PX
            word = button.fontMetrics().elidedText(suggestion.word, Qt.TextElideMode.ElideRight, room)
            button.setText(word.replace("&", "&&"))

    def show_suggestions(self, suggestions: Sequence[Suggestion]) -> None:
        """Offer these suggestions."""
        self.suggestions = tuple(suggestions)
        for i, button in enumerate(self.buttons):
            word = self.suggestions[i].word if i < len(self.suggestions) else ""
            button.setText("")
            button.setAccessibleName(f"Suggestion {word}" if word else "No suggestion")
            button.setToolTip(plain_tip(f"Continue with “{word}”" if word else ""))
            button.setEnabled(bool(word))
        self._label()
