"""Numbers in, text out: the transcript of a sound, or the caption of a picture."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from functools import partial

import engine
from engine.data.numbers.recording import Given
from engine.inspection.text_search import text_to_look_at
from engine.models import Translation
from gui.panels.try_it.answer_files import Answers
from gui.panels.try_it.frames_field import FramesField
from gui.panels.try_it.view import TryView, scored
from gui.session.session import Session
from gui.widgets.result_list import ResultList
from gui.widgets.text import text_label

BEAM = 4
RANKED = "Best first by log-probability (0 is certain)."


class DescribeFramesView(TryView):
    """What is read as a picture, and the most probable texts."""

    @staticmethod
    @abstractmethod
    def describe(snapshot: engine.Snapshot, given: Given) -> Sequence[Translation]:
        """The most probable texts, best first; runs in the background."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.field = FramesField(session)
        self.verdict = text_label("", "title", wrap=True, name="try-verdict")
        self.title = text_label(RANKED, "small", wrap=True)
        self.results = ResultList(session.theme, "try-results", "Answers")
        self._found: Sequence[Translation] = ()
        for widget in (self.field, self.message, self.verdict, self.title):
            self.column.addWidget(widget)
        self.column.addWidget(self.results, 1)

    def adapt(self) -> None:
        """An answer of the old network goes."""
        self.field.show_probe()
        self._show(())

    def follow(self) -> None:
        """Answer anew."""
        self.field.show_probe()
        given = self.session.probe.given
        self.ask(partial(self.describe, given=given), self._show, given)

    def _show(self, found: Sequence[Translation]) -> None:
        self._found = found
        self.refuse("")
        self.verdict.setText(found[0].text if found else "")
        self.results.show_results([scored(answer.text, answer.log_probability) for answer in found], self.session.theme)

    def answers(self) -> Answers | None:
        """The texts with their scores."""
        if not self._found:
            return None
        name = self.session.probe.text
        rows = tuple((name, rank, a.text, round(a.log_probability, 6)) for rank, a in enumerate(self._found, 1))
        return Answers(tuple(a.text for a in self._found), ("input", "rank", "answer", "log_probability"), rows)


class TranscribeView(DescribeFramesView):
    """Of a sound."""

    name = "transcribe"

    @staticmethod
    def describe(snapshot: engine.Snapshot, given: Given) -> Sequence[Translation]:
        """What is said."""
        model = snapshot.model()
        return model.transcribe(text_to_look_at(model, snapshot, given, None), beam_size=BEAM)


class CaptionView(DescribeFramesView):
    """Of a picture."""

    name = "caption"

    @staticmethod
    def describe(snapshot: engine.Snapshot, given: Given) -> Sequence[Translation]:
        """What there is to see."""
        model = snapshot.model()
        return model.caption(text_to_look_at(model, snapshot, given, None), beam_size=BEAM)
