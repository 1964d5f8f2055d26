"""Words that are cut in narrow columns are whole in the selected one."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QImage, QPainter

import engine
from engine.data.vocabulary import END
from gui.theme import LIGHT
from gui.unrolled_view.canvas import UnrolledCanvas
from gui.unrolled_view.diagram import Diagram
from gui.unrolled_view.diagram_builder import from_trace
from gui.unrolled_view.layout import DiagramLayout
from gui.unrolled_view.painter import DiagramPainter
from gui.unrolled_view.tiles import StatePictures
from gui.unrolled_view.whole_names import column_of_whole_names
from tests.gui.unrolled_view.test_outputs import recorded

WORDS = ("proceedings", "counterclockwise", "extraordinarily", "misunderstanding")


def diagram_of(shape: str, kind: str, rows: list[object], truth: tuple[str, ...] = ()) -> Diagram:
    dataset = engine.make_dataset(rows, kind, unit="word")
    config = engine.ModelConfig(architecture=shape, hidden_size=6)
    model = engine.build_model(config, dataset, seed=2)
    trace = engine.trace(model, " ".join(WORDS))
    return from_trace(trace, config, WORDS, truth, ends=True, network=type(model))


def texts(diagram: Diagram, canvas: UnrolledCanvas, selected: tuple[int, int] | None) -> list[str]:
    layout = DiagramLayout(diagram, 49.0)
    painter = DiagramPainter(layout, StatePictures(diagram, LIGHT), LIGHT, canvas.font())
    return recorded(painter, selected)


def test_in_the_selected_column_every_word_is_whole_and_elsewhere_cuts_have_an_ellipsis(canvas: UnrolledCanvas) -> None:
    diagram = diagram_of("one-to-many", "sequences", [" ".join(WORDS), " ".join(WORDS[:2])] * 6, (*WORDS, END))
    whole = {*WORDS, END}
    before = texts(diagram, canvas, None)
    assert not {WORDS[1], WORDS[3]} & set(before)
    assert any("…" in text for text in before)
    chosen = texts(diagram, canvas, (0, 2))
    assert diagram.outcomes is not None
    five = [name for name, _ in diagram.outcomes.top(2, 5)]
    read = diagram.columns[2]
    assert {read.below, read.above, read.truth, *five} <= set(chosen)
    assert {text for text in chosen if text in whole} > {text for text in before if text in whole}


def test_the_one_answer_is_whole_where_the_last_column_is_selected(canvas: UnrolledCanvas) -> None:
    label = "antidisestablishmentarianism"
    rows: list[object] = [(" ".join(WORDS), label), ("proceedings", "short")] * 6
    diagram = diagram_of("many-to-one", "labelled", rows)
    assert label not in texts(diagram, canvas, None)
    assert label in texts(diagram, canvas, (0, len(WORDS) - 1))


class PlacingPainter(QPainter):
    """Keeps the places of the texts that are drawn into boxes."""

    def __init__(self, into: QImage) -> None:
        super().__init__(into)
        self.placed: list[tuple[str, QRectF]] = []

    def drawText(self, *arguments: Any) -> Any:  # noqa: N802
        if isinstance(arguments[0], QRectF):
            box, flags, text = arguments
            wide = self.fontMetrics().horizontalAdvance(text)
            right = int(flags) & int(Qt.AlignmentFlag.AlignRight)
            left = box.right() - wide if right else box.left()
            self.placed.append((text, QRectF(left, box.top(), wide, box.height())))
        return super().drawText(*arguments)


@pytest.mark.parametrize("column", [1, 2])
def test_the_distribution_of_the_selected_column_cuts_no_letter_of_its_neighbours(
    canvas: UnrolledCanvas, column: int
) -> None:
    diagram = diagram_of("one-to-many", "sequences", [" ".join(WORDS), " ".join(WORDS[:2])] * 6, (*WORDS, END))
    layout = DiagramLayout(diagram, 74.0)
    painter = DiagramPainter(layout, StatePictures(diagram, LIGHT), LIGHT, canvas.font())
    image = QImage(700, 300, QImage.Format.Format_RGB32)
    with PlacingPainter(image) as into:
        painter.paint(into, range(len(diagram.columns)), (0, column))
        placed = into.placed
    over = painter.outputs.covering
    assert over.width() > layout.bar(column, 0).width() + 10, "it extends over the neighbours"
    tops = {layout.bar(0, rank).top() for rank in range(layout.bars)}
    beside = [
        (text, at) for text, at in placed if at.top() in tops and not over.left() <= at.left() <= over.right() - 1
    ]
    assert len(beside) > 10
    for text, at in beside:
        assert at.right() <= over.left() + 1 or at.left() >= over.right() - 1, text


@pytest.mark.parametrize("longest", ["NOUN", "SCONJ", "PROPER", "PRONOUNS", "ADPOSITION"])
def test_where_columns_are_as_wide_as_whole_names_need_no_name_is_cut_for_its_number(
    canvas: UnrolledCanvas, longest: str
) -> None:
    tags = ["X", "DET", longest]
    rows: list[object] = [(["a", "b", "c"], tags), (["b", "c"], tags[:2])] * 6
    dataset = engine.make_dataset(rows, "tagged", unit="word")
    config = engine.ModelConfig(architecture="many-to-many", hidden_size=6)
    model = engine.build_model(config, dataset, seed=2)
    diagram = from_trace(engine.trace(model, "a b c"), config, ("a", "b", "c"), (), ends=False, network=type(model))
    needed = column_of_whole_names(diagram)
    for wider in range(30):
        layout = DiagramLayout(diagram, needed + wider)
        painter = DiagramPainter(layout, StatePictures(diagram, LIGHT), LIGHT, canvas.font())
        assert recorded(painter, None).count(longest) >= 3, wider


class FramingPainter(QPainter):
    """Keeps the dotted frames."""

    def __init__(self, into: QImage) -> None:
        super().__init__(into)
        self.frames: list[QRectF] = []

    def drawRoundedRect(self, *arguments: Any) -> Any:  # noqa: N802
        if self.pen().style() is Qt.PenStyle.DotLine:
            self.frames.append(QRectF(arguments[0]))
        return super().drawRoundedRect(*arguments)


@pytest.mark.parametrize("column", [44.0, 60.0, 70.0, 74.0, 90.0, 120.0])
def test_frames_of_unknown_words_beside_each_other_do_not_touch(canvas: UnrolledCanvas, column: float) -> None:
    words = ("the", "Moon", "quickly", "the")
    dataset = engine.make_dataset([("the sun the", "x"), ("sun the sun", "y")] * 6, "labelled", unit="word")
    config = engine.ModelConfig(architecture="many-to-one", hidden_size=6)
    model = engine.build_model(config, dataset, seed=2)
    diagram = from_trace(engine.trace(model, " ".join(words)), config, words, (), ends=True, network=type(model))
    painter = DiagramPainter(DiagramLayout(diagram, column), StatePictures(diagram, LIGHT), LIGHT, canvas.font())
    image = QImage(900, 300, QImage.Format.Format_RGB32)
    with FramingPainter(image) as into:
        painter.paint(into, range(len(diagram.columns)), None)
        first, second = into.frames
    assert first.right() < second.left()
