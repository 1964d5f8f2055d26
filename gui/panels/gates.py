"""All gates of one layer side by side, units × time, while it reads the probe text."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
from PySide6.QtWidgets import QGridLayout, QWidget

import engine
from engine.cells import CELLS, Cell
from engine.cells.cell_description import Gate
from engine.data.numbers.recording import NetworkInput
from engine.inspection.text_search import look, typed_inputs
from engine.number_text import fixed
from gui.panels.base.asking_view import offer
from gui.panels.base.steps_view import StepsView
from gui.plots.heat_map import EMPTY, Heat, HeatMap
from gui.plots.picture_export import Table
from gui.session.session import Session
from gui.widgets.box_layouts import stacked
from gui.widgets.fields import Choice
from gui.widgets.symbols import visible_symbol
from gui.widgets.text import ElidedLabel, explain

MOST_ROWS = 512
LEAST_MAP_PX = 45
LEAST_LETTERS = 6  # of the list of layers
SCALE = "gates: 0 = closed, 1 = open; candidate: −1 to 1"
BRIEFER_SCALES = ["gates: 0 = closed, 1 = open", "0 = closed, 1 = open", "gates 0 to 1"]
NOTHING = "Type a text above to see the gates at work."
WITHOUT_CELLS = "A feed-forward network has no cells and therefore no gates."
NO_GATES = "This cell ({title}) has no gates: its state is overwritten at each step. Choose {others}."


@dataclass(frozen=True, eq=False)
class Gates:
    """A picture of each gate, and the layers to choose from."""

    heats: dict[Gate, Heat]
    choices: dict[str, str]


class GatesPanel(StepsView[Gates]):
    """One heat map for each gate, all with the same units and steps."""

    HELP = (
        "Gates are numbers between 0 (pale, closed) and 1 (blue, open) that other numbers are multiplied by, unit by "
        "unit. Where the gate that keeps the old state is open (forget in an LSTM, update in a GRU), or the one that "
        "overwrites it (forget in an MGU) is closed, a unit is carried through time unchanged: this is how the network "
        "remembers over many steps, and why its gradient does not vanish. Otherwise it forgets, often at the end of a "
        "word or sentence. Candidates lie between −1 (orange) and 1 (blue)."
    )

    def __init__(self, session: Session, title: str) -> None:
        super().__init__(session, title, SCALE)
        self.subtitle.setText(SCALE, *BRIEFER_SCALES)
        explain(self.subtitle, "Gates lie between 0 (closed) and 1 (open), candidates between −1 and 1.")
        self.layer = Choice("gates-layer", "Layer", "Layer and direction whose gates are shown", {})
        self.layer.changed.connect(lambda value: self.ask())
        self.layer.hide()
        self.header.addWidget(self.layer, 1)
        self.cells: list[_Titled] = []  # enough for every cell
        self.grid = QGridLayout()
        self.grid.setSpacing(8)
        self.content.addLayout(self.grid, 1)

    def nothing(self) -> str:
        """Say why there is no picture."""
        run = self.session.run
        if "cell" in run.network.unused:
            return WITHOUT_CELLS
        cell = CELLS[run.model_config.cell]
        return no_gates(cell) if not cell.inner_gates() and self.session.probe.text else NOTHING

    def about(self) -> tuple[object, ...]:
        """What the picture depends on, including the layer."""
        return (*super().about(), self.layer.value())

    def work(self) -> Callable[[engine.Snapshot], Gates | None]:
        """Compute the gates over the probe."""
        session = self.session
        return partial(gates_of, probe=session.probe.given, label=session.probe.label, wanted=str(self.layer.value()))

    def draw(self) -> None:
        """Draw a picture of each gate, two in a row; an odd one at the end has the row to itself."""
        heats = self.found.heats if self.found is not None else {}
        if self.found is not None:
            offer(self.layer, self.found.choices)
            self.layer.hold_chosen(LEAST_LETTERS)
        self.layer.setVisible(self.found is not None and self.layer.count() > 1)
        while len(self.cells) < len(heats):
            self.cells.append(self._titled(len(self.cells)))
        for number, cell in enumerate(self.cells):
            alone = number % 2 == 0 and number == len(heats) - 1
            self.grid.addWidget(cell, number // 2, number % 2, 1, 2 if alone else 1)
            cell.setVisible(number < len(heats))
        for (gate, heat), cell in zip(heats.items(), self.cells, strict=False):
            cell.show_heat(gate, heat, self.session)

    def _titled(self, number: int) -> _Titled:
        cell = _Titled(self.session, number)
        cell.heat_map.columns_chosen.connect(self.steps_chosen)
        cell.heat_map.columns_chosen.connect(self.show_steps)
        return cell

    def show_steps(self, left: float, right: float, total: int) -> None:
        """Show the same steps in every gate."""
        for cell in self.cells:
            cell.heat_map.show_columns(left, right, total)

    def table(self) -> Table:
        """One row for each gate, step and unit."""
        heats = self.found.heats if self.found is not None else {}
        rows = (
            (gate.name, step + 1, symbol, unit, value)
            for gate, heat in heats.items()
            for step, symbol in enumerate(heat.columns)
            for unit, value in enumerate(heat.values[:, step].tolist())
        )
        return Table(("gate", "step", "symbol", "unit", "value"), rows)


class _Titled(QWidget):
    """A heat map under its name."""

    def __init__(self, session: Session, number: int) -> None:
        super().__init__()
        self.title = ElidedLabel()
        self.title.setProperty("role", "small")
        self.heat_map = HeatMap(session.theme, f"gate-{number}", "Gate: units by time")
        self.heat_map.setMinimumSize(90, LEAST_MAP_PX)  # two of them need no more height than other views
        self.heat_map.tip_of = self._tip
        self.heat_map.show_heat(EMPTY, session.theme)
        self.gate = ""
        stacked(self.title, (self.heat_map, 1), of=self, gap=2)

    def show_heat(self, gate: Gate, heat: Heat, session: Session) -> None:
        """Draw one gate."""
        self.gate = gate.name
        self.title.setText(gate.caption, gate.title)
        self.heat_map.setAccessibleName(f"{gate.name}: units by time")
        self.heat_map.show_heat(heat, session.theme)

    def _tip(self, row: int, column: int) -> str:
        heat = self.heat_map.heat
        symbol = heat.columns[column] if column < len(heat.columns) else ""
        return f"{self.gate}, unit {row}, step {column + 1} {symbol}: {fixed(heat.values[row, column], 3)}"


def no_gates(cell: type[Cell]) -> str:
    """Why there is no picture, and which cells would have one."""
    *some, last = [other.title for other in CELLS.values() if other.is_gated()]
    return NO_GATES.format(title=cell.title, others=f"{', '.join(some)} or {last}")


def gates_of(snapshot: engine.Snapshot, probe: NetworkInput, label: str | None, wanted: str) -> Gates | None:
    """The gates of one layer; runs in the background. wanted: the layer's name; anything else: the first."""
    found = look(snapshot, probe, label)
    if found is None or not found.trace.layers or not found.trace.layers[0].gates:
        return None
    layers = found.trace.layers
    layer = next((each for each in layers if each.name == wanted), layers[0])
    names = tuple(map(visible_symbol, typed_inputs(layer, found)))
    heats = {}
    for gate in layer.cell.inner_gates():
        heats[gate] = Heat(np.asarray(layer.gates[gate.name], np.float32)[:, :MOST_ROWS].T, names, ())
    return Gates(heats, {each.name: each.name or "layer 1" for each in layers})
