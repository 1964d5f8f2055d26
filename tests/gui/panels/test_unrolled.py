"""The picture of the unrolled network: its shape at once, real states, cells that open, any length."""

from __future__ import annotations

import math
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPointF, QRect, QSize, Qt
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

import engine
from engine.cells import CELLS
from engine.data.numbers.recording import Recording
from engine.data.vocabulary import END
from engine.inspection.text_search import is_example, truth_of
from gui.panels.gradient import GradientPanel
from gui.panels.hidden_state import HiddenStatePanel
from gui.panels.inside.inside_panel import InsidePanel
from gui.panels.trajectory import TrajectoryPanel
from gui.panels.unrolled.cell_line import CellLine
from gui.panels.unrolled.unrolled_panel import UnrolledPanel
from gui.session.current_run import RunStatus
from gui.session.probe import KnownAnswer, Selection
from gui.session.questions import Question
from gui.theme import Theme
from gui.unrolled_view.descriptions import tip_of
from gui.unrolled_view.diagram import Diagram
from gui.unrolled_view.diagram_builder import from_trace
from gui.unrolled_view.equation import equation
from tests.gui.conftest import Person
from tests.gui.panels.open_views import choose, open_view, settle
from tests.gui.written import texts_in

pytestmark = pytest.mark.one_window


def panel_of(person: Person) -> UnrolledPanel:
    panel = person.window.panels["unrolled"]
    assert isinstance(panel, UnrolledPanel)
    return panel


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


