"""The helper that looks at pictures sees what Qt sees."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QColor, QImage

from tests.gui.pixels import colors

FORMATS = QImage.Format.Format_RGB32, QImage.Format.Format_ARGB32_Premultiplied, QImage.Format.Format_RGB888


@pytest.mark.parametrize("form", FORMATS, ids=lambda form: form.name)
def test_every_colour_is_seen_once_and_those_between_the_places_are_not(form: QImage.Format) -> None:
    image = QImage(7, 5, form)
    image.fill(QColor("#102030"))
    assert colors(image) == {"#102030"}
    image.setPixelColor(6, 4, QColor("#fedcba"))
    image.setPixelColor(3, 2, QColor("#000001"))
    each = {image.pixelColor(x, y).name() for x in range(7) for y in range(5)}
    assert colors(image) == each == {"#102030", "#fedcba", "#000001"}
    assert colors(image, 2) == {"#102030", "#fedcba"}


def test_a_picture_without_a_size_has_no_colours() -> None:
    assert colors(QImage()) == set()
