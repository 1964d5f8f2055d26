"""A list of answers: text, a small badge, a number. Rows can be selected and copied."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from unicodedata import bidirectional

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetrics, QGuiApplication, QKeyEvent, QKeySequence, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
)

from gui.theme import Theme, mix
from gui.widgets.text import tabular

ROW_PX = 26
PADDING_PX = 6
BADGE_FONT_PX = 10
ROLE = Qt.ItemDataRole.UserRole
MOST_LINES = 12  # of a long answer; the tooltip and the clipboard have it whole


@dataclass(frozen=True)
class Result:
    """One answer. `tone` colours the badge: "good", "neutral" or "warning". `shades` (0 to 1) underline the symbols."""

    text: str
    badge: str = ""
    tone: str = "neutral"
    number: str = ""
    hint: str = ""
    symbols: tuple[str, ...] = ()
    shades: tuple[float, ...] = ()


def is_right_to_left(text: str) -> bool:
    """Whether a text begins in a script that is written from right to left."""
    return next((bidirectional(c) in ("R", "AL") for c in text if bidirectional(c) in ("L", "R", "AL")), False)


def _wrapping(text: str, metrics: QFontMetrics, room: int) -> int:
    """Lines break between words, and inside of one only when a word alone is wider than the line."""
    longest = max(text.split(), key=len, default="")
    flags = Qt.TextFlag.TextWordWrap
    return int(flags | Qt.TextFlag.TextWrapAnywhere if metrics.horizontalAdvance(longest) > room else flags)


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
        """As many lines as the text needs."""
        result: Result = index.data(ROLE)
        metrics = QFontMetrics(self._view.font())
        room = max(60, self._view.viewport().width() - self._right_width(result, metrics) - 2 * PADDING_PX)
        if metrics.horizontalAdvance(result.text) <= room and "\n" not in result.text:
            return QSize(60, ROW_PX)
        flags = _wrapping(result.text, metrics, room)
        height = metrics.boundingRect(QRect(0, 0, room, 100_000), flags, result.text).height()
        return QSize(60, min(height, MOST_LINES * metrics.lineSpacing()) + 9)

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
        single = box.height() < 1.6 * ROW_PX
        painter.setPen(QColor(theme.text))
        if not single:
            flags = _wrapping(result.text, metrics, box.width()) | int(Qt.AlignmentFlag.AlignTop)
            painter.drawText(box.adjusted(0, 4, 0, -3), flags, result.text)
            return
        text = metrics.elidedText(result.text, Qt.TextElideMode.ElideRight, box.width())
        painter.drawText(box, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), text)
        whole = text == result.text == "".join(result.symbols)
        if result.shades and whole and not is_right_to_left(text):
            self._draw_shades(painter, metrics, result, box, theme)

    def _draw_shades(self, painter: QPainter, metrics: QFontMetrics, result: Result, box: QRect, theme: Theme) -> None:
        """A line under each symbol: strong blue was certain, pale was a surprise."""
        start = ""
        for symbol, shade in zip(result.symbols, result.shades, strict=False):
            left = metrics.horizontalAdvance(start)
            start += symbol
            right = metrics.horizontalAdvance(start)
            color = QColor(mix(theme.track, theme.accent, shade**0.5))  # small ones show too
            painter.fillRect(QRectF(box.left() + left + 0.5, box.bottom() - 4.5, right - left - 1.0, 3.0), color)

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


class ResultList(QListWidget):
    """Shows Results. Ctrl+C copies the texts of the selected rows, or of all when none is selected.

    `pointed` says at which Result the mouse points, or which one was reached with the keys.
    """

    pointed = Signal(object)

    def __init__(self, theme: Theme, name: str, title: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setAccessibleName(title)
        self.setToolTip("Ctrl+C copies")
        self.theme = theme
        self.setItemDelegate(_Delegate(self))
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
        """What is shown."""
        return [self.item(i).data(ROLE) for i in range(self.count())]

    def show_results(self, results: Sequence[Result], theme: Theme) -> None:
        """Show these; rows stay where they are, so that a selection survives."""
        self.theme = theme
        while self.count() > len(results):
            self.takeItem(self.count() - 1)
        while self.count() < len(results):
            self.addItem(QListWidgetItem())
        for i, result in enumerate(results):
            item = self.item(i)
            item.setData(ROLE, result)
            item.setText(result.text)
            item.setToolTip(result.hint or result.text)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{result.text}, {result.badge} {result.number}")
        self.scheduleDelayedItemsLayout()

    def sizeHint(self) -> QSize:
        """Ten rows."""
        return QSize(200, 10 * ROW_PX)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Copy."""
        if event.matches(QKeySequence.StandardKey.Copy):
            QGuiApplication.clipboard().setText("\n".join(self.chosen_texts()))
        else:
            super().keyPressEvent(event)

    def chosen_texts(self) -> list[str]:
        """Texts of the selected rows, of all when none is selected."""
        rows = sorted(index.row() for index in self.selectedIndexes()) or range(self.count())
        return [self.item(row).text() for row in rows]
