"""Numbers as people type them, and the word beside a field that cannot take one as it is."""

from __future__ import annotations

import re

from PySide6.QtCore import QTimer
from PySide6.QtGui import QValidator
from PySide6.QtWidgets import QToolTip, QWidget

WHOLE_ONLY = "Whole numbers only"
SAID_MS = 8000  # how long the word stays, as long as a notice that only confirms something
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


def say_beside(field: QWidget, text: str) -> None:
    """Say a word below a field, once the focus is where it goes now: Qt removes the word when the focus moves."""

    def say() -> None:
        if field.isVisible():
            QToolTip.showText(field.mapToGlobal(field.rect().bottomLeft()), text, field, field.rect(), SAID_MS)

    QTimer.singleShot(0, field, say)
