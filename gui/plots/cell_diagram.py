"""One step of a cell as a textbook diagram: boxes for gates, nodes for × and +, and numbers on the wires."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetricsF, QMouseEvent, QPainter, QPainterPath, QPaintEvent, QPen

from engine.cells import Cell
from engine.cells.graph import Node
from engine.number_text import fixed, rounded_to_fit
from gui.plots.cell_layout import CARRIED, GATES, Box, CellLayout, Dot, GridPoint, Wire, lay_out
from gui.plots.picture import WalkedPicture
from gui.plots.picture_zoom import PictureZoom
from gui.theme import Theme, diverging_table, mix
from gui.widgets.symbols import plain_tip, subscript
from gui.widgets.text import tabular

LEAST_ROW_PX, ROW_PX, MOST_ROW_PX = 44.0, 50.0, 62.0  # from one row to the next
LEAST_COLUMN_PX, ROOMY_COLUMN_PX, MOST_COLUMN_PX = 38.0, 82.0, 128.0  # in the least, no number covers another
MOST_GROWN = 4.0  # the largest scale of a diagram with more room than it needs, as on a projector
MOST_SHRUNK = 0.8  # the smallest of one with less; in even less room it scrolls
TOP_PX, SIDE_PX, LEAST_SIDE_PX, BOTTOM_PX = 28.0, 64.0, 52.0, 30.0
BOX_WIDTH_PX, BOX_HEIGHT_PX, DOT_PX = 72.0, 30.0, 9.0
MAIN_PX, BUS_PX, WIRE_PX = 2.6, 2.0, 1.4  # widths of lines
LEAST_WIDTH_PX = 520
SHORT_PX, BESIDE_PX = 34.0, 22.0  # a piece of wire too short for a number; from the next piece to its middle
ABOVE_PX = 17.0  # from a wire that is too short for its number to the middle of that number
CENTER = int(Qt.AlignmentFlag.AlignCenter)
LetterValues = Mapping[tuple[str, bool], float]


@dataclass(frozen=True, eq=False)
class StepNumbers:
    """One unit at one step: letters as in the equations, sums by gate, what stands beside x, and the step's number.

    earlier: the number of the step whose state comes in; 0 for the start, which is zeros.
    """

    cell: type[Cell]
    letters: LetterValues
    sums: Mapping[str, float]
    entering: str  # "“but”" or "= h₄ of layer 1"; "" where numbers are read
    step: int
    earlier: int


class CellDiagram(WalkedPicture):
    """Draws StepNumbers. A click chooses a gate; left and right walk through time, up and down through the units."""

    chosen = Signal(str)  # name of a gate

    zooms = True

    def __init__(self, theme: Theme, name: str, title: str) -> None:
        super().__init__(name, title, (300, 120))
        self.magnified = PictureZoom(self)
        self.magnified.changed.connect(self._make_room)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.numbers: StepNumbers | None = None
        self.gate = ""
        self._font = tabular(self._font)
        self._metrics = QFontMetricsF(self._font)
        self._theme = theme
        self._layout = CellLayout()
        self._laid_out: type[Cell] | None = None

    def show_step(self, numbers: StepNumbers | None, gate: str, theme: Theme) -> None:
        """Draw a step, with one gate marked. ValueError if the cell's equations cannot be drawn as a diagram."""
        if numbers is not None and numbers.cell is not self._laid_out:
            self._layout = lay_out(numbers.cell)
            self._laid_out = numbers.cell
        self.numbers, self.gate, self._theme = numbers, gate, theme
        self._make_room()
        self.setAccessibleDescription("" if numbers is None else ", ".join(self.spoken()))

    def spoken(self) -> list[str]:
        """Every number, in words."""
        if self.numbers is None:
            return []
        cell = self.numbers.cell
        lines = [f"x {self.numbers.entering}".rstrip()]
        for box in self._layout.boxes.values():
            gate = next(gate for gate in cell.gates if gate.letter == box.letter)
            lines.append(f"{gate.title} {_number(self.value(Node(box.letter)))}")
        lines += [f"{state.name} {_number(self.value(Node(state.name)))}" for state in cell.states]
        return lines

    def value(self, node: Node) -> float | None:
        """The number on a wire that leaves a node; None if it is not a single number of this unit."""
        if self.numbers is None:
            return None
        try:
            return float(node.value(self.numbers.letters))  # type: ignore[arg-type]
        except KeyError:
            return None

    # ---- geometry

    def _height(self, row: float = LEAST_ROW_PX) -> float:
        return TOP_PX + self._layout.entry[1] * row + BOTTOM_PX

    @property
    def _least_width(self) -> float:
        return self._layout.columns * LEAST_COLUMN_PX + 2 * LEAST_SIDE_PX

    @property
    def factor(self) -> float:
        """The scale of everything drawn: the zoom, or more if there is room, as in an enlarged view, or a little less
        if there is too little."""
        across = self.width() / (self._layout.columns * ROOMY_COLUMN_PX + 2 * SIDE_PX)
        grown = min(across, self.height() / self._height(MOST_ROW_PX), MOST_GROWN)
        fitting = max(MOST_SHRUNK, min(1.0, self.width() / self._least_width))
        return max(self.magnified.factor * fitting, grown)

    def _row(self) -> float:
        room = self.height() / self.factor - self._height(0.0)
        return min(MOST_ROW_PX, max(LEAST_ROW_PX, room / self._layout.entry[1]))

    def sizeHint(self) -> QSize:
        """As high as the diagram."""
        return QSize(round(LEAST_WIDTH_PX * self.magnified.factor), round(self._height(ROW_PX) * self.magnified.factor))

    @property
    def least_height(self) -> int:
        """The height that shows the whole diagram at its natural size."""
        return round(self._height())

    def _make_room(self) -> None:
        zoomed = self.magnified.factor
        wide = LEAST_WIDTH_PX * zoomed if zoomed > 1 else MOST_SHRUNK * self._least_width
        self.setMinimumSize(math.ceil(wide), round(self._height() * zoomed))
        self.updateGeometry()
        self.update()

    def zoom(self, factor: float) -> None:
        """Make the diagram larger or smaller."""
        self.magnified.multiply(factor)

    def reset_zoom(self) -> None:
        """Return to natural size."""
        self.magnified.reset()

    def _pitch(self) -> float:
        room = (self.width() / self.factor - 2 * SIDE_PX) / max(1.0, self._layout.columns)
        return min(MOST_COLUMN_PX, max(LEAST_COLUMN_PX, room))

    def point(self, place: GridPoint) -> QPointF:
        """A place of the layout in the widget; the diagram is centred."""
        wide = self._layout.columns * self._pitch()
        row = self._row()
        spare = max(0.0, self.height() / self.factor - self._height(row)) / 2
        left = (self.width() / self.factor - wide) / 2
        return QPointF(left + place[0] * self._pitch(), TOP_PX + spare + place[1] * row)

    def box_rect(self, letter: str) -> QRectF:
        """The rectangle of a gate's box."""
        middle = self.point(self._layout.boxes[letter].place)
        width = min(BOX_WIDTH_PX, self._pitch() - 10)
        return QRectF(middle.x() - width / 2, middle.y() - BOX_HEIGHT_PX / 2, width, BOX_HEIGHT_PX)

    def gate_names(self) -> dict[str, str]:
        """What is written in each gate's box, by the letter in the equations: with its name, the name alone, or the
        letter, whichever has room in all boxes. A name cut after three letters would say less."""
        assert self.numbers is not None
        gates = {gate.letter: gate.name for gate in self.numbers.cell.gates if gate.letter in self._layout.boxes}
        forms = {letter: f"{name} {letter}" for letter, name in gates.items()}, gates
        room, wide = min(BOX_WIDTH_PX, self._pitch() - 10) - 4, self._metrics.horizontalAdvance
        fitting = (form for form in forms if max(map(wide, form.values()), default=0.0) <= room)
        return next(fitting, {letter: letter for letter in gates})

    # ---- drawing

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw frame, lines, boxes, nodes and numbers."""
        self.painted += 1
        if self.numbers is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(self._font)
        painter.scale(self.factor, self.factor)
        self._frame(painter)
        self._entry(painter)
        for wire in self._layout.wires:
            self._wire(painter, wire)
        for wire in self._layout.wires:
            self._write_value(painter, wire)
        names = self.gate_names()
        for box in self._layout.boxes.values():
            self._box(painter, box, names[box.letter])
        for dot in self._layout.dots:
            self._dot(painter, dot)

    def _frame(self, painter: QPainter) -> None:
        begin, end = self.point((0, CARRIED)), self.point((self._layout.columns, self._layout.entry[1]))
        frame = QRectF(begin, end).adjusted(8, -24, -8, 14)
        painter.setPen(QPen(QColor(self._theme.border), 1.2))
        painter.setBrush(QColor(mix(self._theme.surface, self._theme.sunken, 0.7)))
        painter.drawRoundedRect(frame, 12, 12)

    def _line(self, painter: QPainter, corners: Sequence[QPointF], width: float, *, head: bool = False) -> None:
        painter.setPen(QPen(QColor(self._theme.secondary), width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        path = QPainterPath(corners[0])
        for corner in corners[1:]:
            path.lineTo(corner)
        painter.drawPath(path)
        if head:
            tip, way = corners[-1], corners[-1] - corners[-2]
            long = (way.x() ** 2 + way.y() ** 2) ** 0.5 or 1.0
            along, across = way / long * 7, QPointF(-way.y(), way.x()) / long * 4
            painter.drawLine(tip, tip - along + across)
            painter.drawLine(tip, tip - along - across)

    def _entry(self, painter: QPainter) -> None:
        """Draw the line on which x enters, and name it."""
        assert self.numbers is not None
        place = self.point(self._layout.entry)
        low = place + QPointF(0, 26)
        self._line(painter, [low, place], BUS_PX)
        painter.setPen(QColor(self._theme.text))
        symbol = f"x{subscript(self.numbers.step)} {self.numbers.entering}"
        painter.drawText(QRectF(low.x() + 5, low.y() - 14, 160, 16), int(Qt.AlignmentFlag.AlignVCenter), symbol)

    def _before(self, state: str) -> str:
        assert self.numbers is not None
        value = _number(self.value(Node(state, before=True)))
        return f"{state}{subscript(self.numbers.earlier)} {value}"

    def _label(self, painter: QPainter, at: QPointF, text: str, *, left: bool) -> None:
        painter.setPen(QColor(self._theme.text))
        box = QRectF(at.x() - 60 if left else at.x(), at.y() - 18, 60, 16)
        side = Qt.AlignmentFlag.AlignRight if left else Qt.AlignmentFlag.AlignLeft
        painter.drawText(box.adjusted(0, 0, 39, 0) if left else box, int(side | Qt.AlignmentFlag.AlignVCenter), text)

    def _wire(self, painter: QPainter, wire: Wire) -> None:
        corners = [self.point(place) for place in wire.corners]
        leaves = wire.corners[-1] in self._layout.ends.values()
        if wire.corners[0] in self._layout.starts.values():
            corners[0] -= QPointF(30, 0)
        if leaves:
            corners[-1] += QPointF(22, 0)
        self._line(painter, corners, MAIN_PX if wire.main else BUS_PX if wire.bus else WIRE_PX, head=leaves)
        if wire.branch is not None:
            painter.setBrush(QColor(self._theme.secondary))
            painter.drawEllipse(self.point(wire.branch), 2.5, 2.5)

    def _write_value(self, painter: QPainter, wire: Wire) -> None:
        """Write the number on a wire, in a pill of its colour."""
        numbers, source = self.numbers, wire.source
        if source is None or numbers is None:
            return
        first, last = wire.corners[0], wire.corners[-1]
        if first in self._layout.starts.values():
            self._label(painter, self.point(first) - QPointF(34, 0), self._before(source.name), left=True)
            return
        if last in self._layout.ends.values():
            state = f"{source.name}{subscript(numbers.step)} {_number(self.value(source))}"
            self._label(painter, self.point(last) + QPointF(-4, 0), state, left=False)
            return
        value = self.value(source)
        if not wire.labelled or value is None:
            return
        begin = self.point(first)
        if first[1] == GATES:  # just above the box
            self._pill(painter, QPointF(begin.x(), begin.y() - BOX_HEIGHT_PX / 2 - 9), value)
            return
        begin, end = self._piece(wire, 0)
        short = (end - begin).manhattanLength() < SHORT_PX and len(wire.corners) > 2
        if short:
            begin, end = self._piece(wire, 1)
        middle, level = (begin + end) / 2, begin.y() == end.y()
        if short and not level:  # beside it, as there may be a number on the wire that runs along it
            middle += QPointF(BESIDE_PX, 0)
        wide = self._pill_width(value)
        if level and wide > abs(end.x() - begin.x()):  # before the turn, or above the line
            middle = begin - QPointF(wide / 2, 0) if short else middle - QPointF(0, ABOVE_PX)
        self._pill(painter, middle, value)

    def _piece(self, wire: Wire, number: int) -> tuple[QPointF, QPointF]:
        """The ends of a straight piece of wire, without what the nodes at its ends cover."""
        ends = wire.corners[number : number + 2]
        begin, end = map(self.point, ends)
        cut = [next((self._half_width(dot) for dot in self._layout.dots if dot.place == place), 0.0) for place in ends]
        way = (end.x() > begin.x()) - (end.x() < begin.x())  # nodes are cut off level pieces only
        return begin + QPointF(way * cut[0], 0), end - QPointF(way * cut[1], 0)

    def _written(self, value: float) -> str:
        """A number that leaves room for those of the neighbouring columns."""
        return rounded_to_fit(fixed(value), self._metrics.horizontalAdvance, self._pitch() - 4)

    def _pill_width(self, value: float) -> float:
        return self._metrics.horizontalAdvance(self._written(value)) + 8

    def _half_width(self, dot: Dot) -> float:
        return self._metrics.horizontalAdvance(dot.sign) / 2 + 6 if len(dot.sign) > 1 else DOT_PX

    def _pill(self, painter: QPainter, middle: QPointF, value: float) -> None:
        text, width = self._written(value), self._pill_width(value)
        box = QRectF(middle.x() - width / 2, middle.y() - 7, width, 14)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._color(value))
        painter.drawRoundedRect(box, 7, 7)
        painter.setPen(QColor(self._theme.text))
        painter.drawText(box, CENTER, text)

    def _color(self, value: float) -> QColor:
        share = min(1.0, max(-1.0, value)) if value == value else 0.0
        red, green, blue = diverging_table(self._theme)[round(share * 127.5 + 127.5)].tolist()
        return QColor(mix(self._theme.surface, f"#{red:02x}{green:02x}{blue:02x}", 0.55))

    def _box(self, painter: QPainter, box: Box, name: str) -> None:
        assert self.numbers is not None
        theme, rect = self._theme, self.box_rect(box.letter)
        gate = next(gate for gate in self.numbers.cell.gates if gate.letter == box.letter)
        marked = gate.name == self.gate
        painter.setPen(QPen(QColor(theme.text if marked else theme.border), 2.0 if marked else 1.2))
        painter.setBrush(QColor(theme.accent_soft if gate.role.multiplies else theme.surface))
        painter.drawRoundedRect(rect, 6, 6)
        painter.setPen(QColor(theme.text))
        painter.drawText(rect.adjusted(0, 1, 0, -rect.height() / 2), CENTER, gate.activation.name)
        painter.setPen(QColor(theme.secondary))
        painter.drawText(rect.adjusted(0, rect.height() / 2 - 3, 0, 0), CENTER, name)
        total = self.numbers.sums.get(gate.name)
        if total is not None:
            self._pill(painter, QPointF(rect.center().x(), rect.bottom() + 11), total)

    def _dot(self, painter: QPainter, dot: Dot) -> None:
        theme, middle = self._theme, self.point(dot.place)
        painter.setPen(QPen(QColor(theme.secondary), 1.2))
        painter.setBrush(QColor(theme.surface))
        half = self._half_width(dot)
        rect = QRectF(middle.x() - half, middle.y() - DOT_PX, 2 * half, 2 * DOT_PX)
        painter.drawRoundedRect(rect, DOT_PX, DOT_PX)
        painter.setPen(QColor(theme.text))
        painter.drawText(rect, CENTER, dot.sign)

    # ---- mouse and keys

    def _gate_at(self, position: QPointF) -> str:
        for letter in self._layout.boxes:
            if self.numbers is not None and self.box_rect(letter).adjusted(-4, -4, 4, 16).contains(position):
                return next(gate.name for gate in self.numbers.cell.gates if gate.letter == letter)
        return ""

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose a gate."""
        name = self._gate_at(event.position() / self.factor)
        if name and event.button() == Qt.MouseButton.LeftButton:
            self.chosen.emit(name)
        else:
            event.ignore()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Explain the gate under the mouse in a tooltip."""
        name = self._gate_at(event.position() / self.factor)
        tip = ""
        if name and self.numbers is not None:
            gate = self.numbers.cell.gate(name)
            before = f"{gate.past_through} times the state before" if gate.past_through else "the state before"
            tip = f"{gate.caption}\n{gate.activation.name} of the sum of x, {before} and a bias"
        self.setToolTip(plain_tip(tip))
        self.setCursor(Qt.CursorShape.PointingHandCursor if name else Qt.CursorShape.ArrowCursor)


def _number(value: float | None) -> str:
    """A number with two decimals and a proper minus sign."""
    return "–" if value is None else fixed(value)
