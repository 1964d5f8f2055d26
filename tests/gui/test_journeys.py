"""What a person does with the window, step by step, on the real engine."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QSettings, Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QFileDialog,
    QLabel,
    QLineEdit,
    QProgressBar,
    QPushButton,
    QSplitter,
    QToolButton,
    QWidget,
)
from pytestqt.qtbot import QtBot

from gui.main_window import MainWindow
from gui.session.background import threads_at_work
from gui.session.session import Session
from gui.theme import DARK, LIGHT
from gui.widgets.example_rows import ExampleRows
from gui.widgets.fields import Choice
from tests.gui.conftest import Person, dispose

pytestmark = pytest.mark.training_process

NAMES = ["anna", "bella", "carla", "dora", "emma", "fiona", "greta", "hanna", "ida", "jana", "klara", "lena"]


def notice_text(person: Person) -> str:
    return person.find(QLabel, "notice").text()


def first_loss(person: Person) -> float:
    return float(person.session.run.curve.train_loss[0])


def test_at_the_start_names_are_loaded_an_lstm_is_chosen_and_the_network_is_ready(person: Person) -> None:
    session = person.session
    assert session.data.dataset is not None
    assert session.data.dataset.kind == "labelled"
    assert (session.run.model_config.architecture, session.run.model_config.cell) == ("one-to-many", "lstm")
    assert person.find(QAbstractButton, "architecture-one-to-many").isChecked()
    assert person.find(Choice, "cell").value() == "lstm"
    assert session.run.snapshot is not None
    assert session.run.status == "idle"
    assert session.probe.text
    assert len(person.find(ExampleRows, "preview").rows) == 4
    assert "the same at every step" in person.find(QLabel, "weights").text()
    assert "feed-forward" in person.find(QLabel, "weights").text()


def test_space_trains_and_the_loss_curve_and_the_progress_grow(person: Person) -> None:
    person.press(Qt.Key.Key_Space)
    assert person.session.run.status == "running"
    person.wait_until(lambda: len(person.session.run.curve) >= 20)
    assert person.find(QPushButton, "train").text() == "Pause"
    person.wait_until(lambda: person.find(QProgressBar, "progress").value() > 0)
    assert "tokens/s" in person.find(QLabel, "progress-speed").text()
    assert "loss" in person.find(QLabel, "progress-loss").text()
    step = person.session.run.snapshot.step if person.session.run.snapshot else 0
    person.wait_until(lambda: person.session.run.snapshot is not None and person.session.run.snapshot.step > step)


def test_space_again_pauses_and_nothing_moves_after_that(person: Person) -> None:
    person.press(Qt.Key.Key_Space)
    person.wait_steps(5)
    person.press(Qt.Key.Key_Space)
    assert person.session.run.status == "paused"
    person.wait_until(lambda: not person.session.busy)
    step = person.session.run.progress.step
    assert person.session.run.snapshot is not None
    assert person.session.run.snapshot.step == step
    person.click("train")
    person.wait_steps(step + 5)


def test_step_makes_one_step_by_button_and_by_key(person: Person) -> None:
    person.click("step")
    person.wait_until(lambda: not person.session.busy)
    assert person.session.run.progress.step == 1
    person.press(Qt.Key.Key_S)
    person.wait_until(lambda: not person.session.busy)
    assert person.session.run.progress.step == 2
    assert person.session.run.status == "paused"


def test_reset_starts_anew_with_the_same_seed(person: Person) -> None:
    person.press(Qt.Key.Key_Space)
    person.wait_steps(3)
    loss = first_loss(person)
    person.click("reset")
    assert person.session.run.progress.step == 0
    assert len(person.session.run.curve) == 0
    assert person.session.run.status == "idle"
    person.wait_ready()
    person.press(Qt.Key.Key_S)
    person.wait_steps(1)
    assert first_loss(person) == loss


def test_learning_rate_and_clip_change_while_it_runs_without_a_reset(person: Person) -> None:
    person.press(Qt.Key.Key_Space)
    person.wait_steps(3)
    run, step = person.session.run.number, person.session.run.progress.step
    person.type("learning_rate-number", "0.0005")
    person.type("clip_norm-number", "5")
    assert person.session.run.training_config.learning_rate == 0.0005
    assert person.session.run.training_config.clip_norm == 5.0
    person.wait_steps(step + 3)
    assert person.session.run.number == run
    assert person.session.run.status == "running"


def test_a_structural_change_resets_says_so_and_keeps_the_seed(person: Person) -> None:
    person.type("seed", "7")
    person.wait_ready()
    person.press(Qt.Key.Key_Space)
    person.wait_steps(3)
    before = person.session.run.model_config.hidden_size
    person.type("hidden_size-number", "48")
    assert person.session.run.model_config.hidden_size == 48
    assert person.session.run.progress.step == 0
    assert person.session.run.training_config.seed == 7
    assert f"Hidden units {before} → 48" in notice_text(person)
    assert "seed 7" in notice_text(person)
    person.wait_ready()
    assert person.session.run.snapshot is not None
    assert person.session.run.snapshot.config.hidden_size == 48


def test_another_cell_is_chosen_with_a_click(person: Person) -> None:
    person.choose("cell", "gru")
    person.wait_ready()
    assert person.session.run.snapshot is not None
    assert person.session.run.snapshot.config.cell == "gru"


def test_grey_cards_say_what_they_need_and_cannot_be_chosen(person: Person) -> None:
    card = person.find(QAbstractButton, "architecture-encoder-decoder")
    assert not card.isEnabled()
    assert "pairs" in card.toolTip()
    assert person.find(QLabel, "why-not").isVisible()
    assert "source and target" in person.find(QLabel, "why-not").toolTip()
    person.click("architecture-encoder-decoder")
    assert person.session.run.model_config.architecture == "one-to-many"
    assert not person.find(QAbstractButton, "attention").isEnabled()


def test_keys_typed_into_a_field_stay_there(person: Person) -> None:
    probe = QLineEdit(person.window)
    probe.show()
    probe.setFocus()
    person.qtbot.keyClicks(probe, "s r s")
    assert probe.text() == "s r s"
    assert person.session.run.status == "idle"
    assert person.session.run.progress.step == 0


def write_pairs(path: Path) -> None:
    rows = [f"{a} and {b}\t{b[::-1]} {a[::-1]}" for a in NAMES for b in NAMES[:4]]
    path.write_text("\n".join(rows), encoding="utf-8")


def test_a_file_is_opened_with_the_dialog_recognised_and_trained(person: Person, tmp_path: Path) -> None:
    path = tmp_path / "reversed.tsv"
    write_pairs(path)
    person.click("open")
    dialog = person.find(QFileDialog, "open-dialog")
    dialog.selectFile(str(path))
    dialog.fileSelected.emit(str(path))
    dialog.close()
    person.activate()
    person.wait_until(lambda: person.session.data.dataset is not None and person.session.data.dataset.kind == "pairs")
    person.wait_ready()
    assert person.session.run.model_config.architecture == "encoder-decoder"
    assert "source and target" in person.find(QLabel, "data-read-as").text()
    assert person.find(QLabel, "data-reason").text()
    assert "reversed" in person.window.windowTitle()
    person.press(Qt.Key.Key_Space)
    person.wait_steps(3)


def test_a_folder_is_opened_with_the_keyboard(person: Person, tmp_path: Path) -> None:
    folder = tmp_path / "two languages"
    folder.mkdir()
    for ending, names in (("en", NAMES), ("de", NAMES[::-1])):
        (folder / f"names.{ending}").write_text("\n".join(names), encoding="utf-8")
    both = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    person.qtbot.keyClick(person.window, Qt.Key.Key_O, both)
    dialog = person.find(QFileDialog, "open-folder-dialog")
    dialog.fileSelected.emit(str(folder))
    dialog.close()
    person.activate()
    person.wait_until(lambda: person.session.data.dataset is not None and person.session.data.dataset.kind == "pairs")
    person.wait_ready()


def test_a_file_is_opened_by_dropping_it(person: Person, tmp_path: Path) -> None:
    path = tmp_path / "girls.txt"
    path.write_text("\n".join(NAMES), encoding="utf-8")
    person.drop(path)
    person.wait_until(
        lambda: person.session.data.dataset is not None and person.session.data.dataset.kind == "sequences"
    )


def missing(path: Path) -> None: ...


def empty(path: Path) -> None:
    path.write_bytes(b"")


def binary(path: Path) -> None:
    path.write_bytes(bytes(range(256)) * 40)


def one_label(path: Path) -> None:
    path.write_text("text,label\n" + "\n".join(f"{name},girl" for name in NAMES), encoding="utf-8")


def broken_tags(path: Path) -> None:
    path.write_text("Anna\tPER\nworks\tO\n\nin India LOC with\n\n" + "Bob\tPER\nsleeps\tO\n\n" * 9, encoding="utf-8")


def too_short(path: Path) -> None:
    path.write_text("a\n", encoding="utf-8")


def test_a_bad_file_gives_a_notice_and_the_former_data_stay(person: Person, tmp_path: Path) -> None:
    before = person.session.data.dataset
    person.session.run.set_training(epochs=1000)
    person.press(Qt.Key.Key_Space)
    person.wait_steps(2)
    for write in (missing, empty, binary, too_short):
        path = tmp_path / f"{write.__name__}.csv"
        write(path)
        person.session.data.open(path)
        person.wait_until(lambda path=path: path.name in notice_text(person))
        assert person.window.notice_bar.level == "error"
        assert person.session.data.dataset is before
        assert person.session.run.status == "running"
        step = person.session.run.progress.step
        person.wait_steps(step + 2)


@pytest.mark.parametrize("write", [one_label, broken_tags])
def test_an_odd_file_is_refused_in_words_and_the_window_lives(
    person: Person, tmp_path: Path, write: Callable[[Path], None]
) -> None:
    path = tmp_path / "odd.txt"
    write(path)
    before = person.session.data.dataset
    person.session.data.open(path)
    person.wait_until(lambda: not person.session.data.loading)
    assert person.window.notice_bar.level == "error"
    assert person.session.data.dataset is before
    person.wait_ready()
    person.press(Qt.Key.Key_Space)
    person.wait_steps(1)


def test_a_bad_file_on_the_command_line_leaves_the_names_sample(empty_person: Person, tmp_path: Path) -> None:
    empty_person.session.data.open(tmp_path / "nothing.txt")
    empty_person.wait_ready()
    assert empty_person.session.data.dataset is not None
    assert "nothing.txt" in notice_text(empty_person)


def test_data_are_switched_while_training(person: Person) -> None:
    person.press(Qt.Key.Key_Space)
    person.wait_steps(3)
    person.choose_sample("reversal")
    assert person.session.run.status == "idle"
    assert person.session.run.progress.step == 0
    assert person.session.run.snapshot is not None
    assert person.session.run.snapshot.codec.kind == "pairs"
    person.press(Qt.Key.Key_Space)
    person.wait_steps(2)


def test_a_run_that_diverges_stops_says_so_and_offers_a_lower_rate(person: Person) -> None:
    person.session.run.set_training(optimizer="adamw", learning_rate=10.0, weight_decay=1.0, clip_norm=0.0)
    person.press(Qt.Key.Key_Space)
    person.wait_until(lambda: person.session.run.status == "diverged")
    assert "diverged" in notice_text(person)
    person.click("notice-action")
    assert person.session.run.training_config.learning_rate == 1.0
    assert person.session.run.status == "running"


@pytest.mark.sample("alphabet")
def test_after_the_last_epoch_it_is_done(person: Person) -> None:
    person.session.run.set_training(epochs=1)
    person.wait_ready()
    person.press(Qt.Key.Key_Space)
    person.wait_until(lambda: person.session.run.status == "finished")
    assert person.find(QLabel, "progress-left").text() == "done"
    assert len(person.session.run.curve.validation_loss) >= 1
    progress = person.find(QProgressBar, "progress")
    assert progress.value() == progress.maximum()


def test_closing_while_training_and_loading_leaves_no_thread(qtbot: QtBot, settings: QSettings) -> None:
    window = MainWindow(Session(), settings)
    person = Person(qtbot, window)
    window.show()
    window.session.data.load_sample("names")
    person.wait_ready()
    window.session.run.train()
    person.wait_steps(3)
    window.session.data.load_sample("reversal")
    assert threads_at_work()
    window.close()
    person.wait_until(lambda: threads_at_work() == [])
    dispose(window)


def test_nothing_of_a_closed_window_stays_in_memory(qtbot: QtBot, settings: QSettings) -> None:
    person = Person(qtbot, MainWindow(Session(own_process=False), settings))
    person.window.show()
    person.activate()
    person.session.data.load_sample("names")
    person.wait_ready()
    for name in person.window.docking.views:
        person.window.docking.show_view(name)
    person.wait_until(lambda: not person.session.questions.busy)
    person.window.close()
    person.wait_until(lambda: threads_at_work() == [])
    window, session = weakref.ref(person.window), weakref.ref(person.session)
    dispose(person.window)
    del person.window, person.session
    gc.collect()
    assert window() is None
    assert session() is None


def test_the_theme_button_turns_the_window_dark_and_the_choice_comes_back(
    person: Person, settings: QSettings, qtbot: QtBot
) -> None:
    before = person.session.theme
    person.click("theme")
    after = person.session.theme
    assert {before, after} == {LIGHT, DARK}
    person.wait_until(person.window.updatesEnabled)
    assert person.window.grab().toImage().pixelColor(QPoint(3, 3)).name() == after.surface
    assert settings.value("theme") == after.name


def test_size_and_columns_come_back(qtbot: QtBot, settings: QSettings) -> None:
    sizes = []
    for number in range(2):
        window = MainWindow(Session(), settings)
        window.show()
        qtbot.waitExposed(window)
        columns = window.findChild(QSplitter, "splitter-columns")
        assert columns is not None
        if number == 0:
            window.resize(1210, 777)
            qtbot.waitUntil(lambda columns=columns: columns.width() == 1210)
            columns.setSizes([340, 568, 300])
        sizes.append((window.width(), window.height(), columns.sizes()))
        window.close()
        dispose(window)
    assert sizes[0] == sizes[1]
    assert sizes[0][:2] == (1210, 777)
    assert sizes[0][2] == [340, 568, 300]


def test_the_keys_go_through_the_settings_from_top_to_bottom(person: Person) -> None:
    person.window.resize(1100, 700)
    jump, column = person.find(QPushButton, "jump-to-last"), person.find(QWidget, "left-column")
    person.wait_until(jump.isVisible)
    reached: list[QWidget | None] = []
    for _ in range(60):
        person.press(Qt.Key.Key_Tab)
        reached.append(QApplication.focusWidget())
    settings = [number for number, widget in enumerate(reached) if widget is not None and column.isAncestorOf(widget)]
    assert len(settings) > 10
    assert jump not in reached[: settings[-1]]


@pytest.mark.parametrize("name", ["cell", "sample", "optimizer"])
def test_tab_goes_on_from_a_list_in_which_something_was_chosen_with_the_mouse(person: Person, name: str) -> None:
    person.activate()
    box = person.find(QComboBox, name)
    box.setFocus(Qt.FocusReason.TabFocusReason)
    person.press(Qt.Key.Key_Tab)
    following = QApplication.focusWidget()
    assert following not in (None, box)
    person.window.centralWidget().setFocus()  # as at the start
    person.click(name)
    choices, chosen = box.view(), []
    person.wait_until(choices.isVisible)
    box.activated.connect(chosen.append)

    def pick() -> bool:
        """Qt takes no click on a list that has just opened: it may be the second half of a double click."""
        if choices.isVisible():
            place = choices.visualRect(choices.model().index(box.currentIndex(), 0)).center()
            person.qtbot.mouseClick(choices.viewport(), Qt.MouseButton.LeftButton, pos=place)
        return bool(chosen)

    person.wait_until(pick)
    person.wait_until(lambda: not choices.isVisible())
    person.press(Qt.Key.Key_Tab)
    assert QApplication.focusWidget() is following
    person.press(Qt.Key.Key_Backtab)
    person.qtbot.keyClick(box, Qt.Key.Key_Space)  # still trains: it does not open the list
    person.wait_until(lambda: person.session.run.status == "running")
    assert not choices.isVisible()


def test_a_button_reached_with_tab_is_pressed_with_space(person: Person) -> None:
    person.press(Qt.Key.Key_Tab)
    assert person.find(QToolButton, "file").hasFocus()
    person.press(Qt.Key.Key_Tab)
    assert person.find(QToolButton, "edit").hasFocus()
    person.press(Qt.Key.Key_Tab)
    assert person.find(QPushButton, "reset").hasFocus()
    run = person.session.run.number
    person.press(Qt.Key.Key_Space)
    assert person.session.run.number == run + 1
    assert person.session.run.status == "idle"
    person.press(Qt.Key.Key_Escape)
    person.press(Qt.Key.Key_Space)
    assert person.session.run.status == "running"


def test_an_unexpected_error_becomes_a_notice_with_details(person: Person) -> None:
    person.session.notices.tell_bug(ZeroDivisionError("division by zero"), "Traceback …")
    assert "ZeroDivisionError" in notice_text(person)
    assert person.find(QPushButton, "notice-details").isVisible()
    person.click("notice-close")
    assert notice_text(person) == ""
