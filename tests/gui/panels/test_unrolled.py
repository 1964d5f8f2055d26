"""The picture of the unrolled network: its shape at once, real states, cells that open, any length."""

from __future__ import annotations

import math
import re
from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QImage, QPainter
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

import engine
from engine.cells import CELLS
from engine.data.vocabulary import END
from engine.inspection.text_search import is_example, truth_of
from gui.panels.unrolled import UnrolledPanel
from gui.panels.unrolled.cell_line import CellLine
from gui.panels.unrolled.panel import KnownAnswer
from gui.session.probe import Selection
from gui.session.questions import Question
from gui.theme import DARK, LIGHT
from gui.unrolled_view.building import from_trace, untrained
from gui.unrolled_view.canvas import UnrolledCanvas
from gui.unrolled_view.diagram import Diagram, DiagramColumn, LayerRow, pooled, tile_grid
from gui.unrolled_view.equation import equation
from gui.unrolled_view.layout import CELL_GAP, CROSSED_GAP, NARROWEST_COLUMN, WIDEST_COLUMN, DiagramLayout
from gui.unrolled_view.painter import DiagramPainter
from gui.unrolled_view.pictures import StatePictures
from tests.gui.conftest import Person
from tests.gui.plots.mouse import is_drawn

SHAPES = ("one-to-one", "one-to-many", "many-to-one", "many-to-many", "encoder-decoder")


def panel_of(person: Person) -> UnrolledPanel:
    panel = person.window.panels["unrolled"]
    assert isinstance(panel, UnrolledPanel)
    return panel


def long_diagram(steps: int, value: float = 0.5, units: int = 16) -> Diagram:
    columns = tuple(DiagramColumn("", i + 1, f"w{i}", "tag", 0.5) for i in range(steps))
    row = LayerRow("", "", 0, 0, steps, states=np.full((steps, units), value))
    return Diagram(columns, (row,), "LSTM", "many-to-many")


@pytest.fixture
def canvas(qtbot: QtBot) -> UnrolledCanvas:
    canvas = UnrolledCanvas(LIGHT)
    qtbot.addWidget(canvas)
    canvas.resize(700, 230)
    return canvas


def test_the_probe_is_read_letter_by_letter_under_the_cells(person: Person) -> None:
    panel = panel_of(person)
    person.type("probe", "anna")
    person.wait_until(lambda: [c.below for c in panel.canvas.diagram.columns][1:] == list("anna"))
    assert panel.canvas.diagram.columns[0].below in ("male", "female")
    assert all(0 <= c.probability <= 1 for c in panel.canvas.diagram.columns)


def test_the_states_are_those_that_the_engine_computes(person: Person) -> None:
    panel = panel_of(person)
    person.wait_until(lambda: panel.looked is not None)
    session = person.session
    assert session.run.snapshot is not None
    trace = engine.trace(session.run.snapshot.model(), session.probe.text, label=session.probe.label)
    assert np.array_equal(panel.canvas.diagram.rows[0].states, trace.layers[0].states)
    assert tuple(c.above for c in panel.canvas.diagram.columns) == trace.outputs


def test_a_clicked_cell_tells_its_equation_with_real_numbers(person: Person) -> None:
    panel = panel_of(person)
    person.wait_until(lambda: panel.looked is not None)
    canvas = panel.canvas
    center = canvas.placed().cell(1, 0).center() * canvas.zoom + canvas.origin()
    person.qtbot.mouseClick(canvas.viewport(), Qt.MouseButton.LeftButton, pos=center.toPoint())
    assert canvas.selected == (0, 1)
    assert "step 2" in panel.cell_line.title.text()
    assert panel.looked is not None
    layer = panel.looked.trace.layers[0]
    h = float(layer.states[1, panel.cell_line.unit.value()])
    assert f"{abs(h):.2f}" in panel.cell_line.text.text()
    assert "o ⊙ tanh(c₂)".replace(" ", "\u00a0") in panel.cell_line.text.text()
    person.qtbot.keyClick(canvas, Qt.Key.Key_Right)
    assert "step 3" in panel.cell_line.title.text()


def test_a_cell_chosen_elsewhere_is_shown_and_survives_a_new_network(person: Person) -> None:
    panel = panel_of(person)
    person.wait_until(lambda: panel.looked is not None)
    chosen = Selection("", 0, "forward", 2)
    person.session.probe.select(chosen)
    assert panel.canvas.selected == (0, 2)
    assert "step 3" in panel.cell_line.title.text()
    person.click("reset")
    person.wait_ready()
    person.wait_until(lambda: panel.canvas.selected == (0, 2))
    assert person.session.probe.selection == chosen
    person.qtbot.keyClick(panel.canvas, Qt.Key.Key_Escape)
    assert person.session.probe.selection is None


