"""Runs are saved and opened: whole, from everywhere, and never at the cost of the run at hand."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtWidgets import QFileDialog, QLabel, QLineEdit, QProgressBar

import engine
from gui.main_window import MainWindow
from gui.session.session import Session
from tests.gui.conftest import Person, dispose
from tests.gui.saving.saving import (
    BOTH,
    CONTROL,
    choose,
    keys,
    open_run,
    said,
    same,
    save,
    settled,
    trained,
    write_names,
)


def test_a_run_that_was_saved_comes_back_whole_and_goes_on_as_if_it_had_never_left(
    person: Person, tmp_path: Path
) -> None:
    session, path = person.session, tmp_path / "girls.unroll"
    person.type("seed", "3")
    person.wait_ready()
    kept = trained(person)
    losses = session.run.curve.train_loss.copy()
    texts = [text.text for text in kept.model().generate(count=5, seed=1)]
    save(person, path)
    assert "girls.unroll" in person.window.windowTitle()
    on = trained(person, 4)
    after = session.run.curve.train_loss.copy()

    person.type("seed", "8")
    person.press(Qt.Key.Key_R)
    person.wait_ready()
    assert session.run.progress.step == 0
    open_run(person, path)
    assert session.run.snapshot is not None
    assert same(session.run.snapshot, kept)
    assert session.run.training_config.seed == 3
    assert session.run.status == "paused"
    assert session.run.progress.step == 6
    np.testing.assert_array_equal(session.run.curve.train_loss, losses)
    assert [text.text for text in session.run.snapshot.model().generate(count=5, seed=1)] == texts
    assert person.find(QLabel, "progress-step").text() == "step 6"

    assert same(trained(person, 4), on)
    np.testing.assert_array_equal(session.run.curve.train_loss, after)


def test_a_run_that_had_come_to_its_end_is_opened_as_such_and_trains_on(person: Person, tmp_path: Path) -> None:
    path = tmp_path / "done.unroll"
    dataset = engine.load_sample("alphabet")
    trainer = engine.Trainer(
        engine.build_model(engine.ModelConfig(hidden_size=8), dataset), dataset, engine.TrainingConfig(epochs=2)
    )
    for _ in range(trainer.steps_total):
        next(trainer)
    engine.save_run(path, trainer)
    open_run(person, path)
    assert person.session.run.status == "finished"
    bar = person.find(QProgressBar, "progress")
    assert bar.value() == bar.maximum()
    assert person.find(QLabel, "progress-epoch").text() == "epoch 2 / 2"
    person.click("train")
    person.wait_steps(trainer.steps_total + 1)
    assert person.find(QLabel, "progress-epoch").text().endswith(" / 4")
    assert person.session.run.training_config.epochs == 2


@pytest.mark.sample("alphabet")
def test_a_lengthened_run_is_saved_and_opened_with_the_number_of_epochs_that_was_set(
    person: Person, tmp_path: Path
) -> None:
    person.session.run.set_training(epochs=2)
    person.wait_ready()
    person.click("train")
    person.wait_until(lambda: person.session.run.status == "finished")
    person.click("train")
    person.wait_until(lambda: person.session.run.status == "finished" and person.session.run.progress.epoch == 4)
    settled(person)
    save(person, tmp_path / "longer.unroll")
    person.press(Qt.Key.Key_R)
    person.wait_ready()
    assert engine.open_run(tmp_path / "longer.unroll").training.epochs == 2
    open_run(person, tmp_path / "longer.unroll")
    assert person.session.run.status == "finished"
    assert person.session.run.training_config.epochs == 2
    assert person.find(QLabel, "progress-epoch").text() == "epoch 4 / 4"


def test_whoever_opens_a_run_has_chosen_its_cell_and_nothing_that_was_said_before_stays(
    person: Person, tmp_path: Path
) -> None:
    path = tmp_path / "gru.unroll"
    dataset = engine.load_sample("alphabet")
    model = engine.build_model(engine.ModelConfig(cell="gru", hidden_size=8), dataset)
    trainer = engine.Trainer(model, dataset, engine.TrainingConfig(epochs=2))
    next(trainer)
    engine.save_run(path, trainer)
    person.session.tell("Something about the run before.")
    open_run(person, path)
    assert person.window.notice_bar.text() != "Something about the run before."
    person.choose_sample("reviews")
    assert person.session.run.model_config.cell == "gru"
    assert "Kept GRU as the cell" in person.window.notice_bar.text()


def test_saving_again_needs_no_name_and_does_not_stop_the_training(person: Person, tmp_path: Path) -> None:
    path = tmp_path / "run.unroll"
    trained(person, 1)
    save(person, path)
    person.press(Qt.Key.Key_Space)
    person.wait_steps(3)
    keys(person, Qt.Key.Key_S, CONTROL)
    person.wait_until(lambda: not person.window.run_files.busy and engine.open_run(path).progress.step >= 3)
    assert person.session.run.status == "running"
    step = person.session.run.progress.step
    person.wait_steps(step + 2)


def test_a_network_that_starts_anew_does_not_write_over_the_file_of_the_old_one(person: Person, tmp_path: Path) -> None:
    path = tmp_path / "run.unroll"
    trained(person, 2)
    save(person, path)
    person.press(Qt.Key.Key_R)
    person.wait_ready()
    assert "run.unroll" not in person.window.windowTitle()
    keys(person, Qt.Key.Key_S, CONTROL)
    assert person.find(QFileDialog, "save-dialog").isVisible()
    person.find(QFileDialog, "save-dialog").close()
    assert engine.open_run(path).progress.step == 2


def test_a_run_is_opened_by_dropping_it_and_is_among_the_recent_files(person: Person, tmp_path: Path) -> None:
    path = tmp_path / "run.unroll"
    kept = trained(person, 2)
    save(person, path)
    person.press(Qt.Key.Key_R)
    person.wait_ready()
    person.drop(path)
    person.wait_until(lambda: person.session.run.progress.step == 2)
    person.wait_ready()
    assert person.session.run.snapshot is not None
    assert same(person.session.run.snapshot, kept)
    files = person.window.files
    files.fill_recent()
    entry = files.recent_menu.actions()[0]
    assert entry.text() == "run.unroll"
    person.press(Qt.Key.Key_R)
    person.wait_ready()
    entry.trigger()
    person.wait_until(lambda: person.session.run.progress.step == 2)


def test_the_data_of_an_opened_run_are_among_the_recent_files_with_it(
    person: Person, settings: QSettings, tmp_path: Path
) -> None:
    data, path = write_names(tmp_path / "names.csv"), tmp_path / "run.unroll"
    dataset = engine.load_dataset(data)
    trainer = engine.Trainer(engine.build_model(engine.ModelConfig(architecture="many-to-one"), dataset), dataset)
    next(trainer)
    engine.save_run(path, trainer)
    open_run(person, path)
    assert person.session.run.opened is None, "its data lie beside it"
    person.window.files.fill_recent()
    assert {action.text() for action in person.window.files.recent_menu.actions()} == {"names.csv", "run.unroll"}


def test_recent_files_come_back_in_the_next_window_and_one_that_is_gone_is_dropped_when_opened(
    person: Person, settings: QSettings, tmp_path: Path
) -> None:
    for name in ("one.csv", "two.csv"):
        person.window.files.open_path(str(write_names(tmp_path / name)))
        person.wait_until(
            lambda name=name: (
                person.session.data.dataset is not None and Path(person.session.data.dataset.path or "").name == name
            )
        )
        settled(person)
    settings.sync()
    again = MainWindow(Session(), QSettings(settings.fileName(), QSettings.Format.IniFormat))
    assert [path.name for (path,) in again.files.recent()] == ["two.csv", "one.csv"]
    again.close()
    dispose(again)
    (tmp_path / "one.csv").unlink()
    person.window.files.open_path(str(tmp_path / "one.csv"))
    person.wait_until(lambda: "There is no such file" in person.window.notice_bar.text())
    assert [path.name for (path,) in person.window.files.recent()] == ["two.csv"]


def test_a_drive_that_does_not_answer_holds_up_neither_the_menu_nor_opening(
    person: Person, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer, asked_in = threading.Event(), list[str]()

    def hangs(path: Path) -> bool:
        asked_in.append(threading.current_thread().name)
        return answer.wait(20)

    path = write_names(tmp_path / "one.csv")
    monkeypatch.setattr(Path, "exists", hangs)
    person.window.files.open_path(str(path))
    person.wait_until(lambda: bool(asked_in))
    person.window.files.fill_recent()
    person.click("step")  # the window goes on
    person.wait_steps(1)
    assert threading.main_thread().name not in asked_in
    answer.set()
    person.wait_until(lambda: not person.window.files.jobs.busy)


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-100])


def cut_to_one_byte(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:1])


def flipped(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[-50] ^= 1
    path.write_bytes(data)


def other_safetensors(path: Path) -> None:
    path.write_bytes((2).to_bytes(8, "little") + b"{}")


SPOILT: tuple[tuple[Callable[[Path], None], str], ...] = (
    (cut, "damaged"),
    (cut_to_one_byte, "damaged"),
    (flipped, "damaged"),
    (other_safetensors, "not a run"),
)


def test_a_damaged_run_gives_a_notice_and_the_run_at_hand_stays(person: Person, tmp_path: Path) -> None:
    trained(person, 2)
    save(person, tmp_path / "run.unroll")
    kept = trained(person, 1)
    run = person.session.run.number
    for spoil, message in SPOILT:
        path = tmp_path / f"{spoil.__name__}.unroll"
        shutil.copy(tmp_path / "run.unroll", path)
        spoil(path)
        person.window.files.open_path(str(path))
        person.wait_until(lambda path=path: f"{path.name}: " in said(person))
        assert person.window.notice_bar.level == "error"
        assert message in said(person), path.name
        assert person.session.run.number == run
        assert person.session.run.snapshot is kept


def test_a_file_that_cannot_be_written_gives_a_notice(person: Person, tmp_path: Path) -> None:
    trained(person, 1)
    keys(person, Qt.Key.Key_S, BOTH)
    choose(person, "save-dialog", tmp_path / "nowhere" / "run.unroll")
    person.wait_until(lambda: person.window.notice_bar.level == "error")
    assert "run.unroll" in said(person)
    assert person.window.run_files.path is None


def second_window(person: Person, settings: QSettings) -> Person:
    window = MainWindow(Session(), QSettings(settings.fileName(), QSettings.Format.IniFormat))
    window.show()
    return Person(person.qtbot, window)


def test_of_two_windows_that_save_one_run_the_later_is_warned_and_may_overwrite(
    person: Person, settings: QSettings, tmp_path: Path
) -> None:
    path = tmp_path / "run.unroll"
    trained(person, 1)
    save(person, path)
    other = second_window(person, settings)
    other.activate()
    open_run(other, path)
    trained(other, 3)
    other.window.files.save()
    other.wait_until(lambda: "Saved “" in said(other))
    other.window.close()
    dispose(other.window)

    person.activate()
    trained(person, 1)
    keys(person, Qt.Key.Key_S, CONTROL)
    person.wait_until(lambda: "Nothing was saved" in said(person))
    assert "“run.unroll” was saved by another window or program" in said(person)
    assert engine.open_run(path).progress.step == 4, "what the other window wrote is still there"
    person.click("notice-action")
    person.wait_until(lambda: said(person) == "Saved “run.unroll” at step 2.")
    assert engine.open_run(path).progress.step == 2
    trained(person, 1)
    keys(person, Qt.Key.Key_S, CONTROL)
    person.wait_until(lambda: said(person) == "Saved “run.unroll” at step 3.")  # nobody has written since


def test_the_warning_offers_another_name(person: Person, tmp_path: Path) -> None:
    path = tmp_path / "run.unroll"
    trained(person, 1)
    save(person, path)
    engine.write_run(path, engine.open_run(path))  # the same again: another file all the same
    trained(person, 1)
    keys(person, Qt.Key.Key_S, CONTROL)
    person.wait_until(lambda: "Nothing was saved" in said(person))
    person.click("notice-other-action")
    choose(person, "save-dialog", tmp_path / "mine.unroll")
    person.wait_until(lambda: said(person) == "Saved “mine.unroll” at step 2.")
    assert engine.open_run(path).progress.step == 1
    assert person.window.run_files.path == tmp_path / "mine.unroll"


def test_a_file_that_was_removed_meanwhile_is_written_without_a_question(person: Person, tmp_path: Path) -> None:
    path = tmp_path / "run.unroll"
    trained(person, 1)
    save(person, path)
    path.unlink()
    trained(person, 1)
    keys(person, Qt.Key.Key_S, CONTROL)
    person.wait_until(lambda: said(person) == "Saved “run.unroll” at step 2.")


def test_a_run_that_cannot_be_read_is_told_of_even_where_nothing_else_is_open(
    empty_person: Person, tmp_path: Path
) -> None:
    path = tmp_path / "broken.unroll"
    path.write_text("not a run")
    empty_person.window.files.open_path(str(path))
    empty_person.wait_ready()
    assert empty_person.session.data.dataset is not None
    assert "broken.unroll" in said(empty_person)


def test_of_a_run_that_does_not_know_the_text_of_its_sample_one_of_its_own_is_looked_at(
    person: Person, tmp_path: Path
) -> None:
    usual = engine.SAMPLES["reviews"].probe
    dataset = engine.load_sample("reviews", config=engine.DataConfig(min_count=60))
    config = engine.ModelConfig(architecture="many-to-one", hidden_size=4)
    trainer = engine.Trainer(engine.build_model(config, dataset), dataset, engine.TrainingConfig())
    next(trainer)
    engine.save_run(tmp_path / "reviews.unroll", trainer)
    person.drop(tmp_path / "reviews.unroll")
    person.wait_until(lambda: person.session.run.model_config.hidden_size == 4)
    person.wait_ready()
    looked_at = person.session.probe.text
    texts = {dataset.codec.join(example.source) for part in (dataset.validation, dataset.train) for example in part}
    assert looked_at != usual
    assert looked_at in texts
    person.choose_sample("dates")
    person.choose_sample("reviews")  # as it is usually read
    assert person.session.probe.text == usual


def test_a_text_typed_by_hand_is_there_again_when_the_run_is_opened(person: Person, tmp_path: Path) -> None:
    path = tmp_path / "reviews.unroll"
    person.choose_sample("reviews")
    trained(person, 2)
    person.type("probe", "not at all a dull evening")
    save(person, path)
    person.choose_sample("names")
    assert person.session.probe.text != "not at all a dull evening"
    open_run(person, path)
    assert person.session.probe.text == "not at all a dull evening"
    assert person.find(QLineEdit, "probe").text() == "not at all a dull evening"
    person.type("probe", "quite another evening")
    open_run(person, path)  # whose run is shown already
    assert person.find(QLineEdit, "probe").text() == "not at all a dull evening"


def test_the_label_that_a_network_started_from_is_there_again_with_the_text(person: Person, tmp_path: Path) -> None:
    """In the list of runs as in a file."""
    person.choose_sample("names")
    trained(person, 2)
    labels = person.session.run.snapshot.codec.target.symbols  # type: ignore[union-attr]
    label = next(one for one in labels if one != person.session.probe.label)
    person.session.probe.set("zoe", label)
    person.type("probe", "zora")
    kept = person.session.runs.current
    person.choose_sample("reviews")
    settled(person)
    person.session.switch.open(kept)
    person.wait_until(lambda: person.session.runs.current == kept)
    assert (person.session.probe.text, person.session.probe.label) == ("zora", label)
