"""Answers in the data's own units: forecasts, ratings, transcripts and captions, and the figures that judge them."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import engine
from engine.errors import ConfigError, DataError
from engine.training.baselines import baselines
from engine.training.batches import Stretches
from engine.training.defaults import settings_for
from tests.engine.small import Case, data, small_training

NOISE = 0.3


@cache
def seasons() -> engine.Dataset:
    """Two columns with seasons of twelve steps, far from zero, with noise of a known size."""
    t = np.arange(400)
    rng = np.random.default_rng(0)
    both = np.stack([100 + 3 * np.sin(t * np.pi / 6), -50 + 30 * np.cos(t * np.pi / 6)], axis=1)
    return engine.make_dataset(both + rng.normal(0, [NOISE, 10 * NOISE], both.shape), "series")


@cache
def trained(number_loss: str = "gaussian") -> engine.Model:
    config = engine.ModelConfig(architecture="many-to-many", cell="gru", hidden_size=24, number_loss=number_loss)
    model = engine.build_model(config, seasons())
    training = engine.TrainingConfig(epochs=25, batch_size=16, learning_rate=0.01, window=36, schedule="cosine")
    for _ in engine.Trainer(model, seasons(), training):
        pass
    return model


def test_a_trained_network_reaches_the_noise_and_beats_every_baseline() -> None:
    metrics = engine.evaluate(trained(), seasons().validation)
    found = baselines(seasons(), "many-to-many")
    assert {one.name for one in found} == {"mean", "last value", "seasonal naive", "linear autoregression"}
    assert [one.loss for one in found] == sorted((one.loss for one in found), reverse=True)
    assert all(metrics.loss < one.loss for one in found if one.name != "linear autoregression")
    assert metrics.mae < 1.25 * (NOISE + 10 * NOISE) / 2 * np.sqrt(2 / np.pi)
    assert 0.75 <= metrics.coverage <= 1
    assert metrics.r2 > 0.95


def test_a_forecast_is_in_own_units_with_a_band_that_holds_what_came() -> None:
    history, future = seasons().train[0].source, seasons().validation[0].target
    forecast = trained().forecast(history, steps=24, draws=7, seed=3)
    assert forecast.mean.shape == forecast.deviation.shape == (24, 2)
    assert forecast.draws.shape == (7, 24, 2)
    truth = future[:24]
    assert np.abs(forecast.mean - truth).mean(axis=0) == pytest.approx([0, 0], abs=1.5 * 10 * NOISE)
    inside = (forecast.lower <= truth) & (truth <= forecast.upper)
    assert 0.7 <= inside.mean() <= 1
    assert (forecast.lower < forecast.mean).all()
    assert (forecast.mean < forecast.upper).all()
    again = trained().forecast(history, steps=24, draws=7, seed=3)
    np.testing.assert_array_equal(forecast.draws, again.draws)
    assert not np.array_equal(forecast.draws, trained().forecast(history, steps=24, draws=7, seed=4).draws)


def test_the_first_step_is_what_the_network_says_of_the_next_value() -> None:
    model, history = trained(), seasons().train[0].source[:50]
    forecast = model.forecast(history, steps=1)
    trace = engine.trace(model, engine.Example(np.vstack([history, history[-1:]]), history[-1:]))
    assert trace.means is not None
    assert trace.deviations is not None
    np.testing.assert_allclose(forecast.mean[0], trace.means[-1], rtol=1e-4)
    np.testing.assert_allclose(forecast.deviation[0], trace.deviations[-1], rtol=1e-4)


def test_without_a_learned_spread_means_are_fed_back_and_nothing_can_be_drawn() -> None:
    model, history = trained("squared"), seasons().train[0].source
    forecast = model.forecast(history, steps=6)
    assert np.isfinite(forecast.mean).all()
    assert np.isnan(forecast.deviation).all()
    assert np.isnan(forecast.lower).all()
    assert forecast.draws.shape == (0, 6, 2)
    assert np.abs(forecast.mean - seasons().validation[0].target[:6]).mean() < 10 * NOISE
    assert "coverage" not in engine.evaluate(model, seasons().validation).values
    with pytest.raises(ConfigError, match="learned only the mean"):
        model.forecast(history, draws=3)
    losses = [one.loss for one in baselines(seasons(), "many-to-many", "squared")]
    assert engine.evaluate(model, seasons().validation).loss < min(losses[:3])


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"steps": 0}, "steps is 0; expected a whole number from 1"),
        ({"steps": 1.5}, "steps is 1.5; expected a whole number from 1"),
        ({"steps": "3"}, "steps is '3'; expected a whole number from 1"),
        ({"steps": True}, "steps is True; expected a whole number from 1"),
        ({"draws": -1}, "draws is -1; expected a whole number from 0"),
        ({"seed": None}, "seed is None; expected a whole number from 0"),
    ],
)
def test_impossible_forecasts_are_refused_in_words(asked: dict[str, Any], words: str) -> None:
    with pytest.raises(ConfigError, match=words):
        trained().forecast(seasons().train[0].source, **asked)


def test_steps_may_be_a_whole_number_of_numpy() -> None:
    assert trained().forecast(seasons().train[0].source, steps=np.int64(2)).mean.shape == (2, 2)


@pytest.mark.parametrize(
    ("architecture", "kind"),
    [("many-to-many", "series"), ("many-to-one", "labelled-series"), ("many-to-one", "rated"),
     ("encoder-decoder", "speech"), ("one-to-many", "pictures")],
)  # fmt: skip
def test_a_network_with_enormous_weights_answers_without_a_warning(architecture: str, kind: str) -> None:
    model = Case(architecture, kind, "gru").model("float32")
    model.parameters.flat[:] = 3e38
    example = data(kind).train[0]
    getattr(model, str(model.verb))(example.source)
    for look in (engine.trace, engine.memory, engine.gradient_flow):
        with suppress(DataError):  # a rating of 1e38 is refused
            look(model, example if look is engine.trace else example.source)


def test_a_network_with_enormous_weights_forecasts_no_numbers() -> None:
    model = Case("many-to-many", "series", "gru").model("float32")
    model.parameters.flat[:] = 3e38
    assert not (np.abs(model.forecast(np.ones((5, 2)), steps=3).mean) < 1e30).any()


def test_a_forecast_that_takes_too_much_memory_is_refused() -> None:
    history = seasons().train[0].source
    with pytest.raises(ConfigError, match="1,000,000,000 steps of 200 futures"):
        trained().forecast(history, steps=10**9)
    with pytest.raises(ConfigError, match="expected fewer steps or draws"):
        trained().forecast(history, draws=10**9)


def test_values_that_do_not_fit_are_refused_in_words() -> None:
    with pytest.raises(DataError, match="2 columns"):
        trained().forecast([1.0, 2.0])
    with pytest.raises(DataError, match="inf at step 2"):
        trained().forecast([[1.0, 2.0], [np.inf, 1]])
    with pytest.raises(ConfigError, match="cannot classify"):
        trained().classify([[1.0, 2.0]])


def test_what_comes_before_the_counted_values_is_read_and_not_counted() -> None:
    model = Case("many-to-many", "series", "gru").model()
    whole = data("series").train[8]
    late = engine.Example(whole.source, whole.source[-5:])
    nats, count = model.loss([late])
    assert count == 5 * 2
    pieces = [model.loss([engine.Example(whole.source[: t + 1], whole.source[t : t + 1])])[0] for t in range(-6, -1)]
    last = model.loss([engine.Example(whole.source, whole.source[-1:])])[0]
    assert nats == pytest.approx(sum(pieces[1:]) + last)


def test_windows_cover_a_series_and_depend_on_the_epoch_and_the_seed_alone() -> None:
    dataset = engine.make_dataset(np.random.default_rng(0).normal(size=300), "series")
    stretches = Stretches(dataset.train, 8, 32, seed=1)
    first = [stretches.batch(step) for step in range(stretches.steps_per_epoch)]
    again = Stretches(dataset.train, 8, 32, seed=1)
    assert sum(len(batch) for batch in first) == stretches.count
    seen = np.unique(np.concatenate([batch.source.packed[:, 0] for batch in first]))
    assert len(seen) > 0.95 * len(np.unique(dataset.train.source.packed))
    for step in (2, 0, 1):
        np.testing.assert_array_equal(again.batch(step).source.packed, first[step].source.packed)
    other = stretches.batch(stretches.steps_per_epoch).source.packed
    assert not np.array_equal(other, first[0].source.packed)
    for batch in first:
        for source, target in zip(batch.source, batch.target, strict=True):
            np.testing.assert_array_equal(source[1:], target)


def test_values_before_a_window_are_read_and_not_counted_where_the_network_counts_from_them() -> None:
    dataset = engine.make_dataset(np.random.default_rng(0).normal(size=300), "series")
    batch = Stretches(dataset.train, 8, 32, seed=1, context=12).batch(0)
    for source, target in zip(batch.source, batch.target, strict=True):
        assert (len(source), len(target)) == (45, 32)
        np.testing.assert_array_equal(source[-32:], target)
    short = engine.make_dataset(np.random.default_rng(0).normal(size=20), "series")
    batch = Stretches(short.train, 8, 32, seed=1, context=12).batch(0)
    assert (len(batch.source[0]), len(batch.target[0])) == (18, 17)


def test_series_shorter_than_the_window_are_read_as_they_are() -> None:
    dataset = data("series")
    batch = Stretches(dataset.train, 4, 64, seed=0).batch(0)
    assert set(map(len, batch.source)) <= set(map(len, dataset.train.source))


@cache
def rater() -> engine.Trainer:
    rng = np.random.default_rng(0)
    words = {"awful": -2, "poor": -1, "fine": 1, "great": 2, "film": 0, "the": 0}
    rows = []
    for _ in range(300):
        chosen = [str(word) for word in rng.choice(list(words), rng.integers(1, 5))]
        rows.append((" ".join(chosen), 10 + sum(words[word] for word in chosen)))
    dataset = engine.make_dataset(rows, "rated", unit="word")
    config = engine.ModelConfig(architecture="many-to-one", cell="gru", hidden_size=16, embedding_size=8)
    trainer = engine.Trainer(engine.build_model(config, dataset), dataset, small_training(epochs=30, batch_size=16))
    for _ in trainer:
        pass
    return trainer


def test_a_text_is_rated_in_own_units() -> None:
    trainer = rater()
    model, found = trainer.model, trainer.model.rate("great great film")
    assert found.value == pytest.approx(14, abs=0.8)
    assert 0 < found.deviation < 2
    assert model.rate("awful").value < model.rate("poor").value < model.rate("fine").value
    assert trainer.final is not None
    beaten = baselines(trainer.dataset, "many-to-one")
    assert [one.name for one in beaten] == ["mean", "bag of words"]
    assert trainer.final.mae < beaten[0].values["mae"] / 3


def test_sounds_are_labelled_from_an_array_and_pictures_captioned_from_pixels() -> None:
    model = Case("many-to-one", "labelled-series", "gru").model("float32")
    probabilities = model.classify(data("labelled-series").train[0].source)
    assert sum(probabilities.values()) == pytest.approx(1)
    captioner = Case("one-to-many", "pictures", "lstm").model("float32")
    picture = data("pictures").train[0].source
    first, *_ = captioner.caption(picture, beam_size=3)
    assert first.attention is None
    assert captioner.caption((picture * 255).round().astype(np.uint8), beam_size=1)
    reader = Case("encoder-decoder", "speech", "gru", {"attention": True}).model("float32")
    frames = data("speech").train[0].source
    best = reader.transcribe(frames, beam_size=2)[0]
    assert best.attention is not None
    assert best.attention.shape[1] == len(frames)


@pytest.mark.parametrize(
    ("architecture", "kind", "task"),
    [("many-to-many", "series", ""), ("many-to-one", "rated", ""), ("many-to-one", "labelled-series", ""),
     ("encoder-decoder", "speech", "writes down what is said"),
     ("one-to-many", "pictures", "writes captions of pictures")],
)  # fmt: skip
def test_what_cannot_be_exported_is_refused_in_words(tmp_path: Path, architecture: str, kind: str, task: str) -> None:
    model = Case(architecture, kind, "gru").model("float32")
    if task:
        with pytest.raises(engine.StorageError, match=f"there is no ONNX form of a network that {task}"):
            engine.export_onnx(model, tmp_path / "model.onnx")
    words = f"there is no PyTorch form of a network that {task}" if task else "this one can be written as ONNX"
    with pytest.raises(engine.StorageError, match=words):
        engine.export_pytorch(model, tmp_path / "folder")
    engine.export_predictions(model, data(kind), tmp_path / "predictions.csv")
    assert len((tmp_path / "predictions.csv").read_text().splitlines()) > 1


@pytest.mark.parametrize("lag", [1, 5])
def test_with_a_lag_a_network_that_says_nothing_repeats_what_was_so_long_before(lag: int) -> None:
    model = Case("many-to-many", "series", "gru", {"lag": lag}).model()
    model.parameters["output.weight"][:] = 0
    model.parameters["output.bias"][:] = [0, 0, -20, -20]
    values = data("series").train[9].source
    forecast = model.forecast(values, steps=7)
    wanted = [values[-lag + t % lag] for t in range(7)]
    np.testing.assert_allclose(forecast.mean, wanted, atol=0.05)
    seen = engine.trace(model, engine.Example(values, values[1:]))
    assert seen.means is not None
    before = values[np.maximum(np.arange(len(values) - 1) + 1 - lag, 0)]
    np.testing.assert_allclose(seen.means, before, atol=1e-6)


def test_a_trend_is_followed_beyond_what_was_seen() -> None:
    t = np.arange(150)
    values = 3 * t + 20 * np.sin(t * np.pi / 6) + np.random.default_rng(0).normal(size=150)
    dataset = engine.make_dataset(values, "series")
    model, training = settings_for(dataset, None, {}, {})
    assert model.lag > 0
    trainer = engine.Trainer(engine.build_model(model, dataset), dataset, replace(training, epochs=25))
    for _ in trainer:
        pass
    forecast = trainer.model.forecast(values[:135], steps=12)
    naive = np.abs(values[12:135] - values[:123]).mean()
    assert np.abs(forecast.mean[:, 0] - values[135:147]).mean() < naive / 2
