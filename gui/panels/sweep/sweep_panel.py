"""Sweep: plan many runs, train them in the background, and look at the results as they come."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import SignalInstance
from PySide6.QtWidgets import QPushButton, QWidget

import engine
from engine.number_text import counted, duration, grouped
from engine.sweeps.plan import PlannedRun, sweep_of
from engine.sweeps.ranking import Ranked, ranked
from gui.panels.base.paged_view import PagedView
from gui.panels.sweep.best_view import BestView, opened_in_words
from gui.panels.sweep.form import PlanForm
from gui.panels.sweep.results_table import ResultsTable, ResultsView
from gui.panels.sweep.run_lines import MOST_LINES, run_lines
from gui.panels.sweep.values import plan_of
from gui.plots.parallel_coordinates import ParallelCoordinates
from gui.plots.picture_export import Table
from gui.session.session import Session
from gui.widgets.controls import introduced, pressable, progress_bar, restyle
from gui.widgets.file_dialogs import ask_to_open
from gui.widgets.segments import Segments
from gui.widgets.symbols import plain_tip
from gui.widgets.text import ElidedLabel, explain, parted_label

PAGES = {"plan": "Plan", "results": "Results", "parallel": "Parallel", "best": "Best"}
OPEN_TIP = "Make the selected run the current one"
PAGES_PX, MOST_BEST = 270, 20
LEAST_PAGE_PX = 132  # of the plan, which scrolls, down to the button for more settings, and of its results
NOTHING_YET = "No results yet: Start trains the runs of the plan, Open folder… shows those of an earlier sweep."


class SweepPanel(PagedView[QWidget]):
    """A plan, the table of its runs, their lines over parallel axes, and the best combinations."""

    HELP = (
        "A sweep trains every combination of the values in the plan, once with each seed. Values are listed "
        "(32, 64) or given as a range: 16 to 256 in 3, evenly spaced on the scale of the setting. Random draws takes "
        "this many random combinations instead; Stop early ends runs that fall behind. All other settings stay as "
        "they are.\n\n"
        "The runs are trained in separate processes, or by a Dask scheduler, while the window can be used for "
        "something else. Parallel draws the best {lines}; a result far beyond the others lies at the lower end of its "
        "axis, which is then marked ≥. Results are files in the folder: closing the window loses nothing, and Open "
        "folder continues the sweep. Each finished run opens in the window; from Best, the best run of a combination. "
        "The command line does the same: python main.py --sweep."
    )

    def __init__(self, session: Session, title: str) -> None:
        super().__init__(session, title, Segments("sweep-page", PAGES, "Page of the sweep"), LEAST_PAGE_PX)
        self._start = pressable(QPushButton("Start"), "sweep-start", "Start the sweep", "Train all runs of the plan")
        self._cancel = pressable(QPushButton("Cancel"), "sweep-cancel", "Cancel the sweep", "Finished runs are kept")
        self._folder = pressable(
            QPushButton("Open folder…"),
            "sweep-open-folder",
            "Open folder",
            "Open the results of a sweep and train the rest",
        )
        self._open = pressable(QPushButton("Open run"), "sweep-open-run", "Open run", OPEN_TIP)
        self._bar = progress_bar("sweep-progress", "Number of finished runs", 90)
        self._status = parted_label("sweep-status")
        explain(self._status, "Finished runs, of all, and about how long the rest will take")
        self.page.setFixedWidth(PAGES_PX)
        self.form = PlanForm()
        self.results = ResultsTable()
        self.view = ResultsView(self.results)
        self.parallel = ParallelCoordinates(session.theme)
        self.best = BestView()
        self.subtitle.hide()
        for button in (self._start, self._cancel, self._folder, self._open):
            self.header.addWidget(button)
        self.header.addWidget(self._bar)
        self.header.addWidget(self._status, 1)
        self.body.addWidget(self.page)
        self.body.addWidget(self.stack, 1)
        self._summary = ElidedLabel()
        introduced(self._summary, "sweep-summary", "", role="secondary")
        self.body.addWidget(self._summary)
        self._planned: tuple[object, ...] = ()  # the plan that the line below it describes
        self._count = self._mistake = ""  # of its runs, and in it; kept, as proposals for large data take a while
        self._connect()
        self._show_others()  # a sweep may have begun before this panel was made
        self.add_pages(dict(zip(PAGES, (self.form, self.view, self.parallel, self.best), strict=True)))

    def _connect(self) -> None:
        sweeps = self.session.sweeps
        self._start.clicked.connect(self._begin)
        self._cancel.clicked.connect(sweeps.cancel)
        self._folder.clicked.connect(self._ask_for_folder)
        self._open.clicked.connect(self._open_run)
        for table in (self.view, self.best):
            table.doubleClicked.connect(lambda _: self._open_run())
            table.selectionModel().selectionChanged.connect(lambda *_: self._show_buttons())
        self.form.changed.connect(sweeps.retract)
        self.form.changed.connect(self._tell)
        sweeps.changed.connect(self._show_others)
        sweeps.frame.connect(self._show_fresh)

    # ---- what the user does

    def _plan(self) -> Mapping[str, object]:
        """The sweep that the form describes. ConfigError if it is not valid."""
        run, data = self.session.run, self.session.data
        if data.dataset is None:
            raise engine.ConfigError("There is no data yet.")
        at_hand = run.model_config, run.training_config
        return plan_of(data.dataset, data.source, at_hand, self.form.tried(), **self.form.top())

    def _begin(self) -> None:
        form = self.form
        try:
            folder = Path(form.folder.text()).expanduser()
            self.session.sweeps.start(self._plan(), folder, form.scheduler.text().strip(), form.processes.value())
        except engine.UnrollError as error:
            self.session.sweeps.complain(str(error))

    def _ask_for_folder(self) -> None:
        title, start = "Open the folder of a sweep", os.path.dirname(self.form.folder.text())
        ask_to_open(self.window(), "sweep-folder-dialog", title, start, self._continue, folder=True)

    def _continue(self, path: Path) -> None:
        try:
            form = self.form
            self.session.sweeps.open(path, form.scheduler.text().strip(), form.processes.value())
            form.folder.setText(str(path))
        except engine.UnrollError as error:
            self.session.sweeps.complain(str(error))

    def _open_run(self) -> None:
        run, folder = self._selected(), self.session.sweeps.folder
        if run is not None and folder is not None:
            self.run_wanted.emit(str(folder / run.file_name))

    def _selected(self) -> PlannedRun | None:
        """The run that is selected on the page, or the best one of the selected combination; None if there is none with
        a file."""
        sweeps, run, best = self.session.sweeps, None, self.best.selected()
        if self.page.value() == "results":
            run = self.view.selected()
        elif self.page.value() == "best" and best is not None:
            run = sweeps.runs[best.best_run - 1]
        outcome = None if run is None else sweeps.outcomes.get(run.number)
        return run if outcome is not None and outcome.steps > 0 else None

    # ---- what is shown

    def restore(self, choices: Mapping[str, str]) -> None:
        """Restore the saved page if there is anything on it: after a restart there is only the plan."""
        if self.session.sweeps.runs:
            super().restore(choices)

    def help(self) -> str:
        """The explanation, with the number of lines that are drawn."""
        return self.HELP.format(lines=MOST_LINES)

    def watches(self) -> tuple[SignalInstance, ...]:
        """The signals of the sweep, and those that change how many runs the plan has."""
        sweeps, run = self.session.sweeps, self.session.run
        others = run.model_changed, run.training_changed, run.status_changed, self.session.theme_changed
        return sweeps.changed, sweeps.frame, *others

    def refresh(self) -> None:
        """Show progress and summary, and draw the page that is visible."""
        sweeps = self.session.sweeps
        self._show_buttons()
        progress = sweeps.progress
        self._bar.setVisible(sweeps.running)
        self._bar.setRange(0, max(1, len(sweeps.runs)))
        self._bar.setValue(0 if progress is None else progress.ended)
        self._status.setText(self._words())
        self._tell()
        if self.page.value() == "parallel":
            axes, lines = run_lines(sweeps.runs, sweeps.outcomes, self.results.settings)
            self.parallel.show_lines(axes, lines, self.session.theme)

    def _show_buttons(self) -> None:
        running = self.session.sweeps.running
        self._start.setVisible(not running)
        self._folder.setVisible(not running)
        self._cancel.setVisible(running)
        self._open.setEnabled(self._selected() is not None)
        best = self.best.selected() if self.page.value() == "best" else None
        self._open.setToolTip(plain_tip(OPEN_TIP if best is None else opened_in_words(best)))

    def _words(self) -> str:
        sweeps, progress = self.session.sweeps, self.session.sweeps.progress
        if not sweeps.running:
            return ""
        if progress is None:
            return "starting…"
        left = "" if progress.left is None else f" · {duration(progress.left)} left"
        return f"{grouped(progress.ended)} of {grouped(progress.runs)}{left}"

    def _tell(self) -> None:
        """Say in the line below the pages how many runs the plan has, or what is wrong with it, or why it could not
        start; on the other pages, the best combination."""
        if self.page.value() == "plan":
            self._tell_plan()
            return
        sweeps = self.session.sweeps
        found = ranked(sweeps.runs, sweeps.outcomes)
        so_far = "So far: " if sweeps.running else ""
        best = f"{so_far}{self._in_short(found[0])}" if found else "" if sweeps.runs else NOTHING_YET
        self._say(best[:1].upper() + best[1:])
        if self.page.value() == "best":
            self.best.show_best(found[:MOST_BEST], self._varied())

    def _tell_plan(self) -> None:
        run, form, sweeps = self.session.run, self.form, self.session.sweeps
        typed = form.tried(), form.seeds.text(), form.random.value(), form.halving.value()
        planned = (self.session.data.dataset, run.model_config, run.training_config, typed)
        if planned[0] is None:
            return
        if planned != self._planned:
            sweeps.retract()
            self._planned, self._count, self._mistake = planned, *self._counted()
        if wrong := sweeps.complaint or self._mistake:
            self._say(wrong, wrong=True)
            return
        folder = form.folder.text()
        kept = [f"{self._count}, kept in {name}." for name in (folder, os.path.basename(folder))]
        self._say(*kept, f"{self._count}.")

    def _counted(self) -> tuple[str, str]:
        """How many runs the plan has, or what is wrong with it, in words."""
        try:
            return counted(sweep_of(self._plan(), Path()).count, "run"), ""
        except engine.UnrollError as error:
            return "", str(error)

    def _say(self, text: str, *briefer: str, wrong: bool = False) -> None:
        self._summary.setText(text, *briefer)
        restyle(self._summary, wrong=wrong)

    def _show_others(self) -> None:
        """Show the runs of another sweep, once it has really begun: one that cannot start leaves the plan in front."""
        sweeps = self.session.sweeps
        if sweeps.runs is not self.results.runs and (sweeps.runs or self.results.runs):
            self.results.show_runs(sweeps.runs, sweeps.outcomes, sweeps.training)
            self.show_page("results")

    def _show_fresh(self) -> None:
        sweeps = self.session.sweeps
        self.results.show_fresh(sweeps.outcomes, sweeps.fresh, sweeps.training)

    def _in_short(self, best: Ranked) -> str:
        """A combination in one line, with the settings that differ between the runs."""
        return replace(best, settings={name: best.settings[name] for name in self._varied()}).summary()

    def _varied(self) -> list[str]:
        return [name for name in self.results.settings if name != "seed"]

    def table(self) -> Table:
        """A row for each run."""
        table = self.results
        rows = (tuple(table.value(run, column) for column in range(len(table.titles))) for run in table.runs)
        return Table(tuple(table.titles), rows)
