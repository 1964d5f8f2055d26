"""Symbols in, states out: one-hot or embedded symbols, read by recurrent layers. The common part of every shape."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import DTypeLike

from engine.arena import Arena
from engine.config import ModelConfig
from engine.layers import Embedding, drop
from engine.packing import Packing
from engine.parameters import Parameters
from engine.recurrent import Recurrent, States, Tape
from engine.types import FloatArray, IntArray


@dataclass
class SymbolTape:
    """What `SymbolNetwork.forward` leaves for its backward pass."""

    ids: IntArray
    mask: FloatArray | None
    recurrent: Tape

    @property
    def output(self) -> FloatArray:
        """(N, H · directions) states of the top layer."""
        return self.recurrent.output


class SymbolNetwork:
    """ids (N,) → states (N, H · directions). With `embedding_size` 0 the symbols enter one-hot."""

    def __init__(
        self,
        prefix: str,
        config: ModelConfig,
        vocabulary_size: int,
        dtype: DTypeLike,
        *,
        bidirectional: bool = False,
        memory: bool = True,
    ) -> None:
        self.vocabulary_size = vocabulary_size
        self.dropout = config.dropout
        size = config.embedding_size
        self.embedding = Embedding(f"{prefix}.embedding", vocabulary_size, size) if size else None
        self.recurrent = Recurrent(
            config.cell,
            prefix,
            size or vocabulary_size,
            config.hidden_size,
            config.num_layers,
            dtype,
            bidirectional,
            config.dropout,
            memory,
        )
        self.output_size = self.recurrent.output_size

    def shapes(self) -> dict[str, tuple[int, ...]]:
        """Names and shapes of all parameters."""
        table = {} if self.embedding is None else self.embedding.shapes()
        return table | self.recurrent.shapes()

    def forward(
        self,
        parameters: Parameters,
        arena: Arena,
        packing: Packing,
        ids: IntArray,
        initial: Sequence[Sequence[States]] | None = None,
        rng: np.random.Generator | None = None,
    ) -> SymbolTape:
        """Read all rows. Dropout acts on the embedding and between layers, and only when `rng` is given."""
        x: FloatArray | IntArray = ids
        mask = None
        if self.embedding is not None:
            x = self.embedding.forward(parameters, arena, ids)
            if rng is not None and self.dropout > 0:
                x, mask = drop(x, self.dropout, rng, arena)
        return SymbolTape(ids, mask, self.recurrent.forward(parameters, arena, packing, x, initial, rng))

    def backward(
        self,
        parameters: Parameters,
        gradients: Parameters,
        arena: Arena,
        tape: SymbolTape,
        d_output: FloatArray | None,
        d_final: Sequence[Sequence[States]] | None = None,
    ) -> list[list[States]]:
        """Backwards through all; returns the gradient of the initial states."""
        d_x, d_initial = self.recurrent.backward(
            parameters, gradients, arena, tape.recurrent, d_output, d_final, want_input=self.embedding is not None
        )
        if self.embedding is not None and d_x is not None:
            if tape.mask is not None:
                np.multiply(d_x, tape.mask, out=d_x)
            self.embedding.backward(gradients, tape.ids, d_x)
        return d_initial
