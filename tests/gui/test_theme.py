"""One colour has one meaning: orange is negative and nothing else."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from gui.theme import LIGHT, RUN_COLORS, THEMES, Theme, rgb, run_color, series_color
from gui.unrolled_view.canvas import UnrolledCanvas
from gui.unrolled_view.diagram import Diagram, DiagramColumn, LayerRow, Outcomes
from gui.unrolled_view.painter import GRADIENT
from tests.gui.pixels import colors
from tests.gui.plots.test_colormaps import PLAIN_DIFFERENCE, lab

MEANINGS = ("negative", "positive", "wrong", "selected", "attended", "good")


def apart(one: str, other: str) -> float:
    """How different two colours are, in CIELAB."""
    return float(np.linalg.norm(np.subtract(*lab(np.array([rgb(one), rgb(other)], float), "usual"))))


@pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)
def test_colours_with_different_meanings_are_told_apart(theme: Theme) -> None:
    for one, other in combinations(MEANINGS, 2):
        assert apart(getattr(theme, one), getattr(theme, other)) > PLAIN_DIFFERENCE, (one, other)


@pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)
def test_no_curve_run_or_part_is_drawn_in_the_colour_of_negative_numbers(theme: Theme) -> None:
    others = (theme.second, theme.train, theme.validation, theme.baseline, *theme.series)
    for other in (*others, *(run_color(theme, place) for place in range(RUN_COLORS))):
        assert apart(theme.negative, other) > PLAIN_DIFFERENCE, other


@pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)
def test_training_and_validation_are_two_shades_that_are_told_apart_as_thin_lines(theme: Theme) -> None:
    assert apart(theme.train, theme.validation) > 1.5 * PLAIN_DIFFERENCE
    assert apart(theme.train, theme.surface) > 1.5 * PLAIN_DIFFERENCE


@pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)
def test_eleven_runs_have_colours_that_are_told_apart_as_thin_lines(theme: Theme) -> None:
    colors = [run_color(theme, place) for place in range(RUN_COLORS)]
    for one, other in combinations(colors, 2):
        assert apart(one, other) > 1.25 * PLAIN_DIFFERENCE, (one, other)
    for near in (1, 2):  # runs that follow each other are compared most
        for one, other in zip(colors, colors[near:], strict=False):
            assert apart(one, other) > 2 * PLAIN_DIFFERENCE, (one, other)
    seen = lab(np.array([rgb(color) for color in colors], float), "usual")
    assert (np.hypot(seen[:, 1], seen[:, 2]) > PLAIN_DIFFERENCE).all(), "colours, not nearly black or grey"
    ground = lab(np.array([rgb(theme.surface)], float), "usual")
    assert (np.linalg.norm(seen - ground, axis=1) > 1.5 * PLAIN_DIFFERENCE).all(), "and clear of the ground"


@pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)
def test_parts_that_outnumber_the_colours_of_the_series_have_other_shades(theme: Theme) -> None:
    count = 2 * len(theme.series)
    for places in (range(count), range(-count, 0)):
        assert len({series_color(theme, place) for place in places}) == count
    assert [series_color(theme, place) for place in (0, -1)] == [theme.series[0], theme.series[-1]]


def inks(canvas: UnrolledCanvas) -> set[str]:
    return colors(canvas.grab().toImage())


def test_a_wrong_answer_is_red_and_not_the_orange_of_a_negative_state(qtbot: QtBot) -> None:
    canvas = UnrolledCanvas(LIGHT)
    qtbot.addWidget(canvas)
    canvas.resize(260, 230)
    canvas.show()
    outcomes = Outcomes(("yes", "no"), np.array([[0.9, 0.1]]), (0,))

    def drawn(state: float, target: str) -> set[str]:
        column = DiagramColumn("", 1, "word", "yes", 0.9, target=target, truth=target or "yes")
        row = LayerRow("", "", 0, 0, 1, states=np.full((1, 8), state))
        canvas.show_diagram(Diagram((column,), (row,), "LSTM", "many-to-many", outcomes=outcomes), LIGHT)
        return inks(canvas)

    assert LIGHT.wrong in drawn(0.0, "no")
    assert LIGHT.wrong not in drawn(-1.0, "")
    assert LIGHT.negative in drawn(-1.0, "")
    assert LIGHT.negative not in drawn(0.0, "no")


def test_what_is_attended_to_has_another_colour_than_the_gradient_that_flows_back() -> None:
    assert min(apart(theme.series[GRADIENT], theme.attended) for theme in THEMES.values()) > PLAIN_DIFFERENCE
