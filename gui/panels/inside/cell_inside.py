"""What is looked at inside a cell: one step, and the sum inside one gate of one unit. Computed in the background."""

from __future__ import annotations

from dataclasses import dataclass, replace

import engine
from engine.cells.cell_description import Gate
from engine.data.numbers.recording import NetworkInput
from engine.inspection.cell_step import CellStep, Term, cell_step, terms
from engine.inspection.text_search import Look, text_to_look_at, typed_inputs
from gui.session.probe import PlayedCell, Selection
from gui.unrolled_view.cell_names import states_below
from gui.unrolled_view.equation import step_before, strongest_unit
from gui.widgets.symbols import visible_symbol

MOST_STEPS = 2000  # of a text: with more, the backward pass takes too long to follow live


@dataclass(frozen=True, eq=False)
class CellInside:
    """One step, and the sum inside one gate of one unit. both: whether the network reads in two directions."""

    step: CellStep
    selection: Selection
    before: int  # the number of the step whose state comes in
    steps: int  # of this part of the text
    unit: int
    gate: Gate
    sum: tuple[Term, ...]
    both: bool = False

    @property
    def reads(self) -> str:
        """ "“but”", or "h₄ of layer 1", of both its directions if there are two; "" where numbers are read."""
        if self.selection.layer:
            return states_below(self.selection.step + 1, self.selection.layer, both=self.both)
        return f"“{visible_symbol(self.step.symbol)}”" if self.step.symbol else ""


def inside_cell(
    snapshot: engine.Snapshot,
    probe: NetworkInput,
    label: str | None,
    selection: Selection | None,
    unit: int | None,
    key: str,
    largest: int = 5,
    played: PlayedCell | None = None,
) -> CellInside | None:
    """Look into one step; runs in the background. Without a selection, the last step of the first layer.

    played: look into this cell instead, with the weights and the example of Play.
    """
    if played is not None:
        snapshot, selection = played.snapshot, played.selection
    model = snapshot.model()
    if not model.networks():
        return None
    if played is not None:
        text = played.example
    else:
        text = text_to_look_at(model, snapshot, probe, label)[:MOST_STEPS]
        if len(text) == 0:
            return None
    trace = engine.trace(model, text, label=label)
    places = {(layer.part, layer.layer, layer.direction): layer for layer in trace.layers}
    first = trace.layers[0]
    if selection is None or (selection.part, selection.layer, selection.direction) not in places:
        selection = Selection(first.part, first.layer, first.direction, len(first.states) - 1)
    layer = places[(selection.part, selection.layer, selection.direction)]
    selection = replace(selection, step=min(selection.step, len(layer.states) - 1))
    where = {"label": label, "part": selection.part, "layer": selection.layer}
    direction = int(selection.direction == "backward")
    found = cell_step(model, text, selection.step, direction=direction, **where)  # type: ignore[arg-type]
    if selection.part in trace.frames or selection.layer:
        found = replace(found, symbol="")  # numbers and the states of the layer below have no name but their step
    else:
        tokens = text.source if isinstance(text, engine.Example) else text
        look = Look(trace, tokens, snapshot.config, type(model))
        found = replace(found, symbol=typed_inputs(layer, look)[selection.step])
    gates = layer.cell.gates
    gate = next((i for i, one in enumerate(gates) if key == one.name), 0)
    unit = strongest_unit(layer, selection.step) if unit is None else min(unit, layer.states.shape[1] - 1)
    summed = terms(model, text, selection.step, unit, gate, direction=direction, largest=largest, **where)  # type: ignore[arg-type]
    before = step_before(layer, selection.step)
    both = (selection.part, selection.layer, "backward") in places
    return CellInside(found, selection, before, len(layer.states), unit, gates[gate], tuple(summed), both)
