"""Inside a cell: every vector and every number is the engine's, and one walks through time and units."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator
from itertools import product

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtWidgets import QScrollArea, QWidget

from engine.cells import CELLS
from engine.cells.graph import Node, graph_of
from engine.inspection.cell_step import cell_step, terms
from gui.panels.inside.inside_panel import InsidePanel
from gui.panels.inside.shown_numbers import vector_title
from gui.panels.unrolled.unrolled_panel import UnrolledPanel
from gui.plots.strips import Strip, number_at
from gui.session.probe import Selection
from gui.unrolled_view.canvas import UnrolledCanvas
from tests.gui.conftest import Person
from tests.gui.panels.open_views import model_of, open_view, settle, train_a_little
from tests.gui.plots.mouse import is_drawn, points_on

pytestmark = pytest.mark.one_window("inside")


def open_inside(person: Person) -> InsidePanel:
    """The view with its vectors."""
    panel = open_view(person, "inside", InsidePanel)
    person.click("inside-form-vectors")
    person.wait_until(lambda: panel.found is not None)
    settle(person)
    return panel


def each_cell(person: Person, panel: InsidePanel, cells: Iterable[str] = CELLS, steps: int = 0) -> Iterator[str]:
    """Look into a network of each cell, which has made so many steps, in the window that is open."""
    for cell in cells:
        before = panel.found
        person.session.set_model(cell=cell)
        person.wait_ready()
        person.wait_until(lambda before=before: panel.found is not None and panel.found is not before)
        if steps:
            train_a_little(person, steps)
        settle(person)
        yield cell


def strips_of(panel: InsidePanel) -> dict[str, np.ndarray]:
    return {strip.name: strip.values for group in panel.strips.groups for strip in group.strips}


def test_the_vectors_are_the_engines_forwards_and_backwards(person: Person) -> None:
    panel = open_inside(person)
    for cell in each_cell(person, panel, steps=10):
        person.session.probe.select(Selection("", 0, "forward", 3))
        person.wait_until(lambda: panel.found is not None and panel.found.selection.step == 3)
        settle(person)
        found = cell_step(model_of(person), person.session.probe.text, 3, label=person.session.probe.label)
        shown = strips_of(panel)
        for name, values in (found.forward | found.backward).items():
            before = name.endswith("before") and not name.startswith("∂")
            title = f"{name[0]}₃  before" if before else vector_title(name, found.cell)
            assert np.array_equal(shown[title], values), (cell, name)


def test_the_sum_is_written_out_with_the_engines_numbers(person: Person) -> None:
    panel = open_inside(person)
    for cell in each_cell(person, panel):
        assert panel.found is not None
        step, unit, gate = panel.found.selection.step, panel.found.unit, panel.found.gate
        number = CELLS[cell].gates.index(gate)
        written = terms(
            model_of(person), person.session.probe.text, step, unit, number, label=person.session.probe.label
        )
        assert sum(t.value for t in panel.found.sum) == pytest.approx(sum(t.value for t in written))
        total = f"{sum(t.value for t in written):.2f}".replace("-", "−")
        assert bool(re.search(f"[=≈]\u00a0{total};", panel.sum.text())) == (not gate.past_through)
        assert f"unit {unit}, {gate.title}:" in panel.sum.text()


ACTIVATIONS = {"σ": lambda x: 1 / (1 + math.exp(-x)), "tanh": math.tanh, "relu": lambda x: max(0.0, x)}


def test_a_sum_checked_by_hand_is_right_wherever_an_equals_sign_stands(person: Person) -> None:
    panel = open_inside(person)
    for cell in each_cell(person, panel, steps=10):
        signs = []
        for step, unit in (*product((0,), range(3)), *product((3,), range(12))):  # the first, from zeros, is rarely off
            person.session.probe.select(Selection("", 0, "forward", step))
            person.session.probe.choose_unit(unit)
            person.wait_until(lambda step=step: panel.found is not None and panel.found.selection.step == step)
            person.wait_until(lambda unit=unit: panel.sum.text().startswith(f"unit {unit}, "))
            text = panel.sum.text().partition(": ")[2].replace("\u00a0", " ").replace("−", "-").replace("·", "*")
            ending = text.partition(" multiplied by the ")[2].partition(": ")[2]
            parts = ending or re.sub(r" \([^()]*[a-z][^()]*\)", "", text)  # without the names of the terms
            for part in parts.split(";"):
                expression, sign, value = re.split(" *([=≈]) *", part.strip())
                computed = eval(expression.replace("- ", "-"), ACTIVATIONS)
                assert (f"{computed + 0.0:.2f}".replace("-0.00", "0.00") == value) == (sign == "="), panel.sum.text()
                signs.append(sign)
        assert set(signs) == {"=", "≈"}, cell


def test_choosing_any_gate_moves_nothing_and_its_sum_is_set_like_a_text(person: Person) -> None:
    person.resize(1440, 900)
    panel = open_inside(person)
    for cell in each_cell(person, panel, ("gru", "mgu", "lstm"), steps=10):
        person.window.grab()
        place = panel.sum.height(), panel.diagram.size()
        for gate in reversed(CELLS[cell].gates):
            panel.diagram.chosen.emit(gate.name)
            person.wait_until(lambda gate=gate: f"{gate.title}:" in panel.sum.text())
            settle(person)
            text = panel.sum.text()
            person.window.grab()  # with everything in its place
            assert (panel.sum.height(), panel.diagram.size()) == place, text
            assert " ." not in text
            assert re.search(r"\S\u00a0[=≈]\u00a0[−\d.]+$", text), "no line ends before the result"


def test_it_begins_with_the_unit_whose_state_is_largest(person: Person) -> None:
    panel = open_inside(person)
    assert panel.found is not None
    assert panel.found.unit == int(np.abs(panel.found.step.forward["h"]).argmax())


def test_the_unit_that_was_found_stays_while_the_network_learns(person: Person) -> None:
    panel = open_inside(person)
    assert panel.found is not None
    assert person.session.probe.selection is None
    unit, strongest = panel.found.unit, panel.found.unit
    for _ in range(40):
        train_a_little(person, 10)
        settle(person)
        assert panel.sum.text().startswith(f"unit {unit}, ")
        strongest = int(np.abs(panel.found.step.forward["h"]).argmax())
        if strongest != unit:
            break
    assert strongest != unit, "another one has become the farthest from zero"


def test_a_click_on_a_cell_and_the_arrow_keys_walk_through_time(person: Person) -> None:
    panel = open_inside(person)
    canvas = person.find(UnrolledCanvas, "unrolled-network")
    canvas.select((0, 2))
    person.wait_until(lambda: panel.found is not None and panel.found.selection.step == 2)
    assert "step 3 of 7" in panel.subtitle.text()
    person.qtbot.keyClick(panel.strips, Qt.Key.Key_Right)
    person.wait_until(lambda: canvas.selected == (0, 3))
    person.wait_until(lambda: panel.found is not None and panel.found.selection.step == 3)
    person.click("inside-earlier")
    person.wait_until(lambda: canvas.selected == (0, 2))
    person.wait_until(lambda: panel.found is not None and panel.found.selection.step == 2)
    for _ in range(9):
        person.click("inside-earlier")
        settle(person)
    assert person.session.probe.selection == Selection("", 0, "forward", 0)


def test_an_upper_layer_reads_the_states_of_the_one_below_and_says_its_direction(person: Person) -> None:
    panel = open_inside(person)
    person.click("inside-form-diagram")
    person.choose_sample("reviews")
    person.session.set_model(cell="gru", num_layers=2, bidirectional=True)
    person.wait_ready()
    person.session.probe.select(Selection("", 0, "forward", 3))
    person.wait_until(lambda: panel.subtitle.text().startswith("layer 1 forward, step 4 of "))
    symbol = person.session.probe.text.split()[3]
    assert panel.subtitle.text().endswith(f", reads “{symbol}”")
    assert f"(input {symbol})" in panel.sum.text()
    assert panel.diagram.spoken()[0] == f"x “{symbol}”"
    for direction in ("forward", "backward"):
        person.session.probe.select(Selection("", 1, direction, 3))
        person.wait_until(lambda way=direction: panel.subtitle.text().startswith(f"layer 2 {way}, step 4 of "))
        assert panel.subtitle.text().endswith(", reads both h₄ of layer 1")
        assert "(input)" in panel.sum.text()
        assert panel.diagram.spoken()[0] == "x = both h₄ of layer 1"
    person.session.set_model(bidirectional=False)
    person.wait_ready()
    person.session.probe.select(Selection("", 1, "forward", 3))
    person.wait_until(lambda: panel.subtitle.text().startswith("layer 2, step 4 of "))
    assert panel.subtitle.text().endswith(", reads h₄ of layer 1")


def test_a_click_on_a_tile_chooses_unit_and_gate(person: Person) -> None:
    panel = open_inside(person)
    tiles = {at[1]: point for point in points_on(panel.strips, "forget sum") if (at := panel.strips.at(point))}
    person.qtbot.mouseClick(panel.strips, Qt.MouseButton.LeftButton, pos=tiles[5].toPoint())
    person.wait_until(lambda: "unit 5, forget gate:" in panel.sum.text())
    person.qtbot.keyClick(panel.strips, Qt.Key.Key_Down)
    person.wait_until(lambda: "unit 6, forget gate:" in panel.sum.text())


def test_the_encoder_the_decoder_and_both_directions_can_be_looked_into(person: Person) -> None:
    panel = open_inside(person)
    person.choose_sample("dates")
    for part in ("encoder", "decoder"):
        person.session.probe.select(Selection(part, 0, "forward", 1))
        person.wait_until(lambda part=part: panel.found is not None and panel.found.selection.part == part)
        assert part in panel.subtitle.text()
    person.choose_sample("entities")
    person.session.probe.select(Selection("", 0, "backward", 1))
    person.wait_until(lambda: panel.found is not None and panel.found.selection.direction == "backward")
    assert "h₃  before" in strips_of(panel)  # it reads from the right


def test_a_step_that_the_new_text_does_not_have_is_replaced_by_its_last(person: Person) -> None:
    panel = open_inside(person)
    person.session.probe.select(Selection("", 0, "forward", 6))
    person.session.probe.set("a")
    person.wait_until(lambda: panel.found is not None and panel.found.steps == 2)
    assert panel.found is not None
    assert panel.found.selection.step == 1


def test_a_cell_chosen_before_the_first_answer_has_its_own_sum_written_out(person: Person) -> None:
    panel = open_view(person, "inside", InsidePanel)
    person.session.probe.select(Selection("", 0, "forward", 1))
    person.wait_until(lambda: panel.found is not None and panel.found.selection.step == 1)
    settle(person)
    person.wait_until(lambda: panel.sum.text().startswith(f"unit {panel.found.unit}, "))
    assert f"(input {person.session.probe.text[0]})" in panel.sum.text()


@pytest.mark.sample("alphabet")
def test_where_nothing_goes_back_the_numbers_are_plain_zeros_without_a_scale(person: Person) -> None:
    person.session.set_model(architecture="one-to-one", cell="lstm")
    person.wait_ready()
    panel = open_inside(person)
    leaving = panel.strips.groups[-1]
    assert not any(strip.values.any() for strip in leaving.strips)
    assert panel.found is not None
    t = panel.found.selection.step + 1
    assert t > 1
    titles = [strip.name for group in panel.strips.groups for strip in group.strips]
    assert {"h₀  before", "c₀  before"} <= set(titles)
    assert f"c_{t} = f ⊙ c_0 + i ⊙ g" in [group.heading for group in panel.strips.groups]
    assert leaving.note == ""
    assert {number_at(strip, 0) for strip in leaving.strips} == {"0.00"}
    assert number_at(Strip("∂ forget sum", np.array([-0.0])), 0) == "0.00"
    person.click("inside-form-diagram")
    numbers = panel.diagram.numbers
    assert numbers is not None
    assert (numbers.step, numbers.earlier) == (t, 0)  # it never reads the step before


def test_the_line_below_the_network_and_this_view_write_out_the_same_unit(person: Person) -> None:
    panel, network = open_inside(person), person.window.panels["unrolled"]
    assert isinstance(network, UnrolledPanel)
    person.session.probe.select(Selection("", 0, "forward", 2))
    person.wait_until(lambda: panel.found is not None and panel.found.selection.step == 2)
    person.wait_until(lambda: panel.sum.text().startswith(f"unit {network.cell_line.unit.value()}, "))
    person.wait_until(network.cell_line.unit.isVisible)
    other = (network.cell_line.unit.value() + 1) % 8
    network.cell_line.unit.setValue(other)
    person.wait_until(lambda: panel.sum.text().startswith(f"unit {other}, "))
    person.qtbot.keyClick(panel.strips, Qt.Key.Key_Down)
    person.wait_until(lambda: network.cell_line.unit.value() == other + 1)
    person.session.probe.select(Selection("", 0, "forward", 1))  # it stays while one walks through time
    person.wait_until(lambda: panel.found is not None and panel.found.selection.step == 1)
    assert network.cell_line.unit.value() == other + 1
    person.wait_until(lambda: panel.sum.text().startswith(f"unit {other + 1}, "))


def test_other_data_without_the_chosen_cell_leave_none_chosen_and_both_views_say_so(person: Person) -> None:
    panel, network = open_inside(person), person.window.panels["unrolled"]
    assert isinstance(network, UnrolledPanel)
    network.canvas.select((0, 0))
    person.wait_until(lambda: panel.found is not None and panel.found.selection.step == 0)
    person.choose_sample("dates")  # an encoder and a decoder
    person.wait_until(lambda: panel.found is not None and panel.found.selection.part == "encoder")
    settle(person)
    assert panel.found is not None
    assert panel.found.selection.step == panel.found.steps - 1, "without a choice it is the last step"
    assert network.canvas.selected is None
    assert "Click a cell" in network.cell_line.text.text()


def test_the_diagram_has_the_engines_numbers_on_its_wires(person: Person) -> None:
    panel = open_view(person, "inside", InsidePanel)
    diagram = panel.diagram
    for cell in each_cell(person, panel, steps=10):
        person.session.probe.select(Selection("", 0, "forward", 3))
        person.wait_until(lambda: panel.found is not None and panel.found.selection.step == 3)
        settle(person)
        assert diagram.isVisible()
        found = cell_step(model_of(person), person.session.probe.text, 3, label=person.session.probe.label)
        assert panel.found is not None
        unit = panel.found.unit
        for gate in CELLS[cell].inner_gates():
            assert diagram.value(Node(gate.letter)) == float(found.forward[gate.name][unit])
            assert diagram.numbers is not None
            inside = np.asarray(diagram.numbers.sums[gate.name])
            assert float(gate.activation.function(inside)) == pytest.approx(
                float(found.forward[gate.name][unit]), abs=1e-5
            )
        graph = graph_of(CELLS[cell])
        for state in CELLS[cell].states:  # what the graph computes from the numbers on its wires is the new state
            assert diagram.value(graph.states[state.name]) == pytest.approx(
                float(found.forward[state.name][unit]), abs=1e-5
            )
            number = f"{float(found.forward[state.name][unit]):.2f}".replace("-0.00", "0.00").replace("-", "−")
            assert f"{state.name} {number}" in diagram.accessibleDescription(), cell
        assert is_drawn(diagram)


def test_a_click_on_a_box_chooses_its_gate_and_keys_walk(person: Person) -> None:
    panel = open_view(person, "inside", InsidePanel)
    person.wait_until(lambda: panel.found is not None)
    person.session.probe.select(Selection("", 0, "forward", 2))
    person.wait_until(lambda: panel.found is not None and panel.found.selection.step == 2)
    at = panel.diagram.box_rect("f").center()
    person.qtbot.mouseClick(panel.diagram, Qt.MouseButton.LeftButton, pos=at.toPoint())
    person.wait_until(lambda: "forget gate:" in panel.sum.text())
    unit = int(panel.sum.text().partition(",")[0].removeprefix("unit "))
    person.qtbot.keyClick(panel.diagram, Qt.Key.Key_Down)
    person.wait_until(lambda: f"unit {unit + 1}, forget gate:" in panel.sum.text())
    person.qtbot.keyClick(panel.diagram, Qt.Key.Key_Right)
    person.wait_until(lambda: panel.found is not None and panel.found.selection.step == 3)


def test_all_vectors_are_in_sight_beside_each_other(person: Person) -> None:
    person.resize(1440, 900)
    panel = open_inside(person)
    around = panel.strips.parentWidget()
    assert around is not None
    for _ in each_cell(person, panel):
        person.wait_until(lambda: panel.strips.height() <= around.height() + 1)
        with_vectors = panel.height()
        person.click("inside-form-diagram")
        person.wait_until(lambda height=with_vectors: panel.minimumHeight() <= height)
        person.click("inside-form-vectors")


def test_enlarging_the_view_enlarges_the_diagram(person: Person) -> None:
    person.session.set_model(cell="rnn")
    person.wait_ready()
    panel = open_view(person, "inside", InsidePanel)
    person.wait_until(lambda: panel.found is not None)
    settle(person)
    usual = panel.diagram.factor
    person.window.docking.fill("inside")
    person.wait_until(lambda: panel.diagram.factor > 1.2 * usual)
    (gate,) = CELLS["rnn"].gates
    box = panel.diagram.box_rect(gate.letter)
    middle = (box.center() * panel.diagram.factor).toPoint()
    assert panel.diagram.rect().contains(middle)
    person.window.docking.fill("")
    person.wait_until(lambda: panel.diagram.factor == usual)


def test_enlarging_the_view_enlarges_the_letters_of_a_wide_diagram_and_of_the_sum_below_it(person: Person) -> None:
    person.window.resize(1440, 900)
    person.session.set_model(cell="lstm")
    person.wait_ready()
    panel = open_view(person, "inside", InsidePanel)
    person.wait_until(lambda: panel.found is not None)
    settle(person)
    usual = panel.diagram.factor, panel.sum.fontInfo().pixelSize()
    person.window.docking.enlarge("inside")
    settle(person)
    assert panel.diagram.factor > 1.15 * usual[0]
    assert panel.sum.fontInfo().pixelSize() > 1.15 * usual[1]
    assert any(name.startswith("candidate ") for name in panel.diagram.gate_names().values())
    assert panel.sum.height() >= panel.sum.heightForWidth(panel.sum.width())
    person.window.docking.enlarge("inside")
    settle(person)
    assert (panel.diagram.factor, panel.sum.fontInfo().pixelSize()) == usual


@pytest.mark.parametrize("size", [(1100, 700), (960, 600)])
def test_in_a_small_window_the_whole_diagram_is_in_sight_above_a_sum_of_several_lines(
    person: Person, size: tuple[int, int]
) -> None:
    person.window.resize(1440, 900)
    panel = open_view(person, "inside", InsidePanel)
    person.wait_until(lambda: panel.sum.text().count("(unit ") == 5)
    person.window.resize(*size)
    person.wait_until(lambda: panel.sum.text().count("(unit ") == 2)
    settle(person)
    around = panel.diagram.parentWidget()
    assert around is not None
    assert panel.sum.height() >= 3 * panel.sum.fontMetrics().height()
    assert panel.sum.height() >= panel.sum.heightForWidth(panel.sum.width())
    person.wait_until(lambda: around.rect().contains(panel.diagram.geometry()))


@pytest.mark.own_window
@pytest.mark.parametrize("size", [(1440, 900), (1100, 700)])
def test_details_shows_the_whole_cell_though_its_numbers_are_found_only_later(
    person: Person, size: tuple[int, int]
) -> None:
    person.window.resize(*size)
    network = person.window.panels["unrolled"]
    assert isinstance(network, UnrolledPanel)
    person.wait_until(lambda: network.looked is not None)
    settle(person)
    network.canvas.select((0, 4))
    person.click("inside-open")
    panel = person.window.panels["inside"]
    assert isinstance(panel, InsidePanel)
    person.wait_until(lambda: panel.isVisible() and panel.found is not None)
    settle(person)
    middle = person.find(QScrollArea, "middle").viewport()
    assert middle.rect().contains(QRect(panel.mapTo(middle, QPoint()), panel.size()))


def test_without_cells_there_are_neither_controls_nor_a_step_and_only_the_room_for_the_reason(person: Person) -> None:
    panel = open_inside(person)
    height = panel.height()
    assert person.find(QWidget, "inside-form").isVisible()
    person.session.set_model(architecture="one-to-one")
    person.wait_until(lambda: "no cells" in panel.hint.text())
    for name in ("inside-form", "inside-earlier", "inside-later"):
        assert not person.find(QWidget, name).isVisible()
    assert panel.subtitle.text() == ""
    person.wait_until(lambda: panel.height() < height - 100)
    person.session.set_model(architecture="one-to-many")
    person.wait_until(lambda: panel.box.isVisible() and panel.subtitle.text().startswith("layer 1"))
    assert person.find(QWidget, "inside-later").isVisible()
    person.wait_until(lambda: panel.height() > height - 100)


@pytest.mark.parametrize("size", [(1100, 700), (960, 600)])
def test_the_step_is_named_also_where_there_is_little_room(person: Person, size: tuple[int, int]) -> None:
    person.window.resize(*size)
    panel, probe = open_inside(person), person.session.probe
    pictures = []
    for step in (1, 2):
        probe.select(Selection("", 0, "forward", step))
        person.wait_until(lambda step=step: panel.found is not None and panel.found.selection.step == step)  # type: ignore[misc]
        settle(person)
        pictures.append(panel.subtitle.grab().toImage())
    assert panel.subtitle.fontMetrics().horizontalAdvance("step 3") <= panel.subtitle.width()
    assert pictures[0] != pictures[1]
