"""What the training obeys and reports, tried without a process or a thread around it."""

from __future__ import annotations

import pickle
import queue
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pytest

import engine
from engine.training.memory_estimate import free_memory
from gui.training.messages import (
    Build,
    BuildRace,
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
    Resume,
    Stepped,
    Train,
    TrainingReport,
)
from gui.training.training_loop import TrainingLoop

NAMES = engine.load_sample("names")
SMALL = engine.ModelConfig(hidden_size=4)


def build(run: int = 1, config: engine.ModelConfig = SMALL, **training: object) -> Build:
    return Build(run, config, NAMES, engine.TrainingConfig(**training))  # type: ignore[arg-type]


@dataclass(frozen=True)
class Told:
    """What came of some commands."""

    reports: Sequence[TrainingReport]

    @property
    def events(self) -> list[Event]:
        return [event for report in self.reports for event in report.events]

    @property
    def snapshots(self) -> list[engine.Snapshot]:
        return [snapshot for report in self.reports for snapshot in report.snapshots.values()]


def obey(*commands: Command) -> Told:
    waiting: queue.SimpleQueue[Command] = queue.SimpleQueue()
    for command in (*commands, Close()):
        waiting.put(command)
    reports: list[TrainingReport] = []
    TrainingLoop(waiting, reports.append).work()
    assert reports[-1].done == len(commands) + 1
    return Told(reports)


class Later:
    """A queue whose commands come only when nothing else is left to do."""

    def __init__(self, *commands: Command) -> None:
        self._commands = list(commands)

    def get(self, block: bool = True) -> Command:
        if not block:
            raise queue.Empty
        return self._commands.pop(0) if self._commands else Close()


def obey_one_by_one(*commands: Command, may_look: bool = True) -> Told:
    reports: list[TrainingReport] = []
    TrainingLoop(Later(*commands), reports.append, lambda: may_look).work()  # type: ignore[arg-type]
    return Told(reports)


def test_it_steps_as_often_as_it_is_told_and_then_shows_the_weights() -> None:
    heard = obey_one_by_one(build(), Train(steps=3))
    assert [event.update.step for event in heard.events if isinstance(event, Stepped)] == [1, 2, 3]
    assert [snapshot.step for snapshot in heard.snapshots] == [0, 3]
    assert heard.reports[-1].done == 3


def test_training_is_done_with_when_it_stands_still() -> None:
    heard = obey_one_by_one(build(epochs=3), Train(), Pause())
    in_between = [report.done for report in heard.reports if report.events and isinstance(report.events[-1], Stepped)]
    assert set(in_between) == {1}, "built, and still training"
    assert heard.reports[-1].done == 4


def test_while_the_last_weights_are_on_their_way_no_others_are_copied_until_the_training_stands() -> None:
    heard = obey_one_by_one(build(epochs=3), Train(), may_look=False)
    steps = [event.update.step for event in heard.events if isinstance(event, Stepped)]
    assert [snapshot.step for snapshot in heard.snapshots] == [0, max(steps)]


def test_what_a_run_has_told_is_reported_before_the_next_one_begins() -> None:
    heard = obey(build(1), Train(steps=1), build(2))
    assert [report.run for report in heard.reports if report.events] == [1, 2]
    assert all(event.run == report.run for report in heard.reports for event in report.events)


def test_a_run_that_an_error_has_ended_can_still_be_copied(monkeypatch: pytest.MonkeyPatch) -> None:
    step = engine.Trainer.__next__

    def fail_at_the_third(trainer: engine.Trainer) -> engine.Update:
        if trainer.step == 2:
            raise MemoryError
        return step(trainer)

    monkeypatch.setattr(engine.Trainer, "__next__", fail_at_the_third)
    heard = obey_one_by_one(build(), Train(), Capture(1), Train(steps=1))
    assert [type(event.error) for event in heard.events if isinstance(event, Failed)] == [MemoryError]
    (copy,) = [event.saved for event in heard.events if isinstance(event, Captured)]
    assert copy is not None
    assert copy.progress.step == 2


def test_last_words_say_why_and_hold_what_can_be_saved() -> None:
    waiting: queue.SimpleQueue[Command] = queue.SimpleQueue()
    loop = TrainingLoop(waiting, lambda report: None)
    for command in (build(4), Train(steps=2), Close(OSError("cut off"))):
        waiting.put(command)
    error = loop.work()
    assert error is not None
    lost = loop.last_words(error)
    assert (lost.run, str(lost.error)) == (4, "cut off")
    assert lost.saved is not None


def test_a_copy_is_made_between_two_steps_and_the_training_goes_on_from_one() -> None:
    heard = obey_one_by_one(build(), Train(steps=2), Capture(7), Train(steps=2))
    (captured,) = [event for event in heard.events if isinstance(event, Captured)]
    assert captured.ticket == 7
    assert captured.saved is not None
    assert captured.saved.progress.step == 2
    again = obey_one_by_one(Resume(2, captured.saved, NAMES), Train(steps=2))
    losses = [[e.update.loss for e in t.events if isinstance(e, Stepped)] for t in (heard, again)]
    assert losses[0][2:] == losses[1]
    assert {report.run for report in again.reports if report.events} == {2}


