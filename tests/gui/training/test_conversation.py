"""Commands and reports in any order and with any delay: what they name is always known on the other side."""

from __future__ import annotations

import gc
import queue
import weakref
from collections import deque

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule, run_state_machine_as_test

import engine
from engine.processes.child_process import Channel
from gui.training.conversation import TrainerEnd, WindowEnd
from gui.training.messages import (
    Build,
    Built,
    Capture,
    Captured,
    Change,
    Command,
    Failed,
    GoBack,
    Lost,
    Pause,
    Resume,
    Train,
    TrainingReport,
)
from gui.training.training_loop import TrainingLoop

TRAINING = engine.TrainingConfig(batch_size=1, epochs=100)
SMALL = engine.ModelConfig(hidden_size=2)


def data_of(count: int) -> engine.Dataset:
    """So many names; how many there are shows in the steps of an epoch."""
    return engine.make_dataset([f"name{'abcdefgh'[k]}" for k in range(count)], "sequences", validation=0.2)


DATA = [data_of(count) for count in (3, 4, 5)]
ALIKE = [data_of(count) for count in (3, 4, 5)]  # the same once more, as other objects


class Pipe:
    """Bytes on their way."""

    def __init__(self) -> None:
        self._bytes = bytearray()

    def write(self, data: bytes) -> None:
        self._bytes += data

    def __len__(self) -> int:
        return len(self._bytes)

    def flush(self) -> None:
        pass

    def read(self, count: int) -> bytes:
        taken = bytes(self._bytes[:count])
        del self._bytes[:count]
        return taken


class Conversation(RuleBasedStateMachine):
    """Each message waits at each of its stages as long as it likes; within a stage the order stays."""

    def __init__(self) -> None:
        super().__init__()
        there, back = Pipe(), Pipe()
        self.window = WindowEnd(Channel(back, there))  # type: ignore[arg-type]
        self.trainer = TrainerEnd(Channel(there, back))  # type: ignore[arg-type]
        self.waiting: deque[TrainingReport] = deque()  # for the process to send them
        self.loop = TrainingLoop(queue.SimpleQueue(), self.waiting.append)
        self.on_the_way = 0  # commands in the pipe
        self.heard: deque[Command] = deque()  # not obeyed yet
        self.on_the_way_back = 0
        self.sent = 0
        self.run = 0
        self.data: dict[int, engine.Dataset | None] = {}  # of each run
        self.tickets: list[int] = []
        self.answers: list[Captured] = []
        self.built: list[int] = []  # runs
        self.last_run = 0
        self.done = 0

    # ---- the window

    def send(self, command: Command) -> None:
        self.sent += 1
        self.on_the_way += 1
        self.window.send(command)

    @rule(number=st.integers(0, 2), alike=st.booleans())
    def build(self, number: int, alike: bool) -> None:
        self.run += 1
        dataset = self.data[self.run] = (ALIKE if alike else DATA)[number]
        self.send(Build(self.run, SMALL, dataset, TRAINING))

    @rule()
    def build_again(self) -> None:
        if dataset := self.data.get(self.run):
            self.run += 1
            self.data[self.run] = dataset
            self.send(Build(self.run, SMALL, dataset, TRAINING))

    @precondition(lambda self: any(answer.saved for answer in self.answers))
    @rule(choice=st.integers(0), how=st.sampled_from(["same", "alike", "without data"]))
    def resume(self, choice: int, how: str) -> None:
        copies = [answer.saved for answer in self.answers if answer.saved is not None]
        saved = copies[choice % len(copies)]
        candidates = DATA if how == "same" else ALIKE
        dataset = next(data for data in candidates if data.fingerprint == saved.data.fingerprint)
        self.run += 1
        self.data[self.run] = None if how == "without data" else dataset
        self.send(Resume(self.run, saved, self.data[self.run]))

    @rule()
    def capture(self) -> None:
        self.tickets.append(len(self.tickets))
        self.send(Capture(self.tickets[-1]))

    @rule(command=st.sampled_from([Train(), Train(2), Pause(), GoBack(0.01), Change({"epochs": 90})]))
    def tell(self, command: Command) -> None:
        self.send(command)

    @precondition(lambda self: self.on_the_way_back > 0)
    @rule()
    def read(self) -> None:
        self.on_the_way_back -= 1
        report = self.window.receive()
        assert not isinstance(report, Lost)
        assert self.last_run <= report.run <= self.run
        assert self.done <= report.done <= self.sent
        self.last_run, self.done = report.run, report.done
        dataset = self.data.get(report.run)
        if dataset is not None:
            assert all(snapshot.codec is dataset.codec for snapshot in report.snapshots.values())
        for event in report.events:
            assert not isinstance(event, Failed), event
            if isinstance(event, Built):
                assert dataset is not None
                assert event.steps_per_epoch == len(dataset.train)
                self.built.append(event.run)
            elif isinstance(event, Captured):
                self.take(event)

    def take(self, event: Captured) -> None:
        self.answers.append(event)
        dataset = self.data.get(event.run)
        assert (event.saved is None) == (dataset is None)
        if event.saved is not None and dataset is not None:
            assert event.saved.data.fingerprint == dataset.fingerprint
            assert event.saved.snapshot.codec is dataset.codec

    # ---- the process

    @precondition(lambda self: self.on_the_way > 0)
    @rule()
    def listen(self) -> None:
        self.on_the_way -= 1
        self.heard.append(self.trainer.receive())

    @precondition(lambda self: self.heard)
    @rule()
    def obey(self) -> None:
        self.loop.turn(self.heard.popleft())

    @rule()
    def step(self) -> None:
        self.loop.turn(None)

    @rule()
    def report(self) -> None:
        self.loop.report()

    @precondition(lambda self: self.waiting)
    @rule()
    def send_report(self) -> None:
        self.trainer.send(self.waiting.popleft())
        self.on_the_way_back += 1

    def teardown(self) -> None:
        """At last everything arrives, and nobody waits any more."""
        self.send(Pause())
        while self.on_the_way:
            self.listen()
        while self.heard:
            self.obey()
        self.report()
        while self.waiting:
            self.send_report()
        while self.on_the_way_back:
            self.read()
        assert self.done == self.sent
        assert [answer.ticket for answer in self.answers] == self.tickets
        with_data = [run for run, dataset in self.data.items() if dataset is not None]
        assert sorted(set(self.built)) == with_data


