"""The top bar at every width of the window: nothing lies on anything else."""

from __future__ import annotations

from itertools import pairwise

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget

from engine.number_text import NARROW, own_units
from gui.session.current_run import RunStatus
from gui.widgets.text import SteadyLabel
from tests.gui.conftest import Person
from tests.gui.panels.open_views import train_a_little

pytestmark = pytest.mark.one_window

WIDTHS = [900, 960, 1000, 1060, 1100, 1150, 1310, 1440]


@pytest.mark.parametrize(("epochs", "widths"), [(30, WIDTHS), (99_000, [1131, 1380])])
def test_the_numbers_of_the_run_end_before_the_buttons_begin(person: Person, epochs: int, widths: list[int]) -> None:
    train_a_little(person, 3)
    person.session.run.set_training(epochs=epochs)
    panel = person.window.panels["train_bar"]
    person.wait_until(lambda: person.find(QLabel, "progress-epoch").text().endswith(f"{epochs:,}"))

    def left(widget: QWidget) -> int:
        return widget.mapTo(panel, QPoint(0, 0)).x()

    def those(*names: str) -> list[QWidget]:
        found = (panel.findChild(QWidget, name) for name in names)
        return [widget for widget in found if widget is not None and widget.isVisible()]

    def are_apart() -> bool:
        labels = those(*(f"progress-{name}" for name in ("epoch", "step", "loss", "speed", "left")))
        first = min(map(left, those("save", "export", "views", "theme")))
        return (
            len(labels) >= (2 if panel.width() == 900 else 3)
            and all(left(a) + a.width() <= left(b) for a, b in pairwise(labels))
            and all(left(label) + label.width() <= first - 5 for label in labels)
        )

    for width in widths:
        person.resize(width, 700)
        person.wait_until(lambda width=width: panel.width() == width)
        person.wait_until(are_apart)


NARROW_BAR = {
    "names": {1250: ("loss", "left", "accuracy"), 1100: ("loss", "left"), 960: ("loss", "left")},
    "reviews": {1250: ("accuracy", "loss", "left"), 1100: ("accuracy", "left"), 960: ("accuracy", "left")},
}


@pytest.mark.parametrize("sample", NARROW_BAR)
def test_a_narrow_bar_has_accuracy_loss_and_time_left_first_and_they_stay_in_their_places(
    person: Person, sample: str
) -> None:
    train_a_little(person, 3)
    run, left = person.session.run, person.find(QLabel, "progress-left")
    for width, names in NARROW_BAR[sample].items():
        person.resize(width, 700)
        person.wait_until(lambda width=width: person.window.panels["train_bar"].width() == width)
        labels = [person.find(QLabel, f"progress-{name}") for name in ("epoch", *names)]
        person.wait_until(lambda labels=labels: all(label.isVisible() for label in labels))
        person.wait_until(lambda labels=labels: all(label.width() >= label.sizeHint().width() for label in labels))
        assert left.text() == "paused"
        places = [label.geometry().left() for label in labels if label is not left]
        run.train()
        person.wait_until(lambda: left.text().endswith(" left"))
        assert all(label.isVisible() for label in labels)
        assert places == [label.geometry().left() for label in labels if label is not left]
        run.pause()
        person.wait_until(lambda: left.text() == "paused")


@pytest.mark.sample("reviews")
def test_the_accuracy_stays_where_it_is_when_the_speed_goes_and_the_loss_gets_a_longer_name(person: Person) -> None:
    person.resize(1500, 700)
    person.wait_until(lambda: person.window.panels["train_bar"].width() == 1500)
    train_a_little(person, 3)
    labels = [person.find(QLabel, f"progress-{name}") for name in ("epoch", "step", "accuracy", "loss", "speed")]
    person.wait_until(lambda: all(label.isVisible() for label in labels))
    person.wait_until(lambda: all(a.geometry().right() < b.geometry().left() for a, b in pairwise(labels)))
    where = labels[2].x()
    labels[4].hide()
    labels[3].setText("val. loss 0.69")
    person.wait_until(lambda: labels[3].width() >= labels[3].sizeHint().width())
    assert labels[2].x() == where


def test_the_progress_bar_gives_way_before_save_and_export_do(person: Person) -> None:
    for width, direct, named in ((1440, True, True), (1100, True, False), (960, False, False)):
        person.window.resize(width, 700)
        buttons = [person.find(QWidget, name) for name in ("save", "export")]
        brand = next(label for label in person.window.findChildren(QLabel) if label.text() == "Unroll")
        person.wait_until(lambda buttons=buttons, on=direct: [each.isVisible() for each in buttons] == [on, on])
        person.wait_until(lambda brand=brand, named=named: brand.isVisible() == named)
        assert person.find(QLabel, "progress-left").isVisible()


