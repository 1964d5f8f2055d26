"""Runs: every trained run is kept, to reopen, rename, pin and compare."""

from __future__ import annotations

import math
from collections.abc import Callable

from PySide6.QtCore import QPoint, Qt, SignalInstance
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import QMenu, QPushButton

from gui.panels.base.view import View
from gui.panels.runs.run_table import RunRow, RunTable, RunTableView
from gui.plots.picture_export import Table
from gui.session.session import Session
from gui.widgets.controls import introduced, passing_menu
from gui.widgets.text import text_label

RACE = "Race from the start"
NOT_THE_CURRENT = "This is the current run; it can be deleted once another one has taken its place."
ALL_BUTTONS_PX = 260  # a view narrower than this has no room for all buttons beside the corner


class RunsPanel(View):
    """The list, and the actions for one or several runs."""

    HELP = (
        "Every network that has learned something is kept here when another one replaces it: after a change of cell, "
        "size or data, after Reset, and after closing Unroll. Open makes a run the current one again; it continues "
        "exactly as if it had never stopped. Undo (Ctrl+Z) does the same for the last change.\n\n"
        "Curve draws a run’s validation loss beside the current one in the loss plot. Runs on the same data are drawn "
        "until you dismiss them. Select two to six runs, with Ctrl or Shift, and press Compare to see their "
        "settings, answers and inner values side by side; a single one is compared with the current "
        "run. With two or more selected that learned from the current data, More ▾ lets their settings race from the "
        "start.\n\n"
        "At most {runs} runs and {size} MB are kept. Beyond that the oldest one that is not pinned is removed, and you "
        "are told."
    )

    def __init__(self, session: Session, title: str) -> None:
        super().__init__(session, title)
        self._table = RunTable(session.theme)
        self.list = RunTableView(self._table)
        self._current = ""  # id of the run that was the current one when the rows were last shown
        self._open_button = self._button("run-open", "Open", "Make this run the current one again")
        self._compare_button = self._button(
            "run-compare",
            "Compare",
            "Compare two to six runs: settings, curves, answers; a single run is compared with the current one",
        )
        self._more_button = self._button("run-more", "More ▾", "Race, sweep, pin, rename or delete")
        self._actions = {
            "open": self._action("Open", self._open),
            "compare": self._action("Compare", self._compare),
            "race": self._action(RACE, self._race),
            "sweep": self._action("Sweep…", self.session.sweeps.wanted.emit),
            "pin": self._action("Pin", self._pin),
            "rename": self._action("Rename (F2)", self._rename),
            "delete": self._action("Delete (Del)", self._delete),
        }
        self._actions["pin"].setCheckable(True)
        for button in (self._open_button, self._compare_button, self._more_button):
            self.header.addWidget(button)
        self.body.addWidget(self.list, 1)
        self._left_out = text_label("", "small", wrap=True, name="runs-left-out")
        self._left_out.hide()
        self.body.addWidget(self._left_out)
        self._connect()

    def _button(self, name: str, text: str, help: str) -> QPushButton:
        button = QPushButton(text)
        introduced(button, name, text, help, "flat")
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        return button

    def _action(self, text: str, act: Callable[[], None]) -> QAction:
        action = QAction(text, self)
        action.triggered.connect(act)
        return action

    def _connect(self) -> None:
        session, table = self.session, self._table
        table.renamed.connect(session.run_edits.rename)
        table.curve_chosen.connect(session.runs.show)
        table.pin_chosen.connect(session.runs.pin)
        self.list.doubleClicked.connect(self._open)
        self.list.activated.connect(self._open)
        self.list.delete_wanted.connect(self._delete)
        # news that came while a name was being typed is drawn afterwards
        self.list.edited.connect(self.refresh, Qt.ConnectionType.QueuedConnection)
        self.list.selectionModel().selectionChanged.connect(lambda *_: self._enable())
        self.list.customContextMenuRequested.connect(self._show_menu)
        self._open_button.clicked.connect(self._open)
        self._compare_button.clicked.connect(self._compare)
        self._more_button.clicked.connect(self._show_more)

    # ---- what is shown

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave Open to the menu, and to a double-click, in a view too narrow for all buttons in one line."""
        super().resizeEvent(event)
        self._open_button.setVisible(self.width() >= ALL_BUTTONS_PX)

    def help(self) -> str:
        """The explanation, with the bounds that are set."""
        bounds = self.session.runs.bounds
        return self.HELP.format(runs=bounds.runs, size=bounds.size // 10**6)

    def watches(self) -> tuple[SignalInstance, ...]:
        """The signals of the other runs, and of the current run's progress."""
        session = self.session
        return (
            session.runs.changed,
            session.run.frame,
            session.run.model_changed,
            session.run.status_changed,
            session.theme_changed,
        )

    def refresh(self) -> None:
        """Show the runs, except while a name is being typed."""
        if self.list.is_editing():
            return
        runs, selected = self.session.runs, self.list.selected()
        now, ghosts = runs.now(), {run.id for run in runs.ghosts()}
        listed = [*([] if now is None else [now]), *runs.others()]
        rows = [RunRow(run, run is now, run is now or run.id in ghosts) for run in listed]
        another = runs.current not in ("", self._current)
        if another:  # the list begins with it, and what was selected before would be somewhere out of sight
            self._current = runs.current
            selected = [run_id for run_id in selected if run_id == runs.current]
            self.list.clearSelection()
        if self._table.show(rows, self.session.theme) or another:
            self.list.select(selected.__contains__)
        if another:
            self.list.show_first()
        self._left_out.setText("" if runs.store is None else runs.store.left_out)
        self._left_out.setVisible(bool(self._left_out.text()))
        self._enable()

    def _enable(self) -> None:
        selected, current = self.list.selected(), self.session.runs.current
        others = [run_id for run_id in selected if run_id != current]
        pinned = {row.run.id for row in self._table.rows if row.run.identity.pinned}
        enabled = {
            "open": len(selected) == 1 and bool(others),
            "compare": len(selected) > 1 or bool(others),
            "race": not (no_race := self.session.compared.why_no_race(selected)),
            "sweep": True,
            "pin": bool(selected),
            "rename": len(selected) == 1,
            "delete": bool(others),
        }
        for name, action in self._actions.items():
            action.setEnabled(enabled[name])
        self._actions["race"].setText(f"{RACE}: {no_race}" if no_race else RACE)
        self._actions["pin"].setChecked(bool(selected) and pinned.issuperset(selected))
        self._open_button.setEnabled(enabled["open"])
        self._compare_button.setEnabled(enabled["compare"])

    # ---- what can be done

    def _open(self) -> None:
        selected = self.list.selected()
        if len(selected) == 1:
            self.session.switch.open(selected[0])

    def _rename(self) -> None:
        rows = sorted({index.row() for index in self.list.selectedIndexes()})
        if rows:
            self.list.edit_name(rows[0])

    def _pin(self) -> None:
        pinned = self._actions["pin"].isChecked()
        for run_id in self.list.selected():
            self.session.runs.pin(run_id, pinned)

    def _delete(self) -> None:
        current, selected = self.session.runs.current, self.list.selected()
        if selected == [current]:
            self.session.notices.tell(NOT_THE_CURRENT)
        self.session.run_edits.delete([run_id for run_id in selected if run_id != current])

    def _compare(self) -> None:
        chosen = self.list.selected()
        self.session.compared.choose([self.session.runs.current, *chosen] if len(chosen) == 1 else chosen)

    def _race(self) -> None:
        self.session.compared.race_runs(self.list.selected())

    def _show_menu(self, place: QPoint) -> None:
        self._menu(*self._actions).popup(self.list.viewport().mapToGlobal(place))

    def _show_more(self) -> None:
        below = QPoint(0, self._more_button.height())
        shown = {"compare"} if self._open_button.isHidden() else {"open", "compare"}
        self._menu(*(name for name in self._actions if name not in shown)).popup(self._more_button.mapToGlobal(below))

    def _menu(self, *names: str) -> QMenu:
        menu = passing_menu(self, "run-menu")
        menu.addActions([self._actions[name] for name in names])
        return menu

    def table(self) -> Table:
        """A row for each run."""
        rows = []
        for row in self._table.rows:
            run = row.run
            loss = run.best_loss if math.isfinite(run.best_loss) else ""
            rows.append((run.name, run.step, loss, *(run.headline or ("", ""))))
        return Table(("run", "steps", "best validation loss", "metric", "value of the metric"), rows)
