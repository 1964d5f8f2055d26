"""One to one: what follows the last symbol, predicted from that symbol alone."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np

import engine
from engine.data.vocabulary import END, UNKNOWN
from engine.inspection.bigrams import Bigrams, Compared, compare_with_bigrams
from engine.number_text import percent, probability_text
from gui.panels.try_it.answer_files import Answers
from gui.panels.try_it.try_view import ProbeText, TryView, ranked_bars
from gui.plots.heat_map import EMPTY, Heat, HeatMap
from gui.session.questions import Question
from gui.session.session import Session
from gui.widgets.bars import Bar, Bars
from gui.widgets.symbols import visible_symbol
from gui.widgets.text import text_label

MOST_BARS = 6  # the table below has all


@dataclass(frozen=True)
class Guess:
    """The symbol that was looked at, whether the network knows it, and what may follow."""

    symbol: str
    known: bool
    bars: tuple[Bar, ...]
    probabilities: tuple[tuple[str, float], ...]


class PredictView(TryView):
    """The text, of which only the last symbol counts, and bars of the next symbol. A click on a bar types it."""

    name = "predict"

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.text = ProbeText(
            session, "A text to continue", "Only the last symbol counts, because the network has no memory"
        )
        self.asked = text_label("", "strong", wrap=True, name="try-verdict")
        self.unknown = text_label("", "warning", wrap=True)
        self.bars = Bars(session.theme, "try-results", "Probabilities of the next symbol", clickable=True)
        self.bars.chosen.connect(self._append)
        for widget in (self.text, self.message, self.asked, self.unknown, self.bars):
            self.column.addWidget(widget)
        self.network_title = text_label("The network: next symbol (columns) after each (rows)", "small", wrap=True)
        self.network = self._table("try-table-network", "Probabilities of the network")
        self.counted_title = text_label("Counts in the training data", "small", wrap=True)
        self.counted = self._table("try-table-counted", "Frequencies in the training data")
        for title, table in ((self.network_title, self.network), (self.counted_title, self.counted)):
            self.column.addWidget(title)
            self.column.addWidget(table, 1)
        self.difference = text_label("", "small", wrap=True, name="try-difference")
        self.column.addWidget(self.difference)
        self._tables = object()  # owner of a question of their own: nobody waits for the tables
        self._bigrams: Bigrams | None = None
        self._compared: Compared | None = None
        self._found: Guess | None = None

    def _table(self, name: str, title: str) -> HeatMap:
        table = HeatMap(self.session.theme, name, title)
        table.setMinimumHeight(150)
        table.tip_of = self._tip
        return table

    def adapt(self) -> None:
        """Show the probe as the text, count the data again if it has changed, and clear the old network's answer."""
        self.text.show_probe()
        self._found = None
        self.asked.setText("")
        self.unknown.hide()
        self.bars.show_bars((), self.session.theme)
        dataset = self.session.data.dataset
        if dataset is not None and (self._bigrams is None or self._bigrams.dataset is not dataset):
            self._bigrams = Bigrams(dataset)
        self._show_tables(None)

    def follow(self) -> None:
        """Ask for a new answer."""
        self.text.show_probe()
        probe = self.session.probe.text
        self.ask(partial(guess, text=probe), self._show, probe)
        if self._bigrams is not None:
            compared = partial(compare_with_bigrams, bigrams=self._bigrams)
            self.session.ask(Question(self._tables, compared, self._show_tables, self.refuse, about=None))

    def _show(self, found: Guess) -> None:
        self.refuse("")
        self._found = found
        shown = visible_symbol(found.symbol)
        self.asked.setText(f"After “{shown}”, whatever came before it" if shown else "At the start of a text")
        self.unknown.setText("" if found.known else f"“{shown}” is unknown to the network.")
        self.unknown.setVisible(not found.known)
        self.bars.show_bars(found.bars, self.session.theme, full=max((bar.share for bar in found.bars), default=1.0))

    def _show_tables(self, compared: Compared | None) -> None:
        self._compared = compared
        theme, dataset = self.session.theme, self.session.data.dataset
        if compared is None or dataset is None:
            for table in (self.network, self.counted):
                table.show_heat(EMPTY, theme)
            self.difference.setText("")
            return
        symbols = dataset.codec.source.symbols
        columns = tuple(visible_symbol(symbols[i]) for i in compared.counted.columns)
        rows = tuple(visible_symbol(symbol) if symbol else "start" for symbol in compared.counted.rows)
        for table, shares in ((self.network, compared.network), (self.counted, compared.counted.shares)):
            table.show_heat(Heat(np.sqrt(shares).astype(np.float32), columns, rows), theme)  # so that small ones show
        self.difference.setText(
            f"On average the two differ by {percent(compared.difference)} of the probability; "
            f"{percent(0)} is the best that can be reached without memory."
        )

    def _tip(self, row: int, column: int) -> str:
        compared = self._compared
        if compared is None:
            return ""
        heat = self.network.heat
        return (
            f"“{heat.columns[column]}” after “{heat.rows[row]}”\n"
            f"network {probability_text(compared.network[row, column])}\n"
            f"counted {compared.counted.shares[row, column]:.3f}"
        )

    def draw(self) -> None:
        """Show the answer and the tables again."""
        if self._found is not None:
            self._show(self._found)
        self._show_tables(self._compared)

    def answers(self) -> Answers | None:
        """What may follow, with its probability."""
        found = self._found
        if found is None:
            return None
        rows = tuple((found.symbol, name, round(p, 6)) for name, p in found.probabilities)
        texts = tuple(f"{visible_symbol(name)}\t{p:.4f}" for name, p in found.probabilities)
        return Answers(texts, ("after", "next", "probability"), rows)

    def _append(self, name: str) -> None:
        dataset, found = self.session.data.dataset, self._found
        if dataset is None or found is None:
            return
        symbol = next((symbol for symbol, _ in found.probabilities if visible_symbol(symbol) == name), name)
        if symbol in (END, UNKNOWN):  # neither can be written
            return
        tokens = (*dataset.codec.tokenize(self.session.probe.text), symbol)
        self.session.probe.set(dataset.codec.join(tokens))


def guess(snapshot: engine.Snapshot, text: str) -> Guess:
    """What may follow the last symbol of a text; runs in the background."""
    tokens = snapshot.codec.tokenize(text)
    probabilities = snapshot.model().predict(list(tokens[-1:]))
    known = not tokens or bool(snapshot.codec.encode(tokens[-1:])[0] != 0)
    return Guess(
        tokens[-1] if tokens else "", known, tuple(ranked_bars(probabilities)[:MOST_BARS]), tuple(probabilities.items())
    )
