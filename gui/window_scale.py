"""How large everything in the window is drawn: text, controls and pictures together, in proportion to the system's own
scale. Qt takes a scale only when the program starts."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import QSettings
from PySide6.QtGui import QActionGroup
from PySide6.QtWidgets import QMenu, QWidget

from engine.number_text import percent
from gui.session.notice import Notices
from gui.widgets.screen_fit import USUAL_FRAME

SCALES = (1.0, 1.1, 1.25, 1.5)
KEY, VARIABLE = "window/scale", "QT_SCALE_FACTOR"


def saved_scale(settings: QSettings) -> float:
    """The chosen scale; 1 if none has been chosen, or none that is offered."""
    saved = str(settings.value(KEY, ""))
    return next((scale for scale in SCALES if str(scale) == saved), SCALES[0])


@contextmanager
def scale_in_force(settings: QSettings) -> Iterator[None]:
    """Make an application that is created inside use the saved scale, unless the environment has one of its own.
    Programs that are started later do not inherit it."""
    scale = saved_scale(settings)
    if scale == 1.0 or VARIABLE in os.environ:
        yield
        return
    os.environ[VARIABLE] = str(scale)
    try:
        yield
    finally:
        del os.environ[VARIABLE]


class ScaleMenu(QMenu):
    """A line for each scale at which the window at its smallest fits on the screen."""

    def __init__(self, window: QWidget, settings: QSettings, notices: Notices) -> None:
        super().__init__("Interface scale (from the next start)", window)
        self.setObjectName("scale-menu")
        self._window, self._settings, self._notices = window, settings, notices
        self._now = saved_scale(settings)
        group = QActionGroup(self)
        for scale in SCALES:
            action = self.addAction(percent(scale))
            action.setObjectName(f"scale-{scale:g}")
            action.setData(scale)
            action.setCheckable(True)
            action.setChecked(scale == self._now)
            group.addAction(action)
        group.triggered.connect(lambda action: self._choose(action.data()))
        self.aboutToShow.connect(self._offer_what_fits)

    def _offer_what_fits(self) -> None:
        free, least = self._window.screen().availableSize() * self._now, self._window.minimumSize() + USUAL_FRAME
        for action in self.actions():
            needed = least * action.data()
            fits = needed.width() <= free.width() and needed.height() <= free.height()
            action.setEnabled(fits or action.isChecked())
            action.setText(percent(action.data()) + ("" if fits else " (too large for this screen)"))

    def _choose(self, scale: float) -> None:
        self._settings.setValue(KEY, str(scale))
        if scale == self._now:
            self._notices.tell("The interface scale stays as it is.")
        else:
            self._notices.tell(f"Restart Unroll to see everything at {percent(scale)}.")
