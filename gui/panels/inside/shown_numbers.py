"""What is shown of a step: the numbers on the wires of the diagram, the strips of all vectors, and words."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping

import numpy as np

from engine.cells import Cell
from engine.cells.cell_description import Gate
from engine.inspection.cell_step import Term
from engine.number_text import fixed, with_minus
from engine.types import FloatArray
from gui.panels.inside.cell_inside import CellInside
from gui.plots.cell_diagram import StepNumbers
from gui.plots.cell_layout import values_of
from gui.plots.strips import Group, Strip
from gui.unrolled_view.equation import equals, number
from gui.widgets.symbols import subscript, visible_symbol

UNBROKEN = "\u00a0"  # around the last sign of an equation: no line ends between it and the result
LEAST_SCALE = 1.0  # of states, sums and gates, most of which lie between −1 and 1


def numbers_of(seen: CellInside, unit: int) -> StepNumbers:
    """The numbers on the wires of the diagram."""
    forward, cell, step = seen.step.forward, seen.step.cell, seen.selection.step + 1
    sums = {gate.name: _sum_in(gate, forward, unit) for gate in cell.gates}
    entering = f"= {seen.reads}" if seen.selection.layer else seen.reads
    return StepNumbers(cell, values_of(cell, forward, unit), sums, entering, step, seen.before)


def _sum_in(gate: Gate, forward: Mapping[str, FloatArray], unit: int) -> float:
    """What a gate's activation is applied to."""
    if not gate.past_through:
        return float(forward[f"{gate.name} sum"][unit])
    here, share, past = (forward[name] for name in _parts_of_sum(gate))
    return float(here[unit] + share[unit] * past[unit])


def _parts_of_sum(gate: Gate) -> tuple[str, str, str]:
    """The vectors of a sum whose past another gate multiplies: from the input, that gate, the past."""
    return f"{gate.name} sum, input", gate.past_through, f"{gate.name} sum, past"


def place_in_words(seen: CellInside) -> tuple[str, ...]:
    """The place in words, from long to short: "encoder, layer 1 forward, step 4 of 7, reads “p”", …, "step 4"."""
    chosen, step = seen.selection, f"step {seen.selection.step + 1}"
    layer = [chosen.part, f"layer {chosen.layer + 1}{f' {chosen.direction}' * seen.both}"]
    reads = f"reads {seen.reads}" if seen.reads else ""
    numbered = f"{step} of {seen.steps}"
    wordings = [*layer, numbered, reads], [*layer, numbered], [chosen.part, numbered], [chosen.part, step], [step]
    return tuple(", ".join(filter(None, words)) for words in wordings)


def groups_of(seen: CellInside) -> tuple[Group, ...]:
    """The strips in the order of the equations, forwards and then backwards."""
    step, t, earlier = seen.step, seen.selection.step + 1, seen.before
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
        return f"{equals(computed, value)}{UNBROKEN}{fixed(value)}"

    if gate.past_through:
        here, share, past = (numbers[name] for name in _parts_of_sum(gate))
        inside = f"{fixed(here)} + {number(share)} · {number(past)}"
        scaled = f"The past is multiplied by the {cell.gate(gate.past_through).title}"
        ending = activated(round(here, 2) + round(share, 2) * round(past, 2))
        return f"{text.rstrip()}. {scaled}: {gate.activation.name}({inside}){UNBROKEN}{ending}"
    total = sum(term.value for term in seen.sum)
    sign = equals(sum(shown for _, shown in written), total)
    result = f"{gate.activation.name}({fixed(total)}){UNBROKEN}{activated(round(total, 2))}"
    return f"{text}{sign}{UNBROKEN}{fixed(total)};  {result}"


def _written(term: Term, symbol: str) -> tuple[str, float]:
    """ "+ 0.52·0.31 (unit 12) ", and what these rounded numbers give. symbol: the input, "" for numbers."""
    name = term.name
    if name.startswith("input "):
        name = f"input {visible_symbol(symbol)}".strip()
    if term.name.startswith("unit ") and math.isfinite(term.weight) and term.weight != 0:
        state = term.value / term.weight
        return f"+ {number(state)}·{number(term.weight)} ({name}) ", round(state, 2) * round(term.weight, 2)
    return f"{'− ' if term.value < 0 else '+ '}{fixed(abs(term.value))} ({name}) ", round(term.value, 2)
