"""Synthesises a tune from sine waves."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from engine.data.music.notes import Note, total

RATE: Final = 22_050  # samples per second
_PARTIALS: Final = ((1, 1.0), (2, 0.45), (3, 0.25), (4, 0.12), (5, 0.06))  # multiple of the pitch, strength
_ATTACK, _RELEASE = 0.01, 0.03  # seconds in which a tone begins and ends, so that it does not click
_DECAY: Final = 1.5  # seconds in which a tone fades to a third
_LOUDEST: Final = 0.8
_MOST_SECONDS: Final = 600


def frequency(pitch: int) -> float:
    """Frequency in Hz, in equal temperament with the A above middle C at 440."""
    return float(440 * 2 ** ((pitch - 69) / 12))


def synthesise(notes: Sequence[Note], tempo: float = 112, rate: int = RATE) -> NDArray[np.float32]:
    """(n,) samples from -1 to 1, of the first ten minutes. tempo: quarter notes in a minute."""
    seconds = 4 * 60 / tempo  # of a whole note
    out = np.zeros(round(min(float(total(notes)) * seconds, _MOST_SECONDS) * rate), np.float32)
    at = 0.0
    for note in notes:
        begin, at = round(at * seconds * rate), at + float(note.length)
        end = min(round(at * seconds * rate), len(out))
        if begin >= len(out):
            break
        if note.pitch is not None:
            out[begin:end] = _tone(frequency(note.pitch), end - begin, rate)
    loudest = float(np.abs(out).max(initial=0))
    return out * np.float32(_LOUDEST / loudest) if loudest else out


def _tone(pitch: float, count: int, rate: int) -> NDArray[np.float32]:
    t = np.arange(count) / rate
    audible = [(multiple, strength) for multiple, strength in _PARTIALS if multiple * pitch < rate / 2]
    wave = np.zeros(count)
    for multiple, strength in audible:
        wave += strength * np.sin(2 * np.pi * multiple * pitch * t)
    envelope = np.minimum(1, t / _ATTACK) * np.minimum(1, t[::-1] / _RELEASE) * np.exp(-t / _DECAY)
    tone: NDArray[np.float32] = (wave * envelope).astype(np.float32)
    return tone
