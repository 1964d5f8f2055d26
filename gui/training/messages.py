"""What the window tells the training, and what the training tells the window. Plain values: nothing of it is shared."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import engine


@dataclass(frozen=True)
class Build:
    """Drop what is there and make a new network."""

    run: int
    model: engine.ModelConfig
    dataset: engine.Dataset
    training: engine.TrainingConfig


@dataclass(frozen=True)
class Resume:
    """Drop what is there and go on where a saved run stood; without its data it can be used, not trained."""

    run: int
    saved: engine.Run
    dataset: engine.Dataset | None


@dataclass(frozen=True)
class Capture:
    """Copy the training as it is between two steps."""

    ticket: int


@dataclass(frozen=True)
class GoBack:
    """After a divergence: the last good weights, and on at another rate."""

    learning_rate: float


@dataclass(frozen=True)
class Train:
    """Go on: for so many steps, or until told to pause."""

    steps: int | None = None


@dataclass(frozen=True)
class Pause:
    """Stop before the next step."""


@dataclass(frozen=True)
class Change:
    """Settings that may change without a reset."""

    values: dict[str, Any]


@dataclass(frozen=True)
class Taken:
    """The last weights have been taken: newer ones are welcome."""


@dataclass(frozen=True)
class Close:
    """End the process."""


Command = Build | Resume | Capture | GoBack | Train | Pause | Change | Taken | Close


@dataclass(frozen=True)
class Built:
    """A network is ready, or its training has another length now."""

    run: int
    steps_total: int
    steps_per_epoch: int


@dataclass(frozen=True)
class Captured:
    """A copy of the training; `saved` is None where there is none, or where an error kept it from being made."""

    run: int
    ticket: int
    saved: engine.Run | None
    error: Exception | None = None


@dataclass(frozen=True)
class Stepped:
    """One step was made; `seconds` is the training time of the run so far."""

    run: int
    update: engine.Update
    seconds: float


@dataclass(frozen=True)
class Kept:
    """The weights with the lowest validation loss are back in place. early: patience ended the run before its time."""

    step: int
    loss: float
    early: bool


@dataclass(frozen=True)
class Ended:
    """The run is over: all epochs done, patience at its end, or diverged."""

    run: int
    diverged: bool
    kept: Kept | None = None


@dataclass(frozen=True)
class Failed:
    """An exception ended the run."""

    run: int
    error: BaseException


Event = Built | Captured | Stepped | Ended | Failed


@dataclass(frozen=True)
class Report:
    """What has happened since the last report: events in order, and the weights if it was time for them.

    handled: commands obeyed since the process was started. left: steps still to make, infinite while training.
    """

    run: int
    handled: int
    left: float
    events: tuple[Event, ...]
    snapshot: engine.Snapshot | None
