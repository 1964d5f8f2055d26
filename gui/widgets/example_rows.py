"""A few rows of the data: text or a small picture on the left, its label or target on the right."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui.theme import LIGHT, Theme
from gui.widgets.controls import introduced
from gui.widgets.symbols import plain_tip, visible_text

ROW_PX = 21
MakePicture = Callable[[QSize, float], QImage]  # takes a size in logical pixels, and the screen's device pixel ratio


class ExampleRows(QWidget):
    """Painted rows with hairlines between; always as high as `count` rows, so that nothing moves when the data
    change."""

    def __init__(self, count: int, name: str, label: str) -> None:
        super().__init__()
        introduced(self, name, label)
        self.setFixedHeight(count * ROW_PX)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._count, self._theme = count, LIGHT
        self._rows: tuple[tuple[str, str], ...] = ()
        self._pictures: tuple[MakePicture, ...] = ()

    @property
    def rows(self) -> tuple[tuple[str, str], ...]:
        """The rows shown."""
        return self._rows

    def set_rows(self, rows: Sequence[tuple[str, str]], pictures: Sequence[MakePicture] = ()) -> None:
        """Show these rows; those beyond `count` are left out. pictures: drawn instead of the text on the left."""
        self._pictures = tuple(pictures[: self._count])
        self._rows = tuple((_one_line(left), _one_line(right)) for left, right in rows[: self._count])
        spoken = [f"{left} — {right}" if right else left for left, right in self._rows]
        self.setAccessibleDescription("; ".join(spoken))
        self.setToolTip(plain_tip("\n".join(spoken)))
        self.update()

    def set_theme(self, theme: Theme) -> None:
        """Use the colours of another theme."""
        self._theme = theme
        self.update()

    def sizeHint(self) -> QSize:
        """A nominal size; the widget takes any width."""
        return QSize(120, self._count * ROW_PX)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the rows. The right side gets the room that the left one leaves, but at least half if it needs it."""
        painter, metrics = QPainter(self), QFontMetrics(self.font())
        width = self.width() - 8
        for number, (left, right) in enumerate(self._rows):
            line = QRect(4, number * ROW_PX, width, ROW_PX)
            gap = 10 if right else 0
            most = width - min(metrics.horizontalAdvance(right) + 1, width // 2) - gap  # for the left side
            painter.setPen(QColor(self._theme.text))
            if self._pictures:
                picture = self._pictures[number](QSize(most, ROW_PX - 3), self.devicePixelRatioF())
                painter.drawImage(line.topLeft(), picture)
                taken = picture.deviceIndependentSize().toSize().width()
            else:
                shown = metrics.elidedText(left, Qt.TextElideMode.ElideRight, most)
                painter.drawText(line, int(Qt.AlignmentFlag.AlignVCenter), shown)
                taken = metrics.horizontalAdvance(shown)
            painter.setPen(QColor(self._theme.muted))
            painter.drawText(
                line,
                int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight),
                metrics.elidedText(right, Qt.TextElideMode.ElideRight, width - taken - gap),
            )
            painter.setPen(QColor(self._theme.divider))
            painter.drawLine(0, line.bottom(), self.width(), line.bottom())


def _one_line(text: str) -> str:
    return visible_text(" ".join(text.split()))
