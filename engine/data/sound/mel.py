"""Log-mel frames: what a spectrogram shows, on a scale of pitch like the ear's."""

from __future__ import annotations

from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

# Slaney's scale (Auditory Toolbox, 1998): linear up to 1,000 Hz, then 27 steps for each factor of 6.4.
_LINEAR: Final = 200 / 3  # Hz for each mel
_BEND: Final = 1000.0  # Hz
_STEP: Final = np.log(6.4) / 27
_FAINTEST: Final = 1e-10  # power; the logarithm of silence
_FRAMES_AT_ONCE: Final = 1 << 12
_FINENESS: Final = 1 << 16  # values are multiples of 1/65,536, far below what can be heard


def hz_to_mel(hz: NDArray[np.float64]) -> NDArray[np.float64]:
    """Frequencies in Hz, of any shape → the same in mel."""
    return np.where(hz < _BEND, hz / _LINEAR, _BEND / _LINEAR + np.log(np.maximum(hz, _BEND) / _BEND) / _STEP)


def mel_to_hz(mel: NDArray[np.float64]) -> NDArray[np.float64]:
    """Frequencies in mel, of any shape → the same in Hz."""
    bend = _BEND / _LINEAR
    return np.where(mel < bend, mel * _LINEAR, _BEND * np.exp(_STEP * (np.maximum(mel, bend) - bend)))


def mel_centres(rate: int, bands: int) -> NDArray[np.float64]:
    """(bands,) the frequency in the middle of each band, in Hz."""
    return mel_to_hz(np.linspace(0, hz_to_mel(np.array(rate / 2)), bands + 2))[1:-1]


@cache
def mel_filters(rate: int, size: int, bands: int) -> NDArray[np.float32]:
    """(size/2 + 1, bands): triangles of equal area, equally spaced in mel from 0 to half the rate.

    size: points of the Fourier transform. The same as librosa.filters.mel(sr=rate, n_fft=size, n_mels=bands).T
    """
    centres = mel_to_hz(np.linspace(0, hz_to_mel(np.array(rate / 2)), bands + 2))
    bins = np.fft.rfftfreq(size, 1 / rate)[:, None]
    low, middle, high = centres[:-2], centres[1:-1], centres[2:]
    rising, falling = (bins - low) / (middle - low), (high - bins) / (high - middle)
    filters = np.clip(np.minimum(rising, falling), 0, None) * 2 / (high - low)
    out = filters.astype(np.float32)
    out.flags.writeable = False
    return out


def transform_size(window: int) -> int:
    """Points of the Fourier transform of a window: the next power of two."""
    return 1 << (window - 1).bit_length()


def log_mel(
    samples: NDArray[np.float32], rate: int, *, window: float = 0.025, hop: float = 0.010, bands: int = 40
) -> NDArray[np.float32]:
    """(n,) → (T, bands): the natural logarithm of the power in each band of pitch.

    window, hop: seconds that a frame covers, and from one frame to the next. Frame t begins at sample t·hop; a sound
    shorter than one frame is filled up with silence. Hann window, centred in the next power of two of samples.
    A run knows its data by their fingerprint, so the same sound has the same frames on every computer: what depends on
    the processor or on its number of cores is rounded off.
    """
    width, step = max(1, round(window * rate)), max(1, round(hop * rate))
    size = transform_size(width)
    if len(samples) < size:
        samples = np.pad(samples, (0, size - len(samples)))
    weights = np.zeros(size, np.float32)
    begin = (size - width) // 2
    weights[begin : begin + width] = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(width) / width)
    filters = mel_filters(rate, size, bands)
    frames = np.lib.stride_tricks.sliding_window_view(samples, size)[::step]
    out = np.empty((len(frames), bands), np.float32)
    for first in range(0, len(frames), _FRAMES_AT_ONCE):
        spectrum = np.fft.rfft(frames[first : first + _FRAMES_AT_ONCE] * weights)
        power = np.square(spectrum.real, dtype=np.float64) + np.square(spectrum.imag, dtype=np.float64)
        logs = np.log(np.maximum(_in_bands(power, filters), _FAINTEST))
        out[first : first + _FRAMES_AT_ONCE] = np.round(logs * _FINENESS) / _FINENESS
    return out


def _in_bands(power: NDArray[np.float64], filters: NDArray[np.float32]) -> NDArray[np.float64]:
    """(T, F), (F, bands) → (T, bands): their product. A library for matrices would add up in an order that depends on
    the number of cores, and would multiply by all the zeros."""
    out = np.zeros((len(power), filters.shape[1]))
    for band, weights in enumerate(filters.T):
        (used,) = weights.nonzero()
        if len(used):
            part = slice(used[0], used[-1] + 1)
            out[:, band] = np.einsum("tf,f->t", power[:, part], weights[part])
    return out
