"""Writing symbol by symbol: one step at a time, drawing symbols, and searching for the best sequence."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from engine.network.packing import Packing
from engine.network.parameters import Parameters
from engine.network.recurrent import RecurrentLayer
from engine.network.sequence_network import SymbolNetwork
from engine.network.states import StackStates, States
from engine.network.workspace import Workspace
from engine.types import FloatArray, IntArray

_TABLE_LIMIT = 4_000_000  # largest table, in numbers, that holds the input part of every symbol


class _LayerStep:
    """One layer, one step at a time: weights are prepared once, and two sets of states alternate."""

    def __init__(self, layer: RecurrentLayer, parameters: Parameters, rows: int, initial: States | None) -> None:
        self.layer = layer
        dtype, size, gates = parameters.flat.dtype, layer.hidden_size, len(layer.cell.gates)
        self.work = Workspace(parameters)
        self.weights = layer.recurrent_weights(self.work) if layer.memory else None
        self.side_by_side: FloatArray | None = None  # the same for one row, (H, G · H): a plain vector–matrix product
        if self.weights is not None and rows == 1:
            self.side_by_side = np.concatenate(list(self.weights), axis=1)
        self.bias = layer.recurrent_bias(parameters)
        self.states: States = [np.zeros((rows, size), dtype) for _ in layer.cell.states]
        if initial is not None:
            for state, given in zip(self.states, initial, strict=True):
                state[:] = given
        self.next: States = [np.empty_like(state) for state in self.states]
        self.saved: States = [np.empty((rows, size), dtype) for _ in range(layer.cell.saved_arrays)]
        self.past = np.zeros((gates, rows, size), dtype)
        self.inputs: tuple[FloatArray, FloatArray] | None = None

    def input_part(self, below: FloatArray) -> FloatArray:
        """(n, D) states of the layer below → (G, n, H)."""
        if self.inputs is None:
            self.inputs = self.layer.input_weights(self.work)
        weights, bias = self.inputs
        z: FloatArray = np.matmul(below, weights)
        return np.add(z, bias, z)

    def advance(self, z: FloatArray) -> FloatArray:
        """z (G, n, H): the input's part. Returns the new h (n, H), valid until the step after next."""
        if self.side_by_side is not None:
            np.matmul(self.states[0][0], self.side_by_side, self.past.reshape(-1))
        elif self.weights is not None:
            np.matmul(self.states[0], self.weights, self.past)
        else:
            for array in (*self.states, self.past):
                array.fill(0)
        self.layer.cell.forward(z, self.past, self.states, self.next, self.saved, self.bias)
        self.states, self.next = self.next, self.states
        return self.states[0]

    def select(self, rows: IntArray) -> None:
        """Keep, repeat or reorder the sequences, as `Stepper.select`."""
        self.side_by_side = None
        self.states = [state[rows] for state in self.states]
        self.next = [np.empty_like(state) for state in self.states]
        self.saved = [np.empty_like(self.states[0]) for _ in self.saved]
        self.past = np.zeros((len(self.past), len(rows), self.layer.hidden_size), self.past.dtype)


class Stepper:
    """A network read forwards, one symbol or one frame of numbers at a time, for `rows` sequences at once.

    initial: first states, of each sequence or one for all.
    """

    def __init__(
        self, network: SymbolNetwork, parameters: Parameters, rows: int, initial: StackStates | None = None
    ) -> None:
        self.network = network
        self.steps = [
            _LayerStep(layer[0], parameters, rows, None if initial is None else initial[k][0])
            for k, layer in enumerate(network.recurrent.layers)
        ]
        self._work = Workspace(parameters)
        self._table = self._input_table()

    def _input_table(self) -> FloatArray | None:
        """(G, V, H): the first layer's input part for every symbol, unless that is too large to be worth it."""
        first = self.steps[0].layer
        size = self.network.vocabulary_size
        if self.network.numbers or len(first.cell.gates) * size * first.hidden_size > _TABLE_LIMIT:
            return None
        return self._input_part(np.arange(size)).copy()

    def _input_part(self, ids: IntArray | FloatArray) -> FloatArray:
        x = ids
        if self.network.embedding is not None:
            x = self.network.embedding.forward(self._work, ids)
        first = self.steps[0].layer
        z = self._work.arena.take(len(first.cell.gates), len(ids), first.hidden_size)
        return first.input_part(self._work, x, z)

    def advance(self, ids: IntArray | FloatArray) -> FloatArray:
        """Read one symbol each, or one frame; ids (n,) or numbers (n, D) → states of the top layer (n, H)."""
        self._work.reset()
        z = self._input_part(ids) if self._table is None else self._table[:, ids]
        h = self.steps[0].advance(z)
        for step in self.steps[1:]:
            h = step.advance(step.input_part(h))
        return h

    def select(self, rows: IntArray) -> None:
        """Keep, repeat or reorder the sequences: rows (m,) are the indices of those to go on with."""
        for step in self.steps:
            step.select(rows)


def sample(
    logits: FloatArray,
    temperature: float,
    top_k: int,
    top_p: float,
    rng: np.random.Generator,
    never: Sequence[int] = (),
) -> IntArray:
    """logits (V, n) → one id for each of the n sequences.

    temperature 0 takes the most probable. top_k keeps the k most probable (0: all); top_p the fewest whose
    probabilities reach p (Holtzman et al., "The curious case of neural text degeneration", 2020). `never`: ids that
    must not be chosen.
    """
    scores = np.array(logits.T, np.float64)
    if never:
        scores[:, list(never)] = -np.inf
    if temperature <= 0:
        return np.asarray(scores.argmax(axis=1))
    scores -= np.maximum.reduce(scores, axis=1, keepdims=True)
    if temperature != 1:
        scores /= temperature
    probabilities = np.exp(scores, out=scores)
    if 0 < top_k < probabilities.shape[1]:
        kth = np.partition(probabilities, -top_k, axis=1)[:, -top_k, None]
        probabilities[probabilities < kth] = 0
    if top_p < 1:
        order = np.argsort(-probabilities, axis=1, kind="stable")
        ranked = np.take_along_axis(probabilities, order, axis=1)
        before = np.cumsum(ranked, axis=1) - ranked
        before[:, 0] = -1  # the most probable one is always kept
        ranked[before >= top_p * ranked.sum(axis=1, keepdims=True)] = 0
        np.put_along_axis(probabilities, order, ranked, axis=1)
    cumulative = np.add.accumulate(probabilities, axis=1)
    total = cumulative[:, -1:]
    draws = np.minimum(rng.random(total.shape) * total, np.nextafter(total, 0))
    return np.asarray(np.add.reduce(cumulative <= draws, axis=1))


def mix_inputs(
    packing: Packing, inputs: IntArray, ratio: float, rng: np.random.Generator, advance: Callable[[IntArray], IntArray]
) -> IntArray:
    """Replace a share 1 − ratio of the inputs (N,) after the first step with the network's own output.

    advance: ids (B,) of a step → the network's most probable next ids (B,), sequences by sorted place.
    """
    mixed = inputs.copy()
    current = inputs[: packing.batch].copy()
    for t in range(1, packing.steps):
        own = advance(current)
        start, n = packing.offsets[t], packing.sizes[t]
        rows = mixed[start : start + n]
        np.copyto(rows, own[:n], where=rng.random(n) >= ratio)
        current[:n] = rows
    return mixed
