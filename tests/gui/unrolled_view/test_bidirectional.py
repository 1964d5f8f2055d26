"""What is drawn between the cells of two directions goes only to where something reads it."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from types import SimpleNamespace
from typing import Any, cast

import pytest
from PySide6.QtCore import QPointF
from PySide6.QtGui import QFont, QPainter

import engine
from gui.theme import LIGHT
from gui.unrolled_view.bidirectional import above_both, draw_bidirectional
from gui.unrolled_view.diagram_builder import untrained
from gui.unrolled_view.flow import forward_level
from gui.unrolled_view.fold import Fold
from gui.unrolled_view.layout import DiagramLayout
from gui.unrolled_view.painter import DiagramPainter
from gui.unrolled_view.part_names import reading_caption
from gui.unrolled_view.passed_state import draw_passed_state
from gui.unrolled_view.tiles import StatePictures

ENCODER_DECODER = engine.ModelConfig(architecture="encoder-decoder", hidden_size=8)


def layout_of(shape: str, steps: int = 4, **options: Any) -> DiagramLayout:
    config = engine.ModelConfig(architecture=shape, bidirectional=True, hidden_size=8, **options)
    return DiagramLayout(untrained(config, steps))


def ups(layout: DiagramLayout, column: int, level: int = 1) -> list[list[QPointF]]:
    """The lines that come to the height over the upper cell."""
    lines: list[list[QPointF]] = []
    painter = SimpleNamespace(
        drawPolyline=lines.append, drawLine=lambda begin, end: lines.append([begin, end]), setPen=lambda pen: None
    )
    base = DiagramPainter(layout, StatePictures(layout.diagram, LIGHT), LIGHT, QFont())
    draw_bidirectional(base, cast(QPainter, painter), column, level)
    top = above_both(layout, column, level)
    return [line for line in lines if any(point.y() == pytest.approx(top) for point in line)]


def test_each_step_passes_on_both_states_where_each_is_read() -> None:
    for layout in (layout_of("many-to-many"), layout_of("encoder-decoder", 8, attention=True)):
        assert all(len(ups(layout, column)) == 2 for column in range(3))
    pooled = layout_of("many-to-one", pooling="mean")
    assert all(len(ups(pooled, column)) == 2 for column in range(4))


def test_a_classifier_reads_the_last_state_of_each_direction_where_that_direction_ends() -> None:
    layout = layout_of("many-to-one")
    x = [layout.column_x(column) for column in range(4)]
    spans = [sorted({round(point.x()) for line in ups(layout, column) for point in line}) for column in range(4)]
    first, *between, last = spans
    assert first == [round(x[0]), round(x[1])]  # up from the cell that reads backwards, and on to the right
    assert between == [[round(x[1]), round(x[2])], [round(x[2]), round(x[3])]]
    assert min(last) == round(x[3])  # from the cell that reads forwards, around the other
    assert max(last) > x[3] + 20
    below = layout_of("many-to-one", num_layers=2)
    assert all(len(ups(below, column, 1)) == 2 for column in range(4))  # the second layer reads each step
    folded = replace(layout, fold=Fold(1.0, {"": 100.0}, {"": 3}))
    assert len(ups(folded, 3)) == 2


@pytest.mark.parametrize("layers", [1, 2])
@pytest.mark.parametrize("attention", [False, True], ids=["plain", "attends"])
def test_the_last_state_of_the_way_back_goes_to_the_first_cell_of_the_decoder(layers: int, attention: bool) -> None:
    layout = layout_of("encoder-decoder", 8, num_layers=layers, attention=attention)
    diagram = layout.diagram
    first = next(column for column, item in enumerate(diagram.columns) if item.part == "decoder")
    base = DiagramPainter(layout, StatePictures(diagram, LIGHT), LIGHT, QFont())
    ways_back = [index for index, row in enumerate(diagram.rows) if row.backward]
    assert len(ways_back) == layers
    for depth, index in enumerate(ways_back):
        pieces: list[list[QPointF]] = []
        painter = cast(QPainter, SimpleNamespace(drawPolyline=pieces.append, setPen=lambda pen: None))
        for column in range(first):
            draw_passed_state(base, painter, index, column)
        assert all(one[-1] == other[0] for one, other in pairwise(pieces))  # one line without a gap
        begun, level = layout.cell(0, diagram.rows[index].level), diagram.rows[index].level
        assert pieces[0][0] == QPointF(begun.left(), begun.center().y())
        cell = layout.cell(first, depth)
        assert pieces[-1][-1] == QPointF(cell.left(), cell.center().y())
        over = [point.y() for piece in pieces for point in piece][2:-2]
        assert max(over) < above_both(layout, 0, level)  # not on the lines of single steps
    folded = replace(base.layout, fold=Fold(1.0, {"encoder": 100.0}, {"encoder": first - 1}))
    base = DiagramPainter(folded, StatePictures(diagram, LIGHT), LIGHT, QFont())
    for column in range(first):
        draw_passed_state(base, cast(QPainter, None), ways_back[0], column)  # nothing there: the loop draws its own


def test_only_attention_looks_at_the_states_of_single_steps_of_an_encoder() -> None:
    layout = layout_of("encoder-decoder", 8)
    assert not any(ups(layout, column) for column in range(3))


def test_the_caption_of_an_encoder_speaks_of_what_it_hands_over() -> None:
    both, one = layout_of("encoder-decoder", 8), DiagramLayout(untrained(ENCODER_DECODER, 8))
    assert reading_caption(both, "encoder")[-1] == "the last state of each direction is passed on"
    assert reading_caption(one, "encoder")[-1] == "its last state is passed on"
    narrow = reading_caption(both, "encoder", lambda text: len(text) < 35)
    assert narrow == ("encoder", "reads all of it first;", "its last states are passed on")


def test_each_layer_of_a_decoder_begins_with_the_layer_of_the_encoder_that_is_as_deep() -> None:
    diagram = layout_of("encoder-decoder", num_layers=2).diagram
    decoder = [row for row in diagram.rows if row.part == "decoder"]
    assert [forward_level(diagram, row) for row in decoder] == [0, 2]
