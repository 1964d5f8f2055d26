"""Draws the unrolled network: one painter for the screen and for saved pictures."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QImage, QPainter, QPainterPath, QPen

from gui.theme import Theme, diverging_table, mix, rgb
from gui.unrolled_view.both_ways import above_both, draw_both_ways
from gui.unrolled_view.diagram import Diagram, DiagramColumn, LayerRow, pooled, tile_grid
from gui.unrolled_view.layout import LEVEL_GAP, STEM, TALL_CELL, WIDEST_COLUMN, DiagramLayout
from gui.widgets.symbols import subscript, visible_symbol

BAR_WIDTH, BAR_HEIGHT = 48.0, 5.0
SMALL_SYMBOL_PX = 12  # height of symbols in columns narrower than SMALL_BELOW
SMALL_BELOW = 64.0
TILE_GAP_FROM = 3.5  # tiles narrower than this touch each other
LEAST_ALONE, LEAST_AMONG_OTHERS = 0.01, 0.15  # attention that is drawn, of one column or of all
PALE = 0.45  # opacity and width of the attention of a column among others
ARCH, LOW_ARCH = 70.0, 9.0  # how high a line of attention rises: over the encoder, and below the decoder's numbers
LAPS = 3  # of the painter over the columns: arrows, symbols, cells
COLUMNS_A_REPORT = 50
CENTER = int(Qt.AlignmentFlag.AlignCenter)


class StatePictures:
    """The states of every row as one image each: made once for a diagram and a theme, then copied cell by cell."""

    def __init__(self, diagram: Diagram, theme: Theme) -> None:
        table = diverging_table(theme)
        self.grid = (1, 1)
        self.images: list[QImage | None] = [self._image(row, table, theme) for row in diagram.rows]

    def _image(self, row: LayerRow, table: np.ndarray, theme: Theme) -> QImage | None:
        if row.states is None or not row.states.size:
            return None
        states = pooled(row.states)
        steps, units = states.shape
        rows, columns = self.grid = tile_grid(units)
        values = np.zeros((steps, rows * columns), np.float32)
        with np.errstate(over="ignore"):
            values[:, :units] = states
        broken = ~np.isfinite(values)
        index = (np.clip(np.nan_to_num(values), -1.0, 1.0) * 127.5 + 127.5).round().astype(np.uint8)
        pixels = np.empty((steps, rows * columns, 4), np.uint8)
        pixels[..., :3] = table[index][..., ::-1]
        pixels[..., 3] = 255
        pixels[broken] = (*rgb(theme.error)[::-1], 255)
        pixels[:, units:] = 0
        # (steps, rows, columns) → side by side, so that the tiles of step t start at x = t · columns
        wide = np.ascontiguousarray(pixels.reshape(steps, rows, columns, 4).transpose(1, 0, 2, 3))
        image = QImage(wide.data, steps * columns, rows, steps * columns * 4, QImage.Format.Format_ARGB32_Premultiplied)
        return image.copy()


class DiagramPainter:
    """Draws the part of a diagram that shows."""

    def __init__(self, layout: DiagramLayout, pictures: StatePictures, theme: Theme, font: QFont) -> None:
        self.layout, self.pictures, self.theme = layout, pictures, theme
        self.diagram = layout.diagram
        self.fonts = {size: _sized(font, size, bold=size >= SMALL_SYMBOL_PX) for size in (15, SMALL_SYMBOL_PX, 11, 10)}
        self.symbol_px = 15 if layout.slot_width >= SMALL_BELOW else SMALL_SYMBOL_PX
        self.bar_width = min(BAR_WIDTH, layout.slot_width - 12)

    def paint(
        self,
        painter: QPainter,
        columns: Iterable[int],
        selected: tuple[int, int] | None,
        hovered: tuple[int, int] | None = None,
        report: Callable[[float], None] | None = None,
    ) -> None:
        """Draw these columns; `selected` and `hovered` are (row, column). While they gather the symbols of all but
        those that stay fade in the first half, and what belongs to the loop appears in the second.

        report: told again and again which share of the work is done.
        """
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        gathering = self.layout.gathering
        share = 0.0 if gathering is None else gathering.share
        staying = [] if gathering is None else list(gathering.staying.values())
        moving = [c for c in columns if c not in staying] if share < 1.0 else []
        self._captions(painter)
        painter.setOpacity(max(0.0, 1.0 - 2.0 * share))
        if self.diagram.attention is not None and share < 1.0:
            chosen = next(
                (place[1] for place in (hovered, selected) if place is not None and self._writes(place)), None
            )
            for column in moving if chosen is None else [chosen]:
                self._attention(painter, column, alone=chosen is not None)
        for column in _reported([*moving, *staying], report, 0):
            if share < 1.0:
                self._arrows(painter, column)
        for column in _reported(moving, report, 1):
            self._output(painter, column)
            self._input(painter, column)
        painter.setOpacity(1.0)
        for column in _reported([*moving, *staying], report, 2):
            self._cells(painter, column, selected, hovered)
        for column in staying:
            self._stems(painter, column)
            self._output(painter, column)
            self._input(painter, column)

    def _cells(
        self, painter: QPainter, column: int, selected: tuple[int, int] | None, hovered: tuple[int, int] | None
    ) -> None:
        for index, row in enumerate(self.diagram.rows):
            if row.first <= column < row.first + row.steps:
                self._cell(painter, index, column, (index, column) == selected, (index, column) == hovered)
        if not self.diagram.rows:
            self._own_weights(painter, column)

    def _pen(self, color: str, width: float = 1.0, style: Qt.PenStyle = Qt.PenStyle.SolidLine) -> QPen:
        return QPen(QColor(color), width, style, Qt.PenCapStyle.RoundCap)

    def _captions(self, painter: QPainter) -> None:
        if not self.layout.caption_height:
            return
        painter.setFont(self.fonts[11])
        painter.setPen(QColor(self.theme.muted))
        for start in self.layout.part_starts:
            x = self.layout.column_x(start) - min(self.layout.slot_width, WIDEST_COLUMN) / 2 + 18
            painter.drawText(QPointF(x, 12.0), self.diagram.columns[start].part)

    def _arrows(self, painter: QPainter, column: int) -> None:
        """Stems below and above, the state carried on, and the output fed back."""
        self._stems(painter, column)
        for row in self.diagram.rows:
            if self.diagram.remembers and row.first <= column < row.first + row.steps:
                self._carried(painter, row, column)
        if column + 1 < len(self.diagram.columns) and self.diagram.columns[column + 1].fed_back:
            self._fed_back(painter, column)

    def _stems(self, painter: QPainter, column: int) -> None:
        """From the input through the rows of cells to the output."""
        layout, theme = self.layout, self.theme
        x = layout.column_x(column)
        painter.setPen(self._pen(theme.muted, 1.4))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawLine(QPointF(x, layout.cells_bottom), QPointF(x, layout.cells_bottom + STEM))
        if self.diagram.columns[column].above:
            level = self._levels_at(column) - 1
            highest = self.diagram.row_at(column, level)
            both = highest is not None and self.diagram.rows[highest].backward
            end = above_both(layout, column, level) if both else layout.cell(column, level).top()
            painter.drawLine(QPointF(x, layout.cells_top - STEM), QPointF(x, end))
        for level in range(1, self._levels_at(column)):
            upper = self.diagram.row_at(column, level)
            if upper is not None and self.diagram.rows[upper].backward:
                painter.setPen(self._pen(mix(theme.border, theme.muted, 0.6), 1.2))
                draw_both_ways(painter, layout, column, level)
                painter.setPen(self._pen(theme.muted, 1.4))
                continue
            top = layout.cell(column, level).bottom()
            painter.drawLine(QPointF(x, top), QPointF(x, top + LEVEL_GAP))

    def _levels_at(self, column: int) -> int:
        return 1 + max((s.level for s in self.diagram.rows if s.first <= column < s.first + s.steps), default=0)

    def _carried(self, painter: QPainter, row: LayerRow, column: int) -> None:
        """The line that brings a cell its state, as strong as that state is; from encoder to decoder as well."""
        layout = self.layout
        box = layout.cell(column, row.level)
        y = came_from = box.center().y()
        step = column - row.first
        starts = step == (row.steps - 1 if row.backward else 0)
        if row.backward:
            begin = box.right() + 18 if starts else layout.cell(column + 1, row.level).left()
            end, source = box.right(), step + 1
        else:
            handed = starts and self.diagram.takes_over(row.part) and row.first > 0
            level = forward_level(self.diagram, row) if handed else row.level
            begin = box.left() - 18 if starts and not handed else layout.cell(column - 1, level).right()
            came_from = layout.cell(column - 1, level).center().y() if handed else y
            end, source = box.left(), step - 1
        painter.setPen(flow_pen(row, source, self.theme))
        painter.drawLine(QPointF(begin, came_from), QPointF(end, y))
        arrow_head(painter, QPointF(end, y), -1.0 if row.backward else 1.0)
        if starts and not (self.diagram.takes_over(row.part) and row.first > 0):
            painter.setFont(self.fonts[11])
            painter.setPen(QColor(self.theme.muted))
            side = begin + 1 if row.backward else begin - 13
            painter.drawText(QRectF(side, y - 8, 12, 16), CENTER, "0")

    def _fed_back(self, painter: QPainter, column: int) -> None:
        layout = self.layout
        output, below = layout.output(column), layout.input(column + 1)
        begin = QPointF(output.center().x() + self.bar_width / 2 - 4, output.top() + 10)
        symbol = self.diagram.columns[column + 1].below
        end = QPointF(below.center().x() - self._half_width(symbol) - 4, below.center().y())
        top = layout.cells_top
        middle = (layout.column_x(column) + layout.column_x(column + 1)) / 2
        path = QPainterPath(begin)
        path.cubicTo(QPointF(middle + 6, begin.y()), QPointF(middle - 8, top), QPointF(middle, top + 30))
        path.cubicTo(QPointF(middle + 5, layout.cells_bottom - 10), QPointF(middle + 2, end.y()), end)
        painter.setPen(self._pen(mix(self.theme.border, self.theme.muted, 0.5), 1.1, Qt.PenStyle.DashLine))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPath(path)

    def _half_width(self, text: str) -> float:
        width = QFontMetricsF(self.fonts[self.symbol_px]).horizontalAdvance(visible_symbol(text))
        return min(width, self.layout.slot_width - 10) / 2

    def write(self, painter: QPainter, box: QRectF, text: str, size: int, color: str, room: float = 0.0) -> None:
        """Text in the middle of a box, shortened to the width of a column, or to `room`."""
        font = self.fonts[size]
        painter.setFont(font)
        painter.setPen(QColor(color))
        room = room or self.layout.slot_width - 3
        shown = QFontMetricsF(font).elidedText(visible_symbol(text), Qt.TextElideMode.ElideRight, room)
        painter.drawText(box, CENTER | int(Qt.TextFlag.TextDontClip), shown)

    def output_room(self, column: int) -> float:
        """How wide an answer may be: an only one has the room of the columns beside it, up to the picture's edge."""
        layout = self.layout
        if sum(bool(item.above) for item in self.diagram.columns) != 1:
            return layout.slot_width - 3
        x = layout.column_x(column)
        return max(layout.slot_width - 3, 2 * min(x, layout.width - x) - 3)

    def _output(self, painter: QPainter, column: int) -> None:
        item = self.diagram.columns[column]
        if not item.above:
            return
        theme, box = self.theme, self.layout.output(column)
        color = theme.muted if not math.isfinite(item.probability) else theme.orange if item.target else theme.accent
        room, top = self.output_room(column), QRectF(box.left(), box.top(), box.width(), 21)
        self.write(painter, top, item.above, self.symbol_px, color, room)
        bar = QRectF(box.center().x() - self.bar_width / 2, box.top() + 25, self.bar_width, BAR_HEIGHT)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme.track))
        painter.drawRoundedRect(bar, 2, 2)
        if math.isfinite(item.probability):
            bar.setWidth(max(2.0, self.bar_width * min(1.0, item.probability)))
            painter.setBrush(QColor(color))
            painter.drawRoundedRect(bar, 2, 2)
            number = QRectF(box.left(), box.top() + 33, box.width(), 16)
            told = f"{item.probability:.2f}" + (f" → {visible_symbol(item.target)}" if item.target else "")
            if item.target and QFontMetricsF(self.fonts[11]).horizontalAdvance(told) > room:
                told = f"→ {visible_symbol(item.target)}"  # the bar shows the probability as well
            self.write(painter, number, told, 11, theme.secondary if item.target else theme.muted, room)

    def _input(self, painter: QPainter, column: int) -> None:
        item: DiagramColumn = self.diagram.columns[column]
        box = self.layout.input(column)
        if item.unknown:
            width = self._half_width(item.below) + 6
            painter.setPen(self._pen(self.theme.warning, 1.2, Qt.PenStyle.DotLine))
            painter.setBrush(QColor(self.theme.warning_soft))
            painter.drawRoundedRect(QRectF(box.center().x() - width, box.top() + 2, 2 * width, box.height() - 4), 4, 4)
        self.write(painter, box, item.below, self.symbol_px, self.theme.warning if item.unknown else self.theme.text)

    def _cell(self, painter: QPainter, index: int, column: int, selected: bool, hovered: bool) -> None:
        row, theme = self.diagram.rows[index], self.theme
        box = self.layout.cell(column, row.level)
        edge = theme.orange if selected else theme.accent if hovered else theme.border
        painter.setPen(self._pen(edge, 2.0 if selected else 1.2))
        painter.setBrush(QColor(theme.surface))
        painter.drawRoundedRect(box, 8, 8)
        tall = box.height() >= TALL_CELL
        tiles_box = box.adjusted(8, 19, -8, -21) if tall else box.adjusted(7, 7, -7, -7)
        if tall:
            title = self.diagram.cell + (" ←" if row.backward else "")
            self.write(painter, QRectF(box.left(), box.top() + 2, box.width(), 16), title, 11, theme.secondary)
            name = "h" + subscript(self.diagram.columns[column].step)
            self.write(painter, QRectF(box.left(), box.bottom() - 19, box.width(), 16), name, 11, theme.secondary)
        self._tiles(painter, index, column - row.first, tiles_box)

    def _tiles(self, painter: QPainter, index: int, step: int, box: QRectF) -> None:
        image = self.pictures.images[index]
        rows, columns = self.pictures.grid
        if image is None:
            painter.setPen(self._pen(self.theme.border, 1.0, Qt.PenStyle.DotLine))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(box, 3, 3)
            return
        painter.drawImage(box, image, QRectF(step * columns, 0, columns, rows))
        if box.width() / columns < TILE_GAP_FROM or box.height() / rows < TILE_GAP_FROM:
            return
        painter.setPen(QPen(QColor(self.theme.surface), 1.0))
        for i in range(1, columns):
            x = box.left() + box.width() * i / columns
            painter.drawLine(QPointF(x, box.top()), QPointF(x, box.bottom()))
        for i in range(1, rows):
            y = box.top() + box.height() * i / rows
            painter.drawLine(QPointF(box.left(), y), QPointF(box.right(), y))

    def _own_weights(self, painter: QPainter, column: int) -> None:
        """The padded feed-forward network: nothing is shared between positions, nothing is carried on."""
        box = self.layout.cell(column, 0)
        painter.setPen(self._pen(self.theme.border, 1.2))
        painter.setBrush(QColor(self.theme.sunken))
        painter.drawRoundedRect(box, 8, 8)
        self.write(painter, box.adjusted(0, 0, 0, -box.height() / 3), "weights", 11, self.theme.secondary)
        self.write(painter, box.adjusted(0, box.height() / 3, 0, 0), f"of position {column + 1}", 10, self.theme.muted)

    def _writes(self, place: tuple[int, int]) -> bool:
        """Whether a cell belongs to the decoder."""
        return self.diagram.takes_over(self.diagram.columns[place[1]].part)

    def _attention(self, painter: QPainter, column: int, *, alone: bool) -> None:
        """Lines from the encoder's states to a column of the decoder, as strong as the attention is; only the strong
        ones, and pale, where those of other columns are drawn as well."""
        attention, layout = self.diagram.attention, self.layout
        columns = self.diagram.columns
        first = next((i for i, c in enumerate(columns) if self.diagram.takes_over(c.part)), len(columns))
        step = column - first
        if attention is None or not 0 <= step < len(attention):
            return
        end = QPointF(layout.column_x(column), layout.cells_top)
        gate = QPointF(layout.column_x(first) - layout.slot_width / 2, end.y() - LOW_ARCH)
        strength = 1.0 if alone else PALE
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for source in np.flatnonzero(attention[step] > (LEAST_ALONE if alone else LEAST_AMONG_OTHERS)).tolist():
            weight = min(1.0, float(attention[step, source]))
            begin = QPointF(layout.column_x(source), layout.cells_top)
            path = QPainterPath(begin)
            path.cubicTo(begin - QPointF(0, ARCH), gate - QPointF((gate.x() - begin.x()) / 2, 0), gate)
            path.cubicTo(QPointF(end.x(), gate.y()), QPointF(end.x(), gate.y()), end)
            color = QColor(self.theme.orange)
            color.setAlphaF(strength * (0.15 + 0.85 * weight))
            painter.setPen(QPen(color, 1.0 + 3.0 * weight * strength))
            painter.drawPath(path)


