"""The same number is written in the same way wherever it stands in the picture."""

from __future__ import annotations

import numpy as np
import pytest

from gui.theme import LIGHT
from gui.unrolled_view.canvas import UnrolledCanvas
from gui.unrolled_view.diagram import Diagram, DiagramColumn, NumberAnswers
from gui.unrolled_view.layout import DiagramLayout
from gui.unrolled_view.painter import DiagramPainter
from gui.unrolled_view.row_names import names_above
from gui.unrolled_view.tiles import StatePictures
from tests.gui.unrolled_view.test_outputs import recorded

SERIES = ("107.9", "102.7", "73.2", "119.4", "102", "102.8")


@pytest.mark.parametrize("width", [36.0, 40.0, 49.0, 74.0, 104.0])
@pytest.mark.parametrize("series", [SERIES, tuple(f"{text}37" if "." in text else text for text in SERIES)])
def test_a_number_is_the_same_as_target_and_as_the_next_input(
    canvas: UnrolledCanvas, width: float, series: tuple[str, ...]
) -> None:
    count = len(series) - 1
    numbers = NumberAnswers(np.full((count, 1), 94.1), np.ones((count, 1)), None, tuple(range(count)))
    columns = tuple(DiagramColumn("", i + 1, series[i], "94.1", truth=series[i + 1], loss=0.5) for i in range(count))
    diagram = Diagram(columns, (), "LSTM", "many-to-many", numbers=numbers)
    layout = DiagramLayout(diagram, width)
    texts = recorded(DiagramPainter(layout, StatePictures(diagram, LIGHT), LIGHT, canvas.font()))
    for text in series[1:-1]:  # each is a target once and an input once
        ways = [shown for shown in texts if shown == text]
        if len(text) <= 5:
            assert len(ways) == 2, (text, texts)
        else:
            assert len(ways) in (0, 2), (text, texts)  # in a narrow column both are rounded


@pytest.mark.parametrize("bars", [3, 4, 5])
def test_the_line_that_stands_for_columns_without_a_line_shows_the_number_of_none(
    canvas: UnrolledCanvas, bars: int
) -> None:
    means = np.array([[15.5, 58.9, 1016.0, 65.6, 33.3]])
    names = ("tide", "wind", "pressure", "power", "rain")
    numbers = NumberAnswers(means, np.ones(means.shape), None, (0,), names)
    columns = (DiagramColumn("", 1, "15", "15.5"),)
    diagram = Diagram(columns, (), "LSTM", "many-to-many", numbers=numbers)
    layout = DiagramLayout(diagram, 104.0, bars=bars)
    texts = recorded(DiagramPainter(layout, StatePictures(diagram, LIGHT), LIGHT, canvas.font()))
    shown = bars if bars == len(names) else bars - 1
    said = [row.text for row in names_above(layout, 0)]
    assert said == [*names[:shown], *([f"… {len(names) - shown} more"] if shown < len(names) else [])]
    written = ("15.5", "58.9", "1,016", "65.6", "33.3")
    assert [text for text in texts if text in written] == list(written[:shown])
