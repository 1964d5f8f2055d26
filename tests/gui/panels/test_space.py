"""Space plays or pauses what is in front; the network trains only if nothing is."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QPushButton, QWidget

from gui.panels.try_it.caption import CaptionView
from gui.panels.unrolled.unrolled_panel import UnrolledPanel
from gui.session.run_library.race import RaceStatus
from tests.gui.conftest import Person
from tests.gui.panels.trying import shown


def trains_at_space(person: Person) -> bool:
    """Whether Space starts the training; it is paused again."""
    person.press(Qt.Key.Key_Space)
    started = person.session.run.training
    if started:
        person.press(Qt.Key.Key_Space)
    return started


@pytest.fixture
def panel(person: Person) -> UnrolledPanel:
    """The picture of the network, once it has been drawn."""
    found = person.window.panels["unrolled"]
    assert isinstance(found, UnrolledPanel)
    person.wait_until(lambda: found.looked is not None)
    return found


def test_space_pauses_and_resumes_a_text_that_is_played_and_trains_after_it(
    person: Person, panel: UnrolledPanel
) -> None:
    person.click("play")
    person.wait_until(lambda: panel.play_line.running)
    for running in (False, True, False):
        assert not trains_at_space(person)
        assert panel.play_line.running is running
    person.click("play")  # stops
    assert trains_at_space(person)


def test_a_text_that_is_played_behind_another_view_or_in_another_window_does_not_take_space(
    person: Person, panel: UnrolledPanel
) -> None:
    person.click("play")
    person.wait_until(lambda: panel.play_line.running)
    person.window.docking.show_view("compare")
    assert not panel.isVisible()
    assert trains_at_space(person)
    person.window.docking.float_view("unrolled")
    person.activate()
    assert panel.isVisible()
    assert trains_at_space(person)


def test_space_pauses_and_resumes_a_race_only_while_it_can_be_seen(person: Person) -> None:
    race = person.session.race
    person.session.set_model(hidden_size=4)
    person.wait_ready()
    person.window.docking.show_view("compare")
    person.click("compare-cells")
    assert not trains_at_space(person)
    assert race.status is RaceStatus.PAUSED
    assert person.find(QPushButton, "race-pause").text() == "Resume"
    assert not trains_at_space(person)
    assert race.running
    person.window.docking.show_view("unrolled")
    assert not person.find(QWidget, "panel-compare").isVisible()
    assert trains_at_space(person)
    race.stop()


def test_space_does_not_press_a_button_that_got_the_focus_because_another_one_was_hidden(person: Person) -> None:
    person.session.set_model(hidden_size=4)
    person.wait_ready()
    person.window.docking.show_view("compare")
    cells = person.find(QPushButton, "compare-cells")
    cells.setFocus()
    person.click("compare-cells")
    assert not cells.isVisible()
    assert isinstance(QApplication.focusWidget(), QAbstractButton), "Qt has moved the focus to one"
    person.press(Qt.Key.Key_Space)
    assert person.session.race.status is RaceStatus.PAUSED
    person.session.race.stop()


def test_space_stops_an_answer_that_is_played(numbers: Callable[[str], Person]) -> None:
    person = numbers("pictures")
    view = shown(person, CaptionView)
    person.wait_until(lambda: view.answers() is not None)
    person.click("try-play")
    assert view.play.playing
    assert not trains_at_space(person)
    assert not view.play.playing
    assert trains_at_space(person)
