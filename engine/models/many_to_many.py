"""Many to many, equal length: every token read gets its tag at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engine.data.examples import Examples
from engine.models.base import Carry, Pass, Tagged, chunks, known_target
from engine.models.source_reader import SourceReader, source_rows
from engine.network.losses import softmax
from engine.network.sequence_network import SymbolTape
from engine.training.entity_f1 import entity_scores, is_entity_scheme
from engine.types import IntArray


@dataclass
class ManyToManyPass(Pass):
    """A forward pass with what the network leaves for going back."""

    body: SymbolTape


class ManyToMany(SourceReader):
    """Reads tokens, says the tag of each."""

    verb = "tag"
    task = "tags tokens"

    @property
    def tags(self) -> tuple[str, ...]:
        """What it can say of a token."""
        return self.classes

    def forward(
        self, examples: Examples, rng: np.random.Generator | None, carry: Carry | None, teacher_forcing: float = 1.0
    ) -> Pass:
        """Logits of every tag."""
        packing, ids = source_rows(examples, self.network, end=False)
        begin = np.asarray(examples.target.offsets)[:-1][packing.order]
        targets = packing.pick(known_target(examples), begin)
        body = self.network.forward(self.parameters, self.arena, packing, ids, None, rng, examples.codec.source)
        logits, read, mask = self.read_out(body.output, rng)
        return ManyToManyPass(packing, logits, targets, read, mask, body)

    def backward(self, done: Pass) -> None:
        """Through the read-out, then through time."""
        assert isinstance(done, ManyToManyPass)
        self.network.backward(self.parameters, self.gradients, self.arena, done.body, self.read_out_backward(done))

    def answers(self, examples: Examples) -> tuple[list[IntArray], list[IntArray]]:
        """True and most probable tag ids of each example, longest example first."""
        truth: list[IntArray] = []
        found: list[IntArray] = []
        for part, _ in chunks(examples):
            self.arena.reset()
            done = self.forward(part, None, None)
            best = done.logits.argmax(axis=0)
            for b in range(done.packing.batch):
                rows = done.packing.rows_of(b)
                truth.append(done.targets[rows])
                found.append(best[rows])
        return truth, found

    def measure(self, examples: Examples) -> dict[str, float]:
        """accuracy over tokens; where tags name entities also entity_precision, entity_recall and entity_f1."""
        truth, found = self.answers(examples)
        values = {"accuracy": float((np.concatenate(truth) == np.concatenate(found)).mean())}
        if is_entity_scheme(self.tags):
            wanted, given = ([[self.tags[i] for i in row] for row in rows] for rows in (truth, found))
            values |= entity_scores(wanted, given)
        return values

    def tag(self, text: str | Sequence[str]) -> list[Tagged]:
        """The most probable tag of each token. A text is split into tokens, a list of tokens is taken as it is."""
        self.arena.reset()
        tokens = self.codec.tokenize(text) if isinstance(text, str) else tuple(text)
        if not tokens:
            return []
        one = self.one(tokens, (self.tags[0],) * len(tokens))
        probabilities = softmax(self.forward(one, None, None).logits)
        best = probabilities.argmax(axis=0)
        return [
            Tagged(token, self.tags[k], float(probabilities[k, t]))
            for t, (token, k) in enumerate(zip(tokens, best.tolist(), strict=True))
        ]
