"""Numbers that are typed in the window: limits, Escape, and the way back."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QSpinBox, QToolTip

from tests.gui.conftest import Person

pytestmark = pytest.mark.one_window


def test_a_number_of_layers_beyond_the_limit_becomes_the_limit_and_says_so(person: Person) -> None:
    person.choose_sample("names")
    person.activate()
    person.type("num_layers", "12")
    assert person.find(QSpinBox, "num_layers").text() == "8"
    assert person.session.run.model_config.num_layers == 8
    person.wait_until(lambda: QToolTip.isVisible() and QToolTip.text() == "At most 8")
