"""The window with small data of numbers, and networks that are trained once for many tests."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

import engine
from engine.data.codec import Kind
from engine.data.samples.sample import Sample
from engine.training import defaults
from tests.gui.conftest import Person
from tests.gui.panels.small_numbers import KINDS


@pytest.fixture(scope="session")
def learned(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    """Files of runs that have learned a little of a sample: learned("reviews", steps=200, hidden_size=8)."""
    folder = tmp_path_factory.mktemp("learned")

    @cache
    def run_of(name: str, steps: int, **chosen: Any) -> Path:
        dataset = engine.load_sample(name)
        usual, training = defaults.settings_for(dataset, engine.SAMPLES[name], {}, {})
        model = engine.build_model(replace(usual, **chosen), dataset, seed=training.seed)
        trainer = engine.Trainer(model, dataset, training)
        assert len(list(islice(trainer, steps))) == steps
        path = folder / f"{name}-{len(list(folder.iterdir()))}.unroll"
        engine.save_run(path, trainer)
        return path

    return run_of


@pytest.fixture
def numbers(empty_person: Person, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Person]:
    """The window with small data of a kind, or with other `rows` of that kind, its network ready."""

    def load(kind: str, rows: Callable[[], Any] | None = None) -> Person:
        architecture, usual, _ = KINDS[kind]
        rows = rows or usual
        settings = {
            "hidden_size": 8,
            "epochs": 4,
            "batch_size": 8,
            "learning_rate": 0.03,
            "attention": kind == "speech",
        }
        sample = Sample("small", "Small", "Small data.", Kind(kind), "character", architecture, "", rows, settings)
        monkeypatch.setitem(engine.SAMPLES, "small", sample)
        empty_person.session.data.load_sample("small")
        empty_person.wait_ready()
        return empty_person

    return load
