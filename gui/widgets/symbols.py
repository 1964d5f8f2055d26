"""Makes text from the data visible: blanks, control characters and direction marks get signs of their own."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from textwrap import TextWrapper

from PySide6 import QtGui

from engine.data.vocabulary import END, UNKNOWN

BLANKS = {"\n": "⏎", "\t": "⇥", " ": "␣", "\u00a0": "⍽", "\u202f": "⍽"}
SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
DIRECTIONS = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
TIP_LETTERS = 70  # in a line of a tooltip
TIP_LINES = TextWrapper(TIP_LETTERS, expand_tabs=False, replace_whitespace=False, break_on_hyphens=False)
ISOLATE, END_ISOLATE = "\u2068", "\u2069"
ISOLATED = re.compile(f"{ISOLATE}([^\u2066-\u2069]+){END_ISOLATE}")
MEANINGS = {
    END: f"{END} is the end of a text",
    UNKNOWN: f"{UNKNOWN} stands for every symbol that is not in the vocabulary",
}
MARKS: dict[int, str] = {  # one for one, so that positions in the text stay valid
    **{code: chr(0x2400 + code) for code in range(0x20) if chr(code) not in "\n\t"},  # ␀ ␁ … ␛
    0x7F: "␡",
    0x2028: "⏎",
    0x2029: "⏎",
    **dict.fromkeys((*range(128, 160), 65279), "�"),
    **dict.fromkeys(range(55296, 57344), "�"),  # half of a surrogate pair, from a damaged file
    **{ord(mark): "⇄" for mark in DIRECTIONS},
}


def visible_text(text: str) -> str:
    """The text with its invisible characters made visible, so that it cannot reorder the text around it.

    Paired isolates stay as they are, because they keep the text between them from reordering the rest.
    """
    if text.isprintable():
        return text
    pieces = ISOLATED.split(text)  # outside, inside, outside, …
    shown = [piece.translate(MARKS) for piece in pieces]
    shown[1::2] = map(isolated, shown[1::2])
    return "".join(shown)


def isolated(text: str) -> str:
    """The text with a direction of its own, so that right-to-left text does not swap places with its neighbours."""
    return f"{ISOLATE}{text}{END_ISOLATE}"


def visible_symbol(symbol: str) -> str:
    """One symbol made visible: blanks, tabs and line ends get a sign, also before a piece of a word; a lone accent gets
    a ring to sit on."""
    if symbol.isspace() or not symbol.isprintable():
        return visible_text("".join(map(_visible_blank, symbol)))
    if symbol[:1].isspace():
        return f"{_visible_blank(symbol[0])}{symbol[1:]}"
    return f"◌{symbol}" if symbol and unicodedata.combining(symbol[0]) else symbol


def _visible_blank(character: str) -> str:
    if character in BLANKS or ord(character) in MARKS:
        return BLANKS.get(character, character)
    return "␣" if character.isspace() else character


def meaning_of(symbol: str) -> str:
    """What a symbol that the program adds to the data stands for; "" for any other."""
    return MEANINGS.get(symbol, "")


@lru_cache(1024)  # most are set again and again: with each refresh of their view
def plain_tip(text: str) -> str:
    """A tooltip that shows exactly this text. Qt takes one that looks like HTML for HTML, and opens the files in it.
    A long line goes on in the next: Qt would show it as wide as the screen."""
    shown = "\n".join(map(_wrapped, visible_text(text).split("\n")))
    return QtGui.Qt.convertFromPlainText(shown) if QtGui.Qt.mightBeRichText(shown) else shown


def _wrapped(line: str) -> str:
    return line if len(line) <= TIP_LETTERS else "\n".join(TIP_LINES.wrap(line))


def subscript(number: int) -> str:
    """A number in subscript digits."""
    return str(number).translate(SUBSCRIPTS)
