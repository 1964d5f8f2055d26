"""Figures and signs as ASCII has them: Japanese files may have ５．５ for 5.5, Arabic ones ٥٫٥, others −5 for -5."""

from __future__ import annotations

from typing import Final
from unicodedata import decimal

_FULL_WIDTH: Final = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_SIGNS: Final = _FULL_WIDTH | str.maketrans("−–‒‑﹣٫٬\u3000", "-----., ")


def narrow(text: str) -> str:
    """The text with each figure from 0 to 9, minus sign, mark before decimals and bracket as ASCII has it."""
    if text.isascii():
        return text
    text = text.translate(_SIGNS)
    if text.isascii():
        return text
    return "".join(str(decimal(sign)) if sign.isdecimal() else sign for sign in text)
