"""A picture drawn into a file, as saving a view does."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QSize
from PySide6.QtSvg import QSvgGenerator

from gui.plots.picture import Picture


def svg_of(picture: Picture, path: Path) -> str:
    """The text of an SVG file of a picture of this size."""
    generator = QSvgGenerator()
    generator.setFileName(str(path))
    generator.setSize(QSize(picture.size()))
    picture.exact = True
    picture.render(generator)
    return path.read_text()
