"""The menu Edit: undo and redo, which say what they do."""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMainWindow, QMenu

from gui.session.session import Session
from gui.widgets.symbols import visible_text

UNDO_KEYS = (QKeySequence("Ctrl+Z"),)
LONGEST_TEXT = 80  # letters of a menu entry: a file may have a long name
REDO_KEYS = (QKeySequence("Ctrl+Shift+Z"), QKeySequence("Ctrl+Y"))


class EditMenu(QObject):
    """Belongs to one window. Its actions work by keyboard from anywhere in it, and in the menu that it fills."""

    def __init__(self, window: QMainWindow, session: Session) -> None:
        super().__init__(window)
        self._undo = session.undo
        self.undo_action = self._action(window, "edit-undo", UNDO_KEYS)
        self.redo_action = self._action(window, "edit-redo", REDO_KEYS)
        self.undo_action.triggered.connect(self._undo.undo)
        self.redo_action.triggered.connect(self._undo.redo)
        self.show_texts()

    def _action(self, window: QMainWindow, name: str, keys: tuple[QKeySequence, ...]) -> QAction:
        action = QAction(window)
        action.setObjectName(name)
        action.setShortcuts(keys)
        window.addAction(action)
        return action

    def fill(self, menu: QMenu) -> None:
        """Fill the menu with Undo and Redo."""
        menu.addActions([self.undo_action, self.redo_action])

    def show_texts(self) -> None:
        """Show what can be undone and redone now."""
        for action, word, what in (
            (self.undo_action, "Undo", self._undo.undo_text),
            (self.redo_action, "Redo", self._undo.redo_text),
        ):
            shown = what if len(what) <= LONGEST_TEXT else f"{what[: LONGEST_TEXT - 1]}…"
            action.setText(f"{word} {visible_text(shown)}".rstrip().replace("&", "&&"))
            action.setEnabled(bool(what))
