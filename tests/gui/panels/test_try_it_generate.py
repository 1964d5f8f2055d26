"""Generating: greedy beside drawn, how many are new, by hand with undo, and words to choose from."""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton, QStyle, QStyleOptionButton
from pytestqt.qtbot import QtBot

import engine
from engine.inspection.membership import Membership
from engine.number_text import grouped
from gui.panels.try_it.classify import ClassifyView
from gui.panels.try_it.generate import TEMPERATURE_HELP, TEMPERATURES, GenerateView
from gui.panels.try_it.novelty import FEW_POINTS, MOST_CURVES, NoveltyPlot, meaning
from gui.panels.try_it.writing import (
    MOST_READ,
    Rates,
    Suggestion,
    WritingRequest,
    next_symbols,
    rate,
    suggest,
    write_texts,
)
from gui.theme import LIGHT
from tests.gui.conftest import Person
from tests.gui.panels.open_views import settle
from tests.gui.panels.trying import click_row, paste_into, shown, stand_still, train_and_stop


@pytest.fixture
def view(person: Person) -> GenerateView:
    """Names, before any training."""
    found = shown(person, GenerateView)
    person.wait_until(lambda: found.results.count() == 10 and bool(found.by_hand.bars.bars))
    return found


def test_the_temperature_is_chosen_on_a_log_scale_and_explained(person: Person, view: GenerateView) -> None:
    steps = [b / a for a, b in pairwise(TEMPERATURES[1:])]
    assert max(steps) / min(steps) < 1.15
    assert view.temperature.toolTip() == TEMPERATURE_HELP
    assert "nonsense" in TEMPERATURE_HELP


def test_the_greedy_text_stands_beside_the_drawn_ones(person: Person, view: GenerateView) -> None:
    train_and_stop(person, 60)
    person.wait_until(lambda: view.greedy.count() == 1)
    snapshot = person.session.run.snapshot
    assert snapshot is not None
    best = snapshot.model().generate(count=1, label=view.request().label, temperature=0.0)[0]
    person.wait_until(lambda: view.greedy.results[0].text == best.text)
    person.type("temperature-number", "0")
    person.wait_until(lambda: not view.greedy.isVisible())
    assert {result.text for result in view.results.results} == {best.text}


def test_shares_of_new_and_distinct_names_are_drawn_over_the_training(person: Person, view: GenerateView) -> None:
    person.click("try-look-new")
    person.click("train")
    person.wait_until(lambda: len(view.rates.rates) >= 4)
    person.click("train")
    steps = [rates.step for rates in view.rates.rates]
    assert steps == sorted(set(steps))
    assert all(0 <= rates.new <= 1 and 0 < rates.distinct <= 1 for rates in view.rates.rates)
    assert len(view.rates.plot.lines) == 2
    settle(person)
    numbers = [text for _, text in view.rates.plot.left.texts()]  # in per cent, as in the line above
    assert numbers
    assert all(number.endswith("%") for number in numbers), numbers
    assert "new (blue)" in view.rates.now.text()
    person.click("reset")
    person.wait_until(lambda: [rates.step for rates in view.rates.rates] == [0])
    person.session.undo.undo()  # the trained network is back, and its curve with it
    person.wait_ready()
    person.wait_until(lambda: [rates.step for rates in view.rates.rates][: len(steps)] == steps)


def test_before_any_training_the_shares_of_new_texts_are_measured_when_they_are_looked_at(
    person: Person, view: GenerateView
) -> None:
    settle(person)
    assert view.rates.rates == [], "the window shows something else, and would open later"
    texts = [result.text for result in view.results.results]
    person.click("try-look-new")
    person.wait_until(lambda: [rates.step for rates in view.rates.rates] == [0])
    settle(person)
    assert [result.text for result in view.results.results] == texts


def test_looking_at_the_share_of_new_texts_leaves_the_texts_alone_that_live_keeps(
    person: Person, view: GenerateView
) -> None:
    person.click("try-live")
    settle(person)
    texts = [result.text for result in view.results.results]
    train_and_stop(person, 60)
    settle(person)
    assert [result.text for result in view.results.results] == texts
    person.click("try-look-new")
    settle(person)
    assert [result.text for result in view.results.results] == texts


