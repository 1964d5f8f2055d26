"""Compare: what differs, the figures, curves, answers and what goes on inside, of several runs on one scale."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QItemSelectionModel, QPoint, QPointF, Qt
from PySide6.QtGui import QAction, QTextDocument
from PySide6.QtWidgets import (
    QHeaderView,
    QLabel,
    QLineEdit,
    QMenu,
    QPushButton,
    QStyle,
    QTreeView,
    QTreeWidget,
    QWidget,
)
from pytestqt.qtbot import QtBot

import engine
from engine.cells import CELLS
from engine.number_text import NARROW
from engine.runs.data_source import DataSource
from engine.runs.run_set import NamedRun, open_run_set, write_run_set
from engine.training.baseline import Baseline
from gui.panels.base.view import View
from gui.panels.compare.answer_lines import AnswerLine, AnswerLines, answer
from gui.panels.compare.answers_page import AnswersPage
from gui.panels.compare.compare_page import Entry, compared_entries
from gui.panels.compare.compare_panel import ComparePanel
from gui.panels.compare.curves import UNLIKE, VALIDATION, CurvesPage, limits
from gui.panels.compare.figures_table import (
    BEST_LOSS,
    COLUMN_GAP_PX,
    FiguresTable,
    decimals_of,
    first_below,
    passed,
    title_lines,
)
from gui.panels.compare.inner_pages import SharesPlot, TextCurvePage, first_places, inputs_of
from gui.panels.compare.inner_values import TextCurve, gradient_curve, memory_curve, states
from gui.plots.bar_plot import StepBars
from gui.plots.heat_map import HeatMap
from gui.plots.line_plot import DOT_PX, LinePlot
from gui.session.current_run import RunStatus
from gui.session.progress import Curve
from gui.session.run_library.race import RaceStatus
from gui.theme import LIGHT
from gui.widgets.result_list import ResultList
from gui.widgets.text import NO_BREAK
from tests.gui.conftest import Person
from tests.gui.panels.open_views import open_view, settle
from tests.gui.saving.saving import choose, said, settled, trained
from tests.gui.saving.test_run_list import select
from tests.gui.session.run_library.test_listed_run import listed
from tests.gui.written import texts_in, tip_of


def rows(person: Person, name: str = "compare-figures") -> list[list[str]]:
    tree = person.find(QTreeWidget, name)
    items = [tree.topLevelItem(row) for row in range(tree.topLevelItemCount())]
    return [[item.text(column) for column in range(tree.columnCount())] for item in items if item is not None]


def titles(person: Person) -> list[str]:
    tree = person.find(QTreeWidget, "compare-figures")
    header = tree.headerItem()
    return [header.text(column).replace("\n", " ") for column in range(tree.columnCount())]


def compare_all(person: Person) -> None:
    """Select all runs in the list, and press Compare."""
    person.window.docking.show_view("runs")
    table = person.find(QTreeView, "runs")
    table.selectionModel().clearSelection()
    flags = QItemSelectionModel.SelectionFlag.Select | QItemSelectionModel.SelectionFlag.Rows
    for row in range(table.model().rowCount()):
        table.selectionModel().select(table.model().index(row, 0), flags)
    person.click("run-compare")
    settle(person)
    assert person.find(QWidget, "panel-compare").isVisible()


def two_runs(person: Person) -> None:
    """A trained LSTM in the list, and a GRU at hand."""
    person.session.set_model(hidden_size=6)
    person.wait_ready()
    trained(person, 2)
    person.session.set_model(cell="gru")
    person.wait_ready()
    trained(person, 1)


def show(person: Person, page: str) -> None:
    person.click(f"compare-page-{page}")
    settled(person)
    settle(person)


def pictures_of_states(person: Person) -> list[HeatMap]:
    panel = person.find(QWidget, "panel-compare")
    return [found for found in panel.findChildren(HeatMap) if found.objectName().startswith("compare-state-")]


def test_a_race_that_begins_is_news_once_and_not_once_for_each_racer(person: Person) -> None:
    news: list[None] = []
    person.session.compared.changed.connect(lambda: news.append(None))
    person.session.compared.race_cells()
    assert len(person.session.compared.ids) > 2
    assert len(news) == 1
    assert not any(map(person.session.compared.why_missing, person.session.compared.ids))


def test_selected_runs_stand_side_by_side_with_what_differs_and_the_figures_of_each(person: Person) -> None:
    two_runs(person)
    compare_all(person)
    settled(person)
    assert person.window.docking.filled == "compare"
    assert titles(person)[:4] == ["Run", "Cell", "Steps", "Best loss"]
    first, second = rows(person)
    assert (first[:2], second[:2]) == (["GRU 6", "GRU"], ["LSTM 6", "LSTM"])
    total = person.session.run.progress.steps_total
    assert [row[2] for row in (first, second)] == [f"{step} of {total:,}" for step in (1, 2)], "replaced or not"
    assert "No run has been validated yet" in person.find(QLabel, "compare-reading").text()
    person.choose("compare-what", "training loss")
    reading = person.find(QLabel, "compare-reading").text()
    assert f"GRU{NO_BREAK}6" in reading
    assert reading.startswith("last: "), "the table has the best ones"
    at = titles(person).index("Weights")
    counts = [row[at].replace(",", "") for row in (first, second)]
    snapshots = list(person.session.compared.snapshots().values())
    assert counts == [str(snapshot.weights.size) for snapshot in snapshots]


def test_with_more_runs_the_view_is_as_high_and_the_rows_without_room_scroll(person: Person) -> None:
    person.window.resize(1100, 700)
    heights = []
    for size in (6, 8, 10, 12, 14):
        person.session.set_model(hidden_size=size)
        person.wait_ready()
        trained(person, 1)
        if size > 6:
            compare_all(person)
            settled(person)
            heights.append(person.window.panels["compare"].minimumSizeHint().height())
    assert len(set(heights)) == 1
    tree = person.find(QTreeWidget, "compare-figures")
    last = tree.topLevelItem(4)
    assert last is not None
    room = tree.viewport().rect()
    assert not room.contains(tree.visualItemRect(last))
    tree.verticalScrollBar().setValue(tree.verticalScrollBar().maximum())
    assert room.contains(tree.visualItemRect(last))


def test_a_run_that_was_continued_and_paused_has_the_steps_that_are_left_to_it(person: Person) -> None:
    trained(person, 1)
    person.session.set_model(hidden_size=32)
    run = person.session.run
    run.set_training(epochs=1, batch_size=4)  # so many steps that the pause comes before the end of an epoch
    person.wait_ready()
    person.press(Qt.Key.Key_Space)
    person.wait_until(lambda: run.status is RunStatus.FINISHED)
    planned = run.progress.steps_total
    run.train()
    person.wait_steps(planned + 1)
    run.pause()
    compare_all(person)
    settled(person)
    at = titles(person).index("Steps")
    assert run.status is RunStatus.PAUSED
    assert f"{run.progress.step:,} of {2 * planned:,}" in [row[at] for row in rows(person)]


@pytest.mark.parametrize("same", [True, False])
def test_losses_that_do_not_compare_are_said_not_to(qtbot: QtBot, same: bool) -> None:
    page = CurvesPage(LIGHT, "compare")
    qtbot.addWidget(page)
    run = listed()
    data = run.settings.data if same else replace(run.settings.data, fingerprint="another")
    other = replace(run, settings=replace(run.settings, data=data))
    page.show_found([Entry(run, "one", "#000000"), Entry(other, "two", "#ff0000")], {}, LIGHT)
    assert page.levels_line.text() == ("" if same else UNLIKE)
    assert page.levels_line.isHidden() == same


def test_epochs_are_called_those_that_were_set_as_a_lengthened_run_has_more(qtbot: QtBot) -> None:
    run = listed()
    made = [replace(run, settings=replace(run.settings, training=engine.TrainingConfig(epochs=n))) for n in (10, 20)]
    table = FiguresTable()
    qtbot.addWidget(table)
    table.show_runs([Entry(run, run.name, "#000000") for run in made], (), {}, {})
    assert table.titles[:2] == ["Run", "Epochs set"]
    assert [row[1] for row in table.rows] == ["10", "20"]


def test_numbers_have_their_error_beside_the_loss_as_labels_have_their_accuracy(qtbot: QtBot) -> None:
    table, curve = FiguresTable(), Curve()
    qtbot.addWidget(table)
    for step, (loss, error) in enumerate([(0.5, 90.0), (-0.8, 51.3), (-0.6, 48.0)], 1):
        curve.append_validation(step, 0.1 * step, loss, {"mae": error, "rmse": 2 * error})
    table.show_runs([Entry(replace(listed(), curve=curve), "one", "#000000")], (), {}, {})
    at = table.titles.index("MAE")
    assert table.titles[at - 1] == "Best loss"
    assert table.rows[0][at - 1 : at + 1] == ["−0.8000", "51.3"]


def test_a_column_that_was_found_has_its_name_beside_one_that_was_chosen(qtbot: QtBot, tmp_path: Path) -> None:
    path = tmp_path / "tickets.csv"
    path.write_text("priority,category,message\n" + "low,Billing,a b c d\nhigh,Shipping,e f g h\n" * 40)
    found, chosen = (engine.load_dataset(path, target_column=column) for column in ("", "priority"))
    run = listed()
    table = FiguresTable()
    qtbot.addWidget(table)
    entries = [
        Entry(replace(run, settings=replace(run.settings, data=DataSource.of(dataset))), "one", "#000000")
        for dataset in (found, chosen)
    ]
    table.show_runs(entries, (), {}, {})
    assert [row[table.titles.index("Label")] for row in table.rows] == ["category", "priority"]


def test_all_pages_show_every_run_on_one_scale_with_the_numbers_of_the_engine(person: Person) -> None:
    two_runs(person)
    compare_all(person)
    settled(person)
    show(person, "gradient")
    person.type("compare-text", "anna")
    person.wait_until(lambda: person.session.probe.text == "anna")  # all views look at the same text
    label = person.session.probe.label
    models = [snapshot.model() for snapshot in person.session.compared.snapshots().values()]
    assert [model.config.cell for model in models] == ["gru", "lstm"]

    settled(person)
    for line, model in zip(person.find(LinePlot, "compare-gradient-plot").lines, models, strict=True):
        carried = engine.gradient_flow(model, tuple("anna"), label=label).carried
        np.testing.assert_allclose(line.y, carried / carried[-1], rtol=1e-5, atol=1e-6)
    show(person, "memory")
    for page in ("gradient", "memory"):  # as in the sentences below
        numbers = [text for _, text in person.find(LinePlot, f"compare-{page}-plot").left.texts()]
        assert len(numbers) > 1
        assert [number for number in numbers if not number.endswith("%")] == [], page
        plot = person.find(SharesPlot, f"compare-{page}-plot")
        assert not plot.bottom.isVisible()
        assert [name for _, name in plot.inputs.columns()] == [label, *"anna"]
        for x, (place, _) in list(zip(plot.lines[0].x, plot.inputs.columns(), strict=True))[1:]:
            point = plot.inputs.mapFromItem(plot.box, plot.box.mapFromView(QPointF(x, 0.0)))
            assert place.center().x() == pytest.approx(point.x(), abs=2)  # below its point
    for line, model in zip(person.find(LinePlot, "compare-memory-plot").lines, models, strict=True):
        np.testing.assert_allclose(
            line.y, engine.memory(model, tuple("anna"), label=label).shares, rtol=1e-5, atol=1e-6
        )
    assert not pictures_of_states(person), "they are made when they are looked at"
    show(person, "states")
    assert len(pictures_of_states(person)) == len(models)
    for place, model in enumerate(models):
        states = engine.trace(model, tuple("anna"), label=label).layers[0].states
        np.testing.assert_allclose(person.find(HeatMap, f"compare-state-{place}").heat.values, states.T, rtol=1e-5)
    show(person, "answers")
    columns = list(zip(*rows(person, "compare-answers"), strict=True))
    for column, model in zip(columns, models, strict=True):
        written = [f"writes: {one.text}" for one in model.generate(count=5, label=label, seed=0)]
        assert list(column[-5:]) == written
    start = person.find(QLabel, "compare-start")
    assert start.text() == f"next: what follows “anna” · writes: whole texts · label: {label}"
    person.session.probe.set("")
    person.wait_until(lambda: start.text().startswith("next: the first character · "))
    tree = person.find(QTreeWidget, "compare-answers")
    for width in (1440, 1000):
        person.window.resize(width, 700)
        person.wait_until(lambda width=width: person.window.width() == width)
        person.wait_until(lambda: tree.header().length() == tree.viewport().width())


def test_states_say_which_layer_and_direction_they_are_of(person: Person) -> None:
    person.choose_sample("reviews")
    person.wait_ready()
    person.session.set_model(architecture="many-to-one", hidden_size=6, num_layers=2, bidirectional=True)
    person.wait_ready()
    trained(person, 1)
    person.session.set_model(num_layers=1, bidirectional=False)
    person.wait_ready()
    trained(person, 1)
    compare_all(person)
    settled(person)
    show(person, "states")
    said = [person.find(QLabel, f"compare-state-name-{place}").text() for place in range(2)]
    assert "layer" not in said[0]  # the newest run, whose only layer reads in one direction
    assert said[1].endswith("layer 1 forward")
    models = [snapshot.model() for snapshot in person.session.compared.snapshots().values()]
    states = engine.trace(models[1], person.session.probe.given).layers[0].states
    np.testing.assert_allclose(person.find(HeatMap, "compare-state-1").heat.values, states.T, rtol=1e-5)


def test_the_axis_of_gradients_reaches_far_down_and_says_where_smaller_ones_are_drawn(person: Person) -> None:
    two_runs(person)
    compare_all(person)
    show(person, "gradient")
    plot = person.find(SharesPlot, "compare-gradient-plot")
    page, entries = person.find(ComparePanel, "panel-compare").front, compared_entries(person.session)
    assert isinstance(page, TextCurvePage)
    smallest = (6.6e-7, "10⁻"), (3e-12, "≤10⁻⁶ %"), (0.0, "≤10⁻⁶ %")
    for size, (least, lowest) in product(((1440, 900), (1100, 700)), smallest):
        person.resize(*size)
        y = np.array([least, 1e-3, 0.5, 1.0])
        page.show_found(entries, {entries[0].run.id: TextCurve(tuple("abcd"), y, "")}, LIGHT)
        settle(person)
        numbers = [text.replace(NARROW, " ") for at, text in sorted(plot.left.texts(), key=lambda each: -each[0].y())]
        assert numbers[0].startswith(lowest)
        assert ["≤" in number for number in numbers[1:]] == [False] * (len(numbers) - 1)
        ends = 10 ** np.array(plot.box.viewRange()[1])
        assert ends[0] <= max(least, 1e-8)
        area = plot.area()
        for _, number in plot.left.texts():
            assert plot.text_width(number) <= area.left()
    rows = list(page.table())
    assert rows[1][-1] == 0.0, "the number itself is copied"


def test_the_text_begins_at_the_same_place_for_a_network_that_reads_the_label_first_and_one_that_does_not(
    person: Person,
) -> None:
    two_runs(person)
    person.session.set_model(architecture="many-to-one")
    person.wait_ready()
    trained(person, 1)
    compare_all(person)
    show(person, "memory")
    person.type("compare-text", "anna")
    person.wait_until(lambda: person.session.probe.text == "anna")
    settled(person)
    plot = person.find(SharesPlot, "compare-memory-plot")
    assert [name for _, name in plot.inputs.columns()] == ["female", *"anna"]
    assert {line.x[0] for line in plot.lines} == {0.5, 1.5}
    assert {line.x[-1] for line in plot.lines} == {4.5}


def test_below_a_curve_stand_the_inputs_or_the_steps_of_numbers_and_all_where_runs_differ() -> None:
    def curve(*names: str, symbols: bool = True, before: int = 0) -> TextCurve:
        return TextCurve(names, np.ones(len(names)), "", symbols, before)

    assert inputs_of([curve("1", "+", "9"), curve("1", "+", "9")]) == ("1", "+", "9")
    assert inputs_of([curve("1", "+", "<s>", "4"), curve("1", "+", "<s>", "5", "2")]) == ("1", "+", "<s>", "4/5", "2")
    assert inputs_of([curve("0.31", "−1.2", symbols=False)]) == ("1", "2")
    assert inputs_of([]) == ()
    generator, classifier = curve("female", "a", "n", "n", "a", before=1), curve("a", "n", "n", "a")
    assert inputs_of([classifier, generator]) == ("female", "a", "n", "n", "a")
    assert first_places([classifier, generator]) == [1, 0], "the text begins at the same place in both"


def test_the_heads_of_the_answers_say_which_run_is_which_and_are_not_cut_without_a_word(
    person: Person, tmp_path: Path
) -> None:
    person.session.set_model(dropout=0.31)
    race_small_cells(person)
    show(person, "answers")
    head, entries = person.find(QTreeWidget, "compare-answers").header(), compared_entries(person.session)
    icon = head.style().pixelMetric(QStyle.PixelMetric.PM_SmallIconSize)  # has the room of any icon
    for size in ((1440, 900), (1100, 700)):
        person.resize(*size)
        settle(person)
        names = [text for text in texts_in(head.viewport(), tmp_path) if text]
        room = head.sectionSize(0) - icon - 12  # the style sheet leaves 6 free at each side
        assert names[0] != entries[0].name
        assert all(head.fontMetrics().horizontalAdvance(name) <= room for name in names), (size, names)
        for entry, name in zip(entries, names, strict=False):  # those in sight
            assert name.startswith(CELLS[entry.run.settings.model.cell].title)
            assert "…" in name
        assert len(names) >= 3


def test_an_answer_too_long_for_its_column_is_cut_and_its_figure_is_whole(person: Person, tmp_path: Path) -> None:
    two_runs(person)
    compare_all(person)
    show(person, "answers")
    page = person.find(ComparePanel, "panel-compare").front
    assert isinstance(page, AnswersPage)
    entries = compared_entries(person.session)
    lines = tuple(AnswerLine(f"next: {name}", "100.00 %") for name in ("</s>", "Constantinople", "a"))
    page.show_found(entries, {entry.run.id: AnswerLines(lines, "") for entry in entries}, LIGHT)
    for width in (100, 130, 400):
        page.tree.header().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        page.tree.header().setMinimumSectionSize(10)
        page.tree.header().resizeSection(0, width)
        written = [text for text in texts_in(page.tree, tmp_path) if "…" in text or "%" in text]
        assert len(written) >= 3
        assert all(text.endswith("100.00 %") for text in written), width
    assert "next: Constantinople  100.00 %" in written


def race_small_cells(person: Person) -> None:
    """Compare all cells with few units in a race, to its end."""
    session = person.session
    session.set_model(hidden_size=4)
    session.run.set_training(epochs=1, batch_size=1024)
    person.wait_ready()
    person.window.docking.show_view("compare")
    person.click("compare-cells")
    assert person.find(QPushButton, "race-stop").isVisible()
    person.wait_until(lambda: session.race.status is RaceStatus.OVER)
    settled(person)


def test_one_click_compares_cells_in_a_race_with_curves_against_steps_and_seconds(person: Person) -> None:
    session = person.session
    race_small_cells(person)
    assert person.find(QPushButton, "compare-cells").isVisible()
    assert said(person).startswith("The race is over; all racers are in Runs.")
    assert [row[1] for row in rows(person)] == [cell.title for cell in CELLS.values()]
    plot = person.find(LinePlot, "compare-plot")
    assert len({line.color for line in plot.lines}) == len(plot.lines) == len(CELLS)
    runs = session.compared.runs()
    for line, run in zip(plot.lines, runs, strict=True):
        assert line.x.tolist() == run.curve.validation_steps.tolist()
        assert line.y.tolist() == run.curve.validation_loss.tolist()
    person.choose("compare-axis", "seconds")
    assert [line.x.tolist() for line in plot.lines] == [run.curve.validation_seconds.tolist() for run in runs]
    assert sum(title.startswith("Beats ") for title in titles(person)) == 3
    person.window.resize(1440, 900)
    tree = person.find(QTreeWidget, "compare-figures")
    person.wait_until(lambda: 0 < tree.header().length() <= tree.viewport().width())  # no column is cut
    person.wait_until(lambda: bool(plot.levels))
    caption = person.find(QLabel, "compare-levels").text()
    assert all(level.name.replace(" ", NO_BREAK) in caption for level in plot.levels)
    person.window.resize(1100, 700)
    note = person.find(QLabel, "compare-hidden")
    person.wait_until(lambda: note.text().startswith("Hover"))
    person.wait_until(lambda: 0 < tree.header().length() <= tree.viewport().width())  # nothing scrolls sideways
    first, *hidden = tree.topLevelItem(0).toolTip(0).splitlines()
    assert first == runs[0].name
    in_sight = [at for at in range(1, tree.columnCount()) if not tree.isColumnHidden(at)]
    assert all(tree.topLevelItem(0).toolTip(at).splitlines()[: 1 + len(hidden)] == [first, *hidden] for at in in_sight)
    places = [at for at in range(tree.columnCount()) if tree.isColumnHidden(at)]
    names = [titles(person)[at] for at in places]
    assert hidden == [f"{titles(person)[at]}: {rows(person)[0][at]}" for at in places]
    assert names[-1].startswith("Beats ")  # which of them has room depends on how soon the racers beat each
    explained = tree.topLevelItem(0).toolTip(places[-1])
    assert "The step at which" in explained, "the numbers are explained where they stand"
    assert note.text() == f"Hover over a run for {len(names)} more: {', '.join(names)}"


def test_a_race_that_has_ended_is_not_spoken_of_beside_other_runs(person: Person) -> None:
    session = person.session
    two_runs(person)
    earlier = [run.id for run in session.runs.others()]
    race_small_cells(person)
    status = person.find(QLabel, "race-status")
    person.wait_until(lambda: status.text() == "Finished")
    session.compared.choose(earlier)
    person.wait_until(lambda: not status.text())
    first, second, *_ = (racer.identity.id for racer in session.race.racers)
    session.compared.choose([first, second])
    person.wait_until(lambda: status.text() == "Finished")
    session.compared.choose([*earlier, first])  # another comparison, in which one run happens to have raced
    person.wait_until(lambda: not status.text())


def test_at_the_end_of_a_race_one_click_opens_the_best_run(person: Person) -> None:
    session = person.session
    race_small_cells(person)
    assert person.find(QPushButton, "notice-action").text() == "Open the best run"
    best = min(session.compared.runs(), key=lambda run: run.best_loss)
    assert f"“{best.name}” has the lowest validation loss" in said(person)
    person.click("notice-action")
    person.wait_until(lambda: session.runs.current == best.id)


def test_the_best_run_of_a_race_is_told_with_its_step_and_opened_with_the_figures_it_has_at_its_last(
    person: Person,
) -> None:
    session = person.session
    person.choose_sample("alphabet")
    session.set_model(hidden_size=16)
    session.run.set_training(epochs=40, learning_rate=0.05)
    person.wait_ready()
    session.compared.race_cells()
    person.wait_until(lambda: session.race.status is RaceStatus.OVER)
    settled(person)
    best = min(session.compared.runs(), key=lambda run: run.best_loss)
    losses, steps = best.curve.validation_loss, best.curve.validation_steps.astype(int)
    at = int(losses.argmin())
    assert at < len(losses) - 1, "otherwise there is nothing to tell apart"
    assert f"“{best.name}” has the lowest validation loss, {losses[at]:.3f} at step {steps[at]} of 240." in said(person)
    person.click("notice-action")
    person.wait_until(lambda: session.runs.current == best.id)
    settle(person)
    now, then = f"validation loss {losses[-1]:.3f}", f"the lowest was {losses[at]:.3f}, at step {steps[at]}"
    assert said(person) == f"“{best.name}” is now the current run, at step 240 ({now}; {then})."
    assert f"{losses[-1]:.3f}" in person.find(QLabel, "progress-accuracy").text()


def test_a_double_click_or_its_menu_opens_a_run_of_the_table(person: Person) -> None:
    session = person.session
    two_runs(person)
    compare_all(person)
    tree = person.find(QTreeWidget, "compare-figures")
    kept = [run.id for run in session.compared.runs()]
    other = next(run_id for run_id in kept if run_id != session.runs.current)

    def place(run_id: str) -> QPoint:
        return tree.visualItemRect(tree.topLevelItem(kept.index(run_id))).center()

    person.qtbot.mouseClick(tree.viewport(), Qt.MouseButton.LeftButton, pos=place(other))
    person.qtbot.mouseDClick(tree.viewport(), Qt.MouseButton.LeftButton, pos=place(other))
    person.wait_until(lambda: session.runs.current == other)
    settle(person)
    for run_id in sorted(kept, key=lambda one: one != other):  # the current one, which is open, and then the other
        tree.customContextMenuRequested.emit(place(run_id))
        menu = person.find(QMenu, "compare-menu")
        (opens,) = menu.actions()
        assert opens.isEnabled() == (run_id != other)
        if opens.isEnabled():
            opens.trigger()
        menu.close()
        person.wait_until(lambda: not person.window.findChildren(QMenu, "compare-menu"))
    person.wait_until(lambda: session.runs.current not in ("", other))


def test_the_buttons_below_the_figures_stay_where_they_are_when_columns_come_or_are_hidden(person: Person) -> None:
    two_runs(person)
    compare_all(person)
    pages, note = person.find(QWidget, "compare-page-curves"), person.find(QLabel, "compare-hidden")
    places = []
    for width in (1800, 1440, 1100, 1000):
        person.window.resize(width, 900)
        settled(person)
        settle(person)
        person.wait_until(lambda width=width: note.text().startswith("Hover") == (width < 1440))
        places.append(pages.mapTo(person.window, QPoint(0, 0)).y())
    assert len(set(places)) == 1


def test_a_table_with_five_different_settings_does_not_scroll_sideways_and_tips_have_what_is_hidden(
    person: Person,
) -> None:
    session = person.session
    person.window.resize(1100, 700)
    two_runs(person)
    session.set_model(hidden_size=8, num_layers=2, embedding_size=16)
    session.run.set_training(batch_size=64, seed=3)
    person.wait_ready()
    trained(person, 1)
    compare_all(person)
    settled(person)
    tree, note = person.find(QTreeWidget, "compare-figures"), person.find(QLabel, "compare-hidden")
    unlike = ["Cell", "Hidden units", "Layers", "Embedding", "Batch", "Random seed"]
    assert titles(person)[:9] == ["Run", *unlike, "Steps", "Best loss"]
    person.wait_until(lambda: 0 < tree.header().length() <= tree.viewport().width())
    shown = [title for at, title in enumerate(titles(person)) if not tree.isColumnHidden(at)]
    assert {"Run", "Cell", "Steps", "Best loss"} < set(shown)
    assert "Random seed" not in shown
    assert "Random seed" in note.text()
    tips = [tree.topLevelItem(row).toolTip(0) for row in range(3)]
    assert [f"Random seed: {row[6]}" in tip for row, tip in zip(rows(person), tips, strict=True)] == [True] * 3


@pytest.mark.parametrize(
    ("seconds", "written"), [(0.0043, "0.004"), (0.062, "0.06"), (0.14, "0.1"), (1234.56, "1,234.6")]
)
def test_when_a_run_beats_a_baseline_is_said_as_a_step_and_a_time_that_is_not_0(seconds: float, written: str) -> None:
    curve = Curve()
    curve.append_validation(500, seconds / 2, 3.0, {})
    curve.append_validation(1028, seconds, 2.0, {})
    run = replace(listed("a"), curve=curve)
    found = first_below(run, 2.5)
    assert found is not None
    assert passed(found, decimals_of([found[1]])) == f"step 1,028 · {written}{NARROW}s"
    assert passed(first_below(run, 1.5), 1) == "not yet"


def test_the_times_of_a_table_have_as_many_digits_in_all_rows(qtbot: QtBot) -> None:
    table = FiguresTable()
    qtbot.addWidget(table)
    table.resize(1200, 300)
    entries = []
    for name, seconds in (("a", 0.2), ("b", 0.067), ("c", 12.34)):
        curve = Curve()
        curve.append_validation(85, seconds, 0.5, {})
        entries.append(Entry(replace(listed(name), curve=curve), name, "#000000"))
    baselines = [Baseline("guess", 1.0, {})]
    table.show_runs(entries, baselines, {}, {})
    times = [row[-1].replace(NARROW, " ") for row in table.rows]
    assert times == ["step 85 · 0.20 s", "step 85 · 0.07 s", "step 85 · 12.34 s"]
    table.show_runs([entries[0], entries[2]], baselines, {}, {})
    assert [row[-1].replace(NARROW, " ") for row in table.rows] == ["step 85 · 0.2 s", "step 85 · 12.3 s"]


def test_a_loss_of_which_nothing_can_be_computed_is_not_written_as_zero(qtbot: QtBot) -> None:
    table, curve = FiguresTable(), Curve()
    qtbot.addWidget(table)
    curve.append_validation(85, 0.1, 0.0, {})
    table.show_runs([Entry(replace(listed("a"), curve=curve), "one", "#000000")], (), {}, {})
    assert table.rows[0][table.titles.index(BEST_LOSS)] == "<1e−7"


def test_a_small_loss_is_written_alike_in_the_table_and_beside_the_curves(qtbot: QtBot) -> None:
    page, table = CurvesPage(LIGHT, "compare"), FiguresTable()
    qtbot.addWidget(page)
    qtbot.addWidget(table)
    curve = Curve()
    for step, loss in ((1, 0.0006403), (2, 0.00052)):
        curve.append_validation(step, 0.1 * step, loss, {})
    entries = [Entry(replace(listed("a"), curve=curve), "one", "#000000")]
    page.show_found(entries, {}, LIGHT)
    table.show_runs(entries, (), {}, {})
    assert table.rows[0][table.titles.index(BEST_LOSS)] == "5.2e−4"
    assert "5.2e−4" in page.reading.text()


def test_the_loss_and_accuracy_of_a_baseline_are_never_written_as_0_unless_they_are(qtbot: QtBot) -> None:
    page = CurvesPage(LIGHT, "compare")
    qtbot.addWidget(page)
    curve = Curve()
    for step in (1, 2):
        curve.append_validation(step, 0.1 * step, 0.1, {"accuracy": 0.5})
    page.show_baselines((Baseline("guess", 2.3026, 0.0004), Baseline("persistence", 0.00042, 0.0)))
    page.show_found([Entry(replace(listed("a"), curve=curve), "one", "#000000")], {}, LIGHT)
    assert [level.name for level in page.plot.levels] == ["guess 2.30", "persistence 4e−4"]
    page.what.set_value("accuracy")
    page.what.activated.emit(page.what.currentIndex())
    assert [level.name for level in page.plot.levels] == [f"guess 0.04{NARROW}%", f"persistence 0.0{NARROW}%"]


def test_a_title_is_never_broken_within_a_word_nor_longer_than_three_lines() -> None:
    assert title_lines("Beats linear autoregression") == ["Beats", "linear", "autoregression"]
    assert title_lines("Learning rate") == ["Learning", "rate"]
    assert len(title_lines("Beats each word's usual tag")) == 3


def test_curves_fill_the_plot_and_only_the_best_baseline_is_shown_beside_them() -> None:
    rnn, gru, baselines = np.array([2.55, 2.44, 2.41]), np.array([2.5, 2.38]), [3.33, 2.89, 2.56]
    low, high = limits([rnn, gru], baselines, losses=True)
    assert low <= 2.38
    assert 2.56 <= high < 2.89
    assert limits([rnn[:1], gru[:1]], baselines, losses=True)[1] >= 3.33  # one point each says little by itself
    low, high = limits([np.array([0.97, 0.99])], [0.5, 0.9], losses=False)
    assert 0.5 < low <= 0.9
    assert limits([np.array([3.0, 2.0, 500.0])], [3.3], losses=True)[1] < 10
    memorized = np.array([3.0, 2.0, 4.0, 5.0, 6.5, 8.0, 9.0])
    assert limits([memorized, gru], baselines, losses=True)[1] > 9, "it rises step by step"


@pytest.mark.parametrize("known", [[], [1.36, 0.37], [-0.1]])
@pytest.mark.parametrize("start", [1.1, -0.2])
def test_losses_below_zero_have_room_in_the_plot(start: float, known: list[float]) -> None:
    low, high = limits([np.array([start, -0.5, -0.83]), np.array([start, -0.86])], known, losses=True)
    assert -1.3 < low <= -0.86
    assert high >= start
    diverged = limits([np.array([start, -0.83, 500.0])], known, losses=True)
    assert diverged[0] <= -0.83
    assert start <= diverged[1] < 10


def low_plot(qtbot: QtBot, metric: str, values: tuple[float, ...]) -> CurvesPage:
    """A page whose low plot has the curve of one run, with a point for each value."""
    page = CurvesPage(LIGHT, "compare")
    qtbot.addWidget(page)
    page.resize(500, 130)
    page.fit(page.size())
    curve = Curve()
    for step, value in enumerate(values, 1):
        curve.append_validation(step, 0.1 * step, value, {metric: value})
    entries = [Entry(replace(listed("a"), curve=curve), "one", "#000000")]
    page.show_found(entries, {}, LIGHT)
    page.what.set_value(metric)
    page.show_found(entries, {}, LIGHT)
    with qtbot.waitExposed(page):
        page.show()
    assert page.plot.height() < 110
    return page


@pytest.mark.parametrize("losses", [(1.395, 0.004), (0.4195, 0.3), (-0.2425, -0.8), (6.89e-4, 5e-4)])
def test_the_points_at_the_top_of_the_plot_are_whole(qtbot: QtBot, losses: tuple[float, ...]) -> None:
    page = low_plot(qtbot, VALIDATION, losses)
    highest = page.plot.box.pixels_of(1.0, losses[0]).y()
    assert DOT_PX / 2 <= highest < page.plot.height() / 4


@pytest.mark.parametrize(
    ("metric", "values"),
    [("accuracy", (0.0, 0.0, 0.4)), ("accuracy", (0.004, 0.9)), ("accuracy", (0.0, 0.0)), (VALIDATION, (1.4, 1e-4)),
     (VALIDATION, (0.9, 0.5015)), (VALIDATION, (-0.2, -0.7985))],
)  # fmt: skip
def test_the_points_at_the_bottom_of_the_plot_are_whole(qtbot: QtBot, metric: str, values: tuple[float, ...]) -> None:
    page = low_plot(qtbot, metric, values)
    above = page.plot.box.height() - page.plot.box.pixels_of(1.0, min(values)).y()
    assert DOT_PX / 2 <= above < page.plot.height() / 4


def test_a_metric_below_zero_has_room_in_the_plot_and_others_begin_at_zero() -> None:
    low, high = limits([np.array([-0.6, 0.2, 0.9])], [], losses=False)
    assert low <= -0.6
    assert high >= 0.9
    assert limits([np.array([0.01, 0.2, 0.9])], [], losses=False)[0] == 0.0


def test_a_race_leaves_the_views_as_they_are_and_one_click_shows_all_racers_in_their_colours(person: Person) -> None:
    session = person.session
    session.set_model(hidden_size=4)
    session.run.set_training(epochs=1, batch_size=1024)
    person.wait_ready()
    views = open_view(person, "gradient", View), open_view(person, "memory", View), open_view(person, "metrics", View)
    assert not person.find(QPushButton, "metrics-all-runs").isVisible(), "there is nothing to compare yet"
    session.compared.race_cells()
    person.wait_until(lambda: session.race.status is RaceStatus.OVER)
    colors = [entry.color for entry in compared_entries(session)]
    assert len(set(colors)) == len(CELLS)
    person.window.docking.fill("")
    open_view(person, "gradient", View)
    settled(person)
    assert person.find(StepBars, "gradient-plot").isVisible(), "the user looks at their own network"
    assert person.window.findChild(LinePlot, "gradient-all-runs-plot") is None
    assert person.find(QPushButton, "gradient-all-runs").text() == f"{len(CELLS)} runs"
    person.click("gradient-all-runs")
    for view in views:
        name = view.objectName().removeprefix("panel-")
        open_view(person, name, View)
        settled(person)
        settle(person)
        plot = person.find(LinePlot, f"{name}-all-runs-plot")
        person.wait_until(lambda plot=plot: [line.color for line in plot.lines] == colors)
        assert plot.isVisible()
        assert len(list(view.table())) > len(CELLS)

    models = [snapshot.model() for snapshot in session.compared.snapshots().values()]
    tokens, label = tuple(session.probe.text), session.probe.label
    for line, model in zip(person.find(LinePlot, "gradient-all-runs-plot").lines, models, strict=True):
        carried = engine.gradient_flow(model, tokens, label=label).carried
        np.testing.assert_allclose(line.y, np.maximum(carried / carried[-1], 1e-6), rtol=1e-4)

    assert person.find(QPushButton, "metrics-all-runs").text() == "This run"
    person.click("metrics-all-runs")  # one choice for all views
    assert not person.find(LinePlot, "metrics-all-runs-plot").isVisible()
    open_view(person, "gradient", View)
    assert not person.find(LinePlot, "gradient-all-runs-plot").isVisible()
    assert person.find(StepBars, "gradient-plot").isVisible()


def test_a_compared_run_whose_deletion_is_undone_is_compared_again(person: Person) -> None:
    session = person.session
    two_runs(person)
    session.set_model(cell="rnn")
    person.wait_ready()
    trained(person, 1)
    views = open_view(person, "gradient", View), open_view(person, "memory", View)
    compare_all(person)
    person.window.docking.fill("")
    names = [run.name for run in session.compared.runs()]
    deleted = session.runs.others()[0]
    session.run_edits.delete([deleted.id])
    for view in views:
        key = view.objectName().removeprefix("panel-")
        open_view(person, key, View)
        assert person.find(QPushButton, f"{key}-all-runs").text() == "2 runs"
    assert deleted.name not in titles(person)
    session.undo.undo()
    for view in views:
        key = view.objectName().removeprefix("panel-")
        open_view(person, key, View)
        assert person.find(QPushButton, f"{key}-all-runs").text() == "3 runs"
    assert [run.name for run in session.compared.runs()] == names, "in their former order"


def test_training_a_run_that_is_not_compared_brings_the_views_back_to_it(person: Person) -> None:
    session = person.session
    two_runs(person)
    session.set_model(cell="rnn")
    person.wait_ready()
    open_view(person, "gradient", View)
    session.compared.choose([run.id for run in session.runs.others()])
    settle(person)  # Compare has filled the middle
    person.window.docking.fill("")
    person.wait_until(person.find(QPushButton, "gradient-all-runs").isVisible)
    assert person.window.findChild(LinePlot, "gradient-all-runs-plot") is None, "the user has not asked for that"
    person.click("gradient-all-runs")
    person.wait_until(lambda: len(person.find(LinePlot, "gradient-all-runs-plot").lines) == 2)
    trained(person, 1)
    person.wait_until(lambda: not person.find(LinePlot, "gradient-all-runs-plot").isVisible())


def test_views_show_only_those_of_the_compared_runs_that_have_the_current_data_and_shape(person: Person) -> None:
    session = person.session
    two_runs(person)
    compare_all(person)
    names = session.compared.ids
    person.window.docking.fill("")
    open_view(person, "gradient", View)
    person.click("gradient-all-runs")
    person.wait_until(lambda: len(person.find(LinePlot, "gradient-all-runs-plot").lines) == 2)
    person.choose_sample("order")
    settled(person)
    person.wait_until(lambda: not person.find(LinePlot, "gradient-all-runs-plot").isVisible())
    assert not person.find(QPushButton, "gradient-all-runs").isVisible()
    assert session.compared.ids == names, "the comparison itself stays"

    for cell in ("rnn", "irnn"):
        session.set_model(cell=cell)
        person.wait_ready()
        trained(person, 1)
    compare_all(person)
    person.window.docking.fill("")
    open_view(person, "gradient", View)
    assert len(session.compared.ids) == 4
    assert person.find(QPushButton, "gradient-all-runs").text() == "2 runs"
    person.click("gradient-all-runs")
    own = {entry.color for entry in compared_entries(session) if entry.run.id not in names}
    person.wait_until(lambda: {line.color for line in person.find(LinePlot, "gradient-all-runs-plot").lines} == own)


def test_other_data_leave_the_comparison_as_it_was_with_both_runs(person: Person) -> None:
    two_runs(person)
    compare_all(person)
    settled(person)
    person.choose_sample("reviews")
    person.window.docking.show_view("compare")
    settled(person)
    assert [row[:2] for row in rows(person)] == [["names · GRU 6", "GRU"], ["names · LSTM 6", "LSTM"]]
    trained(person, 1)
    assert [row[:2] for row in rows(person)] == [["names · GRU 6", "GRU"], ["names · LSTM 6", "LSTM"]]


def test_runs_of_the_same_other_data_read_a_typed_text_and_say_whole_why_they_read_no_example(person: Person) -> None:
    person.window.resize(1100, 700)
    person.choose_sample("french")
    person.session.set_model(cell="lstm")
    two_runs(person)
    compare_all(person)
    person.choose_sample("order")
    settled(person)
    person.window.docking.show_view("compare")
    for page in ("answers", "states", "gradient", "memory"):
        check_sentence_and_typed_text(person, page)


def check_sentence_and_typed_text(person: Person, page: str) -> None:
    """On a page, read why there is no answer, type a text that both runs can read, and go back to the example."""
    show(person, page)
    panel = person.find(ComparePanel, "panel-compare")
    hint = panel.front.hint
    assert hint.isVisible()
    assert hint.text() == (
        "These runs learned from “french”, and this text is an example of “order”. Type a text, or open one of these "
        "runs to ask them."
    )
    assert hint.height() >= hint.heightForWidth(hint.width()), "no line is cut"

    person.type("compare-text", "i am going to the station")
    runs = {run.name: run.id for run in person.session.compared.runs()}
    person.wait_until(lambda: not hint.isVisible() and {name for name, *_ in panel.front.table().rows} == {*runs})
    settled(person)
    shown = panel.front.table().rows
    for name, run_id in runs.items():
        snapshot = person.session.compared.snapshots()[run_id]
        own = [tuple(values) for run, *values in shown if run == name]
        assert own == in_rows(page, snapshot, "i am going to the station")
    hardest = person.find(ResultList, "try-hardest")
    person.wait_until(lambda: bool(hardest.results))
    place = hardest.visualItemRect(hardest.item(0)).center()
    person.qtbot.mouseClick(hardest.viewport(), Qt.MouseButton.LeftButton, pos=place)
    person.wait_until(hint.isVisible)


def in_rows(page: str, snapshot: engine.Snapshot, text: str) -> list[tuple[object, ...]]:
    """What the page has to say of a network without a label, as its table has it."""
    if page == "answers":
        return [(str(line),) for line in answer(snapshot, text, None).lines]
    if page == "states":
        return [(unit, *row.tolist()) for unit, row in enumerate(states(snapshot, text, None).heat.values)]
    curve = (gradient_curve if page == "gradient" else memory_curve)(snapshot, text, None)
    return [(step, *each) for step, each in enumerate(zip(curve.names, curve.y.tolist(), strict=True), 1)]


def compared_with_other_data(person: Person, page: str) -> list[Entry]:
    """A page of Compare with a run of the reviews, which are the current data, before the runs that are there."""
    person.choose_sample("reviews")
    trained(person, 1)
    settled(person)
    compare_all(person)
    show(person, page)
    return compared_entries(person.session)


def test_a_text_of_other_data_is_not_given_to_runs_that_did_not_learn_from_them(person: Person) -> None:
    pages = "answers", "states", "gradient", "memory"
    two_runs(person)
    compare_all(person)
    panel = person.find(ComparePanel, "panel-compare")

    def named() -> set[object]:
        return {name for name, *_ in panel.front.table().rows}

    for page in pages:
        show(person, page)
        assert panel.front.table().rows, page
    own, *others = compared_with_other_data(person, pages[0])
    why = "Learned from “names”; the text is for “reviews”, the current data. Open a run of “names” to ask it."
    assert [other.why for other in others] == [why] * 2
    assert own.why == ""

    def answering() -> set[object]:
        return {name for name, *row in panel.front.table().rows if row != [why]}

    for page in pages:
        show(person, page)
        whole = [label for label in panel.front.findChildren(QLabel) if label.isVisible() and why in label.text()]
        assert whole, page
        for label in whole:
            person.wait_until(lambda label=label: label.height() >= label.heightForWidth(label.width()) > 0)
        person.wait_until(lambda: answering() == {own.run.name})
    person.choose_sample("names")
    person.window.docking.show_view("compare")
    for page in reversed(pages):
        show(person, page)
        person.wait_until(lambda: named() >= {other.run.name for other in others})
    settled(person)
    by_id = {entry.run.id: entry.suits for entry in compared_entries(person.session)}
    assert by_id == {own.run.id: False} | dict.fromkeys((other.run.id for other in others), True)


def test_nothing_below_moves_when_a_third_run_is_compared_that_learned_from_other_data(person: Person) -> None:
    person.window.docking.show_view("compare")  # in its usual place; it would fill the middle otherwise
    two_runs(person)
    names = [entry.id for entry in (person.session.runs.now(), *person.session.runs.others()) if entry is not None]
    person.choose_sample("reviews")
    trained(person, 1)
    settled(person)
    other = person.session.runs.current
    compare_all(person)
    person.session.compared.choose(names)
    settled(person)
    settle(person)
    panel, figures = person.find(ComparePanel, "panel-compare"), person.find(QTreeWidget, "compare-figures")
    below = person.window.panels["loss"]

    def places() -> tuple[int, ...]:
        return panel.height(), below.mapTo(person.window, QPoint(0, 0)).y(), below.height()

    for size, page in product(((1440, 900), (1100, 700), (960, 600)), ("curves", "states", "gradient")):
        person.resize(*size)
        show(person, page)
        before, rows_before = places(), figures.topLevelItemCount()
        person.session.compared.choose([*names, other])
        settled(person)
        settle(person)
        assert figures.topLevelItemCount() == rows_before + 1
        assert places() == before, (size, page)
        assert figures.verticalScrollBar().maximum() == 0
        person.session.compared.choose(names)
        settled(person)
        settle(person)
        assert places() == before, (size, page)


def test_runs_without_a_curve_are_named_apart_where_sentences_have_no_room(person: Person) -> None:
    person.window.resize(960, 600)
    two_runs(person)
    shown = QTextDocument()

    def named(summary: QLabel) -> list[str]:
        shown.setHtml(summary.text())
        return shown.toPlainText().replace("\u00a0", " ").splitlines()

    own, *others = compared_with_other_data(person, "gradient")
    for page in ("gradient", "memory"):
        show(person, page)
        summary = person.find(QLabel, f"compare-{page}-summary")
        person.wait_until(lambda summary=summary: len(named(summary)) == 2)
        drawn, without = named(summary)
        assert drawn.startswith(f"━ {own.name[:4]}")
        assert without.startswith("no curve: ━")
        assert without.count("━") == len(others)
        assert "Learned from" in summary.toolTip()


def test_columns_are_as_wide_as_their_texts_also_while_they_grow(person: Person) -> None:
    person.window.docking.show_view("compare")
    person.click("compare-cells")
    person.wait_until(lambda: any(" of " in text and text[0] != "0" for row in rows(person) for text in row))
    tree = person.find(QTreeWidget, "compare-figures")
    shown = [column for column in range(1, tree.columnCount()) if not tree.isColumnHidden(column)]
    assert all(tree.columnWidth(column) >= tree.sizeHintForColumn(column) for column in shown)
    person.click("race-stop")


def test_speed_and_size_give_way_before_what_a_run_beats_and_no_column_is_hidden_beside_room_for_it(
    person: Person,
) -> None:
    person.window.resize(1440, 900)
    two_runs(person)
    compare_all(person)
    tree = person.find(QTreeWidget, "compare-figures")
    settled(person)
    person.wait_until(lambda: titles(person)[-1] == "Beats character pairs")
    person.wait_until(lambda: not any(tree.isColumnHidden(at) for at in range(tree.columnCount())))
    widths = [tree.columnWidth(at) for at in range(tree.columnCount())]
    last = tree.columnCount() - 1  # it has the rest of the room
    title = tree.headerItem().text(last).split("\n")
    needed = max(map(tree.fontMetrics().horizontalAdvance, title)) + COLUMN_GAP_PX
    widths[-1] = max(tree.sizeHintForColumn(last), needed)
    for width in range(1400, 1100, -60):
        before = tree.viewport().width()
        person.window.resize(width, 900)
        person.wait_until(lambda before=before: person.window.updatesEnabled() and tree.viewport().width() < before)
        hidden = [at for at in range(tree.columnCount()) if tree.isColumnHidden(at)]
        beats = [at for at in hidden if titles(person)[at].startswith("Beats")]
        spare = tree.viewport().width() - sum(width for at, width in enumerate(widths) if at not in hidden)
        beside = [at for at in map(titles(person).index, ("Weights", "Mean tokens/s")) if at not in hidden]
        assert all(widths[at] > spare + sum(widths[other] for other in beside) for at in beats), (width, hidden)
        assert all(widths[at] > spare for at in hidden), (width, hidden)
    assert hidden


def test_the_figures_of_a_race_have_room_beside_each_other_in_a_window_of_the_usual_size(person: Person) -> None:
    person.window.resize(1440, 900)
    person.session.set_model(hidden_size=128)
    person.wait_ready()
    person.window.docking.show_view("compare")
    person.click("compare-cells")
    person.wait_until(lambda: any("." in row[titles(person).index("Best loss")] for row in rows(person)))
    tree = person.find(QTreeWidget, "compare-figures")
    assert titles(person)[-1] == "Beats character pairs"
    assert [title for at, title in enumerate(titles(person)) if tree.isColumnHidden(at)] in ([], ["Mean tokens/s"])
    assert tree.header().length() <= tree.viewport().width()
    person.click("race-stop")


def test_no_column_of_a_race_comes_goes_or_moves_from_its_first_steps_to_its_end(person: Person) -> None:
    person.window.resize(1440, 900)
    person.session.set_model(hidden_size=128)
    person.wait_ready()
    person.window.docking.show_view("compare")
    person.click("compare-cells")
    tree = person.find(QTreeWidget, "compare-figures")
    person.wait_until(lambda: titles(person)[-1] == "Beats character pairs")
    steps = titles(person).index("Steps")
    person.wait_until(lambda: all(" of " in row[steps] for row in rows(person)))
    assert not any("." in row[titles(person).index("Best loss")] for row in rows(person))
    person.wait_until(person.window.updatesEnabled)

    def placed() -> list[tuple[str, int]]:
        shown = [at for at in range(tree.columnCount()) if not tree.isColumnHidden(at)]
        return [(titles(person)[at], tree.columnViewportPosition(at)) for at in shown]

    before = placed()
    person.wait_until(lambda: all("step" in row[-1] for row in rows(person)))
    assert placed() == before
    person.click("race-stop")
    person.wait_until(lambda: not person.session.race.on)
    settled(person)
    assert placed() == before


@pytest.mark.parametrize(("sample", "chosen"), [("reviews", {}), ("waves", {"number_loss": "squared"})])
def test_a_baseline_has_the_same_name_in_compare_and_beside_the_loss(
    person: Person, sample: str, chosen: dict[str, str]
) -> None:
    person.session.set_model(**chosen)
    two_runs(person)
    loss = person.find(LinePlot, "loss-plot")
    person.wait_until(lambda: len(loss.levels) > 1)
    names = {level.name: level.tag for level in loss.levels}
    compare_all(person)
    plot = person.find(LinePlot, "compare-plot")
    person.wait_until(lambda: len(plot.levels) == len(names))
    assert {level.name: level.tag for level in plot.levels} == names


def test_a_run_has_the_same_speed_in_the_table_whether_it_is_the_current_one_or_not(person: Person) -> None:
    two_runs(person)
    older, left = person.session.runs.others()[0], person.session.runs.now()
    assert older.speed > 0
    assert left is not None
    select(person, older.name)
    person.click("run-open")
    person.wait_until(lambda: person.session.runs.current == older.id)
    settled(person)
    now = person.session.runs.now()
    assert now is not None
    assert now.speed == pytest.approx(older.speed)
    compare_all(person)
    figures = person.find(FiguresTable, "compare-figures")
    column = next(at for at, title in enumerate(figures.titles) if title.endswith("s/s"))
    assert "without validation" in figures.headerItem().toolTip(column)
    assert figures.titles[column].startswith("Mean "), "the bar has that of the last seconds"
    assert "last seconds" in figures.headerItem().toolTip(column)
    assert "Compare has the mean" in tip_of(person.find(QWidget, "progress-speed")), "two speeds that differ say why"
    kept = person.session.runs.find(left.id)
    assert kept is not None
    assert left.speed == pytest.approx(kept.speed, rel=1e-4)


def test_without_runs_it_says_how_to_choose_some(person: Person) -> None:
    person.window.docking.show_view("compare")
    assert person.find(QLabel, "compare-hint").isVisible()
    assert not person.find(QTreeWidget, "compare-figures").isVisible()
    assert not person.find(QLineEdit, "compare-text").isVisible()


def test_the_compared_runs_travel_in_one_file_and_on_a_page(person: Person, tmp_path: Path) -> None:
    two_runs(person)
    compare_all(person)
    settled(person)
    weights = [snapshot.weights for snapshot in person.session.compared.snapshots().values()]
    save = person.window.findChild(QAction, "file-save-comparison")
    page = person.window.findChild(QAction, "export-comparison")
    assert save is not None
    assert page is not None
    for action, dialog, name in (
        (save, "save-dialog", "both.unrolls"), (page, "export-dialog", "both.html")
    ):  # fmt: skip
        action.trigger()
        choose(person, dialog, tmp_path / name)
        person.wait_until(lambda name=name: said(person) == f"Saved “{name}” with 2 runs.")
    assert "LSTM" in (tmp_path / "both.html").read_text(encoding="utf-8")

    names = "gru\x1b[31m", "lstm\u202e"  # somebody else's file may hold anything
    saved = open_run_set(tmp_path / "both.unrolls")
    write_run_set(tmp_path / "both.unrolls", [NamedRun(name, one.run) for name, one in zip(names, saved, strict=True)])
    person.window.files.open_path(str(tmp_path / "both.unrolls"))
    person.wait_until(lambda: said(person) == "Opened 2 runs of “both.unrolls”; they are in Runs.")
    settled(person)
    runs = person.session.compared.runs()
    assert [run.name for run in runs] == ["gru␛[31m", "lstm⇄"]
    assert [run.settings.model.cell for run in runs] == ["gru", "lstm"]
    assert len({run.name for run in person.session.runs.others()}) == 3, "names of their own"
    for before, after in zip(weights, person.session.compared.snapshots().values(), strict=True):
        assert (before == after.weights).all()
    person.session.switch.open(runs[1].id)
    settled(person)
    trained(person, 1)
    assert person.session.run.progress.step == 3, "its data is at hand, so it trains on"
