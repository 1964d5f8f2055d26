"""A list of answers: text, a small badge, a number. Rows can be selected and copied."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetrics,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QResizeEvent,
    QTextLayout,
    QTextLine,
    QTextOption,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
)

from gui.theme import Theme, mix
from gui.widgets.controls import introduced, keep_rows_under_mouse
from gui.widgets.symbols import plain_tip, visible_text
from gui.widgets.text import tabular
from gui.widgets.viewport import new_viewport

ROW_PX = 26
PADDING_PX = 6
BADGE_FONT_PX = 10
ROLE = Qt.ItemDataRole.UserRole
NO_TEXT = "(nothing)"  # stands for an answer that ended at once
MOST_LINES = 12  # of a long answer; the tooltip and the clipboard have all of it
LEAST_TEXT_PX = 60
SHADE_PX = 3.0  # height of the line under a symbol
LINE_END = "\u2028"  # the line separator of a text layout
UTF_16 = "utf-16-le"  # positions in a text layout count its units


@dataclass(frozen=True)
class Result:
    """One answer. `tone` colours the badge: "good", "neutral" or "warning".

    `shades` (0 to 1) underline the symbols; NaN leaves a symbol plain.
    """

    text: str
    badge: str = ""
    tone: str = "neutral"
    number: str = ""
    hint: str = ""
    symbols: tuple[str, ...] = ()
    shades: tuple[float, ...] = ()

    @cached_property
    def places(self) -> list[tuple[int, int]]:
        """Where each symbol is in the text; cached, because every repaint asks for it."""
        return places(self.text, self.symbols)


def _units(text: str) -> int:
    return len(text.encode(UTF_16, "surrogatepass")) // 2


def places(text: str, symbols: Sequence[str]) -> list[tuple[int, int]]:
    """Start and end of each symbol in a text, in UTF-16 units; there may be blanks between symbols, which are skipped.

    Empty if the text is not made of these symbols.
    """
    found, at = [], 0
    for symbol in symbols:
        blank = symbol.isspace()
        while not blank and text[at : at + 1].isspace():
            at += 1
        if text.startswith(symbol, at):
            found.append((at, at + len(symbol)))
            at += len(symbol)
        elif blank:
            found.append((at, at))
        else:
            return []
    before = [0]
    for letter in text:
        before.append(before[-1] + (2 if ord(letter) > 0xFFFF else 1))
    return [(before[start], before[end]) for start, end in found]


@dataclass(frozen=True)
class _Lines:
    """A text broken into lines, between words if possible, and how many of its UTF-16 units they hold."""

    layout: QTextLayout
    whole: int

    @classmethod
    def of(cls, text: str, font: QFont, room: int, most: int, pitch: float) -> _Lines:
        """Break a text into at most `most` lines, `pitch` pixels apart; a longer text ends in …"""
        text = visible_text(text[: most * room]).replace("\n", LINE_END)  # no letter is narrower than a pixel
        layout = cls._broken(text, font, room, most, pitch)
        last = layout.lineAt(layout.lineCount() - 1)
        units = text.encode(UTF_16, "surrogatepass")
        if last.textStart() + last.textLength() >= len(units) // 2:
            return cls(layout, len(units) // 2)
        start = last.textStart()
        before = units[: 2 * start].decode(UTF_16, "surrogatepass")
        rest = units[2 * start : 2 * (start + last.textLength())].decode(UTF_16, "surrogatepass").rstrip()
        metrics = QFontMetrics(font)
        kept = metrics.elidedText(f"{rest}…", Qt.TextElideMode.ElideRight, room)
        return cls(cls._broken(before + kept, font, room, most, pitch), start + _units(kept) - 1)

    @staticmethod
    def _broken(text: str, font: QFont, room: int, most: int, pitch: float) -> QTextLayout:
        layout = QTextLayout(text, font)
        option = QTextOption(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignAbsolute)
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        layout.setTextOption(option)
        layout.beginLayout()
        for row in range(most):
            line = layout.createLine()
            if not line.isValid():
                break
            line.setLineWidth(room)
            line.setPosition(QPointF(0.0, row * pitch))
        layout.endLayout()
        return layout

    def lines(self) -> list[QTextLine]:
        """All lines, from top to bottom."""
        return [self.layout.lineAt(row) for row in range(self.layout.lineCount())]


class _Delegate(QStyledItemDelegate):
    """Paints a Result: text on the left, badge and number on the right, a hairline below."""

    def __init__(self, view: ResultList) -> None:
        super().__init__(view)
        self._view = view

    def _right_width(self, result: Result, metrics: QFontMetrics) -> int:
        badge = QFontMetrics(self._badge_font()).horizontalAdvance(result.badge) + 20 if result.badge else 0
        return badge + (metrics.horizontalAdvance(result.number) + 8 if result.number else 0)

    def _badge_font(self) -> QFont:
        font = QFont(self._view.font())
        font.setPixelSize(BADGE_FONT_PX)
        return font

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        """As high as the lines of the text."""
        if self._view.most_lines == 1:
            return QSize(LEAST_TEXT_PX, ROW_PX)
        result: Result = index.data(ROLE)
        font = tabular(self._view.font())
        metrics = QFontMetrics(font)
        room = self._view.viewport().width() - self._right_width(result, metrics) - 2 * PADDING_PX
        if metrics.horizontalAdvance(result.text) <= room and "\n" not in result.text:
            return QSize(LEAST_TEXT_PX, ROW_PX)
        lines, pitch = self._lines(result, font, room)
        return QSize(LEAST_TEXT_PX, ROW_PX + round((lines.layout.lineCount() - 1) * pitch))

    def _lines(self, result: Result, font: QFont, room: int) -> tuple[_Lines, float]:
        """The lines of a text and the distance between them, which leaves room for the shades."""
        pitch = QFontMetrics(font).lineSpacing() + (SHADE_PX if result.shades else 0.0)
        return _Lines.of(result.text, font, max(LEAST_TEXT_PX, room), self._view.most_lines, pitch), pitch

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Draw one row."""
        result: Result = index.data(ROLE)
        theme, box = self._view.theme, option.rect
        state = option.state
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if state & (QStyle.StateFlag.State_Selected | QStyle.StateFlag.State_MouseOver):
            selected = bool(state & QStyle.StateFlag.State_Selected)
            painter.fillRect(box, QColor(theme.accent_soft if selected else theme.hover))
        painter.setPen(QColor(theme.divider))
        painter.drawLine(box.bottomLeft(), box.bottomRight())
        font = tabular(self._view.font())
        painter.setFont(font)
        metrics = QFontMetrics(font)
        text_box = box.adjusted(PADDING_PX, 0, -self._right_width(result, metrics) - PADDING_PX, -1)
        self._draw_text(painter, metrics, result, text_box, theme)
        self._draw_right(painter, metrics, result, box, theme)
        painter.restore()

    def _draw_text(self, painter: QPainter, metrics: QFontMetrics, result: Result, box: QRect, theme: Theme) -> None:
        lines, _ = self._lines(result, painter.font(), box.width())
        corner = QPointF(box.left(), box.top() + (ROW_PX - 1 - metrics.height()) / 2)
        if result.shades:
            self._draw_shades(painter, metrics, result, lines, corner)
        painter.setPen(QColor(theme.text))
        lines.layout.draw(painter, corner)

    def _draw_shades(
        self, painter: QPainter, metrics: QFontMetrics, result: Result, lines: _Lines, corner: QPointF
    ) -> None:
        """Underline each symbol: strong blue if it was certain, pale if it was a surprise."""
        theme = self._view.theme
        rows = [(line.textStart(), line.textStart() + line.textLength(), line) for line in lines.lines()]
        row = 0
        for (start, end), shade in zip(result.places, result.shades, strict=False):
            if end > lines.whole:
                break
            if math.isnan(shade) or start == end:
                continue
            while row + 1 < len(rows) and rows[row][1] <= start:
                row += 1
            color = QColor(mix(theme.track, theme.accent, shade**0.5))  # the root makes small shares visible too
            for from_, to, line in rows[row:]:
                first, last = max(start, from_), min(end, to)
                if first >= last:
                    break
                ends = sorted((_x(line, first), _x(line, last)))
                top = corner.y() + line.y() + metrics.height()
                painter.fillRect(QRectF(corner.x() + ends[0] + 0.5, top, ends[1] - ends[0] - 1.0, SHADE_PX), color)

    def _draw_right(self, painter: QPainter, metrics: QFontMetrics, result: Result, box: QRect, theme: Theme) -> None:
        right = box.right() - PADDING_PX + 1
        middle = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight)
        line = QRect(box.left(), box.top(), right - box.left(), min(box.height(), ROW_PX))
        if result.number:
            painter.setPen(QColor(theme.muted))
            painter.drawText(line, middle, result.number)
            right -= metrics.horizontalAdvance(result.number) + 7
        if result.badge:
            font = self._badge_font()
            painter.setFont(font)
            width = QFontMetrics(font).horizontalAdvance(result.badge) + 14
            badge = QRectF(right - width, line.center().y() - 7, width, 15)
            fill, ink = {"good": (theme.good_soft, theme.good), "warning": (theme.warning_soft, theme.warning)}.get(
                result.tone, (theme.track, theme.secondary)
            )
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(fill))
            painter.drawRoundedRect(badge, 7.5, 7.5)
            painter.setPen(QColor(ink))
            painter.drawText(badge, int(Qt.AlignmentFlag.AlignCenter), result.badge)


