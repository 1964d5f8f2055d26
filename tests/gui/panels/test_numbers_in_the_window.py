"""Series, sounds, pictures and ratings in the window: every view draws them, and Try it uses them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtWidgets import QLabel, QLineEdit, QPlainTextEdit, QPushButton

import engine
from engine.data.codec import Kind
from engine.data.numbers.recording import Recording
from engine.data.samples.sample import Sample
from gui.panels.base.view import View
from gui.panels.try_it.classify_frames import ClassifyFramesView
from gui.panels.try_it.describe_frames import CaptionView, TranscribeView
from gui.panels.try_it.forecast import ForecastView
from gui.panels.try_it.rate import RateView
from gui.panels.try_it.view import TryView
from gui.panels.unrolled import UnrolledPanel
from gui.session.notice import Level, Notice
from gui.widgets.example_rows import ExampleRows
from tests.gui.conftest import Person
from tests.gui.panels.open_views import open_view
from tests.gui.panels.trying import shown, train_and_stop, write

WAVE = np.sin(np.arange(200) / 5)[:, None]


def bands() -> list[tuple[Any, str]]:
    """Eight bands over time, of which one is louder: a, b or c."""
    rng = np.random.default_rng(1)
    rows = []
    for row in range(40):
        frames = rng.normal(scale=0.2, size=(6, 8))
        frames[:, row % 3] += 2
        rows.append((frames, "abc"[row % 3]))
    return rows


def squares() -> list[tuple[Any, str]]:
    """A red, a green or a blue square of 6 × 6 pixels, with a little noise."""
    rng = np.random.default_rng(1)
    rows = []
    for row in range(40):
        pixels = rng.random((6, 6, 3)) * 0.1
        pixels[..., row % 3] = 0.9
        rows.append((pixels, ("red", "green", "blue")[row % 3]))
    return rows


KINDS: dict[str, tuple[str, Callable[[], Any], type[TryView]]] = {
    "series": ("many-to-many", lambda: [WAVE], ForecastView),
    "labelled-series": ("many-to-one", bands, ClassifyFramesView),
    "speech": ("encoder-decoder", bands, TranscribeView),
    "pictures": ("one-to-many", squares, CaptionView),
    "rated": ("many-to-one", lambda: [("ab" * (k % 5 + 1), float(k % 5)) for k in range(40)], RateView),
}


@pytest.fixture
def numbers(empty_person: Person, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Person]:
    """The window with small data of a kind, its network ready."""

    def load(kind: str) -> Person:
        architecture, rows, _ = KINDS[kind]
        settings = {"hidden_size": 8, "epochs": 4, "batch_size": 8, "attention": kind == "speech"}
        sample = Sample("small", "Small", "Small data.", Kind(kind), "character", architecture, "", rows, settings)
        monkeypatch.setitem(engine.SAMPLES, "small", sample)
        empty_person.session.data.load_sample("small")
        empty_person.wait_ready()
        return empty_person

    return load


@pytest.mark.parametrize("kind", KINDS)
def test_every_view_draws_numbers_and_try_it_answers(numbers: Callable[[str], Person], kind: str) -> None:
    person = numbers(kind)
    told: list[Notice] = []
    person.session.notices.told.connect(told.append)
    for name in person.window.docking.views:
        open_view(person, name, View).grab()
    train_and_stop(person, 3)
    view = shown(person, KINDS[kind][2])
    person.wait_until(lambda: view.answers() is not None)
    assert not [notice.text for notice in told if notice.level is Level.ERROR]


def test_the_preview_draws_what_a_text_cannot_say(numbers: Callable[[str], Person]) -> None:
    person = numbers("labelled-series")
    rows = person.find(ExampleRows, "preview")
    before = rows.grab().toImage()
    assert "8 numbers at each step" in person.find(QLabel, "data-vocabulary").text()
    rows.set_rows(rows.rows)  # without the pictures
    assert rows.grab().toImage() != before


def test_a_click_in_the_forecast_moves_now_and_the_error_is_counted_from_there(
    numbers: Callable[[str], Person],
) -> None:
    person = numbers("series")
    train_and_stop(person, 3)
    view = shown(person, ForecastView)
    person.wait_until(lambda: view.answers() is not None)
    before = view.verdict.text()
    box = view.plot.box
    box.clicked.emit(QPointF(box.width() / 2, box.height() / 2))
    person.wait_until(lambda: view.verdict.text() != before)
    answers = view.answers()
    assert answers is not None
    first = int(answers.rows[0][0])  # the step that is forecast first, counted from 1
    truth = WAVE[first - 1 : first - 1 + len(answers.rows), 0]
    off = np.abs(np.array([row[2] for row in answers.rows])[: len(truth)] - truth).mean()
    still = np.abs(WAVE[first - 2, 0] - truth).mean()
    assert view.verdict.text().startswith(f"Read up to step {first - 1}. Off by {off:.3g} ")
    assert view.verdict.text().endswith(f"off by {still:.3g}.")


def test_another_example_is_a_recording_whose_label_the_picture_knows(numbers: Callable[[str], Person]) -> None:
    person = numbers("labelled-series")
    person.click("try-another")
    given = person.session.probe.given
    assert isinstance(given, Recording)
    assert person.find(QLineEdit, "probe").isReadOnly()
    dataset, panel = person.session.data.dataset, person.window.panels["unrolled"]
    assert dataset is not None
    assert isinstance(panel, UnrolledPanel)
    truth = dataset.validation[0].target[0]
    person.wait_until(lambda: panel.canvas.diagram.columns[-1].truth == truth)


def test_the_picture_says_how_far_off_a_predicted_number_may_be(numbers: Callable[[str], Person]) -> None:
    person = numbers("series")
    panel = person.window.panels["unrolled"]
    assert isinstance(panel, UnrolledPanel)
    person.wait_until(lambda: panel.canvas.diagram.numbers is not None)
    diagram = panel.canvas.diagram
    assert diagram.numbers is not None
    mean, deviation, truth = diagram.numbers.at(0, 0)
    read = [float(number) for number in person.session.probe.text.split()]
    assert truth == pytest.approx(read[1], rel=1e-3)  # what is read at the next step
    low, high = diagram.numbers.limits(0)
    assert low <= mean - deviation
    assert mean + deviation <= high
    assert not diagram.outcomes


def test_numbers_that_cannot_be_read_are_refused_in_words(numbers: Callable[[str], Person]) -> None:
    person = numbers("series")
    person.type("probe", "1 2 many")
    line = person.find(QLabel, "inside-text")
    person.wait_until(lambda: "Expected numbers" in line.text())


def test_a_text_is_rated_as_it_is_typed(numbers: Callable[[str], Person]) -> None:
    person = numbers("rated")
    train_and_stop(person, 3)
    view = shown(person, RateView)
    write(person, "abab")
    person.wait_until(lambda: (found := view.answers()) is not None and found.rows[0][0] == "abab")
    assert "±" in view.verdict.text()
    assert person.find(QPlainTextEdit, "try-text").toPlainText() == "abab"
    assert not any(button.objectName() == "try-another" for button in view.findChildren(QPushButton))


def test_a_picture_is_drawn_with_the_mouse_and_captioned_anew(numbers: Callable[[str], Person]) -> None:
    person = numbers("pictures")
    view = shown(person, CaptionView)
    person.click("brush-green")
    person.click("brush-fill")
    person.wait_until(lambda: person.session.probe.text == "drawn by hand")
    person.click("brush-red")
    pixel = view.field.picture.height() / 6
    at = QPointF(2.5 * pixel, 1.5 * pixel).toPoint()
    person.qtbot.mouseClick(view.field.picture, Qt.MouseButton.LeftButton, pos=at)
    given = person.session.probe.given
    assert isinstance(given, Recording)
    assert given.values[1, 2].tolist() == [1.0, 0.0, 0.0]
    assert given.values.sum(axis=(0, 1)) == pytest.approx([1.0, 0.7 * 35, 0.0])  # one red pixel among green ones
    person.wait_until(lambda: (found := view.answers()) is not None and found.rows[0][0] == "drawn by hand")
