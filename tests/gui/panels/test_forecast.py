"""The forecast: where now is, what was drawn by hand, and when it was."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtWidgets import QFileDialog, QLabel, QLineEdit, QPushButton, QWidget

import engine
from engine.number_text import own_units
from gui.panels.try_it.answer_files import Answers
from gui.panels.try_it.forecast import ForecastView
from gui.panels.try_it.stretch import Stretch, drawn_over, own_series, times_in
from gui.panels.unrolled.unrolled_panel import UnrolledPanel
from gui.plots.forecast_plot import Stroke
from gui.widgets.fields import Choice
from tests.gui.conftest import Person
from tests.gui.panels.open_views import settle
from tests.gui.panels.opening import open_file, put
from tests.gui.panels.small_numbers import WAVE
from tests.gui.panels.trying import choose_path, shown, train_and_stop
from tests.gui.plots.mouse import canvas, drag
from tests.gui.saving.test_run_list import redo, undo


def forecast(person: Person) -> ForecastView:
    """The view with its first answer."""
    view = shown(person, ForecastView)
    person.wait_until(lambda: view.answers() is not None)
    return view


def first_step(view: ForecastView) -> int:
    """The step that is forecast first, counted from 1."""
    answers = view.answers()
    assert answers is not None
    return int(answers.rows[0][0])


def last_cells(view: ForecastView) -> set[object]:
    """What stands in the last column of the answers."""
    answers = view.answers()
    return set() if answers is None else {row[-1] for row in answers.rows}


def place(view: ForecastView, step: float, height: float | None = None) -> QPoint:
    """Where a step of the series is drawn, at a height in its units or in the middle."""
    box, area = view.plot.box, view.plot.area()
    at = box.pixels_of(step, 0.0 if height is None else height)
    return (area.topLeft() + QPointF(at.x(), area.height() / 2 if height is None else at.y())).toPoint()


def test_a_click_in_the_forecast_moves_now_and_the_error_is_counted_from_there(
    numbers: Callable[[str], Person],
) -> None:
    person = numbers("series")
    train_and_stop(person, 3)
    view = shown(person, ForecastView)
    person.wait_until(lambda: view.answers() is not None)
    before = view.verdict.text()
    box = view.plot.box
    box.clicked.emit(QPointF(box.width() / 2, box.height() / 2))
    person.wait_until(lambda: view.verdict.text() != before)
    answers = view.answers()
    assert answers is not None
    first = int(answers.rows[0][0])  # the step that is forecast first, counted from 1
    truth = WAVE[first - 1 : first - 1 + len(answers.rows), 0]
    mean = answers.columns.index("value mean")
    off = np.abs(np.array([row[mean] for row in answers.rows])[: len(truth)] - truth).mean()
    still = np.abs(WAVE[first - 2, 0] - truth).mean()
    assert view.verdict.text().startswith(f"Off by {off:.3g} ")
    assert f"off by {still:.3g}, the last season (31 steps) by " in view.verdict.text()
    assert view.explained.text().startswith(f"Read up to step {first - 1}. ")


def test_the_forecast_says_that_the_network_in_the_picture_reads_other_numbers(
    numbers: Callable[[str], Person],
) -> None:
    person = numbers("series")
    view, looked = forecast(person), person.window.panels["unrolled"]
    assert isinstance(looked, UnrolledPanel)
    person.wait_until(lambda: looked.looked is not None)
    typed = person.find(QLineEdit, "probe")
    assert len(looked.canvas.diagram.columns) == len(typed.text().split()) - 1 != first_step(view) - 1
    assert "The other views read the numbers in the field above the network." in view.explained.text()
    assert "above the network" in person.find(QWidget, "forecast-now").toolTip()
    assert typed.mapTo(person.window, QPoint()).y() < looked.canvas.mapTo(person.window, QPoint()).y()


def test_now_is_dragged_along_the_series_and_elsewhere_a_drag_pans(numbers: Callable[[str], Person]) -> None:
    person = numbers("series")
    view = forecast(person)
    now, seen = first_step(view) - 1, view.plot.range
    drag(person.qtbot, view.plot, place(view, now), place(view, now - 30))
    person.wait_until(lambda: first_step(view) == now - 29)
    assert view.plot.range.left == seen.left
    drag(person.qtbot, view.plot, place(view, now - 60), place(view, now - 50))
    assert first_step(view) == now - 29
    assert view.plot.range.left == pytest.approx(seen.left - 10, abs=1)


@pytest.mark.sample("sunspots-like")
def test_a_forecast_that_runs_away_is_said_to_and_the_series_stays_readable(person: Person) -> None:
    view = forecast(person)
    low = float(view.plot.range.low)
    person.session.set_model(cell="irnn")
    person.wait_until(lambda: view.verdict.text().startswith("The forecast runs away from the series"))
    assert view.plot.range.low == pytest.approx(low, abs=100)
    assert "nan" not in view.verdict.text()
    assert "uncertainty" not in view.explained.text(), "it does predict one, though no number that can be drawn"


def test_another_series_is_shown_whole_however_the_last_one_was_looked_at(
    numbers: Callable[[str], Person], tmp_path: Path
) -> None:
    person = numbers("series")
    view = forecast(person)
    now, shown_before = first_step(view) - 1, view.plot.range
    drag(person.qtbot, view.plot, place(view, now - 60), place(view, now - 30))
    assert view.plot.range.left < shown_before.left - 20
    values = 500 + 40 * np.sin(np.arange(300) / 3)
    open_file(person, put(tmp_path / "other.csv", "n\n" + "\n".join(f"{value:.2f}" for value in values)))
    view = forecast(person)
    person.wait_until(lambda: view.plot.range.low > 300)
    assert view.plot.range.right > 299
    assert "A double click shows all" in view.explained.text()


def test_a_series_is_drawn_with_the_mouse_the_forecast_follows_and_undo_brings_the_series_back(
    numbers: Callable[[str], Person],
) -> None:
    person = numbers("series")
    view = forecast(person)
    before = view.answers()
    now, truth, room = first_step(view) - 1, view.verdict.text(), view.verdict.height()
    person.click("forecast-mouse-draw")
    drag(person.qtbot, view.plot, place(view, now - 5, 0.5), place(view, now, 0.9))
    person.wait_until(lambda: view.answers() != before and "partly drawn by hand" in view.explained.text())
    series = next(line for line in view.plot.lines if len(line.x) == len(view.plot.lines[-2].x))
    drawn = series.y[(series.x >= now - 5) & (series.x <= now)]
    assert drawn == pytest.approx(np.linspace(0.5, 0.9, 6), abs=0.1)
    assert first_step(view) == now + 1  # what is drawn does not move now
    assert series.y[series.x > now] == pytest.approx(WAVE[series.x[series.x > now].astype(int) - 1, 0])
    said = view.verdict.text()  # of the series that is still drawn after now
    assert (
        said
        == "Drawn by hand: what came after “now” followed other values, so the forecast cannot be compared with it."
    )
    assert view.verdict.heightForWidth(view.verdict.width()) <= view.verdict.height() == room
    person.click("forecast-restore")
    person.wait_until(lambda: view.verdict.text() == truth)
    assert view.answers() == before
    assert person.find(QPushButton, "forecast-restore").isHidden()


def test_undoing_the_drawing_leaves_now_where_it_was_moved_and_says_so(numbers: Callable[[str], Person]) -> None:
    person = numbers("series")
    view = forecast(person)
    now, wide = first_step(view) - 1, view.width()
    person.click("forecast-mouse-draw")
    drag(person.qtbot, view.plot, place(view, now - 8, 0.5), place(view, now, 0.9))
    person.click("forecast-mouse-now")
    drag(person.qtbot, view.plot, place(view, now), place(view, now - 5))
    person.wait_until(lambda: first_step(view) == now - 4)
    undo = person.find(QPushButton, "forecast-restore")
    assert undo.text() == "Undo drawing"
    assert "“now” stays where it is" in undo.toolTip()
    assert view.width() == wide
    person.window.resize(person.window.minimumSize())
    settle(person)
    for button in (undo, *view.mouse.findChildren(QPushButton)):
        assert button.width() >= button.sizeHint().width(), f"“{button.text()}” is whole in the smallest window"
    person.click("forecast-restore")
    person.wait_until(lambda: undo.isHidden() and "by hand" not in view.explained.text())
    assert first_step(view) == now - 4


def test_undo_of_other_data_brings_back_the_series_with_what_was_drawn_into_it(
    numbers: Callable[[str], Person], tmp_path: Path
) -> None:
    person = numbers("series")
    view = forecast(person)
    now = first_step(view) - 1
    person.click("forecast-mouse-draw")
    drag(person.qtbot, view.plot, place(view, now - 5, 0.5), place(view, now, 0.9))
    person.wait_until(lambda: "partly drawn by hand" in view.explained.text())
    settle(person)
    drawn, answers = view.plot.lines[-2].y, view.answers()
    values = 500 + 40 * np.sin(np.arange(300) / 3)
    open_file(person, put(tmp_path / "other.csv", "n\n" + "\n".join(f"{value:.2f}" for value in values)))
    person.wait_until(lambda: view.plot.range.low > 300)
    assert "by hand" not in view.explained.text()
    undo(person)
    person.wait_until(lambda: "partly drawn by hand" in view.explained.text())
    settle(person)
    assert view.plot.lines[-2].y == pytest.approx(drawn, nan_ok=True)
    assert view.answers() == answers
    person.click("forecast-restore")
    person.wait_until(lambda: "by hand" not in view.explained.text())
    redo(person)
    person.wait_until(lambda: view.plot.range.low > 300)
    undo(person)
    person.wait_until(lambda: view.plot.range.low < 300)
    settle(person)
    assert "by hand" not in view.explained.text(), "the drawing was undone"


def test_what_is_drawn_after_now_is_not_what_really_came(numbers: Callable[[str], Person]) -> None:
    person = numbers("series")
    view = forecast(person)
    now, truth = first_step(view) - 1, view.verdict.text()
    person.click("forecast-mouse-draw")
    drag(person.qtbot, view.plot, place(view, now + 2, 0.5), place(view, now + 8, 0.9))
    settle(person)
    assert view.verdict.text() == truth
    assert "by hand" not in view.explained.text()
    assert person.find(QPushButton, "forecast-restore").isHidden()
    drag(person.qtbot, view.plot, place(view, now - 6, 0.5), place(view, now + 6, 0.9))
    person.wait_until(lambda: "partly drawn by hand" in view.explained.text())
    series = next(line for line in view.plot.lines if len(line.x) == len(view.plot.lines[-2].x))
    after = (series.x > now) & (series.x <= now + 6)
    assert series.y[after] == pytest.approx(WAVE[series.x[after].astype(int) - 1, 0])


def test_a_stroke_changes_one_column_between_its_ends_and_nothing_beyond_the_series() -> None:
    stretch = Stretch(np.zeros((5, 2)), before=100)
    drawn = drawn_over(stretch, 1, Stroke(QPointF(104.0, 4.0), QPointF(102.0, 2.0)))
    assert drawn.values.tolist() == [[0, 0], [0, 2], [0, 3], [0, 4], [0, 0]]
    assert drawn_over(stretch, 0, Stroke(QPointF(90.0, 1.0), QPointF(99.4, 1.0))) is stretch
    assert drawn_over(stretch, 0, Stroke(QPointF(90.0, 1.0), QPointF(200.0, 1.0))).values[:, 0].tolist() == [1] * 5


def test_the_cursor_says_what_a_drag_does(numbers: Callable[[str], Person]) -> None:
    person = numbers("series")
    view = forecast(person)
    now, shapes = first_step(view) - 1, []
    for at in (now, now - 40):
        person.qtbot.mouseMove(canvas(view.plot), place(view, at))
        shapes.append(canvas(view.plot).cursor().shape())
    person.click("forecast-mouse-draw")
    person.qtbot.mouseMove(canvas(view.plot), place(view, now - 41))
    shapes.append(canvas(view.plot).cursor().shape())
    assert shapes == [Qt.CursorShape.SizeHorCursor, Qt.CursorShape.ArrowCursor, Qt.CursorShape.CrossCursor]


def test_dates_of_the_file_stand_on_the_axis_and_the_legend_names_the_series(
    empty_person: Person, tmp_path: Path
) -> None:
    months = [f"{1980 + k // 12}-{k % 12 + 1:02d}" for k in range(200)]
    rows = "\n".join(f"{month},{value + 2:.4f}" for month, value in zip(months, WAVE[:, 0], strict=True))
    open_file(empty_person, put(tmp_path / "tides.csv", f"month,tide\n{rows}\n"))
    view = forecast(empty_person)
    texts = [text for _, text in view.plot.bottom.texts()]
    assert len(texts) >= 2
    assert set(texts) <= set(months)
    assert f"Read up to {months[first_step(view) - 2]}." in view.explained.text()
    assert "tide" in empty_person.find(QLabel, "forecast-legend").text()


def test_a_long_series_keeps_its_dates(empty_person: Person, tmp_path: Path) -> None:
    times = [f"{1980 + k // 8640}-{k // 720 % 12 + 1:02}-{k // 24 % 30 + 1:02} {k % 24:02}:00" for k in range(60_000)]
    times = [time.replace("-02-30", "-03-01").replace("-02-29", "-03-01") for time in times]
    rows = "\n".join(f"{time},{k % 97}.5,{k % 89},{k % 83},{k % 79},{k % 73}" for k, time in enumerate(times))
    open_file(empty_person, put(tmp_path / "long.csv", f"time,a,b,c,d,e\n{rows}\n"))
    view = forecast(empty_person)
    assert f"Read up to {times[first_step(view) - 2]}." in view.explained.text()


def test_a_date_that_ends_in_a_point_ends_its_sentence(empty_person: Person, tmp_path: Path) -> None:
    days = [f"{k % 28 + 1} {('января', 'февраля', 'марта', 'апреля')[k // 28]} 2022 г." for k in range(112)]
    rows = "\n".join(f"{day};{value:.4f}" for day, value in zip(days, WAVE[:112, 0], strict=True))
    open_file(empty_person, put(tmp_path / "tides.csv", f"Дата;Уровень\n{rows}\n"))
    view = forecast(empty_person)
    assert f"Read up to {days[first_step(view) - 2]} " in view.explained.text()


def test_a_series_with_a_validation_file_of_its_own_keeps_its_dates_and_is_said_to_have_one(
    empty_person: Person, tmp_path: Path
) -> None:
    months = [f"{1980 + k // 12}-{k % 12 + 1:02d}" for k in range(200)]
    lines = [f"{month},{value + 2:.4f}" for month, value in zip(months, WAVE[:, 0], strict=True)]
    held_out = put(tmp_path / "later.csv", "\n".join(["month,tide", *lines[150:]]))
    open_file(empty_person, put(tmp_path / "tides.csv", "\n".join(["month,tide", *lines[:150]])))
    empty_person.session.data.change(validation_file=str(held_out))
    empty_person.wait_ready()
    view = forecast(empty_person)
    assert f"Read up to {months[first_step(view) - 2]}." in view.explained.text()
    texts = [text for _, text in view.plot.bottom.texts()]
    assert texts
    assert set(texts) <= set(months)
    assert empty_person.find(QLabel, "data-split").text() == "150 train · 50 validation"


@pytest.mark.qt_log_ignore("This plugin does not support")  # what the offscreen platform says to dialogs
def test_a_saved_forecast_has_the_dates_of_its_steps_also_after_the_last_known_one(
    empty_person: Person, tmp_path: Path
) -> None:
    months = [f"{1980 + k // 12}-{k % 12 + 1:02d}" for k in range(240)]
    rows = "\n".join(f"{month},{value + 2:.4f}" for month, value in zip(months, WAVE[:, 0], strict=False))
    known = rows.count("\n") + 1
    open_file(empty_person, put(tmp_path / "tides.csv", f"month,tide\n{rows}\n"))
    view = forecast(empty_person)
    view.plot.now_chosen.emit(float(known - 4))
    empty_person.wait_until(lambda: first_step(view) == known - 3)
    empty_person.click("try-save")
    dialog = empty_person.find(QFileDialog, "try-save-dialog")
    assert [Path(file).name for file in dialog.selectedFiles()] == ["forecast.csv"], "a table is proposed"
    assert dialog.selectedNameFilter() == dialog.nameFilters()[0] == "Table as CSV (*.csv)"
    choose_path(empty_person, "try-save-dialog", tmp_path / "forecast.csv")
    with (tmp_path / "forecast.csv").open(encoding="utf-8", newline="") as file:
        saved = list(csv.DictReader(file))
    assert [row["step"] for row in saved] == [str(step) for step in range(known - 3, known + 21)]
    assert [row["time"] for row in saved] == months[known - 4 : known + 20]
    assert [*saved[0]] == ["step", "time", "tide mean", "tide deviation", "tide lower", "tide upper"]
    answers = view.answers()
    assert answers is not None
    first = saved[0]
    band = f"(90 %: {first['tide lower']} to {first['tide upper']})"
    assert answers.texts[0] == f"{months[known - 4]} tide {first['tide mean']} {band}", "as people read it"


@pytest.mark.qt_log_ignore("This plugin does not support")  # as above
def test_a_forecast_of_numbers_with_decimal_commas_is_saved_with_them(empty_person: Person, tmp_path: Path) -> None:
    rows = [f"{1980 + k // 12}-{k % 12 + 1:02d};{WAVE[k, 0] + 2:.4f}".replace(".", ",") for k in range(200)]
    open_file(empty_person, put(tmp_path / "tides.csv", "\n".join(["month;tide", *rows])))
    answers = forecast(empty_person).answers()
    assert answers is not None
    empty_person.click("try-save")
    choose_path(empty_person, "try-save-dialog", tmp_path / "forecast.csv")
    with (tmp_path / "forecast.csv").open(encoding="utf-8", newline="") as file:
        head, first, *_ = csv.reader(file, delimiter=";")
    assert head == [*answers.columns]
    assert "," in first[2]
    assert [float(cell.replace(",", ".")) for cell in first[2:]] == [*answers.rows[0][2:]]


def test_a_saved_forecast_of_a_series_without_dates_has_its_steps_alone(numbers: Callable[[str], Person]) -> None:
    answers = forecast(numbers("series")).answers()
    assert answers is not None
    assert answers.columns == ("step", *(f"value {what}" for what in ("mean", "deviation", "lower", "upper")))
    assert answers.texts[0].split()[0] == str(answers.rows[0][0])


def test_a_saved_forecast_of_several_columns_has_a_row_for_each_step(empty_person: Person, tmp_path: Path) -> None:
    """In the columns in which the command line prints it."""
    rows = "\n".join(f"{a + 2:.4f},{a * a:.4f}" for a in WAVE[:, 0])
    open_file(empty_person, put(tmp_path / "tides.csv", f"tide,flow\n{rows}\n"))
    view = forecast(empty_person)
    answers = view.answers()
    assert answers is not None
    assert len(answers.rows) == view.steps.value()
    figures = ("mean", "deviation", "lower", "upper")
    assert answers.columns == ("step", *(f"{name} {what}" for name in ("tide", "flow") for what in figures))
    tide, flow = answers.rows[2][1:5], answers.rows[2][5:]
    for mean, deviation, lower, upper in (tide, flow):
        assert lower < mean < upper
        assert upper - lower == pytest.approx(2 * 1.645 * deviation, rel=0.2)
    assert "; flow " in answers.texts[2]


@pytest.mark.parametrize("size", [(960, 600), (1100, 700), (1440, 900)])
def test_the_plot_keeps_its_place_while_now_is_moved_to_the_end(
    numbers: Callable[[str], Person], size: tuple[int, int]
) -> None:
    person = numbers("series")
    person.window.resize(*size)
    view = forecast(person)
    settle(person)
    before, compared = view.plot.geometry(), view.verdict.text()
    view.now.set_value(120)
    view.follow()
    person.wait_until(lambda: view.verdict.text() != compared)
    settle(person)
    assert "no later values" in view.verdict.text()
    assert view.plot.geometry() == before


def test_a_series_from_a_file_is_forecast_after_its_end_and_back_is_the_series_of_the_data(
    empty_person: Person, tmp_path: Path
) -> None:
    person, values = empty_person, 2 + WAVE[:, 0]
    open_file(person, put(tmp_path / "tides.csv", "tide\n" + "\n".join(f"{value:.4f}" for value in values)))
    view = forecast(person)
    before = view.answers()
    assert person.find(QPushButton, "forecast-back").isHidden()
    short = put(tmp_path / "short.csv", "tide\n" + "\n".join(f"{value:.4f}" for value in values[:30]))
    person.click("forecast-open")
    choose_path(person, "forecast-open-dialog", short)
    person.wait_until(lambda: view.answers() is not None and first_step(view) == 31)
    assert person.find(QLabel, "forecast-series").text() == "short.csv"
    assert "no later values" in view.verdict.text()

    person.click("forecast-open")
    choose_path(person, "forecast-open-dialog", put(tmp_path / "other.csv", "flow\n1\n2\n4\n7\n5\n6\n"))
    person.wait_until(lambda: "other.csv" in view.message.text())
    assert view.message.text() == "other.csv: Expected the column tide; found flow."
    assert person.find(QLabel, "forecast-series").text() == "short.csv"

    person.click("forecast-back")
    person.wait_until(lambda: view.answers() == before)
    assert person.find(QPushButton, "forecast-back").isHidden()


def test_one_of_several_series_in_a_file_is_chosen_to_be_forecast(empty_person: Person, tmp_path: Path) -> None:
    person = empty_person
    days = [dt.date(2024, 1, 1) + dt.timedelta(k) for k in range(60)]
    heights = {"M1": 10, "M2": 20, "M3": 30}
    rows = [f"{name},{day},{height + np.sin(k / 3):.3f}"
            for name, height in heights.items() for k, day in enumerate(days)]  # fmt: skip
    open_file(person, put(tmp_path / "machines.csv", "\n".join(["machine,date,temp", *rows])))
    view = forecast(person)
    which = person.find(Choice, "forecast-which")
    assert person.find(QLabel, "forecast-series").text() == "Held-out end of the data"
    assert [which.itemText(i) for i in range(which.count())] == list(heights)

    def chosen(name: str) -> Answers:
        """The forecast of the series of this name, drawn at its height."""
        if which.currentText() != name:
            person.choose("forecast-which", which.findText(name))
        person.wait_until(lambda: name in last_cells(view))
        answers = view.answers()
        assert answers is not None
        assert answers.columns[-1] == "series"
        assert view.plot.range.low < heights[name] < view.plot.range.high
        return answers

    for name in ("M1", "M3", "M2"):  # those of the data have the same choice, names and dates as those of a file
        assert chosen(name).rows[0][:2] == (55, str(days[54])), "from the first held-out day on"
        assert "Read up to 2024-02-23." in view.explained.text()
    backwards = put(tmp_path / "newest first.csv", "\n".join(["machine,date,temp", *rows[::-1]]))
    person.click("forecast-open")
    choose_path(person, "forecast-open-dialog", backwards)
    person.wait_until(lambda: person.find(QLabel, "forecast-series").text() == backwards.name)
    assert [which.itemText(i) for i in range(which.count())] == ["M3", "M2", "M1"]
    forecasts = []
    for name in ("M3", "M1", "M2"):
        answers = chosen(name)
        assert answers.rows[0][:2] == (61, "2024-03-01")
        forecasts.append([row[2] for row in answers.rows])
    assert forecasts[0] != forecasts[1] != forecasts[2]
    assert "run backwards in time; they were reversed" in view.message.text()
    person.click("forecast-back")
    person.wait_until(lambda: person.find(QLabel, "forecast-series").text() == "Held-out end of the data")
    assert which.currentText() == "M2", "the one that was forecast before the file"


def test_of_a_long_series_all_that_is_held_out_in_pieces_counts_as_not_trained_on(tmp_path: Path) -> None:
    hours = [str(dt.datetime(2020, 1, 1) + dt.timedelta(hours=k)) for k in range(6000)]
    rows = [f"{name},{hour},{k % 24}" for name in ("north", "south") for k, hour in enumerate(hours)]
    path = put(tmp_path / "stations.csv", "\n".join(["station,time,flow", *rows]))
    dataset = engine.load_dataset(path)
    assert [name.partition(",")[0] for name in dataset.validation.names] == ["north", "north", "south", "south"]
    found = own_series(dataset)
    assert [one.name for one in found] == ["north", "south"]
    for one in found:
        end = one.end(dataset)
        assert (end.name, end.before + len(end.values), end.trained) == (one.name, 6000, 0)
        assert times_in(end, end.before, 1) == (hours[end.before],)
        assert [float(value) for value in end.values[:, 0]] == [k % 24 for k in range(end.before, 6000)]
    later = put(
        tmp_path / "later.csv", "\n".join(["station,time,flow", *(row.replace("2020", "2024") for row in rows)])
    )
    followed = engine.load_dataset(path, validation_file=str(later))
    ends = [one.end(followed) for one in own_series(followed)]
    assert [(end.name, end.before + len(end.values), end.trained) for end in ends] == [
        ("north", 6000, 0), ("south", 6000, 0),
    ]  # fmt: skip
    assert times_in(ends[1], 5999, 1) == (hours[-1].replace("2020", "2024"),)


def test_a_short_series_is_judged_by_its_held_out_steps_alone_and_others_are_said_to_be_trained_on(
    empty_person: Person, tmp_path: Path
) -> None:
    values = 100 + 3 * np.arange(72) + 40 * np.sin(np.arange(72) * np.pi / 6)
    open_file(empty_person, put(tmp_path / "shop.csv", "sold\n" + "\n".join(f"{value:.4f}" for value in values)))
    dataset = empty_person.session.data.dataset
    assert dataset is not None
    assert dataset.running_lengths == (65, 7)
    view = forecast(empty_person)
    assert (first_step(view), view.steps.value()) == (66, 24), "from the first held-out step on"

    def off(judged: slice) -> str:
        answers = view.answers()
        assert answers is not None
        place = answers.columns.index("sold mean")
        means = np.array([row[place] for row in answers.rows])
        truth = values[first_step(view) - 1 :][: len(means)][judged]
        return f"Off by {np.abs(means[judged][: len(truth)] - truth).mean():.3g} on average over "

    def said(now: int) -> str:
        view.plot.now_chosen.emit(float(now))
        empty_person.wait_until(lambda: first_step(view) == now + 1)
        return view.verdict.text()

    assert view.verdict.text().startswith(off(slice(0, 7)) + "7 held-out steps; repeating the last value")
    assert "trained" not in view.verdict.text()
    farther_back = said(48)
    assert farther_back.startswith(off(slice(17, 24)) + "7 held-out steps; repeating the last value would be off by ")
    again = np.abs(np.tile(values[36:48], 2) - values[48:72])[17:].mean()  # it knows of no growth
    assert f", the last season (12 steps) by {own_units(float(again))}. The network" in farther_back
    assert farther_back.endswith(". The network was trained on the 17 steps before them.")
    assert "season" not in said(11), "no whole season has been read"
    assert said(64).endswith(". The network was trained on the step before them.")
    assert said(68).startswith(off(slice(0, 4)) + "4 held-out steps;")
    assert said(30).startswith(off(slice(0, 24)) + "24 steps that the network was trained on; repeating the last value")
    assert view.verdict.heightForWidth(view.verdict.width()) <= view.verdict.height()
