"""Runs that are kept: within bounds, after a crash, and in the next window."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest
from PySide6.QtCore import QPoint, QSettings, Qt
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from gui.session.run_library.kept_runs import Bounds
from gui.session.session import Session
from tests.gui.conftest import Person, dispose
from tests.gui.saving.saving import said, settled, started, trained
from tests.gui.saving.test_run_list import chips, losses_without_a_break, names, replace_cell, select, undo

LSTM, GRU = "names · one to many · LSTM 128", "names · one to many · GRU 128"


@pytest.fixture
def window_with(qtbot: QtBot, settings: QSettings, tmp_path: Path) -> Iterator[Callable[[Bounds], Person]]:
    """Makes windows that keep their runs in one folder; they are closed in the end."""
    people: list[Person] = []

    def make(bounds: Bounds) -> Person:
        people.append(started(qtbot, Session(bounds=bounds), settings, tmp_path / "state"))
        return people[-1]

    yield make
    for person in people:
        person.window.close()
        dispose(person.window)


def test_beyond_the_bound_the_oldest_run_that_is_not_pinned_goes_and_the_user_is_told(
    window_with: Callable[[Bounds], Person], tmp_path: Path
) -> None:
    person = window_with(Bounds(runs=2, in_memory=1))
    trained(person, 1)
    replace_cell(person, "gru")
    person.session.runs.pin(person.session.runs.others()[0].id, True)
    trained(person, 1)
    replace_cell(person, "rnn")
    assert names(person)[1:] == [GRU, LSTM]
    trained(person, 1)
    replace_cell(person, "mgu")
    assert names(person)[1:] == ["names · one to many · RNN 128", LSTM], "the pinned one stays"
    assert f"“{GRU}”, the oldest" in said(person)
    assert "at most 2 runs" in said(person)
    settled(person)
    assert len(list((tmp_path / "state" / "kept").glob("*.unroll"))) == 2
    undo(person)
    assert person.session.run.model_config.cell == "rnn"
    undo(person)
    assert (person.session.run.model_config.cell, person.session.run.progress.step) == ("gru", 0)
    assert said(person) == f"The weights of “{GRU}” are no longer kept, so it starts untrained."
    select(person, LSTM)  # no longer in memory
    person.click("run-open")
    settled(person)
    assert (person.session.run.model_config.cell, person.session.run.progress.step) == ("lstm", 1)


def test_a_kept_run_that_cannot_be_read_is_told_and_stays(
    window_with: Callable[[Bounds], Person], tmp_path: Path
) -> None:
    kept = tmp_path / "state" / "kept"
    kept.mkdir(parents=True)
    for name in ("later.unroll", "later.json"):
        (kept / name).write_text("{}", encoding="utf-8")
    person = window_with(Bounds())
    person.window.docking.show_view("runs")
    note = person.find(QLabel, "runs-left-out")
    person.wait_until(note.isVisible)
    assert note.text().startswith("1 kept run cannot be read")
    assert str(kept) in note.text()
    assert (kept / "later.unroll").exists()


def test_a_run_that_another_window_has_deleted_is_told_and_the_one_at_hand_stays(
    window_with: Callable[[Bounds], Person],
) -> None:
    first = window_with(Bounds())
    trained(first, 1)
    replace_cell(first, "gru")
    second = window_with(Bounds())
    (run,) = second.session.runs.others()
    first.session.run_edits.delete([run.id])
    first.window.close()  # until then the deletion could be undone
    at_hand = second.session.runs.current
    second.session.switch.open(run.id)
    settled(second)
    assert "there is no such file" in said(second)
    assert second.session.runs.current == at_hand
    trained(second, 1)


def test_the_next_window_lists_the_runs_of_the_last_one_with_their_names_and_goes_on_with_them(
    window_with: Callable[[Bounds], Person],
) -> None:
    first = window_with(Bounds())
    expected = losses_without_a_break(first, 5)
    trained(first, 3)
    replace_cell(first, "gru")
    trained(first, 1)
    first.session.run_edits.rename(first.session.runs.others()[0].id, "the good one")
    settled(first)
    first.window.close()
    second = window_with(Bounds())
    assert names(second) == [f"{LSTM}", GRU, "the good one"]
    view = select(second, "the good one")
    second.qtbot.keyClick(view, Qt.Key.Key_Return)
    settled(second)
    assert second.session.run.progress.step == 3
    trained(second, 2)
    assert second.session.run.curve.train_loss.tolist() == expected


@pytest.mark.skipif(os.name != "posix", reason="ends a process by a signal")
def test_what_was_saved_automatically_before_the_training_process_died_joins_the_list(
    window_with: Callable[[Bounds], Person],
) -> None:
    person = window_with(Bounds())
    trained(person, 3)
    person.window.run_files.autosave()
    settled(person)
    (process,) = [each for each in psutil.Process().children() if "trainer_process" in " ".join(each.cmdline())]
    process.kill()
    person.wait_until(lambda: "ended unexpectedly" in said(person))
    person.click("train")
    person.wait_steps(2)
    person.press(Qt.Key.Key_Space)
    settled(person)
    person.window.run_files.autosave()
    settled(person)
    assert len(names(person)) == 2
    select(person, names(person)[1])
    person.click("run-open")
    settled(person)
    assert person.session.run.progress.step == 3


def test_steps_made_after_a_run_was_opened_again_are_there_in_the_next_window(
    window_with: Callable[[Bounds], Person],
) -> None:
    first = window_with(Bounds())
    trained(first, 2)
    replace_cell(first, "gru")
    undo(first)
    trained(first, 3)
    first.window.run_files.autosave()
    settled(first)
    first.window.close()
    second = window_with(Bounds())
    select(second, LSTM)
    second.click("run-open")
    settled(second)
    assert second.session.run.progress.step == 5


def test_a_new_window_draws_a_curve_of_the_last_one_only_when_it_is_asked_for(
    window_with: Callable[[Bounds], Person],
) -> None:
    first = window_with(Bounds())
    first.press(Qt.Key.Key_Space)
    first.wait_until(lambda: len(first.session.run.curve.validation_steps) >= 1)
    first.press(Qt.Key.Key_Space)
    settled(first)
    first.window.close()
    second = window_with(Bounds())
    assert "LSTM" not in chips(second)
    view = select(second, names(second)[1])
    box = view.visualRect(view.model().index(1, 1))
    place = QPoint(box.left() + 12, box.center().y())
    second.qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place)
    second.window.docking.show_view("loss")
    second.wait_until(lambda: "LSTM" in chips(second))
