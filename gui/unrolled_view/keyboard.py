"""What the keys do in the view of the unrolled network."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

from gui.unrolled_view.cell_neighbours import neighbouring_cell

if TYPE_CHECKING:
    from gui.unrolled_view.canvas import UnrolledCanvas

ZOOM_STEP = 1.15
MOVES = {  # key → columns to the right, levels up
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, 1),
    Qt.Key.Key_Down: (0, -1),
}
ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


def takes_escape(canvas: UnrolledCanvas) -> bool:
    """Whether Escape ends the play or the selection. One press restores the size of an enlarged view."""
    return canvas.playing is not None or (canvas.selected is not None and not canvas.enlarged)


def press(canvas: UnrolledCanvas, key: Qt.Key) -> bool:
    """Do what a key means; False if it means nothing here.

    Arrow keys move through time and layers or, while an example is played, through its moments. Home and End lead to
    the ends, Enter shows the distribution of the selected step, and plus, minus and 0 zoom.
    """
    bar = canvas.horizontalScrollBar()
    zooms = {
        Qt.Key.Key_Plus: canvas.zoom.value * ZOOM_STEP,
        Qt.Key.Key_Minus: canvas.zoom.value / ZOOM_STEP,
        Qt.Key.Key_0: 1.0,
    }
    if canvas.playing is not None and key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
        canvas.stepped.emit(MOVES[key][0])
    elif canvas.playing is not None and key == Qt.Key.Key_Escape:
        canvas.stopped.emit()
    elif key in (Qt.Key.Key_Home, Qt.Key.Key_End):
        bar.setValue(0 if key == Qt.Key.Key_Home else bar.maximum())
    elif key in ENTER and (column := canvas.diagram.output_of(canvas.selected)) is not None:
        middle = (canvas.placed().output(column).center() * canvas.scale + canvas.origin()).toPoint()
        canvas.distribution_wanted.emit(column, canvas.viewport().mapToGlobal(middle))
    elif key in MOVES:
        _move(canvas, *MOVES[key])
    elif key in zooms:
        canvas.zoom.set(zooms[key])
    elif key == Qt.Key.Key_Escape and takes_escape(canvas):
        canvas.select(None)
    else:
        return False
    return True


def _move(canvas: UnrolledCanvas, columns: int, levels: int) -> None:
    """Select the next cell this way. Up to the highest one and down to the lowest, what is above or below it comes into
    sight, too."""
    target = neighbouring_cell(canvas.diagram, canvas.selected, columns, levels)
    if target is not None:
        canvas.select(target)
    if levels and neighbouring_cell(canvas.diagram, canvas.selected, columns, levels) is None:
        bar = canvas.verticalScrollBar()
        bar.setValue(0 if levels > 0 else bar.maximum())
        if canvas.selected is not None:
            canvas.bring_into_view(canvas.selected)
