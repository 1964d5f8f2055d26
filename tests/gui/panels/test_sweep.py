"""Sweep in the window: the plan is what a TOML file would say, and results come into a table that stays quick."""

from __future__ import annotations

import csv
import re
from concurrent.futures import Future
from pathlib import Path
from queue import SimpleQueue

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QRect, QSettings, QStandardPaths, Qt
from PySide6.QtWidgets import QFileDialog, QLabel, QLineEdit, QPushButton, QToolButton, QTreeView, QTreeWidget, QWidget
from pytestqt.qtbot import QtBot

import engine
from engine.data.samples import Sample
from engine.sweeps.executors import Executor
from engine.sweeps.one_run import OutcomeStatus, RunOutcome, train_run
from engine.sweeps.plan import PlannedRun, Sweep, sweep_of
from gui.panels.base.view import View
from gui.panels.sweep.form import PlanForm
from gui.panels.sweep.results_table import ResultsTable, ResultsView
from gui.panels.sweep.run_lines import run_lines
from gui.panels.sweep.values import parsed, plan_of
from gui.plots.parallel_coordinates import ParallelCoordinates
from gui.style_sheet import stylesheet
from gui.theme import LIGHT
from gui.widgets.fields import Whole
from tests.gui.conftest import Person, opened
from tests.gui.panels.open_views import open_view, settle
from tests.gui.saving.saving import said, settled
from tests.gui.test_room import resize

DENSE_PX = 20  # at most, from the end of the plan to the line below it


