"""The part of an exported `model.py` that turns text into symbols and symbols into text, as the codec does."""

from __future__ import annotations

import re

from engine.data import codec as rules
from engine.data.codec import Codec, Unit

_CLUSTERS = '''\
def may_cluster(code_point):
    """Whether a character can melt with a neighbour into one visible symbol (accents, parts of an emoji)."""
    if code_point < 0x300:
        return False
    if unicodedata.category(chr(code_point)) in ("Mn", "Mc", "Me", "Cf"):
        return True
    return any(low <= code_point <= high for low, high in CLUSTERS)


def is_plain(text):
    """Whether every code point is a symbol of its own. If not, the regex library knows what belongs together."""
    return text.isascii() or not any(map(may_cluster, set(map(ord, text))))
'''

_SPLIT_CHARACTERS = '''\
def split(text):
    """The symbols that a reader sees: letters with their accents."""
    if is_plain(text):
        return list(text)
    import regex  # pip install regex

    return regex.findall(r"\\X", text)
'''

_SPLIT_WORDS = '''\
WORD = re.compile(
    @PLAIN@,
    re.IGNORECASE,
)
CLUSTER_WORD = (
    @CLUSTER@
)


def split(text):
    """The words of a text; punctuation marks stand alone."""
    if is_plain(text):
        return WORD.findall(text)
    import regex  # pip install regex

    return regex.findall(CLUSTER_WORD, text, regex.IGNORECASE)
'''

_SPLIT_LOWER = '''\
def symbols_of(text):
    """A text, or a list of its symbols, as symbols; all in small letters."""
    return split(text.lower()) if isinstance(text, str) else [symbol.lower() for symbol in text]
'''

_SPLIT_AS_IT_IS = '''\
def symbols_of(text):
    """A text, or a list of its symbols, as symbols."""
    return split(text) if isinstance(text, str) else list(text)
'''

_SPLIT_TAGGED = '''\
def symbols_of(text, id_of):
    """The symbols of a text. A piece between blanks that the network knows stays whole."""
    symbols = []
    for piece in @TEXT@.split():
        symbols += [piece] if id_of.get(piece, UNKNOWN) != UNKNOWN else split(piece)
    return symbols
'''

_JOIN_CHARACTERS = '''\
def join(symbols):
    """The text of symbols."""
    return "".join(symbols)
'''

_JOIN_WORDS = '''\
NO_SPACE_BEFORE = re.compile(
    @BEFORE@,
    re.IGNORECASE,
)
NO_SPACE_AFTER = @AFTER@


def join(symbols):
    """The text of words, as a human would write it."""
    pieces, open_quote, glue = [], False, True
    for symbol in symbols:
        closing = symbol == '"' and open_quote
        if not (glue or closing or NO_SPACE_BEFORE.fullmatch(symbol)):
            pieces.append(" ")
        pieces.append(symbol)
        glue = symbol in NO_SPACE_AFTER or (symbol == '"' and not open_quote)
        if symbol == '"':
            open_quote = not open_quote
    return "".join(pieces)
'''

_RANGES = (
    "# Flags, skin tones, Hangul letters, and a few Thai, Lao and Malayalam signs.\n"
    "CLUSTERS = [\n    (0x1F1E6, 0x1F1FF), (0x1F3FB, 0x1F3FF), (0x1100, 0x11FF), (0xA960, 0xA97F), (0xD7B0, 0xD7FF),\n"
    "    (0x0E33, 0x0E33), (0x0EB3, 0x0EB3), (0x0D4E, 0x0D4E),\n]"
)


def text_part(codec: Codec, writes: bool) -> str:
    """Source of `symbols_of`, and of `join` for a network that writes."""
    pieces = [_RANGES + "\n\n\n" + _CLUSTERS, _split(codec.unit), _symbols_of(codec)]
    if writes:
        pieces.append(_join(codec.target_unit if codec.kind == "pairs" else codec.unit))
    return "\n\n".join(pieces)


def _symbols_of(codec: Codec) -> str:
    if codec.kind == "tagged":
        return _SPLIT_TAGGED.replace("@TEXT@", "text.lower()" if codec.lowercase else "text")
    return _SPLIT_LOWER if codec.lowercase else _SPLIT_AS_IT_IS


def _split(unit: Unit) -> str:
    if unit == "character":
        return _SPLIT_CHARACTERS
    cluster = rules._WORD.format(letter=r"[\w\p{M}\u200c\u200d]", symbol=r"(?!\s)\X")
    return _SPLIT_WORDS.replace("@PLAIN@", _pattern(rules._PLAIN_WORD.pattern)).replace("@CLUSTER@", _pattern(cluster))


def _join(unit: Unit) -> str:
    if unit == "character":
        return _JOIN_CHARACTERS
    before = _pattern(rules._NO_SPACE_BEFORE.pattern)
    after = "".join(sorted(rules._NO_SPACE_AFTER))
    return _JOIN_WORDS.replace("@BEFORE@", before).replace("@AFTER@", f'set("{after}")')


def _pattern(pattern: str) -> str:
    """A regular expression as a raw string, its alternatives on lines of their own."""
    lines = [f'r"{part}"' for part in re.split(r"(?=\|(?:\(\?<!|\[|\\\.|--|n\[|\())", pattern) if part]
    return "\n    ".join(lines)
