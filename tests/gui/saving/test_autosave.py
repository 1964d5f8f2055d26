"""Runs are saved by themselves: what a crash, a kill or a closed window leaves can be brought back."""

from __future__ import annotations

import os
import shutil
import signal
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings, Qt
from pytestqt.qtbot import QtBot

import engine
from gui.main_window import MainWindow
from gui.session.session import Session
from tests.gui.conftest import Person, dispose
from tests.gui.saving.saving import (
    said,
    save,
    settled,
    trained,
)

pytestmark = pytest.mark.training_process


@pytest.fixture
def state(tmp_path: Path) -> Path:
    return tmp_path / "state"


def window_of(qtbot: QtBot, settings: QSettings, state: Path) -> Person:
    window = MainWindow(Session(), settings, state)
    window.show()
    person = Person(qtbot, window)
    window.session.data.load_first()
    person.wait_ready()
    return person


@pytest.fixture
def opened(qtbot: QtBot, settings: QSettings, state: Path) -> Iterator[Callable[[], Person]]:
    """Makes windows that save by themselves; they are closed in the end."""
    people: list[Person] = []

    def make() -> Person:
        people.append(window_of(qtbot, settings, state))
        people[-1].activate()
        return people[-1]

    yield make
    for person in people:
        person.window.close()
        dispose(person.window)


KILLED = """
import sys
from pathlib import Path
from PySide6.QtCore import QSettings, QTimer
from PySide6.QtWidgets import QApplication
from gui.main_window import MainWindow
from gui.session.session import Session

app = QApplication([])
window = MainWindow(Session(), QSettings(sys.argv[2], QSettings.Format.IniFormat), Path(sys.argv[1]))
session = window.session
session.data.load_first()
session.run.snapshot_changed.connect(session.run.train)

def look():
    if session.run.progress.step >= 5:
        window.run_files.autosave()
    if list(Path(sys.argv[1]).glob("open/*.unroll")):
        sys.stdout.write("saved\\n")
        sys.stdout.flush()

timer = QTimer()
timer.timeout.connect(look)
timer.start(20)
app.exec()
"""


def kill_one(state: Path) -> None:
    """A window in a process of its own trains, saves by itself, and is killed."""
    root = Path(__file__).parents[3]
    process = subprocess.Popen(
        [sys.executable, "-c", KILLED, str(state), str(state.parent / "other.ini")],
        cwd=root,
        stdout=subprocess.PIPE,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
    )
    assert process.stdout is not None
    assert process.stdout.readline()
    process.send_signal(signal.SIGKILL)
    process.wait(30)
    process.stdout.close()


def test_after_a_kill_the_run_is_offered_and_comes_back(opened: Callable[[], Person], state: Path) -> None:
    kill_one(state)
    person = opened()
    person.window.run_files.offer()
    assert "did not close properly. Restore “names · one to many · LSTM 128” (step " in said(person)
    person.click("notice-action")
    person.wait_until(lambda: person.session.run.progress.step >= 5)
    settled(person)
    assert person.session.run.snapshot is not None
    assert person.session.run.snapshot.step == person.session.run.progress.step == len(person.session.run.curve)
    assert person.window.run_files.path is None
    trained(person, 1)


def test_a_run_is_offered_once_and_is_found_in_the_menu_later(opened: Callable[[], Person], state: Path) -> None:
    kill_one(state)
    first, second = opened(), opened()
    first.window.run_files.offer()
    assert "did not close properly" in said(first)
    second.window.run_files.offer()
    assert said(second) == ""
    files = second.window.files
    files.fill_recent()
    (entry,) = (action for action in files.recent_menu.actions() if "one to many · LSTM 128" in action.text())
    entry.trigger()
    second.wait_until(lambda: second.session.run.progress.step >= 5)


def test_two_windows_save_by_themselves_each_for_itself(opened: Callable[[], Person], state: Path) -> None:
    first, second = opened(), opened()
    for person, steps in ((first, 2), (second, 3)):
        person.activate()
        trained(person, steps)
        person.window.run_files.autosave()
        settled(person)
    steps_kept = sorted(engine.open_run(path).progress.step for path in (state / "open").glob("*.unroll"))
    assert steps_kept == [2, 3]
    second.window.run_files.offer()
    assert said(second) == ""
    assert len(list((state / "open").glob("*.unroll"))) == 2


def test_the_network_before_a_reset_can_still_be_brought_back(opened: Callable[[], Person], state: Path) -> None:
    person = opened()
    trained(person, 3)
    person.window.run_files.autosave()
    settled(person)
    person.press(Qt.Key.Key_R)
    person.wait_ready()
    trained(person, 1)
    person.window.run_files.autosave()
    settled(person)
    (old,) = person.window.run_files.kept()
    assert engine.open_run(old).progress.step == 3
    person.window.run_files.open(old)
    person.wait_until(lambda: person.session.run.progress.step == 3)
    settled(person)
    assert sorted(engine.open_run(path).progress.step for path in person.window.run_files.kept()) == [1, 3]


def test_a_window_that_is_closed_while_it_trains_keeps_its_run(opened: Callable[[], Person], state: Path) -> None:
    first = opened()
    first.press(Qt.Key.Key_Space)
    first.wait_steps(4)
    first.window.close()
    assert list((state / "open").iterdir()) == []
    (kept,) = (state / "kept").glob("*.unroll")
    assert engine.open_run(kept).progress.step >= 4
    second = opened()
    second.window.run_files.offer()
    assert said(second) == ""


def test_a_run_that_has_not_begun_leaves_nothing_behind(opened: Callable[[], Person], state: Path) -> None:
    opened().window.close()
    assert list((state / "kept").iterdir()) == []


