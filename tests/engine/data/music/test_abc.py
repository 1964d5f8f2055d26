"""ABC notation is read as the standard says, and mistakes in it are passed over."""

from __future__ import annotations

from fractions import Fraction

import pytest

from engine.data.music.abc import key_signature, read_abc
from engine.data.music.notes import Note, notes_to_text, total
from engine.data.music.synthesis import synthesise
from engine.errors import DataError


@pytest.mark.parametrize(
    ("text", "notes"),
    [
        ("CDEF GABc", "C4:1/8 D4:1/8 E4:1/8 F4:1/8 G4:1/8 A4:1/8 B4:1/8 C5:1/8"),
        ("C, c' c,, B,", "C3:1/8 C6:1/8 C3:1/8 B3:1/8"),
        ("C2 C/ C// C3/2 C/4 z2", "C4:1/4 C4:1/16 C4:1/32 C4:3/16 C4:1/32 R:1/4"),
        ("L:1/4\nC2 C", "C4:1/2 C4:1/4"),
        ("M:2/4\nC", "C4:1/16"),  # a metre below 3/4 means sixteenths
        ("M:6/8\nC", "C4:1/8"),
        ("K:G\nFf", "F#4:1/8 F#5:1/8"),
        ("K:Dm\nB _E ^F", "A#4:1/8 D#4:1/8 F#4:1/8"),
        ("K:D\n=F F|F", "F4:1/8 F4:1/8 F#4:1/8"),  # an accidental holds to the end of the bar
        ("^F f F", "F#4:1/8 F5:1/8 F#4:1/8"),  # and in its octave
        ("C2- C2 C-|C D-E", "C4:1/2 C4:1/4 D4:1/8 E4:1/8"),
        ("C>D E<F", "C4:3/16 D4:1/16 E4:1/16 F4:3/16"),
        ("(3CDE F", "C4:1/12 D4:1/12 E4:1/12 F4:1/8"),
        ("[CEG]2 C", "G4:1/4 C4:1/8"),
        ('"Am"A !trill!B {cd}c .d (ef) % remark', "A4:1/8 B4:1/8 C5:1/8 D5:1/8 E5:1/8 F5:1/8"),
        ("|:CD:|E", "C4:1/8 D4:1/8 C4:1/8 D4:1/8 E4:1/8"),
        ("CD:|E", "C4:1/8 D4:1/8 C4:1/8 D4:1/8 E4:1/8"),
        ("C||D:|", "C4:1/8 D4:1/8 D4:1/8"),
        ("|:C|1D:|2E|]", "C4:1/8 D4:1/8 C4:1/8 E4:1/8"),
        ("|:C::D:|", "C4:1/8 C4:1/8 D4:1/8 D4:1/8"),
        ("C[K:D]F[L:1/4]C", "C4:1/8 F#4:1/8 C#4:1/4"),
        ("C ? ; §D", "C4:1/8 D4:1/8"),
    ],
)
def test_text_becomes_notes(text: str, notes: str) -> None:
    assert notes_to_text(read_abc(text)) == notes


@pytest.mark.parametrize(
    ("key", "altered"),
    [("C", ""), ("G", "F"), ("A major", "FCG"), ("Em", "F"), ("F#min", "FCG"), ("A dorian", "F"), ("D mix", "F"),
     ("E phrygian", ""), ("none", "")],
)  # fmt: skip
def test_a_key_says_what_is_sharp(key: str, altered: str) -> None:
    assert key_signature(key) == dict.fromkeys(altered, 1)


def test_a_key_says_what_is_flat() -> None:
    assert key_signature("F") == key_signature("Dm") == {"B": -1}
    assert key_signature("Cm") == key_signature("Eb major") == dict.fromkeys("BEA", -1)


def test_a_whole_tune_is_read() -> None:
    tune = "X:1\nT:A scale\nM:6/8\nQ:1/4=120\nK:D\n|:DEF GAB|A3 d3:|\n"
    notes = read_abc(tune)
    assert total(notes) == 4 * Fraction(6, 8)
    assert notes_to_text(notes).startswith("D4:1/8 E4:1/8 F#4:1/8")


def test_metre_and_key_can_come_from_outside() -> None:
    assert notes_to_text(read_abc("f", metre="2/4", key="G")) == "F#5:1/16"


@pytest.mark.parametrize("text", ["", "|||", "X:1\nK:G\n", "z4|", "? 12 :|:|"])
def test_a_text_without_notes_is_refused(text: str) -> None:
    with pytest.raises(DataError, match="no note"):
        read_abc(text)


def test_repeats_without_end_end() -> None:
    assert len(read_abc("C" + "|:C:|" * 500)) < 1_000


@pytest.mark.parametrize("text", ["A" + "/" * 18_000, "A" + "/999" * 2_000, "L:999/1\nA999 z999", "A-" * 2_000 + "|"])
def test_lengths_beyond_reason_do_no_harm(text: str) -> None:
    notes = read_abc(text)
    assert len(notes_to_text(notes)) < 20
    assert all(note.length <= 16 for note in notes)


def test_a_text_far_longer_than_a_tune_is_refused() -> None:
    with pytest.raises(DataError, match="60,001 characters; expected one tune"):
        read_abc(":" * 60_000 + "A")


def test_a_sound_lasts_ten_minutes_at_most() -> None:
    assert len(synthesise([Note(None, Fraction(16))] * 100, rate=100)) == 60_000
