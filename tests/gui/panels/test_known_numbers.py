"""A text whose right number is in the data is shown and played beside it, as one with a label is."""

from __future__ import annotations

import math

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

import engine
from engine.data.examples import Example
from gui.panels.compare.inner_values import gradient_curve
from gui.panels.gradient import GradientPanel
from gui.panels.try_it.rate import RateView
from gui.panels.unrolled.unrolled_panel import UnrolledPanel
from tests.gui.conftest import Person
from tests.gui.panels.open_views import model_of
from tests.gui.panels.test_hardest import click_text, settled
from tests.gui.panels.test_play import play
from tests.gui.panels.test_unrolled import panel_of
from tests.gui.panels.trying import shown, train_and_stop, write
from tests.gui.unrolled_view.test_canvas import drawn_words

pytestmark = pytest.mark.sample("ratings")


@pytest.fixture
def rater(person: Person, request: pytest.FixtureRequest) -> Person:
    """A network that rates reviews and has learned a little."""
    person.session.set_model(hidden_size=8, number_loss=getattr(request, "param", "gaussian"))
    person.wait_ready()
    train_and_stop(person, 20)
    return person


def chosen(person: Person) -> tuple[UnrolledPanel, Example]:
    """Click a validation text in Try it, and wait for the picture beside its number."""
    view = shown(person, RateView)
    settled(person, view.hardest)
    text = click_text(person, view.hardest, 1)
    dataset, panel = person.session.data.dataset, panel_of(person)
    assert dataset is not None
    example = next(each for each in dataset.validation if dataset.codec.join(each.source) == text)
    person.wait_until(lambda: panel.looked is not None and panel.looked.tokens == example.source)
    person.wait_until(lambda: panel.canvas.diagram.columns[-1].truth != "")
    return panel, example


def test_a_validation_text_is_shown_with_its_number_and_the_loss(rater: Person) -> None:
    panel, example = chosen(rater)
    last, model = panel.canvas.diagram.columns[-1], model_of(rater)
    assert last.truth == f"{example.target[0]:g}"
    loss, _ = model.loss([example])
    assert last.loss == pytest.approx(loss, rel=1e-4)
    numbers = panel.canvas.diagram.numbers
    assert numbers is not None
    assert numbers.truths is not None
    np.testing.assert_allclose(numbers.truths, [example.target])
    words = drawn_words(panel.canvas.diagram, panel.canvas.placed(), panel.canvas)
    assert f"target {last.truth}" in words
    assert any(word.startswith("loss ") for word in words)
    write(rater, "nobody has rated this soup")
    rater.wait_until(lambda: panel.looked is not None and panel.looked.tokens[0] == "nobody")
    assert panel.canvas.diagram.columns[-1].truth == ""


@pytest.mark.parametrize("rater", ["gaussian", "squared"], indirect=True)
def test_play_takes_the_error_from_the_right_number_and_carries_it_back(rater: Person) -> None:
    panel, example = chosen(rater)
    play(rater)
    playing = panel.play_line.playing
    assert playing is not None
    assert playing.step.known
    model = model_of(rater)
    loss = model.loss_and_gradient([example])
    gradient = math.sqrt(float(np.dot(model.gradients.flat, model.gradients.flat)))
    assert playing.step.loss == pytest.approx(loss, rel=1e-4)
    assert playing.step.gradient_norm == pytest.approx(gradient, rel=1e-4)
    flows = engine.gradient_flow(model, example).layers.values()
    for played, true in zip(playing.step.gradients, flows, strict=True):
        np.testing.assert_allclose(played, true, rtol=1e-3)
        assert np.all(played > 0)
    while not panel.play_line.playing.loses:  # type: ignore[union-attr]
        rater.qtbot.keyClick(panel.canvas, Qt.Key.Key_Right)
    said = rater.find(QLabel, "play-caption").text()
    assert "the right answer" in said
    assert "unknown" not in said
    assert f"target {example.target[0]:g}" in drawn_words(panel.canvas.diagram, panel.canvas.placed(), panel.canvas)


def test_the_gradient_is_that_of_the_error_and_of_an_unknown_one_its_shares_are_told(rater: Person) -> None:
    _, example = chosen(rater)
    view = rater.window.panels["gradient"]
    assert isinstance(view, GradientPanel)
    true = engine.gradient_flow(model_of(rater), example).carried
    assert true[-1] > 0
    rater.wait_until(lambda: shares(view) == pytest.approx((true / true[-1]).tolist(), rel=1e-3))
    text = "nobody has rated this soup"
    write(rater, text)
    rater.wait_until(lambda: view.flow is not None and len(view.flow.values) == len(text.split()))
    assert view.flow is not None
    assert "No gradient" not in view.flow.headline
    assert shares(view)[-1] == 1


@pytest.mark.sample("reviews")
def test_the_gradient_of_a_wrong_label_is_that_of_the_right_one(person: Person) -> None:
    person.session.set_model(hidden_size=8)
    person.wait_ready()
    view, dataset, model = person.window.panels["gradient"], person.session.data.dataset, model_of(person)
    assert isinstance(view, GradientPanel)
    assert dataset is not None
    wrong = next(each for each in dataset.validation if next(iter(model.classify(each.source))) != each.target[0])
    person.session.probe.set(dataset.codec.join(wrong.source))
    true, own = (engine.gradient_flow(model, text).carried for text in (wrong, wrong.source))
    assert true[-1] != pytest.approx(own[-1], rel=0.01)
    person.wait_until(lambda: view.flow is not None and view.flow.values[-1].value == pytest.approx(true[-1], rel=1e-3))
    curve = gradient_curve(engine.Snapshot.of(model), person.session.probe.given, None, wrong.target)
    np.testing.assert_allclose(curve.y, true / true[-1], rtol=1e-3)


def shares(view: GradientPanel) -> list[float]:
    """Of the gradient at the last step."""
    values = [] if view.flow is None else [bar.value for bar in view.flow.values]
    return [value / values[-1] for value in values]
