"""The common part of cells without gates."""

from __future__ import annotations

from abc import ABC
from collections.abc import Mapping

import numpy as np

from engine.cells.cell import Arrays, Cell
from engine.types import FloatArray


class UngatedCell(Cell, ABC):
    """h = f(W x + U h' + b): the only gate is the new state itself, and the past reaches it through U alone."""

    def backward(
        self, delta: FloatArray, z: FloatArray, saved: Arrays, d_new: Arrays, d_old: Arrays, spare: FloatArray
    ) -> None:
        factor = delta[0]
        np.multiply(factor, d_new[0], factor)

    def straight(self, gates: Mapping[str, FloatArray], d_new: Arrays) -> list[FloatArray]:
        return [np.zeros_like(d_new[0])]  # all of h' passes through U
