"""Names below columns: as many as fit, none touching another."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from gui.plots.heat_map import Heat, HeatMap
from gui.theme import LIGHT


@pytest.mark.parametrize("from_left", [True, False])
@pytest.mark.parametrize("count", [6, 9, 13, 17, 23, 40])
def test_no_two_names_below_a_picture_touch_however_narrow_its_columns(
    qtbot: QtBot, count: int, from_left: bool
) -> None:
    plot = HeatMap(LIGHT, "h", "h")
    qtbot.addWidget(plot)
    plot.resize(300, 160)
    plot.show()
    long, short = "interesting", ["a", "the", "of"]
    names = [long if i % 5 == 0 else short[i % 3] for i in range(count)]
    plot.show_heat(Heat(np.zeros((4, count), np.float32), tuple(names if from_left else names[::-1])), LIGHT)
    shown = sorted(plot.columns.columns(), key=lambda each: each[0].left())
    assert shown
    assert all(after.left() - before.right() >= 2 for (before, _), (after, _) in pairwise(shown))
    assert all(plot.columns.boundingRect().contains(place) for place, _ in shown)
