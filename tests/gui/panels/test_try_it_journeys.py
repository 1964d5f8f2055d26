"""What a person does with a trained network, clause by clause, and sees on the screen."""

from __future__ import annotations

import csv
from itertools import product
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QComboBox, QFileDialog, QLabel, QLineEdit, QPushButton, QSplitter

import engine
from gui.panels.base.asking_view import NOT_YET_FOUND
from gui.panels.try_it.classify import ClassifyView
from gui.panels.try_it.generate import TEMPERATURE_HELP, GenerateView
from gui.panels.try_it.predict import PredictView
from gui.panels.try_it.rate import RateView
from gui.panels.try_it.tag import LEGEND, NO_ENTITY, TagView
from gui.panels.try_it.translate import TranslateView
from gui.panels.try_it.try_view import NOTHING, TryView
from tests.gui.conftest import Person
from tests.gui.panels.trying import click_row, notices, panel, paste, paste_into, shown, train_and_stop, write

pytestmark = pytest.mark.one_window


def newest(person: Person) -> engine.Model:
    snapshot = person.session.run.snapshot
    assert snapshot is not None
    return snapshot.model()


def generator(person: Person) -> GenerateView:
    view = shown(person, GenerateView)
    person.wait_until(lambda: view.results.count() > 0 and bool(view.by_hand.bars.bars))
    return view


# Generate -------------------------------------------------------------------------------------------------------------


def test_one_sentence_says_what_low_and_high_temperatures_do(person: Person) -> None:
    view = generator(person)
    posted = [label for label in view.findChildren(QLabel) if label.text() == TEMPERATURE_HELP]
    assert [label.isVisible() for label in posted] == [True]


def test_with_one_symbol_to_choose_from_every_text_is_the_greedy_one(person: Person) -> None:
    train_and_stop(person, 60)
    view = generator(person)
    person.click("more-generate")
    for slider, number, all_of_them, written in (("top-k", "1", "0", "off"), ("top-p", "0.01", "1", "1")):
        assert person.find(QLineEdit, f"{slider}-number").text() == written
        person.wait_until(lambda: len({result.text for result in view.results.results}) > 1)
        person.type(f"{slider}-number", number)
        person.wait_until(lambda: {r.text for r in view.results.results} == {view.greedy.results[0].text})
        person.type(f"{slider}-number", all_of_them)
        assert person.find(QLineEdit, f"{slider}-number").text() == written


def test_as_many_texts_are_written_as_are_asked_for(person: Person) -> None:
    view = generator(person)
    person.click("more-generate")
    person.type("try-count", "25")
    person.wait_until(lambda: view.results.count() == 25)
    assert person.find(QPushButton, "try-generate").text() == "Generate 25"


def test_each_text_is_marked_as_the_data_say_and_has_its_log_probability(person: Person, tmp_path: Path) -> None:
    path = tmp_path / "all.txt"  # all short words of two letters: drawn ones are of every kind
    texts = ["".join(letters) for length in (1, 2, 3, 4) for letters in product("ab", repeat=length)]
    path.write_text("\n".join(texts), encoding="utf-8")
    person.session.data.open(path, kind="sequences", unit="character", validation=0.3)
    person.wait_until(lambda: person.session.data.dataset is not None and len(person.session.data.dataset.train) < 40)
    person.wait_ready()
    view = generator(person)
    person.click("more-generate")
    person.type("try-count", "200")
    person.wait_until(lambda: view.results.count() == 200)
    dataset, model = person.session.data.dataset, newest(person)
    assert dataset is not None
    train, validation = ({each.source for each in part} for part in (dataset.train, dataset.validation))
    kinds = set()
    for result in view.results.results:
        where = "in training" if result.symbols in train else "in validation" if result.symbols in validation else "new"
        assert result.badge == (where if result.symbols else "")  # an empty answer is no new text
        kinds.add(where)
        if len(result.symbols) <= 4:  # longer ones may have been cut off before their end
            nats = model.loss([engine.Example(result.symbols)])[0]
            assert float(result.number.replace("−", "-")) == pytest.approx(-nats, abs=0.006)
    assert kinds == {"in training", "in validation", "new"}


def test_texts_are_written_anew_while_training_goes_on_unless_live_is_off(person: Person) -> None:
    view = generator(person)

    def texts() -> list[str]:
        return [result.text for result in view.results.results]

    person.click("train")
    before = texts()
    person.wait_until(lambda: texts() != before)
    again = texts()
    person.wait_until(lambda: texts() != again)
    person.click("try-live")
    person.wait_until(lambda: not person.session.questions.busy)
    still, bars = texts(), view.by_hand.bars.bars
    for _ in range(4):  # the bars follow the training, the texts do not
        person.wait_until(lambda bars=bars: view.by_hand.bars.bars != bars)
        bars = view.by_hand.bars.bars
    assert person.session.run.status == "running"
    assert texts() == still


