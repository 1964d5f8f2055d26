"""Runs are kept: saved, opened, brought back after a crash, taken away; settings travel as text."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPointF, QSettings, Qt, QUrl
from PySide6.QtGui import QAction, QDropEvent, QGuiApplication
from PySide6.QtWidgets import QFileDialog, QLabel, QProgressBar, QPushButton
from pytestqt.qtbot import QtBot

import engine
from gui.exports import EXPORTS
from gui.main_window import MainWindow
from gui.session import Session
from tests.gui.conftest import Person, dispose

CONTROL = Qt.KeyboardModifier.ControlModifier
BOTH = CONTROL | Qt.KeyboardModifier.ShiftModifier
NAMES = ["anna", "bella", "carla", "dora", "emma", "fiona", "greta", "hanna", "ida", "jana", "klara", "lena"]


def said(person: Person) -> str:
    return person.find(QLabel, "notice").text()


def settled(person: Person) -> None:
    """Wait until nothing is on its way any more."""
    person.wait_until(lambda: not person.session.busy and not person.window.keeping.busy)


def keys(person: Person, key: Qt.Key, modifier: Qt.KeyboardModifier) -> None:
    person.qtbot.keyClick(person.window, key, modifier)


def trained(person: Person, steps: int = 6) -> engine.Snapshot:
    """Train so many steps by hand; what the network is then."""
    target = person.session.progress.step + steps
    for step in range(person.session.progress.step + 1, target + 1):
        person.press(Qt.Key.Key_S)
        person.wait_steps(step)
    settled(person)
    assert person.session.snapshot is not None
    assert person.session.snapshot.step == target
    return person.session.snapshot


def choose(person: Person, dialog: str, path: Path) -> None:
    """Answer a file dialog."""
    found = person.find(QFileDialog, dialog)
    found.fileSelected.emit(str(path))
    found.close()
    dispose_of(found)
    person.activate()


def dispose_of(dialog: QFileDialog) -> None:
    dialog.setObjectName("answered")
    dialog.deleteLater()


def save(person: Person, path: Path) -> None:
    keys(person, Qt.Key.Key_S, BOTH)
    choose(person, "save-dialog", path)
    person.wait_until(lambda: "Saved as" in said(person))
    settled(person)


def open_run(person: Person, path: Path) -> None:
    before = person.session.run
    keys(person, Qt.Key.Key_O, CONTROL)
    choose(person, "open-dialog", path)
    person.wait_until(lambda: person.session.run != before)
    person.wait_ready()
    settled(person)


def same(first: engine.Snapshot, second: engine.Snapshot) -> bool:
    return first.step == second.step and bool((first.weights == second.weights).all())


def write_names(path: Path) -> Path:
    rows = [f"{name},{'ab'[len(name) % 2]}" for name in NAMES]
    path.write_text("text,label\n" + "\n".join(rows), encoding="utf-8")
    return path


# Save, open, go on ----------------------------------------------------------------------------------------------------


def test_a_run_that_was_saved_comes_back_whole_and_goes_on_as_if_it_had_never_left(
    person: Person, tmp_path: Path
) -> None:
    session, path = person.session, tmp_path / "girls.unroll"
    person.type("seed", "3")
    person.wait_ready()
    kept = trained(person)
    losses = session.curve.train_loss.copy()
    texts = [text.text for text in kept.model().generate(count=5, seed=1)]
    save(person, path)
    assert "girls.unroll" in person.window.windowTitle()
    on = trained(person, 4)
    after = session.curve.train_loss.copy()

    person.type("seed", "8")
    person.press(Qt.Key.Key_R)
    person.wait_ready()
    assert session.progress.step == 0
    open_run(person, path)
    assert session.snapshot is not None
    assert same(session.snapshot, kept)
    assert session.training_config.seed == 3
    assert session.status == "paused"
    assert session.progress.step == 6
    np.testing.assert_array_equal(session.curve.train_loss, losses)
    assert [text.text for text in session.snapshot.model().generate(count=5, seed=1)] == texts
    assert person.find(QLabel, "progress-step").text() == "step 6"

    assert same(trained(person, 4), on)
    np.testing.assert_array_equal(session.curve.train_loss, after)


def test_a_run_that_had_come_to_its_end_is_opened_as_such_and_trains_on(person: Person, tmp_path: Path) -> None:
    path = tmp_path / "done.unroll"
    dataset = engine.load_sample("alphabet")
    trainer = engine.Trainer(
        engine.build_model(engine.ModelConfig(hidden_size=8), dataset), dataset, engine.TrainingConfig(epochs=2)
    )
    for _ in range(trainer.steps_total):
        next(trainer)
    engine.save_run(path, trainer)
    open_run(person, path)
    assert person.session.status == "finished"
    bar = person.find(QProgressBar, "progress")
    assert bar.value() == bar.maximum()
    assert person.find(QLabel, "progress-epoch").text() == "epoch 2 / 2"
    person.click("train")
    person.wait_steps(trainer.steps_total + 1)
    assert person.session.training_config.epochs == 4


def test_saving_again_needs_no_name_and_does_not_stop_the_training(person: Person, tmp_path: Path) -> None:
    path = tmp_path / "run.unroll"
    trained(person, 1)
    save(person, path)
    person.press(Qt.Key.Key_Space)
    person.wait_steps(3)
    keys(person, Qt.Key.Key_S, CONTROL)
    person.wait_until(lambda: not person.window.keeping.busy and engine.open_run(path).progress.step >= 3)
    assert person.session.status == "running"
    step = person.session.progress.step
    person.wait_steps(step + 2)


def test_a_network_that_starts_anew_does_not_write_over_the_file_of_the_old_one(person: Person, tmp_path: Path) -> None:
    path = tmp_path / "run.unroll"
    trained(person, 2)
    save(person, path)
    person.press(Qt.Key.Key_R)
    person.wait_ready()
    assert "run.unroll" not in person.window.windowTitle()
    keys(person, Qt.Key.Key_S, CONTROL)
    assert person.find(QFileDialog, "save-dialog").isVisible()
    person.find(QFileDialog, "save-dialog").close()
    assert engine.open_run(path).progress.step == 2


def test_a_run_is_opened_by_dropping_it_and_is_among_the_recent_files(person: Person, tmp_path: Path) -> None:
    path = tmp_path / "run.unroll"
    kept = trained(person, 2)
    save(person, path)
    person.press(Qt.Key.Key_R)
    person.wait_ready()
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path))])
    person.window.dropEvent(
        QDropEvent(
            QPointF(5, 5), Qt.DropAction.CopyAction, mime, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
        )
    )
    person.wait_until(lambda: person.session.progress.step == 2)
    person.wait_ready()
    assert person.session.snapshot is not None
    assert same(person.session.snapshot, kept)
    files = person.window.files
    files.fill_recent()
    entry = files.recent_menu.actions()[0]
    assert entry.text() == "run.unroll"
    person.press(Qt.Key.Key_R)
    person.wait_ready()
    entry.trigger()
    person.wait_until(lambda: person.session.progress.step == 2)


def test_recent_files_come_back_in_the_next_window_without_those_that_are_gone(
    person: Person, settings: QSettings, tmp_path: Path
) -> None:
    for name in ("one.csv", "two.csv"):
        person.window.files.open_path(str(write_names(tmp_path / name)))
        person.wait_until(
            lambda name=name: (
                person.session.dataset is not None and Path(person.session.dataset.path or "").name == name
            )
        )
        settled(person)
    assert [path.name for path in person.window.files.recent()] == ["two.csv", "one.csv"]
    (tmp_path / "one.csv").unlink()
    settings.sync()
    again = MainWindow(Session(), QSettings(settings.fileName(), QSettings.Format.IniFormat))
    assert [path.name for path in again.files.recent()] == ["two.csv"]
    again.close()
    dispose(again)


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-100])


def flipped(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[-50] ^= 1
    path.write_bytes(data)


def other_safetensors(path: Path) -> None:
    path.write_bytes((2).to_bytes(8, "little") + b"{}")


@pytest.mark.parametrize("spoil", [cut, flipped, other_safetensors])
def test_a_damaged_run_gives_a_notice_and_the_run_at_hand_stays(
    person: Person, tmp_path: Path, spoil: Callable[[Path], None]
) -> None:
    path = tmp_path / "run.unroll"
    trained(person, 2)
    save(person, path)
    spoil(path)
    kept = trained(person, 1)
    run = person.session.run
    person.window.files.open_path(str(path))
    person.wait_until(lambda: person.window.notice_bar.level == "error")
    assert "run.unroll" in said(person)
    assert person.session.run == run
    assert person.session.snapshot is kept


def test_a_file_that_cannot_be_written_gives_a_notice(person: Person, tmp_path: Path) -> None:
    trained(person, 1)
    keys(person, Qt.Key.Key_S, BOTH)
    choose(person, "save-dialog", tmp_path / "nowhere" / "run.unroll")
    person.wait_until(lambda: person.window.notice_bar.level == "error")
    assert "run.unroll" in said(person)
    assert person.window.keeping.path is None


# Without its data -----------------------------------------------------------------------------------------------------


@pytest.fixture
def homeless(person: Person, tmp_path: Path) -> Path:
    """A run of a file, saved, whose file has gone since; other data are in the window."""
    data = write_names(tmp_path / "names.csv")
    person.window.files.open_path(str(data))
    person.wait_until(lambda: person.session.dataset is not None and person.session.dataset.path is not None)
    settled(person)
    trained(person, 2)
    path = tmp_path / "run.unroll"
    save(person, path)
    (tmp_path / "elsewhere").mkdir()
    data.rename(tmp_path / "elsewhere" / "moved.csv")
    person.choose_sample("alphabet")
    return path


def test_a_run_without_its_data_can_be_used_but_says_what_training_needs(person: Person, homeless: Path) -> None:
    open_run(person, homeless)
    session = person.session
    assert session.opened is not None
    assert session.progress.step == 2
    assert "not there" in said(person)
    assert session.snapshot is not None
    assert session.snapshot.model().classify("anna")
    step = session.progress.step
    for act in (Qt.Key.Key_Space, Qt.Key.Key_S, Qt.Key.Key_R):
        person.press(act)
        settled(person)
        assert "needs the data" in said(person)
        assert session.progress.step == step
    person.type("hidden_size-number", "48")
    assert session.model_config.hidden_size != 48
    assert session.snapshot is not None


FILES = {
    "sequences": "\n".join(NAMES),
    "stream": "the rain falls and the sun shines, and the wind turns over the sea. " * 60,
    "labelled": "text,label\n" + "\n".join(f"{name},{'ab'[k % 2]}" for k, name in enumerate(NAMES)),
    "tagged": "Anna\tPER\nworks\tO\nin\tO\nIndia\tLOC\n\nBob\tPER\nsleeps\tO\n\n" * 9,
    "pairs": "\n".join(f"{a} and {b}\t{b[::-1]} {a[::-1]}" for a in NAMES for b in NAMES[:4]),
}
SHAPES = [
    ("sequences", "one-to-many"),
    ("sequences", "one-to-one"),
    ("stream", "one-to-many"),
    ("labelled", "many-to-one"),
    ("labelled", "one-to-many"),
    ("labelled", "one-to-one"),
    ("tagged", "many-to-many"),
    ("pairs", "encoder-decoder"),
]


@pytest.mark.parametrize(("kind", "architecture"), SHAPES)
def test_runs_of_every_shape_are_looked_at_and_used_without_their_data(
    person: Person, tmp_path: Path, kind: str, architecture: str
) -> None:
    data, path = tmp_path / "data.txt", tmp_path / "run.unroll"
    data.write_text(FILES[kind], encoding="utf-8")
    dataset = engine.load_dataset(data, kind=kind)
    config = engine.ModelConfig(architecture=architecture, hidden_size=8)
    trainer = engine.Trainer(engine.build_model(config, dataset), dataset)
    next(trainer)
    engine.save_run(path, trainer)
    data.unlink()
    told: list[str] = []
    person.session.notice.connect(lambda notice: told.append(notice.level))
    person.window.files.open_path(str(path))
    person.wait_until(lambda: person.session.opened is not None)
    person.wait_ready()
    settled(person)
    assert told == ["warning"]
    assert person.session.probe
    assert "not there" in person.find(QLabel, "data-content").text()
    assert person.find(QLabel, "progress-epoch").text().startswith("epoch 1 ")


def test_data_in_two_files_are_opened_again_for_their_run(person: Person, tmp_path: Path) -> None:
    files = [tmp_path / "text.en", tmp_path / "text.de"]
    for file, line in zip(files, ("the house {}", "das Haus {}"), strict=True):
        file.write_text("\n".join(line.format(number) for number in range(60)), encoding="utf-8")
    person.window.files.open_paths([str(file) for file in files])
    person.wait_until(lambda: person.session.dataset is not None and person.session.dataset.kind == "pairs")
    settled(person)
    trained(person, 1)
    path = tmp_path / "run.unroll"
    save(person, path)
    person.choose_sample("alphabet")
    open_run(person, path)
    assert person.session.opened is not None
    person.click("notice-action")
    dialog = person.find(QFileDialog, "find-data-dialog")
    dialog.filesSelected.emit([str(file) for file in files])
    dialog.close()
    person.wait_until(lambda: person.session.opened is None)
    person.wait_ready()
    person.activate()
    assert trained(person, 1).step == 2


def test_data_that_have_changed_are_not_taken_for_those_of_the_run(person: Person, homeless: Path) -> None:
    names = write_names(homeless.with_name("names.csv"))
    names.write_text(names.read_text(encoding="utf-8").replace("anna", "annette"), encoding="utf-8")
    open_run(person, homeless)
    assert person.session.opened is not None
    assert "have changed" in said(person)


def test_the_data_are_opened_where_they_are_now_and_the_run_trains_on(
    person: Person, homeless: Path, tmp_path: Path
) -> None:
    open_run(person, homeless)
    person.press(Qt.Key.Key_Space)
    person.click("notice-action")
    choose(person, "find-data-dialog", tmp_path / "elsewhere" / "moved.csv")
    person.wait_until(lambda: person.session.opened is None)
    person.wait_ready()
    assert person.session.progress.step == 2
    assert person.window.keeping.path == homeless
    assert trained(person, 2).step == 4


def test_other_data_are_not_taken_for_those_of_the_run(person: Person, homeless: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.csv"
    write_names(other).write_text(other.read_text(encoding="utf-8").replace("anna", "annette"), encoding="utf-8")
    open_run(person, homeless)
    run = person.session.run
    person.press(Qt.Key.Key_Space)
    person.click("notice-action")
    choose(person, "find-data-dialog", other)
    person.wait_until(lambda: person.window.notice_bar.level == "error")
    assert "not those of this run" in said(person)
    assert person.session.run == run
    person.window.files.open_path(str(other))  # opened as any file is, they are new data
    person.wait_until(lambda: person.session.opened is None)
    assert person.session.progress.step == 0


# By itself ------------------------------------------------------------------------------------------------------------


@pytest.fixture
def state(tmp_path: Path) -> Path:
    return tmp_path / "state"


def window_of(qtbot: QtBot, settings: QSettings, state: Path) -> Person:
    window = MainWindow(Session(), settings, state)
    window.show()
    person = Person(qtbot, window)
    window.session.load_first()
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
from gui.session import Session

app = QApplication([])
window = MainWindow(Session(), QSettings(sys.argv[2], QSettings.Format.IniFormat), Path(sys.argv[1]))
session = window.session
session.load_first()
session.snapshot_changed.connect(session.train)

def look():
    if session.progress.step >= 5:
        window.keeping.autosave()
    if list(Path(sys.argv[1]).glob("open/*.unroll")):
        sys.stdout.write(f"{window.keeping._autosaved[1]}\\n")
        sys.stdout.flush()

timer = QTimer()
timer.timeout.connect(look)
timer.start(20)
app.exec()
"""


