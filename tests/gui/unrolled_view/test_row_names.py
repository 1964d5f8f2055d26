"""What each row of the picture is can be read wherever one has scrolled."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import QPoint, QPointF, QRectF
from PySide6.QtGui import QColor, QFontMetricsF, QImage, QPainter, QRegion
from PySide6.QtWidgets import QWidget

import engine
from engine.data.vocabulary import END
from gui.theme import LIGHT
from gui.unrolled_view.canvas import UnrolledCanvas
from gui.unrolled_view.diagram_builder import from_trace
from gui.unrolled_view.painter import DiagramPainter
from gui.unrolled_view.tiles import StatePictures

NAMES = {"loss", "target", "embed 4"}


class WhereWritten(QPainter):
    """Keeps where on the device each text is, from left to right."""

    def __init__(self, into: QImage) -> None:
        super().__init__(into)
        self.places: dict[str, tuple[float, float]] = {}

    def drawText(self, place: Any, *rest: Any) -> Any:  # noqa: N802
        if isinstance(place, QRectF):
            shown = self.worldTransform().mapRect(place)
            wide = QFontMetricsF(self.font()).horizontalAdvance(rest[-1]) * self.worldTransform().m11()
            self.places[rest[-1]] = (shown.right() - wide, shown.right())  # row names end at the right of their boxes
        return super().drawText(place, *rest)


@pytest.fixture
def canvas(canvas: UnrolledCanvas) -> UnrolledCanvas:
    """A view that is too narrow for what an encoder reads and a decoder answers."""
    dataset = engine.make_dataset([("abcdefgh", "hgfedcba"), ("abc", "cba")] * 6, "pairs", unit="character")
    config = engine.ModelConfig(architecture="encoder-decoder", hidden_size=6, embedding_size=4)
    model = engine.build_model(config, dataset, seed=2)
    trace = engine.trace(model, "abcdefgh")
    answer = (*"hgfedcba", END)
    canvas.resize(360, 330)
    canvas.show_diagram(from_trace(trace, config, tuple("abcdefgh"), answer, ends=True, network=type(model)), LIGHT)
    assert canvas.horizontalScrollBar().maximum() > 300
    return canvas


def written(canvas: UnrolledCanvas) -> dict[str, tuple[float, float]]:
    image = QImage(canvas.viewport().size(), QImage.Format.Format_RGB32)
    base = DiagramPainter(canvas.placed(), StatePictures(canvas.diagram, LIGHT), LIGHT, canvas.font())
    with WhereWritten(image) as into:
        into.translate(canvas.origin())
        into.scale(canvas.scale, canvas.scale)
        base.paint(into, range(len(canvas.diagram.columns)), None)
        return into.places


def test_the_names_of_the_rows_are_whole_wherever_one_has_scrolled(canvas: UnrolledCanvas) -> None:
    bar = canvas.horizontalScrollBar()
    for place in (*range(0, bar.maximum(), 23), bar.maximum()):
        bar.setValue(place)
        places = written(canvas)
        assert places.keys() >= NAMES
        assert all(places[name][0] >= 0 for name in NAMES), place
    assert all(places[name][1] < 90 for name in NAMES)  # at the end they stand at the left edge


def test_columns_neither_shine_through_the_names_nor_are_clicked_below_them(canvas: UnrolledCanvas) -> None:
    bar = canvas.horizontalScrollBar()
    for place in range(100, bar.maximum(), 17):
        bar.setValue(place)
        layout = canvas.placed()
        x = 3  # beside the names: they do not reach the edge
        image = QImage(canvas.viewport().size(), QImage.Format.Format_RGB32)
        image.fill(QColor(LIGHT.surface))
        canvas.viewport().render(image, QPoint(), QRegion(), QWidget.RenderFlag.DrawChildren)
        assert {image.pixelColor(x, y).name() for y in range(image.height())} == {QColor(LIGHT.surface).name()}
        middle = layout.cell(0, 0).center().y(), layout.cell(len(layout.diagram.columns) - 1, 0).center().y()
        for y in middle:
            point = QPointF(canvas.picture_point(QPointF(x, 0)).x(), y)
            assert (layout.hit(point), layout.column_at(point)) == (None, None)


def test_a_chosen_cell_is_not_covered_by_the_names(canvas: UnrolledCanvas) -> None:
    bar = canvas.horizontalScrollBar()
    bar.setValue(bar.maximum())
    canvas.select((0, 3))
    layout = canvas.placed()
    assert layout.cell(3, 0).left() >= layout.left


def test_each_part_of_what_is_read_has_its_row(canvas: UnrolledCanvas) -> None:
    dataset = engine.make_dataset([("abcdefgh", "hgfedcba"), ("abc", "cba")] * 6, "pairs", unit="character")
    config = engine.ModelConfig(
        architecture="encoder-decoder", hidden_size=6, embedding_size=4, spelling="affixes", neighbours=True
    )
    model = engine.build_model(config, dataset, seed=2)
    canvas.resize(900, 420)
    canvas.show_diagram(from_trace(engine.trace(model, "abcd"), config, network=type(model)), LIGHT)
    assert {"embed 4", "spelling 4", "beside 64"} <= written(canvas).keys()
    assert {part: entrance.names for part, entrance in canvas.diagram.entrances.items()} == {
        "encoder": ("embed", "spelling", "beside"),
        "decoder": ("embed",),
    }
