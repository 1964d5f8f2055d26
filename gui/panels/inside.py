"""Inside one cell at one step: its equations with real vectors, forwards, and then backwards."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
from PySide6.QtCore import Qt, SignalInstance
from PySide6.QtWidgets import QFrame, QScrollArea, QStackedWidget, QToolButton

import engine
from engine.cells import Cell
from engine.cells.cell_description import Gate
from engine.data.numbers.recording import NetworkInput
from engine.inspection.cell_step import CellStep, Term, cell_step, terms
from engine.inspection.text_search import text_to_look_at
from engine.number_text import fixed, with_minus
from gui.panels.base.asking_view import AskingView
from gui.plots.cell_diagram import CellDiagram, StepNumbers
from gui.plots.cell_layout import values_of
from gui.plots.picture_export import Table
from gui.plots.strips import Group, Strip, Strips
from gui.session.probe import Selection
from gui.session.session import Session
from gui.unrolled_view.equation import equals, number, strongest_unit
from gui.widgets.box_layouts import side_by_side
from gui.widgets.segments import Segments
from gui.widgets.symbols import plain_tip, subscript, visible_symbol
from gui.widgets.text import tabular, text_label

NOTHING = "Type a text above to look inside a cell."
STATELESS = "A feed-forward network has no cells to look into."
MOST_TERMS, FEW_TERMS, WIDE_PX = 5, 2, 600  # terms of a sum to write out, in wide and narrow views
FORMS = {"diagram": "Diagram", "vectors": "Vectors"}
FORM_HELP = "The cell as a diagram with the numbers of one unit, or all vectors of the step, forwards and backwards"
LEAST_HEIGHT_PX = 335  # shows the whole diagram
LEAST_EMPTY_PX = 110  # shows why there is none
AROUND_PX, MOST_VECTORS_PX = 95, 420  # the head and the sum; vectors that need more height scroll
MOST_STEPS = 2000  # of a text: with more, the backward pass takes too long to follow live
LEAST_SCALE = 1.0  # of states, sums and gates, most of which lie between −1 and 1


@dataclass(frozen=True, eq=False)
class CellInside:
    """One step, and the sum inside one gate of one unit."""

    step: CellStep
    selection: Selection
    steps: int  # of this part of the text
    unit: int
    gate: Gate
    sum: tuple[Term, ...]


class InsidePanel(AskingView[CellInside]):
    """The cell's diagram with one unit's numbers on its wires, or all vectors as strips, forwards and backwards."""

    HELP = (
        "This is one cell at one step, the one selected in the unrolled network. The diagram follows its equations: "
        "the input and the state of the previous step reach every gate from the line at the bottom. A box is a sum "
        "and its σ or tanh; the number below it is the sum, the one above it the result. × and + work unit by unit. "
        "The thick line is the state that is passed on. All numbers belong to one unit; blue is positive, orange "
        "negative. The line below the diagram writes out the sum of the marked gate, term by term; ≈ stands where the "
        "rounded numbers give another last figure.\n\n"
        "Vectors shows all units as strips of tiles, in the order of the equations, and then the same block in "
        "reverse order: the gradient at the states, at each gate’s sum, and what is passed on to the previous step, "
        "where that step’s own error is added. These strips have their own scale, given beside the heading.\n\n"
        "Click a box or a row to select its gate, or a tile to select its unit. Left and right move through time, up "
        "and down through the units."
    )

    def __init__(self, session: Session, title: str) -> None:
        super().__init__(session, title, "its equations with the numbers of this step")
        self.setMinimumHeight(LEAST_HEIGHT_PX)
        self._key = ""  # the chosen gate
        self.form = Segments("inside-form", FORMS, FORM_HELP)
        self.form.setAccessibleName("How the cell is shown")
        self.form.setFixedWidth(140)
        self.form.set_value("diagram")
        self.form.changed.connect(self._show_form)
        self.diagram = CellDiagram(session.theme, "inside-diagram", "Diagram of this step")
        self.diagram.chosen.connect(lambda gate: self._choose(self._unit_now(), gate))
        self.diagram.walked.connect(self.walk)
        self.diagram.unit_walked.connect(self._walk_units)
        self.strips = Strips(session.theme, "inside-strips", "Vectors of this step")
        self.strips.chosen.connect(self._choose)
        self.strips.walked.connect(self.walk)
        self.strips.unit_walked.connect(self._walk_units)
        self.sum = text_label("", "secondary", wrap=True, name="inside-sum")
        self.sum.setFont(tabular(self.sum.font()))
        self.sum.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._places = QStackedWidget()
        for picture in (self.diagram, self.strips):
            scroll = QScrollArea()
            scroll.setWidgetResizable(True)
            scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            if picture is self.strips:
                scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
            scroll.setWidget(picture)
            picture.setAutoFillBackground(False)  # as the scroll area would have it
            self._places.addWidget(scroll)
        facts = QFrame()
        facts.setProperty("role", "facts")
        side_by_side(self.sum, of=facts, margins=(10, 5, 10, 5))
        self.content.addWidget(self._places, 1)
        self.content.addWidget(facts)
        earlier = self._walker("◀", -1, "One step back in time (←)")
        later = self._walker("▶", 1, "One step forward in time (→)")
        self._controls = self.form, earlier, later
        for control in self._controls:
            self.header.addWidget(control)

    def _walker(self, text: str, by: int, help: str) -> QToolButton:
        button = QToolButton()
        button.setObjectName("inside-earlier" if by < 0 else "inside-later")
        button.setText(text)
        button.setProperty("role", "corner")
        button.setToolTip(plain_tip(help))
        button.setAccessibleName(help)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.clicked.connect(lambda: self.walk(by))
        return button

    # ---- what is kept with the layout

    def choices(self) -> dict[str, str]:
        """Diagram or vectors."""
        return {"form": self.form.value()}

    def restore(self, choices: Mapping[str, str]) -> None:
        """Restore the saved choices."""
        if choices.get("form", "") in FORMS:
            self.form.set_value(choices["form"])
            self._show_form(choices["form"])

    def _show_form(self, form: str) -> None:
        self._places.setCurrentIndex(list(FORMS).index(form))
        self.draw()

    # ---- asking

    def watches(self) -> tuple[SignalInstance, ...]:
        """The signals to watch, including that of the selected cell."""
        return *super().watches(), self.session.probe.selection_changed

    def about(self) -> tuple[object, ...]:
        """What the picture depends on, including the step, the unit and the gate."""
        return (*super().about(), self.session.probe.selection, self.session.probe.unit, self._key, self._most_terms)

    def nothing(self) -> str:
        """Say why there is no picture."""
        return STATELESS if self.session.probe.text else NOTHING

    def work(self) -> Callable[[engine.Snapshot], CellInside | None]:
        """Compute the selected step, and the sum of the selected unit and gate."""
        session = self.session
        return partial(
            inside_cell,
            probe=session.probe.given,
            label=session.probe.label,
            selection=session.probe.selection,
            unit=session.probe.unit,
            key=self._key,
            largest=self._most_terms,
        )

    @property
    def _most_terms(self) -> int:
        return MOST_TERMS if self.width() >= WIDE_PX else FEW_TERMS

    def walk(self, by: int) -> None:
        """Go to another step of the same part of the network."""
        found = self.found
        if found is not None and 0 <= found.selection.step + by < found.steps:
            self.session.probe.select(replace(found.selection, step=found.selection.step + by))

    def _choose(self, unit: int, key: str) -> None:
        found = self.found
        if found is None:
            return
        self._key = key or self._key
        self.session.probe.choose_unit(unit % len(found.step.forward["h"]))
        self.draw()
        self.ask()

    def _walk_units(self, by: int) -> None:
        if self.found is not None:
            self._choose(self._unit(self.found) + by, self._key)

    def _unit_now(self) -> int:
        return 0 if self.found is None else self._unit(self.found)

    def _unit(self, found: CellInside) -> int:
        """The selected unit or, before one is selected, the one that was found to be farthest from zero."""
        chosen = self.session.probe.unit
        return found.unit if chosen is None else min(chosen, len(found.step.forward["h"]) - 1)

    def show_found(self, found: CellInside | None) -> None:
        """Show an answer, unless it is about another unit that was asked for earlier; then the right one follows."""
        super().show_found(found)
        self._offer_controls(found is not None or not self.session.probe.text)
        if found is not None and found.unit != self._unit(found):
            self.ask()

    def _offer_controls(self, cells: bool) -> None:
        """A network without cells needs neither controls nor the height of a picture."""
        for control in self._controls:
            control.setVisible(cells)
        if not cells:
            self.subtitle.setText("")
            self.setMinimumHeight(LEAST_EMPTY_PX)

    # ---- drawing

    def draw(self) -> None:
        """Draw the picture that is visible, and the sum."""
        found, theme = self.found, self.session.theme
        if found is None:
            self.strips.show_groups((), 0, "", theme)
            self.diagram.show_step(None, "", theme)
            return
        unit = self._unit(found)
        chosen = self._key or found.gate.name
        if self.form.value() == "diagram":
            try:
                self.diagram.show_step(numbers_of(found, unit), chosen, theme)
            except ValueError:  # the cell's equations are not written in a form that a diagram can be made from
                self.form.set_value("vectors")
                self._show_form("vectors")
                return
        else:
            self.strips.show_groups(groups_of(found), unit, chosen, theme)
        self.setMinimumHeight(self._least_height())
        self.subtitle.setText(place_in_words(found))
        if found.unit == unit:
            self.sum.setText(sum_of(found))

    def _least_height(self) -> int:
        """The height that shows the whole diagram, or all vectors."""
        vectors = self.form.value() == "vectors"
        wanted = AROUND_PX + min(self.strips.minimumHeight(), MOST_VECTORS_PX)
        return max(LEAST_HEIGHT_PX, wanted) if vectors else LEAST_HEIGHT_PX

    def table(self) -> Table:
        """Every vector as a row, one column for each unit."""
        if self.found is None:
            return Table(("vector",))
        vectors = self.found.step.forward | self.found.step.backward
        rows = [(name, *values.tolist()) for name, values in vectors.items()]
        return Table(("vector", *(f"unit {i}" for i in range(max(map(len, vectors.values()))))), rows)


def inside_cell(
    snapshot: engine.Snapshot,
    probe: NetworkInput,
    label: str | None,
    selection: Selection | None,
    unit: int | None,
    key: str,
    largest: int = 5,
) -> CellInside | None:
    """Look into one step; runs in the background. Without a selection, the last step of the first layer."""
    model = snapshot.model()
    if not model.networks():
        return None
    tokens = text_to_look_at(model, snapshot, probe, label)[:MOST_STEPS]
    if len(tokens) == 0:
        return None
    trace = engine.trace(model, tokens, label=label)
    places = {(layer.part, layer.layer, layer.direction): layer for layer in trace.layers}
    first = trace.layers[0]
    if selection is None or (selection.part, selection.layer, selection.direction) not in places:
        selection = Selection(first.part, first.layer, first.direction, len(first.states) - 1)
    layer = places[(selection.part, selection.layer, selection.direction)]
    selection = replace(selection, step=min(selection.step, len(layer.states) - 1))
    where = {"label": label, "part": selection.part, "layer": selection.layer}
    direction = int(selection.direction == "backward")
    found = cell_step(model, tokens, selection.step, direction=direction, **where)  # type: ignore[arg-type]
    if selection.part in trace.frames:
        found = replace(found, symbol="")  # numbers have no name but their step
    gates = layer.cell.gates
    gate = next((i for i, one in enumerate(gates) if key == one.name), 0)
    unit = strongest_unit(layer, selection.step) if unit is None else min(unit, layer.states.shape[1] - 1)
    summed = terms(model, tokens, selection.step, unit, gate, direction=direction, largest=largest, **where)  # type: ignore[arg-type]
    return CellInside(found, selection, len(layer.states), unit, gates[gate], tuple(summed))


def numbers_of(seen: CellInside, unit: int) -> StepNumbers:
    """The numbers on the wires of the diagram."""
    forward, cell, step = seen.step.forward, seen.step.cell, seen.selection.step + 1
    sums = {gate.name: float(forward[f"{gate.name} sum"][unit]) for gate in cell.gates if f"{gate.name} sum" in forward}
    earlier = step + 1 if seen.selection.direction == "backward" else step - 1
    return StepNumbers(cell, values_of(cell, forward, unit), sums, seen.step.symbol, step, earlier)


def place_in_words(seen: CellInside) -> str:
    """The place in words: "encoder, layer 2, step 4 of 7, reads “p”"."""
    chosen = seen.selection
    words = [chosen.part, f"layer {chosen.layer + 1}", "backward" if chosen.direction == "backward" else ""]
    reads = f"reads “{visible_symbol(seen.step.symbol)}”" if seen.step.symbol else ""
    words += [f"step {chosen.step + 1} of {seen.steps}", reads]
    return ", ".join(word for word in words if word)


def groups_of(seen: CellInside) -> tuple[Group, ...]:
    """The strips in the order of the equations, forwards and then backwards."""
    step, t = seen.step, seen.selection.step + 1
    earlier = t + 1 if seen.selection.direction == "backward" else t - 1
    forward, backward = step.forward, step.backward
    cell = step.cell
    states = [state.name for state in cell.states]
    scales = {name: _scale((forward[f"{name} before"], forward[name]), LEAST_SCALE) for name in states}
    entering = [
        Strip(f"{name}{subscript(earlier)}  before", forward[f"{name} before"], scales[name]) for name in states
    ]
    if step.x is not None:
        entering.insert(0, Strip("input x", step.x, _scale([step.x]), units=False))
    symbol = visible_symbol(step.symbol)
    note = "" if step.x is not None else f"“{symbol}” picks one row of W"
    groups = [Group("Inputs", tuple(entering), note)]
    for equation in cell.equations:
        sums = [key for key in forward for name in equation.defines if key.startswith(f"{name} sum")]
        values = [name for name in equation.defines if name in forward]
        scale = _scale((forward[name] for name in sums), LEAST_SCALE)
        strips = [Strip(name, forward[name], scale, _gate_of(name, cell)) for name in sums]
        strips += [
            Strip(vector_title(name, cell), forward[name], scales.get(name, LEAST_SCALE), _gate_of(name, cell))
            for name in values
        ]
        groups.append(Group(equation.text.replace("_t", f"_{t}").replace("_{t-1}", f"_{earlier}"), tuple(strips)))
    arriving = [name for name in backward if not name.endswith(("sum", "before"))]
    gates = [name for name in backward if name.endswith("sum")]
    leaving = [name for name in backward if name.endswith("before")]
    for place, (heading, names) in enumerate(
        (
            ("Gradient at the states", arriving),
            ("Gradient at each gate’s sum" if len(gates) > 1 else "Gradient at the sum", gates),
            ("Gradient passed on to the previous step", leaving),
        )
    ):
        scale = _scale(backward[name] for name in names)
        strips = [Strip(name, backward[name], scale, _gate_of(name, cell)) for name in names]
        note = with_minus(f"scale ±{scale:.1e}") if any(backward[name].any() for name in names) else ""
        groups.append(Group(heading, tuple(strips), note, second=place == 0))
    return tuple(groups)


def vector_title(vector: str, cell: type[Cell]) -> str:
    """Titles say "gate", so that a gate is not mistaken for the values it lets in."""
    return next((gate.title for gate in cell.gates if gate.name == vector), vector)


def _gate_of(name: str, cell: type[Cell]) -> str:
    found = name.removeprefix("∂ ").partition(" sum")[0]
    return found if found in {gate.name for gate in cell.gates} else ""


def _scale(vectors: Iterable[np.ndarray], least: float = 0.0) -> float:
    """The largest magnitude, for the colours, but not below `least`; 1 if there are no numbers."""
    largest = max((float(np.max(np.abs(v[np.isfinite(v)]), initial=least)) for v in vectors), default=least)
    return largest if largest > 0 else 1.0


def sum_of(seen: CellInside) -> str:
    """One unit's sum inside a gate, written out with its numbers, and the gate's value."""
    gate, cell = seen.gate, seen.step.cell
    numbers = {name: float(vector[seen.unit]) for name, vector in seen.step.forward.items()}
    value = next(numbers[name] for name in (gate.name, cell.states[0].name) if name in numbers)
    written = [_written(term, seen.step.symbol) for term in seen.sum]
    summed = "".join(text for text, _ in written).removeprefix("+ ")
    text = f"unit {seen.unit}, {gate.title}: {f'−{summed[2:]}' if summed.startswith('− ') else summed}"

    def activated(inside: float) -> str:
        computed = float(gate.activation.function(np.asarray(inside)))
        return f"{equals(computed, value)} {fixed(value)}"

    if gate.past_through:
        names = f"{gate.name} sum, input", gate.past_through, f"{gate.name} sum, past"
        here, share, past = (numbers[name] for name in names)
        inside = f"{fixed(here)} + {number(share)} · {number(past)}"
        scaled = f"The past is multiplied by the {cell.gate(gate.past_through).title}"
        ending = activated(round(here, 2) + round(share, 2) * round(past, 2))
        return f"{text}. {scaled}: {gate.activation.name}({inside}) {ending}"
    total = sum(term.value for term in seen.sum)
    sign = equals(sum(shown for _, shown in written), total)
    return f"{text}{sign} {fixed(total)};  {gate.activation.name}({fixed(total)}) {activated(round(total, 2))}"


def _written(term: Term, symbol: str) -> tuple[str, float]:
    """ "+ 0.52·0.31 (unit 12) ", and what these rounded numbers give. symbol: the input, "" for numbers."""
    name = term.name
    if name.startswith("input "):
        name = f"input {visible_symbol(symbol)}".strip()
    if term.name.startswith("unit ") and math.isfinite(term.weight) and term.weight != 0:
        state = term.value / term.weight
        return f"+ {number(state)}·{number(term.weight)} ({name}) ", round(state, 2) * round(term.weight, 2)
    return f"{'− ' if term.value < 0 else '+ '}{fixed(abs(term.value))} ({name}) ", round(term.value, 2)
