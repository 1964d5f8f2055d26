"""The names in the cells: of the cell, and of its state."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter

from engine.cells import CELLS
from gui.theme import LIGHT
from gui.unrolled_view.canvas import UnrolledCanvas
from gui.unrolled_view.layout import TITLED_CELL, DiagramLayout
from gui.unrolled_view.painter import DiagramPainter
from gui.unrolled_view.tiles import StatePictures
from gui.widgets.symbols import subscript
from tests.gui.unrolled_view.test_canvas import long_diagram

TITLES = [cell.title for cell in CELLS.values()]


class MeasuringPainter(QPainter):
    """Keeps the widths and heights of the texts that are drawn into boxes."""

    def __init__(self, into: QImage) -> None:
        super().__init__(into)
        self.sizes: dict[str, tuple[float, int]] = {}

    def drawText(self, *arguments: Any) -> Any:  # noqa: N802
        if isinstance(arguments[0], QRectF):
            text = arguments[2]
            self.sizes[text] = self.fontMetrics().horizontalAdvance(text), self.font().pixelSize()
        return super().drawText(*arguments)


def sizes_in(canvas: UnrolledCanvas, layout: DiagramLayout) -> dict[str, tuple[float, int]]:
    """Text → width and height of its letters."""
    painter = DiagramPainter(layout, StatePictures(layout.diagram, LIGHT), LIGHT, canvas.font())
    image = QImage(700, 300, QImage.Format.Format_RGB32)
    last = len(layout.diagram.columns) - 1  # has the longest name of a state; the cells are all alike
    with MeasuringPainter(image) as into:
        painter.paint(into, [last], None)
        return into.sizes


@pytest.mark.parametrize("cell", TITLES)
@pytest.mark.parametrize("both", [False, True], ids=["one way", "both ways"])
def test_the_name_of_a_cell_is_whole_inside_it_in_the_narrowest_columns(
    canvas: UnrolledCanvas, cell: str, both: bool
) -> None:
    diagram = replace(long_diagram(61), cell=cell, shape="many-to-one")
    short = tuple(replace(column, below="w", above="x" * (i == 60)) for i, column in enumerate(diagram.columns))
    rows = diagram.rows + (replace(diagram.rows[0], level=1, backward=True),) * both
    diagram = replace(diagram, columns=short, rows=rows)
    for room in range(300, 5000, 60):
        layout = DiagramLayout.fitting(diagram, float(room), scrolled=36.0 + 10.0 * both)
        layout = replace(layout, tall=3.0)
        assert layout.cell_height >= TITLED_CELL
        sizes = sizes_in(canvas, layout)
        for text in (cell, f"h{subscript(61)}"):
            assert text in sizes
            assert sizes[text][0] <= layout.cell_width - 2, (text, room)


@pytest.mark.parametrize("cell", TITLES)
@pytest.mark.parametrize("steps", [6, 8, 61])
def test_a_picture_grows_only_as_far_as_the_names_in_its_cells_have_letters_of_the_usual_size(
    canvas: UnrolledCanvas, cell: str, steps: int
) -> None:
    diagram = replace(long_diagram(steps), cell=cell, shape="many-to-one")
    columns = tuple(replace(column, below="w", above="x" * (column.step == steps)) for column in diagram.columns)
    canvas.resize(786, 281)
    canvas.show()
    canvas.show_diagram(replace(diagram, columns=columns), LIGHT)
    for height in range(180, 500, 20):
        canvas.resize(786, height)
        if canvas.scale <= 1.0:
            continue
        layout = canvas.placed()
        width, pixels = sizes_in(canvas, layout)[cell]
        assert pixels == 11, (height, canvas.scale)
        assert width <= layout.cell_width - 4, (height, canvas.scale)
    assert canvas.scale > 1.0
