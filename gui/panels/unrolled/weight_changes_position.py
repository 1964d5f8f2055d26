"""Where the table of changed weights goes: beside the picture, drawn smaller then; below it in a high place where all
of the picture is in sight only there; beside it without its last column if all of it is in sight only so; in its place
if only one fits."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QSize, Signal

from gui.theme import Theme
from gui.unrolled_view.canvas import UnrolledCanvas
from gui.unrolled_view.playing import Phase, Playing
from gui.unrolled_view.weight_changes import ChangesTable

GAP_PX = 6
BESIDE_FROM_PX = 400  # width with room for both the picture and the table
PICTURE_PX = 180  # of the picture's width are left at least, for two steps
LARGEST_SHARE = 0.45  # of the picture's width, unless names would be cut
BELOW_PX = 200  # height with room for most of the table below a picture that would be scrolled beside it


class WeightChangesPosition(QObject):
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
        if table.isHidden():
            canvas.leave_free(0)
        elif narrow:
            canvas.leave_free(0)
            table.setGeometry(canvas.rect())
        else:
            self._place_beside()
            if self._scrolls and not self._place_below():
                self._place_beside(narrow=True)
                if self._scrolls:
                    self._place_beside()
        table.raise_()  # above the scroll bars, which Qt raises
        if narrow != self._narrow:
            self._narrow = narrow
            self.take_turns.emit(narrow)

    @property
    def _scrolls(self) -> bool:
        """Whether a part of the picture is out of sight."""
        return self._canvas.horizontalScrollBar().maximum() > 0

    def _place_beside(self, *, narrow: bool = False) -> None:
        """Place the table at the right of the picture. narrow: without its last column."""
        canvas, table = self._canvas, self._table
        wanted = table.named_width if narrow else max(int(canvas.width() * LARGEST_SHARE), table.named_width)
        size = table.fit(QSize(min(canvas.width() - PICTURE_PX, wanted), canvas.height()), fills=True)
        table.setGeometry(QRect(QPoint(canvas.width() - size.width(), 0), size))
        canvas.leave_free(size.width() + GAP_PX)

    def _place_below(self) -> bool:
        """Place the table below the picture, if its place is so high that all of the picture is in sight then."""
        canvas, table = self._canvas, self._table
        free = canvas.height() - canvas.sizeHint().height() - GAP_PX
        if free < BELOW_PX:
            return False
        size = table.fit(QSize(canvas.width(), free))
        table.setGeometry(QRect(QPoint((canvas.width() - size.width()) // 2, canvas.height() - size.height()), size))
        canvas.leave_free(0, size.height() + GAP_PX)
        return not self._scrolls