def kill_one(state: Path) -> None:
    """A window in a process of its own trains, saves by itself, and is killed."""
    root = Path(__file__).parents[2]
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
    person.window.keeping.offer()
    assert "did not close properly" in said(person)
    person.click("notice-action")
    person.wait_until(lambda: person.session.progress.step >= 5)
    settled(person)
    assert person.session.snapshot is not None
    assert person.session.snapshot.step == person.session.progress.step == len(person.session.curve)
    assert person.window.keeping.path is None
    trained(person, 1)


def test_a_run_is_offered_once_and_is_found_in_the_menu_later(opened: Callable[[], Person], state: Path) -> None:
    kill_one(state)
    first, second = opened(), opened()
    first.window.keeping.offer()
    assert "did not close properly" in said(first)
    second.window.keeping.offer()
    assert said(second) == ""
    files = second.window.files
    files.fill_recent()
    (entry,) = (action for action in files.recent_menu.actions() if action.text().startswith("Run of"))
    entry.trigger()
    second.wait_until(lambda: second.session.progress.step >= 5)


def test_two_windows_save_by_themselves_each_for_itself(opened: Callable[[], Person], state: Path) -> None:
    first, second = opened(), opened()
    for person, steps in ((first, 2), (second, 3)):
        person.activate()
        trained(person, steps)
        person.window.keeping.autosave()
        settled(person)
    steps_kept = sorted(engine.open_run(path).progress.step for path in (state / "open").glob("*.unroll"))
    assert steps_kept == [2, 3]
    second.window.keeping.offer()
    assert said(second) == ""
    assert len(list((state / "open").glob("*.unroll"))) == 2


