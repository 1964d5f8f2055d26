"""The window with small data of numbers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

import engine
from engine.data.codec import Kind
from engine.data.samples.sample import Sample
from tests.gui.conftest import Person
from tests.gui.panels.small_numbers import KINDS


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
