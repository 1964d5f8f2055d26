"""Log-mel frames are those of librosa.

The numbers below are what librosa 0.11.0 gives for the sound below:
log(maximum(librosa.feature.melspectrogram(y=y, sr=16000, n_fft=512, win_length=400, hop_length=160, n_mels=40,
center=False, power=2.0), 1e-10)), and librosa.filters.mel(sr=8000, n_fft=256, n_mels=24).
"""

from __future__ import annotations

import os
import subprocess
import sys

import numpy as np

from engine.data.sound.mel import hz_to_mel, log_mel, mel_filters, mel_to_hz

BANDS = [0, 5, 12, 20, 27, 39]
LIBROSA = {
    0: [-9.3902, 2.0601, -14.4605, -19.2179, 1.1106, -23.0259],
    7: [-13.9299, -6.0619, -9.9833, -18.1404, 1.1106, -23.0259],
    21: [-20.2065, -16.2322, -8.5837, -14.0444, 1.1106, -23.0259],
}


def test_frames_are_those_of_librosa() -> None:
    t = np.arange(4_000) / 16_000
    sound = 0.5 * np.sin(2 * np.pi * (300 * t + 2_000 * t * t)) + 0.2 * np.sin(2 * np.pi * 3_000 * t)
    frames = log_mel(sound.astype(np.float32), 16_000)
    assert frames.shape == (22, 40)
    assert frames.dtype == np.float32
    for t_, values in LIBROSA.items():
        np.testing.assert_allclose(frames[t_, BANDS], values, atol=2e-3)


def test_filters_are_those_of_librosa() -> None:
    filters = mel_filters(8_000, 256, 24)
    assert filters.shape == (129, 24)
    values = [filters[2, 0], filters[10, 3], filters[45, 11], filters[120, 23], filters.sum()]
    np.testing.assert_allclose(values, [0.0071081, 0.0035472, 0.0, 0.0019279, 0.7679988], atol=1e-6)
    np.testing.assert_allclose(hz_to_mel(np.array([0, 500, 1_000, 4_000.0])), [0, 7.5, 15, 35.16376031])
    np.testing.assert_allclose(mel_to_hz(hz_to_mel(np.array([30, 999, 1_001, 3_999.0]))), [30, 999, 1_001, 3_999])


def test_frames_depend_only_on_what_they_cover() -> None:
    sound = np.random.default_rng(0).normal(size=3_000).astype(np.float32)
    whole, begin = log_mel(sound, 8_000), log_mel(sound[:1_500], 8_000)
    np.testing.assert_allclose(whole[: len(begin)], begin, atol=1e-5)
    assert len(whole) > len(begin)


def test_a_sound_shorter_than_a_frame_is_one_frame_and_silence_is_finite() -> None:
    assert log_mel(np.ones(3, np.float32), 8_000, bands=12).shape == (1, 12)
    assert np.isfinite(log_mel(np.zeros(900, np.float32), 8_000)).all()


HASH = """
import hashlib
import numpy as np
from engine.data.sound.mel import log_mel
from engine.data.sound.resampling import resample
sound = np.random.default_rng(0).normal(size=200_000).astype(np.float32)
print(hashlib.sha256(log_mel(resample(sound, 22_050, 16_000), 16_000).tobytes()).hexdigest())
"""


def test_frames_do_not_depend_on_the_number_of_cores() -> None:
    """Otherwise a run would take its own data for others when it goes on elsewhere."""
    found = set()
    for threads in ("1", "2"):
        environment = os.environ | dict.fromkeys(
            ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), threads
        )
        command = [sys.executable, "-c", HASH]
        found.add(subprocess.run(command, capture_output=True, check=True, timeout=60, env=environment).stdout)
    assert len(found) == 1
