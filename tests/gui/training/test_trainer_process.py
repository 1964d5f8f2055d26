"""What the training obeys and reports, tried without the process around it."""

from __future__ import annotations

import pickle
import queue
from collections.abc import Sequence
from dataclasses import dataclass

import engine
from gui.training.messages import (
    Build,
    Built,
    Capture,
    Captured,
    Change,
    Close,
    Command,
    Ended,
    Event,
    Failed,
    Pause,
    Report,
    Resume,
    Stepped,
    Taken,
    Train,
)
from gui.training.trainer_process import Bench

NAMES = engine.load_sample("names")
SMALL = engine.ModelConfig(hidden_size=4)


def build(run: int = 1, config: engine.ModelConfig = SMALL, **training: object) -> Build:
    return Build(run, config, NAMES, engine.TrainingConfig(**training))  # type: ignore[arg-type]


@dataclass(frozen=True)
class Told:
    """What came of some commands."""

    reports: Sequence[Report]

    @property
    def events(self) -> list[Event]:
        return [event for report in self.reports for event in report.events]

    @property
    def snapshots(self) -> list[engine.Snapshot]:
        return [report.snapshot for report in self.reports if report.snapshot is not None]


def obey(*commands: Command) -> Told:
    waiting: queue.SimpleQueue[Command] = queue.SimpleQueue()
    for command in (*commands, Close()):
        waiting.put(command)
    reports: list[Report] = []
    Bench(waiting, reports.append).work()
    assert reports[-1].handled == len(commands) + 1
    return Told(reports)


class Later:
    """A queue whose commands come only when nothing else is left to do."""

    def __init__(self, *commands: Command) -> None:
        self._commands = list(commands)

    def get(self, block: bool = True) -> Command:
        if not block:
            raise queue.Empty
        return self._commands.pop(0) if self._commands else Close()


def obey_one_by_one(*commands: Command) -> Told:
    reports: list[Report] = []
    Bench(Later(*commands), reports.append).work()  # type: ignore[arg-type]
    return Told(reports)


def test_it_steps_as_often_as_it_is_told_and_then_shows_the_weights() -> None:
    told = obey_one_by_one(build(), Train(steps=3))
    assert [event.update.step for event in told.events if isinstance(event, Stepped)] == [1, 2, 3]
    assert [snapshot.step for snapshot in told.snapshots] == [0, 3]
    assert [report.left for report in told.reports if report.events][-1] == 0


def test_weights_that_nobody_has_taken_are_not_followed_by_others_until_the_training_stands() -> None:
    commands = [build(epochs=3), Train()]
    told = obey_one_by_one(*commands)
    steps = [snapshot.step for snapshot in told.snapshots]
    assert steps[0] == 0
    assert steps[1:] == [max(event.update.step for event in told.events if isinstance(event, Stepped))]
    taken = obey_one_by_one(commands[0], Taken(), Train(steps=1))
    assert [snapshot.step for snapshot in taken.snapshots] == [0, 1]


def test_a_copy_is_made_between_two_steps_and_the_training_goes_on_from_one() -> None:
    told = obey_one_by_one(build(), Train(steps=2), Capture(7), Train(steps=2))
    (captured,) = [event for event in told.events if isinstance(event, Captured)]
    assert captured.ticket == 7
    assert captured.saved is not None
    assert captured.saved.progress.step == 2
    again = obey_one_by_one(Resume(2, captured.saved, NAMES), Train(steps=2))
    losses = [[e.update.loss for e in t.events if isinstance(e, Stepped)] for t in (told, again)]
    assert losses[0][2:] == losses[1]
    assert {report.run for report in again.reports if report.events} == {2}


def test_a_run_without_its_data_is_shown_and_not_trained() -> None:
    (captured,) = [e for e in obey_one_by_one(build(), Capture(1)).events if isinstance(e, Captured)]
    assert captured.saved is not None
    told = obey_one_by_one(Resume(2, captured.saved, None), Train(), Change({"learning_rate": 1.0}), Capture(2))
    assert [snapshot.step for snapshot in told.snapshots] == [0]
    assert [event for event in told.events if not isinstance(event, Captured)] == []
    assert [event.saved for event in told.events if isinstance(event, Captured)] == [None]


def test_more_epochs_change_the_length_and_a_pause_shows_the_weights() -> None:
    told = obey(build(epochs=1), Change({"epochs": 2}), Train(), Pause())
    one, two = [event for event in told.events if isinstance(event, Built)]
    assert two.steps_total == 2 * one.steps_total
    assert len(told.snapshots) >= 1


def test_the_end_of_a_run_is_told_with_the_last_weights() -> None:
    told = obey_one_by_one(build(epochs=1, patience=1), Train())
    (ended,) = [event for event in told.events if isinstance(event, Ended)]
    assert not ended.diverged
    last = [event.update.step for event in told.events if isinstance(event, Stepped)][-1]
    assert told.snapshots[-1].step == last


def test_a_training_that_diverges_shows_no_weights_that_are_not_numbers() -> None:
    training = {"optimizer": "adamw", "learning_rate": 10.0, "weight_decay": 1.0, "clip_norm": 0.0}
    told = obey_one_by_one(build(**training), Train())
    (ended,) = [event for event in told.events if isinstance(event, Ended)]
    assert ended.diverged
    assert [snapshot.step for snapshot in told.snapshots] == [0]


def test_an_error_ends_the_run_and_goes_over_the_pipe_with_the_place_where_it_was_raised() -> None:
    broken = engine.ModelConfig(hidden_size=4, embedding_size=3, vectors="nowhere.txt")
    told = obey_one_by_one(build(1, broken), Train(), build(2), Train(steps=1))
    (failed,) = [event for event in told.events if isinstance(event, Failed)]
    assert failed.run == 1
    assert isinstance(failed.error, engine.UnrollError)
    assert "load_vectors" in "".join(failed.error.__notes__)
    assert str(pickle.loads(pickle.dumps(failed.error))) == str(failed.error)
    assert [event.run for event in told.events if isinstance(event, Stepped)] == [2]
