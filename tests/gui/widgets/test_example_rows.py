"""The rows of the data beside their labels, drawn."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from gui.widgets.example_rows import ExampleRows

WIDTH, THUMBNAIL_PX = 240, 18


def thumbnail(size: QSize, ratio: float) -> QImage:
    """A white square, as high as the row allows."""
    image = QImage(QSize(THUMBNAIL_PX, size.height()) * ratio, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(ratio)
    image.fill(Qt.GlobalColor.white)
    return image


def test_a_long_caption_gets_all_the_room_beside_a_small_picture(qtbot: QtBot) -> None:
    rows = ExampleRows(1, "rows", "Rows")
    qtbot.addWidget(rows)
    rows.resize(WIDTH, rows.height())
    caption = "a red circle to the left of a green square and a blue triangle above it"
    rows.set_rows([("0.1 " * 40, caption)], [thumbnail])
    image = rows.grab().toImage()
    columns = range(THUMBNAIL_PX + 8, image.width() // 2 - 12)
    seen = {image.pixel(x, y) for x in columns for y in range(4, 16)}
    assert len(seen) > 1
