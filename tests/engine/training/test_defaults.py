"""Settings that come with the data."""

from __future__ import annotations

import pytest

import engine
from engine.training import defaults

WORDS = ["anna", "bella", "carla", "dora", "emma", "fiona", "greta", "hanna", "ida", "jana", "klara", "lena"]
ROWS = {
    "sequences": WORDS,
    "stream": ["the cat sat on the mat and looked at the rat " * 20],
    "labelled": [(word, "long" if len(word) > 4 else "short") for word in WORDS],
    "tagged": [([word, "sleeps"], ["NOUN", "VERB"]) for word in WORDS],
    "pairs": [(word, word[::-1]) for word in WORDS],
}


@pytest.mark.parametrize("kind", ROWS)
def test_settings_for_each_kind_of_data_can_be_trained(kind: str) -> None:
    dataset = engine.make_dataset(ROWS[kind], kind)
    model, training = defaults.settings_for(dataset, None, {"cell": "gru", "hidden_size": 7}, {"seed": 5, "epochs": 3})
    assert engine.trainable(dataset)[model.architecture] == ""
    assert model.cell == "gru"
    assert model.hidden_size != 7
    assert training.seed == 5
    assert engine.build_model(model, dataset).parameters.flat.size > 0


@pytest.mark.parametrize("kind", ROWS)
def test_the_probe_is_a_text_of_the_data_with_a_label_only_where_the_network_starts_from_one(kind: str) -> None:
    dataset = engine.make_dataset(ROWS[kind], kind)
    for architecture, reason in engine.trainable(dataset).items():
        text, label = defaults.probe_for(dataset, None, architecture)
        assert text
        if not reason:
            assert (label is not None) == (kind == "labelled" and architecture == "one-to-many")


@pytest.mark.parametrize("name", engine.SAMPLES)
def test_the_settings_of_each_sample_are_taken(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engine.data.samples.tones.COUNT", 40)  # 3,300 recordings take seconds
    sample = engine.SAMPLES[name]
    dataset = engine.load_sample(name)
    model, training = defaults.settings_for(dataset, sample, {}, {})
    assert model.architecture == sample.architecture
    for option, value in sample.settings.items():
        assert getattr(model if option in engine.ModelConfig.options() else training, option) == value


def test_what_an_architecture_cannot_use_is_switched_off() -> None:
    config = engine.ModelConfig(architecture="one-to-many", bidirectional=True, attention=True)
    fitted = defaults.fitting(config)
    assert not fitted.bidirectional
    assert not fitted.attention
