"""The symbols beside each symbol: which characters stand before and after one says what word it is part of.

Each is looked up in a small table of its own, so that a symbol seen as a neighbour may mean something else than where
it stands itself (the character window of Collobert et al., "Natural language processing (almost) from scratch", 2011).
"""

from __future__ import annotations

from typing import final

import numpy as np

from engine.data.vocabulary import END_ID
from engine.network.input_layers import Embedding
from engine.network.packing import Packing
from engine.network.workspace import Workspace
from engine.types import FloatArray, IntArray

_SIZE = 32  # of the vector of one neighbour: small, because there are two beside each symbol


@final
class Neighbours:
    """ids (N,) → rows (N, size): the vector of the symbol before, then that of the symbol after. Beyond its ends, a
    text goes on with the end symbol."""

    size = 2 * _SIZE

    def __init__(self, prefix: str, vocabulary_size: int) -> None:
        self.table = Embedding(f"{prefix}.neighbour_embedding", vocabulary_size, _SIZE)

    def shapes(self) -> dict[str, tuple[int, ...]]:
        """The one table."""
        return self.table.shapes()

    def forward(self, work: Workspace, packing: Packing, ids: IntArray) -> tuple[FloatArray, IntArray]:
        """ids (N,) → rows (N, size), and the ids of the neighbours (N, 2), which `backward` needs."""
        around = np.full((len(ids), 2), END_ID)
        before = packing.previous[packing.batch :] - packing.batch  # rows before those that are not the first
        around[packing.batch :, 0] = ids[before]
        around[before, 1] = ids[packing.batch :]
        return self.table.forward(work, around.ravel()).reshape(len(ids), self.size), around

    def backward(self, work: Workspace, around: IntArray, d_rows: FloatArray) -> None:
        """Write the gradient of the table. d_rows: (N, size)."""
        self.table.backward(work, around.ravel(), d_rows.reshape(around.size, -1))
