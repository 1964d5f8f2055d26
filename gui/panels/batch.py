"""The batch that is trained at this step, as padded rows."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt, SignalInstance
from PySide6.QtWidgets import QFrame, QScrollArea

import engine
from engine.number_text import counted, grouped, percent
from engine.training.batch_table import BatchTable, batch_table
from gui.panels.base.asking_view import AskingView
from gui.plots.batch_grid import OWN, BatchGrid, shown_row
from gui.plots.picture_export import Table
from gui.session.session import Session
from gui.widgets.box_layouts import side_by_side
from gui.widgets.text import text_label

MOST_ROWS = 64
PADDED = (
    "Sequences differ in length; to stand in one table they are padded to the longest. Start symbols "
    "are red and end symbols blue, where there are any. Hatched positions are padding: among the inputs they are never "
    "computed, among the targets they are masked, so they have no loss and no gradient.\n\n"
    "They are sorted by length. {steps}"
)
EQUAL = "All of its rows are equally long, as the windows of a running text are, so nothing is padded."
LEAST_HEIGHT_PX = 230  # shows some rows; the others by scrolling
STEPS = (
    "At each step only those that are still running are read; the bars and numbers above the positions say how many."
)
NO_STEPS = "This network reads each position by itself, so it has no steps at which fewer and fewer are still running."
OWN_ANSWER = "the network’s own answer from the step before"
HIDES = "Some words will be hidden at random, rare ones most often."
NO_DATA = "There is no training data to take a batch from."


class BatchPanel(AskingView[BatchTable]):
    """Rows of symbols, hatched where they are padded, and how much of the table is computed."""

    HELP = (
        "This is the very batch that training takes next. {rows} Labels and targets are on the right. The line below "
        "says what is left to chance until the step is made."
    )

    def __init__(self, session: Session, title: str) -> None:
        super().__init__(session, title, "what one training step reads")
        self.setMinimumHeight(LEAST_HEIGHT_PX)
        self.grid = BatchGrid(session.theme, "batch-grid", "Batch: symbols of every example")
        self.facts = text_label("", "secondary", wrap=True, name="batch-facts")
        self._scroll = scroll = QScrollArea()
        self._data: engine.Dataset | None = None  # of the table that is drawn
        scroll.setWidgetResizable(True)
        scroll.setWidget(self.grid)
        scroll.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        self.grid.setAutoFillBackground(False)
        frame = QFrame()
        frame.setProperty("role", "facts")
        side_by_side(self.facts, of=frame, margins=(10, 5, 10, 5))
        self.content.addWidget(scroll, 1)
        self.content.addWidget(frame)

    def help(self) -> str:
        """The explanation, with padding and what stands above the positions, if there is any."""
        table = self.grid.table
        padded = PADDED.format(steps=STEPS if table is None or self.grid.counts else NO_STEPS)
        return self.HELP.format(rows=padded if table is None or table.padded else EQUAL)

    def watches(self) -> tuple[SignalInstance, ...]:
        """The signals of the run and of the training settings; the probe does not matter."""
        session = self.session
        run = session.run
        return run.model_changed, run.training_changed, run.snapshot_changed, session.theme_changed

    def about(self) -> tuple[object, ...]:
        """The run, to which its data belongs, and the training settings."""
        return self.session.run.number, self.session.run.training_config

    def nothing(self) -> str:
        """Say why there is no table."""
        return NO_DATA

    def work(self) -> Callable[[engine.Snapshot], BatchTable | None]:
        """Find the batch of the snapshot's step."""
        return partial(next_batch, dataset=self.session.data.dataset, training=self.session.run.training_config)

    def draw(self) -> None:
        """Draw the table, of other data from its beginning, and say its numbers in words."""
        table = self.found
        self.grid.show_table(table, self.session.theme)
        if self._data is not self.session.data.dataset:
            self._data = self.session.data.dataset
            for bar in (self._scroll.verticalScrollBar(), self._scroll.horizontalScrollBar()):
                bar.setValue(0)
        self.facts.setText("" if table is None else batch_in_words(table))
        self.subtitle.setText(
            "what one training step reads" if table is None else f"the next one, of step {grouped(table.step + 1)}"
        )

    def table(self) -> Table:
        """One row for each example."""
        table = self.found
        if table is None:
            return Table(("example",))
        places = [(block, i) for block in table.blocks for i in range(block.places)]
        names = tuple(f"{block.title} {i + 1}" for block, i in places)
        shown = range(len(table.blocks[0].rows))
        rows = (tuple("".join(shown_row(block, block.rows[n])[i : i + 1]) for block, i in places) for n in shown)
        return Table(names, rows)


def next_batch(
    snapshot: engine.Snapshot, dataset: engine.Dataset | None, training: engine.TrainingConfig
) -> BatchTable | None:
    """The batch of the next step; runs in the background."""
    if dataset is None or not len(dataset.train):
        return None
    return batch_table(snapshot.model(), dataset, training, snapshot.step, MOST_ROWS)


def batch_in_words(table: BatchTable) -> str:
    """In words: how much of the table is computed, and how much counts in the loss."""
    whole = table.computed + table.padded
    texts = counted(table.size, "example")
    if table.padded:
        facts = f"{texts}: {grouped(table.computed)} of {grouped(whole)} positions are computed"
        facts += (
            f"; the other {grouped(table.padded)} ({percent(table.padded / whole)}) are padding and never computed."
        )
    else:
        facts = f"{texts}: all {grouped(whole)} positions are computed; there is no padding."
    targets = table.blocks[-1]
    masked = table.size * targets.places - targets.computed
    facts += f" The loss is the mean over {grouped(targets.computed)} answer{'s' if targets.computed > 1 else ''}"
    facts += f"; {grouped(masked)} padded positions are masked." if masked > 0 else "."
    return " ".join((facts, *_drawn_at_the_step(table)))


def _drawn_at_the_step(table: BatchTable) -> list[str]:
    """What the rows cannot tell, because it is known only when the step is made."""
    notes = [HIDES] * table.hides
    if table.forced == 0:
        notes.append(f"Teacher forcing 0: “{OWN}” is {OWN_ANSWER}.")
    elif table.forced < 1:
        odds = f"the symbol in each dashed box is read with a probability of {percent(table.forced)}"
        notes.append(f"Teacher forcing {table.forced:g}: {odds}, else {OWN_ANSWER}.")
    return notes
