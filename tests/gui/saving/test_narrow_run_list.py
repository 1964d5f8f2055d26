"""The list of runs where there is little room: numbers are whole or left out, and names keep what tells them apart."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QApplication, QLineEdit, QMenu, QPushButton, QToolButton, QTreeView

from engine.cells import CELLS
from gui.panels.runs.run_table import (
    CURVE,
    LEFT_PX,
    NAME,
    NAME_PX,
    PIN,
    ROW_PX,
    RunRow,
    RunTable,
    brief_facts,
    name_and_figures,
    whole_parts,
)
from gui.session.progress import Curve
from gui.session.run_library.listed_run import Identity
from gui.session.run_library.run_names import LEAST_HEAD
from gui.widgets.curve_chips import CurveChips
from tests.gui.conftest import Person
from tests.gui.panels.open_views import settle
from tests.gui.panels.test_compare import race_small_cells
from tests.gui.pixels import colors
from tests.gui.saving.saving import settled, trained, write_names
from tests.gui.session.run_library.test_listed_run import listed
from tests.gui.written import texts_in

LONG = "a-file-of-given-names-from-many-cultures"


def run_row(name: str) -> RunRow:
    """A run whose best accuracy was 79.9 % at step 10 of 20."""
    curve = Curve()
    for step, loss, accuracy in ((10, 0.437, 0.799), (20, 0.5, 0.7)):
        curve.append_validation(step, 1.0, loss, {"accuracy": accuracy})
    run = listed(step=1)
    settings = replace(run.settings, training=replace(run.settings.training, best_by="accuracy"))
    run = replace(run, curve=curve, step=20, identity=Identity("a", name, 0), settings=settings)
    return RunRow(run, False, False)


def list_of_runs(person: Person) -> QTreeView:
    """The list of runs, in sight."""
    person.window.docking.show_view("runs")
    settle(person)
    view = person.find(QTreeView, "runs")
    person.wait_until(view.isVisible)
    return view


def list_of_sizes(person: Person, sizes: Iterable[int]) -> QTreeView:
    """The list of runs, after networks of these sizes have been trained."""
    for hidden_size in sizes:
        person.session.set_model(hidden_size=hidden_size)
        person.wait_ready()
        trained(person, 1)
    return list_of_runs(person)


def test_the_figures_of_a_run_are_whole_or_left_out() -> None:
    parts, briefly = ["best accuracy 41.2 %", "loss 2.285", "step 1,790"], ["accuracy 41.2 %", "acc. 41.2 %", "41.2 %"]
    expected = {
        100: "best accuracy 41.2 % · loss 2.285 · step 1,790",
        40: "best accuracy 41.2 % · loss 2.285",
        30: "best accuracy 41.2 %",
        19: "accuracy 41.2 %",
        14: "acc. 41.2 %",
        6: "41.2 %",
        5: "",
    }
    for letters, text in expected.items():
        assert whole_parts(parts, briefly, lambda shown, room=letters: len(shown) <= room) == text


@pytest.mark.parametrize("name", ["sst2.train · many to one · LSTM 64 (2)", "sst2.train", "LSTM 64 · dropout 0.3"])
def test_a_number_is_never_cut_however_narrow_the_list_is(qapp: QApplication, name: str) -> None:
    metrics, row = QFontMetrics(qapp.font()), run_row(name)
    least = metrics.horizontalAdvance("79.9\N{NARROW NO-BREAK SPACE}%")
    seen = [name_and_figures(row, metrics, metrics, width) for width in range(least, 400)]
    for width, (shown, figures) in zip(range(least, 400), seen, strict=True):
        assert "79.9\N{NARROW NO-BREAK SPACE}%" in figures
        assert "…" not in figures
        assert shown.count("…") <= 1
        assert max(map(metrics.horizontalAdvance, (shown, figures))) <= width
    assert seen[-1][0] == name


def test_a_figure_that_is_not_that_of_the_last_step_is_called_the_best_while_there_is_room() -> None:
    row = run_row("sst2.train")
    assert [text.replace("\N{NARROW NO-BREAK SPACE}", " ") for text in brief_facts(row)] == [
        "best accuracy 79.9 %", "best acc. 79.9 %", "acc. 79.9 %", "79.9 %",
    ]  # fmt: skip
    settings = replace(row.run.settings, training=replace(row.run.settings.training, best_by="loss"))
    by_loss = replace(row, run=replace(row.run, settings=settings))
    assert brief_facts(by_loss) == ["best loss 0.437", "best 0.437", "0.437"]
    assert brief_facts(replace(by_loss, run=replace(by_loss.run, step=10))) == ["loss 0.437", "loss 0.437", "0.437"]


def test_a_narrow_list_has_whole_rows_and_leaves_open_and_pin_to_the_menu(person: Person, tmp_path: Path) -> None:
    person.window.resize(1100, 700)
    trained(person, 2)
    for number in range(2):
        before = person.session.run.number
        person.window.files.open_path(str(write_names(tmp_path / f"{LONG}-{number}.csv")))
        person.wait_until(lambda before=before: person.session.run.number > before)
        person.wait_ready()
        trained(person, 2)
    person.window.docking.show_view("runs")
    view = person.find(QTreeView, "runs")
    person.wait_until(lambda: view.isColumnHidden(PIN) and view.viewport().height() >= 2 * ROW_PX)
    assert not person.find(QPushButton, "run-open").isVisible()
    table = view.model()
    assert isinstance(table, RunTable)
    bold = view.font()
    bold.setBold(True)
    for row in table.rows:
        name, figures = name_and_figures(row, QFontMetrics(bold), view.fontMetrics(), view.columnWidth(NAME) - NAME_PX)
        assert "…" not in figures
        data, cell = row.run.name.split(" · ")[::2]
        assert name.startswith(data[:LEAST_HEAD])
        assert name.endswith(f"… {cell}"), "cell and size are not cut either"
    view.setFocus()
    person.qtbot.mouseClick(
        view.viewport(), Qt.MouseButton.LeftButton, pos=view.visualRect(table.index(1, NAME)).center()
    )
    index = table.index(1, NAME)
    beside = view.visualRect(index).adjusted(0, 0, NAME_PX - view.columnWidth(NAME), 0)  # where the chip is

    def drawn() -> set[str]:
        return colors(view.viewport().grab(beside).toImage())

    without = drawn()
    for pinned in (True, False):
        person.click("run-more")
        menu = person.find(QMenu, "run-menu")
        assert "Open" in [action.text() for action in menu.actions()]
        (pin,) = (action for action in menu.actions() if action.text() == "Pin")
        assert pin.isChecked() is not pinned
        pin.trigger()
        menu.close()
        settled(person)
        assert table.rows[1].run.identity.pinned is pinned
        person.wait_until(lambda pinned=pinned: (person.session.theme.secondary in drawn() - without) is pinned)
        assert ("pinned" in index.data(Qt.ItemDataRole.ToolTipRole)) is pinned
    person.window.resize(1440, 900)
    person.wait_until(lambda: person.window.docking.show_view("runs") is None and not view.isColumnHidden(PIN))
    assert person.find(QPushButton, "run-open").isVisible()


@pytest.mark.sample("part-of-speech")
def test_the_bold_name_of_the_current_run_has_the_room_of_the_switch_that_it_lacks(
    person: Person, tmp_path: Path
) -> None:
    person.session.set_model(cell="gru", hidden_size=128)
    trained(person, 1)
    view = list_of_runs(person)
    table = view.model()
    assert isinstance(table, RunTable)
    current = view.visualRect(table.index(0, NAME))
    bold = view.font()
    bold.setBold(True)
    name = table.rows[0].run.name
    assert QFontMetrics(bold).horizontalAdvance(name) > current.width() - NAME_PX, "it is longer than its column"
    assert name in texts_in(view, tmp_path)
    person.qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=current.center())
    switch = view.visualRect(table.index(0, CURVE))
    assert person.session.theme.text in colors(view.viewport().grab(switch).toImage()), "the selection is below it"
    person.qtbot.keyClick(view, Qt.Key.Key_F2)
    field = person.find(QLineEdit, "run-name")
    assert field.geometry().right() >= switch.right(), "nothing of the old name is beside the field for a new one"


def test_a_run_with_a_validation_file_keeps_the_name_of_its_data(person: Person, tmp_path: Path) -> None:
    data = write_names(tmp_path / "reviews.csv")
    (tmp_path / "files").mkdir()
    validation = write_names(tmp_path / "files" / "reviews_valid.csv")
    person.window.files.open_path(str(data))
    person.wait_until(lambda: person.session.data.paths == (str(data),))
    person.wait_ready()
    trained(person, 1)
    person.session.data.change(validation_file=str(validation))
    person.wait_until(lambda: person.session.data.dataset.config.validation_file == str(validation))
    person.wait_ready()
    trained(person, 1)
    now = person.session.runs.now()
    assert now is not None
    data_name, _, cell, file = now.name.split(" · ")
    assert (data_name, file) == ("reviews", "validation file reviews_valid.csv")
    for size in ((1440, 900), (1100, 700)):
        person.resize(*size)
        shown = [text for text in texts_in(list_of_runs(person), tmp_path) if cell in text]
        assert len(shown) == 2, size
        assert all(text.startswith("reviews ") for text in shown), (size, shown)


@pytest.mark.sample("reviews")
def test_racers_that_share_a_setting_keep_their_cells_in_a_narrow_list(person: Person) -> None:
    person.session.set_model(bidirectional=True)
    race_small_cells(person)
    for size in ((1440, 900), (1100, 700), (960, 540)):
        person.resize(*size)
        view = list_of_runs(person)
        table = view.model()
        assert isinstance(table, RunTable)
        raced = [row for row in table.rows if "both directions on" in row.run.name and not row.is_current]
        assert len(raced) == len(CELLS)
        metrics, room = view.fontMetrics(), view.columnWidth(NAME) - NAME_PX
        names = [name_and_figures(row, metrics, metrics, room)[0] for row in raced]
        for name, row in zip(names, raced, strict=True):
            assert CELLS[row.run.settings.model.cell].title in name, size
        assert len(set(names)) == len(CELLS), size


def test_a_click_on_the_last_row_leaves_the_list_where_it_is_and_keys_follow_the_selection(person: Person) -> None:
    person.window.resize(1100, 700)
    view = list_of_sizes(person, range(8, 12))
    bar, lowest = view.verticalScrollBar(), QPoint(LEFT_PX, view.viewport().height() - 2)
    clicked = view.indexAt(lowest)
    assert view.visualRect(clicked).bottom() > view.viewport().rect().bottom(), "a row that is only partly in sight"
    person.qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=lowest)
    later: list[bool] = []  # Qt scrolls to a row that was clicked as soon as no second click can follow
    QTimer.singleShot(QApplication.doubleClickInterval() + 200, lambda: later.append(True))
    person.wait_until(lambda: bool(later))
    assert (bar.value(), view.indexAt(lowest), view.currentIndex()) == (0, clicked, clicked)
    person.qtbot.keyClick(view, Qt.Key.Key_Down)
    assert view.viewport().rect().contains(view.visualRect(view.currentIndex()))
    assert bar.value() > 0


@pytest.mark.sample("reversal")
def test_a_run_keeps_its_data_and_the_setting_that_tells_it_from_another_with_its_name(
    person: Person, tmp_path: Path
) -> None:
    for attention, forcing in ((True, 0.0), (True, 1.0)):
        person.session.set_model(hidden_size=128, attention=attention)
        person.session.run.set_training(teacher_forcing=forcing)
        person.wait_ready()
        trained(person, 1)
    person.session.set_model(hidden_size=64)
    person.wait_ready()
    trained(person, 1)
    chips = person.find(CurveChips, "loss-other-curves")
    for size in ((1440, 900), (1100, 700)):
        person.resize(*size)
        shown = [text for text in texts_in(list_of_runs(person), tmp_path) if "LSTM 128" in text]
        assert len(set(shown)) == 2, shown
        assert all(text.startswith("reve") for text in shown), "the data are kept"
        shown += [button.text().removesuffix(" ×") for button in chips.findChildren(QToolButton)]
        assert not any(re.search(r"( …| ·) on\b", text) for text in shown), shown
        if size == (1440, 900):
            assert "reversal · LSTM 128 … teacher forcing 0" in shown, "it tells one from the other"


def test_a_run_whose_name_ends_in_a_number_keeps_the_beginning_of_its_data_as_all_others_do(
    person: Person, tmp_path: Path
) -> None:
    person.window.resize(1100, 700)
    for cell in ("gru", "lstm"):
        for _ in range(2):
            person.choose("cell", "mgu")
            person.wait_ready()
            person.choose("cell", cell)
            person.wait_ready()
            trained(person, 1)
    person.choose_sample("alphabet")
    trained(person, 1)
    view = list_of_runs(person)
    person.wait_until(lambda: view.verticalScrollBar().maximum() > 0)
    names = [row.run.name for row in view.model().rows[1:]]
    assert [name.endswith("128 (2)") for name in names] == [True, False, True, False]
    above = texts_in(view, tmp_path)
    view.verticalScrollBar().setValue(view.verticalScrollBar().maximum())
    shown = {text for text in [*above, *texts_in(view, tmp_path)] if "128" in text}
    assert len(shown) == len(names)
    assert all(text.startswith("na") for text in shown), shown


def test_a_run_that_is_opened_comes_into_sight_and_one_that_is_trained_further_moves_nothing(person: Person) -> None:
    person.window.resize(1100, 700)
    view = list_of_sizes(person, range(8, 14))
    table, bar = view.model(), view.verticalScrollBar()
    assert isinstance(table, RunTable)

    def open_row(row: int) -> None:
        opened, place = table.rows[row].run.id, view.visualRect(table.index(row, NAME)).center()
        person.qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place)
        person.qtbot.mouseDClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place)
        person.wait_until(lambda: person.session.runs.current == opened)
        person.wait_ready()
        settle(person)
        assert table.rows[0].run.id == opened
        assert view.viewport().rect().contains(view.visualRect(table.index(0, NAME)))

    bar.setValue(bar.maximum())
    open_row(len(table.rows) - 1)
    assert bar.value() == 0
    open_row(1)
    assert bar.value() == 0
    bar.setValue(bar.maximum())
    trained(person, 1)
    settle(person)
    assert bar.value() == bar.maximum(), "it has only been trained further"


@pytest.mark.sample("reviews")
def test_the_one_setting_that_was_changed_is_named_where_its_row_has_room(person: Person, tmp_path: Path) -> None:
    person.resize(1440, 900)
    person.session.set_model(cell="gru", hidden_size=128, initialization="xavier")
    trained(person, 1)
    assert "reviews … GRU 128 · init… Xavier uniform" in texts_in(list_of_runs(person), tmp_path)
