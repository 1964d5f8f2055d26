"""Numbers over time as a small picture: curves if they are few, a spectrogram if they are many, pictures as they
are."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen, QPolygonF

from engine.types import FloatArray
from gui.theme import Theme, rgb
from gui.widgets.averaging import averaged

if TYPE_CHECKING:
    from engine.data.numbers.number_scaling import NumberScaling

MOST_CURVES = 6  # columns; with more, a spectrogram is drawn
MARGIN = 2.0


def curve_colors(numbers: NumberScaling, theme: Theme) -> list[tuple[str, str]]:
    """Colour and name of each curve; [] unless there are several to tell apart."""
    if numbers.shape or not 1 < numbers.size <= MOST_CURVES:
        return []
    return [(_color(at, theme), name) for at, name in enumerate(numbers.names)]


def _color(column: int, theme: Theme) -> str:
    """Taken from the end of the theme's series colours, because labels take the first ones."""
    return theme.series[-1 - column % len(theme.series)]


def frames_image(values: FloatArray, numbers: NumberScaling, size: QSize, ratio: float, theme: Theme) -> QImage:
    """values: (T, D), or (height, width, channels), in their own units. size in logical pixels, ratio of the screen.
    A picture is as high as `size`, and no wider than its proportions ask."""
    if numbers.shape:
        natural = max(1, round(size.height() * values.shape[1] / values.shape[0]))
        size = QSize(min(size.width(), natural), size.height())
    image = QImage(size * ratio, QImage.Format.Format_ARGB32_Premultiplied)
    image.setDevicePixelRatio(ratio)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    room = QRectF(0, 0, size.width(), size.height())
    if numbers.shape:
        _paint(painter, _pixels(values, numbers), room)
    elif numbers.size <= MOST_CURVES:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        _curves(painter, (values - numbers.mean) / numbers.deviation, room, theme)
    else:
        _paint(painter, _spectrogram(values, theme), room)
    painter.end()
    return image


def _paint(painter: QPainter, image: QImage, room: QRectF) -> None:
    pixels = painter.combinedTransform().mapRect(room)
    painter.drawImage(room, averaged(image, pixels.width(), pixels.height()))


def _curves(painter: QPainter, values: FloatArray, room: QRectF, theme: Theme) -> None:
    """Draw all curves on one scale. `values` are standardised, so that no curve is flat beside much larger ones."""
    finite = values[np.isfinite(values)]
    low, high = (float(finite.min()), float(finite.max())) if len(finite) else (0.0, 1.0)
    room = room.adjusted(MARGIN, MARGIN, -MARGIN, -MARGIN)
    x = room.left() + np.linspace(0.0, 1.0, len(values)) * room.width()
    for column in range(values.shape[1]):
        share = (values[:, column] - low) / (high - low) if high > low else np.full(len(values), 0.5)
        y = room.bottom() - np.nan_to_num(share, nan=0.5) * room.height()
        color = theme.accent if values.shape[1] == 1 else _color(column, theme)
        painter.setPen(QPen(QColor(color), 1.3))
        painter.drawPolyline(QPolygonF([QPointF(*point) for point in zip(x.tolist(), y.tolist(), strict=True)]))


def _spectrogram(values: FloatArray, theme: Theme) -> QImage:
    """Low columns at the bottom; larger values are darker."""
    low, high = float(values.min()), float(values.max())
    share = (values - low) / (high - low) if high > low else np.zeros_like(values)
    pale, strong = np.array(rgb(theme.surface), float), np.array(rgb(theme.accent), float)
    colors = (pale + share.T[::-1, :, None] * (strong - pale)).round().astype(np.uint8)
    return _image(colors)


def _pixels(values: FloatArray, numbers: NumberScaling) -> QImage:
    colors = (np.clip(values, 0.0, 1.0) * 255).round().astype(np.uint8)
    return _image(np.repeat(colors, 3, axis=2) if numbers.shape[2] == 1 else colors[:, :, :3])


def _image(colors: np.ndarray[tuple[int, ...], np.dtype[np.uint8]]) -> QImage:
    height, width, _ = colors.shape
    data = np.ascontiguousarray(colors)
    return QImage(data.data, width, height, 3 * width, QImage.Format.Format_RGB888).copy()
