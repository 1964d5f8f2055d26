"""The validation examples that the network gets most wrong."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isnan

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal, SignalInstance
from PySide6.QtGui import QFontMetricsF, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QHeaderView, QStyledItemDelegate, QStyleOptionViewItem, QTreeView

from engine.number_text import loss_text, percent
from gui.panels.base.asking_view import AskingView
from gui.plots.picture_export import Table
from gui.session.session import Session
from gui.session.worst_examples import Wrong
from gui.theme import BODY_PX
from gui.widgets.controls import introduced, keep_rows_under_mouse
from gui.widgets.elided_names import cut_beginning, room_for_text
from gui.widgets.symbols import plain_tip, visible_text

ZOOM_STEP, LARGEST_ZOOM = 1.15, 3.0  # largest zoom of the letters, so that a room can read them from a projector
Index = QModelIndex | QPersistentModelIndex
COLUMNS = ("text", "truth", "answer", "loss")
TEXT, TRUTH, ANSWER, LOSS, RIGHT = SECTIONS = range(len(COLUMNS) + 1)  # the last is a share
TIPS = (
    "what the network reads",
    "what the network should have answered",
    "what the network answers",
    "mean loss: −ln of the probability of the right answer, so smaller is better",
)


@dataclass(frozen=True)
class _Share:
    """The number that belongs to an answer: its heading, its name in a sentence and in a saved table, what it means."""

    heading: str
    said: str
    saved: str
    tip: str


SHARE_RIGHT = _Share(
    "right", "share right", "share of predictions right", "share of this example’s predictions that are right"
)
SHARE_IN_BAND = _Share(
    "in band",
    "share in band",
    "share inside the 90 % band",
    "share of the true numbers inside the 90 % band around what is predicted; about 90 % if the network judges its "
    "uncertainty well",
)
ERROR_RATE = _Share(
    "error rate",
    "error rate",
    "error rate",
    "insertions, deletions and substitutions that would correct the answer, relative to the length of the right answer",
)
WRITTEN_LOSS_TIP = (
    "mean loss: −ln of the probability of each symbol of the truth, given those before it, so smaller is better"
)
BELL_CURVE_LOSS_TIP = (
    "mean loss: −ln of the height, at each true number, of the bell curve that the network predicted, where numbers "
    "are counted in standard deviations of the training data; smaller is better, also below 0"
)
SQUARED_LOSS_TIP = (
    "mean loss: the squared distance of each true number from the predicted one, counted in standard deviations of the "
    "training data, so smaller is better"
)
NARROW_PX = 300  # less has no room for numbers beside three texts
# of the room beside the numbers, what texts get before truths and answers, if they need as much; in a narrow view less,
# so that a label is whole
TEXT_SHARE, NARROW_TEXT_SHARE = 0.4, 0.3
CELL_MARGIN_PX = 15  # around the text of a cell
NAMED, NAMED_TIP = "example", "what the network reads: its place among the validation examples"  # of numbers
GIVEN, GIVEN_TIP = "label", "the label the network starts from"  # for a generator, in place of the truth
ARROWS = {Qt.SortOrder.AscendingOrder: "▴", Qt.SortOrder.DescendingOrder: "▾"}


class _MistakesModel(QAbstractTableModel):
    """The rows, sorted as the user likes. Only visible cells are made."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.rows: list[Wrong] = []
        self._by, self._order = LOSS, Qt.SortOrder.DescendingOrder

    def show_rows(self, rows: Sequence[Wrong]) -> None:
        """Replace the rows."""
        self.beginResetModel()
        self.rows = self._sorted(rows)
        self.endResetModel()

    def _sorted(self, rows: Sequence[Wrong]) -> list[Wrong]:
        # names that end in numbers have the order of these
        keys = (
            lambda w: (len(w.text) if w.is_named else 0, w.text),
            lambda w: w.truth,
            lambda w: w.answer,
            lambda w: w.loss,
            lambda w: w.share,
        )
        return sorted(rows, key=keys[self._by], reverse=self._order == Qt.SortOrder.DescendingOrder)

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sort by a column; called by a click on its heading."""
        self._by, self._order = max(column, 0), order
        self.show_rows(self.rows)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  # an invalid index never changes
        """Number of examples."""
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """Text, truth, answer, loss, share."""
        return 0 if parent.isValid() else len(SECTIONS)

    def cell(self, row: int, column: int) -> str:
        """The text of a cell."""
        wrong = self.rows[row]
        return (
            wrong.counted_text,
            wrong.differing_truth,
            wrong.differing_answer,
            loss_text(wrong.loss, 2),
            "" if isnan(wrong.share) else percent(wrong.share),
        )[column]

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Text and alignment of a cell, and the whole row, which is also the tooltip: in a narrow view, texts are cut
        and numbers left out."""
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return visible_text(self.cell(index.row(), index.column()))
        if role == Qt.ItemDataRole.ToolTipRole:
            cells = zip(self.names(), (self.cell(index.row(), column) for column in SECTIONS), strict=True)
            return plain_tip("\n".join(f"{name}: {text}" for name, text in cells if text))
        if role == Qt.ItemDataRole.UserRole:
            return self.rows[index.row()]
        if role == Qt.ItemDataRole.TextAlignmentRole and index.column() >= LOSS:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Names of the columns, with an arrow at the one that the rows are sorted by, and what they mean."""
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            name = self.names()[section]
            return f"{name} {ARROWS[self._order]}" if section == self._by else name
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tip(self.tips()[section])
        return None

    def names(self) -> tuple[str, ...]:
        """Names of the columns. A label that the network starts from is not an answer that it got wrong."""
        text = NAMED if self.named else COLUMNS[TEXT]
        given = any(wrong.label is not None for wrong in self.rows)
        truth = GIVEN if given else COLUMNS[TRUTH]
        return text, truth, COLUMNS[ANSWER], COLUMNS[LOSS], self.share.heading

    def order(self) -> str:
        """The order of the rows, in words."""
        if self._by < LOSS:
            return f"sorted by {self.names()[self._by]}"
        far = "highest" if self._order is Qt.SortOrder.DescendingOrder else "lowest"
        return f"{far} {COLUMNS[LOSS] if self._by == LOSS else self.share.said} first"

    def tips(self) -> tuple[str, ...]:
        """What the columns mean."""
        text = NAMED_TIP if self.named else TIPS[TEXT]
        truth = GIVEN_TIP if GIVEN in self.names() else TIPS[TRUTH]
        return text, truth, TIPS[ANSWER], self._loss_tip, self.share.tip

    @property
    def _loss_tip(self) -> str:
        if self.numbers:
            return SQUARED_LOSS_TIP if all(isnan(wrong.right) for wrong in self.rows) else BELL_CURVE_LOSS_TIP
        return WRITTEN_LOSS_TIP if self.writes else TIPS[LOSS]

    @property
    def share(self) -> _Share:
        """What the last column holds."""
        return ERROR_RATE if self.writes else SHARE_IN_BAND if self.numbers else SHARE_RIGHT

    @property
    def numbers(self) -> bool:
        """Whether numbers are predicted. Without a learned uncertainty, no share of them is in a band."""
        return any(wrong.is_number for wrong in self.rows)

    @property
    def named(self) -> bool:
        """Whether numbers are read, which go by a name."""
        return any(wrong.is_named for wrong in self.rows)

    @property
    def writes(self) -> bool:
        """Whether the answers are texts."""
        return any(wrong.error_rate is not None for wrong in self.rows)


def _brief_texts(wrong: Wrong, column: int) -> list[str]:
    """Briefer and briefer texts of a cell in which no tag is cut; [] of what is no tagged text."""
    return list(map(visible_text, wrong.brief_truths if column == TRUTH else wrong.brief_answers))


class _DifferingEnds(QStyledItemDelegate):
    """Where a truth or an answer is too long, the beginning that both have is cut, so that the mistake is seen; of tags
    as many are shown as have room, and none is cut."""

    def initStyleOption(self, option: QStyleOptionViewItem, index: Index) -> None:
        """Cut the text, if need be; not when the width that it would need is measured."""
        super().initStyleOption(option, index)
        if not option.rect.isValid():
            return
        wide, room = QFontMetricsF(option.font).horizontalAdvance, room_for_text(option)
        if texts := _brief_texts(index.data(Qt.ItemDataRole.UserRole), index.column()):
            option.text = next((text for text in texts if wide(text) <= room), texts[-1])
        else:
            other = index.sibling(index.row(), TRUTH if index.column() == ANSWER else ANSWER).data()
            option.text = cut_beginning(option.text, other, wide, room)


class _ZoomableTable(QTreeView):
    """Ctrl and the wheel emit `zoomed`; the plain wheel scrolls."""

    zoomed = Signal(float)  # how many times as large

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom or scroll."""
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.zoomed.emit(ZOOM_STEP ** (event.angleDelta().y() / 120))
        else:
            super().wheelEvent(event)


