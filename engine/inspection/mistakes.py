"""The mistakes of a network: its worst examples and its confusions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engine.data.codec import Kind
from engine.data.examples import Example, Examples
from engine.data.numbers.parse import number_of
from engine.errors import ConfigError
from engine.models import Model
from engine.models.answer_types import OwnAnswer
from engine.models.rows import chunks
from engine.types import FloatArray, IntArray


@dataclass(frozen=True)
class Mistake:
    """An example with its loss in mean nats per predicted symbol, and the share of its predictions that are right: of a
    text, each symbol is predicted after the right ones before it."""

    number: int  # its index among the examples
    example: Example
    loss: float
    accuracy: float


def evenly_chosen(count: int, most: int) -> IntArray:
    """The places of all examples, or of `most` of them from the first to the last."""
    return np.arange(count) if count <= most else np.linspace(0, count - 1, most).astype(np.int64)


def _by_example(model: Model, part: Examples) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Sum of nats, number of right predictions and of all predictions of each example of one batch."""
    model.work.reset()
    done = model.forward(part, None, None)
    nats, right = model.nats(done), model.right(done)
    count = len(part)
    return (
        np.bincount(done.owners, nats, count),
        np.bincount(done.owners, right, count),
        np.bincount(done.owners, minlength=count).astype(np.float64),
    )


def mistakes(model: Model, examples: Examples, count: int = 50) -> list[Mistake]:
    """The `count` examples with the highest loss per predicted symbol, highest first.

    ConfigError on running text, which is a single example.
    """
    if examples.codec.kind == Kind.STREAM:
        raise ConfigError("Running text is a single example, so there are no worst ones.")
    losses, shares = np.zeros(len(examples)), np.zeros(len(examples))
    for part, places in chunks(model.countable(examples)):
        nats, right, total = _by_example(model, part)
        with np.errstate(invalid="ignore"):  # an example without anything that counts has no loss, and comes last
            losses[places], shares[places] = nats / total, right / total
    worst = np.argsort(-losses, kind="stable")[:count].tolist()
    return [Mistake(i, examples[i], float(losses[i]), float(shares[i])) for i in worst]


def own_answers(model: Model, examples: Examples) -> list[OwnAnswer]:
    """The network's answer to each example; an empty one if none belongs to it."""
    found = [OwnAnswer("")] * len(examples)
    for part, places in chunks(examples):
        for place, answer in zip(places.tolist(), model.answers_to_each(part), strict=False):
            found[place] = answer
    return found


@dataclass(frozen=True, eq=False)
class Confusion:
    """counts (K, K): examples or tokens whose truth is the row's label and whose answer is the column's.

    examples: for each (row, column) the indices of some of its examples.
    """

    labels: tuple[str, ...]
    counts: IntArray
    examples: dict[tuple[int, int], tuple[int, ...]]


_EXAMPLES_BEHIND_A_CELL = 20


def listed(labels: Sequence[str]) -> tuple[str, ...]:
    """Labels in the order in which a matrix shows them: as given, the most frequent first, but numbers in their own."""
    numbers = {label: number_of(label) for label in labels}
    return tuple(labels) if np.isnan([*numbers.values()]).any() else tuple(sorted(labels, key=numbers.__getitem__))


def confusion(model: Model, examples: Examples) -> Confusion:
    """The confusion matrix of a classifier or a tagger, its labels as `listed`."""
    assert examples.codec.target is not None
    known = examples.codec.target.symbols
    labels, size = listed(known), len(known)
    place = np.array([labels.index(label) for label in known], np.int64)
    counts = np.zeros((size, size), np.int64)
    behind: dict[tuple[int, int], list[int]] = {}
    for part, places in chunks(examples):
        model.work.reset()
        done = model.forward(part, None, None)
        targets, found = place[done.targets], place[model.best(done)]
        np.add.at(counts, (targets, found), 1)
        owners = places[done.owners]
        for truth, answer, owner in zip(targets.tolist(), found.tolist(), owners.tolist(), strict=True):
            cell = behind.setdefault((truth, answer), [])
            if len(cell) < _EXAMPLES_BEHIND_A_CELL and owner not in cell[-1:]:
                cell.append(owner)
    return Confusion(labels, counts, {cell: tuple(numbers) for cell, numbers in behind.items()})