def test_one_width_gives_one_layout_whatever_the_run_says(person: Person) -> None:
    brand = next(label for label in person.window.findChildren(QLabel) if label.text() == "Unroll")
    places, epoch = [*(person.find(QWidget, name) for name in ("save", "export")), brand], "progress-epoch"
    left = person.find(SteadyLabel, "progress-left")
    for epochs, words in ((30, "ready"), (30, "best at step 4,500"), (99_000, "best at step 4,500"), (30, "ready")):
        person.session.run.set_training(epochs=epochs)
        person.wait_until(lambda epochs=epochs: person.find(QLabel, epoch).text().endswith(f" {epochs:,}"))
        left.setText(words)
        for width, shown in ((1100, [True, True, False]), (1060, [False] * 3), (1100, [True, True, False])):
            person.window.resize(width, 700)
            person.wait_until(lambda width=width: person.window.panels["train_bar"].width() == width)
            person.wait_until(lambda shown=shown: [each.isVisible() for each in places] == shown)


@pytest.mark.sample("reviews")
def test_in_a_window_of_the_usual_size_the_speed_stands_beside_all_other_numbers(person: Person) -> None:
    person.resize(1440, 900)
    names = ("epoch", "step", "accuracy", "loss", "speed", "left")
    labels = [person.find(QLabel, f"progress-{name}") for name in names]
    person.wait_until(lambda: all(label.isVisible() for label in labels))
    places = [label.geometry() for label in labels]
    accuracy, speed = labels[2], labels[4]
    person.press(Qt.Key.Key_Space)
    person.wait_until(lambda: accuracy.text().startswith("val. acc. ") and speed.text().endswith(" tokens/s"))
    assert [label.geometry() for label in labels] == places, "the accuracy, which is bold, has had its room before"
    accuracy.setText(f"val. acc. 100.0{NARROW}%")
    person.wait_until(lambda: accuracy.width() >= accuracy.sizeHint().width())
    assert [label.geometry() for label in labels] == places


@pytest.mark.sample("order")
def test_the_bar_says_which_number_is_of_training_and_which_of_validation(person: Person) -> None:
    person.press(Qt.Key.Key_Space)
    loss, accuracy = (person.find(QLabel, f"progress-{name}") for name in ("loss", "accuracy"))
    person.wait_until(lambda: loss.text().startswith("train loss ") and accuracy.text().startswith("val. acc. "))
    person.press(Qt.Key.Key_Space)
    assert "training steps" in loss.toolTip()
    assert accuracy.toolTip().startswith("Validation accuracy, measured on all validation examples")
    room = loss.minimumWidth()
    for value in ("0.693", "12.345", "−0.868", "2.2e−4"):
        for name in ("train loss", "val. loss"):
            loss.setText(f"{name} {value}")
            assert loss.minimumWidth() == room


@pytest.mark.sample("reversal")
def test_without_another_figure_the_bar_shows_the_validation_loss_once(person: Person) -> None:
    person.resize(1440, 900)
    person.session.set_model(hidden_size=8)
    person.session.run.set_training(batch_size=512, epochs=3)
    loss, figure = (person.find(QLabel, f"progress-{name}") for name in ("loss", "accuracy"))
    assert figure.text() == ""
    person.wait_ready()
    place, curve = figure.geometry(), person.session.run.curve
    while not len(curve.validation_loss):
        person.press(Qt.Key.Key_S)
        person.wait_until(lambda step=person.session.run.progress.step: person.session.run.progress.step > step)
        curve = person.session.run.curve
    person.wait_until(lambda: person.session.run.status is RunStatus.PAUSED)
    person.wait_until(lambda: figure.text() == f"val. loss {curve.validation_loss[-1]:.3f}")
    assert figure.isVisible()
    assert figure.geometry() == place
    assert figure.toolTip() == "Validation loss, measured on all validation examples"
    assert loss.text().startswith("train loss ")
    person.press(Qt.Key.Key_Space)
    person.wait_until(lambda: person.session.run.status is RunStatus.FINISHED)
    if person.session.run.kept is not None:
        person.wait_until(lambda: loss.text().startswith("val. loss ") and not figure.text())


@pytest.mark.sample("reversal")
@pytest.mark.parametrize("width", [960, 1100, 1440])
def test_where_there_is_room_for_one_loss_it_is_that_of_the_validation_as_soon_as_there_is_one(
    person: Person, width: int
) -> None:
    person.resize(width, 700)
    person.session.set_model(hidden_size=8)
    person.session.run.set_training(batch_size=512, epochs=1)
    person.wait_ready()
    person.press(Qt.Key.Key_S)
    loss, figure = (person.find(QLabel, f"progress-{name}") for name in ("loss", "accuracy"))
    person.wait_until(lambda: loss.text().startswith("train loss ") and loss.isVisible())
    place = loss.x()
    person.press(Qt.Key.Key_Space)
    person.wait_until(lambda: person.session.run.status is RunStatus.FINISHED)
    assert person.session.run.kept is None
    person.wait_until(lambda: figure.text().startswith("val. loss ") and figure.isVisible())
    assert loss.isVisible() == (width == 1440)
    assert width == 1440 or figure.x() == place, "in its place"
    assert figure.width() >= figure.sizeHint().width()


