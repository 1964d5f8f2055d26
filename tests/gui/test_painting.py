"""Painting must not lose references: a fault of PySide6 6.12.0 ends the process after seconds of it."""

from __future__ import annotations

import sys
from typing import cast

import numpy as np
import pytest
from PySide6.QtCore import QElapsedTimer, QEvent, QObject, QTimer
from PySide6.QtWidgets import QAbstractScrollArea, QApplication, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from gui.theme import DARK, LIGHT
from gui.widgets import attention_lines
from gui.widgets.controls import progress_bar
from gui.widgets.paint_timing import in_turns
from tests.gui.conftest import Person

pytestmark = pytest.mark.one_window

REPAINTS = 40


def test_repainting_the_window_drops_no_reference_of_none(person: Person) -> None:
    person.window.grab()
    before = sys.getrefcount(None)
    for _ in range(REPAINTS):
        person.window.grab()
    # One lost reference for each call that returns nothing would be thousands.
    assert sys.getrefcount(None) > before - REPAINTS


class Paintings(QObject):
    """Counts how often a widget is painted."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self.count = 0
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        self.count += event.type() == QEvent.Type.Paint
        return False


def test_what_changes_again_in_the_same_turn_is_painted_in_the_next(person: Person) -> None:
    viewport = person.find(QAbstractScrollArea, "unrolled-network").viewport()
    person.wait_until(lambda: not person.session.busy and not person.session.questions.busy)
    paintings = Paintings(viewport)
    for _ in range(5):
        viewport.update()
        QApplication.sendPostedEvents()
    assert paintings.count <= 1
    person.wait_until(lambda: paintings.count > 0)


def test_a_window_that_is_not_on_the_screen_yet_changes_at_once(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    changed: list[str] = []
    window.show()
    assert not window.windowHandle().isExposed()
    in_turns(window, lambda: changed.append("before"))
    assert changed == ["before"]
    qtbot.waitUntil(window.windowHandle().isExposed)
    in_turns(window, lambda: changed.append("after"))
    assert changed == ["before"]
    qtbot.waitUntil(lambda: changed == ["before", "after"])


@pytest.mark.parametrize("change", ["width", "height", "colours"])
def test_a_change_of_the_whole_window_is_painted_once_in_a_turn_of_its_own(person: Person, change: str) -> None:
    viewport = person.find(QAbstractScrollArea, "unrolled-network").viewport()
    person.window.resize(1440, 900)
    person.wait_until(lambda: not person.session.busy and not person.session.questions.busy)
    paintings = Paintings(viewport)
    for size in ((1440, 880), (1440, 900)) if change == "height" else ((1100, 700), (1440, 900)):
        QApplication.processEvents()
        paintings.count = 0
        if change != "colours":
            person.window.resize(*size)
        else:
            person.click("theme")
        QApplication.sendPostedEvents()  # what is left of this turn
        assert paintings.count == 0
        person.wait_until(lambda: paintings.count > 0)
        QApplication.processEvents()
        assert paintings.count == 1


def test_another_theme_is_put_on_in_a_turn_after_the_one_in_which_views_change_their_colours(
    person: Person,
) -> None:
    """Also when that turn is long, so that keys and clicks are heard in between."""
    person.wait_until(lambda: not person.session.busy and not person.session.questions.busy)
    app, elapsed = cast(QApplication, QApplication.instance()), QElapsedTimer()

    def take_long() -> None:
        elapsed.start()
        while elapsed.elapsed() < 5:
            pass

    before = app.styleSheet()
    person.click("theme")
    QTimer.singleShot(0, person.window, take_long)
    QApplication.processEvents()
    assert elapsed.isValid()
    assert app.styleSheet() == before
    person.wait_until(lambda: app.styleSheet() != before and person.window.updatesEnabled())
    person.change_theme(LIGHT)


@pytest.mark.own_window
def test_a_race_begins_in_one_turn_and_its_view_opens_in_others(person: Person) -> None:
    """Making the view takes long, and so does its place in the window."""
    made = person.window.panels.made
    assert "compare" not in made
    person.session.compared.race_cells()
    assert person.session.race.on
    assert "compare" not in made
    person.wait_until(lambda: "compare" in made)
    person.wait_until(made["compare"].isVisible)
    person.session.race.stop()
    person.wait_until(lambda: not person.session.race.busy)


def test_a_view_that_cannot_be_made_leaves_no_dead_window(person: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> None:
        raise ValueError("cannot be made")

    told = list[str]()
    monkeypatch.setattr(sys, "excepthook", lambda kind, error, trace: told.append(str(error)))
    changed = list[str]()
    in_turns(person.window, fail, lambda: changed.append("the next"))
    assert not person.window.updatesEnabled()
    person.wait_until(person.window.updatesEnabled)
    assert (told, changed) == (["cannot be made"], ["the next"])


def test_a_progress_bar_is_painted_with_the_rest_of_the_window(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    bar = progress_bar("progress", "Progress")
    QVBoxLayout(window).addWidget(bar)
    bar.setRange(0, 100)
    paintings = Paintings(bar)
    with qtbot.waitExposed(window):
        window.show()
    qtbot.waitUntil(lambda: paintings.count > 0)
    paintings.count = 0
    for value in range(100):
        bar.setValue(value)
    assert paintings.count == 0
    qtbot.waitUntil(lambda: paintings.count > 0)


def test_attention_in_a_long_text_measures_each_word_once(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    words = tuple(f"word{n}" for n in range(300))
    asked = list[str]()

    def visible(word: str) -> str:
        asked.append(word)
        return word

    monkeypatch.setattr(attention_lines, "visible_text", visible)
    lines = attention_lines.AttentionLines(LIGHT, "lines", "Attention")
    qtbot.addWidget(lines)
    lines.show_looks(attention_lines.AttentionWeights(words, words, np.eye(300)), LIGHT)
    asked.clear()
    lines.canvas.grab()
    assert 300 <= len(asked) <= 4 * 300


def test_every_panel_paints_in_both_themes_at_any_size(person: Person) -> None:
    for theme in (DARK, LIGHT):
        person.change_theme(theme)
        for width, height in ((1000, 560), (1100, 700), (1440, 900)):
            person.window.resize(width, height)
            person.wait_until(person.window.updatesEnabled)
            image = person.window.grab().toImage()
            assert image.pixelColor(2, 2).name() == theme.surface
            assert person.window.width() == width


def test_no_setting_is_clipped_in_the_narrowest_left_column(person: Person) -> None:
    person.window.resize(1100, 700)
    QApplication.processEvents()
    for name in ("data", "architecture", "training"):
        panel = person.window.panels[name]
        assert panel.width() >= panel.minimumSizeHint().width(), name
