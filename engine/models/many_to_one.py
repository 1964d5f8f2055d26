"""Many to one: the whole text is read, then a feed-forward layer reads the label from the last hidden state."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engine.data.examples import Examples
from engine.models.base import Carry, Model, Pass, chunks, distribution
from engine.models.source_reader import SourceReader, source_rows
from engine.network.packing import Packing
from engine.network.recurrent import States
from engine.network.sequence_network import SymbolTape
from engine.types import FloatArray, IntArray


@dataclass
class ManyToOnePass(Pass):
    """A forward pass with what the network leaves for going back."""

    body: SymbolTape
    winners: IntArray | None  # (B, H · directions) row of each maximum


def label_rows(examples: Examples) -> IntArray:
    """(B,) label ids in the caller's order."""
    return np.asarray(examples.target.values)


def label_metrics(model: Model, examples: Examples) -> dict[str, float]:
    """accuracy: share of examples whose most probable label is theirs. macro_f1: mean over the labels that occur."""
    truth, answer = [], []
    for part, _ in chunks(examples):
        model.arena.reset()
        done = model.forward(part, None, None)
        truth.append(done.targets)
        answer.append(done.logits.argmax(axis=0))
    wanted, found = np.concatenate(truth), np.concatenate(answer)
    size = int(max(wanted.max(), found.max())) + 1
    confusion = np.bincount(wanted * size + found, minlength=size * size).reshape(size, size)
    hits, both = np.diag(confusion), confusion.sum(axis=0) + confusion.sum(axis=1)
    occurring = both > 0
    return {
        "accuracy": float((wanted == found).mean()),
        "macro_f1": float((2 * hits[occurring] / both[occurring]).mean()),
    }


class ManyToOne(SourceReader):
    """Reads a text, says its label."""

    verb = "classify"
    task = "classifies text"

    @property
    def labels(self) -> tuple[str, ...]:
        """What it can say."""
        return self.classes

    def forward(
        self, examples: Examples, rng: np.random.Generator | None, carry: Carry | None, teacher_forcing: float = 1.0
    ) -> Pass:
        """Logits of the labels, by sorted place."""
        packing, ids = source_rows(examples, self.network, end=False)
        vocabulary = examples.codec.source
        body = self.network.forward(self.parameters, self.arena, packing, ids, None, rng, vocabulary)
        pooled, winners = self.pool(packing, body)
        logits, read, mask = self.read_out(pooled, rng)
        return ManyToOnePass(packing, logits, label_rows(examples)[packing.order], read, mask, body, winners)

    def pool(self, packing: Packing, body: SymbolTape) -> tuple[FloatArray, IntArray | None]:
        """What the read-out sees, (B, H · directions), and for the maximum the row each number comes from."""
        if self.config.pooling == "last":
            return np.concatenate([part[0] for part in body.recurrent.final[-1]], axis=1), None
        batch, steps, size = packing.batch, packing.steps, body.output.shape[1]
        filler = -np.inf if self.config.pooling == "max" else 0
        table = np.full((batch, steps, size), filler, self.dtype)
        table[packing.sequence_of_row, packing.step_of_row] = body.output
        if self.config.pooling == "mean":
            return table.sum(axis=1) / packing.lengths[:, None].astype(self.dtype), None
        best = table.argmax(axis=1)
        return table.max(axis=1), packing.offset_array[best] + np.arange(batch)[:, None]

    def backward(self, done: Pass) -> None:
        """Through the read-out, the pooling, then through time."""
        assert isinstance(done, ManyToOnePass)
        d_pooled = self.read_out_backward(done)
        size = self.config.hidden_size
        if self.config.pooling == "last":
            top = [
                self._final_gradient(d_pooled[:, k : k + size], done.body, part)
                for part, k in enumerate(range(0, d_pooled.shape[1], size))
            ]
            below = [[[np.zeros_like(s) for s in part] for part in layer] for layer in done.body.recurrent.final[:-1]]
            self.network.backward(self.parameters, self.gradients, self.arena, done.body, None, [*below, top])
            return
        d_states = self.arena.zeros(*done.body.output.shape)
        if done.winners is not None:
            d_states[done.winners, np.arange(d_states.shape[1])] = d_pooled
        else:
            shares = d_pooled / done.packing.lengths[:, None].astype(self.dtype)
            np.take(shares, done.packing.sequence_of_row, axis=0, out=d_states, mode="clip")
        self.network.backward(self.parameters, self.gradients, self.arena, done.body, d_states)

    def _final_gradient(self, d_h: FloatArray, body: SymbolTape, part: int) -> States:
        others = body.recurrent.final[-1][part][1:]
        return [d_h, *(np.zeros_like(state) for state in others)]

    def measure(self, examples: Examples) -> dict[str, float]:
        """accuracy and macro_f1."""
        return label_metrics(self, examples)

    def classify(self, text: str | Sequence[str]) -> dict[str, float]:
        """Probability of each label, most probable first."""
        self.arena.reset()
        tokens = self.codec.tokenize(text) if isinstance(text, str) else tuple(text)
        one = self.one(tokens, (self.labels[0],))
        return distribution(self.forward(one, None, None).logits[:, 0], self.labels)
