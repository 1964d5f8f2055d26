"""The view Inside a cell follows Play: it looks at the very cell, example and weights that the picture shows."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import Qt

from gui.panels.inside.inside_panel import InsidePanel
from gui.panels.unrolled.unrolled_panel import UnrolledPanel
from gui.unrolled_view.playing import Phase, Playing
from tests.gui.conftest import Person
from tests.gui.panels.open_views import open_view, settle
from tests.gui.panels.test_play import caption, play, to_the_end
from tests.gui.panels.test_unrolled import panel_of

pytestmark = pytest.mark.one_window("inside")


def inside_of(person: Person) -> InsidePanel:
    inside = open_view(person, "inside", InsidePanel)
    settle(person)
    return inside


def playing_in(panel: UnrolledPanel) -> Playing:
    assert panel.play_line.playing is not None
    return panel.play_line.playing


def norm_inside(inside: InsidePanel) -> float:
    """‖∂loss/∂h‖ in the view."""
    assert inside.found is not None
    return float(np.linalg.norm(inside.found.step.backward["∂ h"]))


def wait_for_step(person: Person, inside: InsidePanel, step: int) -> None:
    person.wait_until(lambda: f"step {step} of" in inside.subtitle.text())


def test_it_stands_at_the_step_of_play_forwards_and_backwards_and_returns_at_the_end(person: Person) -> None:
    inside, panel = inside_of(person), panel_of(person)
    panel.canvas.select((0, 4))
    wait_for_step(person, inside, 5)
    play(person)
    back = 0
    while not playing_in(panel).ended:
        playing = playing_in(panel)
        if playing.cell is not None:
            step = playing.cell[1] + 1
            assert f"tep {step} " in caption(person)
            wait_for_step(person, inside, step)
        if playing.cell is not None and playing.moment.phase is Phase.BACKWARDS:
            settle(person)
            assert norm_inside(inside) == pytest.approx(playing.gradient(playing.cell), rel=1e-4)
            back += 1
        person.qtbot.keyClick(panel.canvas, Qt.Key.Key_Right)
    assert back == len(person.session.probe.text) + 1  # with the label
    person.click("play")
    wait_for_step(person, inside, 5)
    assert panel.canvas.selected == (0, 4)


def test_it_looks_at_the_weights_of_play_while_the_training_goes_on(person: Person) -> None:
    inside, panel = inside_of(person), panel_of(person)
    play(person)
    to_the_end(person, panel)
    wait_for_step(person, inside, 1)
    settle(person)
    before = inside.found
    assert before is not None
    person.session.run.train()
    person.wait_steps(20)
    person.session.run.pause()
    person.wait_until(lambda: not person.session.busy)
    settle(person)
    assert inside.found is not None
    np.testing.assert_array_equal(inside.found.step.forward["h"], before.step.forward["h"])
    person.click("play")
    person.wait_until(lambda: not np.array_equal(inside.found.step.forward["h"], before.step.forward["h"]))  # type: ignore[union-attr]


@pytest.mark.sample("french")
def test_a_decoder_reads_the_right_words_as_in_the_picture(person: Person) -> None:
    inside, panel = inside_of(person), play(person)
    while (cell := playing_in(panel).cell) is None or playing_in(panel).diagram.rows[cell[0]].part != "decoder":
        person.qtbot.keyClick(panel.canvas, Qt.Key.Key_Right)
    person.qtbot.keyClick(panel.canvas, Qt.Key.Key_Right)
    cell = playing_in(panel).cell
    assert cell is not None
    person.wait_until(lambda: "decoder" in inside.subtitle.text() and "step 2 of" in inside.subtitle.text())
    assert f"reads “{playing_in(panel).diagram.symbol_at(cell[1])}”" in inside.subtitle.text()


def test_one_can_walk_from_the_step_of_play_and_the_next_moment_leads_back(person: Person) -> None:
    inside, panel = inside_of(person), panel_of(person)
    play(person)
    wait_for_step(person, inside, 1)
    person.click("inside-later")
    wait_for_step(person, inside, 2)
    person.click("inside-later")
    wait_for_step(person, inside, 3)
    person.qtbot.keyClick(panel.canvas, Qt.Key.Key_Right)
    wait_for_step(person, inside, 2)
    person.click("play")
    wait_for_step(person, inside, 3)  # the one that was chosen


def test_at_a_moment_without_a_cell_it_stays_at_the_last_one(person: Person) -> None:
    inside, panel = inside_of(person), panel_of(person)
    play(person)
    to_the_end(person, panel)
    wait_for_step(person, inside, 1)  # the backward pass ended there
    panel.play_line.step(playing_in(panel).loss_at - playing_in(panel).at)
    wait_for_step(person, inside, len(person.session.probe.text) + 1)


def test_it_keeps_to_the_layer_that_is_looked_into(person: Person) -> None:
    person.session.set_model(num_layers=2)
    person.wait_ready()
    inside, panel = inside_of(person), panel_of(person)
    person.wait_until(lambda: len(panel.canvas.diagram.rows) == 2 and panel.looked is not None)
    panel.canvas.select((1, 4))
    person.wait_until(lambda: "layer 2, step 5" in inside.subtitle.text())
    play(person)
    person.wait_until(lambda: "layer 2, step 1" in inside.subtitle.text())


def test_another_text_ends_a_play_that_is_hidden(person: Person) -> None:
    inside, panel = inside_of(person), panel_of(person)
    play(person)
    wait_for_step(person, inside, 1)
    panel.hide()
    person.session.probe.set("zoe")
    person.wait_until(lambda: "step 4 of 4" in inside.subtitle.text())
    assert panel.play_line.playing is None
    panel.show()
