"""What the samples of numbers are made to show is in them."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from engine import Dataset, load_sample
from engine.data.no_use import no_use
from engine.data.samples import SAMPLES
from engine.data.samples.shapes import COLOURS, shapes, unseen_shapes
from engine.data.samples.sunspots import NOISE as SPOT_NOISE
from engine.data.samples.sunspots import sunspots
from engine.data.samples.telephone import SOUND
from engine.data.samples.tones import RATE, TONES, dialled, tones
from engine.data.samples.vowels import FORMANTS, vowel_sound
from engine.data.samples.walking import walking
from engine.data.samples.waves import NOISE as WAVE_NOISE
from engine.data.samples.waves import waves
from engine.data.sound.frames import frames_of
from engine.data.sound.wav import wav_bytes
from engine.errors import ConfigError


@cache
def as_it_is(name: str) -> Dataset:
    """A sample as it is without further choices, made once for all tests."""
    return load_sample(name)


def foretold(values: np.ndarray, lags: int) -> float:
    """The root mean square error of the best linear forecast from some values before, over all of a series."""
    count = len(values) - lags
    before = np.stack([values[k : k + count] for k in range(lags)] + [np.ones(count)], axis=1)
    weights = np.linalg.lstsq(before, values[lags:], rcond=None)[0]
    return float(np.sqrt(np.mean((before @ weights - values[lags:]) ** 2)))


@pytest.mark.parametrize(("made", "noise"), [(waves, WAVE_NOISE), (sunspots, SPOT_NOISE)])
def test_a_series_can_be_foretold_nearly_to_its_noise_and_not_below(
    made: Callable[[], list[np.ndarray]], noise: float
) -> None:
    values = made()[0][:, 0]
    assert noise < foretold(values, 50) < 1.25 * noise
    assert foretold(values, 1) > 1.3 * noise  # one value before says little


def test_walking_backwards_has_the_values_of_walking_forwards() -> None:
    rows = walking()
    spread = {label: np.concatenate([v for v, text in rows if text == label]).std(0) for _, label in rows[:4]}
    np.testing.assert_allclose(spread["forwards"], spread["backwards"], rtol=0.1)
    assert (spread["running"] > 1.3 * spread["forwards"]).all()


def test_a_dialled_key_sounds_its_two_tones() -> None:
    sound = dialled("5", np.random.default_rng(0))
    power = np.abs(np.fft.rfft(sound)) ** 2
    hz = np.fft.rfftfreq(len(sound), 1 / RATE)
    heard = {tone: power[np.abs(hz - tone) < 15].max() for key in "159" for tone in TONES[key]}
    assert sorted(sorted(heard, key=lambda tone: heard[tone])[-2:]) == sorted(TONES["5"]) == [770, 1336]


def test_digits_are_dialled_twice_in_a_row() -> None:
    numbers = [number for _, number in tones()]
    twice = sum(any(a == b for a, b in pairwise(number)) for number in numbers)
    assert 0.2 < twice / len(numbers) < 0.5


def test_a_vowel_is_loudest_near_its_first_formant() -> None:
    for vowel in ("heed", "had", "who'd"):
        sound = vowel_sound(vowel, np.random.default_rng(1))
        power = np.abs(np.fft.rfft(sound * np.hanning(len(sound)))) ** 2
        loudest = np.fft.rfftfreq(len(sound), 1 / SOUND.sound_rate)[np.argmax(power)]
        assert 0.6 < loudest / FORMANTS[vowel][0] < 1.5


def test_shapes_to_be_tested_on_are_never_shown_and_their_parts_are() -> None:
    seen, unseen = ({caption for _, caption in rows} for rows in (shapes(), unseen_shapes()))
    assert len(unseen) > 30
    assert not seen & unseen
    words = {word for caption in seen for word in caption.split()}
    assert {word for caption in unseen for word in caption.split()} <= words


def test_the_picture_shows_what_the_caption_says() -> None:
    for picture, caption in shapes()[:300]:
        words = caption.split()
        if len(words) == 3 or "above" in words or words[1] == words[-2]:
            continue
        left, right = (half.reshape(-1, 3) for half in (picture[:, :8], picture[:, 8:]))
        for side, colour in ((left, words[1]), (right, words[-2])):
            ink = side[side.min(axis=1) < 0.5].mean(axis=0)
            nearest = min(COLOURS, key=lambda name: float(np.abs(ink - COLOURS[name]).sum()))
            assert nearest == colour, caption


def test_shapes_validate_on_what_was_held_out() -> None:
    dataset = as_it_is("shapes")
    assert len(dataset.validation) == len(unseen_shapes())
    held = SAMPLES["shapes"].held_out
    assert held is not None
    assert " ".join(dataset.validation[0].target) == held()[0][1]


@pytest.mark.parametrize("name", ["tones", "shapes"])
def test_texts_beside_numbers_have_no_pieces(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setattr(f"engine.data.samples.{name}.COUNT", 40)
    with pytest.raises(ConfigError, match=r"^target_unit is 'piece', but .*; expected 'character', 'word' or 'token'"):
        load_sample(name, target_unit="piece")


def test_a_sample_is_of_its_own_kind() -> None:
    with pytest.raises(ConfigError, match=r"^kind is 'pairs', but the sample 'walking' is 'labelled-series' data"):
        load_sample("walking", kind="pairs")
    assert load_sample("walking", kind="labelled-series").fingerprint == as_it_is("walking").fingerprint


def test_a_sample_with_rows_of_its_own_to_validate_on_is_not_split_by_a_seed() -> None:
    assert no_use("seed", as_it_is("shapes"), is_sample=True) == "This sample has rows of its own to validate on."
    assert not no_use("seed", load_sample("shapes", validation=0.3), is_sample=True)
    assert not no_use("seed", as_it_is("vowels"), is_sample=True)


def test_samples_of_sounds_say_how_a_file_becomes_their_frames(tmp_path: Path) -> None:
    numbers = as_it_is("vowels").codec.frames
    assert numbers is not None
    sound = vowel_sound("heed", np.random.default_rng(3))
    (tmp_path / "heed.wav").write_bytes(wav_bytes(sound, SOUND.sound_rate))
    read = numbers.read(tmp_path / "heed.wav")
    np.testing.assert_allclose(read, frames_of(sound, SOUND), atol=0.5)
    assert numbers.names[0] == "71 Hz"


def test_the_network_can_know_every_word_of_the_review_that_is_watched() -> None:
    codec = as_it_is("ratings").codec
    assert codec.encode(codec.tokenize(SAMPLES["ratings"].probe)).all()
