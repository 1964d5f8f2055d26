"""Labels: what is left of a text without room."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from gui.widgets.text import ElidedLabel

PARTS = ("all beaten at step 108", "c symbol pairs 2.56", "b symbol frequencies 2.89")


@pytest.mark.parametrize("count", [0, 1, 2, 3])
def test_a_text_of_several_parts_loses_whole_ones_and_has_all_in_its_tip(qtbot: QtBot, count: int) -> None:
    label, fitting = ElidedLabel(" · ".join(PARTS)), ElidedLabel()
    qtbot.addWidget(label)
    qtbot.addWidget(fitting)
    fitting.setText(" · ".join((*PARTS[:count], *["…"] * (count < 3))) if count else "all beaten at…")
    label.between_parts = " · "
    for each in (label, fitting):
        each.resize(fitting.sizeHint().width() + (30 if 0 < count < 3 else 1), 20)
        each.show()
    assert label.grab().toImage() == fitting.grab().toImage()
    assert label.toolTip() == ("" if count == 3 else label.text())
