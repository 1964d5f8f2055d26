"""What a picture shows, word by word."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import engine
from engine.data.numbers.recording import NetworkInput
from engine.data.vocabulary import END
from engine.inspection.so_far import symbol_probabilities
from engine.inspection.text_search import text_to_look_at
from engine.models import Translation
from gui.panels.try_it.play_button import PlayButton
from gui.panels.try_it.text_from_frames import BEAM, TextFromFramesView
from gui.session.session import Session
from gui.widgets.bars import ROW_PX, Bar, Bars
from gui.widgets.result_list import NO_TEXT
from gui.widgets.symbols import visible_symbol
from gui.widgets.text import text_label

WORD_MS = 400
MOST_WORDS = 14  # with a bar each
WORDS = "Word by word, with the probability of each after those before it:"


@dataclass(frozen=True, eq=False)
class Captions:
    """Captions, best first; for each word of the best one, and its end: the probability, and the text up to there."""

    found: Sequence[Translation]
    words: tuple[tuple[str, float], ...]
    texts: tuple[str, ...]


class CaptionView(TextFromFramesView):
    """A picture from the data, from a file or drawn by hand, and its caption."""

    name = "caption"

    def __init__(self, session: Session) -> None:
        help = "Write the caption word by word"
        super().__init__(session, PlayButton("try-play", "Write it word by word", help, WORD_MS))
        self.bars = Bars(session.theme, "try-words", "Probability of each word")
        self.explained = text_label(WORDS, "small", wrap=True)
        place = self.column.indexOf(self.title)
        for widget in (self.bars, self.explained):
            self.column.insertWidget(place, widget)
        self._captions = Captions((), (), ())
        self.play.wanted.connect(lambda: self.play.begin(len(self._captions.words)))

    def adapt(self) -> None:
        """An answer of the old network goes."""
        self._captions = Captions((), (), ())
        super().adapt()

    def follow(self) -> None:
        """Ask for a new answer."""
        self.field.show_probe()
        given = self.session.probe.given
        self.ask(partial(_caption, given=given), partial(self._show, given), given)

    def _show(self, given: NetworkInput, captions: Captions) -> None:
        self._captions = captions
        self.bars.setFixedHeight(ROW_PX * min(len(captions.words), MOST_WORDS))  # also while they appear one by one
        self.show_translations(captions.found, given)

    def draw_moment(self) -> None:
        """Draw the words so far."""
        captions, at = self._captions, self.play.at
        shown = len(captions.words) if at is None else min(at + 1, len(captions.words))
        self.show_verdict((captions.texts[shown - 1] or NO_TEXT) if shown else "")
        self.explained.setVisible(bool(captions.words))
        self.bars.setVisible(bool(captions.words))
        self.bars.show_bars([Bar(*word) for word in captions.words[:shown][:MOST_WORDS]], self.session.theme)


def _caption(snapshot: engine.Snapshot, given: NetworkInput) -> Captions:
    model = snapshot.model()
    source = text_to_look_at(model, snapshot, given, None)
    found = model.caption(source, beam_size=BEAM)
    tokens = found[0].tokens
    shares = symbol_probabilities(model, source, tokens).tolist()
    words = tuple(zip(map(visible_symbol, (*tokens, END)), shares, strict=True))
    texts = tuple(snapshot.codec.join(tokens[:end], "target") for end in range(1, len(tokens) + 1))
    return Captions(found, words, (*texts, found[0].text))
