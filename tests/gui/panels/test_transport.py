"""The top bar at every width of the window: nothing lies on anything else."""

from __future__ import annotations

from itertools import pairwise

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QLabel, QWidget

from tests.gui.conftest import Person
from tests.gui.panels.open_views import train_a_little


@pytest.mark.parametrize("width", [900, 960, 1000, 1060, 1100, 1150, 1310, 1440])
def test_the_numbers_of_the_run_end_before_the_buttons_begin(person: Person, width: int) -> None:
    train_a_little(person, 3)
    person.window.resize(width, 700)
    person.wait_until(lambda: person.window.width() == width)
    panel = person.window.panels["transport"]
    person.wait_until(lambda: panel.width() == width)

    def left(widget: QWidget) -> int:
        return widget.mapTo(panel, QPoint(0, 0)).x()

    names = [f"progress-{name}" for name in ("epoch", "step", "speed", "loss", "left")]
    labels = [label for name in names if (label := panel.findChild(QLabel, name)) is not None and label.isVisible()]
    assert len(labels) >= (2 if width == 900 else 3)
    person.wait_until(lambda: all(left(a) + a.width() <= left(b) for a, b in pairwise(labels)))
    buttons = [panel.findChild(QWidget, name) for name in ("save", "export", "views", "theme")]
    first = min(left(button) for button in buttons if button is not None and button.isVisible())
    assert left(labels[-1]) + labels[-1].width() <= first - 5
