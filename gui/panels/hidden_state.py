"""Hidden states and gates of the probe text: units × time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu

import engine
from engine.data.numbers.recording import NetworkInput
from engine.inspection.text_search import look, typed_inputs
from engine.inspection.trace import LayerTrace
from engine.number_text import with_minus
from gui.panels.base.asking_view import STATELESS, offer
from gui.panels.base.steps_view import StepsView
from gui.plots.heat_map import EMPTY, Heat, HeatMap
from gui.plots.picture_export import Table
from gui.session.session import Session
from gui.unrolled_view.diagram import Floats
from gui.widgets.fields import Choice
from gui.widgets.symbols import visible_symbol

MOST_ROWS = 512  # more could not be told apart on a screen
STATE = "state"
LEAST_LETTERS = 11  # of the list of states and gates
SHARE_OF_ROOM = 20  # that is free in its line, beside 1 of the subtitle
ORDERS = {"number": "Units by number", "strength": "Strongest units first", "likeness": "Similar units together"}
NOTHING = "Type a text above to see its states."


@dataclass(frozen=True)
class LayerStates:
    """The states of one layer, ready to be drawn."""

    heat: Heat
    values: Floats  # (T, H), to read numbers from
    sorted_units: tuple[int, ...]  # unit of each row
    choices: dict[str, str]  # key → title of what can be chosen
    shown: str  # the key of what is drawn

    @property
    def layer(self) -> str:
        """The part, layer and direction that the states are of, in words; "" for the only ones."""
        return self.shown.partition(":")[0]


class HiddenStatePanel(StepsView[LayerStates]):
    """Each column is a step of the probe text, each row a unit: orange is negative, blue positive."""

    HELP = (
        "Each column is the hidden state after one step of the sequence. Each row is a unit: one of the numbers that "
        "the state consists of. Orange is −1 and blue is +1. Before training the rows are noise. Later some units keep "
        "one colour over many steps: they remember. The list on the right selects the memory of an LSTM or one of the "
        "gates instead, and the layer and direction. The menu ⋯ sorts the units.\n\n"
        "Ctrl and the wheel zoom into time; a double-click shows everything."
    )

    def __init__(self, session: Session, title: str) -> None:
        super().__init__(session, title, "units by steps")
        self.heat_map = HeatMap(session.theme, "hidden-state", "Hidden state: units by time")
        self.heat_map.pointed.connect(self._tell)
        self.heat_map.columns_chosen.connect(self.steps_chosen)
        self.heat_map.tip_of = self._reading
        self.what = Choice(
            "hidden-state-what",
            "State or gate to draw",
            "State or gate, of which layer and direction",
            {f":{STATE}": STATE},
        )
        self.what.setMinimumContentsLength(LEAST_LETTERS)
        self.what.changed.connect(lambda value: self.ask())
        self.header.addWidget(self.what, SHARE_OF_ROOM)
        self.content.addWidget(self.heat_map, 1)
        self.order = "number"  # of the units; a key of ORDERS

    def about(self) -> tuple[object, ...]:
        """What the picture depends on, including what is drawn and in which order."""
        return (*super().about(), self.what.value(), self.order)

    def work(self) -> Callable[[engine.Snapshot], LayerStates | None]:
        """Compute the states of the probe."""
        probe = self.session.probe
        return partial(
            layer_states, probe=probe.given, label=probe.label, what=str(self.what.value()), order=self.order
        )

    def nothing(self) -> str:
        """Say why there is no picture."""
        return STATELESS if self.session.probe.text else NOTHING

    def draw(self) -> None:
        """Draw the heat map, and list what else can be drawn."""
        seen = self.found
        if seen is not None:
            offer(self.what, seen.choices, seen.shown)
            self.what.hold_chosen(LEAST_LETTERS)
        self.what.setVisible(seen is not None)
        self.heat_map.show_heat(seen.heat if seen is not None else self.heat_map.heat, self.session.theme)

    def _reading(self, row: int, column: int) -> str:
        seen = self.found
        if seen is None or column >= len(seen.values) or row >= len(seen.sorted_units):
            return ""
        unit = seen.sorted_units[row]
        symbol = seen.heat.columns[column] if column < len(seen.heat.columns) else ""
        return f"unit {unit} · step {column + 1} {symbol} · " + with_minus(f"{seen.values[column, unit]:+.3f}")

    def make_menu(self) -> QMenu:
        """The menu of the view, and the order of the units."""
        menu = super().make_menu()
        before = menu.actions()[0]
        for key, title in ORDERS.items():
            action = QAction(title, menu)
            action.setCheckable(True)
            action.setChecked(key == self.order)
            action.triggered.connect(lambda _=False, key=key: self.sort_units(key))
            menu.insertAction(before, action)
        menu.insertSeparator(before)
        return menu

    def sort_units(self, order: str) -> None:
        """Show the units in this order from now on."""
        self.order = order
        self.ask()

    def show_steps(self, left: float, right: float, total: int) -> None:
        """Show the same steps as the gates."""
        self.heat_map.show_columns(left, right, total)

    def table(self) -> Table:
        """One row for each unit, one column for each step."""
        heat = EMPTY if self.found is None else self.found.heat
        rows = ((heat.rows[i] if i < len(heat.rows) else i, *values.tolist()) for i, values in enumerate(heat.values))
        return Table(("", *(heat.columns or map(str, range(heat.values.shape[1])))), rows)

    def _tell(self, at: tuple[int, int] | None) -> None:
        self.subtitle.setText((self._reading(*at) if at is not None else "") or "units by steps")


def layer_states(
    snapshot: engine.Snapshot, probe: NetworkInput, label: str | None, what: str, order: str = "number"
) -> LayerStates | None:
    """The chosen states or gates as colours; runs in the background."""
    found = look(snapshot, probe, label)
    if found is None or not found.trace.layers:
        return None
    trace = found.trace
    pictures = {
        f"{layer.name}:{kind}": (i, kind) for i, layer in enumerate(trace.layers) for kind in planes_of_layer(layer)
    }
    choices = {key: " · ".join(filter(None, (trace.layers[i].name, kind))) for key, (i, kind) in pictures.items()}
    alike = [key for key in pictures if key.partition(":")[2] == what.partition(":")[2]]  # of another layer
    shown = what if what in pictures else (*alike, *pictures)[0]
    index, kind = pictures[shown]
    layer = trace.layers[index]
    values = np.asarray(planes_of_layer(layer)[kind], np.float32)
    names = tuple(map(visible_symbol, typed_inputs(layer, found)))
    units = sorted_units(values, order)[:MOST_ROWS]
    rows = tuple(f"unit {unit}" if i == 0 else str(unit) for i, unit in enumerate(units))
    return LayerStates(Heat(values[:, list(units)].T, names, rows), values, units, choices, shown)


def sorted_units(values: Floats, order: str) -> tuple[int, ...]:
    """(T, H) → the H units in their order from top to bottom."""
    numbers = np.nan_to_num(np.asarray(values, np.float64), posinf=1.0, neginf=-1.0)
    if order == "strength":
        return tuple(np.argsort(-np.abs(numbers).mean(axis=0), kind="stable").tolist())
    if order == "likeness" and min(numbers.shape) > 1:
        from engine.inspection.projection import principal_components

        # by the angle in the plane of the two largest principal components: neighbours change alike over time
        points = principal_components(numbers.T).points
        return tuple(np.argsort(np.arctan2(points[:, 1], points[:, 0]), kind="stable").tolist())
    return tuple(range(numbers.shape[1]))


def planes_of_layer(layer: LayerTrace) -> dict[str, Floats]:
    """What can be drawn of a layer, by name: the state, the cell's memory if that is another one, and the gates."""
    kinds: dict[str, Floats] = {STATE: layer.states}
    if layer.memory is not None:
        kinds[f"memory {layer.cell.states[layer.cell.carrier()].name}"] = layer.memory
    return kinds | {layer.cell.gate(name).title: values for name, values in layer.gates.items()}
