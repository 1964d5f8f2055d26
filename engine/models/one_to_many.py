"""One to many: one input, the label or the start token; each output is fed back as the next input until the end.

In training the inputs after the first are the true symbols, so all steps are known beforehand:

    inputs    <label>  s  o  p  h  i  a
    targets      s     o  p  h  i  a  </s>

On a running text there is neither label nor end; windows of the text follow each other and hand the state on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from engine.data.examples import Examples
from engine.models.base import Carry, Generated, Model, Pass, distribution, known_source, text_lengths
from engine.models.decoding import Stepper, mix_inputs, sample
from engine.network.layers import Dense
from engine.network.losses import softmax
from engine.network.packing import Packing
from engine.network.sequence_network import SymbolNetwork, SymbolTape
from engine.types import FloatArray, IntArray

_END_ID = 1
_UNKNOWN_ID = 0
_LENGTH_OF_RUNNING_TEXT = 200  # symbols written when nothing else ends the text


@dataclass
class NextSymbolPass(Pass):
    """A forward pass with what the network leaves for going back."""

    body: SymbolTape


def next_symbol_rows(examples: Examples, starts: IntArray | None) -> tuple[Packing, IntArray, IntArray]:
    """Packing, input ids (N,) and target ids (N,) for predicting every next symbol.

    starts: (B,) id of the first input of each example, its end is predicted too; None on running text, where the first
    symbol of each window is its first input and its last symbol the last target.
    """
    lengths, values = text_lengths(examples), known_source(examples)
    offsets = np.asarray(examples.source.offsets)[:-1]
    if starts is None:
        packing = Packing(lengths - 1)
        begin = offsets[packing.order]
        return packing, packing.pick(values, begin), packing.pick(values, begin + 1)
    packing = Packing(lengths + 1)
    begin = offsets[packing.order]
    padded = np.append(values, _END_ID)
    at = begin[packing.sequence_of_row] + packing.step_of_row
    targets = padded[np.minimum(at, len(values))]
    targets[packing.last_rows] = _END_ID
    inputs = padded[np.maximum(at - 1, 0)]
    inputs[: packing.batch] = starts[packing.order]
    return packing, inputs, targets


class OneToMany(Model):
    """Language model of symbols, under a label where the data have labels."""

    verb = "generate"
    task = "generates text"
    memory: ClassVar[bool] = True

    def _build(self) -> None:
        self.vocabulary_size = len(self.codec.source)
        self.labels: tuple[str, ...] = self.codec.target.symbols if self.codec.target is not None else ()
        inputs = self.vocabulary_size + max(1, len(self.labels))
        self.network = SymbolNetwork("network", self.config, inputs, self.dtype, memory=self.memory)
        self.output = Dense("output", self.network.output_size, self.vocabulary_size)

    def shapes(self) -> dict[str, tuple[int, ...]]:
        """Names and shapes of all parameters."""
        return self.network.shapes() | self.output.shapes()

    def starts(self, examples: Examples) -> IntArray | None:
        """(B,) id of the first input: the label's, or that of the start token; None on running text."""
        if self.codec.kind == "stream":
            return None
        if not self.labels:
            return np.full(len(examples), self.vocabulary_size)
        return self.vocabulary_size + np.asarray(examples.target.values)

    def forward(
        self, examples: Examples, rng: np.random.Generator | None, carry: Carry | None, teacher_forcing: float = 1.0
    ) -> Pass:
        """Logits of every next symbol."""
        packing, inputs, targets = next_symbol_rows(examples, self.starts(examples))
        if teacher_forcing < 1 and rng is not None:
            stepper = Stepper(self.network, self.parameters, packing.batch, None if carry is None else carry.states)
            inputs = mix_inputs(packing, inputs, teacher_forcing, rng, lambda ids: self._best_next(stepper, ids))
        initial = None if carry is None else carry.states
        body = self.network.forward(self.parameters, self.arena, packing, inputs, initial, rng)
        if carry is not None:
            carry.states = body.recurrent.final
        logits, read, mask = self.read_out(body.output, rng)
        return NextSymbolPass(packing, logits, targets, read, mask, body)

    def backward(self, done: Pass) -> None:
        """Through the read-out, then through time."""
        assert isinstance(done, NextSymbolPass)
        self.network.backward(self.parameters, self.gradients, self.arena, done.body, self.read_out_backward(done))

    def networks(self) -> dict[str, SymbolNetwork]:
        """The one network."""
        return {"": self.network}

    def measure(self, examples: Examples) -> dict[str, float]:
        """Nothing beyond the loss and its exponential, which `evaluate` gives for every next-symbol model."""
        return {}

    def _start(self, label: str | None) -> int | None:
        if self.labels:
            assert self.codec.target is not None
            return self.vocabulary_size + int(self.codec.target.encode([label or self.labels[0]])[0])
        return None if self.codec.kind == "stream" else self.vocabulary_size

    def first_inputs(self, prefix: str | Sequence[str], label: str | None) -> list[int]:
        """Ids of all inputs before the network writes itself: start or label, then the beginning."""
        start = self._start(label)
        ids = [int(i) for i in self.codec.encode(prefix)] if prefix else []
        if start is None:
            return ids or [self._first_of_running_text()]
        return [start, *ids]

    def _first_of_running_text(self) -> int:
        """What stands before a new line of running text: a line break, or else a full stop."""
        for symbol in ("\n", "."):
            found = self.codec.source.index(symbol)
            if found is not None:
                return found
        return _END_ID + 1

    def _best_next(self, stepper: Stepper, ids: IntArray) -> IntArray:
        self.arena.reset()
        return np.asarray(self.output.forward(self.parameters, self.arena, stepper.advance(ids)).argmax(axis=0))

    def _logits_after(self, stepper: Stepper, inputs: Sequence[int], rows: int) -> FloatArray:
        for i in inputs:
            states = stepper.advance(np.full(rows, i))
        return self.output.forward(self.parameters, self.arena, states)

    def next_symbols(self, prefix: str = "", label: str | None = None) -> dict[str, float]:
        """Probability of each next symbol after a beginning; `</s>` is the end."""
        self.arena.reset()
        stepper = Stepper(self.network, self.parameters, 1)
        logits = self._logits_after(stepper, self.first_inputs(prefix, label), 1)
        return distribution(logits[:, 0], self.codec.source.symbols[: self.vocabulary_size])

    def generate(
        self,
        count: int = 1,
        label: str | None = None,
        prefix: str = "",
        temperature: float = 1.0,
        top_k: int = 0,
        top_p: float = 1.0,
        seed: int | None = None,
        length: int = 0,
    ) -> list[Generated]:
        """Write `count` texts at once.

        temperature 0 is greedy. length 0: until the end symbol, at most twice the longest text of the data (200 symbols
        of running text). Log-probabilities are the model's own, at temperature 1.
        """
        self.arena.reset()
        rng = np.random.default_rng(seed)
        inputs = self.first_inputs(prefix, label)
        stream = self.codec.kind == "stream"
        limit = length or (_LENGTH_OF_RUNNING_TEXT if stream else 2 * self.longest + 1)
        never = [_UNKNOWN_ID, _END_ID] if stream else [_UNKNOWN_ID]
        stepper = Stepper(self.network, self.parameters, 1)
        first = self._logits_after(stepper, inputs, 1)  # the beginning is read once for all
        stepper.select(np.zeros(count, np.int64))
        logits = np.repeat(first, count, axis=1)
        chosen = np.full((count, limit), _END_ID)
        scores = np.zeros((count, limit))
        alive = np.ones(count, bool)
        columns = np.arange(count)
        for t in range(limit):
            probabilities = softmax(logits)
            ids = sample(logits, temperature, top_k, top_p, rng, never)
            chosen[alive, t] = ids[alive]
            scores[alive, t] = np.log(np.maximum(probabilities[ids, columns][alive], 1e-300))
            alive &= ids != _END_ID
            if not alive.any() or t == limit - 1:
                break
            self.arena.reset()
            logits = self.output.forward(self.parameters, self.arena, stepper.advance(ids))
        return [self._generated(prefix, row, score) for row, score in zip(chosen, scores, strict=True)]

    def _generated(self, prefix: str, ids: IntArray, scores: FloatArray) -> Generated:
        ends = np.flatnonzero(ids == _END_ID)
        stop = int(ends[0]) if len(ends) else len(ids)
        written = self.codec.source.decode(ids[:stop])
        tokens = self.codec.tokenize(prefix) + written if prefix else written
        kept = scores[: stop + 1]
        return Generated(self.codec.join(tokens), float(kept.sum()), tokens, tuple(float(s) for s in kept))