def test_the_shares_drawn_in_one_curve_were_measured_with_the_settings_that_are_shown(
    person: Person, view: GenerateView
) -> None:
    person.click("try-look-new")
    person.click("train")
    person.wait_until(lambda: len(view.rates.rates) >= 3)
    person.click("train")
    stand_still(person)
    settle(person)
    before = view.rates.rates[-1]
    assert before.request is not None
    person.type("temperature-number", "1.5")
    person.wait_until(lambda: len(view.rates.rates) == 1)
    (after,) = view.rates.rates
    assert after.request == replace(before.request, temperature=1.5)
    assert after.step == person.session.run.progress.step, "with the same weights"
    person.click("try-generate")
    settle(person)
    assert view.rates.rates == [after], "other texts of the same settings begin no other curve"
    assert "with the settings above" in view.rates.now.toolTip()


def test_a_setting_that_is_put_back_has_its_curve_of_the_training_again(person: Person, view: GenerateView) -> None:
    person.click("try-look-new")
    person.click("train")
    person.wait_until(lambda: len(view.rates.rates) >= 4)
    person.click("train")
    stand_still(person)
    settle(person)
    trained, drawn = view.rates.rates, view.rates.plot.lines
    person.qtbot.keyClicks(view.prefix, "so")
    person.wait_until(lambda: [rates.request.prefix for rates in view.rates.rates if rates.request] == ["so"])
    for _ in "so":
        person.qtbot.keyClick(view.prefix, Qt.Key.Key_Backspace)
    person.wait_until(lambda: view.rates.rates == trained)
    person.click("try-label-male")
    person.wait_until(lambda: [rates.request.label for rates in view.rates.rates if rates.request] == ["male"])
    person.click("try-label-female")
    settle(person)
    assert view.rates.rates == trained
    assert [line.x.tolist() for line in view.rates.plot.lines] == [line.x.tolist() for line in drawn]
    person.click("train")  # both curves go on
    person.wait_until(lambda: len(view.rates.rates) > len(trained))
    person.click("train")
    stand_still(person)
    settle(person)
    assert view.rates.rates[: len(trained)] == trained
    assert len({rates.request for rates in view.rates.rates}) == 1


@pytest.mark.usefixtures("qapp")
def test_of_very_many_settings_those_with_a_curve_are_remembered_longest(qtbot: QtBot) -> None:
    plot = NoveltyPlot(LIGHT)
    qtbot.addWidget(plot)

    def wish(prefix: str) -> WritingRequest:
        return WritingRequest(None, prefix, 1.0, 0, 1.0, 0, 0)

    plot.show_run("a run", 0, wish("curve"))
    for step in range(FEW_POINTS):
        plot.add(Rates(step, 0.5, 1.0, wish("curve")), FEW_POINTS, LIGHT)
    for number in range(2 * MOST_CURVES):
        plot.show_settings(wish(str(number)))
        plot.add(Rates(FEW_POINTS, 0.5, 1.0, wish(str(number))), FEW_POINTS, LIGHT)
        assert len(plot.rates) == 1
    plot.show_settings(wish("curve"))
    assert len(plot.rates) == FEW_POINTS
    plot.show_settings(wish("0"))
    assert len(plot.rates) == FEW_POINTS, "what has been forgotten is measured again before it is shown"


def test_what_is_new_is_counted_against_the_training_data() -> None:
    dataset = engine.make_dataset(["aa", "ab", "ba", "bb"], "sequences", unit="character", validation=0.25)
    model = engine.build_model(engine.ModelConfig(hidden_size=4), dataset)
    snapshot = engine.Snapshot.of(model)
    member = Membership(dataset)
    wish = WritingRequest(None, "aa", 1.0, 0, 1.0, 5, 3)
    rates, written = rate(snapshot, wish, member), write_texts(snapshot, wish, member)
    texts = model.generate(count=50, prefix="aa", seed=3)
    train = {example.source for example in dataset.train}
    assert rates.new == pytest.approx(sum(text.tokens not in train for text in texts) / 50)
    assert rates.distinct == len({text.tokens for text in texts}) / 50
    five = model.generate(count=5, prefix="aa", seed=3)
    assert [result.text for result in written.results] == [text.text for text in five]
    assert all("line under a symbol, the more certain" in result.hint for result in written.results)


