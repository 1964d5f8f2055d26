"""What layouts of one's own have in common: they hold items in order, and their height follows from their width."""

from __future__ import annotations

from PySide6.QtCore import QMargins
from PySide6.QtWidgets import QLayout, QLayoutItem, QWidget


class ItemLayout(QLayout):
    """Holds items; subclasses override `heightForWidth`, `setGeometry`, `sizeHint` and `minimumSize`."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setContentsMargins(QMargins())
        self._items: list[QLayoutItem] = []

    def addItem(self, item: QLayoutItem) -> None:
        """Add at the end."""
        self._items.append(item)

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
