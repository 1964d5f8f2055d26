"""The column of settings: it scrolls, and sections below the visible part are one click away."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QPushButton, QWidget

from gui.widgets.box_layouts import stacked
from gui.widgets.column_scroll import ColumnScroll
from gui.widgets.controls import introduced

SEEN_PX = 60  # of a section must be visible for it to count as in sight
MOST_PX = 420


class SettingsColumn(QWidget):
    """Sections below each other. The last one has a button at the foot of the column while it is out of sight."""

    def __init__(self, sections: Sequence[QWidget], last_title: str) -> None:
        super().__init__()
        self.setProperty("role", "column")
        self._last = sections[-1]
        content = QWidget()
        content.setProperty("role", "column")
        inner = stacked(of=content, gap=11, margins=(14, 10, 8, 8))
        for section in sections:
            inner.addWidget(section)
        inner.addStretch(1)
        self.area = ColumnScroll()
        self.area.setObjectName("left-column")
        self.area.setProperty("role", "column")
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.area.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)  # no text wraps anew when it scrolls
        self.area.setWidget(content)
        stacked((self.area, 1), of=self, gap=0)
        self.jump = QPushButton(f"{last_title} ↓", self)
        introduced(self.jump, "jump-to-last", f"Scroll to {last_title}", role="foot")
        self.jump.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.jump.clicked.connect(self._to_last)
        self.jump.hide()
        self.setMaximumWidth(MOST_PX)
        self.area.verticalScrollBar().valueChanged.connect(self._show_jump)
        self.area.verticalScrollBar().rangeChanged.connect(self._show_jump)
        self.area.viewport().installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keep the button over the foot of the column, so that nothing moves when it appears or disappears."""
        if event.type() == QEvent.Type.Resize:
            self._show_jump()
        return super().eventFilter(watched, event)

    def _show_jump(self) -> None:
        viewport = self.area.viewport()
        height = self.jump.sizeHint().height()
        self.jump.setGeometry(0, self.height() - height, viewport.width(), height)
        top = self._last.mapTo(viewport, self._last.rect().topLeft()).y()
        self.jump.setVisible(top > viewport.height() - SEEN_PX)
        self.jump.raise_()

    def show_top(self) -> None:
        """Scroll to the first section."""
        self.area.verticalScrollBar().setValue(0)

    def _to_last(self) -> None:
        self.area.verticalScrollBar().setValue(self._last.y())
