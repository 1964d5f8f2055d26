"""Going back after a divergence, going on after the last epoch."""

from __future__ import annotations

import re

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtWidgets import QLabel, QProgressBar, QPushButton

import engine
from engine.number_text import percent
from engine.runs.measured import Measured
from engine.training.verdict import Finding
from gui.panels.unrolled.unrolled_panel import UnrolledPanel
from gui.session.notice import Notice
from gui.session.progress import Curve
from gui.session.run_endings import end_in_words, restored
from gui.training.messages import Ended, Kept
from tests.gui.conftest import Person
from tests.gui.saving.saving import (
    said,
    settled,
)

pytestmark = pytest.mark.one_window


@pytest.mark.sample("alphabet")
def test_after_a_divergence_it_goes_back_to_the_last_good_weights_with_a_lower_rate(person: Person) -> None:
    session = person.session
    session.run.set_training(optimizer="adamw", weight_decay=1.0, clip_norm=0.0)
    person.wait_ready()
    person.press(Qt.Key.Key_Space)
    person.wait_until(lambda: len(session.run.curve.validation_loss) >= 1)
    person.wait_steps(200)  # it has learned something that can be gone back to
    good, run = float(session.run.curve.validation_loss[0]), session.run.number
    session.run.set_training(learning_rate=10.0)
    person.wait_until(lambda: session.run.status == "diverged")
    assert "diverged" in said(person)
    step = session.run.progress.step
    found = re.search(
        r"Go back to step ([\d,]+), at learning rate 1$", person.find(QPushButton, "notice-action").text()
    )
    assert found is not None
    assert f"The last good weights are those of step {found[1]}." in said(person)
    best = int(found[1].replace(",", ""))
    assert 0 < best < step
    assert session.run.curve.train_loss[best] < 1.5 * good
    person.click("notice-action")
    assert session.run.training_config.learning_rate == 1.0
    person.wait_steps(step + 1)
    assert session.run.number == run
    assert session.run.curve.train_loss[step] < 1.5 * good


@pytest.mark.sample("alphabet")
def test_raising_the_epochs_after_the_last_one_trains_on(person: Person) -> None:
    session = person.session
    session.run.set_training(epochs=1)
    person.press(Qt.Key.Key_Space)
    person.wait_until(lambda: session.run.status == "finished")
    settled(person)
    run, steps = session.run.number, len(session.run.curve)
    person.type("epochs", "2")
    assert session.run.status == "paused"
    assert session.run.number == run
    person.press(Qt.Key.Key_Space)
    person.wait_until(lambda: session.run.status == "finished")
    assert len(session.run.curve) == 2 * steps
    assert session.run.progress.epoch == 2


@pytest.mark.sample("order")
def test_a_run_that_ends_with_its_epochs_and_nothing_else_to_say_says_so(person: Person) -> None:
    session = person.session
    session.run.set_training(epochs=1, learning_rate=0.01, patience=0)
    person.wait_ready()
    person.press(Qt.Key.Key_Space)
    person.wait_until(lambda: session.run.status == "finished")
    settled(person)
    session.run.over.emit(Ended(session.run.number, diverged=False))
    step, last = session.run.progress.step, session.run.curve.validation_loss[-1]
    assert said(person) == f"Training stopped at step {step:,}: all epochs are complete (validation loss {last:.3f})."


@pytest.mark.sample("alphabet")
def test_train_on_after_the_last_epoch_makes_as_many_again(person: Person) -> None:
    session = person.session
    session.run.set_training(epochs=1)
    person.press(Qt.Key.Key_R)
    person.wait_ready()
    person.press(Qt.Key.Key_Space)
    person.wait_until(lambda: session.run.status == "finished")
    steps = len(session.run.curve)
    assert person.find(QPushButton, "train").text() == "+1 epoch", "as many as the run had at first"
    assert "1 epoch more" in person.find(QPushButton, "train").toolTip()
    person.click("train")
    person.wait_until(lambda: session.run.status == "finished")
    assert len(session.run.curve) == 2 * steps
    assert person.find(QLabel, "progress-epoch").text() == "epoch 2 / 2"
    assert session.run.training_config.epochs == 1, "what the next network is trained with stays as it was set"
    assert person.find(QPushButton, "train").text() == "+1 epoch"
    person.press(Qt.Key.Key_R)
    person.wait_ready()
    person.wait_until(lambda: person.find(QLabel, "progress-epoch").text() == "epoch 0 / 1")


def overfit(person: Person, epochs: int, patience: int, best_by: str = "loss", schedule: str = "constant") -> None:
    """Train until the end on so little that it is soon known by heart."""
    session = person.session
    person.choose_sample("order")
    session.run.set_training(
        epochs=epochs, patience=patience, learning_rate=0.02, seed=1, best_by=best_by, schedule=schedule
    )
    person.wait_ready()
    person.press(Qt.Key.Key_Space)
    person.wait_until(lambda: session.run.status == "finished")
    settled(person)


