"""Where the table of changed weights goes: beside the network, never over its cells."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QSize
from PySide6.QtWidgets import QWidget

from gui.theme import Theme
from gui.unrolled_view.canvas import UnrolledCanvas
from gui.unrolled_view.changes import ChangesTable
from gui.unrolled_view.playing import Phase, Playing

GAP_PX = 4
MOVES = (QEvent.Type.Show, QEvent.Type.Hide, QEvent.Type.Resize)


class ChangesPlace(QObject):
    """Shows the table at the last moment of an example, as long as the view with the network is visible."""

    def __init__(self, view: QWidget, canvas: UnrolledCanvas) -> None:
        super().__init__(view)
        self._view, self._canvas, self._table = view, canvas, ChangesTable(view)
        self._due = False
        canvas.installEventFilter(self)

    def show_moment(self, playing: Playing | None, theme: Theme) -> None:
        """Show the table if this is the last moment, and hide it otherwise."""
        self._due = playing is not None and playing.moment.phase is Phase.WEIGHTS
        if self._due and playing is not None:
            self._table.tell(playing.step, theme)
        self._place()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the network when it is hidden, shown or resized."""
        if event.type() in MOVES:
            self._place()
        return False

    def _place(self) -> None:
        table, window = self._table, self._view.window()
        if not self._due or not self._canvas.isVisible():
            table.hide()
            return
        if table.parentWidget() is not window:  # the view may have been floated or docked
            table.setParent(window)
        table.setGeometry(self._room())
        table.show()
        table.raise_()

    def _room(self) -> QRect:
        """In the window: below the picture, below the view or above the cells, with fewer rows if none has the room."""
        view, window, viewport, table = self._view, self._view.window(), self._canvas.viewport(), self._table
        corner = viewport.mapTo(window, QPoint(0, 0))
        width, bottom = viewport.width() - 2 * GAP_PX, corner.y() + viewport.height()
        cells = self._canvas.cells_rect().toAlignedRect().translated(corner)
        below = view.mapTo(window, QPoint(0, view.height())).y()
        places = ((cells.bottom(), bottom), (below, window.height()), (corner.y(), cells.top()))
        needed = table.fit(QSize(width, window.height())).height() + 2 * GAP_PX
        largest = max(places, key=lambda place: place[1] - place[0])
        top, end = next((place for place in places if place[1] - place[0] >= needed), largest)
        size = table.fit(QSize(width, end - top - 2 * GAP_PX))
        return QRect(QPoint(corner.x() + (viewport.width() - size.width()) // 2, top + GAP_PX), size)
