"""The captions of encoder and decoder, and the name of the softmax, where there is little width."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations
from typing import Any

import pytest
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QFontMetricsF, QImage, QPainter

import engine
from gui.theme import LIGHT
from gui.unrolled_view.canvas import UnrolledCanvas
from gui.unrolled_view.column_width import narrowest_column
from gui.unrolled_view.diagram_builder import untrained
from gui.unrolled_view.layout import DiagramLayout
from gui.unrolled_view.part_names import draw_captions
from tests.gui.unrolled_view.test_outputs import drawn_texts, seen

PAIRS = [("ab", "ba"), ("abc", "cba")] * 6


class Captions(QPainter):
    """Keeps where every line is written."""

    def __init__(self, image: QImage) -> None:
        super().__init__(image)
        self.lines: dict[str, QRectF] = {}

    def drawText(self, *args: Any) -> Any:  # noqa: N802 - as Qt calls it
        at, text = args
        assert isinstance(at, QPointF)
        self.lines[text] = QFontMetricsF(self.font()).tightBoundingRect(text).translated(at)
        return super().drawText(at, text)


def captions_of(layout: DiagramLayout, canvas: UnrolledCanvas) -> dict[str, QRectF]:
    """The captions of all parts, and where they are."""
    image = QImage(10, 10, QImage.Format.Format_RGB32)
    with Captions(image) as painter:
        draw_captions(painter, layout, LIGHT, canvas.font())
        return painter.lines


@pytest.mark.parametrize("bidirectional", [False, True], ids=["one", "both"])
@pytest.mark.parametrize("bars", [1, 5])
def test_the_captions_of_encoder_and_decoder_never_touch(
    canvas: UnrolledCanvas, bars: int, bidirectional: bool
) -> None:
    diagram, _ = seen("pairs", PAIRS, "abc", architecture="encoder-decoder", bidirectional=bidirectional)
    for width in (500.0, 560.0, 620.0, 760.0, 1200.0):
        for tall in (1.0, 3.0):
            layout = replace(DiagramLayout.fitting(diagram, width), bars=bars, tall=tall, right=width)
            lines = captions_of(layout, canvas)
            assert len(lines) in (3, 4)
            assert not any(one.intersects(other) for one, other in combinations(lines.values(), 2)), lines
            assert max(box.right() for box in lines.values()) <= max(width, layout.width)


@pytest.mark.parametrize("attention", [False, True], ids=["last state", "all states"])
def test_the_caption_of_an_encoder_does_not_stand_in_the_answers_beside_it(
    canvas: UnrolledCanvas, attention: bool
) -> None:
    diagram = untrained(engine.ModelConfig("encoder-decoder", hidden_size=6, attention=attention), 8)
    first, shortened = diagram.part_starts[1], set()
    for width in (450.0, 500.0, 560.0, 620.0, 760.0, 1200.0):
        layout = replace(DiagramLayout.fitting(diagram, width), right=width)
        lines = captions_of(layout, canvas)
        spoken = [text for text in lines if "decoder" not in text]
        assert max(lines[text].right() for text in spoken) < layout.output(first).left(), (width, lines)
        shortened.add("reads all of it before the first answer;" in lines)
    assert shortened == {False, True}


def test_a_caption_longer_than_its_decoder_begins_before_it(canvas: UnrolledCanvas) -> None:
    diagram, _ = seen("pairs", PAIRS, "abc", architecture="encoder-decoder")
    layout = DiagramLayout(diagram)
    begin = layout.column_x(diagram.part_starts[1]) - layout.slot_width / 2
    text = "decoder, greedy: the most probable at each step"
    wide = captions_of(layout, canvas)[text].width()
    box = captions_of(replace(layout, right=begin + wide - 30), canvas)[text]
    assert box.left() < begin
    assert box.right() <= begin + wide - 30


def test_a_decoder_out_of_sight_has_no_caption_over_the_encoder(canvas: UnrolledCanvas) -> None:
    diagram, _ = seen("pairs", PAIRS, "abc", architecture="encoder-decoder")
    layout = DiagramLayout(diagram)
    begin = layout.column_x(diagram.part_starts[1]) - layout.slot_width / 2
    for right in (begin - 40, begin, begin + 60, layout.width):
        captions = captions_of(replace(layout, right=right), canvas)
        assert any(text.startswith("encoder") for text in captions)
        assert any(text.startswith("decoder") for text in captions) is (right > begin)


def test_the_softmax_is_named_in_its_box_in_the_narrowest_columns_of_two_directions(canvas: UnrolledCanvas) -> None:
    diagram, _ = seen("pairs", PAIRS, "abc", architecture="encoder-decoder", bidirectional=True)
    layout = DiagramLayout(diagram, narrowest_column(diagram))
    answers = sum(bool(column.above) for column in diagram.columns)
    assert drawn_texts(diagram, layout, canvas).count("softmax") == answers
    boxes = [layout.softmax(i) for i, column in enumerate(diagram.columns) if column.above]
    assert not any(one.intersects(other) for one, other in combinations(boxes, 2))
