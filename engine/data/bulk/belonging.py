"""Whether a validation or test file belongs to the training data: same labels, same language, same task."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from engine.data.bulk.ragged import Ragged
from engine.data.codec import Kind
from engine.data.examples import Examples
from engine.data.vocabulary import SPECIALS, Vocabulary
from engine.errors import DataError
from engine.number_text import counted, percent

# If this share of a file's rows has labels that never occur in training, the file belongs to another task.
STRANGE_SHARE: Final = 0.5
# Texts with this share of symbols that never occur in training are in another language, unless most of the words that
# are frequent in training occur: few sentences of a language with many word forms leave most words of others unknown.
_STRANGE_SYMBOLS: Final = 0.6
_ENOUGH_SYMBOLS: Final = 300
_FREQUENT: Final = 20
_SHARED: Final = 0.5
# Languages share letters, but not runs of three letters. This share of new runs is worth a remark if it is also
# this many times the share of new runs in training rows that were set aside for comparison.
_STRANGE_TRIPLES: Final = 0.08
_MORE_THAN_USUAL: Final = 3.0
_FOREIGN_TRIPLES: Final = 0.15
_FAR_MORE: Final = 8.0
_SENTENCE: Final = 15  # texts with at least this many letters on average count as sentences
_TRAINING_SYMBOLS: Final = 400_000
_ASIDE: Final = 10  # one row in this many is set aside
_SHOWN: Final = 5


def compare_labels(
    kind: Kind, symbols: Sequence[str], targets: Ragged, chosen: NDArray[np.bool_], path: str
) -> str:  # fmt: skip
    """A remark about labels or tags that only validation rows have; "" if there are none.

    targets (n rows): ids of the labels in `symbols`; chosen (n,): which rows are for validation. DataError if most rows
    of the file at `path` have such a label; "" as a path stands for rows that were given directly.
    """
    ids = targets.values
    of_validation = np.repeat(chosen, targets.lengths)
    learned = np.bincount(ids[~of_validation], minlength=len(symbols)) > 0
    strange = of_validation & ~learned[ids]
    if not strange.any():
        return ""
    owners = np.repeat(np.arange(len(targets)), targets.lengths)
    rows, total = len(np.unique(owners[strange])), int(chosen.sum())
    named = ", ".join(repr(symbols[i]) for i in np.unique(ids[strange])[:_SHOWN].tolist())
    word = "label" if kind == Kind.LABELLED else "tag"
    if path and rows >= STRANGE_SHARE * total:
        known = ", ".join(repr(symbols[i]) for i in np.flatnonzero(learned)[:_SHOWN].tolist())
        raise DataError(
            f"The validation file has other {word}s than the training data: {rows:,} of {total:,} rows have a {word} "
            f"that never occurs in training, such as {named}; training has {known}.",
            path=path,
        )
    return f"{counted(rows, 'validation row')} with a {word} that never occurs in training: {named}."


def check_language(examples: Examples, path: str) -> None:
    """DataError if most symbols of the texts in a file, on either side, never occur in training."""
    codec = examples.codec
    sides: list[tuple[str, Ragged, Vocabulary, str]] = [("", examples.source, codec.source, codec.symbol_name)]
    if codec.kind == Kind.PAIRS and codec.target is not None:
        sides.append(("target ", examples.target, codec.target, codec.target_symbol_name))
    for side, rows, vocabulary, name in sides:
        ids = rows.packed
        total = len(ids)
        share = float(((ids >= len(vocabulary)) | (ids == 0)).mean()) if total else 0.0
        if (
            vocabulary.has_specials
            and share >= _STRANGE_SYMBOLS
            and total >= _ENOUGH_SYMBOLS
            and _shared(vocabulary, rows) < _SHARED
        ):
            known = ", ".join(map(repr, vocabulary.symbols[len(SPECIALS) :][:_SHOWN]))
            raise DataError(
                f"The {side}texts seem to be in another language, or about something else: {percent(share)} of their "
                f"{total:,} {name}s never occur in training, where the most frequent are {known}, ….",
                path=path,
            )


def _shared(vocabulary: Vocabulary, rows: Ragged) -> float:
    """Of all occurrences of the most frequent words in training, the share whose word is in the rows too."""
    words = (i for i, symbol in enumerate(vocabulary.symbols) if i >= len(SPECIALS) and any(map(str.isalpha, symbol)))
    frequent = list(islice(words, _FREQUENT))
    counts = vocabulary.counts[frequent]
    return float(counts[np.isin(frequent, rows.packed)].sum() / max(1, counts.sum()))


def compare_spelling(train: Examples, validation: Examples, path: str) -> str:
    """A remark if validation texts that are read letter by letter, on either side, look unlike the training texts; ""
    if they do not.

    DataError if whole sentences do: unlike names, sentences in one language share nearly all runs of three letters.
    """
    codec = train.codec
    sides = [("", train.source, validation.source, codec.unit)]
    if codec.kind == Kind.PAIRS:
        sides.append(("target ", train.target, validation.target, codec.target_unit))
    for side, learned, other, unit in sides:
        if unit != "character":
            continue
        new, usual = _new_triples(learned, other)
        if new < _STRANGE_TRIPLES or new < _MORE_THAN_USUAL * usual:
            continue
        message = (
            f"The validation {side}texts may be in another language: {percent(new)} of their three-letter sequences "
            f"never occur in training; within the training data, {percent(usual, 1)} would be new."
        )
        sentences = other.lengths.mean() >= _SENTENCE and learned.lengths.mean() >= _SENTENCE
        if sentences and new >= _FOREIGN_TRIPLES and new >= _FAR_MORE * usual:
            raise DataError(message, path=path)
        return message
    return ""


def _new_triples(train: Ragged, validation: Ragged) -> tuple[float, float]:
    """The share of new runs of three symbols in validation rows, and in training rows set aside for comparison."""
    last = int(np.searchsorted(train.offsets, _TRAINING_SYMBOLS))
    rows = np.arange(min(len(train), last))
    aside = rows % _ASIDE == 0
    known = np.unique(_triples(train.take(rows[~aside])))
    shares = []
    for some in (validation, train.take(rows[aside])):
        found = _triples(some)
        shares.append(float((~np.isin(found, known)).mean()) if len(found) >= _ENOUGH_SYMBOLS else 0.0)
    return shares[0], shares[1]


def _triples(rows: Ragged) -> NDArray[Any]:
    """(N - 2,): each run of three symbols as one number; a few runs span two rows."""
    ids = rows.packed.astype(np.int64)
    return (ids[:-2] << 42) | (ids[1:-1] << 21) | ids[2:]
