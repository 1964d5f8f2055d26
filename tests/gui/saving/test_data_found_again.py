"""The data of an opened run that have moved or changed: the file that is chosen is read from then on."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel, QPushButton

import engine
from tests.gui.conftest import Person
from tests.gui.panels.opening import show_reading
from tests.gui.saving.saving import choose, open_run, said, settled, write_names


def saved_on(data: Path) -> Path:
    """A run that has learned from a file, beside it."""
    dataset, path = engine.load_dataset(data), data.with_name("run.unroll")
    config = engine.ModelConfig(architecture="many-to-one", hidden_size=4)
    trainer = engine.Trainer(engine.build_model(config, dataset), dataset)
    next(trainer)
    engine.save_run(path, trainer)
    return path


@pytest.mark.parametrize("changed", [False, True], ids=["gone", "changed"])
def test_the_file_that_was_chosen_is_read_when_it_is_to_be_read_otherwise(
    person: Person, tmp_path: Path, changed: bool
) -> None:
    data = write_names(tmp_path / "names.csv")
    run, moved = saved_on(data), tmp_path / "other" / "moved.csv"
    moved.parent.mkdir()
    data.rename(moved)
    if changed:
        data.write_text("text,label\n" + "otto,a\nhugo,b\n" * 10, "utf-8")
    open_run(person, run)
    state = "changed since the training" if changed else "missing"
    assert person.find(QLabel, "data-content").text().startswith(f"{state} · the network can be used but not trained")

    person.find(QPushButton, "notice-action").click()
    choose(person, "find-data-dialog", moved)
    person.wait_until(lambda: person.session.run.opened is None)
    settled(person)
    assert said(person) == "moved.csv holds the data of this run, so training can continue."
    assert person.session.data.paths == (str(moved),)

    show_reading(person)
    person.click("data-lowercase")
    person.wait_until(lambda: person.session.data.dataset is not None and person.session.data.dataset.config.lowercase)
    person.wait_ready()
    assert person.session.data.paths == (str(moved),)
    person.window.files.fill_recent()
    assert {action.text() for action in person.window.files.recent_menu.actions()} == {"moved.csv", "run.unroll"}
