"""Tunes keep the rules they are made by; ratings cannot be told from single words."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import numpy as np
import pytest

from engine.data.music.abc import read_abc
from engine.data.music.notes import NAMES, total
from engine.data.samples.ratings import ratings
from engine.data.samples.tunes import KEYS, METRES, tunes

Rows = Sequence[tuple[str, str]]


@pytest.fixture(scope="module")
def made() -> Rows:
    return tunes()


def test_every_metre_and_key_has_as_many_tunes(made: Rows) -> None:
    labels = [label for _, label in made]
    assert {label: labels.count(label) for label in labels} == {f"{m} {k}": 90 for m in METRES for k in KEYS}


def test_tunes_last_sixteen_bars_and_end_on_the_tonic(made: Rows) -> None:
    for text, label in made[:360]:
        metre, key = label.split(" ", 1)
        notes = read_abc(text, metre, key)
        assert total(notes) == 16 * Fraction(metre)
        assert notes[-1].pitch is not None
        assert NAMES[notes[-1].pitch % 12] == key[0]


def test_the_first_bar_comes_back_in_both_parts(made: Rows) -> None:
    for text, _ in made:
        bars = text.removeprefix("|:").removesuffix(":|").replace("::", "|").split("|")
        assert len(bars) == 8
        assert bars[0] == bars[2] == bars[6]


def test_a_sum_over_words_does_not_tell_the_rating() -> None:
    rows = ratings()[:1500]
    words = {word: i for i, word in enumerate(sorted({word for text, _ in rows for word in text.split()}))}
    counts = np.zeros((len(rows), len(words) + 1))
    counts[:, -1] = 1
    for i, (text, _) in enumerate(rows):
        for word in text.split():
            counts[i, words[word]] += 1
    stars = np.array([rating for _, rating in rows], float)
    train, test = slice(0, 1200), slice(1200, None)
    gram = counts[train].T @ counts[train] + np.eye(counts.shape[1])
    guessed = counts[test] @ np.linalg.solve(gram, counts[train].T @ stars[train])
    error = np.abs(guessed - stars[test]).mean()
    assert 0.4 < error < 1.0  # they tell something; guessing 3 is wrong by 1.2
