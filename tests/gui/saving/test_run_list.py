"""Nothing trained is lost: whatever replaces a run, it stays in the list and goes on as if it had never stopped."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication, QLineEdit, QMenu, QToolButton, QTreeView, QWidget

import engine
from engine.cells import CELLS
from gui.panels.loss import LossPanel
from gui.panels.runs.run_table import CURVE, NAME
from gui.session.run_library.run_store import RunStore
from gui.theme import RUN_COLORS
from gui.widgets.fields import Choice
from tests.gui.conftest import Person
from tests.gui.panels.open_views import settle
from tests.gui.panels.opening import choose, open_file, show_reading
from tests.gui.saving.saving import BOTH, CONTROL, keys, open_run, said, same, save, settled, trained, write_names
from tests.gui.session.run_library.test_listed_run import listed
from tests.gui.written import tip_of

pytestmark = pytest.mark.one_window

LSTM, GRU = "names · one to many · LSTM 128", "names · one to many · GRU 128"


def names(person: Person) -> list[str]:
    """What stands in the list, from the top."""
    person.window.docking.show_view("runs")
    table = person.find(QTreeView, "runs").model()
    return [str(table.index(row, 0).data()) for row in range(table.rowCount())]


def select(person: Person, *wanted: str) -> QTreeView:
    """Click the row of a run, and with Ctrl those of others."""
    shown = names(person)
    view = person.find(QTreeView, "runs")
    for number, name in enumerate(wanted):
        index = view.model().index(shown.index(name), 0)
        view.scrollTo(index)
        modifier = CONTROL if number else Qt.KeyboardModifier.NoModifier
        place = view.visualRect(index).center()
        person.qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, modifier, place)
    return view


def replace_cell(person: Person, cell: str) -> None:
    person.choose("cell", cell)
    person.wait_ready()
    settled(person)


def undo(person: Person) -> None:
    keys(person, Qt.Key.Key_Z, CONTROL)
    settled(person)
    person.wait_ready()


def redo(person: Person) -> None:
    keys(person, Qt.Key.Key_Z, BOTH)
    settled(person)
    person.wait_ready()


def text_of(person: Person, action: str) -> str:
    found = person.window.findChild(QAction, action)
    assert found is not None
    return str(found.text())


def losses_without_a_break(person: Person, steps: int) -> list[float]:
    """What the engine finds with the settings at hand when nothing interrupts it."""
    run, dataset = person.session.run, person.session.data.dataset
    assert dataset is not None
    model = engine.build_model(run.model_config, dataset, seed=run.training_config.seed)
    trainer = engine.Trainer(model, dataset, run.training_config)
    return [next(trainer).loss for _ in range(steps)]


def test_the_list_is_in_sight_from_the_start_as_a_tab_beside_the_loss(person: Person) -> None:
    area = person.window.docking.area_of("runs")
    assert area is not None
    assert (area.names(), area.front()) == (["loss", "runs"], "loss")
    tab = area.tabs.tabRect(1)
    assert area.tabs.isVisible()
    person.qtbot.mouseClick(area.tabs, Qt.MouseButton.LeftButton, pos=tab.center())
    assert person.find(QTreeView, "runs").isVisible()


@pytest.mark.parametrize("size", [(1100, 700), (1440, 900)])
def test_a_row_stays_as_it_is_when_another_run_is_renamed(person: Person, size: tuple[int, int]) -> None:
    person.window.resize(*size)
    trained(person, 2)
    replace_cell(person, "gru")
    names(person)
    settle(person)
    view = person.find(QTreeView, "runs")
    other = view.visualRect(view.model().index(1, NAME))
    before = view.viewport().grab(other).toImage()
    for name in ("short", "the long network of last Wednesday", "names · one to many · GRU 128"):
        select(person, names(person)[0])
        person.qtbot.keyClick(view, Qt.Key.Key_F2)
        field = person.find(QLineEdit, "run-name")
        person.qtbot.keyClick(field, Qt.Key.Key_A, CONTROL)
        person.qtbot.keyClicks(field, name)
        person.qtbot.keyClick(field, Qt.Key.Key_Return)
        person.wait_until(lambda name=name: names(person) == [name, LSTM])
        settle(person)
        assert view.visualRect(view.model().index(1, NAME)) == other
        assert view.viewport().grab(other).toImage() == before, name


def test_more_says_why_a_race_is_not_possible(person: Person) -> None:
    names(person)
    person.click("run-more")
    menu = person.find(QMenu, "run-menu")
    race = menu.actions()[0]
    assert (race.text(), race.isEnabled()) == ("Race from the start: select two runs or more", False)
    menu.close()


def test_only_runs_that_learned_from_the_current_data_can_race_on_it(person: Person) -> None:
    def race() -> tuple[str, bool]:
        person.click("run-more")
        menu = person.find(QMenu, "run-menu")
        action = menu.actions()[0]
        menu.close()
        person.activate()
        return action.text(), action.isEnabled()

    trained(person, 2)
    replace_cell(person, "gru")
    trained(person, 2)
    select(person, GRU, LSTM)
    assert race() == ("Race from the start", True)
    person.choose_sample("alphabet")
    trained(person, 2)
    for chosen in ((names(person)[0], GRU), (GRU, LSTM)):
        select(person, *chosen)
        assert race() == ("Race from the start: these learned from other data", False)


def test_an_lstm_replaced_by_a_gru_is_opened_again_and_trains_on_bit_for_bit(person: Person) -> None:
    expected = losses_without_a_break(person, 9)
    trained(person, 5)
    replace_cell(person, "gru")
    trained(person, 2)
    assert names(person) == [GRU, LSTM]
    select(person, LSTM)
    person.click("run-open")
    settled(person)
    assert person.session.run.model_config.cell == "lstm"
    assert person.session.run.progress.step == 5
    assert names(person) == [LSTM, GRU]
    trained(person, 4)
    assert person.session.run.curve.train_loss.tolist() == expected


def test_a_reset_while_it_trains_is_undone_with_the_weights_of_its_last_step_and_done_again(person: Person) -> None:
    person.press(Qt.Key.Key_Space)
    person.wait_steps(4)
    person.press(Qt.Key.Key_R)
    person.wait_ready()
    settled(person)
    assert person.session.run.progress.step == 0
    assert text_of(person, "edit-undo") == "Undo reset"
    assert said(person) == f"The network starts untrained; “{LSTM}” is in Runs."
    person.click("notice-action")
    settled(person)
    person.wait_ready()
    assert f"“{LSTM}” is back, at step " in said(person)
    back = person.session.run.progress.step
    assert back >= 4
    assert person.session.run.curve.train_loss.tolist() == losses_without_a_break(person, back)
    assert text_of(person, "edit-redo") == "Redo reset"
    redo(person)
    assert person.session.run.progress.step == 0
    assert said(person).endswith("is back, untrained.")
    undo(person)
    assert person.session.run.progress.step == back


def read_otherwise(person: Person, path: Path, text: str, *choices: tuple[str, str]) -> None:
    """Open a file of this text, and choose one after the other how it is read."""
    path.write_text(text)
    open_file(person, path)
    show_reading(person)
    for name, value in choices:
        choose(person, name, value)
    settled(person)


def test_undo_names_the_reading_that_is_back_when_the_runs_have_one_name(person: Person, tmp_path: Path) -> None:
    text = "priority,category,message\n" + "low,Billing,a b c d\nhigh,Shipping,e f g h\n" * 40
    read_otherwise(person, tmp_path / "tickets.csv", text, ("target_column", "priority"), ("unit", "character"))
    undo(person)
    assert said(person).endswith(" is back, untrained; Symbols characters → automatic.")
    undo(person)
    assert said(person).endswith(" is back, untrained; Label priority → category.")


def test_undo_calls_the_sides_of_pairs_what_the_window_calls_them(person: Person, tmp_path: Path) -> None:
    text = "german\tenglish\tfrench\n" + "".join(f"Wort {k}\tword {k}\tmot {k}\n" for k in range(80))
    read_otherwise(person, tmp_path / "words.tsv", text, ("target_column", "french"), ("source_column", "english"))
    undo(person)
    assert said(person).endswith(" is back, untrained; Source english → german.")
    undo(person)
    assert said(person).endswith(" is back, untrained; Target french → english.")


def test_undo_says_what_it_takes_back_and_takes_back_one_change_after_the_other(person: Person) -> None:
    trained(person, 2)
    replace_cell(person, "gru")
    person.type("hidden_size-number", "32")
    person.wait_ready()
    person.type("clip_norm-number", "5")
    assert text_of(person, "edit-undo").startswith("Undo change of clip")
    person.press(Qt.Key.Key_Escape)
    undo(person)
    assert person.session.run.training_config.clip_norm == 1.0
    assert text_of(person, "edit-undo") == "Undo change of hidden units"
    undo(person)
    assert (person.session.run.model_config.cell, person.session.run.model_config.hidden_size) == ("gru", 128)
    assert text_of(person, "edit-undo") == "Undo change of cell"
    undo(person)
    assert (person.session.run.model_config.cell, person.session.run.progress.step) == ("lstm", 2)
    assert text_of(person, "edit-undo") == "Undo"
    for _ in range(3):
        redo(person)
    assert person.session.run.model_config.hidden_size == 32
    assert person.session.run.training_config.clip_norm == 5.0


def test_another_file_is_undone_with_the_data_and_the_weights_of_before(person: Person, tmp_path: Path) -> None:
    kept, before = trained(person, 3), person.session.data.dataset
    path = write_names(tmp_path / "girls.csv")
    person.drop(path)
    person.wait_until(lambda: person.session.data.dataset is not before)
    person.wait_ready()
    settled(person)
    assert text_of(person, "edit-undo") == "Undo change of data to “girls.csv”"
    undo(person)
    assert person.session.data.dataset is before
    assert person.session.run.snapshot is not None
    np.testing.assert_array_equal(person.session.run.snapshot.weights, kept.weights)
    redo(person)
    assert person.session.data.dataset is not None
    assert person.session.data.dataset.name == "girls"


def test_a_run_is_renamed_in_place_pinned_and_deleted_and_undo_brings_it_back(person: Person) -> None:
    trained(person, 2)
    replace_cell(person, "gru")
    view = select(person, LSTM)
    person.qtbot.keyClick(view, Qt.Key.Key_F2)
    field = person.find(QLineEdit, "run-name")
    person.qtbot.keyClicks(field, "my first")
    person.qtbot.keyClick(field, Qt.Key.Key_Return)
    person.wait_until(lambda: names(person) == [GRU, "my first"])
    assert text_of(person, "edit-undo") == f"Undo renaming of “{LSTM}”"

    pin = view.model().index(1, 2)
    box = view.visualRect(pin)
    person.qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(box.left() + 12, box.center().y()))
    assert pin.data(Qt.ItemDataRole.CheckStateRole) == Qt.CheckState.Checked

    select(person, GRU)
    person.qtbot.keyClick(view, Qt.Key.Key_Delete)
    assert names(person) == [GRU, "my first"]
    assert said(person).startswith("This is the current run;")
    select(person, "my first")
    person.qtbot.keyClick(view, Qt.Key.Key_Delete)
    assert names(person) == [GRU]
    assert "Deleted “my first”" in said(person)
    undo(person)
    assert names(person) == [GRU, "my first"]
    undo(person)
    assert names(person) == [GRU, LSTM]
    select(person, LSTM)
    person.click("run-open")
    settled(person)
    assert person.session.run.progress.step == 2


def test_several_runs_that_are_deleted_are_named(person: Person) -> None:
    for cell in ("gru", "rnn", "irnn", "mgu", "lstm"):
        trained(person, 2)
        replace_cell(person, cell)
    view = select(person, GRU, LSTM)
    person.qtbot.keyClick(view, Qt.Key.Key_Delete)
    assert said(person) == f"Deleted “{GRU}” and “{LSTM}”."
    assert text_of(person, "edit-undo") == "Undo deletion of 2 runs"
    undo(person)
    every = names(person)[1:]
    select(person, *every)
    person.qtbot.keyClick(view, Qt.Key.Key_Delete)
    assert said(person) == f"Deleted “{every[0]}”, “{every[1]}” and 3 other runs."
    undo(person)
    assert names(person)[1:] == every


def test_no_run_out_of_sight_stays_selected_when_another_becomes_the_current_one(person: Person) -> None:
    trained(person, 2)
    for cell in ("gru", "rnn", "irnn", "mgu"):
        replace_cell(person, cell)
        trained(person, 2)
    view = select(person, GRU, LSTM)
    person.click("run-compare")
    settle(person)
    person.window.docking.fill("")
    assert view.selectionModel().hasSelection(), "looking at them changes nothing"
    person.choose_sample("alphabet")
    settled(person)
    names(person)
    assert not view.selectionModel().hasSelection()
    person.click("run-more")
    menu = person.find(QMenu, "run-menu")
    assert [action.isEnabled() for action in menu.actions() if action.text().startswith("Delete")] == [False]
    menu.close()
    person.activate()
    person.qtbot.keyClick(view, Qt.Key.Key_Delete)
    assert {GRU, LSTM} <= {*names(person)}
    select(person, GRU)
    person.click("run-open")
    person.wait_until(lambda: names(person)[0] == GRU)
    settled(person)
    assert [index.row() for index in view.selectionModel().selectedRows()] == [0], "it is the first in the list now"


@pytest.mark.sample("reviews")
def test_the_name_of_a_run_says_what_was_changed_before_its_first_step_as_well_as_later(person: Person) -> None:
    reviews = "reviews · many to one · LSTM 64"
    person.unfold("more-architecture")
    for value, words in (("mean", "mean over time"), ("max", "max over time")):
        person.choose("pooling", value)
        person.wait_ready()
        assert names(person)[0] == f"{reviews} · read from {words}"
        trained(person, 1)
    person.choose("pooling", "last")
    person.wait_ready()
    told = ["", " · read from max over time", " · read from mean over time"]
    assert names(person) == [f"{reviews}{end}" for end in told], "the proposed setting needs no word"


def test_the_name_of_a_run_tells_it_from_others_that_were_changed_alike(person: Person) -> None:
    usual = person.session.run.model_config.dropout
    person.session.set_model(dropout=0.2)
    person.wait_ready()
    person.session.run.set_training(learning_rate=0.02)  # may change at any time, so no name tells it
    person.session.run.set_training(batch_size=7)
    person.wait_ready()
    first = f"{LSTM} · dropout 0.2 · batch 7"
    assert names(person) == [first], "the untrained ones are gone"
    trained(person, 1)
    person.session.run.set_training(optimizer="sgd")
    person.wait_ready()
    newest = f"{LSTM} · dropout 0.2 · optimizer SGD"
    assert names(person) == [newest, first], "two settings, those that no other run has before the rest"
    trained(person, 1)
    person.session.run.reset()
    person.wait_ready()
    assert names(person) == [f"{newest} (2)", newest, first], "a number if all are the same"
    person.session.set_model(dropout=usual)
    person.wait_ready()
    assert names(person)[0] == f"{LSTM} · optimizer SGD · batch 7"


def test_no_two_runs_have_one_name_or_one_colour_however_they_come_to_be(person: Person) -> None:
    runs = person.session.runs
    trained(person, 2)
    replace_cell(person, "gru")
    runs.rename(runs.others()[0].id, GRU)
    assert names(person) == [GRU, f"{GRU} (2)"]
    person.session.set_model(dropout=0.1)  # as the name does not tell
    person.wait_ready()
    trained(person, 1)
    person.session.compared.race_cells()
    race = person.session.race
    person.wait_until(lambda: len(race.racers) == len(CELLS))
    listed_runs = [run.identity for run in (runs.now(), *runs.others()) if run is not None]
    identities = [*listed_runs, *(racer.identity for racer in race.racers)]
    race.stop()
    settled(person)
    assert len({identity.name for identity in identities}) == len(identities)
    assert len({identity.color for identity in identities}) == len(identities)


def test_runs_of_earlier_windows_are_told_apart_from_the_one_of_this(tmp_path: Path, person: Person) -> None:
    store = RunStore(tmp_path / "state")
    now = person.session.runs.now()
    assert now is not None
    for number in range(3):
        identity = replace(now.identity, id=f"earlier{number}")
        store.write(replace(listed(identity.id), identity=identity))
    person.session.runs.keep_in(store)
    person.wait_until(lambda: len(names(person)) == 4)
    assert sorted(names(person)) == sorted([LSTM, f"{LSTM} (2)", f"{LSTM} (3)", f"{LSTM} (4)"])
    identities = [run.identity for run in (person.session.runs.now(), *person.session.runs.others()) if run is not None]
    assert len({identity.color for identity in identities}) == 4
    settled(person)
    store.release()


def test_runs_keep_their_colours_and_a_new_one_has_none_of_those_drawn_beside_it(
    tmp_path: Path, person: Person
) -> None:
    store, runs, earlier = RunStore(tmp_path / "state"), person.session.runs, listed(step=30)
    for number in range(RUN_COLORS + 4):
        identity = replace(earlier.identity, id=f"earlier{number}", name=f"run {number}", color=number % RUN_COLORS)
        store.write(replace(earlier, identity=identity))
    runs.keep_in(store)
    person.wait_until(lambda: len(names(person)) == RUN_COLORS + 5)
    trained(person, 2)
    person.choose_sample("order")
    trained(person, 2)
    known = {one.id: one.color for one in runs.present()}
    for size in (5, 6, 7, 8):
        person.session.set_model(hidden_size=size)
        person.wait_ready()
        trained(person, 2)
        drawn = [run.identity.color for run in runs.ghosts()]
        assert len({*drawn, runs.identity(runs.current).color}) == len(drawn) + 1
        assert {one.id: one.color for one in runs.present() if one.id in known} == known, "as in pictures of before"
        known |= {runs.current: runs.identity(runs.current).color}
    for sample in ("names", "alphabet", "reversal", "recall", "names", "alphabet", "recall", "order"):
        person.choose_sample(sample)
        trained(person, 2)
        drawn = [run.identity.color for run in runs.ghosts()]
        assert len({*drawn, runs.identity(runs.current).color}) == len(drawn) + 1
        assert {one.id: one.color for one in runs.present() if one.id in known} == known, "as in pictures of before"
        known |= {runs.current: runs.identity(runs.current).color}
    settled(person)
    store.release()


def test_runs_whose_curves_are_drawn_never_share_a_colour_and_a_deleted_one_comes_back_in_its_own(
    tmp_path: Path, person: Person
) -> None:
    store, runs = RunStore(tmp_path / "state"), person.session.runs
    earlier = listed(step=30)
    for number in range(RUN_COLORS + 2):
        store.write(replace(earlier, identity=replace(earlier.identity, id=f"earlier{number}", name=f"run {number}")))
    runs.keep_in(store)
    person.wait_until(lambda: len(names(person)) == RUN_COLORS + 3)
    color, times = Counter(run.identity.color for run in runs.others()).most_common(1)[0]
    assert times > 1, "there are more runs than colours"
    shared = [run for run in runs.others() if run.identity.color == color]
    for run in shared:
        runs.show(run.id, True)
    drawn = {run.id: run.identity.color for run in runs.ghosts()}
    assert set(drawn) == {run.id for run in shared}
    assert len(set(drawn.values())) == len(drawn)
    deleted = runs.delete(shared[0].id)
    assert deleted is not None
    runs.restore(deleted)
    assert runs.identity(shared[0].id).color == drawn[shared[0].id]
    settled(person)
    store.release()


@pytest.mark.sample("alphabet")
def test_the_curve_of_a_replaced_run_stays_in_the_loss_plot_until_it_is_dismissed(person: Person) -> None:
    person.press(Qt.Key.Key_Space)
    person.wait_until(lambda: len(person.session.run.curve.validation_steps) >= 2)
    person.press(Qt.Key.Key_Space)
    settled(person)
    old = person.session.run.curve.validation_loss.copy()
    person.window.docking.show_view("loss")
    replace_cell(person, "gru")
    panel = person.window.panels["loss"]
    person.wait_until(lambda: bool(panel.findChildren(QToolButton)) and "LSTM" in chips(person))
    assert isinstance(panel, LossPanel)
    lines = panel.plot.lines
    np.testing.assert_array_equal(lines[-1].y, old)
    person.wait_until(lambda: bool(panel.plot.levels))
    assert all(panel.plot.range.low < level.y < panel.plot.range.high for level in panel.plot.levels), "not yet trained"
    chips_line = person.find(QWidget, "loss-other-curves")
    assert not chips_line.geometry().intersects(panel.plot.geometry()), "the curves stay in sight"
    (chip,) = (b for b in panel.findChildren(QToolButton) if b.isVisible() and "LSTM" in b.text())
    person.qtbot.mouseClick(chip, Qt.MouseButton.LeftButton)
    person.wait_until(lambda: "LSTM" not in chips(person))
    assert len(panel.plot.lines) == 3
    assert not chips_line.isVisible()
    assert any("LSTM" in name for name in names(person))


def test_a_ticked_run_on_other_data_does_not_squeeze_the_curves_of_the_current_one(person: Person) -> None:
    session = person.session
    person.press(Qt.Key.Key_Space)
    person.wait_until(lambda: len(session.run.curve.validation_steps) >= 2)
    person.press(Qt.Key.Key_Space)
    settled(person)
    person.choose_sample("order")
    person.window.docking.show_view("loss")
    panel = person.window.panels["loss"]
    assert isinstance(panel, LossPanel)
    trained(person, 8)
    person.wait_until(lambda: len(panel.plot.lines) == 3)
    alone = panel.plot.range
    (other,) = session.runs.others()
    person.window.docking.show_view("runs")
    model = person.find(QTreeView, "runs").model()
    rows = [model.index(row, CURVE) for row in range(model.rowCount())]
    (box,) = (index for index in rows if index.data(Qt.ItemDataRole.CheckStateRole) is not None)
    assert model.setData(box, Qt.CheckState.Checked.value, Qt.ItemDataRole.CheckStateRole)
    person.window.docking.show_view("loss")
    person.wait_until(lambda: len(panel.plot.lines) == 4)
    assert other.curve.steps[-1] > 2 * session.run.curve.steps[-1]
    assert panel.plot.range == alone
    (chip,) = (button for button in panel.findChildren(QToolButton) if "dismiss-curve" in button.objectName())
    assert "(other data: View all in the menu ⋯ shows the whole curve)" in tip_of(chip)
    panel.view_all()
    assert panel.plot.range.right >= other.curve.validation_steps[-1]
    session.run.reset()
    person.wait_ready()
    person.wait_until(lambda: len(session.run.curve) == 0 and len(panel.baselines) > 0 and panel.plot.following)
    settle(person)
    guess = max(level.y for level in panel.plot.levels)
    assert guess < panel.plot.range.high < guess + 1
    assert other.curve.validation_loss[0] > panel.plot.range.high, "nor before it has any"


def test_a_curve_beside_that_of_a_run_which_is_called_alike_says_what_tells_it_apart(person: Person) -> None:
    person.session.run.set_training(epochs=1)
    person.click("train")
    person.wait_until(lambda: person.session.run.status == "finished")
    settled(person)
    person.session.set_model(dropout=0.2)
    person.wait_ready()
    person.window.docking.show_view("loss")
    person.wait_until(lambda: "LSTM 128" in chips(person))
    person.window.docking.enlarge("loss")
    person.wait_until(lambda: "LSTM 128 · dropout 0.4" in chips(person))
    person.window.docking.enlarge("")


def chips(person: Person) -> str:
    """What stands above the loss plot."""
    panel = person.window.panels["loss"]
    return " ".join(button.text() for button in panel.findChildren(QToolButton) if button.isVisible())


def test_a_saved_run_is_not_drawn_twice_when_it_is_opened_again(person: Person, tmp_path: Path) -> None:
    person.session.run.set_training(epochs=1)
    person.click("train")
    person.wait_until(lambda: person.session.run.status == "finished")
    settled(person)
    save(person, tmp_path / "mine.unroll")
    replace_cell(person, "gru")
    panel = person.window.panels["loss"]
    assert isinstance(panel, LossPanel)
    person.wait_until(lambda: len(panel.plot.lines) == 4)
    assert "LSTM" in chips(person), "another network is drawn beside it"
    open_run(person, tmp_path / "mine.unroll")
    person.wait_until(lambda: len(panel.plot.lines) == 3)
    assert "LSTM" not in chips(person)
    assert names(person) == [LSTM], "it is in the list once"
    person.window.docking.show_view("loss")
    person.click("reset")  # the same settings and the same seed, but another run
    person.wait_until(lambda: len(panel.plot.lines) > 3)
    assert "LSTM" in chips(person)


def test_how_the_data_are_read_is_undone_while_the_form_is_still_open(person: Person) -> None:
    before = trained(person, 2)
    show_reading(person)
    choose(person, "unit", "word")
    assert person.session.run.progress.step == 0
    form = person.find(QWidget, "reading")
    assert form.isVisible()
    person.qtbot.keyClick(form, Qt.Key.Key_Z, CONTROL)
    settled(person)
    person.wait_ready()
    assert person.session.data.dataset is not None
    assert person.session.data.dataset.config.unit == "character"
    assert person.find(Choice, "data-unit").value() == "character"
    assert person.session.run.snapshot is not None
    assert np.array_equal(person.session.run.snapshot.weights, before.weights)
    form.close()


def test_ctrl_z_in_a_field_takes_back_what_is_typed_there_and_only_then_settings(person: Person) -> None:
    person.type("hidden_size-number", "32")
    person.wait_ready()
    settled(person)
    field = person.find(QLineEdit, "hidden_size-number")
    field.setFocus()
    person.qtbot.keyClicks(field, "9")
    person.qtbot.keyClick(field, Qt.Key.Key_Z, CONTROL)
    assert field.text() == "32"
    assert person.session.run.model_config.hidden_size == 32
    person.qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Z, CONTROL)
    settled(person)
    assert person.session.run.model_config.hidden_size == 128


def test_a_chosen_cell_stays_when_other_data_propose_another_which_is_said_and_one_click_away(person: Person) -> None:
    replace_cell(person, "rnn")
    person.choose_sample("alphabet")
    assert person.session.run.model_config.cell == "rnn"
    assert said(person) == "Kept RNN as the cell; LSTM is proposed for this data."
    person.click("notice-action")
    settled(person)
    assert person.session.run.model_config.cell == "lstm"
    undo(person)
    undo(person)
    assert (person.session.run.model_config.cell, person.session.data.sample) == ("rnn", engine.SAMPLES["names"])
    undo(person)
    person.choose_sample("alphabet")
    assert person.session.run.model_config.cell == "lstm", "the choice was undone"
    assert said(person) == ""


def test_reading_the_data_otherwise_is_undone_with_the_weights_of_before(person: Person) -> None:
    kept = trained(person, 2)
    person.session.data.change(validation=0.3)
    person.wait_until(lambda: not person.session.data.loading)
    person.wait_ready()
    settled(person)
    assert text_of(person, "edit-undo") == "Undo change of how the data is read"
    undo(person)
    assert person.session.data.dataset is not None
    assert person.session.data.dataset.config.validation == 0.1
    assert person.session.run.snapshot is not None
    np.testing.assert_array_equal(person.session.run.snapshot.weights, kept.weights)


def test_a_file_that_is_opened_again_is_in_the_list_once_and_again_only_when_its_run_has_been_trained_on(
    person: Person, tmp_path: Path
) -> None:
    path = tmp_path / "names.unroll"
    kept = trained(person, 3)
    save(person, path)
    open_run(person, path)  # while it is there
    assert names(person) == [LSTM]
    replace_cell(person, "gru")
    trained(person, 1)
    for _ in range(3):
        open_run(person, path)
        assert names(person).count(LSTM) == 1
        assert len(names(person)) == 2
        snapshot = person.session.run.snapshot
        assert snapshot is not None
        assert same(snapshot, kept)
        open_run(person, path)
    undo(person)
    assert person.session.run.model_config.cell == "gru", "once opened, once undone"
    redo(person)
    trained(person, 1)
    open_run(person, path)
    assert len(names(person)) == 3
    assert person.session.run.progress.step == 3