class MistakesPanel(AskingView[tuple[Wrong, ...]]):
    """A table that can be sorted; a click on a row makes its example the probe."""

    HELP = (
        "The validation examples that the network gets wrong, with its answer beside the right one; where it predicts "
        "numbers, which are never quite right, all of them, and “in band” is the share of the true numbers inside its "
        "90 % band. Of a tagged text, the words with wrong tags are shown. Answers that are texts, which the network "
        "writes without seeing the right ones, have an error rate. Examples with the highest loss per predicted symbol "
        "or number come first: the network gave the right answer little probability, or predicted a number far from "
        "the true one. They often reveal wrong labels in the data, rare symbols, or a rule the network has not "
        "learned. Click a heading to sort by it, or a row to look at its example in every view. Ctrl and the wheel "
        "make the text larger."
    )

    def __init__(self, session: Session, title: str) -> None:
        super().__init__(session, title, "")
        self.rows = _MistakesModel(self)
        self.list = _ZoomableTable()
        introduced(self.list, "mistakes", "Worst validation examples", role="table")
        self.list.setModel(self.rows)
        keep_rows_under_mouse(self.list)
        self.list.setRootIsDecorated(False)
        self.list.setUniformRowHeights(True)
        self.list.setEditTriggers(QTreeView.EditTrigger.NoEditTriggers)
        self.list.setFrameShape(QTreeView.Shape.NoFrame)
        self.list.setSortingEnabled(True)
        for column in (TRUTH, ANSWER):
            self.list.setItemDelegateForColumn(column, _DifferingEnds(self.list))
        header = self.list.header()
        header.setStretchLastSection(False)
        header.setResizeContentsPrecision(0)  # visible cells decide the width of a column
        header.setSortIndicator(LOSS, Qt.SortOrder.DescendingOrder)
        header.setSortIndicatorShown(False)  # the style's arrow points up where numbers fall; the names carry one
        for column in SECTIONS:
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.Fixed)
        header.setSectionResizeMode(TEXT, QHeaderView.ResizeMode.Stretch)
        header.sortIndicatorChanged.connect(lambda *_: self._divide())  # the arrow needs room
        header.sortIndicatorChanged.connect(lambda *_: self._say_order())
        self._say_order()
        self.list.clicked.connect(self._open)
        self.list.activated.connect(self._open)
        self.list.zoomed.connect(self.zoom)
        self._worst: tuple[Wrong, ...] | None = None  # right ones too
        self._dataset = session.data.dataset  # for which the order has been chosen
        self.font_scale = 1.0  # how many times as large the text is as elsewhere
        self.content.addWidget(self.list, 1)

    def watches(self) -> tuple[SignalInstance, ...]:
        """The signals of the network, and that of the worst examples."""
        session = self.session
        return session.run.model_changed, session.run.snapshot_changed, session.worst.changed, session.theme_changed

    def nothing(self) -> str:
        """Say why there is no list."""
        return "No mistakes on the validation examples." if self._worst else "There are no validation examples."

    def ask(self) -> None:
        """Ask for them together with the other views that list them, and show what has been found since."""
        if self._dataset is not self.session.data.dataset:
            self._dataset = self.session.data.dataset
            self.list.sortByColumn(LOSS, Qt.SortOrder.DescendingOrder)
        worst = self.session.worst
        worst.ask()
        if worst.refusal:
            self.refuse(worst.refusal)
        elif worst.found is not None and (self.found is None or worst.found is not self._worst):
            self._worst = worst.found
            self.show_found(tuple(wrong for wrong in worst.found if wrong.mistaken) or None)

    def draw(self) -> None:
        """Fill the table; the user's order and selected row stay."""
        found = self.found or ()
        chosen, scrolled = self._chosen(), self.list.verticalScrollBar().value()
        self.list.setColumnHidden(TRUTH, not any(wrong.truth for wrong in found))
        self.list.setColumnHidden(ANSWER, not any(wrong.answer for wrong in found))
        self.rows.show_rows(found)
        self._say_order()
        self._divide()
        self.list.verticalScrollBar().setValue(scrolled)
        row = next((i for i, wrong in enumerate(self.rows.rows) if wrong.text == chosen), -1)
        if row >= 0:
            self.list.setCurrentIndex(self.rows.index(row, 0))

    def _say_order(self) -> None:
        self.subtitle.setText(f"{self.rows.order()}; click one to look inside")

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Divide the new width."""
        super().resizeEvent(event)
        self._divide()

    def _divide(self) -> None:
        """Give numbers the width that they need, then texts their share; truths and answers get what they need of the
        rest, or parts of it in proportion, but none less than its heading and one tag, and texts what is left. In a
        narrow view, words are worth more than numbers."""
        header, room = self.list.header(), self.list.viewport().width()
        narrow = room < NARROW_PX
        one_answer = not self.rows.writes and not any(0 < wrong.right < 1 for wrong in self.rows.rows)
        self.list.setColumnHidden(LOSS, narrow)
        self.list.setColumnHidden(RIGHT, narrow or one_answer)
        shown = [column for column in SECTIONS if not header.isSectionHidden(column)]
        needed = {column: max(self.list.sizeHintForColumn(column), header.sectionSizeHint(column)) for column in shown}
        for column in [column for column in shown if column >= LOSS]:
            header.resizeSection(column, needed[column])
            room -= needed[column]
        room = max(room, 1)  # a view that is folded away has no width
        share = 1.0 if self.rows.named else NARROW_TEXT_SHARE if narrow else TEXT_SHARE  # half a name says nothing
        most = room - header.sectionSizeHint(TEXT)
        least = {column: self._least(column, most / 2) for column in (TRUTH, ANSWER) if column in shown}
        rest = max(room - min(needed[TEXT], share * room), min(sum(least.values()), most))
        # an endless answer of an untrained network leaves some room to the truth
        wanted = {column: min(needed[column], room) for column in least}
        part = min(1.0, rest / max(1, sum(wanted.values())))
        widths = {column: max(width * part, least[column]) for column, width in wanted.items()}
        over = max(0.0, sum(widths.values()) - rest)  # what one column needs beyond its part, which the wider one gives
        for column in sorted(widths, key=lambda column: -widths[column]):
            header.resizeSection(column, max(0, int(widths[column] - over)))
            over = 0.0

    def _least(self, column: int, most: float) -> float:
        """The width of a heading, and of one tag of each row if that is not more than `most`."""
        wide, heading = self.list.fontMetrics().horizontalAdvance, self.list.header().sectionSizeHint(column)
        briefest = (texts[-1] for wrong in self.rows.rows if (texts := _brief_texts(wrong, column)))
        tag = max(map(wide, briefest), default=0)
        return max(heading, min(tag + CELL_MARGIN_PX, most) if tag else 0)

    def _chosen(self) -> str | None:
        index = self.list.currentIndex()
        return self.rows.rows[index.row()].text if index.isValid() else None

    def _open(self, index: QModelIndex) -> None:
        wrong = self.rows.rows[index.row()]
        self.session.probe.set(wrong.given, wrong.label, is_example=True)

    # ---- zoom

    def zooms(self) -> bool:
        """Whether there is any text to zoom."""
        return not self.box.isHidden()

    def zoom(self, factor: float) -> None:
        """Make the text larger or smaller."""
        self._set_font_scale(min(max(1.0, self.font_scale * factor), LARGEST_ZOOM))

    def reset_zoom(self) -> None:
        """Make the text as large as elsewhere."""
        self._set_font_scale(1.0)

    def _set_font_scale(self, font_scale: float) -> None:
        self.font_scale = font_scale
        size = round(BODY_PX * font_scale)
        # a size in the window's style sheet is stronger than the font of a widget
        self.list.setStyleSheet(f"QTreeView {{ font-size: {size}px; }}" if font_scale > 1.0 else "")
        self._divide()

    def table(self) -> Table:
        """The table in its current order."""
        shown = self.rows.rows if self.found else ()
        rows = [(wrong.text, wrong.truth, wrong.answer, wrong.loss, wrong.share) for wrong in shown]
        loss = "loss per number" if self.rows.numbers else "loss in nats per symbol"
        names = (*self.rows.names()[:LOSS], loss, self.rows.share.saved)
        return Table(names, rows)
