"""A thin layer over pyqtgraph: how every plot looks, zooms and is exported. Only this folder imports pyqtgraph.

A `Plot` is a `Picture` with one `PlotView` (the canvas) and one `PlotBox` (the visible part of the plane). Subclasses
add items to the box and axes beside it, and say in `area` where the box is.
"""

from __future__ import annotations

import weakref
from typing import TypeVar

import pyqtgraph as pg
from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QMouseEvent, QPainter, QPaintEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QGraphicsSceneWheelEvent, QGraphicsView, QStyleOptionGraphicsItem, QWidget

from gui.plots.axes import PlainAxis
from gui.plots.picture import FONT_PX, Picture
from gui.theme import Theme
from gui.widgets.viewport import new_viewport

# The only place where pyqtgraph is configured. Qt already merges mouse moves, so none need to be dropped.
pg.setConfigOptions(imageAxisOrder="row-major", antialias=False, mouseRateLimit=0)

ZOOM_STEP = 1.25  # of one notch of the wheel
STRETCH_PER_PX = 1.01  # of a drag on an axis
LEAST_RECTANGLE_PX = 4.0  # a smaller one was a click
RECTANGLE_KEY = Qt.KeyboardModifier.ShiftModifier
ZOOM_HELP = "Ctrl+wheel zooms, drag pans, Shift+drag zooms to a rectangle, double-click shows all"


P = TypeVar("P")


def here(plot: weakref.ref[P]) -> P:
    """The plot that an item belongs to, which lives as long as the item."""
    found = plot()
    assert found is not None
    return found


class PlotView(pg.GraphicsView):
    """The canvas. It leaves the plain wheel to the area around it, and the right button to the view's menu."""

    def __init__(self, plot: Plot) -> None:
        super().__init__(plot, useOpenGL=False, background=None)
        self._plot = weakref.ref(plot)  # a cycle would leave the order of destruction to the garbage collector
        self.setCacheMode(QGraphicsView.CacheModeFlag.CacheNone)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.viewport().setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)

    def useOpenGL(self, b: bool = True) -> None:
        """Take a plain viewport: plots are painted without OpenGL."""
        self.setViewport(new_viewport())

    @property
    def plot(self) -> Plot:
        """The plot whose canvas it is."""
        return here(self._plot)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw, and count the drawing."""
        self.plot.painted += 1
        super().paintEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom with Ctrl only."""
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            super().wheelEvent(event)
        else:
            event.ignore()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag, or report where the mouse is."""
        super().mouseMoveEvent(event)
        if not event.buttons():
            self.plot.point_at(event.position())

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Show everything."""
        if event.button() is Qt.MouseButton.LeftButton:
            self.plot.box.reset.emit()

    def leaveEvent(self, event: QEvent) -> None:
        """Report that the mouse is elsewhere."""
        super().leaveEvent(event)
        self.plot.point_at(None)


class PlotBox(pg.ViewBox):
    """The visible part of the plane, and all the ways in which the user changes it."""

    reset = Signal()  # double click
    clicked = Signal(QPointF)  # in pixels of the box

    def __init__(self, *, wheel: tuple[bool, bool] = (True, True), aspect: bool = False, down: bool = False) -> None:
        """wheel: whether it zooms across and up. aspect: one scale for both axes. down: y grows downwards."""
        super().__init__(enableMenu=False, defaultPadding=0.0, lockAspect=aspect, invertY=down)
        self.disableAutoRange()
        self.rectangle = False  # whether the next drag draws a rectangle to zoom to
        self._wheel = wheel
        self._accent = QColor()  # of the rectangle

    def set_colors(self, theme: Theme) -> None:
        """Set the colour of the zoom rectangle."""
        self._accent = QColor(theme.accent)

    def _start_rectangle(self) -> None:
        """Let drags draw a rectangle. pyqtgraph makes a new one, in yellow, each time it has panned."""
        self.setMouseMode(self.RectMode)
        fill = QColor(self._accent)
        fill.setAlphaF(0.15)
        self.rbScaleBox.setPen(pg.mkPen(self._accent))
        self.rbScaleBox.setBrush(pg.mkBrush(fill))

    def _end_rectangle(self) -> None:
        """Let drags pan. pyqtgraph then forgets the rectangle without removing it, so it is removed first."""
        self.removeItem(self.rbScaleBox)
        self.setMouseMode(self.PanMode)

    def zoom(self, factor: float, at: QPointF | None = None, axes: tuple[bool, bool] | None = None) -> None:
        """Zoom in by a factor, around a point of the plane or the middle."""
        across, up = self._wheel if axes is None else axes
        self.scaleBy(x=1 / factor if across else None, y=1 / factor if up else None, center=at)
        self.sigRangeChangedManually.emit([across, up])

    def wheelEvent(self, event: QGraphicsSceneWheelEvent, axis: int | None = None) -> None:
        """Zoom around the mouse; over an axis, along that axis only."""
        axes = None if axis is None else (axis == 0, axis == 1)
        self.zoom(ZOOM_STEP ** (event.delta() / 120), self.mapSceneToView(event.scenePos()), axes)
        event.accept()

    def mouseDragEvent(self, event: pg.GraphicsScene.mouseEvents.MouseDragEvent, axis: int | None = None) -> None:
        """Pan, zoom to a rectangle, or scale one axis."""
        if event.button() is not Qt.MouseButton.LeftButton:
            event.ignore()
        elif axis is not None:
            event.accept()
            moved = event.pos() - event.lastPos()
            factor = STRETCH_PER_PX ** (moved.x() if axis == 0 else -moved.y())
            self.zoom(factor, self.mapToView(event.buttonDownPos()), (axis == 0, axis == 1))
        else:
            if event.isStart() and (self.rectangle or event.modifiers() & RECTANGLE_KEY):
                self._start_rectangle()
            super().mouseDragEvent(event)
            if event.isFinish():
                self.rectangle = False
                self._end_rectangle()

    def showAxRect(self, rectangle: QRectF, **options: object) -> None:
        """Zoom to a rectangle that was drawn, unless it is too small to have been intended."""
        shown = self.mapFromView(rectangle).boundingRect()
        if min(shown.width(), shown.height()) >= LEAST_RECTANGLE_PX:
            self.setRange(rectangle.normalized(), padding=0)
            self.sigRangeChangedManually.emit([True, True])

    def mouseClickEvent(self, event: pg.GraphicsScene.mouseEvents.MouseClickEvent) -> None:
        """Emit `clicked` for the left button; leave the right one to others."""
        if event.button() is Qt.MouseButton.LeftButton:
            event.accept()
            self.clicked.emit(event.pos())
        else:
            event.ignore()

    def pixels_of(self, x: float, y: float) -> QPointF:
        """The pixel position in the box of a point of the plane."""
        (left, right), (low, high) = self.viewRange()
        across, up = (x - left) / (right - left), (y - low) / (high - low)
        return QPointF(across * self.width(), (up if self.yInverted() else 1.0 - up) * self.height())


