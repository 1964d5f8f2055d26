"""Runs whose data are not where they were: used at once, trained on when the data are found."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QLabel

import engine
from tests.gui.conftest import Person
from tests.gui.saving.saving import (
    NAMES,
    choose,
    open_run,
    said,
    save,
    saved_on,
    settled,
    trained,
    two_files,
    write_names,
)

pytestmark = pytest.mark.sample("")


@pytest.fixture
def homeless(person: Person, tmp_path: Path) -> Path:
    """A run of a file, saved, whose file has gone since; other data are in the window."""
    data = write_names(tmp_path / "names.csv")
    person.window.files.open_path(str(data))
    person.wait_until(lambda: person.session.data.dataset is not None and person.session.data.dataset.path is not None)
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
    assert session.run.opened is not None
    assert session.run.progress.step == 2
    assert "not there" in said(person)
    assert session.run.snapshot is not None
    assert session.run.snapshot.model().classify("anna")
    step = session.run.progress.step
    for act in (Qt.Key.Key_Space, Qt.Key.Key_S, Qt.Key.Key_R):
        person.press(act)
        settled(person)
        assert "needs the data" in said(person)
        assert session.run.progress.step == step
    person.type("hidden_size-number", "48")
    assert session.run.model_config.hidden_size != 48
    assert session.run.snapshot is not None


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
    levels: list[str] = []
    person.session.notices.posted.connect(lambda notice: levels.append(notice.level))
    person.window.files.open_path(str(path))
    person.wait_until(lambda: person.session.run.opened is not None)
    person.wait_ready()
    settled(person)
    assert levels == ["info", "warning"], "it is being opened, and its data are asked for"
    assert person.session.probe.text
    assert "missing" in person.find(QLabel, "data-content").text()
    assert person.find(QLabel, "progress-epoch").text().startswith("epoch 1 ")


@pytest.mark.parametrize(("epochs", "more", "shown"), [(0, 1, 1), (1, 0, 1), (1, 1, 2), (2, 0, 2), (2, 2, 3)])
def test_the_epoch_of_a_run_without_its_data_is_the_one_that_its_last_step_belongs_to(
    person: Person, tmp_path: Path, epochs: int, more: int, shown: int
) -> None:
    data, path = tmp_path / "names.csv", tmp_path / "run.unroll"
    dataset = engine.load_dataset(write_names(data), validation=0.2)
    config = engine.ModelConfig(architecture="many-to-one", hidden_size=8)
    training = engine.TrainingConfig(epochs=4, batch_size=2)
    trainer = engine.Trainer(engine.build_model(config, dataset), dataset, training)
    steps_per_epoch = -(-len(dataset.train) // 2)
    assert steps_per_epoch > 2
    for _ in range(epochs * steps_per_epoch + more):
        next(trainer)
    engine.save_run(path, trainer)
    data.unlink()
    open_run(person, path)
    assert person.session.run.opened is not None
    assert person.find(QLabel, "progress-epoch").text() == f"epoch {shown} / 4"
    assert person.find(QLabel, "progress-left").text() == "data missing"


@pytest.mark.parametrize("gone", [False, True])
def test_data_in_two_files_are_opened_again_for_their_run(person: Person, tmp_path: Path, gone: bool) -> None:
    files = [tmp_path / "text.en", tmp_path / "text.de"]
    for file, line in zip(files, ("the house {}", "das Haus {}"), strict=True):
        file.write_text("\n".join(line.format(number) for number in range(60)), encoding="utf-8")
    person.window.files.open_paths([str(file) for file in files])
    person.wait_until(lambda: person.session.data.dataset is not None and person.session.data.dataset.kind == "pairs")
    settled(person)
    trained(person, 1)
    path = tmp_path / "run.unroll"
    save(person, path)
    person.choose_sample("alphabet")
    if gone:
        (tmp_path / "elsewhere").mkdir()
        files = [file.rename(tmp_path / "elsewhere" / file.name) for file in files]
    open_run(person, path)
    if gone:
        assert person.session.run.opened is not None
        assert "needs the files text.en and text.de" in said(person)
        person.click("notice-action")
        dialog = person.find(QFileDialog, "find-data-dialog")
        assert dialog.windowTitle() == "Open text.en and text.de"
        dialog.filesSelected.emit([str(file) for file in files])
        dialog.close()
    person.wait_until(lambda: person.session.run.opened is None)
    person.wait_ready()
    person.activate()
    assert trained(person, 1).step == 2


def test_data_that_have_changed_are_not_taken_for_those_of_the_run(person: Person, homeless: Path) -> None:
    names = write_names(homeless.with_name("names.csv"))
    names.write_text(names.read_text(encoding="utf-8").replace("anna", "annette"), encoding="utf-8")
    open_run(person, homeless)
    assert person.session.run.opened is not None
    assert "have changed" in said(person)


def test_the_data_are_opened_where_they_are_now_and_the_run_trains_on(
    person: Person, homeless: Path, tmp_path: Path
) -> None:
    open_run(person, homeless)
    person.press(Qt.Key.Key_Space)
    person.click("notice-action")
    choose(person, "find-data-dialog", tmp_path / "elsewhere" / "moved.csv")
    person.wait_until(lambda: person.session.run.opened is None)
    person.wait_ready()
    assert person.session.run.progress.step == 2
    assert person.window.run_files.path == homeless
    assert trained(person, 2).step == 4


def test_other_data_are_not_taken_for_those_of_the_run(person: Person, homeless: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.csv"
    write_names(other).write_text(other.read_text(encoding="utf-8").replace("anna", "annette"), encoding="utf-8")
    open_run(person, homeless)
    run = person.session.run.number
    person.press(Qt.Key.Key_Space)
    person.click("notice-action")
    choose(person, "find-data-dialog", other)
    person.wait_until(lambda: person.window.notice_bar.level == "error")
    assert "not that of this run" in said(person)
    assert person.session.run.number == run
    person.window.files.open_path(str(other))  # opened as any file is, they are new data
    person.wait_until(lambda: person.session.run.opened is None)
    assert person.session.run.progress.step == 0


def test_a_run_whose_files_are_read_after_all_is_in_the_list_once(person: Person, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    dataset = engine.load_dataset(write_names(tmp_path / "data" / "names.csv"))
    (tmp_path / "runs").mkdir()
    config = engine.ModelConfig(architecture="many-to-one", hidden_size=8)
    trainer = engine.Trainer(engine.build_model(config, dataset), dataset)
    next(trainer)
    engine.save_run(tmp_path / "runs" / "run.unroll", trainer)
    open_run(person, tmp_path / "runs" / "run.unroll")
    assert "names.csv" in said(person)
    before = len(person.session.runs.others())
    person.click("notice-action")  # reads the file, which had not been opened here
    person.wait_until(lambda: person.session.run.opened is None)
    settled(person)
    assert len(person.session.runs.others()) == before
    assert trained(person, 1).step == 2


def gone(data: Path, validation: Path) -> None:
    data.unlink()


def with_another_row(data: Path, validation: Path) -> None:
    data.write_text(data.read_text("utf-8") + "\nzora,b", "utf-8")


def emptied(data: Path, validation: Path) -> None:
    data.write_text("", "utf-8")


def without_validation(data: Path, validation: Path) -> None:
    validation.unlink()


STATES = [
    (gone, "data missing", "open the data to continue training"),
    (with_another_row, "data changed", "start a new run to train on it"),
    (emptied, "data unusable", "open the data to continue training"),
    (without_validation, "validation data missing", "open the validation data to continue training"),
]


@pytest.mark.parametrize(("happened", "state", "remedy"), STATES, ids=[state for _, state, _ in STATES])
def test_why_a_run_is_without_its_data_has_one_name_everywhere(
    person: Person, tmp_path: Path, happened: Callable[[Path, Path], None], state: str, remedy: str
) -> None:
    data, validation = two_files(tmp_path / "data")
    run = saved_on(data, validation)
    happened(data, validation)
    open_run(person, run)
    left = person.find(QLabel, "progress-left")
    assert left.text() == state
    assert left.isVisible()
    assert person.find(QLabel, "data-content").text() == f"{state} · the network can be used but not trained"
    assert person.find(QLabel, "data-split").text() == remedy
