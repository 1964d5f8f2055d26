"""The names of curves that are drawn beside the main ones; a click dismisses one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QIcon, QPixmap
from PySide6.QtWidgets import QHBoxLayout, QLabel, QToolButton, QWidget

from gui.widgets.symbols import plain_tip, visible_text
from gui.widgets.text import text_label

MOST_CHIPS = 4
MOST_TEXT_PX = 130
HEIGHT_PX = 18
LINE = QSize(12, 3)


@dataclass(frozen=True)
class CurveChip:
    """A curve: the id of its owner, a short name, the whole name, its colour."""

    id: str
    text: str
    name: str
    color: str


class CurveChips(QWidget):
    """One line; what does not fit is counted."""

    dismissed = Signal(str)  # id

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setFixedHeight(HEIGHT_PX)
        self._chips: tuple[CurveChip, ...] = ()
        self._widgets: list[QWidget] = []
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(6)
        self._row.addStretch(1)
        self.hide()

    def show_chips(self, chips: Sequence[CurveChip]) -> None:
        """Show these, the last ones where there are too many."""
        if tuple(chips) == self._chips:
            return
        self._chips = tuple(chips)
        for widget in self._widgets:
            self._row.removeWidget(widget)
            widget.hide()
            widget.deleteLater()
        shown, rest = chips[-MOST_CHIPS:], len(chips) - MOST_CHIPS
        self._widgets = [self._button(chip) for chip in shown]
        if rest > 0:
            self._widgets.append(_more(rest))
        for at, widget in enumerate(self._widgets):
            self._row.insertWidget(at, widget)
        self.setVisible(bool(chips))

    def _button(self, chip: CurveChip) -> QToolButton:
        button = QToolButton()
        button.setObjectName(f"dismiss-curve-{chip.id}")
        button.setProperty("role", "flat")
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        line = QPixmap(LINE)
        line.fill(QColor(chip.color))
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
    label.setToolTip(f"{count} more, to be switched in Runs")
    return label
