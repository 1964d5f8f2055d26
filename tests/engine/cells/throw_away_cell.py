"""A cell that nothing knows but its own class: one gate keeps and writes, another shows; the memory is called m."""

from __future__ import annotations

from collections.abc import Mapping
from typing import final

import numpy as np

from engine.cells.cell import Arrays, ByLetter, Cell
from engine.cells.cell_description import SIGMOID, TANH, Equation, Gate, Role, State, sigmoid, tanh
from engine.types import FloatArray


@final
class Locker(Cell):
    """Planes: candidate, keep, show."""

    title = "Locker"
    summary = "A cell for a test."
    merit = "Throw it away when the test is over."
    gates = (
        Gate("keep", "k", SIGMOID, Role.KEEPS, bias=0.5),
        Gate("candidate", "n", TANH, Role.CANDIDATE),
        Gate("door", "d", SIGMOID, Role.SHOWS),
    )
    states = (State("h", carries=False), State("m", carries=True))
    equations = (
        Equation("k = σ(W_k x_t + U_k h_{t-1} + b_k)", ("keep",)),
        Equation("n = tanh(W_n x_t + U_n h_{t-1} + b_n)", ("candidate",)),
        Equation("d = σ(W_d x_t + U_d h_{t-1} + b_d)", ("door",)),
        Equation("m_t = k ⊙ m_{t-1} + (1 − k) ⊙ n", ("m",)),
        Equation("h_t = d ⊙ m_t", ("h",)),
    )
    factor_state = 1

    @staticmethod
    def equation(x: FloatArray, old: Arrays, w: ByLetter, u: ByLetter, b: ByLetter) -> dict[str, FloatArray]:
        """h = d m, m = k m' + (1 − k) n"""
        h, m = old
        k = sigmoid(x @ w["k"] + h @ u["k"] + b["k"])
        n = tanh(x @ w["n"] + h @ u["n"] + b["n"])
        d = sigmoid(x @ w["d"] + h @ u["d"] + b["d"])
        m = k * m + (1 - k) * n
        h = d * m
        return {"keep": k, "candidate": n, "door": d, "m": m, "h": h}

    def forward(self, z: FloatArray, r: FloatArray, old: Arrays, new: Arrays, saved: Arrays, bias: FloatArray) -> None:
        np.tanh(z + r, z)
        z[1:] = (z[1:] + 1) / 2
        candidate, keep, door = z
        new[1][:] = keep * old[1] + (1 - keep) * candidate
        new[0][:] = door * new[1]

    def factors(self, z: FloatArray, old: FloatArray, new: Arrays, saved: Arrays, delta: FloatArray) -> None:
        candidate, keep, door = z
        delta[0] = (1 - keep) * (1 - candidate**2)
        delta[1] = (old - candidate) * keep * (1 - keep)
        delta[2] = new[1] * door * (1 - door)

    def backward(
        self, delta: FloatArray, z: FloatArray, saved: Arrays, d_new: Arrays, d_old: Arrays, spare: FloatArray
    ) -> None:
        d_h, d_m = d_new
        d_m += d_h * z[2]
        delta[:2] *= d_m
        delta[2] *= d_h
        d_old[1][:] = d_m * z[1]

    def straight(self, gates: Mapping[str, FloatArray], d_new: Arrays) -> list[FloatArray]:
        return [np.zeros_like(d_new[0]), d_new[1] * gates["keep"]]
