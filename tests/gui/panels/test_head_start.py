"""An untrained network that already answers well: the window says so, and why, until training says more."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel

from gui.panels.metrics import MetricsPanel
from tests.gui.conftest import Person
from tests.gui.panels.open_views import open_view, train_a_little
from tests.gui.saving.saving import settled
from tests.gui.saving.test_from_pytorch import exported
from tests.gui.written import tip_of

CAPTION, WHY = "untrained, it repeats the last value", "this change is close to zero"


def test_a_network_that_counts_from_the_last_value_says_that_it_repeats_it_before_the_first_step(
    numbers: Callable[[str], Person],
) -> None:
    person = numbers("series")
    settled(person)
    below, loss = person.find(QLabel, "loss-levels"), person.window.panels["loss"]
    person.wait_until(lambda: "none beaten yet" in below.text())
    assert WHY not in loss.help()
    person.session.set_model(lag=1)
    person.wait_ready()
    settled(person)
    person.wait_until(lambda: CAPTION in below.text())
    assert "last value" in below.text(), "the baselines stand there as before"
    assert WHY in loss.help()
    person.wait_until(lambda: WHY in tip_of(below))
    train_a_little(person, 3)
    person.wait_until(lambda: CAPTION not in below.text())
    assert WHY in loss.help()


@pytest.mark.sample("reviews")
def test_counted_words_are_named_as_the_reason_for_answers_before_training(person: Person) -> None:
    person.session.set_model(word_counts=True)
    person.wait_ready()
    settled(person)
    below = person.find(QLabel, "loss-levels")
    person.wait_until(lambda: "untrained, it already weighs counted words" in below.text())
    metrics = open_view(person, "metrics", MetricsPanel)
    assert "naive Bayes" in metrics.hint.text()
    person.session.set_model(word_counts=False)
    person.wait_ready()
    person.wait_until(lambda: "naive Bayes" not in metrics.hint.text())
    person.window.docking.show_view("loss")
    person.wait_until(lambda: "none beaten yet" in below.text())


@pytest.mark.sample("reviews")
def test_a_network_that_was_trained_elsewhere_is_not_called_untrained(person: Person, tmp_path: Path) -> None:
    person.session.set_model(word_counts=True)
    person.wait_ready()
    exported(person, tmp_path / "grown")
    settled(person)
    below = person.find(QLabel, "loss-levels")
    person.wait_until(lambda: "untrained" in below.text())
    person.drop(tmp_path / "grown")
    person.wait_until(lambda: person.session.run.progress.step == 2)
    person.wait_ready()
    settled(person)
    person.wait_until(lambda: bool(below.text()) and "untrained" not in below.text())
    assert not len(person.session.run.curve), "which tells nothing of the steps before"
