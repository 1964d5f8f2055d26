"""Which column is the text, which the label or the other side: told from the values and the names."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from engine.data.codec import Kind
from engine.data.config import AUTO, DataConfig
from engine.data.files.typical import typical
from engine.errors import ConfigError

_TEXT_NAMES: Final = frozenset({
    "text", "sentence", "review", "comment", "tweet", "message", "content", "body", "title", "question", "utterance",
    "phrase", "document", "headline", "query", "name", "word", "input", "source", "src", "tokens", "words",
    "names", "texts", "sentences", "item", "items",
})  # fmt: skip
_LABEL_NAMES: Final = frozenset({
    "label", "labels", "class", "category", "sentiment", "sex", "gender", "language", "lang", "intent", "target",
    "rating", "polarity", "y", "topic", "emotion", "spam", "type", "score", "stars", "genre", "origin", "nationality",
    "country", "tag", "tags", "output", "toxic",
})  # fmt: skip
_SIDE_NAMES: Final = frozenset({
    "english", "french", "german", "spanish", "italian", "portuguese", "dutch", "russian", "chinese", "japanese",
    "korean", "arabic", "hindi", "source", "target", "src", "tgt", "trg", "input", "output", "translation", "answer",
    "en", "fr", "de", "es", "it", "pt", "nl", "ru", "zh", "ja", "ko", "ar", "hi", "pl", "cs", "tr",
})  # fmt: skip
_NUMBER: Final = re.compile(r"[-+]?\d+(?:[.,]\d+)*")
_ATTRIBUTION: Final = re.compile(r"CC[- ]BY|tatoeba\.org|^https?://\S+$", re.IGNORECASE)
# So many distinct values are a label, as a share of the rows and at most.
_LABEL_SHARE: Final = 0.2
_MOST_LABELS: Final = 300
_FEW_ROWS: Final = 100
_LABEL_WORDS: Final = 4.0
_TAG_SHARE: Final = 0.5
_PREVIEW_ROWS: Final = 8
_MOSTLY: Final = 0.9


@dataclass(frozen=True)
class Column:
    """What the values of one column look like. Shares are of the filled values."""

    name: str
    values: tuple[str, ...]
    rows: int
    distinct: int
    length: float
    words: float
    numbers: float
    attribution: float

    @classmethod
    def of(cls, name: str, values: Sequence[str]) -> Column:
        filled = [value.strip() for value in values if value.strip()]
        n = max(1, len(filled))
        return cls(
            name,
            tuple(values),
            len(filled),
            len(set(filled)),
            typical(map(len, filled)),
            typical(len(value.split()) for value in filled),
            sum(_NUMBER.fullmatch(value) is not None for value in filled) / n,
            sum(_ATTRIBUTION.search(value) is not None for value in filled) / n,
        )

    @property
    def is_text(self) -> bool:
        """Neither empty, nor numbers, nor somebody's licence."""
        return self.rows > 0 and self.numbers < _MOSTLY and self.attribution < _MOSTLY

    @property
    def is_label(self) -> bool:
        """Few and short distinct values."""
        return 2 <= self.distinct <= most_labels(self.rows) and self.words <= _LABEL_WORDS

    @property
    def preview(self) -> tuple[str, ...]:
        return self.values[:_PREVIEW_ROWS]


@dataclass(frozen=True)
class Roles:
    """The kind of data and the columns that make it."""

    kind: Kind
    source: Column
    target: Column | None
    reason: str


