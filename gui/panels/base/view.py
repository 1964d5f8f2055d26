"""A panel in the middle of the window. Its "?" explains it; its menu saves, copies and moves it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QCoreApplication, QEvent, QPoint, QRect, QSize, Signal
from PySide6.QtGui import QColor, QContextMenuEvent, QFont, QGuiApplication, QPainter, QRegion
from PySide6.QtWidgets import QMenu, QScrollArea, QToolButton, QWidget

from gui.panels.base.panel import Panel
from gui.plots import picture_export
from gui.plots.line_plot import LinePlot
from gui.plots.picture import Picture
from gui.plots.picture_export import FORMATS, Drawing, Table
from gui.plots.plot import Plot
from gui.session.jobs import Job, TellProgress
from gui.session.session import Session
from gui.theme import Theme
from gui.widgets.box_layouts import side_by_side
from gui.widgets.controls import passing_menu, tool_button
from gui.widgets.file_dialogs import ask_to_save
from gui.widgets.panel_header import CORNER
from gui.widgets.popover import Popover
from gui.widgets.symbols import plain_tip

T = TypeVar("T")

CORNER_PX = 20  # width of "?" and "⋯"
MARGIN_PX = 12  # around a saved picture
HEADING_PX = 26  # its title
ZOOM_STEP = 1.5  # of the menu
ROOMY_WINDOW_PX = 1000  # wide enough for words in the corner of an enlarged view
LEAST_PLOT_PX, NARROW_PLOT_PX, NARROW_PX = 56, 64, 300  # heights of a plot: in a wide view, in one narrower than this


@dataclass(frozen=True)
class Heading:
    """The line above a saved picture."""

    title: str
    subtitle: str
    font: QFont
    theme: Theme

    def paint(self, painter: QPainter) -> None:
        """Title and subtitle; in any thread."""
        font = QFont(self.font)
        font.setPixelSize(13)
        font.setBold(True)
        painter.setFont(font)
        painter.setPen(QColor(self.theme.text))
        painter.drawText(MARGIN_PX, MARGIN_PX + 13, self.title)
        across = painter.fontMetrics().horizontalAdvance(self.title) + 10
        font.setPixelSize(12)
        font.setBold(False)
        painter.setFont(font)
        painter.setPen(QColor(self.theme.muted))
        painter.drawText(MARGIN_PX + across, MARGIN_PX + 13, self.subtitle)


class View(Panel):
    """A picture with its numbers.

    Subclasses override `table`, and set HELP: a few sentences on what the view shows and how to read it.
    """

    HELP = ""
    menu_made = Signal(object)  # the QMenu, to which the owner of the place adds actions of the place
    job_wanted = Signal(object)  # a Job to run in the background
    run_wanted = Signal(str)  # the file of a saved run to open
    restore_wanted = Signal()  # its former size, in place of the enlarged one

    def __init__(self, session: Session, title: str, subtitle: str = "") -> None:
        super().__init__(session, title, subtitle)
        self.help_button = self._corner_button("?", f"About “{title}”")
        self.menu_button = self._corner_button("⋯", "Save, copy, zoom, enlarge, float, move or hide")
        self.restore_button = tool_button("", "Restore", "Restore size", "Bring the other views back")
        self.restore_button.hide()
        self.restore_button.clicked.connect(self.restore_wanted)
        self.menu_button.clicked.connect(self._open_menu)
        self.help_button.clicked.connect(self.explain)
        self.popover: Popover | None = None

    def _corner_button(self, text: str, help: str) -> QToolButton:
        button = tool_button("", text, help, help, CORNER)
        button.setFixedWidth(CORNER_PX)
        return button

    def name_parts(self, name: str) -> None:
        """Name the parts for keyboard, tests and style, and add the buttons; called once, with the panel's key."""
        self.setObjectName(f"panel-{name}")
        self.help_button.setObjectName(f"{name}-help")
        self.menu_button.setObjectName(f"{name}-menu")
        self.restore_button.setObjectName(f"{name}-restore")
        corner = QWidget()
        corner.setProperty("role", CORNER)
        side_by_side(self.restore_button, self.help_button, self.menu_button, of=corner, gap=0)
        self.header.addWidget(corner)

    # ---- what is kept with the layout

    def choices(self) -> dict[str, str]:
        """How the user has set up the view, by name; nothing that depends on the data or the network."""
        return {}

    def restore(self, choices: Mapping[str, str]) -> None:
        """Restore saved choices; unknown ones leave the default."""

    # ---- explaining

    def help(self) -> str:
        """The explanation."""
        return self.HELP

    def explain(self) -> None:
        """Open the longer explanation beside the "?"."""
        if self.popover is None:
            self.popover = Popover(self, f"{self.objectName()}-explanation")
        self.popover.explain(self.title.text(), self.help(), self.help_button)

    # ---- size

    def show_way_back(self, tip: str) -> None:
        """Show the button that restores the size while the view is enlarged, "" if it is not."""
        self.restore_button.setToolTip(plain_tip(tip))
        self.restore_button.setText("Restore" if self.window().width() >= ROOMY_WINDOW_PX else "↙")
        self.restore_button.setVisible(bool(tip))

    # ---- menu

    def make_menu(self) -> QMenu:
        """The menu of the view, rebuilt each time it is opened."""
        menu = passing_menu(self, "view-menu")
        for ending, title in FORMATS.items():
            menu.addAction(f"Save {title[0].lower()}{title[1:]}…").triggered.connect(
                lambda _=False, ending=ending: self.ask_where(ending)
            )
        for title, table in self.more_tables().items():
            menu.addAction(f"Save {title[0].lower()}{title[1:]} as CSV…").triggered.connect(
                partial(self._ask_where, title, "csv", partial(self._save_table, title, table))
            )
        menu.addSeparator()
        menu.addAction("Copy picture").triggered.connect(self.copy_picture)
        menu.addAction("Copy numbers").triggered.connect(self.copy_numbers)
        menu.addSeparator()
        for text, factor in (("Zoom in", ZOOM_STEP), ("Zoom out", 1 / ZOOM_STEP)):
            action = menu.addAction(text)
            action.setEnabled(self.zooms())
            action.triggered.connect(lambda _=False, factor=factor: self.zoom(factor))
        rectangle = menu.addAction("Zoom to rectangle")
        rectangle.setEnabled(any(plot.isVisibleTo(self) for plot in self.findChildren(Plot)))
        rectangle.triggered.connect(self.zoom_to_rectangle)
        for text, show in (("View all", self.view_all), ("Reset zoom", self.reset_zoom)):
            action = menu.addAction(text)
            action.setEnabled(self.zooms())
            action.triggered.connect(show)
        for plot in self.findChildren(LinePlot):
            if plot.isVisibleTo(self):
                logarithmic = menu.addAction("Logarithmic vertical axis")
                logarithmic.setCheckable(True)
                logarithmic.setChecked(plot.log_y)
                logarithmic.toggled.connect(plot.set_log)
        menu.addSeparator()
        self.menu_made.emit(menu)
        return menu

    def _open_menu(self) -> None:
        self.make_menu().popup(self.menu_button.mapToGlobal(QPoint(0, self.menu_button.height())))

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Open the same menu at the mouse."""
        self.make_menu().popup(event.globalPos())

    def pictures(self) -> list[Picture]:
        """Everything that is painted in the view."""
        return self.findChildren(Picture)

    def zooms(self) -> bool:
        """Whether there is anything visible to zoom."""
        return any(picture.zooms and picture.isVisibleTo(self) for picture in self.pictures())

    def zoom(self, factor: float) -> None:
        """Zoom into every picture that allows it; a factor below 1 zooms out."""
        for picture in self.pictures():
            picture.zoom(factor)

    def zoom_to_rectangle(self) -> None:
        """Let the next drag in a plot draw the rectangle that it will show."""
        for plot in self.findChildren(Plot):
            plot.zoom_to_rectangle()

    def view_all(self) -> None:
        """Show everything in every picture, including what is left out at first, such as a runaway loss."""
        for picture in self.pictures():
            picture.view_all()

    def reset_zoom(self) -> None:
        """Restore the original range of every picture."""
        for picture in self.pictures():
            picture.reset_zoom()

    # ---- saving

    def ask_where(self, ending: str) -> None:
        """Let the user name a file for the view, without blocking the window."""
        self._ask_where(self.title.text(), ending, self.save)

    def _ask_where(self, title: str, ending: str, save: Callable[[Path], None], _: bool = False) -> None:
        folders, filters = self.session.folders, [f"{FORMATS[ending]} (*.{ending})"]
        proposed = folders.goal(f"{title.lower().replace(' ', '-')}.{ending}")
        ask_to_save(
            self.window(), "save-dialog", f"Save {title}", proposed, folders.noting(save), ending=ending,
            filters=filters,
        )  # fmt: skip

    def save(self, path: Path) -> None:
        """Save the view in the format that the name's ending stands for; problems are reported in the window."""
        self._save(self.title.text(), picture_export.save(self, path), path)

    def _save_table(self, title: str, table: Table, path: Path) -> None:
        self._save(title, picture_export.save_table(table, path), path)

    def _save(self, title: str, work: Callable[[TellProgress], None], path: Path) -> None:
        name = path.name
        message = f"{title} saved as {name}."
        self.job_wanted.emit(Job(f"Saving {name}", work, lambda _: message, f"{title} was not saved"))

    def copy_picture(self) -> None:
        """Copy the picture to the clipboard."""
        self._copy(picture_export.copy_picture(self), QGuiApplication.clipboard().setImage, "a picture")

    def copy_numbers(self) -> None:
        """Copy the numbers to the clipboard, separated by tabs."""
        self._copy(picture_export.copy_numbers(self), QGuiApplication.clipboard().setText, "numbers")

    def _copy(self, work: Callable[[TellProgress], T], take: Callable[[T], None], what: str) -> None:
        title = self.title.text()

        def done(made: T) -> str:
            take(made)
            return f"{title} copied as {what}."

        self.job_wanted.emit(Job(f"Copying {title}", work, done, f"{title} was not copied"))

    def drawing(self) -> Drawing:
        """The body of the panel with a margin, with all that is scrolled in it, and its title above."""
        body, hidden = self.body.geometry().size(), self._out_of_sight()
        size = QSize(body.width() + 2 * MARGIN_PX, body.height() + 2 * MARGIN_PX + HEADING_PX) + hidden
        return Drawing(size, lambda painter, report: self._paint_picture(painter, size, hidden))

    def _out_of_sight(self) -> QSize:
        """How much larger the panel has to be for nothing in it to be scrolled."""
        hidden = QSize(0, 0)
        for area in self._scrolled_areas():
            if (content := area.widget()) is not None:
                hidden = hidden.expandedTo(content.size() - area.maximumViewportSize())
        return hidden

    def _scrolled_areas(self) -> list[QScrollArea]:
        body = self.body.geometry()
        areas = [area for area in self.findChildren(QScrollArea) if area.isVisibleTo(self)]
        return [area for area in areas if body.contains(area.mapTo(self, area.rect().center()))]

    def _paint_picture(self, painter: QPainter, size: QSize, hidden: QSize) -> None:
        """Title, subtitle and body, without the controls. hidden: how much larger the panel is made meanwhile."""
        theme, usual = self.session.theme, self.geometry()
        painter.fillRect(QRect(QPoint(0, 0), size), QColor(theme.surface))
        self.paint_heading(painter, size)
        pictures = self.pictures()
        for picture in pictures:
            picture.exact = True
        try:
            if not hidden.isNull():
                self.resize(usual.size() + hidden)
                for area in self._scrolled_areas():  # scroll bars hide themselves only afterwards
                    QCoreApplication.sendPostedEvents(area, QEvent.Type.MetaCall)
            body = self.body.geometry()
            flags = QWidget.RenderFlag.DrawChildren
            self.render(painter, QPoint(MARGIN_PX, MARGIN_PX + HEADING_PX), QRegion(body), flags)
        finally:
            self.setGeometry(usual)
            for picture in pictures:
                picture.exact = False

    def heading(self) -> Heading:
        """Title and subtitle as they are now."""
        return Heading(self.title.text(), self.subtitle.text(), QFont(self.font()), self.session.theme)

    def paint_heading(self, painter: QPainter, size: QSize) -> None:
        """The heading above a saved picture of this size."""
        self.heading().paint(painter)

    def table(self) -> Iterable[Sequence[object]]:
        """The numbers that are drawn: names of the columns, then the rows."""
        raise NotImplementedError

    def more_tables(self) -> Mapping[str, Table]:
        """Other numbers that are shown now and can be saved in files of their own, by title."""
        return {}

    def saved_table(self) -> Iterable[Sequence[object]]:
        """The same as programs read it: a network of numbers has them among the symbols. Those of a text stay."""
        numeric = self.session.run.network.predicts.is_number
        return picture_export.readable(self.table()) if numeric else self.table()


def least_plot_height(width: int) -> int:
    """The least height of a plot with words above and below it, in a view of this width.

    A wide plot gives way to its words, so that they do not push down what is below; a narrow one has nothing below.
    """
    return LEAST_PLOT_PX if width >= NARROW_PX else NARROW_PLOT_PX


def kept_choices(text: object) -> dict[str, str]:
    """The saved choices of a view; none if they cannot be read."""
    try:
        found = json.loads(str(text))
    except (ValueError, RecursionError):
        return {}
    return {str(name): str(value) for name, value in found.items()} if isinstance(found, dict) else {}
