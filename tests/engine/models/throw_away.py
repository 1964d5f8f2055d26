"""An architecture that only tests register: what one file and one registry line must be enough for."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
import pytest

from engine.data.examples import Example, Examples
from engine.models import MODELS
from engine.models.classifier import Classifier, label_rows
from engine.models.forward_pass import Carry, Pass
from engine.models.model_description import Part, Pictogram, ReadOut, Stage
from engine.models.rows import source_rows
from engine.models.unused import NO_ATTENTION, NO_POOLING, NO_TAGS, WHOLE_INPUT_ONLY
from engine.network.layers import Dense
from engine.network.sequence_network import SymbolNetwork, SymbolTape

NAME = "throw-away"


@dataclass
class SumPass(Pass):
    """A forward pass, with what the backward pass needs."""

    body: SymbolTape


class SumToOne(Classifier):
    """Reads a text, says its label from the sum of all states."""

    title = "sum to one"
    task = "classifies sums"
    stages = (Stage("", ReadOut.LAST),)
    pictogram = Pictogram(2, (0, 1), (1,))
    unused = MappingProxyType({
        "bidirectional": WHOLE_INPUT_ONLY, "attention": NO_ATTENTION, "pooling": NO_POOLING, "read_out": NO_TAGS,
        "spelling": "It reads no letters.", "word_dropout": "It hides no words.",
        "tied": "It writes nothing.", "sampled_words": "It writes nothing.", "copying": NO_ATTENTION,
    })  # fmt: skip

    def _build(self) -> None:
        self.network = SymbolNetwork("network", self.config, len(self.codec.source), self.dtype)
        self.output = Dense("output", self.network.output_size, len(self.labels))

    def shapes(self) -> dict[str, tuple[int, ...]]:
        """Names and shapes of all parameters."""
        return self.network.shapes() | self.output.shapes()

    def networks(self) -> dict[str, SymbolNetwork]:
        """The one network."""
        return {"": self.network}

    def parts(self, done: Pass, example: Example) -> tuple[Part, ...]:
        """The one network over the text."""
        assert isinstance(done, SumPass)
        return (Part("", done.body, self.shown(example.source)),)

    def forward(
        self, examples: Examples, rng: np.random.Generator | None, carry: Carry | None, teacher_forcing: float = 1.0
    ) -> Pass:
        """Logits of the labels, by sorted place."""
        packing, ids = source_rows(examples, self.network, end=False)
        body = self.network.forward(self.work, packing, ids, None, rng)
        total = np.zeros((packing.batch, self.network.output_size), self.dtype)
        np.add.at(total, packing.sequence_of_row, body.output)
        targets = label_rows(examples)[packing.order]
        logits, read_out = self.read_out(total, targets, rng)
        return SumPass(packing, logits, targets, read_out, body)

    def backward(self, done: Pass) -> None:
        """Every state gets the gradient of the sum it is in."""
        assert isinstance(done, SumPass)
        d_states = self.read_out_backward(done)[done.packing.sequence_of_row]
        self.network.backward(self.work, done.body, d_states)


@pytest.fixture
def throw_away(monkeypatch: pytest.MonkeyPatch) -> str:
    """The name of the architecture, which is registered until the test ends."""
    monkeypatch.setitem(MODELS, NAME, (SumToOne,))
    return NAME
