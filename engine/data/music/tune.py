"""Recognises a tune in a text, in either notation."""

from __future__ import annotations

from engine.data.music.notes import Note, read_notes
from engine.errors import DataError

_BAR = "|"


def tune_of(text: str, label: str = "") -> list[Note]:
    """The notes of a text: symbols such as C4:1/4, or ABC notation, which has bars.

    label: the metre and the key, as in "6/8 G major", where the text does not say. [] if it is not a tune.
    """
    metre, _, key = label.partition(" ")
    try:
        if _BAR not in text:
            return read_notes(text)
        from engine.data.music.abc import FREE, read_abc  # most texts are no tunes

        return read_abc(text, metre, key) if key and ("/" in metre or metre == FREE) else read_abc(text)
    except DataError:
        return []