def _reported(columns: Sequence[int], report: Callable[[float], None] | None, lap: int) -> Iterator[int]:
    """The columns; the painter goes over them in LAPS laps, this one being the `lap`-th."""
    for done, column in enumerate(columns):
        if report is not None and done % COLUMNS_A_REPORT == 0:
            report((lap + done / len(columns)) / LAPS)
        yield column


def _sized(font: QFont, pixels: int, *, bold: bool) -> QFont:
    sized = QFont(font)
    sized.setPixelSize(pixels)
    sized.setWeight(QFont.Weight.DemiBold if bold else QFont.Weight.Normal)
    return sized


def strength(row: LayerRow, step: int) -> float:
    """0 to 1: the root mean square of the state that flows; one half where nothing has been computed."""
    if row.states is None:
        return 0.5
    if not 0 <= step < len(row.states):
        return 0.35
    state = row.states[step]
    size = float(np.sqrt(np.mean(np.square(state, dtype=np.float64))))
    return min(1.0, size) if math.isfinite(size) else 1.0


def flow_pen(row: LayerRow, step: int, theme: Theme) -> QPen:
    """The pen of an arrow that carries the state of `step`: as strong as that state is."""
    share = strength(row, step)
    color = QColor(mix(theme.border, theme.secondary, share))
    return QPen(color, 1.0 + 1.6 * share, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap)


def forward_level(diagram: Diagram, row: LayerRow) -> int:
    """The row of the encoder whose last state begins a layer of the decoder."""
    same = (s.level for s in diagram.rows if diagram.hands_over(s.part) and s.depth == row.depth and not s.backward)
    return next(same, row.level)


def arrow_head(painter: QPainter, tip: QPointF, direction: float) -> None:
    """Two short lines that end at `tip`; `direction` is 1 to the right, −1 to the left."""
    painter.drawLine(tip, tip + QPointF(-5 * direction, -3))
    painter.drawLine(tip, tip + QPointF(-5 * direction, 3))
