"""Symbols in two dimensions."""

from __future__ import annotations

import pytest

from engine.inspection.projection import embeddings
from gui.panels.embeddings import EmbeddingsPanel
from tests.gui.conftest import Person
from tests.gui.panels.open_views import model_of, open_view, settle

pytestmark = pytest.mark.one_window("embeddings")


@pytest.mark.parametrize(("size", "words"), [(0, "input weights"), (8, "embeddings")])
def test_the_points_are_the_engines_and_have_their_symbols(person: Person, size: int, words: str) -> None:
    person.session.set_model(embedding_size=size)
    person.wait_ready()
    panel = open_view(person, "embeddings", EmbeddingsPanel)
    person.wait_until(lambda: panel.found is not None)
    settle(person)
    symbols, projection = embeddings(model_of(person), 300)
    assert panel.scatter.cloud.names == symbols
    assert panel.scatter.cloud.points == pytest.approx(projection.points)
    assert panel.subtitle.text().endswith(f" of the differences between {words}")


def test_a_new_text_does_not_ask_again(person: Person) -> None:
    panel = open_view(person, "embeddings", EmbeddingsPanel)
    person.wait_until(lambda: panel.found is not None)
    settle(person)
    before = panel.found
    person.session.probe.set("zoe")
    settle(person)
    assert before is not None
