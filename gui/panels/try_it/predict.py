"""One to one: what follows the last symbol, known from that symbol alone."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import engine
from gui.panels.try_it.view import ProbeText, TryView, top_bars, visible_name
from gui.session import Session
from gui.widgets.bars import Bar, Bars
from gui.widgets.text import text_label


@dataclass(frozen=True)
class Guess:
    """The symbol that was looked at, whether the network knows it, and what may follow."""

    symbol: str
    known: bool
    bars: tuple[Bar, ...]


class PredictView(TryView):
    """The text, of which only the last symbol counts, and bars of the next. A click on a bar writes it."""

    name = "predict"

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.text = ProbeText(session, "A text to go on with", "Only its last symbol counts: the network has no memory")
        self.asked = text_label("", "strong", wrap=True, name="try-verdict")
        self.unknown = text_label("", "warning", wrap=True)
        self.bars = Bars(session.theme, "try-results", "Probabilities of the next symbol", clickable=True)
        self.bars.chosen.connect(self._append)
        for widget in (self.text, self.message, self.asked, self.unknown, self.bars):
            self.column.addWidget(widget)
        self.column.addStretch(1)
        self._probe: str | None = None

    def adapt(self) -> None:
        """The probe is the text."""
        self.text.show_probe()

    def follow(self) -> None:
        """Answer anew."""
        self.text.show_probe()
        probe = self.session.probe
        ask = self.asker.follow if probe == self._probe else self.asker.ask
        self._probe = probe
        ask(partial(guess, text=probe), self._show, self.refuse)

    def _show(self, found: Guess) -> None:
        self.refuse("")
        shown = visible_name(found.symbol) if found.symbol else "the start"
        self.asked.setText(f"After “{shown}”, whatever came before it")
        self.unknown.setText("" if found.known else f"“{shown}” is unknown to the network.")
        self.unknown.setVisible(not found.known)
        self.bars.show_bars(found.bars, self.session.theme, full=max((bar.share for bar in found.bars), default=1.0))

    def _append(self, name: str) -> None:
        dataset = self.session.dataset
        if name == "end" or dataset is None:
            return
        symbol = next((s for s in (" ", "\n", "\t") if visible_name(s) == name), name)
        tokens = (*dataset.codec.tokenize(self.session.probe), symbol)
        self.session.set_probe(dataset.codec.join(tokens))


def guess(snapshot: engine.Snapshot, text: str) -> Guess:
    """What may follow the last symbol of a text; runs in the background."""
    tokens = snapshot.codec.tokenize(text)
    bars = top_bars(snapshot.model().predict(list(tokens)))
    known = not tokens or bool(snapshot.codec.encode(tokens[-1:])[0] != 0)
    return Guess(tokens[-1] if tokens else "", known, tuple(bars))
