"""The diagram of a cell: derived from its equations, without anything on top of anything else."""

from __future__ import annotations

import re
from itertools import combinations
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from engine.cells import CELLS, Cell
from engine.cells.graph import TIMES, Node, graph_of, past_of
from gui.plots.cell_diagram import CellDiagram, StepNumbers
from gui.plots.cell_layout import BUS, CARRIED, GATES, CellLayout, GridPoint, Wire, lay_out
from gui.theme import LIGHT
from tests.engine.cells.throw_away_cell import Locker
from tests.gui.plots.saving import svg_of

ALL: list[type[Cell]] = [*CELLS.values(), Locker]


@pytest.mark.parametrize("cell", ALL, ids=lambda cell: cell.title)
def test_every_gate_has_a_box_and_every_state_leaves_the_cell(cell: type[Cell]) -> None:
    made = lay_out(cell)
    assert set(made.boxes) == {gate.letter for gate in cell.gates}
    assert set(made.ends) == {state.name for state in cell.states}
    carrier = cell.states[cell.carrier()].name
    assert made.ends[carrier][1] == CARRIED
    assert all(place[1] in (CARRIED, BUS) for place in made.starts.values())


@pytest.mark.parametrize("cell", ALL, ids=lambda cell: cell.title)
def test_boxes_and_nodes_do_not_overlap_and_lie_inside(cell: type[Cell]) -> None:
    made = lay_out(cell)
    places = [box.place for box in made.boxes.values()] + [dot.place for dot in made.dots]
    for one, other in combinations(places, 2):
        assert abs(one[0] - other[0]) >= 0.4 or abs(one[1] - other[1]) >= 0.4, (one, other)
    assert all(0 < x < made.columns and CARRIED <= y < BUS for x, y in places)
    assert all(box.place[1] == GATES for box in made.boxes.values())


@pytest.mark.parametrize("cell", ALL, ids=lambda cell: cell.title)
def test_wires_run_straight_and_begin_and_end_at_something(cell: type[Cell]) -> None:
    made = lay_out(cell)
    places = {box.place for box in made.boxes.values()} | {dot.place for dot in made.dots}
    places |= set(made.starts.values()) | set(made.ends.values()) | {wire.corners[-1] for wire in made.wires}
    buses = [wire for wire in made.wires if wire.bus]
    for wire in made.wires:
        assert all(a[0] == b[0] or a[1] == b[1] for a, b in zip(wire.corners, wire.corners[1:], strict=False))
        begin = wire.corners[0]
        assert begin in places or begin == made.entry or wire.bus or any(lies_on(begin, bus) for bus in buses)


def lies_on(place: GridPoint, wire: Wire) -> bool:
    """Whether a wire passes a place."""
    return any(
        min(a[0], b[0]) <= place[0] <= max(a[0], b[0]) and min(a[1], b[1]) <= place[1] <= max(a[1], b[1])
        for a, b in zip(wire.corners, wire.corners[1:], strict=False)
    )


def brought(made: CellLayout, place: GridPoint) -> set[Node]:
    """The letters and products that the wires bring to a place, followed back to where they enter the cell."""
    dots, found = {dot.place: dot for dot in made.dots}, set()
    for wire in made.wires:
        begin = wire.corners[0]
        if wire.corners[-1] != place or wire.bus:
            continue
        if begin in dots:
            assert wire.source == dots[begin].node
            found.add(dots[begin].node)
            continue
        bus = next(one for one in made.wires if one.bus and lies_on(begin, one))
        found |= {bus.source} if bus.source is not None else set()
        found |= {Node("x")} if lies_on(made.entry, bus) else set()
    return found


@pytest.mark.parametrize("cell", ALL, ids=lambda cell: cell.title)
def test_what_reaches_a_box_is_what_its_equation_sums_and_x_goes_past_the_gate_of_the_past(cell: type[Cell]) -> None:
    made, h, x = lay_out(cell), Node(cell.states[0].name, before=True), Node("x")
    for gate in cell.gates:
        into = brought(made, made.boxes[gate.letter].place)
        if not gate.past_through:
            assert into == {x, h}, gate.name
            continue
        past, through = past_of(gate.letter), cell.gate(gate.past_through).letter
        assert into == {x, Node(TIMES, (Node(through), past))}
        matrix, product = (next(dot.place for dot in made.dots if dot.node == node) for node in (past, *(into - {x})))
        assert brought(made, matrix) == {h}
        (along,) = (wire for wire in made.wires if wire.corners[0] == matrix)
        assert along.corners[-1] == product
        assert any(wire.corners[-1] == product and wire.source == Node(through) for wire in made.wires)


