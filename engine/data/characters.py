"""Characters as a reader sees them: several code points may be one."""

from __future__ import annotations

import unicodedata
from typing import cast

# First and last code points of characters that may combine with a neighbour, besides the accents and signs that Unicode
# calls marks.
CLUSTER_RANGES = (
    (0x1F1E6, 0x1F1FF),  # flags: pairs of regional indicators
    (0x1F3FB, 0x1F3FF),  # skin tones
    (0x1100, 0x11FF),  # Hangul letters that join into a syllable
    (0xA960, 0xA97F),
    (0xD7B0, 0xD7FF),
    (0x0E33, 0x0E33),  # Thai AM
    (0x0EB3, 0x0EB3),  # Lao AM
    (0x0D4E, 0x0D4E),  # Malayalam dot reph
)


def may_cluster(code_point: int) -> bool:
    """Whether a character can combine with a neighbour into one visible symbol (accents, emoji parts, Indic signs)."""
    if code_point < 0x300:
        return False
    if unicodedata.category(chr(code_point)) in ("Mn", "Mc", "Me", "Cf"):
        return True
    return any(first <= code_point <= last for first, last in CLUSTER_RANGES)


def split_characters(text: str) -> list[str]:
    """Characters as a reader sees them: grapheme clusters (Unicode Annex 29), so that an accent or an emoji is one."""
    if text.isascii() or not any(map(may_cluster, set(map(ord, text)))):
        return list(text)
    import regex

    return cast("list[str]", regex.findall(r"\X", text))
