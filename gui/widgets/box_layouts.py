"""Widgets beside and below each other."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QLayout, QVBoxLayout, QWidget

# A widget or a layout, by itself or with its share of the room that is left; a number is empty room with that share.
LaidOut = QWidget | QLayout | int | tuple[QWidget | QLayout, int]
L = TypeVar("L", bound=QBoxLayout)
Margins = tuple[int, int, int, int]  # left, top, right, bottom
NO_MARGINS = (0, 0, 0, 0)


def side_by_side(
    *parts: LaidOut, of: QWidget | None = None, gap: int | None = None, margins: Margins | None = NO_MARGINS
) -> QHBoxLayout:
    """From left to right. of: the widget that it fills. gap, margins: None for what the style has."""
    return _filled(QHBoxLayout(), parts, of, gap, margins)


def stacked(
    *parts: LaidOut, of: QWidget | None = None, gap: int | None = None, margins: Margins | None = NO_MARGINS
) -> QVBoxLayout:
    """From top to bottom; otherwise like `side_by_side`."""
    return _filled(QVBoxLayout(), parts, of, gap, margins)


def keep_room(widget: QWidget, keep: bool = True) -> None:
    """Let a widget keep its room while it is hidden, so that nothing beside it moves."""
    policy = widget.sizePolicy()
    policy.setRetainSizeWhenHidden(keep)
    widget.setSizePolicy(policy)


def add(layout: QBoxLayout, *parts: LaidOut) -> None:
    """These too, at the end."""
    for part in parts:
        item, share = part if isinstance(part, tuple) else (part, 0)
        if isinstance(item, int):
            layout.addStretch(item)
        elif isinstance(item, QWidget):
            layout.addWidget(item, share)
        else:
            layout.addLayout(item, share)


def _filled(layout: L, parts: Sequence[LaidOut], of: QWidget | None, gap: int | None, margins: Margins | None) -> L:
    if of is not None:
        of.setLayout(layout)
    if gap is not None:
        layout.setSpacing(gap)
    if margins is not None:
        layout.setContentsMargins(*margins)
    add(layout, *parts)
    return layout
