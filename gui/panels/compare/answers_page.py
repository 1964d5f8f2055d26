"""Answers to the same text, in a column for each run."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, Qt
from PySide6.QtWidgets import (
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionHeader,
    QStyleOptionViewItem,
    QTreeWidget,
    QTreeWidgetItem,
)

import engine
from engine.data.examples import SideValue
from gui.panels.compare.answer_lines import AnswerLine, AnswerLines, answer
from gui.panels.compare.compare_page import READING, Entry, Page, why_not, whys_in_words, with_text
from gui.panels.compare.figures_table import chip
from gui.plots.picture_export import Table
from gui.session.probe import Probe
from gui.session.run_library.run_names import cut_more_and_more
from gui.theme import Theme
from gui.widgets.controls import introduced, keep_rows_under_mouse
from gui.widgets.elided_names import longest_fitting, room_for_text
from gui.widgets.symbols import plain_tip, visible_text
from gui.widgets.text import text_label

LEAST_COLUMN_PX = 130
GAP = "  "  # between a text and its figure
FIGURE = Qt.ItemDataRole.UserRole


class _WholeFigures(QStyledItemDelegate):
    """Where a line is too long, its text is cut and not its figure."""

    def initStyleOption(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> None:
        """Cut the text, if need be."""
        super().initStyleOption(option, index)
        figure, metrics = index.data(FIGURE), option.fontMetrics
        room = room_for_text(option)
        whole = option.text
        if figure and metrics.horizontalAdvance(whole) > room:
            left = room - metrics.horizontalAdvance(GAP + figure)
            cut = metrics.elidedText(whole.removesuffix(GAP + figure), Qt.TextElideMode.ElideRight, left)
            option.text = cut + GAP + figure


class _RunHeads(QHeaderView):
    """Heads with the chip and the name of a run, which is cut so that it still tells the run from others."""

    def __init__(self) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.setMinimumSectionSize(LEAST_COLUMN_PX)
        self.setStretchLastSection(False)

    def initStyleOptionForIndex(self, option: QStyleOptionHeader, column: int) -> None:
        """Cut the name, if need be."""
        super().initStyleOptionForIndex(option, column)
        style = self.style()
        option.rect = QRect(0, 0, self.sectionSize(column), self.height())
        label = style.subElementRect(QStyle.SubElement.SE_HeaderLabel, option, self)
        margin = style.pixelMetric(QStyle.PixelMetric.PM_HeaderMargin, option, self)
        room = label.width() - style.pixelMetric(QStyle.PixelMetric.PM_SmallIconSize) - 2 * margin
        names = tuple(self.model().headerData(each, self.orientation()) for each in range(self.count()))
        option.text = longest_fitting(cut_more_and_more(option.text, names), option.fontMetrics, room)


class AnswersPage(Page):
    """Each network's answers to the text, the most probable first."""

    def __init__(self) -> None:
        super().__init__()
        self.tree = QTreeWidget()
        keep_rows_under_mouse(self.tree)
        introduced(self.tree, "compare-answers", "Answers of each run", role="table")
        self.tree.setRootIsDecorated(False)
        self.tree.setFrameShape(QTreeWidget.Shape.NoFrame)
        self.tree.setHeader(_RunHeads())
        self.tree.setItemDelegate(_WholeFigures(self.tree))
        self.start = text_label("", "small", elide=True, name="compare-start")
        self.column.addWidget(self.start)
        self.column.addWidget(self.tree, 1)
        self.unanswered = text_label("", "small", wrap=True, name="compare-unanswered")  # a column is too narrow for it
        self.unanswered.setTextFormat(Qt.TextFormat.RichText)
        self.column.addWidget(self.unanswered)
        self._columns: list[tuple[str, tuple[AnswerLine, ...], str]] = []  # runs, their answers, or why there are none

    def look(self, probe: Probe, truth: SideValue) -> Callable[[engine.Snapshot], Any] | None:
        """Compute the answer to the text."""
        return with_text(answer, probe)

    def show_found(self, entries: Sequence[Entry], found: Mapping[str, Any | str], theme: Theme) -> None:
        """One column for each run, and below them why some do not answer."""
        self.say_if_none(entries, found)
        self.unanswered.setText(whys_in_words(entries, found))
        self.unanswered.setVisible(bool(self.unanswered.text()))
        columns, starts = [], []
        for entry in entries:
            known, why = found.get(entry.run.id), why_not(entry, found)
            lines: tuple[AnswerLine, ...] = (AnswerLine(why),) if why == READING else ()
            if isinstance(known, AnswerLines):
                starts.append(known.start)
                lines = known.lines
            columns.append((entry.run.name, lines, why))
        self.start.setText(" / ".join(dict.fromkeys(starts)))  # runs of other data may do something else with a text
        header = QTreeWidgetItem([visible_text(entry.name) for entry in entries])
        for column, entry in enumerate(entries):
            header.setIcon(column, chip(entry.color))
            header.setToolTip(column, plain_tip(entry.run.name))
        self.tree.setColumnCount(len(entries))
        self.tree.setHeaderItem(header)
        if columns == self._columns:
            return
        self._columns = columns
        self.tree.clear()
        for row in range(max((len(lines) for _, lines, _ in columns), default=0)):
            shown = [lines[row] if row < len(lines) else AnswerLine("") for _, lines, _ in columns]
            item = QTreeWidgetItem([visible_text(str(line)) for line in shown])
            for column, line in enumerate(shown):
                item.setData(column, FIGURE, visible_text(line.figure))
                item.setToolTip(column, plain_tip(str(line)))
            item.setFlags(Qt.ItemFlag.ItemIsEnabled)
            self.tree.addTopLevelItem(item)

    def table(self) -> Table:
        """A row for each line of each answer, or why there is none."""
        rows = [(name, str(line)) for name, lines, why in self._columns for line in lines or (why,)]
        return Table(("run", "answer"), rows)
