"""Attention: the engine's weights, with the words they belong to."""

from __future__ import annotations

import numpy as np
import pytest

import engine
from gui.panels.attention import AttentionPanel
from tests.gui.conftest import Person
from tests.gui.panels.open_views import model_of, open_view, settle, train_a_little


@pytest.mark.sample("dates")
def test_the_cells_are_the_engines_attention_with_its_words(person: Person) -> None:
    person.session.set_model(attention=True)
    person.wait_ready()
    train_a_little(person, 5)
    panel = open_view(person, "attention", AttentionPanel)
    person.session.probe.set("3 May 1999")
    person.wait_until(lambda: panel.found is not None and panel.found.source[:1] == ("3",))
    settle(person)
    trace = engine.trace(model_of(person), "3 May 1999")
    assert panel.found is not None
    assert trace.attention is not None
    assert np.array_equal(panel.matrix.grid.shares, trace.attention)
    assert panel.matrix.grid.columns == ("3", "␣", *"May", "␣", *"1999", "</s>")
    assert len(panel.matrix.grid.rows) == len(trace.attention)
    assert "of the attention is on “3”" in panel.matrix.tip_of(0, 0)


def test_without_attention_it_says_how_to_get_it(person: Person) -> None:
    panel = open_view(person, "attention", AttentionPanel)
    person.wait_until(panel.hint.isVisible)
    assert "turn attention on" in panel.hint.text()
