"""Play that began while the network trained looks at earlier weights than everything else, and says so."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtWidgets import QWidget

from gui.panels.unrolled.unrolled_panel import UnrolledPanel
from gui.widgets.text import height_of
from tests.gui.conftest import Person
from tests.gui.panels.open_views import settle, train_a_little
from tests.gui.panels.test_play import caption, play
from tests.gui.panels.test_unrolled import panel_of
from tests.gui.written import tip_of

pytestmark = pytest.mark.one_window


def places(person: Person, panel: UnrolledPanel) -> list[QRect]:
    """Where everything in the head of the network is, and the picture."""
    person.window.grab()
    shown = [widget for widget in panel.findChildren(QWidget) if widget.isVisible() and widget.parent() is panel]
    return [widget.geometry() for widget in shown]


def whole(panel: UnrolledPanel) -> bool:
    """Whether all of the caption has room."""
    label = panel.play_line.caption
    return height_of(label, label.text(), label.width()) <= label.height()


EVERY_SIZE, SMALL = ((1440, 900), (1100, 700), (960, 600)), ((960, 600),)


@pytest.mark.parametrize(
    ("sample", "layers", "sizes"),
    [
        ("names", 1, EVERY_SIZE),
        ("ratings", 1, SMALL),
        ("french", 1, SMALL),
        ("ratings", 2, SMALL),
        ("addition", 2, SMALL),
    ],
)
def test_the_step_of_the_weights_that_are_played_is_said_at_each_moment_as_soon_as_there_are_newer_ones(
    person: Person, sample: str, layers: int, sizes: tuple[tuple[int, int], ...]
) -> None:
    if layers > 1:
        person.session.set_model(num_layers=layers)
        person.wait_ready()
    for size in sizes:
        person.resize(*size)
        check_what_is_said(person)


def check_what_is_said(person: Person) -> None:
    """Train a little, play these weights while the training goes on, and read the caption at each moment."""
    panel = panel_of(person)
    person.wait_until(lambda: panel.looked is not None)
    settle(person)
    train_a_little(person, 5)
    step = person.session.run.progress.step
    play(person)
    assert "eights of step" not in caption(person), "the network has these weights"
    before = places(person, panel)
    person.session.run.train()
    person.wait_until(lambda: f" Weights of step {step}" in caption(person))
    assert places(person, panel) == before
    person.session.run.pause()
    settle(person)
    assert f" Weights of step {step}, not the newest." in tip_of(panel.play_line.caption).replace("&nbsp;", " ")
    while True:
        assert f" Weights of step {step}" in caption(person)
        assert whole(panel), caption(person)
        if panel.canvas.playing is None or panel.canvas.playing.ended:
            break
        person.qtbot.keyClick(panel.canvas, Qt.Key.Key_Right)
    assert panel.heading().subtitle == f"weights of step {step}", "above a saved picture, too"
    person.click("play")
    play(person)
    assert "eights of step" not in caption(person)
    person.click("play")


def test_untrained_weights_are_called_so(person: Person) -> None:
    play(person)
    person.session.run.train()
    person.wait_until(lambda: caption(person).endswith(" Untrained weights, not the newest."))
    person.session.run.pause()