def test_the_network_before_a_reset_can_still_be_brought_back(opened: Callable[[], Person], state: Path) -> None:
    person = opened()
    trained(person, 3)
    person.window.keeping.autosave()
    settled(person)
    person.press(Qt.Key.Key_R)
    person.wait_ready()
    trained(person, 1)
    person.window.keeping.autosave()
    settled(person)
    (old,) = person.window.keeping.kept()
    assert engine.open_run(old).progress.step == 3
    person.window.keeping.open(old)
    person.wait_until(lambda: person.session.progress.step == 3)
    settled(person)
    (new,) = person.window.keeping.kept()
    assert engine.open_run(new).progress.step == 1


def test_a_window_that_is_closed_while_it_trains_keeps_its_run(opened: Callable[[], Person], state: Path) -> None:
    first = opened()
    first.press(Qt.Key.Key_Space)
    first.wait_steps(4)
    first.window.close()
    assert list((state / "open").iterdir()) == []
    (kept,) = (state / "kept").glob("*.unroll")
    assert engine.open_run(kept).progress.step >= 4
    second = opened()
    second.window.keeping.offer()
    assert said(second) == ""


def test_a_run_that_has_its_file_or_has_not_begun_leaves_nothing_behind(
    opened: Callable[[], Person], state: Path, tmp_path: Path
) -> None:
    first, second = opened(), opened()
    first.activate()
    trained(first, 2)
    first.window.keeping.autosave()
    settled(first)
    save(first, tmp_path / "run.unroll")
    first.window.close()
    second.window.close()
    assert list((state / "kept").iterdir()) == []


