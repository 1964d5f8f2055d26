"""Play: the lines that carry states forwards carry the gradient back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor
from pytestqt.qtbot import QtBot

from gui.theme import LIGHT
from gui.unrolled_view.both_ways import above_both
from gui.unrolled_view.canvas import UnrolledCanvas
from gui.unrolled_view.layout import DiagramLayout
from gui.unrolled_view.playing import Playing
from tests.gui.panels.test_play import CASES, canvas_of, playing_of

pytestmark = pytest.mark.one_window

BACK = QColor(LIGHT.series[3])


def both_ways(case: str, **more: Any) -> Playing:
    kind, rows, options = CASES[case]
    return playing_of(kind, rows, **options | {"bidirectional": True} | more)


def is_back(canvas: UnrolledCanvas, point: QPointF) -> bool:
    """Whether a line through a point of the picture has the colour of the gradient."""
    at = (point - QPointF(3, 3)) * canvas.scale + canvas.origin()
    seen = canvas.viewport().grab().toImage().copy(at.toPoint().x(), at.toPoint().y(), 7, 7)
    pixels = [seen.pixelColor(x, y) for x in range(seen.width()) for y in range(seen.height())]
    assert len(pixels) == 49
    return any(abs(pixel.hue() - BACK.hue()) < 12 and pixel.saturation() > 60 for pixel in pixels)


def from_below(layout: DiagramLayout, column: int, level: int) -> QPointF:
    """A point on the line on which the cell that reads backwards, at `level`, gets its input, around the other one."""
    cell = layout.cell(column, level - 1)
    return QPointF(cell.left() - layout.aside, cell.bottom() - 5)


def around_upper(layout: DiagramLayout, column: int, level: int) -> QPointF:
    """A point on the line on which the state of the lower cell goes up, around the one at `level`."""
    cell = layout.cell(column, level)
    return QPointF(cell.right() + layout.aside, cell.top() + 5)


def each_moment(canvas: UnrolledCanvas, playing: Playing, check: Callable[[Playing], None]) -> None:
    for now in map(playing.go, range(len(playing.moments))):
        canvas.play(now)
        check(now)


@pytest.mark.parametrize("case", ["both", "tagger", "translator", "max"])
def test_the_gradient_leaves_a_cell_that_reads_backwards_along_the_line_of_its_input(qtbot: QtBot, case: str) -> None:
    playing = both_ways(case)
    canvas, seen = canvas_of(playing, qtbot, 900, 420), set()

    def check(now: Playing) -> None:
        for index, row in enumerate(playing.diagram.rows):
            if row.backward:
                for column in range(row.first, row.first + row.steps):
                    back = is_back(canvas, from_below(canvas.placed(), column, row.level))
                    assert back == ((index, column) in now.reached()), (now.at, index, column)
                    seen.add(back)

    each_moment(canvas, playing, check)
    assert seen == {True, False}


def test_the_gradient_comes_to_the_last_states_of_both_directions_along_their_lines(qtbot: QtBot) -> None:
    playing = both_ways("both", num_layers=1)
    canvas = canvas_of(playing, qtbot, 900, 420)
    last = len(playing.diagram.columns) - 1

    def check(now: Playing) -> None:
        layout = canvas.placed()
        for column in range(last):
            over = QPointF((layout.column_x(column) + layout.column_x(column + 1)) / 2, above_both(layout, column, 1))
            assert is_back(canvas, over) == bool(now.returned()), (now.at, column)
        assert is_back(canvas, around_upper(layout, last, 1)) == bool(now.returned())

    each_moment(canvas, playing, check)


def test_the_gradient_of_each_answer_comes_to_the_cells_of_both_directions(qtbot: QtBot) -> None:
    playing = both_ways("tagger")
    canvas = canvas_of(playing, qtbot, 900, 420)

    def check(now: Playing) -> None:
        for column in range(len(playing.diagram.columns)):
            assert is_back(canvas, around_upper(canvas.placed(), column, 1)) == (column in now.returned())

    each_moment(canvas, playing, check)


def test_the_gradient_of_a_layer_comes_to_both_cells_below_it(qtbot: QtBot) -> None:
    playing = both_ways("tagger", num_layers=2)
    canvas, seen = canvas_of(playing, qtbot, 900, 640), set()

    def check(now: Playing) -> None:
        for column in range(len(playing.diagram.columns)):
            came = {(2, column), (3, column)} & now.reached()
            back = is_back(canvas, around_upper(canvas.placed(), column, 1))
            assert back == bool(came), (now.at, column)
            seen.add(back)

    each_moment(canvas, playing, check)
    assert seen == {True, False}


@pytest.mark.parametrize("bidirectional", [False, True])
def test_what_is_handed_back_to_all_states_comes_to_all_of_them_at_once(qtbot: QtBot, bidirectional: bool) -> None:
    playing = both_ways("max", bidirectional=bidirectional)
    canvas = canvas_of(playing, qtbot, 900, 420)

    def check(now: Playing) -> None:
        layout = canvas.placed()
        for column in range(len(playing.diagram.columns)):
            stem = QPointF(layout.column_x(column), layout.pool.bottom() + 5)
            assert is_back(canvas, stem) == now.handed_back(), (now.at, column)
            if bidirectional:
                assert is_back(canvas, around_upper(layout, column, 1)) == now.handed_back()

    each_moment(canvas, playing, check)


def test_the_gradient_that_attention_brings_comes_to_both_cells_of_a_step(qtbot: QtBot) -> None:
    playing = both_ways("translator")
    canvas = canvas_of(playing, qtbot, 900, 420)
    encoder = [column for column, item in enumerate(playing.diagram.columns) if item.part == "encoder"]

    def check(now: Playing) -> None:
        for column in encoder:
            back = is_back(canvas, around_upper(canvas.placed(), column, 1))
            assert not back or now.returned()
            assert back or not {(0, column), (1, column)} & now.reached()

    each_moment(canvas, playing, check)
