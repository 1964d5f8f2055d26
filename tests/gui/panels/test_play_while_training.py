"""Play that began while the network trained looks at earlier weights than everything else, and says so."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QRect
from PySide6.QtWidgets import QWidget

from gui.panels.unrolled.unrolled_panel import UnrolledPanel
from tests.gui.conftest import Person
from tests.gui.panels.open_views import settle
from tests.gui.panels.test_play import play
from tests.gui.panels.test_unrolled import panel_of

pytestmark = pytest.mark.one_window


def places(person: Person, panel: UnrolledPanel) -> list[QRect]:
    """Where everything in the head of the network is, and the picture."""
    person.window.grab()
    shown = [widget for widget in panel.findChildren(QWidget) if widget.isVisible() and widget.parent() is panel]
    return [widget.geometry() for widget in shown]


@pytest.mark.parametrize(
    ("size", "has_room"), [((1440, 900), "step {}"), ((1100, 700), "weights of step {}"), ((960, 600), "")]
)
def test_the_step_of_the_weights_that_are_played_stands_in_the_head_as_soon_as_there_are_newer_ones(
    person: Person, size: tuple[int, int], has_room: str
) -> None:
    """Briefly where all controls stand in the same line."""
    person.window.resize(*size)
    panel = panel_of(person)
    person.wait_until(lambda: panel.looked is not None)
    settle(person)
    person.session.run.train()
    person.wait_steps(20)
    person.session.run.pause()
    settle(person)
    step = person.session.run.progress.step
    play(person)
    assert panel.subtitle.text() == "", "the network has these weights"
    before = places(person, panel)
    person.session.run.train()
    person.wait_until(lambda: panel.subtitle.text() != "")
    assert panel.subtitle.text() == f"weights of step {step}"
    assert places(person, panel) == before
    assert "as they were when it began" in panel.subtitle.toolTip()
    assert panel.subtitle.fontMetrics().horizontalAdvance(has_room.format(step)) <= panel.subtitle.width()
    person.session.run.pause()
    settle(person)
    assert panel.subtitle.text() == f"weights of step {step}", "also when it has stopped"
    person.click("play")
    assert panel.subtitle.text() == ""
    person.window.grab()
    assert panel.subtitle.toolTip() == ""


def test_untrained_weights_are_called_so(person: Person) -> None:
    panel = play(person)
    person.session.run.train()
    person.wait_until(lambda: panel.subtitle.text() != "")
    assert panel.subtitle.text() == "untrained weights"
    person.session.run.pause()
