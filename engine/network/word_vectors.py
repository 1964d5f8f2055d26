"""Word vectors from a text file, in the form of word2vec and GloVe: a word and its numbers on each line."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from engine.data.vocabulary import Vocabulary
from engine.errors import ConfigError, DataError
from engine.types import FloatArray


def load_vectors(path: str | Path, vocabulary: Vocabulary, size: int, table: FloatArray) -> int:
    """Fill the rows of `table` (V, size) whose words the file has; the others are drawn around as far from zero.

    A word is looked up as it is, then in lower case. A first line of two whole numbers (word2vec) is passed over.
    Returns how many words were found. DataError names the line that is not as expected.
    """
    wanted: dict[str, list[int]] = {}
    for i, symbol in enumerate(vocabulary.symbols):
        for form in {symbol, symbol.lower()}:
            wanted.setdefault(form, []).append(i)
    exact = np.zeros(len(vocabulary), bool)
    found = np.zeros(len(vocabulary), bool)
    try:
        with open(path, encoding="utf-8", errors="replace") as lines:
            for number, line in enumerate(lines, 1):
                word, _, rest = line.rstrip().partition(" ")
                if number == 1 and len(line.split()) == 2:
                    continue
                places = wanted.get(word)
                if not places:
                    continue
                vector = _numbers(rest, size, path, number)
                for i in places:
                    same = vocabulary.symbols[i] == word
                    if same or not exact[i]:
                        table[i], found[i] = vector, True
                        exact[i] |= same
    except OSError as error:
        raise DataError(
            f"cannot be read ({error.strerror}); expected a text file of word vectors.", path=path
        ) from None
    if not found.any():
        raise ConfigError(f"{path}: none of the {len(vocabulary):,} symbols of the data occurs among its words.")
    spread = float(table[found].std())
    table[~found] *= spread
    return int(found.sum())


def _numbers(rest: str, size: int, path: str | Path, line: int) -> FloatArray:
    try:
        vector = np.array(rest.split(), np.float64)
    except ValueError:
        raise DataError(f"found {rest[:40]!r} after the word; expected {size} numbers.", path=path, line=line) from None
    if vector.shape != (size,) or not np.isfinite(vector).all():
        raise DataError(
            f"found {len(vector)} numbers after the word; expected {size}, the embedding size.", path=path, line=line
        )
    return vector
