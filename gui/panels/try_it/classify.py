"""Many to one: the label of the typed text, and what each word contributes to it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import partial

import engine
from engine.inspection.contributions import contributions
from engine.inspection.text_search import LONGEST_LOOK
from engine.number_text import probability_text, with_minus
from gui.panels.try_it.answer_files import Answers
from gui.panels.try_it.file_answers import AnswerCells, AnswerValues, FileVerb, score_classes
from gui.panels.try_it.file_row import FileRow
from gui.panels.try_it.hardest import LABELS, HardestTexts
from gui.panels.try_it.try_view import MOST_BARS, ProbeText, TryView, ranked_bars
from gui.session.session import Session
from gui.theme import Theme
from gui.widgets.bars import Bars
from gui.widgets.chips import Chip, Chips
from gui.widgets.scrolled_bars import ScrolledBars
from gui.widgets.segments import Segments
from gui.widgets.symbols import visible_symbol
from gui.widgets.text import text_label

MOST_LEFT_OUT = 80  # symbols of a text that are left out, and read up to, one by one
PLAIN = 0.15  # a change of log-odds (nats) below this is not coloured
LEAST_SCALE = 1.0  # nats: a text without a strong word stays pale
CERTAIN = 1e-7  # probabilities are kept this far from 0 and 1, so that their log-odds are finite
MEASURES = {"left-out": "Left out", "gradient": "Gradient × input"}


@dataclass(frozen=True)
class Verdict:
    """The answer to a text: labels with probabilities; for each of T symbols (T,), what it adds to the first label, in
    nats of its log-odds, measured by leaving it out and by gradient × input; and the first label's probability without
    the symbol, and if the text ended there. NaN where it was not computed."""

    text: str
    label: str
    probabilities: tuple[tuple[str, float], ...]
    tokens: tuple[str, ...]
    known: tuple[bool, ...]
    left_out: tuple[float, ...]
    gradient: tuple[float, ...]
    without: tuple[float, ...]
    up_to: tuple[float, ...]
    cut: int = 0  # symbols of a very long text that were not read

    def effects(self, measure: str) -> tuple[float, ...]:
        """What each symbol adds, by one of MEASURES."""
        return self.gradient if measure == "gradient" else self.left_out


class ClassifyView(TryView):
    """As one types: the most probable label, bars of all labels, and the text with what each symbol contributes."""

    name = "classify"

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.text = ProbeText(session, "A text to classify", "The answer follows as you type")
        self.verdict = text_label("", "title", name="try-verdict")
        self.bars = Bars(session.theme, "try-results", "Probability of each label")
        self._labels = ScrolledBars(self.bars, MOST_BARS)
        self.measure = Segments("try-measure", MEASURES, "Measure of each symbol’s contribution")
        self.measure.set_value("left-out")
        self.explained = text_label("", "small", wrap=True)
        self.chips = Chips(session.theme, "try-effects", "What each symbol contributes")
        self.file = FileRow(session, "classify-file", "Classify a file…", CLASSIFY)
        # The input comes first, so that the answer below it can grow without moving anything.
        for widget in (self.text, self.file, self.message, self.verdict, self._labels, self.measure, self.explained):
            self.column.addWidget(widget)
        self.hardest = HardestTexts(session, LABELS)
        self.hardest.put_below(self.chips, self.column)
        self._found: Verdict | None = None
        self.measure.changed.connect(self._explain)

    def adapt(self) -> None:
        """Show the probe as the text, and clear the answer of the old network."""
        self.text.show_probe()
        self.file.abandon()
        self.hardest.clear()
        self._show(None)

    def follow(self) -> None:
        """Ask for a new answer."""
        self.text.show_probe()
        self.file.follow()
        text = self.session.probe.text
        if self._found is None:
            self._explain()
        self.ask(partial(judge, text=text), self._show, text)
        self.hardest.follow()

    def _show(self, verdict: Verdict | None) -> None:
        self._found = verdict
        theme = self.session.theme
        for widget in (self.verdict, self._labels):
            widget.setVisible(verdict is not None or bool(self.text.text().strip()))
        if verdict is None:
            self.refuse("")
            self.verdict.setText("")
            self._labels.show_bars((), theme)
        else:
            self.remark_on(verdict.tokens, verdict.cut)
            self.verdict.setText(f"{verdict.label} · {verdict.probabilities[0][1]:.2f}")
            self._labels.show_bars(ranked_bars(dict(verdict.probabilities)), theme)
        self._explain()

    def _explain(self) -> None:
        """Show the symbols, coloured by the chosen measure where it could be computed."""
        verdict, theme = self._found, self.session.theme
        if verdict is None:
            self.measure.hide()
            self.explained.setText(self.without_answer())
            self.chips.show_chips((), theme)
            return
        both = all(any(map(math.isfinite, verdict.effects(measure))) for measure in MEASURES)
        measure = (
            self.measure.value()
            if both
            else next((m for m in MEASURES if any(map(math.isfinite, verdict.effects(m)))), "")
        )
        self.measure.setVisible(both)
        self.explained.setText(_explanation(verdict, measure, self.session.data.symbol_name))
        self.chips.show_chips(effect_chips(verdict, measure, theme), theme)

    def draw(self) -> None:
        """Show the answer and the texts again."""
        self._show(self._found)
        self.hardest.draw()

    def answers(self) -> Answers | None:
        """The labels with their probabilities."""
        found = self._found
        if found is None:
            return None
        rows = tuple((found.text, label, round(p, 6)) for label, p in found.probabilities)
        texts = tuple(f"{label} {p:.4f}" for label, p in found.probabilities)
        return Answers(texts, ("text", "label", "probability"), rows)


def _explanation(verdict: Verdict, measure: str, unit: str) -> str:
    if not measure:
        return "" if all(verdict.known) else "A dotted edge: unknown to the network."
    how = (
        f"how its probability responds when the {unit}’s input grows"
        if measure == "gradient"
        else "the change when it is left out"
    )
    explanation = f"Blue counts for “{verdict.label}”, orange against it: {how}."
    if not all(verdict.known):
        explanation = f"A dotted edge: unknown to the network. {explanation}"
    if any(map(math.isfinite, verdict.up_to)):
        return f"{explanation} Numbers: probability of “{verdict.label}” if the text ended there."
    if len(verdict.tokens) > MOST_LEFT_OUT:
        return f"{explanation} {unit.capitalize()}s are left out one by one only in texts of up to {MOST_LEFT_OUT}."
    return explanation


def effect_chips(verdict: Verdict, measure: str, theme: Theme) -> list[Chip]:
    """Each symbol with its effect as a colour; symbols that the network has not learned are marked."""
    effects = verdict.effects(measure)
    strongest = max((abs(e) for e in effects if math.isfinite(e)), default=0.0)
    chips = []
    for i, token in enumerate(verdict.tokens):
        effect, up_to = effects[i], verdict.up_to[i]
        colored = math.isfinite(effect) and abs(effect) >= PLAIN
        color = "" if not colored else theme.positive if effect > 0 else theme.negative
        lines = [] if verdict.known[i] else ["unknown to the network"]
        if math.isfinite(effect):
            lines.append(f"{MEASURES[measure].lower()}: {with_minus(f'{effect:+.2f}')} in log-odds")
        if math.isfinite(up_to):
            lines += [
                f"without it “{verdict.label}” has {probability_text(verdict.without[i])}",
                f"up to here {probability_text(up_to)}",
            ]
        chips.append(
            Chip(
                visible_symbol(token),
                f"{up_to:.2f}" if math.isfinite(up_to) else "",
                color,
                abs(effect) / max(strongest, LEAST_SCALE) if colored else 0.0,
                "\n".join(lines),
                not verdict.known[i],
            )
        )
    return chips


def judge(snapshot: engine.Snapshot, text: str) -> Verdict | None:
    """The label of a text and the effect of each symbol; runs in the background."""
    whole = snapshot.codec.tokenize(text)
    tokens = whole[:LONGEST_LOOK]
    if not tokens:
        return None
    model = snapshot.model()
    labels = model.classify(tokens)
    label, probability = next(iter(labels.items()))
    known = tuple(bool(i) for i in snapshot.codec.encode(tokens) != 0)
    short = 1 < len(tokens) <= MOST_LEFT_OUT
    nothing = (math.nan,) * len(tokens)
    left_out = gradient = without = up_to = nothing
    if short or model.networks():
        found = contributions(model, tokens, label, one_by_one=short)
        doubt = max(CERTAIN, 1.0 - probability)  # d log-odds = d log-probability / (1 − p): it does not saturate
        gradient = tuple((found.gradient_input / doubt).tolist()) if model.networks() else nothing
        without = tuple(probability * math.exp(-change) for change in found.left_out.tolist())
        up_to = tuple(found.so_far[:, found.labels.index(label)].tolist())
        left_out = tuple(_log_odds(probability) - _log_odds(p) for p in without)
    cut = len(whole) - len(tokens)
    return Verdict(text, label, tuple(labels.items()), tokens, known, left_out, gradient, without, up_to, cut)


def _log_odds(probability: float) -> float:
    """ln(p / (1 − p)): unlike a probability, it does not saturate where a network is sure. NaN stays NaN."""
    if math.isnan(probability):
        return math.nan
    kept = min(max(probability, CERTAIN), 1.0 - CERTAIN)
    return math.log(kept / (1.0 - kept))


def _columns(model: engine.Model) -> tuple[str, ...]:
    target = model.codec.target
    labels = sorted(target.symbols) if target is not None else []
    return "predicted label", "probability", *(f"p({label})" for label in labels)


def _answer(model: engine.Model, tokens: tuple[str, ...]) -> tuple[AnswerCells, AnswerValues]:
    """The label, its probability, and that of each label."""
    labels = model.classify(tokens)
    best, probability = next(iter(labels.items()))
    return (best, probability, *(labels[name] for name in sorted(labels))), (best,)


CLASSIFY = FileVerb(_columns, _answer, score_classes)
