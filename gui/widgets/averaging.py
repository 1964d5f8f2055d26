"""Pictures that have more pixels than their room on the screen."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage


def averaged(image: QImage, width: float, height: float) -> QImage:
    """The image with at most this many device pixels across and down, each the mean of those it stands for.

    A side that needs no averaging keeps its pixels: smoothing while painting would also blend those of the other side.
    """
    across, down = max(1, min(image.width(), round(width))), max(1, min(image.height(), round(height)))
    smooth = Qt.TransformationMode.SmoothTransformation
    return image.scaled(across, down, Qt.AspectRatioMode.IgnoreAspectRatio, smooth)
