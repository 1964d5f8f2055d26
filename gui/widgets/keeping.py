"""A menu on a picture: copy it, save it as PNG or SVG, save its numbers as CSV."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from io import StringIO
from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QGuiApplication, QImage, QPainter
from PySide6.QtSvg import QSvgGenerator
from PySide6.QtWidgets import QFileDialog, QMenu, QWidget

Table = Callable[[], Iterable[Sequence[object]]]
Picture = Callable[[], QImage]

PICTURE_SCALE = 2.0  # of saved pictures, so that they can be printed


@dataclass(frozen=True, eq=False)
class Kept:
    """A picture on the screen with what is needed to keep it."""

    widget: QWidget
    name: str
    table: Table
    picture: Picture | None = None

    def image(self) -> QImage:
        """The picture as an image."""
        return picture_of(self.widget) if self.picture is None else self.picture()


def offer_keeping(widget: QWidget, name: str, table: Table, picture: Picture | None = None) -> None:
    """Give a picture its menu. `name` is the file's; `table` gives the rows of the CSV, names of the columns first;
    `picture` an image of more than what shows, where there is more.
    """
    widget.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
    widget.customContextMenuRequested.connect(partial(_ask, Kept(widget, name, table, picture)))


def _ask(kept: Kept, position: QPoint) -> None:
    menu = keeping_menu(kept)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    menu.popup(kept.widget.mapToGlobal(position))


def keeping_menu(kept: Kept) -> QMenu:
    """The menu itself."""
    menu = QMenu(kept.widget)
    menu.setObjectName("keeping")
    clipboard = QGuiApplication.clipboard()
    menu.addAction("Copy picture").triggered.connect(lambda: clipboard.setImage(kept.image()))
    menu.addAction("Copy numbers").triggered.connect(lambda: clipboard.setText(text_of(kept.table(), "\t")))
    menu.addSeparator()
    for title, suffix, kind in (("Save picture…", "png", "PNG (*.png)"), ("Save drawing…", "svg", "SVG (*.svg)"),
                                ("Save numbers…", "csv", "CSV (*.csv)")):
        menu.addAction(title).triggered.connect(partial(_choose_file, kept, f"{kept.name}.{suffix}", kind))
    return menu


def _choose_file(kept: Kept, name: str, kind: str) -> None:
    dialog = QFileDialog(kept.widget, "Save", name, kind)
    dialog.setObjectName("save-dialog")
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setDefaultSuffix(Path(name).suffix.lstrip("."))
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.fileSelected.connect(lambda path: keep(kept, Path(path)))
    dialog.open()


def keep(kept: Kept, path: Path) -> None:
    """Write what the suffix of the path says: .svg, .csv, else a picture."""
    if path.suffix == ".svg":
        path.write_bytes(drawing_of(kept.widget))
    elif path.suffix == ".csv":
        path.write_text(text_of(kept.table(), ","), encoding="utf-8")
    else:
        buffer = QBuffer()
        buffer.open(QIODevice.OpenModeFlag.WriteOnly)
        kept.image().save(buffer, "PNG")  # type: ignore[call-overload]  # its stub asks for bytes, which it refuses
        path.write_bytes(bytes(buffer.data().data()))


def picture_of(widget: QWidget) -> QImage:
    """The widget as it stands, finer than on the screen."""
    image = QImage(widget.size() * PICTURE_SCALE, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(PICTURE_SCALE)
    image.fill(widget.palette().color(widget.backgroundRole()))
    widget.render(image)
    return image


def drawing_of(widget: QWidget) -> bytes:
    """The widget as SVG."""
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    generator = QSvgGenerator()
    generator.setOutputDevice(buffer)
    generator.setSize(QSize(widget.width(), widget.height()))
    generator.setViewBox(QRect(0, 0, widget.width(), widget.height()))
    painter = QPainter(generator)
    widget.render(painter, QPoint())
    painter.end()
    buffer.close()
    return bytes(data.data())


def text_of(rows: Iterable[Sequence[object]], separator: str) -> str:
    """Rows as CSV, or as lines of a table to paste."""
    out = StringIO()
    csv.writer(out, delimiter=separator, lineterminator="\n").writerows(rows)
    return out.getvalue()
