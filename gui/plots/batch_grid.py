"""A batch as padded rows: symbols in their places, hatching for padding."""

from __future__ import annotations

import math

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QHelpEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QToolTip

from engine.data.vocabulary import END, START
from engine.number_text import percent
from engine.training.batch_table import BatchBlock, BatchTable
from gui.plots.picture import Picture
from gui.plots.picture_zoom import PictureZoom
from gui.theme import Theme, mix
from gui.widgets.symbols import plain_tip, visible_symbol, visible_text

ROW_PX, HEAD_PX, COUNT_PX = 18.0, 20.0, 26.0
LEAST_PX, MOST_PX, GAP_PX = 20.0, 76.0, 22.0
READABLE_FROM = 0.5  # words are left out where everything is drawn smaller than this
CENTER = int(Qt.AlignmentFlag.AlignCenter)
OWN = "own"  # in place of a symbol that is never read: the network reads its own answer there


class BatchGrid(Picture):
    """Draws a BatchTable: the blocks side by side, and above each place how many texts are still running there, if
    that has a meaning."""

    zooms = True

    def __init__(self, theme: Theme, name: str, title: str) -> None:
        super().__init__(name, title, (160, 80))
        self.magnified = PictureZoom(self, self._natural)
        self.magnified.changed.connect(self._make_room)
        self.table: BatchTable | None = None
        self._theme = theme
        self._widths: list[float] = []

    def show_table(self, table: BatchTable | None, theme: Theme) -> None:
        """Draw this table."""
        self.table, self._theme = table, theme
        metrics = QFontMetricsF(self._font)
        self._widths = [] if table is None else [self._place_width(metrics, block) for block in table.blocks]
        self._make_room()
        longest = (
            ""
            if table is None
            else "; ".join(f"{b.title}: {' '.join(shown_row(b, b.rows[0]))}" for b in table.blocks if b.rows)
        )
        self.setAccessibleDescription(f"longest example: {visible_text(longest)}" if longest else "")

    @staticmethod
    def _place_width(metrics: QFontMetricsF, block: BatchBlock) -> float:
        symbols = {symbol for row in block.rows for symbol in shown_row(block, row)}
        widest = max((metrics.horizontalAdvance(visible_symbol(symbol)) for symbol in symbols), default=0.0)
        return min(MOST_PX, max(LEAST_PX, widest + 8))

    def sizeHint(self) -> QSize:
        """The size of the whole table as it is zoomed."""
        return self._natural() * self.magnified.factor

    def _natural(self) -> QSize:
        table = self.table
        if table is None:
            return QSize(160, 80)
        width = sum(w * b.places for w, b in zip(self._widths, table.blocks, strict=True))
        rows = max((len(block.rows) for block in table.blocks), default=0)
        width += GAP_PX * (len(table.blocks) - 1) + 4
        height = self._first_row() + rows * ROW_PX + 4
        return QSize(math.ceil(width), math.ceil(height))

    @property
    def counts(self) -> bool:
        """Whether there are bars and numbers above the places."""
        return self.table is not None and any(block.at_step for block in self.table.blocks)

    def _first_row(self) -> float:
        """The top of the first row."""
        return HEAD_PX + (COUNT_PX if self.counts else 0.0)

    def zoom(self, factor: float) -> None:
        """Make the rows larger or smaller."""
        self.magnified.multiply(factor)

    def reset_zoom(self) -> None:
        """Return to natural size."""
        self.magnified.reset()

    def view_all(self) -> None:
        """Show the whole table, however small."""
        self.magnified.show_all()

    def _make_room(self) -> None:
        self.setMinimumSize(self.sizeHint())
        self.updateGeometry()
        self.update()

    def _lefts(self) -> list[float]:
        table, x, lefts = self.table, 2.0, []
        for width, block in zip(self._widths, table.blocks if table is not None else (), strict=True):
            lefts.append(x)
            x += width * block.places + GAP_PX
        return lefts

    # ---- drawing

    @property
    def _readable(self) -> bool:
        """Whether words are drawn; so small, they would only take time."""
        return self.magnified.factor >= READABLE_FROM

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the visible part of the blocks."""
        self.painted += 1
        if self.table is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(self._font)
        scale = self.magnified.factor
        painter.scale(scale, scale)
        rect = QRectF(event.rect())
        shown = QRectF(rect.topLeft() / scale, rect.size() / scale)
        for left, width, block in zip(self._lefts(), self._widths, self.table.blocks, strict=True):
            self._block(painter, shown, left, width, block)

    def _block(self, painter: QPainter, shown: QRectF, left: float, width: float, block: BatchBlock) -> None:
        assert self.table is not None
        theme, size = self._theme, self.table.size
        if self._readable:
            painter.setPen(QColor(theme.text))
            painter.drawText(QPointF(left, 13), block.title)
        first = max(0, int((shown.left() - left) // width))
        last = min(block.places, int((shown.right() - left) // width) + 1)
        top = self._first_row()
        for place in range(first, last):
            x = left + place * width
            if block.at_step:
                share = block.at_step[place] / size
                bar = QRectF(x + 2, HEAD_PX + (COUNT_PX - 15) * (1 - share), width - 4, (COUNT_PX - 15) * share)
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(QColor(theme.train))
                painter.drawRect(bar)
            if block.at_step and self._readable:
                painter.setPen(QColor(theme.muted))
                painter.drawText(QRectF(x, top - 14, width, 13), CENTER, str(block.at_step[place]))
            for number, row in enumerate(block.rows):
                box = QRectF(x + 0.5, top + number * ROW_PX + 0.5, width - 1, ROW_PX - 1)
                if box.bottom() >= shown.top() and box.top() <= shown.bottom():
                    self._cell(painter, box, row[place] if place < len(row) else None, block.forced_at(place))

    def _cell(self, painter: QPainter, box: QRectF, symbol: str | None, forced: float) -> None:
        theme = self._theme
        painter.setPen(Qt.PenStyle.NoPen)
        if symbol is None:
            painter.setBrush(QColor(theme.sunken))
            painter.drawRect(box)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            hatching = QPen(QColor(theme.border))
            hatching.setCosmetic(not self._readable)  # thinner lines could not be seen
            painter.setPen(hatching)
            painter.drawLine(box.bottomLeft() + QPointF(3, -3), box.topRight() + QPointF(-3, 3))
            return
        if forced < 1:
            painter.setPen(QPen(QColor(theme.border), 1.0, Qt.PenStyle.DashLine))
            painter.setBrush(Qt.BrushStyle.NoBrush)
        else:
            marks = {START: theme.input, END: theme.output}
            share = 0.35 if symbol in marks else 0.10
            painter.setBrush(QColor(mix(theme.surface, marks.get(symbol, theme.accent), share)))
        painter.drawRect(box)
        if not self._readable:
            return
        painter.setPen(QColor(theme.text if forced == 1 else theme.muted))
        shown = visible_symbol(symbol) if forced else OWN
        text = QFontMetricsF(self._font).elidedText(shown, Qt.TextElideMode.ElideRight, box.width() - 4)
        painter.drawText(box, CENTER, text)

    # ---- mouse

    def tip_at(self, point: QPointF) -> str:
        """The tooltip of a place in the table."""
        if self.table is None:
            return ""
        number = int((point.y() - self._first_row()) // ROW_PX)
        for left, width, block in zip(self._lefts(), self._widths, self.table.blocks, strict=True):
            place = int((point.x() - left) // width)
            if not 0 <= place < block.places:
                continue
            targets = block is self.table.blocks[-1]
            if not 0 <= number < len(block.rows):
                running = block.at_step[place] if block.at_step and number < 0 else None
                return (
                    ""
                    if running is None
                    else f"position {place + 1}: {running} of {self.table.size} examples are this long"
                )
            row = block.rows[number]
            if place < len(row):
                read = _read_at(block, place, row[place])
                return f"{block.title}: {read} (example {number + 1}, position {place + 1})"
            return "masked: no loss" if targets else "padding: never computed"
        return ""

    def event(self, event: QEvent) -> bool:
        """Show a tooltip for each place."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            tip = self.tip_at(QPointF(QPoint(event.pos())) / self.magnified.factor)
            QToolTip.showText(event.globalPos(), plain_tip(tip), self)
            return True
        return super().event(event)


def shown_row(block: BatchBlock, row: tuple[str, ...]) -> tuple[str, ...]:
    """The symbols of an example, without those that are never read."""
    return tuple(symbol if block.forced_at(place) else OWN for place, symbol in enumerate(row))


def _read_at(block: BatchBlock, place: int, symbol: str) -> str:
    """What is read at a place, in words."""
    own, forced = "its own answer from the step before", block.forced_at(place)
    if not forced:
        return own
    shown = visible_symbol(symbol)
    return shown if forced == 1 else f"{shown} with a probability of {percent(forced)}, else {own}"
