"""Text from data on the screen: nothing in it is invisible, reorders its surroundings, or is read as HTML."""

from __future__ import annotations

import pytest
from PySide6 import QtGui
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QTextDocument
from pytestqt.qtbot import QtBot

from gui.theme import LIGHT
from gui.widgets.bars import Bar, Bars
from gui.widgets.fields import Choice
from gui.widgets.result_list import Result, ResultList
from gui.widgets.symbols import DIRECTIONS, MARKS, TIP_LETTERS, isolated, plain_tip, visible_symbol, visible_text
from gui.widgets.text import text_label

HTML = "<img src='secret.png'><b>bold</b> &lt;"


def read_by_qt(tip: str) -> str:
    """What a person reads in a tooltip."""
    if not QtGui.Qt.mightBeRichText(tip):
        return tip
    document = QTextDocument()
    document.setHtml(tip)
    return document.toPlainText()


@pytest.mark.parametrize("text", [HTML, "<b>", "a\n<i>b</i>", "&lt;b>", "<!DOCTYPE html>x", "<?xml ?><b>", "plain"])
def test_a_tooltip_shows_the_text_and_never_what_it_would_mean_as_html(qtbot: QtBot, text: str) -> None:
    assert read_by_qt(plain_tip(text)) == text


@pytest.mark.parametrize("text", ["word " * 60, "<b>word</b> " * 30, "w" * 300, "a\n\n" + "字" * 200])
def test_a_long_tooltip_has_several_lines_in_place_of_one_as_wide_as_the_screen(qtbot: QtBot, text: str) -> None:
    lines = read_by_qt(plain_tip(text)).split("\n")
    assert max(map(len, lines)) <= TIP_LETTERS
    assert "".join("".join(lines).split()) == "".join(text.split()), "all of it is there"


def test_what_turns_the_direction_of_a_text_becomes_a_mark() -> None:
    shown = visible_text(f"abc{DIRECTIONS}def")
    assert shown == "abc" + "⇄" * len(DIRECTIONS) + "def"


def test_a_pair_of_isolates_keeps_its_text_in_place_and_hides_nothing() -> None:
    assert visible_text(f"“{isolated('مح')}”, a") == "“\u2068مح\u2069”, a"
    assert visible_text(isolated("a\u202eb")) == isolated("a⇄b")
    assert visible_text("a\u2069b\u2068c") == "a⇄b⇄c"


@pytest.mark.parametrize(
    ("hidden", "seen"), [("\x00", "␀"), ("\x1b[31m", "␛[31m"), ("\x7f", "␡"), ("\x85", "�"), ("\ud83d", "�")]
)
def test_control_characters_become_marks(hidden: str, seen: str) -> None:
    assert visible_text(f"a{hidden}b") == f"a{seen}b"


def test_marks_keep_every_place_of_the_text() -> None:
    assert all(len(mark) == 1 for mark in MARKS.values())


@pytest.mark.parametrize("text", ["two\nlines\tand a tab", "שלום", "👨\u200d👩\u200d👧", "नमस्ते", "می\u200cخواهم", ""])
def test_scripts_joined_emoji_and_lines_stay_as_they_are(text: str) -> None:
    assert visible_text(text) == text


@pytest.mark.parametrize(
    ("symbol", "seen"),
    [
        (" ", "␣"),
        ("\n", "⏎"),
        ("\t", "⇥"),
        ("\u00a0", "⍽"),
        ("\u3000", "␣"),
        ("\u0301", "◌\u0301"),
        ("\u202e", "⇄"),
        (" the", "␣the"),
    ],
)
def test_a_symbol_that_cannot_be_seen_gets_a_sign(symbol: str, seen: str) -> None:
    assert visible_symbol(symbol) == seen


@pytest.mark.parametrize("elide", [True, False])
def test_a_label_shows_html_as_letters(qtbot: QtBot, elide: bool) -> None:
    label = text_label(HTML, elide=elide)
    qtbot.addWidget(label)
    assert label.text() == HTML
    assert elide or label.textFormat() is Qt.TextFormat.PlainText
    label.setText("a\u202eb")
    assert "\u202e" not in label.accessibleName()
    assert elide or label.text() == "a⇄b"


def test_lists_answers_and_bars_name_themselves_without_marks_of_direction(qtbot: QtBot) -> None:
    choice = Choice("label", "Label", HTML, {HTML: f"{HTML}\u202e"})
    results, bars = ResultList(LIGHT, "results", "Results"), Bars(LIGHT, "bars", "Bars")
    for widget in (choice, results, bars):
        qtbot.addWidget(widget)
    results.show_results([Result(f"{HTML}\u202e")], LIGHT)
    bars.show_bars([Bar(f"{HTML}\u202e", 0.5)], LIGHT)
    spoken = results.item(0).data(Qt.ItemDataRole.AccessibleTextRole)
    for text in (choice.itemText(0), spoken, bars.accessibleDescription(), results.item(0).toolTip()):
        assert "\u202e" not in text
        assert "⇄" in text
    assert read_by_qt(choice.toolTip()) == HTML
    assert read_by_qt(results.item(0).toolTip()) == f"{HTML}⇄"
    results.selectAll()
    qtbot.keyClick(results, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == f"{HTML}\u202e"  # what is copied is the text itself
