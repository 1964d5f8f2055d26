"""Which texts are tunes."""

from __future__ import annotations

from fractions import Fraction

import pytest

from engine.data.music.notes import Note
from engine.data.music.tune import tune_of


def test_abc_notation_is_read_with_the_metre_and_key_of_its_label() -> None:
    assert tune_of("|:FA:|", "6/8 D major")[:2] == [Note(66, Fraction(1, 8)), Note(69, Fraction(1, 8))]  # F is sharp
    assert tune_of("|:FA:|", "female")[:1] == [Note(65, Fraction(1, 8))]


def test_note_symbols_are_read_as_they_are() -> None:
    assert tune_of("C4:1/4 R:1/8") == [Note(60, Fraction(1, 4)), Note(None, Fraction(1, 8))]


@pytest.mark.parametrize("text", ["abe", "", "a bad deed", "| |", "C4:1/0"])
def test_other_texts_are_none(text: str) -> None:
    assert tune_of(text) == []
