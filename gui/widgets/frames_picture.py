"""The input of a network that reads numbers, as a picture to point at and draw in."""

from __future__ import annotations

from typing import Any

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QImage, QMouseEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from engine.data.numbers.number_scaling import NumberScaling
from engine.types import FloatArray
from gui.theme import LIGHT, Theme
from gui.widgets.controls import introduced
from gui.widgets.frames_image import frames_image

FRAMES_PX, MOST_FRAMES_PX, PICTURE_PX = 96, 168, 144  # heights
ANY_HEIGHT_PX = (1 << 24) - 1  # Qt's own limit
VEIL, MARK = 0.72, 0.6  # opacities


class FramesPicture(QWidget):
    """Curves, a spectrogram, or a picture, in which the mouse can draw."""

    drawn = Signal(list)  # (row, column) of the pixels under the pressed mouse
    pointed = Signal(object)  # how many frames lie left of the mouse, or None

    def __init__(self, name: str, title: str) -> None:
        super().__init__()
        introduced(self, name, title)
        self._most_px = MOST_FRAMES_PX
        self._keep_height(FRAMES_PX, self._most_px)
        self.setMouseTracking(True)
        self.values: FloatArray = np.zeros((0, 0))  # the values shown, in their own units
        self.end: int | None = None  # frames that have been read; None for all
        self.weights: FloatArray | None = None  # (S,) attention to each frame
        self._numbers: NumberScaling | None = None
        self._theme = LIGHT
        self._image: QImage | None = None
        self._last: tuple[int, int] | None = None  # pixel under the pressed mouse

    def show_frames(self, values: FloatArray, numbers: NumberScaling, theme: Theme) -> None:
        """Show values (T, D), or (height, width, channels), in their own units."""
        if values is self.values and numbers is self._numbers and theme is self._theme:
            return
        self.values, self._numbers, self._theme, self._image = values, numbers, theme, None
        self._keep_height(*((PICTURE_PX, PICTURE_PX) if numbers.shape else (FRAMES_PX, self._most_px)))
        self.setCursor(Qt.CursorShape.CrossCursor if numbers.shape else Qt.CursorShape.ArrowCursor)
        self.setAccessibleDescription(numbers.written(values))
        self.update()

    def take_room(self) -> None:
        """From now on, be as high as there is room, where nothing below needs it."""
        self._most_px = ANY_HEIGHT_PX
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._keep_height(FRAMES_PX, self._most_px)

    def _keep_height(self, least: int, most: int) -> None:
        self.setMinimumHeight(least)
        self.setMaximumHeight(most)

    def sizeHint(self) -> QSize:
        """As high as it may be where there is room; it takes any width."""
        return QSize(120, min(self.maximumHeight(), MOST_FRAMES_PX))

    def show_end(self, end: int | None) -> None:
        """Veil what has not been read yet. end: frames that have been read; None for all."""
        if end != self.end:
            self.end = end
            self.update()

    def show_attention(self, weights: FloatArray | None) -> None:
        """Mark the frames that attention looks at. weights: (S,) for the first S frames, or None."""
        if weights is not self.weights:
            self.weights = weights
            self.update()

    # ---- the mouse

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Draw where the mouse is pressed."""
        self._last = None
        self._draw(event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Keep drawing while a button is pressed; otherwise point at the frame under the mouse."""
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._draw(event.position())
        elif self._numbers is not None and not self._numbers.shape:
            share = min(max(event.position().x() / max(1, self.width()), 0.0), 1.0)
            self.pointed.emit(max(1, round(share * len(self.values))))

    def leaveEvent(self, event: QEvent) -> None:
        """Stop pointing at a frame."""
        self.pointed.emit(None)

    def _draw(self, at: QPointF) -> None:
        """Draw on the pixels between the mouse's last position and this one."""
        if self._numbers is None or not self._numbers.shape:
            return
        height, width, _ = self._numbers.shape
        pixel = self.height() / height
        here = int(at.y() // pixel), int(at.x() // pixel)
        before = self._last or here
        self._last = here
        count = max(abs(here[0] - before[0]), abs(here[1] - before[1])) + 1
        ways = (np.linspace(a, b, count).round().astype(int).tolist() for a, b in zip(before, here, strict=True))
        inside = [(r, c) for r, c in zip(*ways, strict=True) if 0 <= r < height and 0 <= c < width]
        if inside:
            self.drawn.emit(inside)

    # ---- painting

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Discard the image; it is drawn again at the new size."""
        self._image = None

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the numbers, marks for attention, and a veil over frames that have not been read yet."""
        if self._numbers is None:
            return
        if self._image is None:
            size = QSize(self.width(), self.height())
            self._image = frames_image(self.values, self._numbers, size, self.devicePixelRatioF(), self._theme)
        painter = QPainter(self)
        painter.drawImage(0, 0, self._image)
        if self._numbers.shape:  # an outline, or a white picture would vanish
            width = self.height() * self.values.shape[1] / self.values.shape[0]
            painter.setPen(QColor(self._theme.border))
            painter.drawRect(QRectF(0.5, 0.5, width - 1, self.height() - 1))
        frame = self.width() / max(1, len(self.values))
        if self.weights is not None:
            self._paint_marks(painter, self.weights, frame)
        if self.end is not None:
            veil = QColor(self._theme.surface)
            veil.setAlphaF(VEIL)
            x = self.end * frame
            painter.fillRect(QRectF(x, 0, self.width() - x, self.height()), veil)
            painter.setPen(QPen(QColor(self._theme.accent), 1.5))
            painter.drawLine(QPointF(x, 0), QPointF(x, self.height()))

    def _paint_marks(self, painter: QPainter, weights: np.ndarray[Any, Any], frame: float) -> None:
        most = float(np.nan_to_num(weights).max(initial=0.0))
        for place, weight in enumerate(np.nan_to_num(weights).tolist() if most > 0 else ()):
            mark = QColor(self._theme.attended)
            mark.setAlphaF(MARK * weight / most)
            painter.fillRect(QRectF(place * frame, 0, frame, self.height()), mark)
