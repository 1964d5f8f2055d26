"""Rows of names and shares."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QHelpEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from gui.theme import LIGHT
from gui.widgets.bars import ROW_PX, Bar, Bars
from gui.widgets.symbols import plain_tip


def test_a_click_chooses_the_row_under_the_mouse_also_before_the_layout_has_followed_new_rows(qtbot: QtBot) -> None:
    bars = Bars(LIGHT, "bars", "Bars", clickable=True)
    qtbot.addWidget(bars)
    bars.resize(200, 3 * ROW_PX)
    bars.show()
    bars.show_bars([Bar(name, 0.1) for name in "abcdef"], LIGHT)
    bars.resize(200, 3 * ROW_PX)  # as low as it was for fewer rows
    chosen: list[str] = []
    bars.chosen.connect(chosen.append)
    for row in range(3):
        qtbot.mouseClick(bars, Qt.MouseButton.LeftButton, pos=QPoint(20, row * ROW_PX + ROW_PX // 2))
    assert chosen == ["a", "b", "c"]


def test_a_name_without_room_is_cut_in_its_middle_and_the_tooltip_has_it_whole(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    bars = Bars(LIGHT, "bars", "Bars", swatch=True)
    qtbot.addWidget(bars)
    bars.show_bars([Bar("12 incomprehensible", 0.5), Bar("13 at", 0.5)], LIGHT)
    bars.resize(bars.name_room_px() - 30, 2 * ROW_PX)
    bars.show()
    cut, short = bars.shown_names()
    begin, end = cut.split("…")
    assert (short, "12 incomprehensible".startswith(begin), "12 incomprehensible".endswith(end)) == (
        "13 at",
        True,
        True,
    )
    assert begin.startswith("12")
    assert end
    told: dict[int, str] = {}
    for row in range(2):
        shown = SimpleNamespace(showText=lambda _, text, owner, row=row: told.update({row: text}))
        monkeypatch.setattr("gui.widgets.bars.QToolTip", shown)  # one of its own would be raised over all windows
        at = QPoint(30, row * ROW_PX + ROW_PX // 2)
        QApplication.sendEvent(bars, QHelpEvent(QHelpEvent.Type.ToolTip, at, bars.mapToGlobal(at)))
    assert told == {0: plain_tip("12 incomprehensible: 0.50")}


def test_nothing_has_no_bar_and_a_little_has_one(qtbot: QtBot) -> None:
    bars = Bars(LIGHT, "bars", "Bars")
    qtbot.addWidget(bars)
    bars.resize(300, 3 * ROW_PX)
    bars.show_bars([Bar("a", 0.0), Bar("a", 1e-9), Bar("a", 1.0)], LIGHT)
    picture, accent = bars.grab().toImage(), QColor(LIGHT.accent)
    lengths = [
        sum(picture.pixelColor(x, row * ROW_PX + ROW_PX // 2) == accent for x in range(picture.width()))
        for row in range(3)
    ]
    assert lengths[0] == 0
    assert 0 < lengths[1] < 4 < lengths[2]
