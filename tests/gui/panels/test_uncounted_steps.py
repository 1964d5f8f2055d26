"""With a lag, the first steps of a series have nothing to be predicted from: they do not count, and it is said why."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtGui import QPainter

from engine.training.baselines import baselines
from gui.panels.unrolled.unrolled_panel import UnrolledPanel
from gui.plots.line_plot import LinePlot
from gui.unrolled_view.descriptions import tip_of
from tests.gui.conftest import Person
from tests.gui.panels.open_views import settle
from tests.gui.panels.opening import open_file, put
from tests.gui.panels.test_compare import compare_all
from tests.gui.panels.test_play import play
from tests.gui.panels.test_test_file import name_it
from tests.gui.panels.test_unrolled import panel_of
from tests.gui.panels.trying import notices
from tests.gui.saving.saving import trained

LAG = 12
WHY = "not counted: no value 12 steps earlier"


def written(panel: UnrolledPanel, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The texts that the picture writes over several columns."""
    said: list[str] = []
    draw = QPainter.drawText

    def recording(painter: QPainter, *rest: object) -> object:
        said.extend(one for one in rest if isinstance(one, str))
        return draw(painter, *rest)  # type: ignore[call-overload]

    with monkeypatch.context() as patch:
        patch.setattr(QPainter, "drawText", recording)
        panel.canvas.viewport().grab()
    return said


def test_the_picture_shows_no_loss_where_nothing_is_that_early_and_says_why(
    numbers: Callable[[str], Person], monkeypatch: pytest.MonkeyPatch
) -> None:
    person = numbers("series")
    panel = panel_of(person)
    person.wait_until(lambda: panel.looked is not None)
    settle(person)
    assert WHY not in written(panel, monkeypatch)
    before = panel.looked
    person.session.set_model(lag=LAG)
    person.wait_until(lambda: panel.looked not in (None, before) and panel.canvas.diagram.lag == LAG)
    settle(person)
    diagram = panel.canvas.diagram
    assert all(column.above and column.truth for column in diagram.columns)
    assert [math.isnan(column.loss) for column in diagram.columns] == [
        number < LAG for number in range(1, len(diagram.columns) + 1)
    ]
    assert WHY in written(panel, monkeypatch)
    why = "not counted: there is no value 12 steps before the next one to predict it from"
    assert why in tip_of(diagram, 0)
    assert why not in tip_of(diagram, LAG)
    play(person)
    playing = panel.canvas.playing
    assert playing is not None
    assert len(playing.step.losses) == len(diagram.columns) - LAG + 1
    panel.canvas.viewport().grab()


@pytest.mark.sample("")
def test_the_test_in_the_window_says_what_does_not_count(person: Person, tmp_path: Path) -> None:
    k = np.arange(168)
    rows = [f"{value:.2f}" for value in 3 * k + 40 * np.sin(k * np.pi / 6)]
    open_file(person, put(tmp_path / "sold.csv", "\n".join(["sold", *rows[:120]])))
    person.session.set_model(lag=LAG)
    posted = notices(person)
    name_it(person, put(tmp_path / "later.csv", "\n".join(["sold", *rows[120:]])))
    person.click("data-test")
    person.wait_until(lambda: any(text.startswith("Test on later.csv: loss") for text in posted))
    said = next(text for text in posted if text.startswith("Test on later.csv: loss"))
    assert "(predictions: 36)" in said
    assert "The first 12 steps of the series have no value 12 steps earlier to count from and are not counted." in said
    name_it(person, put(tmp_path / "year.csv", "\n".join(["sold", *rows[120:132]])))
    person.click("data-test")
    person.wait_until(lambda: any("The series has 12 steps, too few to be measured" in text for text in posted))


@pytest.mark.sample("")
def test_methods_without_a_network_are_judged_by_the_steps_that_count(person: Person, tmp_path: Path) -> None:
    """Also in Compare, where runs that count other steps have none in common."""
    k = np.arange(288)
    rows = [f"{value:.2f}" for value in 3 * k + 40 * np.sin(k * np.pi / 6) + 9 * np.cos(k * k)]
    open_file(person, put(tmp_path / "sold.csv", "\n".join(["sold", *rows[:240]])))
    held_out = put(tmp_path / "later.csv", "\n".join(["sold", *rows[240:]]))
    person.session.data.change(validation_file=str(held_out))
    person.wait_until(lambda: bool(person.session.data.paths) and not person.session.data.loading)
    person.wait_ready()
    dataset = person.session.data.dataset
    assert dataset is not None
    assert dataset.config.validation_file == str(held_out)

    def expected(lag: int) -> list[float]:
        return [
            one.loss for one in baselines(dataset, "many-to-many", person.session.run.model_config.number_loss, lag)
        ]

    assert expected(LAG) != expected(0)
    loss = person.find(LinePlot, "loss-plot")
    for size, lag, common in ((4, LAG, None), (6, LAG, expected(LAG)), (4, 0, [])):
        person.session.set_model(hidden_size=size, lag=lag)
        person.wait_ready()
        trained(person, 1)
        person.window.docking.show_view("loss")
        own = pytest.approx(expected(lag))
        person.wait_until(lambda own=own: [level.y for level in loss.levels] == own)
        if common is not None:
            compare_all(person)
            compared, of_all = person.find(LinePlot, "compare-plot"), pytest.approx(common)
            person.wait_until(lambda of_all=of_all, plot=compared: [level.y for level in plot.levels] == of_all)