@pytest.mark.parametrize("cell", CELLS)
def test_the_numbers_of_the_equation_are_right(cell: str) -> None:
    dataset = engine.make_dataset(["abcab", "bcabc"] * 8, "sequences", unit="character")
    model = engine.build_model(engine.ModelConfig(cell=cell, hidden_size=5), dataset, seed=3)
    model.parameters.flat *= 4
    layer = engine.trace(model, "abca").layers[0]
    for step in range(4):
        text = equation(layer, step, 2)
        numbers = text.replace("−", "-").replace("\u00a0", " ")
        h = float(layer.states[step, 2])
        assert f"= {h:.2f}".replace("-0.00", "0.00") in numbers
        before = float(layer.states[step - 1, 2]) if step else 0.0
        if len(layer.by_state) == 1:
            assert f"{before:.2f}".lstrip("-") in numbers
        for values in layer.gates.values():
            assert f"{values[step, 2]:.2f}".lstrip("-") in numbers
        for line in text.split("  ")[: len(layer.by_state)]:  # what stands before the last sign is what follows it
            *_, expression, value = line.replace("\u00a0", " ").replace("−", "-").replace("·", "*").split(" = ")
            if "≤" not in expression:
                computed = eval(expression, {"tanh": math.tanh, "relu": lambda inside: max(0.0, inside)})
                assert computed == pytest.approx(float(value), abs=0.03)


def test_the_equation_of_a_cell_is_written_as_by_hand() -> None:
    number = r"(?:\d+\.\d\d|\(−\d+\.\d\d\))"
    bare = r"−?\d+\.\d\d"
    patterns = {
        "rnn": rf"h₃ = tanh\(W x₃ \+ U h₂ \+ b\) = tanh\({bare}\) = {bare}  before: h₂ = {bare}",
        "lstm": rf"c₃ = f ⊙ c₂ \+ i ⊙ g = {number}·{number} \+ {number}·{number} = {bare}  "
        rf"h₃ = o ⊙ tanh\(c₃\) = {number}·tanh\({bare}\) = {bare}",
        "gru": rf"h₃ = \(1 − z\) ⊙ n \+ z ⊙ h₂ = \(1 − {number}\)·{number} \+ {number}·{number} = {bare}  "
        rf"reset r = {number}",
        "irnn": rf"h₃ = relu\(W x₃ \+ U h₂ \+ b\) = relu\((?:{bare}|≤ 0)\) = {bare}  before: h₂ = {bare}",
        "mgu": rf"h₃ = \(1 − f\) ⊙ h₂ \+ f ⊙ n = \(1 − {number}\)·{number} \+ {number}·{number} = {bare}",
    }
    dataset = engine.make_dataset(["abcab", "bcabc"] * 8, "sequences", unit="character")
    written = {}
    for cell in patterns:
        model = engine.build_model(engine.ModelConfig(cell=cell, hidden_size=5), dataset, seed=3)
        model.parameters.flat *= 4
        written[cell] = equation(engine.trace(model, "abca").layers[0], 2, 2).replace("\u00a0", " ")
    for cell, text in written.items():
        assert re.fullmatch(patterns[cell], text), text


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
    qtbot.keyClick(canvas, Qt.Key.Key_Escape)
    assert canvas.selected is None


def test_zooming_keeps_to_what_can_be_read(canvas: UnrolledCanvas, qtbot: QtBot) -> None:
    canvas.show_diagram(long_diagram(30), LIGHT)
    for _ in range(40):
        qtbot.keyClick(canvas, Qt.Key.Key_Minus)
    assert canvas.zoom == pytest.approx(0.35)
    qtbot.keyClick(canvas, Qt.Key.Key_0)
    assert canvas.zoom == 1.0


def test_an_unknown_symbol_is_shown_and_marked_as_unknown(person: Person) -> None:
    panel = panel_of(person)
    person.session.probe.set("añ漢b")  # Qt's simulated keyboard has Latin letters only
    person.wait_until(lambda: [c.below for c in panel.canvas.diagram.columns][1:] == list("añ漢b"))
    assert [c.unknown for c in panel.canvas.diagram.columns][3] is True
    assert panel.canvas.diagram.columns[1].unknown is False


def test_the_shape_follows_the_chosen_architecture(person: Person) -> None:
    panel = panel_of(person)
    person.click("architecture-many-to-one")
    person.wait_ready()
    person.wait_until(lambda: panel.looked is not None and panel.looked.config.architecture == "many-to-one")
    outputs = [bool(c.above) for c in panel.canvas.diagram.columns]
    assert outputs == [False] * (len(outputs) - 1) + [True]


