"""Many to one: the whole source is read, then a feed-forward layer computes the answer from the last hidden state.

The answer is a label of a text or of a series of numbers, or a number that goes with a text.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np

from engine.config import ModelConfig
from engine.data.bulk.ragged import blocks
from engine.data.codec import Kind
from engine.data.examples import Example, Examples
from engine.data.vocabulary import END
from engine.models.answer_types import OwnAnswer, Rating
from engine.models.classifier import Classifier, label_rows
from engine.models.forward_pass import Carry, Pass
from engine.models.model import Batch
from engine.models.model_description import ExportForm, HeadStart, Part, Pictogram, Prediction, ReadOut, Stage, Verb
from engine.models.number_model import NumberModel
from engine.models.pooled import PooledNetwork, PooledTape
from engine.models.rows import known_source, text_lengths
from engine.models.unused import (
    NO_ATTENTION,
    NO_LABELS,
    NO_NUMBERS,
    NO_SERIES,
    NO_SYMBOLS_WRITTEN,
    NO_TAGS,
    NOT_OF_NUMBERS,
    WRITES_NOTHING,
)
from engine.network.layers import Dense
from engine.network.sequence_network import SymbolNetwork
from engine.network.word_counts import WordCounts
from engine.types import FloatArray, IntArray

_READS_ALL = MappingProxyType(
    {
        "attention": NO_ATTENTION,
        "copying": NO_ATTENTION,
        "read_out": NO_TAGS,
        "tied": WRITES_NOTHING,
        "lag": NO_SERIES,
        "sampled_words": NO_SYMBOLS_WRITTEN,
    }
)


@dataclass
class ManyToOnePass(Pass):
    """A forward pass, with what the backward pass needs. counted: (2, B, K) scores of the counted words."""

    pooled: PooledTape
    counted: FloatArray | None = None

    @property
    def winning_steps(self) -> IntArray | None:
        return self.pooled.winning_steps


class PooledClassifier(Classifier):
    """Reads a whole source and predicts its label."""

    title = "many to one"
    stages = (Stage("", ReadOut.LAST, whole_input=True),)
    pictogram = Pictogram(3, (0, 1, 2), (2,))

    @classmethod
    def head_start(cls, config: ModelConfig) -> HeadStart | None:
        """Words are counted before any training."""
        if not config.word_counts or "word_counts" in cls.unused:
            return None
        return HeadStart(
            "untrained, it already weighs counted words",
            "Before any training it was counted how often each word occurs with each label (naive Bayes), so the "
            "network answers well from the start. Training adds what counts do not see, such as the order of words.",
        )

    def _build(self) -> None:
        self.reader = PooledNetwork(self.config, self.codec, self.dtype)
        self.output = Dense("output", self.reader.output_size, len(self.labels))
        self.word_counts: WordCounts | None = None
        if self.config.word_counts and "word_counts" not in self.unused:
            self.word_counts = WordCounts(self.codec.source, len(self.labels))

    def networks(self) -> dict[str, SymbolNetwork]:
        """The one network."""
        return {"": self.reader.network}

    def shapes(self) -> dict[str, tuple[int, ...]]:
        """Names and shapes of all parameters."""
        return super().shapes() | ({} if self.word_counts is None else self.word_counts.shapes())

    @property
    def draws_at_random(self) -> bool:
        """Whether a training step differs from a measurement; one with counted words leaves out its own texts."""
        return super().draws_at_random or self.word_counts is not None

    def counted_in(self, examples: Examples) -> dict[str, FloatArray]:
        """The words of the training texts, if they are to be counted; a block of texts at a time."""
        if self.word_counts is None:
            return {}
        parts = (examples[first:last] for first, last in blocks(examples.source.offsets))
        return self.word_counts.count((known_source(part), text_lengths(part), label_rows(part)) for part in parts)

    def forward(
        self, examples: Examples, rng: np.random.Generator | None, carry: Carry | None, teacher_forcing: float = 1.0
    ) -> Pass:
        """Logits of the labels, by sorted place."""
        return self._forward(examples, rng, None if rng is None else label_rows(examples))

    def forward_trained_on(self, examples: Examples, carry: Carry | None) -> Pass:
        """As a training step reads them, but without dropout."""
        return self._forward(examples, None, label_rows(examples))

    def _forward(self, examples: Examples, rng: np.random.Generator | None, own: IntArray | None) -> ManyToOnePass:
        """own: (B,) the label under which each text was counted, None if it was not."""
        pooled = self.reader.forward(self.work, examples, rng)
        targets = label_rows(examples)[pooled.packing.order]
        logits, read_out = self.read_out(pooled.output, targets, rng)
        counted: FloatArray | None = None
        if self.word_counts is not None:
            words = known_source(examples), text_lengths(examples)
            counted = self.word_counts.forward(self.work, *words, own)[:, pooled.packing.order]
            logits += self.word_counts.logits(self.parameters, counted)
        return ManyToOnePass(pooled.packing, logits, targets, read_out, pooled, counted)

    def parts(self, done: Pass, example: Example) -> tuple[Part, ...]:
        """The one network over the source; the end symbol stands in for an empty text."""
        assert isinstance(done, ManyToOnePass)
        return (Part("", done.pooled.body, self.shown(example.source) or (END,)),)

    def backward(self, done: Pass) -> None:
        """Through the counted words; through the read-out, the pooling, then through time."""
        assert isinstance(done, ManyToOnePass)
        if self.word_counts is not None and done.counted is not None:
            self.word_counts.backward(self.work, done.counted, done.logits)
        self.reader.backward(self.work, done.pooled, self.read_out_backward(done))


class ManyToOne(PooledClassifier):
    """Reads a text and predicts its label."""

    task = "classifies text"
    unused = MappingProxyType({**_READS_ALL, "number_loss": NO_NUMBERS})
    export_form = ExportForm.CLASSIFIER


class SeriesToOne(PooledClassifier):
    """Reads numbers over time, or a sound, and predicts its label."""

    kinds = (Kind.LABELLED_SERIES,)
    task = "classifies series or sounds"
    unused = MappingProxyType({**_READS_ALL, **NOT_OF_NUMBERS, "number_loss": NO_NUMBERS})
    export_form = ExportForm.SERIES_CLASSIFIER


class TextToNumber(NumberModel):
    """Reads a text and predicts the number that belongs to it."""

    title = "many to one"
    kinds = (Kind.RATED,)
    verb = Verb.RATE
    task = "rates text"
    predicts = Prediction.NUMBER
    stages = (Stage("", ReadOut.LAST, whole_input=True),)
    pictogram = Pictogram(3, (0, 1, 2), (2,))
    unused = MappingProxyType({**_READS_ALL, "word_counts": NO_LABELS})
    export_form = ExportForm.RATER
    report_columns = ("text", "number", "predicted", "deviation", "error")

    def _build(self) -> None:
        self.reader = PooledNetwork(self.config, self.codec, self.dtype)
        self._build_read_out(self.reader.output_size)

    def networks(self) -> dict[str, SymbolNetwork]:
        """The one network."""
        return {"": self.reader.network}

    def forward(
        self, examples: Examples, rng: np.random.Generator | None, carry: Carry | None, teacher_forcing: float = 1.0
    ) -> Pass:
        """Scores of the numbers, by sorted place."""
        pooled = self.reader.forward(self.work, examples, rng)
        targets = examples.target.values[pooled.packing.order].astype(self.dtype, copy=False)
        logits, read_out = self.read_out(pooled.output, targets, rng)
        return ManyToOnePass(pooled.packing, logits, targets, read_out, pooled)

    def backward(self, done: Pass) -> None:
        """Through the read-out, the pooling, then through time."""
        assert isinstance(done, ManyToOnePass)
        self.reader.backward(self.work, done.pooled, self.read_out_backward(done))

    def parts(self, done: Pass, example: Example) -> tuple[Part, ...]:
        """The one network over the text; the end symbol stands in for an empty one."""
        assert isinstance(done, ManyToOnePass)
        return (Part("", done.pooled.body, self.shown(example.source) or (END,)),)

    def targets_of(self, example: Example) -> tuple[str, ...]:
        """The number, written out."""
        return self.codec.written(np.asarray(example.target).reshape(1, -1))

    def example_of(self, tokens: Any, label: str | None = None) -> tuple[Example, bool]:
        """The text with the network's own number."""
        return Example(tokens, np.array([self.rate(tokens).value])), False

    def report_rows(self, examples: Batch) -> Iterator[tuple[object, ...]]:
        """Each text and its number, the predicted number with its deviation, and the error."""
        for example in examples:
            found, truth = self.rate(example.source), float(example.target[0])
            yield self.codec.join(example.source), truth, found.value, found.deviation, abs(found.value - truth)

    @np.errstate(over="ignore", invalid="ignore")  # enormous weights have no figures
    def answers_to_each(self, part: Examples) -> list[OwnAnswer]:
        """The number predicted for each."""
        self.work.reset()
        done = self.forward(part, None, None)
        means, _ = self.numbers_of(done)
        found = np.empty_like(means)
        found[done.owners] = means
        return [OwnAnswer(number) for number in self.codec.written(found)]

    @np.errstate(over="ignore", invalid="ignore")  # enormous weights have no figures
    def rate(self, text: str | Sequence[str]) -> Rating:
        """The number predicted for a text, in its own units."""
        self.work.reset()
        one = self.one(self.tokens_of(text), self.numbers.mean)
        mean, sigma = self.judge.spread(self.forward(one, None, None).logits)
        return Rating(float(self.numbers.restore(mean)[0, 0]), float(self.numbers.restore_deviation(sigma)[0, 0]))
