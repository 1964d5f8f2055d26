"""Where the table of changed weights goes: beside the picture, which scrolls; where both do not fit, over it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QSize

from gui.theme import Theme
from gui.unrolled_view.canvas import UnrolledCanvas
from gui.unrolled_view.changes import ChangesTable
from gui.unrolled_view.fading_edges import FADE_PX
from gui.unrolled_view.playing import Phase, Playing

GAP_PX = 6
LEAST_PX = 200  # of width beside the picture, for the narrowest table
PICTURE_PX = 88  # of the picture's width are left at least, for one step
FEW_COLUMNS = 2  # are worth more than the names beside them
LARGEST_SHARE = 0.45  # of the picture's width, unless names would be cut


class ChangesPlace(QObject):
    """Shows the table at the last moment of an example, within the picture's own place: it hides nothing else."""

    def __init__(self, canvas: UnrolledCanvas) -> None:
        super().__init__(canvas)
        self._canvas, self._table = canvas, ChangesTable(canvas)
        self._begun = 0  # where the picture was scrolled to for the table's sake
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
        canvas, table, bar = self._canvas, self._table, self._canvas.horizontalScrollBar()
        if self._begun and bar.value() == self._begun:
            bar.setValue(0)
        left, begin = canvas.width(), 0  # the picture's width, and where it begins
        if not table.isHidden():
            spare = canvas.width() - PICTURE_PX
            room = canvas.size()
            if spare >= LEAST_PX:
                wanted = max(int(canvas.width() * LARGEST_SHARE), table.named_width)
                room = table.fit(QSize(max(LEAST_PX, min(spare, wanted)), canvas.height()))
                left, begin = self._whole_columns(canvas.width() - room.width() - GAP_PX)
            table.setGeometry(QRect(QPoint(canvas.width() - room.width(), 0), room))
        canvas.leave_free(canvas.width() - left)
        self._begun = begin if bar.value() == 0 else 0
        if self._begun:
            bar.setValue(begin)
        table.raise_()  # above the scroll bars, which Qt raises

    def _whole_columns(self, most: int) -> tuple[int, int]:
        """The largest width up to `most` in which no column of the picture's beginning is cut, and where that begins:
        without room for the names beside them and FEW_COLUMNS, at the first column, if that shows more of them."""
        layout, scale = self._canvas.placed(), self._canvas.scale
        count, wide = len(layout.diagram.columns), layout.column_width * scale
        beyond = layout.beside.covered * scale if layout.diagram.answers_once else FADE_PX
        first = layout.column_x(0) * scale - wide / 2
        ends = (round(layout.column_x(i) * scale + wide / 2 + beyond) for i in range(count))
        whole = [end for end in ends if end <= most]
        alone = min(max(1, int((most - FADE_PX - beyond) / wide)), count, FEW_COLUMNS)
        if len(whole) >= alone:
            return whole[-1], 0
        left = min(most, round(alone * wide + FADE_PX + beyond))
        return left, round(first - (left - beyond - alone * wide + FADE_PX) / 2)
