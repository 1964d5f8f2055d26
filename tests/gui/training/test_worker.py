"""The training as the window has it: in a process or in a thread, and what is told when the conversation breaks."""

from __future__ import annotations

import dataclasses
import os
import random
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

import engine
from gui.training.messages import (
    Build,
    Built,
    Capture,
    Captured,
    Change,
    Ended,
    Failed,
    Pause,
    Resume,
    Stepped,
    Train,
)
from tests.gui.training.heard import ENDLESS, NAMES, PATIENCE_S, SMALL, Boomerang, Heard, Number, build

ROOT = Path(__file__).parents[3]
kills = pytest.mark.skipif(os.name != "posix", reason="ends or stops a process by a signal")
BOTH = pytest.mark.parametrize("own_process", [True, False], ids=["process", "thread"])


@pytest.fixture
def begin() -> Iterator[Callable[..., Heard]]:
    """Makes workers, which are closed in the end."""
    made: list[Heard] = []

    def make(own_process: bool = True) -> Heard:
        made.append(Heard(own_process))
        return made[-1]

    yield make
    for heard in made:
        assert heard.worker.close()


@BOTH
def test_it_trains_pauses_and_copies_wherever_it_lives(begin: Callable[..., Heard], own_process: bool) -> None:
    heard = begin(own_process)
    heard.send(build(), Train())
    heard.until(lambda: len(heard.of(Stepped)) > 20)
    heard.send(Pause())
    copy = heard.capture().saved
    assert copy is not None
    assert copy.progress.step == len(heard.of(Stepped))
    assert heard.snapshots[1].step == copy.progress.step
    np.testing.assert_array_equal(heard.snapshots[1].weights, copy.snapshot.weights)
    assert not heard.snapshots[1].weights.flags.writeable
    assert (heard.worker.process_id is not None) == own_process


def test_process_and_thread_train_the_same_run(begin: Callable[..., Heard]) -> None:
    weights = []
    for own_process in (True, False):
        heard = begin(own_process)
        heard.train(1, 20)
        weights.append(heard.snapshots[1].weights)
    np.testing.assert_array_equal(*weights)


@BOTH
def test_it_is_busy_until_every_command_is_done_with_and_all_news_are_taken(
    begin: Callable[..., Heard], own_process: bool
) -> None:
    heard = begin(own_process)
    assert not heard.worker.busy
    heard.send(build())
    assert heard.worker.busy
    heard.until(lambda: 1 in heard.snapshots)
    heard.send(Train())
    heard.until(lambda: heard.of(Stepped))
    assert heard.worker.busy, "it is training"
    heard.send(Pause())
    heard.capture()
    heard.spin(lambda: not heard.worker.busy)


def test_news_are_told_of_once_until_they_are_taken(begin: Callable[..., Heard]) -> None:
    heard = begin(False)
    heard.send(build(), Train(2000), Pause(), Capture(1))
    while heard.worker.busy and not any(isinstance(event, Captured) for event in heard.events):
        heard.events += heard.worker.take_events()
    assert heard.calls < 500


