"""Columns that were chosen by hand stay chosen when other content is chosen, where they can have a part in it."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel

import engine
from gui.widgets.fields import Choice
from tests.gui.conftest import Person
from tests.gui.panels.opening import WORDS, choose, choose_refused, open_file, put, show_reading
from tests.gui.panels.trying import notices

# What the offscreen platform says to sheets is no fault of the program.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


@pytest.fixture
def person(empty_person: Person) -> Person:
    """A window in which nothing has been loaded yet: each test opens data of its own."""
    return empty_person


def reviews(person: Person, tmp_path: Path) -> engine.Dataset:
    """Texts, short ones and long ones, of which two columns of numbers and one of labels are known."""
    rows = "".join(
        f"{2000 + k}-01-01,{k % 4},{1 + k * 7 % 5},{a} liked {b},{a} liked {b} the most,{'yes' if k % 3 else 'no'}\n"
        for k, (a, b) in enumerate((a, b) for a in WORDS for b in WORDS)
    )
    return open_file(person, put(tmp_path / "reviews.csv", f"Day,Helpful,Score,Summary,Text,Sentiment\n{rows}"))


def columns(dataset: engine.Dataset) -> tuple[str, str, str]:
    return dataset.kind, dataset.recognition.source_column, dataset.recognition.target_column


def with_chosen(person: Person, tmp_path: Path, label: str) -> list[str]:
    """Open the reviews and choose the text and this label by hand; what is said from then on."""
    reviews(person, tmp_path)
    told = notices(person)
    show_reading(person)
    choose(person, "source_column", "Summary")
    choose(person, "target_column", label)
    return told


def test_a_label_chosen_by_hand_becomes_the_number_the_target_and_the_label_again(
    person: Person, tmp_path: Path
) -> None:
    assert columns(reviews(person, tmp_path)) == ("labelled", "Text", "Sentiment")
    told = notices(person)
    show_reading(person)
    choose(person, "target_column", "Score")
    assert columns(choose(person, "kind", "rated")) == ("rated", "Text", "Score")
    assert person.find(Choice, "data-target_column").currentData() == "Score"
    assert "“Score” is the number to predict" in person.find(QLabel, "reading-reason").text()
    assert columns(choose(person, "kind", "pairs")) == ("pairs", "Text", "Score")
    assert columns(choose(person, "kind", "sequences")) == ("sequences", "Text", "")
    assert columns(choose(person, "kind", "stream"))[0] == "stream"
    assert columns(choose(person, "kind", "labelled")) == ("labelled", "Text", "Score")
    assert columns(choose(person, "kind", "auto")) == ("labelled", "Text", "Score")
    assert not any("no longer chosen" in said for said in told)


def test_a_text_chosen_by_hand_stays_and_a_label_without_numbers_is_told_to_be_left(
    person: Person, tmp_path: Path
) -> None:
    told = with_chosen(person, tmp_path, "Sentiment")
    now = columns(choose(person, "kind", "rated"))
    assert now[:2] == ("rated", "Summary")
    assert now[2] != "Sentiment"
    assert "“Sentiment” is no longer chosen for this reading." in told[-1]
    choose(person, "target_column", "Score")
    assert columns(choose(person, "kind", "labelled")) == ("labelled", "Summary", "Score")


def test_texts_and_labels_are_no_numbers_over_time_and_are_told_to_be_left(person: Person, tmp_path: Path) -> None:
    told = with_chosen(person, tmp_path, "Score")
    dataset = choose(person, "kind", "series")
    assert dataset.kind == "series"
    assert (dataset.config.source_column, dataset.config.target_column) == ("", "")
    assert "“Summary” and “Score” are no longer chosen for this reading." in told[-1]


def test_columns_survive_content_that_is_refused(person: Person, tmp_path: Path) -> None:
    with_chosen(person, tmp_path, "Score")
    choose_refused(person, "kind", "labelled-series")
    choose_refused(person, "kind", "tagged")
    assert columns(choose(person, "kind", "rated")) == ("rated", "Summary", "Score")


def test_another_column_chosen_by_hand_needs_no_words(person: Person, tmp_path: Path) -> None:
    reviews(person, tmp_path)
    told = notices(person)
    show_reading(person)
    choose(person, "target_column", "Score")
    choose(person, "target_column", "")
    assert not any("no longer chosen" in said for said in told)
