"""All gates of a layer, each the engine's."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QRect
from PySide6.QtWidgets import QStyle, QStyleOptionComboBox

import engine
from gui.panels.base.view import View
from gui.panels.gates import GatesPanel
from gui.panels.hidden_state import HiddenStatePanel
from gui.panels.trajectory import TrajectoryPanel
from gui.widgets.fields import Choice
from tests.gui.conftest import Person
from tests.gui.panels.open_views import model_of, open_view, settle
from tests.gui.plots.mouse import turn

pytestmark = pytest.mark.one_window("gates")


@pytest.mark.parametrize(
    ("cell", "names"),
    [
        ("lstm", ["input", "forget", "candidate", "output"]),
        ("gru", ["reset", "update", "candidate"]),
        ("mgu", ["forget", "candidate"]),
    ],
)
def test_every_gate_is_drawn_by_name(person: Person, cell: str, names: list[str]) -> None:
    person.session.set_model(cell=cell)
    person.wait_ready()
    panel = open_view(person, "gates", GatesPanel)
    person.wait_until(lambda: panel.found is not None)
    settle(person)
    layer = engine.trace(model_of(person), person.session.probe.text, label=person.session.probe.label).layers[0]
    shown = [one for one in panel.cells if one.isVisible()]
    assert [one.gate for one in shown] == names
    assert panel.subtitle.text() == "gates: 0 = closed, 1 = open; candidate: −1 to 1"
    assert "candidates between −1 and 1" in panel.subtitle.accessibleDescription(), "only gates open and close"
    for one in shown:
        assert np.array_equal(one.heat_map.heat.values, layer.gates[one.gate].T)
        assert one.heat_map.heat.columns == ("female", *"sophia")


@pytest.mark.own_window  # it writes into titles
def test_a_title_without_room_is_the_name_of_the_gate_and_nothing_opens_or_closes_but_gates(person: Person) -> None:
    person.window.resize(1100, 700)
    panel = open_view(person, "gates", GatesPanel)
    person.wait_until(lambda: panel.found is not None)
    settle(person)
    for title, name, said in (
        (panel.subtitle, "0 = closed, 1 = open", panel.subtitle.text()),
        (panel.cells[0].title, "input gate", "input gate: what is let in"),
        (panel.cells[2].title, "candidate", "candidate: new content"),
        (panel.cells[3].title, "output gate", "output gate: what is shown"),
    ):
        assert title.text() == said
        assert title.fontMetrics().horizontalAdvance(said) > title.width() > title.fontMetrics().horizontalAdvance(name)
        drawn = title.grab().toImage()
        assert title.toolTip().startswith(said)
        title.setText(name)
        assert title.grab().toImage() == drawn, f"not {name}"


def test_a_tile_tells_gate_unit_step_and_value(person: Person) -> None:
    panel = open_view(person, "gates", GatesPanel)
    person.wait_until(lambda: panel.found is not None)
    tip = panel.cells[1].heat_map.tip_of(3, 2)
    assert tip.startswith("forget, unit 3, step 3 o: 0.")


def test_the_third_gate_of_a_gru_has_the_whole_second_row(person: Person) -> None:
    panel = open_view(person, "gates", GatesPanel)
    for cell, share in (("gru", 2.0), ("lstm", 1.0)):
        person.session.set_model(cell=cell)
        person.wait_ready()
        person.wait_until(lambda: len(panel.cells) > 2)
        person.wait_until(lambda share=share: abs(panel.cells[2].width() / panel.cells[0].width() - share) < 0.1)


def test_opening_the_gates_moves_nothing_in_the_usual_window(person: Person) -> None:
    person.window.resize(1440, 900)
    docking = person.window.docking
    docking.hide_view("gates")
    settle(person)

    def places() -> list[QRect]:
        return [QRect(area.mapTo(person.window, QPoint(0, 0)), area.size()) for area in docking.areas()]

    before = places()
    panel = open_view(person, "gates", GatesPanel)
    person.wait_until(lambda: panel.found is not None)
    settle(person)
    assert places() == before


def test_what_has_no_layers_offers_none(person: Person) -> None:
    person.session.set_model(cell="lstm", num_layers=2)
    person.wait_ready()
    panel = open_view(person, "gates", GatesPanel)
    person.wait_until(panel.layer.isVisible)
    person.session.set_model(cell="rnn")
    person.wait_until(lambda: not panel.layer.isVisible())
    assert panel.hint.isVisible()
    trajectory = open_view(person, "trajectory", TrajectoryPanel)
    person.wait_until(trajectory.layer.isVisible)
    states = open_view(person, "hidden_state", HiddenStatePanel)
    person.choose_sample("order")
    person.session.set_model(architecture="one-to-one")  # a padded feed-forward network
    person.wait_until(lambda: states.hint.isVisible() and not states.what.isVisible())  # all views are arranged anew
    open_view(person, "trajectory", TrajectoryPanel)
    person.wait_until(lambda: not trajectory.layer.isVisible())
    assert trajectory.hint.isVisible()


def room_in(choice: Choice) -> int:
    """The width that a list has for its text."""
    option = QStyleOptionComboBox()
    choice.initStyleOption(option)
    field = QStyle.SubControl.SC_ComboBoxEditField
    return choice.style().subControlRect(QStyle.ComplexControl.CC_ComboBox, option, field, choice).width()


@pytest.mark.sample("reviews")
@pytest.mark.parametrize(("name", "box"), [("hidden_state", "what"), ("trajectory", "layer"), ("gates", "layer")])
def test_the_longest_name_of_a_layer_is_not_cut(person: Person, name: str, box: str) -> None:
    person.session.set_model(num_layers=2, bidirectional=True)
    person.wait_ready()
    view = open_view(person, name, View)
    choice = getattr(view, box)
    person.wait_until(lambda: choice.isVisible() and choice.count() >= 4)
    longest = max(range(choice.count()), key=lambda i: choice.fontMetrics().horizontalAdvance(choice.itemText(i)))
    person.choose(choice.objectName(), choice.itemData(longest))
    person.wait_until(lambda: room_in(choice) >= choice.fontMetrics().horizontalAdvance(choice.currentText()))


@pytest.mark.sample("addition")
def test_the_states_of_an_encoder_that_reads_both_ways_are_named_in_full(person: Person) -> None:
    person.resize(1440, 900)
    view = open_view(person, "hidden_state", HiddenStatePanel)
    person.wait_until(lambda: view.what.isVisible() and view.what.count() == 12)
    keys = [view.what.itemData(i) for i in range(view.what.count())]
    for key in (one for one in keys if one.endswith(("state", "candidate"))):
        person.choose("hidden-state-what", key)
        settle(person)
        wide = view.what.fontMetrics().horizontalAdvance(view.what.currentText())
        person.wait_until(lambda wide=wide: room_in(view.what) >= wide + 2)  # type: ignore[misc]


@pytest.mark.sample("dates")
@pytest.mark.parametrize("name", ["gates", "trajectory"])
def test_the_layers_of_an_encoder_that_reads_both_ways_are_named_in_full(person: Person, name: str) -> None:
    person.session.set_model(bidirectional=True)
    person.wait_ready()
    for size in ((1440, 900), (960, 600)):
        person.resize(*size)
        layer = open_view(person, name, View).layer
        person.wait_until(lambda layer=layer: layer.isVisible() and layer.count() == 3)
        for key in map(layer.itemData, range(3)):
            person.choose(f"{name}-layer", key)
            settle(person)
            wide = layer.fontMetrics().horizontalAdvance(layer.currentText())
            person.wait_until(lambda wide=wide, layer=layer: room_in(layer) >= wide + 2)


def test_the_gates_and_the_hidden_state_look_at_the_same_steps(person: Person) -> None:
    states = open_view(person, "hidden_state", HiddenStatePanel)
    person.session.probe.set("alexandria")
    person.wait_until(lambda: states.heat_map.shape[1] == 11)
    gates = open_view(person, "gates", GatesPanel)
    person.wait_until(lambda: bool(gates.cells) and all(cell.heat_map.shape[1] == 11 for cell in gates.cells))
    first, *others = (cell.heat_map for cell in gates.cells)
    turn(first, first.area().center(), 2)
    seen = first.box.viewRange()[0]
    assert seen[1] - seen[0] < 9
    assert all(one.box.viewRange()[0] == pytest.approx(seen) for one in (*others, states.heat_map))
    states.reset_zoom()
    assert all(cell.heat_map.box.viewRange()[0] == [0, 11] for cell in gates.cells)
