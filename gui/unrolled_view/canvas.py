"""The view of the unrolled network: scrolls, zooms, and selects cells by mouse or keyboard."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import cast

from PySide6.QtCore import QEvent, QMargins, QMarginsF, QPoint, QPointF, QSize, QSizeF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QWidget

from gui.theme import Theme
from gui.unrolled_view.cell_neighbours import exists
from gui.unrolled_view.column_width import SCROLLED_COLUMN
from gui.unrolled_view.descriptions import diagram_in_words
from gui.unrolled_view.diagram import CellPlace, Diagram
from gui.unrolled_view.end_button import EndButton
from gui.unrolled_view.fading_edges import FADE_PX, fade_edges
from gui.unrolled_view.fold import LoopSpacing
from gui.unrolled_view.fold_animation import FoldAnimation
from gui.unrolled_view.heights import bring_into_sight, heights_of_cells, heights_of_moment
from gui.unrolled_view.keyboard import press, takes_escape
from gui.unrolled_view.layout import BAR_COUNTS, MARGIN_LEFT, DiagramLayout
from gui.unrolled_view.loop import folded_layout, folded_places, paint_loop, paint_whole, spacing_for
from gui.unrolled_view.painter import DiagramPainter
from gui.unrolled_view.picture_scale import LEAST_SHRINK, PictureScale
from gui.unrolled_view.play_captions import caption_of
from gui.unrolled_view.playing import Playing
from gui.unrolled_view.pointer import SCROLL_PX, Pointer
from gui.unrolled_view.row_names import width_of_names
from gui.unrolled_view.scroll_anchor import ScrollAnchor
from gui.unrolled_view.selected_button import SelectedButton
from gui.unrolled_view.tiles import StatePictures
from gui.unrolled_view.top_button import TopButton
from gui.unrolled_view.whole_cells import with_whole_cells
from gui.unrolled_view.zoom import Zoom
from gui.widgets.controls import introduced
from gui.widgets.symbols import visible_text
from gui.widgets.viewport import new_viewport

MOST_ROUNDS = 3  # of fitting the picture to room that its scroll bars change
END_PX = 21  # height of the row with the buttons that lead to the other ends
LEAST_PX = 250, 300  # least height of one that is higher: for most, and where its rows of cells need more


class UnrolledCanvas(QAbstractScrollArea):
    """Draws a Diagram. Only visible columns are painted, so the cost does not depend on the length."""

    selection_changed = Signal(object)  # (row, column) or None
    distribution_wanted = Signal(int, QPoint)  # of the softmax above a column; where it was clicked, on the screen
    stepped = Signal(int)  # while an example is played: one moment back or forward
    stopped = Signal()  # while an example is played: Escape

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        introduced(self, "unrolled-network", "Unrolled network")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setViewport(new_viewport())
        self.viewport().setMouseTracking(True)
        self.setCornerWidget(QWidget())  # Qt's own is white in every theme
        self.horizontalScrollBar().setSingleStep(SCROLL_PX)
        self.zoom = Zoom(self, self._arrange, self._zoom_of_all)
        self.enlarged = False  # whether Escape restores the size of the view
        self.selected: tuple[int, int] | None = None
        self.pointer = Pointer(self)
        self.playing: Playing | None = None
        self.to_end, self.to_selected, self.to_top = EndButton(self), SelectedButton(self), TopButton(self)
        self._theme = theme
        self._layout, self._sizes = DiagramLayout(Diagram()), PictureScale.of(Diagram())
        self._pictures = StatePictures(Diagram(), theme)
        self.folding = FoldAnimation(self)
        self.folding.moved.connect(self._fold_on)
        self._names_width = 0.0  # of those of the rows, over the left edge of a scrolled picture
        self._row_px = 0  # height of the row above the picture while no room is left free
        self._hinted = QSize()  # as the surroundings were last told
        self._scrolled_to = ScrollAnchor(self.horizontalScrollBar())
        self._raised_to = ScrollAnchor(self.verticalScrollBar())

    @property
    def diagram(self) -> Diagram:
        """The diagram being drawn."""
        return self._layout.diagram

    def show_diagram(self, diagram: Diagram, theme: Theme) -> None:
        """Draw this diagram. The selected cell stays selected if it still exists; otherwise nothing is selected."""
        text_is_new, bar = not diagram.reads_same(self.diagram), self.horizontalScrollBar()
        stays = self.selected is not None and bar.value() < bar.maximum()
        if diagram.levels != self.diagram.levels:
            self._raised_to.begin(at_end=False)  # of one that is too high, the answers are in sight
        self._theme = theme
        self._sizes = PictureScale.of(diagram, self._sizes.steps)
        self._layout = DiagramLayout(diagram)
        self._pictures = StatePictures(diagram, theme)
        if self.selected is not None and not exists(diagram, self.selected):
            self.selected = None
        self.pointer.cell = None
        if text_is_new:
            self.zoom.before.forget()
        if text_is_new and diagram.reads_ends and not stays:
            self._scrolled_to.begin(at_end=True)  # many to one answers from the last column; of a shorter text, too
        elif text_is_new and self.selected is None:
            self._scrolled_to.begin(at_end=False)
        self._arrange()
        self.setAccessibleDescription(visible_text(diagram_in_words(diagram)))
        self.viewport().update()

    def enlarge(self, enlarged: bool) -> None:
        """Its place is about to become larger, or has its usual size again. No fewer steps are shown in the larger
        place, as they are in the smaller one."""
        self.enlarged, room = enlarged, self.viewport().width() / self.scale
        seen = self._sizes.steps_seen(room, self._layout.column_width) if enlarged else 0.0
        self._sizes = replace(self._sizes, steps=min(seen, float(len(self.diagram.columns))))

    def set_theme(self, theme: Theme) -> None:
        """Draw the same in the colours of another theme."""
        self._theme = theme
        self._pictures = StatePictures(self.diagram, theme)
        self.viewport().update()

    def play(self, playing: Playing | None) -> None:
        """Show an example at a moment of being played, with what happens then in view; None: show everything again,
        scrolled to where it was before."""
        for anchor in (self._scrolled_to, self._raised_to):
            if self.playing is None and playing is not None:
                anchor.keep()
            elif playing is None and self.playing is not None:
                anchor.go_back()
        self.playing = playing
        self.pointer.hide_tip()
        if playing is not None:
            moment = playing.moment
            now = [column for _, column in moment.cells] or list(moment.answers)
            if now:
                self._bring_column(now[0])
            bring_into_sight(self, *heights_of_moment(self.placed(), playing))
            self.setAccessibleDescription(visible_text(caption_of(playing)))
        self.viewport().update()

    def leave_free(self, width: int, height: int = 0) -> None:
        """Leave this width free at the right, for something that belongs to the picture: what was in sight is drawn
        smaller beside it. height: left free below the picture."""
        margins, bar, scale = self.viewportMargins(), self.horizontalScrollBar(), self.scale
        if (width, height) != (margins.right(), margins.bottom()):
            place = bar.value()
            self.setViewportMargins(0, margins.top(), width, height)
            bar.setValue(round(place * self.scale / scale))

    def _view(self, row: int) -> QSize:
        """Size of the viewport below a row of this height."""
        return self.viewport().size() + QSize(0, self.viewportMargins().top() - row)

    def select(self, cell: tuple[int, int] | None) -> None:
        """Select the cell (row, column), and bring it into view."""
        if cell == self.selected:
            return
        self.selected = cell
        if cell is not None:
            self.bring_into_view(cell)
        self.viewport().update()
        self.selection_changed.emit(cell)

    # ---- folding

    def fold(self, folded: bool) -> None:
        """Fold the steps into one cell with a loop, or unfold them again; on the screen, this is animated."""
        if folded != self.folding.folded:
            self.folding.go(folded)

    @property
    def foldable(self) -> bool:
        """Whether the network can be folded: without cells, there is no loop."""
        return bool(self.diagram.rows)

    @property
    def share(self) -> float:
        """0 unrolled, 1 folded."""
        return self.folding.share if self.foldable else 0.0

    def _fold_on(self) -> None:
        row = self.viewportMargins().top()
        self._layout = self._filled(self._layout, row, self._scale_under(row, self.share))
        self._fit()
        if not self.folding.folded and self.selected is not None:
            self.bring_into_view(self.selected)
        elif self.share == 1.0:
            self.horizontalScrollBar().setValue(0)  # where the cell is; the answer stays in sight
        self.viewport().update()

    def placed(self) -> DiagramLayout:
        """The current layout, in the picture units that `origin` belongs to."""
        share = self.share
        left, right = (self.picture_point(QPointF(x, 0)).x() for x in (0, self.viewport().width()))
        if share == 0.0 or not self.diagram.columns:
            return replace(self._layout, left=left + self._names_width if self._names_width else 0.0, right=right)
        shift = (self._origin_for(self._folded_width, folded=True) - self.origin().x()) / self.scale
        return folded_layout(self._layout, self.selected, share, self._loop_spacing, shift, right)

    @property
    def _loop_spacing(self) -> LoopSpacing:
        return spacing_for(self.diagram, self.width())

    @property
    def _folded_width(self) -> float:
        return folded_places(self.diagram, self._loop_spacing)[1]

    def _width(self) -> float:
        """Width of the scrolled picture: that of the unrolled picture until it is completely folded."""
        return self._folded_width if self.share == 1.0 else self._layout.width

    @property
    def scale(self) -> float:
        """Pixels per picture unit."""
        return self._scale_under(self.viewportMargins().top(), self.share)

    def _scale_under(self, row: int, share: float = 0.0) -> float:
        """The scale below a row of this height: of the view at zoom 1, and relative to natural size at any other.
        share: how far the picture is folded. Beside something that takes a part of the width, what was in sight stays
        in sight."""
        view = QSizeF(self._view(row))
        if not self.viewportMargins().right():
            return self._scale_in(view, row, share)
        usual, fitting = (self._scale_in(each, row, share) for each in (self._with_free(view), view))
        layout = self._without_free(row, usual)
        seen = self._sizes.steps_seen(self._with_free(view).width() / usual, layout.column_width)
        return self._sizes.beside(usual, fitting, view.width(), seen if layout.scrolls else None)

    def _with_free(self, view: QSizeF) -> QSizeF:
        """The size of a view with the width that is left free."""
        return view.grownBy(QMarginsF(0, 0, self.viewportMargins().right(), 0))

    def _without_free(self, row: int, scale: float) -> DiagramLayout:
        """The layout at this scale if no width were left free."""
        whole = self._with_free(QSizeF(self._view(row)))
        column = self._sizes.scrolled_column(whole.width(), scale / self.zoom.value)
        return DiagramLayout.fitting(self.diagram, whole.width() / scale, whole.height() / scale, column)

    def _scale_in(self, view: QSizeF, row: int, share: float) -> float:
        needed = self._folded_width if share else 0.0
        scale = self._sizes.partly_folded(view, float(self._usual_room() - row), needed, share)
        return scale if self.zoom.value == 1.0 else self.zoom.value * max(1.0, scale)

    def _usual_room(self) -> int:
        """Height of the picture with a scroll bar below it, whether or not there is one now."""
        return self.height() - self.viewportMargins().bottom() - self.horizontalScrollBar().sizeHint().height() - 2

    def _zoom_of_all(self) -> float:
        margins = self.viewportMargins()
        view = QSizeF(self.maximumViewportSize().grownBy(QMargins(0, margins.top(), margins.right(), margins.bottom())))
        usual = self._scale_in(view, margins.top(), self.share) / self.zoom.value
        return self._sizes.whole(view, usual, self._width() if self.share == 1.0 else None)

    def whole_size(self) -> QSize:
        """Size of the whole network at natural size, however little of it is visible."""
        layout = self._whole_layout()
        width = self._width() if self.share == 1.0 else layout.width
        return QSize(max(1, math.ceil(width)), max(1, math.ceil(layout.height)))

    def whole_painter(self) -> Callable[[QPainter, Callable[[float], None]], None]:
        """A function that draws the whole network at natural size, as it is now; it may run in any thread."""
        base = DiagramPainter(self._whole_layout(), self._pictures, self._theme, self.font(), self.playing)
        return partial(paint_whole, base, self.selected)

    def _whole_layout(self) -> DiagramLayout:
        """The layout of the whole network, as it is with nothing beside it and enough height."""
        if self.share == 1.0:
            return folded_layout(replace(self._layout, tight=0.0), self.selected, 1.0, self._loop_spacing)
        row = self.viewportMargins().top()
        usual = self._scale_in(self._with_free(QSizeF(self._view(row))), row, 0.0)
        beside = self.viewportMargins().right() > 0
        layout = self._filled(self._without_free(row, usual), row, usual) if beside else self._layout
        return replace(layout, tight=0.0)

    def sizeHint(self) -> QSize:
        """As high as the picture."""
        return QSize(640, self._needed_height())

    def minimumSizeHint(self) -> QSize:
        """Three columns wide, and high enough for all rows of cells at their smallest."""
        (usual, most), bar = LEAST_PX, self.horizontalScrollBar().sizeHint().height()
        smallest = math.ceil(self._sizes.least[1] * LEAST_SHRINK) + bar + END_PX
        # A smaller picture has no height to spare.
        spare = self._row_px if self.zoom.value >= 1.0 else 0
        needed = self._needed_height(BAR_COUNTS[-1]) - spare
        return QSize(round(MARGIN_LEFT + 3 * SCROLLED_COLUMN), min(needed, max(usual, min(smallest, most))))

    def _needed_height(self, bars: int = BAR_COUNTS[0]) -> int:
        height = replace(self._layout, bars=bars, tall=1.0, tight=0.0).height * self.zoom.value
        return round(height) + self.horizontalScrollBar().sizeHint().height() + self._row_px + 2

    def _arrange(self) -> None:
        """Place the columns for the room there is; a scroll bar that comes or goes changes it."""
        with self.zoom.before.settling():
            for _ in range(MOST_ROUNDS):
                room = self.viewport().size()
                self._layout = self._fitting()
                self._fit()
                if self.viewport().size() == room:
                    break

    def _fit(self) -> None:
        """Adapt the scroll bars to the picture."""
        view = self.viewport().size()
        self._names_width = width_of_names(self._layout, self.font(), view.width() / self.scale)
        # the folded picture is as high as the unrolled one
        with self._scrolled_to.settling(unrolled=self.share < 1.0), self._raised_to.settling(unrolled=True):
            for bar, size, page in (
                (self.horizontalScrollBar(), self._width(), view.width()),
                (self.verticalScrollBar(), self._layout.height, view.height()),
            ):
                bar.setRange(0, max(0, round(size * self.scale) - page))
                bar.setPageStep(page)
        if self._hinted != (hint := self.sizeHint()):
            self._hinted = hint
            self.setMinimumHeight(self.minimumSizeHint().height())
            self.updateGeometry()
        self._offer_ways()

    def origin(self) -> QPointF:
        """Position of the picture's corner in the viewport; a smaller one is centred, and nearer to the top."""
        x = self._origin_for(self._width(), folded=self.share == 1.0)
        spare = self._usual_room() - self.viewportMargins().top() - self._layout.height * self.scale
        return QPointF(x, spare / 3 if spare > 0 else -float(self.verticalScrollBar().value()))

    def _origin_for(self, width: float, *, folded: bool) -> float:
        spare = self.viewport().width() - width * self.scale
        if spare > 0:
            return spare / 2
        shown = folded == (self.share == 1.0)  # otherwise the bar belongs to the other picture
        return -float(self.horizontalScrollBar().value()) if shown else 0.0

    def picture_point(self, position: QPointF) -> QPointF:
        """A position in the viewport as a point of the picture."""
        return (position - self.origin()) / self.scale

    def bring_into_view(self, cell: CellPlace) -> None:
        """Scroll to a cell, if it is not in view."""
        self._bring_column(cell[1])
        bring_into_sight(self, heights_of_cells(self.placed(), [cell]))

    def _bring_column(self, column: int) -> None:
        if self.share == 1.0:
            return
        self.zoom.before.forget()
        bar, middle = self.horizontalScrollBar(), self._layout.column_x(column)
        left, right = ((middle + side * self._layout.column_width) * self.scale for side in (-1, 1))
        left = left - self._names_width * self.scale if column else 0.0
        right += self._layout.beside.covered * self.scale if self.diagram.answers_once else 0.0
        self._scrolled_to.go(min(max(bar.value(), round(right - self.viewport().width())), round(left)))

    def _fitting(self) -> DiagramLayout:
        """The layout that fits. If the picture is too long or too high, the buttons to its ends get a row above it.

        Whether it is too long must not depend on that row, which makes the picture lower and so perhaps short enough.
        """
        layout = self._fitting_under(0)
        high = round(layout.height * self._scale_under(0, self.share)) > self._view(0).height()
        wanted, margins = END_PX if layout.scrolls or high else 0, self.viewportMargins()
        if not (margins.right() or margins.bottom()):
            self._row_px = wanted
        if wanted != margins.top():
            self.setViewportMargins(0, wanted, margins.right(), margins.bottom())
        return self._fitting_under(wanted) if wanted else layout

    def _fitting_under(self, row: int) -> DiagramLayout:
        view, scale = self._view(row), self._scale_under(row)
        columns = self._scrolled_column(row), self._sizes.numbered if self.viewportMargins().right() else 0.0
        layout = DiagramLayout.fitting(self.diagram, view.width() / scale, view.height() / scale, *columns)
        if layout.scrolls and self.verticalScrollBar().isVisible():  # one bar may need the other's room, and no more
            view = view.grownBy(QMargins(0, 0, *(self.maximumViewportSize() - self.viewport().size()).toTuple()))
            whole = DiagramLayout.fitting(self.diagram, view.width() / scale, view.height() / scale, *columns)
            layout = layout if whole.scrolls else whole
        if layout.scrolls and self.viewportMargins().right():
            layout = with_whole_cells(layout, self._view(row).width() / scale, FADE_PX / scale)
        return self._filled(layout, row, self._scale_under(row, self.share))

    def _scrolled_column(self, row: int) -> float:
        """The width of columns that are scrolled; closer together where that keeps steps in sight."""
        view, sizes = QSizeF(self._view(row)), self._sizes
        whole = self._with_free(view).width()
        usual = self._scale_in(self._with_free(view), row, 0.0)
        if whole == view.width():
            return sizes.scrolled_column(whole, usual / self.zoom.value)
        layout = self._without_free(row, usual)
        seen = sizes.steps_seen(whole / usual, layout.column_width) if layout.scrolls else len(self.diagram.columns)
        return sizes.column_for(view.width() / self._scale_under(row), seen, sizes.numbered)

    def _filled(self, layout: DiagramLayout, row: int, scale: float) -> DiagramLayout:
        """The layout with as many bars as the height below a row allows at a scale, and cells that use the rest of it,
        at any zoom as at zoom 1. Rows are lower than usual where the picture is too high even if it is small."""
        view = self._view(row).height()
        bars = DiagramLayout.most_bars(self.diagram, view / scale)
        filled = replace(layout, bars=bars).filling((self._usual_room() - row) / scale * self.zoom.value)
        return filled.tightened(view / min(scale, LEAST_SHRINK))  # larger ones are scrolled, and keep their proportions

    def _offer_ways(self) -> None:
        for button in (self.to_top, self.to_end, self.to_selected):  # each stands beside those before it
            button.offer()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Adapt columns and scroll bars."""
        super().resizeEvent(event)
        (self.zoom.to_all if self.zoom.shows_all else self._arrange)()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the visible columns."""
        painter = QPainter(self.viewport())
        origin = self.origin()
        painter.translate(origin)
        painter.scale(self.scale, self.scale)
        left, right = ((x - origin.x()) / self.scale for x in (event.rect().left(), event.rect().right()))
        base = DiagramPainter(self.placed(), self._pictures, self._theme, self.font(), self.playing)
        shown = self._layout.columns_between(left, right)
        base.paint(painter, shown, self.selected, self.pointer.cell, pointed=self.pointer.column)
        paint_loop(base, painter)
        fades = self.share > 0.0 or not self._names_width
        fade_edges(painter, self, self._theme, left=fades, right=not base.layout.pinned)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Select the cell that was clicked, or ask for the whole distribution above a step."""
        self.pointer.press(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Show what can be clicked, and where the column under the mouse looks."""
        self.pointer.move(event.position())

    def leaveEvent(self, event: QEvent) -> None:
        """Forget what was under the mouse."""
        self.pointer.leave()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """The wheel scrolls through time; with Ctrl it zooms."""
        event.setAccepted(self.pointer.turn(event))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Do what the key means here; other keys go to the window."""
        if not press(self, Qt.Key(event.key())):
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        """Claim Escape from the window where it means something here."""
        claims = isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride
        if claims and cast(QKeyEvent, event).key() == Qt.Key.Key_Escape and takes_escape(self):
            event.accept()
            return True
        return super().event(event)

    def viewportEvent(self, event: QEvent) -> bool:
        """Show tooltips with the input, the output and the right answer."""
        if event.type() == QEvent.Type.ToolTip:
            self.pointer.show_tip(event.pos())  # type: ignore[attr-defined]
            return True
        return super().viewportEvent(event)