def test_when_patience_ends_the_run_the_window_says_so_and_goes_back_to_the_best_weights(person: Person) -> None:
    overfit(person, epochs=1000, patience=2)
    session, losses = person.session, person.session.run.curve.validation_loss
    best = int(session.run.curve.validation_steps[losses.argmin()])
    assert session.run.progress.step < session.run.progress.steps_total
    assert f"Training stopped at step {session.run.progress.step:,}" in said(person)
    assert "not improved for 2 epochs" in said(person)
    assert f"from step {best:,} (validation loss {losses.min():.3f})" in said(person)
    assert person.find(QLabel, "progress-left").text().replace("\u2009", " ").endswith(f"best at step {best}")
    assert session.data.dataset is not None
    assert session.run.snapshot is not None
    shown = engine.evaluate(session.run.snapshot.model(), session.data.dataset.validation, 1000)
    assert shown.loss == pytest.approx(losses.min(), rel=1e-4)
    # what is shown names the step of these weights, not that of the end
    panel, answers = person.window.panels["unrolled"], person.window.panels["try_it"].subtitle
    assert isinstance(panel, UnrolledPanel)
    canvas = panel.canvas
    expected = f"with the weights of training step {best:,}"
    person.wait_until(lambda: answers.accessibleDescription() == f"Answered {expected}")
    place = QPointF(canvas.placed().column_x(1), 50)
    person.wait_until(lambda: canvas.pointer.tip_at(place).splitlines()[-1:] == [f"computed {expected}"])
    person.click("play")
    person.wait_until(lambda: canvas.playing is not None)
    assert canvas.pointer.tip_at(place).splitlines()[-1] == f"computed {expected}"
    person.click("train")
    assert session.run.kept is None


def test_a_run_whose_rate_fell_early_is_complete_in_words_and_in_the_bar_and_offers_what_was_set(
    person: Person,
) -> None:
    overfit(person, epochs=300, patience=2, schedule="adaptive")
    epoch, bar = person.session.run.progress.epoch, person.find(QProgressBar, "progress")
    assert epoch < 300
    assert bar.value() == bar.maximum()
    assert person.find(QLabel, "progress-epoch").text() == f"epoch {epoch} / {epoch}"
    person.click("train")
    person.wait_until(lambda: person.find(QLabel, "progress-epoch").text().endswith(f" / {epoch + 300}"))
    person.click("train")
    assert person.session.run.training_config.epochs == 300


def test_an_end_that_comes_nearer_is_said_at_that_moment_with_its_reason(person: Person) -> None:
    told: list[Notice] = []
    person.session.notices.posted.connect(told.append)
    overfit(person, epochs=300, patience=2, schedule="adaptive")
    ended = person.session.run.progress.epochs
    sooner = (
        "The validation loss has not improved for 2 epochs: the learning rate now falls, and training ends after "
        f"epoch {ended} instead of 300."
    )
    texts = [notice.text for notice in told]
    assert texts.count(sooner) == 1
    assert texts.index(sooner) < len(texts) - 1, "before the end"
    assert said(person) == texts[-1]


def test_where_the_last_step_is_the_best_the_end_says_so_and_that_the_rate_was_lowered() -> None:
    told = restored(Kept(900, 0.25, True), engine.TrainingConfig(patience=2, schedule="adaptive"), Curve(), 900)
    assert told == (
        "Training stopped at step 900: the validation loss had not improved for 2 epochs, so the rate was lowered to "
        "end the run. It has improved since: the last step is the best (validation loss 0.250)."
    )


def test_where_another_figure_decides_the_end_names_it_and_not_the_loss(person: Person) -> None:
    overfit(person, epochs=1000, patience=2, best_by="accuracy")
    kept, curve = person.session.run.kept, person.session.run.curve
    assert kept is not None
    value = curve.validation_metrics["accuracy"][list(curve.validation_steps).index(kept.step)]
    assert value == max(curve.validation_metrics["accuracy"])
    shown = " ".join(percent(value, 1).split())
    assert f"from step {kept.step:,} (validation accuracy {shown})" in said(person)
    assert "validation loss" not in said(person)


def test_a_network_that_is_too_small_is_trained_anew_with_twice_the_units_at_a_click(person: Person) -> None:
    session = person.session
    finding = Finding("Perhaps underfitted: 4 hidden units may help.", "hidden_size", 4)
    session.run.over.emit(Ended(session.run.number, False, findings=(finding,)))
    assert said(person) == finding.text
    assert person.find(QPushButton, "notice-action").text() == "Train 4 units"
    person.click("notice-action")
    assert session.run.model_config.hidden_size == 4
    person.wait_steps(1)


