"""One colour has one meaning: orange is negative and nothing else."""

from __future__ import annotations

import math
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


def as_seen_apart(one: str, other: str) -> float:
    """CIEDE2000: as `apart`, but for how much finer eyes tell greys apart than strong colours (Sharma, Wu & Dalal 2005:
    The CIEDE2000 color-difference formula)."""
    (l1, a1, b1), (l2, a2, b2) = lab(np.array([rgb(one), rgb(other)], float), "usual").tolist()
    mean = (math.hypot(a1, b1) + math.hypot(a2, b2)) / 2
    stretch = 1.5 - 0.5 * math.sqrt(mean**7 / (mean**7 + 25**7))
    c1, c2 = math.hypot(stretch * a1, b1), math.hypot(stretch * a2, b2)
    h1, h2 = (math.degrees(math.atan2(b, stretch * a)) % 360 for a, b in ((a1, b1), (a2, b2)))
    turn = (h2 - h1 + 180) % 360 - 180
    light, chroma, hue = (l1 + l2) / 2, (c1 + c2) / 2, math.radians(h1 + turn / 2)
    waves = ((0.17, 1, -30), (-0.24, 2, 0), (-0.32, 3, 6), (0.2, 4, -63))
    t = 1 - sum(size * math.cos(times * hue + math.radians(at)) for size, times, at in waves)
    of_light = (l2 - l1) / (1 + 0.015 * (light - 50) ** 2 / math.sqrt(20 + (light - 50) ** 2))
    of_chroma = (c2 - c1) / (1 + 0.045 * chroma)
    of_hue = 2 * math.sqrt(c1 * c2) * math.sin(math.radians(turn / 2)) / (1 + 0.015 * chroma * t)
    blue = math.radians(60) * math.exp(-((((math.degrees(hue) % 360) - 275) / 25) ** 2))
    rotated = -2 * math.sqrt(chroma**7 / (chroma**7 + 25**7)) * math.sin(blue)
    return math.sqrt(of_light**2 + of_chroma**2 + of_hue**2 + rotated * of_chroma * of_hue)


def contrast(one: str, other: str) -> float:
    """The ratio of their luminances, as WCAG defines it: 1 to 21."""

    def luminance(color: str) -> float:
        share = np.array(rgb(color)) / 255
        linear = np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)
        return float(linear @ (0.2126, 0.7152, 0.0722))

    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)
def test_no_two_runs_of_a_race_have_colours_of_one_kind_such_as_gold_and_olive(theme: Theme) -> None:
    for one, other in combinations(theme.runs, 2):
        assert as_seen_apart(one, other) > PLAIN_DIFFERENCE, (one, other)
    for color in theme.runs:
        assert contrast(color, theme.surface) > 3.0, (color, "as WCAG asks of what is drawn")


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
