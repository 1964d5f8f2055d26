"""Minimal gated unit: Zhou et al., "Minimal gated unit for recurrent neural networks" (2016), in a reset-after form."""

from __future__ import annotations

from collections.abc import Mapping
from typing import final

import numpy as np

from engine.cells.cell import Arrays, ByLetter, Cell
from engine.cells.cell_description import SIGMOID, TANH, Equation, Gate, Role, sigmoid, tanh
from engine.types import FloatArray


@final
class MGU(Cell):
    """Minimal gated unit. The paper has U_n (f ⊙ h') in the candidate, a second product that must wait for the gate;
    here the gate comes after the matrix, f ⊙ (U_n h' + b_hn), so that one product serves the whole step.

    Planes of z: candidate, forget; of r: forget, candidate; of delta: candidate from the input, forget, candidate from
    the past.
    """

    title = "MGU"
    summary = (
        "Minimal gated unit (Zhou et al., 2016): one gate does the work of the GRU's two. The gate multiplies the past "
        "after the matrix, as in the GRU here, and not before it as in the paper."
    )
    merit = "A single gate: fewer weights than a GRU, and it still remembers."
    gates = (
        Gate("forget", "f", SIGMOID, Role.WRITES, meaning="how much is replaced, and how much of the past is used"),
        Gate("candidate", "n", TANH, Role.CANDIDATE, past_through="forget"),
    )
    equations = (
        Equation("f = σ(W_f x_t + U_f h_{t-1} + b_f)", ("forget",)),
        Equation("n = tanh(W_n x_t + b_n + f ⊙ (U_n h_{t-1} + b_hn))", ("candidate",)),
        Equation("h_t = (1 − f) ⊙ h_{t-1} + f ⊙ n", ("h",)),
    )
    saved_arrays = 1  # U_n h' + b_hn; going back, 1 − f

    @staticmethod
    def equation(x: FloatArray, old: Arrays, w: ByLetter, u: ByLetter, b: ByLetter) -> dict[str, FloatArray]:
        """h = (1 − f) h' + f n"""
        (h,) = old
        f = sigmoid(x @ w["f"] + h @ u["f"] + b["f"])
        n = tanh(x @ w["n"] + b["n"] + f * (h @ u["n"] + b["hn"]))
        h = (1 - f) * h + f * n
        return {"forget": f, "candidate": n, "h": h}

    def forward(self, z: FloatArray, r: FloatArray, old: Arrays, new: Arrays, saved: Arrays, bias: FloatArray) -> None:
        candidate, forget = z
        (gate, past), out, h = r, saved[0], new[0]
        np.add(forget, gate, gate)
        np.tanh(gate, gate)
        np.multiply(gate, self.half, gate)
        np.add(gate, self.half, forget)  # f = (1 + tanh(a/2)) / 2
        np.add(past, bias, out)
        np.multiply(forget, out, h)
        np.add(candidate, h, candidate)
        np.tanh(candidate, candidate)  # n = tanh(a_n + f past)
        np.subtract(candidate, old[0], h)
        np.multiply(h, forget, h)
        np.add(h, old[0], h)  # h = h' + f (n − h')

    def factors(self, z: FloatArray, old: FloatArray, new: Arrays, saved: Arrays, delta: FloatArray) -> None:
        candidate, forget, past = z[0], z[1], saved[0]
        d_candidate, d_forget, d_past = delta
        np.multiply(candidate, candidate, d_candidate)
        np.subtract(self.one, d_candidate, d_candidate)
        np.multiply(d_candidate, forget, d_candidate)  # h = h' + f (n − h'), w.r.t. n, through tanh: f (1 − n²)
        np.multiply(past, d_candidate, past)  # n = tanh(a_n + f past), w.r.t. f
        np.subtract(candidate, old, d_forget)  # h = h' + f (n − h'), w.r.t. f: n − h'
        np.add(d_forget, past, d_forget)
        np.multiply(d_candidate, forget, d_past)  # n = tanh(a_n + f past), w.r.t. past
        np.subtract(self.one, forget, past)
        np.multiply(d_forget, forget, d_forget)
        np.multiply(d_forget, past, d_forget)  # σ' = σ (1 − σ)

    def backward(
        self, delta: FloatArray, z: FloatArray, saved: Arrays, d_new: Arrays, d_old: Arrays, spare: FloatArray
    ) -> None:
        d_h, d_past = d_new[0], d_old[0]
        np.multiply(delta, d_h, delta)
        np.multiply(d_h, saved[0], spare)
        np.add(d_past, spare, d_past)  # h = h' + f (n − h'), w.r.t. h': 1 − f

    def straight(self, gates: Mapping[str, FloatArray], d_new: Arrays) -> list[FloatArray]:
        return [d_new[0] * (1 - gates["forget"])]  # h = h' + f (n − h'), w.r.t. h'
