"""The base of networks that predict every next symbol of the text they read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from engine.data.codec import Kind, split_words
from engine.data.examples import Example, Examples
from engine.data.vocabulary import END, FIRST_ID, START, UNKNOWN
from engine.models.forward_pass import Pass
from engine.models.model import Batch, Model
from engine.models.model_description import Part, Prediction
from engine.models.unused import NO_NUMBERS, NO_SERIES, NOT_OF_ONE_WAY, WRITES_WORDS
from engine.network.sequence_network import SymbolNetwork, SymbolTape
from engine.types import IntArray

_WORDS_A_SENTENCE = 3  # on average; names and single words have fewer


@dataclass
class NextSymbolPass(Pass):
    """A forward pass, with what the backward pass needs."""

    body: SymbolTape


class NextSymbol(Model):
    """A network over the symbols of a text, with a softmax over the next one.

    The first input is the start token, or the label where the data have labels; a running text has neither.
    """

    predicts = Prediction.NEXT_SYMBOL
    unused = MappingProxyType(
        {
            **NOT_OF_ONE_WAY,
            "spelling": WRITES_WORDS,
            "word_dropout": WRITES_WORDS,
            "number_loss": NO_NUMBERS,
            "lag": NO_SERIES,
        }
    )

    def _build(self) -> None:
        self.vocabulary_size = len(self.codec.source)
        self.labels: tuple[str, ...] = self.codec.target.symbols if self.codec.target is not None else ()
        inputs = self.vocabulary_size + max(1, len(self.labels))
        self.network = SymbolNetwork("network", self.config, inputs, self.dtype, memory=self.remembers)
        self.output = self._read_out_of(self.network, self.codec.source)

    def networks(self) -> dict[str, SymbolNetwork]:
        """The one network."""
        return {"": self.network}

    @property
    def choices(self) -> tuple[str, ...]:
        """All symbols that the network knows."""
        return self.codec.source.symbols

    @property
    def _runs_on(self) -> bool:
        """Whether the text has neither beginning nor end."""
        return self.codec.kind == Kind.STREAM

    def starts(self, examples: Examples) -> IntArray | None:
        """(B,) id of the first input: the label or the start token; None on running text."""
        if self._runs_on:
            return None
        if not self.labels:
            return np.full(len(examples), self.vocabulary_size)
        return self.vocabulary_size + np.asarray(examples.target.values)

    def start(self, label: str | None) -> int | None:
        """As `starts`, for one text; None means the first label."""
        if self.labels:
            assert self.codec.target is not None
            return self.vocabulary_size + int(self.codec.target.encode([label or self.labels[0]])[0])
        return None if self._runs_on else self.vocabulary_size

    def first_inputs(self, prefix: str | Sequence[str], label: str | None) -> list[int]:
        """Ids of all inputs before the network's first own answer: start or label, then the beginning."""
        start = self.start(label)
        ids = [int(i) for i in self.codec.encode(prefix)] if prefix else []
        if start is None:
            return ids or [self._first_of_running_text()]
        return [start, *ids]

    def _first_of_running_text(self) -> int:
        """The symbol before a new line of running text: a line break, or a full stop if there is none."""
        for symbol in ("\n", "."):
            found = self.codec.source.index(symbol)
            if found is not None:
                return found
        return FIRST_ID

    def backward(self, done: Pass) -> None:
        """Through the read-out, then through time."""
        assert isinstance(done, NextSymbolPass)
        self.network.backward(self.work, done.body, self.read_out_backward(done))
        self.output.share(self.work)

    def metrics(self) -> tuple[str, ...]:
        """None of its own; `evaluate` derives the rest from the loss."""
        return ()

    def measure(self, examples: Examples, thorough: bool = True) -> dict[str, float]:
        """None of its own; `evaluate` derives the rest from the loss."""
        return {}

    def characters_per_symbol(self, examples: Examples) -> float:
        """For a word, its letters and the space after it; for a piece, all of its characters; the end of a text counts
        as one."""
        if self.codec.unit == "character":
            return 1.0
        values, ends = np.asarray(examples.source.values), 0 if self._runs_on else len(examples)
        vocabulary = examples.codec.source
        sizes = np.array([len(symbol) for symbol in (*vocabulary.symbols, *vocabulary.extra)])
        spaces = len(values) if self.codec.reads_words else 0
        return float(sizes[values].sum() + spaces + ends) / (len(values) + ends)

    def words_spelled(self, examples: Examples) -> int:
        """Words, counted as if the text were read by words (including punctuation marks), and the ends of texts."""
        if self.codec.reads_words:
            return 0
        decode, join = examples.codec.source.decode, self.codec.join
        words = [len(split_words(join(decode(row)))) for row in examples.source]
        if sum(words) < _WORDS_A_SENTENCE * len(words):
            return 0
        return sum(words) + (0 if self._runs_on else len(words))

    def symbols_read(self, examples: Examples) -> int:
        """The start and every symbol; in running text all but the last of each window, which is only predicted."""
        return int(np.asarray(examples.source.lengths).sum()) + (-1 if self._runs_on else 1) * len(examples)

    def parts(self, done: Pass, example: Example) -> tuple[Part, ...]:
        """The one network, reading the label or the start token, then the text."""
        assert isinstance(done, NextSymbolPass)
        source = self.shown(example.source)
        if self._runs_on:
            return (Part("", done.body, source[:-1]),)
        return (Part("", done.body, (example.target[0] if self.labels else START, *source)),)

    def targets_of(self, example: Example) -> tuple[str, ...]:
        """Every next symbol; the last one is the end, or the end of the window of a running text."""
        source = self.shown(example.source)
        return source[1:] if self._runs_on else (*source, END)

    def example_of(self, tokens: tuple[str, ...], label: str | None = None) -> tuple[Example, bool]:
        """The text itself is the target, under the given label or else the first."""
        return Example(tokens, (label or self.labels[0],) if self.labels else ()), True

    def legible(self, example: Example) -> Example:
        """Running text needs a symbol to read and one to predict."""
        if not self._runs_on or len(example.source) > 1:
            return example
        filler = self.codec.source.symbols[FIRST_ID : FIRST_ID + 1] or (UNKNOWN,)
        return Example((filler * 2 + example.source)[-2:])

    def start_ids(self) -> dict[str, object]:
        """The labels, or "" for the start token; nothing on running text."""
        if self._runs_on:
            return {}
        return {"start_ids": {label: self.vocabulary_size + k for k, label in enumerate(self.labels or ("",))}}

    @property
    def report_columns(self) -> tuple[str, ...]:
        """The text, its label if texts have labels, and figures of it."""
        return "text", *(("label",) if self.labels else ()), "symbols", "log_probability", "loss"

    def report_rows(self, examples: Batch) -> Iterator[tuple[object, ...]]:
        """There are no right answers: each text, and its log-probability in nats."""
        for example in examples:
            nats, symbols = self.loss([example])
            label = (example.target[0] if example.target else "",) if self.labels else ()
            yield self.codec.join(example.source), *label, symbols, -nats, nats / symbols
