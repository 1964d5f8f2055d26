"""Where the table of changed weights goes: beside the picture, drawn smaller then; where both do not fit, over it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QSize

from gui.theme import Theme
from gui.unrolled_view.canvas import UnrolledCanvas
from gui.unrolled_view.changes import ChangesTable
from gui.unrolled_view.playing import Phase, Playing

GAP_PX = 6
LEAST_PX = 200  # of width beside the picture, for the narrowest table
PICTURE_PX = 88  # of the picture's width are left at least, for one step
LARGEST_SHARE = 0.45  # of the picture's width, unless names would be cut


class ChangesPlace(QObject):
    """Shows the table at the last moment of an example, within the picture's own place: it hides nothing else."""

    def __init__(self, canvas: UnrolledCanvas) -> None:
        super().__init__(canvas)
        self._canvas, self._table = canvas, ChangesTable(canvas)
        canvas.installEventFilter(self)

    def show_moment(self, playing: Playing | None, theme: Theme) -> None:
        """Show the table if this is the last moment, and hide it otherwise."""
        due = playing is not None and playing.moment.phase is Phase.WEIGHTS
        if due and playing is not None:
            self._table.tell(playing.step, theme)
        self._table.setVisible(due)
        self._place()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the size of the picture."""
        if event.type() == QEvent.Type.Resize:
            self._place()
        return False

    def _place(self) -> None:
        canvas, table = self._canvas, self._table
        left = canvas.width()  # the picture's width
        if not table.isHidden():
            spare = canvas.width() - PICTURE_PX
            room = canvas.size()
            if spare >= LEAST_PX:
                wanted = max(int(canvas.width() * LARGEST_SHARE), table.named_width)
                room = table.fit(QSize(max(LEAST_PX, min(spare, wanted)), canvas.height()))
                left = canvas.width() - room.width() - GAP_PX
            table.setGeometry(QRect(QPoint(canvas.width() - room.width(), 0), room))
        canvas.leave_free(canvas.width() - left)
        table.raise_()  # above the scroll bars, which Qt raises
