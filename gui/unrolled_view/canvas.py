"""The view of the unrolled network: scrolls, zooms, and lets a cell be chosen by mouse or keyboard."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import cast

from PySide6.QtCore import QEvent, QPoint, QPointF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QToolTip, QWidget

from gui.theme import Theme
from gui.unrolled_view.diagram import Diagram
from gui.unrolled_view.folding import Folding
from gui.unrolled_view.layout import WIDEST_COLUMN, DiagramLayout, Gathering
from gui.unrolled_view.loop import LoopPainter, folded_places, staying_columns
from gui.unrolled_view.painter import DiagramPainter, StatePictures
from gui.widgets.symbols import plain_tip, visible_symbol, visible_text

SMALLEST_ZOOM, LARGEST_ZOOM = 0.35, 2.5
ZOOM_STEP = 1.15
SCROLL_PX = 52  # one notch of the wheel


class UnrolledCanvas(QAbstractScrollArea):
    """Draws a Diagram. Only the columns that show are painted, so its cost does not depend on the length."""

    selection_changed = Signal(object)  # (row, column) or None

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("unrolled-network")
        self.setAccessibleName("Unrolled network")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.viewport().setMouseTracking(True)
        self.viewport().setAutoFillBackground(False)
        self.horizontalScrollBar().setSingleStep(SCROLL_PX)
        self.zoom = 1.0
        self.selected: tuple[int, int] | None = None
        self._hovered: tuple[int, int] | None = None
        self._theme = theme
        self._layout = DiagramLayout(Diagram())
        self._pictures = StatePictures(Diagram(), theme)
        self.folding = Folding(self)
        self.folding.moved.connect(self._fold_on)
        self._kept_scroll: int | None = None  # of the unrolled picture, while it is folded

    @property
    def diagram(self) -> Diagram:
        """What is drawn."""
        return self._layout.diagram

    def show_diagram(self, diagram: Diagram, theme: Theme) -> None:
        """Draw this from now on. The selected cell stays selected while it exists, else it is dropped silently."""
        text_is_new = [c.below for c in diagram.columns] != [c.below for c in self.diagram.columns]
        self._theme = theme
        self._layout = DiagramLayout.fitting(diagram, self._room())
        self._pictures = StatePictures(diagram, theme)
        if self.selected is not None and not self._exists(self.selected):
            self.selected = None
        self._hovered = None
        self._fit()
        if text_is_new and self.selected is None:
            bar = self.horizontalScrollBar()  # the one answer of many to one stands at the end
            bar.setValue(bar.maximum() if diagram.answers_once else 0)
        self.setAccessibleDescription(visible_text(_spoken(diagram)))
        self.viewport().update()

    def select(self, cell: tuple[int, int] | None) -> None:
        """Choose the cell of (row, column), and bring it into view."""
        if cell == self.selected:
            return
        self.selected = cell
        if cell is not None:
            self._bring_into_view(cell[1])
        self.viewport().update()
        self.selection_changed.emit(cell)

    # ---- folding

    def fold(self, folded: bool) -> None:
        """Draw the steps together into one cell with a loop, or apart again; on the screen it moves there."""
        if folded != self.folding.folded:
            self.folding.go(folded)

    @property
    def foldable(self) -> bool:
        """A network without cells that are used again has no loop to be folded into."""
        return bool(self.diagram.rows)

    @property
    def share(self) -> float:
        """0 unrolled, 1 folded."""
        return self.folding.share if self.foldable else 0.0

    def _fold_on(self) -> None:
        bar = self.horizontalScrollBar()
        if self.share == 1.0 and self._kept_scroll is None:
            self._kept_scroll = bar.value()
            self._fit()
        elif self.share < 1.0 and self._kept_scroll is not None:
            kept, self._kept_scroll = self._kept_scroll, None
            self._fit()
            bar.setValue(kept)
            if self.selected is not None:
                self._bring_into_view(self.selected[1])
        self.viewport().update()

    def placed(self) -> DiagramLayout:
        """Where everything stands at this moment, in the picture units that `origin` belongs to."""
        share = self.share
        if share == 0.0 or not self.diagram.columns:
            return self._layout
        places, width = folded_places(self.diagram)
        shift = (self._origin_for(width, folded=True) - self.origin().x()) / self.zoom
        staying = staying_columns(self.diagram, self.selected[1] if self.selected is not None else None)
        return replace(
            self._layout,
            gathering=Gathering(share, {part: x + shift for part, x in places.items()}, staying),
        )

    def _width(self) -> float:
        """Of the picture that is scrolled: the unrolled one as long as anything of it shows."""
        return folded_places(self.diagram)[1] if self.share == 1.0 else self._layout.width

    def set_zoom(self, zoom: float) -> None:
        """1 is natural size; limited to what can be read."""
        self.zoom = min(LARGEST_ZOOM, max(SMALLEST_ZOOM, zoom))
        self._layout = DiagramLayout.fitting(self.diagram, self._room())
        self._fit()
        self.viewport().update()

    def whole_size(self) -> QSize:
        """Of the whole network at natural size, however little of it shows."""
        return QSize(max(1, math.ceil(self._width())), max(1, math.ceil(self._layout.height)))

    def whole_painter(self) -> Callable[[QPainter, Callable[[float], None]], None]:
        """What draws the whole network at natural size, as it is now; it may be called in any thread."""
        layout = self._layout
        if self.share == 1.0:
            layout = replace(self.placed(), gathering=self._folded_at_natural_size())
        base = DiagramPainter(layout, self._pictures, self._theme, self.font())
        return partial(_paint_whole, base, self.selected)

    def _folded_at_natural_size(self) -> Gathering:
        selected = self.selected[1] if self.selected is not None else None
        return Gathering(1.0, folded_places(self.diagram)[0], staying_columns(self.diagram, selected))

    def sizeHint(self) -> QSize:
        """As high as the picture."""
        return QSize(640, self._needed_height())

    def minimumSizeHint(self) -> QSize:
        """Three columns wide and high enough for two rows of cells."""
        return QSize(round(3 * WIDEST_COLUMN), min(self._needed_height(), 300))

    def _needed_height(self) -> int:
        bar = self.horizontalScrollBar().sizeHint().height()
        return round(self._layout.height * self.zoom) + bar + 2

    def _exists(self, cell: tuple[int, int]) -> bool:
        row, column = cell
        return (
            row < len(self.diagram.rows)
            and column < len(self.diagram.columns)
            and self.diagram.row_at(column, self.diagram.rows[row].level) == row
        )

    def _fit(self) -> None:
        """Scroll bars as long as the picture."""
        view = self.viewport().size()
        for bar, size, page in (
            (self.horizontalScrollBar(), self._width(), view.width()),
            (self.verticalScrollBar(), self._layout.height, view.height()),
        ):
            bar.setRange(0, max(0, round(size * self.zoom) - page))
            bar.setPageStep(page)
        most = max(self._needed_height(), math.ceil(self._layout.height))  # a small picture stands in the middle
        if self.maximumHeight() != most:
            self.setMaximumHeight(most)
            self.setMinimumHeight(self.minimumSizeHint().height())
            self.updateGeometry()

    def origin(self) -> QPointF:
        """Where the picture's corner lies in the viewport: centred when it is smaller."""
        x = self._origin_for(self._width(), folded=self.share == 1.0)
        spare = self.viewport().height() - self._layout.height * self.zoom
        return QPointF(x, spare / 2 if spare > 0 and self.zoom < 1.0 else -float(self.verticalScrollBar().value()))

    def _origin_for(self, width: float, *, folded: bool) -> float:
        spare = self.viewport().width() - width * self.zoom
        if spare > 0:
            return spare / 2
        shown = folded == (self.share == 1.0)  # else the bar belongs to the other picture, and this one begins at 0
        return -float(self.horizontalScrollBar().value()) if shown else 0.0

    def picture_point(self, position: QPointF) -> QPointF:
        """A position in the viewport as a point of the picture."""
        return (position - self.origin()) / self.zoom

    def _bring_into_view(self, column: int) -> None:
        if self.share == 1.0:
            return
        bar = self.horizontalScrollBar()
        left = (self._layout.column_x(column) - self._layout.column_width) * self.zoom
        right = (self._layout.column_x(column) + self._layout.column_width) * self.zoom
        if left < bar.value():
            bar.setValue(round(left))
        elif right > bar.value() + self.viewport().width():
            bar.setValue(round(right - self.viewport().width()))

    def _room(self) -> float:
        return self.viewport().width() / self.zoom

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the columns and the scroll bars right, and the end in sight where it was: an only answer is there."""
        super().resizeEvent(event)
        bar = self.horizontalScrollBar()
        at_end = bar.value() == bar.maximum() and self.diagram.answers_once
        self._layout = DiagramLayout.fitting(self.diagram, self._room())
        self._fit()
        if at_end and self.share < 1.0:
            bar.setValue(bar.maximum())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the columns that show."""
        painter = QPainter(self.viewport())
        origin = self.origin()
        painter.translate(origin)
        painter.scale(self.zoom, self.zoom)
        left = (event.rect().left() - origin.x()) / self.zoom
        right = (event.rect().right() - origin.x()) / self.zoom
        base = DiagramPainter(self.placed(), self._pictures, self._theme, self.font())
        base.paint(painter, self._layout.columns_between(left, right), self.selected, self._hovered)
        _paint_loop(base, painter)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click chooses a cell."""
        if event.button() == Qt.MouseButton.LeftButton:
            cell = self.placed().hit(self.picture_point(event.position()))
            if cell is not None:
                self.select(cell)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Show that a cell can be chosen, and tell what a shortened symbol is."""
        cell = self.placed().hit(self.picture_point(event.position()))
        if cell != self._hovered:
            self._hovered = cell
            self.viewport().setCursor(Qt.CursorShape.PointingHandCursor if cell else Qt.CursorShape.ArrowCursor)
            self.viewport().update()

    def leaveEvent(self, event: QEvent) -> None:
        """Nothing is under the mouse any more."""
        self._hovered = None
        self.viewport().update()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """The wheel scrolls through time; with Ctrl it zooms."""
        turned = event.angleDelta()
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.set_zoom(self.zoom * ZOOM_STEP ** (turned.y() / 120))
            event.accept()
            return
        bar = self.horizontalScrollBar()
        before = bar.value()
        bar.setValue(before - round((turned.x() or turned.y()) / 120 * SCROLL_PX))
        event.setAccepted(bar.value() != before)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrow keys walk through time and layers; plus, minus and 0 zoom."""
        moves = {Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0), Qt.Key.Key_Up: (0, 1), Qt.Key.Key_Down: (0, -1)}
        zooms = {Qt.Key.Key_Plus: self.zoom * ZOOM_STEP, Qt.Key.Key_Minus: self.zoom / ZOOM_STEP, Qt.Key.Key_0: 1.0}
        key = Qt.Key(event.key())
        if key in moves:
            self._walk(*moves[key])
        elif key in zooms:
            self.set_zoom(zooms[key])
        elif key == Qt.Key.Key_Escape and self.selected is not None:
            self.select(None)
        else:
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        """Escape ends the selection first; only then is it the window's."""
        asked = isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride
        if asked and self.selected is not None and cast(QKeyEvent, event).key() == Qt.Key.Key_Escape:
            event.accept()
            return True
        return super().event(event)

    def _walk(self, columns: int, levels: int) -> None:
        if not self.diagram.rows:
            return
        if self.selected is None:
            self.select((0, self.diagram.rows[0].first))
            return
        row, column = self.selected
        target = self.diagram.row_at(column + columns, self.diagram.rows[row].level + levels)
        if target is None and columns:  # the neighbouring part may have fewer rows
            target = self.diagram.row_at(column + columns, 0)
        if target is not None:
            self.select((target, column + columns))

    def viewportEvent(self, event: QEvent) -> bool:
        """Tooltips: what goes in, what comes out, what should have come."""
        if event.type() == QEvent.Type.ToolTip:
            position: QPoint = event.pos()  # type: ignore[attr-defined]
            told = self.tip_at(self.picture_point(QPointF(position)))
            QToolTip.showText(self.viewport().mapToGlobal(position), plain_tip(told), self.viewport())
            return True
        return super().viewportEvent(event)

    def tip_at(self, point: QPointF) -> str:
        """The tooltip at a point of the picture."""
        layout = self.placed()
        for column in layout.columns_at(point.x()):
            if abs(layout.column_x(column) - point.x()) <= layout.slot_width / 2:
                item = self.diagram.columns[column]
                lines = [f"step {item.step}: reads {visible_symbol(item.below)}"]
                if item.unknown:
                    lines.append("a symbol the network has not learned")
                if item.above:
                    lines.append(f"answers {visible_symbol(item.above)} with probability {item.probability:.3f}")
                if item.target:
                    lines.append(f"the right answer is {visible_symbol(item.target)}")
                return "\n".join(lines)
        return ""


def _paint_whole(
    base: DiagramPainter, selected: tuple[int, int] | None, painter: QPainter, report: Callable[[float], None]
) -> None:
    base.paint(painter, range(len(base.diagram.columns)), selected, report=report)
    _paint_loop(base, painter)


def _paint_loop(base: DiagramPainter, painter: QPainter) -> None:
    """What belongs to the loop appears in the second half of the folding."""
    gathering = base.layout.gathering
    if gathering is not None and gathering.share > 0.5:
        painter.setOpacity(2.0 * gathering.share - 1.0)
        LoopPainter(base).paint(painter, gathering.staying)
        painter.setOpacity(1.0)


def _spoken(diagram: Diagram) -> str:
    """The picture in words, for a screen reader; the first steps of a long one."""
    steps = [f"{c.below} → {c.above}" if c.above else c.below for c in diagram.columns[:30]]
    return f"{diagram.cell} {diagram.shape}, {len(diagram.columns)} steps: " + ", ".join(steps)