def test_line_breaks_and_other_scripts_that_are_pasted_are_kept_and_named(person: Person) -> None:
    view = generator(person)
    paste_into(person, "try-prefix", "ma\nمح😀")
    person.wait_until(lambda: all(f"“\u2068{s}\u2069”" in view.message.text() for s in ("⏎", "م", "ح", "😀")))
    person.wait_until(lambda: bool(view.results.results))
    assert all(result.text.startswith("ma\nمح😀") for result in view.results.results)
    person.choose_sample("prose")
    view = generator(person)
    paste_into(person, "try-prefix", "The sea.\nThe")
    person.wait_until(lambda: {result.text[:12] for result in view.results.results} == {"The sea.\nThe"})
    assert not view.message.isVisible()


def test_what_cannot_be_written_is_not_offered(person: Person) -> None:
    for sample in ("names", "prose"):
        person.choose_sample(sample) if sample != "names" else None
        view = generator(person)
        dataset = person.session.data.dataset
        assert dataset is not None
        letters = {letter for letter in dataset.codec.source.symbols if len(letter) == 1}
        for _ in range(3):
            names = [bar.name for bar in view.by_hand.bars.bars]
            assert set(names) <= {*letters, "␣", "⏎", *(["</s>"] if sample == "names" else [])}
            row = next(i for i, name in enumerate(names) if name != "</s>")
            before = view.prefix.text()
            place = QPoint(20, 20 * row + 8)
            person.qtbot.mouseClick(view.by_hand.bars, Qt.MouseButton.LeftButton, pos=place)
            assert len(view.prefix.text()) == len(before) + 1
            person.wait_until(lambda view=view: "After" in view.by_hand.title.text())
            person.wait_until(lambda: not person.session.questions.busy)


@pytest.mark.sample("prose")
def test_in_a_text_of_words_the_next_word_is_suggested_and_taken(person: Person) -> None:
    before = person.session.data.dataset
    person.session.data.change(unit="word")
    person.wait_until(lambda: person.session.data.dataset is not before)
    person.wait_ready()
    train_and_stop(person, 40)
    view = generator(person)
    view.prefix.setFocus()
    person.qtbot.keyClicks(view.prefix, "The old ")
    person.wait_until(lambda: any(s.text.startswith("The old ") for s in view.suggestions.suggestions))
    offered = [s.word for s in view.suggestions.suggestions]
    ranked = [word for word in newest(person).next_symbols("The old") if word[:1].isalnum()]
    assert offered == ranked[:3]
    person.click("try-suggestion-1")
    assert view.prefix.text() == f"The old {offered[1]} "


# Classify, tag --------------------------------------------------------------------------------------------------------


@pytest.mark.sample("reviews")
def test_under_each_word_stands_what_the_network_would_say_if_the_text_ended_there(person: Person) -> None:
    train_and_stop(person, 150)
    view = shown(person, ClassifyView)
    words = ["the", "waiter", "was", "not", "rude"]
    write(person, " ".join(words))
    person.wait_until(lambda: [chip.text for chip in view.chips.chips] == words)
    model = newest(person)
    label = view.verdict.text().split()[0]
    for i, chip in enumerate(view.chips.chips, 1):
        share = model.classify(" ".join(words[:i]))[label]
        assert float(chip.note) == pytest.approx(share, abs=0.0051)
        assert "up to here" in chip.hint


@pytest.mark.sample("reviews")
def test_the_answer_follows_the_training_while_nobody_types(person: Person) -> None:
    view = shown(person, ClassifyView)
    write(person, "the food was bad")
    person.wait_until(lambda: len(view.chips.chips) == 4)
    person.click("train")
    for _ in range(3):
        bars = view.bars.bars
        person.wait_until(lambda bars=bars: view.bars.bars != bars)
    assert person.session.run.status == "running"


@pytest.mark.sample("entities")
def test_the_words_of_an_entity_become_one_chip(person: Person) -> None:
    train_and_stop(person, 300)
    view = shown(person, TagView)
    write(person, "Chirag Patel worked at Microsoft in New Delhi")
    person.wait_until(lambda: bool(view.chips.chips) and view.chips.chips[-1].text == "New Delhi")
    last = view.chips.chips[-1]
    tagged = newest(person).tag("Chirag Patel worked at Microsoft in New Delhi")[-2:]
    assert [word.tag for word in tagged] == ["B-LOC", "I-LOC"]
    assert last.note == f"LOC {min(word.probability for word in tagged):.2f}"
    assert last.color
    assert [line.split(":")[0] for line in last.hint.splitlines()] == ["New", "Delhi"]


@pytest.mark.sample("entities")
def test_a_sentence_without_any_entity_is_said_to_have_none(person: Person) -> None:
    train_and_stop(person, 300)
    view = shown(person, TagView)
    write(person, "worked at in")
    person.wait_until(lambda: [chip.text for chip in view.chips.chips] == ["worked", "at", "in"])
    person.wait_until(lambda: {word.tag for word in newest(person).tag("worked at in")} == {"O"})
    person.wait_until(lambda: view.hint.text() == NO_ENTITY)
    write(person, "Chirag Patel worked at Microsoft in New Delhi")
    person.wait_until(lambda: view.hint.text() == LEGEND)


