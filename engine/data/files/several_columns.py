"""Texts read from several columns: choosing and joining them.

Tables of word forms (UniMorph, SIGMORPHON) hold a lemma, one of its forms, and the features of that form. The lemma
alone does not determine the form; lemma and features together do. A sample is counted to decide what to read.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from itertools import pairwise
from statistics import fmean
from typing import Final

from engine.data.codec import FEATURE_ENDS, SEPARATOR, join_columns
from engine.data.files.column_names import words_in_name
from engine.data.files.columns import Column

_SAMPLE: Final = 300
_SHIFT: Final = 37  # rows this far apart are unrelated
_WORDS_A_FORM: Final = 1.8
WORDS_OF_A_LONG_FORM: Final = 4.0  # "would have walked", where marked features say that these are forms
_ALIKE: Final = 0.35
_MORE_ALIKE: Final = 0.12  # more alike than the same columns in different rows
_SAME: Final = 0.9
_FORMS: Final = 0.25  # different forms, as a share of the rows; labels that are alike are fewer
_FEWEST_LEMMAS: Final = 5
_WORDS_OF_FEATURES: Final = 6.0
_RECUR: Final = 2.5  # how often each feature occurs in its column, on average
_REPEATED: Final = 0.1  # of the rows have a lemma that other rows have too: enough to count
_FAR_FEWER: Final = 0.9  # of the other column's different words
_ENDING: Final = 2  # letters
_CLEARLY: Final = 0.1  # more words that end alike
_MANY: Final = 10_000  # rows are enough to tell
_AMBIGUOUS: Final = 1.1  # forms per lemma
MARKED: Final = 0.5
_NUMBERED_WORDS: Final = 0.5
_NUMBERED: Final = re.compile(r"(.*\w.*?)[_ -]?(?:[12]|[_ -][ab])", re.IGNORECASE)
_TWO_TEXTS: Final = (("premise", "hypothesis"), ("claim", "evidence"))
_LEMMA_NAMES: Final = frozenset({"lemma", "lemmas", "base", "stem", "root", "infinitive", "infinitiv", "citation"})


def columns_meant(name: str, columns: Sequence[str]) -> tuple[str, ...]:
    """The columns that a name stands for: itself, or several, as in "lemma + features".

    Columns may be called "a + b" themselves: the longest existing name comes first.
    """
    if name in columns or SEPARATOR not in name:
        return (name,)
    known, pieces, found = frozenset(columns), name.split(SEPARATOR), list[str]()
    longest = 1 + max((column.count(SEPARATOR) for column in known), default=0)
    while pieces:
        sizes = (k for k in range(longest, 0, -1) if SEPARATOR.join(pieces[:k]) in known)
        size = next(sizes, 1)
        found.append(SEPARATOR.join(pieces[:size]))
        pieces = pieces[size:]
    return tuple(found)


def lacks_columns(text: str, columns: Sequence[str]) -> bool:
    """Whether a text that stands for several columns holds fewer of them."""
    return bool(text.strip()) and text.count(SEPARATOR) < len(columns) - 1


def joined_column(columns: Sequence[Column]) -> Column:
    """Several columns as one."""
    values = [join_columns(row) for row in zip(*(column.values for column in columns), strict=True)]
    return Column.of(SEPARATOR.join(column.name for column in columns), values)


def word_forms(columns: Sequence[Column]) -> tuple[Column, Column, str] | None:
    """What to read (the lemma with its features), the column of forms, and why; None if these are not word forms."""
    marked = [c for c in columns if sum(";" in v or "|" in v for v in c.values) >= MARKED * len(c.values)]
    most = WORDS_OF_A_LONG_FORM if marked else _WORDS_A_FORM
    words = [c for c in columns if c.is_text and c.words <= most and c.distinct > 1 and c not in marked]
    words = [c for c in words if _with_digits(c) <= _NUMBERED_WORDS]  # others are file names, or numbers of rows
    pairs = [(_likeness(a, b), a, b) for i, a in enumerate(words) for b in words[i + 1 :]]
    best = max(pairs, key=lambda pair: pair[0], default=None)
    if best is None or best[0] < _ALIKE:
        return None
    features = [c for c in columns if c not in best[1:] and _are_features(c, len(c.values))]
    if not features:
        return None
    lemma, form = _in_order(*best[1:], joined_column(features))
    if form.distinct < _FORMS * form.rows or lemma.distinct < _FEWEST_LEMMAS:
        return None
    alone, repeated = _answers(lemma, form)
    source = joined_column([lemma, *features])
    together, _ = _answers(source, form)
    if repeated < _REPEATED:
        if not any(_share_marked(c) >= MARKED for c in features):
            return None
        reason = f"“{lemma.name}” and “{form.name}” are alike, and the features beside them tell which form is meant"
    elif alone >= _AMBIGUOUS and together < alone:
        names = SEPARATOR.join(f"“{c.name}”" for c in features)
        reason = f"“{lemma.name}” alone goes with {alone:.1f} values of “{form.name}”, with {names} {together:.1f}"
    else:
        return None
    return source, form, f"{reason}: word forms"


def _with_digits(column: Column) -> float:
    """Share of the values that hold a digit, which words hardly ever do."""
    return sum(any(map(str.isdigit, value)) for value in column.values) / max(1, len(column.values))


def two_texts(columns: Sequence[Column]) -> Column | None:
    """Two texts that one label is about, such as sentence1 and sentence2, as one; None if no names say so."""
    stems: defaultdict[str, list[Column]] = defaultdict(list)
    for column in columns:
        found = _NUMBERED.fullmatch(column.name.strip())
        if found is not None and column.words > _WORDS_A_FORM:
            stems[found[1].rstrip("_ -").lower()].append(column)
    pair = next((pair for pair in stems.values() if len(pair) == 2), None)
    if pair is None:
        by_word = {words_in_name(column.name)[-1]: column for column in columns if words_in_name(column.name)}
        names = next((names for names in _TWO_TEXTS if set(names) <= set(by_word)), ())
        pair = [by_word[name] for name in names]
    return joined_column(pair) if pair else None


def are_alike(a: Column, b: Column) -> bool:
    """Whether the words in one column are spelled like those beside them, as forms of one word are."""
    return max(a.words, b.words) <= _WORDS_A_FORM and _likeness(a, b) >= _ALIKE


def _likeness(a: Column, b: Column) -> float:
    """Mean share of letters that neighbouring words have in common; 0 if unrelated words share as much, or if nearly
    all pairs are identical."""
    n = min(_SAMPLE, len(a.values))
    beside = [_shared(x, y) for x, y in zip(a.values[:n], b.values[:n], strict=True)]
    elsewhere = [_shared(x, b.values[(i + _SHIFT) % n]) for i, x in enumerate(a.values[:n])]
    same = sum(x == y for x, y in zip(a.values[:n], b.values[:n], strict=True))
    alike = fmean(beside) if beside else 0.0
    return alike if same < _SAME * n and alike >= fmean(elsewhere) + _MORE_ALIKE else 0.0


def _shared(a: str, b: str) -> float:
    """Share of the letters and pairs of letters that two words have in common (Dice)."""
    parts = [Counter([*word, *map("".join, pairwise(word))]) for word in (a, b)]
    total = parts[0].total() + parts[1].total()
    return 2 * (parts[0] & parts[1]).total() / total if total else 0.0


def _in_order(a: Column, b: Column, features: Column) -> tuple[Column, Column]:
    """The column of lemmas and the column of forms. The lemmas are found by name; else they are the column with far
    fewer different words, else the one whose endings have less to do with the features, else the first."""
    if _LEMMA_NAMES & set(words_in_name(b.name)):
        return b, a
    if _LEMMA_NAMES & set(words_in_name(a.name)):
        return a, b
    if min(a.distinct, b.distinct) < _FAR_FEWER * max(a.distinct, b.distinct):
        return (a, b) if a.distinct < b.distinct else (b, a)
    return (b, a) if _same_endings(a, features) > _same_endings(b, features) + _CLEARLY else (a, b)


def _same_endings(words: Column, features: Column) -> float:
    """How much more often the words of two rows with the same features end alike than those of any two rows."""
    rows = [(f, word[-_ENDING:]) for f, word in zip(features.values[:_MANY], words.values[:_MANY], strict=True)]
    alike = [x[1] == y[1] for x, y in pairwise(sorted(rows)) if x[0] == y[0]]
    anyhow = [row[1] == rows[(i + _SHIFT) % len(rows)][1] for i, row in enumerate(rows)]
    return fmean(alike) - fmean(anyhow) if alike else 0.0


def _share_marked(column: Column) -> float:
    """Share of the values that list several features."""
    return sum(FEATURE_ENDS.search(value) is not None for value in column.values) / max(1, len(column.values))


def _are_features(column: Column, rows: int) -> bool:
    """Whether the values are put together from a small stock of features."""
    if column.rows < _SAME * rows or column.is_counter or column.is_numeric or column.attribution > 0:
        return False
    if column.words > _WORDS_OF_FEATURES:
        return False
    found = Counter(feature for value in column.values for feature in FEATURE_ENDS.split(value) if feature)
    return len(found) > 1 and found.total() >= _RECUR * len(found)


def _answers(given: Column, wanted: Column) -> tuple[float, float]:
    """How many different values of one column go with a repeated value of another on average, and the share of the rows
    with such a value."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for value, answer in zip(given.values, wanted.values, strict=True):
        found[value].append(answer)
    repeated = [answers for answers in found.values() if len(answers) > 1]
    if not repeated:
        return 1.0, 0.0
    return fmean(len(set(answers)) for answers in repeated), sum(map(len, repeated)) / len(given.values)
