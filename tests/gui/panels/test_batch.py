"""The view of the batch shows the rows that training takes next, and says how much of them is padding."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPointF, QRect, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QLabel, QScrollArea

from engine.data.vocabulary import END, START
from engine.number_text import percent
from engine.training.batches import batches_of
from gui.panels.base.view import HEADING_PX
from gui.panels.batch import BatchPanel
from gui.plots.batch_grid import COUNT_PX, HEAD_PX, ROW_PX, BatchGrid
from gui.plots.picture_export import image_of
from tests.gui.conftest import Person
from tests.gui.panels.open_views import choose, dataset_of, open_view, settle, train_a_little
from tests.gui.pixels import colors
from tests.gui.plots.mouse import is_drawn

pytestmark = pytest.mark.one_window("batch")


def open_batch(person: Person) -> BatchPanel:
    panel = open_view(person, "batch", BatchPanel)
    person.wait_until(lambda: panel.found is not None)
    settle(person)
    return panel


def expected(person: Person, step: int) -> list[tuple[str, ...]]:
    training = person.session.run.training_config
    batch = batches_of(dataset_of(person), training).batch(step)
    return sorted(example.source for example in batch)


def test_the_rows_are_those_of_the_next_step_and_follow_the_training(person: Person) -> None:
    panel = open_batch(person)
    assert panel.found is not None
    targets = panel.found.blocks[-1]
    assert sorted(row[:-1] for row in targets.rows) == expected(person, 0)
    assert all(row[-1] == END for row in targets.rows)
    train_a_little(person, 5)
    step = person.session.run.progress.step
    person.wait_until(lambda: panel.found is not None and panel.found.step == step)
    assert sorted(row[:-1] for row in panel.found.blocks[-1].rows) == expected(person, step)
    assert panel.subtitle.text() == f"the next one, of step {step + 1}"


def test_the_numbers_of_padding_are_said_in_words(person: Person) -> None:
    panel = open_batch(person)
    table = panel.found
    assert table is not None
    block = table.blocks[0]
    empty = sum(block.places - len(row) for row in block.rows)
    assert table.size == len(block.rows) == 32
    assert empty > 0
    facts = person.find(QLabel, "batch-facts").text()
    assert facts.startswith("32 examples: ")
    assert f"the other {empty} (" in facts
    assert "never computed" in facts
    assert f"{empty} padded positions are masked." in facts


def tips_along(grid: BatchGrid, y: float) -> list[str]:
    """What is said of the places at one height, as the mouse goes over them from left to right."""
    tips = (grid.tip_at(QPointF(x, y)) for x in range(grid.sizeHint().width()))
    return [text for text in tips if text]


def test_a_place_says_what_it_is(person: Person) -> None:
    panel = open_batch(person)
    grid, table = panel.grid, panel.found
    assert table is not None
    last = len(table.blocks[0].rows) - 1  # the shortest text
    y = HEAD_PX + COUNT_PX + last * ROW_PX + 5
    shown = tips_along(grid, y)
    assert shown.index("padding: never computed") < shown.index("masked: no loss")
    assert tips_along(grid, HEAD_PX + 3)[0] == "position 1: 32 of 32 examples are this long"


def test_where_no_step_has_a_count_the_rows_stand_below_their_title_and_no_bars_are_promised(person: Person) -> None:
    panel = open_batch(person)
    assert "bars" in panel.help()
    person.choose_sample("alphabet")
    person.click("architecture-one-to-one")
    person.wait_until(lambda: panel.found is not None and not any(block.at_step for block in panel.found.blocks))
    settle(person)
    assert panel.found is not None
    assert tips_along(panel.grid, HEAD_PX + 3)[0].endswith("(example 1, position 1)")
    rows = len(panel.found.blocks[0].rows)
    assert panel.grid.sizeHint().height() < HEAD_PX + (rows + 1) * ROW_PX
    title = QRect(0, 0, panel.grid.width(), int(HEAD_PX))
    first = title.translated(0, int(HEAD_PX)).adjusted(0, 1, 0, -3)
    assert len(colors(panel.grid.grab(first).toImage())) > 3, "the first row is drawn there"
    assert "bars" not in panel.help()


@pytest.mark.parametrize("sample", ["reviews", "french", "alphabet", "entities", "prose"])
def test_every_shape_has_its_batch(person: Person, sample: str) -> None:
    panel = open_batch(person)
    person.choose_sample(sample)
    person.wait_until(lambda: panel.found is not None)
    settle(person)
    assert panel.found is not None
    assert is_drawn(panel.grid)
    assert len(panel.found.blocks) == (3 if sample == "french" else 2)


def test_other_data_are_shown_from_their_beginning_and_only_padding_that_is_there_is_explained(person: Person) -> None:
    panel = open_batch(person)
    assert "padded to the longest" in panel.help()
    scroll = panel.findChild(QScrollArea)
    assert scroll is not None
    for sample in ("prose", "dates", "prose"):
        down, across = scroll.verticalScrollBar(), scroll.horizontalScrollBar()
        for bar in (down, across):
            bar.setValue(bar.maximum())
        assert down.value() + across.value() > 0
        before = panel.found
        person.choose_sample(sample)
        person.wait_until(lambda before=before: panel.found not in (None, before))
        settle(person)
        assert (down.value(), across.value()) == (0, 0)
        assert ("nothing is padded" in panel.help()) is (sample == "prose")
        assert ("padded to the longest" in panel.help()) is not (sample == "prose")


def scrolled(panel: BatchPanel) -> bool:
    """Whether a part of the table is out of sight."""
    area = panel.findChild(QScrollArea)
    assert area is not None
    return max(area.horizontalScrollBar().maximum(), area.verticalScrollBar().maximum()) > 0


@pytest.mark.parametrize("title", ["View all", "Zoom out"])
def test_the_whole_table_can_be_seen_however_long_it_is(person: Person, title: str) -> None:
    panel = open_batch(person)
    person.choose_sample("dates")
    person.session.run.set_training(batch_size=64)
    person.wait_until(lambda: panel.found is not None and len(panel.found.blocks[0].rows) == 64)
    settle(person)
    assert scrolled(panel)
    for _ in range(1 if title == "View all" else 9):
        choose(person, "batch", title)
    person.wait_until(lambda: not scrolled(panel))
    seen = panel.grid.visibleRegion().boundingRect().size()
    assert seen.width() >= panel.grid.sizeHint().width()
    assert seen.height() >= panel.grid.sizeHint().height()
    drawn = panel.grid.grab().toImage()
    theme = person.session.theme
    colors = {drawn.pixelColor(x, y).name() for x in range(drawn.width()) for y in range(drawn.height())}
    assert QColor(theme.sunken).name() in colors  # padding
    assert len(colors) > 5  # symbols, their ends, hatching, and how many are still running
    assert QColor(theme.text).name() not in colors  # letters could not be read
    small = panel.grid.magnified.factor
    choose(person, "batch", title)
    settle(person)
    assert panel.grid.magnified.factor == pytest.approx(small, rel=0.02)
    choose(person, "batch", "Reset zoom")
    person.wait_until(lambda: scrolled(panel))


def test_all_of_the_table_is_still_shown_where_its_place_becomes_larger(person: Person) -> None:
    panel = open_batch(person)
    person.choose_sample("dates")
    person.session.run.set_training(batch_size=64)
    person.wait_until(lambda: panel.found is not None and len(panel.found.blocks[0].rows) == 64)
    choose(person, "batch", "View all")
    person.wait_until(lambda: not scrolled(panel))
    settle(person)
    small = panel.grid.magnified.factor
    person.window.docking.enlarge("batch")
    person.wait_until(lambda: panel.grid.magnified.factor > 1.1 * small)
    settle(person)
    assert not scrolled(panel)
    choose(person, "batch", "Zoom out")
    zoomed = panel.grid.magnified.factor
    person.press(Qt.Key.Key_Escape)
    settle(person)
    assert panel.grid.magnified.factor == zoomed


def test_a_saved_picture_holds_the_rows_that_are_scrolled_too(person: Person) -> None:
    panel = open_batch(person)
    assert scrolled(panel)
    usual = panel.body.geometry()
    drawing = panel.drawing()
    image = image_of(drawing)
    whole, seen = panel.grid.sizeHint(), panel.grid.visibleRegion().boundingRect()
    assert drawing.size.height() - usual.height() > whole.height() - seen.height()
    ratio = image.height() / drawing.size.height()
    below = QRect(0, round((usual.height() + HEADING_PX) * ratio), image.width(), round(ROW_PX * ratio))
    assert len(colors(image.copy(below))) > 3, "rows go on where the view ends"
    settle(person)
    assert panel.body.geometry() == usual
    assert scrolled(panel)


@pytest.mark.sample("reversal")
@pytest.mark.parametrize("forcing", [0.0, 0.25, 1.0])
def test_what_a_decoder_reads_is_shown_as_teacher_forcing_has_it(person: Person, forcing: float) -> None:
    person.session.run.set_training(teacher_forcing=forcing)
    panel = open_batch(person)
    person.wait_until(lambda: panel.found is not None and panel.found.forced == forcing)
    settle(person)
    assert panel.found is not None
    decoder = next(block for block in panel.found.blocks if block.title == "decoder reads")
    right = decoder.rows[0]
    tips = dict.fromkeys(tips_along(panel.grid, HEAD_PX + COUNT_PX + 5))
    told = [tip.removeprefix("decoder reads: ").split(" (")[0] for tip in tips if tip.startswith("decoder reads: ")]
    own = "its own answer from the step before"
    odds = f" with a probability of {percent(0.25)}, else {own}"
    later = {0.0: [own] * len(right[1:]), 0.25: [f"{one}{odds}" for one in right[1:]], 1.0: list(right[1:])}
    assert told == [right[0], *later[forcing]]
    assert ("Teacher forcing" in person.find(QLabel, "batch-facts").text()) is (forcing < 1)
    (row, *_), names = panel.table().rows, panel.table().columns
    saved = [cell for name, cell in zip(names, row, strict=True) if name.startswith("decoder reads")]
    assert saved[: len(right)] == ([START, *["own"] * len(right[1:])] if forcing == 0 else list(right))
    assert ("own" in panel.grid.accessibleDescription()) is (forcing == 0)


@pytest.mark.sample("reviews")
def test_that_a_step_hides_words_which_stand_in_the_table_is_said(person: Person) -> None:
    for hidden in (0.5, 0.0):
        person.session.set_model(word_dropout=hidden)
        person.wait_ready()
        panel = open_batch(person)
        person.wait_until(lambda at=hidden, panel=panel: panel.found is not None and panel.found.hides is (at > 0))
        settle(person)
        assert ("hidden at random" in person.find(QLabel, "batch-facts").text()) is (hidden > 0)
