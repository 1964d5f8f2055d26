"""Translating: the tree of the search, words that are forced, lines of attention."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QHelpEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QToolTip

from engine.inspection.text_search import LONGEST_ANSWERED
from gui.panels.try_it.translate import NO_LOOKS, RANKED, TranslateView
from gui.panels.try_it.try_view import NOTHING
from gui.widgets.attention_lines import SOURCE, TARGET
from gui.widgets.result_list import ROW_PX
from tests.gui.conftest import Person
from tests.gui.panels.opening import open_file
from tests.gui.panels.trying import paste, paste_into, shown, train_and_stop, write
from tests.gui.plots.mouse import is_drawn
from tests.gui.saving.saving import open_run

pytestmark = pytest.mark.sample("")


@pytest.fixture
def person(empty_person: Person) -> Person:
    """A window in which nothing has been loaded yet: each test opens data of its own."""
    return empty_person


@pytest.fixture
def view(person: Person, learned: Callable[..., Path]) -> TranslateView:
    """A network with attention that has learned a little of reversing words."""
    open_run(person, learned("reversal", 60, attention=True))
    write(person, "abc")
    found = shown(person, TranslateView)
    person.wait_until(lambda: "".join(found.search.tokens) == "abc" and found.results.count() == 4)
    return found


def click_branch(person: Person, view: TranslateView, at: int) -> None:
    canvas = view.tree.canvas
    person.qtbot.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=canvas.boxes[at].center().toPoint())


def test_letters_are_not_called_words(person: Person, view: TranslateView) -> None:
    assert "Click a symbol to force it" in view.help.text()
    person.click("try-look-attention")
    person.wait_until(lambda: "Hover over a symbol" in view.help.text())


def test_the_tree_shows_what_was_kept_and_dropped_with_scores_that_only_fall(view: TranslateView) -> None:
    branches = view.tree.branches
    assert {branch.kept for branch in branches} == {True, False}
    assert sum(branch.kept for branch in branches if branch.step == 0) == 4
    for branch in branches:
        assert branch.score <= (branches[branch.parent].score if branch.parent >= 0 else 0.0) + 1e-9
    best = [branch for branch in branches if branch.best]
    assert best[-1].score == pytest.approx(view.search.answers[0].log_probability)
    assert "".join(branch.text for branch in best).removesuffix("</s>") == view.search.answers[0].text


def test_another_answer_shows_its_own_way_through_the_tree(person: Person, view: TranslateView) -> None:
    row = view.results.visualItemRect(view.results.item(2))
    person.qtbot.mouseClick(view.results.viewport(), Qt.MouseButton.LeftButton, pos=row.center())
    best = "".join(branch.text for branch in view.tree.branches if branch.best)
    assert best.removesuffix("</s>") == view.search.answers[2].text


def marked(view: TranslateView) -> tuple[list[int], str]:
    """The rows that are selected in the list, and the answer that is bold in the tree."""
    rows = [index.row() for index in view.results.selectedIndexes()]
    return rows, "".join(branch.text for branch in view.tree.branches if branch.best).removesuffix("</s>")


def test_the_selected_answer_is_the_bold_one_in_the_tree_also_when_answers_come_anew(
    person: Person, view: TranslateView
) -> None:
    assert marked(view) == ([0], view.search.answers[0].text)
    row = view.results.visualItemRect(view.results.item(2))
    person.qtbot.mouseClick(view.results.viewport(), Qt.MouseButton.LeftButton, pos=row.center())
    assert marked(view) == ([2], view.search.answers[2].text)
    before = view.search
    person.session.run.step()
    person.wait_until(lambda: view.search is not before)
    assert marked(view) == ([2], view.search.answers[2].text)
    view.beam.set_value(2)
    view.follow()
    person.wait_until(lambda: len(view.search.answers) == 2)
    (at,), _ = marked(view)
    assert marked(view) == ([at], view.search.answers[at].text)
    write(person, "de")
    person.wait_until(lambda: "".join(view.search.tokens) == "de")
    assert marked(view) == ([0], view.search.answers[0].text)


def test_a_clicked_word_is_forced_and_the_rest_changes_and_a_second_click_lets_it_go(
    person: Person, view: TranslateView
) -> None:
    free = [answer.text for answer in view.search.answers]
    at = next(i for i, branch in enumerate(view.tree.branches) if branch.step == 0 and not branch.kept)
    word = view.tree.branches[at].text
    click_branch(person, view, at)
    person.wait_until(lambda: {answer.text[: len(word)] for answer in view.search.answers} == {word})
    assert person.find(QLineEdit, "try-forced").text() == word
    first = view.tree.branches[0]
    assert first.forced
    assert first.text == word
    assert first.kept
    assert sum(branch.step == 0 for branch in view.tree.branches) > 1, "other words can still be clicked"
    click_branch(person, view, 0)
    person.wait_until(lambda: [answer.text for answer in view.search.answers] == free)
    assert not person.find(QLineEdit, "try-forced").text()


def test_first_words_can_be_typed_and_those_that_the_decoder_does_not_know_are_named(
    person: Person, view: TranslateView
) -> None:
    person.type("try-forced", "zz")
    person.wait_until(lambda: {answer.text[:2] for answer in view.search.answers} == {"zz"})
    paste_into(person, "try-forced", "z漢")
    person.wait_until(lambda: "“漢” is unknown" in view.message.text())
    assert {answer.text[:1] for answer in view.search.answers} == {"z"}


def test_another_text_forgets_what_was_forced(person: Person, view: TranslateView) -> None:
    person.type("try-forced", "z")
    person.wait_until(lambda: {answer.text[:1] for answer in view.search.answers} == {"z"})
    write(person, "de")
    person.wait_until(lambda: "".join(view.search.tokens) == "de")
    assert not person.find(QLineEdit, "try-forced").text()


def test_forced_answers_are_as_probable_as_the_network_finds_them(person: Person, view: TranslateView) -> None:
    forced = view.search.answers[1].text
    wanted = view.search.answers[1].log_probability
    person.type("try-forced", forced)
    person.wait_until(lambda: view.search.answers[0].text.startswith(forced))
    scores = {answer.text: answer.log_probability for answer in view.search.answers}
    assert scores[forced] == pytest.approx(wanted, abs=1e-4)


def test_lines_of_attention_follow_the_cursor(person: Person, view: TranslateView) -> None:
    person.click("try-look-attention")
    lines = view.attention
    person.wait_until(lines.isVisible)
    assert lines.looks.source == ("a", "b", "c", "</s>")
    assert lines.looks.weights.sum(axis=1) == pytest.approx(1.0, abs=1e-3)
    canvas = lines.canvas
    person.qtbot.mouseMove(canvas, QPoint(canvas.width() - 20, 5))
    assert canvas.current == (TARGET, 0)
    assert canvas.strength(0, 1) == pytest.approx(float(lines.looks.weights[0, 1]))
    assert canvas.strength(1, 1) < float(lines.looks.weights[1, 1])
    person.qtbot.mouseMove(canvas, QPoint(10, 24))
    assert canvas.current == (SOURCE, 1)
    assert canvas.strength(1, 1) == pytest.approx(float(lines.looks.weights[1, 1]))
    assert is_drawn(lines)


def test_nothing_covers_the_lines_of_a_word_while_the_mouse_rests_on_it(person: Person, view: TranslateView) -> None:
    person.click("try-look-attention")
    person.wait_until(view.attention.isVisible)
    canvas = view.attention.canvas
    QToolTip.hideText()
    person.qtbot.waitUntil(lambda: not QToolTip.isVisible())
    at = canvas.row_box(TARGET, 1).center().toPoint()
    person.qtbot.mouseMove(canvas, at)
    QApplication.sendEvent(canvas, QHelpEvent(QEvent.Type.ToolTip, at, canvas.mapToGlobal(at)))
    assert canvas.current == (TARGET, 1)
    assert not QToolTip.isVisible(), QToolTip.text()
    assert "Hover over a symbol to follow its lines" in view.help.text()


def test_a_network_without_attention_says_so(person: Person) -> None:
    person.choose_sample("reversal")
    person.session.set_model(attention=False)
    person.wait_ready()
    write(person, "abc")
    view = shown(person, TranslateView)
    person.click("try-look-attention")
    assert view.help.text() == NO_LOOKS


def test_a_very_long_text_is_translated_in_part_and_an_empty_one_not_at_all(
    person: Person, view: TranslateView
) -> None:
    paste(person, "ab" * 5000)
    person.wait_until(lambda: str(LONGEST_ANSWERED) in view.message.text() and view.message.isVisible())
    assert len(view.search.tokens) == LONGEST_ANSWERED
    assert {math.isfinite(branch.score) for branch in view.tree.branches} == {True}
    paste(person, "")
    person.wait_until(lambda: view.results.count() == 0)
    assert not view.tree.branches


def test_words_in_another_script_are_shown_as_unknown(person: Person, view: TranslateView) -> None:
    paste(person, "a漢b")
    person.wait_until(lambda: "漢" in view.message.text())
    assert view.message.isVisible()
    assert view.message.text() == "Unknown to the network: “\u2068漢\u2069”"
    assert view.results.count() == 4


def test_without_a_text_there_is_a_hint_and_no_empty_lists(person: Person, view: TranslateView) -> None:
    assert view.title.text() == RANKED
    write(person, "ab")
    person.wait_until(lambda: view.results.isVisible() and view.results.count() > 0)
    paste(person, "")
    person.wait_until(lambda: view.title.text() == NOTHING)
    assert not any(part.isVisible() for part in (view.results, view.look, view.stack))


def test_the_list_is_as_high_as_the_beam_and_stays_so_while_one_types(person: Person, view: TranslateView) -> None:
    person.window.resize(1440, 900)
    wide = view.results.height()
    view.beam.set_value(1)
    view.follow()
    person.wait_until(lambda: view.results.count() == 1 and view.results.height() == 2 * ROW_PX < wide)
    top = view.tree.mapTo(view, QPoint()).y()
    write(person, "abcdefgabcdefgabcdefgabcdefg" * 2)
    person.wait_until(lambda: len(view.search.tokens) == 56 and not person.session.busy)
    assert view.tree.mapTo(view, QPoint()).y() == top


def test_the_end_symbol_is_explained_where_it_stands(person: Person, view: TranslateView) -> None:
    person.wait_until(lambda: any(branch.text == "</s>" for branch in view.tree.branches))
    assert "</s> ends an answer" in view.help.text()
    ends = [branch.hint for branch in view.tree.branches if branch.text == "</s>"]
    assert all("</s> is the end of a text" in hint for hint in ends)


def test_the_choice_of_the_picture_stays_where_it_is(person: Person, view: TranslateView) -> None:
    for width in (1440, 1100):
        person.window.resize(width, 700)
        person.wait_until(person.window.updatesEnabled)
        QApplication.processEvents()
        places = []
        for look in ("tree", "attention", "tree"):
            person.click(f"try-look-{look}")
            QApplication.processEvents()
            places.append((view.look.y(), view.stack.y()))
        assert len(set(places)) == 1


def test_a_word_without_its_features_is_told_what_the_network_reads(person: Person, tmp_path: Path) -> None:
    table = tmp_path / "forms.tsv"
    verbs = ("cry", "walk", "talk", "jump", "call", "play")
    rows = [f"{verb}\t{verb}{end}\tV;{tense}\n" for verb in verbs for tense, end in (("PST", "ed"), ("3;SG", "s"))]
    table.write_text("".join(["lemma\tform\tfeatures\n", *rows]))
    open_file(person, table)
    train_and_stop(person, 2)
    found = shown(person, TranslateView)
    write(person, "walk")
    person.wait_until(lambda: "".join(found.search.tokens) == "walk")
    assert found.message.text() == "The network reads “lemma + features”: write all of them, with “ + ” between them."
    assert found.message.isVisible()
    write(person, "walk + V;PST")
    person.wait_until(lambda: found.search.tokens[-1:] == ("PST",))
    assert not found.message.isVisible()
