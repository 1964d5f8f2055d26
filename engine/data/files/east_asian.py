"""Which East Asian encoding a few characters are in: read in another one, they are characters that are hardly ever
written. Each standard has the common ones in an area of its own."""

from __future__ import annotations

from typing import Final

# Encoding → the standard whose table has the common characters, and their first bytes in it.
_COMMON: Final[dict[str, tuple[str, range]]] = {
    "shift_jis": ("shift_jis", range(0x88, 0x98)),
    "euc_kr": ("euc_kr", range(0xB0, 0xC9)),
    "gb18030": ("gb2312", range(0xB0, 0xD8)),
    "big5": ("big5", range(0xA4, 0xC7)),
    "euc_jp": ("shift_jis", range(0x88, 0x98)),
}
EAST_ASIAN: Final = tuple(_COMMON)
_KANA: Final = range(0x3041, 0x30FF)
_ENOUGH: Final = 3  # different characters; so many Chinese ones are seldom all Korean syllables, or kana, too


def likeliest(foreign: bytes, found: str) -> str:
    """The East Asian encoding in which most of these characters are common; of several, the one that most files with
    such characters are in. found: what statistics of longer texts say, which know Korean words best."""
    texts = {name: _foreign_part(foreign.decode(name, "replace")) for name in EAST_ASIAN}
    kana = sum(ord(character) in _KANA for character in texts["euc_jp"])
    is_whole = "\ufffd" not in texts["euc_jp"]
    if is_whole and len(set(texts["euc_jp"])) >= _ENOUGH and 2 * kana >= len(texts["euc_jp"]):
        return "euc_jp"
    if found != "euc_kr" and len(set(texts["euc_kr"])) < _ENOUGH:
        del texts["euc_kr"]
    shares = {name: _common_share(text, name) for name, text in texts.items()}
    return max(shares, key=shares.__getitem__)


def _foreign_part(text: str) -> str:
    return "".join(character for character in text if character > "\x7f")


def _common_share(text: str, name: str) -> float:
    """The share of the characters that are common in an encoding."""
    return sum(_is_common(character, name) for character in text) / max(1, len(text))


def _is_common(character: str, name: str) -> bool:
    standard, first_bytes = _COMMON[name]
    if ord(character) in _KANA:
        return standard == "shift_jis"
    try:
        written = character.encode(standard)
    except UnicodeEncodeError:
        return False
    return len(written) == 2 and written[0] in first_bytes
