"""The list of runs as a table: name and figures, whether the curve is drawn, whether the run is pinned."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QEvent, QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QKeyEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import (
    QHeaderView,
    QLineEdit,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTreeView,
    QWidget,
)

from engine.models.metrics import brief_title, metric_in_words, metric_text
from engine.number_text import grouped, loss_text
from gui.session.run_library.listed_run import ListedRun
from gui.session.run_library.run_names import SEPARATOR, cut_more_and_more
from gui.theme import BODY_PX, Theme, run_color
from gui.widgets.controls import introduced, keep_rows_under_mouse
from gui.widgets.elided_names import longest_fitting
from gui.widgets.symbols import plain_tip, visible_text

NAME, CURVE, PIN = range(3)
TITLES = ("Run", "Curve", "Pin")
TIPS = (
    "Double-click opens a run, F2 renames it. The loss is the lowest one on the validation examples.",
    "Draw the validation loss in the loss plot",
    "Keep this run when the list is full",
)
ROW_PX, CHIP_PX, LEFT_PX = 38, 9, 20
PIN_HEAD_PX, PIN_PX = 5, 11  # width of the mark of a pinned run, and its height
NAME_PX = LEFT_PX + 4  # around a name in its column
TITLE_ROOM_PX = 14  # around the title of a column
NARROW_PX = 260  # a list narrower than this leaves the pins to the menus, and marks them below the chips
Index = QModelIndex | QPersistentModelIndex
ItemRole = Qt.ItemDataRole
ROOT = QModelIndex()


@dataclass(frozen=True)
class RunRow:
    """A run, and whether it is the current one."""

    run: ListedRun
    is_current: bool
    drawn: bool  # whether its curve is in the loss plot


def facts(row: RunRow) -> list[str]:
    """ "best accuracy 41.2 %", "loss 2.285 at step 1,432", "step 1,790", "current": the best evaluation, first the
    figure that decides. Where that is the loss: "best loss 2.285 at step 1,432", "perplexity 9.83 there". "best" and
    "there" are left out if it was at the last step.

    The most useful parts come first, because the last ones are left out if they do not fit.
    """
    run = row.run
    parts = ["diverged"] if run.end.diverged else []
    best, kept, headline = run.best_step, run.end.kept, run.headline
    if best is not None:
        last = best == run.step
        begin, at, there = ("", "", "") if last else ("best ", f" at step {grouped(best)}", " there")
        loss = f"loss {loss_text(run.loss_at_best)}{at}"
        if headline is None:
            parts.append(f"{begin}{loss}")
        elif run.decided_by == headline[0]:
            parts += [f"{begin}{metric_in_words(*headline)}", loss]
        else:
            parts += [f"{begin}{loss}", f"{metric_in_words(*headline)}{there}"]
    parts.append(f"step {grouped(run.step)}" if run.step else "untrained")
    parts += [f"weights of step {grouped(kept.step)}"] if kept is not None and kept.step not in (best, run.step) else []
    return [*parts, *["current"] * row.is_current]


def brief_facts(row: RunRow) -> list[str]:
    """The first of the facts more and more briefly, down to the number alone."""
    run = row.run
    best = "" if run.best_step == run.step else "best "
    if run.end.diverged:
        return ["diverged"]
    if run.headline is not None and run.decided_by == run.headline[0]:
        name, value = run.headline
        figure = metric_text(name, value)
        brief = f"{brief_title(name)} {figure}"
        return [f"{best}{metric_in_words(name, value)}", f"{best}{brief}", brief, figure]
    if run.best_step is not None:
        figure = loss_text(run.loss_at_best)
        return [f"{best}loss {figure}", f"{best or 'loss '}{figure}", figure]
    return facts(row)[:1]


def whole_parts(parts: Sequence[str], briefly: Sequence[str], fits: Callable[[str], bool]) -> str:
    """As many whole parts as fit, or one of the brief texts, or nothing, since half a number misleads."""
    texts = [SEPARATOR.join(parts[:count]) for count in range(len(parts), 0, -1)]
    return next(filter(fits, (*texts, *briefly)), "")


def name_and_figures(
    row: RunRow, names: QFontMetrics, figures: QFontMetrics, room: int, beside: tuple[str, ...] = ()
) -> tuple[str, str]:
    """A run's name, and its figures below it, as much of each as has room. names, figures: their fonts. beside: the
    names of all runs in the list, from which a name that is cut is to be told."""
    texts = cut_more_and_more(visible_text(row.run.name), beside)
    shown = whole_parts(facts(row), brief_facts(row), lambda text: figures.horizontalAdvance(text) <= room)
    return longest_fitting(texts, names, room), shown


class RunTable(QAbstractTableModel):
    """The current run first, then the others, the newest first."""

    renamed = Signal(str, str)  # id and the new name
    curve_chosen = Signal(str, bool)
    pin_chosen = Signal(str, bool)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.rows: list[RunRow] = []
        self.names: tuple[str, ...] = ()  # of all rows, as they are shown
        self.theme = theme

    def show(self, rows: list[RunRow], theme: Theme) -> bool:
        """Show these rows; returns whether the set of runs has changed."""
        before, self.theme = [row.run.id for row in self.rows], theme
        self.names = tuple(visible_text(row.run.name) for row in rows)
        if before == [row.run.id for row in rows]:
            self.rows = rows
            if rows:
                self.dataChanged.emit(self.index(0, 0), self.index(len(rows) - 1, PIN))
            return False
        self.beginResetModel()
        self.rows = rows
        self.endResetModel()
        return True

    def rowCount(self, parent: Index = ROOT) -> int:
        """One for each run."""
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = ROOT) -> int:
        """Name, curve, pin."""
        return 0 if parent.isValid() else len(TITLES)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = ItemRole.DisplayRole) -> Any:
        """Names of the columns."""
        if orientation is not Qt.Orientation.Horizontal:
            return None
        return {ItemRole.DisplayRole: TITLES, ItemRole.ToolTipRole: [*map(plain_tip, TIPS)]}.get(
            ItemRole(role), (None,) * len(TITLES)
        )[section]

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Names can be edited; curve and pin are switches."""
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        if index.column() == NAME:
            return flags | Qt.ItemFlag.ItemIsEditable
        if index.column() == CURVE and self.rows[index.row()].is_current:
            return flags
        return flags | Qt.ItemFlag.ItemIsUserCheckable

    def data(self, index: Index, role: int = ItemRole.DisplayRole) -> Any:
        """What a cell shows."""
        row = self.rows[index.row()]
        name = visible_text(row.run.name)
        if index.column() == NAME:
            about = SEPARATOR.join([*facts(row), *["pinned"] * row.run.identity.pinned])
            values = {
                ItemRole.DisplayRole: name,
                ItemRole.EditRole: row.run.name,
                ItemRole.ToolTipRole: plain_tip(f"{name}\n{about}"),
                ItemRole.AccessibleTextRole: f"{name}, {about}",
            }
            return values.get(ItemRole(role))
        on = row.drawn if index.column() == CURVE else row.run.identity.pinned
        if role == ItemRole.CheckStateRole and not (index.column() == CURVE and row.is_current):
            return Qt.CheckState.Checked if on else Qt.CheckState.Unchecked
        return plain_tip(TIPS[index.column()]) if role == ItemRole.ToolTipRole else None

    def setData(self, index: Index, value: Any, role: int = ItemRole.EditRole) -> bool:
        """Ask the session to change a name, curve or pin."""
        run_id = self.rows[index.row()].run.id
        if role == ItemRole.EditRole and index.column() == NAME:
            self.renamed.emit(run_id, str(value))
        elif role == ItemRole.CheckStateRole and index.column() == CURVE:
            self.curve_chosen.emit(run_id, Qt.CheckState(value) is Qt.CheckState.Checked)
        elif role == ItemRole.CheckStateRole and index.column() == PIN:
            self.pin_chosen.emit(run_id, Qt.CheckState(value) is Qt.CheckState.Checked)
        else:
            return False
        return True