class Overlay(pg.GraphicsObject):
    """Something drawn over the items of a box in its pixels: names, marks. Subclasses override `draw`."""

    def __init__(self, plot: Plot) -> None:
        super().__init__(plot.box)
        self._plot = weakref.ref(plot)
        plot.box.sigTransformChanged.connect(self._redraw)
        plot.box.sigResized.connect(self._redraw)

    @property
    def plot(self) -> Plot:
        """The plot that it is drawn over."""
        return here(self._plot)

    def _redraw(self) -> None:
        self.prepareGeometryChange()
        self.update()

    def boundingRect(self) -> QRectF:
        """The whole box."""
        return QRectF(self.plot.box.rect())

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """Paint in the small font of plots."""
        painter.setFont(self.plot.small_font)
        self.draw(painter, self.boundingRect())

    def draw(self, painter: QPainter, area: QRectF) -> None:
        """Draw within the box, whose upper left corner is (0, 0)."""
        raise NotImplementedError


class Plot(Picture):
    """A picture drawn by pyqtgraph."""

    zooms = True

    def __init__(self, theme: Theme, name: str, title: str, box: PlotBox, least: tuple[int, int] = (160, 110)) -> None:
        super().__init__(name, title, least)
        self.theme = theme
        self.small_font = self._font
        self.following = True  # whether it shows the owner's range, and not what the user has zoomed to
        self.view, self.box = PlotView(self), box
        self._axes: list[PlainAxis] = []
        self.root = pg.GraphicsWidget()
        self.view.setCentralItem(self.root)
        box.setParentItem(self.root)
        box.sigRangeChangedManually.connect(self._leave)
        box.reset.connect(self.reset_zoom)
        self._color(theme)

    @staticmethod
    def font_of_plots() -> QFont:
        """The small font of names and numbers."""
        font = QFont()
        font.setPixelSize(FONT_PX)
        return font

    # ---- what subclasses define

    def area(self) -> QRectF:
        """Where the box is in the widget."""
        return QRectF(self.rect())

    def arrange(self) -> None:
        """Place the box, and what is beside it."""
        self.box.setGeometry(self.area())

    def fit(self) -> None:
        """Show the range that is visible until the user zooms."""

    def point_at(self, position: QPointF | None) -> None:
        """Called when the mouse is at a position in the widget, or has left it (None)."""

    # ---- the same for all

    def take_theme(self, theme: Theme) -> None:
        """Use the colours of this theme."""
        if theme is not self.theme:
            self._color(theme)

    def _color(self, theme: Theme) -> None:
        self.theme = theme
        self.view.setBackground(theme.surface)
        self.box.set_colors(theme)
        for axis in self._axes:
            axis.set_colors(theme)

    def add_axis(self, axis: PlainAxis) -> None:
        """Show this axis of the box."""
        axis.setParentItem(self.root)
        axis.linkToView(self.box)
        axis.set_colors(self.theme)
        self._axes.append(axis)

    def area_beside(self, left: float, right: float) -> QRectF:
        """The part of the widget between margins of these widths, above a line of numbers or names."""
        return QRectF(left, 6, max(1.0, self.width() - left - right), max(1.0, self.height() - self.line_height() - 12))

    def place_axes(self, left: PlainAxis, below: PlainAxis) -> None:
        """Place one axis to the left of the box and one below it."""
        area = self.area()
        left.place(QRectF(0, area.top(), area.left(), area.height()))
        below.place(QRectF(area.left(), area.bottom(), area.width(), self.height() - area.bottom()))

    def line_height(self) -> float:
        """The line height of the small font."""
        return QFontMetricsF(self._font).height()

    def text_width(self, text: str) -> float:
        """The width of a text in the small font."""
        return QFontMetricsF(self._font).horizontalAdvance(text)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Let the canvas fill the widget."""
        self.view.setGeometry(self.rect())
        self.arrange()

    def follow(self) -> None:
        """Show what the owner wants again."""
        self.following = True
        self.fit()

    def _leave(self) -> None:
        self.following = False

    def reset_zoom(self) -> None:
        """Show what the owner wants again."""
        self.follow()

    def zoom(self, factor: float) -> None:
        """Zoom around the middle."""
        self.box.zoom(factor)

    def zoom_to_rectangle(self) -> None:
        """Let the next drag draw the rectangle to zoom to."""
        self.box.rectangle = True