class AtOnce(Executor):
    """Trains when it is asked to."""

    slots = 1

    def __init__(self, dataset: engine.Dataset, sample: Sample | None = None) -> None:
        self._dataset, self._sample = dataset, sample

    def submit(self, run: PlannedRun, share: float, begun: bytes) -> Future[RunOutcome]:
        future: Future[RunOutcome] = Future()
        future.set_result(train_run(self._dataset, self._sample, run, share, begun))
        return future

    def renew(self) -> None:
        pass

    def close(self) -> None:
        pass


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Processes are not the point here."""
    monkeypatch.setattr("engine.sweeps.executors.executor_for", lambda dataset, sample, *_: AtOnce(dataset, sample))


def fill_in(person: Person, folder: Path) -> None:
    """Two cells, two seeds, small and short."""
    person.session.run.set_training(epochs=1, batch_size=1024)
    person.wait_ready()
    person.session.sweeps.wanted.emit()
    settle(person)
    person.type("sweep-values-1", "RNN, gru")
    person.type("sweep-values-2", "3")
    person.type("sweep-values-3", "0.001 to 0.01 in 2")
    person.type("sweep-seeds", "0, 1")
    person.type("sweep-folder", str(folder))


def column(person: Person, title: str) -> list[str]:
    model = person.find(QTreeView, "sweep-results").model()
    titles = [model.headerData(at, Qt.Orientation.Horizontal) for at in range(model.columnCount())]
    at = titles.index(title)
    return [str(model.index(row, at).data()) for row in range(model.rowCount())]


def test_a_sweep_is_planned_trained_sorted_and_its_best_run_is_opened(person: Person, tmp_path: Path) -> None:
    fill_in(person, tmp_path / "out")
    assert person.window.docking.filled == "sweep"
    assert person.find(Whole, "sweep-halving").text() == "0: never"
    person.type("sweep-halving", "3")
    assert person.find(Whole, "sweep-halving").value() == 3
    person.type("sweep-halving", "0")
    summary = person.find(QLabel, "sweep-summary")
    assert summary.text() == f"8 runs, kept in {tmp_path / 'out'}."
    person.click("sweep-start")
    person.wait_until(lambda: said(person).startswith("The sweep is over."))
    settled(person)
    assert column(person, "Cell") == ["RNN"] * 4 + ["GRU"] * 4
    assert column(person, "Learning rate") == ["0.001", "0.001", "0.01", "0.01"] * 2
    assert set(column(person, "Status")) == {"done"}
    view, losses = person.find(QTreeView, "sweep-results"), column(person, "Best loss")
    assert all(len(loss.partition(".")[2]) == 4 for loss in losses), "as many digits as the means"
    view.sortByColumn(column_of(person, "Best loss"), Qt.SortOrder.AscendingOrder)
    assert column(person, "Best loss") == sorted(losses, key=float)
    assert re.fullmatch(r"Best loss [\d.]+ ± [\d.]+ over 2 seeds with Cell \w+, .*", summary.text())
    assert "Epochs" not in summary.text(), "all runs have the same"
    assert all(re.fullmatch(r"\d+\.\d", seconds) for seconds in column(person, "Seconds"))
    view.setCurrentIndex(view.model().index(0, 0))
    number = int(column(person, "Run")[0])
    person.click("sweep-open-run")
    person.wait_until(lambda: f"Opened “run-{number:04}.unroll”" in said(person))
    settled(person)
    settings = person.session.sweeps.runs[number - 1].settings
    assert person.session.run.model_config.cell == settings["cell"]
    assert person.session.run.training_config.learning_rate == settings["learning_rate"]
    person.click("sweep-page-parallel")
    picture = person.find(ParallelCoordinates, "sweep-parallel")
    assert [axis.title for axis in picture.axes] == ["Cell", "Learning rate", "Random seed", "best loss"]
    assert len(picture.lines) == 8
    person.click("sweep-page-best")
    best = person.find(QTreeWidget, "sweep-best")
    assert best.topLevelItemCount() == 4
    assert {best.topLevelItem(row).text(4) for row in range(4)} == {"RNN", "GRU"}


@pytest.mark.parametrize("seeds", ["0", "0, 1"])
def test_a_combination_opens_the_best_of_its_runs(person: Person, tmp_path: Path, seeds: str) -> None:
    fill_in(person, tmp_path / "out")
    person.type("sweep-seeds", seeds)
    person.click("sweep-start")
    person.wait_until(lambda: said(person).startswith("The sweep is over."))
    settled(person)
    losses = dict(zip(map(int, column(person, "Run")), column(person, "Best loss"), strict=True))
    person.click("sweep-page-best")
    settle(person)
    best, button = person.find(QTreeWidget, "sweep-best"), person.find(QPushButton, "sweep-open-run")
    assert not button.isEnabled(), "nothing is selected yet"
    row = best.visualItemRect(best.topLevelItem(1))
    person.qtbot.mouseClick(best.viewport(), Qt.MouseButton.LeftButton, pos=row.center())
    assert button.isEnabled()
    number = int(best.topLevelItem(1).text([best.headerItem().text(at) for at in range(4)].index("Best run")))
    chosen = person.session.sweeps.runs[number - 1]
    alike = [
        losses[run.number]
        for run in person.session.sweeps.runs
        if {**run.settings, "seed": 0} == {**chosen.settings, "seed": 0}
    ]
    assert len(alike) == len(seeds.split(","))
    assert losses[number] == min(alike, key=float)
    assert f"Make run {number}" in button.toolTip()
    assert ("the best of 2 seeds" in button.toolTip()) == (len(alike) > 1)
    person.session.sweeps.frame.emit()
    settle(person)
    assert best.topLevelItem(1).isSelected(), "also when a result comes"
    person.qtbot.mouseDClick(best.viewport(), Qt.MouseButton.LeftButton, pos=row.center())
    person.wait_until(lambda: f"Opened “run-{number:04}.unroll”" in said(person))
    settled(person)
    assert person.session.run.training_config.seed == chosen.settings["seed"]


class OneByOne(AtOnce):
    """Ends a run when the test lets it."""

    def __init__(self, dataset: engine.Dataset, let: SimpleQueue[None]) -> None:
        super().__init__(dataset)
        self._let = let

    def submit(self, run: PlannedRun, share: float, begun: bytes) -> Future[RunOutcome]:
        self._let.get()
        return super().submit(run, share, begun)


@pytest.mark.sample("alphabet")
def test_the_best_loss_of_a_run_has_its_step_and_the_run_that_is_opened_says_what_its_weights_have(
    person: Person, tmp_path: Path
) -> None:
    fill_in(person, tmp_path / "out")
    person.session.run.set_training(epochs=40, batch_size=8)
    person.wait_ready()
    person.type("sweep-values-1", "gru")
    person.type("sweep-values-2", "16")
    person.type("sweep-values-3", "0.05")
    person.type("sweep-seeds", "0")
    person.click("sweep-start")
    person.wait_until(lambda: said(person).startswith("The sweep is over."))
    settled(person)
    (best,), (step,) = column(person, "Best loss"), column(person, "At step")
    assert int(step) < int(column(person, "Steps")[0]), "it was measured before the last step"
    view = person.find(QTreeView, "sweep-results")
    model = view.model()
    tips = [model.headerData(at, Qt.Orientation.Horizontal, Qt.ItemDataRole.ToolTipRole) for at in (1, 2)]
    assert [tip.split(";")[0] for tip in tips] == [
        "The lowest validation loss",
        "The step at which the best loss was measured",
    ]
    view.setCurrentIndex(model.index(0, 0))
    person.click("sweep-open-run")
    person.wait_until(lambda: "Opened “run-0001.unroll”" in said(person))
    settled(person)
    losses = person.session.run.curve.validation_loss
    assert float(best) == pytest.approx(float(losses.min()), abs=1e-4)
    held, lowest = f"validation loss {losses[-1]:.3f}", f"the lowest was {losses.min():.3f}, at step {step}"
    assert f"({held}; {lowest})" in said(person)
    with (tmp_path / "out" / "results.csv").open(encoding="utf-8", newline="") as results:
        (row,) = csv.DictReader(results)
    assert row["best_step"] == step
    assert float(row["best_validation_loss"]) == pytest.approx(float(losses.min()))


def test_the_top_bar_says_how_far_a_sweep_is(person: Person, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    let: SimpleQueue[None] = SimpleQueue()
    monkeypatch.setattr("engine.sweeps.executors.executor_for", lambda dataset, *_: OneByOne(dataset, let))
    fill_in(person, tmp_path / "out")
    person.click("sweep-start")
    shown = person.find(QLabel, "progress-left")
    assert shown.text() == "sweep running"
    for _ in range(3):
        let.put(None)
    try:
        person.wait_until(lambda: re.fullmatch("sweep [23] of 8", shown.text()) is not None)
    finally:
        for _ in range(5):
            let.put(None)
    person.wait_until(lambda: said(person).startswith("The sweep is over."))
    person.wait_until(lambda: shown.text() == "ready")


class Held(AtOnce):
    """Two workers that keep their runs until the test lets them end."""

    slots = 2

    def __init__(self, dataset: engine.Dataset) -> None:
        super().__init__(dataset)
        self.tasks: list[tuple[Future[RunOutcome], PlannedRun, float, bytes]] = []

    def submit(self, run: PlannedRun, share: float, begun: bytes) -> Future[RunOutcome]:
        future: Future[RunOutcome] = Future()
        self.tasks.append((future, run, share, begun))
        return future

    def end_first(self) -> None:
        future, *task = self.tasks.pop(0)
        future.set_result(train_run(self._dataset, None, *task))


def test_the_table_says_which_runs_are_trained_now(
    person: Person, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[Held] = []

    def held(dataset: engine.Dataset, *_: object) -> Executor:
        made.append(Held(dataset))
        return made[0]

    monkeypatch.setattr("engine.sweeps.executors.executor_for", held)
    fill_in(person, tmp_path / "out")
    person.click("sweep-start")
    person.wait_until(lambda: column(person, "Status") == ["training"] * 2 + ["waiting"] * 6)
    made[0].end_first()
    person.wait_until(lambda: column(person, "Status") == ["done"] + ["training"] * 2 + ["waiting"] * 5)
    person.click("sweep-cancel")
    person.wait_until(lambda: said(person).startswith("The sweep was cancelled."))
    person.wait_until(lambda: column(person, "Status") == ["done"] + ["waiting"] * 7)


def test_a_sweep_that_cannot_start_leaves_the_results_before_and_its_notice_goes_with_the_plan(
    person: Person, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill_in(person, tmp_path / "out")
    person.click("sweep-start")
    person.wait_until(lambda: said(person).startswith("The sweep is over."))
    before = column(person, "Best loss")

    def unreachable(*_: object) -> Executor:
        raise engine.ConfigError("No Dask scheduler answers at tcp://127.0.0.1:1.")

    def refused(words: str) -> None:
        person.click("sweep-start")
        person.wait_until(lambda: words in said(person) and not person.session.sweeps.running)
        settle(person)
        assert person.find(QLabel, "sweep-summary").isVisible(), "the plan is still in front"
        assert words in person.find(QLabel, "sweep-summary").text()
        assert column(person, "Best loss") == before
        assert person.session.sweeps.folder == tmp_path / "out", "its runs can still be opened"

    monkeypatch.setattr("engine.sweeps.executors.executor_for", unreachable)
    person.click("sweep-page-plan")
    person.type("sweep-folder", str(tmp_path / "other"))
    refused("The sweep cannot start: No Dask scheduler")
    person.click("sweep-page-plan")
    assert "No Dask scheduler" in said(person), "it may be read beside the plan"
    person.type("sweep-values-2", "4")
    assert said(person) == ""
    assert " runs, kept in " in person.find(QLabel, "sweep-summary").text()
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "letter.txt").write_text("Dear Ada", encoding="utf-8")
    person.type("sweep-folder", str(tmp_path / "full"))
    refused("is not empty")
    monkeypatch.setattr("engine.sweeps.executors.executor_for", lambda dataset, sample, *_: AtOnce(dataset, sample))
    person.find(QLineEdit, "sweep-folder").setText(str(tmp_path / "new"))  # not typed: the start alone clears it
    person.click("sweep-start")
    assert "is not empty" not in said(person)
    person.wait_until(lambda: said(person).startswith("The sweep is over."))
    assert person.find(QTreeView, "sweep-results").isVisible()
    assert person.session.sweeps.folder == tmp_path / "new"


@pytest.mark.parametrize("order", Qt.SortOrder)
def test_the_arrow_in_a_heading_points_to_where_the_numbers_fall(person: Person, order: Qt.SortOrder) -> None:
    fill_in(person, Path("out"))
    person.click("sweep-page-results")
    header = person.find(QTreeView, "sweep-results").header()
    header.setSortIndicator(0, order)
    picture, end = header.grab().toImage(), header.sectionSize(0)
    drawn = [
        [x for x in range(end - 16, end) if picture.pixelColor(x, y) != picture.pixelColor(end - 1, 4)]
        for y in range(4, picture.height() - 4)
    ]
    widths = [row[-1] - row[0] for row in drawn if row]
    assert len(widths) > 2
    assert (widths[0] < widths[-1]) == (order is Qt.SortOrder.AscendingOrder), widths


def column_of(person: Person, title: str) -> int:
    model = person.find(QTreeView, "sweep-results").model()
    return [model.headerData(at, Qt.Orientation.Horizontal) for at in range(model.columnCount())].index(title)


def test_a_folder_that_is_opened_again_shows_its_results_and_trains_the_rest(person: Person, tmp_path: Path) -> None:
    fill_in(person, tmp_path / "out")
    person.click("sweep-start")
    person.wait_until(lambda: said(person).startswith("The sweep is over."))
    lines = (tmp_path / "out" / "results.csv").read_text(encoding="utf-8").splitlines()
    kept = [line if at != 3 else ",".join(line.split(",")[:7]) for at, line in enumerate(lines)]  # run 3 has no result
    (tmp_path / "out" / "results.csv").write_text("\n".join(kept) + "\n", encoding="utf-8")
    person.window.session.notices.tell("")
    person.click("sweep-open-folder")
    dialog = person.find(QFileDialog, "sweep-folder-dialog")
    dialog.fileSelected.emit(str(tmp_path / "out"))
    dialog.close()
    person.wait_until(lambda: said(person).startswith("The sweep is over."))
    assert "7 results were already there." in said(person)
    assert set(column(person, "Status")) == {"done"}
    person.window.session.notices.tell("")
    person.click("sweep-open-folder")
    dialog = person.find(QFileDialog, "sweep-folder-dialog")
    dialog.fileSelected.emit(str(tmp_path / "out"))
    dialog.close()
    person.wait_until(lambda: said(person) == "No run was trained: “out” has the results of all 8.")


def test_a_folder_that_no_system_can_have_is_refused_and_another_is_asked_for(person: Person, tmp_path: Path) -> None:
    fill_in(person, tmp_path / "out")
    person.find(QLineEdit, "sweep-folder").setText(f"{tmp_path}\0out")  # as it may come out of the clipboard
    person.click("sweep-open-folder")
    dialog = person.find(QFileDialog, "sweep-folder-dialog")
    dialog.close()
    person.click("sweep-start")
    person.wait_until(lambda: "cannot hold the results of a sweep" in said(person))


def test_what_is_wrong_with_a_plan_is_told_as_it_is_typed(person: Person, tmp_path: Path) -> None:
    fill_in(person, tmp_path / "out")
    summary = person.find(QLabel, "sweep-summary")
    for field, text, wrong in (
        ("sweep-values-1", "abacus", "has no choice 'abacus'"),
        ("sweep-values-1", "rnn", "4 runs,"),
        ("sweep-values-2", "many", "'many' is not a whole number"),
        ("sweep-values-2", "4 to 8", "needs its count"),
        ("sweep-values-2", "4 to 8 in 2", "8 runs,"),
        ("sweep-seeds", "1, 1", "different whole numbers"),
    ):
        person.type(field, text)
        assert wrong in summary.text()
        warned = summary.palette().windowText().color().name() == person.session.theme.warning
        assert warned == (not wrong.endswith("runs,"))
    person.click("sweep-remove-3")
    person.type("sweep-seeds", "5")
    assert summary.text() == f"2 runs, kept in {tmp_path / 'out'}."
    assert person.find(QPushButton, "sweep-start").isEnabled()
    assert person.find(QLineEdit, "sweep-scheduler").text() == ""


def test_a_setting_that_is_removed_is_gone_at_once(qtbot: QtBot) -> None:
    form = PlanForm()
    qtbot.addWidget(form)
    form.show()
    form.add("model.cell", "rnn")
    before = form.tried()
    (button,) = form.findChildren(QToolButton, f"sweep-remove-{len(before)}")
    qtbot.waitUntil(button.isVisible)
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert form.tried() == before[:-1]
    assert not button.isVisible(), "a second click must not find it"


@pytest.mark.parametrize("size", [(1100, 700), (1440, 900)])
def test_the_settings_of_a_first_plan_and_the_button_for_more_are_whole_however_many_views_are_open(
    person: Person, size: tuple[int, int]
) -> None:
    resize(person, size)
    for name in ("batch", "gates", "trajectory", "embeddings"):
        open_view(person, name, View)
    person.session.sweeps.wanted.emit()
    settle(person)
    person.window.docking.fill("")
    settle(person)
    panel, plan, more = (person.find(QWidget, name) for name in ("panel-sweep", "sweep-plan", "sweep-add"))
    summary = person.find(QLabel, "sweep-summary")
    assert "runs" in summary.text()
    assert summary.isVisible()
    assert panel.rect().contains(QRect(summary.mapTo(panel, QPoint()), summary.size())), "not scrolled away"
    assert plan.rect().contains(QRect(more.mapTo(plan, QPoint()), more.size()))
    assert summary.mapTo(panel, QPoint()).y() - plan.mapTo(panel, plan.rect().bottomLeft()).y() <= DENSE_PX
    height = panel.height()
    person.click("sweep-page-best")
    settle(person)
    assert panel.height() == height


def test_a_sweep_begins_with_its_plan_after_a_restart_and_empty_pages_say_why(
    qtbot: QtBot, settings: QSettings
) -> None:
    with opened(qtbot, settings, sample="names") as person:
        open_view(person, "sweep", View)
        person.click("sweep-page-results")
        assert person.find(QLabel, "sweep-summary").text().startswith("No results yet: Start trains the runs")
    with opened(qtbot, settings, sample="names") as person:
        person.wait_until(person.find(QWidget, "panel-sweep").isVisible)
        settle(person)
        assert person.find(QWidget, "sweep-plan").isVisible()
        assert " runs, kept in " in person.find(QLabel, "sweep-summary").text()


def test_the_folder_of_another_sweep_is_not_proposed(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QStandardPaths, "writableLocation", lambda *_: str(tmp_path))
    proposed = []
    for _ in range(3):
        form = PlanForm()
        qtbot.addWidget(form)
        proposed.append(Path(form.folder.text()))
        proposed[-1].mkdir()
    assert [path.name for path in proposed] == ["unroll-sweep", "unroll-sweep-2", "unroll-sweep-3"]


@pytest.mark.parametrize("width", [300, 440, 800])
def test_every_field_of_the_plan_is_whole_at_any_width(qtbot: QtBot, width: int) -> None:
    form = PlanForm()
    qtbot.addWidget(form)
    form.folder.setText("/home/me/unroll-sweep")
    form.resize(width, 400)
    form.show()
    boxes = [form.random.lineEdit(), form.halving.lineEdit(), form.processes.lineEdit()]
    for line in (form.seeds, form.scheduler, form.folder, *boxes):
        words = line.displayText() or line.placeholderText()
        assert line.fontMetrics().horizontalAdvance(words) < line.width(), words
    for number in (1, 2, 3):
        remove = form.findChild(QToolButton, f"sweep-remove-{number}")
        assert remove is not None
        assert remove.mapTo(form.viewport(), remove.rect().bottomRight()).x() < form.viewport().width()


def test_the_plan_is_what_a_file_would_say_and_keeps_the_settings_at_hand(person: Person) -> None:
    session = person.session
    session.set_model(num_layers=2)
    person.wait_ready()
    assert session.data.dataset is not None
    at_hand = session.run.model_config, session.run.training_config
    tried = [("training.learning_rate", "1e-4 to 1e-2 in 3"), ("model.bidirectional", "on, off")]
    plan = plan_of(session.data.dataset, session.data.source, at_hand, tried, seeds=[0])
    assert plan["data"] == "names"
    assert plan["model"] == {"num_layers": 2, "bidirectional": [True, False]}
    sweep = sweep_of(plan, Path())
    assert [run.settings["learning_rate"] for run in sweep.runs()[:3]] == [1e-4, 1e-3, 1e-2], "on the option's scale"
    assert parsed("training.optimizer", "Adam, sgd") == ["adam", "sgd"]


@pytest.mark.parametrize(
    ("metrics", "title", "written"),
    [({"mae": 51.3, "rmse": 80.0}, "MAE", "51.3"), ({"accuracy": 0.875, "perplexity": 2.0}, "Accuracy", "87.5 %")],
)
def test_the_results_have_the_main_metric_beside_the_loss_from_the_first_on(
    metrics: dict[str, float], title: str, written: str
) -> None:
    runs = sweep_of({"data": "x", "model": {"hidden_size": [8, 16]}}, Path("plan.toml")).runs()
    table = ResultsTable()
    table.show_runs(runs, {})
    assert table.titles[-1] == "Seconds"
    done = RunOutcome(2, OutcomeStatus.DONE, -0.8, metrics, steps=9)
    table.show_fresh({2: done}, [2])
    assert table.titles[-1] == title
    last = table.columnCount() - 1
    shown = [table.data(table.index(row, last)) for row in range(2)]
    assert [text.replace("\u202f", " ") for text in shown] == ["", written]


def test_the_columns_of_the_results_are_as_wide_as_what_they_may_hold_and_no_wider(qtbot: QtBot) -> None:
    """A bar to scroll for a few pixels stood below them, the status was cut, and a digit had a wide column."""
    plan = {"data": "x", "model": {"cell": ["rnn", "lstm"], "hidden_size": [8, 16]}}
    runs = sweep_of(plan, Path("plan.toml")).runs()
    table = ResultsTable()
    view = ResultsView(table)
    qtbot.addWidget(view)
    view.setStyleSheet(stylesheet(LIGHT))
    view.resize(760, 300)
    view.show()
    table.show_runs(runs, {})
    stopped = RunOutcome(1, OutcomeStatus.STOPPED_EARLY, 2.4353, {"accuracy": 0.875}, 1.0, 1378, 123.4, best_step=1378)
    table.show_fresh({1: stopped}, [1])
    qtbot.waitUntil(lambda: view.header().count() == len(table.titles))
    assert table.titles[-1] == "Accuracy"
    assert view.header().length() <= view.viewport().width()
    assert not view.horizontalScrollBar().isVisible()
    for column, title in enumerate(table.titles):
        assert view.columnWidth(column) >= view.sizeHintForColumn(column), title
        assert view.columnWidth(column) >= view.fontMetrics().horizontalAdvance(title) + 30, title
    assert view.columnWidth(0) < 70


def test_a_thousand_results_in_one_frame_change_the_table_once() -> None:
    sweep = Sweep("rows", {"hidden_size": tuple(range(1, 501))}, {}, seeds=(0, 1))
    runs = sweep.runs()
    table, changes = ResultsTable(), []
    table.show_runs(runs, {})
    table.dataChanged.connect(lambda first, last, *_: changes.append((first.row(), last.row())))
    outcomes = {run.number: RunOutcome(run.number, OutcomeStatus.DONE, 1.0 / run.number) for run in runs}
    table.show_fresh(outcomes, list(outcomes))
    assert changes == [(0, 999)]
    axes, lines = run_lines(runs, outcomes, table.settings)
    assert len(lines) == 120, "the best of them"
    assert [axis.title for axis in axes] == ["Hidden units", "Random seed", "best loss"]
    best = min(lines, key=lambda line: line.rank)
    assert best.places == (1.0, 1.0, 1.0)


@pytest.mark.parametrize(
    ("losses", "end"),
    [((2.6, 2.7, 2.75, 2.7669), "2.767"), ((*np.linspace(2.6, 2.8, 11), 9e5), "≥ ")],
    ids=["near", "far"],
)
def test_the_axis_of_the_losses_covers_all_lines_or_marks_what_is_cut(losses: tuple[float, ...], end: str) -> None:
    runs = Sweep("rows", {"hidden_size": tuple(range(8, 8 + len(losses)))}, {}).runs()
    outcomes = {
        run.number: RunOutcome(run.number, OutcomeStatus.DONE, loss) for run, loss in zip(runs, losses, strict=True)
    }
    axes, lines = run_lines(runs, outcomes, ["hidden_size"])
    assert axes[-1].names[-1][1].startswith(end)
    at_the_end = [line for line in lines if line.places[-1] == 0.0]
    assert max(line.rank for line in at_the_end) == 1.0
