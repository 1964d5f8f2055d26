"""What is counted in a vocabulary for the spelling of its words."""

from __future__ import annotations

from dataclasses import replace

import pytest

import engine
from engine.config import ModelConfig
from engine.models import count_parameters
from engine.network import word_features


def test_a_vocabulary_is_counted_once_however_many_networks_are_outlined(monkeypatch: pytest.MonkeyPatch) -> None:
    """A large vocabulary would otherwise be counted four times at every change of a setting."""
    dataset = engine.load_sample("french")
    looked_at: list[str] = []
    affixes = word_features.affixes

    def counted(word: str) -> list[str]:
        looked_at.append(word)
        return affixes(word)

    monkeypatch.setattr(word_features, "affixes", counted)
    config = ModelConfig(architecture="encoder-decoder", spelling="affixes", embedding_size=64)
    sizes = [count_parameters(replace(config, hidden_size=size), dataset.codec, 20) for size in (16, 32, 16)]
    assert sizes[0] == sizes[2] < sizes[1]
    assert len(looked_at) <= len(dataset.codec.source)
