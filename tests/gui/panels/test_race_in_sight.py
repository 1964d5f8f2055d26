"""While a race is running, the whole window says so, and what the other views show meanwhile."""

from __future__ import annotations

from PySide6.QtWidgets import QLabel, QPushButton, QScrollArea, QWidget

from gui.panels.try_it.try_it_panel import TryItPanel
from gui.plots.line_plot import LinePlot
from gui.session.notice import Level
from tests.gui.conftest import Person
from tests.gui.saving.saving import trained


def begin_race(person: Person) -> None:
    """A race of small networks, which takes long enough to be looked at."""
    person.session.set_model(hidden_size=4)
    person.wait_ready()
    trained(person, 1)
    person.session.tell("Something about the run before.")
    person.window.docking.show_view("compare")
    person.click("compare-cells")


def test_a_race_is_told_of_at_the_top_and_at_the_foot_of_the_window_until_it_is_over(person: Person) -> None:
    answers = person.window.panels["try_it"]
    assert isinstance(answers, TryItPanel)
    place = answers.mapToGlobal(answers.area.pos())
    begin_race(person)
    assert answers.mapToGlobal(answers.area.pos()) == place, "what one types in stays where it is"
    bar, train = person.window.notice_bar, person.find(QPushButton, "train")
    status = person.find(QLabel, "progress-left")
    now = person.session.runs.now()
    assert now is not None
    running = f"The other views show the current run, “{now.name}”, which waits at step {now.step}."
    assert now.step > 0
    assert bar.text() == f"A race of 5 runs is running in Compare. {running}"
    assert status.text() == "race running"
    assert train.toolTip() == "Pause the race, and train the current run"
    assert person.find(QPushButton, "step").toolTip() == "Make one step of the current run, beside the race (S)"
    standing = person.find(QLabel, "try-standing")
    assert standing.isVisible()
    source = "Answers come from the current run, not from the racing ones"
    assert standing.text() == f"{source}: it waits at step {now.step}."
    person.session.tell("Settings pasted.", Level.DONE)
    assert bar.text() == "Settings pasted."
    person.click("notice-close")
    assert bar.text().endswith(running)
    person.click("race-pause")
    assert bar.text() == f"A race of 5 runs is paused in Compare. {running}"
    assert status.text() == "race paused"
    assert train.toolTip() == "Train or pause (Space)"
    assert person.find(QPushButton, "step").toolTip() == "Make one training step (S)"
    assert not standing.isVisible()
    person.click("race-stop")
    assert bar.text() == ""
    assert status.text() == "paused"


def test_training_the_current_run_pauses_the_race_and_the_foot_of_the_window_says_so(person: Person) -> None:
    begin_race(person)
    person.click("train")
    now = person.session.runs.now()
    assert now is not None
    assert person.find(QPushButton, "train").text() == "Pause"
    assert person.find(QLabel, "progress-left").text() != "race running"
    bar = person.window.notice_bar
    assert bar.text() == f"The race of 5 runs in Compare is paused while “{now.name}” trains."
    person.click("train")
    assert bar.text().startswith("A race of 5 runs is paused in Compare.")
    person.session.race.stop()


def test_a_race_that_was_stopped_is_not_said_to_be_over(person: Person) -> None:
    begin_race(person)
    person.click("race-stop")
    assert person.find(QLabel, "race-status").text() == "Stopped"


def test_what_a_race_is_at_is_said_in_a_small_window(person: Person) -> None:
    person.window.resize(1100, 700)
    begin_race(person)
    status = person.find(QLabel, "race-status")
    person.wait_until(lambda: "left" in status.text())
    person.wait_until(lambda: 0 < status.fontMetrics().horizontalAdvance(status.text()) <= status.width())
    assert status.text().startswith("5 racing · ")
    person.click("race-stop")
    person.wait_until(lambda: status.text() == "Stopped")
    person.wait_until(lambda: status.fontMetrics().horizontalAdvance(status.text()) <= status.width())


def test_a_race_needs_no_sideways_scrolling_in_the_smallest_window(person: Person) -> None:
    person.window.resize(960, 600)
    begin_race(person)
    person.click("race-stop")
    status, panel = person.find(QLabel, "race-status"), person.find(QWidget, "panel-compare")
    around = panel.parentWidget()
    while not isinstance(around, QScrollArea):
        around = around.parentWidget()
    for page in ("curves", "answers", "states"):
        person.click(f"compare-page-{page}")
        person.wait_until(lambda: 0 < status.fontMetrics().horizontalAdvance(status.text()) <= status.width())
        person.wait_until(lambda: around.horizontalScrollBar().maximum() == 0)


def test_other_data_bring_back_the_views_that_an_enlarged_race_has_covered(person: Person) -> None:
    docking = person.window.docking
    person.session.set_model(hidden_size=4)
    person.wait_ready()
    person.session.compared.race_cells()
    person.wait_until(lambda: docking.filled == "compare")
    person.session.race.stop()
    person.choose_sample("reviews")
    assert docking.filled == ""
    assert person.find(LinePlot, "loss-plot").isVisible()
    area = docking.area_of("unrolled")
    assert area is not None
    assert area.front() == "unrolled"
