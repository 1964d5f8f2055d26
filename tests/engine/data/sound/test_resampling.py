"""A resampled sound is the same sound: tones stay what they are, and what no longer fits is gone."""

from __future__ import annotations

import numpy as np
import pytest

from engine.data.sound.resampling import resample


def fading_tone(frequency: float, rate: int, count: int) -> np.ndarray:
    """A tone that begins and ends in silence, so that a filter sees no edge."""
    t = np.arange(count) / rate
    return (np.sin(2 * np.pi * frequency * t) * np.sin(np.pi * t / 0.25) ** 2 * (t < 0.25)).astype(np.float32)


RATES = [(44_100, 16_000), (48_000, 8_000), (8_000, 16_000), (22_050, 16_000), (11_025, 8_000)]


@pytest.mark.parametrize(("rate", "wanted"), RATES)
def test_a_tone_is_the_tone_sampled_at_the_new_rate(rate: int, wanted: int) -> None:
    new = resample(fading_tone(1_000, rate, rate // 3), rate, wanted)
    assert len(new) == -(-(rate // 3) * wanted // rate)
    np.testing.assert_allclose(new, fading_tone(1_000, wanted, len(new)), atol=1e-5)


@pytest.mark.parametrize(("rate", "wanted"), [pair for pair in RATES if pair[1] < pair[0]])
def test_a_tone_too_high_for_the_new_rate_is_silent(rate: int, wanted: int) -> None:
    new = resample(fading_tone(wanted / 2 * 1.08, rate, rate // 3), rate, wanted)
    assert np.abs(new).max() < 1e-4


def test_the_same_rate_changes_nothing() -> None:
    sound = np.ones(5, np.float32)
    assert resample(sound, 8_000, 8_000) is sound


def test_a_rate_that_no_device_has_needs_no_more_filters_than_a_usual_one() -> None:
    new = resample(fading_tone(1_000, 96_001, 32_000), 96_001, 16_000)
    np.testing.assert_allclose(new, fading_tone(1_000, 16_000, len(new)), atol=2e-2)
