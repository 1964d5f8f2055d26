"""The first rows as they are in the file, beside what was read from them. A click on a column's name sets its role."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QAbstractItemView, QTableWidget, QTableWidgetItem, QWidget

import engine
from engine.data.codec import Kind, join_columns
from engine.data.files.recognition import Recognition
from engine.data.no_use import no_use
from gui.panels.data.column_choice import column_changes, joined_changes, joined_label, may_be_joined
from gui.session.found_columns import COLUMN_LABELS
from gui.session.session import Session
from gui.widgets.controls import introduced, keep_rows_under_mouse, passing_menu
from gui.widgets.sheet import Sheet
from gui.widgets.symbols import plain_tip, visible_text
from gui.widgets.text import text_label

WIDTH_PX = 620
ROWS = 6
ROW_PX = 24
WIDEST_PX = 180  # of a column of the file
LONGEST = 200  # letters of a cell, and symbols of a row as it was read; no cell shows more
USED = " ✓"  # after the name of a column if it is also the name of its role
READ_AS = "read as"
APART = "Series"  # the role of a column that tells several series apart
HINT = "Click the name of a column to set its role."


class RawRows(Sheet):
    """A table of raw cells, and the symbols that the network gets. Filled when it is shown."""

    def __init__(self, parent: QWidget, session: Session) -> None:
        super().__init__(parent, "raw-rows", "First rows of the file", WIDTH_PX)
        self._session = session
        self.table = QTableWidget()
        keep_rows_under_mouse(self.table)
        introduced(self.table, "raw-table", "First rows of the file, by column")
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.table.setWordWrap(False)
        self.table.verticalHeader().hide()
        self.table.verticalHeader().setDefaultSectionSize(ROW_PX)
        header = self.table.horizontalHeader()
        header.setSectionsClickable(True)
        header.setMaximumSectionSize(WIDTH_PX)
        header.setStretchLastSection(True)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.sectionClicked.connect(self._offer)
        self.body.addWidget(self.table)
        self._hint = text_label(HINT, "small", name="raw-hint")
        self.body.addWidget(self._hint)

    def show_rows(self, dataset: engine.Dataset) -> None:
        """Fill the table with the rows of a data set. What was read is left out where it is what the file has."""
        found = dataset.recognition
        count = min(ROWS, max(map(len, found.previews), default=0))
        titles = [_title(dataset, name) for name in found.columns]
        columns = [[value[:LONGEST] for value in values[:count]] for values in found.previews]
        read = [as_read(dataset, row) for row in range(count)]
        if [read] != columns:
            titles, columns = [*titles, READ_AS], [*columns, read]
        self.table.clear()
        self.table.setColumnCount(len(titles))
        self.table.setRowCount(count)
        self.table.setHorizontalHeaderLabels(titles)
        for place, values in enumerate(columns):
            for row, value in enumerate(values):
                self._put(row, place, value)
        self.table.resizeColumnsToContents()
        for place in range(len(titles) - 1):
            self.table.setColumnWidth(place, min(self.table.columnWidth(place), WIDEST_PX))
        self._hint.setVisible(len(found.columns) > 1)
        header = self.table.horizontalHeader()
        self.table.setFixedHeight(count * ROW_PX + header.sizeHint().height() + 22)
        self.fit()

    def scroll_to_used(self, found: Recognition) -> None:
        """Bring the columns that are read into view, in any case the first of them."""
        used = [place for place, name in enumerate(found.columns) if name in found.read]
        for place in (*used[-1:], *used[:1]):
            self.table.scrollTo(self.table.model().index(0, place))

    def _put(self, row: int, column: int, text: str) -> None:
        item = QTableWidgetItem(visible_text(text))
        item.setToolTip(plain_tip(text))
        self.table.setItem(row, column, item)

    def _offer(self, place: int) -> None:
        """Let the user set the role of a column."""
        dataset = self._session.data.dataset
        if dataset is None or place >= len(dataset.recognition.columns):
            return
        column = dataset.recognition.columns[place]
        menu = passing_menu(self, "column-menu")
        labels = COLUMN_LABELS.get(dataset.kind, ("Text",))
        for label, option in zip(labels, ("source_column", "target_column"), strict=False):
            if no_use(option, dataset, self._session.data.sample is not None):
                continue
            action = QAction(f"Read as {label.lower()}", menu)
            action.setObjectName(f"read-as-{option}")
            action.triggered.connect(partial(self._take, option, column))
            menu.addAction(action)
        if may_be_joined(dataset, column):
            action = QAction(joined_label(dataset, column), menu)
            action.setObjectName("read-joined")
            action.triggered.connect(partial(self._join, column))
            menu.addAction(action)
        header = self.table.horizontalHeader()
        menu.popup(header.mapToGlobal(QPoint(header.sectionViewportPosition(place), header.height())))

    def _take(self, option: str, column: str) -> None:
        dataset = self._session.data.dataset
        if dataset is not None:
            self._session.data.change(**column_changes(dataset, option, column))

    def _join(self, column: str) -> None:
        dataset = self._session.data.dataset
        if dataset is not None:
            self._session.data.change(**joined_changes(dataset, column))


def _title(dataset: engine.Dataset, name: str) -> str:
    """The name of a column with its role."""
    found = dataset.recognition
    labels = COLUMN_LABELS.get(dataset.kind, ("Text", ""))
    taken = labels[0] if name in found.sources else labels[1] if name == found.target_column else ""
    taken = APART if name in found.apart else taken
    role = USED if name.casefold() == taken.casefold() else f" · {taken.lower()}" if taken else ""
    return visible_text(name + role)


def as_read(dataset: engine.Dataset, row: int) -> str:
    """The symbols that a row became, and its label or the symbols of its target; of a series, the time and the
    values."""
    found, codec = dataset.recognition, dataset.codec

    def cell(name: str) -> str:
        values = found.previews[found.columns.index(name)] if name in found.columns else ()
        return values[row] if row < len(values) else ""

    target = cell(found.target_column).strip()
    if dataset.kind == Kind.SERIES:  # its second column is the time
        return ": ".join(filter(None, (target, ", ".join(map(cell, found.sources)))))
    source = join_columns([*map(cell, found.sources)] or [""])
    whole = dataset.kind.reads_numbers or (dataset.kind == Kind.TAGGED and " " not in source)
    symbols = (source,) if whole else codec.tokenize(source)
    between = " · " if codec.unit != "character" else ""
    text = between.join(symbols[:LONGEST])
    if dataset.kind == Kind.PAIRS:
        between = " · " if codec.target_unit != "character" else ""
        target = between.join(codec.tokenize(target, "target")[:LONGEST])
    return f"{text} → {target}" if target else text
