"""Where the picture has been scrolled to, while the network learns and its answers change."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from gui.theme import LIGHT
from gui.unrolled_view.canvas import UnrolledCanvas
from gui.unrolled_view.diagram import Diagram, DiagramColumn, LayerRow


def answered(*answer: str) -> Diagram:
    """A decoder's own answer to the words of an encoder."""
    columns = [DiagramColumn("encoder", k + 1, f"word{k}") for k in range(6)]
    for k, (below, above) in enumerate(pairwise(("<s>", *answer, "</s>"))):
        columns.append(DiagramColumn("decoder", k + 1, below, above, 0.5, fed_back=k > 0))
    row = LayerRow("", "encoder", 0, 0, 6, states=np.zeros((6, 4)))
    below = LayerRow("", "decoder", 0, 6, len(columns) - 6, states=np.zeros((len(columns) - 6, 4)))
    return Diagram(tuple(columns), (row, below), "GRU", "encoder-decoder")


def test_what_one_has_scrolled_to_stays_in_sight_while_the_answer_gets_longer_and_shorter(
    canvas: UnrolledCanvas, qtbot: QtBot
) -> None:
    canvas.resize(440, 260)
    canvas.show()
    bar, long = canvas.horizontalScrollBar(), tuple(f"answer{k}" for k in range(6))
    canvas.show_diagram(answered(*long), LIGHT)
    assert bar.value() == 0
    bar.setValue(150)
    for answer in (long[:5], ("other",) * 6, ()):
        canvas.show_diagram(answered(*answer), LIGHT)
        assert bar.value() == min(150, bar.maximum())
    assert bar.maximum() == 0
    canvas.show_diagram(answered(*long), LIGHT)
    assert bar.value() == 150
    qtbot.mouseClick(canvas.to_end, Qt.MouseButton.LeftButton)
    for answer in (long[:3], (), long, ("other",) * 9):
        canvas.show_diagram(answered(*answer), LIGHT)
        assert bar.value() == bar.maximum()
    assert bar.maximum() > 0
    canvas.resize(400, 260)
    assert bar.value() == bar.maximum()
    another = answered(*long)
    words = tuple(replace(column, below=f"other{k}") for k, column in enumerate(another.columns[:6]))
    canvas.show_diagram(replace(another, columns=(*words, *another.columns[6:])), LIGHT)
    assert bar.value() == 0, "another text is shown from its beginning"


def test_a_chosen_cell_is_not_scrolled_out_of_sight_by_a_place_from_before(canvas: UnrolledCanvas) -> None:
    canvas.resize(440, 260)
    canvas.show()
    long = tuple(f"answer{k}" for k in range(6))
    canvas.show_diagram(answered(*long), LIGHT)
    bar = canvas.horizontalScrollBar()
    bar.setValue(150)
    canvas.show_diagram(answered(), LIGHT)
    assert bar.maximum() == 0
    canvas.select((0, 0))
    canvas.show_diagram(answered(*long), LIGHT)
    assert bar.value() == 0 < bar.maximum()
