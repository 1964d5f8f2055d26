"""Views as files and on the clipboard: PNG, SVG and CSV.

Widgets are painted immediately, in the GUI thread; large drawings and all files are made in jobs.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QPoint, QRect, QSize
from PySide6.QtGui import QImage, QPainter
from PySide6.QtSvg import QSvgGenerator

import engine
from engine.export.csv_writer import TABLES, csv_text, write_table
from engine.runs.atomic_write import replacing
from gui.session.jobs import TellProgress

PNG_SCALE = 2.0  # pixels for each pixel on the screen, so that it is sharp in print
LARGEST_SIDE_PX = 30_000  # common programs cannot open larger images
MOST_COPIED = 1_000_000  # cells; desktop clipboards cannot hold much more
ROWS_A_REPORT = 1000
FORMATS = {"png": "Picture as PNG", "svg": "Picture as SVG", "csv": "Numbers as CSV"}
WRITTEN_NUMBER = re.compile(r"−?\d[\d,]*(?:\.\d+)?(?:e−?\d+)?")  # as the window writes it

Rows = Iterable[Sequence[object]]


@dataclass(frozen=True)
class Table:
    """The numbers of a view: one name for each column, and rows of text and numbers.

    Many rows are a generator, which is read in a thread: it may use only what never changes, and no widget.
    """

    columns: tuple[str, ...] = ()
    rows: Iterable[tuple[object, ...]] = ()

    def __iter__(self) -> Iterator[Sequence[object]]:
        """The names first, then the rows."""
        yield self.columns
        yield from self.rows


def readable(table: Rows) -> Rows:
    """The same with numbers that programs can read: a hyphen for each minus, and no commas between thousands."""
    for row in table:
        yield [_readable(cell) if isinstance(cell, str) else cell for cell in row]


def _readable(cell: str) -> str:
    return cell.replace("−", "-").replace(",", "") if WRITTEN_NUMBER.fullmatch(cell) else cell


@dataclass(frozen=True)
class Drawing:
    """A picture and its size in screen pixels. anywhere: whether it can be drawn outside the GUI thread."""

    size: QSize
    paint: Callable[[QPainter, TellProgress], None]
    anywhere: bool = False


class Exportable(Protocol):
    """Anything that can be saved."""

    def drawing(self) -> Drawing:
        """The picture as it is now, from (0, 0), with its background."""

    def saved_table(self) -> Rows:
        """The numbers that are drawn, as programs read them: names of the columns, then the rows."""


def save(view: Exportable, path: Path) -> Callable[[TellProgress], None]:
    """The work that writes a file in the format that the name's ending stands for, otherwise PNG.

    The view is read now; the work writes the file. StorageError if it cannot be written.
    """
    if path.suffix.lower() in TABLES:
        return save_table(view.saved_table(), path)
    paint = _svg if path.suffix.lower() == ".svg" else _png
    drawing = view.drawing()
    if drawing.anywhere:
        return lambda report: _write(path, paint(drawing, report))
    content = paint(drawing, _ignore)
    return lambda report: _write(path, content)


def save_table(table: Rows, path: Path) -> Callable[[TellProgress], None]:
    """The work that writes numbers as CSV, or as the name's ending says."""
    return partial(_write_numbers, table, path)


def copy_picture(view: Exportable) -> Callable[[TellProgress], QImage]:
    """The work that makes the picture for the clipboard."""
    drawing = view.drawing()
    if drawing.anywhere:
        return partial(image_of, drawing)
    image = image_of(drawing)
    return lambda report: image


def copy_numbers(view: Exportable) -> Callable[[TellProgress], str]:
    """The work that makes the numbers for the clipboard, separated by tabs, as spreadsheets expect."""
    table = view.saved_table()

    def work(report: TellProgress) -> str:
        return csv_text(_limited(_counted(table, report)), delimiter="\t", line_end="\n")

    return work


def image_of(drawing: Drawing, report: TellProgress | None = None, scale: float = PNG_SCALE) -> QImage:
    """The picture, `scale` times as large as on the screen."""
    scale = min(scale, LARGEST_SIDE_PX / max(drawing.size.width(), drawing.size.height(), 1))
    image = QImage(drawing.size * scale, QImage.Format.Format_RGB32)
    image.fill(0xFFFFFF)
    painter = QPainter(image)
    try:
        painter.scale(scale, scale)
        drawing.paint(painter, report or _ignore)
    finally:
        painter.end()
    return image


def _png(drawing: Drawing, report: TellProgress) -> bytes:
    content = QByteArray()
    buffer = QBuffer(content)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image_of(drawing, report).save(buffer, "PNG")  # type: ignore[call-overload]  # its hints know bytes only
    return bytes(content.data())


def _svg(drawing: Drawing, report: TellProgress) -> bytes:
    """The picture as SVG, made of lines and letters."""
    content = QByteArray()
    buffer = QBuffer(content)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    generator = QSvgGenerator()
    generator.setOutputDevice(buffer)
    generator.setSize(drawing.size)
    generator.setViewBox(QRect(QPoint(0, 0), drawing.size))
    generator.setResolution(96)
    painter = QPainter(generator)
    try:
        drawing.paint(painter, report)
    finally:
        painter.end()
    return bytes(content.data())


def _write(path: Path, content: bytes) -> None:
    with replacing(path) as temporary:
        temporary.write_bytes(content)


def _write_numbers(table: Rows, path: Path, report: TellProgress) -> None:
    write_table(path, _counted(table, report))


def _counted(table: Rows, report: TellProgress) -> Rows:
    for number, row in enumerate(table):
        if number % ROWS_A_REPORT == 0:
            report(f"{number:,} rows")
        yield row


def _limited(table: Rows) -> Rows:
    cells = 0
    for row in table:
        cells += len(row)
        if cells > MOST_COPIED:
            raise engine.StorageError(f"there are more than {MOST_COPIED:,} values; save them as CSV instead.")
        yield row


def _ignore(progress: str) -> None:
    """Ignore the progress of a picture that is painted at once."""
