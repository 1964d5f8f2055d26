"""The picture of the network by itself."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from gui.theme import LIGHT
from gui.unrolled_view.canvas import UnrolledCanvas


@pytest.fixture
def canvas(qtbot: QtBot) -> UnrolledCanvas:
    canvas = UnrolledCanvas(LIGHT)
    qtbot.addWidget(canvas)
    canvas.resize(800, 330)
    return canvas
