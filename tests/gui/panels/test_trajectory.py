"""The state's way through its two principal components."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt

import engine
from engine.inspection.projection import principal_components
from engine.number_text import percent
from gui.panels.base.plane_view import SHOWN
from gui.panels.hidden_state import HiddenStatePanel
from gui.panels.trajectory import TrajectoryPanel
from gui.session.probe import Selection
from tests.gui.conftest import Person
from tests.gui.panels.open_views import model_of, open_view, settle
from tests.gui.plots.mouse import canvas

pytestmark = pytest.mark.one_window("trajectory")


def opened(person: Person) -> TrajectoryPanel:
    panel = open_view(person, "trajectory", TrajectoryPanel)
    person.wait_until(lambda: panel.found is not None)
    settle(person)
    return panel


def test_the_points_are_the_principal_components_of_the_states(person: Person) -> None:
    panel = opened(person)
    layer = engine.trace(model_of(person), person.session.probe.text, label=person.session.probe.label).layers[0]
    states = np.concatenate([layer.initial[None], layer.states])
    expected = principal_components(states.astype(np.float64))
    assert panel.scatter.cloud.points == pytest.approx(expected.points[1:])
    assert panel.scatter.cloud.start == pytest.approx(tuple(expected.points[0]))
    assert panel.scatter.cloud.names == ("female", *"sophia")
    share = percent(float(expected.explained[:2].sum()))
    assert panel.subtitle.text() == f"shows {share} of the differences between states"


def test_a_click_on_a_point_looks_inside_that_step_and_the_step_is_marked(person: Person) -> None:
    panel = opened(person)
    x, y = panel.scatter.pixels()[4]
    person.qtbot.mouseClick(canvas(panel.scatter), Qt.MouseButton.LeftButton, pos=QPoint(round(x), round(y)))
    assert person.session.probe.selection == Selection("", 0, "forward", 4)
    person.wait_until(lambda: panel.scatter.current == 4)


def test_layers_can_be_chosen(person: Person) -> None:
    person.session.set_model(num_layers=2)
    person.wait_ready()
    panel = opened(person)
    person.wait_until(panel.layer.isVisible)
    assert [panel.layer.itemText(i) for i in range(panel.layer.count())] == ["layer 1", "layer 2"]
    panel.layer.setCurrentIndex(1)
    panel.layer.activated.emit(1)
    person.wait_until(lambda: panel.found is not None and panel.found.layer == 1)


@pytest.mark.sample("reversal")
@pytest.mark.own_window  # in which the view was never open
def test_the_box_names_the_layer_of_the_first_picture(person: Person) -> None:
    panel = opened(person)
    person.wait_until(panel.layer.isVisible)
    assert panel.found is not None
    assert panel.found.places[panel.found.layer][0] == "encoder"
    assert panel.layer.currentText() == "encoder"


def test_the_way_is_drawn_when_a_cell_was_chosen_before_the_view_was_opened(person: Person) -> None:
    person.session.probe.select(Selection("", 0, "forward", 2))
    panel = open_view(person, "trajectory", TrajectoryPanel)
    person.wait_until(lambda: panel.found is not None)
    assert len(panel.scatter.cloud.points) == len("sophia") + 1
    assert panel.scatter.current == 2


@pytest.mark.sample("reviews")
@pytest.mark.own_window  # in which neither view was ever open
def test_it_begins_with_the_layer_and_direction_of_the_hidden_state(person: Person) -> None:
    person.session.set_model(num_layers=3, bidirectional=True)
    person.wait_ready()
    panel = opened(person)
    person.wait_until(panel.layer.isVisible)
    assert panel.layer.currentText() == "layer 1 forward"
    shown = open_view(person, "hidden_state", HiddenStatePanel)
    person.wait_until(lambda: shown.what.isVisible() and bool(shown.what.currentText()))
    assert shown.what.currentText().startswith("layer 1 forward")


def test_every_wording_of_the_share_but_the_briefest_says_of_what_it_is() -> None:
    assert all("differences" in text or "apart" in text for text in SHOWN[:-1])


@pytest.mark.sample("reversal")
@pytest.mark.own_window
def test_the_share_that_can_be_seen_stands_beside_the_box_of_layers_in_a_small_window(person: Person) -> None:
    person.resize(1100, 700)
    panel = opened(person)
    person.wait_until(panel.layer.isVisible)
    assert panel.found is not None
    share = percent(float(sum(panel.found.explained)))
    briefest = SHOWN[-1].format(share=share, points="states")
    person.wait_until(lambda: panel.subtitle.fontMetrics().horizontalAdvance(briefest) <= panel.subtitle.width())
    assert share in briefest
