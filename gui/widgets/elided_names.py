"""Names that are cut where there is no room for them, so that they can still be told apart."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Sequence
from functools import lru_cache

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QStyle, QStyleOptionViewItem

MOST_COMPARED = 300  # names; more than these, as the words of a vocabulary, are cut at their end


def longest_fitting(texts: Sequence[str], metrics: QFontMetrics, room: int) -> str:
    """The first of these texts, which are briefer and briefer, that has room; else what fits of both ends of the
    last."""
    fitting = (text for text in texts if metrics.horizontalAdvance(text) <= room)
    return next(fitting, None) or metrics.elidedText(texts[-1].strip("… "), Qt.TextElideMode.ElideMiddle, room)


def room_for_text(option: QStyleOptionViewItem) -> int:
    """The pixels that the text of an item has in its row."""
    style, part = option.widget.style(), QStyle.SubElement.SE_ItemViewItemText
    margin = style.pixelMetric(QStyle.PixelMetric.PM_FocusFrameHMargin) + 1  # as Qt has it around a text
    return style.subElementRect(part, option, option.widget).width() - 2 * margin


def cut_beginning(text: str, other: str, width: Callable[[str], float], room: float) -> str:
    """The text, or where it has no room what follows the beginning that the other has too, so that the two can be told
    apart: "… red square" beside "… red circle", with the word before the difference if that has room."""
    same = len(os.path.commonprefix((text, other)))
    word = text.rfind(" ", 0, same + (other[same : same + 1] in ("", " "))) + 1  # the first that is not the same
    end = text.find(" ", same + 1)
    if width(text) <= room or same == 0 or (end >= 0 and width(text[:end] + "…") <= room):
        return text
    if word == 0:
        return cut_name(text, (text, other), width, room)
    before = text.rfind(" ", 0, word - 1) + 1
    shown = [f"… {text[start:]}" for start in (before, word) if start]
    return next((each for each in shown if width(each) <= room), shown[-1])


def cut_name(name: str, names: tuple[str, ...], width: Callable[[str], float], room: float) -> str:
    """As much of a name as has room: its beginning and its end, so that few of the other names look the same. "…" if
    there is no room for a letter."""
    whole = width(name)
    if whole <= room:
        return name
    for length in range(min(len(name) - 1, int(len(name) * room / whole) + 2), 0, -1):
        shown = _letters_of(name, names, length)
        if width(shown) <= room:
            return shown
    return "…"


@lru_cache(4096)
def _letters_of(name: str, names: tuple[str, ...], length: int) -> str:
    """So many letters of a name: of all ways to take them from its beginning and its end, the one that the fewest other
    names share; of these, the one with the longest beginning."""
    alike = _alike(names, length)
    begin = min(range(length, 0, -1), key=lambda begin: alike[begin][_ends(name, begin, length)])
    return "…".join(_ends(name, begin, length))


@lru_cache(16)
def _alike(names: tuple[str, ...], length: int) -> list[Counter[tuple[str, str]]]:
    """How many names have the same ends, for each number of letters at their beginning."""
    long = [name for name in names if len(name) >= length]
    return [Counter(_ends(name, begin, length) for name in long) for begin in range(length + 1)]


def _ends(name: str, begin: int, length: int) -> tuple[str, str]:
    """So many letters from the beginning of a name, and the others of `length` from its end."""
    return name[:begin], name[len(name) - length + begin :]