class _NameAndFacts(QStyledItemDelegate):
    """A chip in the colour of the run; the view writes the name and the figures beside it."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Two lines."""
        return QSize(120, ROW_PX)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint the chip, and the mark of a pinned run where there is no column for it."""
        table = index.model()
        assert isinstance(table, RunTable)
        row, theme = table.rows[index.row()], table.theme
        style = option.widget.style()
        style.drawPrimitive(QStyle.PrimitiveElement.PE_PanelItemViewItem, option, painter, option.widget)
        rect: QRect = option.rect
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(run_color(theme, row.run.identity.color)))
        painter.drawRoundedRect(rect.x() + 5, rect.y() + 7, CHIP_PX, CHIP_PX, 2, 2)
        view = self.parent()
        assert isinstance(view, QTreeView)
        if row.run.identity.pinned and view.isColumnHidden(PIN):
            _draw_pin(painter, QRect(rect.x() + 7, rect.y() + 20, PIN_HEAD_PX, PIN_PX), theme.secondary)
        painter.restore()

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        """A text field for the name."""
        editor = QLineEdit(parent)
        introduced(editor, "run-name", "Name of the run")
        return editor

    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, index: Index) -> None:
        """Let the text field fill the place of the name."""
        view = self.parent()
        assert isinstance(view, RunTableView)
        editor.setGeometry(view.name_place(index).adjusted(LEFT_PX - 6, 4, 0, -4))


def _draw_pin(painter: QPainter, place: QRect, color: str) -> None:
    """The mark of a pinned run: a round head on a needle."""
    painter.setBrush(QColor(color))
    painter.drawEllipse(place.x(), place.y(), place.width(), place.width())
    painter.drawRect(place.center().x(), place.y() + place.width(), 1, place.height() - place.width())


class RunTableView(QTreeView):
    """Several runs can be selected; Enter opens, F2 renames, Delete deletes."""

    delete_wanted = Signal()
    edited = Signal()  # a name has been typed, or typing was cancelled

    def __init__(self, table: RunTable) -> None:
        super().__init__()
        names = _NameAndFacts(self)
        names.closeEditor.connect(self.edited)
        introduced(self, "runs", "Runs", role="table")
        self.setModel(table)
        keep_rows_under_mouse(self)
        self.setItemDelegateForColumn(NAME, names)
        self.setRootIsDecorated(False)
        self.setUniformRowHeights(True)
        self.setAllColumnsShowFocus(True)
        self.setFrameShape(QTreeView.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSelectionMode(QTreeView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QTreeView.EditTrigger.EditKeyPressed)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        header = self.header()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(NAME, QHeaderView.ResizeMode.Stretch)
        for column in (CURVE, PIN):  # no wider than their titles: the rest is for the figures
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.Fixed)
            header.resizeSection(column, header.fontMetrics().horizontalAdvance(TITLES[column]) + TITLE_ROOM_PX)
        header.setSectionsMovable(False)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Choose the columns for the new width."""
        super().resizeEvent(event)
        self.setColumnHidden(PIN, self.viewport().width() < NARROW_PX)

    def name_place(self, index: Index) -> QRect:
        """Where there is room for a run's name and figures. The current run has no switch for its curve."""
        table = self.model()
        assert isinstance(table, RunTable)
        cell = self.visualRect(table.index(index.row(), NAME))
        return cell.adjusted(0, 0, self.columnWidth(CURVE) if table.rows[index.row()].is_current else 0, 0)

    def drawRow(self, painter: QPainter, options: QStyleOptionViewItem, index: Index) -> None:
        """Draw the cells, then name and figures, which may be longer than their cell."""
        super().drawRow(painter, options, index)
        table = self.model()
        assert isinstance(table, RunTable)
        row, theme, place = table.rows[index.row()], table.theme, self.name_place(index)
        painter.save()
        bold, font = painter.font(), painter.font()
        bold.setBold(row.is_current)
        font.setPixelSize(BODY_PX - 1)
        names, figures = QFontMetrics(bold), QFontMetrics(font)
        name, shown = name_and_figures(row, names, figures, place.width() - NAME_PX, table.names)
        painter.setFont(bold)
        painter.setPen(QColor(theme.text))
        painter.drawText(place.x() + LEFT_PX, place.y() + 3 + names.ascent(), name)
        painter.setFont(font)
        painter.setPen(QColor(theme.muted))
        painter.drawText(place.x() + LEFT_PX, place.bottom() - 5 - figures.descent(), shown)
        painter.restore()

    def selected(self) -> list[str]:
        """Ids of the selected runs, in the order of the list."""
        table = self.model()
        assert isinstance(table, RunTable)
        return [table.rows[row].run.id for row in sorted({index.row() for index in self.selectedIndexes()})]

    def select(self, run_ids: Callable[[str], bool]) -> None:
        """Select the runs for whose ids this is true."""
        table, model = self.model(), self.selectionModel()
        assert isinstance(table, RunTable)
        for at, row in enumerate(table.rows):
            if run_ids(row.run.id):
                model.select(table.index(at, 0), model.SelectionFlag.Select | model.SelectionFlag.Rows)

    def show_first(self) -> None:
        """Scroll to the current run, unless it is in sight."""
        self.scrollTo(self.model().index(0, NAME))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Delete asks for deletion. The row that a key is for comes into sight, with the field for its name."""
        self.scrollTo(self.currentIndex())
        if event.key() == Qt.Key.Key_Delete:
            self.delete_wanted.emit()
        else:
            super().keyPressEvent(event)

    def edit_name(self, row: int) -> None:
        """Let the user edit a name in its row."""
        index = self.model().index(row, NAME)
        self.scrollTo(index)
        self.edit(index)

    def is_editing(self) -> bool:
        """Whether a name is being typed."""
        return self.state() is QTreeView.State.EditingState

    def event(self, event: QEvent) -> bool:
        """Leave letters to the window's shortcuts; they do not search the list."""
        if event.type() == QEvent.Type.ShortcutOverride:
            event.ignore()
            return False
        return super().event(event)
