"""Recurrent layers on top of each other, in one direction or both."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import DTypeLike

from engine.network.layers import drop
from engine.network.packing import Packing
from engine.network.recurrent import LayerInput, LayerTape, RecurrentLayer, TableRows, reordered
from engine.network.states import StackStates, States
from engine.network.workspace import Arena, Workspace
from engine.types import FloatArray


@dataclass
class Tape:
    """Kept by the forward pass of a stack: `output` (N, H·directions) and the last states of every part."""

    packing: Packing
    layers: list[list[LayerTape]]  # [layer][direction]
    masks: list[FloatArray | None]  # (N, D) dropout before each layer
    output: FloatArray
    final: StackStates  # (B, H), by sorted place

    @property
    def initial(self) -> StackStates:
        """The states before the first step, (B, H) by sorted place."""
        batch = self.packing.batch
        return StackStates(
            [[[state[:batch].copy() for state in part.states] for part in layer] for layer in self.layers]
        )


class Recurrent:
    """Layers of a cell on top of each other, read in one direction or in both.

    (N, D) or ids (N,) → (N, H · directions). Dropout acts between layers, as in PyTorch.
    """

    def __init__(
        self,
        cell: str,
        prefix: str,
        input_size: int,
        hidden_size: int,
        num_layers: int,
        dtype: DTypeLike,
        bidirectional: bool = False,
        dropout: float = 0.0,
        memory: bool = True,
    ) -> None:
        self.directions = 2 if bidirectional else 1
        self.hidden_size = hidden_size
        self.output_size = hidden_size * self.directions
        self.dropout = dropout
        self.layers: list[list[RecurrentLayer]] = []
        for layer in range(num_layers):
            size = input_size if layer == 0 else self.output_size
            names = [f"{prefix}.{layer}", f"{prefix}.{layer}.reverse"][: self.directions]
            self.layers.append([RecurrentLayer(cell, name, size, hidden_size, dtype, memory) for name in names])

    def shapes(self) -> dict[str, tuple[int, ...]]:
        """Names and shapes of all parameters."""
        return {name: shape for layer in self.layers for part in layer for name, shape in part.shapes().items()}

    def forward(
        self,
        work: Workspace,
        packing: Packing,
        x: LayerInput,
        initial: StackStates | None = None,
        rng: np.random.Generator | None = None,
    ) -> Tape:
        """All layers. x: (N, D), rows of a table, or ids (N,). initial: (B, H) by sorted place. rng: draws dropout;
        None for none."""
        tapes: list[list[LayerTape]] = []
        masks: list[FloatArray | None] = []
        final: list[list[States]] = []
        ends = packing.batch + packing.last_rows
        for k, layer in enumerate(self.layers):
            mask = None
            if k and rng is not None and self.dropout > 0:
                assert isinstance(x, np.ndarray)  # states of the layer below
                x, mask = drop(x, self.dropout, rng, work.arena)
            masks.append(mask)
            parts = []
            for direction, part in enumerate(layer):
                given = x if direction == 0 else reordered(x, packing.mirrored)
                start = None if initial is None else initial[k][direction]
                parts.append(part.forward(work, packing, given, start))
            tapes.append(parts)
            final.append([[np.take(s, ends, axis=0, mode="clip") for s in part.states] for part in parts])
            x = output = self._join(work.arena, packing, parts)
        return Tape(packing, tapes, masks, output, StackStates(final))

    def _join(self, arena: Arena, packing: Packing, parts: list[LayerTape]) -> FloatArray:
        """(N, H · directions): the states of each row, with those of the backward direction put back beside their
        symbols."""
        forward = parts[0].states[0][packing.batch :]
        if len(parts) == 1:
            return forward
        joined = arena.take(packing.rows, self.output_size)
        joined[:, : self.hidden_size] = forward
        np.take(
            parts[1].states[0][packing.batch :],
            packing.mirrored,
            axis=0,
            mode="clip",
            out=joined[:, self.hidden_size :],
        )
        return joined

    def backward(
        self,
        work: Workspace,
        tape: Tape,
        d_output: FloatArray | None,
        d_final: StackStates | None = None,
        want_input: bool = True,
    ) -> tuple[FloatArray | None, StackStates]:
        """The backward pass through all layers; d_output (N, H·directions), d_final as `Tape.final`.

        Returns the gradient of the input, or of the table whose rows it is (None for ids or if not wanted), and that
        of the initial states.
        """
        packing, batch, size = tape.packing, tape.packing.batch, self.hidden_size
        ends = batch + packing.last_rows
        d_initial: list[list[States]] = [[] for _ in self.layers]
        for k in range(len(self.layers) - 1, -1, -1):
            d_x: FloatArray | None = None
            for direction, (part, part_tape) in enumerate(zip(self.layers[k], tape.layers[k], strict=True)):
                d_states = [work.arena.take(batch + packing.rows, size) for _ in part.cell.states]
                d_h = d_states[0]
                d_h[:batch] = 0
                if d_output is None:
                    d_h[batch:] = 0
                else:
                    columns = d_output[:, direction * size : (direction + 1) * size]
                    d_h[batch:] = columns if direction == 0 else np.take(columns, packing.mirrored, axis=0, mode="clip")
                for d_state in d_states[1:]:
                    d_state[ends] = 0  # the cell overwrites the other rows
                if d_final is not None:
                    for d_state, d_end in zip(d_states, d_final[k][direction], strict=True):
                        d_state[ends] += d_end
                want = want_input or k > 0
                d_part = part.backward(work, part_tape, d_states, want)
                if d_part is not None and direction == 1 and not isinstance(part_tape.input, TableRows):
                    d_part = np.take(d_part, packing.mirrored, axis=0, mode="clip")
                if d_part is not None:
                    d_x = d_part if d_x is None else np.add(d_x, d_part, out=d_x)
                d_initial[k].append([d[:batch] for d in d_states])
            mask = tape.masks[k]
            if mask is not None and d_x is not None:
                np.multiply(d_x, mask, out=d_x)
            d_output = d_x
        return d_output, StackStates(d_initial)
