"""The head of a panel: title, subtitle and small controls in one line, or in two when there is no room."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtWidgets import QLayout, QLayoutItem, QWidget

from gui.widgets.text import ElidedLabel

CORNER = "corner"  # role of small buttons that stay at the end of the first line
BETWEEN_PARTS = "; ", ", ", ": "  # of a subtitle, which loses whole parts where there is no room
UNIT_LETTERS = 6  # a subtitle as short as this names a unit, and is worth a second line


class Header(QLayout):
    """First the title, then the subtitle, which takes and gives up room first; controls follow, to the right.

    When the controls do not fit they move to a second line; corner buttons stay in the first. When the second line is
    too long as well, its last controls stay in the first, as long as they fit there. A header with many controls
    `fills_lines` instead where it has no title.
    """

    def __init__(self, least_height: int = 0) -> None:
        """least_height: of the first line, so that titles beside each other stand alike."""
        super().__init__()
        self.setContentsMargins(0, 0, 0, 0)
        self._items: list[QLayoutItem] = []
        self._least_height = least_height
        self.setSpacing(8)
        self.fills_lines = False  # whether both lines are filled where the title is hidden, as its tab has the name
        self._stretches: dict[QWidget, int] = {}
        self._awaited: list[QWidget] = []
        # Since something has changed: splitters and columns ask hundreds of times before that.
        self._heights_known: dict[int, int] = {}  # at each width
        self._widths_known: dict[int, tuple[int, int]] = {}  # of an item: the least one and the one it wants
        self._hint: QSize | None = None
        self._least_size: QSize | None = None

    def addWidget(self, widget: QWidget, stretch: int = 0) -> None:
        """Add at the end; one with a stretch takes a share of the room that is left."""
        self._stretches[widget] = stretch
        if len(self._items) == 1 and isinstance(widget, ElidedLabel):
            widget.whole_parts, widget.between_parts, widget.unit_letters = True, BETWEEN_PARTS, UNIT_LETTERS
        super().addWidget(widget)

    def await_widget(self, widget: QWidget) -> None:
        """Stand in as many lines as with this widget, which is hidden at first, so that nothing below moves when it is
        shown."""
        self._awaited.append(widget)
        self.invalidate()

    def addItem(self, item: QLayoutItem) -> None:
        """Add at the end."""
        self._items.append(item)
        self.invalidate()

    def count(self) -> int:
        """Number of items."""
        return len(self._held())

    def itemAt(self, index: int) -> QLayoutItem | None:
        """The item at a place, None beyond the end."""
        return self._held()[index] if 0 <= index < len(self._held()) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        """Remove and return an item."""
        return self._held().pop(index) if 0 <= index < len(self._held()) else None

    def _held(self) -> list[QLayoutItem]:
        """The items; none when the garbage collector has emptied this object before Qt destroys the layout."""
        held: list[QLayoutItem] = self.__dict__.get("_items", [])
        return held

    def hasHeightForWidth(self) -> bool:
        """The height follows from the width."""
        return True

    def expandingDirections(self) -> Qt.Orientation:
        """As wide as it can be."""
        return Qt.Orientation.Horizontal

    def heightForWidth(self, width: int) -> int:
        """Height of the lines at a width."""
        if width not in self._heights_known:
            lines = self._lines(width)
            self._heights_known[width] = sum(self._heights(lines)) + self.spacing() * (len(lines) - 1)
        return self._heights_known[width]

    def invalidate(self) -> None:
        """An item has changed."""
        self._heights_known, self._widths_known, self._hint, self._least_size = {}, {}, None, None
        super().invalidate()

    def setGeometry(self, rect: QRect) -> None:
        """Place all items."""
        super().setGeometry(rect)
        y = rect.y()
        lines = self._lines(rect.width())
        for line, height in zip(lines, self._heights(lines), strict=True):
            widths = self._widths(line, rect.width())
            beside = rect.width() - sum(widths) - self._gaps(line)
            x = rect.x() + max(0, beside)  # corner buttons alone stay at the end
            for item, width in zip(line, widths, strict=True):
                item.setGeometry(QRect(x, y, width, height))
                x += width + self.spacing()
            y += height + self.spacing()

    def sizeHint(self) -> QSize:
        """All in one line."""
        if self._hint is None:
            shown = self._shown()
            self._hint = QSize(sum(map(self._wanted, shown)) + self._gaps(shown), self._heights([shown])[0])
        return self._hint

    def minimumSize(self) -> QSize:
        """The wider of the two lines."""
        if self._least_size is None:
            shown = self._shown()
            self._least_size = QSize()
            if shown:
                narrowest = min(self._narrowest(lines) for lines in self._splits(shown))
                self._least_size = QSize(narrowest, self._heights([shown])[0])
        return self._least_size

    def room_for(self, widget: QWidget, width: int) -> int:
        """The width that is left for a widget if all stands in one line as wide as this."""
        shown = self._shown()
        others = (self._wanted(item) for item in shown if item.widget() is not widget)
        return width - sum(others) - self._gaps(shown)

    def _shown(self) -> list[QLayoutItem]:
        return [item for item in self._items if not item.isEmpty()]

    def _lines(self, width: int) -> list[list[QLayoutItem]]:
        shown = self._shown()
        awaited = [widget.minimumWidth() + self.spacing() for widget in self._awaited if widget.isHidden()]
        if sum(map(self._wanted, shown)) + self._gaps(shown) + sum(awaited) <= width:
            return [shown]
        splits = self._splits(shown)
        return next((lines for lines in splits if self._narrowest(lines) <= width), min(splits, key=self._narrowest))

    @staticmethod
    def _is_corner(item: QLayoutItem) -> bool:
        widget = item.widget()
        return widget is not None and widget.property("role") == CORNER

    def _is_awaited(self, item: QLayoutItem) -> bool:
        return item.widget() in self._awaited

    def _splits(self, items: list[QLayoutItem]) -> list[list[list[QLayoutItem]]]:
        """Ways to stand in two lines: all controls in the second, or the last of them, the last two… in the first. To
        fill both, those before the first flexible one stand in the first, with the subtitle after them."""
        named = self._items[:2]
        controls = [item for item in items if item not in named and not self._is_corner(item)]
        splits = []
        if self.fills_lines and self._items[0] not in items:
            rest = [item for item in items if item not in controls]
            most = next((at for at, item in enumerate(controls) if self._stretch(item)), len(controls) - 1)
            splits = [[[*controls[:above], *rest], controls[above:]] for above in range(most, 0, -1)]
        for below in range(len(controls), 0, -1):
            second = controls[:below]
            splits.append([[item for item in items if item not in second], second])
        if all(map(self._is_awaited, controls)):
            splits.insert(0, [items])
        return sorted(splits, key=lambda lines: len(lines) > 1 and any(map(self._is_awaited, lines[1])))

    def _narrowest(self, lines: list[list[QLayoutItem]]) -> int:
        """The width that the lines need at least."""
        return max(sum(map(self._least, line)) + self._gaps(line) for line in lines)

    def _subtitle(self) -> QLayoutItem | None:
        return self._items[1] if len(self._items) > 1 else None

    def _stretch(self, item: QLayoutItem) -> int:
        widget = item.widget()
        return 0 if widget is None else self._stretches.get(widget, 0)

    def _least(self, item: QLayoutItem) -> int:
        return self._measured(item)[0]

    def _wanted(self, item: QLayoutItem) -> int:
        """The width of an item before the rest is shared out."""
        return self._measured(item)[1]

    def _measured(self, item: QLayoutItem) -> tuple[int, int]:
        """All but the shortest subtitles give way."""
        at = self._items.index(item)
        if at not in self._widths_known:
            widget, least = item.widget(), item.minimumSize().width()
            gives_way = at == 1 and not (isinstance(widget, ElidedLabel) and widget.is_unit)
            self._widths_known[at] = least, least if gives_way else max(item.sizeHint().width(), least)
        return self._widths_known[at]

    def _gaps(self, line: list[QLayoutItem]) -> int:
        return self.spacing() * max(len(line) - 1, 0)

    def _heights(self, lines: list[list[QLayoutItem]]) -> list[int]:
        highest = [max((item.sizeHint().height() for item in line), default=0) for line in lines]
        return [max(highest[0], self._least_height), *highest[1:]]

    def _widths(self, line: list[QLayoutItem], width: int) -> list[int]:
        """Widths that fill the line; if there is too little room, flexible items shrink."""
        widths = [self._wanted(item) for item in line]
        left = width - sum(widths) - self._gaps(line)
        if left < 0:
            for number, item in enumerate(line):
                given = min(widths[number] - self._least(item), -left)
                widths[number] -= given
                left += given
            return widths
        for number, item in enumerate(line):
            if self._stretch(item) and item is not self._subtitle():
                total = sum(self._stretch(other) for other in line)
                given = left * self._stretch(item) // total
                widths[number] += min(given, max(item.maximumSize().width() - widths[number], 0))
        if all(map(self._is_corner, line)):
            return widths
        rest = width - sum(widths) - self._gaps(line)
        subtitle = self._subtitle()
        widths[line.index(subtitle) if subtitle in line else -1] += rest
        return widths
