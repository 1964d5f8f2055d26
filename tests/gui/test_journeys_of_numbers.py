"""Each sample that is no plain text: opened, trained a little, and used as its kind is used."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass, replace

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtWidgets import QLabel, QPushButton

import engine
from gui.panels.try_it.caption import CaptionView
from gui.panels.try_it.classify_frames import ClassifyFramesView
from gui.panels.try_it.forecast import NO_TRUTH, ForecastView
from gui.panels.try_it.generate import GenerateView
from gui.panels.try_it.rate import RateView
from gui.panels.try_it.transcribe import TranscribeView
from gui.panels.try_it.try_view import TryView
from gui.session.notice import Level, Notice
from gui.theme import DARK
from tests.gui.conftest import Person
from tests.gui.panels.trying import shown, train_and_stop, write
from tests.gui.plots.mouse import drag


def answered(person: Person, view: TryView) -> None:
    person.wait_until(lambda: view.answers() is not None)


def forecast(person: Person) -> None:
    """Drag now to the left, then draw a piece of the series."""
    view = shown(person, ForecastView)
    answered(person, view)
    verdict, area = view.verdict.text(), view.plot.area().toRect()
    series = next(line for line in view.plot.lines if len(line.x) == 120)
    left = view.plot.box.pixels_of(float(series.x[-1]) - view.steps.value(), 0.0).x()
    start = area.topLeft() + QPointF(left, area.height() / 2).toPoint()
    there = start - QPoint(area.width() // 4, 0)
    drag(person.qtbot, view.plot, start, there)
    person.wait_until(lambda: view.verdict.text() != verdict and not person.session.questions.busy)
    verdict = view.verdict.text()
    person.click("forecast-mouse-draw")
    drag(person.qtbot, view.plot, area.topLeft() + QPoint(5, 30), there - QPoint(10, 0))
    person.wait_until(lambda: view.verdict.text() == NO_TRUTH and "partly drawn by hand" in view.explained.text())
    person.click("forecast-restore")
    person.wait_until(lambda: view.verdict.text() == verdict)


def classify(person: Person) -> None:
    """Look at another example, and point at a moment of it."""
    view = shown(person, ClassifyFramesView)
    person.click("try-another")
    person.wait_until(lambda: (found := view.answers()) is not None and found.rows[0][0] == person.session.probe.text)
    person.qtbot.mouseMove(view.bars, QPoint(1, 1))
    person.qtbot.mouseMove(view.grown, QPoint(view.grown.width() // 3, 10))
    assert " after " in view.verdict.text()
    assert {bar.name for bar in view.bars.bars} == set(view.grown.shares.names)


def transcribe(person: Person) -> None:
    """Look at another sound, and at the frames that a digit was written from."""
    view = shown(person, TranscribeView)
    person.click("try-another")
    answered(person, view)
    person.wait_until(lambda: view.alignment.attention.frames == len(view.field.picture.values))
    view.alignment.setFocus()
    person.qtbot.keyClick(view.alignment, Qt.Key.Key_Right)
    assert view.field.picture.weights is not None


def caption(person: Person) -> None:
    """Draw something with a brush."""
    view = shown(person, CaptionView)
    person.click("brush-white")
    person.click("brush-fill")
    person.click("brush-blue")
    pixel = view.field.picture.height() / 16
    person.qtbot.mouseClick(view.field.picture, Qt.MouseButton.LeftButton, pos=QPointF(8 * pixel, 8 * pixel).toPoint())
    person.wait_until(lambda: (found := view.answers()) is not None and found.rows[0][0] == "drawn by hand")
    assert view.bars.bars


def rate(person: Person) -> None:
    """Type a review."""
    view = shown(person, RateView)
    write(person, "the soup was good")
    person.wait_until(lambda: (found := view.answers()) is not None and found.rows[0][0] == "the soup was good")
    assert "±" in view.verdict.text()


def play_tune(person: Person) -> None:
    """Look at what is written as notes."""
    view = shown(person, GenerateView)
    answered(person, view)
    assert view.look.value() == "tune"
    person.wait_until(lambda: bool(person.find(QLabel, "try-tune").text()))
    assert person.find(QPushButton, "try-mid").isVisible()


@dataclass(frozen=True)
class Journey:
    """What makes a sample small, and how it is used."""

    size: tuple[str, str, int]  # module, name, value
    use: Callable[[Person], None]


JOURNEYS = {
    "waves": Journey(("waves", "STEPS", 600), forecast),
    "sunspots-like": Journey(("sunspots", "STEPS", 600), forecast),
    "walking": Journey(("walking", "EACH", 8), classify),
    "vowels": Journey(("vowels", "EACH", 4), classify),
    "tones": Journey(("tones", "COUNT", 40), transcribe),
    "shapes": Journey(("shapes", "COUNT", 40), caption),
    "tunes": Journey(("tunes", "COUNT", 2), play_tune),
    "ratings": Journey(("ratings", "EACH", 10), rate),
}


@pytest.mark.parametrize("name", JOURNEYS)
def test_a_sample_is_opened_trained_and_used_as_its_kind_is_used(
    empty_person: Person, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    person, journey = empty_person, JOURNEYS[name]
    module, constant, value = journey.size
    monkeypatch.setattr(sys.modules[f"engine.data.samples.{module}"], constant, value)
    monkeypatch.setattr("engine.data.samples.shapes.HELD_OUT", 10)
    sample = engine.SAMPLES[name]
    small = replace(sample, settings={**sample.settings, "hidden_size": 8})
    monkeypatch.setitem(engine.SAMPLES, name, small)
    notices: list[Notice] = []
    person.session.notices.posted.connect(notices.append)
    person.choose_sample(name)
    train_and_stop(person, 2)
    journey.use(person)
    person.session.set_theme(DARK)
    person.window.resize(1100, 700)
    person.window.grab()
    assert not [notice.text for notice in notices if notice.level is Level.ERROR]
