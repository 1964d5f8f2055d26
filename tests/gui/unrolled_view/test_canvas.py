"""The painted network: any shape, length and value is drawn, and what is drawn can be hit."""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QImage, QPainter, QRegion
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

import engine
from engine.data.vocabulary import END, UNKNOWN
from gui.panels.unrolled.unrolled_panel import ANSWERS
from gui.theme import DARK, LIGHT
from gui.unrolled_view.canvas import UnrolledCanvas
from gui.unrolled_view.column_width import CELL_GAP, CROSSED_GAP, NARROWEST_COLUMN, WIDEST_COLUMN
from gui.unrolled_view.diagram import Diagram, DiagramColumn, LayerRow, pooled, tile_grid
from gui.unrolled_view.diagram_builder import untrained
from gui.unrolled_view.layout import DiagramLayout
from gui.unrolled_view.painter import DiagramPainter
from gui.unrolled_view.tiles import StatePictures
from tests.gui.plots.mouse import is_drawn

SHAPES = ("one-to-one", "one-to-many", "many-to-one", "many-to-many", "encoder-decoder")


def long_diagram(steps: int, value: float = 0.5, units: int = 16) -> Diagram:
    columns = tuple(DiagramColumn("", i + 1, f"w{i}", "tag", 0.5) for i in range(steps))
    row = LayerRow("", "", 0, 0, steps, states=np.full((steps, units), value))
    return Diagram(columns, (row,), "LSTM", "many-to-many")


@pytest.fixture
def canvas(canvas: UnrolledCanvas) -> UnrolledCanvas:
    """The picture in a smaller view."""
    canvas.resize(700, 230)
    return canvas


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("layers", [1, 3])
def test_the_shape_is_drawn_before_anything_has_been_computed(canvas: UnrolledCanvas, shape: str, layers: int) -> None:
    config = engine.ModelConfig(architecture=shape, num_layers=layers, bidirectional=shape == "many-to-many")
    diagram = untrained(config)
    canvas.show_diagram(diagram, LIGHT)
    assert is_drawn(canvas)
    outputs = [bool(c.above) for c in diagram.columns]
    assert {"many-to-one": outputs.count(True) == 1, "encoder-decoder": not all(outputs)}.get(shape, all(outputs))
    assert diagram.levels == layers * (2 if shape == "many-to-many" else 1)


@pytest.mark.parametrize("steps", [0, 1, 200, 10_000])
@pytest.mark.parametrize("value", [0.3, math.nan, 1e30, math.inf])
def test_any_length_and_any_value_is_drawn(canvas: UnrolledCanvas, steps: int, value: float) -> None:
    canvas.show_diagram(long_diagram(steps, value) if steps else Diagram(), LIGHT)
    assert is_drawn(canvas) == bool(steps)
    canvas.show_diagram(canvas.diagram, DARK)
    assert is_drawn(canvas) == bool(steps)


def test_cells_do_not_overlap_and_every_cell_can_be_hit() -> None:
    layout = DiagramLayout(untrained(engine.ModelConfig(architecture="encoder-decoder", num_layers=2)))
    boxes = {
        (i, c): layout.cell(c, s.level)
        for i, s in enumerate(layout.diagram.rows)
        for c in range(s.first, s.first + s.steps)
    }
    for place, box in boxes.items():
        assert layout.hit(box.center()) == place
        assert sum(box.intersects(other) for other in boxes.values()) == 1
    assert layout.hit(QPointF(-5, -5)) is None


def test_a_long_text_scrolls_and_the_chosen_cell_comes_into_view(canvas: UnrolledCanvas, qtbot: QtBot) -> None:
    canvas.show_diagram(long_diagram(200), LIGHT)
    canvas.select((0, 150))
    x = canvas.placed().column_x(150) + canvas.origin().x()
    assert 0 < x < canvas.viewport().width()
    for _ in range(60):
        qtbot.keyClick(canvas, Qt.Key.Key_Right)
    assert canvas.selected == (0, 199)
    canvas.select((0, 0))
    assert canvas.horizontalScrollBar().value() == 0  # the names of the rows are to be seen again
    qtbot.keyClick(canvas, Qt.Key.Key_Escape)
    assert canvas.selected is None


