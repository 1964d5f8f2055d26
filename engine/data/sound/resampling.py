"""Changes how many samples make a second of a sound."""

from __future__ import annotations

from fractions import Fraction
from typing import Final

import numpy as np
from numpy.typing import NDArray

_ZEROS: Final = 32  # zero crossings of the sinc on either side: the filter's sharpness
_BETA: Final = 9.0  # of the Kaiser window: about 90 dB between what passes and what does not
_MOST_PHASES: Final = 1000  # more than any two usual rates need
_PASSED: Final = 0.92  # of the narrower band; the rest is the filter's slope


def resample(samples: NDArray[np.float32], rate: int, wanted: int) -> NDArray[np.float32]:
    """(n,) → (⌈n·wanted/rate⌉,): the same sound with `wanted` samples per second.

    A windowed sinc, evaluated where the new samples lie; they lie at `up` different places between two old ones, so
    `up` filters suffice (polyphase). Frequencies that the new rate cannot hold are removed, not folded down.
    A ratio of odd rates that would need more than a thousand is replaced by the nearest one that does not.
    Source: Smith, "Digital Audio Resampling".
    """
    if rate == wanted:
        return samples
    down, up = Fraction(rate, wanted).limit_denominator(_MOST_PHASES).as_integer_ratio()
    band = min(1.0, up / down) * _PASSED  # cut-off, as a share of what the old rate holds
    half = int(np.ceil(_ZEROS / band))
    taps = np.arange(-half + 1, half + 1)
    # Phase p stands at p·down/up of an old sample: the whole part says where its taps lie, the rest which filter.
    phases = np.arange(up)
    places, rests = np.divmod(phases * down, up)
    distance = taps - (rests / up)[:, None]
    window = np.i0(_BETA * np.sqrt(np.clip(1 - (distance / half) ** 2, 0, None))) / np.i0(_BETA)
    filters = (band * np.sinc(band * distance) * window).astype(np.float32)
    count = -(-len(samples) * up // down)
    blocks = -(-count // up)  # of `up` new samples, one for each phase
    padded = np.zeros(blocks * down + 2 * half, np.float32)
    padded[half - 1 : half - 1 + len(samples)] = samples
    around = np.lib.stride_tricks.sliding_window_view(padded, 2 * half)
    out = np.empty((blocks, up), np.float32)
    for phase in range(up):
        # Not a product of matrices, whose last digits depend on the number of cores.
        out[:, phase] = np.einsum("ij,j->i", around[places[phase] :: down][:blocks], filters[phase])
    return out.reshape(-1)[:count]
