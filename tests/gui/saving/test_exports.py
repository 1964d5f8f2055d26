"""What is taken away from a run in the window."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFileDialog

import engine
from engine.training.trainer import Best
from gui.saving.exports import EXPORTS
from tests.gui.conftest import Person
from tests.gui.saving.saving import (
    choose,
    said,
    write_names,
)


def onnx_loads(path: Path) -> None:
    import onnx

    onnx.checker.check_model(onnx.load(path))


def pytorch_is_whole(path: Path) -> None:
    needed = {"model.py", "weights.safetensors", "vocabulary.json", "generate.py", "train.py", "data.safetensors"}
    assert needed <= {p.name for p in path.iterdir()}


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


@pytest.mark.parametrize("names", [["onnx"], [name for name in EXPORTS if name != "onnx"]], ids=["onnx", "others"])
def test_each_form_is_written_from_the_menu_while_it_trains(person: Person, tmp_path: Path, names: list[str]) -> None:
    if "onnx" in names:
        pytest.importorskip("onnx")
    person.session.run.set_training(epochs=1000)
    person.press(Qt.Key.Key_Space)
    person.wait_steps(3)
    for name in names:
        path = tmp_path / f"{name}.{EXPORTS[name].suffix}".rstrip(".")
        person.find(QAction, f"export-{name}").trigger()
        choose(person, "export-dialog", path)
        person.wait_until(lambda path=path: f"Saved “{path.name}" in said(person))
        assert person.session.run.status == "running"
        CHECKS[name](path)


@pytest.mark.sample("")
@pytest.mark.parametrize("name", ["curves", "predictions"])
def test_the_file_proposed_for_numbers_is_not_the_one_the_data_came_from(
    person: Person, tmp_path: Path, name: str
) -> None:
    data = write_names(tmp_path / "names.csv")
    person.session.folders.use(saved=str(tmp_path))
    person.window.files.open_path(str(data))

    def is_open() -> bool:
        dataset = person.session.data.dataset
        return dataset is not None and dataset.path == str(data) and person.session.run.snapshot is not None

    person.wait_until(is_open)
    person.find(QAction, f"export-{name}").trigger()
    proposed = Path(person.find(QFileDialog, "export-dialog").selectedFiles()[0])
    assert (proposed.parent, proposed.suffix) == (tmp_path, ".csv")
    assert proposed.name != data.name


@pytest.mark.sample("")
def test_where_a_file_went_is_told_if_it_is_not_the_folder_of_the_data(person: Person, tmp_path: Path) -> None:
    person.window.files.open_path(str(write_names(tmp_path / "girls.csv")))
    person.wait_until(lambda: person.session.data.paths == (str(tmp_path / "girls.csv"),))
    person.wait_ready()
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    for folder, told in ((tmp_path, "Saved “curves.csv”."), (elsewhere, f"Saved “{elsewhere / 'curves.csv'}”.")):
        person.find(QAction, "export-curves").trigger()
        choose(person, "export-dialog", folder / "curves.csv")
        person.wait_until(lambda told=told: said(person) == told)  # type: ignore[misc]


@pytest.mark.sample("")
def test_data_are_not_replaced_by_what_is_saved(person: Person, tmp_path: Path) -> None:
    data = write_names(tmp_path / "girls.csv")
    before = data.read_bytes()
    person.window.files.open_path(str(data))
    person.wait_until(lambda: person.session.data.paths == (str(data),))
    person.wait_ready()
    for action, dialog in (("export-predictions", "export-dialog"), ("file-save-as", "save-dialog")):
        person.find(QAction, action).trigger()
        choose(person, dialog, data)
        person.wait_until(lambda: said(person).startswith("“girls.csv” holds data of this network"))
        assert person.window.notice_bar.level == "error"
        person.find(QAction, "export-curves").trigger()
        choose(person, "export-dialog", tmp_path / "curves.csv")
        person.wait_until(lambda: "Saved “curves.csv”" in said(person))
    assert data.read_bytes() == before


@pytest.mark.parametrize(("name", "said_of_it"), [("onnx", 'pip install "onnx'), ("pytorch", "PyTorch has no MGU")])
def test_what_cannot_be_exported_is_said_before_a_name_is_asked_for(
    person: Person, monkeypatch: pytest.MonkeyPatch, name: str, said_of_it: str
) -> None:
    if name == "onnx":
        monkeypatch.setattr("engine.export.obstacles.find_spec", lambda package: None)
    else:
        person.choose("cell", "mgu")
        person.wait_ready()
    person.find(QAction, f"export-{name}").trigger()
    person.wait_until(lambda: said_of_it in said(person))
    assert person.window.notice_bar.level == "warning"
    assert person.window.findChild(QFileDialog, "export-dialog") is None


def test_all_exports_hold_the_weights_that_the_window_shows_and_name_their_step() -> None:
    dataset = engine.make_dataset(["abc", "bcd", "cde"] * 5, "sequences")
    run = engine.Run.of(engine.Trainer(engine.build_model(engine.ModelConfig(hidden_size=3), dataset), dataset))
    best = Best(300, 0.6, run.snapshot.weights, 0.6)
    paused = replace(run, best=best, snapshot=replace(run.snapshot, step=322), progress=replace(run.progress, step=322))
    ended = replace(
        paused, training=replace(run.training, patience=3), progress=replace(paused.progress, finished=True)
    )
    for of, step in ((paused, 322), (ended, 300)):
        steps = {name: form.weights_step(of) for name, form in EXPORTS.items()}
        held = dict.fromkeys(("onnx", "pytorch", "predictions", "report"), step)
        assert steps == {**held, "curves": None, "script": None}


def start_of(person: Person, action: str, dialog: str) -> Path:
    """Where a dialog begins; it is closed again."""
    person.find(QAction, action).trigger()
    found = person.find(QFileDialog, dialog)
    place = Path(found.directory().absolutePath())
    found.reject()
    return place


def test_files_are_saved_where_the_last_one_was_and_not_among_the_data(
    person: Person, settings: QSettings, tmp_path: Path
) -> None:
    data, goal = tmp_path / "data", tmp_path / "goal"
    data.mkdir()
    goal.mkdir()
    person.window.files.open_path(str(write_names(data / "girls.txt")))
    person.wait_until(lambda: person.session.data.dataset is not None and person.session.data.dataset.name == "girls")
    person.wait_ready()
    assert start_of(person, "export-curves", "export-dialog") != data
    assert start_of(person, "file-open", "open-dialog") == data
    person.find(QAction, "export-curves").trigger()
    choose(person, "export-dialog", goal / "curves.csv")
    person.wait_until(lambda: f"Saved “{goal / 'curves.csv'}”" in said(person))
    assert start_of(person, "file-save-as", "save-dialog") == goal
    assert start_of(person, "file-open", "open-dialog") == data
    assert settings.value("save-folder") == str(goal)
