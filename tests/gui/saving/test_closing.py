"""A window that cannot save what it was closed with stays open and says why; one that can, closes."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtWidgets import QFileDialog, QPushButton
from pytestqt.qtbot import QtBot

import engine
from gui.session.background import threads_at_work
from gui.session.run_library.run_store import RunStore
from gui.session.session import Session
from tests.gui.conftest import Person, dispose
from tests.gui.saving.saving import BOTH, choose, keys, said, settled, started, trained

pytestmark = pytest.mark.training_process


@pytest.fixture
def saving(qtbot: QtBot, settings: QSettings, tmp_path: Path) -> Iterator[Person]:
    """A window that saves by itself, with a network that has learned a little."""
    person = started(qtbot, Session(), settings, tmp_path / "state")
    trained(person, 2)
    yield person
    person.window.leave()
    dispose(person.window)


@pytest.fixture
def full(monkeypatch: pytest.MonkeyPatch) -> None:
    """The disk on which runs are kept is full."""

    def write(store: RunStore, run: object, path: Path | None = None) -> int:
        raise engine.StorageError("the disk is full")

    monkeypatch.setattr(RunStore, "write", write)


def is_closed(person: Person) -> bool:
    return not person.window.isVisible() and threads_at_work() == []


def kept_steps(tmp_path: Path) -> list[int]:
    return [engine.open_run(path).progress.step for path in (tmp_path / "state").rglob("*.unroll")]


def test_a_window_that_cannot_save_its_run_stays_open_and_can_be_closed_without(
    saving: Person, full: None, tmp_path: Path
) -> None:
    assert not saving.window.close()
    assert saving.window.isVisible()
    assert said(saving) == "The window stays open because the run could not be saved: the disk is full"
    trained(saving, 1)  # everything still works
    assert not saving.window.close()
    saving.click("notice-action")
    assert is_closed(saving)
    assert kept_steps(tmp_path) == []


def test_the_run_that_could_not_be_saved_by_itself_is_saved_elsewhere_and_then_the_window_closes(
    saving: Person, full: None, tmp_path: Path
) -> None:
    assert not saving.window.close()
    saving.activate()
    saving.click("notice-other-action")
    choose(saving, "save-dialog", tmp_path / "girls.unroll")
    saving.wait_until(lambda: "Saved “girls.unroll”" in said(saving))
    assert saving.window.close()
    assert is_closed(saving)
    assert engine.open_run(tmp_path / "girls.unroll").progress.step == 2


def test_a_training_goes_on_when_the_window_stays_open(saving: Person, full: None) -> None:
    saving.press(Qt.Key.Key_Space)
    saving.wait_steps(5)
    assert not saving.window.close()
    assert saving.session.run.status == "running"
    saving.wait_steps(saving.session.run.progress.step + 2)
    saving.window.leave()
    assert is_closed(saving)


def test_closing_while_it_trains_keeps_the_run_once(saving: Person, tmp_path: Path) -> None:
    saving.press(Qt.Key.Key_Space)
    saving.wait_steps(5)
    assert saving.window.close()
    assert is_closed(saving)
    (step,) = kept_steps(tmp_path)
    assert step >= 5


def test_a_file_that_was_asked_for_and_cannot_be_written_keeps_the_window_open(
    saving: Person, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys(saving, Qt.Key.Key_S, BOTH)
    dialog = saving.find(QFileDialog, "save-dialog")
    dialog.fileSelected.emit(str(tmp_path / "nowhere" / "run.unroll"))
    dialog.close()
    assert not saving.window.close()  # at once
    assert "run.unroll: cannot be written" in said(saving)
    assert saving.find(QPushButton, "notice-action").text() == "Close without saving"
    settled(saving)
    assert saving.window.close(), "the run itself could be saved"
    assert is_closed(saving)


def test_a_run_that_finds_the_disk_full_stays_in_memory_and_is_written_once_there_is_room(
    saving: Person, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as disk:
        disk.setattr(engine, "write_run", _no_room)
        saving.session.set_model(cell="gru")
        saving.wait_until(lambda: "is kept only in memory until it can be written: the disk is full" in said(saving))
    assert list((tmp_path / "state" / "kept").iterdir()) == [], "neither a run nor its card"
    saving.wait_ready()
    trained(saving, 1)
    saving.session.set_model(cell="rnn")  # this one can be written, and the one before it then too
    settled(saving)
    assert sorted(kept_steps(tmp_path)) == [1, 2]


def test_a_run_that_found_the_disk_full_is_tried_once_more_when_the_window_closes(
    saving: Person, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as disk:
        disk.setattr(engine, "write_run", _no_room)
        saving.session.set_model(cell="gru")
        saving.wait_until(lambda: "is kept only in memory" in said(saving))
    assert saving.window.close()
    assert is_closed(saving)
    assert kept_steps(tmp_path) == [2]


def _no_room(path: Path, run: engine.Run) -> None:
    raise engine.StorageError("the disk is full")


def test_a_disk_that_does_not_answer_holds_nobody_up(saving: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    answer = threading.Event()

    def hangs(store: RunStore, run: object, path: Path | None = None) -> int:
        answer.wait()
        raise engine.StorageError("too late")

    monkeypatch.setattr(RunStore, "write", hangs)
    assert saving.window.close()
    assert not saving.window.isVisible()
    answer.set()
    saving.wait_until(lambda: threads_at_work() == [])
