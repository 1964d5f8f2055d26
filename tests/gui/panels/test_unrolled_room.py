"""The room of the view of the unrolled network: it goes to the network, and stands still."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from html import unescape
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QTextCharFormat, QTextDocument
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

import engine
from engine.cells import CELLS
from gui.panels.compare.compare_panel import ComparePanel
from gui.panels.unrolled.cell_line import CellLine
from gui.panels.unrolled.unrolled_panel import INVITATION
from gui.theme import LIGHT
from gui.unrolled_view.canvas import UnrolledCanvas
from gui.unrolled_view.diagram import Outcomes
from gui.unrolled_view.diagram_builder import untrained
from gui.unrolled_view.equation import broken_at_signs
from gui.unrolled_view.picture_scale import CLOSE_UNTIL, LEAST_SHRINK, SCROLLED_FROM
from gui.widgets.symbols import visible_symbol
from tests.gui.conftest import Person
from tests.gui.panels.open_views import choose, open_view, settle
from tests.gui.panels.test_unrolled import panel_of
from tests.gui.unrolled_view.test_canvas import long_diagram
from tests.gui.written import texts_in

pytestmark = pytest.mark.one_window


def test_a_high_place_gives_its_room_to_nothing_but_the_network(person: Person) -> None:
    panel = panel_of(person)
    person.wait_until(lambda: panel.looked is not None)
    person.window.docking.fill("unrolled")
    person.wait_until(lambda: panel.height() > 600)
    assert panel.cell_line.height() <= panel.height() / 5
    assert panel.cell_line.y() - panel.canvas.geometry().bottom() < 20


@pytest.mark.parametrize(
    ("sample", "read", "options"),
    [
        ("french", ["i", "am", "going", "to", "the", "station"], {}),
        ("addition", list("88+9912"), {"bidirectional": True, "attention": True}),
    ],
)
def test_an_enlarged_encoder_and_decoder_use_the_height(
    person: Person, sample: str, read: list[str], options: dict[str, bool]
) -> None:
    panel, canvas = panel_of(person), panel_of(person).canvas
    person.resize(1440, 900)
    person.choose_sample(sample)
    person.session.set_model(cell="gru", **options)
    person.wait_ready()
    person.session.probe.set((" " if sample == "french" else "").join(read))
    person.wait_until(lambda: [c.below for c in canvas.diagram.columns][: len(read)] == read)
    person.window.docking.fill("unrolled")
    person.wait_until(lambda: panel.height() > 600)
    settle(person)
    assert canvas.placed().height * canvas.scale > 0.78 * canvas.height()
    assert canvas.verticalScrollBar().maximum() == 0


def test_nothing_moves_when_a_cell_is_chosen(person: Person) -> None:
    panel = panel_of(person)
    loss = person.window.panels["loss"]
    person.wait_until(lambda: panel.looked is not None)
    before = panel.cell_line.height(), loss.mapTo(person.window, QPoint(0, 0)), loss.size()
    panel.canvas.select((0, 2))
    person.wait_until(panel.cell_line.unit.isVisible)
    person.window.grab()  # with everything in its place
    assert (panel.cell_line.height(), loss.mapTo(person.window, QPoint(0, 0)), loss.size()) == before


def test_the_head_has_no_empty_line_where_the_network_is_one_of_several_tabs(person: Person) -> None:
    person.window.resize(1100, 700)
    panel = panel_of(person)
    open_view(person, "compare", ComparePanel)
    person.window.docking.show_view("unrolled")
    settle(person)
    assert panel.title.isHidden()
    play, field, another = person.find(QWidget, "play"), person.find(QWidget, "probe"), panel.probe_bar.example
    first = panel.help_button.mapTo(panel, panel.help_button.rect().center()).y()
    assert abs(play.geometry().center().y() - first) <= 1
    assert panel.form.geometry().center().y() == play.geometry().center().y() < field.y()
    assert another.geometry().center().y() == pytest.approx(field.geometry().center().y(), abs=1)
    assert field.width() > panel.width() / 2, "a text has a line of its own"


def test_the_invitation_has_the_room_of_what_is_not_there_yet(person: Person) -> None:
    panel = panel_of(person)
    person.wait_until(lambda: panel.looked is not None)
    person.window.resize(1100, 700)
    person.window.grab()
    gap = panel.cell_line.more.x() - panel.cell_line.text.geometry().right()
    assert gap < 20


def test_the_button_that_leads_to_the_end_keeps_clear_of_the_picture(person: Person) -> None:
    canvas = panel_of(person).canvas
    person.window.resize(960, 600)
    person.wait_until(canvas.to_end.isVisible)
    person.wait_until(lambda: canvas.to_end.geometry().bottom() < canvas.viewport().y() - 1)


def test_an_only_answer_stays_in_sight_when_the_window_gets_narrow(qtbot: QtBot) -> None:
    canvas = UnrolledCanvas(LIGHT)
    qtbot.addWidget(canvas)
    canvas.resize(900, 260)
    canvas.show()
    for shape, at_end in (("many-to-one", True), ("many-to-many", False)):
        canvas.resize(900, 260)
        canvas.show_diagram(replace(long_diagram(12), shape=shape), LIGHT)
        canvas.resize(400, 260)
        bar = canvas.horizontalScrollBar()
        assert bar.maximum() > 0
        assert (bar.value() == bar.maximum()) is at_end


@pytest.mark.sample("reviews")
@pytest.mark.parametrize(("width", "cells"), [(960, 3), (1100, 5)])
def test_a_narrow_window_shows_several_cells_beside_the_answer(person: Person, width: int, cells: int) -> None:
    person.session.probe.set("he started well and never lost his nerve")
    person.resize(width, 600)
    panel = panel_of(person)
    person.wait_until(lambda: panel.looked is not None and panel.looked.tokens[-1] == "nerve")
    settle(person)
    canvas = panel.canvas
    placed, last = canvas.placed(), len(canvas.diagram.columns) - 1
    right = canvas.picture_point(QPointF(canvas.viewport().width(), 0)).x()
    assert placed.output(last).right() <= right
    left = canvas.picture_point(QPointF(0, 0)).x()
    seen = [
        i
        for i in range(last + 1)
        if placed.cell(i, 0).left() >= left and placed.cell(i, 0).right() < placed.answer_left
    ]
    assert len(seen) >= cells
    assert not placed.softmax(last).intersects(placed.output(last))
    assert canvas.scale >= LEAST_SHRINK


def test_a_long_equation_does_not_keep_the_view_wide_when_the_window_gets_narrow(qtbot: QtBot) -> None:
    line = CellLine()
    qtbot.addWidget(line)
    line.resize(1200, 50)
    line.show()
    line.say("h₄ = tanh(W x₄ + U h₃ + b) = tanh(−3.94) = −1.00".replace(" ", "\u00a0"))
    assert line.minimumSizeHint().width() < 250


def test_an_enlarged_network_is_drawn_larger_and_escape_leaves_everything_as_it_was(person: Person) -> None:
    canvas = panel_of(person).canvas
    person.window.resize(1440, 900)
    person.wait_until(lambda: panel_of(person).looked is not None and not person.session.busy)
    person.window.grab()
    before = canvas.scale, canvas.size(), canvas.origin()
    assert before[0] == 1.0
    person.window.docking.enlarge("unrolled")
    person.window.grab()
    assert canvas.scale >= 1.4
    assert canvas.horizontalScrollBar().maximum() == 0  # the whole name is in sight
    person.press(Qt.Key.Key_Escape)
    person.wait_until(lambda: (canvas.scale, canvas.size(), canvas.origin()) == before)


@pytest.mark.parametrize("size", [(1440, 900), (1100, 700)])
def test_all_of_a_network_is_still_shown_where_its_place_becomes_larger_and_smaller_again(
    person: Person, size: tuple[int, int]
) -> None:
    canvas = panel_of(person).canvas
    person.window.resize(*size)
    person.session.probe.set("abcdefghijklmnopq" * 3)
    settle(person)
    assert canvas.horizontalScrollBar().maximum() > 0
    choose(person, "unrolled", "View all")
    settle(person)
    small, height = canvas.scale, canvas.height()
    person.window.docking.enlarge("unrolled")
    person.window.resize(1800, 1000)
    person.wait_until(lambda: canvas.height() > 1.2 * height)
    settle(person)
    assert canvas.horizontalScrollBar().maximum() == 0
    large = canvas.scale
    choose(person, "unrolled", "View all")
    settle(person)
    assert canvas.scale == pytest.approx(large), "it was so already"
    person.press(Qt.Key.Key_Escape)
    person.window.resize(*size)
    person.wait_until(lambda: canvas.height() < 1.2 * height)
    settle(person)
    assert canvas.horizontalScrollBar().maximum() == 0
    assert canvas.scale == pytest.approx(small)
    choose(person, "unrolled", "Reset zoom")
    person.wait_until(lambda: canvas.horizontalScrollBar().maximum() > 0)


def test_one_escape_leaves_an_enlarged_network_in_which_a_cell_is_selected(person: Person) -> None:
    canvas = panel_of(person).canvas
    person.wait_until(lambda: panel_of(person).looked is not None and not person.session.busy)
    person.window.docking.enlarge("unrolled")
    settle(person)
    middle = canvas.placed().cell(1, 0).center() * canvas.scale + canvas.origin()
    person.qtbot.mouseClick(canvas.viewport(), Qt.MouseButton.LeftButton, pos=middle.toPoint())
    assert canvas.selected == (0, 1)
    canvas.setFocus()
    person.qtbot.keyClick(canvas, Qt.Key.Key_Escape)
    assert person.window.docking.filled == ""
    assert canvas.selected == (0, 1)
    person.qtbot.keyClick(canvas, Qt.Key.Key_Escape)
    assert canvas.selected is None


@pytest.mark.parametrize("sample", ["names", "ratings"])
def test_an_enlarged_network_in_a_narrow_window_gets_higher_cells(person: Person, sample: str) -> None:
    canvas = panel_of(person).canvas
    person.resize(1100, 700)
    person.wait_until(lambda: panel_of(person).looked is not None and not person.session.busy)
    person.window.grab()
    before, height = canvas.size(), canvas.placed().cell(0, 0).height() * canvas.scale
    person.window.docking.enlarge("unrolled")
    person.window.grab()
    assert canvas.placed().cell(0, 0).height() * canvas.scale > 1.6 * height
    picture = canvas.placed().height * canvas.scale
    assert before.height() < picture <= canvas.viewport().height()
    canvas.zoom.set(1.1)
    assert canvas.placed().cell(0, 0).height() * canvas.scale > 1.7 * height  # zooming does not flatten them
    canvas.zoom.set(1.0)
    canvas.folding.set_share(1.0)
    assert canvas.placed().height * canvas.scale <= canvas.viewport().height()


def test_the_network_is_drawn_larger_on_a_larger_screen(person: Person) -> None:
    canvas = panel_of(person).canvas
    person.press(Qt.Key.Key_F11)
    person.wait_until(lambda: panel_of(person).looked is not None and canvas.scale > 1.1)
    person.window.docking.enlarge("unrolled")
    person.wait_until(lambda: canvas.scale > 1.6)
    person.press(Qt.Key.Key_Escape)
    person.press(Qt.Key.Key_Escape)
    person.wait_until(lambda: canvas.scale == 1.0)


@pytest.mark.parametrize(("width", "height"), [(1900, 1160), (3180, 1880)])
def test_a_short_text_uses_the_whole_width_of_a_projector(qtbot: QtBot, width: int, height: int) -> None:
    canvas = UnrolledCanvas(LIGHT)
    qtbot.addWidget(canvas)
    canvas.resize(width, height)
    canvas.show()
    canvas.show_diagram(long_diagram(7), LIGHT)
    assert 0.95 * width < canvas.placed().width * canvas.scale <= width
    assert canvas.placed().height * canvas.scale <= height


def test_a_picture_that_is_more_than_twice_its_size_has_room_for_its_words(qtbot: QtBot) -> None:
    canvas = UnrolledCanvas(LIGHT)
    qtbot.addWidget(canvas)
    canvas.resize(1900, 1160)
    canvas.show()
    scales = []
    for word in ("a", "Microsoft"):
        diagram = long_diagram(7)
        columns = tuple(replace(column, below=word, above="O") for column in diagram.columns)
        possible = Outcomes(("O", "B-PER"), np.full((7, 2), 0.5), tuple(range(7)))
        canvas.show_diagram(replace(diagram, columns=columns, outcomes=possible), LIGHT)
        scales.append(canvas.scale)
        others = tuple(replace(column, above="B-PER") for column in columns)
        canvas.show_diagram(replace(diagram, columns=others, outcomes=possible), LIGHT)
        assert canvas.scale == scales[-1], "it stands still while the answers change"
        font = QFont(canvas.font())
        font.setPixelSize(15)
        font.setBold(True)
        assert QFontMetricsF(font).horizontalAdvance(word) < canvas.placed().slot_width
    assert scales[0] > scales[1] > 2


@pytest.mark.parametrize("width", [330, 440, 786, 1300])
@pytest.mark.parametrize("height", [200, 280, 430, 700])
@pytest.mark.parametrize("steps", [1, 4, 7, 12, 40])
@pytest.mark.parametrize("shape", ["many-to-one", "many-to-many"])
def test_a_picture_that_grows_stays_in_its_place(qtbot: QtBot, width: int, height: int, steps: int, shape: str) -> None:
    canvas = UnrolledCanvas(LIGHT)
    qtbot.addWidget(canvas)
    canvas.resize(width, height)
    canvas.show()
    canvas.show_diagram(replace(long_diagram(steps), shape=shape), LIGHT)
    if canvas.scale > 1.0:
        assert canvas.verticalScrollBar().maximum() == 0
        top = canvas.origin().y()
        assert 0 <= 2 * top <= canvas.viewport().height() - canvas.placed().height * canvas.scale
        assert canvas.horizontalScrollBar().maximum() == 0 or canvas.scale >= SCROLLED_FROM
    zoom = canvas.scale
    canvas.zoom.to_all()
    assert canvas.scale <= zoom
    canvas.zoom.set(1.15)
    assert canvas.scale > zoom


def steps_in_sight(canvas: UnrolledCanvas) -> int:
    """How many cells of the lowest row are visible from edge to edge."""
    left, right = (canvas.picture_point(QPointF(x, 0)).x() for x in (0, canvas.viewport().width()))
    cells = (canvas.placed().cell(i, 0) for i in range(len(canvas.diagram.columns)))
    return sum(left <= cell.left() and cell.right() <= right for cell in cells)


@pytest.mark.parametrize("sample", ["dates", "part-of-speech", "reviews", "french"])
def test_an_enlarged_network_shows_no_fewer_steps(person: Person, sample: str) -> None:
    if sample == "reviews":
        person.session.probe.set("he started well and never lost his nerve although the film was much too long for me")
    panel, canvas = panel_of(person), panel_of(person).canvas
    for size in ((1440, 900), (1100, 700), (960, 600)):
        person.resize(*size)
        person.wait_until(lambda: panel.looked is not None)
        settle(person)
        before, scale = steps_in_sight(canvas), canvas.scale
        person.window.docking.enlarge("unrolled")
        settle(person)
        assert steps_in_sight(canvas) >= before, size
        assert canvas.scale >= scale, size
        if size == (1440, 900):
            assert canvas.scale >= (1.1 if sample == "part-of-speech" else 1.2), "and each is drawn larger"
        person.press(Qt.Key.Key_Escape)
    settle(person)
    person.wait_until(lambda: (steps_in_sight(canvas), canvas.scale) == (before, scale))


@pytest.mark.parametrize("sample", ["part-of-speech", "entities", "names"])
def test_no_name_is_cut_in_an_enlarged_network(person: Person, sample: str, tmp_path: Path) -> None:
    person.resize(1440, 900)
    panel, canvas = panel_of(person), panel_of(person).canvas
    person.wait_until(lambda: panel.looked is not None)
    settle(person)
    usual = canvas.placed().slot_width * canvas.scale
    person.window.docking.enlarge("unrolled")
    settle(person)
    outcomes, written = canvas.diagram.outcomes, list(map(unescape, texts_in(canvas.viewport(), tmp_path)))
    assert outcomes is not None
    assert canvas.scale > 1.1
    assert not [text for text in written if "…" in text]
    bars = canvas.placed().lines
    assert bars >= 5
    names = [name for column in outcomes.columns for name, _ in outcomes.top(column, bars)]
    assert not Counter(map(visible_symbol, names)) - Counter(written), "each stands on its bar"
    assert canvas.placed().slot_width * canvas.scale > 0.9 * usual, "letters beside the columns take the rest"


def test_a_text_that_fits_at_natural_size_is_not_scrolled_for_a_larger_picture(qtbot: QtBot) -> None:
    canvas = UnrolledCanvas(LIGHT)
    qtbot.addWidget(canvas)
    canvas.show()
    canvas.show_diagram(long_diagram(18), LIGHT)
    for height in range(260, 620, 20):
        canvas.resize(786, height)
        assert canvas.horizontalScrollBar().maximum() == 0
        assert canvas.scale <= CLOSE_UNTIL


def test_the_loop_is_drawn_as_large_as_it_fits(qtbot: QtBot) -> None:
    canvas = UnrolledCanvas(LIGHT)
    qtbot.addWidget(canvas)
    canvas.resize(786, 700)
    canvas.show()
    for shape in ("many-to-many", "encoder-decoder"):
        canvas.show_diagram(untrained(engine.ModelConfig(shape, hidden_size=8), 8), LIGHT)
        canvas.folding.set_share(1.0)
        assert canvas.scale > 1.0
        assert canvas.horizontalScrollBar().maximum() == 0
        canvas.folding.set_share(0.0)


@pytest.mark.parametrize("sample", ["reviews", "ratings"])
def test_the_loop_of_a_network_that_answers_once_is_whole_in_a_narrow_window(person: Person, sample: str) -> None:
    panel = panel_of(person)
    person.resize(1100, 700)
    person.wait_until(lambda: panel.looked is not None and not person.session.busy)
    person.window.grab()
    panel.canvas.folding.set_share(1.0)
    assert panel.canvas.horizontalScrollBar().maximum() == 0


@pytest.mark.parametrize("sample", ["reviews", "ratings", "order"])
def test_in_the_smallest_window_the_loop_is_in_sight_beside_the_only_answer(person: Person, sample: str) -> None:
    panel, canvas = panel_of(person), panel_of(person).canvas
    person.resize(960, 600)
    person.wait_until(lambda: panel.looked is not None and not person.session.busy)
    settle(person)
    person.click("unrolled-form-loop")
    person.wait_until(lambda: canvas.share == 1.0)
    settle(person)

    def sights() -> tuple[QRectF, QRectF]:
        """Where the cell and the answer are in what is seen."""
        layout = canvas.placed()
        boxes = layout.cell(len(canvas.diagram.columns) - 1, 0), layout.output(0)
        cell, answer = (QRectF(box.topLeft() * canvas.scale, box.size() * canvas.scale) for box in boxes)
        return cell.translated(canvas.origin()), answer.translated(canvas.origin())

    view, bar = QRectF(canvas.viewport().rect()), canvas.horizontalScrollBar()
    cell, answer = sights()
    assert bar.value() == 0 < bar.maximum()
    assert view.contains(cell)
    assert 0 <= answer.left() - cell.right() - 30 < answer.right() - cell.right() <= view.right() - cell.right()
    bar.setValue(bar.maximum())
    assert sights()[1].right() <= view.right()


@pytest.mark.parametrize("cell", CELLS)
def test_an_enlarged_network_has_the_equations_of_all_gates_with_their_letters_and_numbers(
    person: Person, cell: str
) -> None:
    panel, line = panel_of(person), panel_of(person).cell_line
    person.window.resize(1440, 900)
    person.session.set_model(cell=cell)
    person.wait_ready()
    person.wait_until(lambda: panel.looked is not None and panel.canvas.diagram.cell == CELLS[cell].title)
    panel.canvas.select((0, 2))
    person.window.docking.enlarge("unrolled")
    named = [letters.text.partition(" = ")[0].replace("_t", "₃") for letters in CELLS[cell].equations]
    person.wait_until(lambda: len(equations_in(line)) >= len(named))
    written = equations_in(line)
    assert [text.partition(" = ")[0] for text in written if not text.startswith("before: ")] == named
    for text in written[: len(named)]:
        letters, numbers, result = re.split(" [=≈] ", text)[1:]
        assert "W" in letters or "⊙" in letters
        assert re.search(r"\d\.\d\d|≤ 0", numbers)
        assert re.fullmatch(r"−?\d\.\d\d", result)
    person.window.grab()
    assert line.text.heightForWidth(line.text.width()) <= line.text.height() + 1


def equations_in(line: CellLine) -> list[str]:
    """The equations of the line, each in one piece."""
    return re.sub(r"\n +(?=[=≈])", " ", said(line)).splitlines()


def test_an_equation_wider_than_its_line_goes_on_below_with_its_numbers_and_their_result_together() -> None:
    text = "r = σ(W x) = σ(1.00) ≈ 0.73\nh₂ = (1 − z) ⊙ n + z ⊙ h₁ = (1 − 0.45)·0.05 + 0.45·0.18 = 0.11  reset r = 0.62"
    hard = re.sub(r"(?<! ) (?! )", "\u00a0", text)

    def lines(width: int) -> list[str]:
        broken = broken_at_signs(hard, lambda line: len(line) <= width).replace("\u00a0", " ")
        return broken.splitlines()

    assert lines(100) == text.splitlines()
    rest = "    = (1 − 0.45)·0.05 + 0.45·0.18 = 0.11  reset r = 0.62"
    assert lines(40) == ["r = σ(W x) = σ(1.00) ≈ 0.73", "h₂ = (1 − z) ⊙ n + z ⊙ h₁", rest]
    assert lines(33)[1:] == [
        "h₂ = (1 − z) ⊙ n + z ⊙ h₁",
        "    = (1 − 0.45)·0.05 + 0.45·0.18",
        "    = 0.11  reset r = 0.62",
    ]


def test_an_enlarged_network_without_a_chosen_cell_has_the_equations_of_all_where_those_of_one_will_be(
    person: Person,
) -> None:
    panel, line = panel_of(person), panel_of(person).cell_line
    person.wait_until(lambda: panel.looked is not None)
    assert line.text.text() == INVITATION
    person.window.docking.enlarge("unrolled")
    person.wait_until(lambda: "h₃" not in line.text.text() and "hₜ = o ⊙ tanh(cₜ)" in said(line))
    assert said(line).startswith(INVITATION)
    assert all(f"{gate}(W" in said(line) for gate in ("σ", "tanh"))
    assert subscripts_in(line.text.text()) == list("iiifffgggooo")
    assert "bi)    f = σ" in said(line) or "bi)\nf = σ" in said(line), "equations are plainly apart"
    person.window.grab()
    assert line.text.heightForWidth(line.text.width()) <= line.text.height() + 1
    height = line.height()
    panel.canvas.select((0, 2))
    assert "σ(Wi x₃ + Ui h₂ + bi)" in said(line)
    for text in (line.text.text(), line.text.toolTip()):
        assert subscripts_in(text) == list("iiifffgggooo")
    person.window.grab()
    assert line.text.heightForWidth(line.text.width()) <= line.text.height() + 1
    assert line.height() == height, "nothing moves"
    person.press(Qt.Key.Key_Escape)


def said(line: CellLine) -> str:
    """The words of the line, without their format."""
    text = line.text.text()
    if line.text.textFormat() is Qt.TextFormat.RichText:
        words = QTextDocument()
        words.setHtml(text)
        text = words.toPlainText()
    return text.replace("\u00a0", " ")


def subscripts_in(rich: str) -> list[str]:
    """What is written as a subscript in rich text, in which nothing has an underscore."""
    words = QTextDocument()
    words.setHtml(rich)
    assert "_" not in words.toPlainText()
    found, block = [], words.begin()
    while block.isValid():
        part = block.begin()
        while not part.atEnd():
            low = QTextCharFormat.VerticalAlignment.AlignSubScript
            if part.fragment().charFormat().verticalAlignment() is low:
                found.append(part.fragment().text())
            part += 1
        block = block.next()
    return found


def test_the_smallest_window_has_the_results_of_a_cell(person: Person) -> None:
    panel, label = panel_of(person), panel_of(person).cell_line.text
    person.window.resize(960, 540)
    person.wait_until(lambda: panel.looked is not None)
    panel.canvas.select((0, 2))
    person.wait_until(lambda: label.text().count("=") >= 2)
    person.window.grab()
    words = max(label.fontMetrics().horizontalAdvance(line) for line in label.text().split("  "))
    assert words <= label.width()
    assert label.heightForWidth(label.width()) <= label.height() + 1
