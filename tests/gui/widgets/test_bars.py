"""Rows of names and shares."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from gui.theme import LIGHT
from gui.widgets.bars import ROW_PX, Bar, Bars


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
