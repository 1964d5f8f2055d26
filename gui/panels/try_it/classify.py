"""Many to one: the label of what is typed, and which of its words speak for it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import partial

import engine
from gui.panels.try_it.view import ProbeText, TryView, top_bars
from gui.session import Session
from gui.theme import Theme
from gui.unrolled_view.painter import visible_symbol
from gui.widgets.bars import Bar, Bars
from gui.widgets.chips import Chip, Chips
from gui.widgets.text import text_label

MOST_LEFT_OUT = 80  # symbols of a text that are left out, and read up to, one by one
PLAIN = 0.15  # a change of log-odds (nats) below this is not coloured
LEAST_SCALE = 1.0  # nats: a text without a strong word stays pale
CERTAIN = 1e-7  # probabilities are kept this far from 0 and 1, so that their log-odds are finite


@dataclass(frozen=True)
class Verdict:
    """The answer: labels with probabilities; per symbol what it adds to the log-odds of the first label, the first
    label's probability without it, and its probability if the text ended there (all NaN where not asked)."""

    label: str
    probability: float
    bars: tuple[Bar, ...]
    tokens: tuple[str, ...]
    known: tuple[bool, ...]
    effects: tuple[float, ...]
    without: tuple[float, ...]
    up_to: tuple[float, ...]


class ClassifyView(TryView):
    """As one types: the most probable label, bars of all, and the text with each symbol's share in the answer."""

    name = "classify"

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.text = ProbeText(session, "A text to classify", "The answer follows as you type")
        self.verdict = text_label("", "title", name="try-verdict")
        self.bars = Bars(session.theme, "try-results", "Probability of each label")
        self.explained = text_label("", "small", wrap=True)
        self.chips = Chips(session.theme, "try-effects", "What each symbol adds")
        self.column.addWidget(self.text)
        self.column.addWidget(self.message)
        self.column.addWidget(self.verdict)
        self.column.addWidget(self.bars)
        self.column.addWidget(self.explained)
        self.column.addWidget(self.chips, 1)
        self._asked: str | None = None

    def adapt(self) -> None:
        """The probe is the text."""
        self.text.show_probe()

    def follow(self) -> None:
        """Answer anew."""
        self.text.show_probe()
        probe = self.session.probe
        ask = self.asker.follow if probe == self._asked else self.asker.ask
        self._asked = probe
        ask(partial(judge, text=probe), self._show, self.refuse)

    def _show(self, verdict: Verdict | None) -> None:
        self.refuse("")
        theme = self.session.theme
        if verdict is None:
            self.verdict.setText("")
            self.bars.show_bars((), theme)
            self.explained.setText("Type something to see what the network makes of it.")
            self.chips.show_chips((), theme)
            return
        self.verdict.setText(f"{verdict.label}  {verdict.probability:.2f}")
        self.bars.show_bars(verdict.bars, theme)
        asked = any(math.isfinite(effect) for effect in verdict.effects)
        self.explained.setText(
            f"Blue speaks for “{verdict.label}”, orange against: the change when it is left out. "
            f"Numbers: “{verdict.label}” if the text ended there." if asked else "")
        self.chips.show_chips(effect_chips(verdict, theme), theme)


def effect_chips(verdict: Verdict, theme: Theme) -> list[Chip]:
    """Each symbol with its effect as a colour; symbols that the network has not learned are marked."""
    strongest = max((abs(e) for e in verdict.effects if math.isfinite(e)), default=0.0)
    chips = []
    for i, token in enumerate(verdict.tokens):
        effect, up_to = verdict.effects[i], verdict.up_to[i]
        colored = math.isfinite(effect) and abs(effect) >= PLAIN
        color = "" if not colored else theme.positive if effect > 0 else theme.negative
        lines = [] if verdict.known[i] else ["unknown to the network"]
        if math.isfinite(effect):
            lines += [f"without it “{verdict.label}” has {verdict.without[i]:.3f}", f"up to here {up_to:.3f}"]
        chips.append(Chip(visible_symbol(token), f"{up_to:.2f}" if math.isfinite(up_to) else "", color,
                          abs(effect) / max(strongest, LEAST_SCALE) if colored else 0.0, "\n".join(lines),
                          not verdict.known[i]))
    return chips


def judge(snapshot: engine.Snapshot, text: str) -> Verdict | None:
    """The label of a text and the effect of each symbol, by leaving it out; runs in the background."""
    tokens = snapshot.codec.tokenize(text)
    if not tokens:
        return None
    model = snapshot.model()
    say = model.predict if snapshot.config.architecture == "one-to-one" else model.classify
    labels = say(tokens)
    label = max(labels, key=lambda name: labels[name])
    without = up_to = effects = (math.nan,) * len(tokens)
    if 1 < len(tokens) <= MOST_LEFT_OUT:
        places = range(len(tokens))
        without = tuple(say(tokens[:i] + tokens[i + 1 :])[label] for i in places)
        up_to = tuple(say(tokens[: i + 1])[label] for i in places)
        effects = tuple(_log_odds(labels[label]) - _log_odds(probability) for probability in without)
    known = tuple(bool(i) for i in snapshot.codec.encode(tokens) != 0)
    return Verdict(label, labels[label], tuple(top_bars(labels)), tokens, known, effects, without, up_to)


def _log_odds(probability: float) -> float:
    """ln(p / (1 − p)): it does not saturate where a network is sure, as probabilities do."""
    kept = min(max(probability, CERTAIN), 1.0 - CERTAIN)
    return math.log(kept / (1.0 - kept))
