"""Labels: what is left of a text without room, and how much room one reserves."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from gui.widgets.text import ElidedLabel, SteadyLabel
from tests.gui.written import tip_of

PARTS = ("all beaten at step 108", "c character pairs 2.56", "b character frequencies 2.89")


@pytest.mark.parametrize("count", [0, 1, 2, 3])
def test_a_text_of_several_parts_loses_whole_ones_and_has_all_in_its_tip(qtbot: QtBot, count: int) -> None:
    label, fitting = ElidedLabel(" · ".join(PARTS)), ElidedLabel()
    qtbot.addWidget(label)
    qtbot.addWidget(fitting)
    fitting.setText(" · ".join((*PARTS[:count], *["…"] * (count < 3))) or "…")
    label.between_parts = (" · ",)
    for each in (label, fitting):
        each.resize(fitting.sizeHint().width() + (30 if count < 3 else 1), 20)
        each.show()
    assert label.grab().toImage() == fitting.grab().toImage()
    assert tip_of(label) == ("" if count == 3 else label.text())


@pytest.mark.parametrize(
    "shown", ["this run: c beaten at step 136, a and b at 68 …", "this run: c beaten at step 136 …", "this run …"]
)
def test_a_part_without_room_loses_whole_parts_of_its_own(qtbot: QtBot, shown: str) -> None:
    label, fitting = ElidedLabel("this run: c beaten at step 136, a and b at 68 · b symbols 1.2"), ElidedLabel(shown)
    label.between_parts = " · ", ", ", ": "
    for each in (label, fitting):
        qtbot.addWidget(each)
        each.resize(fitting.sizeHint().width(), 20)
        each.show()
    assert label.grab().toImage() == fitting.grab().toImage()
    assert label.toolTip() == label.text()


@pytest.mark.parametrize("shown", ["all beaten at step 85 · blind guess", "all beaten at step 85", "all beaten"])
def test_a_text_without_room_is_said_more_briefly_before_it_is_cut(qtbot: QtBot, shown: str) -> None:
    label, fitting = ElidedLabel(), ElidedLabel(shown)
    label.setText("all beaten at step 85 · blind guess", "all beaten at step 85", "all beaten")
    for each in (label, fitting):
        qtbot.addWidget(each)
        each.resize(fitting.sizeHint().width(), 20)
        each.show()
    assert label.grab().toImage() == fitting.grab().toImage()
    assert tip_of(label) == ("" if shown == label.text() else label.text())
    assert label.accessibleName() == label.text()


def test_room_that_was_reserved_for_a_wider_text_is_given_back(qtbot: QtBot) -> None:
    label, fresh = SteadyLabel("epoch 0 / 20"), SteadyLabel("epoch 0 / 20")
    qtbot.addWidget(label)
    qtbot.addWidget(fresh)
    fresh.reserve("epoch 20 / 20")
    label.reserve("epoch 100 / 100")
    assert label.width() > fresh.width()
    label.reserve("epoch 20 / 20")
    assert label.width() == fresh.width()
