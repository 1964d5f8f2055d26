"""The names of curves that are drawn beside the main ones; a click dismisses one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QIcon, QPixmap
from PySide6.QtWidgets import QLabel, QToolButton, QWidget

from gui.widgets.box_layouts import stacked
from gui.widgets.symbols import plain_tip, visible_text
from gui.widgets.text import text_label

MOST_CHIPS = 3
MOST_TEXT_PX = 130
HEIGHT_PX = 17
TOP_PX, RIGHT_PX = 8, 22  # from the corner of the plot
LINE = QSize(12, 3)


@dataclass(frozen=True)
class CurveChip:
    """A curve: the id of its owner, a short name, the full name, its colour."""

    id: str
    text: str
    name: str
    color: str


class CurveChips(QWidget):
    """Chips below each other in the upper right corner of a plot, where a falling loss leaves room."""

    dismissed = Signal(str)  # id

    def __init__(self, name: str, plot: QWidget) -> None:
        super().__init__(plot)
        self.setObjectName(name)
        self.setProperty("role", "over-plot")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)  # so that lines below it do not run through its text
        self._chips: tuple[CurveChip, ...] = ()
        self._widgets: list[QWidget] = []
        self._column = stacked(of=self, gap=0)
        self._plot = plot
        plot.installEventFilter(self)
        self.hide()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the size of the plot."""
        if watched is self._plot and event.type() == QEvent.Type.Resize:
            self._place()
        return False

    def _place(self) -> None:
        self.adjustSize()
        self.move(max(0, self._plot.width() - self.width() - RIGHT_PX), TOP_PX)

    def show_chips(self, chips: Sequence[CurveChip]) -> None:
        """Show these chips; if there are too many, only the last ones."""
        if tuple(chips) == self._chips:
            return
        self._chips = tuple(chips)
        for widget in self._widgets:
            self._column.removeWidget(widget)
            widget.hide()
            widget.deleteLater()
        shown, rest = chips[-MOST_CHIPS:], len(chips) - MOST_CHIPS
        self._widgets = [self._button(chip) for chip in shown]
        if rest > 0:
            self._widgets.append(_more(rest))
        for widget in self._widgets:
            self._column.addWidget(widget, 0, Qt.AlignmentFlag.AlignRight)
        self.setVisible(bool(chips))
        self._place()

    def _button(self, chip: CurveChip) -> QToolButton:
        button = QToolButton()
        button.setObjectName(f"dismiss-curve-{chip.id}")
        button.setProperty("role", "flat")
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        line = QPixmap(LINE)
        line.fill(QColor(chip.color))
        button.setFixedHeight(HEIGHT_PX)
        button.setIcon(QIcon(line))
        button.setIconSize(LINE)
        metrics = QFontMetrics(button.font())
        text = metrics.elidedText(visible_text(chip.text), Qt.TextElideMode.ElideMiddle, MOST_TEXT_PX)
        button.setText(f"{text} ×".replace("&", "&&"))
        button.setAccessibleName(f"Hide the curve of {visible_text(chip.name)}")
        button.setToolTip(plain_tip(f"{chip.name}\nClick to hide its curve; the run stays in the list"))
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.clicked.connect(partial(self.dismissed.emit, chip.id))
        return button


def _more(count: int) -> QLabel:
    label = text_label(f"+{count}", "muted")
    label.setToolTip(plain_tip(f"{count} more; show or hide them in Runs"))
    return label
