"""Elman network: "Finding structure in time" (1990)."""

from __future__ import annotations

from typing import final

import numpy as np

from engine.cells.cell import Arrays, ByLetter
from engine.cells.cell_description import TANH, Equation, Gate, OnnxOperator, Role, TorchLayer, tanh
from engine.cells.ungated import UngatedCell
from engine.types import FloatArray


@final
class RNN(UngatedCell):
    """Elman network."""

    title = "RNN"
    summary = "A plain recurrent network: each step overwrites the whole state."
    merit = "The fewest weights and the quickest steps, where little has to be remembered for long."
    gates = (Gate("hidden", "h", TANH, Role.STATE),)
    equations = (Equation("h_t = tanh(W x_t + U h_{t-1} + b)", ("hidden", "h")),)
    torch = TorchLayer("RNN")
    onnx = OnnxOperator("RNN", ("hidden",))

    @staticmethod
    def equation(x: FloatArray, old: Arrays, w: ByLetter, u: ByLetter, b: ByLetter) -> dict[str, FloatArray]:
        """h = tanh(W x + U h' + b)"""
        (h,) = old
        h = tanh(x @ w["h"] + h @ u["h"] + b["h"])
        return {"hidden": h, "h": h}

    def forward(self, z: FloatArray, r: FloatArray, old: Arrays, new: Arrays, saved: Arrays, bias: FloatArray) -> None:
        h = new[0]
        np.add(z[0], r[0], h)
        np.tanh(h, h)  # h = tanh(a)

    def factors(self, z: FloatArray, old: FloatArray, new: Arrays, saved: Arrays, delta: FloatArray) -> None:
        np.multiply(new[0], new[0], delta[0])
        np.subtract(self.one, delta[0], delta[0])  # h = tanh(a): 1 − h²