def most_labels(rows: int) -> int:
    """How many distinct values a label column of so many rows may have."""
    if rows < _FEW_ROWS:
        return max(2, rows // 3) if rows > 2 else 1
    return min(_MOST_LABELS, int(rows * _LABEL_SHARE))


def named(name: str, names: frozenset[str]) -> bool:
    """Whether a column's name is, or ends in, one of the names."""
    words = re.findall(r"[a-z]+", name.lower())
    return bool(words) and (words[-1] in names or words[0] in names)


def is_known_name(name: str) -> bool:
    """Whether a value looks like the name of a column."""
    words = re.findall(r"[a-z]+", name.lower())
    return 1 <= len(words) <= 2 and len(name) <= 24 and named(name, _TEXT_NAMES | _LABEL_NAMES | _SIDE_NAMES)


def choose_roles(columns: Sequence[Column], config: DataConfig) -> Roles | None:
    """The roles of the columns; what `config` fixes is kept. None if no column holds text."""
    wanted_source = _wanted(columns, config.source_column)
    wanted_target = _wanted(columns, config.target_column)
    kind = config.kind
    free = [column for column in columns if column not in (wanted_source, wanted_target)]
    texts = [column for column in free if column.is_text] or [column for column in free if column.rows]
    target = wanted_target
    source = wanted_source
    if kind in (Kind.SEQUENCES, Kind.STREAM) or (kind == AUTO and len(columns) == 1):
        source = source or _best_text(texts)
        return None if source is None else Roles(Kind.SEQUENCES, source, None, _one_column(source, columns))
    if kind in (AUTO, Kind.TAGGED):
        tagged = _aligned(columns, source, target)
        if tagged is not None:
            return tagged
    if target is None and kind in (AUTO, Kind.LABELLED, Kind.TAGGED):
        target = _best_label(free if source is None else [c for c in free if c is not source], source, kind)
    if source is None:
        source = _best_text([column for column in texts if column is not target])
    if source is None:
        return None
    if kind in (AUTO, Kind.LABELLED) and target is not None and (kind == Kind.LABELLED or _fits_label(target)):
        values = f"{target.distinct:,} distinct value{'s' * (target.distinct != 1)}"
        return Roles(Kind.LABELLED, source, target, f"{_ordinal(columns, target)} column has {values}: text, label")
    if kind == Kind.TAGGED:
        return None
    others = [column for column in texts if column is not source] or [c for c in free if c is not source and c.rows]
    if target is None:
        target = others[0] if others else None
    if target is None:
        return Roles(Kind.SEQUENCES, source, None, _one_column(source, columns)) if kind == AUTO else None
    if kind == Kind.LABELLED:
        return Roles(Kind.LABELLED, source, target, f"{_ordinal(columns, target)} column is taken as the label")
    if wanted_source is None and wanted_target is None and columns.index(target) < columns.index(source):
        source, target = target, source
    both = f"{_ordinal(columns, source)} and {_ordinal(columns, target)} column"
    if wanted_source is not None or wanted_target is not None or kind == Kind.PAIRS:
        return Roles(Kind.PAIRS, source, target, f"{both} are source and target")
    return Roles(Kind.PAIRS, source, target, f"{both} both hold many different texts: source, target")


def _wanted(columns: Sequence[Column], name: str) -> Column | None:
    if not name:
        return None
    for column in columns:
        if column.name == name:
            return column
    raise ConfigError(f"There is no column {name!r}; the columns are {', '.join(repr(c.name) for c in columns)}.")


def _best_text(columns: Sequence[Column]) -> Column | None:
    """The column that one would read: by name, else the one with the longest texts and the most different ones."""
    if not columns:
        return None
    named_text = [column for column in columns if named(column.name, _TEXT_NAMES)]
    return max(named_text or columns, key=lambda c: (c.distinct > 1, c.length * (c.distinct / max(1, c.rows)) ** 0.5))


def _best_label(columns: Sequence[Column], source: Column | None, kind: str) -> Column | None:
    """The column of labels: by name, else the one with the fewest distinct values; None if no column is like that."""
    columns = [c for c in columns if c.attribution < _MOSTLY]
    if len(columns) < (1 if source is not None else 2):
        return None
    fitting = [c for c in columns if c.is_label]
    if not fitting and sum(c.is_text and c.distinct > 1 for c in columns) + (source is not None) <= 1:
        fitting = [c for c in columns if c.rows >= 2 and c.distinct == 1]  # to be refused with a reason
    if fitting:
        return min([c for c in fitting if named(c.name, _LABEL_NAMES)] or fitting, key=lambda c: c.distinct)
    if kind == AUTO:
        return None
    return min(columns, key=lambda c: c.distinct)


def _fits_label(target: Column) -> bool:
    """A chosen target column is a label, and not the other side of pairs."""
    return target.is_label or target.distinct == 1 or target.rows < 3


def _aligned(columns: Sequence[Column], source: Column | None, target: Column | None) -> Roles | None:
    """Words in one column and a tag for each in another, as `source` and `target` allow; None if there are none."""
    for words in columns if source is None else (source,):
        for tags in columns if target is None else (target,):
            if words is not tags and _is_aligned(words, tags):
                reason = f"{_ordinal(columns, tags)} column has a tag for each word of the {_ordinal(columns, words)}"
                return Roles(Kind.TAGGED, words, tags, reason)
    return None


def _is_aligned(source: Column, target: Column) -> bool:
    """Whether each text of the target has as many parts as the source, of much fewer kinds: tags in one line."""
    rows = [(s.split(), t.split()) for s, t in zip(source.values, target.values, strict=True)]
    rows = [(s, t) for s, t in rows if s or t]
    if not rows or target.words < 2 or any(len(s) != len(t) for s, t in rows):
        return False
    tags = [tag for _, t in rows for tag in t]
    words = {word for s, _ in rows for word in s}
    return len(set(tags)) <= _TAG_SHARE * len(tags) and len(set(tags)) < len(words)


def _ordinal(columns: Sequence[Column], column: Column) -> str:
    names = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
    place = columns.index(column)
    return names[place] if place < len(names) else f"{place + 1}th"


def _one_column(source: Column, columns: Sequence[Column]) -> str:
    if len(columns) == 1:
        return "one column of texts"
    return f"{_ordinal(columns, source)} column holds the texts"
