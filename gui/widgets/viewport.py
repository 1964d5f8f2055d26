"""The part of a scroll area in which its content is seen."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget


def new_viewport() -> QWidget:
    """A viewport without a background, in place of Qt's own.

    To find out what kind of widget Qt has made, PySide makes the classes of all kinds, which takes a sixtieth of the
    start. It knows the kind of one that is made here.
    """
    return QWidget()