def test_a_name_is_built_by_hand_undone_and_finished(person: Person, view: GenerateView) -> None:
    assert not view.by_hand.undo.isVisible()
    for count in (1, 2, 3):
        row = next(i for i, bar in enumerate(view.by_hand.bars.bars) if len(bar.name) == 1)
        click_row(person, view.by_hand.bars, row)
        assert len(view.prefix.text()) == count
        person.wait_until(lambda: f"“{view.prefix.text()}”" in view.by_hand.title.text())
    built = view.prefix.text()
    person.click("try-undo")
    assert view.prefix.text() == built[:2]
    person.qtbot.keyClick(view.prefix, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert view.prefix.text() == built[:1]
    person.click("try-undo")
    assert view.prefix.text() == ""
    assert not view.by_hand.undo.isVisible()


def test_choosing_the_end_says_how_probable_the_name_is(person: Person, view: GenerateView) -> None:
    train_and_stop(person, 200)
    name = next(iter(person.session.data.dataset.train)).source if person.session.data.dataset is not None else ()
    person.type("try-prefix", "".join(name))
    person.wait_until(lambda: "".join(name) in view.by_hand.title.text())
    person.wait_until(lambda: any(bar.name == "</s>" for bar in view.by_hand.bars.bars))
    click_row(person, view.by_hand.bars, next(i for i, bar in enumerate(view.by_hand.bars.bars) if bar.name == "</s>"))
    person.wait_until(lambda: "is finished" in view.by_hand.built.text())
    assert "in training data" in view.by_hand.built.text()
    snapshot, label = person.session.run.snapshot, view.request().label
    assert snapshot is not None
    assert label is not None
    nats = snapshot.model().loss([engine.Example(tuple(name), (label,))])[0]
    assert f"−{nats:.2f}" in view.by_hand.built.text()


def test_unknown_symbols_of_the_beginning_are_named(person: Person, view: GenerateView) -> None:
    paste_into(person, "try-prefix", "a漢")
    person.wait_until(lambda: "漢" in view.message.text() and view.message.isVisible())
    assert view.results.count() == 10


def test_of_a_very_long_beginning_the_end_is_read_and_this_is_said(person: Person, view: GenerateView) -> None:
    view.prefix.setText("ab" * 5000)
    person.wait_until(lambda: grouped(MOST_READ) in view.message.text())
    assert view.results.count() == 10


@pytest.mark.sample("prose")
def test_words_are_suggested_as_one_types_and_a_click_takes_one(person: Person) -> None:
    train_and_stop(person, 150)
    view = shown(person, GenerateView)
    view.prefix.setFocus()
    person.qtbot.keyClicks(view.prefix, "The li")
    person.wait_until(lambda: {s.text[:6] for s in view.suggestions.suggestions} == {"The li"})
    person.wait_until(lambda: len(view.suggestions.suggestions) == 3)
    chosen = view.suggestions.suggestions[0]
    assert chosen.word.startswith("li")
    assert person.find(QPushButton, "try-suggestion-0").text() == chosen.word
    person.click("try-suggestion-0")
    assert view.prefix.text() == chosen.text == f"The {chosen.word} "
    person.wait_until(
        lambda: bool(view.suggestions.suggestions) and view.suggestions.suggestions[0].text != chosen.text
    )
    person.click("try-undo")
    assert view.prefix.text() == "The li"


def test_capitals_that_are_unknown_are_said_to_be_known_in_lower_case(person: Person, view: GenerateView) -> None:
    view.prefix.setText("So7")
    hint = "Unknown to the network: “\u2068S\u2069”, “\u20687\u2069” (known in lower case: “\u2068s\u2069”)"
    person.wait_until(lambda: view.message.text() == hint)
    assert view.prefix.text() == "So7", "what was typed stays"
    person.session.set_model(architecture="many-to-one")
    person.wait_ready()
    classifier = shown(person, ClassifyView)
    person.session.probe.set("Sophia")
    person.wait_until(lambda: "known in lower case: “\u2068s\u2069”" in classifier.message.text())
    person.session.probe.set("sophia7")
    person.wait_until(lambda: not classifier.message.isVisible())
    assert "A dotted edge" in classifier.explained.text()


def test_most_texts_being_new_is_said_only_if_some_are_not() -> None:
    assert meaning(Rates(1, 1.0, 1.0)) == "All texts are new: none is in the data."
    assert meaning(Rates(1, 0.9, 1.0)) == "Most texts are new."


@pytest.mark.sample("prose")
def test_suggested_words_are_whole_or_end_in_dots_and_an_untrained_network_suggests_none(person: Person) -> None:
    view = shown(person, GenerateView)
    person.wait_until(lambda: view.results.count() > 0 and not person.session.questions.busy)
    assert not view.suggestions.isVisible()
    train_and_stop(person, 3)
    person.wait_until(view.suggestions.isVisible)
    view.suggestions.show_suggestions([Suggestion(word, word) for word in ("the", "immeasurably", "imaginations")])
    for button in view.suggestions.buttons:
        option = QStyleOptionButton()
        button.initStyleOption(option)
        room = button.style().subElementRect(QStyle.SubElement.SE_PushButtonContents, option, button).width()
        assert 0 < button.fontMetrics().horizontalAdvance(button.text()) <= room
    assert [button.text()[-1] for button in view.suggestions.buttons] == ["e", "…", "…"]


def test_names_have_no_suggestions(view: GenerateView) -> None:
    assert not view.suggestions.isVisible()


def test_words_are_completed_from_the_vocabulary_and_then_continued() -> None:
    rows = ["the cat sleeps", "the cat eats", "the dog sleeps", "the dog eats", "the cow eats"]
    dataset = engine.make_dataset(rows, "sequences", unit="word", validation=["the cow sleeps"])
    model = engine.build_model(engine.ModelConfig(hidden_size=16), dataset)
    for _ in engine.Trainer(model, dataset, engine.TrainingConfig(epochs=150, learning_rate=0.01)):
        pass
    snapshot = engine.Snapshot.of(model)
    completed = suggest(snapshot, "the c", None)
    assert {s.word for s in completed} == {"cat", "cow"}
    assert {s.text for s in completed} == {"the cat ", "the cow "}
    following = suggest(snapshot, "the ", None)
    assert {s.word for s in following} == {"cat", "dog", "cow"}
    probabilities = model.next_symbols("the")
    assert [probabilities[s.word] for s in following] == sorted(
        (probabilities[s.word] for s in following), reverse=True
    )
    assert suggest(snapshot, "the dog", None)[0].text.startswith("the dog ")


@pytest.mark.parametrize(("kind", "offered"), [("sequences", {"a", "b", "</s>"}), ("stream", {"a", "b"})])
def test_only_what_can_be_written_is_offered_by_hand(kind: str, offered: set[str]) -> None:
    dataset = engine.make_dataset(["ab" * 40] if kind == "stream" else ["a", "b", "ab"], kind, unit="character")
    snapshot = engine.Snapshot.of(engine.build_model(engine.ModelConfig(hidden_size=4), dataset))
    found = next_symbols(snapshot, WritingRequest(None, "a", 1.0, 0, 1.0, 5, 3))
    assert {symbol for symbol, _ in found.ranked} == offered
    assert dict(found.ranked)["b"] == pytest.approx(snapshot.model().next_symbols("a")["b"])


def test_an_untrained_network_answers_with_finite_numbers(view: GenerateView) -> None:
    for result in (*view.results.results, *view.greedy.results):
        assert math.isfinite(float(result.number.replace("−", "-")))


def test_a_word_that_means_the_same_as_a_mark_can_be_chosen(person: Person, tmp_path: Path) -> None:
    path = tmp_path / "story.txt"
    path.write_text("the end of the end is the end of it all . " * 60, encoding="utf-8")
    person.session.data.open(path, kind="stream", unit="word")
    person.wait_until(lambda: person.session.data.dataset is not None and person.session.data.dataset.kind == "stream")
    person.wait_ready()
    train_and_stop(person, 30)
    view = shown(person, GenerateView)
    paste_into(person, "try-prefix", "the")
    person.wait_until(lambda: "the" in view.by_hand.title.text())
    person.wait_until(lambda: any(bar.name == "end" for bar in view.by_hand.bars.bars))
    click_row(person, view.by_hand.bars, [bar.name for bar in view.by_hand.bars.bars].index("end"))
    assert view.prefix.text() == "the end"


def test_a_text_that_ended_at_once_is_neither_new_nor_known() -> None:
    dataset = engine.make_dataset(["a", "b", "ab"] * 8, "sequences")
    model = engine.build_model(engine.ModelConfig(architecture="one-to-many", hidden_size=4), dataset, seed=0)
    snapshot = engine.Trainer(model, dataset, engine.TrainingConfig()).snapshot()
    written = write_texts(snapshot, WritingRequest(None, "", 3.0, 0, 1.0, 40, 0), Membership(dataset))
    empty = [result for result in written.results if result.text == "(nothing)"]
    assert empty
    assert {(result.badge, result.tone) for result in empty} == {("", "neutral")}
    assert {result.badge for result in written.results} > {"", "new"}
