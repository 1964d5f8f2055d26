"""All compared runs in a view of the current run: one picture, each run in its colour, all on one scale."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import SignalInstance
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QPushButton, QWidget

from gui.panels.base.view import View
from gui.plots.picture_export import Table
from gui.theme import Theme
from gui.widgets.box_layouts import keep_room, side_by_side, stacked
from gui.widgets.controls import hold_texts, pressable

if TYPE_CHECKING:
    from gui.panels.compare.compare_page import Page

THIS_RUN, RUNS = "This run", "{} runs"
TIP = "Show all compared runs with the same data and shape, each in its colour, or the current run alone"


class _Body(QWidget):
    """What the view shows of the current run, or a page in its room: as that asks for no room of its own, nothing in
    the window moves when one takes the place of the other.

    Pictures fill the space there is, so the minimum height is enough.
    """

    def __init__(self, gap: int) -> None:
        super().__init__()
        self.own = QWidget()
        self.column = stacked(of=self.own, gap=gap)
        stacked(self.own, of=self)
        keep_room(self.own)
        self.page: Page | None = None

    def show_page(self, page: Page | None) -> None:
        """Show this page, or with None what the view shows of the current run."""
        if self.page is not None:
            self.page.hide()
        self.page = page
        self.own.setVisible(page is None)
        if page is not None:
            page.setParent(self)
            self._place(page)
            page.show()

    def _place(self, page: Page) -> None:
        page.fit(self.size())
        page.setGeometry(self.rect())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Let the page fill the room."""
        super().resizeEvent(event)
        if self.page is not None:
            self._place(self.page)

    def heightForWidth(self, width: int) -> int:
        """The height that the words need at this width, plus the minimum height of the pictures."""
        return self.column.minimumHeightForWidth(width)


class AllRuns:
    """A page of Compare within a view, and a button in its head that switches between it and the current run.

    The button is visible while runs are compared. One choice holds for all views.
    """

    def __init__(self, view: View, name: str, make_page: Callable[[Theme], Page], *replaced: QWidget) -> None:
        """Make it last: the page replaces everything that is in the body of the view by then. make_page: called when
        the page is first shown, which is rare. replaced: widgets in the head that it also replaces."""
        self._page: Page | None = None
        self._make_page = make_page
        self._session, self._replaced, self._hidden = view.session, replaced, list[QWidget]()
        self._body = _Body(view.body.spacing())
        own = [(view.body.itemAt(at), view.body.stretch(at)) for at in range(view.body.count())]
        for widget, stretch in [(item.widget(), stretch) for item, stretch in own if item is not None]:
            if widget is not None:
                view.body.removeWidget(widget)  # an item that is still alive would keep Qt from measuring it again
                self._body.column.addWidget(widget, stretch)
        view.body.addWidget(self._body, 1)
        self._head = QWidget()
        self._in_head = side_by_side(of=self._head)
        self._head.hide()
        view.header.addWidget(self._head)
        self.button = pressable(QPushButton(), f"{name}-all-runs", "All compared runs or this one", TIP)
        self._texts = THIS_RUN, RUNS.format(2)
        hold_texts(self.button, *self._texts)
        self.button.hide()
        self.button.clicked.connect(self._toggle)
        view.header.addWidget(self.button)
        view.header.await_widget(self.button)
        self._place = object()
        self._found: Mapping[str, Any | str] = {}
        self._drawn: tuple[object, ...] = ()

    @property
    def page(self) -> Page:
        """The page, made if it has not been made yet."""
        if self._page is None:
            self._page = self._make_page(self._session.theme)
            if self._page.head is not None:
                self._in_head.addWidget(self._page.head)
        return self._page

    @property
    def shown(self) -> bool:
        """Whether the view shows all of them."""
        return self._session.compared.in_views

    def watches(self) -> tuple[SignalInstance, ...]:
        """The signals of the comparison and of the race."""
        return self._session.compared.changed, self._session.race.frame

    def refresh(self) -> bool:
        """Show all runs, if that was chosen; False if the view shows the current one."""
        session, count = self._session, len(self._session.compared.alike)
        self.button.setVisible(count > 1)
        texts = THIS_RUN, RUNS.format(count)
        if texts != self._texts:
            self._texts = texts
            hold_texts(self.button, *texts)
        self.button.setText(texts[0] if self.shown else texts[1])
        self._swap()
        if not self.shown:
            return False
        from gui.panels.compare.compare_page import ask_for_page

        self._draw()
        ask_for_page(session, self._place, self.page, session.compared.alike, self._take)
        return True

    def table(self) -> Table:
        """The numbers of all runs."""
        return self.page.table()

    def _toggle(self) -> None:
        self._session.compared.show_in_views(not self.shown)

    def _swap(self) -> None:
        if self.shown == (self._body.page is not None):
            return
        if self.shown:  # what is hidden already stays so afterwards
            self._hidden = [widget for widget in self._replaced if not widget.isHidden()]
        for widget in self._hidden:
            widget.setVisible(not self.shown)
        self._body.show_page(self.page if self.shown else None)
        self._head.setVisible(self.shown and self.page.head is not None)

    def _take(self, found: Mapping[str, Any | str]) -> None:
        self._found = found
        if self.shown:
            self._draw()

    def _draw(self) -> None:
        """Draw what needs no weights at once, as a race has 30 frames a second; the rest when it has been computed."""
        from gui.panels.compare.compare_page import compared_entries

        theme, alike = self._session.theme, self._session.compared.alike
        entries = [entry for entry in compared_entries(self._session) if entry.run.id in alike]
        drawn = self._found, theme, [(entry.run.id, entry.color, entry.why) for entry in entries]
        if not self.page.READS_TEXT or drawn != self._drawn:
            self._drawn = drawn
            self.page.show_found(entries, self._found, theme)


def text_curve_page(theme: Theme, curve: str) -> Page:
    """The page with a curve along the text for each run; see `inner_pages.CURVES`. Imported when it is shown."""
    from gui.panels.compare.inner_pages import TextCurvePage

    return TextCurvePage(theme, f"{curve}-all-runs", curve)
