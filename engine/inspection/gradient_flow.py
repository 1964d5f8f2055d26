"""How the gradient travels back through time, and whether it vanishes or explodes on the way."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from engine.cells import CELLS
from engine.errors import ConfigError
from engine.inspection.reading import Reading, Text, read_text
from engine.models import Model
from engine.number_text import NARROW, SMALLEST, in_figures, percent, power_of_ten
from engine.types import DoubleArray, FloatArray

_LOST = 0.01  # a gradient below this share of its size at the last step counts as lost
# What is said of the share that arrives, from this share on: words for neighbouring shares mean nearly the same.
_GRADES = {0.5: "Lasts", 0.1: "Weakens", _LOST: "Fades"}
# A gradient goes up and down if on its way it falls by this share of what it was, and rises by that of the largest.
_TURNS = 0.2
_GROWS = 1.2  # growth factor from which the gradient counts as growing
_EXPLODES = 1.2  # growth per step at which it counts as exploding
_ONE_STEP = 0.5  # of the growth on the whole way: if one step makes up more, there is no rate of growth
_NOTHING = 1e-6  # below this share, float32 rounding dominates
_VANISHES = 0.5  # shrinkage per step at which it counts as vanishing, however short the text
_TIMES_FROM = 10.0  # if the gradient is anywhere this many times as large, all is told in multiples, not in per cent
_TINY = 1e-300
_SQUARINGS = 16  # relative error about log(H) / 2¹⁶, too small to show in two decimals


@dataclass(frozen=True, eq=False)
class GradientFlow:
    """Norms of ∂loss/∂h_t of the top layer, for all T steps (an encoder's first).

    norms (T,): of the loss of the whole text, its mean over all predictions. last (T,): of the loss of the last
    prediction alone, showing how far back that one error reaches. layers: `norms` by layer and direction. memory (T,):
    as `last`, but of the state `carrier` that carries the memory, c of an LSTM; None where that is h. remembers:
    whether a step knows of earlier ones at all.
    """

    inputs: tuple[str, ...]
    norms: FloatArray
    last: FloatArray
    layers: Mapping[str, FloatArray]
    memory: FloatArray | None = None
    carrier: str = "h"
    remembers: bool = True

    @property
    def carried(self) -> FloatArray:
        """(T,) the gradient of the last prediction at the state that carries the memory."""
        return self.last if self.memory is None else self.memory

    @property
    def vanishes(self) -> bool:
        """Whether next to nothing of the last error arrives at the first step; the headline then says so."""
        back = self.carried[::-1]
        if not self.remembers or len(back) < 2 or not np.isfinite(back).all() or back[0] <= _TINY:
            return False
        left = float(back[-1] / back[0])
        return left < _LOST and (left < _NOTHING or max(left, _TINY) ** (1 / (len(back) - 1)) < _VANISHES)

    @property
    def starts_untaught(self) -> bool:
        """Whether not only the last error vanishes on its way to the first step, but those of earlier predictions are
        lost there too, so that next to nothing can be learned from it."""
        return self.vanishes and bool(self.norms[0] < _LOST * self.norms.max())

    @property
    def headline(self) -> str:
        """What becomes of the last error on its way back, in a few words."""
        return self._judged()[0]

    @property
    def verdict(self) -> str:
        """The same in a sentence with everything that is known of it."""
        return self._judged()[1]

    def _judged(self) -> tuple[str, str]:
        back = self.carried[::-1]
        if len(back) < 2:
            return "One step: no way back.", "One step: nothing to travel back through."
        if not np.isfinite(back).all():
            return "Training has diverged.", "Not a number: training has diverged."
        if not self.remembers:
            return "No gradient flows back.", "Each symbol is read on its own, so no gradient flows back."
        if back[0] <= _TINY < back.max():  # pooling by maximum: no unit is largest at the last step
            why = "the answer is read from others"
            return "None at the last step.", f"No gradient enters at the last step: {why}."
        if back[0] <= _TINY:
            why = "as when the answer is so certain that no error is left"
            return "No gradient at all.", f"No gradient reaches the last state, {why}."
        ratio = back / back[0]
        left, steps = float(ratio[-1]), len(back) - 1
        growth = max(left, _TINY) ** (1 / steps)
        if growth > _EXPLODES and left > 1 / _LOST and _is_steady(ratio):
            each = f"Explodes: ×{growth:.1f} per step"
            return f"{each}.", f"{each}, ×{left:,.0f} over {steps} steps."
        least, largest = float(ratio.min()), float(ratio.max())
        level = _times if in_times(largest) else percent
        if left >= _LOST and _turns(ratio):
            between = f"between {level(least)} and {level(largest)} of the gradient"
            sentence = f"Up and down: {between} on its way back; {_steps(steps)} back it is {level(left)}."
            return f"Up and down: {level(left)} at step −{steps}.", sentence
        if left > _GROWS:
            size = f"{level(left)}{'' if in_times(largest) else ' of'} its size at the last step"
            sentence = f"Grows: {_steps(steps)} back the gradient is {size}."
            return f"Grows: {level(left)} at step −{steps}.", sentence
        if left >= _LOST:
            grade = next(words for least, words in _GRADES.items() if round(left, 2) >= least)
            sentence = f"{grade}: {percent(left)} of the gradient arrives {_steps(steps)} back."
            return f"{grade}: {percent(left)} at step −{steps}.", sentence
        lost = int(np.flatnonzero(ratio >= _LOST)[-1]) + 1  # from here on it stays below
        what = "Vanishes" if self.vanishes else "Fades"
        first = f"{what}: less than {percent(_LOST)} of the gradient arrives {_steps(lost)} back"
        end = "" if lost == steps else f"; {_steps(steps)} back it is {_share(left)}"
        return f"{what} within {_steps(lost)}.", f"{first}{end}."


def _steps(count: int) -> str:
    return f"{count} step{'s' if count > 1 else ''}"


def _share(value: float) -> str:
    """A small share: "0.4 %", or as the nearest power of ten where that says more."""
    if value >= SMALLEST:
        return percent(value)
    return f"about {power_of_ten(round(math.log10(max(100 * value, _TINY))))}{NARROW}%"


def in_times(largest: float) -> bool:
    """Whether shares of which this is the largest are written as multiples, in words as on an axis beside them."""
    return largest >= _TIMES_FROM


def _times(share: float) -> str:
    return f"×{in_figures(share)}"


def _turns(ratio: DoubleArray) -> bool:
    """Whether numbers (T,) both fall and rise by more than a trifle, so that the first and the last do not tell of
    those between."""
    fall = 1 - ratio / np.maximum.accumulate(ratio)
    rise = (ratio - np.minimum.accumulate(ratio)) / ratio.max()
    return bool(fall.max() >= _TURNS and rise.max() >= _TURNS)


def _is_steady(ratio: DoubleArray) -> bool:
    """Whether the growth of numbers (T,) is that of many steps, so that a factor for each tells of it: no single step
    makes up more than half of it, unless there are hardly any."""
    steps = np.diff(np.log(np.maximum(ratio, _TINY)))
    return len(steps) <= 2 or bool(steps.max() <= _ONE_STEP * steps.sum())


def state_norms(reading: Reading, state: int = 0) -> dict[str, FloatArray]:
    """By layer and direction, (T,): the norm of the gradient at one of the cell's states at each step, in the order of
    the text."""
    found: dict[str, FloatArray] = {}
    for part in reading.parts:
        for k, tapes in enumerate(part.tape.recurrent.layers):
            for direction, tape in enumerate(tapes):
                gradient = tape.d_states[state][tape.packing.batch :]
                norms = np.sqrt((gradient.astype(np.float64) ** 2).sum(axis=1))
                name = f"{part.name} {k} {('forward', 'backward')[direction]}".strip()
                found[name] = norms[::-1] if direction else norms
    return found


def _top(reading: Reading, norms: Mapping[str, FloatArray]) -> FloatArray:
    tops = []
    for part in reading.parts:
        name = f"{part.name} {len(part.tape.recurrent.layers) - 1} forward".strip()
        tops.append(norms[name])
    return np.concatenate(tops)


@np.errstate(over="ignore", invalid="ignore")  # enormous weights have no figures
def gradient_flow(model: Model, text: Text, label: str | None = None) -> GradientFlow:
    """∂loss/∂h_t along one text (or Example, whose target is then the truth)."""
    results: list[dict[str, FloatArray]] = []
    for last_only in (False, True):
        reading = read_text(model, text, label)
        if not reading.parts:
            raise ConfigError("A feed-forward network has no steps for a gradient to travel back through.")
        done = reading.done
        model.loss_gradient(done, 1 if last_only else 1 / done.count)
        if not reading.known and model.predicts.is_number and not done.logits.any():
            done.logits[:] = 1  # its own number is no error; any other would reach each step in the same shares
        if last_only:
            done.logits[:, :-1] = 0
        model.backward(done)
        results.append(state_norms(reading))
    cell = CELLS[model.config.cell]
    carrier = cell.carrier()
    memory = _top(reading, state_norms(reading, carrier)) if carrier else None
    inputs = tuple(symbol for part in reading.parts for symbol in part.inputs)
    norms, last = (_top(reading, result) for result in results)
    return GradientFlow(inputs, norms, last, results[0], memory, cell.states[carrier].name, model.remembers)


def spectral_radius(model: Model) -> dict[str, float]:
    """Largest |eigenvalue| of each recurrent matrix, by layer and gate: above 1, feedback can grow."""
    found: dict[str, float] = {}
    for network in model.networks().values():
        for layer in network.recurrent.layers:
            for part in layer:
                if part.memory:
                    radii = _spectral_radii(model.parameters[f"{part.prefix}.weight_hh"])
                    gates = zip(part.cell.gates, radii.tolist(), strict=True)
                    found |= {f"{part.prefix} {gate.name}": radius for gate, radius in gates}
    return found


@np.errstate(divide="ignore", over="ignore", invalid="ignore")  # zeros have no logarithm, enormous weights no figures
def _spectral_radii(matrices: FloatArray) -> FloatArray:
    """(N, H, H) → (N,): lim ‖Aⁿ‖^(1/n), by squaring (Gelfand's formula); several times faster than all eigenvalues."""
    power, logarithm = matrices, np.zeros(len(matrices))
    for _ in range(_SQUARINGS):
        size = np.abs(power).max(axis=(1, 2), keepdims=True)
        power = power / np.where(size == 0, 1, size)
        power, logarithm = power @ power, 2 * (logarithm + np.log(size.ravel()))
    radii: FloatArray = np.exp((logarithm + np.log(np.linalg.norm(power, axis=(1, 2)))) / 2**_SQUARINGS)
    return radii
