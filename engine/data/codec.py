"""How text becomes ids and back."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from itertools import chain
from typing import Any, Literal, Self, cast, get_args

import numpy as np
from numpy.typing import NDArray

from engine.data.bulk.text_array import INVISIBLE
from engine.data.vocabulary import SPECIALS, Vocabulary
from engine.errors import DataError

Unit = Literal["character", "word"]
Side = Literal["source", "target"]
UNITS: tuple[Unit, ...] = get_args(Unit)

# Numbers keep their points and colons, words their inner apostrophes and hyphens, clitics that a tokenizer has cut off
# ('s, 'll) their apostrophe; a run of dots or dashes is one mark; every other visible symbol is one token.
_WORD = (
    r"\d+(?:[.,:]\d+)+|{letter}+(?:['’‑-]{letter}+)*|(?<!{letter})['’](?:s|re|ve|ll|d|m|t|em)\b"
    r"|\.{{2,}}|-{{2,}}|{symbol}"
)
PLAIN_WORD = re.compile(_WORD.format(letter=r"\w", symbol=rf"[^\s{INVISIBLE}]"), re.IGNORECASE)
# The same where characters combine into one symbol; only the regex package understands it.
CLUSTER_WORD = _WORD.format(letter=r"[\w\p{M}\u200c\u200d]", symbol=rf"(?![\s{INVISIBLE}])\X")
NO_SPACE_BEFORE = re.compile(r"[.,;:!?)\]}%…»”’°]+|['’](?:s|re|ve|ll|d|m|t|em)|n['’]t|\.{2,}", re.IGNORECASE)
NO_SPACE_AFTER = frozenset("([{«“‘¿¡$£€#@")
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


class Kind(StrEnum):
    """What the examples of a data set are; equal to its name as a plain string."""

    SEQUENCES = "sequences"  # single items
    STREAM = "stream"  # running text, in one piece
    LABELLED = "labelled"  # a text and its label
    TAGGED = "tagged"  # tokens, each with a tag
    PAIRS = "pairs"  # a source text and a target text

    @property
    def has_target(self) -> bool:
        """Whether there is anything besides the text."""
        return self not in (Kind.SEQUENCES, Kind.STREAM)

    @property
    def has_classes(self) -> bool:
        """Whether what accompanies the text is one of a few labels or tags."""
        return self in (Kind.LABELLED, Kind.TAGGED)


KINDS = tuple(Kind)


def split_words(text: str) -> list[str]:
    """The words of a text, separated by white space (no-break spaces too) and invisible characters; punctuation marks
    are tokens of their own."""
    if text.isascii() or not any(map(may_cluster, set(map(ord, text)))):
        return PLAIN_WORD.findall(text)
    return cast("list[str]", _cluster_word().findall(text))


@cache
def _cluster_word() -> Any:
    """`CLUSTER_WORD`, compiled. The regex package is imported only when needed."""
    import regex

    return regex.compile(CLUSTER_WORD, regex.IGNORECASE)


def join_words(tokens: Sequence[str]) -> str:
    """Tokens joined the way a person would write them: no space before a full stop or after an opening bracket."""
    pieces: list[str] = []
    open_quote = False
    glue = True  # nothing stands before the first token
    for token in tokens:
        closing = token == '"' and open_quote
        if not (glue or closing or NO_SPACE_BEFORE.fullmatch(token)):
            pieces.append(" ")
        pieces.append(token)
        glue = token in NO_SPACE_AFTER or (token == '"' and not open_quote)
        if token == '"':
            open_quote = not open_quote
    return "".join(pieces)


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


@dataclass(frozen=True)
class Codec:
    """How the text of one data set becomes ids and back; all that a model needs to know about its data.

    `source` is the vocabulary of the text; `target` that of the labels, tags or target texts, None for sequences and
    streams. `unit` and `target_unit` say what a symbol is on each side. `composed`: letters are joined with their
    accents (NFC), as they were in the data.
    """

    kind: Kind
    unit: Unit
    target_unit: Unit
    lowercase: bool
    source: Vocabulary
    target: Vocabulary | None = None
    composed: bool = True

    def vocabulary(self, side: Side = "source") -> Vocabulary:
        """The vocabulary of a side; DataError where the kind has no target."""
        if side == "source":
            return self.source
        if self.target is None:
            raise DataError(f"Data of the kind '{self.kind}' has no target side.")
        return self.target

    def _is_text(self, side: Side) -> bool:
        return side == "source" or self.kind == Kind.PAIRS

    def tokenize(self, text: str, side: Side = "source") -> tuple[str, ...]:
        """The symbols of a text. A label is one symbol; tags are separated by white space.

        The tokens of tagged data come from the file, where "#fun" and ":)" are one token each: a piece between
        spaces stays whole if the model knows it.
        """
        if not self._is_text(side):
            return tuple(text.split()) if self.kind == Kind.TAGGED else (text,)
        if self.composed:
            text = unicodedata.normalize("NFC", text)
        if self.lowercase:
            text = text.lower()
        split = split_words if (self.unit if side == "source" else self.target_unit) == "word" else split_characters
        if self.kind != Kind.TAGGED:
            return tuple(split(text))
        pieces = ((piece,) if self._knows(piece) else split(piece) for piece in text.split())
        return tuple(chain.from_iterable(pieces))

    def _knows(self, token: str) -> bool:
        """The codec as a saved run keeps it: without what is too rare for the model."""
        return token not in SPECIALS and self.source.index(token) is not None

    def join(self, tokens: Sequence[str], side: Side = "source") -> str:
        """Symbols as text for a person to read; tokens with tags are joined so that they can be told apart again."""
        if not self._is_text(side):
            return " ".join(tokens)
        unit = self.unit if side == "source" else self.target_unit
        text = join_words(tokens) if unit == "word" else "".join(tokens)
        return " ".join(tokens) if self.kind == Kind.TAGGED and self.tokenize(text) != tuple(tokens) else text

    def encode(self, text: str | Sequence[str], side: Side = "source") -> NDArray[np.int32]:
        """A text, or its symbols, as the ids (T,) that a model takes; unknown symbols are 0."""
        if isinstance(text, str):
            tokens = self.tokenize(text, side)
        elif self.lowercase and self._is_text(side):
            tokens = tuple(token.lower() for token in text)
        else:
            tokens = tuple(text)
        vocabulary = self.vocabulary(side)
        return vocabulary.known(vocabulary.encode(tokens))

    def to_json(self) -> dict[str, Any]:
        return {
            "kind": self.kind,
            "unit": self.unit,
            "target_unit": self.target_unit,
            "lowercase": self.lowercase,
            "composed": self.composed,
            "source": self.source.to_json(),
            "target": None if self.target is None else self.target.to_json(),
        }

    @classmethod
    def from_json(cls, values: Any) -> Self:
        """The codec of a saved run; DataError if the JSON does not describe one."""
        try:
            kind, unit, target_unit = values["kind"], values["unit"], values["target_unit"]
            if kind not in KINDS or unit not in UNITS or target_unit not in UNITS:
                raise ValueError("kind or unit")
            target = None if values["target"] is None else Vocabulary.from_json(values["target"])
            source = Vocabulary.from_json(values["source"])
            composed = bool(values.get("composed", False))  # runs saved before there was a choice
            return cls(Kind(kind), unit, target_unit, bool(values["lowercase"]), source, target, composed)
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise DataError(f"This is not a saved codec ({error}).") from None
