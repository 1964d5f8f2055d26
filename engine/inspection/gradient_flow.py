"""How the gradient travels back through time, and whether it vanishes or explodes on the way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from engine.errors import ConfigError
from engine.inspection.reading import Reading, Text, read
from engine.losses import cross_entropy_gradient
from engine.models import Model
from engine.types import FloatArray

_LOST = 0.01  # a gradient below this share of its size at the last step counts as lost
_EXPLODES = 1.2  # growth per step from which on it is said to explode
_TINY = 1e-300


@dataclass(frozen=True, eq=False)
class GradientFlow:
    """Norms of ∂loss/∂h_t of the top layer, for all T steps (an encoder's first).

    norms (T,): of the loss of the whole text, its mean over all predictions. last (T,): of the loss of the last
    prediction alone, which shows how far back that one error reaches. layers: `norms` by layer and direction.
    """

    inputs: tuple[str, ...]
    norms: FloatArray
    last: FloatArray
    layers: Mapping[str, FloatArray]

    @property
    def verdict(self) -> str:
        """What becomes of the last error on its way back, in one sentence."""
        back = self.last[::-1]
        if len(back) < 2:
            return "One step: nothing to travel back through."
        if not np.isfinite(back).all():
            return "Not a number: the training has diverged."
        if back[0] <= _TINY:
            return "No gradient reaches the last state."
        ratio = back / back[0]
        steps = len(back) - 1
        growth = float(max(ratio[-1], _TINY)) ** (1 / steps)
        if growth > _EXPLODES and ratio[-1] > 1 / _LOST:
            return f"Explodes: ×{growth:.1f} per step, ×{ratio[-1]:,.0f} over {steps} steps."
        lost = np.flatnonzero(ratio < _LOST)
        if len(lost):
            first = int(lost[0])
            return f"Vanishes: 99 % is lost after {first} step{'s' if first > 1 else ''} back."
        return f"Reaches back: {100 * ratio[-1]:,.0f} % is left after {steps} step{'s' if steps > 1 else ''}."


def _norms(reading: Reading) -> dict[str, FloatArray]:
    """By layer and direction, the norm of the gradient at h of each step, in the order of the text."""
    found: dict[str, FloatArray] = {}
    for part in reading.parts:
        for k, tapes in enumerate(part.tape.recurrent.layers):
            for direction, tape in enumerate(tapes):
                gradient = tape.d_states[0][tape.packing.batch :]
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


def gradient_flow(model: Model, text: Text, label: str | None = None) -> GradientFlow:
    """∂loss/∂h_t along one text (or Example, whose target is then the truth)."""
    results: list[dict[str, FloatArray]] = []
    for last_only in (False, True):
        reading = read(model, text, label)
        if not reading.parts:
            raise ConfigError("A feed-forward network has no steps for a gradient to travel back through.")
        done = reading.done
        count = len(done.targets)
        cross_entropy_gradient(done.logits, done.targets, 1 if last_only else 1 / count)
        if last_only:
            done.logits[:, : count - 1] = 0
        model.backward(done)
        results.append(_norms(reading))
    inputs = tuple(symbol for part in reading.parts for symbol in part.inputs)
    return GradientFlow(inputs, _top(reading, results[0]), _top(reading, results[1]), results[0])


def spectral_radius(model: Model) -> dict[str, float]:
    """Largest |eigenvalue| of each recurrent matrix, by layer and gate: above 1 what is fed back can grow."""
    found: dict[str, float] = {}
    for network in model.networks().values():
        for layer in network.recurrent.layers:
            for part in layer:
                if part.memory:
                    matrices = model.parameters[f"{part.prefix}.weight_hh"].astype(np.float64)
                    if not np.isfinite(matrices).all():
                        found |= {f"{part.prefix} {gate}": float("nan") for gate in part.cell.gates}
                        continue
                    radii = np.abs(np.linalg.eigvals(matrices)).max(axis=1)
                    found |= {f"{part.prefix} {g}": float(r) for g, r in zip(part.cell.gates, radii, strict=True)}
    return found