def test_zooming_keeps_to_what_can_be_read(canvas: UnrolledCanvas, qtbot: QtBot) -> None:
    canvas.show_diagram(long_diagram(30), LIGHT)
    for _ in range(40):
        qtbot.keyClick(canvas, Qt.Key.Key_Minus)
    assert canvas.zoom.value == pytest.approx(0.35)
    qtbot.keyClick(canvas, Qt.Key.Key_0)
    assert canvas.zoom.value == 1.0


@pytest.mark.parametrize("units", [1, 2, 7, 16, 37, 64, 128, 500, 4096])
def test_the_tiles_of_a_state_fit_their_grid(units: int) -> None:
    rows, columns = tile_grid(units)
    assert rows * columns >= min(units, 512)
    assert rows * columns < min(units, 512) + max(rows, columns)
    assert pooled(np.zeros((3, units))).shape == (3, min(units, 512))


def test_pooling_keeps_the_number_farthest_from_zero() -> None:
    states = np.zeros((1, 1024))
    states[0, 5] = -0.9
    assert pooled(states)[0, 2] == -0.9


def test_a_picture_of_the_whole_network_can_be_taken(canvas: UnrolledCanvas) -> None:
    canvas.show_diagram(replace(long_diagram(30)), LIGHT)
    image = QImage(canvas.whole_size(), QImage.Format.Format_RGB32)
    image.fill(0)
    painter = QPainter(image)
    canvas.whole_painter()(painter, lambda share: None)
    painter.end()
    assert image.width() > canvas.width()
    right = image.copy(image.width() - 120, 0, 100, image.height())
    assert len({right.pixel(x, y) for x in range(100) for y in range(right.height())}) > 5  # the last cell is there


def test_the_mouse_over_a_column_is_told_what_it_means(canvas: UnrolledCanvas) -> None:
    canvas.show_diagram(Diagram((DiagramColumn("", 1, "q", "z", 0.25, target="u"),), (), "LSTM", "one-to-many"), LIGHT)
    tip = canvas.pointer.tip_at(QPointF(canvas.placed().column_x(0), 50))
    assert tip.splitlines() == ["step 1: reads q", "answers z with probability 0.250", "the right answer is u"]
    assert canvas.pointer.tip_at(QPointF(QPoint(-500, 0))) == ""


def test_the_tooltip_of_a_column_explains_the_symbols_that_are_not_in_the_data(canvas: UnrolledCanvas) -> None:
    column = DiagramColumn("", 1, "q", UNKNOWN, 0.25, target=END, truth=END)
    canvas.show_diagram(Diagram((column,), (), "LSTM", "one-to-many"), LIGHT)
    lines = canvas.pointer.tip_at(QPointF(canvas.placed().column_x(0), 50)).splitlines()
    meanings = ["<unk> stands for every symbol that is not in the vocabulary", "</s> is the end of a text"]
    assert lines[-2:] == meanings
    assert all(meaning in ANSWERS for meaning in meanings)


@pytest.mark.parametrize("steps", [1, 7, 13, 40])
def test_columns_come_closer_before_the_picture_scrolls(steps: int) -> None:
    diagram, room = long_diagram(steps), 786.0
    layout = DiagramLayout.fitting(diagram, room)
    assert NARROWEST_COLUMN <= layout.column_width <= WIDEST_COLUMN
    assert (layout.width <= room + 0.01) is (steps <= 13)
    cells = [layout.cell(column, 0) for column in range(steps)]
    assert all(b.left() - a.right() >= CELL_GAP - 0.01 for a, b in pairwise(cells))


