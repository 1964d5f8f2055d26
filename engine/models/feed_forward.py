"""One to one on labelled text: the padded feed-forward network, to compare recurrent networks with.

The whole text is one input: position × symbol, one-hot, padded with zeros to the longest text of the data. Every
position has its own weights. So the network grows with the length of the text, knows nothing at one position of what it
learned at another, and cuts off longer texts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from engine.data.examples import Example, Examples
from engine.errors import ConfigError
from engine.models.classifier import Classifier, label_rows
from engine.models.forward_pass import Carry, Pass
from engine.models.model_description import ExportForm, Part, Pictogram
from engine.models.rows import known_source, text_lengths
from engine.models.unused import NO_NUMBERS, NO_SERIES, NO_SYMBOLS_WRITTEN, NOT_OF_ONE_WAY, WRITES_NOTHING
from engine.network.layers import Dense, add_rows
from engine.network.packing import Packing
from engine.network.sequence_network import SymbolNetwork
from engine.types import FloatArray, IntArray

_NO_CELLS = "A feed-forward network has no cells."
_ONE_HOT = "The padded feed-forward network reads its symbols one-hot."
_WEIGHT_LIMIT = 60_000_000  # 240 MB, four times that with gradient and moments


@dataclass
class _FeedForwardPass(Pass):
    places: IntArray  # (symbols of all examples,) row of the input table, the examples concatenated
    hidden: FloatArray  # (B, H)
    filled: IntArray  # (n,) examples with at least one symbol
    firsts: IntArray  # (n,) where each of those begins in `places`


class FeedForward(Classifier):
    """positions × symbols → tanh(hidden) → softmax over the labels."""

    title = "one to one"
    task = "classifies padded text"
    stages = ()
    pictogram = Pictogram(1, (0,), (0,))
    unused = MappingProxyType(
        {
            "cell": _NO_CELLS,
            "num_layers": "The padded feed-forward network has one hidden layer.",
            "embedding_size": _ONE_HOT,
            **NOT_OF_ONE_WAY,
            "tied": WRITES_NOTHING,
            "sampled_words": NO_SYMBOLS_WRITTEN,
            "number_loss": NO_NUMBERS,
            "lag": NO_SERIES,
            "spelling": _ONE_HOT,
            "word_dropout": "Only a recurrent network hides words.",
            "word_counts": "Only available beside a recurrent network.",
        }
    )
    remembers = False
    weights_note = "weights: one for each unit, position and symbol, padded to {longest}."
    export_form = ExportForm.FEED_FORWARD

    def _build(self) -> None:
        self.vocabulary_size = len(self.codec.source)
        weights = self.longest * self.vocabulary_size * self.config.hidden_size
        if weights > _WEIGHT_LIMIT:
            raise ConfigError(
                f"The padded feed-forward network would need {weights:,} weights ({self.longest:,} "
                f"positions × {self.vocabulary_size:,} symbols × {self.config.hidden_size:,} units); "
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
        targets = label_rows(examples)
        logits, read_out = self.read_out(hidden, targets, rng)
        packing = Packing(np.ones(len(examples), np.int64))
        return _FeedForwardPass(packing, logits, targets, read_out, places, hidden, filled, firsts)

    def backward(self, done: Pass) -> None:
        """Every symbol's row gets its example's gradient."""
        assert isinstance(done, _FeedForwardPass)
        d_hidden = self.read_out_backward(done)
        d_sum = d_hidden * (1 - done.hidden * done.hidden)  # hidden = tanh(…)
        np.add.reduce(d_sum, axis=0, out=self.gradients["hidden.bias"])
        table = self.gradients["hidden.weight"].reshape(-1, self.config.hidden_size)
        if len(done.places):
            sizes = np.diff(np.append(done.firsts, len(done.places)))
            add_rows(done.places, np.repeat(d_sum[done.filled], sizes, axis=0), table)
        else:
            table.fill(0)

    def sum_gradient(self) -> FloatArray:
        """That of the bias, which is added to the same sum."""
        return self.gradients["hidden.bias"]

    def networks(self) -> dict[str, SymbolNetwork]:
        """None, because nothing here recurs."""
        return {}

    def parts(self, done: Pass, example: Example) -> tuple[Part, ...]:
        """None, because nothing here recurs."""
        return ()

    def predict(self, text: str | Sequence[str]) -> dict[str, float]:
        """As `classify`: one-to-one networks predict, and on labelled data they predict the label."""
        return self.classify(text)
