"""The names of curves that are drawn beside the main ones; a click dismisses one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QIcon, QPixmap, QResizeEvent
from PySide6.QtWidgets import QLayout, QSizePolicy, QToolButton, QWidget

from gui.widgets.box_layouts import side_by_side
from gui.widgets.elided_names import longest_fitting
from gui.widgets.symbols import plain_tip, visible_text
from gui.widgets.text import text_label

MOST_CHIPS = 6
MOST_TEXT_PX, MORE_PX = 130, 26  # of a name beside others; of "+2"
AROUND_PX = 40  # the line and the × of a chip, and the space around them
HEIGHT_PX = 17
LINE = QSize(12, 3)


@dataclass(frozen=True)
class CurveChip:
    """A curve: the id of its owner, a short name and what is left of it where that has no room, what its tooltip says,
    its colour."""

    id: str
    texts: tuple[str, ...]
    name: str
    color: str


class CurveChips(QWidget):
    """A line of chips, as many as fit; hidden while there are none."""

    dismissed = Signal(str)  # id

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setFixedHeight(HEIGHT_PX)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self._chips: tuple[CurveChip, ...] = ()
        self._buttons: list[QToolButton] = []
        self._more = text_label("", "muted")
        self._row = side_by_side(1, of=self, gap=0)
        self._row.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)
        self.hide()

    def sizeHint(self) -> QSize:
        """Room for the chips that can be shown, no more: what is beside them needs it."""
        return QSize(self._shown(self.maximumWidth())[1], HEIGHT_PX)

    def minimumSizeHint(self) -> QSize:
        """Chips that do not fit are left out."""
        return QSize(0, HEIGHT_PX)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show as many chips as fit."""
        super().resizeEvent(event)
        self._fit()

    def set_room(self, width: int) -> None:
        """Be at most this wide. A name that stands alone may take up all of it."""
        if width != self.maximumWidth():
            self.setMaximumWidth(width)
            self._name_buttons()
            self.updateGeometry()
            self._fit()

    def show_chips(self, chips: Sequence[CurveChip]) -> None:
        """Show these chips; if there are too many, only the last ones."""
        if tuple(chips) == self._chips:
            return
        self._chips = tuple(chips)
        for button in self._buttons:
            self._row.removeWidget(button)
            button.hide()
            button.deleteLater()
        self._buttons = [self._button(chip) for chip in chips[-MOST_CHIPS:]]
        self._row.removeWidget(self._more)
        for place, widget in enumerate((*self._buttons, self._more)):
            self._row.insertWidget(place, widget)
        self._name_buttons()
        self.setVisible(bool(chips))
        self.updateGeometry()
        self._fit()

    def _shown(self, room: int) -> tuple[int, int]:
        """How many of the last chips fit into this room, one at least, and the width of these and what follows."""
        widths = [button.sizeHint().width() for button in self._buttons]
        for shown in range(len(widths), 0, -1):
            needed = sum(widths[-shown:]) + MORE_PX * (shown < len(self._chips))
            if shown == 1 or needed <= room:
                return shown, needed
        return 0, 0

    def _fit(self) -> None:
        shown, _ = self._shown(self.width())
        for button in self._buttons:
            button.setVisible(button in self._buttons[-shown:])
        rest = len(self._chips) - shown
        self._more.setVisible(rest > 0)
        self._more.setText(f"+{rest}")
        self._more.setToolTip(plain_tip(f"{rest} more; show or hide them in Runs"))

    def _name_buttons(self) -> None:
        """Give each button the longest name that has room."""
        whole = self.maximumWidth() - AROUND_PX
        room = whole if len(self._chips) == 1 else min(MOST_TEXT_PX, whole)
        for button, chip in zip(self._buttons, self._chips[-MOST_CHIPS:], strict=True):
            metrics, texts = QFontMetrics(button.font()), [visible_text(text) for text in chip.texts]
            button.setText(f"{longest_fitting(texts, metrics, room)} ×".replace("&", "&&"))

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
        button.setAccessibleName(f"Hide the curve of {visible_text(chip.name)}")
        button.setToolTip(plain_tip(f"{chip.name}\nClick to hide its curve; the run stays in the list"))
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.clicked.connect(partial(self.dismissed.emit, chip.id))
        return button
