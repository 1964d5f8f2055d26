"""How good a network is on examples it was not trained on."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from engine.data.codec import Kind
from engine.data.examples import Examples
from engine.models.base import Batch, Carry, Model, chunks
from engine.training.batches import Windows

_STREAM_TRACKS, _STREAM_WINDOW = 32, 128  # running text is evaluated in this many parts, each from a zero state


@dataclass(frozen=True)
class Metrics:
    """`loss` in mean nats per predicted symbol; `values` by name, such as accuracy, perplexity or exact_match.

    The values can be read as attributes too. `examples` says on how many examples they were computed.
    """

    loss: float
    examples: int
    values: Mapping[str, float] = field(default_factory=dict)

    def __getattr__(self, name: str) -> float:
        values: Mapping[str, float] = self.__dict__.get("values", {})
        if name in values:
            return values[name]
        raise AttributeError(f"no metric {name!r}; there are loss, {', '.join(values)}")


def _total_loss(model: Model, examples: Examples) -> tuple[float, int]:
    total, count = 0.0, 0
    if model.codec.kind == Kind.STREAM:
        windows, carry = Windows(examples, _STREAM_TRACKS, _STREAM_WINDOW), Carry()
        for step in range(windows.steps_per_epoch):
            nats, symbols = model.loss(windows.batch(step), carry)
            total, count = total + nats, count + symbols
        return total, count
    for part, _ in chunks(examples):
        nats, symbols = model.loss(part)
        total, count = total + nats, count + symbols
    return total, count


def evaluate(model: Model, examples: Batch, limit: int = 0) -> Metrics:
    """Loss and the architecture's metrics. limit: at most that many examples, evenly spaced; 0 takes all.

    Running text is read in parallel parts that each begin with an empty memory.
    """
    chosen = model.examples(examples)
    if 0 < limit < len(chosen):
        chosen = chosen.take(np.linspace(0, len(chosen) - 1, limit).astype(np.int64))
    total, count = _total_loss(model, chosen)
    loss = total / count
    values = {"perplexity": math.exp(min(loss, 700.0))} | model.measure(chosen)
    return Metrics(loss, len(chosen), values)
