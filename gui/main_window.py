"""The window: panels in their places, keys, and all connections between session and panels."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path

from PySide6.QtCore import QByteArray, QEvent, QSettings, QSize, Qt
from PySide6.QtGui import (
    QCloseEvent,
    QGuiApplication,
    QKeySequence,
    QMouseEvent,
    QShortcut,
    QShowEvent,
)
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QMainWindow,
    QMenu,
    QWidget,
)

from gui.default_layout import LEAST_GRID_PX, default_arrangement
from gui.docking.docking_area import DockingArea
from gui.docking.floating_window import FloatingWindow
from gui.docking.place_menu import fill_views_menu, offer_places, show_large, toggle_view
from gui.panels import PANELS, Area
from gui.panels.base.panel import Panel
from gui.panels.base.steps_view import StepsView
from gui.panels.base.view import View, kept_choices
from gui.panels.data.data_panel import DataPanel
from gui.panels.panels import Panels, Views
from gui.panels.train_bar import TrainBar
from gui.panels.unrolled.unrolled_panel import UnrolledPanel
from gui.saving.edit_menu import EditMenu
from gui.saving.file_menu import FileMenu
from gui.saving.known_files import KnownFiles
from gui.saving.run_files import RunFiles
from gui.session.background import Deadline
from gui.session.jobs import Jobs
from gui.session.notice import Level, Notice
from gui.session.session import Session
from gui.style_sheet import dress, set_font
from gui.theme import DARK, LIGHT
from gui.widgets.box_layouts import add, stacked
from gui.widgets.drop_frame import DropFrame
from gui.widgets.help_window import HelpWindow
from gui.widgets.notice_bar import NoticeBar
from gui.widgets.paint_timing import PacedPainting, in_turns
from gui.widgets.screen_fit import USUAL_FRAME, ScreenFit
from gui.widgets.settings_column import SettingsColumn
from gui.widgets.symbols import visible_text
from gui.widgets.typing_undo import TypingUndo
from gui.window_columns import WindowColumns, hairline, right_column
from gui.window_scale import ScaleMenu

SECURE_S = 1.0  # seconds that saving the run may take before the window closes anyway
SIZE = (1440, 900)
LEAST_SIZE = (900, 500)  # the columns at their narrowest
HINT = "Space: train or pause   ·   S: step   ·   R: reset   ·   Ctrl+O: open   ·   Ctrl+S: save   ·   F1: help"


class MainWindow(QMainWindow):
    """Top bar, settings on the left, views in the middle, use on the right, one line of notices below."""

    def __init__(self, session: Session, settings: QSettings, state: Path | None = None) -> None:
        """state: the folder for automatically saved runs, or None for nowhere."""
        set_font()
        super().__init__()
        self.session = session
        self._painting = PacedPainting(self, session.add_paint_cost)
        self._settings = settings
        known = KnownFiles(settings)
        self.run_files = RunFiles(session, known, state)
        self.jobs = Jobs(session.notices)
        self.files = FileMenu(self, session, self.run_files, settings, known)
        self.edit = EditMenu(self, session)
        TypingUndo(self)
        ScreenFit(self)
        self._tabbed_to: QWidget | None = None
        self.setObjectName("window")
        self.setWindowTitle("Unroll")
        self.setMinimumSize(*LEAST_SIZE)
        self._scale_menu = ScaleMenu(self, settings, session.notices)
        self.panels = Panels(session, self._prepare)
        self.docking = self._make_docking()
        self.panels["try_it"]  # the user waits for its answer, so it asks before all others
        self.docking.reset()
        self.notice_bar = NoticeBar(HINT)
        self._drop_frame = DropFrame(self, lambda: session.theme)
        self._leaves = False  # whether to close even if the run cannot be saved
        self._shared = False  # whether the columns have got their widths: those of last time, or the usual ones
        self._center = self._make_center()
        self.setCentralWidget(self._center)
        self._connect_signals()
        self._connect_keys(self)
        for key, act in (("Esc", self._leave), ("F11", self._toggle_full_screen), ("F1", self._help)):
            QShortcut(QKeySequence(key), self, act)
        self.notice_bar.set_theme(session.theme)
        dress(session.theme)  # all parts at once: each would be dressed anew whenever it is put into another
        self._restore()
        self._show_title()  # the data may have come first
        self._fit_views()

    # ---- layout

    def _in(self, area: Area) -> list[Panel]:
        return [self.panels[name] for name, place in PANELS.items() if place.area is area]

    def _make_center(self) -> QWidget:
        self._left = SettingsColumn(self._in(Area.LEFT), "3 · Training")
        self._columns = WindowColumns(self._left, self.docking, right_column(self._in(Area.RIGHT)))
        center = QWidget()
        center.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        layout = stacked(of=center, gap=0)
        for panel in self._in(Area.TOP):
            layout.addWidget(panel)
        add(layout, hairline(), (self._columns, 1), self.notice_bar.place)
        return center

    def _make_docking(self) -> DockingArea:
        places = {name: place for name, place in PANELS.items() if place.area in (Area.WIDE, Area.GRID)}
        return DockingArea(Views(self.panels, places), *default_arrangement(places))

    def _prepare(self, name: str, panel: Panel) -> None:
        """Give a new panel its place, its saved choices and its signals."""
        if isinstance(panel, View):
            panel.name_parts(name)
            panel.setMinimumWidth(LEAST_GRID_PX)
            self.docking.adopt(name, panel)
            panel.restore(kept_choices(self._settings.value(f"view/{name}")))
            panel.menu_made.connect(partial(offer_places, self.docking, name))
            panel.job_wanted.connect(self.jobs.start)
            panel.run_wanted.connect(self.files.open_path)
        self._connect_panel(panel)

    # ---- wiring

    def _connect_panel(self, panel: Panel) -> None:
        """Make all connections of one panel."""
        for news in panel.watches():
            news.connect(panel.on_news)
        if isinstance(panel, DataPanel):
            panel.open_requested.connect(self.files.open)
        elif isinstance(panel, TrainBar):
            panel.theme_requested.connect(self.toggle_theme)
            panel.save.clicked.connect(self.files.save)
            self.files.fill_file(panel.file_menu)
            self.files.fill_export(panel.export_menu)
            self.edit.fill(panel.edit_menu)
            panel.views_menu.aboutToShow.connect(partial(self._fill_views_menu, panel.views_menu))
        elif isinstance(panel, StepsView):
            for other in self.panels.made.values():
                if other is not panel and isinstance(other, StepsView):
                    panel.steps_chosen.connect(other.show_steps)
                    other.steps_chosen.connect(panel.show_steps)
        elif isinstance(panel, UnrolledPanel):
            panel.inside_requested.connect(partial(toggle_view, self.docking, "inside", "unrolled"))

    def _fill_views_menu(self, menu: QMenu) -> None:
        fill_views_menu(self.docking, menu)
        menu.addSeparator()
        self._columns.fill_menu(menu)
        menu.addSeparator()
        menu.addMenu(self._scale_menu)
        menu.addAction("Full screen\tF11").triggered.connect(self._toggle_full_screen)
        menu.addAction("Default layout").triggered.connect(self._show_default_layout)

    def _show_default_layout(self) -> None:
        self._columns.show_all()
        self.docking.reset()

    def _connect_signals(self) -> None:
        """Make all other connections between the session and the window."""
        session = self.session
        session.run.model_changed.connect(session.weights.look)
        session.run.snapshot_changed.connect(session.weights.look)
        session.run.weights_recorded.connect(session.weights.keep)
        session.compared.chosen.connect(self._show_compared)
        session.sweeps.wanted.connect(self._show_sweep)
        self.docking.painted.connect(session.add_paint_cost)
        self.docking.floated.connect(self._take_in)
        session.notices.posted.connect(self._say)
        session.notices.withdrawn.connect(self.notice_bar.withdraw_text)
        session.theme_changed.connect(self._apply_theme)
        self._drop_frame.dropped.connect(self.files.open_paths)
        session.data.changed.connect(self._show_title)
        session.data.changed.connect(self._show_all)
        session.data.changed.connect(self.files.remember_data)
        session.data.opened.connect(self._left.show_top)
        session.run.data_wanted.connect(self.files.find_data)
        session.run.new_run_wanted.connect(self.run_files.data_finder.begin_new_run)
        session.undo.changed.connect(self.edit.show_texts)
        session.undo.offer_used.connect(self.notice_bar.withdraw)
        session.run.model_changed.connect(self._show_title)
        session.run.model_changed.connect(self._fit_views)
        self.run_files.changed.connect(self._show_title)
        for news in (session.runs.changed, session.runs.written):
            news.connect(self.run_files.drop_replaced)
        for news in (session.run.status_changed, session.race.changed, session.data.loading_changed):
            news.connect(self._clear_old_notice)
        for news in (session.race.changed, session.run.status_changed, session.run.frame, session.runs.changed):
            news.connect(self._tell_race)
        session.run.ending.connect(self._forget_run)
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._follow_system)

    def _show_all(self) -> None:
        """Other data are shown as a whole: a zoom belongs to what it was made in, as do racers in front of it."""
        if self.docking.filled == "compare":
            self.docking.fill("")
        area = self.docking.area_of("unrolled")
        if area is not None and area.front() == "compare":
            self.docking.show_view("unrolled")
        for panel in self.panels.made.values():
            for picture in panel.pictures() if isinstance(panel, View) else ():
                picture.reset_zoom()
            if isinstance(panel, UnrolledPanel):
                panel.reset_zoom()

    def _fit_views(self) -> None:
        """Of a network without steps most views have nothing to show, so the loss gets their room."""
        self._columns.show_one_at_a_time(not self.session.run.network.stages)

    def _show_compared(self) -> None:
        self._open_large("compare")

    def _show_sweep(self) -> None:
        self._open_large("sweep")

    def _open_large(self, name: str) -> None:
        """Show a view large. Making it takes long the first time, so it is made in one turn and placed in the next."""
        in_turns(self, lambda: self.panels[name], lambda: show_large(self.docking, name))

    def _connect_keys(self, window: QWidget) -> None:
        """Connect the keys for training, in this window and in floating ones."""
        session = self.session
        for key, act in (("Space", self._space), ("S", session.run.step), ("R", session.run.reset)):
            QShortcut(QKeySequence(key), window, act)

    def _take_in(self, window: FloatingWindow) -> None:
        """Give a floating window the keys of this one."""
        self._connect_keys(window)
        for key, act in (("F11", window.toggle_full_screen), ("F1", self._help)):
            QShortcut(QKeySequence(key), window, act)
        window.addActions([*self.actions(), *self._columns.actions()])

    def _space(self) -> None:
        """Press the button that was reached with the Tab key; else play or pause what is in front: an example, a race,
        or the training."""
        focused = QApplication.focusWidget()
        if focused is self._tabbed_to and isinstance(focused, QAbstractButton):
            focused.click()
        elif not any(panel.play_or_pause() for panel in self._in_front(focused)):
            self.session.run.toggle()

    def _in_front(self, focused: QWidget | None) -> list[Panel]:
        """The visible panels of the window that has the keys, the one with the focus first."""
        active = QApplication.activeWindow()
        panels = [panel for panel in self.panels.made.values() if panel.isVisible() and panel.window() is active]
        return sorted(panels, key=lambda panel: focused is None or not panel.isAncestorOf(focused))

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Remember what was reached with the Tab key. Qt also moves the focus off a widget that is hidden or disabled,
        to one that nobody has chosen."""
        before = QApplication.focusWidget()
        moved = super().focusNextPrevChild(forward)
        chosen = before is None or (before.isVisible() and before.isEnabled())
        self._tabbed_to = QApplication.focusWidget() if chosen else None
        return moved

    def showEvent(self, event: QShowEvent) -> None:
        """Give no button the focus at the start, so that Space trains."""
        super().showEvent(event)
        self._center.setFocus()
        if not self._shared:  # only now is it known how narrow the columns can be
            self._shared = True
            self._columns.restore(self._settings)

    def _leave(self) -> None:
        """Escape leaves a text field first, then ends what plays, then leaves an enlarged view, then full screen."""
        focused = QApplication.focusWidget()
        if focused is not None and focused.testAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled):
            focused.clearFocus()
        elif any(panel.stop_playing() for panel in self._in_front(focused)):
            pass
        elif self.docking.filled:
            self.docking.fill("")
        elif self.isFullScreen():
            self._toggle_full_screen()
        else:
            self._leave_field()

    def _toggle_full_screen(self) -> None:
        self.setWindowState(self.windowState() ^ Qt.WindowState.WindowFullScreen)

    def _help(self) -> None:
        window = self.findChild(HelpWindow) or HelpWindow(self)
        window.show()
        window.activateWindow()

    def _leave_field(self) -> None:
        focused = QApplication.focusWidget()
        if focused is not None:
            focused.clearFocus()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Leave the text field after a click on the background, so that the keys work again."""
        self._leave_field()
        super().mousePressEvent(event)

    def _show_title(self) -> None:
        dataset, path = self.session.data.dataset, self.run_files.path
        name = path.name if path is not None else "" if dataset is None else dataset.name
        self.setWindowTitle(visible_text(f"{name} — Unroll") if name else "Unroll")

    # ---- notices

    def _say(self, notice: Notice) -> None:
        self.notice_bar.say(notice.level, notice.text, notice.offers, notice.details)

    def _tell_race(self) -> None:
        self.notice_bar.stand(self.session.race.standing)

    def _forget_run(self) -> None:
        """Clear notices about a run together with it, but not errors, which may be about a file that could not be
        read."""
        if self.notice_bar.level != "error":
            self.notice_bar.clear()

    def _clear_old_notice(self) -> None:
        """Clear old notices: errors when something else is read, others also when training or a race continues."""
        if self.session.data.loading or (self.session.trains and self.notice_bar.level != "error"):
            self.notice_bar.clear()

    # ---- appearance

    def toggle_theme(self) -> None:
        """Switch between light and dark; from now on, the window does not follow the system."""
        theme = LIGHT if self.session.theme == DARK else DARK
        self._settings.setValue("theme", theme.name)
        self.session.set_theme(theme)

    def _follow_system(self, scheme: Qt.ColorScheme) -> None:
        if not self._settings.value("theme", ""):
            self.session.set_theme(DARK if scheme == Qt.ColorScheme.Dark else LIGHT)

    def _apply_theme(self) -> None:
        self.notice_bar.set_theme(self.session.theme)
        in_turns(self, lambda: dress(self.session.theme))

    def _restore(self) -> None:
        """Restore the size, splitters and position of last time."""
        self.resize(*SIZE)
        geometry = self._settings.value("geometry")
        if isinstance(geometry, QByteArray):
            self.restoreGeometry(geometry)
        else:
            screen = QGuiApplication.primaryScreen().availableGeometry()
            self.resize(QSize(*SIZE).boundedTo(screen.size() - USUAL_FRAME))
            self.move(screen.center() - self.rect().center())
        self.docking.restore(str(self._settings.value("views", "")))

    # ---- life

    def event(self, event: QEvent) -> bool:
        """Paint once in a turn, and measure how long that takes; the session adapts its frame rate to it."""
        if event.type() != QEvent.Type.UpdateRequest:
            return super().event(event)
        return self._painting.handle(event, super().event)

    def leave(self) -> None:
        """Close without saving the run."""
        self._leaves = True
        self.close()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Autosave the run, remember the layout, hide the window, and end the threads.

        If the run cannot be saved, the window stays open, says why, and leaves it to the user.
        """
        deadline = Deadline()
        why = "" if self._leaves else self.run_files.secure(Deadline(SECURE_S))
        if why:
            event.ignore()
            text = f"The window stays open because the run could not be saved: {why}"
            self.session.tell(text, Level.ERROR, ("Close without saving", self.leave), ("Save as…", self.files.save_as))
            return
        self._settings.setValue("geometry", self.saveGeometry())
        self._settings.setValue("views", self.docking.save())
        for name, view in self.docking.views.made.items():
            self._settings.setValue(f"view/{name}", json.dumps(view.choices()))
        self._columns.save(self._settings)
        self.docking.close_floating()
        self.hide()
        self.run_files.close(self.session.close, deadline)
        self.jobs.close(deadline)
        self.files.jobs.close(deadline)
        self._settings.sync()  # the process may be ended at any time
        super().closeEvent(event)
