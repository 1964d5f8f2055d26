"""The tree of a beam search: a column for each step, in several lines if need be; dropped branches are pale."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from functools import cache

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetricsF,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QToolTip, QWidget

from engine.number_text import fixed
from gui.theme import Theme, mix
from gui.widgets.beam_arrangement import GAP_PX, BeamArrangement, Branch
from gui.widgets.canvas_scroll import CanvasScroll
from gui.widgets.symbols import plain_tip, visible_text
from gui.widgets.text import tabular

PADDING_PX = 14.0  # of a box, beside its word and number
WIDEST_WORD_PX = 96.0
NUMBER_FONT_PX = 9
MOST_STEPS = 200


class _TreeCanvas(QWidget):
    """The tree itself, as wide as there is room and as high as it needs to be."""

    chosen = Signal(int)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.branches: tuple[Branch, ...] = ()
        self.theme = theme
        self.boxes: list[QRectF] = []
        self._arrangement = BeamArrangement()
        self.current = -1
        self._number_font = tabular(QFont(self.font()))
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def lay_out(self, room: QSize, of: Hashable) -> int:
        """Place the branches in this room. of: what they answer.

        Returns the height that all of them need.
        """
        self._number_font = tabular(QFont(self.font()))
        self._number_font.setPixelSize(NUMBER_FONT_PX)
        placed = self._arrangement.place(self.branches, self._widths(), room, of)
        self.boxes = placed.boxes
        self.setFixedSize(placed.size)
        if not 0 <= self.current < len(self.boxes) or self.boxes[self.current].isEmpty():
            self.current = -1
        self.update()
        return placed.needed

    def _widths(self) -> list[float]:
        """The width that the box of each branch needs for its word and its score."""
        bold = QFont(self.font())
        bold.setBold(True)
        # The same words and scores come again and again.
        plain, strong, number = (
            cache(QFontMetricsF(font).horizontalAdvance) for font in (self.font(), bold, self._number_font)
        )
        return [
            min(WIDEST_WORD_PX, (strong if branch.best else plain)(visible_text(branch.text)))
            + number(fixed(branch.score, 1))
            + PADDING_PX
            for branch in self.branches
        ]

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the branches, then the words over them; only those that are visible."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        shown = QRectF(event.rect()).adjusted(-2 * GAP_PX, 0, 2 * GAP_PX, 0)
        # dropped branches under kept ones, and the answer on top
        order = sorted(range(len(self.branches)), key=lambda i: (self.branches[i].kept, self.branches[i].best))
        for i in order:
            parent = self.branches[i].parent
            if self.boxes[i].isEmpty():
                continue
            if 0 <= parent < len(self.boxes) and self.boxes[i].united(self.boxes[parent]).intersects(shown):
                self._draw_edge(painter, self.branches[i], self.boxes[parent], self.boxes[i])
        for i in order:
            if self.boxes[i].intersects(shown):
                self._draw_word(painter, i)

    def _draw_edge(self, painter: QPainter, branch: Branch, start: QRectF, end: QRectF) -> None:
        theme = self.theme
        color = theme.accent if branch.best else theme.muted if branch.kept else mix(theme.surface, theme.muted, 0.45)
        style = Qt.PenStyle.SolidLine if branch.kept else Qt.PenStyle.DotLine
        painter.setPen(QPen(QColor(color), 2.0 if branch.best else 1.0, style))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        left, right = QPointF(start.right(), start.center().y()), QPointF(end.left(), end.center().y())
        half, path = QPointF(GAP_PX / 2, 0), QPainterPath(left)
        if end.top() > start.top() and end.left() < start.right():  # on the next line
            painter.drawLine(left, left + half)
            painter.drawLine(right - half, right)
            return
        path.cubicTo(left + half, right - half, right)
        painter.drawPath(path)

    def _draw_word(self, painter: QPainter, i: int) -> None:
        branch, box, theme = self.branches[i], self.boxes[i], self.theme
        painter.setPen(Qt.PenStyle.NoPen)
        if branch.forced:
            painter.setPen(QPen(QColor(theme.selected), 1.5))
        painter.setBrush(
            QColor(
                theme.hover
                if i == self.current
                else theme.accent_soft
                if branch.best
                else theme.sunken
                if branch.kept
                else theme.surface
            )
        )
        painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
        painter.setPen(QColor(theme.text if branch.kept else theme.muted))
        font = QFont(self.font())
        font.setBold(branch.best)
        painter.setFont(font)
        word = QFontMetricsF(font).elidedText(visible_text(branch.text), Qt.TextElideMode.ElideRight, WIDEST_WORD_PX)
        painter.drawText(
            box.adjusted(4, 0, 0, 0), int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), word
        )
        painter.setFont(self._number_font)
        painter.setPen(QColor(theme.muted))
        right = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight)
        painter.drawText(box.adjusted(0, 0, -4, 0), right, fixed(branch.score, 1))

    def branch_at(self, position: QPointF) -> int:
        """Index of the branch at a position, −1 for none."""
        return next((i for i, box in enumerate(self.boxes) if box.contains(position)), -1)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Highlight the branch that a click would force."""
        self._point(self.branch_at(event.position()))

    def leaveEvent(self, event: QEvent) -> None:
        """Stop highlighting a branch."""
        self._point(-1)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Force the branch under the mouse."""
        at = self.branch_at(event.position())
        if at >= 0:
            self.chosen.emit(at)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Highlight a branch with the arrow keys; force it with Enter."""
        keys = {Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0), Qt.Key.Key_Up: (0, -1), Qt.Key.Key_Down: (0, 1)}
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.current >= 0:
            self.chosen.emit(self.current)
        elif event.key() in keys and self.branches:
            self._walk(*keys[Qt.Key(event.key())])
        else:
            super().keyPressEvent(event)

    def _walk(self, steps: int, rows: int) -> None:
        here = self.branches[max(0, self.current)]
        shown = (i for i, box in enumerate(self.boxes) if not box.isEmpty())
        column = [i for i in shown if self.branches[i].step == here.step + steps]
        if self.current < 0 or not column:
            self._point(max(0, self.current))
            return
        if steps:
            self._point(column[0])
        else:
            self._point(column[(column.index(self.current) + rows) % len(column)])

    def _point(self, at: int) -> None:
        if at != self.current:
            self.current = at
            self.setCursor(Qt.CursorShape.PointingHandCursor if at >= 0 else Qt.CursorShape.ArrowCursor)
            self.update()

    def event(self, event: QEvent) -> bool:
        """Show a tooltip for the branch under the mouse."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            at = self.branch_at(QPointF(event.pos()))
            QToolTip.showText(event.globalPos(), plain_tip(self.branches[at].hint) if at >= 0 else "", self)
            return True
        return super().event(event)


class BeamTree(CanvasScroll):
    """Folds a long tree into lines, and scrolls down. `chosen` carries the index of the branch that was clicked."""

    chosen = Signal(int)

    def __init__(self, theme: Theme, name: str, title: str) -> None:
        self.canvas = _TreeCanvas(theme)
        self._of: Hashable = None  # what the branches answer
        super().__init__(self.canvas, name, title)
        self.canvas.chosen.connect(self.chosen)

    @property
    def branches(self) -> tuple[Branch, ...]:
        """The branches shown."""
        return self.canvas.branches

    def show_branches(self, branches: Sequence[Branch], theme: Theme, of: Hashable = None) -> None:
        """Show these branches, ordered by step; parents come before their children. of: what they answer; while that is
        the same, their arrangement changes as little as it can."""
        shown = tuple(branch for branch in branches if branch.step < MOST_STEPS)
        if (shown, theme, of) == (self.canvas.branches, self.canvas.theme, self._of):
            return
        self.canvas.branches, self.canvas.theme, self._of = shown, theme, of
        path = " ".join(visible_text(branch.text) for branch in shown if branch.best)
        self.setAccessibleDescription(f"{len(shown)} branches; the answer: {path}")
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """As many steps in a line, and as many branches in a step, as fit."""
        super().resizeEvent(event)
        if self.branches:
            self._fit()

    def _room(self) -> QSize:
        """The room for the tree. Its own height is at most what the branches need; that of its place stays."""
        place, frame = self.parentWidget() or self, 2 * self.frameWidth()
        return QSize(self.width() - frame - self.verticalScrollBar().sizeHint().width(), place.height() - frame)

    def _fit(self) -> None:
        needed = self.canvas.lay_out(self._room(), self._of)
        bar = self.horizontalScrollBar().sizeHint().height()
        self.setMaximumHeight(needed + bar + 2 * self.frameWidth())  # the scroll bar stays near
