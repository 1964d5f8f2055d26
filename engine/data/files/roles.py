"""Decides which column is the text and which the label or the other side, by their values and names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from engine.data.codec import Kind
from engine.data.data_config import AUTO, KIND_CHOICES, DataConfig
from engine.data.files.column_names import (
    COUNT_NAMES,
    LABEL_NAMES,
    NUMBER_NAMES,
    TEXT_NAMES,
    TRANSLATION_NAMES,
    WEAK_LABEL_NAMES,
    is_plain_label,
    mentions,
    side_of,
)
from engine.data.files.columns import Column
from engine.data.files.measurements import refuse_measurements
from engine.data.files.several_columns import are_alike, columns_meant, joined_column, two_texts, word_forms
from engine.data.files.tag_schemes import looks_like_entities
from engine.data.ordinal import ordinal
from engine.errors import ConfigError
from engine.number_text import counted

# One tag for each word of a line: far fewer distinct tags than words, and tags are seldom words of the text.
_TAG_SHARE: Final = 0.5
_WORDS_A_TAG: Final = 2
_WORDS_A_SENTENCE: Final = 2  # on average; a column of words with their tags has sentences
_MOST_SENTENCES: Final = 40  # columns of sentences in a table that may hold some with their tags
_SAME_SHARE: Final = 0.2
_MOSTLY: Final = 0.9
# Where both columns repeat a few texts, one of labels has far fewer.
_TEXTS_A_LABEL: Final = 2
# More distinct words than this, spelled like the text beside them, are not labels.
_MANY_WORDS: Final = 30
_IDS: Final = frozenset({"id", "ids", "idx", "uuid", "guid", "rowid"})
_GIVEN_SIDES: Final = ("source", "target")  # sides that are no languages
_FULL: Final = 0.75  # of the rows have a text, unless no column has one in so many


@dataclass(frozen=True)
class Roles:
    """The kind of data and the columns it is read from."""

    kind: Kind
    source: Column
    target: Column | None
    reason: str
    remark: str = ""


def choose_roles(columns: Sequence[Column], config: DataConfig, complete: bool) -> Roles | None:
    """The roles of the columns; choices made in `config` are kept. complete: whether the columns hold all rows of the
    file. None if no column holds text. DataError for measurements with a label, unless a kind or a column is chosen.

    Dates say when a row is from; they are the text only if no other column can be, or if they were chosen.
    """
    if config.kind == AUTO and not (config.source_column or config.target_column):
        refuse_measurements(columns)
    roles = _roles(columns, columns, config, complete)
    if roles is None or config.source_column or not roles.source.is_dates:
        return roles
    if len(columns) == 2 and config.kind not in (Kind.SEQUENCES, Kind.STREAM):  # the other is what goes with it
        return roles
    chosen = columns_meant(config.target_column, [column.name for column in columns])
    others = [column for column in columns if not column.is_dates or column.name in chosen]
    return _roles(others, columns, config, complete) or roles


def _roles(columns: Sequence[Column], there: Sequence[Column], config: DataConfig, complete: bool) -> Roles | None:
    """The roles of some of the columns that are `there`."""
    names = [column.name for column in columns]
    wanted_source = _wanted(columns, config.source_column)
    wanted_target = _wanted(columns, config.target_column)
    kind = config.kind
    chosen = {part for name in (config.source_column, config.target_column) for part in columns_meant(name, names)}
    free = [column for column in columns if column.name not in chosen]
    texts = _texts(free)
    target = wanted_target
    source = wanted_source
    if kind in (AUTO, Kind.PAIRS) and source is None and target is None and len(columns) > 2:
        forms = word_forms(columns)
        if forms is not None:
            return Roles(Kind.PAIRS, *forms)
        languages = _two_languages(columns) if kind == AUTO else None
        if languages is not None:
            both = " and ".join(f"“{column.name}”" for column in languages)
            return Roles(Kind.PAIRS, *languages, f"{both} are in two languages: source, target")
    if kind in (Kind.SEQUENCES, Kind.STREAM) or (kind == AUTO and len(columns) == 1):
        source = source or _best_text(texts)
        return None if source is None else Roles(Kind.SEQUENCES, source, None, _one_column(source, there))
    if kind == Kind.TAGGED or (kind == AUTO and len({side_of(c.name) for c in columns} - {""}) < 2):
        tagged = _aligned(columns, there, source, target, chosen=kind == Kind.TAGGED)
        if tagged is not None:
            return tagged
    if target is None and kind in (AUTO, Kind.LABELLED, Kind.TAGGED):
        target = _best_label(free if source is None else [c for c in free if c is not source], source, kind)
    if source is None:
        source = _best_text([column for column in texts if column is not target])
    if source is None and target is not None and target is not wanted_target and target.is_text:
        number = _number_column([column for column in free if column is not target])
        if number is None and kind == AUTO:  # beside what only counts the rows
            return Roles(Kind.SEQUENCES, target, None, _one_column(target, there))
        if number is not None and not _is_label_of(target, number, columns):
            source, target = target, number
            if kind == AUTO:
                return _number_beside(source, target, there)
        else:
            source = number
    if source is None:
        return None
    if kind == AUTO and target is not None and target is not wanted_target and target.is_numeric:
        return _number_beside(source, target, there)
    if kind in (AUTO, Kind.LABELLED) and target is not None and (kind == Kind.LABELLED or _fits_label(target, source)):
        two = two_texts([column for column in texts if column is not target]) if wanted_source is None else None
        source = two or source
        what = "text" if two is None else f"“{two.name}”"
        reason = f"{_ordinal(there, target)} column {_values(target, complete)}: {what}, label"
        return Roles(Kind.LABELLED, source, target, reason)
    if kind == Kind.TAGGED:
        return None
    others = [column for column in texts if column is not source]
    others = others or [c for c in free if c is not source and c.rows and not c.is_counter and not _are_ids(c)]
    if target is None:
        target = _other_side(others, source)
    if target is not None and kind == AUTO and target.is_numeric:
        return _number_beside(source, target, there)
    if target is None:
        return Roles(Kind.SEQUENCES, source, None, _one_column(source, there)) if kind == AUTO else None
    if kind == Kind.LABELLED:
        return Roles(Kind.LABELLED, source, target, f"{_ordinal(there, target)} column is taken as the label")
    if wanted_source is None and wanted_target is None and columns.index(target) < columns.index(source):
        source, target = target, source
    both = f"{_ordinal(there, source)} and {_ordinal(there, target)} column"
    if wanted_source is not None or wanted_target is not None or kind == Kind.PAIRS:
        return Roles(Kind.PAIRS, source, target, f"{both} are source and target")
    scored = next((_about_numbers(column) for column in free if column.is_numeric), "")
    if source.is_label or target.is_label:  # which holds a few texts
        return Roles(Kind.PAIRS, source, target, f"{both} are taken as source and target", scored)
    return Roles(Kind.PAIRS, source, target, f"{both} both hold many different texts: source, target", scored)


def _wanted(columns: Sequence[Column], name: str) -> Column | None:
    if not name:
        return None
    by_name = {column.name: column for column in columns}
    parts = columns_meant(name, tuple(by_name))
    if all(part in by_name for part in parts):
        return by_name[name] if len(parts) == 1 else joined_column([by_name[part] for part in parts])
    raise ConfigError(f"There is no column {name!r}; the columns are {', '.join(repr(c.name) for c in columns)}.")


def _values(label: Column, complete: bool) -> str:
    """What makes a column a label; where a part of the rows was looked at, the others may hold more values."""
    if label.distinct == 1:
        return f"repeats “{label.preview[0].strip()}”" + ("" if complete else " in all rows looked at")
    return f"has {'' if complete else 'at least '}{counted(label.distinct, 'distinct value')}"


def _number_beside(source: Column, target: Column, columns: Sequence[Column]) -> Roles:
    """A text and a number: the number is predicted, unless it says how often the text occurs."""
    if mentions(target.name, COUNT_NAMES):
        return Roles(Kind.SEQUENCES, source, None, _one_column(source, columns), _about_numbers(target))
    reason = f"{_ordinal(columns, target)} column holds numbers: text, number"
    remark = (
        f"{_first_of(target)} are predicted. To learn the texts alone, read the file as items; as text and "
        "label, each number is a label."
    )
    return Roles(Kind.RATED, source, target, reason, remark)


def _about_numbers(column: Column) -> str:
    """Why a column of numbers is not predicted, and what to do about it."""
    return (
        f"{_first_of(column)} are not read: to predict them instead, choose “{KIND_CHOICES[Kind.RATED]}” for Content."
    )


def _first_of(column: Column) -> str:
    values = [value.strip() for value in column.values if value.strip()]
    return f"The numbers of “{column.name}” ({', '.join(values[:3])}, …)"


def _two_languages(columns: Sequence[Column]) -> tuple[Column, Column] | None:
    """The first two columns of texts that are named after different languages, or a text and its translation, whatever
    lesson or topic stands beside them; None if there are none, or if a column is called label."""
    if any(c.is_named_label and is_plain_label(c.name) for c in columns):
        return None
    texts = [c for c in columns if c.is_text and c.identifiers < _MOSTLY and not c.is_dates and c.distinct > 1]
    sides = {side: column for column in reversed(texts) if (side := side_of(column.name)) not in ("", *_GIVEN_SIDES)}
    found = [column for column in texts if column in sides.values()]
    if len(found) > 1:
        return found[0], found[1]
    translation = next((column for column in texts if mentions(column.name, TRANSLATION_NAMES)), None)
    word = _best_text([column for column in texts if column is not translation and not column.is_named_label])
    return None if word is None or translation is None else (word, translation)


def _are_ids(column: Column) -> bool:
    """Whether a column is named like the numbers of its rows, and each is another."""
    return column.identifiers >= _MOSTLY and column.distinct == column.rows and mentions(column.name, _IDS)


def _texts(columns: Sequence[Column]) -> list[Column]:
    """Columns that may be read: texts, preferably those that do more than identify a row; else any filled column."""
    texts = [column for column in columns if column.is_text]
    telling = [column for column in texts if column.identifiers < _MOSTLY or column.distinct < column.rows]
    if len(columns) > 2 and not all(column.is_label for column in telling):
        return telling
    filled = [column for column in columns if column.rows]
    return texts or [column for column in filled if not column.is_counter] or filled


def _best_text(columns: Sequence[Column]) -> Column | None:
    """The column of texts: by name, otherwise the one with the longest and most varied values, in most rows."""
    if not columns:
        return None
    named_text = [column for column in columns if mentions(column.name, TEXT_NAMES) or side_of(column.name) == "source"]

    def merit(column: Column) -> tuple[bool, bool, float]:
        varied = (column.distinct / max(1, column.rows)) ** 0.5
        return column.distinct > 1, column.rows >= _FULL * len(column.values), column.length * varied

    return max(named_text or columns, key=merit)


def _number_column(columns: Sequence[Column]) -> Column | None:
    """The column of numbers that words go with, none that counts the rows: one named or written like a quantity, and
    the last of these; None if there is none."""
    numbers = [column for column in columns if column.numbers >= _MOSTLY and not column.is_counter]
    return max(reversed(numbers), key=lambda c: (mentions(c.name, NUMBER_NAMES), c.is_numeric), default=None)


def _is_label_of(words: Column, number: Column, columns: Sequence[Column]) -> bool:
    """Whether a few words beside a number say what kind of number it is, and are not what has that number: by their
    name, otherwise if they stand behind it."""
    if mentions(words.name, TEXT_NAMES) or mentions(words.name, LABEL_NAMES):
        return not mentions(words.name, TEXT_NAMES)
    return columns.index(number) < columns.index(words)


def _other_side(columns: Sequence[Column], source: Column) -> Column | None:
    """The other side of pairs: by name, otherwise the first."""
    sides = [c for c in columns if side_of(c.name) and side_of(c.name) != side_of(source.name)]
    return next(iter(sides or columns), None)


def _best_label(columns: Sequence[Column], source: Column | None, kind: str) -> Column | None:
    """The column of labels: by name, otherwise the one with the fewest distinct values; None if no column qualifies."""
    columns = [c for c in columns if c.attribution < _MOSTLY]
    needed = 1 if source is not None else 2
    if len(columns) < needed:
        return None
    if kind == AUTO:  # a row's date is no label, unless only that is there
        undated = [c for c in columns if c.whole or not c.is_dates]
        columns = undated if len(undated) >= needed else columns
    named = [c for c in columns if c.is_named_label and (c.is_label or any(_is_text_beside(o, c) for o in columns))]
    fitting = [c for c in columns if c.is_label] or [c for c in columns if c.is_category] or named
    if not fitting and sum(c.is_text and c.distinct > 1 for c in columns) + (source is not None) <= 1:
        fitting = [c for c in columns if c.rows >= 2 and c.distinct == 1]  # to be rejected with a reason
    if fitting:
        plain = [c for c in named if is_plain_label(c.name)]
        weak = [c for c in fitting if mentions(c.name, LABEL_NAMES | WEAK_LABEL_NAMES)]
        return min(plain or named or weak or fitting, key=lambda c: c.distinct)
    if kind == AUTO:
        return None
    text = source or _best_text([column for column in columns if column.is_text])
    others = (column for column in columns if column is not text and not column.is_counter)
    return min(others, key=lambda c: c.distinct, default=None)


def _is_text_beside(column: Column, label: Column) -> bool:
    return column is not label and mentions(column.name, TEXT_NAMES) and column.is_text


def _fits_label(target: Column, source: Column) -> bool:
    """A chosen target column is a label, and not the other side of pairs."""
    if target.distinct > _MANY_WORDS and are_alike(source, target):
        return False
    named = target.is_named_label or (mentions(target.name, WEAK_LABEL_NAMES) and mentions(source.name, TEXT_NAMES))
    as_many, as_long = target.distinct * _TEXTS_A_LABEL > source.distinct > 1, target.words + 1 > source.words
    if source.is_label and not named and as_many and as_long:
        return False  # both repeat a few texts: a drill of word pairs, not texts and what kind they are
    if target.is_label or target.distinct == 1 or target.rows < 3:
        return True
    if target.is_named_label and mentions(source.name, TEXT_NAMES):
        return True
    return target.is_category and source.words >= target.words + 1 and source.distinct > target.distinct


def _aligned(
    columns: Sequence[Column], there: Sequence[Column], source: Column | None, target: Column | None, chosen: bool
) -> Roles | None:
    """Columns with words and a tag for each word, as far as `source` and `target` allow; None if there are none.
    chosen: whether the user says that words are tagged."""
    sentences = [column for column in columns if column.words >= _WORDS_A_SENTENCE and column.numbers < _MOSTLY]
    if len(sentences) > _MOST_SENTENCES:  # comparing each with each would take minutes
        sentences = []
    for words in sentences if source is None else (source,):
        for tags in sentences if target is None else (target,):
            # Of many columns, two may have as many parts everywhere by chance: a date and a time beside two words.
            alike = len(columns) > 2 and len(set(words.word_counts)) == 1 and not tags.is_named_label
            if words is not tags and (chosen or not alike) and _is_aligned(words, tags):
                reason = f"{_ordinal(there, tags)} column has a tag for each word of the {_ordinal(there, words)}"
                return Roles(Kind.TAGGED, words, tags, reason)
    return None


def _is_aligned(source: Column, target: Column) -> bool:
    """Whether each target text has as many parts as its source, and the parts are tags: far fewer distinct ones than
    words, and seldom words of the text, unlike in pairs of equal length."""
    if target.words < _WORDS_A_SENTENCE or source.word_counts != target.word_counts:
        return False
    tags = [tag for value in target.values for tag in value.split()]
    words = {word for value in source.values for word in value.split()}
    kinds = set(tags)
    if len(kinds) > _TAG_SHARE * len(tags) or len(kinds) >= len(words):
        return False
    if looks_like_entities(kinds):
        return True
    spelled = {kind for kind in kinds if any(sign.isalnum() for sign in kind)}
    return _WORDS_A_TAG * len(kinds) <= len(words) and len(spelled & words) <= _SAME_SHARE * len(spelled)


def _ordinal(columns: Sequence[Column], column: Column) -> str:
    names = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
    if column not in columns:
        return f"“{column.name}”"
    place = columns.index(column)
    return names[place] if place < len(names) else ordinal(place + 1)


def _one_column(source: Column, columns: Sequence[Column]) -> str:
    if len(columns) == 1:
        return "one column of texts"
    return f"{_ordinal(columns, source)} column holds the texts"
