"""A run whose data have changed since: a new one like it begins on them with a click."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QPushButton

import engine
from tests.gui.conftest import Person
from tests.gui.saving.saving import (
    CONTROL,
    NAMES,
    choose,
    keys,
    open_run,
    said,
    saved_on,
    settled,
    trained,
    two_files,
    write_names,
)
from tests.gui.written import tip_of

pytestmark = pytest.mark.sample("")

NEW_RUN = "New run with this data"
HIDDEN = 4  # units of the saved runs, which nobody would propose


def offers(person: Person) -> list[str]:
    buttons = (person.find(QPushButton, name) for name in ("notice-action", "notice-other-action"))
    return [button.text() for button in buttons if not button.isHidden()]


def add_row(data: Path) -> None:
    with data.open("a", encoding="utf-8") as file:
        file.write("\nzora,b")


def changed_run(person: Person, folder: Path) -> tuple[Path, Path, Path]:
    """A run with a validation file, opened after a row was added to its data: the data, validation file and run."""
    data, validation = two_files(folder)
    run = saved_on(data, validation)
    add_row(data)
    open_run(person, run)
    return data, validation, run


def is_new_on(person: Person, data: Path, validation: Path) -> engine.Dataset:
    person.wait_until(lambda: person.session.run.opened is None)
    person.wait_ready()
    settled(person)
    dataset = person.session.data.dataset
    assert dataset is not None
    assert dataset.files == (str(data), str(validation))
    assert len(dataset.train) == len(NAMES) + 1
    assert person.session.run.model_config.hidden_size == HIDDEN
    assert person.session.run.progress.step == 0
    return dataset


def at_once(person: Person) -> None:
    """The notice of the opened run is still there."""


def after_a_try_to_train(person: Person) -> None:
    person.click("notice-close")
    person.click("train")


def after_a_reset(person: Person) -> None:
    person.click("notice-close")
    person.click("reset")


def with_the_file_chosen_again(person: Person) -> None:
    person.click("notice-other-action")
    assert person.session.run.opened is not None
    choose(person, "find-data-dialog", Path(person.session.run.opened.data.path))
    person.wait_until(lambda: person.window.notice_bar.level == "error")


@pytest.mark.parametrize("ask", [at_once, after_a_try_to_train, after_a_reset, with_the_file_chosen_again])
def test_a_new_run_begins_on_changed_data_with_the_settings_and_the_validation_file(
    person: Person, tmp_path: Path, ask: Callable[[Person], None]
) -> None:
    data, validation, _ = changed_run(person, tmp_path / "data")
    ask(person)
    assert said(person).endswith("To train on it, start a new run.")
    assert offers(person) == [NEW_RUN, "Open data…"]
    person.click("notice-action")
    is_new_on(person, data, validation)
    assert said(person).startswith("The new network starts untrained; the trained one is in Runs.")
    assert trained(person, 1).step == 1


def test_a_run_on_changed_data_says_that_it_cannot_be_trained_before_and_at_each_click(
    person: Person, tmp_path: Path
) -> None:
    data, validation, _ = changed_run(person, tmp_path / "data")
    train, bar = person.find(QPushButton, "train"), person.window.notice_bar
    why = "This run cannot be trained: data changed; start a new run to train on it"
    assert tip_of(train) == tip_of(person.find(QPushButton, "step")) == why
    blue = QColor(person.session.theme.accent)

    def background() -> QColor:
        return train.grab().toImage().pixelColor(train.width() // 2, 4)

    assert background() != blue, "it looks as if it could be pressed"
    person.click("train")
    assert said(person).endswith("To train on it, start a new run.")
    for _ in range(2):
        person.wait_until(lambda: not bar.stands_out)
        still = bar.grab().toImage()
        person.click("train")
        assert bar.stands_out, "the same is said again"
        assert bar.grab().toImage() != still
    person.wait_until(lambda: bar.grab().toImage() == still)
    person.click("notice-action")
    is_new_on(person, data, validation)
    assert "cannot" not in train.toolTip()
    assert background() == blue


def test_a_new_run_on_changed_data_is_undone_and_can_be_begun_again(person: Person, tmp_path: Path) -> None:
    data, validation, run = changed_run(person, tmp_path / "data")
    person.click("notice-action")
    is_new_on(person, data, validation)
    assert offers(person) == ["Undo"]
    person.click("notice-action")
    person.wait_until(lambda: person.session.run.opened is not None)
    settled(person)
    assert person.window.run_files.path == run
    assert person.session.run.progress.step == 1
    assert offers(person) == [NEW_RUN, "Open data…"]
    person.click("notice-action")
    is_new_on(person, data, validation)


def test_a_new_run_is_offered_on_other_data_that_were_chosen(person: Person, tmp_path: Path) -> None:
    data, validation = two_files(tmp_path / "data")
    run, other = saved_on(data, validation), write_names(tmp_path / "other.csv")
    add_row(other)
    data.unlink()
    open_run(person, run)
    assert offers(person) == ["Open data…"]
    person.click("notice-action")
    choose(person, "find-data-dialog", other)
    person.wait_until(lambda: person.window.notice_bar.level == "error")
    assert offers(person) == [NEW_RUN, "Open data…"]
    person.click("notice-action")
    is_new_on(person, other, validation)


def test_no_new_run_is_offered_on_a_file_that_cannot_be_read(person: Person, tmp_path: Path) -> None:
    data, validation = two_files(tmp_path / "data")
    run = saved_on(data, validation)
    data.write_text("", "utf-8")
    open_run(person, run)
    assert "cannot be read again" in said(person)
    assert offers(person) == ["Open data…"]


def test_a_validation_file_that_is_gone_is_not_left_out_without_a_word(person: Person, tmp_path: Path) -> None:
    data, validation = two_files(tmp_path / "data")
    run = saved_on(data, validation)
    validation.unlink()
    other = write_names(tmp_path / "other.csv")
    add_row(other)
    data.unlink()
    open_run(person, run)
    person.click("notice-action")
    choose(person, "find-data-dialog", other)
    person.wait_until(lambda: NEW_RUN in offers(person))
    person.click("notice-action")
    person.wait_until(lambda: said(person).startswith("The validation data of this run, 'val.csv', is not there"))
    assert person.session.run.opened is not None
    assert offers(person) == ["New run without it"]
    person.click("notice-action")
    person.wait_until(lambda: person.session.run.opened is None)
    person.wait_ready()
    assert person.session.data.dataset is not None
    assert person.session.data.dataset.files == (str(other),)
    assert person.session.run.model_config.hidden_size == HIDDEN


def test_a_new_run_takes_the_validation_file_that_was_opened_for_the_run_before(person: Person, tmp_path: Path) -> None:
    data, validation = two_files(tmp_path / "data")
    run, other = saved_on(data, validation), write_names(tmp_path / "other.csv")
    add_row(other)
    data.unlink()
    (away := tmp_path / "away").mkdir()
    validation = validation.rename(away / validation.name)
    open_run(person, run)
    keys(person, Qt.Key.Key_O, CONTROL)
    choose(person, "open-dialog", validation)
    person.wait_until(lambda: "is kept for it" in said(person))
    person.click("notice-action")
    choose(person, "find-data-dialog", other)
    person.wait_until(lambda: NEW_RUN in offers(person))
    person.click("notice-action")
    is_new_on(person, other, validation)


def test_what_a_run_from_elsewhere_names_is_read_for_a_new_one_after_a_click(person: Person, tmp_path: Path) -> None:
    data, validation = two_files(tmp_path / "data")
    run, other = saved_on(data, validation), write_names(tmp_path / "other.csv")
    add_row(other)
    received = tmp_path / "received" / "run.unroll"
    received.parent.mkdir()
    run.rename(received)
    data.unlink()
    open_run(person, received)
    person.session.run.ask_for_data("Training needs its data.")
    person.click("notice-action")
    choose(person, "find-data-dialog", other)
    person.wait_until(lambda: NEW_RUN in offers(person))
    person.click("notice-action")
    person.wait_until(lambda: said(person) == f"This run also reads {validation}, which you have not opened here.")
    assert person.session.run.opened is not None
    person.click("notice-action")
    is_new_on(person, other, validation)


@pytest.mark.parametrize("changed", [False, True], ids=["as it was", "changed"])
def test_a_file_that_is_opened_again_says_that_its_validation_file_is_left_out(
    person: Person, tmp_path: Path, changed: bool
) -> None:
    if changed:
        data, validation, _ = changed_run(person, tmp_path / "data")
    else:
        data, validation = two_files(tmp_path / "data")
        open_run(person, saved_on(data, validation))
    keys(person, Qt.Key.Key_O, CONTROL)
    choose(person, "open-dialog", data)
    person.wait_until(lambda: person.session.data.dataset.config.validation_file == "")
    person.wait_ready()
    assert said(person).endswith("It was opened without its validation file “val.csv”.")
    assert offers(person)[0] == "Use val.csv"
    person.click("notice-action")
    person.wait_until(lambda: person.session.data.dataset.config.validation_file == str(validation))
    person.wait_ready()
    assert person.session.data.dataset.files == (str(data), str(validation))
