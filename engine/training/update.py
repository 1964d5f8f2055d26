"""The report of a training run after each step."""

from __future__ import annotations

from dataclasses import dataclass

from engine.training.evaluation import Metrics


@dataclass(frozen=True)
class Update:
    """What one step did.

    loss: mean nats per predicted symbol of the step's batch, before the step. gradient_norm: before clipping.
    tokens: symbols read. seconds: time the step took, without validation. diverged: loss or gradient is not
    finite; the weights were left unchanged and the run has ended.
    """

    step: int
    epoch: int
    loss: float
    gradient_norm: float
    clipped: bool
    learning_rate: float
    tokens: int
    seconds: float
    validation: Metrics | None = None
    diverged: bool = False
