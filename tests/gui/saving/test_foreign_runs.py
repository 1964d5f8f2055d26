"""A run of somebody else makes the program read no file that the user has not opened or agreed to."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel, QPushButton

import engine
from engine.data.files.textfile import TextFile
from gui.session.run_library.run_data import open_with_data
from tests.gui.conftest import Person

pytestmark = pytest.mark.sample("")

ROWS = "name,gender\n" + "".join(f"{a}{b}na,{'fm'[k % 2]}\n" for k, a in enumerate("abcdefgh") for b in "lmnr")


def foreign(tmp_path: Path, **more: str) -> tuple[Path, Path]:
    """A run in a folder of its own, and its data elsewhere."""
    data = tmp_path / "elsewhere" / "names.csv"
    data.parent.mkdir()
    data.write_text(ROWS, "utf-8")
    dataset = engine.load_dataset(data, **more)
    trainer = engine.Trainer(engine.build_model(engine.ModelConfig(hidden_size=4), dataset), dataset)
    next(trainer)
    run = tmp_path / "received" / "run.unroll"
    run.parent.mkdir()
    engine.save_run(run, trainer)
    return run, data


@pytest.fixture
def opened_files(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every text file that is opened from now on."""
    names: list[str] = []
    before = TextFile.__init__

    def noted(self: TextFile, path: Path, *rest: object, **more: object) -> None:
        names.append(str(path))
        before(self, path, *rest, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(TextFile, "__init__", noted)
    return names


def open_it(person: Person, run: Path) -> None:
    number = person.session.run.number
    person.window.files.open_path(str(run))
    person.wait_until(lambda: person.session.run.number > number)
    person.wait_ready()


def test_the_files_are_shown_and_read_only_after_a_click(
    person: Person, tmp_path: Path, opened_files: list[str]
) -> None:
    run, data = foreign(tmp_path)
    del opened_files[:]
    open_it(person, run)
    assert opened_files == []
    assert str(data) in person.find(QLabel, "notice").text()
    assert person.session.run.opened is not None
    assert person.session.run.snapshot is not None  # the network can be used
    person.find(QPushButton, "notice-action").click()
    person.wait_until(lambda: person.session.run.opened is None)
    person.wait_ready()
    assert opened_files == [str(data)]
    person.click("step")
    person.wait_steps(2)


def test_data_that_the_user_has_opened_before_are_read_at_once(person: Person, tmp_path: Path) -> None:
    run, data = foreign(tmp_path)
    person.window.files.open_path(str(data))
    person.wait_until(lambda: person.session.data.dataset is not None and person.session.data.dataset.path == str(data))
    person.wait_ready()
    person.choose_sample("alphabet")
    open_it(person, run)
    assert person.session.run.opened is None
    person.click("step")
    person.wait_steps(2)


def test_a_validation_file_elsewhere_counts_too(tmp_path: Path) -> None:
    secret = tmp_path / "secret.csv"
    secret.write_text(ROWS, "utf-8")
    run, data = foreign(tmp_path, validation=str(secret))
    found = open_with_data(run, None, known=[str(data)])
    assert found.unasked == (str(secret),)
    assert not found.goes_on
    assert open_with_data(run, None, known=[str(data), str(secret)]).goes_on


def test_data_beside_the_run_are_its_own(tmp_path: Path) -> None:
    run, data = foreign(tmp_path)
    beside = run.with_name(data.name)
    data.rename(beside)
    moved = engine.load_dataset(beside)
    trainer = engine.Trainer(engine.build_model(engine.ModelConfig(hidden_size=4), moved), moved)
    engine.save_run(run, trainer)
    assert open_with_data(run, None, known=[]).goes_on
