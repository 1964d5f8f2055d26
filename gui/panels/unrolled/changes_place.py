"""Where the table of changed weights goes: beside the picture, drawn smaller then; in its place if only one fits."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QSize, Signal

from gui.theme import Theme
from gui.unrolled_view.canvas import UnrolledCanvas
from gui.unrolled_view.changes import ChangesTable
from gui.unrolled_view.playing import Phase, Playing

GAP_PX = 6
BESIDE_FROM_PX = 400  # width with room for both the picture and the table
PICTURE_PX = 180  # of the picture's width are left at least, for two steps
LARGEST_SHARE = 0.45  # of the picture's width, unless names would be cut


class ChangesPlace(QObject):
    """Shows the table at the last moment of an example, within the picture's own place: it hides nothing else. Where
    both do not fit they take turns."""

    take_turns = Signal(bool)  # whether they do now

    def __init__(self, canvas: UnrolledCanvas) -> None:
        super().__init__(canvas)
        self._canvas, self._table = canvas, ChangesTable(canvas)
        self._due = self._hidden = self._narrow = False  # hidden: the picture is shown in its turn
        canvas.installEventFilter(self)

    def show_moment(self, playing: Playing | None, theme: Theme) -> None:
        """Show the table if this is the last moment, and hide it otherwise."""
        self._due = playing is not None and playing.moment.phase is Phase.WEIGHTS
        self._hidden = self._hidden and self._due
        if self._due and playing is not None:
            self._table.tell(playing.step, theme)
        self._place()

    def hide_table(self, hide: bool) -> None:
        """Show the picture where both do not fit, or the table again."""
        self._hidden = hide
        self._place()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the size of the picture."""
        if event.type() == QEvent.Type.Resize:
            self._place()
        return False

    def _place(self) -> None:
        canvas, table = self._canvas, self._table
        narrow = self._due and canvas.width() < BESIDE_FROM_PX
        table.setVisible(self._due and not (narrow and self._hidden))
        left = canvas.width()  # the picture's width
        if not table.isHidden():
            room = canvas.size()
            if not narrow:
                wanted = max(int(canvas.width() * LARGEST_SHARE), table.named_width)
                room = table.fit(QSize(min(canvas.width() - PICTURE_PX, wanted), canvas.height()))
                left = canvas.width() - room.width() - GAP_PX
            table.setGeometry(QRect(QPoint(canvas.width() - room.width(), 0), room))
        canvas.leave_free(canvas.width() - left)
        table.raise_()  # above the scroll bars, which Qt raises
        if narrow != self._narrow:
            self._narrow = narrow
            self.take_turns.emit(narrow)
