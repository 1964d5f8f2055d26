"""What is written in a widget, read from its SVG."""

from __future__ import annotations

import html
import re
from pathlib import Path

from PySide6.QtSvg import QSvgGenerator
from PySide6.QtWidgets import QWidget


def tip_of(widget: QWidget) -> str:
    """What the tooltip of a widget says, its lines joined."""
    return widget.toolTip().replace("\n", " ")


def texts_in(widget: QWidget, folder: Path) -> list[str]:
    """All texts that a widget draws, in the order in which it draws them."""
    path = folder / "drawn.svg"
    generator = QSvgGenerator()
    generator.setFileName(str(path))
    widget.render(generator)
    return [html.unescape(text.strip()) for text in re.findall(r"<text[^>]*>([^<]*)", path.read_text())]