def test_where_no_process_can_be_started_it_trains_in_the_thread(
    begin: Callable[..., Heard], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", str(ROOT / "no such python"))
    heard = begin()
    heard.train(1, 3)
    assert heard.worker.process_id is None
    assert heard.of(Failed) == []


def test_data_built_again_after_others_in_quick_succession_are_trained_on(begin: Callable[..., Heard]) -> None:
    heard = begin()
    other = engine.load_sample("alphabet")
    for _ in range(10):
        first = 1 + len(heard.of(Built))
        for run, dataset in enumerate([NAMES, other, NAMES], first):
            heard.send(build(run, dataset))
        heard.send(Train(1))
        heard.until(lambda run=first + 2: run in heard.snapshots and heard.snapshots[run].step == 1)
        assert heard.snapshots[first + 2].codec is NAMES.codec
    assert heard.of(Failed) == []


def test_a_saved_run_of_the_data_at_hand_and_at_once_another_file(begin: Callable[..., Heard]) -> None:
    heard = begin()
    heard.train(1, 2)
    saved = heard.capture().saved
    assert saved is not None
    for run in range(2, 20, 2):
        small = engine.make_dataset(["ab", "cd", "ef"], "sequences")
        heard.send(Resume(run, saved, NAMES), build(run + 1, small), Train(1))
        heard.until(lambda run=run: run + 1 in heard.snapshots and heard.snapshots[run + 1].step == 1)
    assert heard.of(Failed) == []


def test_a_relative_path_means_the_same_in_the_process(
    begin: Callable[..., Heard], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "vectors.txt").write_text("\n".join(f"{letter} {k} 1.0" for k, letter in enumerate("abcdefg")))
    monkeypatch.chdir(tmp_path)
    config = dataclasses.replace(SMALL, embedding_size=2, vectors="vectors.txt")
    heard = begin()
    heard.send(Build(1, config, NAMES, ENDLESS), Train(1))
    heard.until(lambda: heard.of(Failed) or heard.of(Stepped))
    assert heard.of(Failed) == []


# ---- the conversation breaks


def failed(heard: Heard) -> str:
    """What is told of the end of a run."""
    before = len(heard.of(Failed))
    heard.until(lambda: len(heard.of(Failed)) > before)
    return str(heard.of(Failed)[-1].error)


def trains_again(heard: Heard, run: int) -> None:
    """The next network has a process of its own."""
    heard.train(run, 3)
    assert heard.capture().saved is not None


@kills
@pytest.mark.parametrize("when", ["training", "paused", "without a network"])
def test_a_process_that_dies_is_told_of_and_the_next_network_has_another(
    begin: Callable[..., Heard], when: str
) -> None:
    heard = begin()
    if when != "without a network":
        heard.train(1, 5)
    if when == "training":
        heard.send(Train())
        heard.until(lambda: len(heard.of(Stepped)) > 8)
    before = heard.process()
    os.kill(before, signal.SIGKILL)
    assert "ended unexpectedly (signal SIGKILL)" in failed(heard)
    heard.spin(lambda: not heard.worker.busy)
    refused = heard.capture()
    assert refused.saved is None
    left = "There is no network to try or save yet" if when == "without a network" else "but not save it"
    assert left in str(refused.error)
    trains_again(heard, 2)
    assert heard.worker.process_id != before


@kills
def test_copies_that_a_dead_process_owes_are_refused_with_the_reason(begin: Callable[..., Heard]) -> None:
    heard = begin()
    heard.train(1, 1)
    identity = heard.process()
    os.kill(identity, signal.SIGSTOP)
    heard.send(Capture(7), Capture(8))
    os.kill(identity, signal.SIGKILL)
    heard.until(lambda: len(heard.of(Captured)) == 2)
    assert [(answer.ticket, answer.saved) for answer in heard.of(Captured)] == [(7, None), (8, None)]
    assert all("ended unexpectedly" in str(answer.error) for answer in heard.of(Captured))


@pytest.mark.parametrize("error", [MemoryError(), OSError(12, "Cannot allocate memory"), KeyError("codec of run 1")])
def test_a_command_that_the_process_cannot_read_ends_it_aloud_and_the_run_can_be_saved(
    begin: Callable[..., Heard], error: Exception
) -> None:
    heard = begin()
    heard.train(3, 4)
    heard.send(Train(), Change({"learning_rate": Boomerang(0, error)}))
    message = failed(heard)
    assert "could not continue" in message
    assert ("not enough memory" if isinstance(error, MemoryError) else str(error)) in message
    assert "can still save the network" in message
    saved = heard.capture().saved
    assert saved is not None
    assert saved.progress.step >= 4
    trains_again(heard, 4)


def test_a_network_that_the_process_cannot_read_ends_it_aloud_and_is_not_mistaken_for_the_one_before(
    begin: Callable[..., Heard],
) -> None:
    heard = begin()
    heard.train(1, 4)
    heard.send(Build(2, SMALL, NAMES, Boomerang(0, MemoryError())))  # type: ignore[arg-type]
    assert "not enough memory" in failed(heard)
    assert heard.of(Failed)[-1].run == 2
    refused = heard.capture()
    assert refused.saved is None, "it would be the run before, of another network"
    assert "There is no network to try or save yet" in str(refused.error)
    trains_again(heard, 3)


def test_a_report_that_cannot_be_read_ends_the_conversation_aloud_on_both_sides(
    begin: Callable[..., Heard],
) -> None:
    heard = begin()
    heard.train(1, 1)
    saved = heard.capture().saved
    assert saved is not None
    before = heard.worker.process_id
    snapshot = dataclasses.replace(saved.snapshot, run=Boomerang(1, MemoryError()))  # type: ignore[arg-type]
    heard.send(Resume(2, dataclasses.replace(saved, snapshot=snapshot), None))
    message = failed(heard)
    assert "could no longer talk" in message
    assert "not enough memory" in message
    assert before is not None
    assert not is_at_work(before)
    trains_again(heard, 3)


def test_a_command_that_cannot_be_sent_ends_the_conversation_aloud_on_both_sides(
    begin: Callable[..., Heard],
) -> None:
    heard = begin()
    heard.train(1, 1)
    before = heard.worker.process_id
    heard.send(Change({"learning_rate": lambda: 0.1}))
    assert "could no longer talk" in failed(heard)
    assert before is not None
    assert not is_at_work(before)
    trains_again(heard, 2)


def test_a_copy_that_cannot_be_sent_is_refused_and_the_training_goes_on(begin: Callable[..., Heard]) -> None:
    heard = begin()
    heard.train(1, 1)
    saved = heard.capture().saved
    assert saved is not None
    snapshot = dataclasses.replace(saved.snapshot, run=Number(1))  # type: ignore[arg-type]
    heard.send(Resume(2, dataclasses.replace(saved, snapshot=snapshot), NAMES), Train(1))
    refused = heard.capture()
    assert refused.saved is None
    assert isinstance(refused.error, MemoryError)
    heard.until(lambda: len(heard.of(Stepped)) == 2)
    assert heard.of(Failed) == []


def test_a_report_that_cannot_be_sent_at_all_ends_the_process_aloud(begin: Callable[..., Heard]) -> None:
    heard = begin()
    heard.send(Build(Number(1), SMALL, NAMES, ENDLESS))
    assert "ended unexpectedly (status 1)" in failed(heard)
    trains_again(heard, 2)


def leave_memory(process: int, count: int | None) -> None:
    """A process is to get no more memory than it has and so many bytes; None: as much as there is."""
    import resource

    limit = resource.RLIM_INFINITY
    if count is not None:
        pages = int(Path(f"/proc/{process}/statm").read_text("utf-8").split()[0])
        limit = pages * resource.getpagesize() + count
    resource.prlimit(process, resource.RLIMIT_AS, (limit, resource.RLIM_INFINITY))


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="limits the memory of another process")
def test_want_of_memory_in_the_process_is_told_and_a_smaller_network_trains(begin: Callable[..., Heard]) -> None:
    heard = begin()
    heard.train(1, 1)
    leave_memory(heard.process(), 60 << 20)
    heard.send(Build(2, engine.ModelConfig(cell="lstm", hidden_size=2048), NAMES, ENDLESS))
    heard.until(lambda: heard.of(Failed))
    assert isinstance(heard.of(Failed)[0].error, MemoryError)
    heard.train(3, 2)
    leave_memory(heard.process(), 1 << 20)
    large = engine.make_dataset([f"{k:040}" for k in range(400_000)], "sequences")
    heard.send(build(4, large))
    message = failed(heard)  # in the listener, or in the loop, wherever it happens
    assert re.search("[Uu]nable to allocate|not enough memory|for lack of memory", message), message
    if "allocate" in message:  # the process has lived through it
        leave_memory(heard.process(), None)
    trains_again(heard, 5)


