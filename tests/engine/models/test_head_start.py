"""A network that answers well before any training says so, and says why; all others say nothing."""

from __future__ import annotations

import numpy as np
import pytest

import engine
from engine.models import MODELS
from engine.models.model import Model
from engine.models.next_value import NextValue

CLASSES = [model for models in MODELS.values() for model in models]


@pytest.mark.parametrize("model", CLASSES, ids=lambda model: model.__name__)
def test_a_network_as_it_is_by_default_only_guesses_before_training(model: type[Model]) -> None:
    assert model.head_start(engine.ModelConfig()) is None


@pytest.mark.parametrize("model", CLASSES, ids=lambda model: model.__name__)
def test_a_setting_without_use_gives_no_head_start(model: type[Model]) -> None:
    for name, value in (("lag", 1), ("word_counts", True)):
        start = model.head_start(engine.ModelConfig(**{name: value}))
        assert (start is None) == (name in model.unused)


@pytest.mark.parametrize(("lag", "value"), [(1, "the last value"), (12, "the value 12 steps before")])
def test_an_untrained_network_with_a_lag_repeats_the_value_that_it_says(lag: int, value: str) -> None:
    t = np.arange(300.0)
    dataset = engine.make_dataset((t + 20 * np.sin(t * np.pi / 6))[:, None], "series")
    config = engine.ModelConfig(architecture="many-to-many", lag=lag)
    start = NextValue.head_start(config)
    assert start is not None
    assert value in start.caption
    assert value in start.why
    history = dataset.train[0].source
    (found,) = engine.build_model(config, dataset).forecast(history, steps=1).mean[0]
    off = [abs(found - float(value)) for (value,) in history[:-13:-1]]  # from the values 1, 2, … 12 steps before
    assert off[lag - 1] == min(off)


def test_an_untrained_network_with_counted_words_is_right_much_more_often_than_without() -> None:
    words = {"positive": ["good", "fine", "warm"], "negative": ["bad", "dull", "cold"]}
    rows = [(f"the film {n % 7} is {words[label][n % 3]}", label) for n in range(60) for label in words]
    dataset = engine.make_dataset(rows, "labelled", unit="word")
    accuracy = {}
    for counted in (False, True):
        config = engine.ModelConfig(architecture="many-to-one", embedding_size=16, word_counts=counted)
        accuracy[counted] = engine.evaluate(engine.build_model(config, dataset), dataset.validation).accuracy
    assert accuracy[True] > accuracy[False] + 0.2