def test_the_decoder_is_fed_its_own_words_and_stands_after_the_encoder() -> None:
    dataset = engine.make_dataset([("ab", "ba"), ("abc", "cba")] * 6, "pairs", unit="character")
    config = engine.ModelConfig(architecture="encoder-decoder", hidden_size=8)
    model = engine.build_model(config, dataset, seed=0)
    diagram = from_trace(engine.trace(model, "abc"), config, ("a", "b", "c"))
    parts = [c.part for c in diagram.columns]
    assert parts == sorted(parts, reverse=True)
    decoder = [c for c in diagram.columns if c.part == "decoder"]
    assert all(c.fed_back for c in decoder[1:])
    assert not any(c.above for c in diagram.columns if c.part == "encoder")


def test_nothing_is_asked_while_the_panel_is_hidden(person: Person) -> None:
    panel = panel_of(person)
    person.wait_until(lambda: panel.looked is not None)
    person.wait_until(lambda: not person.session.questions.busy)
    panel.hide()
    before = panel.looked
    person.session.probe.set("zoe")
    answered: list[bool] = []
    person.session.ask(Question(object(), lambda snapshot: True, answered.append))
    person.wait_until(lambda: bool(answered))
    assert panel.looked is before
    panel.show()
    person.wait_until(lambda: panel.looked is not None and panel.looked.tokens == tuple("zoe"))


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
    told = canvas.tip_at(QPointF(canvas.placed().column_x(0), 50))
    assert told.splitlines() == ["step 1: reads q", "answers z with probability 0.250", "the right answer is u"]
    assert canvas.tip_at(QPointF(QPoint(-500, 0))) == ""


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
        title = painter.title(rows[1], fitted.cell(0, 1).width())
        assert title.endswith("←")
        name = QFontMetricsF(painter.fonts[11 if fitted.cell_width > 34 else 10])
        assert fitted.cell(0, 1).width() >= name.horizontalAdvance(title)


def drawn_words(diagram: Diagram, layout: DiagramLayout, canvas: UnrolledCanvas) -> list[str]:
    """Everything that is written, as it is written."""
    painter = DiagramPainter(layout, StatePictures(diagram, LIGHT), LIGHT, canvas.font())
    said: list[str] = []
    write = painter.write

    def recording(into: QPainter, box: QRectF, text: str, *rest: Any) -> None:
        said.append(text)
        write(into, box, text, *rest)

    painter.write = recording  # type: ignore[method-assign]
    image = QImage(700, 300, QImage.Format.Format_RGB32)
    with QPainter(image) as into:
        painter.paint(into, range(len(diagram.columns)), None)
    return said


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
        right = box.right() * canvas.zoom + canvas.origin().x()
        assert 0 < right <= canvas.viewport().width()


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


def test_an_example_of_the_data_is_shown_with_what_should_come_out(person: Person) -> None:
    person.choose_sample("entities")
    panel = panel_of(person)
    dataset = person.session.data.dataset
    assert dataset is not None
    seen: set[str] = set()
    for number in range(3):
        person.click("unrolled-example")
        example = dataset.validation[number]
        wanted = dict(enumerate(example.target))
        person.wait_until(lambda example=example: panel.known == KnownAnswer(example.source, example.target, True))
        person.wait_until(lambda: panel.looked is not None and panel.looked.tokens == panel.known.tokens)
        columns = panel.canvas.diagram.columns
        assert [c.target or c.above for c in columns] == [wanted[i] for i in range(len(columns))]
        seen |= {c.target for c in columns}
    assert len(seen) > 1, "an untrained network is never right"
    person.session.probe.set("Chirag sleeps in Narnia .")
    person.wait_until(lambda: panel.looked is not None and "Narnia" in panel.looked.tokens)
    assert not any(c.target for c in panel.canvas.diagram.columns)


def test_the_truth_of_a_text_is_that_of_the_example_it_is() -> None:
    rows = [("ab", "x"), ("abc", "y"), ("ba", "x"), ("ba", "y")]
    dataset = engine.make_dataset(rows * 3, "labelled", unit="character")
    parts = (dataset.validation, dataset.train)
    assert truth_of(tuple("abc"), parts) == ("y",)
    assert truth_of(tuple("ba"), parts) == ()  # the data disagree
    assert truth_of(tuple("abd"), parts) == ()
    assert truth_of((), parts) == ()
    assert is_example(tuple("ba"), parts)
    assert not is_example(tuple("abd"), parts)
    assert not is_example(tuple("a"), parts)


