"""The base of views that draw the steps of a text from left to right, and all show the same ones."""

from __future__ import annotations

from PySide6.QtCore import Signal

from gui.panels.base.asking_view import AskingView, T


class StepsView(AskingView[T]):
    """The window links these views: zooming into some steps of one shows the same steps in the others."""

    steps_chosen = Signal(float, float, int)  # the steps that the user looks at: from, to, of how many

    def show_steps(self, left: float, right: float, total: int) -> None:
        """Show these steps."""
        raise NotImplementedError
