"""The computation of one cell at one step, in letters and with the real numbers of one unit."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from html import escape

import numpy as np

from engine.cells.graph import parse
from engine.inspection.trace import LayerTrace
from engine.number_text import fixed
from gui.widgets.symbols import subscript

MINUS = "−"
CONTINUED = "\u00a0" * 3  # before the rest of an equation
FORMS = ("gates", "letters", "numbers", "states", "results")  # from long to short, see `equation`
INDEX = re.compile(r"_(\w+)")
SIGN = re.compile("(?=\u00a0[=≈]\u00a0)")
DOUBLE_BRACKETS = re.compile(r"\((\([^()]*\))\)")


def number(value: float) -> str:
    """A number with two decimals; if negative, in brackets, as in a sum written by hand."""
    text = fixed(value)
    return f"({text})" if text.startswith(MINUS) else text


def equals(computed: float, value: float) -> str:
    """The sign between numbers with two decimals and their result: "≈" if they give another one than `value`, because
    they are rounded. computed: what they give."""
    return "=" if fixed(computed) == fixed(value) else "≈"


def strongest_unit(layer: LayerTrace, step: int) -> int:
    """The unit whose state is farthest from zero, since its numbers show the most."""
    return int(np.argmax(np.nan_to_num(np.abs(layer.states[step]))))


def with_subscripts(text: str) -> str:
    """An equation in which the index of h_{t-1} is a subscript; other indices, as in W_f, still have an underscore,
    which `in_lines` and `equations_tip` take away."""
    return text.replace("_{t-1}", "ₜ₋₁").replace("_t", "ₜ")


def in_lines(text: str, line_px: int) -> str:
    """Lines of equations as rich text for a label. line_px: the height of each, which a subscript would make higher."""
    fixed = f"line-height: {line_px}px; -qt-line-height-type: fixed"
    return f'<p style="margin: 0; white-space: pre-wrap; {fixed}">{_lowered(text)}</p>'


def equations_tip(text: str) -> str:
    """A tooltip that shows exactly this text, but for the indices of its equations, which are subscripts."""
    return f"<p>{_lowered(text)}</p>"


def broken_at_signs(text: str, fits: Callable[[str], bool]) -> str:
    """The same with each equation that does not fit on a line continued on others, which begin with its = or ≈."""
    return re.sub(r"[^ \n]+", lambda found: _broken(found.group(), fits), text)


def _broken(line: str, fits: Callable[[str], bool]) -> str:
    """Numbers stand with their result, on a line of their own, rather than with the letters."""
    first, *parts = SIGN.split(line)
    if fits(line) or len(parts) < 2:
        return line
    lines = [first + parts[0], parts[-1]]
    for part in reversed(parts[1:-1]):
        together = part + lines[1]
        lines[1:2] = [together] if fits(CONTINUED + together) else [part, lines[1]]
    return f"\n{CONTINUED}".join(lines)


def without_marks(text: str) -> str:
    """Equations without the underscores that `in_lines` takes away, to measure them."""
    return INDEX.sub(r"\1", text)


def _lowered(text: str) -> str:
    """Everything after an underscore as a subscript, since few letters have one of their own."""
    return INDEX.sub(r"<sub>\1</sub>", escape(text, quote=False)).replace("\n", "<br>")


def step_before(layer: LayerTrace, step: int) -> int:
    """The number (from 1) of the step whose state is read at `step` (from 0); 0 where that is the start, which is
    zeros at every step of a network without memory."""
    if not layer.remembers:
        return 0
    return step + 2 if layer.direction == "backward" else step


def equation(layer: LayerTrace, step: int, unit: int, form: str = "letters") -> str:
    """The equations of the states at `step` (from 0), each followed by the same with the numbers of `unit`.

    Gates and previous states that do not occur in them follow. Lines break only between equations. form: "gates" has
    the equations of all gates too, each on a line; "numbers" leaves out the letters, "states" also everything that is
    not a state, and "results" everything but the results.
    """
    between = "\n" if form == "gates" else "  "
    return between.join(line.replace(" ", "\u00a0") for line in _lines(layer, step, unit, form))


def _lines(layer: LayerTrace, step: int, unit: int, form: str) -> list[str]:
    cell = layer.cell
    earlier = step_before(layer, step)
    t, before = subscript(step + 1), subscript(earlier)
    now = {name: float(values[step, unit]) for name, values in layer.by_state.items()}
    letters = {cell.gate(name).letter: float(values[step, unit]) for name, values in layer.gates.items()}
    letters |= {f"{name}_t": value for name, value in now.items()}
    for name, values in layer.by_state.items():
        inside = 0 < earlier <= len(values)
        letters[f"{name}_{{t-1}}"] = float(values[earlier - 1, unit] if inside else layer.start[name][unit])
    lines, used = [], set[str]()
    inner = cell.inner_gates()
    shown = now | {gate.name: letters[gate.letter] for gate in inner if form == "gates"}
    for written in cell.equations:
        for name in shown.keys() & set(written.defines):
            gate = next((gate for gate in cell.gates if gate.name in written.defines), None)
            if gate is None:
                numbers, found = _filled_in(written.text.partition(" = ")[2], letters)
                used |= found
                computed = _computed(written.text, letters)
            else:  # an activated sum with too many terms to write out
                total = gate.activation.inverse(shown[name])
                numbers = f"{gate.activation.name}({'≤ 0' if total is None else fixed(total)})"
                computed = float(gate.activation.function(np.asarray(round(total or 0.0, 2))))
            text = written.text if form in ("gates", "letters") else written.text.partition(" = ")[0]
            text = text.replace("_{t-1}", before).replace("_t", t)
            last = " = " if form == "results" else f" = {numbers} {equals(computed, shown[name])} "
            lines.append(f"{text}{last}{fixed(shown[name])}")
    if form in ("states", "results"):
        return lines
    rest = [gate for gate in inner if gate.letter not in used and gate.name not in shown]
    lines += [f"{gate.name} {gate.letter} = {number(letters[gate.letter])}" for gate in rest]
    if not any(letter.endswith("_{t-1}") for letter in used):
        lines += [f"before: {name}{before} = {fixed(letters[f'{name}_{{t-1}}'])}" for name in now]
    return lines


def _computed(text: str, letters: Mapping[str, float]) -> float:
    """The right side of an equation with rounded numbers for its letters, NaN if it is not in the form of others."""
    rounded = {
        (letter.removesuffix("_{t-1}").removesuffix("_t"), letter.endswith("_{t-1}")): np.asarray(round(value, 2))
        for letter, value in letters.items()
    }
    try:
        return float(parse(text).value(rounded))
    except ValueError:
        return math.nan


def _filled_in(text: str, letters: Mapping[str, float]) -> tuple[str, set[str]]:
    """An expression with numbers for its letters, and the letters it has."""
    longest_first = sorted(letters, key=len, reverse=True)
    pattern = rf"(?<!\w)(?:{'|'.join(map(re.escape, longest_first))})(?![\w(])"
    numbers = re.sub(pattern, lambda found: number(letters[found.group()]), text).replace(" ⊙ ", "·")
    return DOUBLE_BRACKETS.sub(r"\1", numbers), set(re.findall(pattern, text))
