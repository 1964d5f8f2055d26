"""The names of the rows: at the left of the first column, or over the left edge of a picture that is scrolled."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QLinearGradient, QPainter

from gui.theme import Theme
from gui.unrolled_view.cell_names import layer_and_arrow
from gui.unrolled_view.diagram import ZEROS, Diagram
from gui.unrolled_view.fading_edges import FADE_PX
from gui.unrolled_view.layout import COPIED_FROM, MARGIN_LEFT, SOFTMAX_FROM, DiagramLayout
from gui.unrolled_view.part_names import seen_right
from gui.unrolled_view.row_heights import STEM_BELOW, STRIP_HEIGHT
from gui.widgets.symbols import visible_symbol

NAME_PX = 10
LEADING = 4.0  # of the height of a name, which its letters leave free
LONGEST = MARGIN_LEFT - 4  # a longer name is cut
LEAST_COLUMNS = 2  # beside them
EDGE = 4.0  # free at both sides of names over the edge
GROUND_BEYOND = 18.0  # how far their ground extends above and below the picture
BESIDE_ZERO = 38.0, 34.0  # from a name to a cell, with a zero between them: after a number, and after an arrow
ABOVE_FIRST_STATE = 7.0  # from the upper edge of a cell to the middle of a name above what its first state is made from
AFTER_CELL = 4.0  # from the last cell of a row to its name
FROM_ZEROS = "each starts\nfrom zeros"  # a symbol that is read on its own
TOGETHER, ALONE = "best together", "each alone"  # the answers of a joint decision, and the probabilities of each step
COPIED = "copied"  # the share beside the softmax
MIDDLE = int(Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextDontClip)  # "_" and "␣" reach below their low lines
RIGHT_MIDDLE = int(Qt.AlignmentFlag.AlignRight) | MIDDLE


@dataclass(frozen=True)
class RowName:
    """The name of a row between two heights; beside the columns it ends at `right`."""

    text: str
    top: float
    bottom: float
    right: float

    def touches(self, other: RowName) -> bool:
        """Whether it is at the height of another."""
        return self.top + LEADING < other.bottom and other.top + LEADING < self.bottom


def sized(font: QFont, pixels: int, *, bold: bool = False) -> QFont:
    """The font at this height."""
    result = QFont(font)
    result.setPixelSize(pixels)
    result.setWeight(QFont.Weight.DemiBold if bold else QFont.Weight.Normal)
    return result


def name_of_targets(diagram: Diagram) -> str:
    """What the loss is measured against."""
    return "own answer" if diagram.own_targets else "target"


def names_above(layout: DiagramLayout, column: int, *, losses: bool = True) -> list[RowName]:
    """Names of the lines above the cells, the first of which are above this column. losses: whether losses and right
    answers are shown."""
    diagram, beside, names = layout.diagram, layout.output(column).left() - 4, []

    def name(text: str, box: QRectF, right: float = beside) -> None:
        if box.height():
            names.append(RowName(text, box.top(), box.bottom(), right))

    if losses and not diagram.answers_once and any(item.truth for item in diagram.columns):
        name("loss", layout.loss(column))
        name(name_of_targets(diagram), layout.target(column))
    if diagram.joint and diagram.outcomes is not None:
        name(TOGETHER, layout.answer(column))
        name(ALONE, layout.bar(column, 0))
    for rank, text in enumerate(_names_of_numbers(layout)):
        name(text, layout.bar(column, rank))
    softmax = layout.softmax(column)
    if softmax.width() < SOFTMAX_FROM:
        name(diagram.scorer, softmax, softmax.left() - 4)
    if diagram.copies and softmax.width() < COPIED_FROM:
        name(COPIED, layout.copied(column), softmax.left() - 4)
    return names


def _names_of_numbers(layout: DiagramLayout) -> tuple[str, ...]:
    """The column of the data that each line of several numbers shows, and how many columns have no line."""
    numbers = layout.diagram.numbers
    if numbers is None or not numbers.several:
        return ()
    names, more = tuple(map(visible_symbol, numbers.names[: layout.lines])), layout.numbers_left_out
    return (*names[:-1], f"… {more} more") if more else names


def names_below(layout: DiagramLayout, column: int) -> list[RowName]:
    """Names of what is between symbols and cells, for the part that this column belongs to."""
    diagram = layout.diagram
    entrance = diagram.entrances.get(diagram.columns[column].part)
    if entrance is None:
        return []
    right = layout.cell(column, 0).left() - 5 - (layout.bypass + 2 if diagram.both_ways else 0)
    names = []
    if diagram.rows and not diagram.remembers:
        names.append(_around(FROM_ZEROS, layout.cell(column, 0).center().y(), right))
    if not entrance.sizes:
        names.append(_around(entrance.names[0], layout.bottom(column) + STEM_BELOW / 2 + 2, right))
    return names + names_of_entrance(layout, column, right)


def names_of_layers(layout: DiagramLayout, column: int) -> list[RowName]:
    """Names of the rows of cells of the part that this column belongs to, if it has several layers: beside the zeros
    that they begin with, or above what else they begin with. They keep their place where the picture is scrolled."""
    diagram, names = layout.diagram, []
    part = diagram.columns[column].part
    for row in diagram.rows if diagram.remembers else ():
        if row.part == part and (text := layer_and_arrow(diagram, row)):
            cell = layout.cell(column, row.level)
            if diagram.begins_with(part) == ZEROS:
                names.append(_around(text, cell.center().y(), cell.left() - BESIDE_ZERO[diagram.both_ways]))
            else:
                names.append(_around(text, cell.top() - ABOVE_FIRST_STATE, cell.left() - 5))
    return names


def names_after_layers(layout: DiagramLayout, wide: Callable[[str], float]) -> list[RowName]:
    """Names of the rows of a part that is not the first in sight and has other rows at the same heights: they stand
    after its last cell, or over the last in sight where the picture goes on, and begin at `right`. wide: the width of
    a name."""
    diagram, seen = layout.diagram, layout.diagram.columns[first_in_sight(layout)].part
    both, names = {row.part for row in diagram.rows if row.backward}, []
    for row in diagram.rows:
        if row.part != seen and seen in both and row.part not in both and (text := layer_and_arrow(diagram, row)):
            first, last = (layout.cell(column, row.level) for column in (row.first, row.first + row.steps - 1))
            begin, end = last.right() + AFTER_CELL, seen_right(layout)
            begin = min(begin, end - wide(text)) if end < layout.width else begin
            if first.right() < begin:  # it is in sight
                names.append(_around(text, last.center().y(), begin))
    return names


def names_of_entrance(layout: DiagramLayout, column: int, right: float = 0.0) -> list[RowName]:
    """Names of the vectors that a symbol becomes, and of dropout."""
    diagram, below, names = layout.diagram, layout.bottom(column) + STEM_BELOW / 2, []
    entrance = diagram.entrances.get(diagram.columns[column].part)
    if entrance is None:
        return []
    for number, (text, size) in enumerate(zip(entrance.names, entrance.sizes, strict=False)):
        middle = layout.strip(column, number).top() + STRIP_HEIGHT / 2
        names.append(_around(f"{text} {size}", middle, right))
    y = below if entrance.sizes else _lowest_drop(layout, column)
    if diagram.dropout > 0 and y is not None:
        names.append(_around(f"dropout {diagram.dropout:g}", y, right))
    return names


def _lowest_drop(layout: DiagramLayout, column: int) -> float | None:
    """The height at which dropout has its name where symbols have no embedding: below the answers of its part, or else
    between two layers. None where it acts at neither."""
    diagram, part = layout.diagram, layout.diagram.columns[column].part
    if not diagram.hands_over(part):
        if diagram.answers_once:
            return None
        named = any(layer_and_arrow(diagram, row) for row in diagram.rows) and diagram.begins_with(part) != ZEROS
        if named and layout.softmax(column).width() >= SOFTMAX_FROM:  # over the name of the highest layer
            return layout.cells_top - 3 * ABOVE_FIRST_STATE
        return layout.cells_top - layout.rows.stem / 2
    above = [row.level for row in diagram.rows if row.part == part and row.depth == 1 and not row.backward]
    return layout.cell(column, above[0]).bottom() + layout.rows.level_gap / 2 if above else None


def _around(text: str, middle: float, right: float) -> RowName:
    high = 7.0 * len(text.splitlines())
    return RowName(text, middle - high, middle + high, right)


def first_answer(diagram: Diagram) -> int | None:
    """The first column with an answer above it, if there is one answer for each step."""
    if diagram.answers_once:
        return None
    return next((i for i, column in enumerate(diagram.columns[:1000]) if column.above), None)


def width_of_names(layout: DiagramLayout, font: QFont, room: float = float("inf")) -> float:
    """The width that the names of all parts take over the edge of a scrolled picture; 0 where `room` is the width of
    little more than a step, which then is worth more than its names."""
    if not layout.diagram.columns or layout.diagram.padded:
        return 0.0
    answer = first_answer(layout.diagram)
    names = [] if answer is None else names_above(layout, answer)
    for start in layout.diagram.part_starts:
        names += [*names_below(layout, start), *names_of_layers(layout, start)]
    wide = QFontMetricsF(sized(font, NAME_PX)).horizontalAdvance
    widths = (wide(line) for name in names for line in name.text.splitlines())
    width = min(max(widths, default=-2 * EDGE), LONGEST) + 2 * EDGE
    covered = layout.beside.covered if layout.diagram.answers_once else 0.0
    return width if width + LEAST_COLUMNS * layout.column_width + covered <= room else 0.0


def draw_names(painter: QPainter, names: list[RowName], theme: Theme, least: float = 0.0) -> None:
    """Write names beside their rows, but none of them farther to the left than ends at `least`."""
    painter.setPen(QColor(theme.muted))
    metrics = QFontMetricsF(painter.font())
    for name in names:
        right = max(name.right, least)
        box = QRectF(right - MARGIN_LEFT, name.top, MARGIN_LEFT, name.bottom - name.top)
        lines = (metrics.elidedText(line, Qt.TextElideMode.ElideRight, LONGEST) for line in name.text.splitlines())
        painter.drawText(box, RIGHT_MIDDLE, "\n".join(lines))


def draw_all_names(painter: QPainter, layout: DiagramLayout, theme: Theme, font: QFont, *, losses: bool) -> None:
    """Write the names of all rows; over a picture that is scrolled, on a ground into which the columns fade."""
    painter.setFont(sized(font, NAME_PX))
    wide = width_of_names(layout, font)
    begin = layout.left - wide
    if begin > 0:
        _draw_ground(painter, QRectF(begin, 0, wide, layout.height), theme)
    answer, first = first_answer(layout.diagram), first_in_sight(layout)
    names = [] if answer is None else names_above(layout, answer, losses=losses)
    names += names_below(layout, first)
    layers = [name for name in names_of_layers(layout, first) if not any(map(name.touches, names))]
    if begin > 0:
        layers = [replace(name, right=min(name.right + begin, layout.left - EDGE)) for name in layers]
    draw_names(painter, names, theme, layout.left - EDGE)
    draw_names(painter, layers, theme)
    for name in names_after_layers(layout, QFontMetricsF(painter.font()).horizontalAdvance):
        box = QRectF(name.right, name.top, layout.width - name.right, name.bottom - name.top)
        beside = (layout.cell_height - box.height()) / 2
        if seen_right(layout) < layout.width:
            _fade_before(painter, box.adjusted(0, -beside, 0, beside), theme)
        painter.setPen(QColor(theme.muted))
        painter.drawText(box, MIDDLE, name.text)


def first_in_sight(layout: DiagramLayout) -> int:
    """The first column of the part that the leftmost column in sight belongs to."""
    starts = layout.diagram.part_starts
    return max((i for i in starts if layout.column_x(i) - layout.column_width / 2 <= layout.left), default=starts[0])


def _fade_before(painter: QPainter, box: QRectF, theme: Theme) -> None:
    """Let a row of cells fade into the ground of its name, which stands over those that go on out of sight."""
    solid, clear = QColor(theme.surface), QColor(theme.surface)
    clear.setAlpha(0)
    gradient = QLinearGradient(box.topLeft() - QPointF(3 * AFTER_CELL, 0), box.topLeft() - QPointF(AFTER_CELL, 0))
    gradient.setColorAt(0.0, clear)
    gradient.setColorAt(1.0, solid)
    painter.fillRect(box.adjusted(-3 * AFTER_CELL, 0, 0, 0), gradient)


def _draw_ground(painter: QPainter, box: QRectF, theme: Theme) -> None:
    fade = FADE_PX / painter.worldTransform().m11()
    solid, clear = QColor(theme.surface), QColor(theme.surface)
    clear.setAlpha(0)
    gradient = QLinearGradient(QPointF(box.right(), 0), QPointF(box.right() + fade, 0))
    gradient.setColorAt(0.0, solid)
    gradient.setColorAt(1.0, clear)
    high = box.adjusted(-fade, -GROUND_BEYOND, 0, GROUND_BEYOND)
    painter.fillRect(high, solid)
    painter.fillRect(QRectF(high.topRight(), high.bottomRight() + QPointF(fade, 0)), gradient)
