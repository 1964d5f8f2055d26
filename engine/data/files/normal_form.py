"""Composed letters: é is one character, whether a file has one code point or an e with a separate accent."""

from __future__ import annotations

import unicodedata
from contextlib import suppress
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from engine.data.characters import may_cluster

# Shorter texts are examined character by character; for longer ones a table is faster.
_SHORT: Final = 500
_FIRST_ACCENT: Final = 0x300  # all characters before it are composed
_CODE_UNITS: Final = 0x10000
_SURROGATES: Final = slice(0xD800, 0xDC00)
_EMOJI: Final = slice(0xD83C, 0xD83F)


def compose(text: str) -> str:
    """The text in normal form C; the same object where it already is."""
    if text.isascii():
        return text
    if len(text) > _SHORT:
        with suppress(UnicodeEncodeError):
            text.encode("latin-1")
            return text  # all of whose characters are composed
        units = np.frombuffer(text.encode("utf-16-le", "surrogatepass"), np.uint16)
        if not _unstable()[units[units >= _FIRST_ACCENT]].any():
            return text
    return unicodedata.normalize("NFC", text)


@cache
def _unstable() -> NDArray[np.bool_]:
    """(65536,) the UTF-16 code units that normalization may change, and a few that it does not."""
    table = np.array([may_cluster(point) for point in range(_CODE_UNITS)])
    table |= np.array([not unicodedata.is_normalized("NFC", chr(point)) for point in range(_CODE_UNITS)])
    table[_SURROGATES] = True
    table[_EMOJI] = False
    table.flags.writeable = False
    return table