@pytest.mark.sample("reversal")
@pytest.mark.parametrize("width", [960, 1440])
def test_where_another_figure_than_the_loss_decides_the_bar_shows_it_for_pairs_too(person: Person, width: int) -> None:
    person.resize(width, 900)
    loss, figure = (person.find(QLabel, f"progress-{name}") for name in ("loss", "accuracy"))
    assert loss.isVisible()
    assert figure.isVisible() == (width == 1440)
    person.session.set_model(hidden_size=8)
    person.session.run.set_training(best_by="exact_match", batch_size=512, epochs=1)
    person.wait_ready()
    person.press(Qt.Key.Key_Space)
    person.wait_until(lambda: person.session.run.status is RunStatus.FINISHED)
    measured = person.session.run.curve.validation_metrics["exact_match"][-1]
    person.wait_until(lambda: figure.text() == f"val. exact {100 * measured:.1f}{NARROW}%")
    assert figure.isVisible()
    assert figure.toolTip().startswith("Validation exact match, measured on ")


@pytest.mark.sample("ratings")
def test_the_epoch_is_not_counted_towards_fewer_than_were_trained(person: Person) -> None:
    person.session.set_model(hidden_size=8)
    person.session.run.set_training(batch_size=512, epochs=2)
    person.wait_ready()
    person.press(Qt.Key.Key_Space)
    person.wait_until(lambda: person.session.run.status is RunStatus.FINISHED)
    epoch = person.find(QLabel, "progress-epoch")
    person.wait_until(lambda: epoch.text() == "epoch 2 / 2")
    person.type("epochs", "1")
    person.wait_until(lambda: epoch.text() == "epoch 2")


@pytest.mark.sample("ratings")
def test_the_bar_shows_the_mean_error_of_numbers(person: Person) -> None:
    person.session.set_model(hidden_size=8)
    person.session.run.set_training(batch_size=512, epochs=1)
    person.wait_ready()
    person.press(Qt.Key.Key_Space)
    person.wait_until(lambda: person.session.run.status is RunStatus.FINISHED)
    error = person.session.run.curve.validation_metrics["mae"][-1]
    figure = person.find(QLabel, "progress-accuracy")
    person.wait_until(lambda: figure.text() == f"val. MAE {own_units(error)}")
    assert figure.isVisible()


def test_a_press_that_was_meant_for_pause_adds_no_epochs(person: Person, qapp: QApplication) -> None:
    session, button = person.session, person.find(QPushButton, "train")
    session.run.set_training(batch_size=512, epochs=1)
    qapp.setDoubleClickInterval(1_000_000)  # the fixture of all tests puts it back
    person.click("train")
    person.wait_until(lambda: button.text() == "+1 epoch")
    person.click("train")
    person.press(Qt.Key.Key_Space)
    assert (button.text(), session.run.status) == ("+1 epoch", RunStatus.FINISHED)
    qapp.setDoubleClickInterval(0)
    person.click("train")
    person.wait_until(lambda: session.run.progress.epoch == 2)


def test_the_main_button_keeps_its_width_however_many_epochs_it_adds(person: Person) -> None:
    session, button = person.session, person.find(QPushButton, "train")
    usual = button.width()
    for epochs in (30, 286, 1_000, 99_000):
        session.run.set_training(epochs=epochs)
        session.run.status = RunStatus.FINISHED
        session.run.status_changed.emit()
        person.wait_until(lambda epochs=epochs: button.text() == f"+{epochs:,} epochs")
        assert f"{epochs:,} epochs" in button.toolTip()
        assert f"{epochs:,} epochs" in button.accessibleName()
        assert button.sizeHint().width() <= usual


def test_a_step_that_cannot_be_made_says_why(person: Person) -> None:
    run, step, train = person.session.run, person.find(QPushButton, "step"), person.find(QPushButton, "train")
    assert step.toolTip() == "Make one training step (S)"
    for status, why in (
        (RunStatus.FINISHED, "All epochs are trained; “{}” adds more"),
        (RunStatus.DIVERGED, "The run has diverged; “{}” starts over"),
    ):
        run.status = status
        run.status_changed.emit()
        person.wait_until(lambda why=why: step.toolTip() == why.format(train.text()))
        assert not step.isEnabled()
