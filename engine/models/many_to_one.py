"""Many to one: the whole text is read, then a feed-forward layer reads the label from the last hidden state."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from engine.data.examples import Example, Examples
from engine.data.vocabulary import END
from engine.models.base import NO_ATTENTION, NO_TAGS, WRITES_NOTHING
from engine.models.classifier import Classifier, label_rows
from engine.models.description import ExportForm, Part, Pictogram, ReadOut, Stage
from engine.models.forward_pass import Carry, Pass
from engine.models.rows import source_rows
from engine.network.layers import Dense
from engine.network.packing import Packing
from engine.network.sequence_network import SymbolNetwork, SymbolTape
from engine.types import FloatArray, IntArray


@dataclass
class ManyToOnePass(Pass):
    """A forward pass with what the network leaves for going back."""

    body: SymbolTape
    winners: IntArray | None  # (B, H · directions) row of each maximum


class ManyToOne(Classifier):
    """Reads a text, says its label."""

    title = "many to one"
    task = "classifies text"
    stages = (Stage("", ReadOut.LAST, whole_input=True),)
    pictogram = Pictogram(3, (0, 1, 2), (2,))
    unused = MappingProxyType(
        {"attention": NO_ATTENTION, "copying": NO_ATTENTION, "read_out": NO_TAGS, "tied": WRITES_NOTHING}
    )
    export_form = ExportForm.CLASSIFIER

    def _build(self) -> None:
        self.network = SymbolNetwork.of_source(self.config, self.codec, self.dtype)
        self.output = Dense("output", self.network.output_size, len(self.labels))

    def shapes(self) -> dict[str, tuple[int, ...]]:
        """Names and shapes of all parameters."""
        return self.network.shapes() | self.output.shapes()

    def networks(self) -> dict[str, SymbolNetwork]:
        """The one network."""
        return {"": self.network}

    def parts(self, done: Pass, example: Example) -> tuple[Part, ...]:
        """The one network over the text; the end symbol stands in for an empty one."""
        assert isinstance(done, ManyToOnePass)
        return (Part("", done.body, self.shown(example.source) or (END,)),)

    def forward(
        self, examples: Examples, rng: np.random.Generator | None, carry: Carry | None, teacher_forcing: float = 1.0
    ) -> Pass:
        """Logits of the labels, by sorted place."""
        packing, ids = source_rows(examples, self.network, end=False)
        vocabulary = examples.codec.source
        body = self.network.forward(self.work, packing, ids, None, rng, vocabulary)
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

    def winning_steps(self, done: Pass) -> IntArray | None:
        """With the maximum over time, the step of each; a single example's rows are its steps."""
        assert isinstance(done, ManyToOnePass)
        return None if done.winners is None else done.winners[0].copy()

    def backward(self, done: Pass) -> None:
        """Through the read-out, the pooling, then through time."""
        assert isinstance(done, ManyToOnePass)
        d_pooled = self.read_out_backward(done)
        size = self.config.hidden_size
        if self.config.pooling == "last":
            d_final = done.body.recurrent.final.zeros_like()
            for direction, states in enumerate(d_final[-1]):
                states[0] = d_pooled[:, direction * size : (direction + 1) * size]
            self.network.backward(self.work, done.body, None, d_final)
            return
        d_states = self.work.arena.zeros(*done.body.output.shape)
        if done.winners is not None:
            d_states[done.winners, np.arange(d_states.shape[1])] = d_pooled
        else:
            shares = d_pooled / done.packing.lengths[:, None].astype(self.dtype)
            np.take(shares, done.packing.sequence_of_row, axis=0, out=d_states, mode="clip")
        self.network.backward(self.work, done.body, d_states)
