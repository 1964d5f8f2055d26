"""What is measured: networks, sizes, lengths, and what each is to reach."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from engine import Codec, Examples, ModelConfig
from engine.cells import CELLS
from engine.data.bulk.ragged import Ragged
from engine.data.codec import Kind
from engine.data.vocabulary import Vocabulary

_BATCHES = 16  # different ones, taken in turn: ragged lengths differ from step to step
_SPECIALS = ("<unk>", "</s>")


@dataclass(frozen=True)
class Case:
    """A network and the shape of its batches.

    shortest, longest: steps of a sequence, its end included; equal for windows of running text. labels: tags of a
    tagger. target_best: ratio to reach against PyTorch's best of one and two threads; target_one: one core against one.
    """

    name: str
    config: ModelConfig
    kind: str
    vocabulary: int
    batch: int
    shortest: int
    longest: int
    target_best: float
    target_one: float
    labels: int = 0

    @property
    def codec(self) -> Codec:
        """Made-up symbols, as many as the case says."""
        symbols = Vocabulary((*_SPECIALS, *(f"w{k}" for k in range(self.vocabulary - 2))))
        tags = Vocabulary(tuple(f"t{k}" for k in range(self.labels)), has_specials=False)
        target = {"tagged": tags, "pairs": symbols}.get(self.kind)
        return Codec(Kind(self.kind), "word", "word", False, symbols, target)

    def batches(self) -> list[Examples]:
        """The same random batches at every call."""
        rng = np.random.default_rng(0)
        return [self._batch(rng) for _ in range(_BATCHES)]

    def _batch(self, rng: np.random.Generator) -> Examples:
        lengths = rng.integers(self.shortest, self.longest + 1, self.batch)
        if self.kind == "stream":
            return Examples(self.codec, self._rows(rng, lengths + 1), self._rows(rng, 0 * lengths))
        if self.kind == "sequences":  # the end symbol is one of the steps
            return Examples(self.codec, self._rows(rng, lengths - 1), self._rows(rng, 0 * lengths))
        if self.kind == "tagged":
            tags = rng.integers(0, self.labels, lengths.sum()).astype(np.int32)
            return Examples(self.codec, self._rows(rng, lengths), Ragged.of_lengths(tags, lengths))
        others = rng.integers(self.shortest, self.longest + 1, self.batch)
        return Examples(self.codec, self._rows(rng, lengths - 1), self._rows(rng, others - 1))

    def _rows(self, rng: np.random.Generator, lengths: np.ndarray) -> Ragged:
        ids = rng.integers(len(_SPECIALS), self.vocabulary, lengths.sum()).astype(np.int32)
        return Ragged.of_lengths(ids, lengths)

    def operations(self) -> float:
        """Floating-point operations of a step's matrix products: three times the forward ones. One-hot inputs are
        looked up and not counted."""
        config, hidden = self.config, self.config.hidden_size
        rows = self.batch * (self.shortest + self.longest) / 2
        gates = len(CELLS[config.cell].gates)
        inputs = config.embedding_size
        body = 0.0
        sides = 2 if config.bidirectional else 1
        for _ in range(config.num_layers):
            body += sides * 2 * rows * gates * hidden * (hidden + inputs)
            inputs = sides * hidden
        parts = 2 if self.kind == "pairs" else 1
        if config.attention:
            steps = (self.shortest + self.longest) / 2
            body += rows * (2 * hidden * hidden + 4 * steps * hidden + 4 * hidden * hidden) / parts
        classes = self.labels or self.vocabulary
        return 3 * (parts * body + 2 * rows * sides * hidden * classes)


@dataclass(frozen=True)
class Softmax:
    """A read-out over many words alone: product, softmax, cross-entropy and back."""

    name: str
    vocabulary: int
    hidden: int
    rows: int
    target_best: float
    target_one: float

    def operations(self) -> float:
        """Of its three products."""
        return 6 * self.vocabulary * self.hidden * self.rows


@dataclass(frozen=True)
class Sampling:
    """One sequence written symbol by symbol: a step of the cell and its logits, and with `draw` the next symbol."""

    name: str
    vocabulary: int
    hidden: int
    draw: bool
    target_best: float = 2.0
    target_one: float = 2.0

    def operations(self) -> float:
        """Of a symbol."""
        return 2 * self.hidden * (4 * self.hidden + self.vocabulary)


AnyCase = Case | Softmax | Sampling

_SIZES = ((27, 64, 32, 16), (65, 128, 64, 64), (65, 256, 64, 64), (65, 512, 64, 64))
_TARGETS = {
    "lstm": ((1.3, 1.5), (1.1, 1.15), (1.3, 1.45), (1.4, 1.4)),
    "gru": ((2.0, 2.2),) * 4,
    "rnn": ((1.9, 2.1),) * 4,
}


def _config(cell: str, hidden: int, **more: object) -> ModelConfig:
    return ModelConfig(cell=cell, hidden_size=hidden, **more)  # type: ignore[arg-type]


def _cases() -> Iterator[AnyCase]:
    for cell, targets in _TARGETS.items():
        for size, target in zip(_SIZES, targets, strict=True):
            vocabulary, hidden, batch, steps = size
            yield Case(
                f"{cell.upper()} {size}", _config(cell, hidden), "stream", vocabulary, batch, steps, steps, *target
            )
    yield Case("names, LSTM 64, lengths 3-12", _config("lstm", 64), "sequences", 27, 32, 3, 12, 2.0, 2.0)
    yield Case("lines, LSTM 128, lengths 3-40", _config("lstm", 128), "sequences", 65, 32, 3, 40, 2.3, 2.1)
    two = _config("lstm", 128, num_layers=2, embedding_size=64)
    yield Case("two-layer LSTM 128, embedding 64", two, "stream", 65, 64, 64, 64, 1.3, 1.25)
    tagger = _config("lstm", 128, architecture="many-to-many", embedding_size=100, bidirectional=True)
    yield Case("BiLSTM tagger 128, V 5000, 3-40 words", tagger, "tagged", 5000, 32, 3, 40, 1.3, 1.3, 17)
    pairs = _config("lstm", 128, architecture="encoder-decoder", embedding_size=64, attention=True)
    yield Case("encoder-decoder 128 with attention, 5-25", pairs, "pairs", 65, 64, 5, 25, 1.3, 1.3)
    yield Softmax("softmax over 20000 words, H 256", 20_000, 256, 640, 2.2, 2.5)
    for draw in (False, True):
        for hidden in (64, 128, 256, 512):
            yield Sampling(f"sampling, LSTM {hidden}, {'drawn' if draw else 'logits'}", 65, hidden, draw)


CASES: dict[str, AnyCase] = {case.name: case for case in _cases()}
