"""One to one on labelled text: the padded feed-forward network, the recurrent network's foil.

The whole text is one input: position × symbol, one-hot, padded (with zeros, which carry no weight) to the longest text
of the data. Every position has weights of its own, so the network grows with the length, what is learned at one
position is unknown at the next, and a longer text is cut off.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engine.data.examples import Examples
from engine.errors import ConfigError
from engine.models.base import Carry, Model, Pass, distribution, known_source, text_lengths
from engine.models.many_to_one import label_metrics, label_rows
from engine.network.layers import Dense, add_rows
from engine.network.packing import Packing
from engine.network.sequence_network import SymbolNetwork
from engine.types import FloatArray, IntArray

_WEIGHT_LIMIT = 60_000_000  # 240 MB, four times that with gradient and moments


@dataclass
class _Pass(Pass):
    places: IntArray  # rows of the input table, all examples in a row
    hidden: FloatArray  # (B, H)
    filled: IntArray  # examples with at least one symbol
    firsts: IntArray  # where each of those begins in `places`


class FeedForward(Model):
    """positions × symbols → tanh(hidden) → softmax over the labels."""

    verb = "classify"
    task = "classifies padded text"

    def _build(self) -> None:
        assert self.codec.target is not None
        self.labels = self.codec.target.symbols
        self.vocabulary_size = len(self.codec.source)
        weights = self.longest * self.vocabulary_size * self.config.hidden_size
        if weights > _WEIGHT_LIMIT:
            raise ConfigError(
                f"The padded feed-forward network would need {weights:,} weights ({self.longest} "
                f"positions × {self.vocabulary_size:,} symbols × {self.config.hidden_size} units); "
                f"at most {_WEIGHT_LIMIT:,} can be trained here."
            )
        self.output = Dense("output", self.config.hidden_size, len(self.labels))

    def shapes(self) -> dict[str, tuple[int, ...]]:
        """The first layer has one matrix for every position."""
        size = self.config.hidden_size
        first = {"hidden.weight": (self.longest, self.vocabulary_size, size), "hidden.bias": (size,)}
        return first | self.output.shapes()

    def forward(
        self, examples: Examples, rng: np.random.Generator | None, carry: Carry | None, teacher_forcing: float = 1.0
    ) -> Pass:
        """Sum the rows of the weight table that the symbols at their positions point to."""
        lengths = text_lengths(examples)
        starts = np.asarray(examples.source.offsets)[:-1]
        position = np.arange(int(lengths.sum())) - np.repeat(starts - starts[0], lengths)
        inside = position < self.longest
        places = (position * self.vocabulary_size + known_source(examples))[inside]
        kept = np.minimum(lengths, self.longest)
        filled = np.flatnonzero(kept)
        firsts = (np.cumsum(kept) - kept)[filled]
        table = self.parameters["hidden.weight"].reshape(-1, self.config.hidden_size)
        hidden = np.zeros((len(examples), self.config.hidden_size), self.dtype)
        if len(places):
            hidden[filled] = np.add.reduceat(np.take(table, places, axis=0), firsts, axis=0)
        hidden = np.tanh(hidden + self.parameters["hidden.bias"])
        logits, read, mask = self.read_out(hidden, rng)
        packing = Packing(np.ones(len(examples), np.int64))
        return _Pass(packing, logits, label_rows(examples), read, mask, places, hidden, filled, firsts)

    def backward(self, done: Pass) -> None:
        """Every symbol's row gets its example's gradient."""
        assert isinstance(done, _Pass)
        d_hidden = self.read_out_backward(done)
        d_sum = d_hidden * (1 - done.hidden * done.hidden)  # hidden = tanh(…)
        np.add.reduce(d_sum, axis=0, out=self.gradients["hidden.bias"])
        table = self.gradients["hidden.weight"].reshape(-1, self.config.hidden_size)
        if len(done.places):
            sizes = np.diff(np.append(done.firsts, len(done.places)))
            add_rows(done.places, np.repeat(d_sum[done.filled], sizes, axis=0), table)
        else:
            table.fill(0)

    def networks(self) -> dict[str, SymbolNetwork]:
        """Nothing here recurs."""
        return {}

    def measure(self, examples: Examples) -> dict[str, float]:
        """accuracy and macro_f1."""
        return label_metrics(self, examples)

    def predict(self, text: str | Sequence[str]) -> dict[str, float]:
        """Probability of each label."""
        self.arena.reset()
        tokens = self.codec.tokenize(text) if isinstance(text, str) else tuple(text)
        one = Examples.of(self.codec, [(tokens, (self.labels[0],))])
        return distribution(self.forward(one, None, None).logits[:, 0], self.labels)

    def classify(self, text: str | Sequence[str]) -> dict[str, float]:
        """The same as `predict`: on labelled data one to one is a classifier too."""
        return self.predict(text)
