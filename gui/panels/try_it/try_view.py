"""The base of the views that use a network."""

from __future__ import annotations

import math
from abc import abstractmethod
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import TypeVar

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QPlainTextEdit, QWidget

import engine
from engine.data.codec import SEPARATOR
from engine.inspection.text_search import LONGEST_LOOK
from engine.name_list import some_of
from engine.number_text import fixed, grouped
from gui.panels.base.asking_view import NOT_YET_FOUND
from gui.panels.try_it.answer_files import Answers
from gui.session.questions import Question
from gui.session.session import Session
from gui.widgets.bars import Bar
from gui.widgets.box_layouts import stacked
from gui.widgets.controls import introduced
from gui.widgets.result_list import NO_TEXT, Result
from gui.widgets.symbols import isolated, visible_symbol
from gui.widgets.text import text_label

T = TypeVar("T")

TYPING_PAUSE_MS = 10  # answers come while one types, but not for every letter of a fast typist
TEXT_LINES = 4
FRAME_PX = 8  # padding and border above and below
UNKNOWN_NAMED = 5  # unknown symbols that are named
MOST_BARS = 12  # in sight; the others are scrolled to
RANKED = "Best first by log-probability (0 is certain), with a bonus for length."
NOTHING = "Type something to see the network’s answer."


class TryView(QWidget):
    """One way to use the network. `follow` is called for each newer snapshot, `adapt` for another network."""

    answered = Signal(int)  # the training step whose weights gave the answer that comes now
    name = ""  # what it does, in one word, shown beside the panel's title

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self._place = object()
        self.column = stacked(of=self, gap=7)
        self.message = text_label("", "warning", wrap=True, name="try-message")
        self.message.hide()

    @abstractmethod
    def adapt(self) -> None:
        """Adapt to a new network: its labels, and the texts that go with it."""

    @abstractmethod
    def follow(self) -> None:
        """Answer again, because the weights are newer."""

    @abstractmethod
    def draw(self) -> None:
        """Draw the answer that is there, if any, in the colours of the moment."""

    def follow_theme(self) -> None:
        """The answer has new colours at once; a message above it stays."""
        message = self.message.text()
        self.draw()
        self.refuse(message)

    @abstractmethod
    def answers(self) -> Answers | None:
        """The answers that are shown, for the clipboard and for files; None if there are none."""

    def ask(
        self,
        work: Callable[[engine.Snapshot], T],
        done: Callable[[T], None],
        *about: object,
        owner: object = None,
    ) -> None:
        """Ask an urgent question. about: what the answer depends on besides the weights.

        owner: of a question that the view asks besides its main one; each owner has one question at a time.
        """

        def arrived(found: tuple[int, T]) -> None:
            step, value = found
            if owner is None:
                self.answered.emit(step)
            done(value)

        of_step = partial(_of_step, work)
        self.session.ask(Question(owner or self._place, of_step, arrived, self.refuse, about, urgent=True))

    def unknown_in_words(self, symbols: Iterable[str], *, lower_only: bool = False) -> list[str]:
        """A sentence that names the first of these that the network does not know, and what it knows of them in lower
        case; none if it knows all. lower_only: none either if it knows none of them in lower case."""
        dataset = self.session.data.dataset
        if dataset is None:
            return []
        known = dataset.codec.source.index
        unknown = [symbol for symbol in dict.fromkeys(symbols) if known(symbol) is None]
        lower = [symbol for symbol in dict.fromkeys(map(str.lower, unknown)) if known(symbol) is not None]
        if not unknown or (lower_only and not lower):
            return []
        hint = f" (known in lower case: {_named(lower)})" if lower else ""
        return [f"Unknown to the network: {_named(unknown)}{hint}"]

    def missing_in_words(self) -> list[str]:
        """A sentence that names the columns that the network reads, if the typed text has fewer; none otherwise."""
        dataset = self.session.data.dataset
        columns = () if dataset is None else dataset.recognition.sources
        if len(columns) < 2:
            return []
        from engine.data.files.several_columns import lacks_columns  # no sample has columns: not at the start

        if not lacks_columns(self.session.probe.text, columns):
            return []
        return [f"The network reads “{SEPARATOR.join(columns)}”: write all of them, with “{SEPARATOR}” between them."]

    def remark_on(self, read: Iterable[str], cut: int) -> None:
        """Say whether some of a text was not read (`cut` symbols), and which unknown symbols are known in lower case.
        read: its other symbols."""
        notes = [f"Only the first {grouped(LONGEST_LOOK)} {self.session.data.symbol_name}s are read."] if cut else []
        self.refuse(" ".join([*notes, *self.missing_in_words(), *self.unknown_in_words(read, lower_only=True)]))

    def without_answer(self) -> str:
        """What stands in place of an answer: that it is on its way, if there is a text."""
        return NOT_YET_FOUND if self.session.probe.text.strip() else NOTHING

    def refuse(self, message: str) -> None:
        """Say why there is no answer."""
        self.message.setText(message)
        self.message.setVisible(bool(message))


class ProbeText(QPlainTextEdit):
    """A few lines to type into; they are the session's probe, so that every panel looks at the same text."""

    def __init__(self, session: Session, label: str, help: str) -> None:
        super().__init__()
        introduced(self, "try-text", label, help)
        self.setPlaceholderText(label)
        self.setTabChangesFocus(True)
        height = TEXT_LINES * self.fontMetrics().lineSpacing() + 16
        self.setFixedHeight(height)
        self.setStyleSheet(f"QPlainTextEdit {{ min-height: {height - FRAME_PX}px; }}")  # the window's sheet has less
        self._session = session
        self._pause = QTimer(self, singleShot=True, interval=TYPING_PAUSE_MS)
        self._pause.timeout.connect(self._say)
        self.textChanged.connect(self._pause.start)

    def show_probe(self) -> None:
        """Take the probe's text, unless the user is typing another one."""
        if not self._pause.isActive() and self.text() != self._session.probe.text:
            self.blockSignals(True)
            whole = self.textCursor()
            whole.select(QTextCursor.SelectionType.Document)
            whole.insertText(self._session.probe.text)  # can be undone, unlike setPlainText
            self.blockSignals(False)

    def text(self) -> str:
        """The typed text, without line ends at its end."""
        return self.toPlainText().rstrip("\n")

    def _say(self) -> None:
        self._session.probe.set(self.text())


def _of_step(work: Callable[[engine.Snapshot], T], snapshot: engine.Snapshot) -> tuple[int, T]:
    """The training step of the weights, and the answer; runs in the background."""
    return snapshot.step, work(snapshot)


def _named(symbols: Sequence[str]) -> str:
    """The first of them, each in quotation marks."""
    # isolated, since right-to-left words in a list would trade places with their neighbours
    return some_of((f"“{isolated(visible_symbol(symbol))}”" for symbol in symbols), UNKNOWN_NAMED)


def scored(text: str, log_probability: float) -> Result:
    """An answer of a search as a row of a list."""
    number = fixed(log_probability)
    hint = f"{text}\nlog-probability {number}: probability {math.exp(log_probability):.3g}"
    return Result(text or NO_TEXT, number=number, hint=hint)


def ranked_bars(probabilities: Mapping[str, float]) -> list[Bar]:
    """All names, the most probable first."""
    ranked = sorted(probabilities.items(), key=lambda item: (-item[1], item[0]))
    return [Bar(visible_symbol(name), share) for name, share in ranked]