def test_the_zero_states_of_both_directions_lie_inside_the_picture(canvas: UnrolledCanvas) -> None:
    columns = tuple(DiagramColumn("", i + 1, "w", "tag", 0.5) for i in range(6))
    rows = tuple(LayerRow("", "", level, 0, 6, backward=level == 1) for level in range(2))
    layout = DiagramLayout.fitting(Diagram(columns, rows, "LSTM", "many-to-many"), 500.0)
    first, last = layout.cell(0, 0), layout.cell(5, 1)
    assert first.left() > 18 + 13  # an arrow and its number
    assert last.right() + 18 + 13 < layout.width
    between = layout.cell(1, 0).left() - first.right()
    assert between >= CROSSED_GAP - 0.01  # two lines and an arrow head
    for room in range(300, 900, 10):
        fitted = DiagramLayout.fitting(layout.diagram, float(room))
        painter = DiagramPainter(fitted, StatePictures(Diagram(), LIGHT), LIGHT, canvas.font())
        title = painter.cell_names.title(rows[1])
        assert title.endswith("←")
        name = QFontMetricsF(painter.fonts[painter.cell_names.size])
        assert fitted.cell(0, 1).width() >= name.horizontalAdvance(title)


@pytest.mark.parametrize("levels", [2, 4, 6])
def test_the_one_answer_lies_beside_the_zeros_with_which_the_other_direction_begins(
    canvas: UnrolledCanvas, levels: int
) -> None:
    words = ("he", "started", "well", "but", "was", "dropped")
    columns = tuple(DiagramColumn("", i + 1, word, "negative" * (i == 5), 0.5) for i, word in enumerate(words))
    rows = tuple(LayerRow("", "", level, 0, 6, backward=level % 2 == 1) for level in range(levels))
    diagram = Diagram(columns, rows, "LSTM", "many-to-one")
    stacked = set()
    for room in range(380, 900, 20):
        layout = DiagramLayout.fitting(diagram, float(room))
        stacked.add(layout.stacked)
        said = written(diagram, layout, canvas)
        zeros = [box for word, box in said if word == "0" and box.left() > layout.cells_right]
        assert len(zeros) == levels / 2
        answer = layout.bar(5, 0).united(layout.bar(5, layout.lines - 1))
        assert not any(box.intersects(answer) for box in zeros), room
    assert stacked == {True, False}


def drawn_words(diagram: Diagram, layout: DiagramLayout, canvas: UnrolledCanvas) -> list[str]:
    """Everything that is written, as it is written."""
    return [word for word, _ in written(diagram, layout, canvas)]


def written(diagram: Diagram, layout: DiagramLayout, canvas: UnrolledCanvas) -> list[tuple[str, QRectF]]:
    """The same, with the boxes."""
    painter = DiagramPainter(layout, StatePictures(diagram, LIGHT), LIGHT, canvas.font())
    said: list[tuple[str, QRectF]] = []
    write = painter.write

    def recording(into: QPainter, box: QRectF, text: str, *rest: Any) -> None:
        said.append((text, box))
        write(into, box, text, *rest)

    painter.write = recording  # type: ignore[method-assign]
    image = QImage(700, 300, QImage.Format.Format_RGB32)
    with QPainter(image) as into:
        painter.paint(into, range(len(diagram.columns)), None)
    return said


def test_a_picture_that_goes_on_out_of_sight_fades_at_that_edge(canvas: UnrolledCanvas) -> None:
    canvas.show_diagram(long_diagram(40), LIGHT)
    bar = canvas.horizontalScrollBar()

    def empty_edges() -> list[bool]:
        """Whether nothing reaches the left and the right edge, from top to bottom."""
        image = QImage(canvas.viewport().size(), QImage.Format.Format_RGB32)
        image.fill(QColor(LIGHT.surface))
        canvas.viewport().render(image, QPoint(), QRegion(), QWidget.RenderFlag.DrawChildren)
        edges = ({image.pixel(x, y) & 0xF8F8F8 for y in range(image.height())} for x in (0, image.width() - 1))
        return [len(colors) == 1 for colors in edges]

    for place in range(60, 260, 10):  # wherever an edge lies in a cell
        bar.setValue(place)
        assert empty_edges() == [True, True]


