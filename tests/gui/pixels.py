"""The colours of a picture, all at once: asking Qt for each pixel takes a tenth of a second and more."""

from __future__ import annotations

import numpy as np
from PySide6.QtGui import QImage


def colors(image: QImage, every: int = 1) -> set[str]:
    """The names of the colours in a picture, as QColor.name() has them. every: look at each so many-th pixel of each so
    many-th row."""
    if image.isNull():
        return set()
    pixels = image.convertToFormat(QImage.Format.Format_RGB32)  # four bytes each, rows without padding
    rows = np.frombuffer(pixels.constBits(), np.uint32).reshape(pixels.height(), pixels.width())
    return {f"#{color & 0xFFFFFF:06x}" for color in np.unique(rows[::every, ::every]).tolist()}
