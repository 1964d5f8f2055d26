"""Vectors as coloured strips, one below the other, with one unit's number beside each."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFontMetricsF,
    QImage,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QWheelEvent,
)

from engine.number_text import in_figures, with_minus
from gui.plots.picture import WalkedPicture
from gui.plots.ranges import narrowed
from gui.theme import Theme, diverging_table, rgb
from gui.widgets.averaging import averaged
from gui.widgets.symbols import plain_tip
from gui.widgets.text import tabular

ROW_PX = 17.0
STRIP_PX = 12.0
HEADING_PX = 19.0
SUBSCRIPT_PX = 9
GAP_PX = 6.0  # above a heading
NUMBER_PX = 66.0
TWO_COLUMNS_FROM_PX = 620
COLUMN_GAP_PX = 22.0
TILE_GAP_FROM_PX = 4.0
FRAME_FROM_PX = 4.0  # a frame would hide a narrower tile, which is marked above and below instead
MARK_PX = 2.0
MOST_EXACT = 1024
ZOOM_STEP = 1.3
MIDDLE_LEFT = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft)
MIDDLE_RIGHT = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight)


@dataclass(frozen=True, eq=False)
class Strip:
    """values (n,), coloured from −scale (orange) to +scale (blue). key: what a click on it selects."""

    name: str
    values: np.ndarray[Any, Any]
    scale: float = 1.0
    key: str = ""
    units: bool = True  # whether its tiles are the layer's units, so that the selected one is marked


@dataclass(frozen=True, eq=False)
class Group:
    """Strips under a heading, with a note to its right. second: whether it begins a second column, if that fits."""

    heading: str
    strips: tuple[Strip, ...]
    note: str = ""
    second: bool = False


@dataclass(frozen=True)
class _Placed:
    strip: Strip
    box: QRectF  # the whole row
    tiles: QRectF = field(default_factory=QRectF)


class Strips(WalkedPicture):
    """Draws Groups. A click selects unit and strip; Left and Right move through time, Up and Down through the units.
    Ctrl and the wheel zoom into the units, and a double click shows all again."""

    zooms = True
    chosen = Signal(int, str)  # unit, key of the strip

    def __init__(self, theme: Theme, name: str, title: str) -> None:
        super().__init__(name, title, (240, 80))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.groups: tuple[Group, ...] = ()
        self.unit = 0
        self.key = ""
        self._theme = theme
        self._images: dict[int, QImage] = {}
        self._units = 1  # in a strip of units
        self._window = (0, 1)  # the first unit that is shown, and the one after the last

    def show_groups(self, groups: tuple[Group, ...], unit: int, key: str, theme: Theme) -> None:
        """Draw these groups, with one unit and one strip marked. A zoom stays while the number of units does, and moves
        to include the marked one."""
        units = max((len(s.values) for g in groups for s in g.strips if s.units), default=0) or 1
        if units != self._units:
            self._units, self._window = units, (0, units)
        elif unit != self.unit:
            first, stop = self._window
            begin = min(max(first, unit - (stop - first) + 1), unit)
            self._window = (begin, begin + stop - first)
        self.groups, self.unit, self.key, self._theme = groups, unit, key, theme
        table = diverging_table(theme)
        self._images = {id(s): _image(s, table, theme) for g in groups for s in g.strips if len(s.values)}
        spoken = [f"{s.name} {number_at(s, unit)}" for g in groups for s in g.strips]
        self.setAccessibleDescription(f"unit {unit}: " + ", ".join(spoken))
        self.setMinimumHeight(round(self._height()))
        self.updateGeometry()
        self.update()

    # ---- geometry

    def _columns(self) -> list[list[Group]]:
        if self.width() < TWO_COLUMNS_FROM_PX or not any(group.second for group in self.groups):
            return [list(self.groups)]
        split = next(i for i, group in enumerate(self.groups) if group.second)
        return [list(self.groups[:split]), list(self.groups[split:])]

    def _height(self) -> float:
        heights = [sum(HEADING_PX + GAP_PX + ROW_PX * len(group.strips) for group in c) for c in self._columns()]
        return max(heights, default=0.0) + 2

    def sizeHint(self) -> QSize:
        """As high as the strips need to be."""
        return QSize(480, round(self._height()))

    def resizeEvent(self, event: object) -> None:
        """Adapt the height, since two columns need less than one."""
        self.setMinimumHeight(round(self._height()))

    def _name_width(self) -> float:
        metrics = QFontMetricsF(self._font)
        names = [metrics.horizontalAdvance(s.name) for g in self.groups for s in g.strips]
        return min(120.0, max(names, default=0.0)) + 8

    def _placed(self) -> tuple[list[tuple[Group, QRectF]], list[_Placed]]:
        columns = self._columns()
        width = (self.width() - COLUMN_GAP_PX * (len(columns) - 1)) / max(1, len(columns))
        names = self._name_width()
        headings, rows = [], []
        for number, column in enumerate(columns):
            left, y = number * (width + COLUMN_GAP_PX), 0.0
            for group in column:
                y += GAP_PX if y else 0.0
                headings.append((group, QRectF(left, y, width, HEADING_PX)))
                y += HEADING_PX
                for strip in group.strips:
                    box = QRectF(left, y, width, ROW_PX)
                    room = max(1.0, width - names - NUMBER_PX)
                    tiles = QRectF(left + names, y + (ROW_PX - STRIP_PX) / 2, room, STRIP_PX)
                    rows.append(_Placed(strip, box, tiles))
                    y += ROW_PX
        return headings, rows

    def _shown(self, strip: Strip) -> tuple[int, int]:
        """The first visible tile of a strip, and the one after the last; of a strip without units, the same share."""
        count, (first, stop) = len(strip.values), self._window
        return first * count // self._units, math.ceil(stop * count / self._units)

    # ---- drawing

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw headings, names, tiles, and the numbers of the selected unit."""
        self.painted += 1
        painter = QPainter(self)
        font = tabular(self._font)
        painter.setFont(font)
        metrics = QFontMetricsF(font)
        headings, rows = self._placed()
        for group, box in headings:
            self._draw_heading(painter, metrics, group, box)
        for row in rows:
            self._draw_row(painter, metrics, row)

    def _draw_heading(self, painter: QPainter, metrics: QFontMetricsF, group: Group, box: QRectF) -> None:
        painter.setPen(QColor(self._theme.text))
        left = self._draw_formula(painter, group.heading, box) + 12
        room = box.width() - left
        if group.note and room > 30:
            painter.setPen(QColor(self._theme.muted))
            note = metrics.elidedText(group.note, Qt.TextElideMode.ElideRight, room)
            painter.drawText(box.adjusted(left, 0, 0, 0), MIDDLE_RIGHT, note)

    def _draw_formula(self, painter: QPainter, text: str, box: QRectF) -> float:
        """Draw a formula, with letters after an underscore as subscripts; returns its width."""
        font, small = painter.font(), painter.font()
        small.setPixelSize(SUBSCRIPT_PX)
        x = box.left()
        baseline = box.center().y() + QFontMetricsF(font).ascent() / 2 - 1
        for i, part in enumerate(re.split(r"_(\w+)", text)):
            low = i % 2 == 1
            painter.setFont(small if low else font)
            painter.drawText(QPointF(x, baseline + (3 if low else 0)), part)
            x += QFontMetricsF(painter.font()).horizontalAdvance(part)
        painter.setFont(font)
        return x - box.left()

    def _draw_row(self, painter: QPainter, metrics: QFontMetricsF, row: _Placed) -> None:
        strip, tiles = row.strip, row.tiles
        if strip.key and strip.key == self.key:
            painter.fillRect(row.box.adjusted(0, 0.5, 0, -0.5), QColor(self._theme.accent_soft))
        painter.setPen(QColor(self._theme.secondary))
        names = QRectF(row.box.left(), row.box.top(), tiles.left() - row.box.left() - 6, ROW_PX)
        painter.drawText(names, MIDDLE_LEFT, metrics.elidedText(strip.name, Qt.TextElideMode.ElideRight, names.width()))
        image = self._images.get(id(strip))
        if image is None:
            return
        first, stop = self._shown(strip)
        count = stop - first
        width = tiles.width() / count
        if self.exact and count <= MOST_EXACT:
            for i in range(count):
                box = QRectF(tiles.left() + i * width, tiles.top(), width, STRIP_PX)
                painter.fillRect(box, image.pixelColor(first + i, 0))
        else:
            room = painter.combinedTransform().mapRect(tiles).width()
            painter.drawImage(tiles, averaged(image.copy(first, 0, count, 1), room, 1))
        if width >= TILE_GAP_FROM_PX:
            painter.setPen(QColor(self._theme.surface))
            for i in range(1, count):
                x = tiles.left() + i * width
                painter.drawLine(QPointF(x, tiles.top()), QPointF(x, tiles.bottom()))
        if not strip.units or not 0 <= self.unit < len(strip.values):
            return
        if first <= self.unit < stop:
            self._mark(painter, QRectF(tiles.left() + (self.unit - first) * width, tiles.top(), width, STRIP_PX))
        painter.setPen(QColor(self._theme.text))
        box = QRectF(tiles.right(), row.box.top(), row.box.right() - tiles.right() - 2, ROW_PX)
        painter.drawText(box, MIDDLE_RIGHT, number_at(strip, self.unit))

    def _mark(self, painter: QPainter, tile: QRectF) -> None:
        """Mark the tile that the number belongs to."""
        color = QColor(self._theme.text)
        if tile.width() >= FRAME_FROM_PX:
            painter.setPen(QPen(color, 1.4))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(tile.adjusted(0, -1, 0, 1))
            return
        left, width = tile.center().x() - MARK_PX / 2, MARK_PX
        for top in (tile.top() - MARK_PX, tile.bottom()):
            painter.fillRect(QRectF(left, top, width, MARK_PX), color)

    # ---- mouse and keys

    def at(self, position: QPointF) -> tuple[Strip, int] | None:
        """The strip and the tile at a point."""
        for row in self._placed()[1]:
            if row.box.contains(position) and len(row.strip.values):
                share = (position.x() - row.tiles.left()) / row.tiles.width()
                inside, (first, stop) = 0.0 <= share < 1.0, self._shown(row.strip)
                return row.strip, first + int(share * (stop - first)) if inside else -1
        return None

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Select the unit and the strip."""
        found = self.at(event.position())
        if found is None or event.button() != Qt.MouseButton.LeftButton:
            event.ignore()
            return
        strip, tile = found
        self.chosen.emit(tile if strip.units and tile >= 0 else self.unit, strip.key)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Show the number under the mouse in a tooltip."""
        found = self.at(event.position())
        tip = ""
        if found is not None and found[1] >= 0:
            strip, tile = found
            tip = f"{strip.name}, {'unit' if strip.units else 'dimension'} {tile}: "
            tip += in_figures(float(strip.values[tile]), 4)
        self.setToolTip(plain_tip(tip))

    def wheelEvent(self, event: QWheelEvent) -> None:
        """With Ctrl, zoom into the units around the mouse; without it, the wheel scrolls the surrounding area."""
        found = self.at(event.position())
        if found is None or found[1] < 0 or not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            event.ignore()
            return
        strip, tile = found
        at = tile if strip.units else tile * self._units // len(strip.values)
        self._zoom_at(at, ZOOM_STEP if event.angleDelta().y() > 0 else 1 / ZOOM_STEP)

    def zoom(self, factor: float) -> None:
        """Zoom into the units around the marked one."""
        self._zoom_at(self.unit, factor)

    def _zoom_at(self, unit: int, factor: float) -> None:
        self._window = narrowed(self._window, self._units, unit, factor)
        self.update()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Show all units again."""
        self.reset_zoom()

    def reset_zoom(self) -> None:
        """Show all units again."""
        self._window = (0, self._units)
        self.update()


def _image(strip: Strip, table: np.ndarray[Any, Any], theme: Theme) -> QImage:
    values = np.asarray(strip.values, np.float64)
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        shares = values / (strip.scale or 1.0)
    index = (np.clip(np.nan_to_num(shares, posinf=1.0, neginf=-1.0), -1.0, 1.0) * 127.5 + 127.5).round().astype(int)
    colors = table[index].astype(np.uint8)
    colors[~np.isfinite(values)] = rgb(theme.error)
    colors = np.ascontiguousarray(colors)
    return QImage(colors.data, len(values), 1, 3 * len(values), QImage.Format.Format_RGB888).copy()


def number_at(strip: Strip, unit: int) -> str:
    """The unit's number in the strip: with two decimals, or as many as a small one needs."""
    if not strip.units or not 0 <= unit < len(strip.values):
        return ""
    value = float(strip.values[unit]) + 0.0  # which makes 0 of −0
    if not math.isfinite(value):
        return "not a number"
    text = f"{value:.2f}" if 0.01 <= abs(value) < 1000 or value == 0 else f"{value:.1e}"
    return with_minus(text)
