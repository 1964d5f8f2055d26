"""All words of a row have one size: a smaller one among them would look as if it was marked."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QFont, QImage, QPainter

import engine
from engine.data.vocabulary import END
from gui.theme import LIGHT
from gui.unrolled_view.canvas import UnrolledCanvas
from gui.unrolled_view.diagram import Diagram
from gui.unrolled_view.diagram_builder import from_trace
from gui.unrolled_view.layout import DiagramLayout
from gui.unrolled_view.painter import DiagramPainter
from gui.unrolled_view.tiles import StatePictures

REVIEW = ("he", "started", "well", "but", "lost", "his", "nerve", "and", "was", "dropped")
CAPTION = ("a", "red", "circle", "left", "of", "a", "red", "square")


Font = tuple[int, bool]  # height, and whether it is bold


class SizingPainter(QPainter):
    """Keeps the fonts of the texts that are drawn into boxes, by the middle of these."""

    def __init__(self, into: QImage) -> None:
        super().__init__(into)
        self.drawn: dict[float, dict[str, Font]] = {}

    def drawText(self, *arguments: Any) -> Any:  # noqa: N802
        if isinstance(arguments[0], QRectF):
            box, _, text = arguments
            font = self.font().pixelSize(), self.font().weight() > QFont.Weight.Normal
            self.drawn.setdefault(round(box.center().y(), 3), {})[text] = font
        return super().drawText(*arguments)


def rows_of(diagram: Diagram, canvas: UnrolledCanvas, column: float) -> tuple[dict[str, Font], dict[str, Font]]:
    """The fonts of what is read and of the answers, with columns of this width."""
    layout, image = DiagramLayout(diagram, column), QImage(900, 300, QImage.Format.Format_RGB32)
    painter = DiagramPainter(layout, StatePictures(diagram, LIGHT), LIGHT, canvas.font())
    with SizingPainter(image) as into:
        painter.paint(into, range(len(diagram.columns)), None)
        read, answered = (round(box.center().y(), 3) for box in (layout.input(0), layout.answer(0)))
        return into.drawn[read], into.drawn[answered]


def classified(words: tuple[str, ...]) -> Diagram:
    """A text and the label that a network gives it."""
    dataset = engine.make_dataset([(" ".join(words), "good"), ("bad", "bad")] * 6, "labelled", unit="word")
    config = engine.ModelConfig(architecture="many-to-one", hidden_size=6)
    model = engine.build_model(config, dataset, seed=2)
    return from_trace(engine.trace(model, " ".join(words)), config, words, (), ends=True, network=type(model))


def written(words: tuple[str, ...]) -> Diagram:
    """A text, word by word."""
    dataset = engine.make_dataset([" ".join(words), " ".join(words[:3])] * 6, "sequences", unit="word")
    config = engine.ModelConfig(architecture="one-to-many", hidden_size=6)
    model = engine.build_model(config, dataset, seed=2)
    return from_trace(
        engine.trace(model, " ".join(words)), config, words, (*words, END), ends=True, network=type(model)
    )


def test_the_last_word_has_room_beyond_its_column_and_is_as_high_as_the_others(canvas: UnrolledCanvas) -> None:
    read, _ = rows_of(classified(REVIEW), canvas, 49.0)
    assert set(read) == set(REVIEW)
    assert set(read.values()) == {(12, True)}


@pytest.mark.parametrize("column", [40.0, 44.0, 49.0, 74.0])
def test_all_words_of_a_row_have_one_size(canvas: UnrolledCanvas, column: float) -> None:
    diagram = written(CAPTION)
    assert any(each.fed_back for each in diagram.columns), "with arrows between them, no word reaches beyond its column"
    read, answered = rows_of(diagram, canvas, column)
    assert {"a", "red", "left", "of"} <= set(read)
    assert len(set(read.values())) == 1
    assert len(answered) > 1
    assert len(set(answered.values())) == 1


def test_a_word_that_is_cut_anyway_makes_no_other_smaller(canvas: UnrolledCanvas) -> None:
    long = "antidisestablishmentarianism"
    read, _ = rows_of(classified((*REVIEW[:4], long, *REVIEW[4:8])), canvas, 74.0)
    assert long not in read
    assert set(read.values()) == {(15, True)}
