"""After early stopping every place in the window speaks of the weights that were kept."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QLabel, QWidget

import engine
from engine.number_text import loss_text, percent
from gui.panels.runs.run_table import RunRow, facts
from gui.session.current_run import CurrentRun
from tests.gui.conftest import Person
from tests.gui.panels.opening import open_file
from tests.gui.saving.saving import choose, said, save

pytestmark = pytest.mark.one_window

NAMES = "Ada", "Bo", "Cleo", "Dan", "Eva", "Finn", "Gus", "Hal"
PLACES = "Bern", "Lima", "Oslo", "Rome", "Riga", "Suva"


def stopped_early(person: Person) -> CurrentRun:
    """Train a small classifier until its validation no longer improves."""
    person.choose_sample("reviews")
    run = person.session.run
    person.session.set_model(hidden_size=16, embedding_size=8, dropout=0.0)
    run.set_training(patience=2, epochs=40, learning_rate=0.05, schedule="constant")
    person.wait_ready()
    person.press(Qt.Key.Key_Space)
    person.wait_until(lambda: run.status == "finished")
    return run


def test_after_early_stopping_header_exports_and_report_speak_of_the_same_weights(
    person: Person, tmp_path: Path
) -> None:
    run = stopped_early(person)
    curve, kept = run.curve, run.kept
    assert kept is not None
    assert kept.step < run.progress.step
    best = int(np.argmin(curve.validation_loss))
    assert kept.step == curve.validation_steps[best]
    loss, accuracy = float(curve.validation_loss[best]), float(curve.validation_metrics["accuracy"][best])
    header = person.find(QLabel, "loss-reading")
    person.wait_until(lambda: f"step {kept.step:,}" in header.text())
    assert f"{loss:.3f}" in header.text()
    assert person.find(QLabel, "progress-loss").text() == f"val. loss {loss_text(loss)}"
    assert person.find(QLabel, "progress-accuracy").text() == f"val. acc. {percent(accuracy, 1)}"
    assert person.find(QLabel, "progress-left").text() == f"best at step {kept.step:,}"
    person.find(QAction, "export-pytorch").trigger()
    choose(person, "export-dialog", tmp_path / "torch")
    person.wait_until(lambda: "torch" in said(person))
    assert said(person) == f"Saved “torch” with the weights of step {kept.step:,}."
    person.find(QAction, "export-report").trigger()
    choose(person, "export-dialog", tmp_path / "report.html")
    person.wait_until(lambda: "report" in said(person))
    assert said(person) == f"Saved “report.html” with the weights of step {kept.step:,}."
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert f"All answers below are given with the weights of step {kept.step:,}." in page
    first = re.search(r"of the best weights.*?Loss<td[^>]*>([0-9.]+)", page, re.DOTALL)
    assert first is not None
    assert first[1] == f"{loss:.4f}"
    person.session.run.capture(lambda saved: captured.append(saved))
    captured: list[engine.Run | None] = []
    person.wait_until(lambda: bool(captured))
    assert captured[0] is not None
    dataset = person.session.data.dataset
    assert dataset is not None
    assert engine.evaluate(captured[0].snapshot.model(), dataset.validation).loss == pytest.approx(loss, rel=1e-4)


@pytest.mark.sample("order")
def test_a_run_that_is_opened_again_says_which_weights_it_holds(person: Person, tmp_path: Path) -> None:
    run = person.session.run
    run.set_training(patience=2, epochs=40, learning_rate=0.3, schedule="constant")
    person.wait_ready()
    person.press(Qt.Key.Key_Space)
    person.wait_until(lambda: run.status == "finished")
    kept, step = run.kept, run.progress.step
    assert kept is not None
    assert kept.step < step
    held = f"step {step:,}, with the weights of step {kept.step:,}"
    save(person, tmp_path / "early.unroll")
    assert said(person) == f"Saved “early.unroll” at {held}."
    measured, losses = person.find(QLabel, "progress-loss").text(), run.curve.validation_loss
    person.click("reset")
    person.wait_ready()
    person.window.run_files.open(tmp_path / "early.unroll")
    figure = f"validation loss {losses.min():.3f}"
    person.wait_until(lambda: said(person) == f"Opened “early.unroll” at {held} ({figure}).")
    assert run.kept == kept
    assert person.find(QLabel, "progress-left").text() == f"best at step {kept.step:,}"
    assert person.find(QLabel, "progress-loss").text() == measured
    listed = person.session.runs.now()
    assert listed is not None
    first, second, third, *_ = facts(RunRow(listed, True, True))
    assert first == f"best loss {listed.best_loss:.3f} at step {kept.step:,}"
    accuracy = dict(zip(run.curve.validation_steps.tolist(), run.curve.validation_metrics["accuracy"], strict=True))
    assert second == f"accuracy {percent(float(accuracy[kept.step]), 1)} there"
    assert third == f"step {step:,}"


def test_a_classifier_shows_its_accuracy_at_first_sight_and_a_writer_does_not(person: Person) -> None:
    assert person.find(QLabel, "progress-accuracy").text() == ""
    person.choose_sample("order")
    person.press(Qt.Key.Key_Space)
    shown = person.find(QLabel, "progress-accuracy")
    person.wait_until(lambda: shown.isVisible() and shown.text().startswith("val. acc. "))
    person.press(Qt.Key.Key_Space)
    person.wait_until(lambda: not person.session.run.busy)
    measured = person.session.run.curve.validation_metrics["accuracy"]
    person.wait_until(lambda: shown.text() == f"val. acc. {percent(float(measured[-1]), 1)}")


def test_figures_of_the_kept_weights_never_stand_beside_the_last_step_alone(person: Person) -> None:
    stopped_early(person)
    accuracy, step, kept = (person.find(QLabel, f"progress-{name}") for name in ("accuracy", "step", "left"))
    for width in (960, 1100, 1200, 1440):
        person.resize(width, 700)
        person.wait_until(accuracy.isVisible)
        assert kept.text().startswith("best at step ")
        assert kept.isVisible() or not step.isVisible(), width
        assert kept.isVisible() or width < 1440


def test_where_tags_name_entities_their_f1_is_in_the_top_bar(person: Person, tmp_path: Path) -> None:
    file = tmp_path / "entities.conll"
    people = "".join(f"{name} B-PER\nsees O\n{place} B-LOC\n\n" for name in NAMES for place in PLACES)
    file.write_text(people, encoding="utf-8")
    open_file(person, file)
    person.press(Qt.Key.Key_Space)
    shown = person.find(QLabel, "progress-accuracy")
    person.wait_until(lambda: shown.isVisible() and shown.text().startswith("val. F1 "))
    person.press(Qt.Key.Key_Space)
    person.wait_until(lambda: not person.session.run.busy)
    measured = person.session.run.curve.validation_metrics["entity_f1"]
    person.wait_until(lambda: shown.text() == f"val. F1 {percent(float(measured[-1]), 1)}")
    assert shown.toolTip().startswith("Validation entity F1, measured on ")


@pytest.mark.sample("order")
def test_the_accuracy_is_whole_at_any_width(person: Person) -> None:
    person.press(Qt.Key.Key_Space)
    shown, views = person.find(QLabel, "progress-accuracy"), person.find(QWidget, "views")
    person.wait_until(lambda: shown.text().startswith("val. acc. "))
    person.press(Qt.Key.Key_Space)
    panel = person.window.panels["train_bar"]
    for width in (960, 1060, 1150, 1310, 1440):
        person.resize(width, 700)
        person.wait_until(shown.isVisible)
        assert shown.width() >= shown.fontMetrics().horizontalAdvance(shown.text()), width
        person.wait_until(
            lambda: shown.mapTo(panel, shown.rect().topRight()).x() < views.mapTo(panel, views.rect().topLeft()).x()
        )