@kills
@pytest.mark.slow
def test_a_hundred_kills_at_random_moments(begin: Callable[..., Heard]) -> None:
    heard = begin()
    draw = random.Random(0)
    other = engine.load_sample("alphabet")
    tickets = 0
    for run in range(1, 101):
        heard.send(build(run, draw.choice([NAMES, other])), Train())
        for _ in range(draw.randrange(4)):
            tickets += 1
            heard.send(draw.choice([Pause(), Train(), Change({"learning_rate": 0.01})]), Capture(1000 + tickets))
        identity = heard.process()
        time.sleep(draw.choice([0.0, 0.02, 0.3, 0.6]))  # the moment is what this is about
        os.kill(identity, signal.SIGKILL)
        heard.until(lambda run=run: any(event.run == run for event in heard.of(Failed)))
        heard.spin(lambda: not heard.worker.busy)
    assert sorted(answer.ticket for answer in heard.of(Captured)) == [1001 + k for k in range(tickets)]
    trains_again(heard, 101)


# ---- the end


@kills
def test_a_process_that_does_not_answer_is_ended_and_whoever_waits_for_a_copy_is_told(
    begin: Callable[..., Heard],
) -> None:
    heard = begin()
    heard.train(1, 1)
    identity = heard.process()
    os.kill(identity, signal.SIGSTOP)
    heard.send(Capture(1))
    assert heard.worker.close(timeout_s=0.01)
    with pytest.raises(ProcessLookupError):
        os.kill(identity, 0)
    (answer,) = [event for event in heard.worker.take_events() if isinstance(event, Captured)]
    assert answer.error is not None


@BOTH
def test_a_copy_that_was_asked_for_before_closing_is_made(begin: Callable[..., Heard], own_process: bool) -> None:
    heard = begin(own_process)
    heard.train(1, 3)
    heard.send(Train(), Capture(1))
    assert heard.worker.close(timeout_s=PATIENCE_S)
    events = [*heard.events, *heard.worker.take_events()]
    (answer,) = [event for event in events if isinstance(event, Captured)]
    assert answer.saved is not None
    assert answer.saved.progress.step >= 3
    assert not [event for event in events if isinstance(event, Failed | Ended)]
    heard.send(Train())
    assert not [event for event in heard.worker.take_events() if isinstance(event, Stepped)]


def is_at_work(identity: int) -> bool:
    """Whether a process is there and not only waits to be buried by whoever inherits it."""
    try:
        return ") Z " not in Path(f"/proc/{identity}/stat").read_text("utf-8")
    except (FileNotFoundError, ProcessLookupError):
        return False


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="looks into /proc")
def test_the_process_ends_with_the_program_however_that_ends() -> None:
    script = """
import sys, threading
from gui.training.messages import Capture
from gui.training.worker import Worker
news = threading.Event()
worker = Worker(news.set)
worker.send(Capture(1))
news.wait()
print(worker.process_id, flush=True)
sys.stdin.read()
"""
    program = subprocess.Popen(
        [sys.executable, "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT
    )
    with program:
        assert program.stdout is not None
        identity = int(program.stdout.readline())
        assert is_at_work(identity)
        program.kill()
    patience = time.monotonic() + PATIENCE_S
    while is_at_work(identity) and time.monotonic() < patience:
        os.sched_yield()
    assert not is_at_work(identity)