def test_a_folder_that_cannot_be_made_is_told_and_the_window_works(opened: Callable[[], Person], state: Path) -> None:
    state.write_bytes(b"a file where the folder should be")
    person = opened()
    person.window.keeping.offer()
    assert "not saved by themselves" in said(person)
    trained(person, 1)
    person.window.keeping.autosave()
    assert state.is_file()


def test_only_the_newest_runs_of_closed_windows_are_kept(opened: Callable[[], Person], state: Path) -> None:
    for number in range(7):
        old = state / "kept" / f"old-{number}.unroll"
        old.parent.mkdir(parents=True, exist_ok=True)
        old.write_bytes(b"")
        os.utime(old, (number, number))
    opened().window.keeping.offer()
    assert sorted(path.stem for path in (state / "kept").iterdir()) == [f"old-{n}" for n in range(2, 7)]


# Taking away ----------------------------------------------------------------------------------------------------------


def onnx_loads(path: Path) -> None:
    import onnx

    onnx.checker.check_model(onnx.load(path))


def pytorch_is_whole(path: Path) -> None:
    assert {"model.py", "weights.safetensors", "vocabulary.json", "generate.py"} <= {p.name for p in path.iterdir()}


def rows_are(count: int) -> Callable[[Path], None]:
    def check(path: Path) -> None:
        assert len(path.read_text(encoding="utf-8").splitlines()) >= count

    return check


