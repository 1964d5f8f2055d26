"""Play: the lines that carry states forwards carry the gradient back, and an answer is read once it is computed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor
from pytestqt.qtbot import QtBot

import engine
from engine.inspection.one_step import example_for, one_step
from gui.panels.unrolled.playing_example import Played
from gui.theme import LIGHT
from gui.unrolled_view.bidirectional import above_both
from gui.unrolled_view.canvas import UnrolledCanvas
from gui.unrolled_view.layout import DiagramLayout
from gui.unrolled_view.playing import Phase, Playing
from gui.widgets.symbols import visible_symbol
from tests.gui.panels.test_play import CASES, PAIRS, canvas_of, playing_of
from tests.gui.pixels import colors
from tests.gui.written import texts_in

pytestmark = pytest.mark.one_window

BACK = QColor(LIGHT.series[3])


def both_ways(case: str, **more: Any) -> Playing:
    kind, rows, options = CASES[case]
    return playing_of(kind, rows, **options | {"bidirectional": True} | more)


def translator(*, known: bool, truth: Sequence[str] = "cba", **options: Any) -> Playing:
    """An example of a network that writes; known: whether the data has its right answer, which is `truth`."""
    config = engine.ModelConfig(architecture="encoder-decoder", hidden_size=6, **options)
    model = engine.build_model(config, engine.make_dataset(PAIRS, "pairs"), seed=4)
    example, known = example_for(model, tuple("abc"), tuple(truth) if known else (), None)
    played = Played(one_step(model, example, known, 0.1, 1.0), engine.Snapshot.of(model), type(model))
    return Playing.of(played.diagram(), played.step)


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


@pytest.mark.parametrize("known", [False, True])
def test_only_a_decoder_that_reads_its_own_answers_is_called_greedy(qtbot: QtBot, tmp_path: Path, known: bool) -> None:
    own = translator(known=False).step.example.target
    playing = translator(known=known, truth=own)
    assert all(column.fed_back for column in playing.diagram.columns[5:]), "the right words are the same"
    canvas = canvas_of(playing.go(len(playing.moments)), qtbot, 900, 420)
    named = [text for text in texts_in(canvas.viewport(), tmp_path) if text.startswith("decoder")]
    assert len(named) == 1
    assert ("greedy" in named[0]) is not known


def test_an_answer_of_the_network_itself_stands_below_the_next_cell_once_it_is_computed(
    qtbot: QtBot, tmp_path: Path
) -> None:
    playing = translator(known=False)
    canvas, columns = canvas_of(playing, qtbot, 900, 420), playing.diagram.columns
    assert playing.diagram.own_targets
    reads = [column for column, item in enumerate(columns) if item.fed_back]
    assert len(reads) > 1

    def check(now: Playing) -> None:
        waits = [column for column in reads if column - 1 not in now.answered()]
        drawn = texts_in(canvas.viewport(), tmp_path)
        assert drawn.count("…") == len(waits), now.at
        if not now.answered():  # of all symbols, only those that are read are drawn yet
            given = [visible_symbol(item.below) for item in columns if not item.fed_back]
            symbols = {visible_symbol(text) for item in columns for text in (item.below, item.above)}
            assert sorted(text for text in drawn if text in symbols) == sorted(given)

    each_moment(canvas, playing, check)


def test_the_vector_of_an_answer_is_drawn_in_its_frame_once_the_answer_is_computed(qtbot: QtBot) -> None:
    playing = translator(known=False, embedding_size=4)
    canvas, columns = canvas_of(playing, qtbot, 900, 420), playing.diagram.columns
    reads = [column for column, item in enumerate(columns) if item.fed_back]
    assert len(reads) > 1

    def check(now: Playing) -> None:
        picture = canvas.viewport().grab().toImage()
        for column in reads:
            strip = canvas.placed().strip(column, 0)
            at = QRectF(strip.topLeft() * canvas.scale + canvas.origin(), strip.size() * canvas.scale).toAlignedRect()
            inside, whole = (colors(picture.copy(at.adjusted(-k, -k, k, k))) for k in (-4, 1))
            assert (len(inside) > 1) == (column - 1 in now.answered())
            assert len(whole) > 1

    each_moment(canvas, playing, check)


def test_the_right_symbols_that_a_decoder_reads_in_training_stand_below_it_from_the_start(
    qtbot: QtBot, tmp_path: Path
) -> None:
    playing = translator(known=True)
    canvas = canvas_of(playing, qtbot, 900, 420)
    canvas.play(playing.go(0))
    drawn = texts_in(canvas.viewport(), tmp_path)
    assert "…" not in drawn
    for symbol in {visible_symbol(item.below) for item in playing.diagram.columns}:
        assert drawn.count(symbol) == sum(visible_symbol(item.below) == symbol for item in playing.diagram.columns)


def test_what_the_mouse_points_at_tells_nothing_that_is_not_computed_yet(qtbot: QtBot) -> None:
    playing = translator(known=False)
    canvas, columns = canvas_of(playing, qtbot, 900, 420), playing.diagram.columns
    first = next(column for column, item in enumerate(columns) if item.above)
    wanted: list[int] = []
    canvas.distribution_wanted.connect(lambda column, place: wanted.append(column))

    def check(now: Playing) -> None:
        for column in range(first, len(columns)):
            layout, item = canvas.placed(), columns[column]
            told = canvas.pointer.tip_at(layout.cell(column, 0).center())
            assert f"step {item.step}" in told
            assert (f"reads {visible_symbol(item.below)}" in told) == (column == first or column - 1 in now.answered())
            assert ("answers" in told) == (column in now.answered())
            assert ("loss" in told) == (now.loses and column in now.answered())
            wanted.clear()
            softmax = layout.softmax(column).center() * canvas.scale + canvas.origin()
            qtbot.mousePress(canvas.viewport(), Qt.MouseButton.LeftButton, pos=softmax.toPoint())  # type: ignore[no-untyped-call]
            assert wanted == [column] * (column in now.answered())

    each_moment(canvas, playing, check)


class Counted(np.ndarray):
    """Counts how often all of its numbers are compared with another."""

    compared = 0

    def __gt__(self, other: Any) -> Any:
        Counted.compared += 1
        return np.asarray(self) > other


def test_which_lines_of_attention_are_the_strongest_is_found_once_and_not_for_every_column(qtbot: QtBot) -> None:
    playing = both_ways("translator")
    assert playing.diagram.attention is not None
    attention = playing.diagram.attention.view(Counted)
    playing = replace(playing, diagram=replace(playing.diagram, attention=attention))
    canvas = canvas_of(playing, qtbot, 900, 420)
    canvas.grab()
    back = next(k for k, moment in enumerate(playing.moments) if moment.phase is Phase.BACKWARDS)
    last = next(now for now in map(playing.go, range(len(playing.moments))) if now.ended)
    Counted.compared = 0
    for now in (playing.go(back), last):
        canvas.play(now)
        canvas.grab()
    assert Counted.compared == 0
