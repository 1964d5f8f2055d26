"""A network that reads a whole source and hands one state to its read-out: the last one, or all of them pooled."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import DTypeLike

from engine.config import ModelConfig
from engine.data.codec import Codec
from engine.data.examples import Examples
from engine.models.rows import source_rows
from engine.network.packing import Packing
from engine.network.sequence_network import SymbolNetwork, SymbolTape
from engine.network.workspace import Workspace
from engine.types import FloatArray, IntArray


@dataclass
class PooledTape:
    """What `PooledNetwork.forward` keeps: output (B, H · directions), by sorted place."""

    packing: Packing
    body: SymbolTape
    output: FloatArray
    winners: IntArray | None  # (B, H · directions) row of each maximum

    @property
    def winning_steps(self) -> IntArray | None:
        """(H · directions,): with pooling by maximum, the step at which each unit is largest, for a single example;
        otherwise None."""
        return None if self.winners is None else self.winners[0].copy()


class PooledNetwork:
    """Sources → (B, H · directions), as `pooling` says."""

    def __init__(self, config: ModelConfig, codec: Codec, dtype: DTypeLike) -> None:
        self.network = SymbolNetwork.of_source(config, codec, dtype)
        self.pooling, self.hidden_size = config.pooling, config.hidden_size
        self.dtype: np.dtype[Any] = np.dtype(dtype)
        self.output_size = self.network.output_size

    def forward(self, work: Workspace, examples: Examples, rng: np.random.Generator | None) -> PooledTape:
        """Read all sources."""
        packing, ids = source_rows(examples, self.network, end=False)
        body = self.network.forward(work, packing, ids, None, rng, examples.codec.source)
        output, winners = self._pool(packing, body)
        return PooledTape(packing, body, output, winners)

    def _pool(self, packing: Packing, body: SymbolTape) -> tuple[FloatArray, IntArray | None]:
        """The read-out's input and, for the maximum, the row each number comes from."""
        if self.pooling == "last":
            return np.concatenate([part[0] for part in body.recurrent.final[-1]], axis=1), None
        batch, steps, size = packing.batch, packing.steps, body.output.shape[1]
        filler = -np.inf if self.pooling == "max" else 0
        table = np.full((batch, steps, size), filler, self.dtype)
        table[packing.sequence_of_row, packing.step_of_row] = body.output
        if self.pooling == "mean":
            return table.sum(axis=1) / packing.lengths[:, None].astype(self.dtype), None
        best = table.argmax(axis=1)
        return table.max(axis=1), packing.offset_array[best] + np.arange(batch)[:, None]

    def backward(self, work: Workspace, tape: PooledTape, d_output: FloatArray) -> None:
        """Through the pooling, then through time. d_output: (B, H · directions)."""
        size = self.hidden_size
        if self.pooling == "last":
            d_final = tape.body.recurrent.final.zeros_like()
            for direction, states in enumerate(d_final[-1]):
                states[0] = d_output[:, direction * size : (direction + 1) * size]
            self.network.backward(work, tape.body, None, d_final)
            return
        d_states = work.arena.zeros(*tape.body.output.shape)
        if tape.winners is not None:
            d_states[tape.winners, np.arange(d_states.shape[1])] = d_output
        else:
            shares = d_output / tape.packing.lengths[:, None].astype(self.dtype)
            np.take(shares, tape.packing.sequence_of_row, axis=0, out=d_states, mode="clip")
        self.network.backward(work, tape.body, d_states)
