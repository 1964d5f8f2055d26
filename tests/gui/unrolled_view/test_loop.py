"""The folded network: one cell with its loop, for every shape; it draws apart into its steps and back."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, QRectF, QSettings, Qt
from PySide6.QtGui import QFontMetricsF, QImage, QPainter, QPainterPath, QPainterPathStroker
from PySide6.QtWidgets import QPushButton, QWidget
from pytestqt.qtbot import QtBot

import engine
from gui.main_window import MainWindow
from gui.panels.base.view import kept_choices
from gui.panels.unrolled.unrolled_panel import NOT_FOLDED, UnrolledPanel
from gui.session.background import threads_at_work
from gui.session.session import Session
from gui.theme import LIGHT
from gui.unrolled_view.canvas import UnrolledCanvas
from gui.unrolled_view.descriptions import tip_of
from gui.unrolled_view.diagram import Diagram, Outcomes
from gui.unrolled_view.diagram_builder import from_trace, untrained
from gui.unrolled_view.fold import FOLDED_CELL
from gui.unrolled_view.inputs import DROP_RADIUS
from gui.unrolled_view.loop import LoopPainter, folded_places, paint_whole, staying_columns, weights_of
from gui.unrolled_view.painter import DiagramPainter
from gui.unrolled_view.tiles import StatePictures
from tests.gui.conftest import Person, dispose
from tests.gui.panels.test_unrolled import panel_of
from tests.gui.pixels import colors
from tests.gui.unrolled_view.test_canvas import SHAPES, drawn_words, long_diagram

pytestmark = pytest.mark.one_window

WIDE, NARROW = 800, 446  # what a window of 1440 and of 1100 pixels has for the network
STILL = "* { widget-animation-duration: 0 }"  # as on a desktop whose animations are switched off


@pytest.fixture
def canvas(qtbot: QtBot) -> UnrolledCanvas:
    canvas = UnrolledCanvas(LIGHT)
    qtbot.addWidget(canvas)
    canvas.resize(800, 260)
    canvas.show()
    qtbot.waitExposed(canvas)
    return canvas


def shares_of(canvas: UnrolledCanvas) -> list[float]:
    shares: list[float] = []
    canvas.folding.moved.connect(lambda: shares.append(canvas.share))
    return shares


def test_the_steps_draw_together_and_apart_again(person: Person) -> None:
    panel = panel_of(person)
    person.wait_until(lambda: panel.looked is not None)
    shares = shares_of(panel.canvas)
    person.click("unrolled-form-loop")
    person.wait_until(lambda: panel.canvas.share == 1.0)
    assert any(0.0 < share < 1.0 for share in shares), "it jumped"
    assert shares == sorted(shares)
    shares.clear()
    person.click("unrolled-form-unrolled")
    person.wait_until(lambda: panel.canvas.share == 0.0)
    assert any(0.0 < share < 1.0 for share in shares), "it jumped"
    assert shares == sorted(shares, reverse=True)


def test_the_key_l_turns_the_motion_round_from_where_it_is(person: Person) -> None:
    panel = panel_of(person)
    person.wait_until(lambda: panel.looked is not None)
    shares = shares_of(panel.canvas)
    person.press(Qt.Key.Key_L)
    assert panel.form.value() == "loop"
    person.wait_until(lambda: panel.canvas.share > 0.1)
    highest = panel.canvas.share
    shares.clear()
    person.press(Qt.Key.Key_L)
    person.wait_until(lambda: panel.canvas.share == 0.0)
    assert max(shares) <= highest
    assert panel.form.value() == "unrolled"


def test_an_l_that_is_typed_into_the_probe_is_a_letter(person: Person) -> None:
    panel = panel_of(person)
    person.type("probe", "lilli")
    person.wait_until(lambda: person.session.probe.text == "lilli")
    assert panel.form.value() == "unrolled"


def test_nothing_moves_where_animation_is_switched_off(canvas: UnrolledCanvas) -> None:
    canvas.setStyleSheet(STILL)
    canvas.show_diagram(long_diagram(5), LIGHT)
    shares = shares_of(canvas)
    canvas.fold(True)
    canvas.fold(False)
    assert shares == [1.0, 0.0]


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("layers", [1, 3])
@pytest.mark.parametrize(
    "options", [{}, {"bidirectional": True}, {"attention": True}], ids=["plain", "both", "attends"]
)
def test_every_shape_has_a_loop_before_any_training(
    canvas: UnrolledCanvas, shape: str, layers: int, options: dict[str, bool]
) -> None:
    diagram = untrained(engine.ModelConfig(architecture=shape, num_layers=layers, **options))
    canvas.setStyleSheet(STILL)
    canvas.show_diagram(diagram, LIGHT)
    for share in (0.2, 0.5, 0.8):
        canvas.folding.set_share(share)
        assert len(colors(canvas.viewport().grab().toImage(), every=2)) > 3
    canvas.fold(True)
    assert len(colors(canvas.viewport().grab().toImage(), every=2)) > 3
    check_one_cell_for_each_strip(canvas)


def check_one_cell_for_each_strip(canvas: UnrolledCanvas) -> None:
    """One cell a layer, direction and part, none over another, and each can be chosen."""
    layout, diagram = canvas.placed(), canvas.diagram
    assert layout.fold is not None
    places = {(i, layout.fold.staying[row.part]): row for i, row in enumerate(diagram.rows)}
    boxes = {place: layout.cell(place[1], row.level) for place, row in places.items()}
    for place, box in boxes.items():
        assert layout.hit(box.center()) == place
        assert sum(box.intersects(other) for other in boxes.values()) == 1


def test_the_loop_of_a_trained_network_shows_the_step_that_is_looked_at(person: Person) -> None:
    panel = panel_of(person)
    panel.canvas.setStyleSheet(STILL)
    person.wait_until(lambda: panel.looked is not None)
    person.press(Qt.Key.Key_L)
    canvas = panel.canvas
    assert staying_columns(canvas.diagram, None) == {"": len(canvas.diagram.columns) - 1}
    cell = canvas.placed().cell(len(canvas.diagram.columns) - 1, 0).center() * canvas.scale + canvas.origin()
    person.qtbot.mouseClick(canvas.viewport(), Qt.MouseButton.LeftButton, pos=cell.toPoint())
    assert f"step {len(canvas.diagram.columns)}" in panel.cell_line.title.text()
    before = canvas.viewport().grab().toImage()
    person.qtbot.keyClick(canvas, Qt.Key.Key_Left)
    assert f"step {len(canvas.diagram.columns) - 1}" in panel.cell_line.title.text()
    assert canvas.placed().hit((cell - canvas.origin()) / canvas.scale) == (0, len(canvas.diagram.columns) - 2)
    assert canvas.viewport().grab().toImage() != before


def test_loss_and_target_above_the_loop_have_their_names(canvas: UnrolledCanvas) -> None:
    dataset = engine.make_dataset(["abcab", "bcabc"] * 6, "sequences", unit="character")
    config = engine.ModelConfig(hidden_size=5)
    model = engine.build_model(config, dataset, seed=3)
    diagram = from_trace(engine.trace(model, "abca"), config, tuple("abca"), ends=True, network=type(model))
    canvas.setStyleSheet(STILL)
    canvas.show_diagram(diagram, LIGHT)
    assert not any(word.startswith(("loss ", "target ")) for word in drawn_words(diagram, canvas.placed(), canvas))
    canvas.fold(True)
    words = drawn_words(diagram, canvas.placed(), canvas)
    assert any(word.startswith("loss ") for word in words)
    assert any(word.startswith("target ") for word in words)


@pytest.mark.parametrize("steps", [1, 2, 200])
def test_after_the_loop_the_text_stands_where_it_stood(canvas: UnrolledCanvas, steps: int) -> None:
    canvas.setStyleSheet(STILL)
    canvas.show_diagram(long_diagram(steps), LIGHT)
    bar = canvas.horizontalScrollBar()
    bar.setValue(bar.maximum() // 2)
    stood, apart = bar.value(), canvas.viewport().grab().toImage()
    canvas.fold(True)
    assert bar.maximum() == 0
    assert canvas.placed().width > 0
    canvas.fold(False)
    assert bar.value() == stood
    assert canvas.viewport().grab().toImage() == apart


@pytest.mark.parametrize("size", [(297, 239), (297, 260), (640, 239), (800, 500)])
def test_the_loop_may_be_larger_or_lower_and_yet_the_text_is_not_cut_off_after_it(
    canvas: UnrolledCanvas, size: tuple[int, int]
) -> None:
    canvas.setStyleSheet(STILL)
    canvas.resize(*size)
    possible = Outcomes(tuple("abcde"), np.full((30, 5), 0.2), tuple(range(30)))
    diagram = replace(long_diagram(30), outcomes=possible)
    canvas.show_diagram(diagram, LIGHT)
    bar = canvas.horizontalScrollBar()
    bar.setValue(bar.maximum())
    apart = canvas.viewport().grab().toImage(), bar.maximum()
    canvas.fold(True)
    canvas.show_diagram(diagram, LIGHT)  # the network has learned on meanwhile
    canvas.fold(False)
    assert (canvas.viewport().grab().toImage(), bar.maximum()) == apart
    placed = canvas.placed()
    assert placed.input(29).bottom() * canvas.scale + canvas.origin().y() <= canvas.viewport().height() + 1


@pytest.mark.parametrize("steps", [1, 2, 200])
def test_the_first_moment_of_the_motion_is_the_unrolled_picture_and_the_last_the_loop(
    canvas: UnrolledCanvas, steps: int
) -> None:
    canvas.show_diagram(long_diagram(steps), LIGHT)
    last = steps - 1
    apart = canvas.placed().column_x(last) * canvas.scale + canvas.origin().x()
    canvas.folding.set_share(1e-9)
    assert canvas.placed().column_x(last) * canvas.scale + canvas.origin().x() == pytest.approx(apart, abs=0.01)
    canvas.folding.set_share(1.0 - 1e-9)
    almost = canvas.placed().column_x(last) * canvas.scale + canvas.origin().x()
    canvas.folding.set_share(1.0)
    assert canvas.placed().column_x(last) * canvas.scale + canvas.origin().x() == pytest.approx(almost, abs=0.01)


def test_the_choice_is_kept_with_the_layout(qtbot: QtBot, settings: QSettings) -> None:
    for start in ("unrolled", "loop"):
        window = MainWindow(Session(), settings)
        window.show()
        panel = window.panels["unrolled"]
        assert isinstance(panel, UnrolledPanel)
        assert panel.form.value() == start
        person = Person(qtbot, window)
        person.session.data.load_sample("names")
        person.wait_ready()
        person.wait_until(lambda panel=panel: panel.canvas.foldable)
        assert panel.canvas.share == (1.0 if start == "loop" else 0.0)
        panel.canvas.setStyleSheet(STILL)
        if start == "unrolled":
            person.click("unrolled-form-loop")
        window.close()
        person.wait_until(lambda: threads_at_work() == [])
        dispose(window)


@pytest.mark.parametrize("text", ["", "[]", "{", "3", '{"form": 7}', None])
def test_choices_that_cannot_be_read_leave_the_default(person: Person, text: object) -> None:
    panel = panel_of(person)
    panel.restore(kept_choices(text))
    assert panel.form.value() == "unrolled"


def test_the_control_is_named_and_tells_its_key(person: Person) -> None:
    form = person.find(QWidget, "unrolled-form")
    assert form.accessibleName()
    for name in ("loop", "unrolled"):
        button = person.find(QPushButton, f"unrolled-form-{name}")
        assert button.accessibleName()
        assert "(L)" in button.toolTip()


def test_a_feed_forward_network_cannot_be_folded_and_says_why(person: Person) -> None:
    panel = panel_of(person)
    person.choose_sample("order")
    panel.canvas.setStyleSheet(STILL)
    person.press(Qt.Key.Key_L)
    assert panel.canvas.share == 1.0
    person.session.set_model(architecture="one-to-one")
    person.wait_ready()
    person.wait_until(lambda: not panel.form.isEnabled())
    assert panel.canvas.share == 0.0
    assert panel.form.toolTip() == NOT_FOLDED
    assert not panel.canvas.grab().isNull()
    person.session.set_model(architecture="many-to-one")
    person.wait_ready()
    person.wait_until(panel.form.isEnabled)
    assert panel.canvas.share == 1.0  # the choice was kept meanwhile


def test_encoder_and_decoder_are_folded_into_a_cell_each() -> None:
    dataset = engine.make_dataset([("ab", "ba"), ("abc", "cba")] * 6, "pairs", unit="character")
    config = engine.ModelConfig(architecture="encoder-decoder", hidden_size=8, bidirectional=True, attention=True)
    model = engine.build_model(config, dataset, seed=0)
    diagram = from_trace(engine.trace(model, "abc"), config, ("a", "b", "c"))
    places, width = folded_places(diagram)
    assert list(places) == ["encoder", "decoder"]
    assert 0 < places["encoder"] < places["decoder"] < width
    assert diagram.attends
    named = [weights_of(row, diagram.remembers) for row in diagram.rows]
    assert named == ["W₁  U₁  b₁", "W₁←  U₁←  b₁←", "W₁  U₁  b₁"]


@pytest.mark.parametrize("layers", [1, 2, 3])
@pytest.mark.parametrize("attention", [False, True], ids=["plain", "attends"])
@pytest.mark.parametrize("height", [260, 700], ids=["low", "high"])
@pytest.mark.parametrize("width", [WIDE, NARROW], ids=["wide", "narrow"])
def test_the_last_state_of_each_direction_goes_to_the_decoder_and_through_no_name(
    canvas: UnrolledCanvas, attention: bool, layers: int, width: int, height: int
) -> None:
    canvas.setStyleSheet(STILL)
    canvas.resize(width, height)
    config = engine.ModelConfig(
        architecture="encoder-decoder", bidirectional=True, attention=attention, num_layers=layers
    )
    canvas.show_diagram(untrained(config), LIGHT)
    canvas.fold(True)
    drawn, layout = paths_of(canvas), canvas.placed()
    encoder, decoder = staying_columns(canvas.diagram, None).values()
    for row in canvas.diagram.rows:
        if row.part == "encoder":
            ends = [
                path.currentPosition() for path in drawn.paths if begins_beside(path, layout.cell(encoder, row.level))
            ]
            cell = layout.cell(decoder, row.depth)
            assert [end.x() for end in ends] == [cell.left()]
            assert cell.top() < ends[0].y() < cell.bottom()
    handed = [
        path
        for path in drawn.paths
        if any(begins_beside(path, layout.cell(encoder, r.level)) for r in canvas.diagram.rows)
    ]
    names = [
        box for text, box in drawn.texts if text in ("0", "the last states") or (text[0] == "h" and len(text) == 2)
    ]
    assert len(names) > 2 * layers
    assert not any(stroke_of(path).intersects(box.adjusted(0, 2, 0, -2)) for path in handed for box in names)


@pytest.mark.parametrize("bidirectional", [False, True], ids=["one", "both"])
@pytest.mark.parametrize("width", [WIDE, NARROW], ids=["wide", "narrow"])
def test_attention_ends_on_the_stem_of_the_decoder_and_does_not_go_through_its_name(
    canvas: UnrolledCanvas, bidirectional: bool, width: int
) -> None:
    canvas.setStyleSheet(STILL)
    canvas.resize(width, 260)
    config = engine.ModelConfig(architecture="encoder-decoder", bidirectional=bidirectional, attention=True)
    canvas.show_diagram(untrained(config), LIGHT)
    canvas.fold(True)
    drawn, layout = paths_of(canvas), canvas.placed()
    encoder, decoder = staying_columns(canvas.diagram, None).values()
    (arc,) = (
        p for p in drawn.paths if p.elementAt(0).x == layout.column_x(encoder) and p.elementAt(0).y == layout.cells_top
    )  # type: ignore[attr-defined]
    end = arc.currentPosition()
    assert end.x() == layout.column_x(decoder)
    assert layout.softmax(decoder).bottom() < end.y() < layout.cells_top
    (name,) = (box for text, box in drawn.texts if text.startswith("attention"))
    assert not stroke_of(arc).intersects(name)
    heads = [line for line in drawn.lines if line[0] == end]
    assert len(heads) == 2  # an arrowhead


@pytest.mark.parametrize("layers", [1, 2, 3])
@pytest.mark.parametrize("options", [{}, {"attention": True}, {"bidirectional": True}, {"embedding_size": 64}])
def test_the_loop_of_an_encoder_and_a_decoder_fits_into_the_card_of_a_window_of_1100_pixels(
    canvas: UnrolledCanvas, layers: int, options: dict[str, Any]
) -> None:
    canvas.setStyleSheet(STILL)
    canvas.resize(NARROW, 290)
    config = engine.ModelConfig(architecture="encoder-decoder", num_layers=layers, **options)
    canvas.show_diagram(untrained(config), LIGHT)
    canvas.fold(True)
    assert canvas.horizontalScrollBar().maximum() == 0
    texts, seen = paths_of(canvas).texts, canvas.viewport().rect()
    for text, box in texts:
        low = canvas.origin().y() + canvas.scale * (box.bottom() - 2)  # no letter reaches down to the end of its line
        left, right = (canvas.origin().x() + canvas.scale * x for x in (box.left(), box.right()))
        assert seen.left() - 1 <= left < right <= seen.right() + 1, text
        assert low <= seen.bottom() or canvas.verticalScrollBar().maximum(), text
    boxes = [(text, box.adjusted(0, 2, 0, -2)) for text, box in texts]
    touching = [(one, other) for (one, a), (other, b) in combinations(boxes, 2) if a.intersects(b)]
    assert touching == []


def test_a_picture_of_the_loop_can_be_taken(canvas: UnrolledCanvas) -> None:
    canvas.setStyleSheet(STILL)
    canvas.show_diagram(long_diagram(60), LIGHT)
    unrolled = canvas.whole_size()
    canvas.fold(True)
    assert canvas.whole_size().width() < unrolled.width() / 4
    image = QImage(canvas.whole_size(), QImage.Format.Format_RGB32)
    image.fill(0)
    painter = QPainter(image)
    canvas.whole_painter()(painter, lambda share: None)
    painter.end()
    places, _ = folded_places(canvas.diagram)
    around = image.copy(round(places[""]) - 50, 60, 100, 80)
    assert len({around.pixel(x, y) for x in range(100) for y in range(80)}) > 5


class Paths(QPainter):
    """Keeps where each path begins, how far paths and texts reach, and the middles of all rings."""

    def __init__(self, image: QImage) -> None:
        super().__init__(image)
        self.reach: list[QRectF] = []
        self.begins: list[QPointF] = []
        self.texts: list[tuple[str, QRectF]] = []
        self.rings: list[QPointF] = []
        self.paths: list[QPainterPath] = []
        self.lines: list[tuple[QPointF, QPointF]] = []

    def drawLine(self, *args: Any) -> None:  # noqa: N802
        if isinstance(args[0], QPointF):
            self.lines.append((args[0], args[1]))
        super().drawLine(*args)

    def drawPath(self, path: QPainterPath) -> None:  # noqa: N802 - as Qt calls it
        self.paths.append(QPainterPath(path))
        self.reach.append(path.boundingRect())
        self.begins.append(QPointF(path.elementAt(0).x, path.elementAt(0).y))  # type: ignore[attr-defined]
        super().drawPath(path)

    def drawText(self, *args: Any) -> Any:  # noqa: N802
        if isinstance(args[0], QRectF):
            box, flags, text = args
            wide = QFontMetricsF(self.font()).boundingRect(box, int(flags), text)
            self.texts.append((text, wide))
        return super().drawText(*args)

    def drawEllipse(self, *args: Any) -> None:  # noqa: N802
        if isinstance(args[0], QPointF):
            self.rings.append(args[0])
        super().drawEllipse(*args)


def begins_beside(path: QPainterPath, cell: QRectF) -> bool:
    """Whether a path leads from the right side of a cell to another one, and not back to it."""
    begin = QPointF(path.elementAt(0).x, path.elementAt(0).y)  # type: ignore[attr-defined]
    beside = begin.x() == cell.right() and cell.top() < begin.y() < cell.bottom()
    return beside and abs(begin.y() - cell.center().y()) > 1 and path.currentPosition().x() > cell.right()


def stroke_of(path: QPainterPath) -> QPainterPath:
    """What a line covers."""
    stroker = QPainterPathStroker()
    stroker.setWidth(1.0)
    return stroker.createStroke(path)


def paths_of(canvas: UnrolledCanvas) -> Paths:
    """What is drawn of the whole picture, where the canvas has it."""
    image = QImage(canvas.whole_size(), QImage.Format.Format_RGB32)
    painter = Paths(image)
    pictures = StatePictures(canvas.diagram, LIGHT)
    paint_whole(DiagramPainter(canvas.placed(), pictures, LIGHT, canvas.font()), None, painter, lambda share: None)
    painter.end()
    return painter


@pytest.mark.parametrize("tied", [False, True], ids=["own", "tied"])
def test_a_shared_matrix_is_named_where_it_reads_out(canvas: UnrolledCanvas, tied: bool) -> None:
    canvas.setStyleSheet(STILL)
    dataset = engine.make_dataset([("ab", "ba"), ("abc", "cba")] * 6, "pairs", unit="character")
    config = engine.ModelConfig(architecture="encoder-decoder", hidden_size=8, embedding_size=8, tied=tied)
    model = engine.build_model(config, dataset, seed=0)
    for diagram in (untrained(config), from_trace(engine.trace(model, "abc"), config, ("a", "b", "c"))):
        canvas.show_diagram(diagram, LIGHT)
        canvas.fold(True)
        texts = {text for text, _ in paths_of(canvas).texts}
        assert ("output W b" in texts) is not tied
        assert ({"output embedding b", "same matrix as the input"} <= texts) is tied
    assert ("share one matrix" in tip_of(diagram, diagram.part_starts[1])) is tied


@pytest.mark.parametrize("chosen", range(6))
def test_the_line_that_feeds_an_answer_back_begins_beside_the_answers(canvas: UnrolledCanvas, chosen: int) -> None:
    canvas.setStyleSheet(STILL)
    diagram = untrained(engine.ModelConfig(architecture="one-to-many"))
    answers = ["a", "n", "h", "i", "n", "</s>"]
    columns = tuple(replace(diagram.columns[0], step=i + 1, above=text) for i, text in enumerate(answers))
    rows = tuple(replace(row, steps=len(answers)) for row in diagram.rows)
    canvas.show_diagram(replace(diagram, columns=columns, rows=rows), LIGHT)
    canvas.fold(True)
    canvas.select((0, chosen))
    drawn = paths_of(canvas)
    height = canvas.placed().answer(chosen).center().y()
    line, begin = max(zip(drawn.reach, drawn.begins, strict=True), key=lambda path: path[0].height())
    assert begin.y() == line.top() == pytest.approx(height)
    behind = max(box.right() for text, box in drawn.texts if box.top() < height < box.bottom() and text in answers)
    assert behind < begin.x() < min(behind + 8, line.right() - 8)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("options", [{}, {"bidirectional": True}, {"num_layers": 2}], ids=["one", "both", "two"])
def test_the_loop_marks_dropout_where_the_steps_side_by_side_do_and_never_on_a_loop(
    canvas: UnrolledCanvas, shape: str, options: dict[str, Any]
) -> None:
    canvas.setStyleSheet(STILL)
    config = engine.ModelConfig(architecture=shape, dropout=0.4, embedding_size=8, **options)
    canvas.show_diagram(untrained(config), LIGHT)
    diagram, apart = canvas.diagram, paths_of(canvas)
    staying = staying_columns(diagram, None)
    there = [canvas.placed().column_x(column) for column in staying.values()]
    answer = [ring for ring in apart.rings if diagram.answers_once and ring.x() > canvas.placed().cells_right]
    count = sum(abs(ring.x() - x) < 1 for ring in apart.rings for x in there) + len(answer)
    canvas.fold(True)
    drawn = paths_of(canvas)
    assert len(drawn.rings) == count > 0
    written = [text for text, _ in drawn.texts]
    assert written.count("dropout 0.4") == written.count("embed 8") == len(staying)
    if diagram.remembers:
        loops = [box for box in drawn.reach if box.width() > FOLDED_CELL and box.height() < FOLDED_CELL]
        assert loops
        near = [(ring.y(), box) for box in loops for ring in drawn.rings if box.left() < ring.x() < box.right()]
        assert all(min(abs(y - box.top()), abs(y - box.bottom())) > DROP_RADIUS for y, box in near)


def test_of_two_directions_the_lower_loop_goes_below_and_the_upper_one_above(canvas: UnrolledCanvas) -> None:
    canvas.setStyleSheet(STILL)
    config = engine.ModelConfig(architecture="many-to-many", bidirectional=True, hidden_size=8)
    canvas.show_diagram(untrained(config, 4), LIGHT)
    canvas.fold(True)
    image = QImage(canvas.whole_size(), QImage.Format.Format_RGB32)
    painter = Paths(image)
    canvas.whole_painter()(painter, lambda share: None)
    painter.end()
    upper, lower = sorted((each for each in painter.reach if each.width() > FOLDED_CELL), key=QRectF.top)
    assert upper.height() == pytest.approx(lower.height()), "half a cell, and as far beyond it"
    assert lower.top() - upper.bottom() > 1.5 * upper.height(), "nothing goes around between the cells"


def test_nothing_to_fold_is_no_trouble(canvas: UnrolledCanvas) -> None:
    canvas.setStyleSheet(STILL)
    canvas.show_diagram(Diagram(), LIGHT)
    canvas.fold(True)
    assert canvas.share == 0.0
    assert not canvas.grab().isNull()
    assert canvas.pointer.tip_at(canvas.picture_point(QPoint(10, 10).toPointF())) == ""


def notes_beside(canvas: UnrolledCanvas, diagram: Diagram, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is written beside the cells of the loop."""
    written: list[str] = []
    write = LoopPainter.note

    def recording(self: LoopPainter, painter: QPainter, column: int, y: float, lines: Any, left: bool) -> None:
        written.extend(text for text, _ in lines)
        write(self, painter, column, y, lines, left)

    monkeypatch.setattr(LoopPainter, "note", recording)
    canvas.setStyleSheet(STILL)
    canvas.show_diagram(diagram, LIGHT)
    canvas.fold(True)
    canvas.grab()
    return written


