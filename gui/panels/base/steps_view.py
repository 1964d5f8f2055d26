"""The base of views that draw the steps of a text from left to right, and so look at the same ones."""

from __future__ import annotations

from PySide6.QtCore import Signal

from gui.panels.base.asking_view import AskingView, T


class StepsView(AskingView[T]):
    """The window links all of them: a person who zooms into some steps of one sees the same steps in the others."""

    columns_chosen = Signal(float, float, int)  # the steps a person looks at: from, to, of how many

    def show_columns(self, left: float, right: float, total: int) -> None:
        """Look at these steps."""
        raise NotImplementedError
