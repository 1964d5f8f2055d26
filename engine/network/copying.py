"""Copying: the next symbol may be taken from the place in the source that attention looks at.

    p(y) = (1 − g) · softmax(scores)[y] + g · Σ attention[s] over the places s whose symbol is y,  g = σ(w · state + b)

Of the target t, the part r = (1 − g) · softmax(scores)[t] / p(t) is written and the rest copied. The error of a step,
−ln p(t), goes back in these parts: the scores get r · (softmax(scores) − one-hot of t), which is what they get without
copying times r, and what attention weighs by, (1 − r) · (attention − its own parts at the places whose symbol is t).
The sum in g gets g − (1 − r).

See, Liu and Manning, "Get to the point: summarization with pointer-generator networks" (2017), with the gate read from
the attended state.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.network.losses import softmax
from engine.network.parameters import Parameters
from engine.network.workspace import Workspace
from engine.types import FloatArray, IntArray

_SMALLEST = 1e-20  # smallest probability: float32 cannot represent anything below it


@dataclass
class CopyTape:
    """What `Copying.forward` keeps: the probabilities (K, N) of writing, of copying and of both mixed, and the gate
    (N,)."""

    states: FloatArray  # (N, H)
    symbols: IntArray  # (N, S) the target symbol at each place of the source
    written: FloatArray
    copied: FloatArray
    mixed: FloatArray
    gate: FloatArray

    @property
    def part(self) -> FloatArray:
        """(K, N) the part of each mixed probability that is copied; over all K they add up to the gate."""
        return self.gate * self.copied


class Copying:
    """Mixes the read-out's distribution with that of the source's symbols, weighted by attention."""

    def __init__(self, prefix: str, size: int) -> None:
        self.weight, self.bias = f"{prefix}.weight", f"{prefix}.bias"
        self.size = size

    def shapes(self) -> dict[str, tuple[int, ...]]:
        """Names and shapes of the gate: weight (H,), bias (1,)."""
        return {self.weight: (self.size,), self.bias: (1,)}

    def forward(
        self, parameters: Parameters, scores: FloatArray, states: FloatArray, heat: FloatArray, symbols: IntArray
    ) -> tuple[FloatArray, CopyTape]:
        """scores (K, N), states (N, H), heat (N, S) attention, symbols (N, S) → log-probabilities (K, N)."""
        gate = 1 / (1 + np.exp(-(states @ parameters[self.weight] + parameters[self.bias])))
        written, copied = softmax(scores), np.zeros_like(scores)
        rows = np.broadcast_to(np.arange(len(states))[:, None], symbols.shape)
        places = (symbols * len(states) + rows).ravel()
        flat = np.bincount(places, heat.ravel(), minlength=scores.size)
        copied.reshape(-1)[:] = flat
        mixed = np.maximum((1 - gate) * written + gate * copied, _SMALLEST)
        return np.log(mixed), CopyTape(states, symbols, written, copied, mixed, gate)

    def backward(
        self, work: Workspace, tape: CopyTape, d_logs: FloatArray
    ) -> tuple[FloatArray, FloatArray, FloatArray]:
        """d_logs (K, N) → gradients of the scores (K, N), the states (N, H) and the attention (N, S)."""
        gate = tape.gate
        d_mixed = d_logs / tape.mixed  # logs = ln mixed
        d_gate = (d_mixed * (tape.copied - tape.written)).sum(axis=0)  # mixed = (1 − g) written + g copied
        d_written = (1 - gate) * d_mixed
        d_scores = tape.written * (d_written - (tape.written * d_written).sum(axis=0))  # written = softmax(scores)
        rows = np.arange(len(gate))[:, None]
        d_heat = gate[:, None] * d_mixed[tape.symbols, rows]  # copied[symbols[n, s], n] += heat[n, s]
        d_sum = d_gate * gate * (1 - gate)  # g = σ(states w + b)
        np.matmul(d_sum, tape.states, out=work.gradients[self.weight])
        work.gradients[self.bias][:] = d_sum.sum()
        return d_scores, d_sum[:, None] * work.parameters[self.weight], d_heat
