"""At the end of Play the table of changed weights takes a part of the width, but nothing of the names on bars, and uses
the height."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from gui.unrolled_view.changes import ChangesTable
from gui.widgets.symbols import visible_symbol
from gui.widgets.weight_names import weight_title
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


@pytest.mark.parametrize("size", [(1440, 900), (1920, 1080)])
def test_beside_an_enlarged_picture_the_table_of_changed_weights_uses_the_height(
    person: Person, size: tuple[int, int], tmp_path: Path
) -> None:
    person.window.resize(*size)
    person.choose_sample("addition")
    person.session.probe.set("9+4")
    person.window.docking.enlarge("unrolled")
    panel = play(person)
    to_the_end(person, panel)
    settle(person)
    table = person.find(ChangesTable, "play-changes")
    assert table.x() > panel.canvas.viewport().geometry().right(), "it is beside the picture"
    assert table.height() > 0.75 * panel.canvas.height()
    assert panel.canvas.rect().contains(table.geometry())
    names = {weight_title(change.name) for change in panel.play_line.playing.step.changes}  # type: ignore[union-attr]
    assert names <= set(texts_in(table, tmp_path)), "all rows are shown"
