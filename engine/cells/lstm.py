"""Long short-term memory: Hochreiter and Schmidhuber (1997), with a forget gate (Gers et al., 2000), no peepholes."""

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
    State,
    TorchLayer,
    sigmoid,
    tanh,
)
from engine.types import FloatArray


@final
class LSTM(Cell):
    """Long short-term memory. Planes: candidate, input, forget, output.

    The forget gate starts at bias 1, so that the cell remembers from the first step (Jozefowicz, Zaremba and Sutskever,
    2015).
    """

    title = "LSTM"
    summary = "Long short-term memory: a memory c beside the state, guarded by three gates."
    merit = "A memory of its own, guarded by gates, holds what matters over many steps."
    gates = (
        Gate("input", "i", SIGMOID, Role.WRITES),
        Gate("forget", "f", SIGMOID, Role.KEEPS, bias=1.0),
        Gate("candidate", "g", TANH, Role.CANDIDATE),
        Gate("output", "o", SIGMOID, Role.SHOWS),
    )
    states = (State("h", carries=False), State("c", carries=True))
    equations = (
        Equation("i = σ(W_i x_t + U_i h_{t-1} + b_i)", ("input",)),
        Equation("f = σ(W_f x_t + U_f h_{t-1} + b_f)", ("forget",)),
        Equation("g = tanh(W_g x_t + U_g h_{t-1} + b_g)", ("candidate",)),
        Equation("o = σ(W_o x_t + U_o h_{t-1} + b_o)", ("output",)),
        Equation("c_t = f ⊙ c_{t-1} + i ⊙ g", ("c",)),
        Equation("h_t = o ⊙ tanh(c_t)", ("h",)),
    )
    torch = TorchLayer("LSTM")
    onnx = OnnxOperator("LSTM", ("input", "output", "forget", "candidate"))
    factor_state = 1
    saved_arrays = 1  # tanh(c)

    @staticmethod
    def equation(x: FloatArray, old: Arrays, w: ByLetter, u: ByLetter, b: ByLetter) -> dict[str, FloatArray]:
        """h = o tanh(c), c = f c' + i g"""
        h, c = old
        i = sigmoid(x @ w["i"] + h @ u["i"] + b["i"])
        f = sigmoid(x @ w["f"] + h @ u["f"] + b["f"])
        g = tanh(x @ w["g"] + h @ u["g"] + b["g"])
        o = sigmoid(x @ w["o"] + h @ u["o"] + b["o"])
        c = f * c + i * g
        h = o * tanh(c)
        return {"input": i, "forget": f, "candidate": g, "output": o, "c": c, "h": h}

    def forward(self, z: FloatArray, r: FloatArray, old: Arrays, new: Arrays, saved: Arrays, bias: FloatArray) -> None:
        np.add(z, r, r)
        np.tanh(r, r)  # g = tanh(a_g); the others tanh(a/2)
        sigmoids = r[1:]
        np.multiply(sigmoids, self.half, sigmoids)
        np.add(sigmoids, self.half, z[1:])  # i, f, o = (1 + tanh(a/2)) / 2
        g, i, f, o = z[0], z[1], z[2], z[3]  # twice as quick as unpacking z
        (h, c), tanh_c, scratch = new, saved[0], r[0]
        g[...] = scratch
        np.multiply(f, old[1], c)
        np.multiply(i, g, scratch)
        np.add(c, scratch, c)  # c = f c' + i g
        np.tanh(c, tanh_c)
        np.multiply(o, tanh_c, h)  # h = o tanh(c)

    def factors(self, z: FloatArray, old: FloatArray, new: Arrays, saved: Arrays, delta: FloatArray) -> None:
        g, i, o, tanh_c = z[0], z[1], z[3], saved[0]
        sigmoids, d_sigmoids, d_g = z[1:], delta[1:], delta[0]
        np.subtract(self.one, sigmoids, d_sigmoids)
        np.multiply(d_sigmoids, sigmoids, d_sigmoids)  # σ' = σ (1 − σ)
        np.multiply(delta[3], tanh_c, delta[3])  # h = o tanh(c), w.r.t. o
        np.multiply(tanh_c, tanh_c, tanh_c)
        np.subtract(self.one, tanh_c, tanh_c)
        np.multiply(tanh_c, o, tanh_c)  # h = o tanh(c), w.r.t. c: o (1 − tanh² c)
        np.multiply(delta[2], old, delta[2])  # c = f c' + i g, w.r.t. f
        np.multiply(delta[1], g, delta[1])  # … w.r.t. i
        np.multiply(g, g, d_g)
        np.subtract(self.one, d_g, d_g)
        np.multiply(d_g, i, d_g)  # … w.r.t. g, through tanh

    def backward(
        self, delta: FloatArray, z: FloatArray, saved: Arrays, d_new: Arrays, d_old: Arrays, spare: FloatArray
    ) -> None:
        d_h, d_c = d_new
        d_o = delta[3]
        np.multiply(d_o, d_h, d_o)  # h = o tanh(c), w.r.t. o
        np.multiply(d_h, saved[0], spare)
        np.add(d_c, spare, d_c)  # … w.r.t. c
        through_c = delta[:3]
        np.multiply(through_c, d_c, through_c)  # c = f c' + i g, w.r.t. g, i and f
        np.multiply(d_c, z[2], d_old[1])  # … w.r.t. c'

    def straight(self, gates: Mapping[str, FloatArray], d_new: Arrays) -> list[FloatArray]:
        d_h, d_c = d_new
        return [np.zeros_like(d_h), d_c * gates["forget"]]  # c = f c' + i g, w.r.t. c'
