"""Below a classification, a rating or tags: the validation texts that the network finds hardest, to be tried."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QPlainTextEdit

import engine
from engine.data.examples import Examples
from engine.inspection.mistakes import mistakes
from engine.number_text import percent
from gui.panels.mistakes import MistakesPanel
from gui.panels.try_it.classify import ClassifyView
from gui.panels.try_it.hardest import HardestTexts
from gui.panels.try_it.rate import RateView
from gui.panels.try_it.tag import TagView
from gui.session import worst_examples
from gui.session.worst_examples import Wrong, worst_of
from tests.gui.conftest import Person
from tests.gui.panels.open_views import dataset_of, model_of, open_view, settle
from tests.gui.panels.trying import panel, shown, train_and_stop
from tests.gui.saving.saving import open_run

pytestmark = pytest.mark.sample("")


@pytest.fixture
def person(empty_person: Person) -> Person:
    """A window in which nothing has been loaded yet: each test opens data of its own."""
    return empty_person


def settled(person: Person, hardest: HardestTexts) -> None:
    """Wait until the list is that of the newest weights."""
    person.wait_until(lambda: bool(hardest.results.results) and not person.session.questions.busy)


def click_text(person: Person, hardest: HardestTexts, row: int) -> str:
    """Click a row; the text in it."""
    results = hardest.results
    place = results.visualItemRect(results.item(row)).center()
    person.qtbot.mouseClick(results.viewport(), Qt.MouseButton.LeftButton, pos=place)
    return results.results[row].hint.split("\n")[0]


@pytest.fixture
def classifier(person: Person, learned: Callable[..., Path]) -> ClassifyView:
    """A network that has learned a little of the reviews, and its view."""
    open_run(person, learned("reviews", 40, hidden_size=8))
    view = shown(person, ClassifyView)
    settled(person, view.hardest)
    return view


def test_the_hardest_texts_fill_the_room_below_an_answer_and_say_which_are_wrong(
    person: Person, classifier: ClassifyView
) -> None:
    results = classifier.hardest.results
    worst = mistakes(model_of(person), dataset_of(person).validation, results.count())
    assert [row.badge for row in results.results] == [each.example.target[0] for each in worst]
    assert [row.tone for row in results.results] == ["good" if each.accuracy == 1 else "warning" for each in worst]
    bottom = results.mapTo(panel(person), QPoint(0, results.height())).y()
    assert panel(person).height() - bottom < 20
    assert results.height() > classifier.chips.height()


def test_a_click_on_a_hard_text_tries_it(person: Person, classifier: ClassifyView) -> None:
    text = click_text(person, classifier.hardest, 1)
    assert person.session.probe.text == text
    assert person.find(QPlainTextEdit, "try-text").toPlainText() == text
    person.wait_until(lambda: (found := classifier.answers()) is not None and found.rows[0][0] == text)


def test_the_mark_of_the_text_that_was_clicked_goes_along_with_it_to_another_place(
    person: Person, classifier: ClassifyView
) -> None:
    results = classifier.hardest.results
    before = [row.hint for row in results.results]
    text = click_text(person, classifier.hardest, 1)
    person.qtbot.mouseMove(person.window, QPoint(2, 2))
    train_and_stop(person, person.session.run.progress.step + 40)
    person.wait_until(lambda: [row.hint for row in results.results] != before)
    settled(person, classifier.hardest)
    rows = [row.hint for row in results.results]
    assert before[1] in rows, "it is still one of the hardest"
    assert rows.index(before[1]) != 1, "it has another place"
    assert results.selected is not None
    assert results.selected.hint == before[1]
    assert person.session.probe.text == text
    classifier.hardest.clear()
    assert results.selected is None


def test_rows_stay_under_the_mouse_and_follow_when_it_has_left(
    person: Person, classifier: ClassifyView, monkeypatch: pytest.MonkeyPatch
) -> None:
    results = classifier.hardest.results
    before = results.results
    with monkeypatch.context() as over:
        over.setattr(results, "underMouse", lambda: True)
        train_and_stop(person, person.session.run.progress.step + 40)
        assert results.results == before
    person.qtbot.mouseMove(results.viewport(), QPoint(20, 20))
    person.qtbot.mouseMove(person.window, QPoint(2, 2))
    person.wait_until(lambda: results.results != before)


def test_a_rating_has_its_hardest_texts_with_their_numbers(numbers: Callable[[str], Person]) -> None:
    person = numbers("rated")
    train_and_stop(person, 3)
    view = shown(person, RateView)
    settled(person, view.hardest)
    assert {row.badge for row in view.hardest.results.results} <= set("01234")
    assert {row.tone for row in view.hardest.results.results} == {"neutral"}
    text = click_text(person, view.hardest, 0)
    person.wait_until(lambda: (found := view.answers()) is not None and found.rows[0][0] == text)


def test_a_network_for_other_data_forgets_the_texts(person: Person, classifier: ClassifyView) -> None:
    person.session.set_model(hidden_size=6)
    assert classifier.hardest.results.results == []
    person.wait_ready()
    settled(person, classifier.hardest)


def test_below_tags_the_hardest_sentences_say_how_many_of_their_tags_are_right(person: Person) -> None:
    person.choose_sample("part-of-speech")
    person.session.set_model(hidden_size=8)
    person.wait_ready()
    train_and_stop(person, 20)
    view = shown(person, TagView)
    settled(person, view.hardest)
    worst = mistakes(model_of(person), dataset_of(person).validation, view.hardest.results.count())
    rows = view.hardest.results.results
    assert [row.badge for row in rows] == [percent(each.accuracy) for each in worst]
    bottom = view.hardest.mapTo(panel(person), QPoint(0, view.hardest.height())).y()
    assert panel(person).height() - bottom < 20
    text = click_text(person, view.hardest, 1)
    assert person.session.probe.text == text


def test_a_text_that_occurs_several_times_is_one_row_that_says_so() -> None:
    held_out = [("good soup", "a"), ("bad soup", "b"), ("good soup", "a"), ("good soup", "b"), ("good soup", "a")]
    data = engine.make_dataset([("good soup", "a"), ("bad soup", "b")] * 9, "labelled", validation=held_out)
    model = engine.build_model(engine.ModelConfig(architecture="many-to-one", hidden_size=4), data, seed=0)
    snapshot = engine.Trainer(model, data, engine.TrainingConfig()).snapshot()
    found = worst_of(snapshot, data.validation)
    assert sorted((row.counted_text, row.truth) for row in found) == [
        ("3 × good soup", "a"), ("bad soup", "b"), ("good soup", "b"),
    ]  # fmt: skip


def test_the_list_and_the_view_of_mistakes_have_them_found_once(
    person: Person, classifier: ClassifyView, monkeypatch: pytest.MonkeyPatch
) -> None:
    view = open_view(person, "mistakes", MistakesPanel)
    settle(person)
    asked: list[int] = []

    def counted(snapshot: engine.Snapshot, examples: Examples) -> tuple[Wrong, ...]:
        asked.append(snapshot.step)
        return worst_of(snapshot, examples)

    monkeypatch.setattr(worst_examples, "worst_of", counted)
    person.press(Qt.Key.Key_S)
    person.wait_until(lambda: bool(asked) and not person.session.questions.busy)
    settle(person)
    assert len(asked) == len(set(asked))  # once for the same weights
    texts = [row.hint.split("\n")[0] for row in classifier.hardest.results.results]
    found = person.session.worst.found or ()
    assert texts == [row.text for row in found]
    assert [row.text for row in view.rows.rows] == [row.text for row in found if row.mistaken]
