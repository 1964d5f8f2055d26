"""Numbers as people type them, and the word beside a field that cannot take one as it is."""

from __future__ import annotations

import re

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt, QTimer
from PySide6.QtGui import QValidator
from PySide6.QtWidgets import QApplication, QWidget

from gui.widgets.controls import introduced
from gui.widgets.text import PlainLabel

WHOLE_ONLY = "Whole numbers only"
SAID_MS = 8000  # how long the word stays, as long as a notice that only confirms something
GAP_PX = 2  # between a field and its word
LEAST_AROUND_PX = 100  # height of what a word lies on: a row would cut it off
_CHARACTERS = frozenset("0123456789.,+-eE%")
_GROUPS = re.compile(r"[+-]?[1-9]\d{0,2}(,\d{3})+(\.\d*)?")


def number_in(text: str) -> float | None:
    """The number that was typed, with or without separators and a sign of percent; None if it is not one. A comma that
    does not group thousands is a decimal point."""
    text = "".join(text.replace("%", "").split())
    text = text.replace(",", "" if _GROUPS.fullmatch(text) else ".")
    try:
        return float(text)
    except ValueError:
        return None


def state_of(text: str, least: float, most: float, *, whole: bool = False) -> QValidator.State:
    """Whether a text is a number in this range, may be on the way to one, or cannot be. A number out of range has to
    remain as it is typed: if its last digits were refused, the first ones would be taken for the number."""
    number = number_in(text)
    if number is not None and least <= number <= most and (number.is_integer() or not whole):
        return QValidator.State.Acceptable
    typed = _CHARACTERS.issuperset("".join(text.split()))
    return QValidator.State.Intermediate if typed else QValidator.State.Invalid


class FieldWord(PlainLabel):
    """A word below a field, or above it where there is no room below or the next field is being used. It goes away
    after a while, or as soon as its field or one that it covers is used. Qt's own tooltip would go with the next move
    of the mouse."""

    def __init__(self, field: QWidget, text: str) -> None:
        super().__init__(text)
        for other in field.window().findChildren(FieldWord):  # they would lie on each other
            other.end()
        around = field
        while around.height() < LEAST_AROUND_PX and (parent := around.parentWidget()) is not None:
            around = parent
        self._around = around
        self.setParent(around)
        introduced(self, "field-word", text, role="word")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.adjustSize()
        in_sight = around.visibleRegion().boundingRect()
        self._put(field, field.height() + GAP_PX, in_sight)
        if self.geometry().bottom() >= in_sight.bottom() or self._covers(QApplication.focusWidget()):
            self._put(field, -GAP_PX - self.height(), in_sight)
        for watched in (field, *filter(self._covers, around.findChildren(QWidget))):
            watched.installEventFilter(self)
        shown = QTimer(self, singleShot=True, interval=SAID_MS)
        shown.timeout.connect(self.end)
        shown.start()
        self.show()
        self.raise_()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Go away when the field or one below the word is used, or is not there any more."""
        if event.type() in (QEvent.Type.FocusIn, QEvent.Type.KeyPress, QEvent.Type.Hide):
            self.end()
        return False

    def _put(self, field: QWidget, down: int, in_sight: QRect) -> None:
        corner = field.mapTo(self._around, QPoint(0, down))
        self.move(max(min(corner.x(), in_sight.right() - self.width()), 0), corner.y())

    def _covers(self, other: QWidget | None) -> bool:
        """Whether it lies on another field."""
        if other is None or other.focusPolicy() == Qt.FocusPolicy.NoFocus or not self._around.isAncestorOf(other):
            return False
        return QRect(other.mapTo(self._around, QPoint(0, 0)), other.size()).intersects(self.geometry())

    def end(self) -> None:
        """Go away."""
        self.hide()
        self.deleteLater()


def say_beside(field: QWidget, text: str) -> None:
    """Say a word beside a field, once the key that ends the typing has been dealt with."""
    QTimer.singleShot(0, field, lambda: FieldWord(field, text) if field.isVisible() else None)