def test_a_run_without_its_data_is_shown_and_not_trained() -> None:
    (captured,) = [e for e in obey_one_by_one(build(), Capture(1)).events if isinstance(e, Captured)]
    assert captured.saved is not None
    heard = obey_one_by_one(Resume(2, captured.saved, None), Train(), Change({"learning_rate": 1.0}), Capture(2))
    assert [snapshot.step for snapshot in heard.snapshots] == [0]
    assert [event for event in heard.events if not isinstance(event, Captured)] == []
    assert [event.saved for event in heard.events if isinstance(event, Captured)] == [None]


def test_more_epochs_change_the_length_and_a_pause_shows_the_weights() -> None:
    heard = obey(build(epochs=1), Change({"epochs": 2}), Train(), Pause())
    one, two = [event for event in heard.events if isinstance(event, Built)]
    assert two.steps_total == 2 * one.steps_total
    assert len(heard.snapshots) >= 1


def test_the_end_of_a_run_is_told_with_the_last_weights() -> None:
    heard = obey_one_by_one(build(epochs=1, patience=1), Train())
    (ended,) = [event for event in heard.events if isinstance(event, Ended)]
    assert not ended.diverged
    last = [event.update.step for event in heard.events if isinstance(event, Stepped)][-1]
    assert heard.snapshots[-1].step == last


def test_a_training_that_diverges_shows_no_weights_that_are_not_numbers() -> None:
    training = {"optimizer": "adamw", "learning_rate": 10.0, "weight_decay": 1.0, "clip_norm": 0.0}
    heard = obey_one_by_one(build(**training), Train())
    (ended,) = [event for event in heard.events if isinstance(event, Ended)]
    assert ended.diverged
    assert ended.good_step == 0, "it diverged from the start"
    assert all(np.isfinite(snapshot.weights).all() for snapshot in heard.snapshots)
    assert not heard.reports[-1].snapshots


def test_an_error_ends_the_run_and_goes_over_the_pipe_with_the_place_where_it_was_raised() -> None:
    broken = engine.ModelConfig(hidden_size=4, embedding_size=3, vectors="nowhere.txt")
    heard = obey_one_by_one(build(1, broken), Train(), build(2), Train(steps=1))
    (failed,) = [event for event in heard.events if isinstance(event, Failed)]
    assert failed.run == 1
    assert isinstance(failed.error, engine.UnrollError)
    assert "load_vectors" in "".join(failed.error.__notes__)
    assert str(pickle.loads(pickle.dumps(failed.error))) == str(failed.error)
    assert [event.run for event in heard.events if isinstance(event, Stepped)] == [2]


def test_a_network_that_does_not_fit_into_the_memory_is_refused_before_any_is_taken() -> None:
    huge = engine.ModelConfig(hidden_size=4096, num_layers=8, cell="lstm")
    needed = engine.estimate_memory(huge, engine.TrainingConfig(), NAMES).total
    if needed < free_memory():
        pytest.skip("this machine has room for it")
    heard = obey(build(1, huge), build(2))
    refused, built, _ = heard.events
    assert isinstance(refused, Failed)
    assert isinstance(refused.error, engine.ConfigError)
    assert "would fit" in str(refused.error)
    assert isinstance(built, Built)
    assert built.run == 2


def test_a_race_tells_of_each_racer_by_its_own_number_and_hands_out_copies_of_each() -> None:
    cells = {1: "rnn", 2: "gru"}
    racers = tuple(build(run, replace(SMALL, cell=cell), epochs=1, batch_size=512) for run, cell in cells.items())
    heard = obey_one_by_one(BuildRace(racers), Train(), Capture(1, run=1), Capture(2, run=2))
    assert [event.run for event in heard.events if isinstance(event, Built)] == [1, 2]
    steps = {run: sum(isinstance(event, Stepped) and event.run == run for event in heard.events) for run in (1, 2)}
    assert steps[1] == steps[2] > 0
    assert sorted(event.run for event in heard.events if isinstance(event, Ended)) == [1, 2]
    assert set().union(*(report.snapshots for report in heard.reports)) == {1, 2}
    copies = [event.saved for event in heard.events if isinstance(event, Captured)]
    assert [copy.snapshot.config.cell for copy in copies if copy is not None] == ["rnn", "gru"]
    assert [copy.progress.step for copy in copies if copy is not None] == [steps[1], steps[2]]


def test_a_racer_that_cannot_be_built_is_told_of_and_the_others_race() -> None:
    without_vectors = replace(SMALL, vectors="missing.vec", embedding_size=8)
    heard = obey_one_by_one(BuildRace((build(1, without_vectors), build(2, epochs=1, batch_size=2048))), Train())
    assert [event.run for event in heard.events if isinstance(event, Failed)] == [1]
    assert [event.run for event in heard.events if isinstance(event, Ended)] == [2]
    assert heard.reports[-1].done == 3
