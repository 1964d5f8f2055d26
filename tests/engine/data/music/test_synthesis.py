"""A synthesised tune has the pitches and lengths of its notes."""

from __future__ import annotations

import numpy as np

from engine.data.music.notes import read_notes
from engine.data.music.synthesis import synthesise

RATE = 8_000


def strongest(samples: np.ndarray) -> float:
    """The strongest frequency, in Hz."""
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples))))
    return float(np.argmax(spectrum) * RATE / len(samples))


def test_each_note_has_its_pitch_and_length_and_a_rest_is_silent() -> None:
    samples = synthesise(read_notes("A4:1/4 R:1/4 A5:1/4"), tempo=120, rate=RATE)
    first, rest, last = samples.reshape(3, RATE // 2)
    assert abs(strongest(first) - 440) < 3
    assert np.abs(rest).max() == 0
    assert abs(strongest(last) - 880) < 3
    assert 0.7 < np.abs(samples).max() <= 0.8


def test_tones_do_not_click_and_the_highest_do_not_fold_down() -> None:
    samples = synthesise(read_notes("C4:1/4 G4:1/4"), rate=RATE)
    middle = len(samples) // 2
    assert np.abs(samples[[0, middle - 1, middle, middle + 1, -1]]).max() < 0.02
    assert np.abs(samples[middle : middle + 300]).max() > 0.5
    assert abs(strongest(synthesise(read_notes("B8:1"), rate=RATE))) == 0  # 7,902 Hz cannot be held


def test_only_rests_are_silence() -> None:
    assert not synthesise(read_notes("R:1")).any()
