"""At the end of Play the table of changed weights takes a part of the width, but nothing of the names on bars."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from gui.widgets.symbols import visible_symbol
from tests.gui.conftest import Person
from tests.gui.panels.open_views import settle, train_a_little
from tests.gui.panels.test_play import play, to_the_end
from tests.gui.written import texts_in

pytestmark = pytest.mark.one_window


@pytest.mark.parametrize(("sample", "architecture"), [("part-of-speech", ""), ("alphabet", "one-to-one")])
def test_beside_the_changed_weights_no_name_of_an_answer_is_cut(
    person: Person, sample: str, architecture: str, tmp_path: Path
) -> None:
    person.window.resize(1440, 900)
    person.choose_sample(sample)
    if architecture:
        person.click(f"architecture-{architecture}")
        person.wait_ready()
    train_a_little(person)
    panel = play(person)
    to_the_end(person, panel)
    settle(person)
    canvas = panel.canvas
    outcomes, written = canvas.diagram.outcomes, texts_in(canvas.viewport(), tmp_path)
    assert outcomes is not None
    assert canvas.horizontalScrollBar().maximum() == 0
    names = [name for column in outcomes.columns for name, _ in outcomes.top(column, canvas.placed().lines)]
    assert not Counter(map(visible_symbol, names)) - Counter(written), "each stands on its bar"
