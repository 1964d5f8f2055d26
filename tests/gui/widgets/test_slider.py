"""The slider with its number."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QSlider
from pytestqt.qtbot import QtBot

from gui.widgets.slider import NumberSlider, decades, doublings
from tests.gui.widgets.field_words import said_beside


@pytest.fixture
def slider(qtbot: QtBot) -> NumberSlider:
    made = NumberSlider("size", "Size", "How large.", doublings(4, 1024), minimum=1, maximum=4096, whole=True)
    qtbot.addWidget(made)
    made.show()
    made.set_value(64)
    return made


def number_of(slider: NumberSlider) -> QLineEdit:
    number = slider.findChild(QLineEdit)
    assert number is not None
    return number


def bar_of(slider: NumberSlider) -> QSlider:
    bar = slider.findChild(QSlider)
    assert bar is not None
    return bar


def test_stops_are_the_numbers_people_choose() -> None:
    assert doublings(4, 32) == (4, 6, 8, 12, 16, 24, 32)
    assert decades(0.01, 0.1) == (0.01, 0.015, 0.02, 0.03, 0.05, 0.07, 0.1)


def test_a_key_moves_to_the_next_stop_and_the_value_counts_when_it_settles(qtbot: QtBot, slider: NumberSlider) -> None:
    moved = []
    slider.moved.connect(moved.append)
    with qtbot.waitSignal(slider.chosen) as chosen:
        qtbot.keyClick(bar_of(slider), Qt.Key.Key_Right)
        qtbot.keyClick(bar_of(slider), Qt.Key.Key_Right)
    assert moved == [96.0, 128.0]
    assert chosen.args == [128.0]
    assert number_of(slider).text() == "128"


def test_a_number_between_the_stops_can_be_typed(qtbot: QtBot, slider: NumberSlider) -> None:
    number = number_of(slider)
    number.selectAll()
    qtbot.keyClicks(number, "100")
    with qtbot.waitSignal(slider.chosen) as chosen:
        qtbot.keyClick(number, Qt.Key.Key_Return)
    assert chosen.args == [100.0]
    assert slider.value() == 100


@pytest.mark.parametrize(
    ("typed", "taken"), [("99999", 4096), ("1,024", 1024), ("0", 1), ("nonsense", 64), ("nan", 64), ("12.6", 13)]
)
def test_what_is_typed_is_brought_into_range_or_given_up(
    qtbot: QtBot, slider: NumberSlider, typed: str, taken: int
) -> None:
    number = number_of(slider)
    number.selectAll()
    qtbot.keyClicks(number, typed)
    qtbot.keyClick(number, Qt.Key.Key_Return)
    assert slider.value() == taken
    assert number.text() == f"{taken:,}"


def test_escape_gives_up_what_was_typed(qtbot: QtBot, slider: NumberSlider) -> None:
    number = number_of(slider)
    number.setFocus()
    number.selectAll()
    qtbot.keyClicks(number, "7")
    qtbot.keyClick(number, Qt.Key.Key_Escape)
    assert number.text() == "64"
    assert slider.value() == 64


def test_setting_a_value_says_nothing(slider: NumberSlider) -> None:
    said = []
    slider.moved.connect(said.append)
    slider.chosen.connect(said.append)
    slider.set_value(300)
    assert said == []
    assert number_of(slider).text() == "300"


@pytest.mark.parametrize(("typed", "value", "word"), [("99999", 4096, "At most 4,096"), ("0", 1, "At least 1")])
def test_a_typed_number_beyond_a_limit_becomes_the_limit_with_a_word(
    qtbot: QtBot, slider: NumberSlider, typed: str, value: float, word: str
) -> None:
    slider.activateWindow()
    qtbot.waitUntil(slider.isActiveWindow)
    number = number_of(slider)
    number.setFocus()
    number.selectAll()
    qtbot.keyClicks(number, typed)
    qtbot.keyClick(number, Qt.Key.Key_Return)
    assert slider.value() == value
    qtbot.waitUntil(lambda: said_beside(slider) == [word])
