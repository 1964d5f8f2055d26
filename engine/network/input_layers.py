"""The layers between the input of a step and the first cell: a table of vectors for symbols, a matrix for numbers."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import final

import numpy as np

from engine.network.layers import add_rows
from engine.network.workspace import Workspace
from engine.types import FloatArray, IntArray


class InputLayer(ABC):
    """Inputs of N rows → (N, E). Its one parameter has the shape (V, E) for V symbols, or (D, E) for D numbers."""

    def __init__(self, prefix: str, inputs: int, size: int) -> None:
        self.name = f"{prefix}.weight"
        self.shape = (inputs, size)

    def shapes(self) -> dict[str, tuple[int, ...]]:
        """Name and shape of the parameter."""
        return {self.name: self.shape}

    @abstractmethod
    def forward(self, work: Workspace, x: FloatArray | IntArray) -> FloatArray:
        """x: ids (N,), or numbers (N, D) → (N, E)."""

    @abstractmethod
    def backward(self, work: Workspace, x: FloatArray | IntArray, d_rows: FloatArray) -> None:
        """Write the gradient of the parameter; d_rows: (N, E)."""


@final
class Embedding(InputLayer):
    """ids (N,) → rows (N, E) of a learned table (V, E)."""

    def forward(self, work: Workspace, x: IntArray) -> FloatArray:
        """ids (N,) → their rows of the table, (N, E)."""
        out = work.arena.take(len(x), self.shape[1])
        return np.take(work.parameters[self.name], x, axis=0, out=out, mode="clip")

    def backward(self, work: Workspace, x: IntArray, d_rows: FloatArray) -> None:
        """Sum the gradients d_rows (N, E) by id."""
        add_rows(x, d_rows, work.gradients[self.name])


@final
class LinearInput(InputLayer):
    """Numbers (N, D) → x W, (N, E). Without a bias: each gate of the cell behind it adds its own."""

    def forward(self, work: Workspace, x: FloatArray) -> FloatArray:
        """(N, D) → x W, (N, E)."""
        return np.matmul(x, work.parameters[self.name], out=work.arena.take(len(x), self.shape[1]))

    def backward(self, work: Workspace, x: FloatArray, d_rows: FloatArray) -> None:
        """Write the gradient of W (D, E). d_rows: (N, E)."""
        np.matmul(x.T, d_rows, out=work.gradients[self.name])  # rows = x W
