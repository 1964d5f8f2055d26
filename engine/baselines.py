"""What can be had without a network: the figures that a trained one must beat.

Every loss is in nats per predicted symbol on the validation split, from counts of the training split, so it can be
drawn into the same plot as the network's.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from engine.data.dataset import Dataset
from engine.data.examples import Examples
from engine.types import FloatArray, IntArray

_END_ID = 1
_SMOOTHING = 0.1  # added to every count of a symbol
_LARGEST_TABLE = 20_000_000  # pairs of symbols counted in one table; larger vocabularies go without the bigram


@dataclass(frozen=True)
class Baseline:
    """One line in the plot: its name, its loss, and its accuracy where one is defined."""

    name: str
    loss: float
    accuracy: float | None = None


def baselines(dataset: Dataset, architecture: str) -> list[Baseline]:
    """The trivial methods for what this architecture predicts on these data, worst first."""
    if dataset.kind == "tagged":
        return _tagging(dataset)
    if dataset.kind == "labelled" and architecture != "one-to-many":
        return _classification(dataset)
    side = "target" if dataset.kind == "pairs" else "source"
    return _language(dataset, side)


def _next_symbols(examples: Examples, side: str, stream: bool) -> tuple[IntArray, IntArray, int]:
    """Each predicted symbol, the symbol before it (the size of the vocabulary stands for the start), and that size."""
    vocabulary = examples.codec.source if side == "source" else examples.codec.target
    assert vocabulary is not None
    rows = examples.source if side == "source" else examples.target
    values = vocabulary.known(rows.values)
    size = len(vocabulary)
    if stream:
        return values[1:], values[:-1], size
    lengths = np.asarray(rows.lengths)
    ends = np.cumsum(lengths)
    targets = np.insert(values, ends, _END_ID)
    before = np.insert(values, np.asarray(rows.offsets)[:-1], size)
    return targets, before, size


def _mean_loss(probabilities: FloatArray) -> float:
    return float(-np.log(probabilities).mean())


def _language(dataset: Dataset, side: str) -> list[Baseline]:
    stream = dataset.kind == "stream"
    targets, before, size = _next_symbols(dataset.train, side, stream)
    wanted, given, _ = _next_symbols(dataset.validation, side, stream)
    counts = np.bincount(targets, minlength=size) + _SMOOTHING
    unigram = counts / counts.sum()
    found = [Baseline("uniform", math.log(size)), Baseline("unigram", _mean_loss(unigram[wanted]))]
    if size * (size + 1) <= _LARGEST_TABLE:
        pairs = np.bincount(before * size + targets, minlength=(size + 1) * size).reshape(size + 1, size)
        seen, kinds = pairs.sum(axis=1), (pairs > 0).sum(axis=1)
        # Witten and Bell (1991): what a context has not shown yet is as likely as its number of different successors
        weight = np.divide(seen, seen + kinds, out=np.zeros(size + 1), where=seen > 0)
        share = np.divide(pairs[given, wanted], seen[given], out=np.zeros(len(wanted)), where=seen[given] > 0)
        found.append(Baseline("bigram", _mean_loss(weight[given] * share + (1 - weight[given]) * unigram[wanted])))
    return found


def _classification(dataset: Dataset) -> list[Baseline]:
    labels, wanted = np.asarray(dataset.train.target.values), np.asarray(dataset.validation.target.values)
    kinds = len(dataset.labels)
    counts = np.bincount(labels, minlength=kinds) + _SMOOTHING
    prior = counts / counts.sum()
    majority = Baseline("majority label", _mean_loss(prior[wanted]), float((wanted == prior.argmax()).mean()))
    vocabulary = dataset.codec.source
    size = len(vocabulary)
    words = vocabulary.known(dataset.train.source.values)
    owner = np.repeat(labels, dataset.train.source.lengths)
    table = np.bincount(owner * size + words, minlength=kinds * size).reshape(kinds, size) + 1.0
    log_table = np.log(table / table.sum(axis=1, keepdims=True))
    # naive Bayes takes every word for new evidence: too certain, so its loss can be poor where its answers are good
    seen = vocabulary.known(dataset.validation.source.values)
    lengths = np.asarray(dataset.validation.source.lengths)
    text = np.repeat(np.arange(len(lengths)), lengths)
    scores = np.stack([np.bincount(text, weights=row[seen], minlength=len(lengths)) for row in log_table])
    scores += np.log(prior)[:, None]
    right = float((scores.argmax(axis=0) == wanted).mean())
    shifted = scores - scores.max(axis=0)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=0))
    bag = Baseline("bag of words", float(-log_p[wanted, np.arange(len(wanted))].mean()), right)
    return [Baseline("uniform", math.log(kinds)), majority, bag]


def _tagging(dataset: Dataset) -> list[Baseline]:
    kinds = len(dataset.labels)
    vocabulary = dataset.codec.source
    words = vocabulary.known(dataset.train.source.values)
    tags = np.asarray(dataset.train.target.values)
    wanted = np.asarray(dataset.validation.target.values)
    given = vocabulary.known(dataset.validation.source.values)
    counts = np.bincount(tags, minlength=kinds) + _SMOOTHING
    prior = counts / counts.sum()
    majority = Baseline("most frequent tag", _mean_loss(prior[wanted]), float((wanted == prior.argmax()).mean()))
    if len(vocabulary) * kinds > _LARGEST_TABLE:
        return [Baseline("uniform", math.log(kinds)), majority]
    table = np.bincount(words * kinds + tags, minlength=len(vocabulary) * kinds).reshape(-1, kinds)
    table = table + prior  # one more sighting, spread as tags are spread: an unseen word gets the overall shares
    by_word = table / table.sum(axis=1, keepdims=True)
    right = float((by_word[given].argmax(axis=1) == wanted).mean())
    word = Baseline("each word's most frequent tag", _mean_loss(by_word[given, wanted]), right)
    return [Baseline("uniform", math.log(kinds)), majority, word]
