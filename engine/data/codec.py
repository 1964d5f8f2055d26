"""How text becomes ids and back."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cache
from itertools import chain
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, Literal, Self, cast, get_args

import numpy as np
from numpy.typing import NDArray

from engine.data.bulk.text_array import INVISIBLE
from engine.data.characters import may_cluster, split_characters
from engine.data.numbers.recording import Recording
from engine.data.pieces import split_pieces
from engine.data.vocabulary import SPECIALS, Vocabulary
from engine.errors import DataError

if TYPE_CHECKING:
    from engine.data.numbers.number_scaling import NumberScaling

# What one symbol is: a character; a word, with punctuation marks on their own; whatever stands between white space; a
# piece of a word, learned from the training texts; or characters in the first of several columns, and whole features in
# the others.
Unit = Literal["character", "word", "token", "piece", "mixed"]
Side = Literal["source", "target"]
UNITS: tuple[Unit, ...] = get_args(Unit)
# What one symbol of a unit is called.
_SYMBOL_NAMES: Final[Mapping[Unit, str]] = MappingProxyType(
    {"character": "character", "word": "word", "token": "token", "piece": "piece", "mixed": "symbol"}
)
# Joins the texts of several columns into one, and counts as a single symbol.
SEPARATOR: Final = " + "
WHITE_SPACE: Final = re.compile(r"[\t-\r\x1c-\x1f ]+")
FEATURE_ENDS: Final = re.compile(
    r"[;|,\s]+"
)  # separate the features of a column, such as V;PST or Case=Nom|Number=Sing

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
NO_SPACE_AFTER = frozenset("([{«“‘¿¡#@")
CURRENCY_SIGNS = frozenset("$£€")  # without a space before a number: "$5", but "5 € back"


class Kind(StrEnum):
    """What the examples of a data set are; equal to its name as a plain string."""

    SEQUENCES = "sequences"  # single items
    STREAM = "stream"  # running text, in one piece
    LABELLED = "labelled"  # a text and its label
    TAGGED = "tagged"  # tokens, each with a tag
    PAIRS = "pairs"  # a source text and a target text
    RATED = "rated"  # a text and a number
    SERIES = "series"  # numbers over time
    LABELLED_SERIES = "labelled-series"  # numbers over time, or a sound, and their label
    SPEECH = "speech"  # a sound, and what is said
    PICTURES = "pictures"  # a picture and its caption

    @property
    def reads_numbers(self) -> bool:
        """Whether each step reads numbers instead of a symbol."""
        return self in (Kind.SERIES, Kind.LABELLED_SERIES, Kind.SPEECH, Kind.PICTURES)

    @property
    def answers_numbers(self) -> bool:
        """Whether the answers are numbers instead of symbols."""
        return self in (Kind.RATED, Kind.SERIES)

    @property
    def has_target(self) -> bool:
        """Whether there are symbols besides what is read: labels, tags, or another text."""
        return self.has_classes or self.writes_text

    @property
    def writes_text(self) -> bool:
        """Whether what accompanies the source is a text."""
        return self in (Kind.PAIRS, Kind.SPEECH, Kind.PICTURES)

    @property
    def has_classes(self) -> bool:
        """Whether what accompanies the source is one of a few labels or tags."""
        return self in (Kind.LABELLED, Kind.TAGGED, Kind.LABELLED_SERIES)

    @property
    def answers_once(self) -> bool:
        """Whether one answer, a label or a number, stands for the whole source."""
        return self in (Kind.LABELLED, Kind.RATED, Kind.LABELLED_SERIES)

    @property
    def is_running(self) -> bool:
        """Whether the data are one long piece, which training cuts into windows."""
        return self in (Kind.STREAM, Kind.SERIES)

    @property
    def in_words(self) -> str:
        """What such data are called in a message: "texts with a label each"."""
        return _IN_WORDS[self]


KINDS = tuple(Kind)
_IN_WORDS: Final = {
    Kind.SEQUENCES: "single items",
    Kind.STREAM: "running text",
    Kind.LABELLED: "texts with a label each",
    Kind.TAGGED: "tokens with a tag each",
    Kind.PAIRS: "pairs of source and target",
    Kind.RATED: "texts with a number each",
    Kind.SERIES: "numbers over time",
    Kind.LABELLED_SERIES: "series or sounds with a label each",
    Kind.SPEECH: "sounds with what is said",
    Kind.PICTURES: "pictures with a caption each",
}


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


def join_words(tokens: Sequence[str], spaced: str = "") -> str:
    """Tokens joined the way a person would write them: no space before a full stop or after an opening bracket.

    spaced: the marks that are written with a space nevertheless, see `spaced_marks`.
    """
    pieces: list[str] = []
    open_quote = False
    glue, before = True, ""  # nothing stands before the first token
    for token in tokens:
        closing = token == '"' and open_quote
        glue = glue or (before in CURRENCY_SIGNS and token[:1].isdigit())
        if not (glue or closing or (NO_SPACE_BEFORE.fullmatch(token) and token not in spaced)):
            pieces.append(" ")
        pieces.append(token)
        glue = (token in NO_SPACE_AFTER and token not in spaced) or (token == '"' and not open_quote)
        before = token
        if token == '"':
            open_quote = not open_quote
    return "".join(pieces)


def split_tokens(text: str) -> list[str]:
    """Tokens as written: whatever stands between white space. As in CoNLL columns, only ASCII has white space."""
    return [token for token in WHITE_SPACE.split(text) if token]


def split_mixed(text: str) -> list[str]:
    """The letters of the first column, then the features of each other one, a separator before each: "run + V;PST" is
    r, u, n, " + ", V, PST.

    Marks are apart from their letters, on the target side too: they change by themselves where a word is inflected.
    """
    spelled, *others = text.split(SEPARATOR)
    symbols = list(spelled)
    for other in others:
        symbols += [SEPARATOR, *(feature for feature in FEATURE_ENDS.split(other) if feature)]
    return symbols


def marks_apart(unit: Unit) -> bool:
    """Whether marks are symbols of their own on the target side of data with this unit on the source side."""
    return unit == "mixed"


def join_columns(texts: Sequence[str]) -> str:
    """The texts of several columns as one; empty where the first one is."""
    filled = [text.strip() for text in texts]
    return SEPARATOR.join(text for text in filled if text) if filled[0] else ""


def join_mixed(symbols: Sequence[str]) -> str:
    """The columns as text: characters side by side, features with semicolons between."""
    columns: list[list[str]] = [[]]
    for symbol in symbols:
        if symbol == SEPARATOR:
            columns.append([])
        else:
            columns[-1].append(symbol)
    return SEPARATOR.join(["".join(columns[0]), *map(";".join, columns[1:])])


_OF_WORDS: Final[frozenset[Unit]] = frozenset({"word", "token"})
# "piece" is not among them: the vocabulary determines the pieces.
SPLITS: Final[Mapping[Unit, Callable[[str], list[str]]]] = MappingProxyType(
    {"character": split_characters, "word": split_words, "token": split_tokens, "mixed": split_mixed}
)
JOINS: Final[Mapping[Unit, Callable[[Sequence[str]], str]]] = MappingProxyType(
    {"character": "".join, "word": join_words, "token": " ".join, "piece": "".join, "mixed": join_mixed}
)


@dataclass(frozen=True)
class Codec:
    """How the text of one data set becomes ids and back; all that a model needs to know about its data.

    `source` is the vocabulary of the text, empty where numbers are read; `target` that of the labels, tags
    or target texts, None where there are none. `frames` describes the numbers that are read, `values` those that are
    answered; None where these are symbols. `unit` and `target_unit` say what a symbol is on each side. `composed`:
    letters are joined with their accents (NFC), as they were in the data. `spaced`: the punctuation marks that
    the network writes with a space, see `spaced_marks`.
    """

    kind: Kind
    unit: Unit
    target_unit: Unit
    lowercase: bool
    source: Vocabulary
    target: Vocabulary | None = None
    composed: bool = True
    frames: NumberScaling | None = None
    values: NumberScaling | None = None
    spaced: str = field(default="", compare=False)

    def vocabulary(self, side: Side = "source") -> Vocabulary:
        """The vocabulary of a side; DataError where the kind has no target."""
        if side == "source":
            return self.source
        if self.target is None:
            raise DataError(f"Data of the kind '{self.kind}' has no target side.")
        return self.target

    @property
    def symbol_name(self) -> str:
        """The name of a symbol of the text: "character", "word", "token"; "symbol" if there are several kinds, and
        "step" where numbers are read."""
        return _SYMBOL_NAMES[self.unit] if self.frames is None else "step"

    @property
    def read_name(self) -> str:
        """What the speed of reading is counted in: "token" for symbols of any unit, "value" for a series of one column,
        "time step" where a step has several numbers. For pictures, the captions are counted."""
        if self.frames is None or self.frames.shape:
            return "token"
        return "value" if self.frames.size == 1 else "time step"

    @property
    def target_symbol_name(self) -> str:
        """The same for the target text of pairs."""
        return _SYMBOL_NAMES[self.target_unit]

    @property
    def reads_recordings(self) -> bool:
        """Whether an input is a sound, a picture or a series with an end, rather than text or a running series."""
        return self.frames is not None and not self.kind.is_running

    @property
    def reads_words(self) -> bool:
        """Whether most symbols of the text are words."""
        return self.frames is None and self.unit in _OF_WORDS

    @property
    def writes_words(self) -> bool:
        """The same for the target text of pairs."""
        return self.target_unit in _OF_WORDS

    def _is_text(self, side: Side) -> bool:
        return side == "source" or self.kind.writes_text

    def source_of(self, given: Any) -> Any:
        """Turn the user's input into the source of an example: the symbols of a text, or symbols as they
        are; the numbers (T, D) of an array, a file, or of a text that holds numbers."""
        if self.frames is not None:
            return self.frames.read(given)
        if isinstance(given, Recording):
            raise DataError(f"“{given.name}” holds numbers; expected a text.")
        return self.tokenize(given) if isinstance(given, str) else tuple(given)

    def decode(self, row: NDArray[Any], side: Side = "source") -> Any:
        """A row as it is stored, ids (T,) or frames (T, D) → T symbols, or the numbers in their own units (T, D)."""
        numbers = self.frames if side == "source" else self.values
        if numbers is not None:
            values = numbers.given(row)
            return values[0] if side == "target" and self.kind.answers_once else values
        if side == "target" and self.target is None:
            return ()
        return self.vocabulary(side).decode(row)

    def tokenize(self, text: str, side: Side = "source") -> tuple[str, ...]:
        """The symbols of a text. A label is one symbol; tags are separated by white space.

        The tokens of tagged data come from the file, where "#fun" and ":)" are one token each: a piece between
        spaces stays whole if the model knows it. People write marks next to words where the tokens of a file have none
        ("soup,"): a token that the model does not know is split if it knows all of its words.
        """
        if not self._is_text(side):
            return tuple(text.split()) if self.kind == Kind.TAGGED else (text,)
        if self.composed:
            text = unicodedata.normalize("NFC", text)
        if self.lowercase:
            text = text.lower()
        unit = self.unit if side == "source" else self.target_unit
        if unit == "piece":
            return tuple(split_pieces(text, self.vocabulary(side)))
        split = list if side == "target" and marks_apart(self.unit) else SPLITS[unit]
        if unit == "token" and side == "source":
            return tuple(chain.from_iterable(map(self._apart, split(text))))
        if self.kind != Kind.TAGGED:
            return tuple(split(text))
        pieces = ((piece,) if self._knows(piece) else split(piece) for piece in text.split())
        return tuple(chain.from_iterable(pieces))

    def _apart(self, token: str) -> tuple[str, ...]:
        """The words of an unknown token if all of them are known; otherwise the token."""
        words = () if self._knows(token) else tuple(split_words(token))
        return words if words and all(map(self._knows, words)) else (token,)

    def _knows(self, token: str) -> bool:
        """The codec as a saved run keeps it: without symbols too rare for the model."""
        return token not in SPECIALS and self.source.index(token) is not None

    def join(self, tokens: Any, side: Side = "source") -> str:
        """Symbols as text for a person to read; tokens with tags are joined so that they can be told apart again.
        Numbers are written out; of many, only a few."""
        numbers = self.frames if side == "source" else self.values
        if numbers is not None:
            return numbers.written(tokens)
        if not self._is_text(side):
            return " ".join(tokens)
        unit = self.unit if side == "source" else self.target_unit
        written = side == "target" or self.kind != Kind.PAIRS
        text = join_words(tokens, self.spaced) if unit == "word" and written else JOINS[unit](tokens)
        return " ".join(tokens) if self.kind == Kind.TAGGED and self.tokenize(text) != tuple(tokens) else text

    def written(self, values: NDArray[Any]) -> tuple[str, ...]:
        """(N, D) predicted numbers in their own units → each prediction as text."""
        assert self.values is not None, "only where numbers are answered"
        return tuple(self.values.written(row[None]) for row in values)

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

    def in_sheet(self, sheet: str) -> Codec:
        """The same, where numbers in a workbook are read from the sheet of that name; "" for the usual one."""
        frames, values = (None if side is None else side.in_sheet(sheet) for side in (self.frames, self.values))
        return replace(self, frames=frames, values=values)

    def to_json(self) -> dict[str, Any]:
        return {
            "kind": self.kind,
            "unit": self.unit,
            "target_unit": self.target_unit,
            "lowercase": self.lowercase,
            "composed": self.composed,
            "spaced": self.spaced,
            "source": self.source.to_json(),
            "target": None if self.target is None else self.target.to_json(),
            "frames": None if self.frames is None else self.frames.to_json(),
            "values": None if self.values is None else self.values.to_json(),
        }

    @classmethod
    def from_json(cls, values: Any) -> Self:
        """The codec of a saved run; DataError if the JSON does not describe one."""
        from engine.data.numbers.number_scaling import NumberScaling  # which text does not need

        try:
            kind, unit, target_unit = values["kind"], values["unit"], values["target_unit"]
            if kind not in KINDS or unit not in UNITS or target_unit not in UNITS:
                raise ValueError("kind or unit")
            target = None if values["target"] is None else Vocabulary.from_json(values["target"])
            source = Vocabulary.from_json(values["source"])
            composed = bool(values.get("composed", False))  # runs saved before there was a choice
            # Runs saved before there were numbers have neither.
            frames, answers = (
                None if values.get(key) is None else NumberScaling.from_json(values[key])
                for key in ("frames", "values")
            )
            lowercase = bool(values["lowercase"])
            spaced = str(values.get("spaced", ""))  # likewise
            return cls(Kind(kind), unit, target_unit, lowercase, source, target, composed, frames, answers, spaced)
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise DataError(f"This is not a saved codec ({error}).") from None
