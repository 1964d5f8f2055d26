"""Heat maps and matrices in the hands of a person: wheel, drag, rectangle, click, keys; and their colours."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QHelpEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from gui.plots.colormaps import amount_table
from gui.plots.heat_map import EMPTY, Heat, HeatMap
from gui.plots.matrix import Grid, Matrix
from gui.theme import DARK, LIGHT, Theme, diverging_table, rgb
from tests.gui.plots.mouse import NONE, canvas, double_click, drag, turn
from tests.gui.plots.saving import svg_of

VALUES = np.linspace(-1.0, 1.0, 60, dtype=np.float32).reshape(3, 20)
ROWS, COLUMNS = ("a", "b", "c"), tuple(f"step {i}" for i in range(20))


@pytest.fixture
def heat_map(qtbot: QtBot) -> HeatMap:
    heat_map = HeatMap(LIGHT, "heat", "Heat")
    qtbot.addWidget(heat_map)
    heat_map.resize(500, 200)
    heat_map.show()
    heat_map.show_heat(Heat(VALUES, COLUMNS, ROWS), LIGHT)
    return heat_map


def columns(heat_map: HeatMap) -> tuple[float, float]:
    left, right = heat_map.box.viewRange()[0]
    return left, right


def middle(heat_map: HeatMap) -> QPointF:
    return heat_map.area().center() + QPointF(3, 0)


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_the_image_has_the_colour_of_each_number_and_that_of_errors_where_there_is_none(
    heat_map: HeatMap, theme: Theme
) -> None:
    heat_map.show_heat(Heat(np.array([[-1.0, 0.0, 1.0], [np.nan, np.inf, 7.0]], np.float32)), theme)
    table, image = diverging_table(theme), heat_map.tiles.image
    assert image[0].tolist() == [list(table[i]) for i in (0, 128, 255)]
    assert image[1].tolist() == [list(rgb(theme.error))] * 2 + [list(table[255])]
    shown = heat_map.grab().toImage()
    for row in range(2):
        for column in range(3):
            pixel = shown.pixelColor(heat_map.tile(row, column).center().toPoint())
            assert [pixel.red(), pixel.green(), pixel.blue()] == image[row, column].tolist()


@pytest.mark.parametrize("to_a_pixel", [1.1, 4.0])
def test_more_units_than_pixels_are_averaged_and_not_blended_with_the_next_step(
    heat_map: HeatMap, to_a_pixel: float
) -> None:
    area = heat_map.area().toRect().adjusted(0, 2, 0, -2)
    values = np.random.default_rng(0).uniform(-1, 1, (round(to_a_pixel * area.height()), 6)).astype(np.float32)
    heat_map.show_heat(Heat(values), LIGHT)
    image = heat_map.grab().toImage()
    for step in range(6):
        left, right = (round(at) for at in (heat_map.tile(0, step).left() + 2, heat_map.tile(0, step).right() - 2))
        for y in range(area.top(), area.bottom()):
            assert len({image.pixelColor(x, y).name() for x in range(left, right)}) == 1


def test_opposite_units_in_one_pixel_show_their_mean(heat_map: HeatMap) -> None:
    heat_map.show_heat(Heat(np.tile(np.array([[1.0], [-1.0]], np.float32), (600, 6))), LIGHT)
    image, (column, top) = heat_map.grab().toImage(), (heat_map.tile(0, 2).center().x(), heat_map.area().top())
    blue, orange = diverging_table(LIGHT)[[255, 0]].astype(int)
    for y in range(round(top) + 2, round(top) + 100):
        pixel = image.pixelColor(round(column), y)
        assert [pixel.red(), pixel.green(), pixel.blue()] == pytest.approx(list((blue + orange) / 2), abs=25)


def test_large_tiles_have_gaps_between_them_and_none_where_they_are_not_wanted(heat_map: HeatMap) -> None:
    edge = heat_map.tile(1, 5).topLeft().toPoint() + QPoint(0, 20)
    seen = {heat_map.grab().toImage().pixelColor(edge + QPoint(x, 0)).name() for x in (-1, 0, 1)}
    assert LIGHT.surface in seen
    heat_map.gaps = False
    seen = {heat_map.grab().toImage().pixelColor(edge + QPoint(x, 0)).name() for x in (-1, 0, 1)}
    assert LIGHT.surface not in seen


def test_the_wheel_with_ctrl_zooms_into_columns_around_the_mouse(heat_map: HeatMap) -> None:
    assert not turn(heat_map, middle(heat_map), 1, NONE)
    assert columns(heat_map) == (0, 20)
    before = heat_map.tile_at(middle(heat_map))
    for _ in range(3):
        turn(heat_map, middle(heat_map), 1)
    assert heat_map.tile_at(middle(heat_map)) == before
    assert columns(heat_map)[1] - columns(heat_map)[0] == pytest.approx(20 / 1.25**3)
    assert heat_map.box.viewRange()[1] == [0, 3]
    for _ in range(30):
        turn(heat_map, middle(heat_map), 1)
    assert columns(heat_map)[1] - columns(heat_map)[0] == pytest.approx(4)
    for _ in range(30):
        turn(heat_map, middle(heat_map), -1)
    assert columns(heat_map) == (0, 20)


def test_a_zoom_stays_while_there_are_as_many_columns(heat_map: HeatMap, qtbot: QtBot) -> None:
    turn(heat_map, middle(heat_map), 3)
    zoomed = columns(heat_map)
    heat_map.show_heat(Heat(-VALUES, COLUMNS, ROWS), LIGHT)
    assert columns(heat_map) == zoomed
    heat_map.show_heat(Heat(np.vstack([VALUES, VALUES]), COLUMNS), LIGHT)
    assert columns(heat_map) == zoomed
    assert heat_map.box.viewRange()[1] == [0, 6]
    double_click(qtbot, heat_map, middle(heat_map).toPoint())
    assert columns(heat_map) == (0, 20)
    turn(heat_map, middle(heat_map), 3)
    heat_map.show_heat(Heat(VALUES[:, :7]), LIGHT)
    assert columns(heat_map) == (0, 7)


def test_a_drag_pans_no_further_than_the_tiles_and_a_drag_beside_them_scales_the_rows(
    heat_map: HeatMap, qtbot: QtBot
) -> None:
    heat_map.show_heat(Heat(np.zeros((40, 20), np.float32), COLUMNS, tuple(map(str, range(40)))), LIGHT)
    turn(heat_map, middle(heat_map), 4)
    at = middle(heat_map).toPoint()
    drag(qtbot, heat_map, at, at + QPoint(2000, 0))
    assert columns(heat_map)[0] == 0
    left = QPoint(4, at.y())
    drag(qtbot, heat_map, left, left + QPoint(0, -50))
    top, bottom = heat_map.box.viewRange()[1]
    assert 0 <= top < bottom <= 40
    assert bottom - top < 35


def test_two_pictures_look_at_the_same_columns_when_they_have_as_many(heat_map: HeatMap, qtbot: QtBot) -> None:
    other = HeatMap(LIGHT, "other", "Other")
    qtbot.addWidget(other)
    other.show_heat(Heat(VALUES), LIGHT)
    heat_map.columns_chosen.connect(other.show_columns)
    turn(heat_map, middle(heat_map), 4)
    assert columns(other) == pytest.approx(columns(heat_map))
    double_click(qtbot, heat_map, middle(heat_map).toPoint())
    assert columns(other) == (0, 20)
    other.show_heat(Heat(VALUES[:, :9]), LIGHT)
    turn(heat_map, middle(heat_map), 4)
    assert columns(other) == (0, 9)


def test_the_tooltip_of_the_tile_under_the_mouse_is_shown(heat_map: HeatMap, qtbot: QtBot) -> None:
    heat_map.tip_of = lambda row, column: f"{ROWS[row]} at {COLUMNS[column]}"
    at = heat_map.tile(1, 7).center().toPoint()
    qtbot.mouseMove(canvas(heat_map), QPoint(1, 1))
    qtbot.mouseMove(canvas(heat_map), at)
    qtbot.waitUntil(lambda: heat_map.toolTip() == "b at step 7")
    help = QHelpEvent(QEvent.Type.ToolTip, at, canvas(heat_map).mapToGlobal(at))
    QApplication.sendEvent(canvas(heat_map), help)  # goes up to what has a tooltip
    assert help.isAccepted()


def test_tiles_in_a_file_are_rectangles_not_pixels(heat_map: HeatMap, tmp_path: Path) -> None:
    text = svg_of(heat_map, tmp_path / "tiles.svg")
    assert "<image" not in text
    assert text.count("<rect") + text.count("<path") >= 60


def test_nothing_is_drawn_of_nothing(heat_map: HeatMap) -> None:
    heat_map.show_heat(EMPTY, LIGHT)
    assert heat_map.tile_at(middle(heat_map)) is None
    image = heat_map.grab().toImage()
    assert {image.pixelColor(x, 100).name() for x in range(0, 500, 7)} == {LIGHT.surface}


@pytest.fixture
def matrix(qtbot: QtBot) -> Matrix:
    matrix = Matrix(LIGHT, "matrix", "Matrix")
    qtbot.addWidget(matrix)
    matrix.resize(400, 300)
    matrix.show()
    matrix.show_grid(Grid(np.eye(20), tuple("abcdefghijklmnopqrst"), tuple("abcdefghijklmnopqrst")), LIGHT)
    return matrix


def test_long_names_above_a_low_matrix_leave_most_of_it_to_the_tiles(matrix: Matrix) -> None:
    tags = ("O", *(f"{part}-{kind}" for kind in ("creative-work", "corporation", "product") for part in "BI"))
    matrix.resize(300, 110)
    matrix.show_grid(Grid(np.eye(7), tags, tags, "tag", "next tag"), LIGHT)
    assert matrix.columns.upright(matrix.area().width())
    assert matrix.area().height() > 0.4 * matrix.height()
    assert matrix.rows.boundingRect().height() > 40, "room for the title beside the rows"


def test_a_matrix_shows_shares_in_one_hue(matrix: Matrix) -> None:
    table = amount_table(LIGHT)
    assert matrix.tiles.image[0, :2].tolist() == [table[255].tolist(), table[0].tolist()]


def test_a_click_chooses_a_cell_and_gives_the_matrix_the_keys(matrix: Matrix, qtbot: QtBot) -> None:
    chosen: list[tuple[int, int]] = []
    matrix.chosen.connect(lambda row, column: chosen.append((row, column)))
    matrix.activateWindow()
    qtbot.waitUntil(matrix.isActiveWindow)
    qtbot.mouseClick(canvas(matrix), Qt.MouseButton.LeftButton, pos=matrix.tile(2, 3).center().toPoint())
    matrix.setFocus()
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_Left, Qt.Key.Key_Left):
        qtbot.keyClick(matrix, key)
    assert chosen == [(2, 3), (2, 4), (3, 4), (2, 4), (2, 3), (2, 2)]


def test_walking_brings_the_chosen_cell_into_sight(matrix: Matrix, qtbot: QtBot) -> None:
    matrix.choose(0, 0)
    matrix.zoom(4.0)
    for _ in range(12):
        qtbot.keyClick(matrix, Qt.Key.Key_Down)
    assert matrix.area().adjusted(-1, -1, 1, 1).contains(matrix.tile(12, 0))


def test_a_drag_over_the_matrix_moves_it_and_chooses_nothing(matrix: Matrix, qtbot: QtBot) -> None:
    chosen: list[int] = []
    matrix.chosen.connect(lambda row, column: chosen.append(row))
    turn(matrix, matrix.area().center(), 4)
    at = matrix.area().center().toPoint()
    before = matrix.tile_at(QPointF(at))
    drag(qtbot, matrix, at, at + QPoint(60, 40))
    assert chosen == []
    assert matrix.tile_at(QPointF(at + QPoint(60, 40))) == before


def test_numbers_are_written_where_they_have_room(matrix: Matrix) -> None:
    plain = matrix.grab().toImage()
    names = tuple("abc")
    grid = Grid(np.full((3, 3), 0.2), names, names, texts=lambda row, column: f"{row}{column}")
    matrix.show_grid(grid, LIGHT)
    assert matrix.grab().toImage() != plain
    center = matrix.tile(1, 1).center().toPoint()
    image = matrix.grab().toImage()
    ground = image.pixelColor(matrix.tile(1, 1).topLeft().toPoint() + QPoint(5, 5))
    around = {image.pixelColor(center + QPoint(x, y)).name() for x in range(-8, 9) for y in range(-6, 7)}
    assert around - {ground.name()}
