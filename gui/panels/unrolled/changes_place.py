"""Where the table of changed weights goes: beside the view with the network, never over its cells."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QMargins, QObject, QPoint, QRect
from PySide6.QtWidgets import QWidget

from gui.theme import Theme
from gui.unrolled_view.canvas import UnrolledCanvas
from gui.unrolled_view.changes import ChangesTable
from gui.unrolled_view.playing import Phase, Playing

GAP_PX = 4
LEAST_PX = 300  # of room beside the view
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
        """In the window: beside the view, over what Play does not talk about; in a window of its own, below or above
        the cells, with as many rows as have room."""
        view, window, viewport, table = self._view, self._view.window(), self._canvas.viewport(), self._table
        picture = QRect(viewport.mapTo(window, QPoint(0, 0)), viewport.size())
        cells = self._canvas.cells_rect().toAlignedRect().translated(picture.topLeft())
        right = view.mapTo(window, QPoint(view.width(), 0)).x()
        beside = QRect(right, picture.top(), window.width() - right, window.height() - picture.top())
        above, below = QRect(picture), QRect(picture)
        above.setBottom(cells.top())
        below.setTop(cells.bottom())
        place = beside if beside.width() >= LEAST_PX else max(above, below, key=QRect.height)
        room = place.marginsRemoved(QMargins(GAP_PX, GAP_PX, GAP_PX, GAP_PX))
        size = table.fit(room.size())
        return QRect(QPoint(room.center().x() - size.width() // 2, room.top()), size)
