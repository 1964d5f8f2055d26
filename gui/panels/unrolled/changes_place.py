"""Where the table of changed weights goes: beside the view with the network, over what Play does not talk about; where
there is no room, as in a window of its own, below the picture, which gets smaller, but not too small."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QMargins, QObject, QPoint, QRect, QSize, Qt

from gui.panels.base.view import View
from gui.panels.unrolled.play_line import PlayLine
from gui.theme import Theme
from gui.unrolled_view.canvas import UnrolledCanvas
from gui.unrolled_view.changes import ChangesTable
from gui.unrolled_view.playing import Phase, Playing

NO_ROOM = "A taller window also shows how far each block of weights moves."
GAP_PX = 4
LEAST_PX = 300  # of room beside the view
SHARE = 3  # the part of the view that the table may take, where it stands in it
MOVES = (QEvent.Type.Show, QEvent.Type.Hide, QEvent.Type.Resize)


class ChangesPlace(QObject):
    """Shows the table at the last moment of an example, as long as the view with the network is visible."""

    def __init__(self, view: View, canvas: UnrolledCanvas, line: PlayLine) -> None:
        """line: says it where the table has no room."""
        super().__init__(view)
        self._view, self._canvas, self._line, self._table = view, canvas, line, ChangesTable(view)
        self._due = False
        for watched in (view, canvas):
            watched.installEventFilter(self)

    def show_moment(self, playing: Playing | None, theme: Theme) -> None:
        """Show the table if this is the last moment, and hide it otherwise."""
        self._due = playing is not None and playing.moment.phase is Phase.WEIGHTS
        if self._due and playing is not None:
            self._table.tell(playing.step, theme)
        self._place()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the network when it is hidden or shown, and the view when it is resized."""
        if event.type() in MOVES:
            self._place()
        return False

    def _place(self) -> None:
        wanted = self._due and self._canvas.isVisible()
        shown = wanted and (self._fits_beside() or self._fits_below())
        self._table.setVisible(shown)
        self._line.add_note(NO_ROOM if wanted and not shown else "")

    def _fits_beside(self) -> bool:
        """Put the table beside the view; returns whether there is room for it."""
        table, window = self._table, self._view.window()
        top = self._canvas.mapTo(window, QPoint(0, 0)).y()
        right = self._view.mapTo(window, QPoint(self._view.width(), 0)).x()
        beside = QRect(right, top, window.width() - right, window.height() - top)
        if beside.width() < LEAST_PX:
            return False
        room = beside.marginsRemoved(QMargins(GAP_PX, GAP_PX, GAP_PX, GAP_PX))
        size = table.fit(room.size())
        table.setParent(window)  # the view may have been floated or docked
        table.setGeometry(QRect(QPoint(room.center().x() - size.width() // 2, room.top()), size))
        table.raise_()
        return True

    def _fits_below(self) -> bool:
        """Put the table below the picture; returns whether there is height for it."""
        table, canvas, body = self._table, self._canvas, self._view.body
        if body.indexOf(table) < 0:
            body.insertWidget(body.indexOf(canvas) + 1, table, 0, Qt.AlignmentFlag.AlignHCenter)
            table.hide()
        others = body.minimumSize().height() - (table.sizeHint().height() if table.isVisible() else -body.spacing())
        spare = body.geometry().height() - others
        return table.fit(QSize(canvas.width(), min(spare, self._view.height() // SHARE))).height() <= spare
