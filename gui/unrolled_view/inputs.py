"""The input below a cell: the symbol, the vector that it becomes, and where dropout acts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter

from gui.unrolled_view.fold import LOW_LOOP
from gui.unrolled_view.outputs import ARROW_GAP
from gui.unrolled_view.row_heights import STEM_BELOW

if TYPE_CHECKING:
    from gui.unrolled_view.painter import DiagramPainter

DROP_RADIUS = 3.5
BESIDE, BETWEEN = 3.0, 6.0  # what is free beside a symbol in its column, and between two symbols
FRAME, LEAST_FRAME = 6.0, 1.0  # by which the frame of an unknown symbol is wider than it on each side
EDGE = 12.0  # by which the first and the last symbol may reach beyond their columns
PADDING = "padding", "pad"  # from long to short


class InputPainter:
    """Draws the input of a column with the fonts and colours of a DiagramPainter."""

    def __init__(self, base: DiagramPainter) -> None:
        self.base, self.layout, self.theme, self.diagram = base, base.layout, base.theme, base.diagram
        self._sizes: dict[str, int] = {}  # of the symbols of each part

    def half_width(self, column: int) -> float:
        """Half the width of the symbol of a column, beside arrows."""
        return min(self._width(column, self.layout.slot_width - BESIDE), self.layout.slot_width - ARROW_GAP) / 2

    def _width(self, column: int, room: float) -> float:
        return min(self.base.symbols.width(self.diagram.columns[column].below, self._size(column)), room)

    def _size(self, column: int) -> int:
        """The height of a symbol: one for all that a part reads. The steps of a folded picture come one by one, and
        numbers have one height anyway."""
        columns, item = self.diagram.columns, self.diagram.columns[column]
        if self.layout.fold is not None or self.diagram.numbers is not None:
            return self.base.symbols.single(item.below, self.room(column))
        if item.part not in self._sizes:
            read = (i for i, each in enumerate(columns) if each.part == item.part and not each.padding)
            self._sizes[item.part] = self.base.symbols.of_row((columns[i].below, self.room(i)) for i in read)
        return self._sizes[item.part]

    def room(self, column: int) -> float:
        """Width for the symbol of a column: what its neighbours leave free, unless an arrow passes between them."""
        columns, slot = self.diagram.columns, self.layout.slot_width
        around = [i for i in (column - 1, column + 1) if 0 <= i < len(columns)]
        arrows = any(columns[max(i, column)].fed_back for i in around)
        if arrows or self.diagram.padded or self.layout.fold is not None:
            return slot - BESIDE
        symbols = self.base.symbols
        wider = max((symbols.width(columns[i].below, symbols.usual) for i in around), default=0.0)
        free = max(slot - BESIDE, 2 * (slot - BETWEEN) - min(wider, slot))
        return free if len(around) == 2 else min(free, slot + 2 * EDGE)

    def _frame(self, column: int) -> float:
        """How much wider than its symbol a frame is on each side: less where long symbols stand beside it, so that it
        touches neither them nor their frames."""
        columns, wide, room = self.diagram.columns, FRAME, self.layout.slot_width
        for beside in (column - 1, column + 1):
            if 0 <= beside < len(columns):
                free = room - (self._width(column, self.room(column)) + self._width(beside, self.room(beside))) / 2
                wide = min(wide, (free / 2 if columns[beside].unknown else free) - 1)
        return max(wide, LEAST_FRAME)

    def paint(self, painter: QPainter, column: int) -> None:
        """Draw the symbol, its vector, and the line between them."""
        item, box, theme = self.diagram.columns[column], self.layout.input(column), self.theme
        if item.padding:
            labels = PADDING if item.padding == 1 else (f"{item.padding} more", f"+{item.padding}")
            wide = QFontMetricsF(self.base.fonts[11]).horizontalAdvance
            label = next((text for text in labels if wide(text) <= self.layout.slot_width - BESIDE), labels[-1])
            self.base.write(painter, box, label, 11, theme.disabled)
            return
        if not self.base.input_known(column):
            self.base.write(painter, box, "…", 11, theme.disabled)
            self._strips(painter, column, known=False)
            return
        room, size = self.room(column), self._size(column)
        if item.unknown:
            width = self._width(column, room) / 2 + self._frame(column)
            painter.setPen(self.base.pen(theme.warning, 1.2, Qt.PenStyle.DotLine))
            painter.setBrush(QColor(theme.warning_soft))
            painter.drawRoundedRect(QRectF(box.center().x() - width, box.top() + 2, 2 * width, box.height() - 4), 4, 4)
        color = theme.disabled if item.cut else theme.warning if item.unknown else theme.text
        self.base.write(painter, box, item.below, size, color, room)
        self._strips(painter, column, known=True)

    def _strips(self, painter: QPainter, column: int, *, known: bool) -> None:
        item, layout = self.diagram.columns[column], self.layout
        entrance = self.diagram.entrances.get(item.part)
        if entrance is None or not entrance.sizes:
            return
        images = self.base.pictures.strips.get(item.part, []) if known else []
        for number in range(len(entrance.sizes)):
            box = layout.strip(column, number)
            if images:
                image, tiles = images[number]
                painter.drawImage(box, image, QRectF((item.step - 1) * tiles, 0, tiles, 1))
            painter.setPen(self.base.pen(self.theme.border))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(box, 2, 2)
        low = layout.strip(column, len(entrance.sizes) - 1).bottom()
        painter.setPen(self.base.pen(self.theme.muted, 1.4))
        x = layout.column_x(column)
        painter.drawLine(QPointF(x, low + 1), QPointF(x, low + layout.rows.strip_stem))

    def drops(self, painter: QPainter, column: int) -> None:
        """Mark where dropout acts in training: after the embedding, between layers, before the output.

        The mark is a crossed ring on the line; beside a cell's loop, it moves into the room that this leaves.
        """
        if self.diagram.dropout <= 0 or self.diagram.padded:
            return
        layout, item = self.layout, self.diagram.columns[column]
        x = layout.column_x(column)
        entrance = self.diagram.entrances.get(item.part)
        folded = 0.0 if layout.fold is None else layout.fold.share
        aside = LOW_LOOP / 2 * folded if self.diagram.remembers else 0.0
        rows = [row for row in self.diagram.rows if row.first <= column < row.first + row.steps]
        both_ways = any(row.backward for row in rows)  # then the loops of forward cells go below them
        heights = []
        if entrance is not None and entrance.sizes:
            heights.append(layout.bottom(column) + STEM_BELOW / 2 + aside * both_ways)
        for row in rows:
            if row.level > 0 and not row.backward:
                middle = layout.cell(column, row.level).bottom() + layout.rows.level_gap / 2
                heights.append(middle - aside * (not both_ways))
        if item.above and not self.diagram.answers_once:
            heights.append(layout.cells_top - layout.rows.stem / 2 - aside)
        self._rings(painter, [QPointF(x, y) for y in heights])

    def drop_before_answer(self, painter: QPainter, place: QPointF) -> None:
        """Mark dropout on the line to a single answer."""
        if self.diagram.dropout > 0:
            self._rings(painter, [place])

    def _rings(self, painter: QPainter, places: list[QPointF]) -> None:
        painter.setPen(self.base.pen(self.theme.secondary, 1.2))
        painter.setBrush(QColor(self.theme.surface))
        for place in places:
            painter.drawEllipse(place, DROP_RADIUS, DROP_RADIUS)
            slant = QPointF(DROP_RADIUS, -DROP_RADIUS) * 0.7
            painter.drawLine(place - slant, place + slant)
