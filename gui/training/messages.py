"""The messages between the window and the training process, in both directions. Plain values; nothing is shared.

Nobody compares messages, so they have no methods for that (eq=False), which lets the window start sooner. `Kept` is
part of a message, and is compared.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import engine

if TYPE_CHECKING:
    from engine.training.verdict import Finding


@dataclass(frozen=True, eq=False)
class Build:
    """Drop the current network and make a new one."""

    run: int
    model: engine.ModelConfig
    dataset: engine.Dataset
    training: engine.TrainingConfig


@dataclass(frozen=True, eq=False)
class Resume:
    """Drop the current network and continue a saved run; without its data it can be used but not trained."""

    run: int
    saved: engine.Run
    dataset: engine.Dataset | None


@dataclass(frozen=True, eq=False)
class BuildRace:
    """Drop the current network and make several, on the same data, that train in fair turns."""

    racers: tuple[Build, ...]

    @property
    def run(self) -> int:
        """The number of the first run, which stands for all of them in reports."""
        return self.racers[0].run

    @property
    def dataset(self) -> engine.Dataset:
        """The data of all runs."""
        return self.racers[0].dataset


@dataclass(frozen=True, eq=False)
class Capture:
    """Copy a run as it is between two steps. run: which one of a race; 0 for the only one, or the first."""

    ticket: int
    run: int = 0


@dataclass(frozen=True, eq=False)
class GoBack:
    """After divergence, return to the last good weights and continue at another rate."""

    learning_rate: float


@dataclass(frozen=True, eq=False)
class Train:
    """Train for this many steps, or until told to pause."""

    steps: int | None = None


@dataclass(frozen=True, eq=False)
class Pause:
    """Stop before the next step."""


@dataclass(frozen=True, eq=False)
class Change:
    """Settings that may change without a reset."""

    values: dict[str, Any]


@dataclass(frozen=True, eq=False)
class NameTestFile:
    """Name another test file, "" for none; copies of the run name it too."""

    path: str


@dataclass(frozen=True, eq=False)
class Lengthen:
    """Continue up to this many epochs; the setting, with which the next network is trained, stays."""

    epochs: int


@dataclass(frozen=True, eq=False)
class Close:
    """End training. error: why, if the conversation has broken down."""

    error: BaseException | None = None


Command = Build | Resume | BuildRace | Capture | GoBack | Train | Pause | Change | NameTestFile | Lengthen | Close


@dataclass(frozen=True, eq=False)
class Built:
    """A network is ready, or the length of its run has changed. cooling: whether patience has begun to end the run.
    about_vectors: of a new network, how many words have one; "" if no word vectors were read."""

    run: int
    steps_total: int
    steps_per_epoch: int
    cooling: bool = False
    about_vectors: str = ""


@dataclass(frozen=True, eq=False)
class Captured:
    """A copy of the run. saved: None if there is no run, or if an error prevented the copy."""

    run: int
    ticket: int
    saved: engine.Run | None
    error: Exception | None = None


@dataclass(frozen=True, eq=False)
class Recorded:
    """The weights at a step that belongs to the history of the run. Unlike `snapshots` none of them is left out."""

    run: int
    snapshot: engine.Snapshot


@dataclass(frozen=True, eq=False)
class Stepped:
    """One step was made. seconds: training time of the run so far, without validation. took: of this step, with it."""

    run: int
    update: engine.Update
    seconds: float
    took: float


@dataclass(frozen=True)
class Kept:
    """The best weights have been restored. loss: on the validation examples. early: whether patience ended the run."""

    step: int
    loss: float
    early: bool


@dataclass(frozen=True, eq=False)
class Ended:
    """The run is over: all epochs are done, patience has run out, or it diverged.

    good_step: the step of the last good weights, if it diverged. findings: conclusions about the settings.
    """

    run: int
    diverged: bool
    kept: Kept | None = None
    good_step: int = 0
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, eq=False)
class Failed:
    """An exception ended the run."""

    run: int
    error: BaseException


Event = Built | Captured | Recorded | Stepped | Ended | Failed


@dataclass(frozen=True, eq=False)
class TrainingReport:
    """What has happened since the last report: events in order, and new weights if they were due.

    done: the number of finished commands; Train is finished when training has stopped. snapshots: by run, of
    which a race has several.
    """

    run: int
    done: int
    events: tuple[Event, ...]
    snapshots: Mapping[int, engine.Snapshot]

    def without_copies(self, error: Exception) -> TrainingReport:
        """The same report without weights, for which there is no room; whoever waits for a copy is told why."""
        events = tuple(
            replace(event, saved=None, error=error) if isinstance(event, Captured) else event
            for event in self.events
            if not isinstance(event, Recorded)
        )
        return replace(self, events=events, snapshots={})


@dataclass(frozen=True, eq=False)
class Lost:
    """The last message of a training process that cannot continue: why, and a copy of its run if one could be made."""

    run: int
    error: Exception
    saved: engine.Run | None
