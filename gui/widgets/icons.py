"""The few signs on buttons, painted, so that they look the same with every font."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPainterPath, QPen, QPixmap, QPolygonF

SIZE_PX = 14
SCALE = 3  # painted larger, for screens with fine pixels


def icon(name: str, color: str) -> QIcon:
    """ "train", "pause", "step", "reset", "theme" or "close" in a colour."""
    pixmap = QPixmap(SIZE_PX * SCALE, SIZE_PX * SCALE)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.scale(SCALE, SCALE)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(color))
    _PAINTERS[name](painter, QColor(color))
    painter.end()
    pixmap.setDevicePixelRatio(SCALE)
    return QIcon(pixmap)


def _triangle(left: float, right: float) -> QPolygonF:
    return QPolygonF([QPointF(left, 2), QPointF(right, 7), QPointF(left, 12)])


def _train(painter: QPainter, color: QColor) -> None:
    painter.drawPolygon(_triangle(3, 12))


def _pause(painter: QPainter, color: QColor) -> None:
    painter.drawRoundedRect(QRectF(3, 2, 3, 10), 1, 1)
    painter.drawRoundedRect(QRectF(8, 2, 3, 10), 1, 1)


def _step(painter: QPainter, color: QColor) -> None:
    painter.drawRoundedRect(QRectF(2, 2, 2, 10), 0.8, 0.8)
    painter.drawPolygon(_triangle(5.5, 12.5))


def _reset(painter: QPainter, color: QColor) -> None:
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(color, 1.6, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
    painter.drawArc(QRectF(2.5, 2.5, 9, 9), 110 * 16, -290 * 16)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(color)
    painter.drawPolygon(QPolygonF([QPointF(1.2, 2.9), QPointF(6.4, 0.4), QPointF(6.2, 5.6)]))


def _theme(painter: QPainter, color: QColor) -> None:
    half = QPainterPath()
    half.moveTo(7, 2)
    half.arcTo(QRectF(2, 2, 10, 10), 90, -180)
    half.closeSubpath()
    painter.drawPath(half)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(color, 1.3))
    painter.drawEllipse(QRectF(2, 2, 10, 10))


def _close(painter: QPainter, color: QColor) -> None:
    painter.setPen(QPen(color, 1.4, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
    painter.drawLine(QPointF(3.5, 3.5), QPointF(10.5, 10.5))
    painter.drawLine(QPointF(10.5, 3.5), QPointF(3.5, 10.5))


_PAINTERS = {"train": _train, "pause": _pause, "step": _step, "reset": _reset, "theme": _theme, "close": _close}
