"""Texts to try: the held-out ones that the network finds hardest."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QAbstractItemView, QListWidgetItem, QSizePolicy, QVBoxLayout, QWidget

from engine.number_text import percent
from gui.session.session import Session
from gui.session.worst_examples import Wrong
from gui.widgets.box_layouts import stacked
from gui.widgets.result_list import ROW_PX, Result, ResultList
from gui.widgets.text import text_label

LEAST_ROWS = 2
LEAST_CHIPS_PX = 106  # three lines of an answer's words above the list
CHIPS_SHARE, HARDEST_SHARE = 1, 3  # of the room below an answer: its words, and this list
CLICK = "Click one to try it."


@dataclass(frozen=True)
class Marking:
    """What stands beside each text: said in the title, with the badge of a text and its tone."""

    said: str
    badge: Callable[[Wrong], str]
    tone: Callable[[Wrong], str]


def _good_if_right(wrong: Wrong) -> str:
    return "good" if wrong.right == 1 else "warning"


LABELS = Marking(
    "the right label: green if the network gives it, amber if not", lambda wrong: wrong.truth, _good_if_right
)
NUMBERS = Marking("the right number", lambda wrong: wrong.truth, lambda wrong: "neutral")  # no answer hits it exactly
TAGS = Marking("the share of its tags that are right", lambda wrong: percent(wrong.right), _good_if_right)


class HardestTexts(QWidget):
    """A list of texts with their right answers; a click makes one the text of all views.

    While the mouse is over the list, it stays as it is: a row must not slip away from under a click.
    """

    def __init__(self, session: Session, marking: Marking) -> None:
        super().__init__()
        self._session, self._marking = session, marking
        self._found: tuple[Wrong, ...] = ()
        title = f"Validation texts, highest loss first, with {marking.said}. {CLICK}"
        self.title = text_label(title, "small", wrap=True)
        self.results = ResultList(session.theme, "try-hardest", "Validation texts, hardest first", most_lines=1)
        self.results.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.results.setMinimumHeight(LEAST_ROWS * ROW_PX)
        self.results.itemClicked.connect(self._try)
        self.results.itemActivated.connect(self._try)
        column = stacked(self.title, of=self, gap=4)
        column.addWidget(self.results, 1)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)
        self.hide()

    def put_below(self, chips: QWidget, column: QVBoxLayout) -> None:
        """Put an answer's words and this list into a column, where they share the room that is left."""
        chips.setMinimumHeight(LEAST_CHIPS_PX)
        column.addWidget(chips, CHIPS_SHARE)
        column.addWidget(self, HARDEST_SHARE)

    def leaveEvent(self, event: QEvent) -> None:
        """Catch up with the newest weights."""
        self.follow()

    def clear(self) -> None:
        """Forget the texts of the old network."""
        self._show(())

    def follow(self) -> None:
        """Ask which are the hardest for the newest weights, and show those that are known."""
        worst = self._session.worst
        if not self.results.underMouse():
            worst.ask()
            if worst.found is not None and worst.found is not self._found:
                self._show(worst.found)

    def _show(self, found: tuple[Wrong, ...]) -> None:
        chosen = [self._found[index.row()] for index in self.results.selectedIndexes()]
        self._found = found
        self.draw()
        if chosen:  # the mark goes along with its text, which may have another place now, or none
            same = (i for i, each in enumerate(found) if (each.text, each.truth) == (chosen[0].text, chosen[0].truth))
            self.results.setCurrentRow(next(same, -1))

    def draw(self) -> None:
        """Draw the texts in the colours of the moment."""
        self.setVisible(bool(self._found))
        self.results.show_results([self._row(wrong) for wrong in self._found], self._session.theme)

    def _row(self, wrong: Wrong) -> Result:
        badge, tone = self._marking.badge(wrong), self._marking.tone(wrong)
        return Result(" ".join(wrong.counted_text.split()), badge, tone, hint=f"{wrong.text}\n{wrong.truth}")

    def _try(self, item: QListWidgetItem) -> None:
        self._session.probe.set(self._found[self.results.row(item)].given, is_example=True)
