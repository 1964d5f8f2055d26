"""Measures a network on examples it was not trained on."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from engine.data.bulk.ragged import Ragged
from engine.data.codec import Kind
from engine.data.examples import Examples
from engine.errors import DataError
from engine.models.countable import about_uncounted, too_short_to_measure
from engine.models.forward_pass import Carry
from engine.models.model import Batch, Model
from engine.models.rows import chunks
from engine.training.batches import Windows

_STREAM_TRACKS, _STREAM_WINDOW = (
    32,
    128,
)  # running text is evaluated in this many parallel parts, each from a zero state


@dataclass(frozen=True)
class Metrics:
    """`loss` in mean nats per predicted symbol; `values` by name, such as accuracy, perplexity or exact_match.

    The values can be read as attributes too. `examples`: the number of examples measured; `of`: how many there are (0:
    unknown); `predictions`: the number of predicted symbols in the mean loss, including the end of each text if it has
    one. `not_measured`: metrics that were left out and why, one sentence each. `not_counted`: a sentence on predictions
    that do not count because there is nothing to predict them from.
    """

    loss: float
    examples: int
    values: Mapping[str, float] = field(default_factory=dict)
    of: int = 0
    predictions: int = 0
    not_measured: tuple[str, ...] = ()
    not_counted: str = ""

    def by(self, name: str) -> float:
        """The loss or one of the values; NaN where it was not measured."""
        return self.loss if name == "loss" else self.values.get(name, math.nan)

    def __getattr__(self, name: str) -> float:
        values: Mapping[str, float] = self.__dict__.get("values", {})
        if name in values:
            return values[name]
        raise AttributeError(f"no metric {name!r}; there are loss, {', '.join(values)}")


def _total_loss(model: Model, examples: Examples, trained_on: bool = False) -> tuple[float, int]:
    total, count = 0.0, 0
    if model.codec.kind == Kind.STREAM:
        windows, carry = Windows(examples, _STREAM_TRACKS, _STREAM_WINDOW), Carry()
        for step in range(windows.steps_per_epoch):
            nats, symbols = model.loss(windows.batch(step), carry, trained_on)
            total, count = total + nats, count + symbols
        return total, count
    for part, _ in chunks(examples):
        nats, symbols = model.loss(part, trained_on=trained_on)
        total, count = total + nats, count + symbols
    return total, count


def mean_training_loss(model: Model, examples: Examples, limit: int = 0) -> float:
    """Mean nats per predicted symbol of training examples. limit: as in `evaluate`. Series so short that nothing of
    them can be measured are taken as they are trained on: whole."""
    kept = model.countable(examples)
    can_count = kept is examples or len(kept.target.values) > 0
    total, count = _total_loss(model, _evenly(kept if can_count else examples, limit), trained_on=True)
    return total / count


def _evenly(examples: Examples, limit: int) -> Examples:
    if not 0 < limit < len(examples):
        return examples
    return examples.take(np.linspace(0, len(examples) - 1, limit).astype(np.int64))


def beginning(running: Examples, steps: int) -> Examples:
    """The first symbols of a running text, or the first values of each series."""
    if running.codec.kind == Kind.STREAM:
        part = running.source.part(0, steps)
        return Examples(running.codec, Ragged.of_lengths(part, np.array([len(part)])), running.target)
    parts = [row[:steps] for row in running.source]
    return Examples(running.codec, Ragged.of_frames(parts), Ragged.of_frames([part[1:] for part in parts]))


@np.errstate(over="ignore", invalid="ignore")  # the metrics of a diverged network may be infinite or NaN
def evaluate(model: Model, examples: Batch, limit: int = 0, thorough: bool = True) -> Metrics:
    """Loss and the architecture's metrics. limit: at most that many examples, evenly spaced; 0 takes all.

    thorough: include the slow metrics (BLEU and chrF). Running text is read in parallel parts that each begin
    with an empty memory. Perplexity is per predicted symbol, so per word if words are predicted; if sentences are
    spelled out, `thorough` also gives it per word. DataError if not one prediction can be measured, because a network
    counts from an earlier value and all series begin later.
    """
    all_of_them = model.examples(examples)
    given = measurable(model, all_of_them)
    chosen = _evenly(given, limit)
    total, count = _total_loss(model, chosen)
    loss = total / count
    values = {} if model.predicts.is_number else {"perplexity": math.exp(min(loss, 700.0))}
    if characters := model.characters_per_symbol(chosen):
        values["bits_per_character"] = loss / math.log(2) / characters
    if thorough and (words := model.words_spelled(chosen)):
        values["perplexity_per_word"] = math.exp(min(total / words, 700.0))
    values |= model.measure(chosen, thorough)
    left_out = model.not_measured() if thorough else ()
    uncounted = about_uncounted(all_of_them, given, model.config.lag)
    return Metrics(loss, len(chosen), values, len(given), count, left_out, uncounted)


def measurable(model: Model, examples: Examples) -> Examples:
    """The examples as they count in a measurement. DataError if none of them does."""
    kept = model.countable(examples)
    if kept is not examples and not len(kept.target.values):
        raise DataError(too_short_to_measure(examples, model.config.lag))
    return kept