@pytest.mark.sample("entities")
def test_an_empty_field_says_what_to_do(person: Person) -> None:
    view = shown(person, TagView)
    write(person, "one two")
    person.wait_until(lambda: view.hint.text() in (LEGEND, NO_ENTITY))
    paste(person, "")
    person.wait_until(lambda: view.hint.text() == NOTHING and view.hint.isVisible())
    assert not view.chips.chips


@pytest.mark.parametrize(
    ("sample", "kind", "line"),
    [
        ("reviews", ClassifyView, "explained"),
        ("entities", TagView, "hint"),
        ("ratings", RateView, "explained"),
        ("dates", TranslateView, "title"),
    ],
)
def test_until_the_first_answer_to_a_text_it_says_that_there_is_none_yet(
    person: Person, sample: str, kind: type[TryView], line: str
) -> None:
    person.choose_sample(sample)
    view = shown(person, kind)
    label: QLabel = getattr(view, line)
    person.session.probe.set("a text")
    person.wait_until(lambda: bool(label.text()) and not person.session.busy)
    answered = label.text()
    assert answered not in (NOTHING, NOT_YET_FOUND)
    person.session.set_model(hidden_size=1024)
    person.wait_until(lambda: label.text() != answered)
    assert label.text() == NOT_YET_FOUND
    person.wait_until(lambda: label.text() not in (NOTHING, NOT_YET_FOUND))


# One to one, keeping --------------------------------------------------------------------------------------------------


@pytest.mark.sample("alphabet")
def test_without_a_symbol_the_network_tells_how_texts_begin(person: Person) -> None:
    person.click("architecture-one-to-one")
    person.wait_ready()
    view = shown(person, PredictView)
    paste(person, "")
    person.wait_until(lambda: view.asked.text() == "At the start of a text")
    assert view.bars.bars
    paste(person, "漢")
    person.wait_until(lambda: view.unknown.isVisible() and "“漢” is unknown" in view.unknown.text())


@pytest.mark.sample("alphabet")
def test_a_click_on_a_bar_goes_on_with_the_text_and_can_be_undone(person: Person) -> None:
    person.click("architecture-one-to-one")
    person.wait_ready()
    view = shown(person, PredictView)
    write(person, "abc")
    person.wait_until(lambda: "“c”" in view.asked.text())
    row = next(i for i, bar in enumerate(view.bars.bars) if len(bar.name) == 1)
    name = view.bars.bars[row].name
    click_row(person, view.bars, row)
    person.wait_until(lambda: view.text.toPlainText() == f"abc{name}" and f"“{name}”" in view.asked.text())
    person.qtbot.keyClick(view.text, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    person.wait_until(lambda: person.session.probe.text == "abc")


@pytest.mark.sample("alphabet")
def test_what_may_follow_a_symbol_is_copied_and_saved_as_the_chosen_format(person: Person, tmp_path: Path) -> None:
    person.click("architecture-one-to-one")
    person.wait_ready()
    view = shown(person, PredictView)
    person.wait_until(lambda: view.answers() is not None and not person.session.busy)
    posted = notices(person)
    person.click("try-copy")
    assert posted == [f"{len(newest(person).predict('a'))} answers are copied."]
    first = QGuiApplication.clipboard().text().splitlines()[0]
    assert first.split("\t")[0] == view.bars.bars[0].name
    person.click("try-save")
    dialog = person.find(QFileDialog, "try-save-dialog")
    dialog.setDirectory(str(tmp_path))
    kinds = dialog.findChild(QComboBox, "fileTypeCombo")
    assert kinds is not None, "the dialog is drawn by Qt itself in tests"
    person.qtbot.keyClick(kinds, Qt.Key.Key_Down)
    kinds.activated.emit(kinds.currentIndex())
    kinds.textActivated.emit(kinds.currentText())
    field = dialog.findChild(QLineEdit, "fileNameEdit")
    assert field is not None
    person.qtbot.keyClick(field, Qt.Key.Key_Return)
    person.wait_until((tmp_path / "answers.csv").exists)
    with (tmp_path / "answers.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {row["next"]: float(row["probability"]) for row in rows} == pytest.approx(
        newest(person).predict(person.session.probe.text[-1:]), abs=1e-5
    )


def test_the_column_is_wide_enough_beside_its_scroll_bar(person: Person) -> None:
    person.window.resize(1100, 700)
    view = generator(person)
    splitter = panel(person).parentWidget()
    while not isinstance(splitter, QSplitter):
        assert splitter is not None
        splitter = splitter.parentWidget()
    splitter.setSizes([400, 2000, 0])  # dragged as narrow as can be
    for _ in range(2):
        person.wait_until(lambda: panel(person).area.verticalScrollBar().maximum() > 0)
        person.wait_until(lambda: panel(person).area.viewport().width() >= view.minimumSizeHint().width())
        person.click("more-generate")
