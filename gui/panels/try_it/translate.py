"""Encoder–decoder: the best answers to what is typed, and what the decoder looked at."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import partial

import numpy as np

import engine
from gui.looking import LONGEST_ANSWERED
from gui.panels.try_it.view import ProbeText, TryView
from gui.session import Session
from gui.unrolled_view.painter import visible_symbol
from gui.widgets.chips import Chip, Chips
from gui.widgets.fields import Form
from gui.widgets.heat_map import EMPTY, Heat, HeatMap
from gui.widgets.results import Result, ResultList
from gui.widgets.slider import NumberSlider
from gui.widgets.text import text_label

BEAMS = (1.0, 2.0, 3.0, 4.0, 6.0, 8.0, 12.0, 16.0)
MOST_ATTENTION = 60  # symbols on either side that can still be read


@dataclass(frozen=True)
class Answers:
    """What the decoder says, best first; the attention of the best; which source symbols the network knows."""

    results: tuple[Result, ...]
    attention: Heat | None
    tokens: tuple[str, ...]
    known: tuple[bool, ...]
    left_out: int = 0  # symbols of a very long text that were not read


class TranslateView(TryView):
    """As one types: the answers of a beam search with their scores, and the attention of the first."""

    name = "translate"

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.text = ProbeText(session, "A text to translate", "The answers follow as you type")
        self.beam = NumberSlider("beam-size", "Beam", "How many beginnings are kept at each step; 1 is greedy.", BEAMS,
                                 minimum=1, maximum=64, whole=True, widest="64")
        self.beam.set_value(4)
        self.unknown = Chips(session.theme, "try-unknown", "Symbols that the network has not learned")
        self.unknown.setMaximumHeight(48)
        self.results = ResultList(session.theme, "try-results", "Answers")
        self.attention_title = text_label("Attention: answer (rows) × source (columns)", "small")
        self.attention = HeatMap(session.theme, "try-attention", "Attention of the answer to the source")
        self.attention.setMinimumHeight(130)
        self.attention.told = self._told
        form = Form()
        form.add("Beam", self.beam)
        self.column.addWidget(self.text)
        self.column.addLayout(form)
        self.column.addWidget(self.message)
        self.column.addWidget(self.unknown)
        self.column.addWidget(self.results, 1)
        self.column.addWidget(self.attention_title)
        self.column.addWidget(self.attention, 1)
        self._asked: tuple[str, float] | None = None
        self.beam.moved.connect(self.follow)

    def adapt(self) -> None:
        """The probe is the text; answers of the old network go."""
        self.text.show_probe()
        self.results.show_results((), self.session.theme)
        self._show_attention(None)

    def follow(self) -> None:
        """Answer anew."""
        self.text.show_probe()
        wanted = (self.session.probe, self.beam.value())
        ask = self.asker.follow if wanted == self._asked else self.asker.ask
        self._asked = wanted
        ask(partial(translate, text=wanted[0], beam_size=round(wanted[1])), self._show, self.refuse)

    def _show(self, answers: Answers) -> None:
        self.refuse(f"Only the first {LONGEST_ANSWERED} symbols are read." if answers.left_out else "")
        theme = self.session.theme
        self.results.show_results(answers.results, theme)
        strange = list(dict.fromkeys(t for t, known in zip(answers.tokens, answers.known, strict=True) if not known))
        self.unknown.setVisible(bool(strange))
        chips = [Chip(visible_symbol(symbol), unknown=True) for symbol in strange]
        self.unknown.show_chips([Chip("unknown to the network:"), *chips], theme)
        self._show_attention(answers.attention)

    def _show_attention(self, heat: Heat | None) -> None:
        self.attention.setVisible(heat is not None)
        self.attention_title.setVisible(heat is not None)
        self.attention.show_heat(heat or EMPTY, self.session.theme)

    def _told(self, row: int, column: int) -> str:
        heat = self.attention.heat
        return f"{heat.rows[row]} ← {heat.columns[column]}: {heat.values[row, column]:.3f}"


def translate(snapshot: engine.Snapshot, text: str, beam_size: int) -> Answers:
    """The answers to a text; runs in the background."""
    whole = snapshot.codec.tokenize(text)
    tokens = whole[:LONGEST_ANSWERED]
    if not tokens:
        return Answers((), None, (), ())
    found = snapshot.model().translate(list(tokens), beam_size=beam_size)
    known = tuple(bool(i) for i in snapshot.codec.encode(tokens) != 0)
    numbers = [f"{answer.log_probability:.2f}".replace("-", "−") for answer in found]
    results = tuple(Result(answer.text or "(nothing)", number=n, hint=_hint(answer))
                    for answer, n in zip(found, numbers, strict=True))
    attention = _attention(found[0], tokens) if found else None
    return Answers(results, attention, tokens, known, len(whole) - len(tokens))


def _hint(answer: engine.Translation) -> str:
    nats = answer.log_probability
    return f"{answer.text}\nlog-probability {nats:.2f} nats: probability {math.exp(nats):.3g}"


def _attention(answer: engine.Translation, tokens: tuple[str, ...]) -> Heat | None:
    if answer.attention is None or not len(answer.attention):
        return None
    weights = np.asarray(answer.attention, np.float32)[:MOST_ATTENTION, :MOST_ATTENTION]
    rows = [visible_symbol(t) for t in answer.tokens] + ["end"]
    columns = [visible_symbol(t) for t in tokens] + ["end"]
    return Heat(weights, tuple(columns[: weights.shape[1]]), tuple(rows[: weights.shape[0]]))
