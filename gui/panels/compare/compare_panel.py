"""Compare: two to six runs side by side, with their differences, figures, curves, answers and inner values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from PySide6.QtCore import QPoint, Qt, QTimer, SignalInstance
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QLineEdit, QWidget

from engine.models.metrics import main_metric
from engine.number_text import grouped
from engine.training.baseline import Baseline
from engine.training.baselines import baselines, lag_of
from engine.training.defaults import quick_metrics
from gui.panels.base.paged_view import PagedView
from gui.panels.compare.answers_page import AnswersPage
from gui.panels.compare.compare_page import Entry, Page, ask_for_page, compared_entries
from gui.panels.compare.curves import CurvesPage
from gui.panels.compare.figures_table import OF, STEADY, UNKNOWN, Expected, FiguresTable
from gui.panels.compare.inner_pages import StatesPage, TextCurvePage
from gui.panels.compare.race_line import RaceLine
from gui.plots.picture_export import Table
from gui.session.questions import Question
from gui.session.session import Session
from gui.widgets.box_layouts import keep_room, side_by_side
from gui.widgets.controls import introduced, passing_menu
from gui.widgets.segments import Segments
from gui.widgets.text import text_label

TYPING_PAUSE_MS = 25
PAGES_PX, ROOMY_PX = 350, 600  # their names side by side with room between them, in a panel at least this wide
TEXT_PX = 80  # at least
FEWEST = 2  # runs of a comparison; with more, the view is as high
LEAST_PAGE_PX = 162  # high enough for curves with a sentence about each of two runs
NARROW_PX = 460  # a panel narrower than this has the text below the pages
PAGES = {
    "curves": "Curves",
    "answers": "Answers",
    "states": "States",
    "gradient": "Gradient",
    "memory": "Memory",
}
NOTHING = (
    "Select two to six runs in Runs and press Compare there; or let all cells race: same data, same seed, the same "
    "batches in the same order."
)

# What baselines are measured by: the data, by their fingerprint, the architecture, the loss of numbers, and `lag_of`.
_CommonGround = tuple[str, str, str, int]


class ComparePanel(PagedView[Page]):
    """Differences and figures above; below, one page on which all runs share a scale."""

    HELP = (
        "Runs side by side, each in its own colour. The table shows the settings in which they differ, how good each "
        "became, and at which step, and after how many seconds of its own computing, it first beat what counting "
        "alone achieves. Below, all runs share one scale: their curves, their answers to the same text, their hidden "
        "states, how far back the gradient reaches, and what the last state remembers. Runs that all learned from the "
        "same data read a text that you type, whatever data is open. A double click on a run opens it.\n\n"
        "Compare cells races the current network with each kind of cell. All racers start with the same seed, see "
        "the same batches in the same order, and get the same computing time in turns, so at any moment their curves "
        "end at about the same second. A racer that diverges drops out, and the table says why. Afterwards all racers "
        "are in Runs, with their weights. Runs selected there can race from the start as well."
    )

    def __init__(self, session: Session, title: str) -> None:
        super().__init__(session, title, Segments("compare-page", PAGES, "Page of the comparison"), LEAST_PAGE_PX)
        theme = session.theme
        self.text = introduced(
            QLineEdit(), "compare-text", "Text that all runs read", "Every run reads this text, and so do all views"
        )
        self.text.setPlaceholderText("Type a text")
        self.race_line = RaceLine(session)
        self.subtitle.hide()  # the line of the race takes its place
        self.header.addWidget(self.race_line, 1)
        self.figures = FiguresTable()
        self.curves = CurvesPage(theme, "compare")
        pages: dict[str, Page] = {
            "curves": self.curves,
            "answers": AnswersPage(),
            "states": StatesPage(theme),
            "gradient": TextCurvePage(theme, "compare-gradient", "gradient"),
            "memory": TextCurvePage(theme, "compare-memory", "memory"),
        }
        self.hint = text_label(NOTHING, "muted", wrap=True, name="compare-hint")
        self.page.tighten()
        self.text.setMinimumWidth(TEXT_PX)
        self._choice = QWidget()
        self._beside = side_by_side(self.page, (self.text, 1), of=self._choice)
        self._beside.setAlignment(self.page, Qt.AlignmentFlag.AlignLeft)  # as wide as it needs, scroll bar or not
        for widget in (self.figures, self.figures.note, self.hint, self._choice):
            self.body.addWidget(widget)
        self.body.addWidget(self.stack, 1)
        self._found: Mapping[str, Any | str] = {}
        self._place, self._baselines_place = object(), object()
        self._baselines: Sequence[Baseline] = ()
        self._baselines_of: _CommonGround | None = None
        self._expected = UNKNOWN
        self._typing = QTimer(self, singleShot=True, interval=TYPING_PAUSE_MS)
        self._typed_in = -1  # the run in which the text was typed
        self._typing.timeout.connect(self._look_at_typed)
        self.text.textEdited.connect(self._wait_for_more)
        self.figures.open_wanted.connect(self._open)
        self.figures.customContextMenuRequested.connect(self._show_menu)
        self.stack.resized.connect(self._fit)
        self.add_pages(pages)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Place the text beside the pages, or below them."""
        super().resizeEvent(event)
        narrow = self.width() < NARROW_PX
        self.page.setMinimumWidth(PAGES_PX if self.width() >= ROOMY_PX else 0)
        keep_room(self.text, not narrow)  # beside the pages: these stay where they are when it is hidden
        self._beside.setDirection(QBoxLayout.Direction.TopToBottom if narrow else QBoxLayout.Direction.LeftToRight)
        self._fit()

    def turned(self) -> None:
        """Forget what was found for another page, and show the text field if this one reads the text."""
        self._found = {}
        self.text.setVisible(self.front.READS_TEXT)
        self._fit()

    def _fit(self) -> None:
        """Let the page show what has room. One without a text below the names of the pages gets the room of that."""
        below = self.text.isHidden() and not self.text.sizePolicy().retainSizeWhenHidden()
        spare = self.text.sizeHint().height() + self._beside.spacing() if below else 0
        runs = min(max(FEWEST, len(self.session.compared.runs())), STEADY)
        rows = self.figures.row_height() * (runs - FEWEST)  # taken from the page
        self.stack.setMinimumHeight(LEAST_PAGE_PX - rows + spare)
        self.front.fit(self.stack.size())

    def _wait_for_more(self) -> None:
        self._typed_in = self.session.run.number
        self._typing.start()

    def _look_at_typed(self) -> None:
        """Let all views look at the typed text, unless other data has come meanwhile."""
        if self._typed_in == self.session.run.number:
            self.session.probe.set(self.text.text())

    def _may_open(self, run_id: str) -> bool:
        """Whether it is another run than the current one, and no race goes on, whose runs still change."""
        return bool(run_id) and run_id != self.session.runs.current and not self.session.race.on

    def _open(self, run_id: str) -> None:
        if self._may_open(run_id):
            self.session.switch.open(run_id)

    def _show_menu(self, place: QPoint) -> None:
        run_id = self.figures.run_at(place)
        menu = passing_menu(self, "compare-menu")
        opens = menu.addAction("Open this run", lambda: self._open(run_id))
        opens.setEnabled(self._may_open(run_id))
        menu.popup(self.figures.viewport().mapToGlobal(place))

    # ---- what is shown

    def play_or_pause(self) -> bool:
        """Pause or resume the race."""
        racing = self.session.race.on
        if racing:
            self.race_line.toggle()
        return racing

    def watches(self) -> tuple[SignalInstance, ...]:
        """The signals of the comparison, of the race and of the current run."""
        session = self.session
        return (
            session.compared.changed,
            session.race.frame,
            session.race.changed,
            session.run.frame,
            session.run.status_changed,
            session.run.snapshot_changed,
            session.run.model_changed,
            session.probe.changed,
            session.probe.known_changed,
            session.theme_changed,
        )

    def refresh(self) -> None:
        """Show the figures and curves that have come, and ask for what is computed from the weights."""
        session, entries = self.session, compared_entries(self.session)
        self.race_line.refresh()
        if not self._typing.isActive() and self.text.text() != session.probe.text:
            self.text.setText(session.probe.text)
            self.text.setCursorPosition(0)
        for widget in (self.figures, self._choice, self.stack):
            widget.setVisible(bool(entries))
        self.hint.setVisible(not entries)
        self._ask_baselines(entries)
        snapshots = session.compared.snapshots()
        states = {one.run.id: self._state(one) for one in entries}
        expected = replace(self._expected, soon=session.race.on)
        self.figures.show_runs(entries, self._baselines, snapshots, states, expected)
        self._fit()
        self._show_found(entries)
        if suited := [entry.run.id for entry in entries if entry.suits]:
            ask_for_page(session, self._place, self.front, suited, self._show)

    def _show(self, found: Mapping[str, Any | str]) -> None:
        self._found = found
        self._show_found(compared_entries(self.session))

    def _show_found(self, entries: Sequence[Entry]) -> None:
        """Draw what was found, except of runs that the text suits no longer."""
        unsuited = {entry.run.id for entry in entries if not entry.suits}
        found = {run_id: value for run_id, value in self._found.items() if run_id not in unsuited}
        self.front.show_found(entries, found, self.session.theme)

    def _state(self, entry: Entry) -> str:
        """The progress of a run, or why it is out of the race."""
        run, racer = entry.run, self.session.race.find(entry.run.id)
        if racer is not None and racer.reason:
            return racer.reason
        if run.end.diverged:
            return f"{grouped(run.step)}, diverged"
        is_current = run.id == self.session.runs.current
        total = (self.session.run if is_current else run).progress.steps_total  # more than is set if it was continued
        left = total > run.step and run.end.kept is None and (racer is None or not racer.through)
        return f"{grouped(run.step)}{OF}{grouped(total)}" if left else grouped(run.step)

    def _ask_baselines(self, entries: Sequence[Entry]) -> None:
        """Ask for what counting alone achieves, if all runs were trained to do the same with the current data."""
        dataset = self.session.data.dataset
        settings = [(entry.run.settings.data, entry.run.settings.model) for entry in entries]
        wanted: _CommonGround | None = None
        own = dataset is not None and all(data.fingerprint == dataset.fingerprint for data, _ in settings)
        if dataset is not None and own and len(dataset.validation):
            of = {(dataset.fingerprint, model.architecture, model.number_loss, lag_of(model, dataset))
                  for _, model in settings}  # fmt: skip
            wanted = next(iter(of)) if len(of) == 1 else None
        if wanted == self._baselines_of:
            return
        self._baselines_of, self._expected = wanted, UNKNOWN
        self._take_baselines(wanted, [])
        if wanted is not None and dataset is not None:
            measured, training = quick_metrics(settings[0][1], dataset), entries[0].run.settings.training
            self._expected = Expected(main_metric(measured, training.best_by) or "", dataset.codec.read_name)
            done = partial(self._take_baselines, wanted)
            self.session.ask(Question(self._baselines_place, lambda _: baselines(dataset, *wanted[1:]), done))

    def _take_baselines(self, of: _CommonGround | None, found: Sequence[Baseline]) -> None:
        if of == self._baselines_of:
            self._baselines = tuple(found)
            self.curves.show_baselines(self._baselines)
            if found:
                self.refresh()

    def table(self) -> Table:
        """The numbers of the page, or else the figures."""
        if self.page.value() == "curves":
            return self.figures.numbers
        return self.front.table()
