"""The arrow keys of Play, which work wherever the focus is in the window, unless it is on what uses them itself."""

from __future__ import annotations

from collections.abc import Callable
from inspect import isfunction

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractScrollArea,
    QAbstractSlider,
    QAbstractSpinBox,
    QApplication,
    QTabBar,
    QWidget,
)

# A list that is not open uses ↑ and ↓ only.
USING = QAbstractItemView, QAbstractSlider, QAbstractSpinBox, QTabBar
WAYS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}


def uses_arrows(focused: QWidget) -> bool:
    """Whether ← and → mean something to a widget that has the focus."""
    if focused.isWindow():
        return False
    if isinstance(focused, QAbstractButton):  # one of a group is left for its neighbour
        return focused.group() is not None or focused.autoExclusive()
    if isinstance(focused, QAbstractScrollArea) and focused.horizontalScrollBar().maximum() > 0:
        return True
    typed = focused.testAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled)
    return typed or isinstance(focused, USING) or isfunction(type(focused).keyPressEvent)  # keys of our own


class PlayKeys(QObject):
    """Two shortcuts of the panel's window, switched on while an example is played and the focus leaves them free."""

    def __init__(self, panel: QWidget, step: Callable[[int], None]) -> None:
        super().__init__(panel)
        self._playing = False
        self._shortcuts = [QShortcut(QKeySequence(key), panel) for key in WAYS]
        for shortcut, way in zip(self._shortcuts, WAYS.values(), strict=True):
            shortcut.activated.connect(lambda way=way: step(way))
        self._offer()
        QApplication.instance().focusChanged.connect(self._offer)  # type: ignore[union-attr]

    def switch(self, playing: bool) -> None:
        """Whether an example is played."""
        self._playing = playing
        self._offer()

    def _offer(self) -> None:
        focused = QApplication.focusWidget()
        free = self._playing and not (focused is not None and uses_arrows(focused))
        for shortcut in self._shortcuts:
            shortcut.setEnabled(free)
