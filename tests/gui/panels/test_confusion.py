"""Confusion: the engine's counts, and the examples behind a cell."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtWidgets import QApplication

import engine
from engine.data.numbers.recording import Recording
from engine.inspection.mistakes import confusion
from gui.panels.confusion import ConfusionPanel, confused_on
from gui.widgets.result_list import ROW_PX
from tests.gui.conftest import Person
from tests.gui.panels.open_views import dataset_of, model_of, open_view, settle, train_a_little
from tests.gui.plots.mouse import canvas
from tests.gui.test_room import resize
from tests.gui.written import texts_in

pytestmark = pytest.mark.one_window("confusion")


def opened(person: Person, sample: str) -> ConfusionPanel:
    person.choose_sample(sample)
    train_a_little(person, 5)
    panel = open_view(person, "confusion", ConfusionPanel)
    person.wait_until(lambda: panel.found is not None)
    settle(person)
    return panel


def test_the_counts_are_the_engines_for_labels_and_for_tags(person: Person) -> None:
    for sample in ("order", "entities"):
        panel = opened(person, sample)
        expected = confusion(model_of(person), dataset_of(person).validation)
        assert panel.found is not None
        assert np.array_equal(panel.found.counts.counts, expected.counts)
        assert panel.matrix.grid.rows == expected.labels


def test_a_click_on_a_cell_lists_its_examples_and_a_click_on_one_looks_at_it(person: Person) -> None:
    panel = opened(person, "order")
    assert panel.found is not None
    row, column = np.argwhere(panel.found.counts.counts > 0)[0].tolist()
    person.qtbot.mouseClick(
        canvas(panel.matrix), Qt.MouseButton.LeftButton, pos=panel.matrix.tile(row, column).center().toPoint()
    )
    assert panel.examples.isVisible()
    examples = dataset_of(person).validation
    codec = examples.codec
    expected = [codec.join(examples[i].source) for i in panel.found.counts.examples[(row, column)]]
    assert [result.text for result in panel.examples.results] == expected
    label = panel.found.counts.labels[row]
    assert all(examples[i].target == (label,) for i in panel.found.counts.examples[(row, column)])
    panel.examples.itemClicked.emit(panel.examples.item(0))
    assert person.session.probe.text == expected[0]


def test_an_empty_cell_has_no_examples_and_arrow_keys_walk(person: Person) -> None:
    panel = opened(person, "entities")
    assert panel.found is not None
    row, column = np.argwhere(panel.found.counts.counts == 0)[0].tolist()
    panel.matrix.choose(row, column)
    assert panel.examples.results == []
    panel.matrix.choose(0, 0)
    person.qtbot.keyClick(panel.matrix, Qt.Key.Key_Right)
    person.qtbot.keyClick(panel.matrix, Qt.Key.Key_Down)
    assert panel.matrix.current == (1, 1)
    assert panel.subtitle.text().startswith(str(panel.found.counts.counts[1, 1]))


@pytest.mark.parametrize("size", [(1440, 900), (1100, 700)])
def test_in_a_low_view_the_row_and_the_column_under_the_mouse_and_of_the_chosen_cell_have_their_names(
    person: Person, size: tuple[int, int], tmp_path: Path
) -> None:
    person.window.resize(*size)
    panel = opened(person, "part-of-speech")
    matrix, labels = panel.matrix, panel.matrix.grid.rows
    assert len(matrix.rows.rows()) < len(labels), "most rows have no room for a name"

    def names() -> list[str]:
        return texts_in(canvas(matrix), tmp_path)

    unnamed = [row for row in range(len(labels)) if row not in matrix.rows.rows()]
    column = next(at for at, label in enumerate(labels) if at in unnamed and len(label) <= 4)
    person.qtbot.mouseMove(canvas(matrix), matrix.tile(0, column).center().toPoint())
    before = names()
    for row in unnamed:
        person.qtbot.mouseMove(canvas(matrix), matrix.tile(row, column).center().toPoint())
        assert {labels[row], labels[column]} <= set(names())
        assert names().count(labels[row]) == before.count(labels[row]) + 1
    person.qtbot.mouseClick(
        canvas(matrix), Qt.MouseButton.LeftButton, pos=matrix.tile(unnamed[0], column).center().toPoint()
    )
    QApplication.sendEvent(matrix, QEvent(QEvent.Type.Leave))
    assert {labels[unnamed[0]], labels[column]} <= set(names())
    person.qtbot.keyClick(matrix, Qt.Key.Key_Down)
    assert labels[unnamed[0] + 1] in names()


def test_a_click_on_a_sound_behind_a_cell_opens_it_under_its_name(numbers: Callable[..., Person]) -> None:
    person = numbers("labelled-series")
    panel = open_view(person, "confusion", ConfusionPanel)
    person.wait_until(lambda: panel.found is not None)
    settle(person)
    assert panel.found is not None
    row, column = np.argwhere(panel.found.counts.counts > 0)[0].tolist()
    person.qtbot.mouseClick(
        canvas(panel.matrix), Qt.MouseButton.LeftButton, pos=panel.matrix.tile(row, column).center().toPoint()
    )
    name = panel.examples.results[0].text
    panel.examples.itemClicked.emit(panel.examples.item(0))
    given, validation = person.session.probe.given, dataset_of(person).validation
    assert isinstance(given, Recording)
    assert given.name == name
    place = int(name.removeprefix("example ")) - 1
    assert np.array_equal(given.values, validation[place].source)
    assert validation[place].target == (panel.found.counts.labels[row],)


def test_the_examples_behind_a_cell_are_those_of_the_validation_where_not_all_are_counted() -> None:
    frames, letters = np.random.default_rng(0), "abc"
    rows = [(frames.normal(size=(2, 1)) + place % 3, letters[place % 3]) for place in range(1201)]
    dataset = engine.make_dataset(rows[:60], "labelled-series", validation=rows)
    model = engine.build_model(engine.ModelConfig("many-to-one", hidden_size=4), dataset, seed=0)
    found = confused_on(engine.Snapshot.of(model), dataset.validation)
    assert found is not None
    assert found.counts.counts.sum() == 1000
    for (truth, _), places in found.behind.items():
        assert {dataset.validation[place].target[0] for place in places} == {found.counts.labels[truth]}
    assert max(max(places) for places in found.behind.values()) > 20


def test_a_chosen_cell_is_forgotten_with_its_data_and_stays_while_a_network_learns(person: Person) -> None:
    panel = opened(person, "order")
    panel.matrix.choose(0, 1)
    train_a_little(person, 2)
    assert panel.matrix.current == (0, 1)
    assert panel.examples.isVisible()
    person.choose_sample("part-of-speech")
    person.wait_until(lambda: panel.found is not None and len(panel.matrix.grid.rows) > 4)
    settle(person)
    assert panel.matrix.current is None
    assert panel.matrix.rows.marked is None
    assert not panel.examples.isVisible()
    assert panel.subtitle.text() == "validation examples; click a cell to read them"


@pytest.mark.parametrize("size", [(960, 600), (1440, 840)])
def test_a_click_on_a_cell_leaves_everything_around_where_it_is(
    person: Person, size: tuple[int, int], tmp_path: Path
) -> None:
    opened(person, "order")
    resize(person, size)
    panel = open_view(person, "confusion", ConfusionPanel)
    settle(person)
    tabs = person.window.docking.area_of("confusion")
    assert tabs is not None
    before = tabs.mapTo(person.window, QPoint(0, 0)), tabs.size()
    person.qtbot.mouseClick(
        canvas(panel.matrix), Qt.MouseButton.LeftButton, pos=panel.matrix.tile(0, 1).center().toPoint()
    )
    settle(person)
    assert panel.examples.isVisible()
    assert (tabs.mapTo(person.window, QPoint(0, 0)), tabs.size()) == before
    assert panel.matrix.area().height() >= 36, "there are still rows to be clicked"
    assert panel.examples.height() >= ROW_PX
    (said,) = texts_in(panel.subtitle, tmp_path)
    assert all(label in said for label in panel.matrix.grid.rows), said