def test_the_line_of_the_memory_of_an_lstm_runs_straight_through() -> None:
    made = lay_out(CELLS["lstm"])
    main = [wire for wire in made.wires if wire.main and wire.corners[0][1] == CARRIED]
    assert all(y == CARRIED for wire in main for _, y in wire.corners)
    assert [dot.sign for dot in made.dots] == ["×", "×", "+", "tanh", "×"]
    assert list(made.boxes) == ["f", "i", "g", "o"]


def diagram_of(qtbot: QtBot, cell: type[Cell], width: int, height: int = 300) -> CellDiagram:
    """A diagram of this size with one step's numbers."""
    diagram = CellDiagram(LIGHT, "d", "d")
    qtbot.addWidget(diagram)
    diagram.resize(width, height)
    diagram.show()
    letters = {(gate.letter, False): -0.58 for gate in cell.gates}
    letters |= {(state.name, before): -0.59 for state in cell.states for before in (False, True)}
    letters |= {(past_of(gate.letter).name, False): -0.57 for gate in cell.gates if gate.past_through}
    sums = {gate.name: -1.25 for gate in cell.gates}
    numbers = StepNumbers(cell, letters, sums, "“a”", 7, 6)
    diagram.show_step(numbers, cell.gates[0].name, LIGHT)
    return diagram


def test_on_a_projector_the_diagram_grows_with_its_place(qtbot: QtBot) -> None:
    usual, large = (diagram_of(qtbot, CELLS["lstm"], width, 1200).factor for width in (1300, 1900))
    assert large == pytest.approx(usual * 1900 / 1300)


def written(diagram: CellDiagram, tmp_path: Path) -> list[tuple[str, str, str]]:
    """Left end, height and text of everything that is written into the diagram of a cell."""
    return re.findall(r'<text[^>]*\bx="([-.\d]+)" y="([-.\d]+)"[^>]*>([^<]*)', svg_of(diagram, tmp_path / "cell.svg"))


@pytest.mark.parametrize("width", [288, 440, 600, 900])
@pytest.mark.parametrize("cell", ALL, ids=lambda cell: cell.title)
def test_no_number_on_a_wire_covers_another_and_no_node_covers_one(
    qtbot: QtBot, tmp_path: Path, cell: type[Cell], width: int
) -> None:
    diagram = diagram_of(qtbot, cell, width)
    texts = written(diagram, tmp_path)
    numbers = [(float(x), float(y), text) for x, y, text in texts if re.fullmatch(r"−?\d\.\d\d", text.strip())]
    assert len(numbers) >= len(cell.gates)
    for one, other in combinations(numbers, 2):
        assert abs(one[0] - other[0]) >= 36 or abs(one[1] - other[1]) >= 14, (one, other)
    for dot in lay_out(cell).dots:
        node = diagram.point(dot.place)
        for left, low, text in numbers:
            beside = node.x() < left - 9 or node.x() > left + 7 * len(text) + 9
            assert beside or abs(low - 4 - node.y()) >= 12, (dot, text)


@pytest.mark.parametrize("cell", ALL, ids=lambda cell: cell.title)
def test_the_value_of_every_gate_is_written_above_its_box(qtbot: QtBot, tmp_path: Path, cell: type[Cell]) -> None:
    diagram, states = diagram_of(qtbot, cell, 900), graph_of(cell).states.values()
    values = [(float(x), float(y)) for x, y, text in written(diagram, tmp_path) if text.strip() == "−0.58"]
    for letter in set(lay_out(cell).boxes) - {node.name for node in states}:  # a state's stands where it leaves
        box = diagram.box_rect(letter)
        found = [box.left() < x < box.center().x() and box.top() - 20 < y < box.top() for x, y in values]
        assert sum(found) == 1, letter


@pytest.mark.parametrize("cell", ALL, ids=lambda cell: cell.title)
def test_a_box_too_narrow_for_the_name_of_its_gate_has_the_letter_of_the_equations(
    qtbot: QtBot, tmp_path: Path, cell: type[Cell]
) -> None:
    for width in (440, 1200):
        texts = {text.strip() for _, _, text in written(diagram_of(qtbot, cell, width), tmp_path)}
        assert not [text for text in texts if "…" in text]
        for gate in cell.gates:
            assert texts & {gate.letter, gate.name, f"{gate.name} {gate.letter}"}, gate.name


@pytest.mark.parametrize("width", [288, 400, 480, 560, 640, 900, 1400])
@pytest.mark.parametrize("cell", ALL, ids=lambda cell: cell.title)
def test_all_gates_are_named_in_the_same_way_at_any_width(
    qtbot: QtBot, tmp_path: Path, cell: type[Cell], width: int
) -> None:
    texts = [text.strip() for _, _, text in written(diagram_of(qtbot, cell, width), tmp_path)]
    gates = [gate for gate in cell.gates if gate.letter in lay_out(cell).boxes]
    ways = ({f"{gate.name} {gate.letter}" for gate in gates}, {gate.name for gate in gates}, {g.letter for g in gates})
    assert any(way <= set(texts) for way in ways)
