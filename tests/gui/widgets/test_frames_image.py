"""Numbers over time as a small picture."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QSize
from pytestqt.qtbot import QtBot

from engine.data.numbers.number_scaling import NumberScaling
from gui.theme import LIGHT
from gui.widgets.frames_image import frames_image


def test_columns_of_a_long_spectrogram_are_averaged_over_time_and_not_blended_with_each_other(qtbot: QtBot) -> None:
    values = np.tile(np.arange(8.0), (1000, 1))
    scaling = NumberScaling(tuple("abcdefgh"), (0.0,) * 8, (1.0,) * 8)
    image = frames_image(values, scaling, QSize(100, 64), 1.0, LIGHT)
    assert len({image.pixelColor(x, y).name() for x in range(100) for y in range(64)}) == 8
