"""Hidden states and gates of the probe text: units × time."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu

import engine
from engine.inspection import LayerTrace, principal_components
from engine.inspection.text_search import as_typed, look
from gui.panels.base.view import View
from gui.plots.heat_map import Heat, HeatMap
from gui.plots.picture_export import Table
from gui.session.questions import Asker
from gui.session.session import Session
from gui.unrolled_view.diagram import Floats
from gui.widgets.fields import Choice
from gui.widgets.symbols import visible_symbol
from gui.widgets.text import text_label

MOST_ROWS = 512  # tiles that a screen can still tell apart
STATE = "state"
ORDERS = {"number": "Units by number", "strength": "Strongest units first", "likeness": "Units that are alike together"}
NOTHING = "Type a text above to see its states."
STATELESS = "A feed-forward network carries no state."


@dataclass(frozen=True)
class Seen:
    """What was asked for, ready to be drawn."""

    heat: Heat
    values: Floats  # (T, H), for reading off a number
    sorted_units: tuple[int, ...]  # unit of each row
    choices: dict[str, str]  # key → title of what can be chosen


class HiddenStatePanel(View):
    """Each column is a step of the probe text, each row a unit: orange is negative, blue positive."""

    HELP = (
        "Each column is the hidden state after one symbol of the text, each row a unit. Orange is −1, blue +1. Before "
        "training the rows are noise; later some units keep one colour over many steps: they remember. In the list at "
        "the right the memory of an LSTM and the gates can be chosen instead, and each layer and direction; the menu ⋯ "
        "sorts the units.\n\n"
        "Ctrl and the wheel zoom into time, a double click shows all."
    )

    def __init__(self, session: Session) -> None:
        super().__init__(session, "Hidden state", "units × time")
        self.heat_map = HeatMap(session.theme, "hidden-state", "Hidden state: units by time")
        self.heat_map.pointed.connect(self._tell)
        self.heat_map.told = self._tooltip
        self.what = Choice(
            "hidden-state-what", "What is drawn", "State or gate, of which layer and direction", {f"0:{STATE}": STATE}
        )
        self.what.setSizeAdjustPolicy(Choice.SizeAdjustPolicy.AdjustToContents)  # "layer 1 forward · state" is long
        self.what.setMinimumContentsLength(12)
        self.what.changed.connect(lambda value: self._ask(by_user=True))
        self.hint = text_label(NOTHING, "muted", wrap=True)
        self.hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.hint.hide()
        self.header.addWidget(self.what)
        self.body.addWidget(self.heat_map, 1)
        self.body.addWidget(self.hint, 1)
        self.seen: Seen | None = None
        self.order = "number"  # of the units; a key of ORDERS
        self._asker = Asker(session, "hidden-state")
        self._asked_for: tuple[object, ...] = ()

    def refresh(self) -> None:
        """Ask for the states of the probe with the newest weights."""
        session = self.session
        wanted = (session.probe, session.label, session.theme.name, session.run)
        by_user, self._asked_for = wanted != self._asked_for, wanted
        if by_user:
            self.heat_map.show_heat(self.heat_map.heat, session.theme)
        self._ask(by_user)

    def _ask(self, by_user: bool) -> None:
        session = self.session
        work = partial(see, probe=session.probe, label=session.label, what=str(self.what.value()), order=self.order)
        (self._asker.ask if by_user else self._asker.follow)(work, self._show, self._refuse)

    def _show(self, seen: Seen | None) -> None:
        self.seen = seen
        self.hint.setVisible(seen is None)
        self.heat_map.setVisible(seen is not None)
        self.what.setVisible(seen is not None)
        if seen is None:
            self.hint.setText(NOTHING if not self.session.probe else STATELESS)
            return
        self._offer(seen.choices)
        self.heat_map.show_heat(seen.heat, self.session.theme)

    def _refuse(self, message: str) -> None:
        self.seen = None
        self.heat_map.hide()
        self.what.hide()
        self.hint.setText(message)
        self.hint.show()

    def _offer(self, choices: dict[str, str]) -> None:
        present = {str(self.what.itemData(i)): self.what.itemText(i) for i in range(self.what.count())}
        if present == choices:
            return
        chosen = str(self.what.value())
        self.what.clear()
        for key, title in choices.items():
            self.what.addItem(title, key)
        self.what.set_value(chosen if chosen in choices else next(iter(choices)))

    def _reading(self, row: int, column: int) -> str:
        seen = self.seen
        if seen is None or column >= len(seen.values) or row >= len(seen.sorted_units):
            return ""
        unit = seen.sorted_units[row]
        symbol = seen.heat.columns[column] if column < len(seen.heat.columns) else ""
        return f"unit {unit} · step {column + 1} {symbol} · {seen.values[column, unit]:+.3f}"

    def make_menu(self) -> QMenu:
        """Also the order of the units."""
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
        self._ask(by_user=True)

    def table(self) -> Table:
        """One row for each unit, one column for each step."""
        heat = self.heat_map.heat
        rows = ((heat.rows[i] if i < len(heat.rows) else i, *values.tolist()) for i, values in enumerate(heat.values))
        return Table(("", *(heat.columns or map(str, range(heat.values.shape[1])))), rows)

    def _tooltip(self, row: int, column: int) -> str:
        return self._reading(row, column)

    def _tell(self, at: tuple[int, int] | None) -> None:
        self.subtitle.setText((self._reading(*at) if at is not None else "") or "units × time")


def see(snapshot: engine.Snapshot, probe: str, label: str | None, what: str, order: str = "number") -> Seen | None:
    """The chosen states or gates as colours; runs in the background."""
    found = look(snapshot, probe, label)
    if found is None or not found.trace.layers:
        return None
    trace = found.trace
    pictures = {f"{i}:{kind}": (i, kind) for i, layer in enumerate(trace.layers) for kind in kinds_of(layer)}
    choices = {key: " · ".join(filter(None, (trace.layers[i].name, kind))) for key, (i, kind) in pictures.items()}
    index, kind = pictures.get(what) or next(iter(pictures.values()))
    layer = trace.layers[index]
    values = np.asarray(kinds_of(layer)[kind], np.float32)
    inputs, _ = as_typed(layer.inputs, found.tokens if layer.part != "decoder" else (), found.model)
    names = tuple(visible_symbol(symbol) for symbol in inputs)
    units = sorted_units(values, order)[:MOST_ROWS]
    rows = tuple(f"unit {unit}" if i == 0 else str(unit) for i, unit in enumerate(units))
    return Seen(Heat(values[:, list(units)].T, names, rows), values, units, choices)


def sorted_units(values: Floats, order: str) -> tuple[int, ...]:
    """(T, H) → the units from above to below."""
    numbers = np.nan_to_num(np.asarray(values, np.float64), posinf=1.0, neginf=-1.0)
    if order == "strength":
        return tuple(np.argsort(-np.abs(numbers).mean(axis=0), kind="stable").tolist())
    if order == "likeness" and min(numbers.shape) > 1:
        # around the circle of the two largest principal components: neighbours take the same course through time
        points = principal_components(numbers.T).points
        return tuple(np.argsort(np.arctan2(points[:, 1], points[:, 0]), kind="stable").tolist())
    return tuple(range(numbers.shape[1]))


def kinds_of(layer: LayerTrace) -> dict[str, Floats]:
    """What can be drawn of a layer, by name: the state, the memory of an LSTM, and the gates."""
    kinds: dict[str, Floats] = {STATE: layer.states}
    if layer.memory is not None:
        kinds["memory c"] = layer.memory
    return kinds | {name if name == "candidate" else f"{name} gate": gate for name, gate in layer.gates.items()}