def test_no_order_of_commands_makes_one_side_deaf() -> None:
    run_state_machine_as_test(Conversation, settings=settings(max_examples=100, stateful_step_count=40))


@pytest.mark.slow
def test_no_order_of_commands_in_thousands_makes_one_side_deaf() -> None:
    run_state_machine_as_test(
        Conversation, settings=settings(max_examples=5000, stateful_step_count=60, derandomize=False)
    )


def test_data_go_over_once_and_are_dropped_on_both_sides_when_others_have_come() -> None:
    there, back = Pipe(), Pipe()
    window = WindowEnd(Channel(back, there))  # type: ignore[arg-type]
    trainer = TrainerEnd(Channel(there, back))  # type: ignore[arg-type]
    first, second = (engine.make_dataset([f"name {k + n}" for k in range(300)], "sequences") for n in (0, 1000))
    sizes = []
    arrived = []
    for run, dataset in enumerate([first, first, second, first], 1):
        window.send(Build(run, SMALL, dataset, TRAINING))
        sizes.append(len(there))
        arrived.append(weakref.ref(trainer.receive().dataset))  # type: ignore[union-attr]
    assert sizes[1] < sizes[0] / 5
    assert min(sizes[2:]) > sizes[1] * 5
    assert arrived[0]() is arrived[1]()
    trainer.send(TrainingReport(4, 4, (), {}))
    gc.collect()
    assert [data() is None for data in arrived] == [True, True, True, False]
    kept = weakref.ref(second)
    del second, dataset
    gc.collect()
    assert kept() is not None, "a report about it might still come"
    window.receive()
    gc.collect()
    assert kept() is None