def test_only_an_example_of_the_data_is_known_to_end(person: Person) -> None:
    person.choose_sample("alphabet")
    panel = panel_of(person)
    for text, ends in (("lmnopqrst", False), ("wxyz", True)):
        person.session.probe.set(text)
        person.wait_until(lambda text=text: panel.looked is not None and panel.looked.tokens == tuple(text))
        person.wait_until(lambda text=text: panel.known.tokens == tuple(text))
        last = panel.canvas.diagram.columns[-1]
        assert ((last.target or last.above) == END) is ends
        assert panel.canvas.diagram.columns[2].target or panel.canvas.diagram.columns[2].above == text[2]


def test_a_translation_is_compared_up_to_its_first_other_word() -> None:
    dataset = engine.make_dataset([("ab", "ba"), ("abc", "cba")] * 6, "pairs", unit="character")
    config = engine.ModelConfig(architecture="encoder-decoder", hidden_size=8)
    model = engine.build_model(config, dataset, seed=0)
    trace = engine.trace(model, "abc")
    written = [trace.outputs[i] for i in trace.output_steps]
    other = next(s for s in "abc" if s != written[1])
    diagram = from_trace(trace, config, ("a", "b", "c"), (written[0], other, "a"))
    decoder = [c for c in diagram.columns if c.part == "decoder"]
    assert [c.target for c in decoder] == ["", other, *[""] * (len(decoder) - 2)]


def test_the_one_answer_of_a_classifier_tells_what_is_right() -> None:
    dataset = engine.make_dataset([("a b", "x"), ("b a", "y")] * 6, "labelled", unit="word")
    for shape in ("many-to-one", "one-to-one"):
        config = engine.ModelConfig(architecture=shape, hidden_size=8)
        trace = engine.trace(engine.build_model(config, dataset, seed=0), "a b")
        answer = trace.outputs[-1]
        wrong = {"x": "y", "y": "x"}[answer]
        for truth, target in (((wrong,), wrong), ((answer,), ""), ((), "")):
            columns = from_trace(trace, config, ("a", "b"), truth).columns
            assert [c.target for c in columns] == ["", target]
            assert [c.above for c in columns] == ["", answer]


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
        cell = layout.cell(3 + step, 0)
        assert cell.left() <= end.x() <= cell.right()
        assert end.y() == pytest.approx(cell.top(), abs=2)


@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize("width", [330, 430, 620, 1000])
def test_the_equation_is_never_cut_before_its_result(qtbot: QtBot, cell: str, width: int) -> None:
    dataset = engine.make_dataset(["abcab", "bcabc"] * 8, "sequences", unit="character")
    model = engine.build_model(engine.ModelConfig(cell=cell, hidden_size=5), dataset, seed=3)
    layer = engine.trace(model, "abca").layers[0]
    line = CellLine()
    qtbot.addWidget(line)
    line.resize(width, 60)
    line.show()
    line.explain(layer, 2, "c", 1)
    line.grab()
    shown = line.text.text().replace("\u00a0", " ")
    for state, values in layer.by_state.items():
        value = f"{abs(float(values[2, 1])):.2f}"
        assert re.search(rf"{state}₃ = (.* = )?−?{value}", shown), shown
    label = line.text
    assert label.heightForWidth(label.width()) <= label.height() + 1, shown


def test_the_network_shows_that_the_keys_are_its_own(person: Person) -> None:
    panel = panel_of(person)
    person.wait_until(lambda: panel.looked is not None)
    person.find(QWidget, "probe").setFocus()
    before = panel.canvas.viewport().grab().toImage()
    panel.canvas.setFocus()
    assert panel.canvas.viewport().grab().toImage() != before


def test_a_picture_that_is_too_high_is_drawn_a_little_smaller_and_its_cells_are_hit(canvas: UnrolledCanvas) -> None:
    columns = tuple(DiagramColumn("", i + 1, "w", "tag", 0.5) for i in range(5))
    rows = tuple(LayerRow("", "", level, 0, 5, level == 1, states=np.zeros((5, 4))) for level in range(2))
    canvas.show()
    canvas.show_diagram(Diagram(columns, rows, "LSTM", "many-to-many"), LIGHT)
    canvas.resize(700, canvas.minimumHeight())
    canvas.grab()
    assert canvas.scale < canvas.zoom == 1.0
    assert canvas.verticalScrollBar().maximum() <= 4
    for level in range(2):
        at = canvas.placed().cell(2, level).center() * canvas.scale + canvas.origin()
        assert canvas.placed().hit(canvas.picture_point(at)) == (level, 2)
    canvas.set_zoom(1.3)
    assert canvas.scale == canvas.zoom