@pytest.mark.parametrize("right_symbols", [False, True])
@pytest.mark.parametrize("width", [WIDE, NARROW], ids=["wide", "narrow"])
@pytest.mark.parametrize("tied", [False, True], ids=["own", "tied"])
@pytest.mark.parametrize("shape", SHAPES)
def test_what_is_written_beside_the_cells_has_room(
    canvas: UnrolledCanvas, shape: str, tied: bool, width: int, right_symbols: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    canvas.resize(width, 260)
    diagram = replace(untrained(engine.ModelConfig(architecture=shape)), tied=tied)
    if right_symbols:
        diagram = replace(diagram, columns=tuple(replace(column, fed_back=False) for column in diagram.columns))
    written = notes_beside(canvas, diagram, monkeypatch)
    font = canvas.font()
    font.setPixelSize(11)
    assert written
    fold = canvas.placed().fold
    assert fold is not None
    assert all(QFontMetricsF(font).horizontalAdvance(text) <= fold.spacing.note for text in written), written


@pytest.mark.parametrize("shape", ["one-to-many", "encoder-decoder"])
@pytest.mark.parametrize("differs_at", [None, 2])
def test_the_loop_says_whether_answers_or_the_right_symbols_are_read(
    canvas: UnrolledCanvas, shape: str, differs_at: int | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    diagram = untrained(engine.ModelConfig(architecture=shape))
    part = diagram.columns[-1].part
    own = [i for i, column in enumerate(diagram.columns) if column.part == part]
    columns = [replace(column, fed_back=i in own[1:]) for i, column in enumerate(diagram.columns)]
    if differs_at is not None:
        columns[own[differs_at]] = replace(columns[own[differs_at]], fed_back=False)
    written = notes_beside(canvas, replace(diagram, columns=tuple(columns)), monkeypatch)
    assert ("each answer is read next" in written) is (differs_at is None)
    assert ("the right symbol is read;" in written) is (differs_at is not None)
