"""Many to one on numbers: the label of a series, or of a sound."""

from __future__ import annotations

from functools import partial

import engine
from engine.data.numbers.recording import Given
from engine.inspection.text_search import text_to_look_at
from gui.panels.try_it.answer_files import Answers
from gui.panels.try_it.frames_field import FramesField
from gui.panels.try_it.view import TryView, top_bars
from gui.session.session import Session
from gui.widgets.bars import Bars
from gui.widgets.text import text_label


class ClassifyFramesView(TryView):
    """The numbers as a picture, and bars of all labels."""

    name = "classify"

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.field = FramesField(session)
        self.verdict = text_label("", "title", name="try-verdict")
        self.bars = Bars(session.theme, "try-results", "Probability of each label")
        self._found: dict[str, float] = {}
        for widget in (self.field, self.message, self.verdict, self.bars):
            self.column.addWidget(widget)
        self.column.addStretch()

    def adapt(self) -> None:
        """An answer of the old network goes."""
        self.field.show_probe()
        self._show({})

    def follow(self) -> None:
        """Answer anew."""
        self.field.show_probe()
        given = self.session.probe.given
        self.ask(partial(_classify, given=given), self._show, given)

    def _show(self, labels: dict[str, float]) -> None:
        self._found = labels
        self.refuse("")
        best, share = next(iter(labels.items()), ("", 0.0))
        self.verdict.setText(f"{best} · {share:.2f}" if labels else "")
        self.bars.show_bars(top_bars(labels), self.session.theme)

    def answers(self) -> Answers | None:
        """The labels with their probabilities."""
        if not self._found:
            return None
        name = self.session.probe.text
        rows = tuple((name, label, round(share, 6)) for label, share in self._found.items())
        return Answers(
            tuple(f"{label} {share:.4f}" for _, label, share in rows), ("input", "label", "probability"), rows
        )


def _classify(snapshot: engine.Snapshot, given: Given) -> dict[str, float]:
    model = snapshot.model()
    return model.classify(text_to_look_at(model, snapshot, given, None))