def test_where_the_loss_exploded_it_is_trained_anew_at_a_lower_rate_at_a_click(person: Person) -> None:
    session = person.session
    session.run.set_training(learning_rate=1.0, clip_norm=0.0)
    person.press(Qt.Key.Key_Space)
    person.wait_steps(1)
    person.press(Qt.Key.Key_Space)
    exploded = session.run.number
    finding = Finding("The loss has exploded.", "learning_rate", 0.1)
    session.run.over.emit(Ended(exploded, False, findings=(finding,)))
    assert person.find(QPushButton, "notice-action").text() == "Train anew at learning rate 0.1"
    person.click("notice-action")
    assert (session.run.training_config.learning_rate, session.run.training_config.clip_norm) == (0.1, 0.0)
    assert session.run.number != exploded
    person.wait_steps(1)


def test_a_large_loss_at_the_end_is_written_as_in_the_head_of_the_window() -> None:
    told = restored(Kept(900, 2169.937, True), engine.TrainingConfig(patience=2), Curve(), 900)
    assert told.endswith("(validation loss 2.17e3).")


def test_the_end_tells_of_a_test_that_was_made_with_other_weights() -> None:
    training, curve, tested = engine.TrainingConfig(patience=2), Curve(), Measured("/a/test.csv", 1295, 9, 0.5, {})

    def end(kept: Kept | None) -> str:
        return end_in_words(Ended(1, False, kept, findings=(Finding("Good."),)), training, curve, 1530, tested)

    other = "test.csv was tested at step 1,295, with other weights than these."
    assert end(Kept(1224, 0.5, True)).endswith(f"(validation loss 0.500). {other} Good.")
    assert end(None) == f"{other} Good."
    assert "test.csv" not in end(Kept(1295, 0.5, True))
    over = end_in_words(Ended(1, False), training, curve, 1530, tested)
    assert over == f"Training stopped at step 1,530: all epochs are complete. {other}"


@pytest.mark.sample("recall")
def test_where_the_gradient_vanishes_a_cell_with_gates_is_trained_at_a_click_and_remembers(person: Person) -> None:
    session = person.session
    session.set_model(cell="rnn")
    person.wait_ready()
    person.press(Qt.Key.Key_Space)
    person.wait_until(lambda: "gradient vanishes" in said(person))
    assert "units" not in said(person)
    assert person.find(QPushButton, "notice-action").text() == "Train LSTM"
    plain = session.run.number
    person.click("notice-action")
    person.wait_until(lambda: session.run.number != plain and session.run.status == "finished")
    assert session.run.model_config.cell == "lstm"
    assert session.run.curve.validation_metrics["accuracy"][-1] > 0.95


@pytest.mark.sample("alphabet")
def test_a_run_that_still_improved_trains_on_at_a_click(person: Person) -> None:
    session = person.session
    session.run.set_training(epochs=1, patience=50, schedule="adaptive")
    person.press(Qt.Key.Key_R)
    person.wait_ready()
    person.press(Qt.Key.Key_Space)
    person.wait_until(lambda: session.run.status == "finished")
    person.wait_until(lambda: "Validation was still improving" in said(person))
    person.click("notice-action")
    person.wait_until(lambda: session.run.status == "finished")
    assert session.run.progress.epoch == 2


def test_what_an_ended_run_offers_does_nothing_to_the_next_one(person: Person) -> None:
    session = person.session
    session.run.over.emit(Ended(session.run.number, False, findings=(Finding("Small.", "hidden_size", 4),)))
    person.choose_sample("alphabet")
    person.wait_ready()
    if person.find(QPushButton, "notice-action").text() == "Train 4 units":
        person.click("notice-action")
    assert session.run.model_config.hidden_size != 4
    assert not session.run.training


@pytest.mark.sample("alphabet")
def test_patience_that_was_not_needed_is_not_spoken_of(person: Person) -> None:
    person.session.run.set_training(epochs=3, patience=50)
    person.wait_ready()
    person.press(Qt.Key.Key_Space)
    person.wait_until(lambda: person.session.run.status == "finished")
    settled(person)
    assert "best" not in said(person)
    assert person.find(QLabel, "progress-left").text() == "done"


def test_a_run_that_diverges_from_the_start_offers_its_first_weights(person: Person) -> None:
    session = person.session
    session.run.set_training(optimizer="adamw", weight_decay=1.0, learning_rate=10.0, clip_norm=0.0)
    person.wait_ready()
    person.press(Qt.Key.Key_Space)
    person.wait_until(lambda: session.run.status == "diverged")
    assert "No later weights were as good as the first ones" in said(person)
    assert "first weights" in person.find(QPushButton, "notice-action").text()