def is_page(path: Path) -> None:
    assert path.read_text(encoding="utf-8").startswith("<!doctype html>")


def compiles(path: Path) -> None:
    compile(path.read_text(encoding="utf-8"), path.name, "exec")


CHECKS: dict[str, Callable[[Path], None]] = {
    "onnx": onnx_loads,
    "pytorch": pytorch_is_whole,
    "curves": rows_are(4),
    "predictions": rows_are(100),
    "report": is_page,
    "script": compiles,
}


@pytest.mark.parametrize("name", list(EXPORTS))
def test_each_form_is_written_from_the_menu_while_it_trains(person: Person, tmp_path: Path, name: str) -> None:
    if name == "onnx":
        pytest.importorskip("onnx")
    person.press(Qt.Key.Key_Space)
    person.wait_steps(3)
    path = tmp_path / f"taken.{EXPORTS[name].suffix}".rstrip(".")
    person.find(QAction, f"export-{name}").trigger()
    choose(person, "export-dialog", path)
    person.wait_until(lambda: "is written" in said(person))
    assert person.session.status == "running"
    CHECKS[name](path)


def test_a_missing_package_is_said_with_the_line_that_installs_it(
    person: Person, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "onnx", None)
    person.window.keeping.export(EXPORTS["onnx"], tmp_path / "net.onnx")
    person.wait_until(lambda: person.window.notice_bar.level == "error")
    assert "pip install" in said(person)
    assert list(tmp_path.glob("net*")) == []


