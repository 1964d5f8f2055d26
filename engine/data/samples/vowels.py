"""English vowels in voices of many pitches and sizes, made from a buzz and the formants of the mouth.

Formants: Peterson and Barney, "Control Methods Used in a Study of the Vowels" (1952), men. A voice is a harmonic sound
whose partials are as strong as the formants let them through (Klatt, 1980), so no filter has to run sample by sample.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from engine.data.samples.telephone import SOUND
from engine.data.sound.frames import frames_of

EACH: Final = 150  # recordings of each vowel
RATE: Final = SOUND.sound_rate
FORMANTS: Final = {  # Hz, by a word that contains the vowel
    "heed": (270, 2290, 3010),
    "hid": (390, 1990, 2550),
    "head": (530, 1840, 2480),
    "had": (660, 1720, 2410),
    "hod": (730, 1090, 2440),
    "hawed": (570, 840, 2410),
    "who'd": (300, 870, 2240),
    "heard": (490, 1350, 1690),
}
_WIDTHS: Final = np.array([60.0, 90.0, 150.0])  # Hz of the formants
_EDGE: Final = 0.03  # seconds in which a sound begins and ends
_PITCH: Final = 140.0  # Hz, of a voice of the usual size


def vowel_sound(vowel: str, generator: np.random.Generator) -> NDArray[np.float32]:
    """(n,): one vowel spoken by one voice."""
    size = generator.normal(1, 0.06)  # of the throat: the smaller it is, the higher are all formants
    t = np.arange(round(generator.uniform(0.2, 0.45) * RATE)) / RATE
    glide = generator.uniform(-0.15, 0.15) * t / t[-1]
    pitch = _PITCH * generator.uniform(0.7, 1.7) / size * (1 + glide + 0.01 * np.sin(2 * np.pi * 5 * t))
    formants = np.array(FORMANTS[vowel]) / size * generator.normal(1, 0.02, 3)
    cycles = np.cumsum(pitch) / RATE
    partials = np.arange(1, int(RATE / 2 / pitch.max()) + 1)
    heights = partials * pitch.mean()
    strength = _passed(heights, formants) / partials  # the voice itself loses 6 dB an octave
    turning, waves = np.exp(2j * np.pi * cycles), np.zeros(len(t), np.complex128)
    for one in strength[::-1]:  # Σ strength · turningᵏ, summed by Horner's rule, without a sine for each partial
        waves = (waves + one) * turning
    sound = waves.imag
    edge = np.minimum(1, np.minimum(t, t[::-1]) / _EDGE)
    sound *= edge * generator.uniform(0.1, 0.5) / np.abs(sound).max()
    noise = generator.normal(0, generator.uniform(0.001, 0.01), len(t))
    return np.asarray(sound + noise, np.float32)


def vowels(seed: int = 0) -> list[tuple[NDArray[np.float32], str]]:
    """((T, bands) log-mel frames, "heed"), …"""
    generator = np.random.default_rng(seed)
    return [
        (frames_of(vowel_sound(vowel, generator), SOUND).round(2), vowel) for _ in range(EACH) for vowel in FORMANTS
    ]


def _passed(hz: NDArray[np.float64], formants: NDArray[np.float64]) -> NDArray[np.float64]:
    """(n,): the combined gain of resonators in series at each frequency."""
    f = hz[:, None]
    resonance = formants**2 / np.sqrt((formants**2 - f**2) ** 2 + (_WIDTHS * f) ** 2)
    return np.asarray(resonance.prod(axis=1))