@pytest.mark.parametrize("autosaved_at", [None, 1, 2])
def test_a_saved_run_is_in_the_list_of_the_next_window_once_with_its_curves_and_its_file_opens_it(
    opened: Callable[[], Person], state: Path, tmp_path: Path, autosaved_at: int | None
) -> None:
    first, path = opened(), tmp_path / "run.unroll"
    for step in (1, 2):
        trained(first, 1)
        if step == autosaved_at:
            first.window.run_files.autosave()
            settled(first)
    save(first, path)
    first.window.close()
    assert list((state / "open").iterdir()) == []
    second = opened()
    second.window.run_files.offer()
    assert said(second) == ""
    second.wait_until(lambda: len(second.session.runs.others()) == 1)
    (listed,) = second.session.runs.others()
    assert (listed.step, len(listed.curve)) == (2, 2)
    second.window.run_files.open(path)
    second.wait_until(lambda: second.session.run.progress.step == 2)
    settled(second)
    assert second.session.runs.current == listed.id
    assert second.session.runs.others() == []


def test_after_a_crash_a_run_is_not_offered_at_an_earlier_step_than_it_was_saved_at(
    opened: Callable[[], Person], state: Path, tmp_path: Path
) -> None:
    person = opened()
    autosaved(person, 2)
    trained(person, 2)
    assert left_by_a_crash(state) == [2], "it is newer than all else"
    save(person, tmp_path / "run.unroll")
    assert left_by_a_crash(state) == []
    autosaved(person, 1)
    assert left_by_a_crash(state) == [5], "it is newer than the file"


def test_after_a_crash_a_run_that_was_replaced_and_kept_is_not_offered(
    opened: Callable[[], Person], state: Path
) -> None:
    person = opened()
    autosaved(person, 2)
    trained(person, 1)
    person.press(Qt.Key.Key_R)
    person.wait_ready()
    settled(person)
    assert [engine.open_run(path).progress.step for path in person.window.run_files.kept()] == [3]
    assert left_by_a_crash(state) == []
    (kept,) = person.window.run_files.kept()
    person.window.run_files.open(kept)  # as it is after a crash
    person.wait_until(lambda: person.session.run.progress.step == 3)
    person.window.run_files.autosave()
    settled(person)
    assert left_by_a_crash(state) == [3], "it is what the window shows"
    person.press(Qt.Key.Key_R)
    person.wait_ready()
    settled(person)
    assert left_by_a_crash(state) == []


def left_by_a_crash(state: Path) -> list[int]:
    """The steps of the runs that would be offered if all windows were killed now."""
    return [engine.open_run(path).progress.step for path in (state / "open").glob("*.unroll")]


def test_a_folder_that_cannot_be_made_is_told_and_the_window_works(opened: Callable[[], Person], state: Path) -> None:
    state.write_bytes(b"a file where the folder should be")
    person = opened()
    person.window.run_files.offer()
    assert "Autosave is off" in said(person)
    trained(person, 1)
    person.window.run_files.autosave()
    assert state.is_file()


def autosaved(person: Person, steps: int = 1) -> None:
    trained(person, steps)
    person.window.run_files.autosave()
    settled(person)


@pytest.mark.skipif(os.name != "posix", reason="rights of POSIX")
def test_nobody_else_can_read_what_is_saved_by_itself(opened: Callable[[], Person], state: Path) -> None:
    state.mkdir()
    (state / "kept").mkdir(mode=0o755)  # of an earlier version
    person = opened()
    autosaved(person)
    person.window.close()
    (kept,) = (state / "kept").glob("*.unroll")
    assert [stat.S_IMODE(path.stat().st_mode) for path in (state / "open", state / "kept", kept)] == [
        0o700,
        0o700,
        0o600,
    ]


def test_a_folder_that_somebody_has_removed_is_made_again_and_still_belongs_to_its_window(
    opened: Callable[[], Person], state: Path
) -> None:
    first = opened()
    shutil.rmtree(state)
    first.activate()
    autosaved(first, 2)
    (path,) = (state / "open").glob("*.unroll")
    assert engine.open_run(path).progress.step == 2
    second = opened()
    second.window.run_files.offer()
    assert said(second) == ""
    first.window.close()
    assert len(list((state / "kept").glob("*.unroll"))) == 1


def test_the_same_trouble_is_told_once_and_autosave_is_tried_on(opened: Callable[[], Person], state: Path) -> None:
    person = opened()
    shutil.rmtree(state / "open")
    (state / "open").write_bytes(b"a file where the folder should be")
    autosaved(person)
    assert "Autosave failed" in said(person)
    person.window.notice_bar.clear()
    autosaved(person)
    assert said(person) == ""
    (state / "open").unlink()
    autosaved(person)
    assert said(person) == ""
    (path,) = (state / "open").glob("*.unroll")
    assert engine.open_run(path).progress.step == 3
    shutil.rmtree(state / "open")
    (state / "open").write_bytes(b"again")
    autosaved(person)
    assert "Autosave failed" in said(person), "it had worked in between"
    (state / "open").unlink()


def test_only_the_newest_runs_of_closed_windows_are_kept(opened: Callable[[], Person], state: Path) -> None:
    for number in range(7):
        old = state / "kept" / f"old-{number}.unroll"
        old.parent.mkdir(parents=True, exist_ok=True)
        old.write_bytes(b"")
        os.utime(old, (number, number))
    opened().window.run_files.offer()
    assert sorted(path.stem for path in (state / "kept").iterdir()) == [f"old-{n}" for n in range(2, 7)]
