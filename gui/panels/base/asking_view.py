"""A view whose picture is computed from the newest weights, in the background."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

import engine
from gui.panels.base.view import View
from gui.session.questions import VIEW_SHARE, Question
from gui.session.session import Session
from gui.widgets.box_layouts import stacked
from gui.widgets.fields import Choice
from gui.widgets.text import text_label

T = TypeVar("T")

NOT_YET_FOUND = "Not yet computed for this network."
STATELESS = "A feed-forward network has no state."


class AskingView(View, Generic[T]):
    """Asks whenever something is new, then draws the answer or says why there is nothing to draw. What belongs to an
    earlier run is hidden at once: on a busy machine, the first answer of the next one takes seconds.

    Subclasses put their widgets into `content` and override `work`, `draw`, `nothing` and `about`.
    """

    def __init__(self, session: Session, title: str, subtitle: str) -> None:
        super().__init__(session, title, subtitle)
        self.found: T | None = None
        self.box = QWidget()
        self.content = stacked(of=self.box, gap=6)
        self.hint = text_label("", "muted", wrap=True)
        self.hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.hint.hide()
        self.body.addWidget(self.box, 1)
        self.body.addWidget(self.hint, 1)
        self._place = object()
        self._theme, self._run = session.theme, session.run.number

    def work(self) -> Callable[[engine.Snapshot], T | None]:
        """The function to compute from a snapshot; it runs in another thread and must not touch the panel."""
        raise NotImplementedError

    def draw(self) -> None:
        """Draw `found`, which may be None."""
        raise NotImplementedError

    def nothing(self) -> str:
        """The message when there is nothing to draw."""
        return "Type a text above to see it here."

    def about(self) -> tuple[object, ...]:
        """Everything the picture depends on besides the weights. When it changes, the question becomes urgent."""
        return self.session.probe.given, self.session.probe.label

    def refresh(self) -> None:
        """Ask about the newest weights; a new theme is drawn at once."""
        if self._run != self.session.run.number:
            self._run, self.found = self.session.run.number, None
            self.say(NOT_YET_FOUND)
        if self._theme != self.session.theme:
            self._theme = self.session.theme
            self.draw()
        self.ask()

    def ask(self) -> None:
        """Ask about the newest weights."""
        question = Question(
            self._place, self.work(), self.show_found, self.refuse, about=self.about(), share=VIEW_SHARE
        )
        self.session.ask(question)

    def show_found(self, found: T | None) -> None:
        """Draw an answer, or say why there is nothing to draw."""
        self.found = found
        self.say("" if found is not None else self.nothing())
        self.draw()

    def refuse(self, message: str) -> None:
        """Say why there is no answer."""
        self.found = None
        self.say(message)
        self.draw()

    def say(self, message: str) -> None:
        """Show words instead of the picture; "" brings the picture back."""
        self.hint.setText(message)
        self.hint.setVisible(bool(message))
        self.box.setVisible(not message)


def offer(box: Choice, choices: dict[str, str], shown: str = "") -> None:
    """Offer these choices (value → text), keeping the current one if it is among them. shown: the one that is drawn if
    it is not; "" for the first."""
    if {str(box.itemData(i)): box.itemText(i) for i in range(box.count())} == choices:
        return
    chosen = str(box.value())
    box.clear()
    for key, title in choices.items():
        box.add(title, key)
    if choices:
        box.set_value(chosen if chosen in choices else shown or next(iter(choices)))
    box.setVisible(len(choices) > 1)
