"""Names below columns: as many as fit, none touching another."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtGui import QFontMetricsF, QImage
from pytestqt.qtbot import QtBot

from gui.plots.bar_plot import BarValue, ColumnChart
from gui.plots.heat_map import Heat, HeatMap
from gui.plots.matrix import Grid, Matrix
from gui.theme import LIGHT
from tests.gui.plots.saving import svg_of


@pytest.mark.parametrize("from_left", [True, False])
@pytest.mark.parametrize("count", [6, 9, 13, 17, 23, 40])
def test_no_two_names_below_a_picture_touch_however_narrow_its_columns(
    qtbot: QtBot, count: int, from_left: bool
) -> None:
    plot = HeatMap(LIGHT, "h", "h")
    qtbot.addWidget(plot)
    plot.resize(300, 160)
    plot.show()
    long, short = "interesting", ["a", "the", "of"]
    names = [long if i % 5 == 0 else short[i % 3] for i in range(count)]
    plot.show_heat(Heat(np.zeros((4, count), np.float32), tuple(names if from_left else names[::-1])), LIGHT)
    shown = sorted(plot.columns.columns(), key=lambda each: each[0].left())
    assert shown
    assert all(after.left() - before.right() >= 2 for (before, _), (after, _) in pairwise(shown))
    assert all(plot.columns.boundingRect().contains(place) for place, _ in shown)


def test_narrow_names_are_all_shown_though_the_widest_alone_would_leave_no_room(qtbot: QtBot) -> None:
    chart = ColumnChart("c", "c")
    qtbot.addWidget(chart)
    chart.resize(350, ColumnChart.HEIGHT_PX)
    chart.show()
    letters = "aienrolsthmdukgycvbpjfzwxq"
    chart.show_counts([BarValue(letter, 30 - at) for at, letter in enumerate(letters)], LIGHT)
    shown = chart.names.columns()
    assert "".join(name for _, name in shown) == letters
    assert all(after.left() - before.right() >= 2 for (before, _), (after, _) in pairwise(shown))


def heat_map(qtbot: QtBot, width: int, height: int, names: tuple[str, ...]) -> HeatMap:
    """A heat map of that size with a column for each name."""
    plot = HeatMap(LIGHT, "h", "h")
    qtbot.addWidget(plot)
    plot.resize(width, height)
    plot.show()
    plot.show_heat(Heat(np.zeros((4, len(names)), np.float32), names), LIGHT)
    return plot


def test_a_label_before_letters_is_cut_and_hides_none_of_them(qtbot: QtBot) -> None:
    plot = heat_map(qtbot, 180, 160, ("female", *"sophia"))
    shown = plot.columns.columns()
    names = [name for _, name in shown]
    assert names[1:] == list("sophia")
    assert names[0].startswith("f")
    assert names[0].endswith("…")
    assert all(after.left() - before.right() >= 2 for (before, _), (after, _) in pairwise(shown))
    assert shown[-1][0].center().x() == pytest.approx(plot.tile(0, 6).center().x() - plot.area().left(), abs=3)


@pytest.mark.parametrize("width", [140, 160, 180, 205, 240, 300])
def test_a_label_after_letters_hides_none_of_them(qtbot: QtBot, width: int) -> None:
    plot = heat_map(qtbot, width, 160, (*"mirror", "</s>"))
    shown = plot.columns.columns()
    names = [name for _, name in shown]
    assert names[:-1] == list("mirror")
    assert names[-1] == "</s>" if width > 180 else names[-1].startswith("<")
    assert all(after.left() - before.right() >= 2 for (before, _), (after, _) in pairwise(shown))
    assert shown[-1][0].right() <= plot.area().width()


@pytest.mark.parametrize("width", [100, 120, 150, 200, 300])
@pytest.mark.parametrize(
    "names", [("female", *"sophia"), ("female", *"christophersen"), ("he", "lost", "a", "was", "it")]
)
def test_the_first_and_the_last_step_always_have_their_names_and_those_between_are_evenly_spaced(
    qtbot: QtBot, names: tuple[str, ...], width: int
) -> None:
    plot = heat_map(qtbot, width, 120, names)
    shown = plot.columns.columns()
    assert names[0].startswith(shown[0][1].rstrip("…"))
    assert shown[-1][1] == names[-1]
    assert all(after.left() - before.right() >= 2 for (before, _), (after, _) in pairwise(shown))
    middles = [place.center().x() for place, _ in shown[1:-1]]  # the first may be moved inwards, the last too near
    distances = np.diff(middles)
    assert np.allclose(distances, distances[:1], atol=1.0)


def test_letters_have_half_the_gap_of_words(qtbot: QtBot) -> None:
    plot = heat_map(qtbot, 100, 120, ("female", *"sophia"))
    assert [name for _, name in plot.columns.columns()][-4:] == [*"phia"]


@pytest.mark.parametrize("count", [16, 61, 100])
def test_the_last_number_is_not_cut_by_the_edge(qtbot: QtBot, count: int) -> None:
    chart = ColumnChart("c", "c")
    qtbot.addWidget(chart)
    chart.resize(350, ColumnChart.HEIGHT_PX)
    chart.show()
    chart.show_counts([BarValue(str(at + 1), 1) for at in range(count)], LIGHT)
    (before, _), (last, _) = chart.names.columns()[-2:]
    assert chart.names.mapRectToScene(last).right() <= chart.width()
    assert last.left() - before.right() >= 3


TAGS = tuple(f"B-{end}.{part}_name" for end in ("departure", "destination") for part in ("city", "state", "airport"))


@pytest.mark.parametrize("width", [260, 900])
def test_names_that_are_cut_can_be_told_apart(qtbot: QtBot, tmp_path: Path, width: int) -> None:
    plot = Matrix(LIGHT, "m", "m")
    qtbot.addWidget(plot)
    plot.resize(width, 300)
    plot.show()
    plot.show_grid(Grid(np.eye(len(TAGS)), TAGS, TAGS), LIGHT)
    shown = re.findall("B-[^<]*", svg_of(plot, tmp_path / "tags.svg"))
    assert len(shown) == 2 * len(TAGS)
    assert all("…" in name for name in shown[: len(TAGS)])
    assert len(set(shown[: len(TAGS)])) == len(set(shown[len(TAGS) :])) == len(TAGS)


def test_a_wide_letter_among_narrow_ones_is_shown(qtbot: QtBot) -> None:
    matrix = Matrix(LIGHT, "m", "m")
    qtbot.addWidget(matrix)
    text = "Wednesday, 3 March"
    matrix.resize(10 * len(text) + 40, 200)
    matrix.show()
    letters = tuple(text)
    matrix.show_grid(Grid(np.zeros((3, len(letters)), np.float32), ("a", "b", "c"), letters, "writes", "reads"), LIGHT)
    assert "".join(name for _, name in matrix.columns.columns()) == text


def dark_runs(image: QImage, y: int, left: int, right: int) -> int:
    """How many separate dark strokes there are along a line of pixels."""
    dark = [image.pixelColor(x, y).lightness() < 180 for x in range(left, right)]
    return sum(after and not before for before, after in pairwise([False, *dark]))


def test_where_letters_are_left_out_each_of_the_others_has_a_tick_and_the_title_says_how_many_are_shown(
    qtbot: QtBot, tmp_path: Path
) -> None:
    matrix = Matrix(LIGHT, "m", "m")
    qtbot.addWidget(matrix)
    letters = tuple("Wednesday the 3rd of March, 2021")
    grid = Grid(np.zeros((11, len(letters)), np.float32), tuple("2021-03-03."), letters, "writes", "reads")
    for width, told in ((240, "reads · every 2nd"), (480, "reads")):
        matrix.resize(width, 200)
        matrix.show()
        matrix.show_grid(grid, LIGHT)
        drawn = svg_of(matrix, tmp_path / f"{width}.svg")
        assert f">{told}<" in drawn
        assert ">writes<" in drawn  # all rows have room
        names = "".join(name for _, name in matrix.columns.columns())
        assert names == ("".join(letters[::2]) if "every" in told else "".join(letters))
        area = matrix.area()
        image = matrix.grab().toImage()
        ticks = dark_runs(image, int(area.top()) - 3, int(area.left()), int(area.right()))
        assert ticks == (len(names) if "every" in told else 0)


def test_a_name_above_a_picture_uses_the_room_that_its_neighbours_leave(qtbot: QtBot) -> None:
    matrix = Matrix(LIGHT, "m", "m")
    qtbot.addWidget(matrix)
    names = ("had", "hawed", "head", "heard", "heed", "hid", "hod", "who'd")
    matrix.show_grid(Grid(np.zeros((8, 8)), names, names), LIGHT)
    matrix.show()
    wide = QFontMetricsF(matrix.columns.style["tickFont"]).horizontalAdvance("hawed")
    left = 400 - matrix.area().width() if matrix.resize(400, 160) is None else 0
    for width in (round(wide + 3), round(wide)):
        matrix.resize(round(left + 8 * width), 160)
        shown = sorted(matrix.columns.columns(), key=lambda each: each[0].left())
        assert [name for _, name in shown] == list(names), width
        assert all(after.left() - before.right() >= 2 for (before, _), (after, _) in pairwise(shown))


@pytest.mark.parametrize(
    "caption",
    ["<s> a red circle left of a red square", "<s> a red circle above a red triangle"],
    ids=["square", "triangle"],
)
def test_the_name_before_the_last_is_not_alone_in_being_left_out(qtbot: QtBot, caption: str) -> None:
    """The last name, wider than its column, is moved inwards by a pixel or two."""
    names = tuple(caption.split())
    plot = heat_map(qtbot, 200, 160, names)
    for width in range(200, 480, 2):
        plot.resize(width, 160)
        plot.grab()
        shown = plot.columns.columns()
        assert [name for _, name in shown] != [*names[:-2], names[-1]], width
        assert all(after.left() - before.right() >= 2 for (before, _), (after, _) in pairwise(shown))
