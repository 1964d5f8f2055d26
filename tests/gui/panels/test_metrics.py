"""Metrics over the training."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QTextDocument
from PySide6.QtWidgets import QLabel

from engine.data.numbers.number_scaling import NumberScaling
from engine.models.metrics import metric_text, metric_title, of_column
from engine.models.number_metrics import NUMBER_METRICS, measured
from engine.number_text import NARROW, grouped
from engine.training.baselines import baselines
from engine.training.evaluation import evaluate
from gui.panels.base.curve_view import join_parts, legend
from gui.panels.loss import LossPanel
from gui.panels.metrics import MetricsPanel, choices_of
from gui.plots.line_plot import LinePlot
from gui.session.current_run import RunStatus
from gui.session.progress import Curve
from gui.widgets.text import NO_BREAK
from tests.gui.conftest import Person
from tests.gui.panels.open_views import dataset_of, model_of, open_view, train_a_little
from tests.gui.panels.opening import open_file
from tests.gui.panels.small_numbers import WAVE
from tests.gui.plots.mouse import is_drawn


def train_for_an_epoch(person: Person) -> None:
    person.session.run.set_training(epochs=1)
    person.wait_ready()
    person.session.run.train()
    person.wait_until(lambda: person.session.run.status == "finished" and not person.session.busy)


@pytest.mark.sample("order")
def test_the_curves_are_the_engines_metrics(person: Person) -> None:
    panel = open_view(person, "metrics", MetricsPanel)
    train_for_an_epoch(person)
    person.wait_until(lambda: len(panel.plot.lines) > 0)
    expected = evaluate(model_of(person), dataset_of(person).validation).values
    accuracy = panel.shown()["accuracy"]
    assert accuracy[-1] == pytest.approx(expected["accuracy"])
    assert "accuracy" in panel.reading.text()
    assert panel.plot.range.high == pytest.approx(1.02)
    person.wait_until(lambda: len(panel.plot.levels) > 0)
    found = baselines(dataset_of(person), "many-to-one")
    assert [level.y for level in panel.plot.levels] == [each.accuracy for each in found if each.accuracy is not None]
    beside_loss = {level.name.rsplit(" ", 1)[0]: level.tag for level in person.find(LinePlot, "loss-plot").levels}
    assert all(beside_loss[level.name.rsplit(" ", 1)[0]] == level.tag for level in panel.plot.levels)


def test_numbers_that_were_measured_on_a_part_say_on_how_many_of_how_many(person: Person, tmp_path: Path) -> None:
    panel = open_view(person, "metrics", MetricsPanel)
    person.wait_until(lambda: panel.subtitle.text() == "validation examples")
    path = tmp_path / "many.csv"
    path.write_text(
        "text,label\n" + "".join(f"{7 * number:05},{['even', 'odd'][number % 2]}\n" for number in range(11_000))
    )
    person.window.files.open_path(path)
    person.wait_until(lambda: len(dataset_of(person).validation) == 1100)
    person.wait_ready()
    train_a_little(person, 2)
    part = f"{grouped(1000)} of {grouped(1100)} validation examples"
    person.wait_until(lambda: panel.subtitle.text() == part)
    assert part in person.find(QLabel, "progress-accuracy").toolTip()
    open_view(person, "loss", LossPanel)
    person.wait_until(lambda: part in person.find(QLabel, "loss-reading").toolTip())


def test_perplexity_has_a_picture_of_its_own(person: Person) -> None:
    panel = open_view(person, "metrics", MetricsPanel)
    curve = person.session.run.curve
    for step, value in enumerate([20.0, 12.0, 11.0, math.inf], 1):
        curve.append(step, step / 10, 1.0, 1.0, False)
        curve.append_validation(step, step / 10, 1.0, {"perplexity": value})
    panel.on_news()
    assert list(panel.shown()) == ["perplexity"]
    assert panel.plot.range.low <= 1.0
    assert 20.0 <= panel.plot.range.high < 60.0
    assert is_drawn(panel)


def new_curve(person: Person) -> Curve:
    """The empty curve of a run that begins."""
    before = person.session.run.curve
    person.session.run.reset()
    person.wait_ready()
    assert person.session.run.curve is not before
    return person.session.run.curve


def test_the_axis_holds_a_figure_that_rises(person: Person) -> None:
    panel = open_view(person, "metrics", MetricsPanel)
    for name, unit in (("mae", 1.0), ("mae", 1e7), ("rmse", 1.0), ("rmse", 1e7), ("perplexity", 1.0)):
        curve, figures = new_curve(person), [2.0 * unit, 3.0 * unit, 9.0 * unit, 30.0 * unit]
        for step, figure in enumerate(figures, 1):
            curve.append(step, step / 10, 1.0, 1.0, False)
            curve.append_validation(step, step / 10, 1.0, {name: figure})
        panel.on_news()
        assert panel.plot.range.low <= figures[0], (name, unit)
        assert figures[-1] <= panel.plot.range.high <= 2 * figures[-1], (name, unit)


def test_any_metrics_are_drawn(person: Person) -> None:
    panel = open_view(person, "metrics", MetricsPanel)
    for values in ([], [0.5], [math.nan], [0.1, math.nan, 0.2], [0.3] * 5000):
        curve = new_curve(person)
        for step, value in enumerate(values, 1):
            curve.append_validation(step, step / 10, 1.0, {"accuracy": value, "macro_f1": value})
        panel.on_news()
        assert is_drawn(panel)
        assert panel.plot.isVisible() == bool(values)
        assert all(math.isfinite(limit) for limit in vars(panel.plot.range).values()), values[:3]


def test_shares_and_unbounded_metrics_are_offered_apart() -> None:
    curve = Curve()
    curve.append_validation(1, 0.1, 1.0, {"accuracy": 0.5, "perplexity": 3.0, "entity_f1": 0.2})
    assert choices_of(curve) == {"shares": "shares", "perplexity": "perplexity"}
    assert choices_of(Curve()) == {}
    assert metric_title("entity_f1") == "entity F1"
    assert metric_text("accuracy", 0.874) == "87.4\u202f%"
    assert [metric_text("mae", value) for value in (35_621.561, 4.834)] == ["35,622", "4.83"]
    assert [metric_text("perplexity", value) for value in (10.51, 2.5, 100.2)] == ["10.5", "2.50", "100"]


def test_other_data_bring_their_own_metric_to_the_front_until_a_person_chooses(person: Person) -> None:
    panel = open_view(person, "metrics", MetricsPanel)
    train_a_little(person, 120)
    assert panel.what.value() == "perplexity"
    person.choose_sample("order")
    train_a_little(person, 120)
    assert panel.what.value() == "shares"
    assert "accuracy" in panel.reading.text()
    at = panel.what.findData("perplexity")
    panel.what.setCurrentIndex(at)
    panel.what.activated.emit(at)
    person.choose_sample("reviews")
    train_a_little(person, 100)
    assert panel.what.value() == "perplexity"


@pytest.mark.sample("order")
def test_an_accuracy_tells_when_it_passed_what_counts_alone_reach(person: Person) -> None:
    panel = open_view(person, "metrics", MetricsPanel)
    person.session.run.train()
    person.wait_until(lambda: any(level.beaten_at for level in panel.plot.levels))
    below = person.find(QLabel, "metrics-levels")
    assert below.window() is person.window
    assert below.isVisible()
    assert "beaten at step" in below.text()
    assert below.mapTo(panel, QPoint()).y() > panel.plot.mapTo(panel, QPoint()).y()


def test_the_axis_of_steps_goes_on_between_two_evaluations(person: Person) -> None:
    panel = open_view(person, "metrics", MetricsPanel)
    curve = person.session.run.curve
    curve.append(1, 0.1, 1.0, 1.0, False)
    curve.append_validation(1, 0.1, 1.0, {"accuracy": 0.5})
    panel.on_news()
    before = panel.plot.range.right
    for step in range(2, 2000):
        curve.append(step, step / 10, 1.0, 1.0, False)
    panel.on_news()
    assert panel.plot.range.right >= 1999 > before


def test_the_values_stand_in_as_few_lines_as_there_is_room_for(person: Person) -> None:
    panel = open_view(person, "metrics", MetricsPanel)
    person.session.run.curve.append_validation(1, 0.1, 1.0, {"accuracy": 0.5, "macro_f1": 0.4})
    panel.on_news()
    person.wait_until(lambda: panel.reading.width() > 200 and panel.plot.geometry().top() > panel.reading.y())
    assert panel.reading.height() < 2 * panel.reading.fontMetrics().height()


@pytest.mark.usefixtures("qapp")
@pytest.mark.parametrize("width", range(140, 400, 20))
def test_a_name_in_the_legend_and_its_value_stand_in_one_line(width: int) -> None:
    names = ["the run of last Tuesday", "accuracy", "macro F1"]
    document = QTextDocument()
    document.setHtml(join_parts([legend("#123456", f"{name} ", metric_text("accuracy", 0.985)) for name in names]))
    document.setTextWidth(width)
    assert document.size().height() > 0  # it is laid out
    block = document.firstBlock()
    lines = [block.layout().lineAt(at) for at in range(block.layout().lineCount())]
    shown = [block.text()[line.textStart() :][: line.textLength()].replace(NO_BREAK, " ") for line in lines]
    assert sum(line.count("98.5 %") for line in shown) == len(names)
    assert all(any(f"{name} 98.5 %" in line for line in shown) for name in ("Tuesday", *names[1:]))
    assert all(any(f"━ {name.split()[0]}" in line for line in shown) for name in names)


@pytest.mark.parametrize("name", NUMBER_METRICS)
def test_each_metric_of_numbers_is_explained_by_its_title(name: str) -> None:
    title = metric_title(name)
    assert f"{title[0].upper()}{title[1:]}: " in MetricsPanel.HELP


def test_means_over_columns_of_different_units_are_called_so() -> None:
    truth, means = np.array([[0.0, 0.0], [2.0, 2.0]]), np.array([[1.0, 0.0], [1.0, 2.0]])
    numbers = NumberScaling(("watts", "share"), (0.0, 0.0), (10.0, 1.0))
    found = measured(truth, means, np.full_like(truth, np.nan), numbers)
    assert (found["mae"], found["rmse"]) == (5.0, 5.0)  # the means of 10 and 0
    assert [found[of_column("mae", name)] for name in numbers.names] == [10.0, 0.0]
    assert (metric_title("mae:watts"), metric_text("mae:watts", 10.0)) == ("MAE of “watts”", "10.0")
    assert "MAE and RMSE are the means of those of the columns, even if their units differ" in MetricsPanel.HELP


def test_the_axis_of_a_share_is_in_per_cent_as_its_figure_and_that_of_an_error_is_not(person: Person) -> None:
    panel = open_view(person, "metrics", MetricsPanel)
    curve = person.session.run.curve
    for step, share in enumerate([0.5, 0.75, 0.9], 1):
        curve.append(step, step / 10, 1.0, 1.0, False)
        curve.append_validation(step, step / 10, 1.0, {"coverage": share, "mae": 2 * share})
    panel.on_news()
    assert {"0 %", "100 %"} <= {text.replace(NARROW, " ") for _, text in panel.plot.left.texts()}
    assert f"90.0{NO_BREAK}%" in panel.reading.text()
    person.choose("metrics-what", "mae")
    numbers = [text for _, text in panel.plot.left.texts()]
    assert numbers
    assert not any("%" in text for text in numbers)


def test_an_error_rate_is_in_per_cent_everywhere_and_may_exceed_all(person: Person) -> None:
    panel = open_view(person, "metrics", MetricsPanel)
    curve = person.session.run.curve
    for step, rate in enumerate([2.0, 0.6, 0.1], 1):
        curve.append(step, step / 10, 1.0, 1.0, False)
        curve.append_validation(step, step / 10, 1.0, {"exact_match": 0.75, "error_rate": rate})
    panel.on_news()
    person.choose("metrics-what", "error_rate")
    assert {"0 %", "200 %"} <= {text.replace(NARROW, " ") for _, text in panel.plot.left.texts()}
    assert f"10.0{NO_BREAK}%" in panel.reading.text()
    assert metric_text("error_rate", 2.0) == f"200.0{NARROW}%"


def test_the_chosen_metric_is_not_cut_where_there_is_room(person: Person) -> None:
    panel = open_view(person, "metrics", MetricsPanel)
    curve = person.session.run.curve
    curve.append(1, 0.1, 1.0, 1.0, False)
    curve.append_validation(1, 0.1, 1.0, {"coverage": 0.9, "mae": 2.0})
    panel.on_news()
    assert panel.what.currentText() == metric_title("coverage")
    person.wait_until(lambda: panel.what.width() >= panel.what.whole_width())


def test_figures_of_several_columns_say_that_they_are_means_of_different_units(
    numbers: Callable[..., Person],
) -> None:
    person = numbers("series")
    panel = open_view(person, "metrics", MetricsPanel)
    assert not panel.reading.toolTip()
    person = numbers("series", lambda: [np.hstack([WAVE, 100 * WAVE])])
    person.wait_until(lambda: "means over the 2 columns, each in its own units" in panel.reading.toolTip())


def test_beside_exact_match_accuracy_is_said_to_count_single_symbols(person: Person, tmp_path: Path) -> None:
    panel = open_view(person, "metrics", MetricsPanel)
    path = tmp_path / "pairs.tsv"
    words = ["".join(letters) for letters in itertools.product("abc", repeat=4)]
    path.write_text("".join(f"{word}\t{word[::-1]}\n" for word in words))
    open_file(person, path)
    train_for_an_epoch(person)
    person.wait_until(lambda: {"accuracy", "exact_match"} <= set(panel.shown()))
    person.wait_until(lambda: panel.reading.toolTip().startswith("Accuracy counts single symbols"))
    person.session.data.load_sample("order")
    person.wait_ready()
    train_for_an_epoch(person)
    person.wait_until(lambda: "macro_f1" in panel.shown())
    person.wait_until(lambda: not panel.reading.toolTip())


def test_each_column_of_a_series_has_an_error_of_its_own(person: Person, tmp_path: Path) -> None:
    path = tmp_path / "sales.csv"
    rows = [f"2010-{k % 12 + 1:02d},{50 + 9 * np.sin(k * np.pi / 6):.2f},{3000 * k}" for k in range(120)]
    path.write_text("\n".join(["month,sales,visits", *rows]))
    panel = open_view(person, "metrics", MetricsPanel)
    open_file(person, path)
    person.session.run.set_training(epochs=1)
    person.press(Qt.Key.Key_Space)
    person.wait_until(lambda: person.session.run.status is RunStatus.FINISHED)
    person.wait_until(lambda: panel.what.findText("MAE of “visits”") >= 0)
    curve = person.session.run.curve.validation_metrics
    assert curve["mae"][-1] == pytest.approx((curve["mae:sales"][-1] + curve["mae:visits"][-1]) / 2)
    person.choose("metrics-what", "mae:visits")
    person.wait_until(lambda: "MAE of “visits”" in panel.reading.text().replace(NO_BREAK, " "))
    assert metric_text("mae", curve["mae:visits"][-1]) in panel.reading.text().replace(NO_BREAK, " ")
    assert not panel.in_shares()
