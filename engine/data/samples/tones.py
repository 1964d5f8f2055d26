"""Numbers dialled on a telephone: each key plays two tones at once, here with noise. Source: ITU-T Q.23."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from engine.data.samples.telephone import SOUND
from engine.data.sound.frames import frames_of

COUNT: Final = 3_300  # recordings
RATE: Final = SOUND.sound_rate
_ROWS: Final = (697, 770, 852, 941)  # Hz
_COLUMNS: Final = (1209, 1336, 1477)
_KEYS: Final = ("123", "456", "789", "*0#")
TONES: Final = {key: (_ROWS[i], _COLUMNS[j]) for i, row in enumerate(_KEYS) for j, key in enumerate(row)}
_FEWEST, _MOST = 3, 6  # digits
_SHORTEST, _LONGEST = 0.06, 0.12  # seconds of a tone, and of a pause


def dialled(number: str, generator: np.random.Generator) -> NDArray[np.float32]:
    """(n,): the sound of dialling a number."""
    pieces = [_pause(generator)]
    for key in number:
        t = np.arange(_samples(generator), dtype=np.float32) * np.float32(2 * np.pi / RATE)
        level = generator.uniform(0.15, 0.35)
        tilt = generator.uniform(0.7, 1.4)  # strength of the higher tone
        low, high = TONES[key]
        start = generator.uniform(0, 2 * np.pi, 2).astype(np.float32)
        tone = np.sin(low * t + start[0]) + np.float32(tilt) * np.sin(high * t + start[1])
        pieces += [np.float32(level) * tone, _pause(generator)]
    sound = np.concatenate(pieces)
    noise = np.float32(generator.uniform(0.01, 0.08)) * generator.standard_normal(len(sound), np.float32)
    return sound + noise


def tones(seed: int = 0) -> list[tuple[NDArray[np.float32], str]]:
    """((T, bands) log-mel frames, "40771"), …, no number twice."""
    generator = np.random.default_rng(seed)
    rows: dict[str, NDArray[np.float32]] = {}
    while len(rows) < COUNT:
        number = "".join(map(str, generator.integers(0, 10, generator.integers(_FEWEST, _MOST + 1))))
        if number not in rows:
            rows[number] = frames_of(dialled(number, generator), SOUND).round(2)
    return [(frames, number) for number, frames in rows.items()]


def _samples(generator: np.random.Generator) -> int:
    return round(generator.uniform(_SHORTEST, _LONGEST) * RATE)


def _pause(generator: np.random.Generator) -> NDArray[np.float32]:
    return np.zeros(_samples(generator), np.float32)
