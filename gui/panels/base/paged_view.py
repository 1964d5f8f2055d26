"""A view with several pages, one of which is in front."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Generic, TypeVar

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QStackedWidget, QWidget

from gui.panels.base.view import View
from gui.session.session import Session
from gui.widgets.segments import Segments

W = TypeVar("W", bound=QWidget)


class PageStack(QStackedWidget):
    """Pages in a room of one height: nothing below or beside them moves when another page comes to the front."""

    resized = Signal()

    def __init__(self, least_px: int) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Ignored)
        self.setMinimumHeight(least_px)

    def hasHeightForWidth(self) -> bool:
        """No: texts that wrap, and differ from page to page, would count otherwise."""
        return False

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Tell, since what has room in a page depends on it."""
        super().resizeEvent(event)
        self.resized.emit()


class PagedView(View, Generic[W]):
    """Keeps its page with the layout. Subclasses put `page`, the buttons, and `stack` into `body`, and end their
    `__init__` with `add_pages`."""

    FILLS_HEIGHT = True

    def __init__(self, session: Session, title: str, page: Segments, least_px: int) -> None:
        """page: the buttons, with the names of the pages as values. least_px: the least height of the pages."""
        super().__init__(session, title)
        self.page, self.stack = page, PageStack(least_px)
        self.pages: Mapping[str, W] = {}
        self._shown = ""  # name of the page in front
        page.changed.connect(self.show_page)

    def add_pages(self, pages: Mapping[str, W]) -> None:
        """Add the pages by name, and show the first."""
        self.pages = pages
        for page in pages.values():
            self.stack.addWidget(page)
        self.show_page(next(iter(pages)))

    @property
    def front(self) -> W:
        """The page in front."""
        return self.pages[self.page.value()]

    def show_page(self, name: str) -> None:
        """Bring a page to the front; unknown names and that of the page in front are ignored."""
        if name in self.pages and name != self._shown:
            self._shown = name
            self.page.set_value(name)
            self.stack.setCurrentWidget(self.front)
            self.turned()
            self.on_news()

    def turned(self) -> None:
        """Called when a page has come to the front, before it is drawn."""

    def choices(self) -> dict[str, str]:
        """The page."""
        return {"page": self.page.value()}

    def restore(self, choices: Mapping[str, str]) -> None:
        """Restore the saved page."""
        self.show_page(choices.get("page", ""))
