"""What is said in a sound: the answers, how they grow while the sound plays, and which frames each letter came from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

import engine
from engine.data.numbers.recording import NetworkInput
from engine.data.vocabulary import END
from engine.inspection.so_far import answers_so_far
from engine.inspection.text_search import LONGEST_ANSWERED, text_to_look_at
from engine.models import Translation
from engine.types import IntArray
from gui.panels.try_it.play_button import PlayButton
from gui.panels.try_it.text_from_frames import BEAM, TextFromFramesView
from gui.session.session import Session
from gui.widgets.alignment import Alignment, FrameAttention
from gui.widgets.symbols import visible_symbol

FRAME_MS = 70
MOST_SYMBOLS = 60  # whose attention is drawn


@dataclass(frozen=True, eq=False)
class Grown:
    """Answers at P moments. ends (P,): after how many frames; answers (P,): what the network would write if the sound
    ended there."""

    given: NetworkInput
    ends: IntArray
    answers: tuple[Translation, ...]


class TranscribeView(TextFromFramesView):
    """The spectrogram, and below it what is written, with lines to the frames that were looked at."""

    name = "transcribe"

    def __init__(self, session: Session) -> None:
        self.alignment = Alignment("try-alignment", "Attention between steps and symbols")
        help = "Hear it step by step and see what the network would write if it ended there"
        play = PlayButton("try-play", "Hear it step by step", help, FRAME_MS)
        super().__init__(session, play, self.alignment)
        self._growing = object()
        self._grown: Grown | None = None
        self._pointed: int | None = None  # frames left of the mouse
        self.play.wanted.connect(partial(self._grow, play=True))
        self.field.picture.pointed.connect(self._point)
        self.alignment.pointed.connect(self.field.picture.show_attention)

    def follow(self) -> None:
        """Ask for a new answer."""
        self.field.show_probe()
        given = self.session.probe.given
        self.ask(partial(_transcribe, given=given), partial(self._show, given), given)

    def _show(self, given: NetworkInput, found: Sequence[Translation]) -> None:
        if self._grown is not None and self._grown.given is not given:
            self.play.stop()
        if not self.play.playing:
            self._grown = None  # of older weights
        self.show_translations(found, given)
        self._point(self._pointed)
        if len(self.field.picture.values) > LONGEST_ANSWERED:
            self.refuse(f"Only the first {LONGEST_ANSWERED} steps are read.")

    # ---- while it plays

    def _grow(self, *, play: bool) -> None:
        """Ask what would be written if the sound ended earlier; only on request, because it takes a while."""
        given = self.session.probe.given
        again = object() if play else None  # pressing ▶ again plays it again
        self.ask(partial(_hear, given=given), partial(self._show_grown, play=play), given, again, owner=self._growing)

    def _show_grown(self, grown: Grown, *, play: bool) -> None:
        self._grown = grown
        if play:
            self.play.begin(len(grown.ends))
        else:
            self._point(self._pointed)

    def _point(self, frames: int | None) -> None:
        self._pointed = frames
        grown = self._grown
        if frames is None:
            self.play.point(None)
        elif grown is not None and grown.given is self.session.probe.given:
            self.play.point(min(int(np.searchsorted(grown.ends, frames)), len(grown.ends) - 1))
        elif self.translations:
            self._grow(play=False)

    def draw_moment(self) -> None:
        """Draw the answer at the moment that is shown, else at the end."""
        at, grown = self.play.at, self._grown
        answer: Translation | None = self.translations[0] if self.translations else None
        end = None
        if at is not None and grown is not None:
            at = min(at, len(grown.ends) - 1)
            answer, end = grown.answers[at], int(grown.ends[at])
        self.field.picture.show_end(end)
        self.show_verdict("" if answer is None else answer.text)
        self.alignment.setVisible(answer is not None and answer.attention is not None)
        frames = len(self.field.picture.values)
        self.alignment.show_attention(_attention(answer, frames), self.session.theme)


def _attention(answer: Translation | None, frames: int) -> FrameAttention:
    if answer is None or answer.attention is None:
        return FrameAttention()
    symbols = tuple(map(visible_symbol, (*answer.tokens, END)))[: min(MOST_SYMBOLS, len(answer.attention))]
    return FrameAttention(symbols, np.asarray(answer.attention)[: len(symbols)], frames)


def _transcribe(snapshot: engine.Snapshot, given: NetworkInput) -> Sequence[Translation]:
    model = snapshot.model()
    return model.transcribe(text_to_look_at(model, snapshot, given, None), beam_size=BEAM)


def _hear(snapshot: engine.Snapshot, given: NetworkInput) -> Grown:
    model = snapshot.model()
    source = text_to_look_at(model, snapshot, given, None)
    return Grown(given, *answers_so_far(source, partial(model.transcribe, beam_size=1)))
