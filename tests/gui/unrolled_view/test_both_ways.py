"""What is drawn between the cells of two directions goes only to where something reads it."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from types import SimpleNamespace
from typing import Any, cast

import pytest
from PySide6.QtCore import QPointF
from PySide6.QtGui import QPainter

import engine
from gui.unrolled_view.both_ways import above_both, draw_both_ways
from gui.unrolled_view.building import untrained
from gui.unrolled_view.flow import forward_level
from gui.unrolled_view.fold import Fold
from gui.unrolled_view.layout import DiagramLayout


def layout_of(shape: str, steps: int = 4, **options: Any) -> DiagramLayout:
    config = engine.ModelConfig(architecture=shape, bidirectional=True, hidden_size=8, **options)
    return DiagramLayout(untrained(config, steps))


def ups(layout: DiagramLayout, column: int, level: int = 1) -> list[list[QPointF]]:
    """The lines that come to the height over the upper cell."""
    lines: list[list[QPointF]] = []
    painter = SimpleNamespace(drawPolyline=lines.append, drawLine=lambda begin, end: lines.append([begin, end]))
    draw_both_ways(cast(QPainter, painter), layout, column, level)
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


def test_the_last_state_of_the_way_back_goes_to_the_first_cell_of_the_decoder() -> None:
    layout = layout_of("encoder-decoder", 8)
    first = next(column for column, item in enumerate(layout.diagram.columns) if item.part == "decoder")
    x = [layout.column_x(column) for column in range(first)]
    spans = [sorted({round(point.x()) for line in ups(layout, column) for point in line}) for column in range(first)]
    assert spans[:-1] == [[round(before), round(after)] for before, after in pairwise(x)]
    cell = layout.cell(first, 0)
    (last,) = ups(layout, first - 1)
    assert last[-1].y() == cell.center().y()
    assert layout.cell(first - 1, 0).right() < last[-1].x() < cell.left()
    folded = replace(layout, fold=Fold(1.0, {"encoder": 100.0}, {"encoder": first - 1}))
    assert not any(ups(folded, column) for column in range(first))


def test_each_layer_of_a_decoder_begins_with_the_layer_of_the_encoder_that_is_as_deep() -> None:
    diagram = layout_of("encoder-decoder", num_layers=2).diagram
    decoder = [row for row in diagram.rows if row.part == "decoder"]
    assert [forward_level(diagram, row) for row in decoder] == [0, 2]
