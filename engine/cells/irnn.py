"""IRNN: Le, Jaitly and Hinton, "A simple way to initialize recurrent networks of rectified linear units" (2015)."""

from __future__ import annotations

from typing import final

import numpy as np

from engine.cells.cell import Arrays, ByLetter
from engine.cells.cell_description import RELU, Equation, Gate, OnnxOperator, Role, TorchLayer, relu
from engine.cells.ungated import UngatedCell
from engine.types import FloatArray


@final
class IRNN(UngatedCell):
    """Rectified linear units whose recurrent matrix starts as the identity: before training, a non-negative state is
    copied unchanged from step to step, and so is its gradient. A cure for vanishing gradients that needs no gates."""

    title = "IRNN"
    summary = (
        "An RNN of rectified linear units whose recurrent matrix starts as the identity, so that it begins by "
        "remembering everything (Le, Jaitly and Hinton, 2015)."
    )
    merit = "As few weights as a plain RNN, yet it begins by remembering everything."
    gates = (Gate("hidden", "h", RELU, Role.STATE, identity=True),)
    equations = (Equation("h_t = relu(W x_t + U h_{t-1} + b)", ("hidden", "h")),)
    torch = TorchLayer("RNN", {"nonlinearity": "relu"})
    onnx = OnnxOperator("RNN", ("hidden",), activations=("Relu",))

    @staticmethod
    def equation(x: FloatArray, old: Arrays, w: ByLetter, u: ByLetter, b: ByLetter) -> dict[str, FloatArray]:
        """h = max(0, W x + U h' + b)"""
        (h,) = old
        h = relu(x @ w["h"] + h @ u["h"] + b["h"])
        return {"hidden": h, "h": h}

    def forward(self, z: FloatArray, r: FloatArray, old: Arrays, new: Arrays, saved: Arrays, bias: FloatArray) -> None:
        h = new[0]
        np.add(z[0], r[0], h)
        np.maximum(h, self.zero, out=h)  # h = max(0, a)

    def factors(self, z: FloatArray, old: FloatArray, new: Arrays, saved: Arrays, delta: FloatArray) -> None:
        np.sign(new[0], delta[0])  # h = max(0, a): 1 where a > 0, else 0
