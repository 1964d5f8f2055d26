"""The training process, seen from the window: what is sent to it once, and what becomes of it when it dies."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

import engine
from gui.training.worker import Worker
from tests.gui.conftest import PATIENCE_MS, Person

ROOT = Path(__file__).parents[3]


def process(person: Person) -> int:
    return person.session.run._worker._link._child.process_id


def known(worker: Worker) -> set[str]:
    return set(worker._link._channel._known)


def test_data_go_over_once_and_older_ones_are_let_go(person: Person) -> None:
    worker = person.session.run._worker
    first = known(worker)
    assert len(first) == 2
    for _ in range(3):
        person.press(Qt.Key.Key_R)
        person.wait_ready()
    assert known(worker) == first
    person.choose_sample("reviews")
    person.wait_until(lambda: len(known(worker)) == 2 and not known(worker) & first)
    snapshot, dataset = person.session.run.snapshot, person.session.data.dataset
    assert snapshot is not None
    assert dataset is not None
    assert snapshot.codec is dataset.codec
    assert not snapshot.weights.flags.writeable


@pytest.mark.skipif(sys.platform == "win32", reason="ends a process by a signal")
@pytest.mark.parametrize("when", ["training", "paused", "never trained"])
def test_a_process_that_dies_is_told_of_at_once_and_the_next_training_has_another(person: Person, when: str) -> None:
    if when != "never trained":
        person.click("train")
        person.wait_steps(5)
    if when == "paused":
        person.click("train")
        person.wait_until(lambda: not person.session.busy)
    before = process(person)
    os.kill(before, signal.SIGKILL)
    person.wait_until(lambda: "ended unexpectedly" in person.window.notice_bar.text())
    assert person.session.run.status == "idle"
    assert person.session.run.snapshot is not None  # it can still be used
    run = person.session.run.number
    person.click("step" if when == "paused" else "train")
    person.wait_until(lambda: person.session.run.number > run and person.session.run.progress.step >= 1)
    assert process(person) != before
    assert person.window.notice_bar.level != "error"


@pytest.mark.skipif(sys.platform == "win32", reason="ends a process by a signal")
def test_copies_that_a_dead_process_owes_are_refused_with_the_reason(person: Person) -> None:
    answers: list[engine.Run | None] = []
    os.kill(process(person), signal.SIGSTOP)
    person.session.run.capture(answers.append)
    os.kill(process(person), signal.SIGKILL)
    for _ in range(2):
        person.wait_until(lambda: "not be saved" in person.window.notice_bar.text())
        person.window.notice_bar.clear()
        person.session.run.capture(answers.append)
    assert answers == []


def test_a_network_that_cannot_be_built_is_told_of_each_time_and_nothing_waits_for_it(person: Person) -> None:
    person.session.set_model(embedding_size=3, vectors="nowhere.txt")
    for _ in range(2):
        person.wait_until(lambda: "nowhere.txt" in person.window.notice_bar.text())
        person.wait_until(lambda: not person.session.busy)
        assert person.session.run.status == "idle"
        person.window.notice_bar.clear()
        person.click("train")
    person.session.set_model(vectors="")
    person.click("train")
    person.wait_steps(3)


@pytest.mark.skipif(sys.platform == "win32", reason="stops a process by a signal")
def test_a_process_that_does_not_answer_is_ended_when_nobody_wants_it_any_more() -> None:
    worker = Worker(lambda: None)
    identity = worker._link._child.process_id
    os.kill(identity, signal.SIGSTOP)
    worker.close(timeout_s=0.01)
    with pytest.raises(ProcessLookupError):
        os.kill(identity, 0)


def is_at_work(identity: int) -> bool:
    """Whether a process is there and not only waits to be buried by whoever inherits it."""
    try:
        return ") Z " not in Path(f"/proc/{identity}/stat").read_text("utf-8")
    except (FileNotFoundError, ProcessLookupError):
        return False


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="looks into /proc")
def test_the_process_ends_with_the_program_however_that_ends() -> None:
    script = (
        "import sys; from gui.training.worker import Worker; "
        "print(Worker(print)._link._child.process_id, flush=True); sys.stdin.read()"
    )
    program = subprocess.Popen(
        [sys.executable, "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT
    )
    with program:
        assert program.stdout is not None
        identity = int(program.stdout.readline())
        assert is_at_work(identity)
        program.kill()
    patience = time.monotonic() + PATIENCE_MS / 1000
    while is_at_work(identity) and time.monotonic() < patience:
        os.sched_yield()
    assert not is_at_work(identity)


def test_what_arrives_while_the_window_asks_whether_anything_may_still_arrive_is_not_missed(
    person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = person.session
    person.wait_until(lambda: not session.busy)
    snapshot = session.run.snapshot
    assert snapshot is not None

    def arrives_now(link: object) -> bool:
        session.run._worker.mailbox.snapshots.append((session.run.number, snapshot))
        return False

    with monkeypatch.context() as patched:
        patched.setattr(type(session.run._worker._link), "busy", property(arrives_now))
        assert session.busy