def test_the_states_of_a_new_network_are_drawn_once_with_the_right_answer(
    person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    panel, drawn = panel_of(person), list[bool]()
    settle(person)
    show = panel.canvas.show_diagram

    def noted(diagram: Diagram, theme: Theme) -> None:
        drawn.append(diagram.rows[0].states is not None)
        show(diagram, theme)

    monkeypatch.setattr(panel.canvas, "show_diagram", noted)
    person.choose_sample("reviews")
    person.wait_until(lambda: drawn[-1:] == [True])
    settle(person)
    assert drawn == [False, True]


def test_the_picture_and_the_answers_say_of_which_training_step_they_are(person: Person) -> None:
    canvas, session = panel_of(person).canvas, person.session
    answers = person.window.panels["try_it"].subtitle

    def said() -> tuple[str, str]:
        tip = canvas.pointer.tip_at(QPointF(canvas.placed().column_x(1), 50))
        return tip.splitlines()[-1], answers.accessibleDescription()

    person.wait_until(lambda: said() == ("computed with untrained weights", "Answered with untrained weights"))
    session.run.train()
    person.wait_steps(20)
    session.run.pause()
    person.wait_until(lambda: session.run.status is RunStatus.PAUSED)

    def expected() -> str:  # the last steps are told after the pause
        return f"with the weights of training step {session.run.progress.step:,}"

    person.wait_until(lambda: said() == (f"computed {expected()}", f"Answered {expected()}"))
    person.click("play")
    person.wait_until(lambda: canvas.playing is not None)
    assert said()[0] == f"computed {expected()}"


def test_other_colours_do_not_wait_for_an_answer(person: Person) -> None:
    panel = panel_of(person)
    person.wait_until(lambda: panel.looked is not None)
    looked, drawn = panel.looked, panel.canvas.grab().toImage()
    person.click("theme")
    person.wait_until(lambda: panel.canvas.grab().toImage() != drawn)
    assert panel.looked is looked


def test_a_clicked_cell_tells_its_equation_with_real_numbers(person: Person) -> None:
    panel = panel_of(person)
    person.wait_until(lambda: panel.looked is not None)
    canvas = panel.canvas
    center = canvas.placed().cell(1, 0).center() * canvas.scale + canvas.origin()
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


def test_other_data_begin_with_no_cell_selected_and_at_the_first_step(person: Person) -> None:
    panel = panel_of(person)
    canvas, bar, probe = panel.canvas, panel.canvas.horizontalScrollBar(), person.session.probe
    person.window.resize(1100, 700)
    person.choose_sample("dates")
    person.wait_until(lambda: panel.looked is not None)
    settle(person)
    choose(person, "unrolled", "Zoom in")
    canvas.setFocus()
    for _ in range(6):
        person.qtbot.keyClick(canvas, Qt.Key.Key_Right)
    bar.setValue(bar.maximum() // 2)
    assert probe.selection is not None
    assert probe.unit is not None
    person.choose_sample("french")
    person.wait_until(lambda: panel.looked is not None)
    settle(person)
    assert (probe.selection, probe.unit, canvas.selected) == (None, None, None)
    assert (canvas.zoom.value, bar.value()) == (1.0, 0)
    assert panel.cell_line.title.text() == "Inside"


@pytest.mark.sample("dates")
def test_the_choice_of_a_layer_follows_its_name_and_not_its_place(person: Person) -> None:
    states = open_view(person, "hidden_state", HiddenStatePanel)
    trajectory = open_view(person, "trajectory", TrajectoryPanel)
    person.wait_until(lambda: trajectory.layer.count() == 2)
    person.choose("trajectory-layer", "decoder")
    person.wait_until(lambda: trajectory.layer.currentText() == "decoder")
    open_view(person, "hidden_state", HiddenStatePanel)
    person.wait_until(lambda: states.what.count() > 2)
    person.choose("hidden-state-what", "decoder:forget gate")
    settle(person)
    person.choose_sample("names")
    person.session.set_model(num_layers=2)
    person.wait_ready()
    settle(person)
    person.wait_until(lambda: states.what.currentText() == "layer 1 · forget gate")
    open_view(person, "trajectory", TrajectoryPanel)
    person.wait_until(lambda: trajectory.layer.currentText() == "layer 1")


@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize("shape", ["one-to-many", "one-to-one"])
def test_the_numbers_of_the_equation_are_right(cell: str, shape: str) -> None:
    dataset = engine.make_dataset(["abcab", "bcabc"] * 8, "sequences", unit="character")
    config = engine.ModelConfig(architecture=shape, cell=cell, hidden_size=5)
    model = engine.build_model(config, dataset, seed=3)
    model.parameters.flat *= 4
    layer = engine.trace(model, "abca").layers[0]
    for step in range(4):
        text = equation(layer, step, 2)
        numbers = text.replace("−", "-").replace("\u00a0", " ")
        h = float(layer.states[step, 2])
        assert f"= {h:.2f}".replace("-0.00", "0.00") in numbers.replace("≈", "=")
        remembered = step and shape != "one-to-one"  # which starts each step from zeros
        named = set(re.findall("[hc][₀-₉]", text)) - {f"{name}{'₁₂₃₄'[step]}" for name in layer.by_state}
        assert {name[1] for name in named} == {"₀₁₂₃"[step if remembered else 0]}
        before = float(layer.states[step - 1, 2]) if remembered else 0.0
        if len(layer.by_state) == 1:
            assert f"{before:.2f}".lstrip("-") in numbers
        for values in layer.gates.values():
            assert f"{values[step, 2]:.2f}".lstrip("-") in numbers
        for line in text.split("  ")[: len(layer.by_state)]:  # what stands before the last sign is what follows it
            equation_text, sign, value = re.split(" ([=≈]) (?=[^=≈]*$)", line.replace("\u00a0", " ").replace("−", "-"))
            expression = equation_text.split(" = ")[-1].replace("·", "*")
            if "≤" not in expression:
                computed = eval(expression, {"tanh": math.tanh, "relu": lambda inside: max(0.0, inside)})
                assert computed == pytest.approx(float(value), abs=0.03)
                assert (round(computed, 2) == float(value)) == (sign == "="), line


def test_the_equation_of_a_cell_is_written_as_by_hand() -> None:
    number = r"(?:\d+\.\d\d|\(−\d+\.\d\d\))"
    bare, last = r"−?\d+\.\d\d", "[=≈]"
    patterns = {
        "rnn": rf"h₃ = tanh\(W x₃ \+ U h₂ \+ b\) = tanh\({bare}\) {last} {bare}  before: h₂ = {bare}",
        "lstm": rf"c₃ = f ⊙ c₂ \+ i ⊙ g = {number}·{number} \+ {number}·{number} {last} {bare}  "
        rf"h₃ = o ⊙ tanh\(c₃\) = {number}·tanh\({bare}\) {last} {bare}",
        "gru": rf"h₃ = \(1 − z\) ⊙ n \+ z ⊙ h₂ = \(1 − {number}\)·{number} \+ {number}·{number} {last} {bare}  "
        rf"reset r = {number}",
        "irnn": rf"h₃ = relu\(W x₃ \+ U h₂ \+ b\) = relu\((?:{bare}|≤ 0)\) {last} {bare}  before: h₂ = {bare}",
        "mgu": rf"h₃ = \(1 − f\) ⊙ h₂ \+ f ⊙ n = \(1 − {number}\)·{number} \+ {number}·{number} {last} {bare}",
    }
    dataset = engine.make_dataset(["abcab", "bcabc"] * 8, "sequences", unit="character")
    written = {}
    for cell in patterns:
        model = engine.build_model(engine.ModelConfig(cell=cell, hidden_size=5), dataset, seed=3)
        model.parameters.flat *= 4
        written[cell] = equation(engine.trace(model, "abca").layers[0], 2, 2).replace("\u00a0", " ")
    for cell, text in written.items():
        assert re.fullmatch(patterns[cell], text), text


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


def drawn_beside(panel: UnrolledPanel, known: KnownAnswer) -> bool:
    """Whether the picture shows how the network reads a text, beside what is known of it."""
    return panel.looked is not None and panel.looked.trace.known and panel.looked.tokens == known.tokens


@pytest.mark.sample("entities")
def test_an_example_of_the_data_is_shown_with_what_should_come_out(person: Person) -> None:
    panel = panel_of(person)
    dataset = person.session.data.dataset
    assert dataset is not None
    seen: set[str] = set()
    for number in range(3):
        person.click("unrolled-example")
        example = dataset.validation[number]
        wanted = dict(enumerate(example.target))
        person.wait_until(lambda example=example: person.session.probe.known.tokens == example.source)
        known = person.session.probe.known
        assert (known.truth, known.ends) == (example.target, True)
        person.wait_until(lambda known=known: drawn_beside(panel, known))
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


@pytest.mark.sample("alphabet")
def test_only_an_example_of_the_data_is_known_to_end(person: Person) -> None:
    panel = panel_of(person)
    for text, ends in (("lmnopqrst", False), ("wxyz", True)):
        person.session.probe.set(text)
        person.wait_until(lambda text=text: panel.looked is not None and panel.looked.tokens == tuple(text))
        person.wait_until(lambda ends=ends: person.session.probe.known.ends is ends)
        person.wait_until(lambda: not person.session.questions.busy)
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
        model = engine.build_model(config, dataset, seed=0)
        answer = engine.trace(model, "a b").outputs[-1]
        wrong = {"x": "y", "y": "x"}[answer]
        known, other = (engine.Example(("a", "b"), (label,)) for label in (answer, wrong))
        for text, target in ((other, wrong), (known, ""), ("a b", "")):
            columns = from_trace(engine.trace(model, text), config, ("a", "b")).columns
            assert [c.target for c in columns] == ["", target]
            assert [c.above for c in columns] == ["", answer]


@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize("width", [330, 345, 430, 620, 1000])
@pytest.mark.parametrize("symbol", ["c", "Constantinople"])
def test_the_equation_is_never_cut_before_its_result(qtbot: QtBot, cell: str, width: int, symbol: str) -> None:
    dataset = engine.make_dataset(["abcab", "bcabc"] * 8, "sequences", unit="character")
    model = engine.build_model(engine.ModelConfig(cell=cell, hidden_size=5), dataset, seed=3)
    layer = engine.trace(model, "abca").layers[0]
    line = CellLine()
    qtbot.addWidget(line)
    line.resize(width, 60)
    line.show()
    line.explain(replace(layer, name="backward"), 2, symbol, 1)
    line.grab()
    shown = re.sub(r"\n +(?=[=≈])", " ", line.text.text().replace("\u00a0", " "))  # of an equation on several lines
    for state, values in layer.by_state.items():
        value = f"{abs(float(values[2, 1])):.2f}"
        assert re.search(rf"{state}₃ = (.* [=≈] )?−?{value}", shown), shown
    label = line.text
    assert label.heightForWidth(label.width()) <= label.height() + 1, shown
    assert label.fontMetrics().boundingRect(0, 0, label.width(), 999, Qt.TextFlag.TextWordWrap, shown).width() <= (
        label.width()
    ), shown


def test_the_network_shows_that_the_keys_are_its_own(person: Person) -> None:
    panel = panel_of(person)
    person.wait_until(lambda: panel.looked is not None)
    person.find(QWidget, "probe").setFocus()
    picture, before = panel.canvas.grab().toImage(), panel.grab().toImage()
    panel.canvas.setFocus()
    assert panel.grab().toImage() != before
    assert panel.canvas.grab().toImage() == picture, "the frame is around the picture, and touches nothing in it"


@pytest.mark.sample("shapes")
def test_the_picture_that_a_captioner_begins_with_stands_before_its_first_cell(person: Person) -> None:
    panel = panel_of(person)
    canvas = panel.canvas
    person.wait_until(lambda: panel.looked is not None and canvas.diagram.begins_with("") == "picture")
    settle(person)
    assert isinstance(person.session.probe.given, Recording)
    first, scale, origin = canvas.placed().cell(0, 0), canvas.scale, canvas.origin()
    corner = QPointF(0, first.top()) * scale + origin
    room = QRect(corner.toPoint(), QSize(round((first.left() - 24) * scale), round(first.height() * scale)))
    seen = canvas.viewport().grab(room).toImage()
    pixels = [seen.pixelColor(x, y) for x in range(seen.width()) for y in range(seen.height())]
    assert sum(color.saturation() > 150 for color in pixels) > 50, "shapes in strong colours, where grey words stood"


@pytest.mark.sample("shapes")
def test_a_captioners_loop_tells_what_makes_its_first_state_as_do_its_weights(person: Person, tmp_path: Path) -> None:
    panel = panel_of(person)
    person.wait_until(lambda: panel.looked is not None)
    person.click("unrolled-form-loop")
    person.wait_until(lambda: panel.canvas.share == 1.0)
    settle(person)
    assert "starts from the picture" in texts_in(panel.canvas.viewport(), tmp_path)
    weights = person.find(QLabel, "weights").text()
    assert "some make the first state from the picture, the others are the same at every step." in weights


def test_a_symbol_that_the_network_does_not_know_has_its_own_name_wherever_it_stands(
    person: Person, tmp_path: Path
) -> None:
    person.session.probe.set("soßa")
    panel = panel_of(person)
    person.wait_until(lambda: panel.looked is not None and len(panel.looked.tokens) == 4)
    settle(person)
    columns = panel.canvas.diagram.columns
    assert [column.below for column in columns] == ["female", "s", "o", "ß", "a"]
    assert [column.truth_shown for column in columns[:4]] == ["s", "o", "ß", "a"]
    assert "the right answer is ß, which the network has not learned" in tip_of(panel.canvas.diagram, 2)
    assert [row[5] for row in panel.table()][1:5] == ["s", "o", "ß", "a"]
    written = texts_in(panel.canvas.viewport(), tmp_path)
    assert written.count("ß") == 2, "as a target and as an input"
    inside = open_view(person, "inside", InsidePanel)
    person.session.probe.select(Selection("", 0, "forward", 3))
    person.wait_until(lambda: inside.found is not None and inside.found.selection.step == 3)
    settle(person)
    assert "reads “ß”" in inside.subtitle.text()
    assert "(input ß)" in inside.sum.text()
    gradient = open_view(person, "gradient", GradientPanel)
    person.wait_until(lambda: gradient.flow is not None)
    assert ", at ß: " in gradient.bars.values[3].hint
