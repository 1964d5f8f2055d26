"""At the end of Play the table of changed weights takes a part of the width, but nothing of the names on bars, and uses
the height."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from gui.unrolled_view.fading_edges import FADE_PX
from gui.unrolled_view.layout import ANSWER_ASIDE
from gui.unrolled_view.weight_changes import ChangesTable
from gui.widgets.symbols import visible_symbol
from gui.widgets.weight_names import weight_title
from tests.gui.conftest import Person
from tests.gui.panels.open_views import settle, train_a_little
from tests.gui.panels.test_play import play, seen_steps, to_the_end
from tests.gui.written import texts_in

pytestmark = pytest.mark.one_window


@pytest.mark.parametrize(("sample", "architecture"), [("part-of-speech", ""), ("alphabet", "one-to-one")])
def test_beside_the_changed_weights_no_name_of_an_answer_is_cut(
    person: Person, sample: str, architecture: str, tmp_path: Path
) -> None:
    person.resize(1440, 900)
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


@pytest.mark.sample("addition")
@pytest.mark.parametrize("size", [(1440, 900), (1920, 1080)])
def test_beside_an_enlarged_picture_the_table_of_changed_weights_uses_the_height(
    person: Person, size: tuple[int, int], tmp_path: Path
) -> None:
    person.resize(*size)
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


@pytest.mark.parametrize(
    ("size", "sample", "text", "steps"),
    [
        ((1440, 900), "french", "i would like a coffee", 11),
        ((1440, 900), "french", "i am going to the station", 0),
        ((1440, 900), "reviews", "he started well but lost his nerve and was dropped", 10),
        ((1100, 700), "names", "sophia", 0),
        ((1100, 700), "french", "i am going to the station", 0),
        ((1100, 700), "reviews", "he started well but lost his nerve and was dropped", 0),
        ((1100, 700), "dates", "", 0),
    ],
)
def test_beside_the_changed_weights_the_whole_picture_is_in_sight_or_whole_cells_of_it(
    person: Person, size: tuple[int, int], sample: str, text: str, steps: int
) -> None:
    person.resize(*size)
    if sample == "french":
        person.session.set_model(attention=True)
        person.wait_ready()
    if text:
        person.session.probe.set(text)
    settle(person)
    panel = play(person)
    to_the_end(person, panel)
    settle(person)
    canvas, placed = panel.canvas, panel.canvas.placed()
    count = len(canvas.diagram.columns)
    if steps:
        assert count == steps
        assert seen_steps(canvas) == list(range(count)), "all of them"
    else:
        assert canvas.horizontalScrollBar().maximum() > 0
        assert len(seen_steps(canvas)) >= 2
    edge = placed.answer_left - ANSWER_ASIDE if placed.pinned else float(placed.right or 0.0)
    fades = 0.0 if placed.pinned else FADE_PX / canvas.scale
    cells = [placed.cell(column, 0) for column in range(count)]
    cut = [at for at, cell in enumerate(cells) if cell.left() < edge - fades and cell.right() > edge]
    assert not cut, "none is cut in the middle"
