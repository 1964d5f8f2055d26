"""Numbers in, text out: what the views of sounds and pictures have in common."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence

from PySide6.QtWidgets import QWidget

from engine.data.numbers.recording import NetworkInput, Recording
from engine.models import Translation
from gui.panels.try_it.answer_files import Answers
from gui.panels.try_it.frames_field import FramesField
from gui.panels.try_it.play_button import PlayButton
from gui.panels.try_it.try_view import RANKED, TryView, scored
from gui.session.session import Session
from gui.widgets.result_list import ResultList
from gui.widgets.text import text_label

BEAM = 4
LONGEST_WORD = 24  # letters that fit on a line


class TextFromFramesView(TryView):
    """The input as a picture, and the most probable texts."""

    def __init__(self, session: Session, play: PlayButton, below: QWidget | None = None) -> None:
        """below: a widget under the picture, on the same scale."""
        super().__init__(session)
        self.play = play
        self.field = FramesField(session, play, below)
        self.verdict = text_label("", "title", wrap=True, name="try-verdict")
        self.title = text_label(RANKED, "small", wrap=True)
        self.results = ResultList(session.theme, "try-results", "Answers", most_lines=2)
        self.translations: Sequence[Translation] = ()
        self._name = ""  # of what they are of
        for widget in (self.field, self.message, self.verdict, self.title):
            self.column.addWidget(widget)
        self.column.addWidget(self.results, 1)
        self.play.moved.connect(self.draw_moment)

    def show_verdict(self, text: str) -> None:
        """Write the answer large; a word that does not fit on a line is cut, but whole in the list."""
        words = (word if len(word) <= LONGEST_WORD else f"{word[: LONGEST_WORD - 1]}…" for word in text.split(" "))
        self.verdict.setText(" ".join(words))

    @abstractmethod
    def draw_moment(self) -> None:
        """Draw the answer as far as it has grown."""

    def adapt(self) -> None:
        """An answer of the old network goes."""
        self.field.show_probe()
        self.play.stop()
        self.show_translations((), "")

    def show_translations(self, found: Sequence[Translation], of: NetworkInput) -> None:
        """List answers, best first. of: the input."""
        self.translations, self._name = found, of.name if isinstance(of, Recording) else of
        self.refuse("")
        self.title.setVisible(bool(found))
        self.results.show_results([scored(answer.text, answer.log_probability) for answer in found], self.session.theme)
        self.draw_moment()

    def draw(self) -> None:
        """Show the answers again."""
        self.show_translations(self.translations, self._name)

    def answers(self) -> Answers | None:
        """The texts with their scores."""
        if not self.translations:
            return None
        name = self._name
        rows = tuple((name, rank, a.text, round(a.log_probability, 6)) for rank, a in enumerate(self.translations, 1))
        return Answers(tuple(a.text for a in self.translations), ("input", "rank", "answer", "log_probability"), rows)
