"""Where the boxes, nodes and wires of a cell's diagram are, in columns and rows, derived from the cell's graph.

Rows from the top: 0 the line of the state that is carried on, 1 and 2 what is computed below it, 3 the gates, 4 the
line that brings x and the previous state to all of them. Where a gate multiplies another one's past, which x must not
go through, x has a line of its own below that of the state.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from engine.cells import Cell
from engine.cells.graph import MINUS, PLUS, TIMES, CellGraph, Node, graph_of, past_of
from engine.types import FloatArray

CARRIED, GATES, BUS = 0.0, 3.0, 4.0
MATRIX_ROW, PRODUCT_ROW = BUS - 0.28, GATES - 0.2  # of a past that is multiplied before it enters its box
APART = 0.4  # rows between the lines of the state and of x where they are two
TURN, ENTRY, ASIDE = 0.16, 0.42, 0.13  # columns: where the state turns down, where x enters, of two lines into a box
GridPoint = tuple[float, float]  # column and row


@dataclass(frozen=True)
class Box:
    """The activation of a gate."""

    letter: str
    place: GridPoint


@dataclass(frozen=True)
class Dot:
    """An operation on whole vectors: "+", "×", "1−", "U" (times a matrix) or an activation."""

    sign: str
    place: GridPoint
    node: Node


@dataclass(frozen=True)
class Wire:
    """A line through these places, with the vector on it. main: whether it is the line of a state. bus: whether it
    brings something to all gates."""

    corners: tuple[GridPoint, ...]
    source: Node | None = None
    main: bool = False
    bus: bool = False
    labelled: bool = True  # whether the number on it is written
    branch: GridPoint | None = None  # where it leaves another line


@dataclass
class CellLayout:
    """The whole layout. columns: its width; starts, ends: state → the place where it enters and leaves the cell.

    entry: where x enters, on the lowest line.
    """

    boxes: dict[str, Box] = field(default_factory=dict)
    dots: list[Dot] = field(default_factory=list)
    wires: list[Wire] = field(default_factory=list)
    starts: dict[str, GridPoint] = field(default_factory=dict)
    ends: dict[str, GridPoint] = field(default_factory=dict)
    entry: GridPoint = (ENTRY, BUS)
    columns: float = 0.0


def lay_out(cell: type[Cell]) -> CellLayout:
    """The diagram of a cell; ValueError if its equations cannot be read."""
    return _Builder(graph_of(cell), cell.states[0].name).build()


class _Builder:
    """Walks through the equations: each state's own line from left to right, and what is multiplied into it."""

    def __init__(self, graph: CellGraph, shown: str) -> None:
        self.graph, self.shown, self.made = graph, shown, CellLayout()
        self.at: dict[str, GridPoint] = {}  # states that have already been computed
        self.column = 0.0

    def build(self) -> CellLayout:
        """Lay out all lines, then the line of x and h below the gates."""
        for name, node in self.graph.states.items():
            carried = any(leaf.name == name and leaf.before for leaf in node.leaves())
            self._state(name, node, carried)
        for letter in self.graph.gates:  # one that no state needs by itself
            self._gate(letter)
        made = self.made
        made.columns = self.column + 1.0
        for name, place in self.at.items():
            row = place[1]
            end = (made.columns, row)
            made.ends[name] = end
            made.wires.append(Wire((place, end), Node(name), main=True))
        self._inputs()
        return made

    def _inputs(self) -> None:
        """Lay out the lines below the gates: one that brings x and the state to all of them, or one for each."""
        made, h, x = self.made, Node(self.shown, before=True), Node("x")
        start = made.starts.setdefault(self.shown, (0.0, BUS))
        begin = (start,) if start[1] == BUS else ((TURN, CARRIED), (TURN, BUS))
        places = {letter: box.place for letter, box in made.boxes.items()}
        last = max(column for column, _ in places.values())
        apart = {letter for letter, gate in self.graph.gates.items() if gate.through}
        if not apart:
            made.wires.append(Wire((*begin, (last, BUS)), h, bus=True, labelled=False))
            made.wires += [Wire(((place[0], BUS), place)) for place in places.values()]
            return
        low = BUS + APART
        made.entry = (ENTRY, low)
        of_h = {letter: (place[0] - (1.0 if letter in apart else ASIDE), BUS) for letter, place in places.items()}
        of_x = {letter: (place[0] + (0.0 if letter in apart else ASIDE), low) for letter, place in places.items()}
        made.wires.append(Wire((*begin, max(of_h.values())), h, bus=True, labelled=False))
        made.wires.append(Wire((made.entry, max(of_x.values())), x, bus=True))
        for letter, place in places.items():
            if letter in apart:
                self._past(letter, of_h)
            else:
                made.wires.append(self._tap(of_h, letter, place, h))
            made.wires.append(self._tap(of_x, letter, place, x))

    def _tap(self, taps: Mapping[str, GridPoint], letter: str, end: GridPoint, source: Node) -> Wire:
        """A wire from a line below the gates, which goes on to the other gates, up to one of them."""
        begin = taps[letter]
        branch = None if begin == max(taps.values()) else begin
        return Wire((begin, (begin[0], end[1]), end), source, labelled=False, branch=branch)

    def _past(self, letter: str, taps: Mapping[str, GridPoint]) -> None:
        """Lay out how the state enters a gate whose past another one multiplies: times U, × that gate, and into the
        side of its box."""
        made, past, through = self.made, past_of(letter), self.graph.gates[letter].through
        column = taps[letter][0]
        matrix, product = (column, MATRIX_ROW), (column, PRODUCT_ROW)
        multiplied = Node(TIMES, (Node(through), past))
        made.wires.append(self._tap(taps, letter, matrix, Node(self.shown, before=True)))
        made.dots.append(Dot("U", matrix, past))
        made.wires.append(Wire((matrix, product), past))
        begin = made.boxes[through].place
        top = (begin[0], GATES - 0.72)  # above the number
        leads_on = any(Node(through) in node.leaves() for node in self.graph.states.values())
        branch = top if leads_on else None  # of the line that its number is written on
        corners = (begin, top, (product[0], top[1]), product)
        made.wires.append(Wire(corners, Node(through), labelled=not leads_on, branch=branch))
        made.dots.append(Dot(TIMES, product, multiplied))
        place = made.boxes[letter].place
        made.wires.append(Wire((product, (place[0], product[1]), place), multiplied, labelled=False))

    def _gate(self, letter: str) -> GridPoint:
        box = self.made.boxes.get(letter)
        if box is not None:
            return box.place
        gate = self.graph.gates[letter]
        if gate.through:
            self._gate(gate.through)
        self.column += 2.0 if gate.through else 1.0  # there is a × before its box
        place = (self.column, GATES)
        self.made.boxes[letter] = Box(letter, place)
        return place

    def _state(self, name: str, node: Node, carried: bool) -> None:
        """Lay out the line of one state: from its previous value, or from a state computed before it, through all
        operations."""
        if not node.parts and node.name in self.graph.gates:  # an activated sum by itself
            place = self._gate(node.name)
            top = (place[0], CARRIED)
            self.made.wires.append(Wire((place, top), Node(name), labelled=False))
            self.at[name] = top
            return
        if carried:
            start = (0.0, CARRIED)
            self.made.starts[name] = start
            self.at[name] = self._along(node, name, True, start, CARRIED)
            return
        source = next((leaf.name for leaf in node.leaves() if leaf.name in self.at), None)
        if source is None:
            self.at[name] = self._side(node, CARRIED)
            return
        begin = self.at[source]
        self.at[name] = self._along(node, source, False, begin, None)

    def _along(self, node: Node, name: str, before: bool, start: GridPoint, row: float | None) -> GridPoint:
        """Follow the path from the leaf to the root; operations are on `row`, or one below the other without one."""
        path = _path(node, name, before)
        here, source = start, Node(name, before=before)
        for number, step in enumerate(path):
            others = [part for part in step.parts if not _holds(part, source, path[:number])]
            level = row if row is not None else CARRIED + 1.0 + number
            side = [self._side(part, (level + 1.0) if row is not None else level) for part in others]
            at = max((place[0] for place in side), default=here[0])
            if row is None:
                at = max(self.column + 0.75, here[0]) if number == 0 else here[0]
                at = max(at, *(place[0] + 0.75 for place in side)) if side else at
            place = (at, level)
            corners = (here, place) if here[1] == level or here[0] == at else (here, (at, here[1]), place)
            branch = corners[1] if row is None and number == 0 and len(corners) > 2 else None
            self.made.wires.append(Wire(corners, source, main=row is not None, branch=branch))
            for part, begin in zip(others, side, strict=True):
                joined = (begin, place) if begin[0] == at or begin[1] == level else (begin, (begin[0], level), place)
                self.made.wires.append(Wire(joined, part))
            self.made.dots.append(Dot(_sign(step), place, step))
            here, source = place, step
            self.column = max(self.column, at if row is None else self.column)
        return here

    def _side(self, node: Node, row: float) -> GridPoint:
        """Lay out what is multiplied or added into a line: a gate, or operations on gates, above them."""
        if not node.parts:
            return self._gate(node.name) if node.name in self.graph.gates else self.at.get(node.name, (0.0, CARRIED))
        if node.name == MINUS and node.parts[0] == Node("1"):
            below = self._side(node.parts[1], row + 0.5)  # beside the line of the gate, which may lead on separately
            place, turn = (below[0] + 0.5, row + 0.5), (below[0], row + 1.1)
            self.made.wires.append(
                Wire((below, turn, (place[0], turn[1]), place), node.parts[1], labelled=False, branch=turn)
            )
            self.made.dots.append(Dot("1−", place, node))
            return place
        places = [self._side(part, row) for part in node.parts]
        place = (max(place[0] for place in places), row)
        for part, begin in zip(node.parts, places, strict=True):
            self.made.wires.append(Wire(_up(begin, place), part))
        self.made.dots.append(Dot(_sign(node), place, node))
        return place


