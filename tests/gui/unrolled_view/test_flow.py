"""The heads of the arrows that carry states and gradients lie on their lines, also where these are slanted."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import QLineF, QPointF
from PySide6.QtGui import QImage, QPainter

import engine
from engine.data.examples import Example
from engine.inspection.one_step import one_step
from gui.theme import LIGHT
from gui.unrolled_view.canvas import UnrolledCanvas
from gui.unrolled_view.diagram_builder import from_trace
from gui.unrolled_view.layout import DiagramLayout
from gui.unrolled_view.painter import DiagramPainter
from gui.unrolled_view.playing import Playing
from gui.unrolled_view.tiles import StatePictures

PAIRS = [("abc", "cba"), ("ab", "ba"), ("bca", "acb"), ("ca", "ac")] * 6


class LinePainter(QPainter):
    """Keeps the lines that are drawn."""

    def __init__(self, into: QImage) -> None:
        super().__init__(into)
        self.lines: list[QLineF] = []

    def drawLine(self, *arguments: Any) -> Any:  # noqa: N802
        if len(arguments) == 2 and all(isinstance(one, QPointF) for one in arguments):
            self.lines.append(QLineF(*arguments))
        return super().drawLine(*arguments)


@pytest.mark.parametrize("backwards", [False, True])
def test_the_head_of_the_arrow_between_encoder_and_decoder_lies_on_its_line(
    canvas: UnrolledCanvas, backwards: bool
) -> None:
    dataset = engine.make_dataset(PAIRS, "pairs")
    config = engine.ModelConfig(architecture="encoder-decoder", hidden_size=6)
    model = engine.build_model(config, dataset, seed=2)
    step = one_step(model, Example(tuple("abc"), tuple("cba")), True, 0.01, 1.0)
    diagram = from_trace(step.trace, config, tuple("abc"), ends=True, network=type(model))
    playing = Playing.of(diagram, step)
    layout, image = DiagramLayout(diagram, 60.0), QImage(900, 400, QImage.Format.Format_RGB32)
    painter = DiagramPainter(
        layout, StatePictures(diagram, LIGHT), LIGHT, canvas.font(), playing.go(10**6) if backwards else None
    )
    with LinePainter(image) as into:
        painter.paint(into, range(len(diagram.columns)), None)
        lines = into.lines
    decoder = next(row for row in diagram.rows if row.part == "decoder")
    left = layout.cell(decoder.first, decoder.level).left()
    (slanted,) = (line for line in lines if line.x2() == left and line.y1() != line.y2() and line.length() > 10)
    heads = [
        line
        for line in lines
        if line.length() < 10
        and slanted.x1() - 1 <= line.x1() <= slanted.x2() + 1
        and abs((line.x1() - slanted.x1()) * slanted.dy() - (line.y1() - slanted.y1()) * slanted.dx()) < 1e-6
        and abs(line.dx()) > 0.5
    ]
    assert len(heads) == 2, "both begin on the line"
    one, other = (slanted.angleTo(head) for head in heads)
    assert one == pytest.approx(360 - other), "and part from it to both sides alike"
    assert (90 < one < 270) == (not backwards)
