"""The base of all panels: one thing on the screen, drawn from the session."""

from __future__ import annotations

import sys

from PySide6.QtCore import SignalInstance
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFrame, QVBoxLayout

from gui.session.session import Session
from gui.widgets.panel_header import Header
from gui.widgets.text import text_label

HEAD_PX = 26  # a line with a list or a text field
CARD_MARGIN_PX = 12  # left and right


class Panel(QFrame):
    """A titled part of the window. It draws the session, passes the user's wishes to it, and knows no other panel.

    Subclasses build their widgets once in `__init__` into `body` (small extras into `header`, right of the subtitle)
    and override `refresh`, and `watches` if they depend on signals other than the default ones. The window calls
    `refresh` only while the panel is visible; news that came while it was hidden is drawn when it is shown again.
    """

    CARD = True  # drawn as a card with a border; sections of the side columns are not
    FILLS_HEIGHT = False  # whether it has a use for any height; a picture would be stretched

    def __init__(self, session: Session, title: str, subtitle: str = "") -> None:
        super().__init__()
        self.session = session
        self.setProperty("role", "card" if self.CARD else "section")
        self.title = text_label(title, "title")
        self.subtitle = text_label(subtitle, "muted", elide=True)
        self.header = Header(HEAD_PX if self.CARD else 0)
        self.header.addWidget(self.title)
        self.header.addWidget(self.subtitle, 1)
        self.body = QVBoxLayout()
        self.body.setSpacing(6)
        self.outer = QVBoxLayout(self)
        margin = CARD_MARGIN_PX if self.CARD else 0
        self.outer.setContentsMargins(margin, 7 if self.CARD else 0, margin, 10 if self.CARD else 0)
        self.outer.setSpacing(6)
        if title:
            self.outer.addLayout(self.header)
        self.outer.addLayout(self.body, 1)
        self._stale = True

    def watches(self) -> tuple[SignalInstance, ...]:
        """The signals of the session after which this panel is redrawn."""
        session = self.session
        return session.run.model_changed, session.run.snapshot_changed, session.probe.changed, session.theme_changed

    def refresh(self) -> None:
        """Draw what the session shows now. Called only while visible; must be cheap when nothing is new."""
        raise NotImplementedError

    def play_or_pause(self) -> bool:
        """Called for the Space key: play or pause what plays here. False if nothing does, so that the key trains."""
        return False

    def stop_playing(self) -> bool:
        """Called for the Escape key: end what plays here. False if nothing does, so that the key leaves something
        else."""
        return False

    def on_news(self) -> None:
        """The window's one way in: refresh now, at the end of a longer change, or when next shown."""
        if self.session.deferred_redraws.wait(self.on_news):
            return
        if self.isVisible() and not self.window().isMinimized():
            self._stale = False
            self.refresh()
        else:
            self._stale = True

    def showEvent(self, event: QShowEvent) -> None:
        """Catch up with what happened while hidden."""
        super().showEvent(event)
        if self._stale:
            self._stale = False
            try:
                self.refresh()
            except Exception as error:  # Qt crashes if one leaves a showEvent while the window opens
                sys.excepthook(type(error), error, error.__traceback__)
