"""Painting must not lose references: a fault of PySide6 6.12.0 ends the process after seconds of it."""

from __future__ import annotations

import sys

import pytest
from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QAbstractScrollArea, QApplication, QWidget

from gui.theme import DARK, LIGHT
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
