"""What the window says when the conversation with the training process breaks, and what it offers then."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import psutil
import pytest
from PySide6.QtCore import Qt

import engine
from tests.gui.conftest import Person
from tests.gui.saving.saving import save, trained
from tests.gui.training.heard import Boomerang

pytestmark = pytest.mark.training_process


def trainer_process() -> int:
    """The only child of the program that runs the training loop."""
    (found,) = [one for one in psutil.Process().children() if "trainer_process" in " ".join(one.cmdline())]
    return int(found.pid)


@pytest.mark.skipif(os.name != "posix", reason="ends a process by a signal")
def test_the_death_of_the_process_is_told_at_once_and_train_begins_anew(person: Person) -> None:
    person.click("train")
    person.wait_steps(5)
    before = trainer_process()
    os.kill(before, signal.SIGKILL)
    person.wait_until(lambda: "ended unexpectedly" in person.window.notice_bar.text())
    session = person.session
    assert session.run.status == "idle"
    assert session.run.snapshot is not None, "it can still be tried"
    number = session.run.number
    person.click("train")
    person.wait_until(lambda: session.run.number > number and session.run.progress.step >= 1)
    assert trainer_process() != before
    assert person.window.notice_bar.level != "error"


def test_what_a_process_had_learned_that_could_not_go_on_can_be_saved(person: Person, tmp_path: Path) -> None:
    trained(person, 4)
    person.session.run.set_training(learning_rate=LearningRate(0.001))
    person.wait_until(lambda: "could not continue" in person.window.notice_bar.text())
    assert "not enough memory" in person.window.notice_bar.text()
    assert "can still save the network" in person.window.notice_bar.text()
    save(person, tmp_path / "rescued.unroll")
    assert engine.open_run(tmp_path / "rescued.unroll").progress.step == 4


class LearningRate(float):
    """A rate that takes all memory when it arrives in the training process."""

    def __reduce__(self) -> tuple[object, ...]:
        return Boomerang(0, MemoryError()).__reduce__()


def test_a_network_that_cannot_be_built_is_told_of_each_time_and_nothing_waits_for_it(person: Person) -> None:
    person.session.set_model(embedding_size=3, vectors="nowhere.txt")
    for _ in range(2):
        person.wait_until(lambda: "nowhere.txt" in person.window.notice_bar.text())
        person.wait_until(lambda: not person.session.busy)
        assert person.session.run.status == "idle"
        person.window.notice_bar.clear()
        person.click("train")
    person.session.set_model(vectors="")
    person.press(Qt.Key.Key_Space)
    person.wait_steps(3)
