"""Rows of names with bars and numbers, for probabilities or shares."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetricsF, QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from engine.number_text import probability_text
from gui.theme import Theme, mix
from gui.widgets.controls import introduced
from gui.widgets.symbols import meaning_of, plain_tip, visible_text
from gui.widgets.text import tabular

WRITTEN = partial(probability_text, digits=2)
ROW_PX = 20
CLOSE_ROW_PX = 14  # rows of a legend move this close together where it is low
BAR_PX = 8.0
WIDEST_NAME_PX, NAME_GAP_PX = 110.0, 10  # a name with the gap after it, and that gap
NUMBER_PX = 44.0
LEAST_PX = 72  # width of a list: a number and the beginning of its name
PALE = 0.45  # strength of a part of a bar that is set apart from the rest
LEAST_BAR_PX = 2.0  # anything above zero is visible
SHORTEST_BAR_PX = 16.0  # if the longest bar would be shorter, only the numbers are shown


@dataclass(frozen=True)
class Bar:
    """One row: a name and a share from 0 to 1; `color` "" means the theme's accent.

    pale: the part of the share that is drawn paler, at the end of the bar. pale_is: what that part is, in one word.
    """

    name: str
    share: float
    color: str = ""
    pale: float = 0.0
    pale_is: str = ""


class Bars(QWidget):
    """Rows of name, bar and number. A click on a row chooses it, as does Enter on the row that the arrow keys
    reached."""

    chosen = Signal(str)

    def __init__(
        self,
        theme: Theme,
        name: str,
        title: str,
        *,
        clickable: bool = False,
        number: Callable[[float], str] = WRITTEN,
        swatch: bool = False,
    ) -> None:
        super().__init__()
        introduced(self, name, title)
        height = QSizePolicy.Policy.Preferred if swatch else QSizePolicy.Policy.Fixed
        self.setSizePolicy(QSizePolicy.Policy.Expanding, height)
        self.setMouseTracking(clickable)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus if clickable else Qt.FocusPolicy.NoFocus)
        self.bars: tuple[Bar, ...] = ()
        self.full = 1.0  # the share whose bar fills the whole length
        self._theme, self._clickable, self._number, self._swatch = theme, clickable, number, swatch
        self._current = -1

    def show_bars(self, bars: Sequence[Bar], theme: Theme, *, full: float = 1.0) -> None:
        """Draw these rows; `full` is the share that fills the whole length."""
        resized = len(bars) != len(self.bars)
        self.bars, self._theme, self.full = tuple(bars), theme, full
        if self._current >= len(bars):
            self._current = -1
        self.setAccessibleDescription(", ".join(self._spoken(bar) for bar in self.bars[:20]))
        if resized:
            self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """As high as all rows."""
        return QSize(160, max(1, len(self.bars)) * ROW_PX)

    def minimumSizeHint(self) -> QSize:
        """Narrower; a legend's rows may move closer together too."""
        rows = max(1, len(self.bars))
        return QSize(104, rows * CLOSE_ROW_PX) if self._swatch else QSize(LEAST_PX, rows * ROW_PX)

    def _row_px(self) -> float:
        """Only the rows of a legend give way: a row under the mouse stays where it is until the layout has followed."""
        return min(float(ROW_PX), self.height() / max(1, len(self.bars))) if self._swatch else float(ROW_PX)

    @property
    def _left(self) -> float:
        """Where the names begin."""
        return 20.0 if self._swatch else 2.0

    def _wanted(self, metrics: QFontMetricsF) -> tuple[float, float]:
        """The width that the names want, and that of the widest number."""
        names = max((metrics.horizontalAdvance(visible_text(b.name)) for b in self.bars), default=0.0) + NAME_GAP_PX
        return min(WIDEST_NAME_PX, names), max(
            (metrics.horizontalAdvance(self._text(b)) for b in self.bars), default=0.0
        )

    def _columns(self, metrics: QFontMetricsF) -> tuple[float, float]:
        """The width of the names, and that of the longest bar; 0 if there is no room for bars."""
        names, widest = self._wanted(metrics)
        room = self.width() - self._left - names - max(NUMBER_PX, widest + 8)
        if room < SHORTEST_BAR_PX:
            return min(names, self.width() - self._left - widest), 0.0
        return names, room

    def name_room_px(self) -> int:
        """The width at which all names have the room they want, and numbers stand beside them."""
        return math.ceil(self._left + sum(self._wanted(QFontMetricsF(tabular(self.font())))))

    def shown_names(self) -> list[str]:
        """The names as they are drawn: cut in the middle where there is no room, so that few look the same."""
        metrics = QFontMetricsF(tabular(self.font()))
        names, _ = self._columns(metrics)
        return [_cut(bar, metrics, names) for bar in self.bars]

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the visible rows."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        font = tabular(self.font())
        painter.setFont(font)
        metrics = QFontMetricsF(font)
        names, room = self._columns(metrics)
        first, last = (int(y // self._row_px()) for y in (event.rect().top(), event.rect().bottom()))
        for i, bar in list(enumerate(self.bars))[max(0, first) : last + 1]:
            self._draw(painter, metrics, i, bar, names, room)

    def _draw(self, painter: QPainter, metrics: QFontMetricsF, row: int, bar: Bar, names: float, room: float) -> None:
        theme, left = self._theme, self._left
        pitch = self._row_px()
        line = QRectF(0, row * pitch, self.width(), pitch)
        color = QColor(bar.color or theme.accent)
        painter.setPen(Qt.PenStyle.NoPen)
        if row == self._current:
            painter.setBrush(QColor(theme.hover))
            painter.drawRoundedRect(line, 4, 4)
        if self._swatch:
            painter.setBrush(color)
            painter.drawRoundedRect(QRectF(2, line.center().y() - 5, 10, 10), 2, 2)
        painter.setPen(QColor(theme.text))
        middle = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft)
        painter.drawText(QRectF(left, line.top(), names, pitch), middle, _cut(bar, metrics, names))
        share = bar.share if math.isfinite(bar.share) else 0.0
        length = max(LEAST_BAR_PX, room * min(1.0, share / (self.full or 1.0))) if share > 0 else 0.0
        if room and length:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(color)
            box = QRectF(left + names, line.center().y() - BAR_PX / 2, length, BAR_PX)
            painter.drawRoundedRect(box, 2, 2)
            if bar.pale > 0:
                painter.setBrush(QColor(mix(theme.surface, color.name(), PALE)))
                painter.drawRoundedRect(box.adjusted(length * (1 - min(1.0, bar.pale / share)), 0, 0, 0), 2, 2)
        painter.setPen(QColor(theme.muted))
        beside = left + names + (max(length, LEAST_BAR_PX) + 6 if room else 0.0)
        painter.drawText(QPointF(beside, line.center().y() + metrics.ascent() / 2 - 1), self._text(bar))

    def _spoken(self, bar: Bar) -> str:
        part = f" ({self._number(bar.pale)} {bar.pale_is})" if bar.pale_is else ""
        return f"{visible_text(bar.name)} {self._number(bar.share)}{part}"

    def _text(self, bar: Bar) -> str:
        return self._number(bar.share) if math.isfinite(bar.share) else "not a number"

    def event(self, event: QEvent) -> bool:
        """Show in a tooltip the full name if it is cut off, and what a symbol of the program's own stands for."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            row = int(event.pos().y() // self._row_px())
            bar = self.bars[row] if 0 <= row < len(self.bars) else None
            meaning = "" if bar is None else meaning_of(bar.name)
            if bar is not None and (meaning or self.shown_names()[row] != visible_text(bar.name)):
                tip = f"{bar.name}: {self._text(bar)}\n{meaning}".rstrip()
                QToolTip.showText(event.globalPos(), plain_tip(tip), self)
                return True
        return super().event(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Highlight the row that a click would choose."""
        self._point(int(event.position().y() // self._row_px()))

    def leaveEvent(self, event: QEvent) -> None:
        """Stop highlighting a row."""
        self._point(-1)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose the row under the mouse."""
        row = int(event.position().y() // self._row_px())
        if self._clickable and 0 <= row < len(self.bars):
            self.chosen.emit(self.bars[row].name)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Highlight a row with Up and Down; choose it with Enter."""
        if event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self._point((self._current + (1 if event.key() == Qt.Key.Key_Down else -1)) % max(1, len(self.bars)))
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and 0 <= self._current < len(self.bars):
            self.chosen.emit(self.bars[self._current].name)
        else:
            super().keyPressEvent(event)

    def _point(self, row: int) -> None:
        row = row if self._clickable and 0 <= row < len(self.bars) else -1
        if row != self._current:
            self._current = row
            self.setCursor(Qt.CursorShape.PointingHandCursor if row >= 0 else Qt.CursorShape.ArrowCursor)
            self.update()


def _cut(bar: Bar, metrics: QFontMetricsF, room: float) -> str:
    """As much of a name as fits into this width with a gap after it."""
    return metrics.elidedText(visible_text(bar.name), Qt.TextElideMode.ElideMiddle, room - 6)
