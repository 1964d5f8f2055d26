"""What each row of the picture is can be read wherever one has scrolled."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtCore import QPoint, QPointF, QRectF
from PySide6.QtGui import QColor, QFontMetricsF, QImage, QPainter, QRegion
from PySide6.QtWidgets import QWidget

import engine
from engine.data.vocabulary import END
from engine.models import Captioner
from gui.theme import LIGHT
from gui.unrolled_view.canvas import UnrolledCanvas
from gui.unrolled_view.diagram_builder import from_trace, untrained
from gui.unrolled_view.layout import DiagramLayout
from gui.unrolled_view.painter import DiagramPainter
from gui.unrolled_view.row_names import names_of_layers
from gui.unrolled_view.tiles import StatePictures

NAMES = {"loss", "target", "embed 4"}


class WhereWritten(QPainter):
    """Keeps where on the device each text is, from left to right."""

    def __init__(self, into: QImage) -> None:
        super().__init__(into)
        self.places: dict[str, tuple[float, float]] = {}
        self.boxes: dict[str, QRectF] = {}  # in picture units

    def drawText(self, place: Any, *rest: Any) -> Any:  # noqa: N802
        if isinstance(place, QRectF):
            shown = self.worldTransform().mapRect(place)
            wide = QFontMetricsF(self.font()).horizontalAdvance(rest[-1]) * self.worldTransform().m11()
            self.places[rest[-1]] = (shown.right() - wide, shown.right())  # row names end at the right of their boxes
            box = QFontMetricsF(self.font()).boundingRect(place, int(rest[0]), rest[-1])
            self.boxes[rest[-1]] = box.adjusted(0, 2, 0, -2)  # letters are lower than their line
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
    return painted(canvas).places


def painted(canvas: UnrolledCanvas) -> WhereWritten:
    image = QImage(canvas.viewport().size(), QImage.Format.Format_RGB32)
    base = DiagramPainter(canvas.placed(), StatePictures(canvas.diagram, LIGHT), LIGHT, canvas.font())
    with WhereWritten(image) as into:
        into.translate(canvas.origin())
        into.scale(canvas.scale, canvas.scale)
        base.paint(into, range(len(canvas.diagram.columns)), None)
        return into


def show(canvas: UnrolledCanvas, rows: list[Any], kind: str, read: str, **options: Any) -> None:
    """A network of two layers that reads a text."""
    dataset = engine.make_dataset(rows * 6, kind, unit="character")
    config = engine.ModelConfig(hidden_size=6, num_layers=2, **options)
    model = engine.build_model(config, dataset, seed=2)
    canvas.show_diagram(from_trace(engine.trace(model, read), config, network=type(model)), LIGHT)


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


BOTH = ["layer 1 →", "layer 1 ←", "layer 2 →", "layer 2 ←"]  # from below


@pytest.mark.parametrize("size", [(900, 420), (420, 300), (260, 300)], ids=["wide", "usual", "scrolled"])
@pytest.mark.parametrize("embedding", [0, 4], ids=["one-hot", "embedded"])
@pytest.mark.parametrize(
    ("shape", "kind", "rows", "pooling"),
    [
        ("many-to-one", "labelled", [("abcdefgh", "x"), ("hgfedcba", "y")], "last"),
        ("many-to-one", "labelled", [("abcdefgh", "x"), ("hgfedcba", "y")], "mean"),
        ("encoder-decoder", "pairs", [("abcdefgh", "hgfedcba"), ("abc", "cba")], "last"),
    ],
)
def test_each_row_of_a_network_of_two_layers_says_which_layer_and_direction_it_is(
    canvas: UnrolledCanvas, shape: str, kind: str, rows: list[Any], pooling: str, embedding: int, size: tuple[int, int]
) -> None:
    canvas.resize(*size)
    options = {"pooling": pooling} if pooling != "last" else {}
    show(canvas, rows, kind, "abcdefgh", architecture=shape, bidirectional=True, embedding_size=embedding,
         dropout=0.1, **options)  # fmt: skip
    for place in (0, 7):
        canvas.horizontalScrollBar().setValue(place)
        boxes, layout = painted(canvas).boxes, canvas.placed()
        for level, name in enumerate(BOTH):
            box, cell = boxes[name], layout.cell(0, level)
            assert abs(box.center().y() - cell.center().y()) < 1
            assert box.left() >= canvas.picture_point(QPointF(0, 0)).x()
            if not canvas.horizontalScrollBar().value():  # else the columns go behind the names
                assert box.right() < cell.left() - layout.aside
                others = {text: other for text, other in boxes.items() if text != name}
                assert [text for text, other in others.items() if other.intersects(box)] == []


def test_the_rows_of_a_decoder_are_named_after_its_last_cell_where_those_of_the_encoder_stand_otherwise(
    canvas: UnrolledCanvas,
) -> None:
    canvas.resize(1200, 420)
    canvas.grab()  # it knows its size
    rows = [("abcdefgh", "hgf"), ("abc", "cba")]
    show(canvas, rows, "pairs", "abc", architecture="encoder-decoder", bidirectional=True)
    layout, boxes, last = canvas.placed(), painted(canvas).boxes, len(canvas.diagram.columns) - 1
    for level, name in enumerate(("layer 1", "layer 2")):
        cell = layout.cell(last, level)
        assert cell.right() < boxes[name].left() < boxes[name].right() <= layout.width
        assert abs(boxes[name].center().y() - cell.center().y()) < 1
    show(canvas, rows, "pairs", "abc", architecture="encoder-decoder")  # where one name at the left stands for both
    layout, boxes = canvas.placed(), painted(canvas).boxes
    assert all(boxes[name].right() < layout.cell(0, 0).left() for name in ("layer 1", "layer 2"))


def test_the_rows_of_a_decoder_are_named_as_long_as_its_first_cells_are_in_sight(canvas: UnrolledCanvas) -> None:
    canvas.resize(420, 420)
    rows = [("abcdefgh", "hgf"), ("abc", "cba")]
    show(canvas, rows, "pairs", "abcdefgh", architecture="encoder-decoder", bidirectional=True)
    bar, seen = canvas.horizontalScrollBar(), set()
    start, last = canvas.diagram.part_starts[1], len(canvas.diagram.columns) - 1
    for place in range(0, bar.maximum(), 11):
        bar.setValue(place)
        layout, boxes = canvas.placed(), painted(canvas).boxes
        if layout.column_x(start) - layout.column_width / 2 <= layout.left:
            break  # it is the first in sight: its names stand at the left
        assert layout.right is not None
        in_sight = layout.cell(start, 0).right() + 60 < layout.right
        seen.add((in_sight, layout.cell(last, 0).right() > layout.right))
        for level, name in enumerate(("layer 1", "layer 2")):
            assert name in boxes or not in_sight, place
            box = boxes.get(name)
            assert box is None or layout.cell(start, level).right() < box.left() < box.right() <= layout.right
    assert (True, True) in seen, "its end was out of sight"


def test_a_network_of_one_layer_needs_no_names_of_layers(canvas: UnrolledCanvas) -> None:
    assert not any("layer" in text for text in written(canvas))


def test_beside_the_picture_that_a_caption_begins_with_layers_are_named_above_it() -> None:
    config = engine.ModelConfig(architecture="one-to-many", num_layers=2, hidden_size=6)
    layout = DiagramLayout(replace(untrained(config, 4), network=Captioner))
    for level, name in enumerate(names_of_layers(layout, 0)):
        assert name.text == f"layer {level + 1}"
        assert name.bottom <= layout.cell(0, level).top()


@pytest.mark.parametrize("dropout", [0.0, 0.3])
@pytest.mark.parametrize("layers", [2, 3])
def test_all_layers_below_a_caption_are_named_also_where_dropout_is(
    canvas: UnrolledCanvas, layers: int, dropout: float
) -> None:
    config = engine.ModelConfig(architecture="one-to-many", num_layers=layers, hidden_size=6, dropout=dropout)
    canvas.resize(900, 600)
    canvas.grab()  # it knows its size
    canvas.show_diagram(replace(untrained(config, 8), network=Captioner), LIGHT)
    boxes = painted(canvas).boxes
    named = [*(f"layer {level + 1}" for level in range(layers)), *["dropout 0.3"] * (dropout > 0)]
    assert boxes.keys() >= set(named)
    assert not [(one, two) for one in named for two in named if one < two and boxes[one].intersects(boxes[two])]
