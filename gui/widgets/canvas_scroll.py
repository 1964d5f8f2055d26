"""A scroll area around a widget that draws itself."""

from __future__ import annotations

from PySide6.QtWidgets import QScrollArea, QWidget


class CanvasScroll(QScrollArea):
    """Scrolls a canvas, with a transparent background. Subclasses do the drawing."""

    def __init__(self, canvas: QWidget, name: str, title: str) -> None:
        super().__init__()
        for widget, called in ((self, name), (canvas, f"{name}-canvas")):
            widget.setObjectName(called)
            widget.setAccessibleName(title)
        self.setWidget(canvas)
        canvas.setAutoFillBackground(False)  # setWidget has switched it on
        self.viewport().setAutoFillBackground(False)
