"""Views as files and on the clipboard: PNG, SVG and CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QPoint, QRect, QSize
from PySide6.QtGui import QImage, QPainter
from PySide6.QtSvg import QSvgGenerator

PNG_SCALE = 2.0  # pixels for each one on the screen: sharp in print
LARGEST_SIDE_PX = 30_000  # beyond this images cannot be opened by common programs
FORMATS = {"png": "Picture as PNG", "svg": "Picture as SVG", "csv": "Numbers as CSV"}


@dataclass(frozen=True)
class Table:
    """The numbers of a view: one name for each column, and rows of text and numbers."""

    columns: tuple[str, ...] = ()
    rows: Iterable[tuple[object, ...]] = ()

    def __iter__(self) -> Iterator[Sequence[object]]:
        """The names first, then the rows."""
        yield self.columns
        yield from self.rows


class Exportable(Protocol):
    """What can be saved."""

    def picture_size(self) -> QSize:
        """How large the picture is, in pixels of the screen."""

    def paint_picture(self, painter: QPainter) -> None:
        """Draw the picture from (0, 0), with its background."""

    def table(self) -> Iterable[Sequence[object]]:
        """The numbers that are drawn: names of the columns, then the rows."""


def image_of(view: Exportable, scale: float = PNG_SCALE) -> QImage:
    """The picture, `scale` times as large as on the screen."""
    size = view.picture_size()
    scale = min(scale, LARGEST_SIDE_PX / max(size.width(), size.height(), 1))
    image = QImage(size * scale, QImage.Format.Format_RGB32)
    image.fill(0xFFFFFF)
    painter = QPainter(image)
    painter.scale(scale, scale)
    view.paint_picture(painter)
    painter.end()
    return image


def write_png(view: Exportable, path: Path) -> None:
    """Write the picture in pixels. OSError if it cannot be written."""
    if not image_of(view).save(str(path)):
        raise OSError(f"{path} could not be written.")


def write_svg(view: Exportable, path: Path) -> None:
    """Write the picture in lines and letters. OSError if it cannot be written."""
    with path.open("wb"):
        pass  # Qt would only complain on the error stream
    generator = QSvgGenerator()
    generator.setFileName(str(path))
    generator.setSize(view.picture_size())
    generator.setViewBox(QRect(QPoint(0, 0), view.picture_size()))
    generator.setResolution(96)
    painter = QPainter(generator)
    view.paint_picture(painter)
    painter.end()


def write_csv(view: Exportable, path: Path) -> None:
    """Write the numbers, UTF-8, with a line of names. OSError if it cannot be written."""
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(view.table())


def text_of(view: Exportable) -> str:
    """The numbers for the clipboard, separated by tabs as spreadsheets like them."""
    text = io.StringIO()
    csv.writer(text, delimiter="\t", lineterminator="\n").writerows(view.table())
    return text.getvalue()


WRITERS: dict[str, Callable[[Exportable, Path], None]] = {"png": write_png, "svg": write_svg, "csv": write_csv}


def save(view: Exportable, path: Path) -> None:
    """Write in the format that the name ends with, PNG where it says nothing else. OSError if it cannot be written."""
    WRITERS.get(path.suffix.lower().lstrip("."), write_png)(view, path)
