"""Gated recurrent unit: Cho et al. (2014), in the reset-after form of cuDNN, PyTorch and Keras."""

from __future__ import annotations

from collections.abc import Mapping
from typing import final

import numpy as np

from engine.cells.cell import Arrays, ByLetter, Cell
from engine.cells.cell_description import (
    SIGMOID,
    TANH,
    Equation,
    Gate,
    OnnxOperator,
    Role,
    TorchLayer,
    sigmoid,
    tanh,
)
from engine.types import FloatArray


@final
class GRU(Cell):
    """Gated recurrent unit with the reset applied after the matrix.

    Planes of z: candidate, reset, update; of r: reset, update, candidate. delta has four planes, [candidate from the
    input, reset, update, candidate from the past], because the reset gate comes between the candidate's
    recurrent part and the candidate itself.
    """

    title = "GRU"
    summary = (
        "Gated recurrent unit: one gate mixes old state and candidate, another decides how much of the past is used."
    )
    merit = "Needs fewer weights than an LSTM and usually learns just as well."
    gates = (
        Gate("reset", "r", SIGMOID, Role.RESETS),
        Gate("update", "z", SIGMOID, Role.KEEPS),
        Gate("candidate", "n", TANH, Role.CANDIDATE, past_through="reset"),
    )
    equations = (
        Equation("r = σ(W_r x_t + U_r h_{t-1} + b_r)", ("reset",)),
        Equation("z = σ(W_z x_t + U_z h_{t-1} + b_z)", ("update",)),
        Equation("n = tanh(W_n x_t + b_n + r ⊙ (U_n h_{t-1} + b_hn))", ("candidate",)),
        Equation("h_t = (1 − z) ⊙ n + z ⊙ h_{t-1}", ("h",)),
    )
    torch = TorchLayer("GRU")
    onnx = OnnxOperator("GRU", ("update", "reset", "candidate"), attributes={"linear_before_reset": 1})
    saved_arrays = 1  # U_n h' + b_hn

    @staticmethod
    def equation(x: FloatArray, old: Arrays, w: ByLetter, u: ByLetter, b: ByLetter) -> dict[str, FloatArray]:
        """h = (1 − z) n + z h'"""
        (h,) = old
        r = sigmoid(x @ w["r"] + h @ u["r"] + b["r"])
        z = sigmoid(x @ w["z"] + h @ u["z"] + b["z"])
        n = tanh(x @ w["n"] + b["n"] + r * (h @ u["n"] + b["hn"]))
        h = (1 - z) * n + z * h
        return {"reset": r, "update": z, "candidate": n, "h": h}

    def forward(self, z: FloatArray, r: FloatArray, old: Arrays, new: Arrays, saved: Arrays, bias: FloatArray) -> None:
        gates, sigmoids = z[1:], r[:2]
        np.add(gates, sigmoids, sigmoids)
        np.tanh(sigmoids, sigmoids)
        np.multiply(sigmoids, self.half, sigmoids)
        np.add(sigmoids, self.half, gates)  # r, z = (1 + tanh(a/2)) / 2
        candidate, reset, update = z
        past, h = saved[0], new[0]
        np.add(r[2], bias, past)
        np.multiply(reset, past, h)
        np.add(candidate, h, candidate)
        np.tanh(candidate, candidate)  # n = tanh(a_n + r past)
        np.subtract(old[0], candidate, h)
        np.multiply(h, update, h)
        np.add(h, candidate, h)  # h = n + z (h' − n)

    def factors(self, z: FloatArray, old: FloatArray, new: Arrays, saved: Arrays, delta: FloatArray) -> None:
        candidate, reset, past = z[0], z[1], saved[0]
        sigmoids, d_sigmoids = z[1:], delta[1:3]
        np.subtract(old, candidate, delta[3])
        np.multiply(candidate, candidate, delta[0])
        np.subtract(self.one, delta[0], delta[0])  # n = tanh(…): 1 − n²
        np.subtract(self.one, sigmoids, d_sigmoids)
        np.multiply(delta[0], delta[2], delta[0])  # h = n + z (h' − n), w.r.t. n: 1 − z
        np.multiply(d_sigmoids, sigmoids, d_sigmoids)  # σ' = σ (1 − σ)
        np.multiply(delta[2], delta[3], delta[2])  # h = n + z (h' − n), w.r.t. z: h' − n
        np.multiply(delta[1], past, delta[1])  # n = tanh(a_n + r past), w.r.t. r
        np.copyto(delta[3], reset)  # … w.r.t. past

    def backward(
        self, delta: FloatArray, z: FloatArray, saved: Arrays, d_new: Arrays, d_old: Arrays, spare: FloatArray
    ) -> None:
        d_h = d_new[0]
        straight, through_candidate = delta[0::2], delta[1::2]
        np.multiply(straight, d_h, straight)  # w.r.t. n and z
        np.multiply(through_candidate, delta[0], through_candidate)  # w.r.t. r and past
        d_past = d_old[0]
        np.multiply(d_h, z[2], spare)
        np.add(d_past, spare, d_past)  # h = n + z (h' − n), w.r.t. h'

    def straight(self, gates: Mapping[str, FloatArray], d_new: Arrays) -> list[FloatArray]:
        return [d_new[0] * gates["update"]]  # h = n + z (h' − n), w.r.t. h'
