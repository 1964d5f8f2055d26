"""Notes over time, each drawn as a bar at the height of its pitch."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from engine.data.music.notes import NAMES, Note, total
from gui.theme import LIGHT, Theme, mix
from gui.widgets.controls import introduced

HEIGHT_PX = 150
NAMES_PX, NAME_PX = 30.0, 16.0  # width of the octave names on the left, and height of one
LEAST_PITCHES = 12
SEMITONES = 12


class PianoRoll(QWidget):
    """A piano roll: black keys are shaded rows, and each C, where an octave begins, is labelled."""

    def __init__(self, name: str, title: str) -> None:
        super().__init__()
        introduced(self, name, title)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._notes: tuple[Note, ...] = ()
        self._theme = LIGHT

    def sizeHint(self) -> QSize:
        """A nominal size; the widget takes any width."""
        return QSize(120, HEIGHT_PX)

    def show_notes(self, notes: Sequence[Note], theme: Theme) -> None:
        """Draw these notes."""
        self._notes, self._theme = tuple(notes), theme
        self.setAccessibleDescription(" ".join(map(str, notes)))
        self.update()

    def boxes(self) -> list[QRectF]:
        """The box of each note that is not a rest."""
        low, rows = self._range()
        height, width = self.height() / rows, self.width() - NAMES_PX
        length = float(total(self._notes)) or 1.0
        found, at = [], 0.0
        for note in self._notes:
            span = float(note.length) / length * width
            if note.pitch is not None:
                found.append(QRectF(NAMES_PX + at, (low + rows - 1 - note.pitch) * height, span, height))
            at += span
        return found

    def _range(self) -> tuple[int, int]:
        """The lowest pitch, and how many rows there are."""
        pitches = [note.pitch for note in self._notes if note.pitch is not None] or [60]
        low, high = min(pitches) - 1, max(pitches) + 1
        return low, max(LEAST_PITCHES, high - low + 1)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw rows, names and notes."""
        painter, theme = QPainter(self), self._theme
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        low, rows = self._range()
        height = self.height() / rows
        shade = QColor(mix(theme.surface, theme.track, 0.6))
        for row in range(rows):
            pitch, top = low + rows - 1 - row, row * height
            name = NAMES[pitch % SEMITONES]
            if "#" in name:
                painter.fillRect(QRectF(NAMES_PX, top, self.width() - NAMES_PX, height), shade)
            if name == NAMES[0]:
                painter.setPen(QColor(theme.muted))
                middle = min(max(top + height / 2, NAME_PX / 2), self.height() - NAME_PX / 2)
                line = QRectF(0, middle - NAME_PX / 2, NAMES_PX - 5, NAME_PX)
                right = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
                painter.drawText(line, right, f"{name}{pitch // SEMITONES - 1}")
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme.accent))
        for box in self.boxes():
            painter.drawRoundedRect(box.adjusted(0, 0.5, -min(1.0, box.width() / 4), -0.5), 1.5, 1.5)
