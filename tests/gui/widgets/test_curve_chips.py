"""The names of curves beside a plot: as much of them as there is room for, what tells them apart first."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QToolButton
from pytestqt.qtbot import QtBot

from gui.session.run_library.run_names import cut_more_and_more
from gui.widgets.curve_chips import CurveChip, CurveChips

TEXTS = "LSTM 64 · dropout 0.5", "…dropout 0.5"


def chip(name: str, *texts: str) -> CurveChip:
    return CurveChip(name, texts, name, "#008800")


@pytest.mark.parametrize(("room", "shown"), [(260, "LSTM 64 · dropout 0.5 ×"), (145, "…dropout 0.5 ×")])
def test_a_name_without_room_keeps_the_word_that_tells_it_apart(qtbot: QtBot, room: int, shown: str) -> None:
    chips = CurveChips("others")
    qtbot.addWidget(chips)
    chips.set_room(600)
    chips.show_chips([chip("one", *TEXTS)])
    chips.set_room(room)
    button = chips.findChild(QToolButton)
    assert button is not None
    assert button.text() == shown
    assert button.sizeHint().width() <= room


def test_a_name_without_room_is_cut_in_one_place_and_whole_in_its_tooltip(qtbot: QtBot) -> None:
    chips = CurveChips("others")
    qtbot.addWidget(chips)
    name = "LSTM 64 · read from max over time"
    chips.show_chips([CurveChip("one", cut_more_and_more(name), name, "#008800")])
    for room in range(400, 80, -1):
        chips.set_room(room)
        (button,) = chips.findChildren(QToolButton)
        assert button.text().count("…") <= 1
        assert button.text().startswith("LSTM 64 " if room > 120 else "L")
        assert name in button.toolTip()


def test_a_long_name_takes_more_room_where_it_stands_alone(qtbot: QtBot) -> None:
    chips = CurveChips("others")
    qtbot.addWidget(chips)
    chips.set_room(400)
    long = chip("long", "a name that the user gave to the run")
    chips.show_chips([long])
    (button,) = chips.findChildren(QToolButton)
    assert button.text() == "a name that the user gave to the run ×"
    chips.show_chips([long, chip("two", "GRU 64")])
    assert all("user gave" not in one.text() for one in chips.findChildren(QToolButton) if one is not button)


def test_chips_that_are_not_shown_take_no_room(qtbot: QtBot) -> None:
    chips = CurveChips("others")
    qtbot.addWidget(chips)
    names = [chip(f"GRU {units} ({number})", f"GRU {units} ({number})") for number, units in enumerate((128, 256, 512))]
    chips.set_room(600)
    chips.show_chips(names)
    buttons = chips.findChildren(QToolButton)
    widest = max(button.sizeHint().width() for button in buttons)
    assert chips.sizeHint().width() == sum(button.sizeHint().width() for button in buttons)
    chips.set_room(2 * widest - 1)  # one, and that there are others
    assert widest < chips.sizeHint().width() < 1.5 * widest
    chips.resize(chips.sizeHint())
    assert [button.isVisibleTo(chips) for button in buttons] == [False, False, True]