def test_the_one_answer_stands_beside_the_cells_with_what_is_right_and_its_loss(canvas: UnrolledCanvas) -> None:
    columns = (
        *(DiagramColumn("", i + 1, "w") for i in range(9)),
        DiagramColumn("", 10, "w", "negative", 0.9, target="positive", truth="positive", loss=2.3026),
    )
    row = LayerRow("", "", 0, 0, 10, states=np.zeros((10, 4)))
    diagram = Diagram(columns, (row,), "LSTM", "many-to-one")
    layout = DiagramLayout.fitting(diagram, 760.0)
    assert layout.width <= 760
    assert layout.output(9).left() > layout.cell(9, 0).right()
    assert {"softmax", "negative", "target positive", "loss 2.30"} <= set(drawn_words(diagram, layout, canvas))


def test_the_one_answer_of_a_long_text_is_in_sight_wherever_one_has_scrolled(canvas: UnrolledCanvas) -> None:
    words = (DiagramColumn("", i + 1, f"word{i}") for i in range(59))
    columns = (*words, DiagramColumn("", 60, "end", "negative", 0.9))
    row = LayerRow("", "", 0, 0, 60, states=np.zeros((60, 4)))
    canvas.show_diagram(Diagram(columns, (row,), "LSTM", "many-to-one"), LIGHT)
    bar = canvas.horizontalScrollBar()
    for place in (0, bar.maximum() // 2, bar.maximum()):
        bar.setValue(place)
        box = canvas.placed().output(59)
        right = box.right() * canvas.scale + canvas.origin().x()
        assert 0 < right <= canvas.viewport().width()


def test_the_end_stays_in_sight_while_a_letter_is_replaced_and_a_place_in_the_middle_stays_too(
    canvas: UnrolledCanvas,
) -> None:
    def show(steps: int) -> None:
        canvas.show_diagram(replace(long_diagram(steps), shape="many-to-one"), LIGHT)

    show(61)
    canvas.select((0, 2))
    bar = canvas.horizontalScrollBar()
    bar.setValue(bar.maximum())
    for steps in (60, 61):
        show(steps)
        assert bar.value() == bar.maximum() > 0
    bar.setValue(100)
    show(60)
    assert bar.value() == 100


def test_a_chosen_cell_is_not_covered_by_the_one_answer(canvas: UnrolledCanvas) -> None:
    canvas.resize(330, 260)
    canvas.show_diagram(replace(long_diagram(30), shape="many-to-one"), LIGHT)
    for column in (3, 7, 20, 4, 29):
        canvas.select((0, column))
        box, placed = canvas.placed().cell(column, 0), canvas.placed()
        assert box.left() >= canvas.picture_point(QPointF(0, 0)).x()
        assert box.right() < placed.answer_left


def test_what_leads_to_the_other_end_covers_nothing(canvas: UnrolledCanvas) -> None:
    canvas.show()
    for text in (long_diagram(200), long_diagram(3), long_diagram(200)):
        canvas.show_diagram(text, LIGHT)
        assert not canvas.to_end.isVisible() or canvas.to_end.geometry().bottom() < canvas.viewport().y()


def test_a_click_or_a_key_leads_to_the_other_end_of_a_long_text(canvas: UnrolledCanvas, qtbot: QtBot) -> None:
    canvas.show()
    canvas.show_diagram(long_diagram(200), LIGHT)
    bar = canvas.horizontalScrollBar()
    assert bar.value() == 0
    qtbot.mouseClick(canvas.to_end, Qt.MouseButton.LeftButton)
    assert bar.value() == bar.maximum() > 0
    qtbot.mouseClick(canvas.to_end, Qt.MouseButton.LeftButton)
    assert bar.value() == 0
    qtbot.keyClick(canvas, Qt.Key.Key_End)
    assert bar.value() == bar.maximum()
    qtbot.keyClick(canvas, Qt.Key.Key_Home)
    assert bar.value() == 0
    canvas.show_diagram(long_diagram(3), LIGHT)
    assert not canvas.to_end.isVisible()


@pytest.mark.parametrize(("reads", "writes", "led_to"), [(4, 30, "end ⇥"), (30, 30, "decoder ⇥"), (30, 4, "decoder ⇥")])
def test_what_leads_to_the_other_end_names_a_part_only_while_nothing_of_it_is_in_sight(
    canvas: UnrolledCanvas, reads: int, writes: int, led_to: str
) -> None:
    canvas.show()
    columns = tuple(DiagramColumn("encoder", i + 1, "x") for i in range(reads))
    columns += tuple(DiagramColumn("decoder", i + 1, "y", "z", 0.5) for i in range(writes))
    states = np.zeros((30, 4))
    rows = (
        LayerRow("", "encoder", 0, 0, reads, states=states[:reads]),
        LayerRow("", "decoder", 0, reads, writes, states=states[:writes]),
    )
    canvas.show_diagram(Diagram(columns, rows, "LSTM", "encoder-decoder"), LIGHT)
    assert canvas.to_end.text() == led_to
    bar = canvas.horizontalScrollBar()
    canvas.bring_into_view((canvas.diagram.row_at(reads, 0) or 0, reads))
    assert bar.value() == bar.maximum() or canvas.to_end.text() == "end ⇥"
    bar.setValue(bar.maximum())
    assert canvas.to_end.text() == ("⇤ encoder" if writes == 30 else "⇤ start")


def test_attention_is_drawn_for_all_columns_until_one_is_pointed_at(canvas: UnrolledCanvas) -> None:
    columns = tuple(DiagramColumn("encoder", i + 1, "x") for i in range(3))
    columns += tuple(DiagramColumn("decoder", i + 1, "y", "z", 0.5) for i in range(2))
    states = np.zeros((3, 4))
    rows = (LayerRow("", "encoder", 0, 0, 3, states=states), LayerRow("", "decoder", 0, 3, 2, states=states[:2]))

    def lines(weights: list[list[float]], pointed: int | None) -> list[tuple[int, int]]:
        diagram = Diagram(columns, rows, "LSTM", "encoder-decoder", np.array(weights), attends=True)
        painter = DiagramPainter(DiagramLayout(diagram), StatePictures(diagram, LIGHT), LIGHT, canvas.font())
        drawn: list[tuple[int, int]] = []
        painter.attention.line = lambda into, step, source, *rest, **more: drawn.append((step, source))  # type: ignore[method-assign]
        image = QImage(10, 10, QImage.Format.Format_RGB32)
        with QPainter(image) as into:
            painter.attention.paint(into, pointed)
        return drawn

    weights = [[0.9, 0.1, 0.0], [0.05, 0.05, 0.9]]
    assert lines(weights, None) == [(0, 0), (1, 2)]
    assert lines(weights, 3) == [(0, 0), (0, 1)]
    assert lines(weights, 4) == [(1, 0), (1, 1), (1, 2)]
    assert lines(weights, 1) == [(0, 1), (1, 1)]  # all that look at it
    assert lines([[0.0] * 3] * 2, None) == []
    assert lines([[0.1, 0.19, 0.15], [0.18, 0.1, 0.1]], None) == [(0, 1), (1, 0)]  # the strongest, however weak


def test_lines_of_attention_have_a_colour_each_and_end_at_their_step(canvas: UnrolledCanvas) -> None:
    columns = tuple(DiagramColumn("encoder", i + 1, "x") for i in range(3))
    columns += tuple(DiagramColumn("decoder", i + 1, "y", "z", 0.5) for i in range(4))
    states = np.zeros((4, 4))
    rows = (LayerRow("", "encoder", 0, 0, 3, states=states[:3]), LayerRow("", "decoder", 0, 3, 4, states=states))
    diagram = Diagram(columns, rows, "LSTM", "encoder-decoder", np.full((4, 3), 0.3), attends=True)
    layout = DiagramLayout(diagram)
    painter = DiagramPainter(layout, StatePictures(diagram, LIGHT), LIGHT, canvas.font()).attention
    assert len({painter.color(step) for step in range(4)}) == 4
    for step in range(4):
        end = painter.path(step, 0).currentPosition()
        assert end.x() == layout.column_x(3 + step)  # on the stem of the step
        assert layout.softmax(3 + step).bottom() < end.y() < layout.cell(3 + step, 0).top()


def test_a_picture_that_is_too_high_is_drawn_a_little_smaller_and_its_cells_are_hit(canvas: UnrolledCanvas) -> None:
    columns = tuple(DiagramColumn("", i + 1, "w", "tag", 0.5) for i in range(5))
    rows = tuple(LayerRow("", "", level, 0, 5, level == 1, states=np.zeros((5, 4))) for level in range(3))
    canvas.show()
    canvas.show_diagram(Diagram(columns, rows, "LSTM", "many-to-many"), LIGHT)
    canvas.resize(700, canvas.minimumHeight())
    canvas.grab()
    assert canvas.scale < canvas.zoom.value == 1.0
    assert canvas.verticalScrollBar().maximum() <= 4
    for level in range(3):
        at = canvas.placed().cell(2, level).center() * canvas.scale + canvas.origin()
        assert canvas.placed().hit(canvas.picture_point(at)) == (level, 2)
    canvas.zoom.set(1.3)
    assert canvas.scale == canvas.zoom.value


def test_two_directions_are_seen_whole_where_one_scrolls_through_a_long_text(canvas: UnrolledCanvas) -> None:
    canvas.show()
    canvas.show_diagram(untrained(engine.ModelConfig("many-to-many", bidirectional=True, embedding_size=8)), LIGHT)
    canvas.resize(300, canvas.minimumHeight())
    QApplication.processEvents()  # the way to the end takes its room
    assert canvas.horizontalScrollBar().maximum() > 0
    assert canvas.verticalScrollBar().maximum() == 0


def test_all_of_the_network_is_viewed_after_a_zoom(qtbot: QtBot) -> None:
    canvas = UnrolledCanvas(LIGHT)
    qtbot.addWidget(canvas)
    canvas.resize(500, 300)
    canvas.show()
    canvas.show_diagram(long_diagram(14), LIGHT)
    canvas.zoom.set(2.0)
    assert canvas.horizontalScrollBar().maximum() > 0
    canvas.zoom.to_all()
    qtbot.waitUntil(lambda: canvas.horizontalScrollBar().maximum() == 0)


@pytest.mark.parametrize("steps", [30, 60, 150])
def test_all_of_a_long_text_is_viewed_however_small_and_again_changes_nothing(qtbot: QtBot, steps: int) -> None:
    canvas = UnrolledCanvas(LIGHT)
    qtbot.addWidget(canvas)
    canvas.resize(449, 236)
    canvas.show()
    canvas.show_diagram(long_diagram(steps), LIGHT)
    scales = []
    for _ in range(2):
        canvas.zoom.to_all()
        canvas.resize(449, canvas.minimumHeight())  # as in a window without room to spare
        QApplication.processEvents()
        assert canvas.horizontalScrollBar().maximum() == canvas.verticalScrollBar().maximum() == 0
        scales.append(canvas.scale)
    assert scales[0] == pytest.approx(scales[1])
    assert canvas.placed().width * canvas.scale == pytest.approx(449, rel=0.1)
    canvas.zoom.set(0.35 if steps > 30 else 0.5)
    canvas.resize(449, canvas.minimumHeight())
    QApplication.processEvents()
    assert canvas.horizontalScrollBar().maximum() > 0
    assert canvas.verticalScrollBar().maximum() == 0
    canvas.zoom.set(0.0)  # as far out as it goes
    assert canvas.horizontalScrollBar().maximum() == 0
