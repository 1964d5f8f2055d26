"""The samples of numbers and tunes, with the settings they ship with."""

from __future__ import annotations

from collections.abc import Callable

from engine import SAMPLES, Model, ModelConfig, TrainingConfig
from engine.data.samples.sunspots import NOISE as SPOT_NOISE
from engine.data.samples.waves import NOISE as WAVE_NOISE
from tests.results import measures, number_measures, sources
from tests.results.cycles_filter import best_forecasts
from tests.results.experiment import Data, Experiment, Figures, Texts


def of_sample(name: str) -> tuple[ModelConfig, TrainingConfig]:
    """The settings a sample ships with."""
    sample = SAMPLES[name]
    model = {key: value for key, value in sample.settings.items() if key in ModelConfig.options()}
    training = {key: value for key, value in sample.settings.items() if key in TrainingConfig.options()}
    return ModelConfig.from_json({"architecture": sample.architecture, **model}), TrainingConfig.from_json(training)


def _one(
    name: str,
    task: str,
    report: Callable[[Model, Data], Figures],
    figure: str,
    target: float,
    smaller_is_better: bool = False,
    texts: Callable[[Model], Texts] | None = None,
) -> Experiment:
    return Experiment(
        f"sample-{name}",
        task,
        sources.sample(name),
        *of_sample(name),
        report,
        figure,
        target,
        smaller_is_better,
        within=2.0,
        texts=texts,
    )


OF_NUMBERS = (
    _one("waves", "next value of two sines in noise", number_measures.foretold(WAVE_NOISE), "ratio", 1.1, True),
    _one("sunspots-like", "next value of cycles in noise",
         number_measures.foretold(SPOT_NOISE, best_forecasts), "ratio", 1.1, True),
    _one("walking", "ways of walking", measures.accuracy, "accuracy", 0.95),
    _one("vowels", "synthesised vowels, other voices", measures.accuracy, "accuracy", 0.98),
    _one("tones", "numbers dialled in noise → digits", number_measures.transcribed, "exact", 0.98),
    _one("shapes", "captions of pairs of shapes never seen together", number_measures.captioned, "exact", 0.95),
    _one("ratings", "reviews → one to five stars, as a number", number_measures.rated, "mae", 0.3, True),
    _one("tunes", "tunes written for a metre and a key", number_measures.composed, "whole", 0.85,
         texts=number_measures.first_tunes),
)  # fmt: skip
