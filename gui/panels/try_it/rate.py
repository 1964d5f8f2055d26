"""Many to one with a number as the answer: the rating of the typed text."""

from __future__ import annotations

import math
from functools import partial

import engine
from engine.models import Rating
from gui.panels.try_it.answer_files import Answers
from gui.panels.try_it.view import NOTHING, ProbeText, TryView
from gui.session.session import Session
from gui.widgets.text import text_label


class RateView(TryView):
    """As one types: the number, and how far off it may be."""

    name = "rate"

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.text = ProbeText(session, "A text to rate", "The number follows as you type")
        self.verdict = text_label("", "title", name="try-verdict")
        self.explained = text_label("", "small", wrap=True)
        self._asked = ""
        self._found: Rating | None = None
        for widget in (self.text, self.message, self.verdict, self.explained):
            self.column.addWidget(widget)
        self.column.addStretch()

    def adapt(self) -> None:
        """The probe is the text; an answer of the old network goes."""
        self.text.show_probe()
        self._show(None)

    def follow(self) -> None:
        """Answer anew."""
        self.text.show_probe()
        self._asked = self.session.probe.text
        self.ask(partial(_rate, text=self._asked), self._show, self._asked)

    def _show(self, rating: Rating | None) -> None:
        self._found = rating
        self.refuse("")
        self.verdict.setText("" if rating is None else _number(rating))
        learned = rating is not None and math.isfinite(rating.deviation)
        told = "± is one standard deviation: about two thirds of such texts should be this close."
        self.explained.setText(NOTHING if rating is None else told if learned else "")

    def answers(self) -> Answers | None:
        """The number with its spread."""
        if self._found is None:
            return None
        found = self._found
        row = (self._asked, round(found.value, 6), round(found.deviation, 6))
        return Answers((_number(found),), ("text", "rating", "deviation"), (row,))


def _number(rating: Rating) -> str:
    spread = f" ± {rating.deviation:.2g}" if math.isfinite(rating.deviation) else ""
    return f"{rating.value:.3g}{spread}".replace("-", "−")


def _rate(snapshot: engine.Snapshot, text: str) -> Rating | None:
    model = snapshot.model()
    return model.rate(text) if text.strip() else None
