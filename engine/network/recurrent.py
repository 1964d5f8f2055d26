"""One recurrent layer in one direction: matrices, time, ragged lengths, and backpropagation through time.

Layout: gates are separate, (G, N, H), so that each gate is one contiguous block at each step; one batched matmul serves
all gates of a step, and one serves the weight gradient of all steps. Rows follow `Packing`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import DTypeLike

from engine.cells import CELLS, Cell
from engine.cells.cell_description import Role
from engine.interruption import go_on
from engine.network.layers import RowGroups
from engine.network.packing import Packing
from engine.network.parameters import Parameters
from engine.network.products import FixedMatrices, sums_over_rows
from engine.network.states import States
from engine.network.workspace import Arena, Workspace
from engine.types import FloatArray, IntArray

# Numbers of a plane whose derivative factors are computed at once: few calls, and still in cache.
_CHUNK_NUMBERS = 1 << 16


@dataclass(frozen=True)
class TableRows:
    """An input (N, D) whose rows are looked up in a table (V, D) with far fewer rows: products with W are computed once
    for each row of the table."""

    table: FloatArray
    ids: IntArray  # (N,)


LayerInput = FloatArray | IntArray | TableRows


def reordered(x: LayerInput, order: IntArray) -> LayerInput:
    """The same rows in another order (N,)."""
    if isinstance(x, TableRows):
        return TableRows(x.table, x.ids[order])
    return np.take(x, order, axis=0, mode="clip")


@dataclass
class LayerTape:
    """Kept by the forward pass of one layer for the backward pass. Arrays live in the arena."""

    packing: Packing
    input: LayerInput
    z: FloatArray  # (G, N, H) activated gates, in the cell's input_order
    states: States  # (B + N, H) each: initial rows, then the rows of the packing
    saved: States  # (N, H) each: what the cell saved
    d_states: States = field(default_factory=list)  # after the backward pass: gradient of the states, (B + N, H) each
    delta: FloatArray = field(default_factory=lambda: np.zeros(0))  # and of the pre-activations (planes, N, H)

    @property
    def x(self) -> FloatArray | IntArray:
        """The input as numbers (N, D), or as ids (N,) of one-hot vectors."""
        return self.input.table[self.input.ids] if isinstance(self.input, TableRows) else self.input


class RecurrentLayer:
    """One layer, one direction.

    Input (N, D) numbers or rows of a table, or (N,) ids of one-hot vectors; states (N, H). With `memory` off, each step
    starts from zeros and there is no recurrent matrix: the cell sees only its input.
    """

    def __init__(
        self, cell: str, prefix: str, input_size: int, hidden_size: int, dtype: DTypeLike, memory: bool = True
    ) -> None:
        self.cell: Cell = CELLS[cell](dtype)
        self.prefix = prefix
        # The separate bias added to U h; cells without one are given the gates' bias and ignore it.
        own = self.cell.recurrent_bias()
        self._own_bias = f"{prefix}.bias_{own}" if own else f"{prefix}.bias"
        self.input_size = input_size
        self.hidden_size = hidden_size
        self.memory = memory

    def shapes(self) -> dict[str, tuple[int, ...]]:
        """Names and shapes of the parameters: gates first, in PyTorch's order; matrices as (gate, from, to)."""
        gates, size = len(self.cell.gates), self.hidden_size
        shapes: dict[str, tuple[int, ...]] = {f"{self.prefix}.weight_ih": (gates, self.input_size, size)}
        if self.memory:
            shapes[f"{self.prefix}.weight_hh"] = (gates, size, size)
        shapes[f"{self.prefix}.bias"] = (gates, size)
        if self.cell.recurrent_bias():
            shapes[self._own_bias] = (size,)
        return shapes

    def _folded(self, weights: FloatArray, order: tuple[int, ...], out: FloatArray) -> FloatArray:
        """Gates of `weights` reordered for the cell, those of a σ halved."""
        for plane, gate in enumerate(order):
            np.multiply(weights[gate], weights.dtype.type(self.cell.scale[gate]), out[plane])
        return out

    def input_weights(self, work: Workspace) -> tuple[FloatArray, FloatArray]:
        """W_ih (G, D, H) and b (G, 1, H), folded for the cell."""
        weight, bias = work.parameters[f"{self.prefix}.weight_ih"], work.parameters[f"{self.prefix}.bias"]
        order = self.cell.input_order
        return (
            self._folded(weight, order, work.arena.take(*weight.shape)),
            self._folded(bias, order, work.arena.take(*bias.shape))[:, None],
        )

    def input_part(self, work: Workspace, x: LayerInput, z: FloatArray) -> FloatArray:
        """W_ih x + b for all rows of x, (N, D) or ids (N,), folded for the cell, into z (G, N, H)."""
        rows = z.shape[1]
        if isinstance(x, TableRows):
            weight, bias = self.input_weights(work)
            each = work.arena.take(len(weight), len(x.table), self.hidden_size)
            return _look_up(np.matmul(x.table, weight, out=each), bias, x.ids, z)
        if x.dtype.kind != "f" and self.input_size > rows:  # large vocabulary: only the rows in use
            weight, bias = work.parameters[f"{self.prefix}.weight_ih"], work.parameters[f"{self.prefix}.bias"]
            for plane, gate in zip(z, self.cell.input_order, strict=True):
                np.take(weight[gate], x, axis=0, out=plane, mode="clip")
                np.add(plane, bias[gate], plane)
                np.multiply(plane, z.dtype.type(self.cell.scale[gate]), plane)
            return z
        folded, folded_bias = self.input_weights(work)
        if x.dtype.kind == "f":
            np.matmul(x, folded, out=z)
            return np.add(z, folded_bias, z)
        return _look_up(folded, folded_bias, x, z)

    def recurrent_weights(self, work: Workspace) -> FloatArray:
        """W_hh (G, H, H) folded for the cell."""
        weight = work.parameters[f"{self.prefix}.weight_hh"]
        return self._folded(weight, self.cell.recurrent_order, work.arena.take(*weight.shape))

    def _recurrent_matrices(self, work: Workspace, rows: int) -> FixedMatrices:
        """W_hh folded for the cell, for products with up to that many rows."""
        weight = work.parameters[f"{self.prefix}.weight_hh"]
        matrices = FixedMatrices(work.arena, weight.shape, rows)
        in_blocks = weight.reshape(matrices.planes.shape)
        self._folded(in_blocks, self.cell.recurrent_order, matrices.planes)
        return matrices

    def recurrent_bias(self, parameters: Parameters) -> FloatArray:
        """(H,) the separate bias added to U h, or an array that is ignored for cells without one."""
        return parameters[self._own_bias]

    def forward(
        self,
        work: Workspace,
        packing: Packing,
        x: LayerInput,
        initial: States | None = None,
    ) -> LayerTape:
        """All steps of all sequences. x: (N, D), or ids (N,). initial: (B, H) for each state of the cell, by sorted
        place; zeros if None."""
        cell, batch, rows, size = self.cell, packing.batch, packing.rows, self.hidden_size
        gates = len(cell.gates)
        z, states = self._gates_and_states(work.arena, batch, rows)
        self.input_part(work, x, z)
        for k, state in enumerate(states):
            state[:batch] = 0 if initial is None else initial[k]
        saved = [work.arena.take(rows, size) for _ in range(cell.saved_arrays)]
        bias = self.recurrent_bias(work.parameters)
        weights = self._recurrent_matrices(work, batch) if self.memory else None
        r = work.arena.zeros(gates * batch * size)  # each step uses a contiguous (gates, n, H) at its start
        past = r.reshape(gates, batch, size)
        state_steps, saved_steps = packing.cut_states(states), packing.cut_together(saved)
        new: Sequence[FloatArray] = state_steps[0]
        going = batch
        for t, (n, z_step) in enumerate(zip(packing.sizes, packing.cut(z), strict=True)):
            go_on()
            old, new = new, state_steps[t + 1]
            if n < going:
                old, past, going = [state[:n] for state in old], r[: gates * n * size].reshape(gates, n, size), n
            if weights is not None:
                weights.multiply(old[0], past)
            cell.forward(z_step, past, old, new, saved_steps[t] if saved else (), bias)
        return LayerTape(packing, x, z, states, saved)

    def _gates_and_states(self, arena: Arena, batch: int, rows: int) -> tuple[FloatArray, States]:
        """z (G, N, H) and the states (B + N, H). A gate that is the state, always plane 0, shares its memory."""
        cell, gates, size = self.cell, len(self.cell.gates), self.hidden_size
        if cell.gates[cell.input_order[0]].role is not Role.STATE:
            z = arena.take(gates, rows, size)
            return z, [arena.take(batch + rows, size) for _ in cell.states]
        together = arena.take(batch + gates * rows, size)
        z = together[batch:].reshape(gates, rows, size)
        return z, [together[: batch + rows], *(arena.take(batch + rows, size) for _ in cell.states[1:])]

    def backward(
        self,
        work: Workspace,
        tape: LayerTape,
        d_states: States,
        want_input: bool,
    ) -> FloatArray | None:
        """Backpropagation through time.

        d_states: (B + N, H) for each state: on entry the gradient from above, on return complete; the first B rows
        are then the gradient of the initial states. Writes the parameters' gradients; returns that of the input
        (N, D), or of the table (V, D) whose rows it is, if wanted.
        """
        delta = self._through_time(work, tape, d_states)
        tape.d_states, tape.delta = d_states, delta
        packing = tape.packing
        if self.memory:
            h = tape.states[0]
            if packing.dense:
                old_h = h[: packing.rows]
            else:
                old_h = work.arena.take(packing.rows, self.hidden_size)
                np.take(h, packing.previous, axis=0, out=old_h, mode="clip")
            d_weight = work.gradients[f"{self.prefix}.weight_hh"]
            ordered = [d_weight[gate] for gate in self.cell.recurrent_order]
            sums_over_rows(work.arena, old_h, delta[self.cell.recurrent_planes], ordered)  # r = U h'
        if self.cell.recurrent_bias():
            past = delta[self.cell.recurrent_planes][-1]
            np.matmul(work.arena.ones(1, packing.rows), past, out=work.gradients[self._own_bias][None])
        return self._input_gradient(work, tape.input, delta[self.cell.input_planes], want_input)

    def _through_time(self, work: Workspace, tape: LayerTape, d_states: States) -> FloatArray:
        """(planes, N, H): the gradient at every pre-activation, last step first."""
        cell, packing, size = self.cell, tape.packing, self.hidden_size
        batch, sizes = packing.batch, packing.sizes
        delta = work.arena.take(cell.planes, packing.rows, size)
        back, sum_back = work.arena.take(len(cell.gates), batch, size), work.arena.take(batch, size)
        spare = work.arena.take(batch, size)
        weights = self._transposed_matrices(work, batch) if self.memory else None
        steps = list(zip(packing.cut(delta), packing.cut(tape.z), strict=True))
        d_steps = packing.cut_states(d_states)
        saved_steps = packing.cut_together(tape.saved)
        chunk = max(1, _CHUNK_NUMBERS // (batch * size))
        going = 0
        for t in range(packing.steps - 1, -1, -1):
            go_on()
            if t == packing.steps - 1 or (t + 1) % chunk == 0:
                self._factors(tape, delta, t - t % chunk, t + 1)
            n, (step, z_step) = sizes[t], steps[t]
            d_old: Sequence[FloatArray] = d_steps[t]
            if n > going:
                part, total, scratch, going = back[:, :n], sum_back[:n], spare[:n], n
            if t and sizes[t - 1] > n:
                d_old = [d[:n] for d in d_old]
            cell.backward(step, z_step, saved_steps[t] if saved_steps else (), d_steps[t + 1], d_old, scratch)
            if weights is not None:
                weights.multiply(step[cell.recurrent_planes], part)  # r = U h'
                if len(part) > 1:
                    np.add.reduce(part, axis=0, out=total)
                else:
                    total = part[0]
                d_h = d_old[0]
                np.add(d_h, total, d_h)
        return delta

    def _factors(self, tape: LayerTape, delta: FloatArray, first: int, stop: int) -> None:
        """Let the cell prepare the steps first … stop − 1."""
        packing, batch = tape.packing, tape.packing.batch
        low, high = packing.offsets[first], packing.offsets[stop]
        old = tape.states[self.cell.factor_state]
        if packing.sizes[stop - 1] == (packing.sizes[first - 1] if first else batch):
            begin = batch + packing.offsets[first - 1] if first else 0
            old = old[begin : begin + high - low]
        else:
            old = np.take(old, packing.previous[low:high], axis=0, mode="clip")
        new = [state[batch + low : batch + high] for state in tape.states]
        self.cell.factors(tape.z[:, low:high], old, new, [a[low:high] for a in tape.saved], delta[:, low:high])

    def _transposed_matrices(self, work: Workspace, rows: int) -> FixedMatrices:
        """Transposed copies of W_hh in the cell's order, for products with up to that many rows."""
        weight = work.parameters[f"{self.prefix}.weight_hh"]
        matrices = FixedMatrices(work.arena, weight.shape, rows)
        for plane, gate in zip(matrices.planes, self.cell.recurrent_order, strict=True):
            plane[:] = weight[gate].T.reshape(plane.shape)
        return matrices

    def _input_gradient(
        self,
        work: Workspace,
        x: LayerInput,
        delta: FloatArray,
        want_input: bool,
    ) -> FloatArray | None:
        """Gradient of W_ih and b, and of the input or its table if wanted. delta: (G, N, H) in input_order."""
        order, rows = self.cell.input_order, delta.shape[1]
        if isinstance(x, TableRows):  # sums of delta by row of the table are the delta of an input that is the table
            groups = RowGroups(x.ids, len(x.table), work.arena.take(rows, self.hidden_size))
            sums = work.arena.take(len(delta), len(x.table), self.hidden_size)
            for plane, total in zip(delta, sums, strict=True):
                groups.sum(plane, total)
            return self._input_gradient(work, x.table, sums, want_input)
        d_weight, d_bias = work.gradients[f"{self.prefix}.weight_ih"], work.gradients[f"{self.prefix}.bias"]
        symbols = x.dtype.kind != "f"
        if symbols:
            groups = RowGroups(x, self.input_size, work.arena.take(rows, self.hidden_size))
            for plane, gate in zip(delta, order, strict=True):
                groups.sum(plane, d_weight[gate])
        else:
            sums_over_rows(work.arena, x, delta, [d_weight[gate] for gate in order])  # z = W x + b
        if symbols and self.input_size < rows:
            np.add.reduce(d_weight, axis=1, out=d_bias)  # each row has one symbol, so all rows are all symbols' rows
        else:
            ones = work.arena.ones(1, rows)
            for plane, gate in zip(delta, order, strict=True):
                np.matmul(ones, plane, out=d_bias[gate][None])
        return None if symbols or not want_input else self._input_back(work, delta)

    def _input_back(self, work: Workspace, delta: FloatArray) -> FloatArray:
        """(N, D): gradient of the input. delta: (G, N, H) in input_order."""
        weight, rows = work.parameters[f"{self.prefix}.weight_ih"], delta.shape[1]
        d_x, part = work.arena.take(rows, self.input_size), work.arena.take(rows, self.input_size)
        transposed = work.arena.take(self.hidden_size, self.input_size)
        for k, gate in enumerate(self.cell.input_order):
            np.copyto(transposed, weight[gate].T)
            np.matmul(delta[k], transposed, out=part if k else d_x)  # z = W x + b
            if k:
                np.add(d_x, part, d_x)
        return d_x


def _look_up(each: FloatArray, bias: FloatArray, ids: IntArray, z: FloatArray) -> FloatArray:
    """z (G, N, H) from what each symbol contributes, (G, V, H), which is overwritten, and the bias (G, 1, H)."""
    np.add(each, bias, each)
    for table, plane in zip(each, z, strict=True):
        np.take(table, ids, axis=0, out=plane, mode="clip")
    return z
