"""The base of networks that give each text one label."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

import numpy as np

from engine.data.codec import Kind
from engine.data.examples import Example, Examples
from engine.models.answer_types import OwnAnswer, distribution
from engine.models.model import Batch, Model
from engine.models.model_description import Prediction, Verb
from engine.models.rows import chunks
from engine.types import IntArray


class Classifier(Model):
    """A network with one prediction for each example, over the labels of the data."""

    kinds: ClassVar[tuple[Kind, ...]] = (Kind.LABELLED,)
    verb = Verb.CLASSIFY
    predicts = Prediction.LABEL
    report_columns = ("text", "label", "predicted", "probability", "right")

    @property
    def labels(self) -> tuple[str, ...]:
        """The labels it chooses from."""
        assert self.codec.target is not None
        return self.codec.target.symbols

    @property
    def choices(self) -> tuple[str, ...]:
        """The labels."""
        return self.labels

    def targets_of(self, example: Example) -> tuple[str, ...]:
        """The label."""
        return tuple(example.target)

    def example_of(self, tokens: Any, label: str | None = None) -> tuple[Example, bool]:
        """The source with the given label, or with the most probable one."""
        answer = next(iter(self.classify(tokens))) if label is None else label
        return Example(tokens, (answer,)), label is not None

    def report_rows(self, examples: Batch) -> Iterator[tuple[object, ...]]:
        """Each example's text and label, the most probable label, and whether it is right."""
        for example in examples:
            probabilities = self.classify(example.source)
            best = next(iter(probabilities))
            truth = example.target[0]
            yield self.codec.join(example.source), truth, best, probabilities[best], best == truth

    def answers_to_each(self, part: Examples) -> list[OwnAnswer]:
        """The most probable label of each."""
        self.work.reset()
        done = self.forward(part, None, None)
        found = np.zeros(len(part), np.int64)
        found[done.owners] = self.best(done)
        return [OwnAnswer(self.labels[k]) for k in found]

    def metrics(self) -> tuple[str, ...]:
        """Accuracy, and F1 with all labels counted equally."""
        return "accuracy", "macro_f1"

    def measure(self, examples: Examples, thorough: bool = True) -> dict[str, float]:
        """accuracy: share of examples whose most probable label is theirs. macro_f1: mean over labels that occur."""
        truth, answer = [], []
        for part, _ in chunks(examples):
            self.work.reset()
            done = self.forward(part, None, None)
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

    @np.errstate(over="ignore", invalid="ignore")  # enormous weights have no figures
    def classify(self, text: Any) -> dict[str, float]:
        """Probability of each label, most probable first. text: a text or its tokens; for a network that reads numbers,
        an array or a file."""
        self.work.reset()
        one = self.one(self.tokens_of(text), (self.labels[0],))
        return distribution(self.forward(one, None, None).logits[:, 0], self.labels)


def label_rows(examples: Examples) -> IntArray:
    """(B,) label ids in the caller's order."""
    return np.asarray(examples.target.values)
