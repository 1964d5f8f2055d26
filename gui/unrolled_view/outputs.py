"""The output above a step: softmax, the most probable symbols as bars, the answer, the right answer, the loss."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPainterPath

from engine.network.number_scorers import BAND
from engine.number_text import loss_text, with_minus
from gui.theme import Theme, mix
from gui.unrolled_view.column_width import longest_symbol
from gui.unrolled_view.diagram import DiagramColumn, NumberAnswers, Outcomes
from gui.unrolled_view.layout import BAR_PITCH, SOFTMAX_FROM, DiagramLayout
from gui.unrolled_view.part_names import seen_right
from gui.unrolled_view.row_names import name_of_targets
from gui.unrolled_view.side_answer import PINNED_GAP
from gui.widgets.symbols import visible_symbol

if TYPE_CHECKING:
    from gui.unrolled_view.painter import DiagramPainter

NUMBERS_FROM = 64.0  # width of a line with room for a predicted number beside its scale
NOTHING = 0.001  # smaller shares of the drawn range are written as 0
CERTAIN = 0.005  # a negative loss nearer to 0 is 0
LEAST_SHARE, TINY = 0.005, ("<.01", "≈0")  # that is not rounded to 0, and how a smaller one is written
EDGE, BETWEEN = 1.5, 2.0  # beside the name and the number on a bar, and between them
NAME_ROOM = 32.0  # for a name that is cut, beside a number with all figures
DIGITS = (1.0, 3), (10.0, 2), (1000.0, 1)  # after the point, of numbers below these
PREDICTED_WIDTH = 42.0  # of one of several predicted numbers
WORD_GAP = 3.0  # around a word that extends over other columns
NUMBER_GAP = 3.0  # at least between the numbers of neighbouring columns
ARROW_GAP = 10.0  # at least between neighbouring symbols with an arrow between them
LETTERED = 0.42  # strength of a bar with letters on it
MIDDLE = int(Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextDontClip)  # "_" and "␣" reach below their low lines
LEFT_LOW = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignBottom | Qt.TextFlag.TextDontClip)
RIGHT_MIDDLE, LEFT_MIDDLE = (int(side) | MIDDLE for side in (Qt.AlignmentFlag.AlignRight, Qt.AlignmentFlag.AlignLeft))


def step_loss_text(loss: float) -> str:
    """A loss in nats, in few characters."""
    if math.isnan(loss):
        return ""
    if math.isinf(loss):
        return "∞"
    certain = -CERTAIN < loss <= 0  # the rest of answers that are chosen together, as precisely as it is computed
    return TINY[1] if certain else loss_text(loss, 2 if loss < 100 else 0)


def number_text(value: float, spread: float) -> str:
    """One of several predicted numbers, in few characters. spread: of the drawn numbers; a value tiny beside it is
    "0"."""
    if not math.isfinite(value):
        return "–"
    size = abs(value)
    if size < NOTHING * spread:
        return "0"
    if 0 < size < 0.01 or size >= 100_000:
        number, power = f"{value:.0e}".split("e")
        text = f"{number}e{int(power)}"
    else:
        text = f"{value:,.{next((digits for end, digits in DIGITS if size < end), 0)}f}"
    return with_minus(text)


def share_text(share: float, *, brief: bool) -> str:
    """A probability as "0.43", or briefly as ".43" or "1". One that would be written as 0, which no softmax gives, is
    "<.01" or "≈0"."""
    if share < LEAST_SHARE:
        return TINY[brief]
    text = f"{share:.2f}"
    return text.removeprefix("0").removesuffix(".00") if brief else text


def width_of_brief_share(wide: Callable[[str], float]) -> float:
    """The room that a probability takes at most when it is written briefly. wide: measures a text."""
    return max(wide(share_text(share, brief=True)) for share in (0.88, 0.001))


def widened_box(layout: DiagramLayout, box: QRectF, wide: float) -> QRectF:
    """A box of this width around the middle of another, in sight."""
    larger = QRectF(box.center().x() - wide / 2, box.top(), wide, box.height())
    larger.moveRight(min(larger.right(), (layout.right or layout.width) - WORD_GAP))
    larger.moveLeft(max(larger.left(), layout.left + WORD_GAP))
    return larger


JOINT = ("one for all answers together; Play shows what each adds to it", "one for all answers", "…")
UNCOMPARED = ("not compared after this difference", "not compared from here", "not compared", "not\ncompared", "…")
UNCOUNTED = ("not counted: no value {steps} steps earlier", "no value {steps} steps earlier", "not counted", "…")
TEXT_BESIDE = 5.0  # how far a text may reach beyond the distribution of the one answer
COUNTED_WORDS, ARROW = ("counted", "words"), 7.0  # written into their box; half the length of the line from it


def answer_color(item: DiagramColumn, theme: Theme, numbers: bool = False) -> str:
    """Blue if the answer is right or a number, red if it is wrong; without a right answer, the colour of other text."""
    if not math.isfinite(item.probability):
        return theme.accent if numbers else theme.muted
    return theme.wrong if item.target else theme.accent if item.truth else theme.text


class OutputPainter:
    """Draws the output of a column with the fonts and colours of a DiagramPainter."""

    def __init__(self, base: DiagramPainter) -> None:
        self.base, self.layout, self.theme, self.diagram = base, base.layout, base.theme, base.diagram
        self._answer_px = 0  # height of the answers, 0 before the first is drawn
        self.covering = QRectF()  # the distribution above the selected column, if it extends over its neighbours

    def paint(self, painter: QPainter, column: int) -> None:
        """Draw everything above the stem that is known at this moment."""
        item = self.diagram.columns[column]
        if not item.above:
            return
        known = self.base.answered(column)
        self._softmax(painter, column, known)
        if self.diagram.word_counts:
            self._word_counts(painter, self.layout.softmax(column), known)
        if not known:
            for rank in range(self.layout.lines):
                self._track(painter, self.layout.bar(column, rank))
            return
        self._bars(painter, column, item)
        theme, base, several = self.theme, self.base, self.diagram.predicts_several
        room, apart = self._room(column), self._room(column) - NUMBER_GAP * (self.diagram.numbers is not None)
        color = self._color(item)
        if not several:
            base.write(painter, self.layout.answer(column), item.above, self._size(item, apart), color, apart)
        if item.truth and base.loses:
            color = theme.secondary if item.target else theme.muted
            folded = self.layout.fold is not None and self.layout.fold.share > 0.5
            named = self.diagram.answers_once or folded  # elsewhere the whole line has its name at the left
            loss, target = "loss " * named, f"{name_of_targets(self.diagram)} " * named + item.truth_shown
            if named and self.diagram.own_targets:
                target = target.removesuffix(f" {item.truth_shown}")  # it is the line below, and both have no room here
            if not several:
                size = min(11, base.symbols.single(item.truth_shown, apart)) if self.diagram.numbers is not None else 11
                base.write(painter, self.layout.target(column), target, size, color, apart)
            base.write(painter, self.layout.loss(column), loss + step_loss_text(base.loss(column)), 11, color, room)

    def half_width(self, column: int) -> float:
        """Half the width of the answer above a column, beside an arrow."""
        item, room = self.diagram.columns[column], self._room(column)
        return min(self.base.symbols.width(item.above, self._size(item, room)), room - ARROW_GAP) / 2

    def _room(self, column: int) -> float:
        return self.layout.answer(column).width() + 2 * TEXT_BESIDE * self.diagram.answers_once

    def _size(self, item: DiagramColumn, room: float) -> int:
        """The height of an answer: one for all of a row; numbers have one height anyway."""
        if self.diagram.answers_once or self.layout.fold is not None or self.diagram.numbers is not None:
            return self.base.symbols.single(item.above, room)
        if self._answer_px == 0:
            self._answer_px = self.base.symbols.of_row((each.above, room) for each in self.diagram.columns)
        return self._answer_px

    def _color(self, item: DiagramColumn) -> str:
        """The colour of an answer; one that is only compared with itself is neither right nor wrong."""
        if self.diagram.own_targets:
            return self.theme.text
        return answer_color(item, self.theme, self.diagram.numbers is not None)

    def notes(self, painter: QPainter, column: int) -> None:
        """Write why losses are missing, from the first answer on."""
        painter.setFont(self.base.fonts[10])
        painter.setPen(QColor(self.theme.muted))
        layout, diagram = self.layout, self.diagram
        if not self.base.loses or not any(item.truth for item in diagram.columns):
            return
        if diagram.joint and self.base.playing is None:
            self._write_on(painter, layout.loss(column).adjusted(6, 0, 0, 0), JOINT)
        if diagram.uncompared is not None:  # why targets and losses end before the answers do
            self._write_on(painter, layout.loss(diagram.uncompared) | layout.target(diagram.uncompared), UNCOMPARED)
        whole = self.base.playing is not None and bool(diagram.columns[0].above)  # played, though it is so short
        if diagram.uncounted and not whole:
            wordings = [text.format(steps=diagram.lag) for text in UNCOUNTED]
            self._write_on(painter, layout.loss(0), wordings, layout.loss(diagram.uncounted - 1).right())

    def _write_on(
        self, painter: QPainter, start: QRectF, wordings: Sequence[str], end: float = math.inf
    ) -> None:  # fmt: skip
        """Write over the columns from a box on, in place of what is missing there: the longest of these wordings that
        is all in sight. end: of the columns in which it is missing."""
        layout, wide = self.layout, QFontMetricsF(painter.font()).horizontalAdvance
        box = QRectF(start)
        box.setLeft(max(box.left(), layout.left + EDGE))
        box.setRight(min(seen_right(layout), end))
        fitting = (text for text in wordings if max(map(wide, text.split("\n"))) <= box.width())
        painter.drawText(box, LEFT_LOW, next(fitting, ""))

    def _number(self, painter: QPainter, line: QRectF, text: str) -> QRectF:
        """Write one of several predicted numbers at the end of its line; returns the rest of the line, for its
        scale."""
        painter.setFont(self.base.fonts[10])
        painter.setPen(QColor(self.theme.text))
        alone = line.width() < NUMBERS_FROM
        side = int(Qt.AlignmentFlag.AlignCenter) if alone else RIGHT_MIDDLE
        painter.drawText(line.adjusted(-2, 0, 2, 0) if alone else line, side, text)
        return QRectF() if alone else line.adjusted(0, 0, -PREDICTED_WIDTH, 0)

    def _scale(self, painter: QPainter, column: int, numbers: NumberAnswers, number: int) -> None:
        """Draw a predicted number on a scale that all steps share: its 90 % band, its mean, and the truth as a line."""
        theme, line = self.theme, self.layout.bar(column, number)
        low, high = numbers.limits(number)
        mean, deviation, truth = numbers.at(column, number)
        if numbers.several:
            line = self._number(painter, line, number_text(mean, high - low))
        if not line.width():
            return
        self._track(painter, line)

        def place(value: float) -> float:
            share = (value - low) / (high - low) if high > low else 0.5
            return line.left() + line.width() * min(max(share, 0.0), 1.0)

        if not math.isfinite(mean):
            return
        middle = line.center().y()
        painter.setPen(Qt.PenStyle.NoPen)
        if math.isfinite(deviation):
            left, right = place(mean - BAND * deviation), place(mean + BAND * deviation)
            painter.setBrush(QColor(mix(theme.surface, theme.accent, 0.35)))
            painter.drawRoundedRect(QRectF(left, middle - 3, max(right - left, 1.0), 6), 3, 3)
        painter.setBrush(QColor(theme.accent))
        painter.drawEllipse(QPointF(place(mean), middle), 2.5, 2.5)
        if math.isfinite(truth) and not self.diagram.own_targets:
            painter.setPen(self.base.pen(theme.text, 1.4))
            painter.drawLine(QPointF(place(truth), middle - 4.5), QPointF(place(truth), middle + 4.5))

    def _softmax(self, painter: QPainter, column: int, known: bool) -> None:
        theme, box = self.theme, self.layout.softmax(column)
        now = self.base.now_answering(column)
        painter.setPen(self.base.pen(now or theme.border, 2.0 if now else 1.0))
        painter.setBrush(QColor(theme.accent_soft if known else theme.surface))
        painter.drawRoundedRect(box, box.height() / 2, box.height() / 2)
        if box.width() >= SOFTMAX_FROM:
            self.base.write(
                painter, box, self.diagram.scorer, 10, theme.secondary if known else theme.muted, box.width()
            )

    def _word_counts(self, painter: QPainter, softmax: QRectF, known: bool) -> None:
        """Draw what goes past the cells: the counted words, whose scores are added to those of the state."""
        theme, x = self.theme, softmax.center().x()
        box = QRectF(softmax.left(), softmax.bottom() + 2 * ARROW, softmax.width(), 2 * softmax.height())
        color = theme.secondary if known else theme.muted
        painter.setPen(self.base.pen(theme.border, 1.0))
        painter.setBrush(QColor(theme.surface))
        painter.drawRoundedRect(box, 5, 5)
        painter.setPen(self.base.pen(color, 1.4))
        tip = QPointF(x, softmax.bottom() + 2)
        painter.drawLine(QPointF(x, box.top()), tip)
        for side in (-3, 3):
            painter.drawLine(tip, tip + QPointF(side, 5))
        line = QRectF(box.left(), box.top() + 2, box.width(), box.height() / 2 - 2)
        for k, word in enumerate(COUNTED_WORDS):
            self.base.write(painter, line.translated(0, k * line.height()), word, 10, color, box.width())

    def _track(self, painter: QPainter, line: QRectF) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(self.theme.track))
        painter.drawRoundedRect(QRectF(line.left(), line.center().y() - 1, line.width(), 2), 1, 1)

    def _bars(self, painter: QPainter, column: int, item: DiagramColumn) -> None:
        """Draw names over their bars, so that both get the whole width, and at the right numbers; names are cut for
        them."""
        outcomes, theme, layout = self.diagram.outcomes, self.theme, self.layout
        if self.diagram.numbers is not None:
            for which in range(layout.lines - bool(layout.numbers_left_out)):
                self._scale(painter, column, self.diagram.numbers, which)
            return
        if outcomes is None or not math.isfinite(item.probability):
            for rank in range(layout.lines):
                self._track(painter, layout.bar(column, rank))
            return
        painter.setFont(self.base.fonts[10])
        wide, highest = QFontMetricsF(painter.font()).horizontalAdvance, layout.bar(column, 0)
        trough, ranked = QColor(mix(theme.surface, theme.track, 0.45)), outcomes.top(column, layout.bars, item.above)
        brief, needed = self._needs(column, outcomes)
        if self.base.whole_words and needed > highest.width():
            every = QRectF(highest.topLeft(), layout.bar(column, len(ranked) - 1).bottomRight())
            every = self.base.widened(painter, every, needed + 1)
            painter.setPen(self.base.pen(theme.border))
            painter.drawRoundedRect(every.adjusted(-2, -1, 2, 1), 2, 2)
            highest = QRectF(every.left(), highest.top(), every.width(), highest.height())
        hidden = (0.0, 0.0) if self.base.whole_words else self._hidden_of(highest)
        free = highest.width() - sum(hidden) - 2 * EDGE - BETWEEN
        # from below: a bar would cover what hangs down from the one above
        for rank, (symbol, probability) in reversed(list(enumerate(ranked))):
            line = highest.translated(0, rank * BAR_PITCH)
            right, first = symbol == item.truth and not self.diagram.own_targets, rank == 0
            written = share_text(probability, brief=brief)
            color = theme.accent if right else theme.train
            if first and item.truth and not self.diagram.own_targets:
                color = answer_color(item, theme)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(trough)
            box = QRectF(line.left(), line.top() + 0.5, line.width(), line.height() - 1)
            painter.drawRoundedRect(box, 2, 2)
            box.setWidth(max(1.5, line.width() * min(1.0, probability)))
            painter.setBrush(QColor(mix(theme.surface, color, LETTERED)))
            painter.drawRoundedRect(box, 2, 2)
            painter.setPen(QColor(theme.text if first or right else theme.secondary))
            if free < wide(written):
                continue
            shown = self.base.fitted(symbol, 10, free - wide(written))
            line.adjust(EDGE + hidden[0], 0, -EDGE - hidden[1], 0)
            painter.drawText(line, LEFT_MIDDLE, shown)
            painter.drawText(line, RIGHT_MIDDLE, written)

    def _needs(self, column: int, outcomes: Outcomes) -> tuple[bool, float]:
        """Whether numbers are written briefly above a column, and the width of bars with room for every whole name."""
        wide = QFontMetricsF(self.base.fonts[10]).horizontalAdvance
        longest = wide(longest_symbol(outcomes.symbols))
        free = self.layout.bar(column, 0).width() - 2 * EDGE - BETWEEN  # the same for all bars, whatever is on them
        if longest > free - width_of_brief_share(wide):  # it is cut beside any number
            longest = min(NAME_ROOM, longest)
        brief = free - wide(TINY[0]) < longest
        ranked = outcomes.top(column, self.layout.bars, self.diagram.columns[column].above)
        needed = max(wide(visible_symbol(name)) + wide(share_text(p, brief=brief)) for name, p in ranked)
        return brief, needed + 2 * EDGE + BETWEEN

    def over_neighbours(self, column: int) -> QRectF:
        """The distribution above a selected column, if its words need room over the neighbours; else an empty box."""
        item, outcomes, box = self.diagram.columns[column], self.diagram.outcomes, self.layout.bar(column, 0)
        written = item.above and math.isfinite(item.probability) and self.base.answered(column)
        if outcomes is None or self.diagram.numbers is not None or self.diagram.answers_once or not written:
            return QRectF()
        needed = self._needs(column, outcomes)[1]
        return widened_box(self.layout, box, needed + 1) if needed > box.width() else QRectF()

    def _hidden_of(self, line: QRectF) -> tuple[float, float]:
        """How much of a line the distribution of a selected neighbour hides at the left and at the right: what is
        written there moves aside, and is cut with an ellipsis rather than in the middle of a letter."""
        over = self.covering.adjusted(-WORD_GAP, 0, WORD_GAP, 0)
        if self.covering.isEmpty() or over.left() >= line.right() or over.right() <= line.left():
            return 0.0, 0.0
        if over.center().x() < line.center().x():
            return over.right() - line.left(), 0.0
        return 0.0, line.right() - over.left()

    # ---- the one answer, beside the cells

    def lead_in(self, painter: QPainter, column: int) -> QPointF:
        """Draw the line from the state that the answer is read from to the softmax beside the cells; returns a point on
        it."""
        layout, theme, diagram = self.layout, self.theme, self.diagram
        softmax = layout.softmax(column)
        target = QPointF(softmax.left(), softmax.center().y())
        folded = layout.fold is not None and layout.fold.share > 0.5
        end = len(diagram.columns) - 1
        x, top = layout.column_x(end), layout.cells_top
        if layout.pinned:
            edge = layout.answer_left - PINNED_GAP
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(theme.surface))
            painter.drawRect(QRectF(edge, 0, layout.output(column).right() + 40 - edge, layout.height))
            painter.setPen(self.base.pen(theme.border, 1.0))
            painter.drawLine(QPointF(edge, 2), QPointF(edge, layout.height - 2))
        if layout.pinned and not folded:
            corners = [QPointF(edge, target.y()), target]
        elif diagram.pools and not folded:
            corners = [QPointF(layout.pool.right(), layout.pool.center().y())]
            corners += [QPointF(softmax.center().x(), corners[0].y()), QPointF(softmax.center().x(), softmax.top())]
        elif diagram.both_ways and not folded:
            above = top - layout.rows.level_gap / 2
            corners = [QPointF(x, above), QPointF(softmax.center().x(), above)]
            corners.append(QPointF(softmax.center().x(), softmax.top()))
        elif folded:
            above = top - 20
            corners = [QPointF(x, top), QPointF(x, above), QPointF(softmax.center().x(), above)]
            corners.append(QPointF(softmax.center().x(), softmax.top()))
        else:
            box = layout.hidden_layer if diagram.padded else layout.cell(end, diagram.levels - 1)
            beside = layout.output(column).left() - TEXT_BESIDE if layout.stacked else target.x()
            bend = (box.right() + beside) / 2  # what stands below the softmax is wider than that
            corners = [QPointF(box.right(), box.center().y()), QPointF(bend, box.center().y())]
            corners += [QPointF(bend, target.y()), target]
        painter.setPen(self.base.answer_pen(column))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        path = QPainterPath(corners[0])
        for corner in corners[1:]:
            path.lineTo(corner)
        painter.drawPath(path)
        output = layout.output(column)
        if layout.stacked:
            painter.drawLine(
                QPointF(softmax.center().x(), softmax.bottom()), QPointF(output.center().x(), output.top())
            )
        else:
            painter.drawLine(QPointF(softmax.right(), target.y()), QPointF(output.left() - 2, target.y()))
        last, before = corners[-1], corners[-2]
        return last - QPointF(9, 0) if before.y() == last.y() else last - QPointF(0, 8)