def _up(begin: GridPoint, end: GridPoint) -> tuple[GridPoint, ...]:
    """A line that goes up, and then across."""
    return (begin, end) if begin[0] == end[0] or begin[1] == end[1] else (begin, (begin[0], end[1]), end)


def _sign(node: Node) -> str:
    return {PLUS: "+", MINUS: "−", TIMES: "×"}.get(node.name, node.name)


def _path(node: Node, name: str, before: bool) -> list[Node]:
    """The operations from a leaf up to the root."""
    if not node.parts:
        return []
    for part in node.parts:
        if any(leaf.name == name and leaf.before == before for leaf in part.leaves()):
            return [*_path(part, name, before), node]
    return []


def _holds(part: Node, source: Node, passed: list[Node]) -> bool:
    """Whether a part is the line itself."""
    return part == source or part in passed


def values_of(cell: type[Cell], forward: Mapping[str, FloatArray], unit: int) -> dict[tuple[str, bool], float]:
    """The numbers of one unit by letter: gates, new states and previous states. forward: as in a `CellStep`."""
    found = {(gate.letter, False): float(forward[gate.name][unit]) for gate in cell.inner_gates()}
    for state in cell.states:
        found[state.name, False] = float(forward[state.name][unit])
        found[state.name, True] = float(forward[f"{state.name} before"][unit])
    found |= {
        (past_of(gate.letter).name, False): float(forward[f"{gate.name} sum, past"][unit])
        for gate in cell.gates
        if gate.past_through
    }
    return found
