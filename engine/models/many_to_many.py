"""Many to many, equal length: each token is tagged as it is read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from engine.data.codec import Kind
from engine.data.examples import Example, Examples
from engine.data.vocabulary import UNKNOWN
from engine.models.answer_types import OwnAnswer, Tagged
from engine.models.entity_f1 import entity_scores, is_entity_scheme, possible
from engine.models.forward_pass import Carry, Pass
from engine.models.model import Batch, Model
from engine.models.model_description import ExportForm, Part, Pictogram, Prediction, ReadOut, Stage, Verb
from engine.models.rows import chunks, known_target, source_rows
from engine.models.unused import (
    NO_ATTENTION,
    NO_LABELS,
    NO_NUMBERS,
    NO_POOLING,
    NO_SERIES,
    NO_SYMBOLS_WRITTEN,
    WRITES_NOTHING,
)
from engine.network.crf import Allowed, ConditionalRandomField
from engine.network.layers import Dense
from engine.network.sequence_network import SymbolNetwork, SymbolTape
from engine.types import IntArray


@dataclass
class ManyToManyPass(Pass):
    """A forward pass, with what the backward pass needs."""

    body: SymbolTape


class ManyToMany(Model):
    """Reads tokens and predicts a tag for each."""

    title = "many to many"
    kinds = (Kind.TAGGED,)
    verb = Verb.TAG
    task = "tags tokens"
    predicts = Prediction.TAG
    stages = (Stage("", ReadOut.EVERY, whole_input=True),)
    pictogram = Pictogram(3, (0, 1, 2), (0, 1, 2))
    unused = MappingProxyType(
        {
            "attention": NO_ATTENTION,
            "copying": NO_ATTENTION,
            "pooling": NO_POOLING,
            "word_counts": NO_LABELS,
            "tied": WRITES_NOTHING,
            "sampled_words": NO_SYMBOLS_WRITTEN,
            "number_loss": NO_NUMBERS,
            "lag": NO_SERIES,
        }
    )
    export_form = ExportForm.TAGGER
    report_columns = ("text", "tags", "predicted", "share_right", "right")

    def _build(self) -> None:
        self.network = SymbolNetwork.of_source(self.config, self.codec, self.dtype)
        self.output = Dense("output", self.network.output_size, len(self.tags))
        if self.config.read_out == "crf":
            self.scorer = ConditionalRandomField(len(self.tags), Allowed(*possible(self.tags)))

    def shapes(self) -> dict[str, tuple[int, ...]]:
        """Names and shapes of all parameters."""
        return super().shapes() | self.scorer.shapes()

    def networks(self) -> dict[str, SymbolNetwork]:
        """The one network."""
        return {"": self.network}

    @property
    def tags(self) -> tuple[str, ...]:
        """The tags it chooses from."""
        assert self.codec.target is not None
        return self.codec.target.symbols

    @property
    def choices(self) -> tuple[str, ...]:
        """The tags."""
        return self.tags

    def parts(self, done: Pass, example: Example) -> tuple[Part, ...]:
        """The one network over the tokens."""
        assert isinstance(done, ManyToManyPass)
        return (Part("", done.body, self.shown(example.source)),)

    def targets_of(self, example: Example) -> tuple[str, ...]:
        """The tags."""
        return tuple(example.target)

    def example_of(self, tokens: tuple[str, ...], label: str | None = None) -> tuple[Example, bool]:
        """The tokens with their most probable tags."""
        tokens = tokens or (UNKNOWN,)  # without a token there is no step to show
        return Example(tokens, tuple(tagged.tag for tagged in self.tag(tokens))), False

    def report_rows(self, examples: Batch) -> Iterator[tuple[object, ...]]:
        """Each example's tokens and tags, the most probable tags, the share that is right, and whether all are."""
        for example in examples:
            tags = [tagged.tag for tagged in self.tag(example.source)]
            right = sum(a == b for a, b in zip(tags, example.target, strict=True))
            share = right / max(1, len(tags))
            yield " ".join(example.source), " ".join(example.target), " ".join(tags), share, right == len(tags)

    def forward(
        self, examples: Examples, rng: np.random.Generator | None, carry: Carry | None, teacher_forcing: float = 1.0
    ) -> Pass:
        """Logits of every tag."""
        packing, ids = source_rows(examples, self.network, end=False)
        begin = np.asarray(examples.target.offsets)[:-1][packing.order]
        targets = packing.pick(known_target(examples), begin)
        body = self.network.forward(self.work, packing, ids, None, rng, examples.codec.source)
        logits, read_out = self.read_out(body.output, targets, rng)
        return ManyToManyPass(packing, logits, targets, read_out, body)

    def backward(self, done: Pass) -> None:
        """Through the read-out, then through time."""
        assert isinstance(done, ManyToManyPass)
        self.network.backward(self.work, done.body, self.read_out_backward(done))

    def answers_to_each(self, part: Examples) -> list[OwnAnswer]:
        """The tags of each, as `tag` finds them."""
        self.work.reset()
        done = self.forward(part, None, None)
        best = self.best(done)
        found = (best[done.owners == b] for b in range(len(part)))
        return [OwnAnswer(self.codec.join([self.tags[k] for k in row], "target")) for row in found]

    def answers(self, examples: Examples) -> tuple[list[IntArray], list[IntArray]]:
        """The true tag ids and the network's, (T,) for each example, longest example first."""
        truth: list[IntArray] = []
        found: list[IntArray] = []
        for part, _ in chunks(examples):
            self.work.reset()
            done = self.forward(part, None, None)
            best = self.best(done)
            for b in range(done.packing.batch):
                rows = done.packing.rows_of(b)
                truth.append(done.targets[rows])
                found.append(best[rows])
        return truth, found

    def metrics(self) -> tuple[str, ...]:
        """Accuracy, and scores of whole entities where tags mark these."""
        entities = ("entity_f1", "entity_precision", "entity_recall")
        return ("accuracy", *entities) if is_entity_scheme(self.tags) else ("accuracy",)

    def measure(self, examples: Examples, thorough: bool = True) -> dict[str, float]:
        """accuracy over tokens; where tags name entities also entity_f1, entity_precision and entity_recall."""
        truth, found = self.answers(examples)
        values = {"accuracy": float((np.concatenate(truth) == np.concatenate(found)).mean())}
        if is_entity_scheme(self.tags):
            wanted, given = ([[self.tags[i] for i in row] for row in rows] for rows in (truth, found))
            values |= entity_scores(wanted, given)
        return values

    def tag(self, text: str | Sequence[str]) -> list[Tagged]:
        """The tag of each token and its probability: the most probable tag or, with a CRF, the one in the most
        probable sequence. A text is split into tokens; a list of tokens is used as it is."""
        self.work.reset()
        tokens = self.tokens_of(text)
        if not tokens:
            return []
        one = self.one(tokens, (self.tags[0],) * len(tokens))
        done = self.forward(one, None, None)
        probabilities, best = self.probabilities(done), self.best(done)
        return [
            Tagged(token, self.tags[k], float(probabilities[k, t]))
            for t, (token, k) in enumerate(zip(tokens, best.tolist(), strict=True))
        ]