# Going back, training on ----------------------------------------------------------------------------------------------


def test_after_a_divergence_it_goes_back_to_the_last_good_weights_with_a_lower_rate(person: Person) -> None:
    person.choose_sample("alphabet")
    session = person.session
    session.set_training(optimizer="adamw", weight_decay=1.0, clip_norm=0.0)
    person.wait_ready()
    person.press(Qt.Key.Key_Space)
    person.wait_until(lambda: len(session.curve.validation_loss) >= 1)
    good, run = float(session.curve.validation_loss[0]), session.run
    session.set_training(learning_rate=10.0)
    person.wait_until(lambda: session.status == "diverged")
    assert "diverged" in said(person)
    step = session.progress.step
    person.click("notice-action")
    assert session.training_config.learning_rate == 1.0
    person.wait_steps(step + 1)
    assert session.run == run
    assert session.curve.train_loss[step] < 1.5 * good


def test_raising_the_epochs_after_the_last_one_trains_on(person: Person) -> None:
    person.choose_sample("alphabet")
    session = person.session
    session.set_training(epochs=1)
    person.press(Qt.Key.Key_Space)
    person.wait_until(lambda: session.status == "finished")
    settled(person)
    run, steps = session.run, len(session.curve)
    person.type("epochs", "2")
    assert session.status == "paused"
    assert session.run == run
    person.press(Qt.Key.Key_Space)
    person.wait_until(lambda: session.status == "finished")
    assert len(session.curve) == 2 * steps
    assert session.progress.epoch == 2


def test_train_on_after_the_last_epoch_makes_as_many_again(person: Person) -> None:
    person.choose_sample("alphabet")
    session = person.session
    session.set_training(epochs=1)
    person.press(Qt.Key.Key_R)
    person.wait_ready()
    person.press(Qt.Key.Key_Space)
    person.wait_until(lambda: session.status == "finished")
    steps = len(session.curve)
    assert person.find(QPushButton, "train").text() == "Train on"
    person.click("train")
    assert session.training_config.epochs == 2
    person.wait_until(lambda: session.status == "finished")
    assert len(session.curve) == 2 * steps


# Settings as text -----------------------------------------------------------------------------------------------------


def test_settings_are_copied_as_text_and_make_the_same_run_in_another_window(
    person: Person, qtbot: QtBot, tmp_path: Path
) -> None:
    person.choose_sample("alphabet")
    person.type("hidden_size-number", "24")
    person.type("seed", "5")
    person.wait_ready()
    kept = trained(person, 2)
    keys(person, Qt.Key.Key_C, BOTH)
    text = QGuiApplication.clipboard().text()
    assert json.loads(text)["model"]["hidden_size"] == 24

    window = MainWindow(Session(), QSettings(str(tmp_path / "other.ini"), QSettings.Format.IniFormat))
    window.show()
    other = Person(qtbot, window)
    other.activate()
    window.session.load_first()
    other.wait_ready()
    keys(other, Qt.Key.Key_V, BOTH)
    other.wait_until(lambda: window.session.sample is engine.SAMPLES["alphabet"])
    other.wait_ready()
    assert window.session.model_config == person.session.model_config
    assert window.session.training_config == person.session.training_config
    assert same(trained(other, 2), kept)
    window.close()
    dispose(window)


BAD = {
    "nothing": "",
    "prose": "Dear Anna, how are you?",
    "JSON of something else": '{"a": 1}',
    "an unknown setting": '{"format": "unroll-settings", "model": {"size": 3}, "training": {}}',
    "a wrong value": '{"format": "unroll-settings", "model": {"hidden_size": -1}, "training": {}}',
    "no such sample": '{"format": "unroll-settings", "sample": "x", "model": {}, "training": {}}',
    "a shape that the data cannot train": '{"format": "unroll-settings", "model": {"architecture": "many-to-many"}, '
    '"training": {}}',
}


@pytest.mark.parametrize("text", BAD.values(), ids=BAD.keys())
def test_text_that_holds_no_settings_gives_a_notice_and_nothing_changes(person: Person, text: str) -> None:
    session = person.session
    kept = trained(person, 1)
    before = session.model_config, session.training_config
    QGuiApplication.clipboard().setText(text)
    keys(person, Qt.Key.Key_V, BOTH)
    assert person.window.notice_bar.level == "error"
    assert said(person)
    assert (session.model_config, session.training_config) == before
    assert session.snapshot is kept