def _x(line: QTextLine, place: int) -> float:
    """The x position of a text position in a line."""
    found: Any = line.cursorToX(place)  # the x position, and the text position that it belongs to
    return float(found[0])


class ResultList(QListWidget):
    """Shows Results. Ctrl+C copies the texts of the selected rows, or of all rows if none is selected.

    `pointed` carries the Result under the mouse, or the one reached with the keys. A text gets at most `most_lines`
    lines. fits: whether the list is exactly as high as its rows.
    """

    pointed = Signal(object)

    def __init__(
        self, theme: Theme, name: str, title: str, *, most_lines: int = MOST_LINES, fits: bool = False
    ) -> None:
        super().__init__()
        self.setViewport(new_viewport())
        introduced(self, name, title, "Ctrl+C copies")
        self.theme = theme
        self.most_lines, self._fits = most_lines, fits
        self.setItemDelegate(_Delegate(self))
        keep_rows_under_mouse(self)
        # Where all rows have one line, a list measures one of them, and not all whenever its width changes.
        self.setUniformItemSizes(most_lines == 1)
        self.setFrameShape(QListWidget.Shape.NoFrame)
        self.setStyleSheet("QListWidget { background: transparent; border: none; outline: none; }")
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setResizeMode(QListWidget.ResizeMode.Adjust)
        self.setMouseTracking(True)
        self.itemEntered.connect(self._point)
        self.currentItemChanged.connect(self._point)

    def _point(self, item: QListWidgetItem | None) -> None:
        result = None if item is None else item.data(ROLE)
        if result is not None:
            self.pointed.emit(result)

    @property
    def results(self) -> list[Result]:
        """The results shown."""
        return [self.item(i).data(ROLE) for i in range(self.count())]

    @property
    def selected(self) -> Result | None:
        """The first of the selected results, if this list is shown."""
        chosen = [] if self.isHidden() else self.selectedItems()
        return chosen[0].data(ROLE) if chosen else None

    def select_alone(self, other: ResultList) -> None:
        """Have only one of two lists hold selected rows: the one in which a row was selected last."""
        for one, deselected in ((self, other), (other, self)):
            one.itemSelectionChanged.connect(
                lambda one=one, deselected=deselected: deselected.clearSelection() if one.selectedItems() else None
            )

    def show_results(self, results: Sequence[Result], theme: Theme) -> None:
        """Show these results. Rows are reused, so that a selection survives."""
        self.theme = theme
        while self.count() > len(results):
            self.takeItem(self.count() - 1)
        while self.count() < len(results):
            self.addItem(QListWidgetItem())
        for i, result in enumerate(results):
            item = self.item(i)
            item.setData(ROLE, result)
            item.setText(result.text)
            item.setToolTip(plain_tip(result.hint or result.text))
            spoken = visible_text(f"{result.text}, {result.badge} {result.number}")
            item.setData(Qt.ItemDataRole.AccessibleTextRole, spoken)
        self.scheduleDelayedItemsLayout()
        self._fit()

    def _fit(self) -> None:
        if self._fits and self.count():
            self.setFixedHeight(sum(self.sizeHintForRow(row) for row in range(self.count())))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Break the lines anew. A scroll bar that appears also makes rows higher, which a list does not notice by
        itself."""
        super().resizeEvent(event)
        if event.oldSize().width() != event.size().width():
            self.doItemsLayout()
            self._fit()

    def sizeHint(self) -> QSize:
        """Room for ten rows."""
        return QSize(200, 10 * ROW_PX)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Copy the chosen texts."""
        if event.matches(QKeySequence.StandardKey.Copy):
            QGuiApplication.clipboard().setText("\n".join(self.chosen_texts()))
        else:
            super().keyPressEvent(event)

    def chosen_texts(self) -> list[str]:
        """Texts of the selected rows, or of all rows if none is selected."""
        rows = sorted(index.row() for index in self.selectedIndexes()) or range(self.count())
        return [self.item(row).text() for row in rows]
