"""What one cell computes at one step, in letters and in the real numbers of one unit."""

from __future__ import annotations

import numpy as np

from engine.inspection import LayerTrace
from gui.widgets.symbols import subscript

MINUS = "−"


def number(value: float) -> str:
    """Two digits after the point; a negative number in brackets, as in a sum written by hand."""
    text = f"{abs(value):.2f}"
    return f"({MINUS}{text})" if value < 0 and text != "0.00" else text


def result(value: float) -> str:
    """Two digits after the point, with a proper minus."""
    text = f"{abs(value):.2f}"
    return f"{MINUS}{text}" if value < 0 and text != "0.00" else text


def strongest_unit(layer: LayerTrace, step: int) -> int:
    """The unit whose state is farthest from zero: its numbers show most."""
    return int(np.argmax(np.nan_to_num(np.abs(layer.states[step]))))


def equation(layer: LayerTrace, cell: str, step: int, unit: int) -> str:
    """The cell's equation at `step` (from 0), followed by the same with the numbers of `unit`.

    Blanks do not break inside an equation, only between two.
    """
    return "  ".join(part.replace(" ", "\u00a0") for part in _equations(layer, cell, step, unit))


def _equations(layer: LayerTrace, cell: str, step: int, unit: int) -> tuple[str, ...]:
    backward = layer.direction == "backward"
    earlier = step + 1 if backward else step - 1
    t, before = subscript(step + 1), subscript(earlier + 1)
    inside = 0 <= earlier < len(layer.states)
    h_before = float(layer.states[earlier, unit]) if inside else float(layer.initial[unit])
    h = float(layer.states[step, unit])
    gates = {name: float(values[step, unit]) for name, values in layer.gates.items()}
    if cell == "lstm" and layer.memory is not None:
        c = float(layer.memory[step, unit])
        c_before = _memory_before(layer, earlier, inside, step, unit)
        f, i, g, o = (number(gates[name]) for name in ("forget", "input", "candidate", "output"))
        return (
            f"c{t} = f ⊙ c{before} + i ⊙ g = {f}·{number(c_before)} + {i}·{g} = {result(c)}",
            f"h{t} = o ⊙ tanh(c{t}) = {o}·tanh({result(c)}) = {result(h)}",
        )
    if cell == "gru":
        z, n = number(gates["update"]), number(gates["candidate"])
        letters = f"h{t} = (1 {MINUS} z) ⊙ n + z ⊙ h{before}"
        return (
            f"{letters} = (1 {MINUS} {z})·{n} + {z}·{number(h_before)} = {result(h)}",
            f"reset r = {number(gates['reset'])}",
        )
    inner = float(np.arctanh(np.clip(h, -0.999999, 0.999999)))
    return (
        f"h{t} = tanh(W x{t} + U h{before} + b) = tanh({result(inner)}) = {result(h)}",
        f"before: h{before} = {result(h_before)}",
    )


def _memory_before(layer: LayerTrace, earlier: int, inside: bool, step: int, unit: int) -> float:
    """c of the step before. Where a decoder's first c comes from the encoder it is what the equation leaves over."""
    assert layer.memory is not None
    if inside:
        return float(layer.memory[earlier, unit])
    forget = float(layer.gates["forget"][step, unit])
    added = float(layer.gates["input"][step, unit] * layer.gates["candidate"][step, unit])
    return (float(layer.memory[step, unit]) - added) / forget if forget > 1e-6 else 0.0
