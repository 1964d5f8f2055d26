"""Opened runs of parallel files that were moved: one of the files is enough if the others are beside it."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QPushButton

from tests.gui.conftest import Person
from tests.gui.saving.saving import choose, open_run, said, saved_on, settled, write_sides

pytestmark = pytest.mark.sample("")


@pytest.fixture
def moved(tmp_path: Path) -> Path:
    """The folder of a run whose data, with validation and test files, have gone to its subfolder `away`."""
    home = tmp_path / "home"
    files = [write_sides(home, name, first) for name, first in (("train", 0), ("dev", 0), ("test", 30))]
    saved_on(files[0], files[1][0], "encoder-decoder", files[2][0])
    away = home / "away"
    away.mkdir()
    for file in (file for sides in files for file in sides):
        file.rename(away / file.name)
    return home


@pytest.mark.parametrize("side", ["en", "de"])
def test_one_of_two_files_finds_all_others_beside_it(person: Person, moved: Path, side: str) -> None:
    open_run(person, moved / "run.unroll")
    person.click("notice-action")
    choose(person, "find-data-dialog", moved / "away" / f"train.{side}")
    person.wait_until(lambda: person.session.run.opened is None)
    person.wait_ready()
    dataset = person.session.data.dataset
    assert dataset is not None
    assert [Path(path).name for path in dataset.files] == ["train.en", "train.de", "dev.en", "test.en"]
    assert {Path(path).parent for path in dataset.files} == {moved / "away"}


@pytest.mark.parametrize("side", ["en", "de"])
def test_one_of_two_files_finds_the_other_beside_it(person: Person, moved: Path, side: str) -> None:
    (elsewhere := moved / "elsewhere").mkdir()
    for other in ("en", "de"):
        (moved / "away" / f"dev.{other}").rename(elsewhere / f"dev.{other}")
    open_run(person, moved / "run.unroll")
    assert person.find(QPushButton, "notice-action").text() == "Open data…"
    person.click("notice-action")
    choose(person, "find-data-dialog", moved / "away" / f"train.{side}")
    person.wait_until(lambda: "holds the data of this run" in said(person))
    settled(person)
    assert "needs its validation data, 'dev.en'" in said(person)
    person.click("notice-action")
    choose(person, "find-validation-dialog", elsewhere / f"dev.{side}")
    person.wait_until(lambda: person.session.run.opened is None)
    person.wait_ready()
    settled(person)
    assert said(person).endswith("holds the validation data of this run, so training can continue.")
    dataset = person.session.data.dataset
    assert dataset is not None
    assert [Path(path).name for path in dataset.together] == ["train.en", "train.de"]


def test_where_the_other_is_not_beside_it_both_are_asked_for_and_can_be_chosen_again(
    person: Person, moved: Path
) -> None:
    (moved / "away" / "train.de").rename(moved / "train.german")
    open_run(person, moved / "run.unroll")
    person.click("notice-action")
    choose(person, "find-data-dialog", moved / "away" / "train.en")
    asked = "“train.en” is one of several; choose both files (train.en and train.de) together."
    person.wait_until(lambda: said(person) == asked)
    person.click("notice-action")
    (moved / "train.german").rename(moved / "away" / "train.de")
    choose(person, "find-data-dialog", moved / "away" / "train.en")
    person.wait_until(lambda: "holds the data of this run" in said(person))


def test_files_that_are_others_can_be_chosen_again(person: Person, moved: Path) -> None:
    open_run(person, moved / "run.unroll")
    person.click("notice-action")
    choose(person, "find-data-dialog", moved / "away" / "test.en")
    person.wait_until(lambda: "is not that of this run" in said(person))
    assert person.find(QPushButton, "notice-other-action").text() == "Open data…"
