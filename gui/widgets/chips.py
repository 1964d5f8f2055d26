"""Words with a coloured background behind the meaningful ones, wrapped like text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from PySide6.QtCore import QEvent, QPoint, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QHelpEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from engine.number_text import grouped
from gui.theme import Theme, mix
from gui.widgets.canvas_scroll import CanvasScroll
from gui.widgets.symbols import plain_tip, visible_text

LINE_GAP_PX = 6.0
NOTE_FONT_PX = 9
MOST_CHIPS = 4000  # the most that are laid out; a longer text says how many are left out


@dataclass(frozen=True)
class Chip:
    """A word; `color` "" draws it plain. `note` is written below it; `hint` is its tooltip."""

    text: str
    note: str = ""
    color: str = ""
    strength: float = 1.0  # 0 to 1: how full the colour is
    hint: str = ""
    unknown: bool = False  # drawn with a dotted edge


class _ChipRows(QWidget):
    """The chips themselves, as high as they need to be."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.chips: tuple[Chip, ...] = ()
        self.theme = theme
        self._boxes: list[QRectF] = []
        self._note_font = QFont(self.font())
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)

    def lay_out(self) -> None:
        """Place all chips for the current width."""
        self._note_font = QFont(self.font())
        self._note_font.setPixelSize(NOTE_FONT_PX)
        metrics, notes = QFontMetricsF(self.font()), QFontMetricsF(self._note_font)
        has_notes = any(chip.note for chip in self.chips)
        height = metrics.height() + (notes.height() - 1 if has_notes else 0) + 5
        x, y, room = 0.0, 1.0, max(80.0, float(self.width()))
        self._boxes = []
        for chip in self.chips:
            width = max(metrics.horizontalAdvance(chip.text), notes.horizontalAdvance(chip.note))
            width = min(room, width + (10 if chip.color or chip.unknown else 4))
            if x + width > room:
                x, y = 0.0, y + height + LINE_GAP_PX
            self._boxes.append(QRectF(x, y, width, height))
            x += width + 3
        self.setMinimumHeight(round(y + height + 2) if self.chips else 0)
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Wrap the chips to the new width."""
        self.lay_out()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the visible chips."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        shown = QRectF(event.rect())
        for chip, box in zip(self.chips, self._boxes, strict=True):
            if box.intersects(shown):
                self._draw(painter, chip, box)

    def _draw(self, painter: QPainter, chip: Chip, box: QRectF) -> None:
        theme = self.theme
        if chip.color or chip.unknown:
            painter.setBrush(
                QColor(mix(theme.surface, chip.color, 0.12 + 0.38 * chip.strength))
                if chip.color
                else Qt.BrushStyle.NoBrush
            )
            painter.setPen(QPen(QColor(theme.warning), 1.0, Qt.PenStyle.DotLine) if chip.unknown else Qt.PenStyle.NoPen)
            painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), 5, 5)
        metrics = QFontMetricsF(self.font())
        painter.setFont(self.font())
        painter.setPen(QColor(theme.text))
        text = metrics.elidedText(chip.text, Qt.TextElideMode.ElideRight, box.width() - 2)
        top = QRectF(box.left(), box.top() + 1, box.width(), metrics.height())
        painter.drawText(top, int(Qt.AlignmentFlag.AlignCenter), text)
        if chip.note:
            painter.setFont(self._note_font)
            painter.setPen(QColor(mix(theme.text, chip.color, 0.35) if chip.color else theme.muted))
            note = QRectF(box.left(), top.bottom() - 2, box.width(), box.bottom() - top.bottom())
            painter.drawText(note, int(Qt.AlignmentFlag.AlignCenter), chip.note)

    def chip_at(self, position: QPoint) -> Chip | None:
        """The chip at a position."""
        for chip, box in zip(self.chips, self._boxes, strict=True):
            if box.contains(position):
                return chip
        return None

    def event(self, event: QEvent) -> bool:
        """Show a tooltip for the chip under the mouse."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            chip = self.chip_at(event.pos())
            QToolTip.showText(event.globalPos(), plain_tip(chip.hint) if chip is not None else "", self)
            return True
        return super().event(event)


class Chips(CanvasScroll):
    """A scroll area with the chips; many lines scroll."""

    def __init__(self, theme: Theme, name: str, title: str) -> None:
        self._field = _ChipRows(theme)
        super().__init__(self._field, name, title)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    @property
    def chips(self) -> tuple[Chip, ...]:
        """The chips shown."""
        return self._field.chips

    def show_chips(self, chips: Sequence[Chip], theme: Theme) -> None:
        """Show these chips."""
        shown = tuple(replace(c, text=visible_text(c.text), note=visible_text(c.note)) for c in chips[:MOST_CHIPS])
        if len(chips) > MOST_CHIPS:
            shown += (Chip(f"… and {grouped(len(chips) - MOST_CHIPS)} more"),)
        self._field.chips, self._field.theme = shown, theme
        self.setAccessibleDescription(" ".join(f"{c.text} ({c.note})" if c.note else c.text for c in shown[:100]))
        self._field.lay_out()

    def sizeHint(self) -> QSize:
        """Enough for a few lines."""
        return QSize(200, 150)
