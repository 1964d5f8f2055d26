"""The note beside a thing: however long its text is, all of it can be read."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QLabel, QScrollArea
from pytestqt.qtbot import QtBot

from gui.widgets.popover import Popover


@pytest.mark.parametrize(("lines", "scrolls"), [(3, False), (45, False), (300, True)])
def test_a_text_is_shown_whole_or_scrolls_where_the_screen_is_too_low(qtbot: QtBot, lines: int, scrolls: bool) -> None:
    beside = QLabel("?")
    qtbot.addWidget(beside)
    beside.show()
    popover = Popover(beside, "note")
    popover.explain("Title", "\n".join(f"line {number}" for number in range(lines)), beside)
    qtbot.waitUntil(popover.isVisible)
    screen = beside.screen().availableGeometry()
    assert screen.contains(popover.geometry())
    text = popover.text
    assert text.height() >= lines * text.fontMetrics().height() - lines
    seen = text.visibleRegion().boundingRect()
    bar = popover.findChild(QScrollArea).verticalScrollBar()
    assert seen.width() == text.width()
    assert (seen.height() < text.height(), bar.maximum() > 0) == (scrolls, scrolls)
    bar.setValue(bar.maximum())
    assert text.visibleRegion().boundingRect().bottom() == text.rect().bottom()
    popover.hide()
