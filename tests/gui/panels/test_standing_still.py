"""What a person presses stays under the mouse, and the views around it stay where they are."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint, QRect
from PySide6.QtWidgets import QLabel, QPushButton, QWidget

from gui.docking.tab_area import Edge
from gui.panels.base.view import View
from gui.panels.metrics import MetricsPanel
from gui.unrolled_view.canvas import UnrolledCanvas
from gui.widgets.text import height_of
from tests.gui.conftest import Person
from tests.gui.panels.open_views import open_view, settle, train_a_little
from tests.gui.panels.opening import choose, open_file, put, show_reading, table
from tests.gui.panels.test_compare import compare_all, race_small_cells, two_runs
from tests.gui.saving.saving import settled
from tests.gui.test_room import resize

SIZES = [(960, 600), (1100, 700), (1440, 900)]
VIEWS = "gradient", "memory", "metrics"


def place(person: Person, name: str) -> QRect:
    """Where a widget is in the window."""
    widget = person.find(QWidget, name)
    return QRect(widget.mapTo(person.window, QPoint(0, 0)), widget.size())


def test_the_tabs_of_compare_stay_where_they_are_whichever_is_chosen(person: Person) -> None:
    two_runs(person)
    compare_all(person)
    names = [f"compare-page-{page}" for page in ("curves", "answers", "states", "gradient", "memory")]
    for size in SIZES:
        resize(person, size)
        places = []
        for name in names:
            person.click(name)
            settled(person)
            settle(person)
            places.append([place(person, each) for each in names])
        assert places == [places[0]] * len(places), size


def test_the_views_below_compare_stay_where_they_are_whichever_page_is_chosen(person: Person) -> None:
    two_runs(person)
    compare_all(person)
    person.window.docking.fill("")
    for size in SIZES:
        resize(person, size)
        places = {}
        for page in ("curves", "answers", "states", "gradient", "memory"):
            person.click(f"compare-page-{page}")
            settled(person)
            settle(person)
            places[page] = place(person, "panel-compare"), place(person, "panel-runs")
        assert list(places.values()) == [places["curves"]] * len(places), (size, places)


def test_the_views_below_a_sweep_stay_where_they_are_whichever_page_is_chosen(person: Person) -> None:
    person.session.sweeps.wanted.emit()
    settle(person)
    person.window.docking.fill("")
    for size in SIZES:
        resize(person, size)
        places = {}
        for page in ("plan", "results", "parallel", "best"):
            person.click(f"sweep-page-{page}")
            settle(person)
            places[page] = place(person, "panel-sweep"), place(person, "panel-memory")
        assert list(places.values()) == [places["plan"]] * len(places), (size, places)


def test_all_runs_take_the_room_of_one_and_the_button_that_shows_them_stays(person: Person) -> None:
    two_runs(person)
    compare_all(person)
    person.window.docking.fill("")
    for size in SIZES:
        resize(person, size)
        for name in VIEWS:
            open_view(person, name, View)
            settle(person)
            before = place(person, f"{name}-all-runs"), place(person, f"panel-{name}")
            for _ in range(2):  # to all runs, and back
                person.click(f"{name}-all-runs")
                settled(person)
                settle(person)
                assert (place(person, f"{name}-all-runs"), place(person, f"panel-{name}")) == before, (size, name)
    assert not person.find(QWidget, "metrics-what").isVisible(), "there is nothing to choose among"


def test_the_button_of_all_runs_takes_no_room_from_the_bars_of_the_gradient(person: Person) -> None:
    two_runs(person)
    sizes, before = [*SIZES, (1360, 900)], {}
    for size in sizes:
        resize(person, size)
        view, plot = open_view(person, "gradient", View), person.find(QWidget, "gradient-plot")
        settle(person)
        before[size] = view.height() - plot.height()
    assert not person.find(QWidget, "gradient-all-runs").isVisible()
    compare_all(person)
    person.window.docking.fill("")
    person.window.docking.hide_view("compare")
    for size in sizes:
        resize(person, size)
        open_view(person, "gradient", View)
        settle(person)
        person.wait_until(person.find(QWidget, "gradient-all-runs").isVisible)
        assert view.height() - plot.height() == before[size], size
        for name, choices in (("line", ("time", "training")), ("scale", ("linear", "log"))):
            for choice in choices:  # each is as wide as its words
                button = person.find(QPushButton, f"gradient-{name}-{choice}")
                assert button.width() >= button.sizeHint().width(), size


def test_all_runs_are_named_below_their_curves_in_a_small_view_and_told_of_in_a_large_one(person: Person) -> None:
    two_runs(person)
    compare_all(person)
    person.window.docking.fill("")
    resize(person, (1100, 700))
    view = open_view(person, "gradient", View)
    person.click("gradient-all-runs")
    settled(person)
    settle(person)
    told, body = person.find(QLabel, "gradient-all-runs-summary"), view.contentsRect()
    person.wait_until(lambda: "LSTM" in told.text())
    assert told.height() >= told.heightForWidth(told.width())
    assert told.mapTo(view, QPoint(0, told.height())).y() <= body.bottom()
    sentences = [line for line in told.toolTip().splitlines() if ": " in line]
    assert len(sentences) == 2, "a sentence about each run"
    person.window.docking.fill("gradient")
    person.wait_until(lambda: told.text().count("<br>") == 1)
    assert told.height() >= told.heightForWidth(told.width())


def test_long_names_of_runs_are_cut_so_that_all_have_room_below_the_curves(person: Person) -> None:
    race_small_cells(person)
    person.window.docking.fill("")
    person.window.docking.show_view("unrolled")
    runs = person.session.compared.runs()
    assert len(runs) == 5
    for number, run in enumerate(runs):
        person.session.runs.rename(run.id, f"a rather long name of a run, number {number}")
    view = open_view(person, "gradient", View)
    person.click("gradient-all-runs")
    settled(person)
    settle(person)
    told = person.find(QLabel, "gradient-all-runs-summary")
    for size in SIZES:
        resize(person, size)
        settle(person)
        person.wait_until(lambda: told.text().count("━") == 5)
        assert told.height() >= told.heightForWidth(told.width()), size
        assert told.mapTo(view, QPoint(0, told.height())).y() <= view.contentsRect().bottom(), size
        assert "a rather long name of a run, number 4" in told.toolTip()


def test_the_views_stay_when_the_gradient_shows_its_norm_and_time_again(person: Person) -> None:
    train_a_little(person)
    names = "gradient-line-training", "panel-gradient", "panel-unrolled", "panel-hidden_state"
    for size in (*SIZES, (1440, 868)):  # the last: as high as 900 with a title bar
        resize(person, size)
        open_view(person, "gradient", View)
        settle(person)
        before = [place(person, name) for name in names]
        for line in ("training", "time", "training", "time"):
            person.click(f"gradient-line-{line}")
            settle(person)
            assert [place(person, name) for name in names] == before, (size, line)


@pytest.mark.sample("part-of-speech")
def test_the_views_stay_when_another_metric_is_chosen(person: Person) -> None:
    panel = open_view(person, "metrics", MetricsPanel)
    train_a_little(person, 120)
    person.wait_until(lambda: bool(panel.plot.levels))
    usual = panel.what.value()
    for size in SIZES:
        resize(person, size)
        person.choose("metrics-what", usual)
        settle(person)
        before = place(person, "panel-metrics"), place(person, "metrics-plot")
        for metric in ("perplexity", "shares"):
            person.choose("metrics-what", metric)
            settle(person)
            assert (place(person, "panel-metrics"), place(person, "metrics-plot")) == before, (size, metric)


@pytest.mark.sample("reviews")
def test_all_areas_stay_when_metrics_are_chosen_in_place_of_the_loss(person: Person) -> None:
    panel, docking = open_view(person, "metrics", MetricsPanel), person.window.docking
    train_a_little(person, 120)
    person.wait_until(lambda: bool(panel.plot.levels))
    for size in SIZES:
        resize(person, size)
        area = docking.area_of("metrics")
        assert area is not None
        places = {}
        for name in ("loss", "metrics"):
            if name not in area.names():
                docking.move_view(name, area, Edge.MIDDLE)
            docking.show_view(name)
            settle(person)
            places[name] = [QRect(each.mapTo(person.window, QPoint(0, 0)), each.size()) for each in docking.areas()]
        assert places["metrics"] == places["loss"], size


@pytest.mark.qt_log_ignore("This plugin does not support")  # what the offscreen platform says to sheets
def test_the_fields_stay_under_the_mouse_when_the_reason_gets_shorter_or_longer(person: Person, tmp_path: Path) -> None:
    open_file(person, put(tmp_path / "a.csv", table()))
    show_reading(person)
    reason = person.find(QLabel, "reading-reason")
    names = ("data-form", "data-kind", "data-unit", "data-source_column", "reading-cancel")

    def places() -> list[int]:
        settle(person)
        return [person.find(QWidget, name).mapToGlobal(QPoint(0, 0)).y() for name in names]

    before, lines = places(), []
    for name, value in (("kind", "sequences"), ("kind", "stream"), ("kind", "auto"), ("form", "lines")):
        choose(person, name, value)
        assert places() == before, reason.text()
        lines.append(height_of(reason, reason.text(), reason.width()))
        assert reason.height() >= lines[-1]
    assert len(set(lines)) > 1
    person.find(QWidget, "reading").close()


def test_play_stays_where_it_is_with_and_without_a_list_of_labels_and_another_example(person: Person) -> None:
    places: dict[tuple[int, int], dict[str, Any]] = {size: {} for size in SIZES}
    for sample in ("names", "reviews", "prose", "waves", "french"):
        person.choose_sample(sample)
        for size in SIZES:
            resize(person, size)
            settle(person)
            places[size][sample] = place(person, "play"), place(person, "panel-unrolled").width()
    for size, found in places.items():
        assert list(found.values()) == [found["names"]] * len(found), (size, found)


def test_the_network_has_its_height_back_when_it_is_chosen_after_a_race(person: Person) -> None:
    canvas = person.find(UnrolledCanvas, "unrolled-network")
    resize(person, (1440, 900))
    person.choose_sample("recall")
    settle(person)
    scale, height = canvas.scale, canvas.height()
    race_small_cells(person)
    person.window.docking.fill("")
    settle(person)
    assert place(person, "panel-compare").height() > height + 150
    person.window.docking.show_view("unrolled")
    settle(person)
    assert canvas.isVisible()
    assert canvas.scale == scale
    assert abs(canvas.height() - height) < 20


@pytest.mark.parametrize(
    ("sample", "changes"),
    [("names", {}), ("reviews", {"num_layers": 2, "bidirectional": True})],
    ids=["names", "reviews"],
)
def test_the_views_below_stay_where_they_are_when_compare_or_sweep_is_chosen_as_a_tab(
    person: Person, sample: str, changes: dict[str, Any]
) -> None:
    if changes:
        person.session.set_model(**changes)
        person.wait_ready()
    for name in ("compare", "sweep"):
        open_view(person, name, View)
    canvas = person.find(UnrolledCanvas, "unrolled-network")
    below = "panel-loss", "panel-hidden_state", "panel-gradient", "panel-memory"
    for size in (*SIZES, (1440, 868)):
        resize(person, size)
        person.window.docking.show_view("unrolled")
        settle(person)
        before, scale = [place(person, name) for name in below], canvas.scale
        for name in ("compare", "sweep", "unrolled", "sweep", "compare", "unrolled"):
            person.window.docking.show_view(name)
            settle(person)
            assert [place(person, each) for each in below] == before, (size, name)
        assert canvas.scale == scale, f"the picture is not stretched at {size}"


@pytest.mark.sample("reversal")
def test_runs_stay_under_the_mouse_when_compare_is_pressed(person: Person) -> None:
    person.session.set_model(attention=True)
    two_runs(person)
    for size in ((1100, 700), (1440, 900)):
        resize(person, size)
        compare_all(person)
        person.window.docking.fill("")
        person.window.docking.show_view("unrolled")
        person.window.docking.show_view("runs")
        settle(person)
        before = place(person, "run-compare"), place(person, "panel-runs")
        compare_all(person)
        assert (place(person, "run-compare"), place(person, "panel-runs")) == before, size
