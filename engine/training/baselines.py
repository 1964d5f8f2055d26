"""Trivial methods without a network, whose figures a trained one must beat.

Every loss is in nats per predicted symbol on the validation split, from counts of the training split, so it can share a
plot with the network's. All rows are counted, block by block: arrays with eight bytes for every symbol would take many
times the memory of the data.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.config import ModelConfig
from engine.data.bulk.ragged import BLOCK, Ragged, blocks, count_values
from engine.data.codec import Codec, Kind
from engine.data.dataset import Dataset
from engine.data.examples import Examples
from engine.data.vocabulary import END_ID, UNKNOWN_ID, Vocabulary
from engine.models import Prediction, model_class
from engine.models.countable import with_a_value_before
from engine.training.baseline import Baseline
from engine.training.number_baselines import rating_baselines, series_baselines
from engine.types import FloatArray, IntArray

_FREQUENT = "each answer is as probable as it is frequent"
_SMOOTHING = 0.1  # added to every count of a symbol
# Most entries in a table of counts. Larger vocabularies get no bigram, bag of words or tag of each word.
LARGEST_TABLE = 20_000_000


def baselines(dataset: Dataset, architecture: str, number_loss: str = "gaussian", lag: int = 0) -> list[Baseline]:
    """The trivial methods for what this architecture predicts on these data, that with the largest loss first.

    number_loss, lag: the network's settings. Losses of predicted numbers are in its unit, and of the steps that it
    counts; see `lag_of`.
    """
    predicts = model_class(architecture, dataset.kind).predicts
    found = _OF_NUMBERS[predicts](dataset, number_loss, lag) if predicts.is_number else _BASELINES[predicts](dataset)
    return sorted(found, key=lambda each: -each.loss)


def lag_of(config: ModelConfig, dataset: Dataset) -> int:
    """The lag of a network if steps of its validation series do not count for it, because nothing is so many steps
    earlier; 0 if all count."""
    if dataset.kind != Kind.SERIES or with_a_value_before(dataset.validation, config.lag) is dataset.validation:
        return 0
    return config.lag


def _blind_guess(answers: int) -> Baseline:
    return Baseline("blind guess", math.log(answers), method="all answers are equally probable", short="guess")


def _side(examples: Examples, side: str) -> tuple[Ragged, Vocabulary]:
    """The rows of a side and its vocabulary."""
    if side == "source":
        return examples.source, examples.codec.source
    assert examples.codec.target is not None
    return examples.target, examples.codec.target


def _counted(codec: Codec, side: str) -> str:
    """What the symbols of a side are called in everyday words."""
    if side == "source":
        return "word" if codec.reads_words else codec.symbol_name
    return "word" if codec.writes_words else codec.target_symbol_name


def _known(ids: NDArray[Any], size: int) -> IntArray:
    """ids (N,) as a model sees them, with unknown ones as UNKNOWN; in int64, so that their products fit."""
    wide = ids.astype(np.int64)
    wide[wide >= size] = UNKNOWN_ID
    return wide


def _steps(rows: Ragged, size: int, stream: bool) -> Iterator[tuple[IntArray, IntArray]]:
    """Block by block, each predicted symbol and the symbol before it (`size` stands for the start)."""
    if stream:
        for begin in range(0, len(rows.packed) - 1, BLOCK):
            ids = _known(rows.packed[begin : begin + BLOCK + 1], size)
            yield ids[1:], ids[:-1]
        return
    for first, last in blocks(rows.offsets):
        begin = int(rows.offsets[first])
        values = _known(rows.packed[begin : int(rows.offsets[last])], size)
        places = rows.offsets[first : last + 1].astype(np.int64) - begin
        yield np.insert(values, places[1:], END_ID), np.insert(values, places[:-1], size)


def _count(table: NDArray[np.int32], keys: IntArray) -> None:
    """Add one at each key; keys may repeat."""
    if len(table) <= BLOCK:
        table += np.bincount(keys, minlength=len(table)).astype(np.int32)
    else:
        np.add.at(table, keys, np.int32(1))


def _shares(counts: NDArray[Any]) -> FloatArray:
    """Counts (K,) → probabilities (K,), none of them zero."""
    smooth = counts + _SMOOTHING
    return np.asarray(smooth / smooth.sum())


def _mean_loss(probabilities: FloatArray, wanted: NDArray[Any]) -> float:
    """Mean nats of the targets, given as counts (K,), under probabilities (K,)."""
    return float(-(np.log(probabilities) @ wanted) / wanted.sum())


def _language(dataset: Dataset, side: str) -> list[Baseline]:
    stream = dataset.kind == Kind.STREAM
    (train, vocabulary), (held_out, _) = _side(dataset.train, side), _side(dataset.validation, side)
    size = len(vocabulary)
    counts, wanted = np.zeros(size, np.int64), np.zeros(size, np.int64)
    pairs = np.zeros((size + 1) * size if size * (size + 1) <= LARGEST_TABLE else 0, np.int32)
    for symbols, before in _steps(train, size, stream):
        counts += np.bincount(symbols, minlength=size)
        if len(pairs):
            _count(pairs, before * size + symbols)
    for symbols, _ in _steps(held_out, size, stream):
        wanted += np.bincount(symbols, minlength=size)
    unigram = _shares(counts)
    unit = _counted(dataset.codec, side)
    frequencies = Baseline(f"{unit} frequencies", _mean_loss(unigram, wanted), method=_FREQUENT, short="counts")
    found = [_blind_guess(size), frequencies]
    if len(pairs):
        nats = _bigram_nats(pairs.reshape(size + 1, size), unigram, _steps(held_out, size, stream))
        name, method = f"{unit} pairs", f"the same, given the {unit} before"
        found.append(Baseline(name, nats / int(wanted.sum()), method=method, short=name.removeprefix(f"{unit} ")))
    return found


def _bigram_nats(pairs: NDArray[np.int32], unigram: FloatArray, steps: Iterator[tuple[IntArray, IntArray]]) -> float:
    """Nats of all steps under counts of pairs (size + 1, size) that fall back on the unigram."""
    totals = pairs.sum(axis=1)
    kinds = np.array([np.count_nonzero(row) for row in pairs])
    # Witten and Bell (1991): all unseen successors together count as often as the context has different successors
    weight = np.divide(totals, totals + kinds, out=np.zeros(len(pairs)), where=totals > 0)
    nats = 0.0
    for wanted, given in steps:
        share = pairs[given, wanted] / np.maximum(totals[given], 1)
        nats -= float(np.log(weight[given] * share + (1 - weight[given]) * unigram[wanted]).sum())
    return nats


def _classification(dataset: Dataset) -> list[Baseline]:
    kinds, size = len(dataset.labels), len(dataset.codec.source)
    counts = count_values(dataset.train.target.packed, kinds)
    prior, wanted = _shares(counts), count_values(dataset.validation.target.packed, kinds)
    right = float(wanted[prior.argmax()] / wanted.sum())
    frequent = Baseline("most frequent label", _mean_loss(prior, wanted), right, method=_FREQUENT, short="frequent")
    found = [_blind_guess(kinds), frequent]
    if kinds * size > LARGEST_TABLE or dataset.kind.reads_numbers:
        return found
    table = np.zeros(kinds * size, np.int32)
    for words, owner, labels in _texts(dataset.train, size, kinds):
        _count(table, labels[owner] * size + words)
    log_table = np.empty((kinds, size), np.float32)
    for log_row, row in zip(log_table, table.reshape(kinds, size), strict=True):
        log_row[:] = np.log((row + 1.0) / (row.sum() + size))
    # naive Bayes treats every word as independent evidence: it is overconfident, so its loss can be poor although its
    # answers are good
    nats, hits = 0.0, 0
    for words, owner, labels in _texts(dataset.validation, size, kinds):
        scores = np.stack([np.bincount(owner, weights=row[words], minlength=len(labels)) for row in log_table])
        scores += np.log(prior)[:, None]
        hits += int((scores.argmax(axis=0) == labels).sum())
        scores -= scores.max(axis=0)
        of_label = scores[labels, np.arange(len(labels))]
        nats += float((np.log(np.exp(scores).sum(axis=0)) - of_label).sum())
    texts, unit = len(dataset.validation), f"{_counted(dataset.codec, 'source')}s"
    return [
        *found,
        Baseline(
            f"bag of {unit}",
            nats / texts,
            hits / texts,
            method=f"naive Bayes, which ignores the order of the {unit}",
            short="bag",
        ),
    ]


def _texts(examples: Examples, size: int, kinds: int) -> Iterator[tuple[IntArray, IntArray, IntArray]]:
    """Block by block: all words (N,), which text of the block each stands in (N,), and the label of each text (B,).

    Blocks are small enough that a number for each text and label takes no more memory than a block of words.
    """
    rows, most = examples.source, max(1, BLOCK // kinds)
    for begin, end in blocks(rows.offsets):
        for first in range(begin, end, most):
            last = min(end, first + most)
            offsets = rows.offsets[first : last + 1]
            words = _known(rows.packed[int(offsets[0]) : int(offsets[-1])], size)
            labels = examples.target.packed[first:last].astype(np.int64)
            yield words, np.repeat(np.arange(last - first), np.diff(offsets)), labels


def _tagging(dataset: Dataset) -> list[Baseline]:
    kinds, size = len(dataset.labels), len(dataset.codec.source)
    prior = _shares(count_values(dataset.train.target.packed, kinds))
    wanted = count_values(dataset.validation.target.packed, kinds)
    total = int(wanted.sum())
    majority = Baseline(
        "most frequent tag",
        _mean_loss(prior, wanted),
        float(wanted[prior.argmax()] / total),
        method=_FREQUENT,
        short="frequent",
    )
    if size * kinds > LARGEST_TABLE:
        return [_blind_guess(kinds), majority]
    table = np.zeros(size * kinds, np.int32)
    for words, tags in _tagged(dataset.train, size):
        _count(table, words * kinds + tags)
    by_word = table.reshape(size, kinds)
    totals = by_word.sum(axis=1)
    nats, hits = 0.0, 0
    for words, tags in _tagged(dataset.validation, size):
        # one extra count, distributed like all tags: an unseen word gets the overall shares
        nats -= float(np.log((by_word[words, tags] + prior[tags]) / (totals[words] + 1)).sum())
        present = np.unique(words)
        best = np.zeros(size, np.int64)
        for begin in range(0, len(present), max(1, BLOCK // kinds)):
            some = present[begin : begin + max(1, BLOCK // kinds)]
            best[some] = (by_word[some] + prior).argmax(axis=1)
        hits += int((best[words] == tags).sum())
    word = Baseline(
        "each word's usual tag",
        nats / total,
        hits / total,
        method="each word has its most frequent tag",
        short="usual tag",
    )
    return [_blind_guess(kinds), majority, word]


def _tagged(examples: Examples, size: int) -> Iterator[tuple[IntArray, IntArray]]:
    """Block by block, words and their tags."""
    words, tags = examples.source.packed, examples.target.packed
    for begin in range(0, len(words), BLOCK):
        yield _known(words[begin : begin + BLOCK], size), tags[begin : begin + BLOCK].astype(np.int64)


_BASELINES: dict[Prediction, Callable[[Dataset], list[Baseline]]] = {
    Prediction.NEXT_SYMBOL: partial(_language, side="source"),
    Prediction.TARGET_SYMBOL: partial(_language, side="target"),
    Prediction.LABEL: _classification,
    Prediction.TAG: _tagging,
}
_OF_NUMBERS: dict[Prediction, Callable[[Dataset, str, int], list[Baseline]]] = {
    Prediction.NEXT_VALUE: series_baselines,
    Prediction.NUMBER: lambda dataset, number_loss, _: rating_baselines(dataset, number_loss),
}
