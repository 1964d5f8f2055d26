"""Scatter, matrix and strips: any numbers are drawn; zoom, drag and click do what they say."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from gui.plots.colormaps import amount_table, indices, order_table
from gui.plots.matrix import Grid, Matrix
from gui.plots.scatter import Cloud, Scatter
from gui.plots.strips import Group, Strip, Strips
from gui.theme import DARK, LIGHT, Theme
from tests.gui.plots.mouse import NONE, canvas, double_click, drag, is_drawn, turn

ODD = [[], [0.5], [math.nan], [math.inf, 0.1], [1e300, -1e300], [0.0, 0.0], list(np.linspace(-1, 1, 3000))]
ODD_NAMES = ["empty", "one", "nan", "infinite", "huge", "zero", "long"]


def _scatter(numbers: list[float]) -> QWidget:
    scatter = Scatter(LIGHT, "s", "s")
    points = np.array([numbers, numbers[::-1]], np.float64).reshape(2, len(numbers)).T
    names = tuple(f"name {i}" for i in range(len(numbers)))
    start = (0.0, 0.0) if numbers else None
    scatter.show_cloud(Cloud(points, names, np.linspace(0, 1, len(numbers)), True, start), LIGHT, 0)
    return scatter


def _matrix(numbers: list[float]) -> QWidget:
    matrix = Matrix(LIGHT, "m", "m")
    shares = np.array([numbers] * 3, np.float64).reshape(3 if numbers else 0, len(numbers))
    names = tuple(f"a long name {i}" for i in range(len(numbers)))
    matrix.show_grid(Grid(shares, ("a", "b", "c"), names, "truth", "answer", lambda r, c: "12"), LIGHT)
    return matrix


def _strips(numbers: list[float]) -> QWidget:
    strips = Strips(LIGHT, "s", "s")
    strip = Strip("h", np.array(numbers), 1.0, "h")
    strips.show_groups(
        (Group("h_t = a_{t-1}", (strip, strip), "note"), Group("back", (strip,), "", True)), 0, "h", LIGHT
    )
    return strips


@pytest.mark.parametrize("numbers", ODD, ids=ODD_NAMES)
@pytest.mark.parametrize("make", [_scatter, _matrix, _strips], ids=["scatter", "matrix", "strips"])
@pytest.mark.parametrize("width", [90, 400, 900])
@pytest.mark.parametrize("exact", [False, True])
def test_any_numbers_are_drawn(
    qtbot: QtBot, make: Callable[[list[float]], QWidget], numbers: list[float], width: int, exact: bool
) -> None:
    picture = make(numbers)
    qtbot.addWidget(picture)
    picture.exact = exact  # type: ignore[attr-defined]
    picture.resize(width, 200)
    assert is_drawn(picture) == (bool(numbers) or make is not _scatter), "a scatter without dots is blank"
    assert picture.painted > 0  # type: ignore[attr-defined]


@pytest.fixture
def scatter(qtbot: QtBot) -> Scatter:
    scatter = Scatter(LIGHT, "s", "s")
    qtbot.addWidget(scatter)
    scatter.resize(400, 300)
    scatter.show_cloud(Cloud(np.array([[-1.0, 0.0], [1.0, 1.0], [0.0, -1.0]]), ("a", "b", "c")), LIGHT)
    scatter.show()
    return scatter


def test_both_axes_have_one_scale_and_all_points_are_inside(scatter: Scatter) -> None:
    places = scatter.pixels()
    assert ((places > 0) & (places < [400, 300])).all()
    across, up = places[1, 0] - places[0, 0], places[0, 1] - places[1, 1]
    assert across == pytest.approx(2 * up)


def test_the_wheel_with_ctrl_zooms_around_the_mouse_and_without_it_scrolls_the_page(scatter: Scatter) -> None:
    before = scatter.pixels()
    at = QPointF(*before[1])
    at = QPointF(at.toPoint())
    place = scatter.box.mapSceneToView(at)
    assert not turn(scatter, at, 1, NONE)
    assert turn(scatter, at, 3)
    assert scatter.box.mapSceneToView(at).x() == pytest.approx(place.x())
    after = scatter.pixels()
    assert np.hypot(*(after[0] - after[1])) > 1.5 * np.hypot(*(before[0] - before[1]))
    scatter.reset_zoom()
    assert scatter.pixels() == pytest.approx(before)


def test_a_drag_moves_and_a_double_click_shows_all(scatter: Scatter, qtbot: QtBot) -> None:
    before = scatter.pixels()
    chosen: list[int] = []
    scatter.chosen.connect(chosen.append)
    drag(qtbot, scatter, QPoint(200, 150), QPoint(240, 130))
    assert scatter.pixels() == pytest.approx(before + np.array([40, -20]))
    assert chosen == []
    scatter.show_cloud(Cloud(scatter.cloud.points * 1.01, ("a", "b", "c")), LIGHT)
    assert scatter.pixels()[0] != pytest.approx(before[0], abs=10)  # stays while the points change
    double_click(qtbot, scatter, QPoint(20, 20))
    assert scatter.pixels() == pytest.approx(before, abs=40)
    assert ((scatter.pixels() > 0) & (scatter.pixels() < [400, 300])).all()


def test_the_points_are_drawn_where_they_are_in_the_colours_of_their_order(scatter: Scatter) -> None:
    points = np.array([[0.0, 0.0], [math.nan, 1.0], [3.0, -1.0]])
    scatter.show_cloud(Cloud(points, ("a", "b", "c"), np.array([0.0, 0.5, 1.0]), path=True, start=(1.0, 1.0)), LIGHT)
    x, y = scatter.dots.getData()
    assert list(zip(x.tolist(), y.tolist(), strict=True)) == [(0.0, 0.0), (3.0, -1.0)]
    table = order_table(LIGHT)
    colors = [point.brush().color().getRgb()[:3] for point in scatter.dots.points()]
    assert colors == [tuple(table[0].tolist()), tuple(table[255].tolist())]
    image = scatter.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    for (px, py), color in zip(scatter.pixels()[[0, 2]], colors, strict=True):
        assert image.pixelColor(round(px), round(py)).getRgb()[:3] == color


def test_a_click_near_a_point_chooses_it_and_beside_all_none(scatter: Scatter, qtbot: QtBot) -> None:
    chosen: list[int] = []
    scatter.chosen.connect(chosen.append)
    x, y = scatter.pixels()[2]
    qtbot.mouseClick(canvas(scatter), Qt.MouseButton.LeftButton, pos=QPoint(round(x) + 3, round(y)))
    qtbot.mouseClick(canvas(scatter), Qt.MouseButton.LeftButton, pos=QPoint(2, 2))
    assert chosen == [2]


def test_a_cell_of_the_matrix_is_chosen_by_click(qtbot: QtBot) -> None:
    matrix = Matrix(LIGHT, "m", "m")
    qtbot.addWidget(matrix)
    matrix.resize(300, 200)
    matrix.show_grid(Grid(np.eye(4), tuple("abcd"), tuple("abcd")), LIGHT)
    matrix.show()
    with qtbot.waitSignal(matrix.chosen, check_params_cb=lambda row, column: (row, column) == (2, 3)):
        qtbot.mouseClick(canvas(matrix), Qt.MouseButton.LeftButton, pos=matrix.tile(2, 3).center().toPoint())
    assert matrix.tile_at(QPointF(1, 1)) is None


def test_letters_stand_and_long_names_lie_when_there_is_no_room(qtbot: QtBot) -> None:
    matrix = Matrix(LIGHT, "m", "m")
    qtbot.addWidget(matrix)
    matrix.resize(300, 200)
    matrix.show_grid(Grid(np.eye(40), (), (*("a" * 39), "</s>")), LIGHT)
    assert not matrix.columns.upright(matrix.area().width())
    matrix.show_grid(Grid(np.eye(40), (), tuple(f"word {i}" for i in range(40))), LIGHT)
    assert matrix.columns.upright(matrix.area().width())


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("table", [amount_table, order_table])
def test_sequential_colours_grow_evenly_in_lightness(theme: Theme, table: Callable[[Theme], np.ndarray]) -> None:
    light = table(theme).astype(float) @ [0.2126, 0.7152, 0.0722]
    steps = np.diff(light[::8])
    direction = np.sign(light[-1] - light[0])
    assert (direction * steps > -1.0).all()
    assert abs(light[-1] - light[0]) > 80


def test_shares_outside_and_no_numbers_still_have_a_colour() -> None:
    assert indices(np.array([-1.0, 0.0, 0.5, 1.0, 7.0, np.nan, np.inf])).tolist() == [0, 0, 128, 255, 255, 0, 255]
